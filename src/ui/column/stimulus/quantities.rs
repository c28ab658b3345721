//! What matters most in a stimulus, as sliders: symbol, range and meaning.

use std::ops::RangeInclusive;

use crate::app::stimuli::Measure;
use crate::model::{Field, Kind};
use crate::stimulus::Synapse;

/// A quantity of a stimulus that has a slider.
pub struct Quantity {
    /// The word it goes by.
    pub name: &'static str,
    symbol: &'static str,
    meaning: &'static str,
    /// What its slider shows, for a model and a run.
    shown: fn(&Measure) -> (f64, f64),
}

const fn quantity(name: &'static str, symbol: &'static str, shown: fn(&Measure) -> (f64, f64), meaning: &'static str) -> Quantity {
    Quantity { name, symbol, meaning, shown }
}

/// As far to either side of zero.
const fn both(x: f64) -> (f64, f64) {
    (-x, x)
}

/// Strength of a current.
pub static AMPLITUDE: Quantity = quantity("amplitude", "A", |m| both(2.0 * m.current), "Amplitude: how strong the current is");
/// Strength of coloured noise.
pub static SD: Quantity = quantity("sd", "\\sigma", |m| (0.0, m.current), "Standard deviation: how far the noise strays from its mean");
/// Strength of white noise.
pub static WHITE_SD: Quantity = quantity(
    "sd",
    "\\sigma",
    |m| (0.0, m.current * m.part(0.02).sqrt()),
    "Strength of white noise: its sum over a time T has the standard deviation \u{3c3}\u{b7}\u{221a}T",
);
/// Memory of coloured noise.
pub static NOISE_TAU: Quantity = quantity("\u{3c4}", "\\tau", time, "Correlation time: how long the noise remembers what it was");
/// Decay of a synapse.
pub static SYNAPSE_TAU: Quantity =
    quantity("\u{3c4}", "\\tau_\\text{I}", time, "Time constant of the synapse: how long an input spike goes on acting");
/// Rate of a random train.
pub static RATE: Quantity = quantity("rate", "r", |m| (0.0, 100.0 / m.duration * m.per_second), "Mean rate at which input spikes arrive by chance");

static JUMP: Quantity = quantity("weight", "w", |m| both(10.0 * m.jump), "Weight: by how much one input spike moves the potential");
static CURRENT: Quantity = quantity("weight", "w", |m| both(2.0 * m.current), "Weight: the current that one input spike adds at once");
static AREA: Quantity =
    quantity("weight", "w", |m| both(2.0 * m.current * m.part(0.05)), "Weight: the charge that one input spike brings in the end");
static CONDUCTANCE: Quantity = quantity("weight", "w", |m| (0.0, 4.0 * m.conductance), "Weight: the conductance that one input spike opens at once");

/// The weight of a synapse.
pub fn weight(synapse: &Synapse) -> &'static Quantity {
    match synapse {
        Synapse::Delta {} => &JUMP,
        Synapse::Exponential { .. } => &CURRENT,
        Synapse::Alpha { .. } => &AREA,
        Synapse::Conductance { .. } => &CONDUCTANCE,
    }
}

/// Times from a thousandth of a run to a quarter of it.
fn time(measure: &Measure) -> (f64, f64) {
    (measure.part(0.001), measure.part(0.25))
}

/// The table that a slider of this quantity goes by; its unit is that of the model.
pub fn field(of: &Quantity, range: &RangeInclusive<f64>, measure: &Measure) -> Field {
    let shown = (of.shown)(measure);
    Field {
        id: of.name,
        symbol: of.symbol,
        unit: "",
        default: shown.0,
        min: *range.start(),
        max: *range.end(),
        shown,
        kind: Kind::Parameter,
        choices: &[],
        is_count: false,
        meaning: of.meaning,
    }
}
