//! Two synaptic currents, each alone and both together: the answers add as long as the neuron is linear, and then all at once
//! they do not.
//!
//! ```text
//! I(t) = A (t/τ) e^(1 − t/τ)      from the arrival of an input on, highest (A) after τ
//! ```
//! The sum is rest plus what either input adds to it.
//!
//! Source: Rall 1967, *J Neurophysiol* 30:1138 (doi 10.1152/jn.1967.30.5.1138), for the alpha function; Koch 1999, *Biophysics of
//! Computation*, Oxford University Press, ch. 1 (doi 10.1093/oso/9780195104912.001.0001).

use std::f64::consts::E;

use crate::experiment::protocol::{Bench, Experiment, not_by_chance};
use crate::experiment::pulses::{amount, current, round, sizes, spaced, stride, time, trials};
use crate::experiment::report::{Axis, Chart, Ink, Mark, Report, Series};
use crate::experiment::response::{Keep, Response};
use crate::model::{Dynamics, Field};
use crate::stimulus::{Item, Synapse};

/// The experiment.
pub static EXPERIMENT: Experiment = Experiment {
    id: "summation",
    title: "Two inputs together",
    shows: "Is the answer to two inputs the sum of the answers to either?",
    source: "Rall 1967, J Neurophysiol 30:1138, doi:10.1152/jn.1967.30.5.1138; Koch 1999, Biophysics of Computation, ch. 1",
    suits: not_by_chance,
    settings,
    run,
};

/// Relative precision of thresholds.
const PRECISION: f64 = 1e-6;
/// Deviations below this part of the answer are rounding.
const EXACT: f64 = 1e-9;

fn settings(neuron: &'static dyn Dynamics) -> Vec<Field> {
    let sizes = sizes(neuron);
    // A third of the charge of a pulse at threshold.
    let amplitude = round(0.3 * sizes.pulse / E);
    vec![
        current(neuron, "amplitude", "\\text{amplitude}", amplitude, "Highest current of either input"),
        time(neuron, "tau", "\\tau", sizes.width, "Time from the arrival of an input to its highest current"),
        time(neuron, "gap", "\\text{gap}", 2.0 * sizes.width, "Time between the arrivals of the two inputs"),
        current(neuron, "to", "\\text{to}", round(6.0 * amplitude), "Highest amplitude of the scan"),
        trials(25.0, "Number of amplitudes of the scan"),
        time(neuron, "wait", "\\text{wait}", sizes.wait, "How long is waited after the second input"),
    ]
}

/// The inputs.
struct Inputs<'a> {
    bench: &'a Bench<'a>,
    rest: Vec<f64>,
    tau: f64,
    gap: f64,
    duration: f64,
}

impl Inputs<'_> {
    fn answer(&self, amplitude: f64, times: &[f64], keep: Keep) -> Response {
        let synapse = Synapse::Alpha { n: 1, tau: self.tau };
        let weight = amplitude * self.tau * E;
        let item = Item::Spikes { times: Some(times.to_vec()), rate_hz: None, seed: None, weight, synapse };
        self.bench.subject.respond(&self.rest, &[item], self.duration, keep)
    }

    /// The first, the second, both.
    fn three(&self, amplitude: f64, keep: Keep) -> [Response; 3] {
        [&[0.0][..], &[self.gap], &[0.0, self.gap]].map(|times| self.answer(amplitude, times, keep))
    }

    fn fires(&self, amplitude: f64, times: &[f64]) -> bool {
        !self.answer(amplitude, times, Keep::Spikes).spikes.is_empty()
    }
}

/// Potential at a recorded time; runs with spikes have recorded others besides.
fn at(response: &Response, t: f64) -> Option<f64> {
    let place = response.trace.binary_search_by(|p| p[0].total_cmp(&t)).ok()?;
    response.trace.get(place).map(|p| p[1])
}

/// The sum of the two single answers wherever all were recorded, and how far both together are from it.
fn sum([none, first, second, both]: &[Response; 4]) -> (Vec<[f64; 2]>, Vec<[f64; 2]>) {
    let points = none.trace.iter().filter_map(|[t, v]| {
        let sum = at(first, *t)? + at(second, *t)? - v;
        Some(([*t, sum], [*t, at(both, *t)? - sum]))
    });
    points.unzip()
}

/// The highest potential of the sum: from the answers of an amplitude.
fn top(points: &[[f64; 2]]) -> f64 {
    points.iter().map(|p| p[1]).fold(f64::NEG_INFINITY, f64::max)
}

fn run(bench: &Bench) -> Report {
    let (amplitude, to, gap) = (bench.setting("amplitude"), bench.setting("to"), bench.setting("gap"));
    let tau = bench.setting("tau");
    let inputs = Inputs { bench, rest: bench.subject.rest(0.0), tau, gap, duration: gap + bench.setting("wait") };
    let dt = bench.subject.prep.dt;
    let keep = Keep::Every(stride(inputs.duration, dt, 1500.0));
    let [first, second, both] = inputs.three(amplitude, keep);
    let four = [inputs.answer(0.0, &[], keep), first, second, both];
    let (summed, deviations) = sum(&four);
    let largest = deviations.iter().map(|p| p[1].abs()).fold(0.0, f64::max);
    let amplitudes = spaced(0.0, to, bench.count("count"));
    let keep = Keep::Every(stride(inputs.duration, dt, 400.0));
    let none = inputs.answer(0.0, &[], keep);
    let scan = bench.map(amplitudes.len(), |k| {
        let [first, second, both] = inputs.three(amplitudes[k], keep);
        let four = [none.clone(), first, second, both];
        (four[3].highest, top(&sum(&four).0), four[3].spikes.len(), four[1].spikes.len())
    });
    let alone = bench.least(to, PRECISION, |a| inputs.fires(a, &[0.0]));
    let together = bench.least(to, PRECISION, |a| inputs.fires(a, &[0.0, gap]));
    let mut report = Report::default();
    let (current, potential) = (bench.current_unit(), bench.potential_unit());
    let base = inputs.rest.first().copied().unwrap_or(0.0);
    let rise = four[3].highest - base;
    report.number("deviation", "Largest deviation", potential, Some(largest));
    report.number("single", "First alone adds", potential, Some(four[1].highest - base));
    report.number("both", "Both add", potential, Some(rise));
    report.number("sum", "The sum adds", potential, Some(top(&summed) - base));
    report.number("threshold_single", "One fires from", current, alone);
    report.number("threshold_both", "Both fire from", current, together);
    report.charts = vec![traces(bench, &four, summed), peaks(bench, &amplitudes, &scan, amplitude)];
    report.says = says(bench, &four, largest, alone, together);
    report
}

fn traces(bench: &Bench, four: &[Response; 4], summed: Vec<[f64; 2]>) -> Chart {
    let ink = if four[3].spikes.is_empty() { Ink::Potential } else { Ink::Spike };
    Chart::new("traces", "Either input, both, and the sum", Axis::new("time", bench.time_unit()), Axis::new("V", bench.potential_unit()))
        .with(Series::new("first", "first", Ink::Muted, Mark::Line, four[1].trace.clone()))
        .with(Series::new("second", "second", Ink::Recovery, Mark::Line, four[2].trace.clone()))
        .with(Series::new("both", "both", ink, Mark::Line, four[3].trace.clone()))
        .with(Series::new("sum", "sum of the two", Ink::Plain, Mark::Dashed, summed))
}

fn peaks(bench: &Bench, amplitudes: &[f64], scan: &[(f64, f64, usize, usize)], amplitude: f64) -> Chart {
    let pairs = || amplitudes.iter().zip(scan);
    let dots = |fired: bool| pairs().filter(|(_, s)| (s.2 > 0) == fired).map(|(a, s)| [*a, s.0]).collect::<Vec<_>>();
    // Once one input alone makes a spike there is no sum to speak of.
    let sums = pairs().filter(|(_, s)| s.3 == 0).map(|(a, s)| [*a, s.1]).collect();
    Chart::new(
        "peaks",
        "Highest potential against the amplitude",
        Axis::new("amplitude of either input", bench.current_unit()),
        Axis::new("highest V", bench.potential_unit()),
    )
    .with(Series::new("sum", "sum of the two", Ink::Plain, Mark::Dashed, sums))
    .with(Series::new("silent", "both", Ink::Potential, Mark::Rings, dots(false)))
    .with(Series::new("fires", "both: spike", Ink::Spike, Mark::Dots, dots(true)))
    .with(Series::new("amplitude", "", Ink::Muted, Mark::Upright, vec![[amplitude, 0.0]]))
}

fn says(bench: &Bench, four: &[Response; 4], largest: f64, alone: Option<f64>, together: Option<f64>) -> Vec<String> {
    let (current, potential) = (bench.current_unit(), bench.potential_unit());
    if !four[0].spikes.is_empty() || together == Some(0.0) {
        return vec!["It fires without any input: hold it at a current at which it rests".into()];
    }
    let base = four[0].trace.first().map_or(0.0, |p| p[1]);
    let part = largest / (four[3].highest - base).abs().max(1e-300);
    let fires = [1, 2, 3].map(|k| !four[k].spikes.is_empty());
    let mut says = vec![match fires {
        [false, false, true] => "Neither input makes it fire alone, both together do".into(),
        [false, false, false] if part < EXACT => "The answer to both is the sum of the two, to rounding".into(),
        [false, false, false] => format!("Both together are off the sum of the two by at most {}", amount(largest, potential)),
        _ => "One input alone makes it fire: lower the amplitude to see the two add".into(),
    }];
    match (alone, together) {
        (Some(alone), Some(together)) => {
            says.push(format!("Both make it fire from {} each on, one alone from {}", amount(together, current), amount(alone, current)));
        }
        (None, Some(together)) => {
            says.push(format!("Both make it fire from {} each on, one alone at none of the amplitudes", amount(together, current)));
        }
        (Some(alone), None) => says.push(format!("One alone makes it fire from {} on, both at none of the amplitudes", amount(alone, current))),
        (None, None) => says.push("None of the amplitudes makes it fire".into()),
    }
    says
}
