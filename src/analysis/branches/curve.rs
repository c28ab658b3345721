//! Curves of equilibria over one varied quantity, each with a coordinate s along it.
//!
//! F(V, λ) = 0 with all other variables at rest. Where λ enters F linearly the curve is explicit in V,
//! λ = λ₀ − F(V, λ₀)/(∂F/∂λ), and no branch can be missed. Where F does not contain λ (time constants) the curves
//! are lines at constant V. Else the curve is followed in the (V, λ) plane by pseudo-arclength from the equilibria at
//! several values of λ (Keller 1977).

use super::arc::{followed, on_arc};
use crate::analysis::equilibria::{self, equilibria};
use crate::analysis::family::{Family, Vector};
use crate::analysis::root::bracketed;

/// How a curve is given.
#[derive(Clone, Debug)]
enum Shape {
    /// s is V, and λ follows from it.
    Explicit {
        /// Any value of λ at which F is expanded.
        about: f64,
    },
    /// s is λ, at a constant V.
    Line(f64),
    /// s is λ, and the only equilibrium follows from it.
    Only,
    /// s counts along corrected points (V, λ).
    Arc { points: Vec<(f64, f64)>, window: Window },
}

/// A connected curve of equilibria.
#[derive(Clone, Debug)]
pub struct Curve {
    shape: Shape,
    /// Coordinates at which the curve is sampled, in order.
    pub knots: Vec<f64>,
}

/// Where and how closely curves are sampled.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// Range of the varied quantity.
    pub value: (f64, f64),
    /// What counts as one unit of the potential.
    pub potential: f64,
}

impl Window {
    pub(super) fn scale(&self) -> f64 {
        self.value.1 - self.value.0
    }

    pub(super) fn holds(&self, value: f64) -> bool {
        value >= self.value.0 && value <= self.value.1
    }
}

/// Samples of a curve across the window.
const SAMPLES: u32 = 120;
/// Values at which equilibria that seem not to depend on a quantity are compared.
const LOOKS: u32 = 16;
/// Halvings of the stretch in which a jump lies.
const HALVINGS: usize = 52;

impl Curve {
    /// State and varied quantity at a coordinate.
    pub fn at(&self, family: &mut Family, s: f64) -> (Vector, f64) {
        match &self.shape {
            Shape::Explicit { about } => {
                let value = explicit(family, s, *about);
                (family.steady(s, value), value)
            }
            Shape::Line(v) => (family.steady(*v, s), s),
            Shape::Only => {
                let neuron = family.neuron();
                let (p, i) = family.at(s);
                let mut x = [f64::NAN; 4];
                if let Some(point) = equilibria(neuron, p, i).points.first() {
                    x[..point.state.len()].copy_from_slice(&point.state);
                }
                (x, s)
            }
            Shape::Arc { points, window } => {
                let (v, value) = on_arc(family, window, points, s);
                (family.steady(v, value), value)
            }
        }
    }

    /// ∂F/∂V at a point of the curve, as [`Curve::at`] gives it: zero at a fold, or where branches cross on a line.
    pub fn slope(&self, family: &mut Family, (x, value): (&Vector, f64)) -> f64 {
        if matches!(self.shape, Shape::Only) { -1.0 } else { family.balance_slope(x[0], value) }
    }

    /// True if λ cannot turn along the curve: where ∂F/∂V vanishes two branches cross.
    pub fn is_line(&self) -> bool {
        matches!(self.shape, Shape::Line(_) | Shape::Only)
    }
}

fn explicit(family: &mut Family, v: f64, about: f64) -> f64 {
    let (f, by_value) = family.balance_by_value(v, about);
    about - f / by_value
}

/// All curves of equilibria inside the window.
pub fn curves(family: &mut Family, window: &Window) -> Vec<Curve> {
    let about = 0.5 * (window.value.0 + window.value.1);
    let neuron = family.neuron();
    let (p, i) = family.at(about);
    if !equilibria::has_curve(neuron, p, i) {
        return match equilibria(neuron, p, i).points.len() {
            1 => vec![Curve { shape: Shape::Only, knots: even(window.value, SAMPLES) }],
            _ => Vec::new(),
        };
    }
    let grid = potentials(family, window, about);
    match dependence(family, window, &grid) {
        Dependence::None => {
            let line = |range, v| Curve { shape: Shape::Line(v), knots: even(range, SAMPLES) };
            pieces(family, window.value).into_iter().flat_map(|(range, rests)| rests.into_iter().map(move |v| line(range, v))).collect()
        }
        Dependence::Linear => linear(family, window, &grid, about),
        Dependence::Other => followed(family, window).into_iter().map(|points| arc(points, window)).collect(),
    }
}

/// Stretches of a quantity on which the equilibria do not depend, with their potentials: one, unless they jump, as a unit with a step does
/// at its threshold. Jumps are located to rounding.
fn pieces(family: &mut Family, range: (f64, f64)) -> Vec<((f64, f64), Vec<f64>)> {
    let mut pieces: Vec<((f64, f64), Vec<f64>)> = Vec::new();
    let alike = |a: &[f64], b: &[f64]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-9 * (1.0 + a.abs()));
    for value in even(range, LOOKS) {
        let here = rests(family, value);
        let Some(((_, end), last)) = pieces.last_mut() else {
            pieces.push(((value, value), here));
            continue;
        };
        if alike(last, &here) {
            *end = value;
            continue;
        }
        let (mut before, mut after) = (*end, value);
        for _ in 0..HALVINGS {
            let middle = 0.5 * (before + after);
            if alike(&rests(family, middle), last) { before = middle } else { after = middle }
        }
        *end = before;
        pieces.push(((after, value), here));
    }
    pieces.retain(|((from, to), _)| to > from);
    pieces
}

fn arc(points: Vec<(f64, f64)>, window: &Window) -> Curve {
    Curve { knots: (0..points.len()).map(|k| k as f64).collect(), shape: Shape::Arc { points, window: *window } }
}

/// Values over a range, ends included.
pub(super) fn even(range: (f64, f64), count: u32) -> Vec<f64> {
    (0..=count).map(|k| range.0 + (range.1 - range.0) * f64::from(k) / f64::from(count)).collect()
}

/// Potentials of the equilibria at one value.
pub(super) fn rests(family: &mut Family, value: f64) -> Vec<f64> {
    let neuron = family.neuron();
    let (p, i) = family.at(value);
    equilibria(neuron, p, i).points.iter().filter_map(|point| point.state.first().copied()).collect()
}

/// Where F is looked at: where the equations bend, across the window, and far out.
fn potentials(family: &mut Family, window: &Window, about: f64) -> Vec<f64> {
    let neuron = family.neuron();
    let centre = {
        let (p, _) = family.at(about);
        neuron.start(p)
    };
    let (p, _) = family.at(about);
    let mut grid = equilibria::grid(neuron, p);
    grid.extend(even((centre - window.potential, centre + window.potential), 2 * SAMPLES));
    grid.sort_by(f64::total_cmp);
    grid.dedup();
    grid
}

/// How F depends on the varied quantity.
enum Dependence {
    None,
    Linear,
    Other,
}

fn dependence(family: &mut Family, window: &Window, grid: &[f64]) -> Dependence {
    let (low, high) = window.value;
    let near = grid.iter().copied().filter(|v| v.abs() < 1e3).step_by(7);
    let (mut none, mut linear) = (true, true);
    for v in near {
        let slopes = [low, 0.5 * (low + high), high].map(|value| family.balance_by_value(v, value).1);
        let size = slopes.iter().fold(0.0_f64, |a, s| a.max(s.abs()));
        if !size.is_finite() {
            continue;
        }
        none &= size == 0.0;
        linear &= slopes.iter().all(|s| (s - slopes[0]).abs() <= 1e-11 * size);
    }
    match (none, linear) {
        (true, _) => Dependence::None,
        (_, true) => Dependence::Linear,
        _ => Dependence::Other,
    }
}

/// One sample of an explicit curve.
#[derive(Clone, Copy)]
struct Sample {
    v: f64,
    value: f64,
    /// ∂F/∂V, whose sign is that of −dλ/dV where ∂F/∂λ is positive.
    slope: f64,
    by_value: f64,
}

fn sample(family: &mut Family, v: f64, about: f64) -> Sample {
    // F is linear in λ: its derivative is the same at every value.
    let (f, by_value) = family.balance_by_value(v, about);
    let value = about - f / by_value;
    Sample { v, value, slope: family.balance_slope(v, value), by_value }
}

/// The explicit curve, cut where it leaves the window or has a pole.
fn linear(family: &mut Family, window: &Window, grid: &[f64], about: f64) -> Vec<Curve> {
    let mut curves = Vec::new();
    let mut knots: Vec<f64> = Vec::new();
    let mut last: Option<Sample> = None;
    let mut close = |knots: &mut Vec<f64>| {
        if knots.len() > 1 {
            curves.push(Curve { shape: Shape::Explicit { about }, knots: std::mem::take(knots) });
        }
        knots.clear();
    };
    let mut lines = Vec::new();
    for v in grid {
        let here = sample(family, *v, about);
        if !(here.value.is_finite() && here.slope.is_finite()) {
            continue;
        }
        let Some(before) = last.replace(here) else {
            if window.holds(here.value) {
                knots.push(here.v);
            }
            continue;
        };
        if (before.by_value > 0.0) != (here.by_value > 0.0) {
            // ∂F/∂λ vanishes in between: a pole of λ(V), or a line V = const on which every λ is at rest.
            let at = bracketed(|v| family.balance_by_value(v, about).1, (before.v, before.by_value), (here.v, here.by_value));
            let size = family.balance_by_value(at + 1e-3 * window.potential, about).0.abs();
            if family.balance_by_value(at, about).0.abs() <= 1e-9 * size {
                lines.push(at);
                stretch(family, window, about, (before, here), (&mut knots, &mut lines), &mut close);
            } else {
                // On either side the curve goes on to the border of the window, however close to the pole that is.
                let off = 1e-10 * window.potential;
                if at - off > before.v {
                    let beside = sample(family, at - off, about);
                    stretch(family, window, about, (before, beside), (&mut knots, &mut lines), &mut close);
                }
                close(&mut knots);
                if at + off < here.v {
                    let beside = sample(family, at + off, about);
                    stretch(family, window, about, (beside, here), (&mut knots, &mut lines), &mut close);
                }
            }
            continue;
        }
        stretch(family, window, about, (before, here), (&mut knots, &mut lines), &mut close);
    }
    close(&mut knots);
    curves.extend(lines.into_iter().map(|v| Curve { shape: Shape::Line(v), knots: even(window.value, SAMPLES) }));
    for curve in &mut curves {
        if !curve.is_line() {
            refine(family, window, curve);
        }
    }
    curves
}

/// Adds a stretch to the present curve, in two parts if it turns.
fn stretch(
    family: &mut Family,
    window: &Window,
    about: f64,
    (a, b): (Sample, Sample),
    (knots, lines): (&mut Vec<f64>, &mut Vec<f64>),
    close: &mut impl FnMut(&mut Vec<f64>),
) {
    let turn = ((a.slope > 0.0) != (b.slope > 0.0) && a.slope != 0.0)
        .then(|| bracketed(|v| sample(family, v, about).slope, (a.v, a.slope), (b.v, b.slope)))
        .filter(|v| *v > a.v && *v < b.v);
    let Some(v) = turn else { return clip(family, window, about, (a, b), (knots, lines), close) };
    let top = sample(family, v, about);
    clip(family, window, about, (a, top), (knots, lines), close);
    clip(family, window, about, (top, b), (knots, lines), close);
}

/// Adds a monotone stretch to the present curve, as far as it lies inside the window.
fn clip(
    family: &mut Family,
    window: &Window,
    about: f64,
    (a, b): (Sample, Sample),
    (knots, lines): (&mut Vec<f64>, &mut Vec<f64>),
    close: &mut impl FnMut(&mut Vec<f64>),
) {
    let mut borders: Vec<f64> = [window.value.0, window.value.1]
        .into_iter()
        .filter(|border| (a.value < *border) != (b.value < *border))
        .map(|border| bracketed(|v| explicit(family, v, about) - border, (a.v, a.value - border), (b.v, b.value - border)))
        .collect();
    borders.sort_by(f64::total_cmp);
    if let [from, to] = borders[..]
        && to - from <= 1e-9 * window.potential
    {
        // So steep that V stays the same to rounding over the whole range, as where channels are all but closed.
        lines.push(0.5 * (from + to));
        return close(knots);
    }
    let places: Vec<f64> = std::iter::once(a.v).chain(borders).chain(std::iter::once(b.v)).collect();
    for stretch in places.windows(2) {
        let (from, to) = (stretch[0], stretch[1]);
        // A sample may lie exactly on a border: what counts is the middle.
        if from == to {
            continue;
        }
        if !window.holds(explicit(family, 0.5 * (from + to), about)) {
            close(knots);
            continue;
        }
        if knots.is_empty() {
            knots.push(from);
        }
        if knots.last() != Some(&to) {
            knots.push(to);
        }
    }
}

/// Adds knots where neighbours are far apart in the window.
fn refine(family: &mut Family, window: &Window, curve: &mut Curve) {
    let most = 1.5 / f64::from(SAMPLES);
    let mut fine: Vec<f64> = Vec::with_capacity(curve.knots.len() * 2);
    let mut last: Option<(f64, f64)> = None;
    for s in std::mem::take(&mut curve.knots) {
        let (_, value) = curve.at(family, s);
        if let Some((before, old)) = last {
            let apart = ((s - before) / window.potential).hypot((value - old) / window.scale());
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred at most")]
            let pieces = (apart / most).ceil().clamp(1.0, 200.0) as u32;
            fine.extend((1..pieces).map(|k| before + (s - before) * f64::from(k) / f64::from(pieces)));
        }
        fine.push(s);
        last = Some((s, value));
    }
    curve.knots = fine;
}
