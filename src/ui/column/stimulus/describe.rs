//! A part of the stimulus in one line.

use crate::stimulus::{Item, Synapse};
use crate::ui::plot::brief;
use crate::ui::stage::Stage;

/// Numbers in a line of words.
fn short(value: f64) -> String {
    brief(value, 4)
}

/// So many of a thing, one alone in the singular.
fn counted(count: u64, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// One line on a part of the stimulus.
pub fn describe(item: &Item, stage: &Stage) -> String {
    let unit = stage.neuron().card().time_unit();
    let span = |from: f64, to: Option<f64>| {
        let text = match to {
            Some(to) => format!("{}–{} {unit}", short(from), short(to)),
            None if from == 0.0 => "always".to_string(),
            None => format!("from {} {unit}", short(from)),
        };
        text.trim_end().to_string()
    };
    match item {
        Item::Step { from, to, .. } => format!("Step, {}", span(*from, *to)),
        Item::Ramp { from, to, .. } => format!("Ramp per {}, {}", if unit.is_empty() { "unit t" } else { unit }, span(*from, *to)),
        Item::PulseTrain { width, period, count, amplitude, .. } => {
            let every = if *count == 1 { String::new() } else { format!(" every {}", short(*period)) };
            format!("{} of {}, {} {unit}{every}", counted(*count, "pulse"), short(*amplitude), short(*width))
        }
        Item::Sine { from, to, amplitude, frequency_hz, .. } => {
            format!("Sine {} at {} Hz, {}", short(*amplitude), short(*frequency_hz), span(*from, *to))
        }
        Item::Chirp { from, to, amplitude, start_hz, end_hz } => {
            format!("Chirp {}, {}–{} Hz, {}", short(*amplitude), short(*start_hz), short(*end_hz), span(*from, Some(*to)))
        }
        Item::OuNoise { mean, sd, tau, .. } => format!("Noise {} ± {}, τ {} {unit}", short(*mean), short(*sd), short(*tau)),
        Item::WhiteNoise { sd, .. } => format!("White noise {}", short(*sd)),
        Item::Samples { times, .. } => format!("Drawn current, {}", counted(times.len() as u64, "point")),
        Item::Spikes { times, rate_hz, synapse, .. } => {
            let what =
                times.as_ref().map_or_else(|| format!("Poisson {} Hz", short(rate_hz.unwrap_or(0.0))), |t| counted(t.len() as u64, "input spike"));
            let how = match synapse {
                Synapse::Delta {} => "jumps",
                Synapse::Exponential { .. } => "exponential",
                Synapse::Alpha { .. } => "alpha",
                Synapse::Conductance { .. } => "conductance",
            };
            format!("{what}, {how}")
        }
    }
}
