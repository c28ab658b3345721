//! What an electrophysiologist *does*: protocols over the simulation. They know neither screens nor presets, take
//! a [`Preparation`], and can be stopped at any time.

mod chance;
mod drive;
mod fi;
mod follow;
mod onset;
mod protocol;
pub mod protocols;
mod pulses;
pub mod report;
mod response;
mod settle;
pub mod statistics;
mod streams;
mod trap;

pub use fi::{Curve, Point, Span, curve};
pub use follow::Sweep;
pub use onset::{Class, Law, Onset};
pub use protocol::{BY_HAND, Bench, Chosen, Experiment, Subject};
pub use report::Report;
pub use response::{Keep, Response, Trial};
pub use settle::{Attractor, Effort, Outcome, settle};

use crate::model::Dynamics;
use crate::sim::{Method, Simulation};
use crate::stimulus::Input;

/// A neuron on the bench: everything about a run but its input.
#[derive(Clone)]
pub struct Preparation {
    /// The model.
    pub neuron: &'static dyn Dynamics,
    /// One value per parameter.
    pub params: Vec<f64>,
    /// The state from which a fresh run begins.
    pub start: Vec<f64>,
    /// Step in ms.
    pub dt: f64,
    /// How a step is taken.
    pub method: Method,
}

impl Preparation {
    /// A run from state `x` under constant current alone.
    fn simulation(&self, current: f64, x: &[f64]) -> Simulation {
        let input = Input::new(&[], 1, self.dt, self.neuron.card().per_second());
        Simulation::new(self.neuron, &self.params, current, input, self.method, self.dt, x)
    }

    /// By how much each state varies, which makes differences between states comparable.
    fn scale(&self) -> Vec<f64> {
        self.neuron.states().iter().map(|f| (f.shown.1 - f.shown.0).abs().max(1e-9)).collect()
    }
}

/// Asked now and then during long work; false stops it.
pub type GoOn<'a> = &'a (dyn Fn() -> bool + Sync);

#[cfg(test)]
mod testing {
    use super::Preparation;
    use crate::model;
    use crate::sim::Method;

    /// A model with its defaults, started at its usual potential.
    pub fn preparation(id: &str) -> Preparation {
        let neuron = model::find(id).unwrap_or_else(|| panic!("no model {id}"));
        let params = neuron.defaults();
        let mut start = vec![0.0; neuron.dim()];
        neuron.steady(neuron.start(&params), &params, &mut start);
        Preparation { neuron, params, start, dt: neuron.card().dt, method: Method::Rk4 }
    }
}
