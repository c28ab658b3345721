/* Plain C, classical Runge-Kutta, as one would write it by hand: the yardstick of benches/core.rs.
 * Usage: rk4 MODEL STEPS DT I   ->  prints ns per step and the final state.
 * MODEL: hodgkin_huxley, persistent_sodium_potassium or izhikevich. Constants are those of the models' defaults. */
#define _POSIX_C_SOURCE 199309L
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct { double c, g_na, e_na, g_k, e_k, g_l, e_l; } hh_params;

static void hh(const double *x, const hh_params *p, double i, double *dx) {
    double v = x[0], m = x[1], h = x[2], n = x[3];
    double a = v + 40.0, b = v + 55.0;
    double am = fabs(a) < 1e-7 ? 1.0 : 0.1 * a / (1.0 - exp(-a / 10.0)), bm = 4.0 * exp(-(v + 65.0) / 18.0);
    double ah = 0.07 * exp(-(v + 65.0) / 20.0), bh = 1.0 / (1.0 + exp(-(v + 35.0) / 10.0));
    double an = fabs(b) < 1e-7 ? 0.1 : 0.01 * b / (1.0 - exp(-b / 10.0)), bn = 0.125 * exp(-(v + 65.0) / 80.0);
    dx[0] = (i - p->g_na * m * m * m * h * (v - p->e_na) - p->g_k * n * n * n * n * (v - p->e_k) - p->g_l * (v - p->e_l)) / p->c;
    dx[1] = am * (1.0 - m) - bm * m;
    dx[2] = ah * (1.0 - h) - bh * h;
    dx[3] = an * (1.0 - n) - bn * n;
}

typedef struct { double c, g_l, e_l, g_na, e_na, g_k, e_k, m_half, m_slope, n_half, n_slope, tau_n; } nak_params;

static void nak(const double *x, const nak_params *p, double i, double *dx) {
    double v = x[0], n = x[1];
    double m = 1.0 / (1.0 + exp((p->m_half - v) / p->m_slope)), ninf = 1.0 / (1.0 + exp((p->n_half - v) / p->n_slope));
    dx[0] = (i - p->g_l * (v - p->e_l) - p->g_na * m * (v - p->e_na) - p->g_k * n * (v - p->e_k)) / p->c;
    dx[1] = (ninf - n) / p->tau_n;
}

typedef struct { double a, b, c, d, peak; } izh_params;

static void izh(const double *x, const izh_params *p, double i, double *dx) {
    dx[0] = 0.04 * x[0] * x[0] + 5.0 * x[0] + 140.0 - x[1] + i;
    dx[1] = p->a * (p->b * x[0] - x[1]);
}

#define RK4(NAME, DIM, RHS, PARAMS)                                                                   \
    static void NAME(double *x, const PARAMS *p, double i, double h) {                                \
        double k1[DIM], k2[DIM], k3[DIM], k4[DIM], y[DIM];                                            \
        RHS(x, p, i, k1);                                                                             \
        for (int j = 0; j < DIM; j++) y[j] = x[j] + 0.5 * h * k1[j];                                  \
        RHS(y, p, i, k2);                                                                             \
        for (int j = 0; j < DIM; j++) y[j] = x[j] + 0.5 * h * k2[j];                                  \
        RHS(y, p, i, k3);                                                                             \
        for (int j = 0; j < DIM; j++) y[j] = x[j] + h * k3[j];                                        \
        RHS(y, p, i, k4);                                                                             \
        for (int j = 0; j < DIM; j++) x[j] += h / 6.0 * (k1[j] + 2.0 * k2[j] + 2.0 * k3[j] + k4[j]); \
    }

RK4(hh_step, 4, hh, hh_params)
RK4(nak_step, 2, nak, nak_params)
RK4(izh_step, 2, izh, izh_params)

int main(int argc, char **argv) {
    if (argc < 5) return 2;
    long steps = atol(argv[2]), spikes = 0;
    double h = atof(argv[3]), i = atof(argv[4]), level = 0.0;
    /* Read at run time, as a program with adjustable parameters must. */
    volatile double one = 1.0;
    hh_params hp = {one, 120.0 * one, 50.0 * one, 36.0 * one, -77.0 * one, 0.3 * one, -54.387 * one};
    nak_params np = {one, 8 * one, -80 * one, 20 * one, 60 * one, 10 * one, -90 * one, -20 * one, 15 * one, -25 * one, 5 * one, one};
    izh_params ip = {0.02 * one, 0.2 * one, -65 * one, 8 * one, 30 * one};
    double x[4] = {-65.0, 0.052932, 0.596121, 0.317677};
    if (!strcmp(argv[1], "persistent_sodium_potassium")) { level = -20.0; x[1] = 0.0; }
    if (!strcmp(argv[1], "izhikevich")) x[1] = -13.0;
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    if (!strcmp(argv[1], "izhikevich")) {
        for (long k = 0; k < steps; k++) {
            izh_step(x, &ip, i, h);
            if (x[0] >= ip.peak) { x[0] = ip.c; x[1] += ip.d; spikes++; }
        }
    } else if (!strcmp(argv[1], "hodgkin_huxley")) {
        for (long k = 0; k < steps; k++) { double v = x[0]; hh_step(x, &hp, i, h); spikes += v < level && x[0] >= level; }
    } else {
        for (long k = 0; k < steps; k++) { double v = x[0]; nak_step(x, &np, i, h); spikes += v < level && x[0] >= level; }
    }
    clock_gettime(CLOCK_MONOTONIC, &to);
    double ns = ((double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec)) / (double)steps;
    printf("%.6f %ld %.17g\n", ns, spikes, x[0]);
    return 0;
}
