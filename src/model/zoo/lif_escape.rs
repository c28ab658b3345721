//! The leaky integrate-and-fire neuron with a soft threshold: it fires by chance, the more likely the higher V.
//!
//! ```text
//! tau_m V' = E_L − V + R I
//! H' = rho(V) = rho_0 e^((V − V_th)/Delta_V)
//! at H = 0:  V ← V_reset, held for t_ref;  H ← −E,   E exponential with mean 1
//! ```
//! Time in ms, V in mV, R in MΩ, I in nA, `rho_0` in 1/ms, H without unit, conductances in µS.
//!
//! Source: exponential escape rate, Gerstner, Kistler, Naud and Paninski 2014, *Neuronal Dynamics*, sec. 9.1; its size in
//! cortical cells, a few mV wide and some 50 Hz at the threshold, after Jolivet et al. 2006. The leak is that of `lif`. During the
//! refractory hold V and H stand still. A spike falls where the integrated hazard reaches a unit exponential number (time
//! rescaling, Brown et al. 2002), so that no probability per step is involved. From 30 widths above threshold the
//! exponential goes on as its tangent; firing is immediate there.
//!
//! As `Delta_V` shrinks, the threshold hardens: the cell fires as soon as V crosses `V_th`, and `lif` comes back.
//!
//! Look first at a current below threshold, where `lif` is silent and this neuron fires now and then.

use crate::fields;
use crate::model::{Card, Jump, Neuron, Reference, zoo};
use crate::scalar::{Scalar, steep_exp};

fields! {
    /// State of the neuron with a soft threshold.
    pub struct State {
        v: "V", "V", "mV", -70.0, [-1000.0, 1000.0], [-90.0, -40.0], Potential, "Membrane potential";
        h: "H", "H", "", -1.0, [-1e6, 1e6], [-4.0, 0.5], Recovery, "Hazard left until the next spike, counted up to zero";
    }
}

fields! {
    /// Parameters of the neuron with a soft threshold.
    pub struct Params {
        tau_m: "tau_m", "\\tau_m", "ms", 8.0, [1e-3, 1e6], [1.0, 50.0], Parameter, "Membrane time constant: how fast V forgets";
        r: "R", "R", "MΩ", 10.0, [1e-3, 1e6], [1.0, 100.0], Parameter, "Membrane resistance";
        e_l: "E_L", "E_\\text{L}", "mV", -70.0, [-1000.0, 1000.0], [-90.0, -50.0], Parameter, "Leak reversal potential: where V rests";
        v_th: "V_th", "V_\\text{th}", "mV", -50.0, [-1000.0, 1000.0], [-65.0, -30.0], Level, "Potential at which the hazard is rho_0";
        v_reset: "V_reset", "V_\\text{reset}", "mV", -65.0, [-1000.0, 1000.0], [-90.0, -50.0], Reset, "Potential right after a spike";
        t_ref: "t_ref", "t_\\text{ref}", "ms", 2.0, [0.0, 1e6], [0.0, 10.0], Parameter, "Absolute refractory period: V is held at the reset for so long";
        rho_0: "rho_0", "\\rho_0", "1/ms", 0.05, [0.0, 1e6], [0.0, 1.0], Parameter, "Hazard of a spike at the threshold";
        delta_v: "Delta_V", "\\Delta_V", "mV", 4.0, [1e-2, 1000.0], [0.2, 10.0], Parameter, "Softness of the threshold: the hazard grows e-fold over this";
    }
}

/// The leaky integrate-and-fire neuron with an exponential escape rate.
pub struct LifEscape;

impl Neuron for LifEscape {
    const CARD: Card = Card {
        id: "lif_escape",
        title: "LIF with soft threshold",
        summary: "A leaky integrate-and-fire neuron that fires by chance, the more likely the higher its voltage",
        equations: &["\\tau_m V' = E_\\text{L} - V + R I", "H' = \\rho_0 e^{(V - V_\\text{th})/\\Delta_V}"],
        at_spike: &["V \\leftarrow V_\\text{reset}", "H \\leftarrow -E,\\; E\\text{ exponential}"],
        current: zoo::current("nA", (-1.0, 6.0)),
        conductance_unit: "µS",
        dimensionless: false,
        dt: 0.05,
        duration: 500.0,
        rearm: 0.0,
        explosive: false,
        published_euler: false,
        window: [(-85.0, -40.0), (-4.0, 0.5)],
        references: &[
            Reference {
                text: "Gerstner, Kistler, Naud and Paninski 2014, Neuronal Dynamics, Cambridge University Press, sec. 9.1",
                doi: "10.1017/CBO9781107447615",
            },
            Reference {
                text: "Jolivet, Rauch, Lüscher and Gerstner 2006, Predicting spike timing of neocortical pyramidal neurons by simple threshold models, J Comput Neurosci 21:35",
                doi: "10.1007/s10827-006-7074-5",
            },
        ],
    };
    type State<S: Scalar> = State<S>;
    type Params<S: Scalar> = Params<S>;
    const CHANCE: Option<usize> = Some(1);
    const HELD: usize = 2;

    #[inline(always)]
    fn rhs<S: Scalar>(x: &State<S>, p: &Params<S>, i: S) -> State<S> {
        State { v: (p.e_l - x.v + p.r * i) / p.tau_m, h: p.rho_0 * steep_exp((x.v - p.v_th) / p.delta_v) }
    }

    #[inline(always)]
    fn spike<S: Scalar>(x: &State<S>, _p: &Params<S>) -> S {
        x.h
    }

    fn steady<S: Scalar>(v: S, _p: &Params<S>) -> State<S> {
        State { v, h: S::from(-1.0) }
    }

    fn reset<S: Scalar>(_x: &State<S>, p: &Params<S>) -> Option<Jump<State<S>, S>> {
        Some(Jump { to: State { v: p.v_reset, h: S::from(-1.0) }, hold: p.t_ref })
    }
}
