//! Excitation against inhibition: random excitatory spikes at one rate, inhibitory ones at a range of rates, output spikes counted.
//!
//! Source: Shadlen and Newsome 1994, Current Opinion in Neurobiology 4:569 (doi 10.1016/0959-4388(94)90059-0). Both streams act as currents
//! or jumps, so that equal and opposite ones cancel in the mean and leave their fluctuations; shunting is not part of it.

use crate::experiment::protocol::{Bench, Experiment, counted, setting, spiking};
use crate::experiment::pulses::spaced;
use crate::experiment::report::{Axis, Chart, Ink, Mark, Report, Series};
use crate::experiment::statistics::Sample;
use crate::experiment::streams::{self, Streams, error_bar};
use crate::model::{Dynamics, Field};

/// The experiment.
pub static EXPERIMENT: Experiment = Experiment {
    id: "competition",
    title: "Excitation against inhibition",
    shows: "How much inhibition does it take to silence a neuron that excitation makes fire?",
    source: "Shadlen & Newsome 1994, doi:10.1016/0959-4388(94)90059-0",
    suits: spiking,
    settings,
    run,
};

fn settings(neuron: &'static dyn Dynamics) -> Vec<Field> {
    let unit = neuron.card().rate_unit();
    let rate = streams::driving_rate(neuron);
    let mut table = vec![
        setting("excitation", "\\text{excitation}", unit, 2.0 * rate, [0.0, 1e5], (0.0, 6.0 * rate), "Rate of excitatory spikes"),
        setting(
            "to",
            "\\text{inhibition}",
            unit,
            2.0 * rate,
            [1e-6, 1e5],
            (0.5 * rate, 6.0 * rate),
            "Highest rate of inhibitory spikes; the lowest is 0",
        ),
        counted("count", "\\text{rates}", 9.0, [2.0, 200.0], (5.0, 40.0), "Number of rates of inhibition"),
    ];
    table.extend(streams::settings(neuron, 8000.0));
    table
}

fn run(bench: &Bench) -> Report {
    let (excitation, count) = (bench.setting("excitation"), bench.count("count"));
    let streams = Streams::of(bench);
    let rates = spaced(0.0, bench.setting("to"), count);
    let pairs: Vec<(f64, f64)> = rates.iter().map(|r| (excitation, *r)).collect();
    let found = streams.measure(bench, &pairs);
    let unit = bench.neuron().card().rate_unit();
    let mut report = Report::default();
    let alone = found.first().map(|s| s.mean);
    let last = found.last().map(|s| s.mean);
    let half = alone.filter(|a| *a > 0.0).and_then(|a| halved(&rates, &found.iter().map(|s| s.mean).collect::<Vec<_>>(), 0.5 * a));
    report.number("alone", "Without inhibition", unit, alone);
    report.number("alone_error", "its standard error", unit, found.first().map(Sample::sem));
    report.number("last", "With the most", unit, last);
    report.number("last_error", "its standard error", unit, found.last().map(Sample::sem));
    report.number("half", "Halved by inhibition", unit, half);
    let bars = rates.iter().zip(&found).flat_map(|(r, s)| error_bar(*r, s)).collect();
    let points = rates.iter().zip(&found).map(|(r, s)| [*r, s.mean]).collect();
    let balance = Series::new("balance", "as much as excitation", Ink::Muted, Mark::Upright, vec![[excitation, 0.0]]);
    let mut chart =
        Chart::new("rates", "Output against inhibition", Axis::new("inhibitory spikes in", unit), Axis::new("spikes out", unit).over((0.0, 1.0)))
            .with(Series::new("errors", "", Ink::Spike, Mark::Line, bars))
            .with(Series::new("output", "counted, \u{b1} s.e.m.", Ink::Spike, Mark::Dots, points));
    if excitation <= bench.setting("to") {
        chart.series.push(balance);
    }
    report.charts.push(chart);
    report.says.push(match (alone, last, half) {
        (None, ..) => "Nothing was counted".into(),
        (Some(alone), ..) if alone <= 0.0 => "Excitation alone does not make it fire: raise its rate or weight".into(),
        (Some(alone), Some(last), Some(half)) => format!("It fires at {alone:.1} {unit} without inhibition, at half of that when {half:.0} {unit} of inhibitory spikes come, and at {last:.1} {unit} in the end"),
        (Some(alone), last, None) => format!("It fires at {alone:.1} {unit} without inhibition and still at {:.1} {unit} with the most of it", last.unwrap_or(alone)),
        (Some(alone), None, _) => format!("It fires at {alone:.1} {unit} without inhibition"),
    });
    report
}

/// Where a falling curve first comes down to `level`, on straight lines between its points.
fn halved(x: &[f64], y: &[f64], level: f64) -> Option<f64> {
    let k = y.iter().position(|y| *y <= level)?;
    let before = k.checked_sub(1)?;
    let (x0, y0, x1, y1) = (*x.get(before)?, *y.get(before)?, *x.get(k)?, *y.get(k)?);
    Some(x0 + (x1 - x0) * (y0 - level) / (y0 - y1))
}
