//! Two or more equal pulses, the gap between them varied: an integrator fires at short gaps, a resonator in a band of
//! gaps near the period of its own oscillation.
//!
//! Source: Izhikevich 2007, *Dynamical Systems in Neuroscience*, MIT Press, sec. 7.2 (doi 10.7551/mitpress/2526.001.0001). Gaps
//! are onset to onset.

use crate::experiment::protocol::{Bench, Experiment, counted, setting, spiking_not_by_chance};
use crate::experiment::pulses::{Sizes, amount, sizes, spaced};
use crate::experiment::report::{Axis, Chart, Ink, Mark, Report, Series};
use crate::experiment::response::{Keep, pulse};
use crate::experiment::statistics::significant;
use crate::model::{Dynamics, Field};
use crate::stimulus::Item;

/// The experiment.
pub static EXPERIMENT: Experiment = Experiment {
    id: "gap_scan",
    title: "Pulses at a gap",
    shows: "At which gaps do pulses, each too weak alone, make the neuron fire together?",
    source: "Izhikevich 2007, Dynamical Systems in Neuroscience, sec. 7.2",
    suits: spiking_not_by_chance,
    settings,
    run,
};

fn settings(neuron: &'static dyn Dynamics) -> Vec<Field> {
    let card = neuron.card();
    let (current, time) = (card.current, card.time_unit());
    // A little less than what one pulse alone needs.
    let Sizes { width, wait, pulse, .. } = sizes(neuron);
    let amplitude = significant(0.93 * pulse, 3);
    vec![
        counted("pulses", "\\text{pulses}", 2.0, [2.0, 20.0], (2.0, 5.0), "Number of pulses"),
        setting("amplitude", "\\text{amplitude}", current.unit, amplitude, [current.min, current.max], current.shown, "Current during a pulse"),
        setting("width", "\\text{width}", time, width, [1e-3, 1e4], (0.1 * width, 10.0 * width), "Length of a pulse"),
        setting("from", "\\text{from gap}", time, width, [1e-3, 1e5], (0.1 * width, wait), "Shortest gap, onset to onset"),
        setting("to", "\\text{to gap}", time, 2.0 * wait, [1e-3, 1e5], (0.2 * wait, 5.0 * wait), "Longest gap, onset to onset"),
        counted(
            "count",
            "\\text{gaps}",
            100.0,
            [2.0, 2000.0],
            (20.0, 300.0),
            "Number of gaps that are tried; borders of bands are refined between them",
        ),
        setting("after", "\\text{wait}", time, 1.25 * wait, [1e-3, 1e5], (0.5 * wait, 10.0 * wait), "How long is waited after the last pulse"),
    ]
}

/// How finely a border of a band is told, relative to the gap.
const PRECISION: f64 = 1e-6;

struct Pulses {
    count: usize,
    amplitude: f64,
    width: f64,
    after: f64,
}

impl Pulses {
    fn items(&self, gap: f64, count: usize) -> Vec<Item> {
        #[expect(clippy::cast_precision_loss, reason = "a few pulses")]
        let at = |k: usize| k as f64 * gap;
        (0..count).map(|k| pulse(at(k), self.width, self.amplitude)).collect()
    }

    /// Spikes and the highest potential in answer to `count` pulses at a gap.
    fn answer(&self, bench: &Bench, rest: &[f64], gap: f64, count: usize, keep: Keep) -> (usize, f64) {
        let items = self.items(gap, count);
        #[expect(clippy::cast_precision_loss, reason = "a few pulses")]
        let end = count.saturating_sub(1) as f64 * gap + self.width + self.after;
        let response = bench.subject.respond(rest, &items, end, keep);
        (response.spikes.len(), response.highest)
    }
}

fn run(bench: &Bench) -> Report {
    let pulses =
        Pulses { count: bench.count("pulses"), amplitude: bench.setting("amplitude"), width: bench.setting("width"), after: bench.setting("after") };
    let (from, to, count) = (bench.setting("from"), bench.setting("to").max(bench.setting("from") + 1e-6), bench.count("count"));
    let gaps = spaced(from, to, count);
    let gap = |k: usize| gaps[k];
    let rest = bench.subject.rest(0.0);
    let (alone, _) = pulses.answer(bench, &rest, 1.0, 1, Keep::Spikes);
    let answers = bench.map(count, |k| pulses.answer(bench, &rest, gap(k), pulses.count, Keep::Extremes));
    let fires = |k: usize| answers.get(k).is_some_and(|a| a.0 > 0);
    let last = answers.len().saturating_sub(1);
    // Between neighbours of which one fires lies a border of a band.
    let between: Vec<usize> = (0..last).filter(|k| fires(*k) != fires(k + 1)).collect();
    let borders = bench.map(between.len(), |place| {
        let low = between[place];
        let happens = |g: f64| (pulses.answer(bench, &rest, g, pulses.count, Keep::Spikes).0 > 0) == fires(low + 1);
        bench.between(gap(low), gap(low + 1), PRECISION, happens)
    });
    let first = (!answers.is_empty() && fires(0)).then_some(from);
    let end = (!answers.is_empty() && fires(last)).then_some(gap(last));
    let edges: Vec<f64> = first.into_iter().chain(borders).chain(end).collect();
    let bands: Vec<(f64, f64)> = edges.chunks_exact(2).map(|edge| (edge[0], edge[1])).collect();
    report(bench, &answers, &bands, alone > 0, gap)
}

fn report(bench: &Bench, answers: &[(usize, f64)], bands: &[(f64, f64)], alone: bool, gap: impl Fn(usize) -> f64) -> Report {
    let time = bench.neuron().card().time_unit();
    let mut report = Report::default();
    report.number("bands", "Bands that fire", "", Some(f64::from(u32::try_from(bands.len()).unwrap_or(u32::MAX))));
    for (k, band) in bands.iter().enumerate() {
        report.number(format!("band_{}_from", k + 1), format!("Band {} from", k + 1), time, Some(band.0));
        report.number(format!("band_{}_to", k + 1), format!("Band {} to", k + 1), time, Some(band.1));
    }
    let dots = |fired: bool| {
        let points = answers.iter().enumerate().filter(|(_, a)| (a.0 > 0) == fired);
        points.map(|(k, a)| [gap(k), a.1]).collect::<Vec<_>>()
    };
    let line = answers.iter().enumerate().map(|(k, a)| [gap(k), a.1]).collect();
    let potential = bench.neuron().states().first().map_or("", |f| f.unit);
    let chart = Chart::new("response", "Highest potential against the gap", Axis::new("gap", time), Axis::new("highest V", potential))
        .with(Series::new("highest", "", Ink::Potential, Mark::Thin, line))
        .with(Series::new("silent", "no spike", Ink::Potential, Mark::Rings, dots(false)))
        .with(Series::new("fires", "spikes", Ink::Spike, Mark::Dots, dots(true)))
        .with(Series::new("borders", "", Ink::Spike, Mark::Upright, bands.iter().flat_map(|b| [[b.0, 0.0], [b.1, 0.0]]).collect()));
    report.charts.push(chart);
    let (first, last) = (gap(0), gap(answers.len().saturating_sub(1)));
    report.says.push(sentence(bands, alone, (first, last), time));
    report
}

/// Bands that reach an end of the scan may go on beyond it, which is said.
fn sentence(bands: &[(f64, f64)], alone: bool, (first, last): (f64, f64), time: &str) -> String {
    if alone {
        return "One pulse alone fires already: lower the amplitude to see what the gap does".into();
    }
    if bands.is_empty() {
        return "It fires at none of these gaps: raise the amplitude".into();
    }
    let from = |t: f64| if t == first { format!("from the shortest tried, {},", amount(t, time)) } else { format!("from {}", amount(t, time)) };
    let to = |t: f64| if t == last { format!("to the longest tried, {}", amount(t, time)) } else { format!("to {}", amount(t, time)) };
    let spans: Vec<String> = bands.iter().map(|b| format!("{} {}", from(b.0), to(b.1))).collect();
    format!("It fires at gaps {}", spans.join(", and "))
}
