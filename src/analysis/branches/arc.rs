//! Curves of equilibria that are not explicit, followed by pseudo-arclength in the plane of potential and varied quantity.

use super::curve::{Window, even, rests};
use crate::analysis::equilibria::has_curve;
use crate::analysis::family::Family;

/// Values of the varied quantity at which curves that are not explicit are looked for.
const SEEDS: u32 = 12;
/// Longest step along a followed curve, where 1 is the size of the window.
const ARC_STEP: f64 = 0.012;
/// A curve ends so many window widths of the potential away from where it began.
const FAR: f64 = 10.0;
/// Points of one followed curve at most.
const MOST_ARC: usize = 4000;

/// Points along all curves that pass through the equilibria at several values.
pub fn followed(family: &mut Family, window: &Window) -> Vec<Vec<(f64, f64)>> {
    let mut curves: Vec<Vec<(f64, f64)>> = Vec::new();
    for value in even(window.value, SEEDS) {
        let neuron = family.neuron();
        let (p, i) = family.at(value);
        if !has_curve(neuron, p, i) {
            // Singular, such as a rate of zero: the curve does not pass through what rests there.
            continue;
        }
        for v in rests(family, value) {
            if curves.iter().any(|c| passes(c, window, (v, value))) {
                continue;
            }
            let ahead = arc(family, window, (v, value), 1.0);
            let closed = ahead.len() > 3 && ahead.last().is_some_and(|p| distance(window, *p, (v, value)) < 1e-6);
            let mut points = if closed { Vec::new() } else { arc(family, window, (v, value), -1.0) };
            points.reverse();
            points.push((v, value));
            points.extend(ahead);
            curves.push(points);
        }
    }
    curves.retain(|c| c.len() > 1);
    curves
}

fn distance(window: &Window, a: (f64, f64), b: (f64, f64)) -> f64 {
    ((a.0 - b.0) / window.potential).hypot((a.1 - b.1) / window.scale())
}

/// True if a curve passes through a point.
fn passes(curve: &[(f64, f64)], window: &Window, at: (f64, f64)) -> bool {
    let units = |p: (f64, f64)| ((p.0 - at.0) / window.potential, (p.1 - at.1) / window.scale());
    curve.windows(2).any(|w| {
        // Distance from the chord: at the border of the window an end may lie a rounding inside.
        let ((x, y), (to_x, to_y)) = (units(w[0]), units(w[1]));
        let (dx, dy) = (to_x - x, to_y - y);
        let square = dx * dx + dy * dy;
        let along = if square > 0.0 { (-(x * dx + y * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
        (x + along * dx).hypot(y + along * dy) < 2e-3
    })
}

/// Points along the curve from `start` until it leaves the window or closes; the last one lies on the border.
fn arc(family: &mut Family, window: &Window, start: (f64, f64), direction: f64) -> Vec<(f64, f64)> {
    let mut points = Vec::new();
    let (mut here, mut tangent) = (start, None);
    let mut step = ARC_STEP;
    while points.len() < MOST_ARC {
        let (_, by_v, by_value) = family.balance(here.0, here.1);
        // The tangent is across the gradient, in units of the window.
        let (gv, gl) = (by_v * window.potential, by_value * window.scale());
        let length = gv.hypot(gl);
        if !(length > 0.0 && length.is_finite()) {
            break;
        }
        let mut t = (-gl / length * direction, gv / length * direction);
        if let Some((a, b)) = tangent
            && a * t.0 + b * t.1 < 0.0
        {
            t = (-t.0, -t.1);
        }
        let guess = (here.0 + step * t.0 * window.potential, here.1 + step * t.1 * window.scale());
        match settle(family, window, guess, t).filter(|p| distance(window, *p, guess) < 0.3 * step) {
            Some(next) => {
                let before = here;
                (here, tangent) = (next, Some(t));
                step = (1.5 * step).min(ARC_STEP);
                if !window.holds(here.1) {
                    let border = if here.1 < window.value.0 { window.value.0 } else { window.value.1 };
                    let along = (border - before.1) / (here.1 - before.1);
                    let v = before.0 + along * (here.0 - before.0);
                    points.extend(at_border(family, window, v, border));
                    break;
                }
                if (here.0 - start.0).abs() > FAR * window.potential {
                    break;
                }
                points.push(here);
                if points.len() > 5 && distance(window, here, start) < step {
                    points.push(start);
                    break;
                }
            }
            None if step > 1e-7 => step *= 0.5,
            None => break,
        }
    }
    points
}

/// The end of a curve on the border of the window. A border may be singular, such as a rate of zero, where the equations
/// say something else than beside it: then the end stands a little inside.
fn at_border(family: &mut Family, window: &Window, v: f64, border: f64) -> Option<(f64, f64)> {
    let inward = if border > 0.5 * (window.value.0 + window.value.1) { -1e-9 } else { 1e-9 };
    let beside = settle(family, window, (v, border + inward * window.scale()), (0.0, 1.0))?;
    let on = settle(family, window, (beside.0, border), (0.0, 1.0));
    on.filter(|on| distance(window, *on, beside) < 1e-4).or(Some(beside))
}

/// Newton's method for F = 0 from a guess, across a direction.
fn settle(family: &mut Family, window: &Window, guess: (f64, f64), across: (f64, f64)) -> Option<(f64, f64)> {
    let mut at = guess;
    for _ in 0..12 {
        let (f, by_v, by_value) = family.balance(at.0, at.1);
        let (gv, gl) = (by_v * window.potential, by_value * window.scale());
        // Solve gv·x + gl·y = −f with (x, y) across the direction.
        let determinant = gv * across.1 - gl * across.0;
        if !(determinant.abs() > 0.0 && f.is_finite()) {
            return None;
        }
        let (x, y) = (-f * across.1 / determinant, f * across.0 / determinant);
        at = (at.0 + x * window.potential, at.1 + y * window.scale());
        if x.hypot(y) < 1e-13 {
            return Some(at);
        }
    }
    let (f, by_v, by_value) = family.balance(at.0, at.1);
    let error = f.abs() / (by_v * window.potential).hypot(by_value * window.scale());
    (error < 1e-10).then_some(at)
}

/// The point of a followed curve between two of its corrected points.
pub fn on_arc(family: &mut Family, window: &Window, points: &[(f64, f64)], s: f64) -> (f64, f64) {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a list")]
    let k = (s.max(0.0).floor() as usize).min(points.len().saturating_sub(2));
    let (a, b) = (points[k], points[k + 1]);
    let along = s - k as f64;
    let chord = ((b.0 - a.0) / window.potential, (b.1 - a.1) / window.scale());
    let guess = (a.0 + along * (b.0 - a.0), a.1 + along * (b.1 - a.1));
    let length = chord.0.hypot(chord.1).max(f64::MIN_POSITIVE);
    let settled = settle(family, window, guess, (chord.0 / length, chord.1 / length));
    settled.filter(|p| distance(window, *p, guess) <= 0.5 * length).unwrap_or(guess)
}
