//! Presynaptic spikes: when they come, and the current or conductance they leave behind.

use super::noise::{floor, uniform};

/// Length in ms of the blocks a Poisson process is drawn in, so that any time can be reached directly.
const BLOCK_MS: f64 = 64.0;
/// Blocks hold between one spike and this many on average, whatever the rate: they are longer or shorter if need be.
const BLOCK_SPIKES: f64 = 4096.0;
/// Rates per ms below this never give a spike: their blocks would be longer than numbers reach.
const SLOWEST: f64 = 1e-300;

/// Presynaptic spike times, given or drawn.
#[derive(Clone, Debug)]
pub(super) enum Train {
    /// Times in order.
    Given(Vec<f64>),
    /// A Poisson process of constant rate per ms from t = 0, drawn block by block.
    Poisson {
        /// Spikes per ms.
        rate: f64,
        /// Key of the random numbers.
        stream: u64,
        /// Length of a block in ms.
        length: f64,
        /// Block whose times are held.
        block: i64,
        /// Times in that block.
        times: Vec<f64>,
        /// The last answer: no spike lies between these times, and one at the second.
        gap: (f64, f64),
    },
}

impl Train {
    pub(super) fn poisson(rate: f64, stream: u64) -> Self {
        let length = if rate > SLOWEST { BLOCK_MS.clamp(1.0 / rate, BLOCK_SPIKES / rate) } else { f64::INFINITY };
        Self::Poisson { rate, stream, length, block: i64::MIN, times: Vec::new(), gap: (f64::NAN, f64::NAN) }
    }

    /// The first spike after `t`; infinite if there is none.
    pub(super) fn after(&mut self, t: f64) -> f64 {
        match self {
            Self::Given(times) => times.get(times.partition_point(|x| *x <= t)).copied().unwrap_or(f64::INFINITY),
            Self::Poisson { length, .. } if length.is_infinite() => f64::INFINITY,
            Self::Poisson { gap, .. } if gap.0 <= t && t < gap.1 => gap.1,
            Self::Poisson { rate, stream, length, block, times, gap } => {
                let mut index = floor(t.max(0.0) / *length);
                loop {
                    if *block != index {
                        *block = index;
                        draw(*rate, *stream, *length, index, times);
                    }
                    if let Some(found) = times.get(times.partition_point(|x| *x <= t)) {
                        *gap = (t, *found);
                        return *found;
                    }
                    index += 1;
                }
            }
        }
    }
}

/// The Poisson process restricted to one block; exponential gaps have no memory, so each block starts anew.
fn draw(rate: f64, stream: u64, length: f64, block: i64, times: &mut Vec<f64>) {
    times.clear();
    #[expect(clippy::cast_precision_loss, reason = "block numbers stay far below 2⁵³")]
    let start = block as f64 * length;
    let mut t = start;
    for k in 0.. {
        t -= uniform(stream, block.cast_unsigned(), k).ln() / rate;
        if t >= start + length {
            break;
        }
        times.push(t);
    }
}

/// The sum over past spikes of (t − tᵢ)^q e^(−(t−tᵢ)/tau)/q! for q = 0…n, advanced from spike to spike.
#[derive(Clone, Debug)]
pub(super) struct Trace {
    tau: f64,
    /// Spikes up to here are included; a spike at this very time too.
    at: f64,
    /// The sums at that time.
    sums: Vec<f64>,
}

impl Trace {
    pub(super) fn new(tau: f64, order: usize) -> Self {
        Self { tau, at: f64::NEG_INFINITY, sums: vec![0.0; order + 1] }
    }

    /// Includes every spike up to and including `t`.
    pub(super) fn advance(&mut self, train: &mut Train, t: f64) {
        if t < self.at {
            self.at = f64::NEG_INFINITY;
            self.sums.fill(0.0);
        }
        loop {
            let next = train.after(self.at);
            if next > t {
                break;
            }
            self.move_to(next);
            // Spikes at the same instant count each.
            self.sums[0] += match train {
                Train::Given(times) => count(times, next),
                Train::Poisson { .. } => 1.0,
            };
        }
    }

    fn move_to(&mut self, t: f64) {
        if self.at.is_finite() {
            let now: Vec<f64> = (0..self.sums.len()).map(|q| self.value(q, t)).collect();
            self.sums = now;
        }
        self.at = t;
    }

    /// The sum of order `q` at a time `t` before the next spike.
    pub(super) fn value(&self, q: usize, t: f64) -> f64 {
        let passed = t - self.at;
        if !passed.is_finite() {
            return 0.0;
        }
        // Σ_r S_r δ^(q−r)/(q−r)!, nested from r = 0.
        let mut sum = 0.0;
        for (r, s) in self.sums.iter().enumerate().take(q + 1) {
            #[expect(clippy::cast_precision_loss, reason = "orders are at most 20")]
            let factor = if r == 0 { 0.0 } else { passed / (q + 1 - r) as f64 };
            sum = sum * factor + s;
        }
        sum * (-passed / self.tau).exp()
    }
}

fn count(times: &[f64], t: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "coincident spikes are few")]
    let n = (times.partition_point(|x| *x <= t) - times.partition_point(|x| *x < t)) as f64;
    n
}
