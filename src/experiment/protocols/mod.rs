//! Every experiment, one file and one line each. No other place may name an experiment by its id.

mod activations;
mod closed_forms;
mod competition;
mod convolution;
mod gap_scan;
mod input_output;
mod layer;
mod noise;
mod poisson_counts;
mod reliability;
mod synapse_filter;

use super::protocol::Experiment;

/// Every experiment, in the order menus show them.
pub static EXPERIMENTS: [&Experiment; 11] = [
    &gap_scan::EXPERIMENT,
    &reliability::EXPERIMENT,
    &input_output::EXPERIMENT,
    &competition::EXPERIMENT,
    &convolution::EXPERIMENT,
    &poisson_counts::EXPERIMENT,
    &noise::EXPERIMENT,
    &closed_forms::EXPERIMENT,
    &synapse_filter::EXPERIMENT,
    &activations::EXPERIMENT,
    &layer::EXPERIMENT,
];

/// The experiment with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Experiment> {
    EXPERIMENTS.into_iter().find(|e| e.id == id)
}
