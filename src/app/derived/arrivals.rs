//! The times at which presynaptic spikes arrive.

use crate::app::workbench::Workbench;
use crate::preset::Setup;
use crate::stimulus::{Input, Item};

/// Arrivals that are remembered at most: an hour at some hundred Hz.
const MOST: usize = 1_000_000;

/// A time before all runs in ms.
const BEFORE: f64 = -2.0;

/// Arrivals as far as they have been asked for, with what they belong to.
#[derive(Default)]
pub(super) struct Arrivals {
    key: Option<(Vec<Item>, u64, u64)>,
    input: Option<Input>,
    known_to: f64,
    times: Vec<f64>,
    /// The time of the run at the last look.
    now: f64,
}

impl Arrivals {
    /// Makes all arrivals up to a time known.
    pub(super) fn refresh(&mut self, bench: &Workbench, to: f64) {
        let setup = bench.setup();
        let is_fed = setup.stimulus.iter().any(|item| matches!(item, Item::Spikes { .. }));
        if !is_fed {
            *self = Self::default();
            return;
        }
        let now = bench.simulation().time();
        let key = (fed(setup), setup.seed, setup.dt.to_bits());
        if self.key.as_ref() != Some(&key) {
            let input = input(setup, &key.0);
            // What has arrived has arrived, whatever the plan has become since.
            let keeps = self.key.is_some() && now >= self.now;
            let past = if keeps { self.times.partition_point(|t| *t <= now) } else { 0 };
            self.times.truncate(past);
            let known_to = if keeps { now.max(0.5 * BEFORE) } else { 0.5 * BEFORE };
            *self = Self { key: Some(key), input: Some(input), known_to, times: std::mem::take(&mut self.times), now };
        }
        if now < self.now {
            (self.times, self.known_to) = (Vec::new(), 0.5 * BEFORE);
        }
        self.now = now;
        let Some(input) = &mut self.input else { return };
        self.known_to = append(&mut self.times, input, (self.known_to, to));
    }

    /// The arrivals within a stretch of time.
    pub(super) fn within(&self, (from, to): (f64, f64)) -> &[f64] {
        let first = self.times.partition_point(|t| *t < from);
        let end = self.times.partition_point(|t| *t <= to);
        self.times.get(first..end).unwrap_or_default()
    }
}

/// All that arrive in a run of this setup, in order.
pub fn planned(setup: &Setup) -> Vec<f64> {
    let mut times = Vec::new();
    append(&mut times, &mut input(setup, &fed(setup)), (0.5 * BEFORE, setup.duration));
    times
}

/// The list with nothing but spikes in it. A stream of chance belongs to a place in the list, so that others leave theirs behind.
fn fed(setup: &Setup) -> Vec<Item> {
    let nothing = Item::Step { from: BEFORE, to: Some(BEFORE), amplitude: 0.0 };
    setup.stimulus.iter().map(|item| if matches!(item, Item::Spikes { .. }) { item.clone() } else { nothing.clone() }).collect()
}

fn input(setup: &Setup, items: &[Item]) -> Input {
    Input::new(items, setup.seed, setup.dt, setup.neuron.card().per_second())
}

/// Appends what arrives after `from` up to `to`; up to when all are known now.
fn append(times: &mut Vec<f64>, input: &mut Input, (from, to): (f64, f64)) -> f64 {
    let mut known_to = from;
    while known_to < to && times.len() < MOST {
        let next = input.next_break(known_to);
        if next > to || next.is_nan() {
            return known_to.max(to);
        }
        times.push(next);
        known_to = next;
    }
    known_to
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Command;
    use crate::stimulus::Synapse;

    #[test]
    fn arrivals_are_the_times_that_were_given_whatever_else_enters() {
        let mut setup = Setup::of_model(crate::model::find("lif").expect("a model"));
        let spikes = |times: &[f64]| Item::Spikes { times: Some(times.to_vec()), rate_hz: None, seed: None, weight: 1.0, synapse: Synapse::Delta {} };
        setup.stimulus = vec![Item::Step { from: 3.0, to: Some(9.0), amplitude: 1.0 }, spikes(&[0.0, 5.0, 20.0]), spikes(&[12.0])];
        let mut bench = Workbench::new(setup, None);
        let mut arrivals = Arrivals::default();
        arrivals.refresh(&bench, 15.0);
        assert_eq!(arrivals.within((0.0, 100.0)), [0.0, 5.0, 12.0]);
        arrivals.refresh(&bench, 100.0);
        assert_eq!(arrivals.within((10.0, 100.0)), [12.0, 20.0]);
        bench.apply(Command::Stimulus(Vec::new()));
        arrivals.refresh(&bench, 100.0);
        assert!(arrivals.within((0.0, 100.0)).is_empty());
    }

    #[test]
    fn a_spike_that_is_placed_in_the_past_has_not_arrived_before_the_next_restart() {
        let spikes = |times: &[f64]| {
            let synapse = Synapse::Delta {};
            vec![Item::Spikes { times: Some(times.to_vec()), rate_hz: None, seed: None, weight: 1.0, synapse }]
        };
        let mut setup = Setup::of_model(crate::model::find("lif").expect("a model"));
        setup.stimulus = spikes(&[5.0, 40.0]);
        let mut bench = Workbench::new(setup, None);
        let mut arrivals = Arrivals::default();
        bench.run_to(30.0);
        arrivals.refresh(&bench, 100.0);
        bench.apply(Command::Stimulus(spikes(&[10.0, 50.0])));
        arrivals.refresh(&bench, 100.0);
        assert_eq!(arrivals.within((0.0, 100.0)), [5.0, 50.0]);
        bench.apply(Command::Restart);
        arrivals.refresh(&bench, 100.0);
        assert_eq!(arrivals.within((0.0, 100.0)), [10.0, 50.0]);
    }
}
