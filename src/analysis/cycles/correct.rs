//! Newton's method for a periodic orbit from a prediction.

use super::follow::Orbit;
use super::multipliers::multipliers;
use super::newton::Newton;
use super::space::{Cycle, Tangent};

/// Newton steps at most.
const MOST_ITERATIONS: usize = 7;
/// The trivial multiplier is 1 up to this, or the orbit is corrected further: on canards errors of the orbit grow a
/// thousandfold on the way round.
const SHARP: f64 = 1e-3;

/// When an orbit is close enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stop {
    /// The last correction was small.
    Converged,
    /// The last correction was below this, in units of the window, and the next would be small, which is enough for a picture that
    /// moves: the direction and the multipliers are those of the orbit before the last correction ([`Orbit::behind`]).
    Foreseen(f64),
}

/// Orbits that are moved need corrections below this: where a branch is nearly vertical all of them are off the same way. The signs of
/// direction and multipliers are those of an orbit as near.
const MOVED: f64 = 1e-3;

/// Newton's method from a prediction, across a direction. `None` where it does not converge.
pub fn correct(newton: &mut Newton, start: Cycle, along: &Tangent, stop: Stop) -> Option<Orbit> {
    let off = |orbit: &Orbit| (orbit.multipliers.trivial - 1.0).abs();
    let anchor = start.clone();
    let mut cycle = start;
    let mut last = f64::INFINITY;
    let mut best: Option<Orbit> = None;
    for iterations in 1..=MOST_ITERATIONS {
        if !newton.solve(&cycle, &anchor, along) {
            break;
        }
        let change = &newton.found.correction;
        for (x, d) in cycle.nodes.iter_mut().zip(&change.nodes) {
            *x += d;
        }
        let period = change.period.clamp(-0.5, 0.5);
        cycle.period *= period.exp();
        cycle.value += change.value * newton.scales.value;
        let size = change.nodes.iter().fold(period.abs().max(change.value.abs()), |a, x| a.max(x.abs()));
        // A correction that is not a number, or that grows, will not converge.
        if size.is_nan() || size >= 2.0 || (iterations > 2 && size > 0.7 * last) {
            break;
        }
        // A small correction is as the square of the one before.
        let foreseen = matches!(stop, Stop::Foreseen(below) if newton.is_rough() && iterations > 1 && size < below);
        let next = if foreseen { size * (size / last).powi(2) } else { size };
        last = size;
        if next < newton.converged {
            let Some(multipliers) = multipliers(&newton.found.ends, (newton.found.divergence, newton.found.drawup), newton.family.dim()) else {
                break;
            };
            let iterations = best.as_ref().map_or(iterations, |best| best.iterations);
            let orbit = Orbit { cycle: cycle.clone(), tangent: newton.found.tangent.clone(), multipliers, iterations, behind: size };
            if best.as_ref().is_none_or(|best| off(&orbit) < off(best)) {
                best = Some(orbit);
            }
            // A live picture takes the first orbit that will do; it is settled once the hand rests.
            if newton.is_rough() || best.as_ref().is_some_and(|best| off(best) < SHARP) {
                break;
            }
        }
    }
    best
}

/// Corrects those orbits of a branch once more at which a test changes its sign, if their direction and multipliers are those of another orbit
/// than a near one.
pub fn sharpen(newton: &mut Newton, orbits: &mut [Orbit], tests: &[fn(&Orbit) -> f64]) {
    let mut k = 1;
    while k < orbits.len() {
        let changes = tests.iter().any(|test| (test(&orbits[k - 1]) > 0.0) != (test(&orbits[k]) > 0.0));
        let vague = [k - 1, k].into_iter().find(|at| changes && orbits[*at].behind > MOVED);
        let sharper = vague.and_then(|at| Some((at, recorrected(newton, &orbits[at]).filter(|orbit| orbit.behind <= MOVED)?)));
        match sharper {
            Some((at, orbit)) => {
                orbits[at] = orbit;
                // Its neighbour before may differ from it now.
                k = at.max(1);
            }
            None => k += 1,
        }
    }
}

/// An orbit brought back onto its branch, in the plane across its own direction.
pub fn recorrected(newton: &mut Newton, orbit: &Orbit) -> Option<Orbit> {
    correct(newton, orbit.cycle.clone(), &orbit.tangent, Stop::Foreseen(MOVED))
}

/// An orbit brought back onto its branch at its own value of the varied quantity.
pub fn recorrected_at(newton: &mut Newton, orbit: &Orbit) -> Option<Orbit> {
    let fixed = Tangent { nodes: vec![0.0; orbit.tangent.nodes.len()], period: 0.0, value: orbit.tangent.value.signum() };
    correct(newton, orbit.cycle.clone(), &fixed, Stop::Foreseen(MOVED))
}

/// The orbit predicted a step along a direction.
pub fn predicted(cycle: &Cycle, tangent: &Tangent, step: f64, value_scale: f64) -> Cycle {
    let mut next = cycle.clone();
    for (x, d) in next.nodes.iter_mut().zip(&tangent.nodes) {
        *x += step * d;
    }
    next.period *= (step * tangent.period).clamp(-0.7, 0.7).exp();
    next.value += step * tangent.value * value_scale;
    next
}
