//! The thalamocortical relay cell: the simple model with an h-current below −65 mV, and peak and reset that depend on u.
//!
//! ```text
//! C v' = k (v − v_r)(v − v_t) − u + I
//! u' = a (b (v − v_b) − u),   b = b_low for v ≤ v_b,  b_high above
//! at v = v_peak + p_u u:  v ← c + c_u u,  u ← u + d
//! ```
//! Time in ms, v in mV, u and I in pA, C in pF, k in nS/mV (pA/mV²), `b_low` and `b_high` in nS, `p_u` and `c_u` in mV/pA, a in 1/ms.
//!
//! Source: Izhikevich 2007, *Dynamical Systems in Neuroscience*, sec. 8.3.1 and fig. 8.31 (dorsal lateral geniculate
//! nucleus of the cat): 200 v' = 1.6 (v + 60)(v + 50) − u + I, u' = 0.01 (b (v + 65) − u) with b = 15 below −65 mV and 0 above; spikes
//! are cut at 35 + 0.1 u, v is reset to −60 − 0.1 u, u grows by 10. b switches where its factor vanishes, so that u' has a kink
//! and no jump; the −65 of the factor and of the switch are therefore one parameter, `v_b`.
//!
//! Look first at the two modes: from rest a step of current gives tonic spikes; after hyperpolarisation u is negative and
//! the release, or the same step, fires a burst.

use crate::fields;
use crate::model::zoo::izhikevich_2007::{BOOK, kink_bends, kinked, potential_slope};
use crate::model::{Card, Jump, Neuron, zoo};
use crate::scalar::Scalar;

fields! {
    /// State of the thalamocortical relay cell.
    pub struct State {
        v: "v", "v", "mV", -60.0, [-1000.0, 1000.0], [-100.0, 40.0], Potential, "Membrane potential";
        u: "u", "u", "pA", 0.0, [-1e6, 1e6], [-300.0, 200.0], Recovery, "Recovery current";
    }
}

fields! {
    /// Parameters of the thalamocortical relay cell.
    pub struct Params {
        c_m: "C", "C", "pF", 200.0, [1e-3, 1e6], [5.0, 300.0], Detail, "Membrane capacitance";
        k: "k", "k", "nS/mV", 1.6, [1e-6, 1e6], [0.1, 3.0], Detail, "Steepness of the quadratic: rheobase and input resistance fix it";
        v_r: "v_r", "v_r", "mV", -60.0, [-1000.0, 1000.0], [-90.0, -40.0], Parameter, "Resting potential at I = 0 and u = 0";
        v_t: "v_t", "v_t", "mV", -50.0, [-1000.0, 1000.0], [-60.0, -20.0], Parameter, "Instantaneous threshold at u = 0";
        v_peak: "v_peak", "v_\\text{peak}", "mV", 35.0, [-1000.0, 1000.0], [-20.0, 60.0], Level, "The spike is cut here while u is zero";
        a: "a", "a", "1/ms", 0.01, [-1000.0, 1000.0], [0.0, 0.4], Parameter, "How fast u follows v; smaller is slower";
        b_low: "b_low", "b_\\text{low}", "nS", 15.0, [-1e5, 1e5], [-10.0, 30.0], Parameter, "How strongly u follows v below v_b";
        b_high: "b_high", "b_\\text{high}", "nS", 0.0, [-1e5, 1e5], [-10.0, 30.0], Parameter, "How strongly u follows v above v_b";
        v_b: "v_b", "v_b", "mV", -65.0, [-1000.0, 1000.0], [-90.0, -40.0], Parameter, "Where the slope of the u-nullcline changes";
        c: "c", "c", "mV", -60.0, [-1000.0, 1000.0], [-80.0, -30.0], Reset, "Potential right after a spike while u is zero";
        d: "d", "d", "pA", 10.0, [-1e5, 1e5], [-100.0, 300.0], Parameter, "u grows by d at each spike";
        p_u: "p_u", "p_u", "mV/pA", 0.1, [-1e3, 1e3], [-0.3, 0.3], Detail, "How much u moves the peak";
        c_u: "c_u", "c_u", "mV/pA", -0.1, [-1e3, 1e3], [-0.3, 0.3], Detail, "How much u moves the reset";
    }
}

/// The thalamocortical relay cell of Izhikevich (2007).
pub struct Izhikevich2007Tc;

impl Neuron for Izhikevich2007Tc {
    const CARD: Card = Card {
        id: "izhikevich_2007_tc",
        title: "Izhikevich 2007, thalamocortical",
        summary: "A relay cell that fires tonically from rest and in bursts after hyperpolarisation",
        equations: &[
            "C v' = k (v - v_r)(v - v_t) - u + I",
            "u' = a (b (v - v_b) - u)",
            "b = b_\\text{low},\\; v \\le v_b,\\;\\text{else } b_\\text{high}",
        ],
        at_spike: &["v_\\text{peak} + p_u u:\\; v \\leftarrow c + c_u u", "u \\leftarrow u + d"],
        current: zoo::current("pA", (-1500.0, 500.0)),
        conductance_unit: "nS",
        dimensionless: false,
        dt: 0.02,
        duration: 650.0,
        rearm: 0.0,
        explosive: true,
        published_euler: true,
        window: [(-100.0, -30.0), (-400.0, 200.0)],
        references: &[BOOK],
    };
    type State<S: Scalar> = State<S>;
    type Params<S: Scalar> = Params<S>;

    #[inline(always)]
    fn rhs<S: Scalar>(x: &State<S>, p: &Params<S>, i: S) -> State<S> {
        let steady = kinked(x.v - p.v_b, p.b_low, p.b_high);
        State { v: potential_slope(x.v, x.u, i, (p.c_m, p.k), (p.v_r, p.v_t)), u: p.a * (steady - x.u) }
    }

    #[inline(always)]
    fn spike<S: Scalar>(x: &State<S>, p: &Params<S>) -> S {
        x.v - p.v_peak - p.p_u * x.u
    }

    fn steady<S: Scalar>(v: S, p: &Params<S>) -> State<S> {
        State { v, u: kinked(v - p.v_b, p.b_low, p.b_high) }
    }

    fn reset<S: Scalar>(x: &State<S>, p: &Params<S>) -> Option<Jump<State<S>, S>> {
        Some(Jump { to: State { v: p.c + p.c_u * x.u, u: x.u + p.d }, hold: S::from(0.0) })
    }

    fn bends(p: &Params<f64>) -> Vec<(f64, f64)> {
        kink_bends((p.v_r + p.v_t, p.k), p.v_b, (p.b_low, p.b_high))
    }
}
