//! Injected current and synaptic input: pure functions of time and seed.
//!
//! [`Item`] is what a preset says; [`Input`] is a list of items made ready for stepping. An `Input` keeps
//! cursors for speed, but what it returns depends on the items, the seed, the step and the time alone.

mod edit;
mod input;
mod noise;
mod synapse;
mod validate;

pub use input::Input;
pub use noise::chance;
pub use validate::Problem;

use serde::{Deserialize, Serialize};

/// One part of the stimulus. Amplitudes are in the model's unit of current; several items add up.
/// A segment acts for `from ≤ t < to`; an end that is left out is never reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Item {
    /// A constant current between two times.
    Step {
        /// Start in ms.
        #[serde(default)]
        from: f64,
        /// End in ms.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<f64>,
        /// Current.
        amplitude: f64,
    },
    /// A current that grows linearly from zero, and is zero again after the end.
    Ramp {
        /// Start in ms.
        #[serde(default)]
        from: f64,
        /// End in ms.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<f64>,
        /// Current per ms.
        slope: f64,
    },
    /// Equal pulses, onset to onset one period apart.
    PulseTrain {
        /// Onset of the first pulse in ms.
        #[serde(default)]
        from: f64,
        /// Length of a pulse in ms.
        width: f64,
        /// Time from onset to onset in ms.
        period: f64,
        /// Number of pulses.
        count: u64,
        /// Current during a pulse.
        amplitude: f64,
    },
    /// amplitude·sin(2πf(t − from) + phase).
    Sine {
        /// Start in ms.
        #[serde(default)]
        from: f64,
        /// End in ms.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<f64>,
        /// Current at the crest.
        amplitude: f64,
        /// Frequency in Hz, per unit time where the model is dimensionless.
        frequency_hz: f64,
        /// Phase at the start in rad.
        #[serde(default)]
        phase: f64,
    },
    /// A sine whose frequency changes linearly in time.
    Chirp {
        /// Start in ms.
        #[serde(default)]
        from: f64,
        /// End in ms.
        to: f64,
        /// Current at the crest.
        amplitude: f64,
        /// Frequency at the start in Hz.
        start_hz: f64,
        /// Frequency at the end in Hz.
        end_hz: f64,
    },
    /// Ornstein–Uhlenbeck noise: Gaussian with exponential correlation, stationary from the start.
    OuNoise {
        /// Start in ms.
        #[serde(default)]
        from: f64,
        /// End in ms.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<f64>,
        /// Mean current.
        #[serde(default)]
        mean: f64,
        /// Stationary standard deviation.
        sd: f64,
        /// Correlation time in ms.
        tau: f64,
        /// Seed of this item.
        #[serde(default)]
        seed: u64,
    },
    /// White noise whose integral over Δ has variance sd²Δ, held constant within a step.
    WhiteNoise {
        /// Start in ms.
        #[serde(default)]
        from: f64,
        /// End in ms.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<f64>,
        /// Strength in the unit of current times √ms.
        sd: f64,
        /// Seed of this item.
        #[serde(default)]
        seed: u64,
    },
    /// A current given at increasing times, linear between them and zero outside.
    Samples {
        /// Times in ms.
        times: Vec<f64>,
        /// Currents at these times.
        values: Vec<f64>,
    },
    /// Presynaptic spikes through a synapse, at given times or as a Poisson process.
    Spikes {
        /// Times in ms, in order.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        times: Option<Vec<f64>>,
        /// Rate of a Poisson process in Hz.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rate_hz: Option<f64>,
        /// Seed of this item.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seed: Option<u64>,
        /// What one spike does; its unit depends on the synapse.
        weight: f64,
        /// How a spike becomes current.
        synapse: Synapse,
    },
}

impl Item {
    /// The number that says how strong this part is, if one number does.
    pub fn strength_mut(&mut self) -> Option<&mut f64> {
        match self {
            Self::Step { amplitude, .. } | Self::PulseTrain { amplitude, .. } | Self::Sine { amplitude, .. } | Self::Chirp { amplitude, .. } => {
                Some(amplitude)
            }
            Self::Ramp { slope, .. } => Some(slope),
            Self::OuNoise { sd, .. } | Self::WhiteNoise { sd, .. } => Some(sd),
            Self::Spikes { weight, .. } => Some(weight),
            Self::Samples { .. } => None,
        }
    }
}

/// How a presynaptic spike acts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Synapse {
    /// The potential jumps by the weight in mV.
    Delta {},
    /// The current jumps by the weight and decays.
    Exponential {
        /// Time constant in ms.
        tau: f64,
    },
    /// Current weight·tⁿ e^(−t/tau)/(n! tau^(n+1)), whose area is the weight.
    Alpha {
        /// Order, 0 to 20.
        n: u32,
        /// Time constant in ms.
        tau: f64,
    },
    /// The conductance jumps by the weight and decays.
    Conductance {
        /// Time constant in ms.
        tau: f64,
        /// Reversal potential in mV.
        reversal: f64,
    },
}
