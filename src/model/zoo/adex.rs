//! The adaptive exponential integrate-and-fire neuron.
//!
//! ```text
//! C V' = −g_L (V − E_L) + g_L Delta_T e^((V − V_T)/Delta_T) − w + I
//! tau_w w' = a (V − E_L) − w
//! at V = V_peak:  V ← V_reset, held for t_ref;  w ← w + b
//! ```
//! Time in ms, V in mV, w and I in pA, C in pF, `g_L` and a in nS, b in pA.
//!
//! Source: Brette and Gerstner 2005, eqs 1–3; defaults are its table for a regular spiking pyramidal cell
//! (`tau_w` 144 ms, a 4 nS, b 80.5 pA) with the cut at 20 mV. The exponent is never clipped: the ranges and
//! one condition keep (V − `V_T`)/`Delta_T` at 600 or below, and the simulator splits its steps on the upstroke
//! so that no overshoot reaches w.
//!
//! Look first at `V_reset`: raise it above `V_T` and single spikes turn into bursts (Naud et al. 2008).

use crate::fields;
use crate::model::{Card, Jump, Neuron, Reference, zoo};
use crate::scalar::Scalar;

/// Largest exponent that the equations may meet: e^600 times any conductance is still a number.
const STEEPEST: f64 = 600.0;

fields! {
    /// State of the adaptive exponential neuron.
    pub struct State {
        v: "V", "V", "mV", -70.6, [-1000.0, 1000.0], [-90.0, 20.0], Potential, "Membrane potential";
        w: "w", "w", "pA", 0.0, [-1e6, 1e6], [-100.0, 400.0], Recovery, "Adaptation current";
    }
}

fields! {
    /// Parameters of the adaptive exponential neuron.
    pub struct Params {
        c_m: "C", "C", "pF", 281.0, [1e-3, 1e6], [50.0, 400.0], Detail, "Membrane capacitance";
        g_l: "g_L", "g_\\text{L}", "nS", 30.0, [0.0, 1e6], [1.0, 40.0], Parameter, "Leak conductance";
        e_l: "E_L", "E_\\text{L}", "mV", -70.6, [-1000.0, 1000.0], [-90.0, -50.0], Parameter, "Leak reversal potential";
        v_t: "V_T", "V_\\text{T}", "mV", -50.4, [-1000.0, 1000.0], [-65.0, -35.0], Parameter, "Potential at which the exponential upstroke takes over";
        delta_t: "Delta_T", "\\Delta_\\text{T}", "mV", 2.0, [1e-2, 1000.0], [0.2, 6.0], Parameter, "Sharpness of the upstroke; small is sharp";
        a: "a", "a", "nS", 4.0, [-1e5, 1e5], [-15.0, 20.0], Parameter, "How strongly w follows V below threshold";
        tau_w: "tau_w", "\\tau_w", "ms", 144.0, [1e-3, 1e6], [5.0, 400.0], Parameter, "Time constant of the adaptation";
        b: "b", "b", "pA", 80.5, [-1e5, 1e5], [0.0, 500.0], Parameter, "w grows by b at each spike";
        v_reset: "V_reset", "V_\\text{reset}", "mV", -70.6, [-1000.0, 1000.0], [-75.0, -40.0], Reset, "Potential right after a spike";
        v_peak: "V_peak", "V_\\text{peak}", "mV", 20.0, [-1000.0, 1000.0], [-30.0, 40.0], Level, "The spike is cut here and the reset applied";
        t_ref: "t_ref", "t_\\text{ref}", "ms", 0.0, [0.0, 1e6], [0.0, 10.0], Detail, "Refractory period: V is held at the reset for so long";
    }
}

/// The adaptive exponential integrate-and-fire neuron.
pub struct AdEx;

impl Neuron for AdEx {
    const CARD: Card = Card {
        id: "adex",
        title: "Adaptive exponential",
        summary: "An exponential upstroke and one adaptation current: two variables fitted to real cells",
        equations: &[
            "C V' = -g_\\text{L}(V - E_\\text{L}) + g_\\text{L}\\Delta_\\text{T} e^{(V - V_\\text{T})/\\Delta_\\text{T}} - w + I",
            "\\tau_w w' = a (V - E_\\text{L}) - w",
        ],
        at_spike: &["V \\leftarrow V_\\text{reset}", "w \\leftarrow w + b"],
        current: zoo::current("pA", (-200.0, 1500.0)),
        conductance_unit: "nS",
        dimensionless: false,
        dt: 0.02,
        duration: 500.0,
        rearm: 0.0,
        explosive: true,
        published_euler: false,
        window: [(-85.0, -35.0), (-100.0, 500.0)],
        references: &[
            Reference {
                text: "Brette and Gerstner 2005, Adaptive exponential integrate-and-fire model as an effective description of neuronal activity, J Neurophysiol 94:3637",
                doi: "10.1152/jn.00686.2005",
            },
            Reference {
                text: "Naud, Marcille, Clopath and Gerstner 2008, Firing patterns in the adaptive exponential integrate-and-fire model, Biol Cybern 99:335",
                doi: "10.1007/s00422-008-0264-7",
            },
        ],
    };
    type State<S: Scalar> = State<S>;
    type Params<S: Scalar> = Params<S>;

    #[inline(always)]
    fn rhs<S: Scalar>(x: &State<S>, p: &Params<S>, i: S) -> State<S> {
        let leak = p.e_l - x.v + p.delta_t * ((x.v - p.v_t) / p.delta_t).exp();
        State { v: (p.g_l * leak - x.w + i) / p.c_m, w: (p.a * (x.v - p.e_l) - x.w) / p.tau_w }
    }

    #[inline(always)]
    fn spike<S: Scalar>(x: &State<S>, p: &Params<S>) -> S {
        x.v - p.v_peak
    }

    fn steady<S: Scalar>(v: S, p: &Params<S>) -> State<S> {
        State { v, w: p.a * (v - p.e_l) }
    }

    fn reset<S: Scalar>(x: &State<S>, p: &Params<S>) -> Option<Jump<State<S>, S>> {
        Some(Jump { to: State { v: p.v_reset, w: x.w + p.b }, hold: p.t_ref })
    }

    fn bends(p: &Params<f64>) -> Vec<(f64, f64)> {
        vec![(p.v_t, p.delta_t)]
    }

    fn check(p: &Params<f64>) -> Result<(), String> {
        let steepest = (p.v_peak - p.v_t) / p.delta_t;
        if steepest <= STEEPEST {
            return Ok(());
        }
        Err(format!("(V_peak - V_T)/Delta_T = {steepest} is above {STEEPEST}: lower V_peak, or raise V_T or Delta_T"))
    }
}
