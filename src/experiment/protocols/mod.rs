//! Every experiment, one file and one line each. No other place may name an experiment by its id.

mod accommodation;
mod activations;
mod clamp;
mod closed_forms;
mod competition;
mod convolution;
mod decay;
mod gap_scan;
mod input_output;
mod layer;
mod levels;
mod memory;
mod noise;
mod poisson_counts;
mod rebound;
mod refractory;
mod reliability;
mod soft_threshold;
mod step_size;
mod strength_duration;
mod summation;
mod synapse_filter;
mod threshold;

use super::protocol::Experiment;

/// Every experiment, in the order menus show them.
pub static EXPERIMENTS: [&Experiment; 23] = [
    &threshold::EXPERIMENT,
    &strength_duration::EXPERIMENT,
    &refractory::EXPERIMENT,
    &rebound::EXPERIMENT,
    &accommodation::EXPERIMENT,
    &levels::EXPERIMENT,
    &summation::EXPERIMENT,
    &gap_scan::EXPERIMENT,
    &memory::EXPERIMENT,
    &decay::EXPERIMENT,
    &clamp::EXPERIMENT,
    &reliability::EXPERIMENT,
    &input_output::EXPERIMENT,
    &competition::EXPERIMENT,
    &convolution::EXPERIMENT,
    &synapse_filter::EXPERIMENT,
    &closed_forms::EXPERIMENT,
    &poisson_counts::EXPERIMENT,
    &noise::EXPERIMENT,
    &soft_threshold::EXPERIMENT,
    &activations::EXPERIMENT,
    &layer::EXPERIMENT,
    &step_size::EXPERIMENT,
];

/// The experiment with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Experiment> {
    EXPERIMENTS.into_iter().find(|e| e.id == id)
}
