//! One persistent sodium current with instantaneous activation: a one-variable, bistable membrane.
//!
//! ```text
//! C V' = I − g_L (V − E_L) − g_Na m_inf(V) (V − E_Na)
//! m_inf(V) = 1/(1 + e^((m_half − V)/m_slope))
//! at V = V_peak:  V ← V_reset
//! ```
//! Time in ms, V in mV, currents in µA/cm², conductances in mS/cm², C in µF/cm².
//!
//! Source: Izhikevich 2007, sec. 3.3.3, whose values are the defaults. The peak stands at `E_Na`, which V
//! never reaches, so the membrane stays bistable as in the text; lower it and the model fires.
//!
//! Look first at the phase line: two stable rests and a threshold between them, until I reaches 15.78.

use crate::fields;
use crate::model::{Card, Jump, Neuron, Reference, zoo};
use crate::scalar::{Scalar, logistic};

fields! {
    /// State of the persistent sodium model.
    pub struct State {
        v: "V", "V", "mV", -60.0, [-1000.0, 1000.0], [-80.0, 60.0], Potential, "Membrane potential";
    }
}

fields! {
    /// Parameters of the persistent sodium model.
    pub struct Params {
        c_m: "C", "C", "µF/cm²", 10.0, [1e-3, 1e6], [1.0, 30.0], Detail, "Membrane capacitance";
        g_l: "g_L", "g_\\text{L}", "mS/cm²", 19.0, [0.0, 1e6], [0.0, 40.0], Parameter, "Leak conductance";
        e_l: "E_L", "E_\\text{L}", "mV", -67.0, [-1000.0, 1000.0], [-90.0, -40.0], Reversal, "Leak reversal potential";
        g_na: "g_Na", "g_\\text{Na}", "mS/cm²", 74.0, [0.0, 1e6], [0.0, 150.0], Parameter, "Sodium conductance";
        e_na: "E_Na", "E_\\text{Na}", "mV", 60.0, [-1000.0, 1000.0], [0.0, 100.0], Reversal, "Sodium reversal potential";
        m_half: "m_half", "V_{1/2}", "mV", 1.5, [-1000.0, 1000.0], [-40.0, 30.0], Parameter, "Potential at which half of the sodium channels are open";
        m_slope: "m_slope", "k_m", "mV", 16.0, [1e-2, 1000.0], [2.0, 30.0], Parameter, "Width of the sodium activation curve";
        v_peak: "V_peak", "V_\\text{peak}", "mV", 60.0, [-1000.0, 1000.0], [-40.0, 60.0], Level, "A spike is counted here and the reset applied; at E_Na it is never reached";
        v_reset: "V_reset", "V_\\text{reset}", "mV", -60.0, [-1000.0, 1000.0], [-80.0, -40.0], Reset, "Potential right after a spike";
    }
}

/// The persistent sodium model.
pub struct PersistentSodium;

impl Neuron for PersistentSodium {
    const CARD: Card = Card {
        id: "persistent_sodium",
        title: "Persistent sodium",
        summary: "One variable: a leak and an instantaneous sodium current make two stable rests",
        equations: &[
            "C V' = I - g_\\text{L}(V - E_\\text{L}) - g_\\text{Na} m_\\infty(V)(V - E_\\text{Na})",
            "m_\\infty(V) = 1/(1 + e^{(V_{1/2} - V)/k_m})",
        ],
        at_spike: &["V \\leftarrow V_\\text{reset}"],
        current: zoo::current("µA/cm²", (-50.0, 60.0)),
        conductance_unit: "mS/cm²",
        dimensionless: false,
        dt: 0.005,
        duration: 10.0,
        rearm: 0.0,
        explosive: false,
        published_euler: false,
        window: [(-75.0, 55.0), (-80.0, 80.0)],
        references: &[Reference {
            text: "Izhikevich 2007, Dynamical Systems in Neuroscience, MIT Press, sec. 3.3",
            doi: "10.7551/mitpress/2526.001.0001",
        }],
    };
    type State<S: Scalar> = State<S>;
    type Params<S: Scalar> = Params<S>;

    #[inline(always)]
    fn rhs<S: Scalar>(x: &State<S>, p: &Params<S>, i: S) -> State<S> {
        let m = logistic((x.v - p.m_half) / p.m_slope);
        State { v: (i - p.g_l * (x.v - p.e_l) - p.g_na * m * (x.v - p.e_na)) / p.c_m }
    }

    #[inline(always)]
    fn spike<S: Scalar>(x: &State<S>, p: &Params<S>) -> S {
        x.v - p.v_peak
    }

    fn steady<S: Scalar>(v: S, _p: &Params<S>) -> State<S> {
        State { v }
    }

    fn reset<S: Scalar>(_x: &State<S>, p: &Params<S>) -> Option<Jump<State<S>, S>> {
        Some(Jump { to: State { v: p.v_reset }, hold: S::from(0.0) })
    }

    fn bends(p: &Params<f64>) -> Vec<(f64, f64)> {
        vec![(p.m_half, p.m_slope)]
    }
}
