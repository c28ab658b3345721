//! The simple model: a quadratic voltage equation with one linear recovery variable and a reset.
//!
//! ```text
//! v' = k2 v² + k1 v + k0 − u + I        (0.04 v² + 5 v + 140 − u + I)
//! u' = a (b (v − v_ref) − u_decay u)    (a (b v − u))
//! at v = v_peak:  v ← c,  u ← u + d
//! ```
//! Time in ms, v in mV, u and I in mV/ms, a in 1/ms.
//!
//! Source: Izhikevich 2003 (eqs 1–3; defaults are regular spiking of fig. 2) and 2004. The coefficients
//! of the quadratic are parameters because two published patterns use 4.1 v + 108, and `u_decay`, `v_ref`
//! because the published "accommodation" pattern uses u' = a b (v + 65). The published figures were made
//! with an Euler scheme that tests the peak once a step; here the peak is located inside the step. Both
//! variables blow up together, so the value of `v_peak` itself changes a pattern (Touboul 2009).
//!
//! Look first at `d`: u is *incremented* by d at each spike, which spaces the next ones out.

use crate::fields;
use crate::model::{Card, Jump, Neuron, Reference, zoo};
use crate::scalar::Scalar;

fields! {
    /// State of the simple model.
    pub struct State {
        v: "v", "v", "mV", -65.0, [-1000.0, 1000.0], [-90.0, 30.0], Potential, "Membrane potential";
        u: "u", "u", "mV/ms", -13.0, [-1e6, 1e6], [-25.0, 15.0], Recovery, "Recovery variable: the net outward current that slow channels carry";
    }
}

fields! {
    /// Parameters of the simple model.
    pub struct Params {
        a: "a", "a", "1/ms", 0.02, [-1000.0, 1000.0], [0.0, 0.2], Parameter, "How fast u follows v; smaller is slower";
        b: "b", "b", "1/ms", 0.2, [-1000.0, 1000.0], [-0.2, 0.4], Parameter, "How strongly u follows v below threshold";
        c: "c", "c", "mV", -65.0, [-1000.0, 1000.0], [-80.0, -40.0], Reset, "Potential right after a spike";
        d: "d", "d", "mV/ms", 8.0, [-1e5, 1e5], [-5.0, 12.0], Parameter, "u grows by d at each spike";
        v_peak: "v_peak", "v_\\text{peak}", "mV", 30.0, [-1000.0, 1000.0], [0.0, 60.0], Level, "The spike is cut here and the reset applied; a higher cut changes the pattern";
        k2: "k2", "k_2", "1/(mV ms)", 0.04, [0.0, 1000.0], [0.01, 0.1], Detail, "Coefficient of v squared";
        k1: "k1", "k_1", "1/ms", 5.0, [-1000.0, 1000.0], [3.0, 6.0], Detail, "Coefficient of v";
        k0: "k0", "k_0", "mV/ms", 140.0, [-1e5, 1e5], [100.0, 160.0], Detail, "Constant term";
        u_decay: "u_decay", "\\lambda_u", "", 1.0, [-1000.0, 1000.0], [0.0, 2.0], Detail, "Decay of u: 1 in the model, 0 in the published accommodation pattern";
        v_ref: "v_ref", "v_\\text{ref}", "mV", 0.0, [-1000.0, 1000.0], [-80.0, 20.0], Detail, "Potential at which v leaves u alone";
    }
}

/// The simple model of Izhikevich (2003).
pub struct Izhikevich;

impl Neuron for Izhikevich {
    const CARD: Card = Card {
        id: "izhikevich",
        title: "Izhikevich 2003",
        summary: "Two variables and a reset that reproduce most firing patterns of cortical neurons",
        equations: &["v' = k_2 v^2 + k_1 v + k_0 - u + I", "u' = a (b (v - v_\\text{ref}) - \\lambda_u u)"],
        at_spike: &["v \\leftarrow c", "u \\leftarrow u + d"],
        current: zoo::current("mV/ms", (-10.0, 40.0)),
        conductance_unit: "1/ms",
        dimensionless: false,
        dt: 0.02,
        duration: 500.0,
        rearm: 0.0,
        explosive: true,
        published_euler: true,
        window: [(-82.0, -32.0), (-22.0, 8.0)],
        references: &[
            Reference { text: "Izhikevich 2003, Simple model of spiking neurons, IEEE Trans Neural Netw 14:1569", doi: "10.1109/TNN.2003.820440" },
            Reference {
                text: "Izhikevich 2004, Which model to use for cortical spiking neurons?, IEEE Trans Neural Netw 15:1063",
                doi: "10.1109/TNN.2004.832719",
            },
            Reference {
                text: "Touboul 2009, Importance of the cutoff value in the quadratic adaptive integrate-and-fire model, Neural Comput 21:2114",
                doi: "10.1162/neco.2009.09-08-853",
            },
        ],
    };
    type State<S: Scalar> = State<S>;
    type Params<S: Scalar> = Params<S>;

    #[inline(always)]
    fn rhs<S: Scalar>(x: &State<S>, p: &Params<S>, i: S) -> State<S> {
        // The bracket waits for nothing, so that a stage is two products and two sums long.
        State { v: (p.k2 * x.v + p.k1) * x.v + (p.k0 - x.u + i), u: p.a * (p.b * (x.v - p.v_ref) - p.u_decay * x.u) }
    }

    #[inline(always)]
    fn spike<S: Scalar>(x: &State<S>, p: &Params<S>) -> S {
        x.v - p.v_peak
    }

    fn steady<S: Scalar>(v: S, p: &Params<S>) -> State<S> {
        let u = p.b * (v - p.v_ref);
        // Without decay u has no steady value of its own; the product is then only where a run starts.
        State { v, u: if p.u_decay.re() == 0.0 { u } else { u / p.u_decay } }
    }

    fn reset<S: Scalar>(x: &State<S>, p: &Params<S>) -> Option<Jump<State<S>, S>> {
        Some(Jump { to: State { v: p.c, u: x.u + p.d }, hold: S::from(0.0) })
    }

    fn bends(p: &Params<f64>) -> Vec<(f64, f64)> {
        if p.k2 == 0.0 { Vec::new() } else { vec![((p.b / if p.u_decay == 0.0 { 1.0 } else { p.u_decay } - p.k1) / (2.0 * p.k2), 10.0)] }
    }
}
