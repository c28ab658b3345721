//! Counts and intervals of a Poisson train: how they scatter, and what becomes of them when time is cut into bins in each of which
//! a spike comes with probability r·Δ.
//!
//! Counts in windows of length T follow (rT)ⁿ e^(−rT)/n! and intervals r e^(−rt). Standard errors: of the rate √N/T, of the CV of
//! n exponential intervals 1/√n, of the Fano factor of n windows √(2/(n − 1)) (Fisher 1950, Biometrics 6:17, doi 10.2307/3001420).
//! The binned train is drawn from the same random numbers: an interval E/r becomes ⌈E/−ln(1 − rΔ)⌉ bins, which is
//! geometric as it must be.
//!
//! Source: Dayan and Abbott 2001, *Theoretical Neuroscience*, MIT Press, sec. 1.4.

use crate::experiment::drive::{arrivals, poisson, short};
use crate::experiment::protocol::{Bench, Experiment, counted, setting};
use crate::experiment::report::{Axis, Chart, Ink, Mark, Report, Series};
use crate::experiment::statistics::{Sample, density, float};
use crate::model::{Dynamics, Field};
use crate::stimulus::Synapse;

/// The experiment.
pub static EXPERIMENT: Experiment = Experiment {
    id: "poisson_counts",
    title: "Counts of a Poisson train",
    shows: "How many spikes does a random train of a given rate bring, at what intervals, and when do bins spoil it?",
    source: "Dayan & Abbott 2001, Theoretical Neuroscience, sec. 1.4",
    suits: |_| Ok(()),
    settings,
    run,
};

/// More spikes than this are not drawn; there are fewer windows then.
const MOST: f64 = 2e6;
/// Windows whose spikes are shown.
const ROWS: usize = 20;
/// Bins of the histogram of intervals.
const BINS: usize = 40;
/// From here on bins are no stand-in for a Poisson process: a twentieth of all spikes would share a bin with another.
const LARGE: f64 = 0.1;

fn settings(neuron: &'static dyn Dynamics) -> Vec<Field> {
    let card = neuron.card();
    let (time, ms) = (card.time_unit(), short(neuron, 1.0));
    let rate = 0.04 / ms * card.per_second();
    vec![
        setting("rate", "\\text{rate}", card.rate_unit(), rate, [1e-9, 1e4], (0.05 * rate, 5.0 * rate), "Rate of the train"),
        setting("window", "\\text{window}", time, 100.0 * ms, [1e-2, 1e4], (10.0 * ms, 500.0 * ms), "Length of a window in which spikes are counted"),
        counted("windows", "\\text{windows}", 2000.0, [2.0, 20_000.0], (100.0, 5000.0), "Number of windows"),
        setting(
            "bin",
            "\\text{bin}",
            time,
            0.0,
            [0.0, 1e3],
            (0.0, 10.0 * ms),
            "Bin of the generator that draws a spike or none in each; 0 takes the run's own step",
        ),
    ]
}

/// A train cut into windows.
struct Train {
    counts: Vec<f64>,
    gaps: Vec<f64>,
    times: Vec<f64>,
}

impl Train {
    fn new(times: Vec<f64>, window: f64, windows: usize) -> Self {
        let mut counts = vec![0.0; windows];
        for t in &times {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "times are positive, and the cast saturates")]
            if let Some(count) = counts.get_mut((t / window) as usize) {
                *count += 1.0;
            }
        }
        let gaps = times.windows(2).map(|w| w[1] - w[0]).collect();
        Self { counts, gaps, times }
    }

    /// Shares of the counts, up to `highest`.
    fn shares(&self, highest: usize) -> Vec<[f64; 2]> {
        density(&self.counts, -0.5, 1.0, highest + 1)
    }
}

/// The same train with one draw per bin: intervals in whole bins.
fn binned(times: &[f64], rate: f64, bin: f64, end: f64) -> Vec<f64> {
    let chance = rate * bin;
    if chance >= 1.0 {
        // Every bin has its spike: there is nothing random left.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most as many as spikes were drawn")]
        let count = (end / bin).min(MOST) as usize;
        return (0..count).map(|k| (float(k) + 0.5) * bin).collect();
    }
    let scale = -rate / (-chance).ln_1p();
    let mut last = (0.0, 0.0);
    let places = times.iter().map(|t| {
        last = (*t, last.1 + ((t - last.0) * scale).ceil().max(1.0));
        // A spike stands in the middle of its bin, clear of the windows' borders.
        (last.1 - 0.5) * bin
    });
    places.take_while(|t| *t < end).collect()
}

/// (rT)ⁿ e^(−rT)/n! for n from 0 to `highest`, by logarithms so that large means do not underflow.
fn formula(mean: f64, highest: usize) -> Vec<[f64; 2]> {
    let mut log = -mean;
    (0..=highest)
        .map(|n| {
            log += if n == 0 { 0.0 } else { (mean / float(n)).ln() };
            [float(n), log.exp()]
        })
        .collect()
}

fn run(bench: &Bench) -> Report {
    let card = bench.neuron().card();
    let rate = bench.setting("rate") / card.per_second();
    let window = bench.setting("window");
    let mean = rate * window;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive count, and the cast saturates")]
    let windows = bench.count("windows").min((MOST / mean) as usize).max(2);
    let end = float(windows) * window;
    let bin = if bench.setting("bin") > 0.0 { bench.setting("bin") } else { bench.subject.prep.dt };
    // Asked before the drawing, which is one piece of work of at most a tenth of a second.
    let times = if bench.go_on(0.0) {
        arrivals(&poisson(bench.setting("rate"), 0, (0.0, Synapse::Delta {})), bench.subject.seed, card.per_second(), end)
    } else {
        Vec::new()
    };
    let in_bins = Train::new(binned(&times, rate, bin, end), window, windows);
    let exact = Train::new(times, window, windows);
    let mut report = Report::default();
    numbers(&mut report, bench, (&exact, &in_bins), (end, rate * bin));
    charts(&mut report, bench, (&exact, &in_bins), (rate, mean, window));
    report.says = sentences(&report, rate * bin);
    report
}

fn numbers(report: &mut Report, bench: &Bench, (exact, in_bins): (&Train, &Train), (end, chance): (f64, f64)) {
    let card = bench.neuron().card();
    let (spikes, unit) = (float(exact.times.len()), card.rate_unit());
    report.number("rate", "Rate", unit, Some(spikes / end * card.per_second()));
    report.number("rate_error", "its standard error", unit, Some(spikes.sqrt() / end * card.per_second()));
    for (train, id, word) in [(exact, "", ""), (in_bins, "binned_", ", in bins")] {
        let (counts, gaps) = (Sample::of(&train.counts), Sample::of(&train.gaps));
        report.number(format!("{id}cv"), format!("CV of intervals{word}"), "", Some(gaps.cv()));
        if id.is_empty() {
            report.number("cv_error", "its standard error", "", Some(1.0 / float(gaps.count).sqrt()));
        }
        report.number(format!("{id}fano"), format!("Fano factor{word}"), "", Some(counts.fano()));
        if id.is_empty() {
            report.number("fano_error", "its standard error", "", Some((2.0 / (float(counts.count) - 1.0)).sqrt()));
        }
    }
    report.number("chance", "Chance per bin, r\u{b7}\u{394}", "", Some(chance));
}

fn charts(report: &mut Report, bench: &Bench, (exact, in_bins): (&Train, &Train), (rate, mean, window): (f64, f64, f64)) {
    let time = bench.neuron().card().time_unit();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive number of some thousand")]
    let highest = (mean + 5.0 * mean.sqrt() + 3.0) as usize;
    let counts = Chart::new("counts", "Spikes in a window", Axis::new("spikes in a window", ""), Axis::new("share of windows", ""))
        .with(Series::new("exact", "drawn", Ink::Spike, Mark::Bars, exact.shares(highest)))
        .with(Series::new("binned", "in bins", Ink::Muted, Mark::Rings, in_bins.shares(highest)))
        .with(Series::new("formula", "formula", Ink::Plain, Mark::Dashed, formula(mean, highest)));
    let longest = 5.0 / rate;
    let curve = (0..=200).map(|k| longest * f64::from(k) / 200.0).map(|t| [t, rate * (-rate * t).exp()]).collect();
    let per_time = if time.is_empty() { "" } else { "1/ms" };
    let gaps = Chart::new("intervals", "Intervals", Axis::new("interval", time), Axis::new("density of intervals", per_time))
        .with(Series::new("exact", "drawn", Ink::Spike, Mark::Bars, density(&exact.gaps, 0.0, longest / float(BINS), BINS)))
        .with(Series::new("binned", "in bins", Ink::Muted, Mark::Rings, density(&in_bins.gaps, 0.0, longest / float(BINS), BINS)))
        .with(Series::new("formula", "formula", Ink::Plain, Mark::Dashed, curve));
    let ticks = exact.times.iter().map(|t| [t % window, (t / window).floor() + 1.0]).take_while(|p| p[1] <= float(ROWS)).collect();
    let rows = Axis::new("window", "").over((0.0, float(ROWS) + 1.0));
    let raster = Chart::new("raster", "The first windows", Axis::new("time in the window", time).over((0.0, window)), rows).with(Series::new(
        "spikes",
        "",
        Ink::Spike,
        Mark::Raster,
        ticks,
    ));
    report.charts = vec![counts, gaps, raster];
}

fn sentences(report: &Report, chance: f64) -> Vec<String> {
    let get = |id| report.value(id);
    let mut says = Vec::new();
    match (get("cv"), get("cv_error"), get("fano"), get("fano_error")) {
        (Some(cv), Some(cv_error), Some(fano), Some(fano_error)) => says.push(format!(
            "Intervals have a CV of {cv:.3} \u{b1} {cv_error:.3} and counts a Fano factor of {fano:.3} \u{b1} {fano_error:.3}; a Poisson process has 1 and 1"
        )),
        _ => says.push("There are too few spikes to say how they scatter".into()),
    }
    says.push(if chance >= 1.0 {
        format!("In bins a spike would have the chance {chance:.3}, which is no chance: every bin has one. Make bins smaller")
    } else if chance > LARGE {
        format!(
            "In bins the chance of a spike is {chance:.3}, not small: counts scatter too little there, by the factor {:.3}. Make bins smaller",
            1.0 - chance
        )
    } else {
        format!("In bins the chance of a spike is {chance:.3}, small enough for bins to serve")
    });
    says
}
