//! Random numbers that are functions of a key, and noise paths that are functions of time.
//!
//! A path is built on a lattice whose finest spacing is the simulation's step. Coarse values come first and
//! finer ones are filled in by the bridge of the process (Lévy's construction; Karatzas and Shreve 1991,
//! sec. 2.3), each number drawn from a key made of stream, level and index. Halving the step therefore
//! refines the same path, and nothing depends on how often or in what order the path is read.

/// Mixes a key to 64 random bits (`SplitMix64`; Steele, Lea and Flood 2014, doi 10.1145/2714064.2660195).
fn mix(key: u64) -> u64 {
    let mut z = key.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The key of an item's random stream: run seed, place in the list, the item's own seed.
pub(super) fn stream(run_seed: u64, place: usize, own_seed: u64) -> u64 {
    mix(mix(mix(run_seed) ^ place as u64) ^ own_seed)
}

/// The unit exponential number that a neuron which fires by chance takes after so many spikes, on this leg of its way to
/// the next. Its stream is apart from those of all items of a stimulus.
#[must_use]
pub fn chance(run_seed: u64, spikes: u64, leg: u64) -> f64 {
    -uniform(stream(run_seed, usize::MAX, 0), leg, spikes.cast_signed()).ln()
}

/// Uniform in (0, 1).
pub(super) fn uniform(stream: u64, level: u64, index: i64) -> f64 {
    let bits = mix(mix(stream ^ mix(level)) ^ index.cast_unsigned());
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
    let unit = (bits >> 11) as f64;
    (unit + 0.5) * (1.0 / 9_007_199_254_740_992.0)
}

/// Standard normal (Box and Muller 1958).
fn normal(stream: u64, level: u64, index: i64) -> f64 {
    let radius = (-2.0 * uniform(stream, level, index).ln()).sqrt();
    radius * (std::f64::consts::TAU * uniform(!stream, level, index)).cos()
}

/// Which process a path follows.
#[derive(Clone, Copy, Debug)]
pub(super) enum Process {
    /// Wiener process with unit variance per ms.
    Wiener,
    /// Ornstein–Uhlenbeck process with zero mean, unit variance and this correlation time in ms.
    OrnsteinUhlenbeck(f64),
}

impl Process {
    /// Value one interval of `span` ms after `x`, given a standard normal.
    fn forward(self, x: f64, span: f64, z: f64) -> f64 {
        match self {
            Self::Wiener => x + span.sqrt() * z,
            Self::OrnsteinUhlenbeck(tau) => x * (-span / tau).exp() + (-(-2.0 * span / tau).exp_m1()).sqrt() * z,
        }
    }

    /// How the value halfway between two others, each `half` ms away, is drawn.
    fn bridge(self, half: f64) -> Bridge {
        match self {
            Self::Wiener => Bridge { divisor: 1.0, spread: (0.5 * half).sqrt() },
            Self::OrnsteinUhlenbeck(tau) => Bridge { divisor: (half / tau).cosh(), spread: (half / tau).tanh().sqrt() },
        }
    }
}

/// The value halfway between two others is their mean over `divisor`, give or take `spread`. It depends on the level alone, and
/// its functions would cost as much as the random numbers if they were taken at every step.
#[derive(Clone, Copy, Debug)]
struct Bridge {
    divisor: f64,
    spread: f64,
}

impl Bridge {
    fn middle(self, a: f64, b: f64, z: f64) -> f64 {
        0.5 * (a + b) / self.divisor + self.spread * z
    }
}

/// The spacing of the coarsest lattice is at least 2⁵ ms.
const COARSEST_EXPONENT: i32 = 5;
/// Indices have 63 bits, so no lattice is refined more often than this.
const MOST_LEVELS: i32 = 60;

/// A noise path on the lattice of a step.
#[derive(Clone, Debug)]
pub(super) struct Path {
    process: Process,
    stream: u64,
    /// Spacing of the coarsest lattice in ms; all steps that differ by powers of two share it.
    coarse: f64,
    /// Coarse index at which the process starts.
    first: i64,
    /// How each level is filled in from the one above it.
    bridges: Vec<Bridge>,
    /// Interval of each level that was read last: index, left and right value.
    intervals: Vec<(i64, f64, f64)>,
    /// Furthest coarse value computed so far: index and value.
    reached: (i64, f64),
}

impl Path {
    /// A path for steps of `dt` ms that starts, stationary, no later than `from`, or at 0 if that is earlier.
    pub(super) fn new(process: Process, stream: u64, dt: f64, from: f64) -> Self {
        let exponent = dt.log2().floor();
        #[expect(clippy::cast_possible_truncation, reason = "the exponent of a double is below 1100")]
        let levels = (COARSEST_EXPONENT - exponent as i32).clamp(0, MOST_LEVELS);
        let coarse = dt * 2.0_f64.powi(levels);
        // Nothing is read before t = 0, and a stationary process may as well start there.
        let first = floor(from.max(0.0) / coarse);
        let start = match process {
            Process::Wiener => 0.0,
            Process::OrnsteinUhlenbeck(_) => normal(stream, u64::MAX, first),
        };
        let intervals = vec![(i64::MIN, 0.0, 0.0); levels.unsigned_abs() as usize + 1];
        let bridges = (0..=levels).map(|level| process.bridge(coarse * 0.5_f64.powi(level))).collect();
        Self { process, stream, coarse, first, bridges, intervals, reached: (first, start) }
    }

    /// Values at both ends of the `k`-th step.
    pub(super) fn step(&mut self, k: i64) -> (f64, f64) {
        let levels = self.intervals.len() - 1;
        if self.intervals.last().is_some_and(|finest| finest.0 == k) {
            return self.intervals.last().map_or((0.0, 0.0), |&(_, a, b)| (a, b));
        }
        let mut parent = self.coarse_interval(k >> levels);
        for level in 1..=levels {
            let index = k >> (levels - level);
            if self.intervals[level].0 != index {
                let (above, a, b) = parent;
                let middle = self.bridges[level].middle(a, b, normal(self.stream, level as u64, above));
                self.intervals[level] = if index & 1 == 0 { (index, a, middle) } else { (index, middle, b) };
            }
            parent = self.intervals[level];
        }
        (parent.1, parent.2)
    }

    fn coarse_interval(&mut self, index: i64) -> (i64, f64, f64) {
        let index = index.max(self.first);
        if self.intervals[0].0 != index {
            if self.reached.0 > index {
                let start = if matches!(self.process, Process::Wiener) { 0.0 } else { normal(self.stream, u64::MAX, self.first) };
                self.reached = (self.first, start);
            }
            while self.reached.0 < index {
                self.reached = (self.reached.0 + 1, self.next_coarse());
            }
            self.intervals.iter_mut().for_each(|interval| interval.0 = i64::MIN);
            self.intervals[0] = (index, self.reached.1, self.next_coarse());
        }
        self.intervals[0]
    }

    fn next_coarse(&self) -> f64 {
        self.process.forward(self.reached.1, self.coarse, normal(self.stream, 0, self.reached.0))
    }
}

/// Largest integer not above `x`.
pub(super) fn floor(x: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "times over steps stay far below 2⁶³, and the cast saturates")]
    let k = x.floor() as i64;
    k
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(process: Process, dt: f64) -> Path {
        Path::new(process, stream(1, 0, 0), dt, 0.0)
    }

    #[test]
    fn a_halved_step_refines_the_same_path() {
        for process in [Process::Wiener, Process::OrnsteinUhlenbeck(7.0)] {
            let (mut coarse, mut fine) = (path(process, 0.1), path(process, 0.05));
            for k in 0..5000 {
                assert_eq!(coarse.step(k).0, fine.step(2 * k).0);
                assert_eq!(coarse.step(k).1, fine.step(2 * k + 1).1);
            }
        }
    }

    #[test]
    fn a_path_does_not_depend_on_the_order_of_reading() {
        let mut forward = path(Process::OrnsteinUhlenbeck(3.0), 0.1);
        let values: Vec<_> = (0..3000).map(|k| forward.step(k)).collect();
        let mut backward = path(Process::OrnsteinUhlenbeck(3.0), 0.1);
        for k in (0..3000).rev() {
            assert_eq!(values[usize::try_from(k).unwrap()], backward.step(k));
        }
    }

    #[test]
    fn wiener_increments_have_the_variance_of_the_step() {
        let mut w = path(Process::Wiener, 0.25);
        let n = 40_000_i32;
        let sum: f64 = (0..i64::from(n)).map(|k| w.step(k)).map(|(a, b)| (b - a).powi(2)).sum();
        // Relative standard error of a variance from n normals is √(2/n) = 0.7 %; five of them.
        assert!((sum / f64::from(n) / 0.25 - 1.0).abs() < 0.036);
    }

    #[test]
    fn ornstein_uhlenbeck_has_unit_variance_and_its_correlation_time() {
        let tau = 5.0;
        let mut x = path(Process::OrnsteinUhlenbeck(tau), 1.0);
        let values: Vec<f64> = (0..200_000).map(|k| x.step(k).0).collect();
        let correlation = |lag: usize| {
            let products = values.iter().zip(&values[lag..]).map(|(a, b)| a * b);
            let (sum, count) = products.fold((0.0, 0.0), |(sum, count), product| (sum + product, count + 1.0));
            sum / count
        };
        // n/(2 tau) independent samples: standard error about 0.7 %; five of them.
        assert!((correlation(0) - 1.0).abs() < 0.035);
        assert!((correlation(5) - (-1.0_f64).exp()).abs() < 0.035);
    }
}
