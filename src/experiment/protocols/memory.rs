//! Intervals between spikes one after another, under an input that does not change: does the neuron remember earlier spikes?
//!
//! What is reset completely at a spike gives equal intervals; adaptation makes them grow.
//!
//! Source: Gerstner, Kistler, Naud and Paninski 2014, *Neuronal Dynamics*, Cambridge University Press, secs 1.3 and 6.1
//! (doi 10.1017/CBO9781107447615); intervals against their number: Koch 1999, *Biophysics of Computation*, ch. 9
//! (doi 10.1093/oso/9780195104912.001.0001).

use crate::experiment::protocol::{Bench, Experiment, counted, setting, spiking_not_by_chance};
use crate::experiment::pulses::{amount, current, round, sizes, stride, time};
use crate::experiment::report::{Axis, Chart, Ink, Mark, Report, Series};
use crate::experiment::response::{Keep, Response};
use crate::experiment::statistics::float;
use crate::model::{Dynamics, Field};
use crate::stimulus::{Item, Synapse};

/// The experiment.
pub static EXPERIMENT: Experiment = Experiment {
    id: "memory",
    title: "Memory of spikes",
    shows: "Does one interval between spikes equal the next, or does the neuron remember that it has fired?",
    source: "Gerstner, Kistler, Naud & Paninski 2014, Neuronal Dynamics, secs 1.3 and 6.1, doi:10.1017/CBO9781107447615",
    suits: spiking_not_by_chance,
    settings,
    run,
};

/// Relative differences of intervals below this are those of rounding and of the step.
const EQUAL: f64 = 1e-6;

fn settings(neuron: &'static dyn Dynamics) -> Vec<Field> {
    let (card, sizes) = (neuron.card(), sizes(neuron));
    let unit = neuron.states().first().map_or("", |f| f.unit);
    vec![
        current(neuron, "amplitude", "\\text{current}", round(3.0 * sizes.step), "Constant current, on top of the holding current"),
        setting("weight", "\\text{weight}", unit, 0.0, [-1000.0, 1000.0], (0.0, 10.0), "By how much each of the regular inputs lifts V"),
        time(neuron, "period", "\\text{period}", 2.0 * sizes.width, "Time from one of the regular inputs to the next, the first after one period"),
        counted("count", "\\text{intervals}", 30.0, [2.0, 2000.0], (5.0, 100.0), "Number of intervals that are looked at, from the first on"),
        time(neuron, "duration", "\\text{duration}", card.duration, "How long the input lasts"),
    ]
}

fn run(bench: &Bench) -> Report {
    let (duration, weight, period) = (bench.setting("duration"), bench.setting("weight"), bench.setting("period"));
    let mut items = vec![Item::Step { from: 0.0, to: None, amplitude: bench.setting("amplitude") }];
    if weight != 0.0 {
        let times = (1..=1_000_000_u32).map(|k| f64::from(k) * period).take_while(|t| *t < duration).collect();
        items.push(Item::Spikes { times: Some(times), rate_hz: None, seed: None, weight, synapse: Synapse::Delta {} });
    }
    let rest = bench.subject.rest(0.0);
    let keep = Keep::Every(stride(duration, bench.subject.prep.dt, 4000.0));
    let response = bench.map(1, |_| bench.subject.respond(&rest, &items, duration, keep)).pop().unwrap_or_default();
    let intervals: Vec<f64> = response.spikes.windows(2).map(|w| w[1] - w[0]).take(bench.count("count")).collect();
    let (first, last) = (intervals.first().copied(), intervals.last().copied());
    let mut report = Report::default();
    let time = bench.time_unit();
    report.number("intervals", "Intervals", "", Some(float(intervals.len())));
    report.number("first", "First interval", time, first);
    report.number("last", "Last interval", time, last);
    report.number("adaptation", "Last / first", "", last.zip(first).map(|(a, b)| a / b));
    let spread = intervals.iter().copied().reduce(f64::max).zip(intervals.iter().copied().reduce(f64::min)).map(|(a, b)| a - b);
    report.number("spread", "Longest \u{2212} shortest", time, spread);
    report.charts = charts(bench, &intervals, &response);
    report.says = vec![sentence(bench, &intervals)];
    report
}

fn charts(bench: &Bench, intervals: &[f64], response: &Response) -> Vec<Chart> {
    let time = bench.time_unit();
    let points: Vec<[f64; 2]> = intervals.iter().enumerate().map(|(k, t)| [float(k + 1), *t]).collect();
    let number = Chart::new("intervals", "Intervals in their order", Axis::new("interval", ""), Axis::new("length", time).over((0.0, 0.0)))
        .with(Series::new("line", "", Ink::Spike, Mark::Thin, points.clone()))
        .with(Series::new("intervals", "", Ink::Spike, Mark::Dots, points));
    let trace = Chart::new("trace", "V", Axis::new("time", time), Axis::new("V", bench.potential_unit())).with(Series::new(
        "v",
        "",
        Ink::Potential,
        Mark::Line,
        response.trace.clone(),
    ));
    vec![number, trace]
}

fn sentence(bench: &Bench, intervals: &[f64]) -> String {
    let time = bench.time_unit();
    let (Some(first), Some(last)) = (intervals.first(), intervals.last()) else {
        return "It fires fewer than two spikes: there is no interval; raise the current".into();
    };
    if intervals.len() < 2 {
        return "It fires two spikes only: there is one interval and none to compare it with".into();
    }
    let equal = |a: f64, b: f64| (a - b).abs() <= EQUAL * a.abs().max(b.abs());
    let rising = |sign: f64| intervals.windows(2).all(|w| sign * (w[1] - w[0]) >= -EQUAL * w[1].abs());
    let (a, b) = (amount(*first, time), amount(*last, time));
    let ratio = amount(last / first, "");
    // A train and a current together beat against each other, whatever the neuron remembers.
    let is_mixed = bench.setting("weight") != 0.0 && bench.setting("amplitude") != 0.0;
    let because = if is_mixed { "the train and the current share in it" } else { "earlier spikes are remembered" };
    if intervals.iter().all(|t| equal(*t, *first)) {
        format!("All {} intervals are {a}: a spike leaves no trace in the next", intervals.len())
    } else if rising(1.0) {
        format!("Intervals grow from {a} to {b}, {ratio} times the first: {because}")
    } else if rising(-1.0) {
        format!("Intervals shrink from {a} to {b}, {ratio} times the first: {because}")
    } else {
        format!("Intervals go up and down, from {a} at first to {b} at last: {because}")
    }
}
