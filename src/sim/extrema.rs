//! Lowest and highest values over blocks of points, over blocks of blocks, and so on, so that the range over any stretch of a
//! long past is put together from a few dozen numbers.

use std::collections::VecDeque;

/// Points per block on each level.
const SIZES: [u64; 4] = [GRAIN, 128, 1024, 8192];
/// Points per block on the lowest level.
pub const GRAIN: u64 = 16;

/// Lowest and highest value.
pub type Range = (f64, f64);

/// The range of nothing.
pub const NOTHING: Range = (f64::INFINITY, f64::NEG_INFINITY);

/// The smallest range that holds both.
pub fn join(a: Range, b: Range) -> Range {
    (a.0.min(b.0), a.1.max(b.1))
}

/// Blocks of one size.
#[derive(Clone, Debug, Default)]
struct Level {
    /// Number of the first block held.
    first: u64,
    /// Channels of one block after those of another.
    ranges: VecDeque<Range>,
}

impl Level {
    /// Takes ranges of all channels into a block that is the last one held, or the next.
    fn widen(&mut self, block: u64, channels: usize, ranges: impl Iterator<Item = Range>) {
        if self.ranges.is_empty() {
            self.first = block;
        }
        let at = place(block, self.first) * channels;
        if self.ranges.len() <= at {
            self.ranges.extend(ranges);
            return;
        }
        for (known, range) in self.ranges.range_mut(at..).zip(ranges) {
            *known = join(*known, range);
        }
    }
}

fn place(block: u64, first: u64) -> usize {
    usize::try_from(block.saturating_sub(first)).unwrap_or(0)
}

/// Extrema of the channels of numbered points. The lowest level takes every point; the others take a block of the level
/// below once it is whole, so that recording stays cheap.
#[derive(Clone, Debug)]
pub struct Extrema {
    channels: usize,
    levels: [Level; SIZES.len()],
}

impl Extrema {
    /// Of no points yet.
    pub fn new(channels: usize) -> Self {
        Self { channels, levels: Default::default() }
    }

    /// Takes the next point, with its number.
    pub fn add(&mut self, number: u64, values: impl Iterator<Item = f64>) {
        self.levels[0].widen(number / SIZES[0], self.channels, values.map(|x| (x, x)));
        for level in 1..SIZES.len() {
            let below = SIZES[level - 1];
            if !(number + 1).is_multiple_of(below) {
                break;
            }
            self.lift(level, number / below);
        }
    }

    /// Takes a whole block of the level below into a level.
    fn lift(&mut self, level: usize, block: u64) {
        let (low, high) = self.levels.split_at_mut(level);
        let (Some(below), Some(level_of)) = (low.last(), high.first_mut()) else { return };
        let at = place(block, below.first) * self.channels;
        if block < below.first || below.ranges.len() < at + self.channels {
            return;
        }
        let whole = below.ranges.range(at..at + self.channels).copied();
        level_of.widen(block * SIZES[level - 1] / SIZES[level], self.channels, whole);
    }

    /// Forgets blocks that lie before the oldest point held.
    pub fn forget_before(&mut self, oldest: u64) {
        for (level, size) in self.levels.iter_mut().zip(SIZES) {
            while level.first < oldest / size && !level.ranges.is_empty() {
                level.ranges.drain(..self.channels.min(level.ranges.len()));
                level.first += 1;
            }
        }
    }

    /// Forgets the points from number `end` on; `values` gives those of a point before it, from `oldest` on.
    pub fn cut<V: Iterator<Item = f64>>(&mut self, oldest: u64, end: u64, values: impl Fn(u64) -> V) {
        for (level, size) in self.levels.iter_mut().zip(SIZES) {
            level.ranges.truncate(place(end / size, level.first) * self.channels);
        }
        // The last block of each level is put together again from what is left of it.
        let size = SIZES[0];
        for number in (end / size * size).max(oldest)..end {
            self.levels[0].widen(number / size, self.channels, values(number).map(|x| (x, x)));
        }
        for level in 1..SIZES.len() {
            let (below, size) = (SIZES[level - 1], SIZES[level]);
            for block in end / size * (size / below)..end / below {
                self.lift(level, block);
            }
        }
    }

    /// The range of a channel over the points numbered `from..to`; `scan` gives it where points are looked at one by one.
    pub fn range(&self, channel: usize, from: u64, to: u64, scan: &impl Fn(u64, u64) -> Range) -> Range {
        self.below(SIZES.len(), channel, (from, to), scan)
    }

    /// The range, from levels below `top`.
    fn below(&self, top: usize, channel: usize, (from, to): (u64, u64), scan: &impl Fn(u64, u64) -> Range) -> Range {
        if from >= to {
            return NOTHING;
        }
        let Some(next) = top.checked_sub(1) else { return scan(from, to) };
        let (level, size) = (&self.levels[next], SIZES[next]);
        let whole = (from.div_ceil(size).max(level.first), to / size);
        if whole.0 >= whole.1 {
            return self.below(next, channel, (from, to), scan);
        }
        let (a, b) = (place(whole.0, level.first) * self.channels, place(whole.1, level.first) * self.channels);
        let middle = level.ranges.range(a..b).skip(channel).step_by(self.channels).fold(NOTHING, |all, r| join(all, *r));
        let ends = [(from, whole.0 * size), (whole.1 * size, to)];
        ends.into_iter().fold(middle, |all, end| join(all, self.below(next, channel, end, scan)))
    }
}
