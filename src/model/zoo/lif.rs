//! The leaky integrate-and-fire neuron: a capacitor with a leak, a threshold and a reset.
//!
//! ```text
//! tau_m V' = E_L − V + R I
//! at V = V_th:  V ← V_reset, held for t_ref
//! ```
//! Time in ms, V in mV, R in MΩ, I in nA, conductances in µS.
//!
//! Source: Lapicque 1907; in this form Gerstner, Kistler, Naud and Paninski 2014, *Neuronal Dynamics*,
//! sec. 1.3. Defaults are those of its exercises (rest −70, reset −65, threshold −50 mV, R 10 MΩ, tau 8 ms,
//! `t_ref` 2 ms; threshold current 2 nA).
//!
//! Look first at `I` round (`V_th` − `E_L`)/R, where firing starts at rate zero.

use crate::fields;
use crate::model::{Card, Jump, Neuron, Reference, zoo};
use crate::scalar::Scalar;

fields! {
    /// State of the leaky integrate-and-fire neuron.
    pub struct State {
        v: "V", "V", "mV", -70.0, [-1000.0, 1000.0], [-90.0, -40.0], Potential, "Membrane potential";
    }
}

fields! {
    /// Parameters of the leaky integrate-and-fire neuron.
    pub struct Params {
        tau_m: "tau_m", "\\tau_m", "ms", 8.0, [1e-3, 1e6], [1.0, 50.0], Parameter, "Membrane time constant: how fast V forgets";
        r: "R", "R", "MΩ", 10.0, [1e-3, 1e6], [1.0, 100.0], Parameter, "Membrane resistance";
        e_l: "E_L", "E_\\text{L}", "mV", -70.0, [-1000.0, 1000.0], [-90.0, -50.0], Parameter, "Leak reversal potential: where V rests";
        v_th: "V_th", "V_\\text{th}", "mV", -50.0, [-1000.0, 1000.0], [-65.0, -30.0], Level, "Spike threshold";
        v_reset: "V_reset", "V_\\text{reset}", "mV", -65.0, [-1000.0, 1000.0], [-90.0, -50.0], Reset, "Potential right after a spike";
        t_ref: "t_ref", "t_\\text{ref}", "ms", 2.0, [0.0, 1e6], [0.0, 10.0], Parameter, "Absolute refractory period: V is held at the reset for so long";
    }
}

/// The leaky integrate-and-fire neuron.
pub struct Lif;

impl Neuron for Lif {
    const CARD: Card = Card {
        id: "lif",
        title: "Leaky integrate-and-fire",
        summary: "A leaky capacitor that is reset when its voltage reaches a threshold",
        equations: &["\\tau_m V' = E_\\text{L} - V + R I"],
        at_spike: &["V \\leftarrow V_\\text{reset}"],
        current: zoo::current("nA", (-1.0, 6.0)),
        conductance_unit: "µS",
        dimensionless: false,
        dt: 0.05,
        duration: 200.0,
        rearm: 0.0,
        explosive: false,
        published_euler: false,
        window: [(-85.0, -45.0), (-5.0, 5.0)],
        references: &[Reference {
            text: "Gerstner, Kistler, Naud and Paninski 2014, Neuronal Dynamics, Cambridge University Press, sec. 1.3",
            doi: "10.1017/CBO9781107447615",
        }],
    };
    type State<S: Scalar> = State<S>;
    type Params<S: Scalar> = Params<S>;

    #[inline(always)]
    fn rhs<S: Scalar>(x: &State<S>, p: &Params<S>, i: S) -> State<S> {
        State { v: (p.e_l - x.v + p.r * i) / p.tau_m }
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
