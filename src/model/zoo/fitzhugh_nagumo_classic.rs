//! The oscillator of FitzHugh: van der Pol's equation, tilted so that it can rest.
//!
//! ```text
//! v' = v − v³/3 − w + I
//! w' = (v + a − b w)/tau
//! ```
//! Dimensionless.
//!
//! Source: FitzHugh 1961, with his a 0.7, b 0.8 and 1/tau = 0.08; his time unit and sign of I follow the
//! later literature (I positive excites). Hopf points at I = 0.33128 and 1.41872. A spike is counted at
//! v = 0.5.
//!
//! Look first at `I` between 0.32 and 0.34: the oscillation explodes within a millionth (a canard).

use crate::fields;
use crate::model::{Card, Neuron, Reference, zoo};
use crate::scalar::Scalar;

fields! {
    /// State of FitzHugh's model.
    pub struct State {
        v: "v", "v", "", -1.2, [-1000.0, 1000.0], [-2.5, 2.5], Potential, "Excitation variable, which stands for the membrane potential";
        w: "w", "w", "", -0.6, [-1000.0, 1000.0], [-1.0, 2.0], Recovery, "Recovery variable";
    }
}

fields! {
    /// Parameters of FitzHugh's model.
    pub struct Params {
        a: "a", "a", "", 0.7, [-1000.0, 1000.0], [-0.5, 1.5], Parameter, "Moves the recovery nullcline sideways";
        b: "b", "b", "", 0.8, [-1000.0, 1000.0], [0.0, 2.0], Parameter, "Decay of w; above 1 there can be three equilibria";
        tau: "tau", "\\tau", "", 12.5, [1e-3, 1e6], [1.0, 50.0], Parameter, "How slow recovery is against excitation";
    }
}

/// The model of FitzHugh (1961).
pub struct FitzHughNagumoClassic;

impl Neuron for FitzHughNagumoClassic {
    const CARD: Card = Card {
        id: "fitzhugh_nagumo_classic",
        title: "FitzHugh–Nagumo 1961",
        summary: "Van der Pol's oscillator, tilted so that it can rest",
        equations: &["v' = v - v^3/3 - w + I", "w' = (v + a - b w)/\\tau"],
        at_spike: &[],
        current: zoo::current("", (-0.5, 2.0)),
        conductance_unit: "",
        dimensionless: true,
        dt: 0.02,
        duration: 200.0,
        rearm: 0.1,
        explosive: false,
        published_euler: false,
        window: [(-2.5, 2.5), (-1.0, 2.2)],
        references: &[Reference {
            text: "FitzHugh 1961, Impulses and physiological states in theoretical models of nerve membrane, Biophys J 1:445",
            doi: "10.1016/S0006-3495(61)86902-6",
        }],
    };
    type State<S: Scalar> = State<S>;
    type Params<S: Scalar> = Params<S>;

    #[inline(always)]
    fn rhs<S: Scalar>(x: &State<S>, p: &Params<S>, i: S) -> State<S> {
        State { v: x.v - x.v * x.v * x.v * (1.0 / 3.0) - x.w + i, w: (x.v + p.a - p.b * x.w) / p.tau }
    }

    #[inline(always)]
    fn spike<S: Scalar>(x: &State<S>, _p: &Params<S>) -> S {
        x.v - 0.5
    }

    fn steady<S: Scalar>(v: S, p: &Params<S>) -> State<S> {
        State { v, w: if p.b.re() == 0.0 { S::from(0.0) } else { (v + p.a) / p.b } }
    }

    fn bends(_p: &Params<f64>) -> Vec<(f64, f64)> {
        vec![(0.0, 1.0)]
    }
}
