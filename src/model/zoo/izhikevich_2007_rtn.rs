//! The cell of the reticular thalamic nucleus: the simple model whose recovery follows v on two slopes.
//!
//! ```text
//! C v' = k (v − v_r)(v − v_t) − u + I
//! u' = a (b (v − v_b) − u),   b = b_low for v ≤ v_b,  b_high above
//! at v = v_peak:  v ← c,  u ← u + d
//! ```
//! Time in ms, v in mV, u and I in pA, C in pF, k in nS/mV (pA/mV²), `b_low` and `b_high` in nS, a in 1/ms.
//!
//! Source: Izhikevich 2007, *Dynamical Systems in Neuroscience*, sec. 8.3.2 and fig. 8.32 (rat): 40 v' = 0.25 (v + 65)(v + 45) − u + I,
//! u' = 0.015 (b (v + 65) − u) with b = 10 below −65 mV and 2 above; peak 0, reset −55, u grows by 50. b switches where its factor
//! vanishes, so that u' has a kink and no jump; both −65 are one parameter, `v_b`.
//!
//! Look first at the release from hyperpolarisation, which fires a burst that slows down, and at a step from rest.

use crate::fields;
use crate::model::zoo::izhikevich_2007::{BOOK, kink_bends, kinked, potential_slope};
use crate::model::{Card, Jump, Neuron, zoo};
use crate::scalar::Scalar;

fields! {
    /// State of the reticular thalamic cell.
    pub struct State {
        v: "v", "v", "mV", -65.0, [-1000.0, 1000.0], [-100.0, 40.0], Potential, "Membrane potential";
        u: "u", "u", "pA", 0.0, [-1e6, 1e6], [-300.0, 400.0], Recovery, "Recovery current";
    }
}

fields! {
    /// Parameters of the reticular thalamic cell.
    pub struct Params {
        c_m: "C", "C", "pF", 40.0, [1e-3, 1e6], [5.0, 300.0], Detail, "Membrane capacitance";
        k: "k", "k", "nS/mV", 0.25, [1e-6, 1e6], [0.1, 3.0], Detail, "Steepness of the quadratic: rheobase and input resistance fix it";
        v_r: "v_r", "v_r", "mV", -65.0, [-1000.0, 1000.0], [-90.0, -40.0], Parameter, "Resting potential at I = 0 and u = 0";
        v_t: "v_t", "v_t", "mV", -45.0, [-1000.0, 1000.0], [-60.0, -20.0], Parameter, "Instantaneous threshold at u = 0";
        v_peak: "v_peak", "v_\\text{peak}", "mV", 0.0, [-1000.0, 1000.0], [-20.0, 60.0], Level, "The spike is cut here and the reset applied";
        a: "a", "a", "1/ms", 0.015, [-1000.0, 1000.0], [0.0, 0.4], Parameter, "How fast u follows v; smaller is slower";
        b_low: "b_low", "b_\\text{low}", "nS", 10.0, [-1e5, 1e5], [-10.0, 30.0], Parameter, "How strongly u follows v below v_b";
        b_high: "b_high", "b_\\text{high}", "nS", 2.0, [-1e5, 1e5], [-10.0, 30.0], Parameter, "How strongly u follows v above v_b";
        v_b: "v_b", "v_b", "mV", -65.0, [-1000.0, 1000.0], [-90.0, -40.0], Parameter, "Where the slope of the u-nullcline changes";
        c: "c", "c", "mV", -55.0, [-1000.0, 1000.0], [-80.0, -30.0], Reset, "Potential right after a spike";
        d: "d", "d", "pA", 50.0, [-1e5, 1e5], [-100.0, 300.0], Parameter, "u grows by d at each spike";
    }
}

/// The reticular thalamic cell of Izhikevich (2007).
pub struct Izhikevich2007Rtn;

impl Neuron for Izhikevich2007Rtn {
    const CARD: Card = Card {
        id: "izhikevich_2007_rtn",
        title: "Izhikevich 2007, reticular thalamic",
        summary: "A thalamic interneuron that answers the end of an inhibition with a long burst",
        equations: &[
            "C v' = k (v - v_r)(v - v_t) - u + I",
            "u' = a (b (v - v_b) - u)",
            "b = b_\\text{low},\\; v \\le v_b,\\;\\text{else } b_\\text{high}",
        ],
        at_spike: &["v \\leftarrow c", "u \\leftarrow u + d"],
        current: zoo::current("pA", (-300.0, 300.0)),
        conductance_unit: "nS",
        dimensionless: false,
        dt: 0.02,
        duration: 650.0,
        rearm: 0.0,
        explosive: true,
        published_euler: true,
        window: [(-100.0, -20.0), (-350.0, 400.0)],
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
        x.v - p.v_peak
    }

    fn steady<S: Scalar>(v: S, p: &Params<S>) -> State<S> {
        State { v, u: kinked(v - p.v_b, p.b_low, p.b_high) }
    }

    fn reset<S: Scalar>(x: &State<S>, p: &Params<S>) -> Option<Jump<State<S>, S>> {
        Some(Jump { to: State { v: p.c, u: x.u + p.d }, hold: S::from(0.0) })
    }

    fn bends(p: &Params<f64>) -> Vec<(f64, f64)> {
        kink_bends((p.v_r + p.v_t, p.k), p.v_b, (p.b_low, p.b_high))
    }
}
