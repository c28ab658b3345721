//! How strong a pulse must be to make the neuron fire, against how long it lasts.
//!
//! ```text
//! Lapicque:  I = I_rh / (1 − e^(−d/τ)),  τ = chronaxie / ln 2
//! Weiss:     I = I_rh (1 + chronaxie / d)
//! ```
//! `I_rh`, the rheobase, is what a very long pulse needs; the chronaxie is the length at which twice of it is needed.
//!
//! Source: Weiss 1901, *Arch Ital Biol* 35:413; Lapicque 1907, *J Physiol Pathol Gén* 9:620; both in Brunel and van Rossum 2007,
//! *Biol Cybern* 97:337 (doi 10.1007/s00422-007-0190-0).

use std::f64::consts::LN_2;

use crate::experiment::protocol::{Bench, Experiment, spiking_not_by_chance};
use crate::experiment::pulses::{amount, current, round, sizes, spaced, time, trials};
use crate::experiment::report::{Axis, Chart, Ink, Mark, Report, Series};
use crate::experiment::response::{Keep, pulse};
use crate::model::{Dynamics, Field, units};

/// The experiment.
pub static EXPERIMENT: Experiment = Experiment {
    id: "strength_duration",
    title: "Strength and duration",
    shows: "How much stronger must a pulse be when it is shorter?",
    source: "Weiss 1901, Arch Ital Biol 35:413; Lapicque 1907, J Physiol Pathol Gén 9:620; Brunel & van Rossum 2007, doi:10.1007/s00422-007-0190-0",
    suits: spiking_not_by_chance,
    settings,
    run,
};

/// Relative precision of rheobase and chronaxie, and of the points of the curve.
const PRECISION: (f64, f64) = (1e-6, 1e-5);

fn settings(neuron: &'static dyn Dynamics) -> Vec<Field> {
    let sizes = sizes(neuron);
    vec![
        time(neuron, "from", "\\text{shortest}", round(0.1 * sizes.width), "Shortest pulse"),
        time(neuron, "to", "\\text{longest}", round(5.0 * sizes.width), "Longest pulse"),
        trials(16.0, "Number of lengths that are tried, spaced by equal ratios"),
        Field { min: 0.0, ..current(neuron, "most", "\\text{strongest}", round(30.0 * sizes.pulse), "Strongest pulse that is tried") },
        time(neuron, "wait", "\\text{wait}", sizes.wait, "How long a spike is waited for after the pulse"),
        time(neuron, "rheobase", "\\text{long step}", 0.5 * neuron.card().duration, "Length of the step from which the rheobase is taken"),
    ]
}

/// The two formulas, from rheobase and chronaxie.
struct Formulas {
    rheobase: f64,
    chronaxie: f64,
}

impl Formulas {
    fn lapicque(&self, width: f64) -> f64 {
        self.rheobase / -(-width * LN_2 / self.chronaxie).exp_m1()
    }

    fn weiss(&self, width: f64) -> f64 {
        self.rheobase * (1.0 + self.chronaxie / width)
    }
}

fn run(bench: &Bench) -> Report {
    let rest = bench.subject.rest(0.0);
    let (from, to) = bench.ends();
    let (most, wait) = (bench.setting("most"), bench.setting("wait"));
    let long = bench.setting("rheobase");
    let fires = |width: f64, wait: f64, amplitude: f64| {
        !bench.subject.respond(&rest, &[pulse(0.0, width, amplitude)], width + wait, Keep::Spikes).spikes.is_empty()
    };
    let widths: Vec<f64> = spaced(from.ln(), to.ln(), bench.count("count")).into_iter().map(f64::exp).collect();
    // The rheobase is the longest piece of work: it comes first.
    let mut found = bench.map(widths.len() + 1, |k| match k {
        0 => bench.least(most, PRECISION.0, |a| fires(long, 0.0, a)),
        k => bench.least(most, PRECISION.1, |a| fires(widths[k - 1], wait, a)),
    });
    let thresholds = if found.is_empty() { Vec::new() } else { found.split_off(1) };
    let rheobase = found.pop().flatten();
    let is_restless = rheobase == Some(0.0);
    let rheobase = rheobase.filter(|i| *i != 0.0);
    let chronaxie = rheobase.and_then(|i| bench.least(long, PRECISION.0, |width| width > 0.0 && fires(width, wait, 2.0 * i)));
    let formulas = rheobase.zip(chronaxie).map(|(rheobase, chronaxie)| Formulas { rheobase, chronaxie });
    let points: Vec<[f64; 2]> = widths.iter().zip(&thresholds).filter_map(|(w, i)| i.map(|i| [*w, i])).collect();
    let worst = |formula: fn(&Formulas, f64) -> f64| {
        let formulas = formulas.as_ref()?;
        points.iter().map(|[w, i]| (formula(formulas, *w) / i - 1.0).abs()).reduce(f64::max)
    };
    let off = [worst(Formulas::lapicque), worst(Formulas::weiss)];
    let mut report = Report::default();
    report.number("rheobase", "Rheobase", bench.current_unit(), rheobase);
    report.number("chronaxie", "Chronaxie", bench.time_unit(), chronaxie);
    report.number("tau", "Chronaxie / ln 2", bench.time_unit(), chronaxie.map(|c| c / LN_2));
    report.number("shortest", "At the shortest", bench.current_unit(), points.first().filter(|p| p[0] <= from * 1.000_001).map(|p| p[1]));
    report.number("longest", "At the longest", bench.current_unit(), points.last().map(|p| p[1]));
    report.number("lapicque_error", "Lapicque off by", "%", off[0].map(|x| 100.0 * x));
    report.number("weiss_error", "Weiss off by", "%", off[1].map(|x| 100.0 * x));
    report.charts = charts(bench, &points, formulas.as_ref(), (from, to));
    report.says = says(bench, &points, formulas.as_ref(), off, is_restless);
    report
}

fn charts(bench: &Bench, points: &[[f64; 2]], formulas: Option<&Formulas>, (from, to): (f64, f64)) -> Vec<Chart> {
    let (time, current) = (bench.time_unit(), bench.current_unit());
    let width = || Axis::new("length of the pulse", time).over((0.0, to));
    let fine: Vec<f64> = spaced(from.ln(), to.ln(), 200).into_iter().map(f64::exp).collect();
    let curve = |formula: fn(&Formulas, f64) -> f64, charge: bool| {
        let value = |f: &Formulas, w: f64| formula(f, w) * if charge { w } else { 1.0 };
        formulas.map(|f| fine.iter().map(|w| [*w, value(f, *w)]).collect::<Vec<_>>()).unwrap_or_default()
    };
    let level = formulas.map(|f| [0.0, f.rheobase]).into_iter().collect();
    let half = formulas.map(|f| [f.chronaxie, 0.0]).into_iter().collect();
    let strength = Chart::new("strength", "Threshold against the length of the pulse", width(), Axis::new("threshold", current).over((0.0, 0.0)))
        .with(Series::new("lapicque", "Lapicque", Ink::Recovery, Mark::Dashed, curve(Formulas::lapicque, false)))
        .with(Series::new("weiss", "Weiss", Ink::Inactivation, Mark::Dashed, curve(Formulas::weiss, false)))
        .with(Series::new("rheobase", "", Ink::Muted, Mark::Level, level))
        .with(Series::new("chronaxie", "", Ink::Muted, Mark::Upright, half))
        .with(Series::new("threshold", "measured", Ink::Spike, Mark::Dots, points.to_vec()));
    let charges = points.iter().map(|[w, i]| [*w, w * i]).collect();
    let charge =
        Chart::new("charge", "Charge at threshold", width(), Axis::new("charge = threshold × length", units::charge(current)).over((0.0, 0.0)))
            .with(Series::new("lapicque", "Lapicque", Ink::Recovery, Mark::Dashed, curve(Formulas::lapicque, true)))
            .with(Series::new("weiss", "Weiss: a straight line", Ink::Inactivation, Mark::Dashed, curve(Formulas::weiss, true)))
            .with(Series::new("charge", "measured", Ink::Spike, Mark::Dots, charges));
    vec![strength, charge]
}

fn says(bench: &Bench, points: &[[f64; 2]], formulas: Option<&Formulas>, off: [Option<f64>; 2], is_restless: bool) -> Vec<String> {
    let (time, current) = (bench.time_unit(), bench.current_unit());
    if is_restless {
        return vec!["It fires without any pulse: hold it at a current at which it rests".into()];
    }
    if points.is_empty() {
        return vec!["No pulse of these lengths makes it fire: raise the strongest that is tried".into()];
    }
    let Some(f) = formulas else {
        return vec!["Short pulses make it fire, but a long step of the same sign gave no rheobase and chronaxie: lengthen it".into()];
    };
    let mut says =
        vec![format!("A long step needs {}; twice of that is enough if it lasts {}", amount(f.rheobase, current), amount(f.chronaxie, time))];
    if let [Some(lapicque), Some(weiss)] = off {
        let nearer = if lapicque <= weiss { "Lapicque's formula is the nearer one" } else { "Weiss' formula is the nearer one" };
        says.push(format!("{nearer}: Lapicque's is off by at most {}, Weiss' by {}", amount(100.0 * lapicque, "%"), amount(100.0 * weiss, "%")));
    }
    says
}
