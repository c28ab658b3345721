//! The chosen experiment on the present neuron, done beside the frame.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::jobs::{Desk, Runner, Slot};
use super::workbench::Workbench;
use crate::experiment::Report;
use crate::preset::Setup;

/// Where the experiment is done.
pub struct Experiments {
    /// The report of a setup: whatever of it changes, the experiment is done again.
    slot: Slot<Setup, Report>,
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
        let setup = bench.setup();
        let Some(chosen) = setup.experiment.as_ref().filter(|_| wanted) else { return self.slot.rest() };
        if !self.slot.wants(setup) {
            return;
        }
        let (chosen, subject) = (chosen.clone(), setup.subject());
        let done = Arc::clone(&self.done);
        self.slot.follow(setup.clone(), move |desk: &Desk<Report>| {
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

    /// The report, the setup it belongs to, and whether work is under way.
    #[must_use]
    pub fn slot(&self) -> &Slot<Setup, Report> {
        &self.slot
    }

    /// The fraction done of the work under way.
    #[must_use]
    pub fn progress(&self) -> f64 {
        f64::from(self.done.load(Ordering::Relaxed)) / 1000.0
    }
}
