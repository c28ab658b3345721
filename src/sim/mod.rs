//! What a neuron *does* over time: fixed-step integration with spikes located inside the step.
//!
//! The grid is t = k·dt. Classical Runge–Kutta steps (Kutta 1901) go from grid point to grid point; a step
//! is divided where the stimulus jumps, where a refractory hold ends, where a spike occurs (the step length
//! that brings the spike function to zero is found to rounding, the jump applied there and the rest of the
//! step taken from there), and on explosive upstrokes, where sub-steps follow the growth of V so that no
//! overshoot reaches the other variables. The order of the method thus survives every discontinuity.

mod extrema;
mod stepper;
mod trace;

pub use stepper::{Simulation, Sink};
pub use trace::{Spike, Trace};

use serde::{Deserialize, Serialize};

/// How a step is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Classical fourth-order Runge–Kutta with located spikes.
    #[default]
    Rk4,
    /// Plain forward Euler; the threshold is tested at the end of a step.
    Euler,
    /// The scheme of the published Izhikevich figures: v by the old u, then u by the new v.
    EulerPublished,
}

impl Method {
    /// Every method.
    pub const ALL: [Self; 3] = [Self::Rk4, Self::Euler, Self::EulerPublished];

    /// The id used in presets and on the command line.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Rk4 => "rk4",
            Self::Euler => "euler",
            Self::EulerPublished => "euler_published",
        }
    }

    /// The method with this id.
    #[must_use]
    pub fn find(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.id() == id)
    }
}

/// Why a run could not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// More than a thousand spikes within one ms, a reset that lands above threshold, or an upstroke too steep to follow.
    Runaway,
    /// The state left the numbers.
    NotFinite,
    /// The user stopped it.
    Interrupted,
}

impl Reason {
    /// The id used in JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Runaway => "runaway",
            Self::NotFinite => "not_finite",
            Self::Interrupted => "interrupted",
        }
    }

    /// The reason in words, with what to do about it.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Runaway => "The reset no longer stops the upstroke: lower the reset value or the input",
            Self::NotFinite => "The state left the numbers: shorten the step or return to milder values",
            Self::Interrupted => "The run was interrupted",
        }
    }
}

/// A stop: why and when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stop {
    /// Why.
    pub reason: Reason,
    /// When, in ms.
    pub time: f64,
}
