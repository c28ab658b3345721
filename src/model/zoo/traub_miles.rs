//! A Hodgkin–Huxley neuron of the mammalian cortex: Traub and Miles' rates.
//!
//! ```text
//! C V' = I − g_Na m³ h (V − E_Na) − g_K n⁴ (V − E_K) − g_L (V − E_L)
//! x' = α_x(V) (1 − x) − β_x(V) x      for x = m, h, n
//! with y = V − V_T:
//! α_m = 0.32 (13 − y)/(e^((13−y)/4) − 1)      β_m = 0.28 (y − 40)/(e^((y−40)/5) − 1)
//! α_h = 0.128 e^((17−y)/18)                   β_h = 4/(1 + e^((40−y)/5))
//! α_n = 0.032 (15 − y)/(e^((15−y)/5) − 1)     β_n = 0.5 e^((10−y)/40)
//! ```
//! Time in ms, V in mV, currents in µA/cm², conductances in mS/cm², C in µF/cm².
//!
//! Source: rates of Traub and Miles 1991 for hippocampal pyramidal cells, in the form and with the conductances of Brette et al.
//! 2007, appendix 2, benchmark 3 (`g_Na` 100, `g_K` 30, `g_L` 0.05 mS/cm², `E_Na` 50, `E_K` −90, `V_T` −63 mV), where `E_L` is −65 mV; Goodman's
//! course *Neuroscience for Machine Learners* takes them as its biological neuron, with an area of 20 000 µm² and synapses of
//! 2 nS, which is 0.01 mS/cm². The rates of m and n are 0/0 at 13, 40 and 15 mV above `V_T`; a series keeps values and
//! derivatives exact there. A spike is counted at −20 mV, the threshold of the benchmark's scripts: action potentials
//! reach +40 mV, and what fails stays below −40 mV.
//!
//! Look first at synaptic input that comes faster and faster: single inputs fail, and when they overlap they sum to a spike.

use crate::fields;
use crate::model::{Card, Neuron, Reference, zoo};
use crate::scalar::{Scalar, exprelr, logistic};

fields! {
    /// State of the Traub–Miles neuron.
    pub struct State {
        v: "V", "V", "mV", -65.0, [-1000.0, 1000.0], [-90.0, 60.0], Potential, "Membrane potential";
        m: "m", "m", "", 0.0155, [0.0, 1.0], [0.0, 1.0], Activation, "Fast activation of the sodium current";
        h: "h", "h", "", 0.9979, [0.0, 1.0], [0.0, 1.0], Inactivation, "Inactivation of the sodium current: 1 is available, 0 is inactivated";
        n: "n", "n", "", 0.0309, [0.0, 1.0], [0.0, 1.0], Recovery, "Slow activation of the potassium current";
    }
}

fields! {
    /// Parameters of the Traub–Miles neuron.
    pub struct Params {
        c_m: "C", "C", "µF/cm²", 1.0, [1e-3, 1e6], [0.2, 3.0], Detail, "Membrane capacitance";
        g_na: "g_Na", "g_\\text{Na}", "mS/cm²", 100.0, [0.0, 1e6], [0.0, 200.0], Parameter, "Maximal sodium conductance";
        e_na: "E_Na", "E_\\text{Na}", "mV", 50.0, [-1000.0, 1000.0], [0.0, 100.0], Reversal, "Sodium reversal potential";
        g_k: "g_K", "g_\\text{K}", "mS/cm²", 30.0, [0.0, 1e6], [0.0, 60.0], Parameter, "Maximal potassium conductance";
        e_k: "E_K", "E_\\text{K}", "mV", -90.0, [-1000.0, 1000.0], [-110.0, -60.0], Reversal, "Potassium reversal potential";
        g_l: "g_L", "g_\\text{L}", "mS/cm²", 0.05, [0.0, 1e6], [0.0, 0.3], Parameter, "Leak conductance";
        e_l: "E_L", "E_\\text{L}", "mV", -65.0, [-1000.0, 1000.0], [-80.0, -40.0], Reversal, "Leak reversal potential";
        v_t: "V_T", "V_\\text{T}", "mV", -63.0, [-1000.0, 1000.0], [-75.0, -45.0], Parameter, "Moves all rates along V, and the threshold with them";
    }
}

/// The neuron with the rates of Traub and Miles (1991).
pub struct TraubMiles;

/// Opening and closing rates of the three gates in 1/ms.
struct Rates<S> {
    m: (S, S),
    h: (S, S),
    n: (S, S),
}

#[inline(always)]
fn rates<S: Scalar>(v: S, p: &Params<S>) -> Rates<S> {
    let y = v - p.v_t;
    let to_40 = (y - 40.0) * 0.2;
    Rates {
        m: (exprelr((-y + 13.0) * 0.25) * 1.28, exprelr(to_40) * 1.4),
        h: (((-y + 17.0) * (1.0 / 18.0)).exp() * 0.128, logistic(to_40) * 4.0),
        n: (exprelr((-y + 15.0) * 0.2) * 0.16, ((-y + 10.0) * 0.025).exp() * 0.5),
    }
}

impl Neuron for TraubMiles {
    const CARD: Card = Card {
        id: "traub_miles",
        title: "Traub–Miles",
        summary: "A Hodgkin–Huxley neuron of the mammalian cortex, the biological neuron of courses",
        equations: &[
            "C V' = I - I_\\text{Na} - I_\\text{K} - I_\\text{L}",
            "I_\\text{Na} = g_\\text{Na} m^3 h (V - E_\\text{Na})",
            "I_\\text{K} = g_\\text{K} n^4 (V - E_\\text{K})",
            "I_\\text{L} = g_\\text{L} (V - E_\\text{L})",
            "x' = \\alpha_x(V) (1 - x) - \\beta_x(V) x,\\; x = m, h, n",
        ],
        at_spike: &[],
        current: zoo::current("µA/cm²", (-2.0, 10.0)),
        conductance_unit: "mS/cm²",
        dimensionless: false,
        dt: 0.01,
        duration: 200.0,
        rearm: 10.0,
        explosive: false,
        published_euler: false,
        window: [(-95.0, 50.0), (-0.05, 0.9)],
        references: &[
            Reference {
                text: "Traub and Miles 1991, Neuronal Networks of the Hippocampus, Cambridge University Press",
                doi: "10.1017/CBO9780511895401",
            },
            Reference {
                text: "Brette et al. 2007, Simulation of networks of spiking neurons: a review of tools and strategies, J Comput Neurosci 23:349",
                doi: "10.1007/s10827-007-0038-6",
            },
        ],
    };
    type State<S: Scalar> = State<S>;
    type Params<S: Scalar> = Params<S>;

    #[inline(always)]
    fn rhs<S: Scalar>(x: &State<S>, p: &Params<S>, i: S) -> State<S> {
        let r = rates(x.v, p);
        let n2 = x.n * x.n;
        let current = p.g_na * x.m * x.m * x.m * x.h * (x.v - p.e_na) + p.g_k * n2 * n2 * (x.v - p.e_k) + p.g_l * (x.v - p.e_l);
        let gate = |x: S, (open, close): (S, S)| open - (open + close) * x;
        State { v: (i - current) / p.c_m, m: gate(x.m, r.m), h: gate(x.h, r.h), n: gate(x.n, r.n) }
    }

    #[inline(always)]
    fn spike<S: Scalar>(x: &State<S>, _p: &Params<S>) -> S {
        x.v + 20.0
    }

    #[inline(always)]
    fn steady<S: Scalar>(v: S, p: &Params<S>) -> State<S> {
        let r = rates(v, p);
        let steady = |(open, close): (S, S)| open / (open + close);
        State { v, m: steady(r.m), h: steady(r.h), n: steady(r.n) }
    }

    /// The sigmoids of the gates turn within some 10 to 45 mV above `V_T`.
    fn bends(p: &Params<f64>) -> Vec<(f64, f64)> {
        vec![(p.v_t + 13.0, 10.0), (p.v_t + 35.0, 12.0)]
    }
}
