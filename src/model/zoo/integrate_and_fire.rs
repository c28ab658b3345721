//! The perfect integrator: a capacitor without a leak, a threshold and a reset.
//!
//! ```text
//! C V' = I
//! at V = V_th:  V ← V_reset, held for t_ref
//! ```
//! Time in ms, V in mV, C in nF, I in nA, conductances in µS.
//!
//! Source: Lapicque 1907 without its leak; defaults are the normalised neuron of Goodman's course
//! *Neuroscience for Machine Learners* (threshold 1, reset 0), so that a weight of 0.3 fires it at every
//! fourth input.
//!
//! Look first at an input train of deltas: V is a staircase that never forgets.

use crate::fields;
use crate::model::{Card, Jump, Neuron, Reference, zoo};
use crate::scalar::Scalar;

fields! {
    /// State of the perfect integrator.
    pub struct State {
        v: "V", "V", "mV", 0.0, [-1000.0, 1000.0], [-0.5, 1.5], Potential, "Membrane potential";
    }
}

fields! {
    /// Parameters of the perfect integrator.
    pub struct Params {
        c_m: "C", "C", "nF", 1.0, [1e-3, 1e6], [0.1, 10.0], Parameter, "Membrane capacitance";
        v_th: "V_th", "V_\\text{th}", "mV", 1.0, [-1000.0, 1000.0], [0.0, 3.0], Level, "Spike threshold";
        v_reset: "V_reset", "V_\\text{reset}", "mV", 0.0, [-1000.0, 1000.0], [-1.0, 1.0], Reset, "Potential right after a spike";
        t_ref: "t_ref", "t_\\text{ref}", "ms", 0.0, [0.0, 1e6], [0.0, 10.0], Parameter, "Absolute refractory period: V is held at the reset for so long";
    }
}

/// The perfect integrator.
pub struct IntegrateAndFire;

impl Neuron for IntegrateAndFire {
    const CARD: Card = Card {
        id: "integrate_and_fire",
        title: "Integrate-and-fire",
        summary: "A capacitor without a leak that is reset when its voltage reaches a threshold",
        equations: &["C V' = I"],
        at_spike: &["V \\leftarrow V_\\text{reset}"],
        current: zoo::current("nA", (-0.1, 0.5)),
        conductance_unit: "µS",
        dimensionless: false,
        dt: 0.05,
        duration: 200.0,
        rearm: 0.0,
        explosive: false,
        published_euler: false,
        window: [(-0.5, 1.5), (-0.2, 0.5)],
        references: &[Reference { text: "Goodman, Neuroscience for Machine Learners, online course, week 1", doi: "" }],
    };
    type State<S: Scalar> = State<S>;
    type Params<S: Scalar> = Params<S>;

    #[inline(always)]
    fn rhs<S: Scalar>(_x: &State<S>, p: &Params<S>, i: S) -> State<S> {
        State { v: i / p.c_m }
    }

    #[inline(always)]
    fn spike<S: Scalar>(x: &State<S>, p: &Params<S>) -> S {
        x.v - p.v_th
    }

    fn steady<S: Scalar>(v: S, _p: &Params<S>) -> State<S> {
        State { v }
    }

    fn reset<S: Scalar>(_x: &State<S>, p: &Params<S>) -> Option<Jump<State<S>, S>> {
        Some(Jump { to: State { v: p.v_reset }, hold: p.t_ref })
    }
}
