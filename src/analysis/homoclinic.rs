//! Saddle homoclinics of planar models: where the unstable manifold of a saddle comes back as its stable one.
//!
//! A homoclinic loop goes round an equilibrium, so that near it both manifolds cross the ray that leads from there
//! away from the saddle. The distance between the two crossings, in window widths, changes sign at the homoclinic
//! and is smooth in the parameters: no long cycle is needed (Kuznetsov 2004, ch. 6, doi
//! 10.1007/978-1-4757-3978-7). The value is found by a scan, bisection and secant; its error estimate compares two
//! tolerances. The period of the cycle that is born grows as −(1/λ) ln|distance|, with the positive eigenvalue λ if
//! the sum of both is negative (the cycle is then stable). Cost: 0.2 ms a gap. It fails for loops that go round
//! two equilibria, or round none that was found.

use super::equilibria::{FixedPoint, equilibria};
use super::family::Over;
use super::linear::Type;
use super::manifolds::{Departures, departures};
use super::orbit::{End, Limits, Manner, Orbit, Section, System};
use super::root::bracketed;
use super::trap::Trap;
use crate::model::Dynamics;

/// A saddle homoclinic.
#[derive(Clone, Debug, PartialEq)]
pub struct Homoclinic {
    /// Value of the parameter.
    pub value: f64,
    /// Difference between two tolerances of integration, with the bracket.
    pub error_estimate: f64,
    /// The saddle there.
    pub state: Vec<f64>,
    /// Its positive eigenvalue in 1/ms: the period of a stable cycle grows by 1/growth when the distance to the
    /// value falls e-fold.
    pub growth: f64,
    /// Its negative eigenvalue in 1/ms.
    pub decay: f64,
}

/// Which halves of the two manifolds meet: toward higher V is 0, toward lower V 1.
pub type Halves = [usize; 2];

/// Signed gaps between half `unstable` and half `stable` of the first saddle's manifolds on the ray that leads from
/// `around`-th other equilibrium away from the saddle, in window widths: positive where the unstable one passes
/// further out. `None` where one of them does not get there.
#[must_use]
pub fn homoclinic_gap(neuron: &dyn Dynamics, p: &[f64], i: f64, halves: Halves, tolerance: f64) -> Option<f64> {
    gap(&System::<2>::new(neuron, p, i)?, &equilibria(neuron, p, i).points, halves, tolerance)
}

fn gap(system: &System<2>, points: &[FixedPoint], [unstable, stable]: Halves, tolerance: f64) -> Option<f64> {
    let (saddle, Departures { unstable: ahead, stable: behind, .. }) = saddle(system, points)?;
    // The loop goes round an equilibrium of index one: the nearest that does not attract, or else any.
    let distance = |p: &&FixedPoint| system.length(&[p.state[0] - saddle[0], p.state[1] - saddle[1]]);
    let others = points.iter().filter(|p| p.kind != Type::Saddle && p.state.len() == 2);
    let center = others.min_by(|a, b| a.kind.is_stable().cmp(&b.kind.is_stable()).then(distance(a).total_cmp(&distance(b))))?;
    let center = [center.state[0], center.state[1]];
    let scale = system.scale();
    // The ray's direction d and the section across it, in window widths.
    let d = [(center[0] - saddle[0]) / scale[0], (center[1] - saddle[1]) / scale[1]];
    let size = d[0].hypot(d[1]);
    let d = [d[0] / size, d[1] / size];
    let normal = [-d[1] / scale[0], d[0] / scale[1]];
    let level = normal[0] * center[0] + normal[1] * center[1];
    let traps = [false, true].map(|backward| points.iter().filter_map(|p| Trap::around(system, p, backward)).collect::<Vec<_>>());
    let along = |x: &[f64; 2]| d[0] * (x[0] - center[0]) / scale[0] + d[1] * (x[1] - center[1]) / scale[1];
    // Both ways round: the unstable half forward, the stable one backward, must cross the same way.
    [1.0, -1.0].into_iter().find_map(|sign| {
        let section = |sign: f64| Section { normal: normal.map(|n| sign * n), time: 0.0, level: sign * level };
        let manner = |backward: bool| Manner { tolerance, backward, held: false };
        let out = reach(system, *ahead.get(unstable)?, &section(sign), manner(false), &traps[0], &along)?;
        let back = reach(system, *behind.get(stable)?, &section(-sign), manner(true), &traps[1], &along)?;
        Some(out - back)
    })
}

/// The first saddle and its manifolds' starts.
fn saddle(system: &System<2>, points: &[FixedPoint]) -> Option<([f64; 2], Departures)> {
    let point = points.iter().find(|p| p.kind == Type::Saddle && !p.is_virtual)?;
    Some(([*point.state.first()?, *point.state.get(1)?], departures(system, point)?))
}

/// How far out on the ray an orbit first crosses the section beyond its origin.
fn reach(
    system: &System<2>,
    start: [f64; 2],
    section: &Section<2>,
    manner: Manner,
    traps: &[Trap],
    along: &impl Fn(&[f64; 2]) -> f64,
) -> Option<f64> {
    let mut orbit = Orbit::new(system, start, manner);
    for _ in 0..3 {
        let end = orbit.run(Some(section), Limits { steps: 3000, time: f64::INFINITY }, |orbit| {
            let x = orbit.at().x;
            system.length(&[x[0] - start[0], x[1] - start[1]]) < FURTHEST && !traps.iter().any(|trap| trap.holds(&x))
        });
        if end != End::Section {
            return None;
        }
        let out = along(&orbit.at().x);
        if out > 0.0 {
            return Some(out);
        }
    }
    None
}

/// Orbits this many window widths away do not come back.
const FURTHEST: f64 = 4.0;
/// Values at which the gap is looked at.
const SCAN: u32 = 48;
/// Local errors of integration whose results are compared.
const TOLERANCES: [f64; 2] = [1e-11, 1e-9];

/// The first homoclinic of the first saddle of a planar smooth model in a range of one parameter.
#[must_use]
pub fn homoclinic(neuron: &dyn Dynamics, p: &[f64], i: f64, over: Over, (from, to): (f64, f64)) -> Option<Homoclinic> {
    if neuron.dim() != 2 || neuron.resets() {
        return None;
    }
    let at = |value: f64| {
        let (mut p, mut i) = (p.to_vec(), i);
        over.set(&mut p, &mut i, value);
        (p, i)
    };
    let gap_at = |value: f64, halves: Halves, tolerance: f64| {
        let (p, i) = at(value);
        homoclinic_gap(neuron, &p, i, halves, tolerance)
    };
    let values = (0..=SCAN).map(|k| from + (to - from) * f64::from(k) / f64::from(SCAN));
    let mut last: [Option<(f64, f64)>; 4] = [None; 4];
    for value in values {
        for (code, last) in last.iter_mut().enumerate() {
            let halves = [code / 2, code % 2];
            let now = gap_at(value, halves, 1e-7).map(|g| (value, g));
            if let (Some(a), Some(b)) = (*last, now)
                && (a.1 > 0.0) != (b.1 > 0.0)
                && let Some(found) = between(&gap_at, halves, a.0, b.0)
            {
                let (p, i) = at(found.0);
                let system = System::<2>::new(neuron, &p, i)?;
                let points = equilibria(neuron, &p, i).points;
                let (state, departures) = saddle(&system, &points)?;
                return Some(Homoclinic {
                    value: found.0,
                    error_estimate: found.1,
                    state: state.to_vec(),
                    growth: departures.growth,
                    decay: departures.decay,
                });
            }
            *last = now;
        }
    }
    None
}

/// The zero of the gap between two values, and its error; `None` if the gap breaks off there.
fn between(gap_at: &impl Fn(f64, Halves, f64) -> Option<f64>, halves: Halves, a: f64, b: f64) -> Option<(f64, f64)> {
    let solve = |tolerance: f64| {
        let g = |value: f64| gap_at(value, halves, tolerance).unwrap_or(f64::NAN);
        let (fa, fb) = (g(a), g(b));
        if fa.is_nan() || fb.is_nan() || (fa > 0.0) == (fb > 0.0) {
            return None;
        }
        let value = bracketed(g, (a, fa), (b, fb));
        (g(value).abs() < 1e-6).then_some(value)
    };
    let (fine, coarse) = (solve(TOLERANCES[0])?, solve(TOLERANCES[1])?);
    Some((fine, (fine - coarse).abs() + 1e-12 * fine.abs()))
}
