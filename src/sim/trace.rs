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

/// Points per block of extrema.
const POINTS: usize = 64;
const BLOCK: u64 = POINTS as u64;

/// Points of a run, newest last, up to a capacity; older ones are forgotten. Channel 0 is the current that
/// entered, channel 1 + j the state j. Extrema of whole blocks of points are kept beside the points, so that
/// the range over a long stretch costs as little as over a short one.
#[derive(Clone, Debug)]
pub struct Trace {
    channels: usize,
    capacity: usize,
    times: VecDeque<f64>,
    /// Channels of one point after those of another.
    values: VecDeque<f64>,
    /// Lowest and highest value of each channel over each block held, the last one perhaps unfinished.
    extrema: VecDeque<(f64, f64)>,
    /// Number of the block that `extrema` begins with.
    first_block: u64,
    spikes: VecDeque<Spike>,
    /// Points ever recorded: the number of the next one.
    recorded: u64,
}

impl Trace {
    /// An empty trace for states of dimension `dim`.
    #[must_use]
    pub fn new(dim: usize, capacity: usize) -> Self {
        Self {
            channels: dim + 1,
            capacity: capacity.max(2),
            times: VecDeque::new(),
            values: VecDeque::new(),
            extrema: VecDeque::new(),
            first_block: 0,
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

    /// Number that the next recorded point will have.
    #[must_use]
    pub fn recorded(&self) -> u64 {
        self.recorded
    }

    /// Time of the `index`-th held point in ms.
    #[must_use]
    pub fn time(&self, index: usize) -> f64 {
        self.times.get(index).copied().unwrap_or(0.0)
    }

    /// Value of a channel at the `index`-th held point: 0 is the current, 1 + j the state j.
    #[must_use]
    pub fn value(&self, index: usize, channel: usize) -> f64 {
        self.values.get(index * self.channels + channel).copied().unwrap_or(0.0)
    }

    /// The state at the `index`-th held point.
    #[must_use]
    pub fn state(&self, index: usize) -> Vec<f64> {
        (1..self.channels).map(|channel| self.value(index, channel)).collect()
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

    /// [`Trace::index_at`] for a time known to lie at or after the point `start`, and not far from it.
    #[must_use]
    pub fn index_from(&self, start: usize, t: f64) -> usize {
        let mut low = start;
        let mut step = 1;
        while low + step < self.len() && self.time(low + step) < t {
            low += step;
            step *= 2;
        }
        let mut high = (low + step).min(self.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.time(middle) < t { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// Lowest and highest value of a channel over the held points `from..to`; `None` if that is empty.
    #[must_use]
    pub fn range(&self, channel: usize, from: usize, to: usize) -> Option<(f64, f64)> {
        let to = to.min(self.len());
        if from >= to {
            return None;
        }
        let oldest = self.recorded - self.len() as u64;
        let numbers = (oldest + from as u64, oldest + to as u64);
        // The first and the last whole block in between, and the points held before and after them.
        let blocks = (numbers.0.div_ceil(BLOCK).max(self.first_block), numbers.1 / BLOCK);
        if blocks.0 >= blocks.1 {
            return Some(self.scan(channel, from, to));
        }
        let index = |block: u64| usize::try_from(block * BLOCK - oldest).unwrap_or(0);
        let first = usize::try_from(blocks.0 - self.first_block).unwrap_or(0);
        let last = usize::try_from(blocks.1 - self.first_block).unwrap_or(0);
        let whole = self.extrema.range(first * self.channels..last * self.channels).skip(channel).step_by(self.channels);
        let mut range = whole.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (a, b)| (low.min(*a), high.max(*b)));
        for part in [self.scan(channel, from, index(blocks.0)), self.scan(channel, index(blocks.1), to)] {
            range = (range.0.min(part.0), range.1.max(part.1));
        }
        Some(range)
    }

    /// Lowest and highest value of a channel over some points, one by one.
    fn scan(&self, channel: usize, from: usize, to: usize) -> (f64, f64) {
        let values = self.values.range(from * self.channels..to * self.channels).skip(channel).step_by(self.channels);
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)))
    }

    /// The spikes held, oldest first.
    #[must_use]
    pub fn spikes(&self) -> &VecDeque<Spike> {
        &self.spikes
    }

    /// Forgets everything after time `t`, so that another future can be recorded.
    pub fn cut_after(&mut self, t: f64) {
        let keep = self.times.partition_point(|x| *x <= t);
        let oldest = self.recorded - self.len() as u64;
        self.recorded = oldest + keep as u64;
        self.times.truncate(keep);
        self.values.truncate(keep * self.channels);
        while self.spikes.back().is_some_and(|s| s.t > t) {
            self.spikes.pop_back();
        }
        // The last block is rebuilt from the points that are left of it.
        let block = self.recorded / BLOCK;
        let blocks = usize::try_from(block.saturating_sub(self.first_block)).unwrap_or(0);
        self.extrema.truncate(blocks * self.channels);
        let begin = usize::try_from((block * BLOCK).saturating_sub(oldest)).unwrap_or(0);
        for index in begin..keep {
            self.widen(oldest + index as u64, index * self.channels);
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Self::new(self.channels - 1, self.capacity);
    }

    /// Takes the point with this number, whose channels begin at `begin`, into the extrema of its block.
    fn widen(&mut self, number: u64, begin: usize) {
        if self.extrema.is_empty() {
            self.first_block = number / BLOCK;
        }
        let block = usize::try_from(number / BLOCK - self.first_block).unwrap_or(0) * self.channels;
        let point = self.values.range(begin..begin + self.channels);
        if self.extrema.len() <= block {
            self.extrema.extend(point.map(|x| (*x, *x)));
            return;
        }
        for (extrema, x) in self.extrema.range_mut(block..).zip(point) {
            *extrema = (extrema.0.min(*x), extrema.1.max(*x));
        }
    }

    fn forget_oldest(&mut self) {
        self.times.pop_front();
        self.values.drain(..self.channels);
        let oldest = self.times.front().copied().unwrap_or(f64::INFINITY);
        while self.spikes.front().is_some_and(|s| s.t < oldest) {
            self.spikes.pop_front();
        }
        let oldest = self.recorded - self.len() as u64;
        if oldest / BLOCK > self.first_block {
            self.extrema.drain(..self.channels.min(self.extrema.len()));
            self.first_block += 1;
        }
    }
}

impl Sink for Trace {
    fn point(&mut self, t: f64, x: &[f64], current: f64) {
        if self.times.len() >= self.capacity {
            self.forget_oldest();
        }
        self.times.push_back(t);
        let begin = self.values.len();
        self.values.push_back(current);
        self.values.extend(x.iter().take(self.channels - 1));
        self.widen(self.recorded, begin);
        self.recorded += 1;
    }

    fn spike(&mut self, t: f64, before: &[f64], after: &[f64]) {
        if self.spikes.len() >= self.capacity {
            self.spikes.pop_front();
        }
        self.spikes.push_back(Spike { t, before: before.to_vec(), after: after.to_vec() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_over_blocks_agree_with_a_plain_scan_after_forgetting_and_cutting() {
        let mut trace = Trace::new(1, 1000);
        let wave = |k: u32| (f64::from(k) * 0.37).sin() * f64::from(k % 17);
        for k in 0..2345 {
            trace.point(f64::from(k), &[wave(k)], 0.0);
        }
        trace.cut_after(2200.0);
        for k in 2201..2300 {
            trace.point(f64::from(k), &[-wave(k)], 0.0);
        }
        for (from, to) in [(0, 1000), (3, 700), (10, 11), (60, 999), (800, 1000)] {
            let plain =
                (from..to.min(trace.len())).map(|i| trace.value(i, 1)).fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)));
            assert_eq!(trace.range(1, from, to), Some(plain));
        }
        assert_eq!(trace.range(1, 5, 5), None);
    }
}
