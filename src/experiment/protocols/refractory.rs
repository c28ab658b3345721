//! A pulse that makes the neuron fire, and a second one after it: how strong must the second be, against the gap?
//!
//! What is counted is a spike more than after the first pulse alone, so that a first spike that is merely hurried or still
//! under way does not count. Gaps are onset to onset.
//!
//! Source: Adrian and Lucas 1912, *J Physiol* 44:68 (doi 10.1113/jphysiol.1912.sp001503); Hodgkin and Huxley 1952
//! (doi 10.1113/jphysiol.1952.sp004764), fig. 20.

use crate::experiment::protocol::{Bench, Experiment, Subject, spiking_not_by_chance};
use crate::experiment::pulses::{amount, current, round, sizes, spaced, stride, time, trials};
use crate::experiment::report::{Axis, Chart, Handle, Ink, Mark, Report, Series};
use crate::experiment::response::{Keep, pulse};
use crate::model::{Dynamics, Field, Kind};
use crate::sim::Simulation;
use crate::stimulus::{Input, Item};

/// The experiment.
pub static EXPERIMENT: Experiment = Experiment {
    id: "refractory",
    title: "Refractory period",
    shows: "How strong must a second pulse be to make the neuron fire again, and what holds it back?",
    source: "Adrian & Lucas 1912, J Physiol 44:68; Hodgkin & Huxley 1952, J Physiol 117:500, fig. 20, doi:10.1113/jphysiol.1952.sp004764",
    suits: spiking_not_by_chance,
    settings,
    run,
};

/// Relative precision of the numbers, and of the points of the curve.
const PRECISION: (f64, f64) = (1e-6, 2e-4);
/// The second pulse is sought from this part of the value at rest on.
const LOWEST: f64 = 0.02;
/// The curve is drawn up to this many times the value at rest: beyond, nothing else could be told apart.
const DRAWN: f64 = 8.0;

fn settings(neuron: &'static dyn Dynamics) -> Vec<Field> {
    let sizes = sizes(neuron);
    vec![
        current(neuron, "first", "\\text{first}", round(3.0 * sizes.pulse), "Amplitude of the first pulse, which must make the neuron fire"),
        time(neuron, "width", "\\text{width}", sizes.width, "Length of either pulse"),
        time(neuron, "gap", "\\text{gap}", round(10.0 * sizes.width), "The gap that is looked at closely, onset to onset"),
        time(neuron, "from", "\\text{from gap}", round(3.0 * sizes.width), "Shortest gap of the curve"),
        time(neuron, "to", "\\text{to gap}", round(30.0 * sizes.width), "Longest gap of the curve"),
        trials(28.0, "Number of gaps of the curve"),
        Field { min: 0.0, ..current(neuron, "most", "\\text{strongest}", 20.0 * round(3.0 * sizes.pulse), "Strongest second pulse that is tried") },
        time(neuron, "wait", "\\text{wait}", sizes.wait, "How long a spike is waited for after the second pulse"),
    ]
}

/// The two pulses.
struct Pair<'a> {
    bench: &'a Bench<'a>,
    rest: Vec<f64>,
    first: f64,
    width: f64,
    most: f64,
    wait: f64,
}

impl Pair<'_> {
    /// The neuron when the second pulse begins.
    fn at(&self, gap: f64) -> Simulation {
        let Subject { prep, current, seed, .. } = self.bench.subject;
        let input = Input::new(&[self.first()], *seed, prep.dt, prep.neuron.card().per_second());
        let mut simulation = Simulation::new(prep.neuron, &prep.params, *current, input, prep.method, prep.dt, &self.rest);
        simulation.run_until(gap, None);
        simulation
    }

    fn first(&self) -> Item {
        pulse(0.0, self.width, self.first)
    }

    /// Spikes from the beginning on, with a second pulse from `gap` on: `before` is the neuron at that time.
    fn spikes(&self, before: &Simulation, gap: f64, second: f64) -> u64 {
        let Subject { prep, current, seed, .. } = self.bench.subject;
        let items = [self.first(), pulse(gap, self.width, second)];
        let input = Input::new(&items, *seed, prep.dt, prep.neuron.card().per_second());
        let mut simulation = before.clone();
        simulation.retune(&prep.params, *current, input, prep.method, prep.dt);
        simulation.run_until(gap + self.width + self.wait, None);
        simulation.spikes()
    }

    /// What the second pulse must have, above a part of what is needed at rest.
    fn least(&self, gap: f64, precision: f64, rest: Option<f64>) -> Option<f64> {
        let before = self.at(gap);
        let without = self.spikes(&before, gap, 0.0);
        let fires = |a: f64| self.spikes(&before, gap, a) > without;
        // Rungs far below the value at rest would all be silent.
        let floor = rest.map_or(0.0, |a| LOWEST * a);
        self.bench.least(self.most, precision, |a| a.abs() > floor.abs() && fires(a))
    }

    /// What a pulse must have at rest.
    fn at_rest(&self) -> Option<f64> {
        let fires = |a: f64| {
            let response = self.bench.subject.respond(&self.rest, &[pulse(0.0, self.width, a)], self.width + self.wait, Keep::Spikes);
            !response.spikes.is_empty()
        };
        self.bench.least(self.most, PRECISION.0, fires)
    }

    /// The longest gap at which nothing helps, between two gaps.
    fn absolute(&self, none: f64, some: f64) -> f64 {
        let fires = |gap: f64| {
            let before = self.at(gap);
            self.spikes(&before, gap, self.most) > self.spikes(&before, gap, 0.0)
        };
        self.bench.between(none, some, PRECISION.1, fires)
    }
}

/// The states that say why: gates; else what recovers; else the potential.
fn causes(neuron: &dyn Dynamics) -> Vec<usize> {
    let states = neuron.states();
    let gates: Vec<usize> = (1..states.len()).filter(|k| states[*k].min == 0.0 && states[*k].max == 1.0).collect();
    if gates.is_empty() { (usize::from(states.len() > 1)..states.len()).collect() } else { gates }
}

fn run(bench: &Bench) -> Report {
    let pair = Pair {
        bench,
        rest: bench.subject.rest(0.0),
        first: bench.setting("first"),
        width: bench.setting("width"),
        most: bench.setting("most"),
        wait: bench.setting("wait"),
    };
    let gap = bench.setting("gap");
    let (from, to) = bench.ends();
    let gaps = spaced(from, to, bench.count("count"));
    let rest = pair.at_rest();
    let least = bench.map(gaps.len(), |k| pair.least(gaps[k], PRECISION.1, rest));
    let here = pair.least(gap, PRECISION.0, rest);
    let first_fires = pair.at(pair.width + pair.wait).spikes() > 0;
    let opens = least.iter().position(Option::is_some);
    let absolute = opens.filter(|k| *k > 0).map(|k| pair.absolute(gaps[k - 1], gaps[k]));
    let lowest = gaps.iter().zip(&least).filter_map(|(g, a)| a.map(|a| [*g, a])).min_by(|a, b| a[1].total_cmp(&b[1]));
    let mut report = Report::default();
    let (current, time) = (bench.current_unit(), bench.time_unit());
    report.number("rest", "Threshold at rest", current, rest);
    report.number("at_gap", "Second at this gap", current, here);
    report.number("ratio", "Second / rest", "", here.zip(rest).map(|(a, b)| a / b));
    report.number("absolute", "Nothing helps up to", time, absolute);
    report.number("lowest", "Lowest second", current, lowest.map(|p| p[1]));
    report.number("lowest_gap", "Its gap", time, lowest.map(|p| p[0]));
    let states = bench.neuron().states();
    let met = pair.at(gap).state().to_vec();
    for k in causes(bench.neuron()) {
        report.number(format!("state_{}", states[k].id), format!("{} at this gap", states[k].id), states[k].unit, met.get(k).copied());
    }
    report.charts =
        vec![strengths(&pair, &gaps, &least, rest, gap, absolute), reasons(&pair, &gaps, &least, rest, gap), answer(&pair, gap, here, to)];
    report.says = says(&pair, gap, here, rest, absolute, lowest, first_fires);
    report
}

fn strengths(pair: &Pair, gaps: &[f64], least: &[Option<f64>], rest: Option<f64>, gap: f64, absolute: Option<f64>) -> Chart {
    let bench = pair.bench;
    let ceiling = rest.map_or(f64::INFINITY, |a| DRAWN * a.abs());
    let curve = gaps.iter().zip(least).map(|(g, a)| [*g, a.filter(|a| a.abs() <= ceiling).unwrap_or(f64::NAN)]).collect::<Vec<_>>();
    let above = gaps.iter().zip(least).filter_map(|(g, a)| a.filter(|a| a.abs() > ceiling).map(|a| [*g, a])).collect();
    let never = gaps.iter().zip(least).filter(|(_, a)| a.is_none()).map(|(g, _)| [*g, f64::NAN]).collect();
    let none = format!("none up to {}", amount(pair.most, bench.current_unit()));
    let x = Axis::new("gap, onset to onset", bench.time_unit()).over((0.0, gaps.last().copied().unwrap_or(1.0)));
    Chart::new("strength", "Second pulse against the gap", x, Axis::new("second pulse", bench.current_unit()).over((0.0, 0.0)))
        .with(Series::new("rest", "at rest", Ink::Muted, Mark::Level, rest.map(|a| [0.0, a]).into_iter().collect()))
        .with(Series::new("absolute", "nothing helps before", Ink::Inactivation, Mark::Upright, absolute.map(|g| [g, 0.0]).into_iter().collect()))
        .with(Series::new("gap", "this gap", Ink::Muted, Mark::Upright, vec![[gap, 0.0]]))
        .with(Series::new("line", "", Ink::Spike, Mark::Line, curve.clone()))
        .with(Series::new("threshold", "", Ink::Spike, Mark::Dots, curve))
        .with(Series::new("above", "above scale", Ink::Spike, Mark::Above, above))
        .with(Series::new("never", none, Ink::Inactivation, Mark::Above, never))
        .handled(Handle::Setting("gap"))
}

/// The states the second pulse meets and, where they are gates, the excitability: threshold at rest over that of the second pulse.
fn reasons(pair: &Pair, gaps: &[f64], least: &[Option<f64>], rest: Option<f64>, gap: f64) -> Chart {
    let bench = pair.bench;
    let neuron = bench.neuron();
    let (states, causes) = (neuron.states(), causes(neuron));
    let fine = spaced(*gaps.first().unwrap_or(&0.0), *gaps.last().unwrap_or(&1.0), 120);
    let met = bench.map(fine.len(), |k| pair.at(fine[k]).state().to_vec());
    let are_gates = causes.iter().all(|k| states[*k].min == 0.0 && states[*k].max == 1.0);
    let unit = causes.first().map_or("", |k| states[*k].unit);
    let y = if are_gates { Axis::new("gates at the second pulse", "").over((0.0, 1.0)) } else { Axis::new("state at the second pulse", unit) };
    let x = Axis::new("gap, onset to onset", bench.time_unit()).over((0.0, gaps.last().copied().unwrap_or(1.0)));
    let mut chart = Chart::new("states", "What the second pulse meets", x, y);
    if let Some(rest) = rest.filter(|_| are_gates) {
        let excitability = gaps.iter().zip(least).map(|(g, a)| [*g, a.map_or(0.0, |a| rest / a)]).collect();
        chart = chart.with(Series::new("excitability", "rest / second", Ink::Spike, Mark::Dashed, excitability));
    }
    for k in causes {
        let ink = match states[k].kind {
            Kind::Activation => Ink::Activation,
            Kind::Inactivation => Ink::Inactivation,
            Kind::Potential => Ink::Potential,
            Kind::Threshold => Ink::Spike,
            _ => Ink::Recovery,
        };
        let points = fine.iter().zip(&met).filter_map(|(g, x)| x.get(k).map(|x| [*g, *x])).collect();
        let resting = pair.rest.get(k).map(|x| [0.0, *x]).into_iter().collect();
        chart = chart.with(Series::new(format!("{}_rest", states[k].id), "", ink, Mark::Level, resting));
        chart = chart.with(Series::new(states[k].id, states[k].id, ink, Mark::Line, points));
    }
    chart.with(Series::new("gap", "this gap", Ink::Muted, Mark::Upright, vec![[gap, 0.0]])).handled(Handle::Setting("gap"))
}

/// What is shown to fire is a little stronger than what is needed, which is known to a small part of itself.
const JUST_ABOVE: f64 = 1.005;

/// V after both pulses, the second half a per cent stronger than it must be, or where none is the strongest that was tried. The axis does
/// not depend on the gap, so that the second pulse can be dragged along it.
fn answer(pair: &Pair, gap: f64, here: Option<f64>, to: f64) -> Chart {
    let (bench, end) = (pair.bench, to + pair.wait);
    let strength = here.map_or(pair.most, |needed| JUST_ABOVE * needed);
    let items = [pair.first(), pulse(gap, pair.width, strength)];
    let keep = Keep::Every(stride(end, bench.subject.prep.dt, 2000.0));
    let trace = bench.subject.respond(&pair.rest, &items, end, keep).trace;
    let v = bench.neuron().states().first();
    Chart::new("pulses", "The two pulses", Axis::new("time", bench.time_unit()).over((0.0, end)), Axis::new("V", v.map_or("", |f| f.unit)))
        .with(Series::new("first", "first", Ink::Input, Mark::Upright, vec![[0.0, 0.0]]))
        .with(Series::new("gap", "second", Ink::Input, Mark::Upright, vec![[gap, 0.0]]))
        .with(Series::new("v", "", Ink::Potential, Mark::Line, trace))
        .handled(Handle::Setting("gap"))
}

fn says(
    pair: &Pair,
    gap: f64,
    here: Option<f64>,
    rest: Option<f64>,
    absolute: Option<f64>,
    lowest: Option<[f64; 2]>,
    first_fires: bool,
) -> Vec<String> {
    let (current, time) = (pair.bench.current_unit(), pair.bench.time_unit());
    let Some(rest) = rest else {
        return vec![format!("No pulse up to {} makes it fire from rest: raise the strongest that is tried", amount(pair.most, current))];
    };
    if rest == 0.0 {
        return vec!["It fires without any pulse: hold it at a current at which it rests".into()];
    }
    if !first_fires {
        return vec!["The first pulse does not make it fire: there is nothing to recover from, only what the pulse left".into()];
    }
    let at = amount(gap, time);
    let mut says = vec![match here {
        None => format!("{at} after the first pulse nothing up to {} makes it fire again", amount(pair.most, current)),
        Some(a) => format!("{at} after the first pulse it takes {}, {} times what it takes at rest", amount(a, current), amount(a / rest, "")),
    }];
    if let Some(g) = absolute {
        says.push(format!("Absolutely refractory, as far as {} can tell, up to a gap of {}", amount(pair.most, current), amount(g, time)));
    }
    if let Some([g, a]) = lowest.filter(|p| p[1] < rest * 0.995) {
        says.push(format!(
            "Supernormal: at {} only {} are needed, less than the {} at rest",
            amount(g, time),
            amount(a, current),
            amount(rest, current)
        ));
    }
    says
}
