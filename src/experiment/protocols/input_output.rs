//! Rate in, rate out: random excitatory spikes at a range of rates, output spikes counted over trials, beside the activation
//! functions of artificial units fitted to what was found.
//!
//! Source: Goodman, *Neuroscience for machine learners*, week 1; the fits are least squares, a rectified line M·max(0, r − r₀) and a
//! logistic M/(1 + e^(−k(r − m))).

use crate::experiment::protocol::{Bench, Experiment, counted, setting, spiking};
use crate::experiment::pulses::spaced;
use crate::experiment::report::{Axis, Chart, Ink, Mark, Report, Series};
use crate::experiment::statistics::{Sample, float};
use crate::experiment::streams::{self, Streams, error_bar};
use crate::model::activation::Activation;
use crate::model::{Dynamics, Field};

/// The experiment.
pub static EXPERIMENT: Experiment = Experiment {
    id: "input_output",
    title: "Rate in, rate out",
    shows: "How often does the neuron fire when random spikes come in at one rate or another, and which activation function is that?",
    source: "Goodman, Neuroscience for machine learners, week 1",
    suits: spiking,
    settings,
    run,
};

/// Trials of the search for a fit along each parameter, and how often it is narrowed to a quarter.
const SEARCH: (u32, usize) = (24, 12);

fn settings(neuron: &'static dyn Dynamics) -> Vec<Field> {
    let unit = neuron.card().rate_unit();
    let rate = streams::driving_rate(neuron);
    let mut table = vec![
        setting("from", "\\text{from}", unit, 0.0, [0.0, 1e5], (0.0, rate), "Lowest rate of excitatory spikes"),
        setting("to", "\\text{to}", unit, 3.0 * rate, [1e-6, 1e5], (0.5 * rate, 10.0 * rate), "Highest rate of excitatory spikes"),
        counted("count", "\\text{rates}", 10.0, [2.0, 200.0], (5.0, 40.0), "Number of rates"),
        setting("inhibition", "\\text{inhibition}", unit, 0.0, [0.0, 1e5], (0.0, 3.0 * rate), "Rate of inhibitory spikes, the same throughout"),
    ];
    table.extend(streams::settings(neuron, 8000.0));
    table
}

/// A function of the rate with two parameters inside and a factor that least squares give.
struct Fit {
    inner: [f64; 2],
    factor: f64,
    /// Root of the mean square of what is left over.
    rms: f64,
}

/// Least squares of factor·f(x, a, b): the factor in closed form, a and b by a search that narrows in.
fn fit(points: &[[f64; 2]], boxes: [(f64, f64); 2], f: impl Fn(f64, [f64; 2]) -> f64) -> Fit {
    let score = |inner: [f64; 2]| {
        let (fy, ff) = points.iter().fold((0.0, 0.0), |(fy, ff), [x, y]| (fy + f(*x, inner) * y, ff + f(*x, inner).powi(2)));
        let factor = if ff > 0.0 { fy / ff } else { 0.0 };
        let rest: f64 = points.iter().map(|[x, y]| (y - factor * f(*x, inner)).powi(2)).sum();
        Fit { inner, factor, rms: (rest / float(points.len().max(1))).sqrt() }
    };
    let mut best = score(boxes.map(|(a, b)| 0.5 * (a + b)));
    let mut half = boxes.map(|(a, b)| 0.5 * (b - a));
    for _ in 0..SEARCH.1 {
        let centre = best.inner;
        let at =
            |axis: usize, k: u32| (centre[axis] + half[axis] * (2.0 * f64::from(k) / f64::from(SEARCH.0) - 1.0)).clamp(boxes[axis].0, boxes[axis].1);
        for (i, j) in (0..=SEARCH.0).flat_map(|i| (0..=SEARCH.0).map(move |j| (i, j))) {
            let tried = score([at(0, i), at(1, j)]);
            if tried.rms < best.rms {
                best = tried;
            }
        }
        half = half.map(|h| 0.25 * h);
    }
    best
}

fn run(bench: &Bench) -> Report {
    let rates = spaced(bench.setting("from"), bench.setting("to"), bench.count("count"));
    let streams = Streams::of(bench);
    let pairs: Vec<(f64, f64)> = rates.iter().map(|r| (*r, bench.setting("inhibition"))).collect();
    let found = streams.measure(bench, &pairs);
    let points: Vec<[f64; 2]> = rates.iter().zip(&found).map(|(r, s)| [*r, s.mean]).collect();
    let (low, high) = (bench.setting("from").min(bench.setting("to")), bench.setting("from").max(bench.setting("to")));
    let span = (high - low).max(1e-9);
    let line = |x: f64, p: [f64; 2]| Activation::Relu.of(x - p[0]);
    // The second parameter of the line is idle: one search serves both.
    let rectified = fit(&points, [(low - span, high), (0.0, 0.0)], line);
    let curve = |x: f64, p: [f64; 2]| Activation::Logistic.of((x - p[0]) / (p[1].exp() * span));
    let sigmoid = fit(&points, [(low, high + span), (0.01_f64.ln(), 1.0)], curve);
    let fires = points.iter().any(|p| p[1] > 0.0);
    let unit = bench.neuron().card().rate_unit();
    let mut report = Report::default();
    let highest = found.iter().map(|s| s.mean).fold(f64::NEG_INFINITY, f64::max);
    report.number("highest", "Highest output", unit, Some(highest));
    report.number("last", "Output at the end", unit, found.last().map(|s| s.mean));
    report.number("last_error", "its standard error", unit, found.last().map(Sample::sem));
    let fitted = |x: f64| fires.then_some(x);
    report.number("relu_from", "Line: zero up to", unit, fitted(rectified.inner[0]));
    report.number("relu_slope", "Line: slope", "", fitted(rectified.factor));
    report.number("relu_rms", "Line: misses by", unit, fitted(rectified.rms));
    report.number("logistic_middle", "Logistic: middle", unit, fitted(sigmoid.inner[0]));
    report.number("logistic_top", "Logistic: top", unit, fitted(sigmoid.factor));
    report.number("logistic_rms", "Logistic: misses by", unit, fitted(sigmoid.rms));
    let draw = |f: &dyn Fn(f64) -> f64| (0..=200).map(|k| low + span * f64::from(k) / 200.0).map(|x| [x, f(x)]).filter(|_| fires).collect::<Vec<_>>();
    let bars = rates.iter().zip(&found).flat_map(|(r, s)| error_bar(*r, s)).collect();
    report.charts.push(
        Chart::new("rates", "Output against input", Axis::new("excitatory spikes in", unit), Axis::new("spikes out", unit).over((0.0, 1.0)))
            .with(Series::new("relu", "ReLU", Ink::Recovery, Mark::Dashed, draw(&|x| rectified.factor * line(x, rectified.inner))))
            .with(Series::new("logistic", "logistic", Ink::Potential, Mark::Dashed, draw(&|x| sigmoid.factor * curve(x, sigmoid.inner))))
            .with(Series::new("errors", "", Ink::Spike, Mark::Line, bars))
            .with(Series::new("output", "counted, \u{b1} s.e.m.", Ink::Spike, Mark::Dots, points)),
    );
    report.says.push(if !fires {
        "It never fires at these rates: raise the weight or the rate".into()
    } else if rectified.rms < sigmoid.rms {
        format!("A rectified line comes nearer than a logistic: it misses by {:.2} {unit}, the logistic by {:.2}", rectified.rms, sigmoid.rms)
    } else {
        format!("A logistic comes nearer than a rectified line: it misses by {:.2} {unit}, the line by {:.2}", sigmoid.rms, rectified.rms)
    });
    report
}
