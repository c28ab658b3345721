//! The Markov neuron: three discrete states, and chance decides when it goes from one to the next.
//!
//! ```text
//! rest (s = 0) → firing (s = 1) → refractory (s = 2) → rest
//! with the rates  q_fire e^(gain I),  q_end,  q_rest
//! H' = rate of leaving s;   at H = 0:  s ← next,  H ← −E,   E exponential with mean 1
//! ```
//! Time in ms, rates in 1/ms, I in nA, s and H without unit.
//!
//! Source: the three states are the firing neuron of Goodman's course *Neuroscience for Machine Learners*, as a continuous-time
//! Markov chain (Norris 1997, *Markov Chains*, sec. 2.6); times of stay are drawn exactly, by Gillespie's direct method (1977), written
//! as a hazard that is counted down so that a changing input modulates the rate exactly too. The input acts on the way
//! out of rest alone, exponentially, as in the escape rates of Gerstner et al. 2014, sec. 9.1. A spike is the entry into firing.
//! The defaults are ours: 20 ms at rest without input, 1 ms of firing, 5 ms of refractoriness.
//!
//! In the long run the chain is in each state for a share of time proportional to the state's mean stay, and spikes at one over the
//! sum of the three. The exponential goes on as a line where gain·I is above 30.
//!
//! Look first at `q_rest`: a slow way back from refractoriness makes the intervals regular.

use crate::fields;
use crate::model::{Card, Jump, Neuron, Reference, zoo};
use crate::scalar::{Scalar, steep_exp};

fields! {
    /// State of the Markov neuron.
    pub struct State {
        s: "s", "s", "", 0.0, [0.0, 2.0], [0.0, 2.0], Potential, "Which state it is in: 0 rest, 1 firing, 2 refractory";
        h: "H", "H", "", -1.0, [-1e6, 1e6], [-4.0, 0.5], Recovery, "Hazard left until it goes on to the next state, counted up to zero";
    }
}

fields! {
    /// Parameters of the Markov neuron.
    pub struct Params {
        q_fire: "q_fire", "q_\\text{fire}", "1/ms", 0.05, [0.0, 1e6], [0.0, 0.5], Parameter, "Rate of going from rest to firing without input";
        gain: "gain", "g", "1/nA", 1.0, [-1e4, 1e4], [0.0, 3.0], Parameter, "How strongly the input acts on that rate";
        q_end: "q_end", "q_\\text{end}", "1/ms", 1.0, [0.0, 1e6], [0.0, 5.0], Parameter, "Rate of going from firing to refractory";
        q_rest: "q_rest", "q_\\text{rest}", "1/ms", 0.2, [0.0, 1e6], [0.0, 2.0], Parameter, "Rate of going from refractory to rest";
    }
}

/// The Markov neuron.
pub struct Markov;

/// Which state `s` stands for.
#[inline(always)]
fn place(s: f64) -> u8 {
    if s < 0.5 {
        0
    } else if s < 1.5 {
        1
    } else {
        2
    }
}

impl Neuron for Markov {
    const CARD: Card = Card {
        id: "markov",
        title: "Markov chain",
        summary: "Rest, firing and refractoriness as three states between which chance decides",
        equations: &["H' = q_\\text{fire} e^{g I},\\; s = 0", "H' = q_\\text{end},\\; s = 1", "H' = q_\\text{rest},\\; s = 2"],
        at_spike: &["s \\leftarrow 0, 1, 2, 0, \\text{…}", "H \\leftarrow -E,\\; E\\text{ exponential}"],
        current: zoo::current("nA", (-3.0, 3.0)),
        conductance_unit: "µS",
        dimensionless: false,
        dt: 0.05,
        duration: 300.0,
        rearm: 0.0,
        explosive: false,
        published_euler: false,
        window: [(-0.2, 2.2), (-4.0, 0.5)],
        references: &[
            Reference {
                text: "Gillespie 1977, Exact stochastic simulation of coupled chemical reactions, J Phys Chem 81:2340",
                doi: "10.1021/j100540a008",
            },
            Reference {
                text: "Gerstner, Kistler, Naud and Paninski 2014, Neuronal Dynamics, Cambridge University Press, sec. 9.1",
                doi: "10.1017/CBO9781107447615",
            },
        ],
    };
    type State<S: Scalar> = State<S>;
    type Params<S: Scalar> = Params<S>;
    const CHANCE: Option<usize> = Some(1);
    const PLACES: &'static [&'static str] = &["rest", "firing", "refractory"];

    #[inline(always)]
    fn rhs<S: Scalar>(x: &State<S>, p: &Params<S>, i: S) -> State<S> {
        let leave = match place(x.s.re()) {
            0 => p.q_fire * steep_exp(p.gain * i),
            1 => p.q_end,
            _ => p.q_rest,
        };
        State { s: S::from(0.0), h: leave }
    }

    #[inline(always)]
    fn spike<S: Scalar>(x: &State<S>, _p: &Params<S>) -> S {
        x.h
    }

    fn steady<S: Scalar>(v: S, _p: &Params<S>) -> State<S> {
        State { s: v, h: S::from(-1.0) }
    }

    fn reset<S: Scalar>(x: &State<S>, _p: &Params<S>) -> Option<Jump<State<S>, S>> {
        let next = f64::from((place(x.s.re()) + 1) % 3);
        Some(Jump { to: State { s: S::from(next), h: S::from(-1.0) }, hold: S::from(0.0) })
    }

    /// Firing is leg 0, so that entering it is the spike; then refractoriness, then rest.
    fn leg(x: &State<f64>) -> u64 {
        u64::from((place(x.s) + 2) % 3)
    }
}
