//! Answers known from paper: trajectories, rates, equilibria and bifurcations with formulas of their own.

#![expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small counts, and tables of cases")]
mod common;

use common::{Case, find, steady, step, with};
use neuron_playground::analysis::{Type, eigenvalues, equilibria, jacobian};
use neuron_playground::model::Dynamics;
use neuron_playground::scalar::{D1, D3};
use neuron_playground::sim::Trace;
use neuron_playground::stimulus::{Item, Synapse};

fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "found {found}, expected {expected} ± {tolerance}");
}

fn bisect(mut f: impl FnMut(f64) -> f64, mut a: f64, mut b: f64) -> f64 {
    let left = f(a) > 0.0;
    assert_ne!(left, f(b) > 0.0, "no sign change between {a} and {b}");
    for _ in 0..200 {
        let middle = 0.5 * (a + b);
        if (f(middle) > 0.0) == left {
            a = middle;
        } else {
            b = middle;
        }
    }
    0.5 * (a + b)
}

fn slopes(neuron: &dyn Dynamics, x: &[f64], p: &[f64], i: f64) -> Vec<f64> {
    let mut dx = vec![0.0; x.len()];
    neuron.rhs(x, p, i, &mut dx);
    dx
}

// --- The leaky integrate-and-fire family -------------------------------------------------------------

#[test]
fn a_leaky_integrator_relaxes_exponentially() {
    // V(t) = V∞ + (V₀ − V∞) e^(−t/τ) with V∞ = E_L + R I.
    let case = Case::new("lif", &[], 1.5);
    let mut trace = Trace::new(1, 10_000);
    let mut simulation = case.simulation(0.05);
    simulation.run_until(60.0, Some(&mut trace));
    assert!(trace.spikes().is_empty());
    let infinity = -70.0 + 10.0 * 1.5;
    for k in 0..trace.len() {
        let exact = infinity + (-70.0 - infinity) * (-trace.time(k) / 8.0).exp();
        near(trace.value(k, 1), exact, 2e-9);
    }
}

#[test]
fn the_leaky_integrators_period_is_the_logarithm_of_the_textbooks() {
    // T = t_ref + τ ln((V∞ − V_reset)/(V∞ − V_th)); silent up to (V_th − E_L)/R = 2 nA.
    for i in [2.001, 2.05, 2.5, 4.0, 20.0] {
        let times = Case::new("lif", &[], i).run(0.05, 400.0).times;
        let infinity = -70.0 + 10.0 * i;
        let period = 2.0 + 8.0 * ((infinity + 65.0) / (infinity + 50.0)).ln();
        let first = 8.0 * (20.0 / (infinity + 50.0) + 1.0).ln();
        near(times[0], first, 1e-6);
        for pair in times.windows(2) {
            near(pair[1] - pair[0], period, 1e-6);
        }
    }
    assert!(Case::new("lif", &[], 2.0).run(0.05, 400.0).times.is_empty());
}

#[test]
fn the_normalised_neuron_of_the_course_has_the_published_rates() {
    // tau_m 20 ms, refractory 2 ms, threshold 1, reset and rest 0.
    let unit = [("tau_m", 20.0), ("R", 1.0), ("E_L", 0.0), ("V_th", 1.0), ("V_reset", 0.0), ("t_ref", 2.0)];
    for (v_in, rate) in [(1.01, 10.6), (1.1, 20.0), (1.5, 41.7), (2.0, 63.0), (3.0, 98.9), (5.0, 154.7)] {
        let times = Case::new("lif", &unit, v_in).start(&[0.0]).run(0.05, 1000.0).times;
        near(1000.0 / (times[2] - times[1]), rate, 0.051);
    }
    assert!(Case::new("lif", &unit, 1.0).start(&[0.0]).run(0.05, 1000.0).times.is_empty());
}

#[test]
fn an_adaptive_threshold_follows_its_recursion_from_input_to_input() {
    // Between inputs 2 ms apart V and theta decay exponentially; each input adds 0.3.
    let (mut v, mut theta, mut expected) = (0.0, 1.0, Vec::new());
    for k in 1..70 {
        v = v * (-2.0_f64 / 15.0).exp() + 0.3;
        theta = 1.0 + (theta - 1.0) * (-2.0_f64 / 50.0).exp();
        if v >= theta {
            expected.push(2.0 * f64::from(k));
            v = 0.0;
            theta += 0.4;
        }
    }
    assert_eq!(expected[..8], [10.0, 22.0, 38.0, 56.0, 76.0, 96.0, 116.0, 138.0]);
    let times = (1..70).map(|k| 2.0 * f64::from(k)).collect();
    let inputs = Item::Spikes { times: Some(times), rate_hz: None, seed: None, weight: 0.3, synapse: Synapse::Delta {} };
    let plain = [("delta_theta", 0.0)];
    let run = |changes: &[(&str, f64)]| Case::new("adaptive_lif", changes, 0.0).stimulus(vec![inputs.clone()]).run(0.05, 139.0).times;
    assert_eq!(run(&[]), expected);
    assert_eq!(run(&plain)[..4], [10.0, 20.0, 30.0, 40.0]);
}

#[test]
fn a_perfect_integrator_fires_whenever_its_charge_is_full() {
    // Intervals C (V_th − V_reset)/I + t_ref.
    let changes = [("C", 0.7), ("V_th", 2.0), ("V_reset", -0.5), ("t_ref", 1.3)];
    let times = Case::new("integrate_and_fire", &changes, 0.31).run(0.05, 100.0).times;
    let (first, period): (f64, f64) = (0.7 * 2.0 / 0.31, 0.7 * 2.5 / 0.31 + 1.3);
    assert_eq!(times.len(), ((100.0 - first) / period).floor() as usize + 1);
    for (k, t) in times.iter().enumerate() {
        near(*t, first + period * k as f64, 1e-9);
    }
}

// --- Izhikevich's simple model -----------------------------------------------------------------------

#[test]
fn the_simple_models_equilibria_solve_its_quadratic() {
    let neuron = find("izhikevich");
    for (b, i) in [(0.2, 0.0), (0.2, 3.9), (0.25, 0.5), (0.26, -10.0), (-0.1, -60.0)] {
        let p = with(neuron, &[("b", b)]);
        let root = ((5.0 - b) * (5.0 - b) - 0.16 * (140.0 + i)).sqrt();
        let found = equilibria(neuron, &p, i).points;
        assert_eq!(found.len(), 2);
        for (point, v) in found.iter().zip([(b - 5.0 - root) / 0.08, (b - 5.0 + root) / 0.08]) {
            near(point.state[0], v, 1e-10);
            near(point.state[1], b * v, 1e-10);
        }
        assert_eq!(found[1].kind, Type::Saddle);
    }
}

#[test]
fn the_simple_models_node_and_saddle_merge_at_the_published_current() {
    let neuron = find("izhikevich");
    for (a, b, published) in [(0.02, 0.2, 4.0), (0.1, 0.2, 4.0), (0.02, 0.25, 1.015_625), (0.1, 0.26, 0.4225)] {
        let p = with(neuron, &[("a", a), ("b", b)]);
        let fold = (5.0 - b) * (5.0 - b) / 0.16 - 140.0;
        near(fold, published, 1e-12);
        assert_eq!(equilibria(neuron, &p, fold - 1e-9).points.len(), 2);
        assert_eq!(equilibria(neuron, &p, fold + 1e-9).points.len(), 0);
    }
}

#[test]
fn the_simple_models_rest_loses_stability_where_its_trace_vanishes() {
    // Hopf at v = (a − 5)/0.08: RS 3.7975, FS 3.9375, LTS 0.685, RZ 0.2625.
    let neuron = find("izhikevich");
    for (a, b, published) in [(0.02, 0.2, 3.7975), (0.1, 0.2, 3.9375), (0.02, 0.25, 0.685), (0.1, 0.26, 0.2625)] {
        let p = with(neuron, &[("a", a), ("b", b)]);
        let v = (a - 5.0) / 0.08;
        let i = b * v - 0.04 * v * v - 5.0 * v - 140.0;
        near(i, published, 1e-10);
        let rest = equilibria(neuron, &p, i).points.swap_remove(0);
        near(rest.state[0], v, 1e-9);
        near(rest.eigenvalues[0].re, 0.0, 1e-10);
        near(rest.eigenvalues[0].im, (a * (b - a)).sqrt(), 1e-9);
    }
}

#[test]
fn a_spike_adds_d_to_the_recovery_variable_and_does_not_set_it() {
    let spikes = Case::new("izhikevich", &[], 14.0).run(0.02, 200.0);
    assert!(spikes.times.len() > 3);
    for (before, after) in spikes.before.iter().zip(&spikes.after) {
        assert_eq!(after[0], -65.0);
        near(after[1] - before[1], 8.0, 1e-12);
    }
}

// --- Persistent sodium -------------------------------------------------------------------------------

#[test]
fn persistent_sodium_loses_its_rest_at_the_books_current() {
    // I∞(V) = g_L (V − E_L) + g_Na m∞(V) (V − E_Na); the fold is its local maximum.
    let m = |v: f64| 1.0 / (1.0 + ((1.5 - v) / 16.0).exp());
    let total = |v: f64| 19.0 * (v + 67.0) + 74.0 * m(v) * (v - 60.0);
    let slope = |v: f64| 19.0 + 74.0 * (m(v) + m(v) * (1.0 - m(v)) / 16.0 * (v - 60.0));
    let v = bisect(slope, -60.0, -40.0);
    let fold = total(v);
    near(fold, 15.7759, 5e-5);
    near(v, -46.2, 0.05);
    let neuron = find("persistent_sodium");
    let p = neuron.defaults();
    let kinds = |i: f64| equilibria(neuron, &p, i).points.iter().map(|e| e.kind.id()).collect::<Vec<_>>();
    assert_eq!(kinds(fold - 1e-6), ["stable node", "unstable node", "stable node"]);
    assert_eq!(kinds(fold + 1e-6), ["stable node"]);
    let rests: Vec<f64> = equilibria(neuron, &p, 0.0).points.iter().map(|e| e.state[0]).collect();
    for (found, published) in rests.iter().zip([-52.5, -40.3, 30.9]) {
        near(*found, published, 0.1);
        near(total(*found), 0.0, 1e-9);
    }
}

#[test]
fn persistent_sodium_and_potassium_lose_their_rest_at_the_books_current() {
    let neuron = find("persistent_sodium_potassium");
    let p = neuron.defaults();
    assert_eq!(equilibria(neuron, &p, 4.51).points.len(), 3);
    assert_eq!(equilibria(neuron, &p, 4.52).points.len(), 1);
    let (mut low, mut high) = (4.51, 4.52);
    for _ in 0..40 {
        let middle = 0.5 * (low + high);
        if equilibria(neuron, &p, middle).points.len() == 3 { low = middle } else { high = middle }
    }
    near(low, 4.5129, 5e-5);
}

// --- Hodgkin and Huxley ------------------------------------------------------------------------------

/// The six rates as the paper prints them, for rest at −65 mV: (α, β) of m, h, n.
fn printed_rates(v: f64) -> [(f64, f64); 3] {
    let u = v + 65.0;
    [
        (0.1 * (25.0 - u) / (((25.0 - u) / 10.0).exp() - 1.0), 4.0 * (-u / 18.0).exp()),
        (0.07 * (-u / 20.0).exp(), 1.0 / (((30.0 - u) / 10.0).exp() + 1.0)),
        (0.01 * (10.0 - u) / (((10.0 - u) / 10.0).exp() - 1.0), 0.125 * (-u / 80.0).exp()),
    ]
}

#[test]
fn the_squid_axons_equations_are_those_of_the_paper() {
    let neuron = find("hodgkin_huxley");
    let p = neuron.defaults();
    for v in [-120.0, -80.5, -65.0, -54.9, -41.0, -12.3, 0.0, 33.3, 90.0] {
        for gates in [[0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [0.3, 0.7, 0.45]] {
            let [m, h, n] = gates;
            let dx = slopes(neuron, &[v, m, h, n], &p, 2.5);
            let current = 120.0 * m.powi(3) * h * (v - 50.0) + 36.0 * n.powi(4) * (v + 77.0) + 0.3 * (v + 54.387);
            near(dx[0], 2.5 - current, 1e-10 * (1.0 + current.abs()));
            for ((gate, (open, close)), found) in gates.iter().zip(printed_rates(v)).zip(&dx[1..]) {
                near(*found, open * (1.0 - gate) - close * gate, 1e-12 * (1.0 + open + close));
            }
        }
    }
}

#[test]
fn inactivation_closes_by_the_papers_rate_and_not_by_the_misprint() {
    // Misprinted in course texts as −V/(e^((30−V)/10) + 1), with V counted from rest.
    let neuron = find("hodgkin_huxley");
    let p = with(neuron, &[("V_shift", 65.0)]);
    for v in [-20.0, 10.0, 30.0, 60.0, 100.0] {
        let closing = -slopes(neuron, &[v, 0.0, 1.0, 0.0], &p, 0.0)[2];
        near(closing, 1.0 / (((30.0_f64 - v) / 10.0).exp() + 1.0), 1e-14);
    }
}

#[test]
fn potassium_current_grows_with_the_fourth_power_of_its_gate() {
    let neuron = find("hodgkin_huxley");
    let p = with(neuron, &[("g_Na", 0.0), ("g_L", 0.0)]);
    let current = |n: f64| -slopes(neuron, &[-40.0, 0.0, 0.0, n], &p, 0.0)[0];
    near(current(0.8) / current(0.4), 16.0, 1e-12);
    near(current(1.0), 36.0 * 37.0, 1e-10);
}

#[test]
fn rates_keep_value_slope_and_curvature_where_their_formula_reads_zero_over_zero() {
    // z/(1 − e^(−z)) = 1 + z/2 + z²/12 + …, with z = (V + 40)/10 for m and (V + 55)/10 for n.
    let neuron = find("hodgkin_huxley");
    let p: Vec<f64> = neuron.defaults();
    let p1: Vec<D1> = p.iter().map(|p| D1::from(*p)).collect();
    let p3: Vec<D3> = p.iter().map(|p| D3::from(*p)).collect();
    for (v, gate, scale) in [(-40.0, 1, 1.0), (-55.0, 3, 0.1)] {
        for offset in [0.0, 1e-14, -1e-9, 1e-6, -1e-3] {
            let (x, zero) = (v + offset, D1::from(0.0));
            let mut dx = [zero; 4];
            neuron.rhs_d1(&[D1::new(x, 1.0), zero, zero, zero], &p1, zero, &mut dx);
            near(dx[gate].re, scale * (1.0 + offset / 20.0), scale * (1e-13 + offset * offset));
            near(dx[gate].eps, scale * (0.05 + offset / 600.0), scale * (1e-13 + offset * offset));
        }
        let zero = D3::from(0.0);
        let mut dx = [zero; 4];
        neuron.rhs_d3(&[D3::new(v, 1.0, 0.0, 0.0), zero, zero, zero], &p3, zero, &mut dx);
        near(dx[gate].v2, scale / 600.0, 1e-15);
        near(dx[gate].v3, 0.0, 1e-15);
    }
}

#[test]
fn the_axon_rests_where_its_currents_balance() {
    let total = |v: f64| {
        let [m, h, n] = printed_rates(v).map(|(open, close)| open / (open + close));
        120.0 * m.powi(3) * h * (v - 50.0) + 36.0 * n.powi(4) * (v + 77.0) + 0.3 * (v + 54.387)
    };
    let rest = bisect(total, -70.0, -60.0);
    let neuron = find("hodgkin_huxley");
    let found = equilibria(neuron, &neuron.defaults(), 0.0).points;
    assert_eq!(found.len(), 1);
    near(found[0].state[0], rest, 1e-10);
    for (x, (published, digits)) in found[0].state.iter().zip([(-64.996, 5e-4), (0.053, 5e-4), (0.596, 5e-4), (0.3177, 5e-4)]) {
        near(*x, published, digits);
    }
}

#[test]
fn the_axon_fires_at_the_published_rates() {
    for (i, rate) in [(7.0, 58.3), (8.0, 62.5), (10.0, 68.3), (15.0, 78.6), (20.0, 86.5), (30.0, 98.7), (50.0, 117.0)] {
        let times = Case::new("hodgkin_huxley", &[], i).run(0.01, 1000.0).times;
        let last = times.len() - 1;
        near(1e3 * 10.0 / (times[last] - times[last - 10]), rate, 0.051);
    }
}

#[test]
fn the_axons_rest_meets_its_two_hopf_points() {
    let neuron = find("hodgkin_huxley");
    let p = neuron.defaults();
    let leading = |i: f64| equilibria(neuron, &p, i).points[0].eigenvalues[0];
    for (from, to, published, digits, v) in [(9.0, 11.0, 9.7754, 5e-4, -59.654), (150.0, 160.0, 154.522, 5e-3, -43.058)] {
        let i = bisect(|i| leading(i).re, from, to);
        near(i, published, digits);
        near(leading(i).re, 0.0, 1e-10);
        assert!(leading(i).im.abs() > 0.1, "a Hopf point turns");
        near(equilibria(neuron, &p, i).points[0].state[0], v, 1e-3);
    }
}

#[test]
fn moving_the_rates_and_all_reversal_potentials_moves_nothing_else() {
    let modern = Case::new("hodgkin_huxley", &[], 10.0).run(0.01, 100.0);
    let shift = [("V_shift", 65.0), ("E_Na", 115.0), ("E_K", -12.0), ("E_L", 10.613)];
    let original = Case::new("hodgkin_huxley", &shift, 10.0);
    near(original.x[0], 0.0, 0.0);
    let original = original.run(0.01, 100.0);
    assert!(modern.times.len() > 4);
    assert_eq!(modern.times.len(), original.times.len());
    for (a, b) in modern.times.iter().zip(&original.times) {
        near(*a, *b, 1e-9);
    }
    near(original.last[0] - modern.last[0], 65.0, 1e-7);
}

#[test]
fn ten_degrees_more_make_every_gate_three_times_as_fast() {
    let neuron = find("hodgkin_huxley");
    let x = [-50.0, 0.2, 0.4, 0.5];
    let cold = slopes(neuron, &x, &neuron.defaults(), 1.0);
    for (t, factor) in [(16.3, 3.0), (26.3, 9.0), (1.3, 3.0_f64.powf(-0.5))] {
        let warm = slopes(neuron, &x, &with(neuron, &[("T", t)]), 1.0);
        near(warm[0], cold[0], 0.0);
        for gate in 1..4 {
            near(warm[gate] / cold[gate], factor, 1e-12 * factor);
        }
        let at_rest = steady(neuron, -50.0, &with(neuron, &[("T", t)]));
        for (a, b) in at_rest.iter().zip(steady(neuron, -50.0, &neuron.defaults())) {
            near(*a, b, 1e-14);
        }
    }
}

#[test]
fn a_short_pulse_excites_the_axon_from_the_published_strength_on() {
    let neuron = find("hodgkin_huxley");
    let rest = equilibria(neuron, &neuron.defaults(), 0.0).points[0].state.clone();
    let fires = |amplitude: f64| {
        let case = Case::new("hodgkin_huxley", &[], 0.0).start(&rest).stimulus(vec![step(1.0, Some(2.0), amplitude)]);
        !case.run(0.01, 30.0).times.is_empty()
    };
    assert!(!fires(6.918) && fires(6.920));
}

// --- FitzHugh and Nagumo -----------------------------------------------------------------------------

#[test]
fn fitzhughs_rest_turns_into_a_rhythm_at_the_published_currents() {
    // Trace zero: 1 − v² = b/τ. Then w = (v + a)/b and I = w − v + v³/3.
    let neuron = find("fitzhugh_nagumo_classic");
    let p = neuron.defaults();
    let v = (1.0_f64 - 0.8 / 12.5).sqrt();
    for (v, published) in [(-v, 0.331_281_3), (v, 1.418_718_7)] {
        let i = (v + 0.7) / 0.8 - v + v * v * v / 3.0;
        near(i, published, 5e-8);
        let point = equilibria(neuron, &p, i).points.swap_remove(0);
        near(point.state[0], v, 1e-10);
        near(point.eigenvalues[0].re, 0.0, 1e-10);
        // Determinant −(b/τ)² + 1/τ.
        near(point.eigenvalues[0].im, (1.0_f64 / 12.5 - 0.064 * 0.064).sqrt(), 1e-10);
    }
}

#[test]
fn nagumos_cubic_has_its_hopf_points_where_its_slope_equals_the_decay() {
    // −3 v² + 2 (1 + a) v − a = c.
    let neuron = find("fitzhugh_nagumo");
    let p = neuron.defaults();
    let root = (1.1_f64 * 1.1 - 3.0 * (0.1 + 0.02)).sqrt();
    for (v, published) in [((1.1 - root) / 3.0, 0.0319), ((1.1 + root) / 3.0, 0.2109)] {
        let i = 0.5 * v - v * (0.1 - v) * (v - 1.0);
        near(i, published, 5e-5);
        let x = steady(neuron, v, &p);
        let found = eigenvalues(&jacobian(neuron, &x, &p, i));
        near(found[0].re, 0.0, 1e-12);
        assert!(found[0].im > 0.0);
    }
}
