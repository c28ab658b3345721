//! The low-threshold spiking interneuron: the simple model whose peak and reset depend on the recovery.
//!
//! ```text
//! C v' = k (v − v_r)(v − v_t) − u + I
//! u' = a (b (v − v_r) − u)
//! at v = v_peak + p_u u:  v ← c + c_u u,  u ← min(u + d, u_max)
//! ```
//! Time in ms, v in mV, u and I in pA, C in pF, k in nS/mV (pA/mV²), b in nS, `p_u` and `c_u` in mV/pA, a in 1/ms.
//!
//! Source: Izhikevich 2007, *Dynamical Systems in Neuroscience*, sec. 8.2.4 and fig. 8.25 (rat barrel cortex):
//! 100 v' = (v + 56)(v + 42) − u + I, u' = 0.03 (8 (v + 56) − u); spikes are cut at 40 − 0.1 u, v is reset to −53 + 0.04 u, u grows
//! by 20 up to 670. The more the cell has fired, the smaller its spikes and the shallower its resets.
//! With u near 650 pA peak and reset meet, and no spike is left to cut: a run under such a current stops as a runaway.
//!
//! Look first at a step of 200 pA: spikes shrink and slow down; then at 100 pA after an inhibition, whose end fires a
//! rebound spike.

use crate::fields;
use crate::model::zoo::izhikevich_2007::{BOOK, potential_slope};
use crate::model::{Card, Jump, Neuron, zoo};
use crate::scalar::Scalar;

fields! {
    /// State of the low-threshold spiking interneuron.
    pub struct State {
        v: "v", "v", "mV", -56.0, [-1000.0, 1000.0], [-90.0, 40.0], Potential, "Membrane potential";
        u: "u", "u", "pA", 0.0, [-1e6, 1e6], [-100.0, 600.0], Recovery, "Recovery current";
    }
}

fields! {
    /// Parameters of the low-threshold spiking interneuron.
    pub struct Params {
        c_m: "C", "C", "pF", 100.0, [1e-3, 1e6], [5.0, 300.0], Detail, "Membrane capacitance";
        k: "k", "k", "nS/mV", 1.0, [1e-6, 1e6], [0.1, 3.0], Detail, "Steepness of the quadratic: rheobase and input resistance fix it";
        v_r: "v_r", "v_r", "mV", -56.0, [-1000.0, 1000.0], [-90.0, -40.0], Parameter, "Resting potential at I = 0 and u = 0";
        v_t: "v_t", "v_t", "mV", -42.0, [-1000.0, 1000.0], [-60.0, -20.0], Parameter, "Instantaneous threshold at u = 0";
        v_peak: "v_peak", "v_\\text{peak}", "mV", 40.0, [-1000.0, 1000.0], [-20.0, 60.0], Level, "The spike is cut here while u is zero";
        a: "a", "a", "1/ms", 0.03, [-1000.0, 1000.0], [0.0, 0.4], Parameter, "How fast u follows v; smaller is slower";
        b: "b", "b", "nS", 8.0, [-1e5, 1e5], [-10.0, 20.0], Parameter, "How strongly u follows v below threshold";
        c: "c", "c", "mV", -53.0, [-1000.0, 1000.0], [-80.0, -30.0], Reset, "Potential right after a spike while u is zero";
        d: "d", "d", "pA", 20.0, [-1e5, 1e5], [-100.0, 300.0], Parameter, "u grows by d at each spike";
        p_u: "p_u", "p_u", "mV/pA", -0.1, [-1e3, 1e3], [-0.3, 0.1], Detail, "How much u moves the peak";
        c_u: "c_u", "c_u", "mV/pA", 0.04, [-1e3, 1e3], [-0.1, 0.1], Detail, "How much u moves the reset";
        u_max: "u_max", "u_\\text{max}", "pA", 670.0, [-1e6, 1e6], [0.0, 1000.0], Detail, "A spike raises u no further than this";
    }
}

/// The low-threshold spiking interneuron of Izhikevich (2007).
pub struct Izhikevich2007Lts;

impl Neuron for Izhikevich2007Lts {
    const CARD: Card = Card {
        id: "izhikevich_2007_lts",
        title: "Izhikevich 2007, low-threshold spiking",
        summary: "A cortical interneuron that adapts, fires on release, and whose spikes shrink",
        equations: &["C v' = k (v - v_r)(v - v_t) - u + I", "u' = a (b (v - v_r) - u)"],
        at_spike: &["v_\\text{peak} + p_u u:\\; v \\leftarrow c + c_u u", "u \\leftarrow \\min(u + d, u_\\text{max})"],
        current: zoo::current("pA", (-200.0, 500.0)),
        conductance_unit: "nS",
        dimensionless: false,
        dt: 0.02,
        duration: 500.0,
        rearm: 0.0,
        explosive: true,
        published_euler: true,
        window: [(-85.0, -20.0), (-150.0, 450.0)],
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
        x.v - p.v_peak - p.p_u * x.u
    }

    fn steady<S: Scalar>(v: S, p: &Params<S>) -> State<S> {
        State { v, u: p.b * (v - p.v_r) }
    }

    fn reset<S: Scalar>(x: &State<S>, p: &Params<S>) -> Option<Jump<State<S>, S>> {
        let raised = x.u + p.d;
        let u = if raised.re() < p.u_max.re() { raised } else { p.u_max };
        Some(Jump { to: State { v: p.c + p.c_u * x.u, u }, hold: S::from(0.0) })
    }

    fn bends(p: &Params<f64>) -> Vec<(f64, f64)> {
        vec![(0.5 * (p.v_r + p.v_t + p.b / p.k), 10.0)]
    }
}
