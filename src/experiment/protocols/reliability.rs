//! The same input again and again: a fluctuating current makes a neuron fire at the same times in every trial, a constant
//! one does not, and a neuron without a leak does not either way.
//!
//! In every trial the fluctuating current is the same (its item keeps its seed), while a weak white noise differs (its item's
//! seed is the number of the trial). For a leaky neuron the same is done with the perfect integrator of the same constants.
//!
//! Sources: Mainen and Sejnowski 1995, Science 268:1503 (doi 10.1126/science.7770778); Goodman, *Neuroscience for machine
//! learners*, week 1, for the neuron without a leak and its numbers.

use crate::experiment::Preparation;
use crate::experiment::drive::{Membrane, length, noise_unit, parameter, short, typical};
use crate::experiment::protocol::{Bench, Experiment, Subject, counted, setting, spiking};
use crate::experiment::pulses::stride;
use crate::experiment::report::{Axis, AxisNumbers, Chart, Ink, Mark, Report, Series};
use crate::experiment::response::{Keep, Response, Trial};
use crate::experiment::statistics::{agreement, float};
use crate::model::{self, Dynamics, Field};
use crate::stimulus::Item;

/// The experiment.
pub static EXPERIMENT: Experiment = Experiment {
    id: "reliability",
    title: "Reliable spike times",
    shows: "Does the same input, constant or fluctuating, make the neuron fire at the same times in every trial?",
    source: "Mainen & Sejnowski 1995, doi:10.1126/science.7770778; Goodman, Neuroscience for machine learners, week 1",
    suits: spiking,
    settings,
    run,
};

/// Points of a trace that is drawn.
const POINTS: f64 = 800.0;

fn settings(neuron: &'static dyn Dynamics) -> Vec<Field> {
    let card = neuron.card();
    let (unit, time) = (card.current.unit, card.time_unit());
    let usual = typical(neuron);
    let (limits, wide) = ([card.current.min, card.current.max], 2.0 * usual);
    let membrane = Membrane::of(neuron, &neuron.defaults());
    // Noise that alone would spread V by 3 % of the way to threshold; elsewhere a weak one by the same measure.
    let noise = 0.03 * usual * (2.0 * membrane.map_or(short(neuron, 10.0), |m| m.tau)).sqrt();
    // White noise is held within a step and needs no fine one; smooth upstrokes do.
    let step = card.dt * if neuron.resets() { 10.0 } else { 2.0 };
    let span = length(neuron, 1000.0, 20_000.0);
    let mut table = vec![
        setting("mean", "\\text{mean}", unit, 0.975 * usual, limits, (0.0, wide), "Constant input, and the mean of the fluctuating one"),
        setting("sd", "\\text{s.d.}", unit, 0.65 * usual, [0.0, card.current.max], (0.0, wide), "Standard deviation of the fluctuating input"),
        setting("tau", "\\text{correlation}", time, short(neuron, 3.0), [1e-3, 1e5], (0.5, 30.0), "Correlation time of the fluctuating input"),
        setting(
            "noise",
            "\\text{noise}",
            noise_unit(unit),
            noise,
            [0.0, card.current.max],
            (0.0, 10.0 * noise),
            "Strength of the white noise that is private to each trial",
        ),
        counted("trials", "\\text{trials}", 25.0, [2.0, 500.0], (5.0, 50.0), "Number of trials"),
        setting("precision", "\\text{precision}", time, short(neuron, 2.0), [1e-6, 1e5], (0.2, 10.0), "Spikes no further apart than this coincide"),
        setting(
            "duration",
            "\\text{length}",
            time,
            span,
            [1e-2, 1e5],
            (0.1 * span, 2.0 * span),
            "Length of a trial; input is on from 1 to 95 % of it and spikes count from half of it to 95 %",
        ),
        setting(
            "step",
            "\\text{step}",
            time,
            step,
            [1e-6, 10.0],
            (0.25 * step, 2.0 * step),
            "Time step of these runs, within which white noise is constant",
        ),
        counted("frozen", "\\text{input no.}", 1.0, [0.0, 1e6], (0.0, 20.0), "Which of many fluctuating inputs is repeated"),
    ];
    if without_leak(neuron, &neuron.defaults()).is_some() {
        table.push(setting(
            "gain",
            "\\text{gain}",
            "",
            0.15 / 0.65,
            [0.0, 1e3],
            (0.0, 1.0),
            "Input to the neuron without a leak is scaled by this, so that it fires about as often",
        ));
    }
    table
}

/// The perfect integrator with the constants of a leaky neuron: capacitance tau/R, potentials counted from the rest.
fn without_leak(neuron: &dyn Dynamics, values: &[f64]) -> Option<(&'static dyn Dynamics, Vec<f64>)> {
    // Only where the leak is the only thing taken away: other variables would have no place in the integrator.
    let leaky = Membrane::of(neuron, values).filter(|_| neuron.dim() == 1)?;
    parameter(neuron, values, "V_th")?;
    let integrator = model::find("integrate_and_fire")?;
    let mut params = integrator.defaults();
    for (id, value) in [("C", leaky.tau / leaky.r), ("V_th", leaky.threshold), ("V_reset", leaky.reset), ("t_ref", leaky.hold)] {
        *params.get_mut(Field::position(integrator.params(), id)?)? = value;
    }
    Some((integrator, params))
}

/// One of the neurons under one of the inputs.
struct Case {
    id: &'static str,
    title: &'static str,
    label: &'static str,
    rate_label: &'static str,
    subject: Subject,
    start: Vec<f64>,
    gain: f64,
    fluctuates: bool,
}

fn cases(bench: &Bench) -> Vec<Case> {
    let subject = bench.subject.with_step(bench.setting("step"));
    let start = subject.rest(0.0);
    let case = |(id, title, label, rate_label), subject: &Subject, start: &[f64], gain, fluctuates| {
        let (subject, start) = (subject.clone(), start.to_vec());
        Case { id, title, label, rate_label, subject, start, gain, fluctuates }
    };
    let leakless = without_leak(subject.prep.neuron, &subject.prep.params);
    let names = if leakless.is_some() {
        [
            ("constant", "Leak, constant input", "\u{393}, leak, constant", "Rate, leak, constant"),
            ("fluctuating", "Leak, fluctuating input", "\u{393}, leak, fluctuating", "Rate, leak, fluct."),
        ]
    } else {
        [
            ("constant", "Constant input", "\u{393}, constant input", "Rate, constant"),
            ("fluctuating", "Fluctuating input", "\u{393}, fluctuating input", "Rate, fluctuating"),
        ]
    };
    let mut all = vec![case(names[0], &subject, &start, 1.0, false), case(names[1], &subject, &start, 1.0, true)];
    if let Some((neuron, params)) = leakless {
        let begin = vec![Membrane::of(subject.prep.neuron, &subject.prep.params).map_or(0.0, |m| m.rest)];
        let prep = Preparation { neuron, params, start: begin.clone(), dt: subject.prep.dt, method: subject.prep.method };
        let gain = bench.setting("gain");
        let other = Subject { prep, ..subject };
        let names = [
            ("leakless_constant", "No leak, constant input", "\u{393}, no leak, constant", "Rate, no leak, const."),
            ("leakless_fluctuating", "No leak, fluctuating input", "\u{393}, no leak, fluct.", "Rate, no leak, fluct."),
        ];
        all.push(case(names[0], &other, &begin, gain, false));
        all.push(case(names[1], &other, &begin, gain, true));
    }
    all
}

impl Case {
    /// One trial. Places in the list and seeds are part of the items' random streams: the input stands first and keeps its
    /// seed, the noise stands second and has the number of the trial.
    fn trial(&self, bench: &Bench, number: usize) -> Response {
        let duration = bench.setting("duration");
        let (from, to) = (0.01 * duration, Some(0.95 * duration));
        let mean = self.gain * bench.setting("mean");
        let input = if self.fluctuates {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the table keeps it between 0 and a million")]
            let seed = bench.setting("frozen").round() as u64;
            Item::OuNoise { from, to, mean, sd: self.gain * bench.setting("sd"), tau: bench.setting("tau"), seed }
        } else {
            Item::Step { from, to, amplitude: mean }
        };
        let noise = Item::WhiteNoise { from: 0.0, to: None, sd: bench.setting("noise"), seed: number as u64 + 1 };
        let stride = stride(duration, self.subject.prep.dt, POINTS);
        let trial = Trial { current: self.gain * self.subject.current, stimulus: &[input, noise], seed: self.subject.seed, duration };
        self.subject.prep.respond(&self.start, &trial, Keep::Every(stride))
    }
}

fn run(bench: &Bench) -> Report {
    let (cases, trials) = (cases(bench), bench.count("trials"));
    let duration = bench.setting("duration");
    let window = (0.5 * duration, 0.95 * duration);
    let responses = bench.map(cases.len() * trials, |k| cases[k / trials].trial(bench, k % trials));
    let card = bench.neuron().card();
    let mut report = Report::default();
    let mut found = Vec::new();
    for (case, responses) in cases.iter().zip(responses.chunks(trials)) {
        let trains: Vec<&[f64]> = responses.iter().map(|r| r.spikes.as_slice()).collect();
        let value = agreement(&trains, window, bench.setting("precision"));
        report.number(format!("gamma_{}", case.id), case.label, "", value);
        let count: usize = trains.iter().map(|t| t.iter().filter(|x| (window.0..window.1).contains(x)).count()).sum();
        let rate = float(count) / float(trains.len()) / (window.1 - window.0) * card.per_second();
        report.number(format!("rate_{}", case.id), case.rate_label, card.rate_unit(), Some(rate));
        found.push((case.title, value));
        report.charts.push(chart(case, responses, bench));
    }
    // The numbers that are asked for stand together before the rates.
    report.numbers.sort_by_key(|n| n.id.starts_with("rate"));
    report.says = sentences(&found);
    report
}

/// The potentials of all trials, and above them a row of ticks for each.
fn chart(case: &Case, responses: &[Response], bench: &Bench) -> Chart {
    let (time, duration) = (bench.neuron().card().time_unit(), bench.setting("duration"));
    let unit = case.subject.prep.neuron.states().first().map_or("", |f| f.unit);
    let low = responses.iter().map(|r| r.lowest).fold(f64::INFINITY, f64::min);
    let high = responses.iter().map(|r| r.highest).fold(f64::NEG_INFINITY, f64::max);
    let span = if high > low { high - low } else { 1.0 };
    let row = span / float(responses.len().max(1));
    let (mut ticks, mut traces) = (Vec::new(), Vec::new());
    for (k, response) in responses.iter().enumerate() {
        // A break between trials keeps them in one series.
        traces.extend(response.trace.iter().copied().chain([[duration, f64::NAN]]));
        let level = high + 0.1 * span + row * float(k);
        ticks.extend(response.spikes.iter().flat_map(|t| [[*t, level], [*t, level + 0.8 * row], [*t, f64::NAN]]));
    }
    Chart::new(case.id, case.title, Axis::new("time", time).over((0.0, duration)), Axis::new(case.title, unit).numbered(AxisNumbers::UpTo(high)))
        .with(Series::new("v", "", Ink::Potential, Mark::Thin, traces))
        .with(Series::new("spikes", "", Ink::Spike, Mark::Line, ticks))
        .with(Series::new("window", "", Ink::Muted, Mark::Upright, vec![[0.5 * duration, 0.0], [0.95 * duration, 0.0]]))
}

fn sentences(found: &[(&str, Option<f64>)]) -> Vec<String> {
    let words = |(title, value): &(&str, Option<f64>)| match value {
        None => format!("{title}: no spike in the window that counts"),
        Some(x) if *x >= 0.5 => format!("{title}: the same times, \u{393} = {x:.2}"),
        Some(x) if *x >= 0.1 => format!("{title}: similar times, \u{393} = {x:.2}"),
        // Negative zero would be written with its sign.
        Some(x) => format!("{title}: times by chance, \u{393} = {:.2}", (100.0 * x).round() / 100.0 + 0.0),
    };
    found.chunks(2).map(|pair| pair.iter().map(words).collect::<Vec<_>>().join("; ")).collect()
}
