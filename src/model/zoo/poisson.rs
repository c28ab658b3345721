//! The Poisson neuron: it fires by chance, at a rate and without memory.
//!
//! ```text
//! H' = (rate + I)/1000        where rate + I > 0, else 0
//! at H = 0:  H ← −E,   E exponential with mean 1
//! ```
//! Time in ms, rate and I in Hz, H without unit: the expected number of spikes, counted up to zero.
//!
//! Source: Dayan and Abbott 2001, *Theoretical Neuroscience*, sec. 1.4; time rescaling: Brown et al. 2002. The interval ends
//! when the integrated rate has reached a unit exponential number. With a constant rate the intervals are exponential (CV 1)
//! and counts have Fano factor 1; with an input that changes in time this is the inhomogeneous process, exactly, with
//! no bins. I has the unit of the rate, and adds to it.
//!
//! Look first at a sine as stimulus: spikes crowd where the rate is high, and every seed crowds them there in another way.

use crate::fields;
use crate::model::{Card, Jump, Neuron, Reference, zoo};
use crate::scalar::{Scalar, positive_part};

fields! {
    /// State of the Poisson neuron.
    pub struct State {
        h: "H", "H", "", -1.0, [-1e6, 1e6], [-4.0, 0.5], Potential, "Expected number of spikes left until the next one, counted up to zero";
    }
}

fields! {
    /// Parameters of the Poisson neuron.
    pub struct Params {
        rate: "rate", "r", "Hz", 40.0, [0.0, 1e5], [0.0, 200.0], Parameter, "Mean number of spikes a second";
    }
}

/// The Poisson neuron.
pub struct Poisson;

impl Neuron for Poisson {
    const CARD: Card = Card {
        id: "poisson",
        title: "Poisson",
        summary: "Spikes by chance, at a given rate and without memory",
        equations: &["H' = (r + I)/1000"],
        at_spike: &["H \\leftarrow -E,\\; E\\text{ exponential}"],
        current: zoo::current("Hz", (-50.0, 200.0)),
        conductance_unit: "Hz/mV",
        dimensionless: false,
        dt: 0.5,
        duration: 1000.0,
        rearm: 0.0,
        explosive: false,
        published_euler: false,
        window: [(-5.0, 0.5), (-1.0, 1.0)],
        references: &[
            Reference { text: "Dayan and Abbott 2001, Theoretical Neuroscience, MIT Press, sec. 1.4", doi: "" },
            Reference {
                text: "Brown, Barbieri, Ventura, Kass and Frank 2002, The time-rescaling theorem and its application to neural spike train data analysis, Neural Comput 14:325",
                doi: "10.1162/08997660252741149",
            },
        ],
    };
    type State<S: Scalar> = State<S>;
    type Params<S: Scalar> = Params<S>;
    const CHANCE: Option<usize> = Some(0);

    #[inline(always)]
    fn rhs<S: Scalar>(_x: &State<S>, p: &Params<S>, i: S) -> State<S> {
        State { h: positive_part(p.rate + i) * 1e-3 }
    }

    #[inline(always)]
    fn spike<S: Scalar>(x: &State<S>, _p: &Params<S>) -> S {
        x.h
    }

    fn steady<S: Scalar>(v: S, _p: &Params<S>) -> State<S> {
        State { h: v }
    }

    fn reset<S: Scalar>(_x: &State<S>, _p: &Params<S>) -> Option<Jump<State<S>, S>> {
        Some(Jump { to: State { h: S::from(-1.0) }, hold: S::from(0.0) })
    }
}
