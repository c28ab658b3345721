//! Does a preset do what it says? Each expectation is compared with a run and with the equilibria.

use super::run::{mean_rate, run};
use crate::analysis::equilibria;
use crate::preset::{Expect, Setup};
use crate::sim::Reason;

/// How far a spike time may be off when a preset does not say, in ms.
const TOLERANCE: f64 = 0.05;

/// What does not hold, each as a sentence with what was expected and what was found; empty if all holds.
/// `go_on` can stop the run by returning false.
pub fn problems(setup: &Setup, go_on: &mut dyn FnMut(f64) -> bool) -> Vec<String> {
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
    if expect.special_points.is_some() {
        problems.push("special_points: this version cannot verify bifurcation diagrams yet".into());
    }
    problems
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
