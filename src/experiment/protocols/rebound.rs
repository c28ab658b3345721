//! Steps that hyperpolarise: does the neuron fire when it is released, and how long after?
//!
//! Source: anode break excitation, Hodgkin and Huxley 1952 (doi 10.1113/jphysiol.1952.sp004764), fig. 22;
//! post-inhibitory rebound, Izhikevich 2007, *Dynamical Systems in Neuroscience*, ch. 7 (doi 10.7551/mitpress/2526.001.0001).

use std::sync::{Mutex, PoisonError};

use crate::experiment::protocol::{Bench, Experiment, Subject, spiking_not_by_chance};
use crate::experiment::pulses::{amount, current, joined, round, sizes, spaced, stride, time, trials};
use crate::experiment::report::{Axis, Chart, Ink, Mark, Report, Series};
use crate::experiment::response::{Keep, Response, pulse};
use crate::model::{Dynamics, Field};

/// The experiment.
pub static EXPERIMENT: Experiment = Experiment {
    id: "rebound",
    title: "Rebound",
    shows: "Does it fire when a step that hyperpolarised it ends?",
    source: "Hodgkin & Huxley 1952, J Physiol 117:500, fig. 22, doi:10.1113/jphysiol.1952.sp004764; Izhikevich 2007, ch. 7",
    suits: spiking_not_by_chance,
    settings,
    run,
};

/// Relative precision of the threshold.
const PRECISION: f64 = 1e-6;
/// A default that goes too far down is shrunk by this factor, so often.
const SHRINK: f64 = 0.75;
const TRIES: i32 = 24;

fn settings(neuron: &'static dyn Dynamics) -> Vec<Field> {
    let sizes = sizes(neuron);
    vec![
        Field {
            max: 0.0,
            ..current(neuron, "strongest", "\\text{strongest}", usual(neuron), "Strongest step, below zero; it is added to the holding current")
        },
        trials(25.0, "Number of steps that are tried, from none to the strongest; the threshold is refined between them"),
        time(neuron, "width", "\\text{width}", round(20.0 * sizes.width), "Length of a step"),
        time(neuron, "wait", "\\text{wait}", round(2.0 * sizes.wait), "How long is waited after the release"),
    ]
}

/// A strongest step that takes V as far down as its axis shows at most, found once for each model because tables of settings ask often.
fn usual(neuron: &'static dyn Dynamics) -> f64 {
    static KNOWN: Mutex<Vec<(&str, f64)>> = Mutex::new(Vec::new());
    let id = neuron.card().id;
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, step)) = known().iter().find(|(other, _)| *other == id) {
        return *step;
    }
    let sizes = sizes(neuron);
    let subject = Subject::at_defaults(neuron);
    let (rest, width) = (subject.rest(0.0), round(20.0 * sizes.width));
    let floor = neuron.states().first().map_or(f64::NEG_INFINITY, |f| f.shown.0);
    let lowest = |a: f64| subject.respond(&rest, &[pulse(0.0, width, a)], width, Keep::Extremes).lowest;
    let fits = |a: &f64| lowest(*a) >= floor;
    let steps = (0..TRIES).map(|k| -round(2.7 * sizes.step * SHRINK.powi(k)));
    let step = steps.clone().find(fits).or_else(|| steps.min_by(|a, b| b.total_cmp(a))).unwrap_or(-1.0);
    known().push((id, step));
    step
}

/// Spikes after the release.
fn after(response: &Response, release: f64) -> impl Iterator<Item = f64> {
    response.spikes.iter().copied().filter(move |t| *t > release)
}

fn run(bench: &Bench) -> Report {
    let rest = bench.subject.rest(0.0);
    let (strongest, width, wait) = (bench.setting("strongest"), bench.setting("width"), bench.setting("wait"));
    let answer = |a: f64, keep: Keep| bench.subject.respond(&rest, &[pulse(0.0, width, a)], width + wait, keep);
    let fires = |a: f64| after(&answer(a, Keep::Spikes), width).next().is_some();
    let amplitudes = spaced(0.0, strongest, bench.count("count"));
    let keep = Keep::Every(stride(width + wait, bench.subject.prep.dt, 400.0));
    let answers = bench.map(amplitudes.len(), |k| answer(amplitudes[k], keep));
    let is_restless = answers.first().is_some_and(|r| !r.spikes.is_empty());
    let first = answers.iter().position(|r| after(r, width).next().is_some()).filter(|_| !is_restless);
    let threshold = first.filter(|k| *k > 0).map(|k| bench.between(amplitudes[k - 1], amplitudes[k], PRECISION, fires));
    let last = answers.last().filter(|_| answers.len() == amplitudes.len());
    let delay = |r: &Response| after(r, width).next().map(|t| t - width);
    let mut report = Report::default();
    let (current, time) = (bench.current_unit(), bench.time_unit());
    report.number("threshold", "Threshold step", current, threshold);
    report.number("latency", "Latency at strongest", time, last.and_then(delay));
    #[expect(clippy::cast_precision_loss, reason = "a few spikes")]
    report.number("spikes", "Spikes at strongest", "", last.map(|r| after(r, width).count() as f64));
    report.number("lowest", "Lowest potential", bench.potential_unit(), answers.iter().map(|r| r.lowest).reduce(f64::min));
    let latencies: Vec<[f64; 2]> = amplitudes.iter().zip(&answers).filter_map(|(a, r)| delay(r).map(|d| [*a, d])).collect();
    let lines = |fired: bool| joined(answers.iter().filter(|r| after(r, width).next().is_some() == fired));
    let ink = if last.and_then(delay).is_some() { Ink::Spike } else { Ink::Potential };
    let traces = Chart::new("traces", "Answers to all steps", Axis::new("time from the onset", time), Axis::new("V", bench.potential_unit()))
        .with(Series::new("silent", "no rebound spike", Ink::Potential, Mark::Thin, lines(false)))
        .with(Series::new("fires", "rebound spike", Ink::Spike, Mark::Thin, lines(true)))
        .with(Series::new("strongest", "strongest", ink, Mark::Line, last.map(|r| r.trace.clone()).unwrap_or_default()))
        .with(Series::new("release", "release", Ink::Input, Mark::Upright, vec![[width, 0.0]]));
    let x = Axis::new("step, added to the holding current", current).over((strongest.min(0.0), strongest.max(0.0)));
    let latency = Chart::new("latency", "Latency against the current of the step", x, Axis::new("first spike after release", time).over((0.0, 0.0)))
        .with(Series::new("line", "", Ink::Spike, Mark::Thin, latencies.clone()))
        .with(Series::new("latency", "", Ink::Spike, Mark::Dots, latencies))
        .with(Series::new("threshold", "threshold", Ink::Muted, Mark::Upright, threshold.map(|a| [a, 0.0]).into_iter().collect()));
    report.charts = vec![traces, latency];
    let all_beyond = first.is_some_and(|k| answers[k..].iter().all(|r| after(r, width).next().is_some()));
    report.says = says(bench, is_restless, threshold.map(|a| (a, all_beyond)), last.and_then(delay));
    report
}

fn says(bench: &Bench, is_restless: bool, threshold: Option<(f64, bool)>, latency: Option<f64>) -> Vec<String> {
    let (current, time) = (bench.current_unit(), bench.time_unit());
    let (holding, strongest) = (bench.subject.current, bench.setting("strongest"));
    // What is stepped is added to what holds it; both are said where they differ.
    let step = |a: f64| match holding {
        0.0 => amount(a, current),
        _ => format!("{} ({} with the holding current)", amount(a, current), amount(holding + a, current)),
    };
    let back = if holding == 0.0 { "though no current depolarises it".into() } else { format!("back at {}", amount(holding, current)) };
    if is_restless {
        return vec!["It fires without any step: hold it at a current at which it rests".into()];
    }
    let Some((threshold, all_beyond)) = threshold else {
        return vec![format!("No rebound: it stays silent after every step that was tried, down to {}", step(strongest))];
    };
    let from = step(threshold);
    let mut says = vec![if all_beyond {
        format!("Released from a step of {from} or stronger it fires, {back}")
    } else {
        format!("Released from a step of {from} it fires, {back}, but not after every stronger step")
    }];
    if let Some(latency) = latency {
        says.push(format!("After {} the spike comes {} after the release", step(strongest), amount(latency, time)));
    }
    says
}
