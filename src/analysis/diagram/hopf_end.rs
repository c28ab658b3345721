//! How a branch of cycles meets a Hopf point. Close to the point the cycles are as stable as the first Lyapunov coefficient says;
//! where an orbit is not, a fold of cycles lies between, and smaller orbits are needed to see it.

use crate::analysis::branches::{Event, Hopf, Mark, RestBranch};
use crate::analysis::cycles::{Effort, Follow, Newton, Orbit, amplitude, at_hopf};

/// First step of a branch from a Hopf point.
pub const FIRST_STEP: f64 = 0.02;
/// By how much it is made smaller where a fold has been stepped over, and how often.
const SMALLER: f64 = 0.15;
const MOST_TRIES: usize = 4;
/// A multiplier is told from the trivial one if it is so many times farther from 1, and at least so far.
const MARGIN: f64 = 10.0;
const LEAST: f64 = 1e-3;
/// An orbit that has shrunk onto a Hopf point is so near to it, in widths of the range and of the window.
const NEAR: (f64, f64) = (0.05, 0.1);

/// A Hopf point from which cycles are followed.
pub struct HopfEnd<'m> {
    /// Where it is.
    pub mark: &'m Mark,
    hopf: &'m Hopf,
    /// Multipliers outside the unit circle of the smallest cycles.
    unstable: usize,
}

impl<'m> HopfEnd<'m> {
    /// All Hopf points of these branches.
    pub fn all(newton: &mut Newton, rests: &'m [RestBranch]) -> Vec<Self> {
        let marks = rests.iter().flat_map(|b| &b.marks);
        marks.filter_map(|mark| if let Event::Hopf(hopf) = &mark.event { Some(Self::new(newton, mark, hopf)) } else { None }).collect()
    }

    fn new(newton: &mut Newton, mark: &'m Mark, hopf: &'m Hopf) -> Self {
        let mut all = newton.family.eigenvalues(&mark.state, mark.value);
        // The two that cross are those nearest to ±iω.
        all.sort_by(|a, b| a.re.hypot(a.im.abs() - hopf.frequency).total_cmp(&b.re.hypot(b.im.abs() - hopf.frequency)));
        let others = all.iter().skip(2).filter(|e| e.re > 0.0).count();
        Self { mark, hopf, unstable: others + usize::from(hopf.first_lyapunov > 0.0) }
    }

    /// The one onto which an orbit has shrunk.
    pub fn nearest<'e>(all: &'e [Self], orbit: &Orbit, newton: &Newton) -> Option<&'e Self> {
        let off = |end: &Self| (end.mark.value - orbit.cycle.value).abs() / newton.scales.value;
        let apart = |end: &Self| orbit.cycle.nodes.first().map_or(f64::INFINITY, |v| (v - end.mark.state[0] / newton.scales.state[0]).abs());
        all.iter().filter(|end| off(end) < NEAR.0 && apart(end) < NEAR.1).min_by(|a, b| off(a).total_cmp(&off(b)))
    }

    /// True if nothing has happened to the cycles between the point and this orbit, as far as can be told: beyond the plane, a multiplier
    /// that is as near to 1 as the trivial one may be taken for it.
    pub fn reaches(&self, orbit: &Orbit) -> bool {
        let multipliers = &orbit.multipliers;
        let blurred = MARGIN * (multipliers.trivial - 1.0).abs() + LEAST;
        let doubtful = multipliers.others.len() > 1 && multipliers.others.iter().any(|m| (m.re - 1.0).hypot(m.im) < blurred);
        multipliers.unstable() == self.unstable || doubtful
    }

    /// The degenerate orbit at the point.
    pub fn orbit(&self, newton: &Newton, intervals: usize) -> Orbit {
        let n = newton.family.dim();
        let vector = (&self.hopf.real, &self.hopf.imaginary);
        at_hopf(newton, &self.mark.state[..n], self.mark.value, self.hopf.frequency, vector, intervals)
    }

    /// A first step small enough not to miss a fold next to the point.
    pub fn first_step(&self, newton: &Newton, bounds: (f64, f64), effort: Effort) -> f64 {
        let start = self.orbit(newton, effort.intervals);
        let steps = std::iter::successors(Some(FIRST_STEP), |step| Some(SMALLER * step)).take(MOST_TRIES);
        let mut fitting = steps.filter(|step| {
            let first = Follow::new(newton.another(), start.clone(), *step, bounds, effort).next();
            first.is_some_and(|orbit| self.reaches(&orbit))
        });
        fitting.next().unwrap_or(FIRST_STEP)
    }

    /// The orbits between the point and a small one at which a branch has stopped, smallest last; none if nothing lies between.
    pub fn between(&self, last: &Orbit, newton: &Newton, bounds: (f64, f64), effort: Effort) -> Vec<Orbit> {
        if self.reaches(last) {
            return Vec::new();
        }
        let n = newton.family.dim();
        let step = self.first_step(newton, bounds, effort);
        let follow = Follow::new(newton.another(), self.orbit(newton, effort.intervals), step, bounds, effort);
        let size = amplitude(&last.cycle, n);
        let mut orbits: Vec<Orbit> = follow.take_while(|orbit| amplitude(&orbit.cycle, n) < 0.9 * size).collect();
        if !orbits.first().is_some_and(|orbit| self.reaches(orbit)) {
            return Vec::new();
        }
        orbits.reverse();
        for orbit in &mut orbits {
            orbit.tangent.scale(-1.0);
        }
        orbits
    }
}
