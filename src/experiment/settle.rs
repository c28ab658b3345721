//! What a neuron does for good under a constant current: rest, fire, or oscillate below the spike level.
//!
//! The run goes on until its end is known, and no longer:
//! - *rest*, when the orbit has entered a region round a stable equilibrium that it cannot leave;
//! - *a cycle*, when the state at spikes (or, without spikes, where V rises through the middle of its range) recurs: with
//!   D the distance between a return and the one k returns earlier and ρ the ratio of successive D, what is still to
//!   come, Dρ/(1 − ρ), must be negligible. A slow passage past a vanished cycle has ρ near 1 and does not pass for
//!   one. k is the number of spikes in a period, found anew for each current; the period is extrapolated to the limit
//!   (Aitken). Transient spikes therefore never count.
//! - A neuron that fires by chance gives its expected rate (`chance.rs`).
//! - A pattern that never recurs (chaos) gives the mean rate over whole bursts of its second half.
//!
//! Cost: from two spikes (integrate-and-fire) to some hundreds (slow adaptation). It can fail where an equilibrium or
//! a cycle is about to lose stability: everything then takes longer than the [`Effort`] allows, and the pattern of
//! the second half of the run decides.

use super::trap::{Trap, traps};
use super::{GoOn, Preparation};
use crate::sim::{Sink, Stop};

/// What a neuron settles on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Attractor {
    /// A stable equilibrium.
    Rest,
    /// A cycle with this many spikes in each period; none if it stays below the spike level.
    Cycle {
        /// Spikes in one period.
        spikes: usize,
        /// Period in ms.
        period: f64,
    },
    /// Neither: chaos, or not decided within the effort.
    Open,
    /// The run could not go on.
    Stopped(Stop),
}

/// Where a run under constant current ends.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What it settles on.
    pub attractor: Attractor,
    /// Spikes per second (per unit time where dimensionless) for good; `None` if the run could not go on.
    pub rate: Option<f64>,
    /// A state on the attractor: the equilibrium, or where the cycle returns.
    pub state: Vec<f64>,
    /// Spikes fired on the way.
    pub spikes: usize,
}

impl Outcome {
    /// True if spikes go on for ever.
    #[must_use]
    pub fn fires(&self) -> bool {
        self.rate.is_some_and(|rate| rate > 0.0)
    }

    /// Cycles per second (per unit time where dimensionless); `None` at rest and for what never recurs.
    #[must_use]
    pub fn frequency(&self, per_second: f64) -> Option<f64> {
        if let Attractor::Cycle { period, .. } = self.attractor { Some(per_second / period) } else { None }
    }
}

/// How long a run may take to settle.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Steps at most.
    pub steps: u64,
    /// Spikes at most, unless they come within a moment.
    pub spikes: usize,
    /// The part of the range of currents to which an onset is bracketed; `None` leaves out the sweeps and the onset.
    pub border: Option<f64>,
}

impl Effort {
    /// For results that are kept.
    pub const FULL: Self = Self { steps: 1_000_000, spikes: 400, border: Some(1e-7) };
    /// For a curve on screen.
    pub const SCREEN: Self = Self { steps: 400_000, spikes: 200, border: Some(1e-6) };
    /// For a first look while a slider is dragged.
    pub const GLANCE: Self = Self { steps: 60_000, spikes: 60, border: None };

    /// What an onset takes, where everything is about to vanish and slow.
    #[must_use]
    pub fn at_border(self) -> Self {
        Self { steps: 4 * self.steps, spikes: 4 * self.spikes, ..self }
    }
}

/// Steps between two looks.
const CHUNK: u64 = 400;
/// Most spikes in a period that is recognised.
const LONGEST_PATTERN: usize = 64;
/// What may still be to come when a cycle counts as reached, relative to the period and the range of the states.
const TOLERANCE: f64 = 1e-7;
/// Returns this close to each other are the same.
const SAME: f64 = 1e-9;
/// Returns of a pattern this close to each other are one.
const ALIKE: f64 = 1e-5;
/// Ratio of successive distances above which no limit can be foretold.
const SLOW: f64 = 0.98;
/// An oscillation below this part of the range of V is none.
const FLAT: f64 = 1e-6;
/// Many spikes end a run no sooner than after this part of its steps.
const SOON: u64 = 8;
/// A silence is this many times the longest interval, and at least so many steps.
const SILENCE: (f64, u32) = (3.0, 2_000);

/// A return to the section: when, and in which state.
struct Return {
    t: f64,
    x: Vec<f64>,
}

/// Collects returns: spikes always, rising V through `level` in silence.
struct Watch<'a> {
    prep: &'a Preparation,
    resets: bool,
    looks: bool,
    spikes: Vec<Return>,
    level: Option<f64>,
    rises: Vec<Return>,
    last: Option<Return>,
    low: f64,
    high: f64,
}

impl Sink for Watch<'_> {
    fn wants_points(&self) -> bool {
        self.looks
    }

    fn point(&mut self, t: f64, x: &[f64], current: f64) {
        let v = x.first().copied().unwrap_or(0.0);
        self.low = self.low.min(v);
        self.high = self.high.max(v);
        if let (Some(last), Some(level)) = (&self.last, self.level) {
            let before = last.x.first().copied().unwrap_or(0.0);
            if before < level && v >= level {
                self.rises.push(crossing(self.prep, last, (t, x), current, level));
            }
        }
        let keep = self.last.get_or_insert_with(|| Return { t, x: x.to_vec() });
        keep.t = t;
        keep.x.clear();
        keep.x.extend_from_slice(x);
    }

    fn spike(&mut self, t: f64, before: &[f64], after: &[f64]) {
        self.spikes.push(Return { t, x: if self.resets { after } else { before }.to_vec() });
        self.last = None;
    }
}

/// Where V passes `level` between two steps, on the cubics through both states with their slopes: on a straight line the
/// grid of steps would show in the returns, and returns that fall on it alike would look like the pattern.
fn crossing(prep: &Preparation, from: &Return, (t, x): (f64, &[f64]), current: f64, level: f64) -> Return {
    let h = t - from.t;
    let slope = |x: &[f64]| {
        let mut dx = vec![0.0; x.len()];
        prep.neuron.rhs(x, &prep.params, current, &mut dx);
        dx
    };
    let (before, after) = (slope(&from.x), slope(x));
    let at = |k: usize, s: f64| {
        let (rest, s2) = (1.0 - s, s * s);
        rest * rest * ((1.0 + 2.0 * s) * from.x[k] + s * h * before[k]) + s2 * ((3.0 - 2.0 * s) * x[k] - rest * h * after[k])
    };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        if at(0, middle) < level {
            low = middle;
        } else {
            high = middle;
        }
    }
    Return { t: from.t + high * h, x: (0..x.len()).map(|k| at(k, high)).collect() }
}

/// Runs from state `x` under `current` until it is known what the neuron does for good; `None` if stopped by `go_on`.
#[must_use]
pub fn settle(prep: &Preparation, current: f64, x: &[f64], effort: Effort, go_on: GoOn) -> Option<Outcome> {
    if prep.neuron.chance().is_some() {
        return super::chance::expected(prep, current, effort, go_on);
    }
    let mut run = prep.simulation(current, x);
    let traps = traps(prep, current);
    let scale = prep.scale();
    let mut watch = Watch {
        prep,
        resets: prep.neuron.resets(),
        looks: false,
        spikes: Vec::new(),
        level: None,
        rises: Vec::new(),
        last: None,
        low: f64::INFINITY,
        high: f64::NEG_INFINITY,
    };
    let mut seen = 0;
    let mut stretch = CHUNK;
    let mut taken = 0;
    // Spikes that follow each other ever faster need time to show that they cannot go on.
    while taken < effort.steps && (watch.spikes.len() < effort.spikes || taken < effort.steps / SOON) {
        run.run(stretch, Some(&mut watch));
        taken += stretch;
        if let Some(stop) = run.stopped() {
            return Some(Outcome { attractor: Attractor::Stopped(stop), rate: None, state: x.to_vec(), spikes: watch.spikes.len() });
        }
        if let Some(trap) = traps.iter().find(|trap| trap.holds(run.state())) {
            return Some(at_rest(trap, &watch));
        }
        if !go_on() {
            return None;
        }
        if !is_physical(prep, run.state()) {
            break;
        }
        if watch.spikes.len() > seen {
            seen = watch.spikes.len();
            (watch.looks, watch.level, stretch) = (false, None, CHUNK);
            if let Some(found) = recurrence(&watch.spikes, &scale, LONGEST_PATTERN) {
                return Some(on_cycle(prep, &watch.spikes, found, true));
            }
        } else if watch.looks {
            if let Some(found) = oscillation(&mut watch, &scale) {
                let mut outcome = on_cycle(prep, &watch.rises, found, false);
                outcome.spikes = seen;
                return Some(outcome);
            }
            stretch = (2 * stretch).min(100 * CHUNK);
        } else {
            watch.looks = is_silent(&watch.spikes, run.time(), prep.dt);
        }
    }
    let rate = mean_rate(&watch.spikes, run.time()) * prep.neuron.card().per_second();
    Some(Outcome { attractor: Attractor::Open, rate: Some(rate), state: run.state().to_vec(), spikes: watch.spikes.len() })
}

/// False once V has drifted below everything the table allows, from where nothing brings it back.
pub(super) fn is_physical(prep: &Preparation, x: &[f64]) -> bool {
    prep.neuron.states().first().zip(x.first()).is_none_or(|(field, v)| *v >= field.min)
}

fn at_rest(trap: &Trap, watch: &Watch) -> Outcome {
    Outcome { attractor: Attractor::Rest, rate: Some(0.0), state: trap.rest.clone(), spikes: watch.spikes.len() }
}

fn on_cycle(prep: &Preparation, returns: &[Return], found: Recurrence, fires: bool) -> Outcome {
    #[expect(clippy::cast_precision_loss, reason = "at most some dozens of spikes in a period")]
    let rate = if fires { prep.neuron.card().per_second() * found.returns as f64 / found.period } else { 0.0 };
    Outcome {
        attractor: Attractor::Cycle { spikes: if fires { found.returns } else { 0 }, period: found.period },
        rate: Some(rate),
        state: returns.last().map(|r| r.x.clone()).unwrap_or_default(),
        spikes: if fires { returns.len() } else { 0 },
    }
}

/// True if the neuron has been quiet for much longer than between its spikes.
fn is_silent(spikes: &[Return], now: f64, dt: f64) -> bool {
    let longest = spikes.iter().zip(spikes.iter().skip(1)).map(|(a, b)| b.t - a.t).fold(0.0, f64::max);
    let since = now - spikes.last().map_or(0.0, |s| s.t);
    since > (SILENCE.0 * longest).max(f64::from(SILENCE.1) * dt)
}

/// A recurrence of the rising V, on a level in the middle of its range.
fn oscillation(watch: &mut Watch, scale: &[f64]) -> Option<Recurrence> {
    let (low, high) = (watch.low, watch.high);
    (watch.low, watch.high) = (f64::INFINITY, f64::NEG_INFINITY);
    let width = high - low;
    let middle = |part: f64| low + part * width;
    let fits = watch.level.is_some_and(|level| level > middle(0.25) && level < middle(0.75));
    if !fits {
        watch.level = Some(middle(0.5));
        watch.rises.clear();
        return None;
    }
    if width < FLAT * scale.first().copied().unwrap_or(1.0) {
        return None;
    }
    recurrence(&watch.rises, scale, 8)
}

/// A cycle: how many returns make a period, and how long it takes in the limit.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Recurrence {
    returns: usize,
    period: f64,
}

/// Looks for the shortest pattern in which the last returns recur.
fn recurrence(returns: &[Return], scale: &[f64], longest: usize) -> Option<Recurrence> {
    let last = returns.len().checked_sub(1)?;
    (1..=longest).find_map(|k| {
        // The interval before a return belongs to it, so that the very first return has none.
        let near = last.checked_sub(k).filter(|near| *near > 0)?;
        let period = returns[last].t - returns[near].t;
        let now = distance(returns, last, near, period, scale);
        if now > SAME {
            let far = near.checked_sub(k).filter(|far| *far > 0)?;
            let ratio = now / distance(returns, near, far, period, scale);
            if !(ratio < SLOW && now * (ratio / (1.0 - ratio)).max(0.1) < TOLERANCE) {
                return None;
            }
        }
        let period = limit(returns, last, k, period);
        // A pattern that alternates less and less closes on itself in pairs before it does so one by one.
        let parts = (1..k).filter(|part| k.is_multiple_of(*part) && last > *part);
        let shortest = parts.into_iter().find(|part| distance(returns, last, last - part, period, scale) < ALIKE).unwrap_or(k);
        #[expect(clippy::cast_precision_loss, reason = "at most some dozens")]
        let share = shortest as f64 / k as f64;
        Some(Recurrence { returns: shortest, period: period * share })
    })
}

/// How far two returns are apart: in their states and in the intervals before them.
fn distance(returns: &[Return], a: usize, b: usize, period: f64, scale: &[f64]) -> f64 {
    let interval = |k: usize| returns[k].t - returns[k - 1].t;
    let states = returns[a].x.iter().zip(&returns[b].x).zip(scale).map(|((a, b), s)| ((a - b) / s).abs());
    states.fold(((interval(a) - interval(b)) / period).abs(), f64::max)
}

/// The period that the last three tend to (Aitken's extrapolation), if they do so geometrically.
fn limit(returns: &[Return], last: usize, k: usize, period: f64) -> f64 {
    let at = |n: usize| last.checked_sub(n * k).map(|k| returns[k].t);
    let (Some(b), Some(c), Some(d)) = (at(1), at(2), at(3)) else { return period };
    let (newer, older) = (period - (b - c), (b - c) - (c - d));
    let ratio = newer / older;
    let correction = newer * ratio / (1.0 - ratio);
    if ratio.abs() < SLOW && correction.abs() < 1e-4 * period { period + correction } else { period }
}

/// Spikes per ms of a pattern that never recurs: over whole bursts of the second half of the run, 0 if they died out.
fn mean_rate(spikes: &[Return], now: f64) -> f64 {
    let late: Vec<f64> = spikes.iter().map(|s| s.t).filter(|t| *t > 0.5 * now).collect();
    let gaps: Vec<f64> = late.windows(2).map(|w| w[1] - w[0]).collect();
    let (short, long) = gaps.iter().fold((f64::INFINITY, 0.0_f64), |(a, b), g| (a.min(*g), b.max(*g)));
    let (Some(first), Some(last)) = (late.first(), late.last()) else { return 0.0 };
    if late.len() < 3 || now - last > SILENCE.0 * long {
        return 0.0;
    }
    // Bursts are counted from first spike to first spike.
    let border = if long > 2.5 * short { (short * long).sqrt() } else { 0.0 };
    let starts: Vec<usize> = gaps.iter().enumerate().filter(|(_, g)| **g > border).map(|(k, _)| k + 1).collect();
    let (from, to) = match (starts.first(), starts.last()) {
        (Some(a), Some(b)) if b > a => (*a, *b),
        _ => (0, late.len() - 1),
    };
    #[expect(clippy::cast_precision_loss, reason = "at most some thousand spikes")]
    let count = (to - from) as f64;
    count / (late.get(to).unwrap_or(last) - late.get(from).unwrap_or(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn returns(times: &[f64], x: &[f64]) -> Vec<Return> {
        times.iter().zip(x).map(|(t, x)| Return { t: *t, x: vec![*x] }).collect()
    }

    #[test]
    fn a_burst_of_three_recurs_after_three_spikes() {
        let times: Vec<f64> = (0..12_u8).map(|k| 50.0 * f64::from(k / 3) + [0.0, 4.0, 9.0][usize::from(k % 3)]).collect();
        let states: Vec<f64> = (0..12_u8).map(|k| f64::from(k % 3)).collect();
        assert_eq!(recurrence(&returns(&times, &states), &[1.0], 8), Some(Recurrence { returns: 3, period: 50.0 }));
    }

    #[test]
    fn a_slow_passage_is_no_cycle() {
        // x ← x + x² + ε passes a bottleneck; every step takes one unit of time.
        let mut x = -0.3;
        let mut passed = Vec::new();
        while x < 0.5 {
            passed.push(x);
            x += x * x + 1e-5;
        }
        assert!(passed.len() > 500);
        let times: Vec<f64> = passed.iter().scan(0.0, |t, _| Some(std::mem::replace(t, *t + 1.0))).collect();
        for end in 3..passed.len() {
            assert_eq!(recurrence(&returns(&times[..end], &passed[..end]), &[1.0], 1), None, "at {end}");
        }
    }

    #[test]
    fn irregular_bursts_are_counted_from_first_spike_to_first_spike() {
        let times: Vec<f64> = (0..30).flat_map(|b| (0..4).map(move |s| 100.0 * f64::from(b) + 3.0 * f64::from(s))).collect();
        let spikes = returns(&times, &vec![0.0; times.len()]);
        assert!((mean_rate(&spikes, 2_950.0) - 0.04).abs() < 1e-12);
        assert_eq!(mean_rate(&spikes, 9_000.0), 0.0, "they died out long ago");
    }
}
