//! The firing patterns of reset models in a diagram: branches of k spikes, and the special points of their maps.
//!
//! Patterns are followed upward and downward over even values ([`ResetDiagram`]); what both ways find is one
//! branch. Only patterns that attract are found. Towards a special point a branch is carried on at distances that
//! shrink, so that it ends there and a period that grows without bound is seen to grow.

use super::special::{Kind, Pattern, Special};
use super::trace::diagram;
use super::{Care, Diagram};
use crate::analysis::family::{Family, MOST_STATES, Vector};
use crate::analysis::{Change, Regime, ResetDiagram, ResetPoint, SpikeCycle};

/// A firing pattern at one value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FiringPoint {
    /// The varied quantity.
    pub value: f64,
    /// Spikes of one period.
    pub spikes: usize,
    /// The period in ms; infinite so close to an onset that rounding stops the neuron.
    pub period: f64,
    /// Lowest value of each state, padded with zeros.
    pub low: Vector,
    /// Highest value of each state, padded with zeros.
    pub high: Vector,
}

/// A stable firing pattern over a stretch of values, in order; all points have the same number of spikes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FiringBranch {
    /// Its points.
    pub points: Vec<FiringPoint>,
}

/// Values at which patterns are looked for in a settled diagram. The steps between them are a prime number, so that they
/// do not fall on the round values at which models often change.
pub const FIRING_COUNT: usize = 128;
/// Part of the distance to a special point at which a branch is carried on towards it.
const TOWARDS: [f64; 6] = [0.5, 0.2, 0.05, 0.01, 1e-3, 1e-5];
/// Two patterns are one if their first resets are closer, in widths of the window.
const SAME: f64 = 1e-4;

/// The diagram of a family with the firing patterns of a reset model. `watch` is told the part that is done and may
/// end the work by returning false: what is there by then is returned.
pub fn complete(family: &Family, range: (f64, f64), care: Care, watch: &mut dyn FnMut(f64) -> bool) -> Diagram {
    /// Part of the work that the flow takes, for progress.
    const FLOW: f64 = 0.3;
    let mut found = diagram(family, range, care, &mut |_| watch(0.5 * FLOW));
    if watch(FLOW) {
        found.add_firing(firing(family, range, FIRING_COUNT, &mut |part| watch(FLOW + (1.0 - FLOW) * part)));
    }
    found
}

/// The firing patterns of a reset model at `count` values over a range, and their special points by value; both are
/// empty for smooth models. `watch` is told the part that is done and may end the work.
pub fn firing(family: &Family, range: (f64, f64), count: usize, watch: &mut dyn FnMut(f64) -> bool) -> (Vec<FiringBranch>, Vec<Special>) {
    let mut family = family.clone();
    let neuron = family.neuron();
    let over = family.over();
    let (p, i) = family.at(range.0);
    let Some(mut sweep) = ResetDiagram::new(neuron, p, i, over, range, count) else { return (Vec::new(), Vec::new()) };
    let all = sweep.rows();
    let mut ways: [Vec<(f64, Option<SpikeCycle>)>; 2] = [Vec::with_capacity(count), Vec::with_capacity(count)];
    for (done, row) in sweep.by_ref().enumerate() {
        let cycle = if let Regime::Firing(cycle) = row.regime { Some(cycle) } else { None };
        ways[usize::from(!row.upward)].push((row.value, cycle));
        #[expect(clippy::cast_precision_loss, reason = "a few hundred rows")]
        if !watch((done + 1) as f64 / all as f64) {
            break;
        }
    }
    let [up, mut down] = ways;
    down.reverse();
    // An unfinished way down lacks the lowest values.
    let missing = up.len() - down.len();
    down.splice(0..0, up.iter().take(missing).map(|(value, _)| (*value, None)));
    let scale = neuron.states().get(1).map_or(1.0, |f| f.shown.1 - f.shown.0);
    let mut runs = runs(&up, &down, SAME * scale);
    for point in sweep.points() {
        for run in &mut runs {
            carry_on(&sweep, run, point);
        }
    }
    let branches = runs.iter().map(|run| FiringBranch { points: run.iter().map(|(value, cycle)| described(&sweep, *value, cycle)).collect() });
    (branches.collect(), sweep.points().iter().map(Special::from).collect())
}

/// A pattern over consecutive values.
type Run = Vec<(f64, SpikeCycle)>;

fn first(cycle: &SpikeCycle) -> f64 {
    cycle.points.first().map_or(f64::NAN, |n| n.w)
}

/// Patterns joined from value to value as long as they keep their number of spikes on the way up or down.
fn runs(up: &[(f64, Option<SpikeCycle>)], down: &[(f64, Option<SpikeCycle>)], near: f64) -> Vec<Run> {
    let mut done: Vec<Run> = Vec::new();
    // Runs that reach the value before: on the way up, on the way down.
    let mut open: [Option<usize>; 2] = [None; 2];
    for ((value, a), (_, b)) in up.iter().zip(down) {
        let mut taken = None;
        let mut place = |ways: &[usize], cycle: &SpikeCycle| {
            let fits = |run: &usize| Some(*run) != taken && done[*run].last().is_some_and(|(_, last)| last.spikes() == cycle.spikes());
            let run = ways.iter().filter_map(|way| open[*way]).find(fits).unwrap_or(done.len());
            if run == done.len() {
                done.push(Run::new());
            }
            done[run].push((*value, cycle.clone()));
            taken = Some(run);
            run
        };
        open = match (a, b) {
            (Some(a), Some(b)) if a.spikes() == b.spikes() && (first(a) - first(b)).abs() <= near => [Some(place(&[0, 1], a)); 2],
            _ => [a.as_ref().map(|a| place(&[0], a)), b.as_ref().map(|b| place(&[1], b))],
        };
    }
    done
}

/// Carries a run that ends beside a special point on towards it.
fn carry_on(sweep: &ResetDiagram, run: &mut Run, point: &ResetPoint) {
    let step = sweep.step();
    for end in [0, 1] {
        let Some((value, cycle)) = (if end == 0 { run.first() } else { run.last() }).cloned() else { return };
        let gap = point.value - value;
        let outward = if end == 0 { gap < 0.0 } else { gap > 0.0 };
        // The pattern that ends has this many spikes on its own side.
        let ends_here = point.spikes[1 - end] == Some(cycle.spikes());
        if !outward || !ends_here || gap.abs() > 1.001 * step {
            continue;
        }
        let mut last = cycle;
        for part in TOWARDS {
            let value = point.value - part * gap;
            let Some(next) = sweep.pattern_at(value, &last).filter(|next| next.spikes() == last.spikes()) else { break };
            last = next.clone();
            let place = if end == 0 { 0 } else { run.len() };
            run.insert(place, (value, next));
        }
    }
}

fn described(sweep: &ResetDiagram, value: f64, cycle: &SpikeCycle) -> FiringPoint {
    let (low, high) = sweep.extent(value, cycle);
    FiringPoint { value, spikes: cycle.spikes(), period: cycle.period(), low: padded(&low), high: padded(&high) }
}

fn padded(x: &[f64]) -> Vector {
    let mut state = [0.0; MOST_STATES];
    state.iter_mut().zip(x).for_each(|(to, x)| *to = *x);
    state
}

impl From<&ResetPoint> for Special {
    fn from(point: &ResetPoint) -> Self {
        let period = point.period.unwrap_or(f64::INFINITY);
        let kind = match point.change {
            Change::FiringOnset => Kind::FiringOnset,
            Change::SpikeCountBorder => Kind::SpikeCountBorder { period },
            Change::CycleFold => Kind::CycleFold { period, canard: false, both_unstable: false },
            Change::PeriodDoubling => Kind::PeriodDoubling { period },
        };
        let pattern = Some(Pattern { how: point.how, spikes: point.spikes });
        Self { kind, value: point.value, state: padded(&point.state), error: point.error_estimate, pattern }
    }
}

impl Diagram {
    /// Adds the firing patterns of a reset model with their special points. An onset that is a fold of equilibria is
    /// listed once, as a fold on an invariant circle: the circle closes through the reset.
    pub fn add_firing(&mut self, (branches, points): (Vec<FiringBranch>, Vec<Special>)) {
        self.firing = branches;
        let width = self.scales.value;
        for point in points {
            let near = |known: &&mut Special| (known.value - point.value).abs() <= 1e-7 * width + known.error + point.error;
            let fold = self.special.iter_mut().filter(|s| s.kind == Kind::SaddleNode).find(near);
            match fold {
                Some(fold) if point.kind == Kind::FiringOnset => {
                    fold.kind = Kind::SaddleNodeOnCircle;
                    fold.pattern = point.pattern;
                }
                _ => self.special.push(point),
            }
        }
        self.special.sort_by(|a, b| a.value.total_cmp(&b.value));
    }
}
