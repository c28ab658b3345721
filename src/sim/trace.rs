//! The recorded past of a run: points and spikes, in rings of bounded memory.

use std::collections::VecDeque;

use super::Sink;
use super::extrema::{Extrema, GRAIN, NOTHING, join};

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

/// Points of a run, newest last, up to a capacity; older ones are forgotten. Channel 0 is the current that
/// entered, channel 1 + j the state j. Extrema of blocks of points are kept beside the points, so that the range over a long
/// stretch costs hardly more than over a short one.
#[derive(Clone, Debug)]
pub struct Trace {
    capacity: usize,
    times: VecDeque<f64>,
    /// The course of each channel.
    values: Vec<VecDeque<f64>>,
    extrema: Extrema,
    spikes: VecDeque<Spike>,
    /// Numbers of the points to which a hand has moved the state: the course breaks before them.
    breaks: VecDeque<u64>,
    /// Points ever recorded: the number of the next one.
    recorded: u64,
}

impl Trace {
    /// An empty trace for states of dimension `dim`.
    #[must_use]
    pub fn new(dim: usize, capacity: usize) -> Self {
        Self {
            capacity: capacity.max(2),
            times: VecDeque::new(),
            values: vec![VecDeque::new(); dim + 1],
            extrema: Extrema::new(dim + 1),
            spikes: VecDeque::new(),
            breaks: VecDeque::new(),
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
        self.values.get(channel).and_then(|course| course.get(index)).copied().unwrap_or(0.0)
    }

    /// The state at the `index`-th held point.
    #[must_use]
    pub fn state(&self, index: usize) -> Vec<f64> {
        (1..self.values.len()).map(|channel| self.value(index, channel)).collect()
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
        let oldest = self.oldest();
        let index = |number: u64| usize::try_from(number - oldest).unwrap_or(0);
        let scan = |from: u64, to: u64| self.scan(channel, index(from), index(to));
        Some(self.extrema.range(channel, oldest + from as u64, oldest + to as u64, &scan))
    }

    /// The point less than 16 before `index` at which a block of extrema begins: between such points ranges are found
    /// without looking at single points.
    #[must_use]
    pub fn block_before(&self, index: usize) -> usize {
        let number = self.oldest() + index as u64;
        usize::try_from((number / GRAIN * GRAIN).saturating_sub(self.oldest())).unwrap_or(index)
    }

    /// Number of the oldest point held.
    fn oldest(&self) -> u64 {
        self.recorded - self.len() as u64
    }

    /// Lowest and highest value of a channel over some points, one by one.
    fn scan(&self, channel: usize, from: usize, to: usize) -> (f64, f64) {
        let (older, newer) = self.values.get(channel).map_or((&[][..], &[][..]), VecDeque::as_slices);
        let parted = older.len();
        let pieces = [older.get(from.min(parted)..to.min(parted)), newer.get(from.saturating_sub(parted)..to.saturating_sub(parted))];
        pieces.into_iter().flatten().flatten().fold(NOTHING, |range, x| join(range, (*x, *x)))
    }

    /// The spikes held, oldest first.
    #[must_use]
    pub fn spikes(&self) -> &VecDeque<Spike> {
        &self.spikes
    }

    /// Records the point to which a hand has moved the state: the course breaks before it. While the hand has not let time go on, the
    /// next one takes its place, and the very first point is simply another one.
    pub fn put(&mut self, t: f64, x: &[f64], current: f64) {
        let newest = self.recorded.saturating_sub(1);
        let is_first = self.len() == 1;
        let is_same_hand = self.breaks.back() == Some(&newest) && !self.is_empty();
        if (is_first || is_same_hand) && self.span().1.to_bits() == t.to_bits() {
            self.keep(self.len() - 1);
        }
        if !self.is_empty() {
            self.breaks.push_back(self.recorded);
        }
        self.point(t, x, current);
    }

    /// The held points before which the course breaks, oldest first.
    pub fn breaks(&self) -> impl Iterator<Item = usize> + '_ {
        let oldest = self.oldest();
        self.breaks.iter().filter_map(move |number| usize::try_from(number.checked_sub(oldest)?).ok())
    }

    /// Forgets everything after the `index`-th held point, so that another future can be recorded.
    pub fn cut_after(&mut self, index: usize) {
        let t = self.time(index);
        self.keep((index + 1).min(self.len()));
        while self.spikes.back().is_some_and(|s| s.t > t) {
            self.spikes.pop_back();
        }
    }

    /// Keeps the oldest `keep` points.
    fn keep(&mut self, keep: usize) {
        let oldest = self.oldest();
        self.recorded = oldest + keep as u64;
        self.times.truncate(keep);
        self.values.iter_mut().for_each(|course| course.truncate(keep));
        while self.breaks.back().is_some_and(|number| *number >= self.recorded) {
            self.breaks.pop_back();
        }
        let values = &self.values;
        self.extrema.cut(oldest, self.recorded, |number| {
            let index = usize::try_from(number - oldest).unwrap_or(0);
            values.iter().map(move |course| course.get(index).copied().unwrap_or(0.0))
        });
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Self::new(self.values.len() - 1, self.capacity);
    }

    fn forget_oldest(&mut self) {
        self.times.pop_front();
        for course in &mut self.values {
            course.pop_front();
        }
        let oldest = self.times.front().copied().unwrap_or(f64::INFINITY);
        while self.spikes.front().is_some_and(|s| s.t < oldest) {
            self.spikes.pop_front();
        }
        let oldest = self.oldest();
        while self.breaks.front().is_some_and(|number| *number <= oldest) {
            self.breaks.pop_front();
        }
        self.extrema.forget_before(oldest);
    }
}

impl Sink for Trace {
    fn point(&mut self, t: f64, x: &[f64], current: f64) {
        if self.times.len() >= self.capacity {
            self.forget_oldest();
        }
        self.times.push_back(t);
        let point = std::iter::once(current).chain(x.iter().copied()).take(self.values.len());
        self.values.iter_mut().zip(point.clone()).for_each(|(course, value)| course.push_back(value));
        self.extrema.add(self.recorded, point);
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
    fn a_hand_leaves_one_break_however_long_it_moves_the_state() {
        let mut trace = Trace::new(1, 10);
        trace.point(0.0, &[1.0], 0.0);
        trace.put(0.0, &[2.0], 0.0);
        assert_eq!((trace.len(), trace.breaks().count(), trace.value(0, 1)), (1, 0, 2.0), "a start put elsewhere is another start");
        trace.point(1.0, &[3.0], 0.0);
        for x in [7.0, 8.0, 9.0] {
            trace.put(1.0, &[x], 0.0);
        }
        assert_eq!((trace.len(), trace.value(1, 1), trace.value(2, 1)), (3, 3.0, 9.0));
        assert_eq!(trace.breaks().collect::<Vec<_>>(), [2]);
        for k in 2..10_u8 {
            trace.point(f64::from(k), &[0.0], 0.0);
        }
        assert_eq!(trace.breaks().collect::<Vec<_>>(), [1], "one point has been forgotten");
        trace.cut_after(0);
        assert_eq!(trace.breaks().count(), 0);
    }

    #[test]
    fn ranges_over_blocks_agree_with_a_plain_scan_after_forgetting_and_cutting() {
        for (capacity, first) in [(1000, 2345), (40_000, 30_000), (9000, 50_000), (40_000, 700)] {
            check_ranges(capacity, first);
        }
    }

    fn check_ranges(capacity: usize, first: u32) {
        let mut trace = Trace::new(1, capacity);
        let wave = |k: u32| (f64::from(k) * 0.37).sin() * f64::from(k % 17);
        for k in 0..first {
            trace.point(f64::from(k), &[wave(k)], 0.0);
        }
        trace.cut_after(trace.index_at(f64::from(first - 145)));
        for k in first - 144..first - 45 {
            trace.point(f64::from(k), &[-2.0 * wave(k)], 0.0);
        }
        for (from, to) in [(0, 1000), (3, 700), (10, 11), (60, 999), (800, 1000), (0, 40_000), (17, 8700), (5000, 29_000)] {
            if from >= trace.len() {
                continue;
            }
            let plain =
                (from..to.min(trace.len())).map(|i| trace.value(i, 1)).fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)));
            assert_eq!(trace.range(1, from, to), Some(plain));
        }
        assert_eq!(trace.range(1, 5, 5), None);
    }
}
