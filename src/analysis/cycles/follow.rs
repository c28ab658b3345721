//! Following a branch of periodic orbits by pseudo-arclength.

use super::basis::DEGREE;
use super::correct::{Stop, correct, predicted, recorrected};
use super::mesh::{Transfer, adapt};
use super::multipliers::Multipliers;
use super::newton::Newton;
use super::space::{Cycle, Tangent, product};
use crate::analysis::family::Vector;

/// How finely branches are followed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effort {
    /// Mesh intervals of an orbit.
    pub intervals: usize,
    /// Largest step along a branch, where 1 is the size of the window.
    pub largest_step: f64,
    /// Angle in rad between the directions of neighbouring orbits that steps aim at.
    pub turn: f64,
    /// Corrections below this, in units of the window, end Newton's method.
    pub converged: f64,
    /// Points of a branch at most.
    pub most_points: usize,
    /// A branch ends where the lowest speed on an orbit is this fraction of its mean.
    pub slowest: f64,
}

impl Effort {
    /// Enough for a picture while a slider moves.
    pub const LIVE: Self = Self { intervals: 20, largest_step: 0.12, turn: 0.42, converged: 1e-4, most_points: 250, slowest: 5e-3 };
    /// For numbers that are printed.
    pub const SETTLED: Self = Self { intervals: 60, largest_step: 0.03, turn: 0.35, converged: 1e-6, most_points: 1500, slowest: 3e-6 };
}

/// A periodic orbit on a branch.
#[derive(Clone, Debug)]
pub struct Orbit {
    /// The orbit.
    pub cycle: Cycle,
    /// Direction of the branch at it.
    pub tangent: Tangent,
    /// Its Floquet multipliers.
    pub multipliers: Multipliers,
    /// Steps of Newton's method it took.
    pub iterations: usize,
    /// How far from it, in units of the window, direction and multipliers were taken: the size of the last correction.
    pub behind: f64,
}

/// Why a branch ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// The amplitude has shrunk to nothing: a Hopf point.
    Shrunk,
    /// The period has grown beyond the limit.
    LongPeriod,
    /// The range of the varied quantity has been left.
    Left,
    /// The branch has come back to where it began.
    Closed,
    /// No further orbit could be found.
    Stuck,
    /// The orbit has reached the firing level of a reset model, where the flow ends.
    Grazed,
    /// The number of points is used up.
    Limit,
}

/// Amplitude in units of the window below which a shrinking orbit is at its Hopf point.
pub const VANISHING: f64 = 0.03;
/// An orbit lingers at an equilibrium if its lowest speed is below this fraction of its mean.
pub const LINGERS: f64 = 0.03;
/// A branch on which the varied quantity changes less than this from orbit to orbit, in widths of its range, is vertical.
const CONSTANT: f64 = 1e-8;
/// An amplitude that changes by this part of a step grows.
const GROWS: f64 = 0.1;
/// Corrections of a predicted orbit below this, in units of the window, need no further one to be known as small.
const AHEAD: f64 = 1e-2;
/// A step that has shrunk by this factor is tried on a finer mesh.
const SHRUNK: f64 = 0.03;
/// Smallest step along a branch.
const SMALLEST_STEP: f64 = 1e-6;
/// Deviations may grow by this exponent within an interval of the mesh; with more a finer one is needed.
const STEEPEST: f64 = 10.0;
/// With less a coarser one will do.
const EASY: f64 = 2.5;
/// Directions agree at least so well (cosine) where their change predicts how the branch bends.
const BENDS: f64 = 0.9;
/// The finest mesh has so many times the usual number of intervals.
const FINEST: usize = 4;
/// Angle in rad between the directions of neighbouring orbits at most.
const SHARPEST: f64 = 0.55;

/// Follows a branch, orbit by orbit.
pub struct Follow<'a> {
    newton: Newton<'a>,
    here: Orbit,
    first: Orbit,
    step: f64,
    bounds: (f64, f64),
    effort: Effort,
    count: usize,
    amplitude: f64,
    largest: f64,
    vertical: usize,
    lingers: bool,
    /// By how much the mesh is finer than usual.
    fineness: usize,
    /// The direction one orbit ago, its mesh, and the step since.
    before: Option<(Tangent, Vec<f64>, f64)>,
    /// Why the branch ended, once it has.
    pub stopped: Option<Stopped>,
}

impl<'a> Follow<'a> {
    /// From an orbit in the direction of its tangent, within bounds of the varied quantity.
    pub fn new(newton: Newton<'a>, start: Orbit, step: f64, bounds: (f64, f64), effort: Effort) -> Self {
        let amplitude = amplitude(&start.cycle, newton.family.dim());
        Self {
            newton,
            first: start.clone(),
            here: start,
            step,
            bounds,
            effort,
            count: 0,
            amplitude,
            largest: 0.0,
            vertical: 0,
            lingers: false,
            fineness: 1,
            before: None,
            stopped: None,
        }
    }

    /// The next orbit. If steps must become ever smaller, the mesh is too coarse.
    fn advance(&mut self) -> Option<Orbit> {
        let step = self.step;
        loop {
            let from = self.departure();
            if let Some(orbit) = self.attempt(from) {
                return self.resolved(orbit);
            }
            self.fineness *= 2;
            if self.count <= 3 || self.fineness > FINEST {
                return None;
            }
            self.step = step;
        }
    }

    /// The last orbit on the mesh from which the next is looked for.
    fn departure(&self) -> Orbit {
        let n = self.newton.family.dim();
        let mut from = self.here.clone();
        if self.count > 3 {
            // Near an equilibrium nearly all of the period is one stretch, and the rest needs a finer mesh.
            let usual = self.effort.intervals;
            let intervals = (usual * self.fineness).max(if self.lingers { usual * 3 / 2 } else { 0 });
            adapt(&mut from.cycle, &mut from.tangent, n, intervals);
            from.tangent.normalise(&from.cycle.mesh, n);
        }
        from
    }

    /// An orbit a step from this one, or a smaller step.
    fn attempt(&mut self, from: Orbit) -> Option<Orbit> {
        let n = self.newton.family.dim();
        let bend = self.bend(&from);
        let smallest = if self.count > 3 && self.fineness < FINEST { SHRUNK * self.step } else { SMALLEST_STEP };
        loop {
            let mut along = from.tangent.clone();
            if let Some(bend) = &bend {
                along.add(bend, self.step);
            }
            let guess = predicted(&from.cycle, &along, self.step, self.newton.scales.value);
            let found = correct(&mut self.newton, guess, &from.tangent, Stop::Foreseen(AHEAD));
            let turned = found.as_ref().map_or(f64::INFINITY, |o| product(&o.tangent, &from.tangent, &from.cycle.mesh, n).clamp(-1.0, 1.0).acos());
            if let Some(orbit) = found.filter(|_| turned < SHARPEST) {
                let factor: f64 = match orbit.iterations {
                    0..=2 => 1.6,
                    3 => 1.2,
                    4 => 0.8,
                    _ => 0.5,
                };
                self.before = Some((from.tangent, from.cycle.mesh, self.step));
                self.step = (self.step * factor.min(self.effort.turn / turned)).min(self.effort.largest_step);
                return Some(orbit);
            }
            self.step *= (self.effort.turn / turned).clamp(0.4, 0.8);
            if self.step < smallest {
                return None;
            }
        }
    }

    /// Half the rate at which the direction turns along the branch, from how it has turned over the last step.
    fn bend(&self, from: &Orbit) -> Option<Tangent> {
        let n = self.newton.family.dim();
        let (before, mesh, step) = self.before.as_ref()?;
        let nodes = Transfer::new(mesh, &from.cycle.mesh).carry(&before.nodes, n);
        let mut before = Tangent { nodes, period: before.period, value: before.value };
        if product(&before, &from.tangent, &from.cycle.mesh, n) < BENDS {
            return None;
        }
        before.add(&from.tangent, -1.0);
        before.scale(-0.5 / step);
        Some(before)
    }

    /// The orbit on a mesh fine enough for it; `None` if none is.
    fn resolved(&mut self, mut orbit: Orbit) -> Option<Orbit> {
        let n = self.newton.family.dim();
        let mut steepness = self.newton.steepness(&orbit.cycle, EASY);
        if steepness < EASY {
            self.fineness = (self.fineness / 2).max(1);
        }
        while steepness > STEEPEST {
            self.fineness *= 2;
            if self.fineness > FINEST {
                return None;
            }
            adapt(&mut orbit.cycle, &mut orbit.tangent, n, self.effort.intervals * self.fineness);
            orbit = recorrected(&mut self.newton, &orbit)?;
            steepness = self.newton.steepness(&orbit.cycle, EASY);
        }
        Some(orbit)
    }

    fn ending(&mut self, orbit: &Orbit) -> Option<Stopped> {
        let n = self.newton.family.dim();
        let before = self.amplitude;
        self.amplitude = amplitude(&orbit.cycle, n);
        self.largest = self.largest.max(self.amplitude);
        if self.amplitude < before && self.count > 3 {
            if self.amplitude < VANISHING.min(0.3 * self.largest) {
                return Some(Stopped::Shrunk);
            }
            // A whole step must not carry the branch through the Hopf point to the other side.
            self.step = self.step.min(0.22 * self.amplitude);
        }
        let moved = (orbit.cycle.value - self.here.cycle.value).abs() / self.newton.scales.value;
        let slowness = slowness(&orbit.cycle, n);
        self.lingers = slowness < LINGERS;
        // Along canards the value hardly changes either, but the amplitude does.
        let grows = self.before.as_ref().is_some_and(|(_, _, step)| (self.amplitude - before).abs() > GROWS * step);
        let slows = orbit.cycle.period > self.here.cycle.period && self.lingers && !grows;
        self.vertical = if slows && moved < CONSTANT { self.vertical + 1 } else { 0 };
        if slows && (slowness < self.effort.slowest || self.vertical > 1) {
            return Some(Stopped::LongPeriod);
        }
        if self.grazes(&orbit.cycle) {
            return Some(Stopped::Grazed);
        }
        if orbit.cycle.value < self.bounds.0 || orbit.cycle.value > self.bounds.1 {
            return Some(Stopped::Left);
        }
        if self.count > 4 && self.is_back(orbit) {
            return Some(Stopped::Closed);
        }
        (self.count >= self.effort.most_points).then_some(Stopped::Limit)
    }

    /// True if a reset model would fire on the orbit.
    fn grazes(&mut self, cycle: &Cycle) -> bool {
        let family = &mut self.newton.family;
        let (n, neuron) = (family.dim(), family.neuron());
        let scales = self.newton.scales;
        let (p, _) = family.at(cycle.value);
        neuron.resets() && cycle.nodes.chunks_exact(n).any(|node| neuron.spike(&scales.model(node)[..n], p) >= 0.0)
    }

    /// True if the branch passes its first orbit again, in the same direction.
    fn is_back(&self, orbit: &Orbit) -> bool {
        let n = self.newton.family.dim();
        let near = (orbit.cycle.value - self.first.cycle.value).abs() < self.step * self.newton.scales.value
            && (orbit.cycle.period / self.first.cycle.period - 1.0).abs() < 0.5 * self.step
            && orbit.tangent.value * self.first.tangent.value > 0.0;
        near && (amplitude(&orbit.cycle, n) - amplitude(&self.first.cycle, n)).abs() < 0.5 * self.step
    }
}

impl Iterator for Follow<'_> {
    type Item = Orbit;

    fn next(&mut self) -> Option<Orbit> {
        if self.stopped.is_some() {
            return None;
        }
        self.count += 1;
        let Some(orbit) = self.advance() else {
            self.stopped = Some(Stopped::Stuck);
            return None;
        };
        self.stopped = self.ending(&orbit);
        self.here = orbit.clone();
        Some(orbit)
    }
}

/// Largest swing of any state, in units of its scale.
pub fn amplitude(cycle: &Cycle, n: usize) -> f64 {
    (0..n)
        .map(|i| {
            let values = cycle.nodes.iter().skip(i).step_by(n);
            let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(*x), b.max(*x)));
            high - low
        })
        .fold(0.0, f64::max)
}

/// Lowest speed on the orbit as a fraction of its mean speed.
pub fn slowness(cycle: &Cycle, n: usize) -> f64 {
    let node = |q: usize| &cycle.nodes[q * n..(q + 1) * n];
    let speeds = cycle.mesh.windows(2).enumerate().flat_map(|(j, ends)| {
        let h = (ends[1] - ends[0]) / DEGREE as f64;
        (0..DEGREE).map(move |k| (node(j * DEGREE + k + 1).iter().zip(node(j * DEGREE + k)).map(|(b, a)| (b - a).powi(2)).sum::<f64>().sqrt(), h))
    });
    let (mut lowest, mut length) = (f64::INFINITY, 0.0);
    for (way, h) in speeds {
        lowest = lowest.min(way / h);
        length += way;
    }
    lowest / length
}

/// The degenerate orbit at a Hopf point and the direction in which cycles leave it: `real` and `imaginary`
/// are the parts of the eigenvector, `frequency` is ω in rad/ms.
pub fn at_hopf(newton: &Newton, state: &[f64], value: f64, frequency: f64, vector: (&Vector, &Vector), intervals: usize) -> Orbit {
    let n = newton.family.dim();
    let nodes = intervals * DEGREE + 1;
    let scale = newton.scales.state;
    let mesh: Vec<f64> = (0..=intervals).map(|j| j as f64 / intervals as f64).collect();
    let mut cycle = Cycle { value, period: std::f64::consts::TAU / frequency, mesh, nodes: Vec::with_capacity(nodes * n) };
    let mut tangent = Tangent { nodes: Vec::with_capacity(nodes * n), period: 0.0, value: 0.0 };
    for q in 0..nodes {
        let (sin, cos) = (std::f64::consts::TAU * q as f64 / (nodes - 1) as f64).sin_cos();
        for i in 0..n {
            cycle.nodes.push(state[i] / scale[i]);
            tangent.nodes.push((vector.0[i] * cos - vector.1[i] * sin) / scale[i]);
        }
    }
    tangent.normalise(&cycle.mesh, n);
    Orbit { cycle, tangent, multipliers: Multipliers::default(), iterations: 0, behind: 0.0 }
}

/// An orbit from states sampled at equal times over one period, corrected at fixed `value`. `states` are rows.
pub fn from_samples(newton: &mut Newton, states: &[Vector], period: f64, value: f64, intervals: usize) -> Option<Orbit> {
    let n = newton.family.dim();
    let last = states.len().checked_sub(1).filter(|last| *last > 0)?;
    let fine = (last / DEGREE).max(1);
    let mesh: Vec<f64> = (0..=fine).map(|j| j as f64 / fine as f64).collect();
    let scale = newton.scales.state;
    let nodes: Vec<f64> = states.iter().take(fine * DEGREE + 1).flat_map(|x| (0..n).map(move |i| x[i] / scale[i])).collect();
    let mut cycle = Cycle { value, period, mesh, nodes };
    let mut tangent = Tangent { nodes: vec![0.0; cycle.nodes.len()], period: 0.0, value: 1.0 };
    adapt(&mut cycle, &mut tangent, n, intervals);
    let fixed = tangent.clone();
    let mut orbit = correct(newton, cycle, &fixed, Stop::Converged)?;
    adapt(&mut orbit.cycle, &mut orbit.tangent, n, intervals);
    correct(newton, orbit.cycle, &fixed, Stop::Converged)
}
