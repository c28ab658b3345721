//! The recorded past of a run: points and spikes, in rings of bounded memory.

use std::collections::VecDeque;

use super::Sink;

/// A recorded spike.
#[derive(Clone, Debug, PartialEq)]
pub struct Spike {
    /// When, in ms.
    pub t: f64,
    /// State right before the jump.
    pub before: Vec<f64>,
    /// State right after the jump; equal to `before` for smooth models.
    pub after: Vec<f64>,
}

/// Points of a run, newest last, up to a capacity; older ones are forgotten.
#[derive(Clone, Debug)]
pub struct Trace {
    dim: usize,
    capacity: usize,
    times: VecDeque<f64>,
    currents: VecDeque<f64>,
    /// States, point after point.
    states: VecDeque<f64>,
    spikes: VecDeque<Spike>,
    /// Points ever recorded: the number of the next one.
    recorded: u64,
}

impl Trace {
    /// An empty trace for states of dimension `dim`.
    #[must_use]
    pub fn new(dim: usize, capacity: usize) -> Self {
        Self {
            dim,
            capacity: capacity.max(2),
            times: VecDeque::new(),
            currents: VecDeque::new(),
            states: VecDeque::new(),
            spikes: VecDeque::new(),
            recorded: 0,
        }
    }

    /// Number of points held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// True if nothing has been recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// Number that the next recorded point will have; the oldest held one has this minus [`Trace::len`].
    #[must_use]
    pub fn recorded(&self) -> u64 {
        self.recorded
    }

    /// Time of the `index`-th held point in ms.
    #[must_use]
    pub fn time(&self, index: usize) -> f64 {
        self.times.get(index).copied().unwrap_or(0.0)
    }

    /// Current that entered at the `index`-th held point.
    #[must_use]
    pub fn current(&self, index: usize) -> f64 {
        self.currents.get(index).copied().unwrap_or(0.0)
    }

    /// One state variable at the `index`-th held point.
    #[must_use]
    pub fn value(&self, index: usize, variable: usize) -> f64 {
        self.states.get(index * self.dim + variable).copied().unwrap_or(0.0)
    }

    /// The state at the `index`-th held point.
    #[must_use]
    pub fn state(&self, index: usize) -> Vec<f64> {
        (0..self.dim).map(|j| self.value(index, j)).collect()
    }

    /// Time of the oldest and of the newest point.
    #[must_use]
    pub fn span(&self) -> (f64, f64) {
        (self.times.front().copied().unwrap_or(0.0), self.times.back().copied().unwrap_or(0.0))
    }

    /// The first held point at or after time `t`.
    #[must_use]
    pub fn index_at(&self, t: f64) -> usize {
        self.times.partition_point(|x| *x < t)
    }

    /// The spikes held, oldest first.
    #[must_use]
    pub fn spikes(&self) -> &VecDeque<Spike> {
        &self.spikes
    }

    /// Forgets everything after time `t`, so that another future can be recorded.
    pub fn cut_after(&mut self, t: f64) {
        let keep = self.times.partition_point(|x| *x <= t);
        self.recorded -= (self.times.len() - keep) as u64;
        self.times.truncate(keep);
        self.currents.truncate(keep);
        self.states.truncate(keep * self.dim);
        while self.spikes.back().is_some_and(|s| s.t > t) {
            self.spikes.pop_back();
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Self::new(self.dim, self.capacity);
    }
}

impl Sink for Trace {
    fn point(&mut self, t: f64, x: &[f64], current: f64) {
        if self.times.len() >= self.capacity {
            self.times.pop_front();
            self.currents.pop_front();
            self.states.drain(..self.dim);
            let oldest = self.times.front().copied().unwrap_or(t);
            while self.spikes.front().is_some_and(|s| s.t < oldest) {
                self.spikes.pop_front();
            }
        }
        self.times.push_back(t);
        self.currents.push_back(current);
        self.states.extend(x.iter().take(self.dim));
        self.recorded += 1;
    }

    fn spike(&mut self, t: f64, before: &[f64], after: &[f64]) {
        if self.spikes.len() >= self.capacity {
            self.spikes.pop_front();
        }
        self.spikes.push_back(Spike { t, before: before.to_vec(), after: after.to_vec() });
    }
}
