//! The leaky integrate-and-fire neuron whose threshold jumps at each spike and decays back.
//!
//! ```text
//! tau_m V' = E_L − V + R I
//! tau_theta theta' = theta_0 − theta
//! at V = theta:  V ← V_reset, held for t_ref;  theta ← theta + delta_theta
//! ```
//! Time in ms, V and theta in mV, R in MΩ, I in nA, conductances in µS.
//!
//! Source: adaptive threshold of Goodman's course *Neuroscience for Machine Learners*, whose normalised
//! values (rest 0, threshold 1, tau 15 and 50 ms, +0.4 a spike) are the defaults; the idea is in Gerstner
//! et al. 2014, sec. 6.1.
//!
//! Look first at a regular train of inputs: the intervals grow, then settle.

use crate::fields;
use crate::model::{Card, Jump, Neuron, Reference, zoo};
use crate::scalar::Scalar;

fields! {
    /// State of the adaptive-threshold neuron.
    pub struct State {
        v: "V", "V", "mV", 0.0, [-1000.0, 1000.0], [-0.5, 2.5], Potential, "Membrane potential";
        theta: "theta", "\\theta", "mV", 1.0, [-1000.0, 1000.0], [0.0, 3.0], Threshold, "Spike threshold, which each spike raises";
    }
}

fields! {
    /// Parameters of the adaptive-threshold neuron.
    pub struct Params {
        tau_m: "tau_m", "\\tau_m", "ms", 15.0, [1e-3, 1e6], [1.0, 50.0], Parameter, "Membrane time constant: how fast V forgets";
        r: "R", "R", "MΩ", 1.0, [1e-3, 1e6], [0.1, 10.0], Parameter, "Membrane resistance";
        e_l: "E_L", "E_\\text{L}", "mV", 0.0, [-1000.0, 1000.0], [-1.0, 1.0], Parameter, "Leak reversal potential: where V rests";
        v_reset: "V_reset", "V_\\text{reset}", "mV", 0.0, [-1000.0, 1000.0], [-1.0, 1.0], Reset, "Potential right after a spike";
        t_ref: "t_ref", "t_\\text{ref}", "ms", 0.0, [0.0, 1e6], [0.0, 10.0], Parameter, "Absolute refractory period: V is held at the reset for so long";
        theta_0: "theta_0", "\\theta_0", "mV", 1.0, [-1000.0, 1000.0], [0.2, 3.0], Level, "Threshold of a rested neuron";
        tau_theta: "tau_theta", "\\tau_\\theta", "ms", 50.0, [1e-3, 1e6], [5.0, 300.0], Parameter, "Time constant of the threshold's decay";
        delta_theta: "delta_theta", "\\Delta_\\theta", "mV", 0.4, [-1000.0, 1000.0], [0.0, 2.0], Parameter, "The threshold grows by this at each spike";
    }
}

/// The adaptive-threshold leaky integrate-and-fire neuron.
pub struct AdaptiveLif;

impl Neuron for AdaptiveLif {
    const CARD: Card = Card {
        id: "adaptive_lif",
        title: "Adaptive-threshold LIF",
        summary: "A leaky integrate-and-fire neuron whose threshold each spike raises for a while",
        equations: &["\\tau_m V' = E_\\text{L} - V + R I", "\\tau_\\theta \\theta' = \\theta_0 - \\theta"],
        at_spike: &["V \\leftarrow V_\\text{reset}", "\\theta \\leftarrow \\theta + \\Delta_\\theta"],
        current: zoo::current("nA", (-1.0, 4.0)),
        conductance_unit: "µS",
        dimensionless: false,
        dt: 0.05,
        duration: 300.0,
        rearm: 0.0,
        explosive: false,
        published_euler: false,
        window: [(-0.5, 2.5), (0.0, 3.0)],
        references: &[
            Reference { text: "Goodman, Neuroscience for Machine Learners, online course, week 1", doi: "" },
            Reference {
                text: "Gerstner, Kistler, Naud and Paninski 2014, Neuronal Dynamics, Cambridge University Press, sec. 6.1",
                doi: "10.1017/CBO9781107447615",
            },
        ],
    };
    type State<S: Scalar> = State<S>;
    type Params<S: Scalar> = Params<S>;

    #[inline(always)]
    fn rhs<S: Scalar>(x: &State<S>, p: &Params<S>, i: S) -> State<S> {
        State { v: (p.e_l - x.v + p.r * i) / p.tau_m, theta: (p.theta_0 - x.theta) / p.tau_theta }
    }

    #[inline(always)]
    fn spike<S: Scalar>(x: &State<S>, _p: &Params<S>) -> S {
        x.v - x.theta
    }

    fn steady<S: Scalar>(v: S, p: &Params<S>) -> State<S> {
        State { v, theta: p.theta_0 }
    }

    fn reset<S: Scalar>(x: &State<S>, p: &Params<S>) -> Option<Jump<State<S>, S>> {
        Some(Jump { to: State { v: p.v_reset, theta: x.theta + p.delta_theta }, hold: p.t_ref })
    }
}
