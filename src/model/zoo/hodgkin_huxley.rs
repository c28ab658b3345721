//! The squid giant axon: sodium, potassium and leak currents with three gates.
//!
//! ```text
//! C V' = I − g_Na m³ h (V − E_Na) − g_K n⁴ (V − E_K) − g_L (V − E_L)
//! x' = α_x(V) (1 − x) − β_x(V) x      for x = m, h, n, times 3^((T − 6.3)/10)
//! with y = V − V_shift:
//! α_m = 0.1 (y + 40)/(1 − e^(−(y+40)/10))     β_m = 4 e^(−(y+65)/18)
//! α_h = 0.07 e^(−(y+65)/20)                   β_h = 1/(1 + e^(−(y+35)/10))
//! α_n = 0.01 (y + 55)/(1 − e^(−(y+55)/10))    β_n = 0.125 e^(−(y+65)/80)
//! ```
//! Time in ms, V in mV, currents in µA/cm², conductances in mS/cm², C in µF/cm², T in °C.
//!
//! Source: Hodgkin and Huxley 1952, eqs 12, 13, 20, 21, 23, 24 and table 3, with the sign of V turned and
//! rest at −65 mV; `V_shift` = 65 gives the convention of 1952, rest at 0. `E_L` = −54.387 mV makes the rest
//! current vanish at −65 mV (1952: 10.613 mV); many texts round it to −54.4. A Q10 of 3 is the paper's.
//! The rates of m and n are 0/0 at −40 and −55 mV; a series keeps their values and derivatives exact there.
//! All six rates share two exponentials, because the constants 80, 20 and 10 mV are multiples of each other.
//!
//! Look first at `I` between 6 and 10: rest and firing are both stable.

use crate::fields;
use crate::model::{Card, Neuron, Reference, zoo};
use crate::scalar::{Scalar, exprelr_from_exp};

fields! {
    /// State of the Hodgkin–Huxley model.
    pub struct State {
        v: "V", "V", "mV", -65.0, [-1000.0, 1000.0], [-90.0, 60.0], Potential, "Membrane potential";
        m: "m", "m", "", 0.052_932, [0.0, 1.0], [0.0, 1.0], Activation, "Fast activation of the sodium current";
        h: "h", "h", "", 0.596_121, [0.0, 1.0], [0.0, 1.0], Inactivation, "Inactivation of the sodium current: 1 is available, 0 is inactivated";
        n: "n", "n", "", 0.317_677, [0.0, 1.0], [0.0, 1.0], Recovery, "Slow activation of the potassium current";
    }
}

fields! {
    /// Parameters of the Hodgkin–Huxley model.
    pub struct Params {
        c_m: "C", "C", "µF/cm²", 1.0, [1e-3, 1e6], [0.2, 3.0], Detail, "Membrane capacitance";
        g_na: "g_Na", "g_\\text{Na}", "mS/cm²", 120.0, [0.0, 1e6], [0.0, 240.0], Parameter, "Maximal sodium conductance; zero is a complete block by tetrodotoxin";
        e_na: "E_Na", "E_\\text{Na}", "mV", 50.0, [-1000.0, 1000.0], [0.0, 100.0], Reversal, "Sodium reversal potential";
        g_k: "g_K", "g_\\text{K}", "mS/cm²", 36.0, [0.0, 1e6], [0.0, 72.0], Parameter, "Maximal potassium conductance; zero is a complete block by tetraethylammonium";
        e_k: "E_K", "E_\\text{K}", "mV", -77.0, [-1000.0, 1000.0], [-100.0, -40.0], Reversal, "Potassium reversal potential; more potassium outside raises it";
        g_l: "g_L", "g_\\text{L}", "mS/cm²", 0.3, [0.0, 1e6], [0.0, 1.0], Parameter, "Leak conductance";
        e_l: "E_L", "E_\\text{L}", "mV", -54.387, [-1000.0, 1000.0], [-80.0, -30.0], Reversal, "Leak reversal potential";
        v_shift: "V_shift", "V_\\text{shift}", "mV", 0.0, [-1000.0, 1000.0], [-20.0, 65.0], Detail, "Moves all rates along V; 65 with shifted reversal potentials is the convention of 1952, rest at 0";
        t: "T", "T", "°C", 6.3, [-50.0, 150.0], [0.0, 30.0], Detail, "Temperature: rates are three times as fast for each 10 °C more";
    }
}

/// The model of Hodgkin and Huxley (1952).
pub struct HodgkinHuxley;

/// Opening and closing rates of the three gates in 1/ms.
struct Rates<S> {
    m: (S, S),
    h: (S, S),
    n: (S, S),
}

#[inline(always)]
fn rates<S: Scalar>(v: S, p: &Params<S>) -> Rates<S> {
    let y = v - p.v_shift;
    let q = ((y + 65.0) * (-1.0 / 80.0)).exp();
    let q2 = q * q;
    let q4 = q2 * q2;
    let tenth = q4 * q4; // e^(−(y+65)/10)
    let phi = ((p.t - 6.3) * (3.0_f64.ln() / 10.0)).exp();
    let (x_m, x_n) = ((y + 40.0) * -0.1, (y + 55.0) * -0.1);
    Rates {
        m: (phi * exprelr_from_exp(x_m, tenth * 2.5_f64.exp()), phi * ((y + 65.0) * (-1.0 / 18.0)).exp() * 4.0),
        h: (phi * q4 * 0.07, phi / (tenth * 3.0_f64.exp() + 1.0)),
        n: (phi * exprelr_from_exp(x_n, tenth * 1.0_f64.exp()) * 0.1, phi * q * 0.125),
    }
}

impl Neuron for HodgkinHuxley {
    const CARD: Card = Card {
        id: "hodgkin_huxley",
        title: "Hodgkin–Huxley 1952",
        summary: "The squid giant axon: sodium, potassium and leak currents with three gates",
        equations: &[
            "C V' = I - I_\\text{Na} - I_\\text{K} - I_\\text{L}",
            "I_\\text{Na} = g_\\text{Na} m^3 h (V - E_\\text{Na})",
            "I_\\text{K} = g_\\text{K} n^4 (V - E_\\text{K})",
            "I_\\text{L} = g_\\text{L} (V - E_\\text{L})",
            "x' = (x_\\infty(V) - x)/\\tau_x(V),\\; x = m, h, n",
        ],
        at_spike: &[],
        current: zoo::current("µA/cm²", (-10.0, 30.0)),
        conductance_unit: "mS/cm²",
        dimensionless: false,
        dt: 0.01,
        duration: 200.0,
        rearm: 10.0,
        explosive: false,
        published_euler: false,
        window: [(-85.0, 50.0), (0.28, 0.82)],
        references: &[Reference {
            text: "Hodgkin and Huxley 1952, A quantitative description of membrane current, J Physiol 117:500",
            doi: "10.1113/jphysiol.1952.sp004764",
        }],
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
    fn spike<S: Scalar>(x: &State<S>, p: &Params<S>) -> S {
        x.v - p.v_shift
    }

    #[inline(always)]
    fn steady<S: Scalar>(v: S, p: &Params<S>) -> State<S> {
        let r = rates(v, p);
        let steady = |(open, close): (S, S)| open / (open + close);
        State { v, m: steady(r.m), h: steady(r.h), n: steady(r.n) }
    }

    fn bends(p: &Params<f64>) -> Vec<(f64, f64)> {
        vec![(-45.0 + p.v_shift, 25.0)]
    }

    fn start(p: &Params<f64>) -> f64 {
        -65.0 + p.v_shift
    }
}
