//! Every experiment, one file and one line each. No other place may name an experiment by its id.

mod accommodation;
mod clamp;
mod gap_scan;
mod levels;
mod memory;
mod rebound;
mod refractory;
mod step_size;
mod strength_duration;
mod summation;
mod threshold;

use super::protocol::Experiment;

/// Every experiment, in the order menus show them.
pub static EXPERIMENTS: [&Experiment; 11] = [
    &threshold::EXPERIMENT,
    &strength_duration::EXPERIMENT,
    &refractory::EXPERIMENT,
    &rebound::EXPERIMENT,
    &accommodation::EXPERIMENT,
    &levels::EXPERIMENT,
    &summation::EXPERIMENT,
    &gap_scan::EXPERIMENT,
    &memory::EXPERIMENT,
    &clamp::EXPERIMENT,
    &step_size::EXPERIMENT,
];

/// The experiment with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Experiment> {
    EXPERIMENTS.into_iter().find(|e| e.id == id)
}
