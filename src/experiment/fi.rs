//! The f–I curve: what a neuron does for good at each current of a grid.
//!
//! Three readings at each current: from the start state with the current on from t = 0; with the attractor followed
//! up the grid; and followed down. The two sweeps begin at their end of the grid in the start state. Points are
//! independent and sweeps are chains, so that two threads share the points and then take a sweep each; the numbers
//! are the same with any number of threads. Cost: a few ms a point (see [`settle`](super::settle())).

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::follow::Sweep;
use super::onset::{self, Onset};
use super::settle::{Effort, Outcome, settle};
use super::{GoOn, Preparation};

/// Evenly spaced currents, both ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// The lowest.
    pub from: f64,
    /// The highest.
    pub to: f64,
    /// How many, at least two.
    pub count: usize,
}

impl Span {
    /// The k-th current.
    #[must_use]
    pub fn at(&self, k: usize) -> f64 {
        let last = self.count.saturating_sub(1).max(1);
        if k == last {
            return self.to;
        }
        #[expect(clippy::cast_precision_loss, reason = "at most a million points")]
        let part = k as f64 / last as f64;
        self.from + (self.to - self.from) * part
    }
}

/// What was found at one current; rates in Hz (per unit time where dimensionless).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// The current.
    pub current: f64,
    /// Steady rate from the start state; `None` if the run cannot go on.
    pub rate: Option<f64>,
    /// Steady rate with the attractor followed up to here.
    pub rate_up: Option<f64>,
    /// Steady rate with the attractor followed down to here.
    pub rate_down: Option<f64>,
    /// Frequency of the stable cycle, also where it stays below the spike level; `None` where none was met.
    pub cycle_frequency: Option<f64>,
    /// True if the run from the start state fired and then fell silent.
    pub is_transient: bool,
    /// True if the run from the start state was made.
    pub is_measured: bool,
}

/// A measured curve.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    /// One per current.
    pub points: Vec<Point>,
    /// Where firing begins, and how; `None` if that was left out.
    pub onset: Option<Onset>,
    /// True if it was stopped before all was measured: the readings not taken are `None`.
    pub is_interrupted: bool,
}

/// A sweep along the grid: its readings, and the state where it first (or last) fires.
pub(super) struct Chain {
    readings: Vec<Reading>,
    /// The lowest current of the grid at which it fires, with what it does there.
    pub lowest: Option<(usize, Outcome)>,
    /// What it does at the current below.
    pub below: Option<Outcome>,
}

#[derive(Clone, Copy)]
struct Reading {
    rate: Option<f64>,
    frequency: Option<f64>,
    spikes: usize,
}

/// The readings from the start state.
#[derive(Default)]
pub(super) struct Fresh {
    readings: Vec<(usize, Reading)>,
    /// The lowest current of the grid at which it fires, with what it does there.
    pub lowest: Option<(usize, Outcome)>,
}

impl Fresh {
    fn take(&mut self, prep: &Preparation, k: usize, outcome: Outcome) {
        self.readings.push((k, reading(prep, &outcome)));
        if outcome.fires() && self.lowest.as_ref().is_none_or(|(lowest, _)| k < *lowest) {
            self.lowest = Some((k, outcome));
        }
    }

    fn join(mut self, other: Self) -> Self {
        self.readings.extend(other.readings);
        let both = [self.lowest, other.lowest].into_iter().flatten();
        self.lowest = both.min_by_key(|(k, _)| *k);
        self
    }

    /// True if somewhere spikes were fired, for good or not.
    pub fn has_spikes(&self) -> bool {
        self.readings.iter().any(|(_, reading)| reading.spikes > 0)
    }
}

/// Measures the curve on up to `threads` threads. `watch` is told the fraction done now and then, and stops the work by
/// returning false; `part` is shown the curve when its points, and again when its sweeps are measured.
#[must_use]
pub fn curve(
    prep: &Preparation,
    span: Span,
    effort: Effort,
    threads: usize,
    watch: &(dyn Fn(f64) -> bool + Sync),
    part: &mut dyn FnMut(&Curve),
) -> Curve {
    let done = AtomicUsize::new(0);
    let go_on = || watch(fraction(done.load(Ordering::Relaxed), 3 * span.count));
    let fresh = points(prep, span, effort, threads, &go_on, &done);
    let mut found = Curve { points: gather(span, &fresh), onset: None, is_interrupted: fresh.readings.len() < span.count };
    let Some(border) = effort.border.filter(|_| !found.is_interrupted) else { return found };
    part(&found);
    let sweep = |upward: bool| chain(prep, span, upward, effort, &go_on, &done);
    let (up, down) = if threads < 2 { (sweep(true), sweep(false)) } else { together(|| sweep(true), || sweep(false)) };
    merge(&mut found.points, &up, true);
    merge(&mut found.points, &down, false);
    found.is_interrupted = [&up, &down].into_iter().any(|chain| chain.readings.len() < span.count);
    if !found.is_interrupted {
        part(&found);
        found.onset = onset::find(prep, span, &fresh, (&up, &down), (effort.at_border(), border), &go_on);
        found.is_interrupted = found.onset.is_none();
    }
    found
}

/// The readings from the start state, in no order: the currents that were reached.
fn points(prep: &Preparation, span: Span, effort: Effort, threads: usize, go_on: GoOn, done: &AtomicUsize) -> Fresh {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut mine = Fresh::default();
        loop {
            let k = next.fetch_add(1, Ordering::Relaxed);
            if k >= span.count {
                return mine;
            }
            let Some(outcome) = settle(prep, span.at(k), &prep.start, effort, go_on) else { return mine };
            mine.take(prep, k, outcome);
            done.fetch_add(1, Ordering::Relaxed);
        }
    };
    if threads < 2 {
        return work();
    }
    let (mine, other) = together(work, work);
    mine.join(other)
}

/// Does both at the same time.
fn together<T: Send>(one: impl FnOnce() -> T, other: impl FnOnce() -> T + Send) -> (T, T) {
    thread::scope(|scope| {
        let other = scope.spawn(other);
        let one = one();
        // A panic on the other thread goes on in this one, where the caller's guard waits for it.
        (one, other.join().unwrap_or_else(|payload| std::panic::resume_unwind(payload)))
    })
}

fn fraction(done: usize, all: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "at most some millions of points")]
    let part = done as f64 / all.max(1) as f64;
    // What follows the points (the onset) takes its time too.
    0.9 * part
}

/// One sweep over the whole grid.
fn chain(prep: &Preparation, span: Span, upward: bool, effort: Effort, go_on: GoOn, done: &AtomicUsize) -> Chain {
    let mut chain = Chain { readings: Vec::new(), lowest: None, below: None };
    let place = |step: usize| if upward { step } else { span.count - 1 - step };
    let mut last = None;
    let sweep = Sweep::new(prep, (0..span.count).map(|step| span.at(place(step))), effort, go_on);
    for (step, outcome) in sweep.enumerate() {
        chain.readings.push(reading(prep, &outcome));
        let is_lower = chain.lowest.as_ref().is_none_or(|(k, _)| place(step) < *k);
        if outcome.fires() && is_lower {
            chain.below = if upward { last.take() } else { None };
            chain.lowest = Some((place(step), outcome.clone()));
        }
        last = Some(outcome);
        done.fetch_add(1, Ordering::Relaxed);
    }
    chain
}

fn reading(prep: &Preparation, outcome: &Outcome) -> Reading {
    Reading { rate: outcome.rate, frequency: outcome.frequency(prep.neuron.card().per_second()), spikes: outcome.spikes }
}

fn gather(span: Span, fresh: &Fresh) -> Vec<Point> {
    let mut points: Vec<Point> = (0..span.count).map(|k| Point { current: span.at(k), ..Point::default() }).collect();
    for (k, reading) in &fresh.readings {
        if let Some(point) = points.get_mut(*k) {
            point.is_measured = true;
            point.rate = reading.rate;
            point.cycle_frequency = reading.frequency;
            point.is_transient = reading.spikes > 0 && reading.rate == Some(0.0);
        }
    }
    points
}

fn merge(points: &mut [Point], chain: &Chain, upward: bool) {
    let last = points.len().saturating_sub(1);
    for (step, reading) in chain.readings.iter().enumerate() {
        let Some(point) = points.get_mut(if upward { step } else { last.saturating_sub(step) }) else { return };
        *(if upward { &mut point.rate_up } else { &mut point.rate_down }) = reading.rate;
        point.cycle_frequency = point.cycle_frequency.or(reading.frequency);
    }
}
