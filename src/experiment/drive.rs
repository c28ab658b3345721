//! What experiments draw their defaults from, and the spike trains they send into a neuron.

use super::protocol::Subject;
use crate::model::{Dynamics, Field};
use crate::stimulus::{Input, Item, Synapse};

/// The value of a parameter by its id, if the model has one of that name.
#[must_use]
pub fn parameter(neuron: &dyn Dynamics, values: &[f64], id: &str) -> Option<f64> {
    Field::position(neuron.params(), id).and_then(|k| values.get(k)).copied()
}

/// A passive membrane with a threshold, as the leaky integrate-and-fire models have it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Membrane {
    /// Membrane time constant.
    pub tau: f64,
    /// Resistance: unit of potential per unit of current.
    pub r: f64,
    /// Where it rests.
    pub rest: f64,
    /// Where it fires when it has not fired for long.
    pub threshold: f64,
    /// Where a spike leaves it.
    pub reset: f64,
    /// For how long it is held there.
    pub hold: f64,
}

impl Membrane {
    /// The membrane of a model that has these parameters.
    #[must_use]
    pub fn of(neuron: &dyn Dynamics, values: &[f64]) -> Option<Self> {
        let get = |id| parameter(neuron, values, id);
        let threshold = get("V_th").or_else(|| get("theta_0"))?;
        Some(Self { tau: get("tau_m")?, r: get("R")?, rest: get("E_L")?, threshold, reset: get("V_reset")?, hold: get("t_ref")? })
    }

    /// The least constant current at which it fires.
    #[must_use]
    pub fn rheobase(&self) -> f64 {
        (self.threshold - self.rest) / self.r
    }
}

/// A current of the size of those that make the defaults of a model fire: exact for a passive membrane, a quarter of what the
/// slider shows for others.
#[must_use]
pub fn typical(neuron: &dyn Dynamics) -> f64 {
    Membrane::of(neuron, &neuron.defaults()).map_or(0.25 * neuron.card().current.shown.1, |m| m.rheobase())
}

/// `wanted` ms, but no more than `most` steps of a model; for models without units of time a number of its usual runs.
#[must_use]
pub fn length(neuron: &dyn Dynamics, wanted: f64, most: f64) -> f64 {
    let card = neuron.card();
    let wanted = if card.dimensionless { wanted / 200.0 * card.duration } else { wanted };
    wanted.min(most * card.dt)
}

/// A short time of a model: `wanted` ms, or as small a part of a usual run where time has no unit.
#[must_use]
pub fn short(neuron: &dyn Dynamics, wanted: f64) -> f64 {
    let card = neuron.card();
    if card.dimensionless { wanted / 200.0 * card.duration } else { wanted }
}

/// The unit of a current times a time.
#[must_use]
pub fn charge_unit(current: &str) -> &'static str {
    match current {
        "nA" => "pC",
        "pA" => "fC",
        "µA/cm²" => "nC/cm²",
        "mV/ms" => "mV",
        _ => "",
    }
}

/// The unit of the strength of white noise: a current times the root of a time.
#[must_use]
pub fn noise_unit(current: &str) -> &'static str {
    match current {
        "nA" => "nA√ms",
        "pA" => "pA√ms",
        "µA/cm²" => "µA√ms/cm²",
        "mV/ms" => "mV/√ms",
        _ => "",
    }
}

/// A Poisson train with its own seed.
#[must_use]
pub fn poisson(rate_hz: f64, seed: u64, (weight, synapse): (f64, Synapse)) -> Item {
    Item::Spikes { times: None, rate_hz: Some(rate_hz), seed: Some(seed), weight, synapse }
}

/// The times at which the spikes of an item come, up to `end`.
#[must_use]
pub fn arrivals(item: &Item, run_seed: u64, per_second: f64, end: f64) -> Vec<f64> {
    let mut input = Input::new(std::slice::from_ref(item), run_seed, 1.0, per_second);
    // Only the times are asked for, which do not depend on the step.
    std::iter::successors(Some(input.next_break(0.0)), |t| Some(input.next_break(*t))).take_while(|t| *t < end).collect()
}

impl Subject {
    /// The same subject with another step.
    #[must_use]
    pub fn with_step(&self, dt: f64) -> Self {
        let mut subject = self.clone();
        subject.prep.dt = dt;
        subject
    }
}
