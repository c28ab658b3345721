//! A rate unit: no spikes, only a firing rate that follows an activation function of the input.
//!
//! ```text
//! tau r' = f(gain I + bias) − r
//! ```
//! Time in ms; r, I, gain and bias without unit.
//!
//! Source: Dayan and Abbott 2001, *Theoretical Neuroscience*, eq. 7.6; with f among the functions of
//! [`Activation`], whose sources stand there. An artificial neuron of machine learning is the limit of small tau. `tau` = 10 ms is
//! ours: the text leaves it open.
//!
//! A rate unit never spikes: its spike level lies far above what any r can reach.
//!
//! Look first at the activation: with the same step of input, change f and see what becomes of r.

use crate::fields;
use crate::model::activation::Activation;
use crate::model::{Card, Neuron, Reference, zoo};
use crate::scalar::Scalar;

fields! {
    /// State of the rate unit.
    pub struct State {
        r: "r", "r", "", 0.0, [-1e10, 1e10], [-1.0, 1.5], Potential, "Firing rate, in units of what the activation function gives";
    }
}

fields! {
    /// Parameters of the rate unit.
    pub struct Params {
        activation: "activation", "\\text{f is}", "", 0.0, [0.0, 5.0], [0.0, 5.0], Parameter, "What becomes of the input", Activation::NAMES;
        gain: "gain", "g", "", 1.0, [-1e4, 1e4], [0.0, 5.0], Parameter, "How strongly the input acts";
        bias: "bias", "b", "", 0.0, [-1e5, 1e5], [-5.0, 5.0], Parameter, "Input that is always there";
        tau: "tau", "\\tau", "ms", 10.0, [1e-3, 1e6], [1.0, 50.0], Parameter, "Time constant with which the rate follows";
    }
}

/// The rate unit.
pub struct RateUnit;

/// The spike level: above gain·I + bias at the ends of their ranges by orders of magnitude.
const NEVER: f64 = 1e12;

impl Neuron for RateUnit {
    const CARD: Card = Card {
        id: "rate_unit",
        title: "Rate unit",
        summary: "A firing rate that follows an activation function of its input; it never spikes",
        equations: &["\\tau r' = f(g I + b) - r"],
        at_spike: &[],
        current: zoo::current("", (-5.0, 5.0)),
        conductance_unit: "",
        dimensionless: false,
        dt: 0.05,
        duration: 200.0,
        rearm: 0.0,
        explosive: false,
        published_euler: false,
        window: [(-1.2, 1.6), (-1.0, 1.0)],
        references: &[
            Reference { text: "Dayan and Abbott 2001, Theoretical Neuroscience, MIT Press, eq. 7.6", doi: "" },
            Reference {
                text: "LaFosse et al. 2024, Cellular-resolution optogenetics reveals attenuation-by-suppression in visual cortical neurons, PNAS 121(45)",
                doi: "10.1073/pnas.2318837121",
            },
        ],
    };
    type State<S: Scalar> = State<S>;
    type Params<S: Scalar> = Params<S>;

    #[inline(always)]
    fn rhs<S: Scalar>(x: &State<S>, p: &Params<S>, i: S) -> State<S> {
        State { r: (Activation::at(p.activation.re()).of(p.gain * i + p.bias) - x.r) / p.tau }
    }

    #[inline(always)]
    fn spike<S: Scalar>(x: &State<S>, _p: &Params<S>) -> S {
        x.r - NEVER
    }

    fn steady<S: Scalar>(v: S, _p: &Params<S>) -> State<S> {
        State { r: v }
    }
}
