//! The simple model in physiological units.
//!
//! ```text
//! C v' = k (v − v_r)(v − v_t) − u + I
//! u' = a (b (v − v_r) − u)
//! at v = v_peak:  v ← c,  u ← u + d
//! ```
//! Time in ms, v in mV, u and I in pA, C in pF, k in nS/mV (pA/mV²), b in nS, a in 1/ms.
//!
//! Source: Izhikevich 2007, *Dynamical Systems in Neuroscience*, ch. 8, eqs 8.5–8.6; defaults are the
//! regular spiking cell of fig. 8.12. The book gives some cell types rules of their own (a peak that
//! depends on u, a cubic u-nullcline); those are models apart, this one is the plain equations.
//!
//! Look first at `b`: its sign decides between resonator and integrator.

use crate::fields;
use crate::model::{Card, Jump, Neuron, Reference, zoo};
use crate::scalar::Scalar;

fields! {
    /// State of the simple model in physiological units.
    pub struct State {
        v: "v", "v", "mV", -60.0, [-1000.0, 1000.0], [-90.0, 40.0], Potential, "Membrane potential";
        u: "u", "u", "pA", 0.0, [-1e6, 1e6], [-100.0, 400.0], Recovery, "Recovery current";
    }
}

fields! {
    /// Parameters of the simple model in physiological units.
    pub struct Params {
        c_m: "C", "C", "pF", 100.0, [1e-3, 1e6], [10.0, 300.0], Detail, "Membrane capacitance";
        k: "k", "k", "nS/mV", 0.7, [1e-6, 1e6], [0.1, 3.0], Parameter, "Steepness of the quadratic: rheobase and input resistance fix it";
        v_r: "v_r", "v_r", "mV", -60.0, [-1000.0, 1000.0], [-90.0, -40.0], Parameter, "Resting potential at I = 0 and u = 0";
        v_t: "v_t", "v_t", "mV", -40.0, [-1000.0, 1000.0], [-60.0, -20.0], Parameter, "Instantaneous threshold at u = 0";
        v_peak: "v_peak", "v_\\text{peak}", "mV", 35.0, [-1000.0, 1000.0], [0.0, 60.0], Level, "The spike is cut here and the reset applied";
        a: "a", "a", "1/ms", 0.03, [-1000.0, 1000.0], [0.0, 0.2], Parameter, "How fast u follows v; smaller is slower";
        b: "b", "b", "nS", -2.0, [-1e5, 1e5], [-10.0, 20.0], Parameter, "How strongly u follows v below threshold";
        c: "c", "c", "mV", -50.0, [-1000.0, 1000.0], [-80.0, -30.0], Reset, "Potential right after a spike";
        d: "d", "d", "pA", 100.0, [-1e5, 1e5], [-100.0, 300.0], Parameter, "u grows by d at each spike";
    }
}

/// Shared by the cells whose recovery follows rules of its own: v' of the simple model in mV/ms.
#[inline(always)]
pub(super) fn potential_slope<S: Scalar>(v: S, u: S, i: S, (c_m, k): (S, S), (v_r, v_t): (S, S)) -> S {
    (k * (v - v_r) * (v - v_t) + (i - u)) / c_m
}

/// A line through zero whose slope changes there: `low`·y below, `high`·y above.
#[inline(always)]
pub(super) fn kinked<S: Scalar>(y: S, low: S, high: S) -> S {
    if y.re() <= 0.0 { low * y } else { high * y }
}

/// Where v' with the recovery at rest on a kinked line turns: the knees of both parabolas (`sum` = `v_r` + `v_t`), and the kink,
/// once from each side, so that a knee to its right is not mistaken for the kink itself.
pub(super) fn kink_bends((sum, k): (f64, f64), kink: f64, (low, high): (f64, f64)) -> Vec<(f64, f64)> {
    let knee = |b: f64| 0.5 * (sum + b / k);
    vec![(knee(low), 10.0), (knee(high), 10.0), (kink, 10.0), (kink.next_up(), 0.0)]
}

/// Where the equations of the book are printed, which all forms share.
pub(super) const BOOK: Reference =
    Reference { text: "Izhikevich 2007, Dynamical Systems in Neuroscience, MIT Press, ch. 8", doi: "10.7551/mitpress/2526.001.0001" };

/// The simple model of Izhikevich (2007).
pub struct Izhikevich2007;

impl Neuron for Izhikevich2007 {
    const CARD: Card = Card {
        id: "izhikevich_2007",
        title: "Izhikevich 2007",
        summary: "The simple model with capacitance, rest and threshold potential in physiological units",
        equations: &["C v' = k (v - v_r)(v - v_t) - u + I", "u' = a (b (v - v_r) - u)"],
        at_spike: &["v \\leftarrow c", "u \\leftarrow u + d"],
        current: zoo::current("pA", (-200.0, 1000.0)),
        conductance_unit: "nS",
        dimensionless: false,
        dt: 0.02,
        duration: 1000.0,
        rearm: 0.0,
        explosive: true,
        published_euler: true,
        window: [(-85.0, -20.0), (-150.0, 350.0)],
        references: &[BOOK],
    };
    type State<S: Scalar> = State<S>;
    type Params<S: Scalar> = Params<S>;

    #[inline(always)]
    fn rhs<S: Scalar>(x: &State<S>, p: &Params<S>, i: S) -> State<S> {
        State { v: potential_slope(x.v, x.u, i, (p.c_m, p.k), (p.v_r, p.v_t)), u: p.a * (p.b * (x.v - p.v_r) - x.u) }
    }

    #[inline(always)]
    fn spike<S: Scalar>(x: &State<S>, p: &Params<S>) -> S {
        x.v - p.v_peak
    }

    fn steady<S: Scalar>(v: S, p: &Params<S>) -> State<S> {
        State { v, u: p.b * (v - p.v_r) }
    }

    fn reset<S: Scalar>(x: &State<S>, p: &Params<S>) -> Option<Jump<State<S>, S>> {
        Some(Jump { to: State { v: p.c, u: x.u + p.d }, hold: S::from(0.0) })
    }

    fn bends(p: &Params<f64>) -> Vec<(f64, f64)> {
        vec![(0.5 * (p.v_r + p.v_t + p.b / p.k), 10.0)]
    }
}
