//! The cubic oscillator in the form of Nagumo: the smallest picture of excitability.
//!
//! ```text
//! v' = v (a − v)(v − 1) − w + I
//! w' = b v − c w
//! ```
//! Dimensionless.
//!
//! Source: Nagumo, Arimoto and Yoshizawa 1962, in the notation of Izhikevich 2007, ch. 4; defaults a 0.1,
//! b 0.01, c 0.02 (Hopf points at I = 0.0319 and 0.2109). A spike is counted at v = 0.5.
//!
//! Look first at `I` across 0.032, where rest turns into an oscillation.

use crate::fields;
use crate::model::{Card, Neuron, Reference, zoo};
use crate::scalar::Scalar;

fields! {
    /// State of the FitzHugh–Nagumo model.
    pub struct State {
        v: "v", "v", "", 0.0, [-1000.0, 1000.0], [-0.6, 1.4], Potential, "Excitation variable, which stands for the membrane potential";
        w: "w", "w", "", 0.0, [-1000.0, 1000.0], [-0.1, 0.4], Recovery, "Recovery variable";
    }
}

fields! {
    /// Parameters of the FitzHugh–Nagumo model.
    pub struct Params {
        a: "a", "a", "", 0.1, [-1000.0, 1000.0], [-1.0, 1.0], Parameter, "Middle zero of the cubic: the threshold of a fast push";
        b: "b", "b", "", 0.01, [-1000.0, 1000.0], [0.0, 0.1], Parameter, "How strongly w follows v";
        c: "c", "c", "", 0.02, [-1000.0, 1000.0], [0.0, 0.1], Parameter, "How fast w decays";
    }
}

/// The FitzHugh–Nagumo model in Nagumo's form.
pub struct FitzHughNagumo;

impl Neuron for FitzHughNagumo {
    const CARD: Card = Card {
        id: "fitzhugh_nagumo",
        title: "FitzHugh–Nagumo (cubic)",
        summary: "A cubic and a line: the smallest picture of excitability",
        equations: &["v' = v (a - v)(v - 1) - w + I", "w' = b v - c w"],
        at_spike: &[],
        current: zoo::current("", (-0.1, 0.4)),
        conductance_unit: "",
        dimensionless: true,
        dt: 0.05,
        duration: 1000.0,
        rearm: 0.1,
        explosive: false,
        published_euler: false,
        window: [(-0.6, 1.3), (-0.1, 0.4)],
        references: &[
            Reference {
                text: "Nagumo, Arimoto and Yoshizawa 1962, An active pulse transmission line simulating nerve axon, Proc IRE 50:2061",
                doi: "10.1109/JRPROC.1962.288235",
            },
            Reference { text: "Izhikevich 2007, Dynamical Systems in Neuroscience, MIT Press, ch. 4", doi: "10.7551/mitpress/2526.001.0001" },
        ],
    };
    type State<S: Scalar> = State<S>;
    type Params<S: Scalar> = Params<S>;

    #[inline(always)]
    fn rhs<S: Scalar>(x: &State<S>, p: &Params<S>, i: S) -> State<S> {
        State { v: x.v * (p.a - x.v) * (x.v - 1.0) - x.w + i, w: p.b * x.v - p.c * x.w }
    }

    #[inline(always)]
    fn spike<S: Scalar>(x: &State<S>, _p: &Params<S>) -> S {
        x.v - 0.5
    }

    fn steady<S: Scalar>(v: S, p: &Params<S>) -> State<S> {
        State { v, w: if p.c.re() == 0.0 { S::from(0.0) } else { p.b * v / p.c } }
    }

    fn bends(p: &Params<f64>) -> Vec<(f64, f64)> {
        vec![(p.a, 0.5 + 0.2 * p.a.abs()), (0.5, 0.5), (p.a / 3.0 + 1.0 / 3.0, 0.5 + p.a.abs())]
    }
}
