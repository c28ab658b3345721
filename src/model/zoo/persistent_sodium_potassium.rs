//! Persistent sodium and delayed-rectifier potassium: the smallest biophysical model that spikes by itself.
//!
//! ```text
//! C V' = I − g_L (V − E_L) − g_Na m_inf(V) (V − E_Na) − g_K n (V − E_K)
//! tau_n n' = n_inf(V) − n
//! x_inf(V) = 1/(1 + e^((x_half − V)/x_slope))      for x = m, n
//! ```
//! Time in ms, V in mV, currents in µA/cm², conductances in mS/cm², C in µF/cm².
//!
//! Source: Izhikevich 2007, sec. 4.1, eqs 4.1–4.2; defaults are its high-threshold set, in which firing
//! starts by a saddle-node on an invariant circle at I = 4.51. It is a relative of Morris and Lecar 1981.
//! A spike is counted at −20 mV.
//!
//! Look first at `n_half` and `E_L`: the low-threshold set turns an integrator into a resonator.

use crate::fields;
use crate::model::{Card, Neuron, Reference, zoo};
use crate::scalar::{Scalar, logistic};

fields! {
    /// State of the persistent sodium and potassium model.
    pub struct State {
        v: "V", "V", "mV", -65.0, [-1000.0, 1000.0], [-90.0, 30.0], Potential, "Membrane potential";
        n: "n", "n", "", 0.0, [0.0, 1.0], [0.0, 1.0], Recovery, "Activation of the potassium current";
    }
}

fields! {
    /// Parameters of the persistent sodium and potassium model.
    pub struct Params {
        c_m: "C", "C", "µF/cm²", 1.0, [1e-3, 1e6], [0.2, 3.0], Detail, "Membrane capacitance";
        g_l: "g_L", "g_\\text{L}", "mS/cm²", 8.0, [0.0, 1e6], [0.0, 20.0], Parameter, "Leak conductance";
        e_l: "E_L", "E_\\text{L}", "mV", -80.0, [-1000.0, 1000.0], [-90.0, -60.0], Reversal, "Leak reversal potential";
        g_na: "g_Na", "g_\\text{Na}", "mS/cm²", 20.0, [0.0, 1e6], [0.0, 40.0], Parameter, "Sodium conductance";
        e_na: "E_Na", "E_\\text{Na}", "mV", 60.0, [-1000.0, 1000.0], [0.0, 100.0], Reversal, "Sodium reversal potential";
        g_k: "g_K", "g_\\text{K}", "mS/cm²", 10.0, [0.0, 1e6], [0.0, 20.0], Parameter, "Potassium conductance";
        e_k: "E_K", "E_\\text{K}", "mV", -90.0, [-1000.0, 1000.0], [-110.0, -60.0], Reversal, "Potassium reversal potential";
        m_half: "m_half", "m_{1/2}", "mV", -20.0, [-1000.0, 1000.0], [-50.0, 0.0], Parameter, "Potential at which half of the sodium channels are open";
        m_slope: "m_slope", "k_m", "mV", 15.0, [1e-2, 1000.0], [2.0, 30.0], Detail, "Width of the sodium activation curve";
        n_half: "n_half", "n_{1/2}", "mV", -25.0, [-1000.0, 1000.0], [-60.0, 0.0], Parameter, "Potential at which half of the potassium channels are open";
        n_slope: "n_slope", "k_n", "mV", 5.0, [1e-2, 1000.0], [2.0, 30.0], Detail, "Width of the potassium activation curve";
        tau_n: "tau_n", "\\tau_n", "ms", 1.0, [1e-3, 1e6], [0.05, 3.0], Parameter, "Time constant of the potassium activation";
    }
}

/// The persistent sodium and potassium model.
pub struct PersistentSodiumPotassium;

impl Neuron for PersistentSodiumPotassium {
    const CARD: Card = Card {
        id: "persistent_sodium_potassium",
        title: "Persistent sodium + potassium",
        summary: "Two currents, two variables: the smallest biophysical model that spikes by itself",
        equations: &[
            "C V' = I - g_\\text{L}(V - E_\\text{L}) - g_\\text{Na} m_\\infty(V)(V - E_\\text{Na}) - g_\\text{K} n (V - E_\\text{K})",
            "\\tau_n n' = n_\\infty(V) - n",
            "x_\\infty(V) = 1/(1 + e^{(x_{1/2} - V)/k_x}),\\; x = m, n",
        ],
        at_spike: &[],
        current: zoo::current("µA/cm²", (-10.0, 60.0)),
        conductance_unit: "mS/cm²",
        dimensionless: false,
        dt: 0.005,
        duration: 100.0,
        rearm: 5.0,
        explosive: false,
        published_euler: false,
        window: [(-85.0, 25.0), (-0.05, 0.85)],
        references: &[
            Reference { text: "Izhikevich 2007, Dynamical Systems in Neuroscience, MIT Press, sec. 4.1", doi: "10.7551/mitpress/2526.001.0001" },
            Reference {
                text: "Morris and Lecar 1981, Voltage oscillations in the barnacle giant muscle fiber, Biophys J 35:193",
                doi: "10.1016/S0006-3495(81)84782-0",
            },
        ],
    };
    type State<S: Scalar> = State<S>;
    type Params<S: Scalar> = Params<S>;

    #[inline(always)]
    fn rhs<S: Scalar>(x: &State<S>, p: &Params<S>, i: S) -> State<S> {
        let m = logistic((x.v - p.m_half) / p.m_slope);
        let current = p.g_l * (x.v - p.e_l) + p.g_na * m * (x.v - p.e_na) + p.g_k * x.n * (x.v - p.e_k);
        State { v: (i - current) / p.c_m, n: (logistic((x.v - p.n_half) / p.n_slope) - x.n) / p.tau_n }
    }

    #[inline(always)]
    fn spike<S: Scalar>(x: &State<S>, _p: &Params<S>) -> S {
        x.v + 20.0
    }

    fn steady<S: Scalar>(v: S, p: &Params<S>) -> State<S> {
        State { v, n: logistic((v - p.n_half) / p.n_slope) }
    }

    fn bends(p: &Params<f64>) -> Vec<(f64, f64)> {
        vec![(p.m_half, p.m_slope), (p.n_half, p.n_slope)]
    }
}
