//! The orbit between two neighbours on a branch at which something vanishes.

use super::correct::{Stop, correct, recorrected};
use super::follow::Orbit;
use super::mesh::Transfer;
use super::newton::Newton;
use super::space::{Cycle, Tangent, norm};
use crate::analysis::root::Bracket;

/// In a picture that moves, a special point is found when its value changes by no more than this part of it.
const ROUGHLY: f64 = 1e-5;

/// Orbits that are looked at on the way to a special one.
const MOST_LOOKS: usize = 16;
/// Fraction of the way between two orbits to which it is located.
const NARROW: f64 = 1e-7;

/// The orbit between two neighbours on a branch at which `test` vanishes; it has opposite signs at the two.
/// Also returns how far apart in the varied quantity the last two approximations were.
pub fn between(newton: &mut Newton, a: &Orbit, b: &Orbit, test: impl Fn(&Orbit) -> f64) -> Option<(Orbit, f64)> {
    let (from, length) = aligned(newton, a, b);
    let mut bracket = Bracket::new((0.0, test(a)), (1.0, test(b)));
    let mut best: Option<Orbit> = None;
    let mut apart = f64::INFINITY;
    let enough = if newton.is_rough() { ROUGHLY } else { 1e-3 * newton.converged };
    for count in 0..MOST_LOOKS {
        let s = bracket.guess(NARROW);
        let (guess, along) = hermite(&from, b, s, length, newton.scales.value);
        let orbit = correct(newton, guess, &along, Stop::Converged)?;
        let y = test(&orbit);
        if let Some(best) = &best {
            apart = (orbit.cycle.value - best.cycle.value).abs();
        }
        let size = orbit.cycle.value.abs().max(1e-3 * newton.scales.value);
        best = Some(orbit);
        bracket.narrow(s, y);
        if y == 0.0 || (count > 0 && apart < enough * size) || bracket.width() < NARROW {
            break;
        }
    }
    best.map(|orbit| (orbit, apart))
}

/// An orbit half way between two neighbours on a branch.
pub fn middle(newton: &mut Newton, a: &Orbit, b: &Orbit) -> Option<Orbit> {
    let (from, length) = aligned(newton, a, b);
    let (guess, along) = hermite(&from, b, 0.5, length, newton.scales.value);
    correct(newton, guess, &along, Stop::Converged)
}

/// The first of two neighbours on the mesh of the second, and how long the way is between them.
fn aligned(newton: &Newton, a: &Orbit, b: &Orbit) -> (Orbit, f64) {
    let (n, mesh) = (newton.family.dim(), &b.cycle.mesh);
    let from = carried(a, mesh, n);
    let gap = Tangent {
        nodes: b.cycle.nodes.iter().zip(&from.cycle.nodes).map(|(y, x)| y - x).collect(),
        period: 0.0,
        value: (b.cycle.value - a.cycle.value) / newton.scales.value,
    };
    let length = norm(&gap, mesh, n);
    (from, length)
}

fn carried(orbit: &Orbit, mesh: &[f64], n: usize) -> Orbit {
    let mut orbit = orbit.clone();
    let transfer = Transfer::new(&orbit.cycle.mesh, mesh);
    orbit.cycle.nodes = transfer.carry(&orbit.cycle.nodes, n);
    orbit.tangent.nodes = transfer.carry(&orbit.tangent.nodes, n);
    orbit.cycle.mesh = mesh.to_vec();
    orbit
}

/// The orbit on another mesh, brought back onto its branch: neighbours that stand close together can only be told apart on one mesh.
pub fn onto(newton: &mut Newton, orbit: &Orbit, mesh: &[f64]) -> Option<Orbit> {
    let orbit = carried(orbit, mesh, newton.family.dim());
    recorrected(newton, &orbit)
}

/// The cubic through two orbits and their directions, at the fraction `s`, and the direction there.
fn hermite(a: &Orbit, b: &Orbit, s: f64, length: f64, value_scale: f64) -> (Cycle, Tangent) {
    let (h00, h01) = ((1.0 + 2.0 * s) * (1.0 - s).powi(2), s * s * (3.0 - 2.0 * s));
    let (h10, h11) = (s * (1.0 - s).powi(2) * length, s * s * (s - 1.0) * length);
    let mix = |x: f64, y: f64, dx: f64, dy: f64| h00 * x + h01 * y + h10 * dx + h11 * dy;
    let (ta, tb) = (&a.tangent, &b.tangent);
    let nodes = (0..a.cycle.nodes.len()).map(|k| mix(a.cycle.nodes[k], b.cycle.nodes[k], ta.nodes[k], tb.nodes[k])).collect();
    let period = mix(a.cycle.period.ln(), b.cycle.period.ln(), ta.period, tb.period).exp();
    let value = mix(a.cycle.value, b.cycle.value, ta.value * value_scale, tb.value * value_scale);
    let along = Tangent {
        nodes: ta.nodes.iter().zip(&tb.nodes).map(|(x, y)| (1.0 - s) * x + s * y).collect(),
        period: 0.0,
        value: (1.0 - s) * ta.value + s * tb.value,
    };
    (Cycle { value, period, mesh: b.cycle.mesh.clone(), nodes }, along)
}
