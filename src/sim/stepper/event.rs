//! What happens at a spike: the jump, the refractory clock, and fresh chance.

use super::{Simulation, Sink};
use crate::model::Hold;
use crate::sim::{Reason, Stop};

/// This many spikes within one ms are a runaway.
const RUNAWAY: usize = 1000;

impl Simulation {
    /// Gives a neuron that fires by chance the hazard that is to pass before its next event.
    fn draw(&mut self) {
        if let Some(place) = self.neuron.chance() {
            let next = self.input.chance(self.spikes, self.neuron.leg(&self.x));
            self.x.iter_mut().skip(place).take(1).for_each(|h| *h = -next);
        }
    }

    /// A spike at `t` from the present state: applies the jump, if the model has one.
    pub(super) fn fire(&mut self, t: f64, sink: &mut Option<&mut dyn Sink>) {
        self.trial.clone_from(&self.x);
        let mut counts = true;
        if let Some(Hold(hold)) = self.neuron.reset(&mut self.x, &self.params) {
            counts = self.neuron.leg(&self.x) == 0;
            self.spikes += u64::from(counts);
            self.draw();
            self.hold_until = if hold > 0.0 { t + hold } else { f64::NEG_INFINITY };
            let level = self.neuron.spike(&self.x, &self.params);
            if level >= 0.0 || level.is_nan() {
                self.stopped = Some(Stop { reason: Reason::Runaway, time: t });
            }
        } else {
            self.armed = false;
            self.spikes += 1;
        }
        if counts && let Some(sink) = sink {
            sink.spike(t, &self.trial, &self.x);
        }
        self.recent.retain(|earlier| *earlier > t - 1.0);
        self.recent.push(t);
        if self.recent.len() > RUNAWAY {
            self.stopped = Some(Stop { reason: Reason::Runaway, time: t });
        }
    }
}
