//! Cycles that no other start leads to: those of branches that meet no Hopf point and that the running model does not show.
//!
//! In the plane return maps find the cycles at a value. They are looked for at values spread over the range, one at least between any
//! two special points of what is known by then; each cycle that lies on no branch is corrected and followed both ways. Missed
//! can be a branch that is narrower than the spacing and lies beside all special points.

use super::trace::Tracer;
use super::{CycleBranch, Diagram, Ending};
use crate::analysis::cycles::{Newton, Orbit, Scales, between, extent, returning};
use crate::analysis::family::Vector;
use crate::analysis::{PlanarCycle, System, equilibria, rough_planar_cycles};

/// Values are so far apart at most, in widths of the range.
const SPACING: f64 = 1.0 / 16.0;
/// Between special points that are closer than this nothing is looked for.
const NARROW: f64 = 1e-3;
/// Cycles are looked for within so many window widths of the model.
const REACH: f64 = 2.0;
/// Looks of one cycle differ by no more than this if it was found roughly or between the orbits of a branch, and by no more than
/// that if both are exact.
const SIMILAR: f64 = 0.01;
const SAME: f64 = 1e-3;
/// A stretch of a branch may pass through a cycle if what lies straight between its ends differs by no more than this.
const NEAR: f64 = 0.3;

/// What cycles are compared by: the logarithm of the period, and lowest and highest value of the first two states in window widths.
type Looks = [f64; 5];

impl Tracer<'_, '_> {
    /// Branches through cycles of a smooth model of the plane that lie on none yet; false if the watcher has had enough.
    pub fn add_isolated(&mut self) -> bool {
        if self.newton.family.dim() != 2 || self.newton.family.neuron().resets() {
            return true;
        }
        values(self.diagram).into_iter().all(|value| {
            let cycles = if self.goes_on() { cycles(&self.newton, value) } else { return false };
            cycles.iter().all(|cycle| self.add_through(cycle, value))
        })
    }

    /// The branch through a cycle that was found at a value, if it is not there yet; false if the watcher has had enough.
    fn add_through(&mut self, cycle: &PlanarCycle, value: f64) -> bool {
        let scales = self.newton.scales;
        let found = looks(cycle.period, &[0, 1].map(|state| cycle.range(state)), &scales);
        if passes(self.diagram, value, &found, SIMILAR) {
            return true;
        }
        let same = |orbit: &Orbit| apart(&orbit_looks(orbit, 2, &scales), &found) < SIMILAR;
        let Some(orbit) = self.corrected(cycle, value).filter(same) else { return true };
        if self.is_known(&orbit) {
            return true;
        }
        let known = |diagram: &Diagram, orbit: &Orbit| passes(diagram, orbit.cycle.value, &orbit_looks(orbit, 2, &scales), SAME);
        let (orbits, ends) = self.both_ways(orbit, &known);
        self.add(orbits, ends)
    }

    fn corrected(&mut self, cycle: &PlanarCycle, value: f64) -> Option<Orbit> {
        let dt = self.newton.family.neuron().card().dt;
        let [v, w] = *cycle.line.first()?;
        let mut start = Vector::default();
        start[..2].copy_from_slice(&[v, w]);
        returning(&mut self.newton, &start, cycle.period, value, (dt, !cycle.is_stable()), self.care.effort().intervals)
    }

    /// True if a branch passes through the orbit.
    pub fn is_known(&mut self, orbit: &Orbit) -> bool {
        let (value, scales, n) = (orbit.cycle.value, self.newton.scales, self.newton.family.dim());
        let wanted = orbit_looks(orbit, n, &scales);
        if passes(self.diagram, value, &wanted, SIMILAR) {
            return true;
        }
        // Where a branch bends much from one orbit to the next, it is compared at the very value.
        let mut stretches = self.diagram.cycles.iter().flat_map(|branch| stretches(branch, value, &scales));
        stretches.any(|([a, b], straight)| {
            apart(&straight, &wanted) < NEAR
                && between(&mut self.newton, a, b, |o| o.cycle.value - value)
                    .is_some_and(|(o, _)| apart(&orbit_looks(&o, n, &scales), &wanted) < SAME)
        })
    }
}

/// Values at which to look: so many between each two special points or ends of branches that they are nowhere far apart.
fn values(diagram: &Diagram) -> Vec<f64> {
    let (low, high) = diagram.range;
    let marks = diagram.rests.iter().flat_map(|branch| &branch.marks).map(|mark| mark.value);
    let ends = diagram.cycles.iter().flat_map(|branch| branch.orbits.first().into_iter().chain(branch.orbits.last())).map(|o| o.cycle.value);
    let mut cuts: Vec<f64> = marks.chain(diagram.special.iter().map(|s| s.value)).chain(ends).filter(|v| *v > low && *v < high).collect();
    cuts.extend([low, high]);
    cuts.sort_by(f64::total_cmp);
    let mut values = Vec::new();
    for pair in cuts.windows(2) {
        let share = (pair[1] - pair[0]) / (high - low);
        if share > NARROW {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most one over the spacing")]
            let count = (share / SPACING).ceil() as u32;
            values.extend((0..count).map(|k| pair[0] + (f64::from(k) + 0.5) / f64::from(count) * (pair[1] - pair[0])));
        }
    }
    values
}

/// The cycles at a value, roughly.
fn cycles(newton: &Newton, value: f64) -> Vec<PlanarCycle> {
    let mut family = newton.family.clone();
    let neuron = family.neuron();
    let (p, current) = family.at(value);
    let rests = equilibria(neuron, p, current);
    let system = System::<2>::new(neuron, p, current).filter(|_| !rests.degenerate);
    system.map_or_else(Vec::new, |system| rough_planar_cycles(&system, &rests.points, REACH))
}

/// True if a branch passes a cycle of these looks at this value.
fn passes(diagram: &Diagram, value: f64, wanted: &Looks, near: f64) -> bool {
    let scales = &diagram.scales;
    diagram
        .cycles
        .iter()
        .any(|branch| stretches(branch, value, scales).any(|(_, looks)| apart(&looks, wanted) < near) || grows_to(branch, value, wanted, scales))
}

/// True for a cycle between the Hopf point at an end of a branch and the first orbit beside it.
fn grows_to(branch: &CycleBranch, value: f64, wanted: &Looks, scales: &Scales) -> bool {
    let mut orbits = branch.orbits.iter().zip(&branch.extents);
    let ends = branch.ends.into_iter().zip([orbits.next(), orbits.next_back()]);
    ends.filter_map(|(end, last)| if let Ending::Hopf(hopf) = end { Some((hopf, last?)) } else { None }).any(|(hopf, (orbit, extent))| {
        let [_, v_low, v_high, w_low, w_high] = looks_within(orbit, extent, scales);
        let inside = wanted[1] > v_low && wanted[2] < v_high && wanted[3] > w_low && wanted[4] < w_high;
        inside && (value - hopf) * (value - orbit.cycle.value) <= 0.0
    })
}

/// Neighbours on a branch between which the varied quantity takes a value, and the looks straight between them.
fn stretches<'b>(branch: &'b CycleBranch, value: f64, scales: &Scales) -> impl Iterator<Item = ([&'b Orbit; 2], Looks)> {
    let pairs = branch.orbits.iter().zip(&branch.extents);
    let next = pairs.clone().skip(1);
    pairs.zip(next).filter_map(move |((a, from), (b, to))| {
        let share = (value - a.cycle.value) / (b.cycle.value - a.cycle.value);
        (0.0..=1.0).contains(&share).then(|| {
            let [x, y] = [looks_within(a, from, scales), looks_within(b, to, scales)];
            ([a, b], std::array::from_fn(|k| x[k] + share * (y[k] - x[k])))
        })
    })
}

fn orbit_looks(orbit: &Orbit, n: usize, scales: &Scales) -> Looks {
    looks_within(orbit, &extent(&orbit.cycle, n, scales), scales)
}

fn looks_within(orbit: &Orbit, (low, high): &(Vector, Vector), scales: &Scales) -> Looks {
    looks(orbit.cycle.period, &[0, 1].map(|state| (low[state], high[state])), scales)
}

fn looks(period: f64, [v, w]: &[(f64, f64); 2], scales: &Scales) -> Looks {
    let [x, y, ..] = scales.state;
    [period.ln(), v.0 / x, v.1 / x, w.0 / y, w.1 / y]
}

fn apart(a: &Looks, b: &Looks) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}
