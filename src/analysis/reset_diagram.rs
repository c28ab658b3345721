//! Bifurcation diagram of models with a reset, over one parameter.
//!
//! For each value, upward and then downward, the attractor is followed from the one before: a pattern of k spikes
//! by Newton's method on the k-th iterate of the spike map, or, where it has gone, by iterating from its last
//! reset; rest by the orbit from its last place. Following both ways shows where rest and firing coexist; it
//! shows attractors that are reached, not all there are. Where the pattern changes between two values the change
//! is bracketed by bisection and named by what happens there: the multiplier of the pattern passes +1
//! (`cycle_fold`) or −1 (`period_doubling`), firing ends (`firing_onset`), or another
//! number of spikes takes over, as where a reset crosses a steep or torn part of the map (`spike_count_border`;
//! its sentence tells the multiplier: Touboul and Brette 2009, doi 10.1137/080742762). Cost: about k/10 ms a value, some ms to
//! some hundred ms a point. Between two values several changes may hide: then one of them is found.

use super::family::Over;
use super::spike_map::{Attractor, SpikeCycle};
use crate::model::Dynamics;

mod refine;
mod settle;

use settle::Setting;

/// What the neuron does for ever.
#[derive(Clone, Debug, PartialEq)]
pub enum Regime {
    /// It rests in this state, or oscillates below threshold round it.
    Rest(Vec<f64>),
    /// It fires a periodic pattern.
    Firing(SpikeCycle),
    /// It fires without a period that was found: some values of the second state after resets.
    Irregular(Vec<f64>),
    /// It could not be said.
    Unknown,
}

impl Regime {
    /// Spikes of one period; 0 at rest.
    #[must_use]
    pub fn spikes(&self) -> Option<usize> {
        match self {
            Self::Rest(_) => Some(0),
            Self::Firing(cycle) => Some(cycle.spikes()),
            Self::Irregular(_) | Self::Unknown => None,
        }
    }

    /// Values of the second state right after resets, in order of the spikes.
    #[must_use]
    pub fn resets(&self) -> Vec<f64> {
        match self {
            Self::Firing(cycle) => cycle.points.iter().map(|n| n.w).collect(),
            Self::Irregular(w) => w.clone(),
            Self::Rest(_) | Self::Unknown => Vec::new(),
        }
    }

    /// Spikes per ms (per unit time where dimensionless); 0 at rest.
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        match self {
            Self::Rest(_) => Some(0.0),
            #[expect(clippy::cast_precision_loss, reason = "a few spikes")]
            Self::Firing(cycle) => Some(cycle.spikes() as f64 / cycle.period()),
            Self::Irregular(_) | Self::Unknown => None,
        }
    }

    fn from_attractor(attractor: Attractor, rest: impl FnOnce() -> Vec<f64>) -> Self {
        match attractor {
            Attractor::Cycle(cycle) => Self::Firing(cycle),
            Attractor::Rest { .. } => Self::Rest(rest()),
            Attractor::Irregular(w) => Self::Irregular(w),
            Attractor::Unknown => Self::Unknown,
        }
    }
}

/// The diagram at one value.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Value of the parameter.
    pub value: f64,
    /// True on the way up.
    pub upward: bool,
    /// What the neuron does there, having come from the value before.
    pub regime: Regime,
}

/// What happens at a special point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Sustained firing begins or ends.
    FiringOnset,
    /// The pattern gives way to one of another number of spikes, not twice or half as many.
    SpikeCountBorder,
    /// The pattern meets an unstable one: its multiplier passes +1.
    CycleFold,
    /// The pattern gives way to one of twice as many spikes: its multiplier passes −1.
    PeriodDoubling,
}

impl Change {
    /// The id used in JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::FiringOnset => "firing_onset",
            Self::SpikeCountBorder => "spike_count_border",
            Self::CycleFold => "cycle_fold",
            Self::PeriodDoubling => "period_doubling",
        }
    }
}

/// A value at which the pattern changes.
#[derive(Clone, Debug, PartialEq)]
pub struct ResetPoint {
    /// What happens.
    pub change: Change,
    /// One sentence on how.
    pub how: &'static str,
    /// Value of the parameter.
    pub value: f64,
    /// Half of the bracket, with the error of integration.
    pub error_estimate: f64,
    /// The state right after the reset with the lowest second state; at rest on the threshold, that state.
    pub state: Vec<f64>,
    /// Period of the pattern that ends here, in ms; `None` where it grows without bound.
    pub period: Option<f64>,
    /// Spikes of the pattern on the lower and on the upper side, 0 at rest, `None` if irregular.
    pub spikes: [Option<usize>; 2],
}

/// The diagram, row by row: upward over all values, then downward. Special points gather as rows are drawn.
pub struct ResetDiagram<'a> {
    setting: Setting<'a>,
    values: Vec<f64>,
    next: usize,
    last: Option<Row>,
    points: Vec<ResetPoint>,
}

impl<'a> ResetDiagram<'a> {
    /// Over `count` values from one end to the other, both included; `None` for models without a reset or of more
    /// than two states, and for an empty range.
    #[must_use]
    pub fn new(neuron: &'a dyn Dynamics, p: &[f64], i: f64, over: Over, (from, to): (f64, f64), count: usize) -> Option<Self> {
        let known = !matches!(over, Over::Parameter(index) if index >= p.len());
        // What fires by chance has no pattern to follow.
        if !neuron.resets()
            || neuron.chance().is_some()
            || neuron.dim() > 2
            || !known
            || count < 2
            || from.partial_cmp(&to) != Some(std::cmp::Ordering::Less)
        {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "counts are small")]
        let values = (0..count).map(|k| from + (to - from) * k as f64 / (count - 1) as f64).collect();
        Some(Self { setting: Setting { neuron, p: p.to_vec(), i, over }, values, next: 0, last: None, points: Vec::new() })
    }

    /// The special points found so far, by value.
    #[must_use]
    pub fn points(&self) -> &[ResetPoint] {
        &self.points
    }

    /// The pattern with as many spikes as `near` has, close to it, at another value; `None` if it is not there or
    /// not stable.
    #[must_use]
    pub fn pattern_at(&self, value: f64, near: &SpikeCycle) -> Option<SpikeCycle> {
        self.setting.same_cycle(value, near).filter(SpikeCycle::is_stable)
    }

    /// Lowest and highest value of each state over a pattern that was found at `value`.
    #[must_use]
    pub fn extent(&self, value: f64, cycle: &SpikeCycle) -> (Vec<f64>, Vec<f64>) {
        self.setting.extent(value, cycle)
    }

    /// From one value to the next.
    #[must_use]
    pub fn step(&self) -> f64 {
        self.values.get(1).zip(self.values.first()).map_or(0.0, |(b, a)| b - a)
    }

    /// Rows in all, for progress.
    #[must_use]
    pub fn rows(&self) -> usize {
        2 * self.values.len()
    }

    fn note(&mut self, point: ResetPoint) {
        let span = self.values.last().copied().unwrap_or(1.0) - self.values.first().copied().unwrap_or(0.0);
        let near =
            |p: &ResetPoint| p.change == point.change && (p.value - point.value).abs() <= 1e-6 * span + p.error_estimate + point.error_estimate;
        if !self.points.iter().any(near) {
            let place = self.points.partition_point(|p| p.value < point.value);
            self.points.insert(place, point);
        }
    }
}

impl Iterator for ResetDiagram<'_> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        let count = self.values.len();
        let upward = self.next < count;
        let index = if upward { self.next } else { (2 * count).checked_sub(self.next + 1)? };
        let value = *self.values.get(index)?;
        // The way down begins with firing, if there is any, whatever the way up ended with.
        let before = self.last.as_ref().filter(|row| row.upward == upward);
        let regime = match before {
            Some(row) => self.setting.follow(value, &row.regime),
            None => self.setting.begin(value, !upward),
        };
        let found = before.and_then(|row| self.setting.change(row, value, &regime));
        if let Some(point) = found {
            self.note(point);
        }
        let row = Row { value, upward, regime };
        self.next += 1;
        self.last = Some(row.clone());
        Some(row)
    }
}
