//! Which side of the threshold a state is on: basins of attraction in the plane.
//!
//! Two attractors of a planar flow are parted by the stable manifold of a saddle or by an unstable cycle; where there
//! is neither, no threshold is sharp, however steep the answer of an excitable neuron may be (FitzHugh 1955, Bull
//! Math Biophys 17:257, doi 10.1007/BF02477753: a quasi-threshold). The border is the curve itself, closed along the
//! frame, not a raster of trial runs. That it parts two fates is read from the two halves of the saddle's unstable
//! manifold, which lie on either side, or from an orbit on either side of the cycle. Cost: a few ms at most.

use super::equilibria::FixedPoint;
use super::manifolds::{Fate, Frame, MARGIN, Manifolds, manifolds};
use super::orbit::{End, Limits, Manner, Orbit, System};
use super::planar_cycles::{PlanarCycle, planar_cycles};
use super::trap::Trap;
use crate::model::Dynamics;

/// What parts rest from firing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threshold {
    /// The stable manifold of a saddle.
    Separatrix,
    /// An unstable cycle.
    UnstableCycle,
    /// Nothing: there is rest, but no sharp border.
    Quasi,
    /// Nothing to part: no equilibrium below threshold is stable.
    NoRest,
}

/// What becomes of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It comes to the equilibrium of this number.
    Rest(usize),
    /// It comes to a cycle.
    Cycle,
    /// It spikes, in a reset model.
    Spike,
    /// Not told within the steps allowed.
    Unknown,
}

/// The basin of an equilibrium beside another attractor or a spike.
#[derive(Clone, Debug, PartialEq)]
pub struct Basin {
    /// A closed polygon; beyond the frame it means nothing.
    pub border: Vec<[f64; 2]>,
    /// True if the basin is inside the polygon, false if outside.
    pub is_inside: bool,
    /// The equilibrium.
    pub rest: usize,
    /// What the states on the other side do.
    pub beyond: Outcome,
}

impl Basin {
    /// The smallest change of the first state, signed, that takes a neuron at `rest` over the border; none if that is not within the
    /// range `window` of this state.
    #[must_use]
    pub fn push(&self, rest: &[f64; 2], window: (f64, f64)) -> Option<f64> {
        let next = self.border.iter().cycle().skip(1);
        let crossed = self.border.iter().zip(next).filter(|(a, b)| (a[1] > rest[1]) != (b[1] > rest[1]));
        let places = crossed.map(|(a, b)| a[0] + (rest[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0]));
        places.filter(|v| (window.0..=window.1).contains(v)).map(|v| v - rest[0]).min_by(|a, b| a.abs().total_cmp(&b.abs()))
    }

    /// True if the state belongs to it.
    #[must_use]
    pub fn holds(&self, x: &[f64; 2]) -> bool {
        encloses(&self.border, x) == self.is_inside
    }
}

/// Manifolds, cycles, and what they part.
#[derive(Clone, Debug, PartialEq)]
pub struct Portrayal {
    /// Of every saddle below threshold.
    pub manifolds: Vec<Manifolds>,
    /// Stable and unstable.
    pub cycles: Vec<PlanarCycle>,
    /// The basin of rest, where it has a sharp border in the frame.
    pub basin: Option<Basin>,
    /// What parts rest from firing.
    pub threshold: Threshold,
}

/// Everything there is to draw in the plane of a model of two states; `None` for others.
#[must_use]
pub fn portray(neuron: &dyn Dynamics, p: &[f64], i: f64, points: &[FixedPoint], frame: &Frame) -> Option<Portrayal> {
    let system = System::<2>::new(neuron, p, i)?;
    let manifolds = manifolds(&system, points, frame);
    let cycles = planar_cycles(&system, points, REACH);
    let basin = by_cycle(&system, points, &cycles).or_else(|| by_separatrix(&system, points, &manifolds, frame));
    let rests = points.iter().any(|p| p.kind.is_stable() && !p.is_virtual);
    let cycle = |c: &PlanarCycle| !c.is_stable() && points.get(c.around).is_some_and(|p| p.kind.is_stable());
    let parting = |m: &Manifolds| m.unstable.iter().any(|b| matches!(b.fate, Fate::Point(_)));
    let threshold = if !rests {
        Threshold::NoRest
    } else if cycles.iter().any(cycle) {
        Threshold::UnstableCycle
    } else if manifolds.iter().any(parting) || neuron.resets() {
        Threshold::Separatrix
    } else {
        Threshold::Quasi
    };
    Some(Portrayal { manifolds, cycles, basin, threshold })
}

/// Cycles are looked for within so many window widths of the model from what they enclose.
const REACH: f64 = 2.0;

/// An unstable cycle round a stable equilibrium.
fn by_cycle(system: &System<2>, points: &[FixedPoint], cycles: &[PlanarCycle]) -> Option<Basin> {
    let parts = |c: &&PlanarCycle| !c.is_stable() && points.get(c.around).is_some_and(|p| p.kind.is_stable());
    let cycle = cycles.iter().find(parts)?;
    // A state a little outside tells what lies there.
    let center = &points.get(cycle.around)?.state;
    let edge = cycle.line.first()?;
    let out = [edge[0] + 0.02 * (edge[0] - center[0]), edge[1] + 0.02 * (edge[1] - center[1])];
    let beyond = outcome(system, points, out);
    let differs = beyond != Outcome::Unknown && beyond != Outcome::Rest(cycle.around);
    differs.then(|| Basin { border: cycle.line.clone(), is_inside: true, rest: cycle.around, beyond })
}

/// A saddle whose unstable manifold leads to rest on one side and elsewhere on the other.
fn by_separatrix(system: &System<2>, points: &[FixedPoint], manifolds: &[Manifolds], frame: &Frame) -> Option<Basin> {
    manifolds.iter().find_map(|m| {
        let fates = [m.unstable[0].fate, m.unstable[1].fate];
        let rest_of = |fate: Fate| if let Fate::Point(k) = fate { Some(k) } else { None };
        let (rest, other) = match (rest_of(fates[0]), rest_of(fates[1])) {
            (None, Some(rest)) => (rest, fates[0]),
            (Some(rest), None) => (rest, fates[1]),
            (Some(a), Some(b)) if a != b => (a.min(b), Fate::Point(a.max(b))),
            _ => return None,
        };
        let beyond = match other {
            Fate::Point(k) => Outcome::Rest(k),
            Fate::Winds => Outcome::Cycle,
            Fate::Spikes => Outcome::Spike,
            Fate::Leaves | Fate::Unknown => return None,
        };
        if m.stable.iter().any(|half| half.fate != Fate::Leaves) {
            return None;
        }
        let mut border: Vec<[f64; 2]> = m.stable[0].line.iter().rev().chain(m.stable[1].line.iter().skip(1)).copied().collect();
        let (last, first) = (*border.last()?, *border.first()?);
        border.extend(round_the_frame(frame, last, first));
        let state = points.get(rest)?.state.as_slice();
        let [v, w] = *state else { return None };
        let is_inside = encloses(&border, &[v, w]);
        let basin = Basin { border, is_inside, rest, beyond };
        // The other half of the unstable manifold starts on the other side.
        let [a, b] = m.departures.unstable;
        (basin.holds(&a) != basin.holds(&b) && system.length(&[a[0] - b[0], a[1] - b[1]]) > 0.0).then_some(basin)
    })
}

/// The corners of the frame, margin included, passed on the way from one place beyond it to another, always
/// turning the same way.
fn round_the_frame(frame: &Frame, from: [f64; 2], to: [f64; 2]) -> Vec<[f64; 2]> {
    let reach = 1.01 + 2.0 * MARGIN;
    let part = |x: &[f64; 2], k: usize| {
        let (low, high) = frame.window[k];
        (2.0 * (x[k] - low) / (high - low) - 1.0) / reach
    };
    // Place along the border, 0 to 4, of the direction in which a point lies.
    let place = |x: &[f64; 2]| {
        let (a, b) = (part(x, 0), part(x, 1));
        if a.abs() >= b.abs() {
            if a > 0.0 { (0.5 * (b / a) + 0.5).clamp(0.0, 1.0) } else { 2.0 + (0.5 * (b / a) + 0.5).clamp(0.0, 1.0) }
        } else if b > 0.0 {
            1.0 + (0.5 - 0.5 * (a / b)).clamp(0.0, 1.0)
        } else {
            3.0 + (0.5 - 0.5 * (a / b)).clamp(0.0, 1.0)
        }
    };
    let corner = |k: u32| {
        let (a, b) = [(1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0)][(k % 4) as usize];
        let at = |k: usize, side: f64| {
            let (low, high) = frame.window[k];
            low + 0.5 * (1.0 + side * 4.0 * reach) * (high - low)
        };
        [at(0, a), at(1, b)]
    };
    let (start, end) = (place(&from), place(&to));
    let end = if end <= start { end + 4.0 } else { end };
    (0..8).filter(|k| f64::from(*k) + 1.0 > start && f64::from(*k) + 1.0 < end).map(corner).collect()
}

/// What becomes of a state, by following it.
#[must_use]
pub fn outcome(system: &System<2>, points: &[FixedPoint], x: [f64; 2]) -> Outcome {
    let traps: Vec<(usize, Trap)> = points.iter().enumerate().filter_map(|(k, p)| Some((k, Trap::around(system, p, false)?))).collect();
    let resets = system.neuron().resets();
    let section = system.spike_section();
    let mut orbit = Orbit::new(system, x, Manner::default());
    let mut found = Outcome::Unknown;
    let mut turns = 0;
    let end = orbit.run(resets.then_some(&section), Limits { steps: 6000, time: f64::INFINITY }, |orbit| {
        let x = orbit.at().x;
        if let Some((k, _)) = traps.iter().find(|(_, trap)| trap.holds(&x)) {
            found = Outcome::Rest(*k);
            return false;
        }
        turns += u32::from(orbit.direction_before()[0] > 0.0 && orbit.direction()[0] <= 0.0);
        true
    });
    match end {
        End::Section => Outcome::Spike,
        End::Budget if turns > 20 => Outcome::Cycle,
        _ => found,
    }
}

/// True if the point lies inside the polygon, by counting edges to its left.
pub(super) fn encloses(border: &[[f64; 2]], x: &[f64; 2]) -> bool {
    let next = border.iter().cycle().skip(1);
    let crossed = border
        .iter()
        .zip(next)
        .filter(|(a, b)| (a[1] > x[1]) != (b[1] > x[1]) && x[0] < a[0] + (b[0] - a[0]) * (x[1] - a[1]) / (b[1] - a[1]))
        .count();
    crossed % 2 == 1
}
