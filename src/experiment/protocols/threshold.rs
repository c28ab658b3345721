//! One pulse from rest, its amplitude varied: is there a threshold, and is the answer all or none?
//!
//! Close to the threshold the answer takes its time. It is followed until it has fired or can no longer fire: until it is where nothing
//! leads away from rest, or stands still.
//!
//! Source: Hodgkin and Huxley 1952 (doi 10.1113/jphysiol.1952.sp004764), figs 12 and 13; that an answer need not have a sharp
//! threshold: FitzHugh 1955, *Bull Math Biophys* 17:257 (doi 10.1007/BF02477753).

use crate::analysis::{Type, equilibria};
use crate::experiment::protocol::{Bench, Experiment, Subject, spiking_not_by_chance};
use crate::experiment::pulses::{amount, current, joined, round, sizes, spaced, stride, time, trials};
use crate::experiment::report::{Axis, Chart, Ink, Mark, Report, Series};
use crate::experiment::response::{Keep, Response, Trial, pulse};
use crate::experiment::trap::{Trap, traps};
use crate::model::{Dynamics, Field};

/// The experiment.
pub static EXPERIMENT: Experiment = Experiment {
    id: "threshold",
    title: "Threshold of a pulse",
    shows: "Does the answer to a pulse grow with its amplitude, or is it all or none?",
    source: "Hodgkin & Huxley 1952, J Physiol 117:500, doi:10.1113/jphysiol.1952.sp004764; FitzHugh 1955, Bull Math Biophys 17:257, doi:10.1007/BF02477753",
    suits: spiking_not_by_chance,
    settings,
    run,
};

/// An answer counts as all or none if a ten-thousandth of the range of amplitudes makes more than a fifth of the whole difference.
const SHARP: (f64, f64) = (1e-4, 0.2);
/// Precision of the threshold, as a part of the range of amplitudes.
const PRECISION: f64 = 1e-7;
/// A state that changes by less than this part of its range while one waits stands still.
const STILL: f64 = 1e-9;
/// Traces go on past the last first spike by this part of the wait.
const MARGIN: f64 = 0.25;

fn settings(neuron: &'static dyn Dynamics) -> Vec<Field> {
    let sizes = sizes(neuron);
    vec![
        current(neuron, "from", "\\text{from}", 0.0, "Lowest amplitude of the pulse"),
        current(neuron, "to", "\\text{to}", round(2.0 * sizes.pulse), "Highest amplitude of the pulse"),
        trials(41.0, "Number of amplitudes that are tried; the threshold is refined between them"),
        time(neuron, "width", "\\text{width}", sizes.width, "Length of the pulse"),
        time(neuron, "wait", "\\text{wait}", sizes.wait, "How long the answer is watched after the pulse at least; longer where it is undecided"),
    ]
    .into_iter()
    .map(|f| if f.id == "from" { Field { shown: (-round(2.0 * sizes.pulse), round(2.0 * sizes.pulse)), ..f } } else { f })
    .collect()
}

/// One pulse and what it answers.
struct Probe<'a> {
    bench: &'a Bench<'a>,
    rest: Vec<f64>,
    traps: Vec<Trap>,
    scale: Vec<f64>,
    width: f64,
    duration: f64,
}

impl Probe<'_> {
    fn answer(&self, amplitude: f64, keep: Keep) -> Response {
        let Subject { prep, current, seed, .. } = self.bench.subject;
        let stimulus = [pulse(0.0, self.width, amplitude)];
        let trial = Trial { current: *current, stimulus: &stimulus, seed: *seed, duration: self.duration };
        let is_still = |a: &[f64], b: &[f64]| a.iter().zip(b).zip(&self.scale).all(|((a, b), s)| (a - b).abs() <= STILL * s);
        let decided = |before: &[f64], now: &[f64]| is_still(before, now) || self.traps.iter().any(|trap| trap.holds(now));
        prep.respond_until(&self.rest, &trial, keep, &decided)
    }

    fn fires(&self, amplitude: f64) -> bool {
        !self.answer(amplitude, Keep::Spikes).spikes.is_empty()
    }

    fn highest(&self, amplitude: f64) -> f64 {
        self.answer(amplitude, Keep::Extremes).highest
    }

    /// The steepest stretch between two amplitudes, halved to a ten-thousandth of `range`: where it is and the answers at its ends.
    fn steepest(&self, (mut a, mut b): (f64, f64), range: f64) -> ([f64; 2], [f64; 2]) {
        let (mut low, mut high) = (self.highest(a), self.highest(b));
        while (b - a).abs() > SHARP.0 * range.abs() && self.bench.go_on(0.0) {
            let middle = 0.5 * (a + b);
            let answer = self.highest(middle);
            if (answer - low).abs() > (high - answer).abs() {
                (b, high) = (middle, answer);
            } else {
                (a, low) = (middle, answer);
            }
        }
        ([a, b], [low, high])
    }
}

/// What the scan comes to.
struct Found {
    /// Lowest amplitude that fires, if a lower one was tried, and whether all above it do.
    threshold: Option<f64>,
    /// The lowest amplitude that was tried fires.
    is_above: bool,
    is_monotone: bool,
    /// The neuron fires without a pulse.
    is_restless: bool,
    /// Rise of the highest potential over a ten-thousandth of the range, and over the whole range.
    jump: f64,
    span: f64,
    /// Largest slope over mean slope.
    steepness: f64,
}

fn run(bench: &Bench) -> Report {
    let (width, wait) = (bench.setting("width"), bench.setting("wait"));
    let Subject { prep, current, .. } = bench.subject;
    let probe = Probe { bench, rest: bench.subject.rest(0.0), traps: traps(prep, *current), scale: prep.scale(), width, duration: width + wait };
    let (from, to) = bench.ends();
    let amplitudes = spaced(from, to, bench.count("count"));
    let keep = Keep::Every(stride(probe.duration, bench.subject.prep.dt, 300.0));
    let answers = bench.map(amplitudes.len(), |k| probe.answer(amplitudes[k], keep));
    let found = find(&probe, &amplitudes, &answers);
    let mut report = Report::default();
    let (current, potential) = (bench.current_unit(), bench.potential_unit());
    report.number("threshold", "Threshold", current, found.threshold);
    report.number("jump", "Jump at the steepest", potential, Some(found.jump));
    report.number("sharpness", "Jump over whole rise", "", Some(found.jump / found.span));
    report.number("steepness", "Largest / mean slope", "", Some(found.steepness));
    let tops = answers.iter().map(|a| a.highest);
    report.number("highest", "Highest potential", potential, tops.reduce(f64::max));
    report.charts = charts(&probe, &amplitudes, &answers, &found);
    report.says = says(&probe, (from, to), &found);
    report
}

fn find(probe: &Probe, amplitudes: &[f64], answers: &[Response]) -> Found {
    let fires: Vec<bool> = answers.iter().map(|a| !a.spikes.is_empty()).collect();
    let first = fires.iter().position(|f| *f);
    let range = amplitudes.last().unwrap_or(&0.0) - amplitudes.first().unwrap_or(&0.0);
    let threshold = first.filter(|k| *k > 0).map(|k| {
        let scale = range.abs() / amplitudes[k].abs().max(amplitudes[k - 1].abs()).max(1e-12);
        probe.bench.between(amplitudes[k - 1], amplitudes[k], PRECISION * scale, |a| probe.fires(a))
    });
    let rise = |k: &usize| (answers[k + 1].highest - answers[*k].highest).abs();
    let place = (0..answers.len().saturating_sub(1)).max_by(|a, b| rise(a).total_cmp(&rise(b)));
    let (at, tops) = place.map_or(([0.0, 1.0], [0.0, 0.0]), |k| probe.steepest((amplitudes[k], amplitudes[k + 1]), range));
    let tops_of = |pick: fn(f64, f64) -> f64| answers.iter().map(|a| a.highest).reduce(pick).unwrap_or(0.0);
    let (jump, span) = ((tops[1] - tops[0]).abs(), tops_of(f64::max) - tops_of(f64::min));
    Found {
        threshold,
        is_above: first == Some(0),
        is_monotone: first.is_none_or(|k| fires[k..].iter().all(|f| *f)),
        is_restless: probe.fires(0.0),
        jump,
        span,
        steepness: jump / (at[1] - at[0]).abs() / (span / range.abs()),
    }
}

fn charts(probe: &Probe, amplitudes: &[f64], answers: &[Response], found: &Found) -> Vec<Chart> {
    let bench = probe.bench;
    let (current, time, potential) = (bench.current_unit(), bench.time_unit(), bench.potential_unit());
    let pairs = || amplitudes.iter().zip(answers);
    let dots = |fired: bool| pairs().filter(|(_, r)| r.spikes.is_empty() != fired).map(|(a, r)| [*a, r.highest]).collect::<Vec<_>>();
    let border = found.threshold;
    let curve = Chart::new("response", "Highest potential against the amplitude", Axis::new("amplitude", current), Axis::new("highest V", potential))
        .with(Series::new("highest", "", Ink::Potential, Mark::Thin, pairs().map(|(a, r)| [*a, r.highest]).collect()))
        .with(Series::new("silent", "no spike", Ink::Potential, Mark::Rings, dots(false)))
        .with(Series::new("fires", "spike", Ink::Spike, Mark::Dots, dots(true)))
        .with(Series::new("threshold", "", Ink::Spike, Mark::Upright, border.map(|a| [a, 0.0]).into_iter().collect()));
    // On either side of the threshold, a hair away.
    let keep = Keep::Every(stride(probe.duration, bench.subject.prep.dt, 600.0));
    let hair = 2.0 * PRECISION * (amplitudes.last().unwrap_or(&0.0) - amplitudes.first().unwrap_or(&0.0)).abs();
    let beside = border.map(|a| [probe.answer(a - hair, keep), probe.answer(a + hair, keep)]);
    // Long enough for every first spike to be seen.
    let latest = answers.iter().chain(beside.iter().flatten()).filter_map(|r| r.spikes.first()).fold(0.0, |a: f64, t| a.max(*t));
    let end = probe.duration.max(latest + MARGIN * (probe.duration - probe.width));
    let shown = |r: &Response| Response { trace: r.trace.iter().copied().take_while(|p| p[0] <= end).collect(), ..Response::default() };
    let lines = |fired: bool| joined(&answers.iter().filter(|r| r.spikes.is_empty() != fired).map(shown).collect::<Vec<_>>());
    let mut traces = Chart::new("traces", "Answers to all amplitudes", Axis::new("time from the onset", time), Axis::new("V", potential))
        .with(Series::new("silent", "no spike", Ink::Potential, Mark::Thin, lines(false)))
        .with(Series::new("fires", "spike", Ink::Spike, Mark::Thin, lines(true)));
    if let Some([below, above]) = &beside {
        traces = traces.with(Series::new("below", "just below", Ink::Potential, Mark::Line, shown(below).trace)).with(Series::new(
            "above",
            "just above",
            Ink::Spike,
            Mark::Line,
            shown(above).trace,
        ));
    }
    vec![curve, traces]
}

fn says(probe: &Probe, (from, to): (f64, f64), found: &Found) -> Vec<String> {
    let bench = probe.bench;
    let (current, potential) = (bench.current_unit(), bench.potential_unit());
    if found.is_restless {
        return vec!["It fires without any pulse: hold it at a current at which it rests".into()];
    }
    if found.is_above {
        return vec![format!("Even the lowest pulse, {}, makes it fire: begin lower to find the threshold", amount(from, current))];
    }
    let small = amount(SHARP.0 * (to - from).abs(), current);
    let is_sharp = found.jump > SHARP.1 * found.span;
    let jump = amount(found.jump, potential);
    let Some(threshold) = found.threshold else {
        let silent = format!("None of the pulses from {} to {} makes it fire", amount(from, current), amount(to, current));
        let how = if is_sharp {
            format!("Yet the answer is all or none: {small} more lift the highest potential by {jump}")
        } else {
            format!("The answer is graded: {small} more lift the highest potential by {jump} at most, no sharp threshold is seen")
        };
        return vec![silent, how];
    };
    let at = amount(threshold, current);
    let where_from = if found.is_monotone {
        format!("It fires from {at} on")
    } else {
        format!("It fires from {at} on, but not at every amplitude above that was tried")
    };
    let how = if bench.neuron().resets() && !is_sharp {
        "All or none by its rule: reaching the threshold is the spike, and what follows is a reset".to_string()
    } else if is_sharp {
        format!("All or none{}: {small} more lift the highest potential by {jump}", if is_parted(bench) { "" } else { " to the eye" })
    } else {
        format!(
            "Graded, no sharp threshold: {small} more lift the highest potential by {jump} at most, and a spike is a matter of the level one counts at"
        )
    };
    let between = (is_sharp && !is_parted(bench))
        .then(|| "No saddle stands between rest and spike: unless an unstable cycle does, finer pulses find answers in between".to_string());
    [where_from, how].into_iter().chain(between).collect()
}

/// True if a reset or a saddle parts answers for good.
fn is_parted(bench: &Bench) -> bool {
    let known = || equilibria(bench.neuron(), &bench.subject.prep.params, bench.subject.current).points;
    bench.neuron().resets() || known().iter().any(|point| matches!(point.kind, Type::Saddle | Type::SaddleFocus))
}
