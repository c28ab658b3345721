//! The same neuron at four constant currents, each from the rest without any: silent, one spike, a train, block.
//!
//! What comes in the end is followed until it is known. Block is told from silence by trying weaker currents: the neuron is blocked where
//! it comes to rest and less current makes it fire for good. A cycle below the spike level is neither.
//!
//! Source: Hodgkin and Huxley 1952 (doi 10.1113/jphysiol.1952.sp004764); excitation block: FitzHugh 1961, *Biophys J* 1:445
//! (doi 10.1016/S0006-3495(61)86902-6).

use crate::experiment::protocol::{Bench, Experiment, spiking_not_by_chance};
use crate::experiment::pulses::{amount, current, round, sizes, stride, time};
use crate::experiment::report::{Axis, Chart, Ink, Mark, Report, Series};
use crate::experiment::response::{Keep, Response, Trial};
use crate::experiment::settle::{Attractor, Effort, Outcome, settle};
use crate::experiment::statistics::float;
use crate::model::{Dynamics, Field};

/// The experiment.
pub static EXPERIMENT: Experiment = Experiment {
    id: "levels",
    title: "Four currents",
    shows: "What does the same neuron do at four constant currents?",
    source: "Hodgkin & Huxley 1952, J Physiol 117:500, doi:10.1113/jphysiol.1952.sp004764; FitzHugh 1961, Biophys J 1:445, doi:10.1016/S0006-3495(61)86902-6",
    suits: spiking_not_by_chance,
    settings,
    run,
};

/// Ids of the settings.
const LEVELS: [&str; 4] = ["level_1", "level_2", "level_3", "level_4"];
/// Parts of a current that are tried to tell block from silence.
const WEAKER: [f64; 5] = [0.5, 0.25, 0.125, 0.06, 0.03];

fn settings(neuron: &'static dyn Dynamics) -> Vec<Field> {
    let sizes = sizes(neuron);
    let symbols = ["\\text{current 1}", "\\text{current 2}", "\\text{current 3}", "\\text{current 4}"];
    // A neuron that is reset fires ever faster; others are blocked far above what makes them fire.
    let most = if neuron.resets() { 44.0 } else { 88.0 };
    let limits = neuron.card().current;
    let defaults = [-2.2, 0.0, 1.35, most].map(|part| round(part * sizes.step).clamp(limits.min, limits.max));
    let mut table: Vec<Field> = (0..4)
        .map(|k| {
            let row = current(neuron, LEVELS[k], symbols[k], defaults[k], "Constant current, in place of the holding current");
            Field { shown: (defaults[0], defaults[3]), ..row }
        })
        .collect();
    table.push(time(neuron, "duration", "\\text{duration}", round(0.5 * neuron.card().duration), "How long each current lasts"));
    table
}

/// What a neuron does at a current, in a word; `goal` is where it ends.
fn word(response: &Response, duration: f64, goal: Option<&Outcome>, weaker_fires: impl Fn() -> bool) -> String {
    let swings = goal.is_some_and(|goal| matches!(goal.attractor, Attractor::Cycle { spikes: 0, .. }));
    let first = match response.spikes.len() {
        0 => String::new(),
        1 => "one spike, then ".into(),
        n => format!("{n} spikes, then "),
    };
    match response.spikes.len() {
        _ if lasts(response, duration) || goal.is_some_and(Outcome::fires) => "train".into(),
        0 if swings => "small oscillation, no spikes".into(),
        _ if swings => format!("{first}small oscillation"),
        _ if weaker_fires() => "block".into(),
        0 => "silent".into(),
        1 => "one spike".into(),
        _ => format!("{first}silent"),
    }
}

/// True if it still fires in the second half, or is about to: the last interval is not over yet.
fn lasts(response: &Response, duration: f64) -> bool {
    let Some([before, last]) = response.spikes.last_chunk::<2>() else { return false };
    duration - last < 2.0 * (last - before)
}

fn run(bench: &Bench) -> Report {
    let subject = bench.subject;
    let rest = subject.rest(-subject.current);
    let duration = bench.setting("duration");
    let prep = &subject.prep;
    let respond = |current: f64, keep: Keep| prep.respond(&rest, &Trial { current, stimulus: &[], seed: subject.seed, duration }, keep);
    let keep = Keep::Every(stride(duration, prep.dt, 1200.0));
    let levels = LEVELS.map(|id| bench.setting(id));
    let found = bench.map(levels.len(), |k| {
        let response = respond(levels[k], keep);
        let weaker_fires = || levels[k] > 0.0 && WEAKER.iter().any(|part| lasts(&respond(part * levels[k], Keep::Spikes), duration));
        let goal = settle(prep, levels[k], &rest, Effort::SCREEN, &|| bench.go_on(0.0));
        let word = word(&response, duration, goal.as_ref(), weaker_fires);
        (response, word)
    });
    let mut report = Report::default();
    let (current, time, potential) = (bench.current_unit(), bench.time_unit(), bench.potential_unit());
    for (k, level) in levels.iter().enumerate() {
        let spikes = found.get(k).map(|(r, _)| float(r.spikes.len()));
        report.number(format!("spikes_{}", k + 1), format!("Spikes at {}", amount(*level, "")), "", spikes);
    }
    let extremes = |pick: fn(f64, f64) -> f64, of: fn(&Response) -> f64| found.iter().map(|(r, _)| of(r)).reduce(pick);
    let range = extremes(f64::min, |r| r.lowest).zip(extremes(f64::max, |r| r.highest));
    for (k, (response, word)) in found.iter().enumerate() {
        let y = Axis::new(format!("{}: {word}; V", amount(levels[k], current)), potential);
        let title = format!("At {}", amount(levels[k], current));
        let ink = if response.spikes.is_empty() { Ink::Potential } else { Ink::Spike };
        let chart = Chart::new(LEVELS[k], title, Axis::new("time", time), range.map_or(y.clone(), |r| y.over(r)));
        report.charts.push(chart.with(Series::new("v", "", ink, Mark::Line, response.trace.clone())));
    }
    let all: Vec<String> = found.iter().enumerate().map(|(k, (_, word))| format!("at {} {word}", amount(levels[k], current))).collect();
    let sentence = all.join("; ");
    report.says.push(if sentence.is_empty() { "Nothing was tried".into() } else { format!("From rest: {sentence}") });
    report
}
