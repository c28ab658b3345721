//! What the neuron does, in one plain sentence and a few numbers.

use super::workbench::Workbench;
use crate::analysis::{Equilibria, Firing, firing};
use crate::stimulus::Item;

/// What the neuron does at present.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Regime {
    /// The pattern of the recent spikes; `None` before anything ran.
    pub firing: Option<Firing>,
    /// Mean rate over the pattern in Hz (per unit time where dimensionless).
    pub rate: Option<f64>,
    /// Last interval between spikes in ms.
    pub last_interval: Option<f64>,
    /// One sentence on what happens.
    pub sentence: String,
    /// One sentence on what to try.
    pub hint: &'static str,
}

/// Spikes looked at.
const RECENT: usize = 60;
/// A silence this many times the longest recent interval ends a pattern.
const PATIENCE: f64 = 2.5;

/// Describes what the workbench shows at time `now`. `cycles` is the number of stable cycles at the present current, if the diagram
/// knows it.
#[must_use]
pub fn regime(bench: &Workbench, equilibria: &Equilibria, now: f64, cycles: Option<usize>) -> Regime {
    let card = bench.setup().neuron.card();
    let times = recent(bench, now);
    let pattern = firing(&times);
    let last_interval = times.len().checked_sub(2).and_then(|k| Some(times.last()? - times.get(k)?));
    let by_chance = bench.setup().neuron.chance().is_some();
    // What looks like a rhythm is one of chance's faces.
    let pattern = if by_chance && !matches!(pattern, Firing::Silent | Firing::Few(_)) { Firing::Irregular } else { pattern };
    #[expect(clippy::cast_precision_loss, reason = "counts of recent spikes")]
    let rate = match pattern {
        Firing::Tonic { period } => Some(card.per_second() / period),
        Firing::Bursting { spikes, period } => Some(card.per_second() * spikes as f64 / period),
        Firing::Irregular => Some(super::run::mean_rate(&times, card.per_second())),
        Firing::Silent | Firing::Few(_) => None,
    };
    let stable = equilibria.points.iter().find(|p| p.kind.is_stable() && !p.is_virtual);
    let (sentence, hint) = if let Some(stop) = bench.simulation().stopped() {
        (stop.reason.sentence().to_string(), "Undo, or restart with R")
    } else if by_chance {
        by_chance_sentence(rate, card.rate_unit())
    } else if pattern == Firing::Silent && stable.is_some() && cycles.is_some_and(|count| count > 0) && !is_driven(bench) {
        ("It rests, or comes to rest, while a stable rhythm stands beside.".into(), "A pulse or kick of the right size starts it.")
    } else {
        sentence(&pattern, rate, stable.is_some(), equilibria.degenerate, is_driven(bench), card.rate_unit())
    };
    Regime { firing: Some(pattern), rate, last_interval, sentence, hint }
}

/// The spikes of the present pattern, unless a long silence has ended it.
fn recent(bench: &Workbench, now: f64) -> Vec<f64> {
    let mut times: Vec<f64> = bench.trace().spikes().iter().rev().map(|s| s.t).skip_while(|t| *t > now).take(RECENT).collect();
    times.reverse();
    let longest = times.iter().zip(times.iter().skip(1)).map(|(a, b)| b - a).fold(0.0, f64::max);
    let silent_for = times.last().map_or(0.0, |t| now - t);
    if longest > 0.0 && silent_for > PATIENCE * longest {
        times.clear();
    }
    times
}

/// True if the stimulus keeps changing, so that what the neuron does need not be its own rhythm.
fn is_driven(bench: &Workbench) -> bool {
    bench.setup().stimulus.iter().any(|item| !matches!(item, Item::Step { .. } | Item::Ramp { .. }))
}

fn sentence(pattern: &Firing, rate: Option<f64>, rest: bool, degenerate: bool, driven: bool, unit: &str) -> (String, &'static str) {
    let rate = rate.map_or_else(String::new, |r| format!("{} {unit}", round(r)));
    match (pattern, rest) {
        (Firing::Tonic { .. } | Firing::Bursting { .. } | Firing::Irregular, _) if driven => {
            (format!("It fires at {rate} under its changing input."), "Take the input away to see what it does alone.")
        }
        (Firing::Tonic { .. }, true) => (format!("It fires at {rate} beside a stable rest."), "A well-timed kick can silence it."),
        (Firing::Tonic { .. }, false) => (format!("It fires at {rate}."), "No rest is stable at this current."),
        (Firing::Bursting { spikes, .. }, true) => {
            (format!("It bursts, {spikes} spikes at a time, beside a stable rest."), "A well-timed kick can silence it.")
        }
        (Firing::Bursting { spikes, .. }, false) => (format!("It bursts, {spikes} spikes at a time."), "No rest is stable at this current."),
        (Firing::Irregular, _) => (format!("It fires at changing intervals, {rate} on average."), "Wait for a rhythm, or drag a slider."),
        (Firing::Few(_), true) => ("It has fired and may come to rest.".into(), "Watch whether the state settles."),
        (Firing::Few(_), false) => ("It has begun to fire.".into(), "No rest is stable at this current."),
        (Firing::Silent, true) => ("It rests, or comes to rest.".into(), "Press P for a pulse, or drag I."),
        (Firing::Silent, false) if degenerate => ("It stays where it is put: nothing pulls V back.".into(), "Press P for a pulse."),
        (Firing::Silent, false) => ("It is silent so far.".into(), "No rest is stable at this current."),
    }
}

/// What a neuron does that fires by chance.
fn by_chance_sentence(rate: Option<f64>, unit: &str) -> (String, &'static str) {
    let said = rate.map_or_else(|| "It fires by chance.".to_string(), |rate| format!("It fires by chance, at {} {unit} of late.", round(rate)));
    (said, "Another seed gives other times.")
}

/// A rate with three figures.
fn round(x: f64) -> String {
    if x >= 100.0 {
        format!("{x:.0}")
    } else if x >= 1.0 {
        format!("{x:.1}")
    } else {
        format!("{x:.3}")
    }
}
