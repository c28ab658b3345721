//! A whole run from t = 0 to its duration, with progress and a way to stop it.

use crate::preset::Setup;
use crate::sim::{Reason, Sink, Stop};

/// What a run gave.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Spike times in 0 < t ≤ duration, in ms.
    pub spike_times: Vec<f64>,
    /// The state at the end.
    pub final_state: Vec<f64>,
    /// Why it ended early.
    pub stopped: Option<Stop>,
}

/// Steps between two looks at the clock and the stop sign.
const CHUNK: u32 = 20_000;

/// Collects spike times, and passes everything on.
struct Spikes<'a> {
    times: Vec<f64>,
    rows: Option<&'a mut dyn Sink>,
}

impl Sink for Spikes<'_> {
    fn wants_points(&self) -> bool {
        self.rows.is_some()
    }
    fn point(&mut self, t: f64, x: &[f64], current: f64) {
        if let Some(rows) = &mut self.rows {
            rows.point(t, x, current);
        }
    }
    fn spike(&mut self, t: f64, before: &[f64], after: &[f64]) {
        if t > 0.0 {
            self.times.push(t);
        }
        if let Some(rows) = &mut self.rows {
            rows.spike(t, before, after);
        }
    }
}

/// Runs a setup. `go_on` is told the fraction done now and then, and stops the run by returning false.
/// `rows` is told every grid point, the one at t = 0 included.
pub fn run(setup: &Setup, mut rows: Option<&mut dyn Sink>, go_on: &mut dyn FnMut(f64) -> bool) -> Outcome {
    let mut simulation = setup.simulation();
    if let Some(rows) = &mut rows {
        let current = simulation.entering();
        rows.point(0.0, simulation.state(), current);
    }
    let mut sink = Spikes { times: Vec::new(), rows };
    let mut stopped = None;
    while simulation.time() < setup.duration {
        // Whole steps, so that looking at the clock never changes a result.
        if setup.duration - simulation.time() > f64::from(CHUNK + 1) * setup.dt {
            simulation.run(u64::from(CHUNK), Some(&mut sink));
        } else {
            simulation.run_until(setup.duration, Some(&mut sink));
        }
        stopped = simulation.stopped();
        if stopped.is_some() {
            break;
        }
        if !go_on(simulation.time() / setup.duration) {
            stopped = Some(Stop { reason: Reason::Interrupted, time: simulation.time() });
            break;
        }
    }
    Outcome { spike_times: sink.times, final_state: simulation.state().to_vec(), stopped }
}

/// Mean rate (n − 1)/(tₙ − t₁) in Hz (per unit time where dimensionless), 0 with fewer than two spikes.
#[must_use]
pub fn mean_rate(times: &[f64], per_second: f64) -> f64 {
    match (times.first(), times.last()) {
        (Some(first), Some(last)) if times.len() > 1 => {
            #[expect(clippy::cast_precision_loss, reason = "spike counts are far below 2⁵³")]
            let intervals = (times.len() - 1) as f64;
            per_second * intervals / (last - first)
        }
        _ => 0.0,
    }
}
