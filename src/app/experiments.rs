//! The chosen experiment on the present neuron, done beside the frame.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::jobs::{Desk, Runner, Slot};
use super::workbench::Workbench;
use crate::experiment::Report;
use crate::sim::Method;
use crate::stimulus::Item;

/// What a report depends on.
#[derive(Clone, Debug, PartialEq)]
pub struct ExperimentKey {
    id: &'static str,
    model: &'static str,
    numbers: Vec<u64>,
    method: Method,
    stimulus: Vec<Item>,
}

impl ExperimentKey {
    fn of(bench: &Workbench) -> Option<Self> {
        let setup = bench.setup();
        let chosen = setup.experiment.as_ref()?;
        let start = setup.start();
        let plain = [setup.current, setup.dt, setup.duration, f64::from_bits(setup.seed)];
        let numbers = setup.params.iter().chain(&start).chain(&chosen.values).chain(&plain);
        Some(Self {
            id: chosen.experiment.id,
            model: setup.neuron.card().id,
            numbers: numbers.map(|x| x.to_bits()).collect(),
            method: setup.method,
            stimulus: setup.stimulus.clone(),
        })
    }

    /// True if it is about this experiment on this model: the same axes, if not the same values.
    #[must_use]
    pub fn is_of(&self, experiment: &str, model: &str) -> bool {
        self.id == experiment && self.model == model
    }
}

/// Where the experiment is done.
pub struct Experiments {
    slot: Slot<ExperimentKey, Report>,
    /// Thousandths done of the work under way.
    done: Arc<AtomicU32>,
}

/// Threads that work at once.
const THREADS: usize = 2;

impl Default for Experiments {
    fn default() -> Self {
        Self::new(Runner::default())
    }
}

impl Experiments {
    /// Nothing done yet; `runner` says where work will run.
    #[must_use]
    pub fn new(runner: Runner) -> Self {
        Self { slot: Slot::new("The experiment", runner), done: Arc::default() }
    }

    /// Asks for the report on the present neuron, or gives it up where nobody looks.
    pub fn refresh(&mut self, bench: &Workbench, wanted: bool) {
        self.slot.poll();
        let (Some(key), Some(chosen), true) = (ExperimentKey::of(bench), bench.setup().experiment.clone(), wanted) else {
            if self.slot.is_working() {
                self.slot.cancel();
            }
            return;
        };
        if !self.slot.wants(&key) {
            return;
        }
        let subject = bench.setup().subject();
        let done = Arc::clone(&self.done);
        self.slot.follow(key, move |desk: &Desk<Report>| {
            let watch = |part: f64| {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
                done.store((1000.0 * part.clamp(0.0, 1.0)) as u32, Ordering::Relaxed);
                !desk.is_cancelled()
            };
            let (report, is_stopped) = chosen.run(&subject, THREADS, &watch);
            if !is_stopped {
                desk.send(report);
            }
        });
    }

    /// The report, the key it belongs to, and whether work is under way.
    #[must_use]
    pub fn slot(&self) -> &Slot<ExperimentKey, Report> {
        &self.slot
    }

    /// The fraction done of the work under way.
    #[must_use]
    pub fn progress(&self) -> f64 {
        f64::from(self.done.load(Ordering::Relaxed)) / 1000.0
    }
}
