//! Does a preset do what it says? Each expectation is compared with a run, with the equilibria and with a diagram.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::run::{mean_rate, run};
use crate::analysis::diagram::{Care, Diagram, Special, complete};
use crate::analysis::equilibria;
use crate::experiment::Chosen;
use crate::preset::{Bounds, Expect, Setup, SpecialPoint, Sweep};
use crate::sim::Reason;

/// How far a spike time may be off when a preset does not say, in ms.
const TOLERANCE: f64 = 0.05;

/// What does not hold, each as a sentence with what was expected and what was found; empty if all holds.
/// `go_on` can stop the run by returning false.
pub fn problems(setup: &Setup, go_on: &mut (dyn FnMut(f64) -> bool + Send)) -> Vec<String> {
    let Some(expect) = &setup.words.expect else { return Vec::new() };
    let outcome = run(setup, None, go_on);
    let mut problems = Vec::new();
    let found = outcome.stopped.map(|s| s.reason);
    if found != expect.stopped {
        let name = |reason: Option<Reason>| reason.map_or("null", Reason::id);
        problems.push(format!("stopped: expected {}, found {}", name(expect.stopped), name(found)));
    }
    spikes(expect, &outcome.spike_times, &mut problems);
    if let Some([low, high]) = expect.rate {
        let rate = mean_rate(&outcome.spike_times, setup.neuron.card().per_second());
        if !(low..=high).contains(&rate) {
            problems.push(format!("rate: expected {low} to {high}, found {rate}"));
        }
    }
    if let Some(types) = &expect.fixed_points {
        let points = equilibria(setup.neuron, &setup.params, setup.current).points;
        let found: Vec<&str> = points.iter().map(|point| point.kind.id()).collect();
        if *types != found {
            problems.push(format!("fixed_points: expected [{}], found [{}]", types.join(", "), found.join(", ")));
        }
    }
    if let (Some(points), Some(sweep)) = (&expect.special_points, &expect.over) {
        special_points(setup, points, sweep, go_on, &mut problems);
    }
    if let (Some(bounds), Some(chosen)) = (&expect.results, &setup.experiment) {
        results(setup, chosen, bounds, go_on, &mut problems);
    }
    problems
}

/// Each expected result must be a number of the experiment's report, inside its bounds.
fn results(
    setup: &Setup,
    chosen: &Chosen,
    expected: &BTreeMap<String, Bounds>,
    go_on: &mut (dyn FnMut(f64) -> bool + Send),
    problems: &mut Vec<String>,
) {
    let watch = Mutex::new(go_on);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let ask = |part: f64| match watch.try_lock() {
        Ok(mut watch) => watch(part),
        // Another thread is asking: this one asks with its next piece of work.
        Err(_) => true,
    };
    let (report, is_stopped) = chosen.run(&setup.subject(), threads, &ask);
    if is_stopped {
        return problems.push("results: interrupted".into());
    }
    for (id, bounds) in expected {
        let Some(number) = report.numbers.iter().find(|n| n.id == *id) else {
            let ids: Vec<&str> = report.numbers.iter().map(|n| n.id.as_str()).collect();
            problems.push(format!("results: {} has no number {id:?}; it has {}", chosen.experiment.id, ids.join(", ")));
            continue;
        };
        let holds = match (bounds, number.value) {
            (Some([low, high]), Some(value)) => (*low..=*high).contains(&value),
            (None, None) => true,
            _ => false,
        };
        if !holds {
            let expected = bounds.map_or("no value".into(), |[low, high]| format!("{low} to {high}"));
            let found = number.value.map_or("no value".into(), |value| value.to_string());
            problems.push(format!("results.{id}: expected {expected}, found {found}"));
        }
    }
}

/// Each expected point must stand in the diagram that `bifurcation` makes, and no two be the same one.
fn special_points(setup: &Setup, points: &[SpecialPoint], sweep: &Sweep, go_on: &mut (dyn FnMut(f64) -> bool + Send), problems: &mut Vec<String>) {
    let found = match sweep.check(setup) {
        Ok(over) => complete(&setup.family(over), (sweep.from, sweep.to), Care::Settled, go_on),
        Err(error) => return problems.push(format!("special_points: {error}")),
    };
    if !go_on(1.0) {
        return problems.push("special_points: interrupted".into());
    }
    let mut left: Vec<&Special> = found.special.iter().collect();
    for (k, expected) in points.iter().enumerate() {
        let (kind, tolerance) = (expected.kind.as_str(), expected.tolerance(sweep));
        let off = |place: &usize| (left[*place].value - expected.value).abs();
        let alike = (0..left.len()).filter(|place| left[*place].kind.id() == kind && off(place) <= tolerance);
        match alike.min_by(|a, b| off(a).total_cmp(&off(b))) {
            Some(place) => {
                left.remove(place);
            }
            None => problems.push(format!(
                "special_points[{k}]: expected {kind} at {} = {} ± {tolerance}, found {}",
                sweep.id,
                expected.value,
                listed(&found, kind)
            )),
        }
    }
}

/// The points of a kind, or all if there is none of it.
fn listed(found: &Diagram, kind: &str) -> String {
    let list = |points: Vec<&Special>| points.iter().map(|p| format!("{} at {}", p.kind.id(), p.value)).collect::<Vec<_>>().join(", ");
    let (of_kind, others): (Vec<_>, Vec<_>) = found.special.iter().partition(|p| p.kind.id() == kind);
    match (of_kind.is_empty(), others.is_empty()) {
        (false, _) => list(of_kind),
        (true, false) => format!("no such point, but {}", list(others)),
        (true, true) => "no special point".into(),
    }
}

fn spikes(expect: &Expect, times: &[f64], problems: &mut Vec<String>) {
    if let Some(count) = expect.spikes
        && count != times.len() as u64
    {
        problems.push(format!("spikes: expected {count}, found {}", times.len()));
    }
    let tolerance = expect.tolerance.unwrap_or(TOLERANCE);
    for (k, expected) in expect.spike_times.iter().flatten().enumerate() {
        match times.get(k) {
            Some(found) if (found - expected).abs() <= tolerance => {}
            Some(found) => problems.push(format!("spike_times[{k}]: expected {expected} ± {tolerance} ms, found {found}")),
            None => problems.push(format!("spike_times[{k}]: expected {expected} ms, found no such spike")),
        }
    }
}
