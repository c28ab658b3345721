//! The fast spiking interneuron: the simple model with a recovery that sets in steeply above a potential.
//!
//! ```text
//! C v' = k (v − v_r)(v − v_t) − u + I
//! u' = a (U(v) − u),   U(v) = 0 for v < v_b,  b (v − v_b)³ above
//! at v = v_peak:  v ← c,  u ← u + d
//! ```
//! Time in ms, v in mV, u and I in pA, C in pF, k in nS/mV (pA/mV²), b in pA/mV³, a in 1/ms.
//!
//! Source: Izhikevich 2007, *Dynamical Systems in Neuroscience*, sec. 8.2.5 and fig. 8.27 (layer 5 of rat visual
//! cortex): 20 v' = (v + 55)(v + 40) − u + I, peak 25, reset −45, u left alone at a spike. The book's rule thus has d = 0, and
//! its −55 is `v_b`, the place of the kink, not a jump of u; tables that carry b = −2 and d = −55 for this cell (the
//! archive `ModelDB` 39948, `NetPyNE`) put these numbers into the slots of the plain equations, and their own code for this
//! cell reads d as `v_b`, like the book. d is kept as a parameter, 0 by default. U and its first two derivatives
//! are continuous at `v_b`.
//!
//! Look first at `I` round 73.2 pA, the book's weakest current: a step fires the cell tonically although rest is stable
//! up to the Hopf bifurcation at 73.68 pA. More current gives more than a hundred Hz without adaptation.

use crate::fields;
use crate::model::zoo::izhikevich_2007::{BOOK, potential_slope};
use crate::model::{Card, Jump, Neuron, zoo};
use crate::scalar::{Scalar, positive_part};

fields! {
    /// State of the fast spiking interneuron.
    pub struct State {
        v: "v", "v", "mV", -55.0, [-1000.0, 1000.0], [-90.0, 40.0], Potential, "Membrane potential";
        u: "u", "u", "pA", 0.0, [-1e6, 1e6], [-20.0, 200.0], Recovery, "Recovery current";
    }
}

fields! {
    /// Parameters of the fast spiking interneuron.
    pub struct Params {
        c_m: "C", "C", "pF", 20.0, [1e-3, 1e6], [5.0, 300.0], Detail, "Membrane capacitance";
        k: "k", "k", "nS/mV", 1.0, [1e-6, 1e6], [0.1, 3.0], Detail, "Steepness of the quadratic: rheobase and input resistance fix it";
        v_r: "v_r", "v_r", "mV", -55.0, [-1000.0, 1000.0], [-90.0, -40.0], Parameter, "Resting potential at I = 0 and u = 0";
        v_t: "v_t", "v_t", "mV", -40.0, [-1000.0, 1000.0], [-60.0, -20.0], Parameter, "Instantaneous threshold at u = 0";
        v_peak: "v_peak", "v_\\text{peak}", "mV", 25.0, [-1000.0, 1000.0], [-20.0, 60.0], Level, "The spike is cut here and the reset applied";
        a: "a", "a", "1/ms", 0.2, [-1000.0, 1000.0], [0.0, 0.4], Parameter, "How fast u follows v; smaller is slower";
        b: "b", "b", "pA/mV³", 0.025, [-1e5, 1e5], [0.0, 0.1], Parameter, "How steeply u grows above v_b";
        v_b: "v_b", "v_b", "mV", -55.0, [-1000.0, 1000.0], [-80.0, -40.0], Parameter, "Below this potential nothing drives u";
        c: "c", "c", "mV", -45.0, [-1000.0, 1000.0], [-80.0, -30.0], Reset, "Potential right after a spike";
        d: "d", "d", "pA", 0.0, [-1e5, 1e5], [-100.0, 100.0], Detail, "u grows by d at each spike; the book leaves u alone";
    }
}

/// The fast spiking interneuron of Izhikevich (2007).
pub struct Izhikevich2007Fs;

/// The steady recovery current U(v) in pA.
#[inline(always)]
fn steady_recovery<S: Scalar>(v: S, p: &Params<S>) -> S {
    let above = positive_part(v - p.v_b);
    p.b * above * above * above
}

impl Neuron for Izhikevich2007Fs {
    const CARD: Card = Card {
        id: "izhikevich_2007_fs",
        title: "Izhikevich 2007, fast spiking",
        summary: "A cortical interneuron: recovery sets in steeply, and spikes do not adapt",
        equations: &["C v' = k (v - v_r)(v - v_t) - u + I", "u' = a (U(v) - u)", "U(v) = b (v - v_b)^3,\\; v > v_b,\\;\\text{else } 0"],
        at_spike: &["v \\leftarrow c", "u \\leftarrow u + d"],
        current: zoo::current("pA", (-50.0, 500.0)),
        conductance_unit: "nS",
        dimensionless: false,
        dt: 0.02,
        duration: 200.0,
        rearm: 0.0,
        explosive: true,
        published_euler: true,
        window: [(-75.0, -20.0), (-30.0, 220.0)],
        references: &[BOOK],
    };
    type State<S: Scalar> = State<S>;
    type Params<S: Scalar> = Params<S>;

    #[inline(always)]
    fn rhs<S: Scalar>(x: &State<S>, p: &Params<S>, i: S) -> State<S> {
        State { v: potential_slope(x.v, x.u, i, (p.c_m, p.k), (p.v_r, p.v_t)), u: p.a * (steady_recovery(x.v, p) - x.u) }
    }

    #[inline(always)]
    fn spike<S: Scalar>(x: &State<S>, p: &Params<S>) -> S {
        x.v - p.v_peak
    }

    fn steady<S: Scalar>(v: S, p: &Params<S>) -> State<S> {
        State { v, u: steady_recovery(v, p) }
    }

    fn reset<S: Scalar>(x: &State<S>, p: &Params<S>) -> Option<Jump<State<S>, S>> {
        Some(Jump { to: State { v: p.c, u: x.u + p.d }, hold: S::from(0.0) })
    }

    /// The knee of the parabola below `v_b`, the kink, and the inflexion of the cubic, which parts its two knees.
    fn bends(p: &Params<f64>) -> Vec<(f64, f64)> {
        let inflexion = p.v_b + p.k / (3.0 * p.b);
        let places = [0.5 * (p.v_r + p.v_t), p.v_b, inflexion];
        places.into_iter().filter(|v| v.abs() < 1e6).map(|v| (v, 10.0)).collect()
    }
}
