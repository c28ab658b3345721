//! Fixed points and cycles of the map, and what a start leads to.

use super::{Node, Shooter, Shot, SpikeMap, hermite, sign_changes};

/// A periodic pattern of spikes: a k-cycle of the map, stable or not.
#[derive(Clone, Debug, PartialEq)]
pub struct SpikeCycle {
    /// Its points, in the order of the spikes, from the one with the lowest w.
    pub points: Vec<Node>,
    /// Derivative of Φᵏ on it: its absolute value is below one if it is stable.
    pub multiplier: f64,
}

/// What firing settles to.
#[derive(Clone, Debug, PartialEq)]
pub enum Attractor {
    /// A periodic pattern.
    Cycle(SpikeCycle),
    /// Rest or an oscillation below threshold, after so many spikes more.
    Rest {
        /// Spikes before it falls silent.
        spikes: usize,
    },
    /// No period up to the longest looked for: the last values of w.
    Irregular(Vec<f64>),
    /// It cannot be said: a reset above threshold, or an orbit that was not decided.
    Unknown,
}

/// Longest period that is recognised.
pub const LONGEST: usize = 48;
/// Iterates after which a start counts as irregular.
const PATIENCE: usize = 300;
/// Local error on the way there, in window widths; the cycle itself is found with the shooter's own.
const TRANSIENT: f64 = 1e-6;
/// Iterates after which firing counts as lasting.
const FOR_EVER: u32 = 60;
/// Parts of the stretch between two nodes on which zeros are looked for.
const PARTS: u32 = 6;

impl SpikeCycle {
    /// Spikes in one period.
    #[must_use]
    pub fn spikes(&self) -> usize {
        self.points.len()
    }

    /// The period in ms.
    #[must_use]
    pub fn period(&self) -> f64 {
        self.points.iter().map(|n| n.interval).sum()
    }

    /// The intervals in ms, in order.
    #[must_use]
    pub fn intervals(&self) -> Vec<f64> {
        self.points.iter().map(|n| n.interval).collect()
    }

    /// True if nearby patterns approach it.
    #[must_use]
    pub fn is_stable(&self) -> bool {
        self.multiplier.abs() < 1.0
    }

    /// Lowest and highest value of each state over the pattern.
    #[must_use]
    pub fn extent(&self, shooter: &Shooter) -> ([f64; 2], [f64; 2]) {
        let mut box_ = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for node in &self.points {
            shooter.widen(node.w, &mut box_);
        }
        box_
    }

    /// `k` shots one after the other from `w`, whether or not they close; `None` if one of them brings no spike.
    #[must_use]
    pub fn follow(shooter: &Shooter, w: f64, k: usize) -> Option<Self> {
        let points = follow(shooter, w, k)?;
        let multiplier = points.iter().map(|n| n.slope).product();
        Some(Self { points, multiplier })
    }

    /// By how much the last reset misses the first: Φᵏ(w) − w, zero on a cycle.
    #[must_use]
    pub fn gap(&self) -> f64 {
        self.points.last().map_or(f64::NAN, |n| n.next) - self.points.first().map_or(f64::NAN, |n| n.w)
    }

    /// The cycle of `k` spikes near `w`, by Newton's method on Φᵏ(w) − w with true evaluations; `None` if none is
    /// found within reach. A pattern that repeats within the k spikes comes back with its own, smaller number.
    #[must_use]
    pub fn near(shooter: &Shooter, w: f64, k: usize) -> Option<Self> {
        let scale = shooter.system().scale()[1];
        let mut w = w;
        let mut reach = 0.1 * scale;
        for _ in 0..20 {
            let points = follow(shooter, w, k)?;
            let (end, slope) = (points.last()?.next, points.iter().map(|n| n.slope).product::<f64>());
            let change = (end - w) / (1.0 - slope);
            if !change.is_finite() || change.abs() > reach {
                return None;
            }
            if change.abs() <= CONVERGED * scale {
                return Some(Self::from_points(points, scale));
            }
            reach = reach.min(4.0 * change.abs());
            w += change;
        }
        None
    }

    fn from_points(points: Vec<Node>, scale: f64) -> Self {
        let k = points.len();
        let alike = |period: &usize| k.is_multiple_of(*period) && (0..k - period).all(|n| (points[n + period].w - points[n].w).abs() < 1e-6 * scale);
        let least = (1..k).find(alike).unwrap_or(k);
        let mut points = points;
        points.truncate(least);
        let first = (0..least).min_by(|a, b| points[*a].w.total_cmp(&points[*b].w)).unwrap_or(0);
        points.rotate_left(first);
        let multiplier = points.iter().map(|n| n.slope).product();
        Self { points, multiplier }
    }
}

/// A Newton step below this many window widths ends the iteration.
const CONVERGED: f64 = 1e-9;

/// `k` shots one after the other; `None` if one of them brings no spike.
fn follow(shooter: &Shooter, w: f64, k: usize) -> Option<Vec<Node>> {
    let mut points = Vec::with_capacity(k);
    let mut w = w;
    for _ in 0..k {
        let Shot::Spike(node) = shooter.shoot(w) else { return None };
        w = node.next;
        points.push(node);
    }
    Some(points)
}

impl Attractor {
    /// What firing that starts right after a reset at `w` settles to.
    #[must_use]
    pub fn from_reset(shooter: &Shooter, w: f64) -> Self {
        let scale = shooter.system().scale()[1];
        let mut past: Vec<f64> = vec![w];
        let mut wait = 0;
        for spikes in 0..PATIENCE {
            let now = past.last().copied().unwrap_or(w);
            match shooter.shoot_with(now, TRANSIENT) {
                Shot::Spike(node) => past.push(node.next),
                Shot::Silent => return Self::Rest { spikes },
                Shot::Runaway | Shot::Undecided => return Self::Unknown,
            }
            if spikes < wait {
                continue;
            }
            if let Some(k) = recurrence(&past, 1e-5 * scale) {
                let last = past.last().copied().unwrap_or(w);
                match SpikeCycle::near(shooter, last, k) {
                    Some(cycle) if cycle.is_stable() && cycle.points.iter().any(|n| (n.w - last).abs() < 1e-3 * scale) => return Self::Cycle(cycle),
                    _ => wait = spikes + 2 * k + 10,
                }
            }
        }
        let tail = past.len().saturating_sub(LONGEST);
        Self::Irregular(past.split_off(tail))
    }
}

/// The smallest k for which the last value nearly repeats the one k before it, and that the one before.
fn recurrence(past: &[f64], near: f64) -> Option<usize> {
    let (last, earlier) = past.split_last()?;
    let back = |k: usize| earlier.len().checked_sub(k).and_then(|place| earlier.get(place));
    (1..=LONGEST.min(earlier.len()))
        .find(|k| back(*k).is_some_and(|w| (w - last).abs() < near) && (*k > 1 || back(2).is_none_or(|w| (w - last).abs() < 1e3 * near)))
}

impl SpikeMap {
    /// Fixed points in order, stable and unstable: tonic firing.
    #[must_use]
    pub fn fixed_points(&self, shooter: &Shooter) -> Vec<SpikeCycle> {
        let mut guesses = Vec::new();
        for piece in &self.pieces {
            for pair in piece.nodes.windows(2) {
                let [a, b] = pair else { continue };
                sign_changes(|w| hermite(a, b, w) - w, a.w, b.w, PARTS, |w| guesses.push(w));
            }
        }
        self.polish(shooter, &guesses, 1)
    }

    /// Cycles of exactly `k` spikes in order, stable and unstable, as far as `PARTS` samples between nodes show
    /// their signs.
    #[must_use]
    pub fn cycles(&self, shooter: &Shooter, k: usize) -> Vec<SpikeCycle> {
        if k == 1 {
            return self.fixed_points(shooter);
        }
        let through = |w: f64| (0..k).try_fold(w, |w, _| self.at(w)).map_or(f64::NAN, |end| end - w);
        let mut guesses = Vec::new();
        for piece in &self.pieces {
            for pair in piece.nodes.windows(2) {
                let [a, b] = pair else { continue };
                sign_changes(through, a.w, b.w, PARTS, |w| guesses.push(w));
            }
        }
        self.polish(shooter, &guesses, k)
    }

    fn polish(&self, shooter: &Shooter, guesses: &[f64], k: usize) -> Vec<SpikeCycle> {
        let near = 1e-6 * shooter.system().scale()[1];
        let mut found: Vec<SpikeCycle> = Vec::new();
        for guess in guesses {
            let known = found.iter().flat_map(|c| &c.points).any(|n| (n.w - guess).abs() < near);
            if known {
                continue;
            }
            let Some(cycle) = SpikeCycle::near(shooter, *guess, k) else { continue };
            let first = cycle.points.first().map_or(f64::NAN, |n| n.w);
            let again = found.iter().any(|c| c.points.first().is_some_and(|n| (n.w - first).abs() < near));
            if cycle.spikes() == k && !again && first >= self.range.0 && first <= self.range.1 {
                found.push(cycle);
            }
        }
        found.sort_by(|a, b| a.points.first().map_or(0.0, |n| n.w).total_cmp(&b.points.first().map_or(0.0, |n| n.w)));
        found
    }

    /// True if what spikes once more after a reset, wherever in the range that lands, spikes for ever, as far as the
    /// interpolated map tells.
    #[must_use]
    pub fn fires_for_ever(&self) -> bool {
        let lasts = |w: f64| (0..FOR_EVER).try_fold(w, |w, _| self.at(w)).is_some();
        !self.pieces.is_empty() && self.pieces.iter().flat_map(|p| &p.nodes).all(|n| lasts(n.next))
    }

    /// The first `count` pairs (w, Φ(w)) from `w`: the steps of a cobweb. Ends where the neuron falls silent.
    #[must_use]
    pub fn cobweb(shooter: &Shooter, w: f64, count: usize) -> Vec<(f64, f64)> {
        let mut steps = Vec::with_capacity(count);
        let mut w = w;
        while steps.len() < count {
            let Shot::Spike(node) = shooter.shoot(w) else { break };
            steps.push((w, node.next));
            w = node.next;
        }
        steps
    }
}
