//! What happens where a branch of cycles ends with a long period: named by its period law, and checked by it.

use super::special::{Kind, Special};
use crate::analysis::branches::RestBranch;
use crate::analysis::cycles::{Newton, Orbit, Stopped};
use crate::analysis::equilibria;
use crate::analysis::family::{Family, Vector};

/// The end of a branch of cycles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ending {
    /// It shrinks onto the Hopf point at this value.
    Hopf(f64),
    /// It meets a fold of equilibria: a saddle-node on an invariant circle.
    Circle(f64),
    /// It ends on a saddle.
    Homoclinic(f64),
    /// Its period is long, and no law was recognised.
    LongPeriod,
    /// It leaves the range.
    Range,
    /// It closes on itself.
    Closed,
    /// It reaches the firing level of a reset model.
    Grazing,
    /// It could not be followed further.
    Lost,
}

/// How well a measured law must agree with the eigenvalues that it should follow.
const AGREES: f64 = 0.15;

/// Orbits before the last on which the law of a homoclinic end is looked for.
const TRIALS: usize = 8;

/// Names the end of a branch that meets no Hopf point from its last orbits; the second is the special point that goes with it.
pub fn ending(newton: &mut Newton, orbits: &[Orbit], stopped: Option<Stopped>, rests: &[RestBranch]) -> (Ending, Option<Special>) {
    match stopped {
        Some(Stopped::Left) => (Ending::Range, None),
        Some(Stopped::Closed) => (Ending::Closed, None),
        Some(Stopped::Grazed) => (Ending::Grazing, None),
        Some(Stopped::LongPeriod) => long_period(newton, orbits, rests),
        // A branch on its way to an infinite period can also get stuck.
        _ if is_long(orbits) => long_period(newton, orbits, rests),
        _ => (Ending::Lost, None),
    }
}

fn is_long(orbits: &[Orbit]) -> bool {
    let shortest = orbits.iter().map(|o| o.cycle.period).fold(f64::INFINITY, f64::min);
    orbits.last().is_some_and(|o| o.cycle.period > 6.0 * shortest)
}

fn long_period(newton: &mut Newton, orbits: &[Orbit], rests: &[RestBranch]) -> (Ending, Option<Special>) {
    if let Some(value) = on_circle(&mut newton.family, orbits, rests) {
        return (Ending::Circle(value), None);
    }
    match on_saddle(newton, orbits) {
        Some(special) => (Ending::Homoclinic(special.value), Some(special)),
        None => (Ending::LongPeriod, None),
    }
}

/// The fold whose law T = T₀ + π/√(ab(λ − λ₀)) the last orbits follow. a and b are the coefficients of its normal
/// form x′ = a(λ − λ₀) + b x² (Kuznetsov 2004, sec. 7.1; Strogatz 1994, sec. 4.3).
fn on_circle(family: &mut Family, orbits: &[Orbit], rests: &[RestBranch]) -> Option<f64> {
    let [.., before, last] = orbits else { return None };
    let folds = rests.iter().flat_map(|b| &b.marks).filter(|m| matches!(m.event, crate::analysis::branches::Event::Fold));
    for fold in folds {
        let Some(law) = fold_law(family, &fold.state, fold.value) else { continue };
        // Square roots of the distance, on the side where there is no equilibrium.
        let reach = |o: &Orbit| ((o.cycle.value - fold.value) * law.signum()).sqrt();
        let (far, near) = (1.0 / reach(before), 1.0 / reach(last));
        let measured = (last.cycle.period - before.cycle.period) / (near - far);
        let expected = std::f64::consts::PI / law.abs().sqrt();
        if (measured / expected - 1.0).abs() < AGREES {
            return Some(fold.value);
        }
    }
    None
}

/// The product a·b of a fold's normal form, from the null vectors of its Jacobian.
pub fn fold_law(family: &mut Family, state: &Vector, value: f64) -> Option<f64> {
    let n = family.dim();
    let local = family.local(state, value);
    let (right, left) = null_vectors(&local.by_state, n)?;
    let product: f64 = (0..n).map(|i| left[i] * right[i]).sum();
    let a: f64 = (0..n).map(|i| left[i] * local.by_value[i]).sum::<f64>() / product;
    let second = family.third(state, &right, value);
    let b: f64 = (0..n).map(|i| 0.5 * left[i] * second[i].v2).sum::<f64>() / product;
    (a * b).is_finite().then_some(a * b)
}

/// Right and left null vector of a nearly singular matrix.
fn null_vectors(j: &[Vector; 4], n: usize) -> Option<(Vector, Vector)> {
    use nalgebra::{Complex, DMatrix};
    let m = DMatrix::from_fn(n, n, |r, c| Complex::new(j[r][c], 0.0));
    let pick = |m: &DMatrix<Complex<f64>>| {
        let v = crate::analysis::branches::hopf::null_vector(m)?;
        // Turned so that the largest component is real.
        let largest = v.iter().copied().max_by(|a, b| a.norm().total_cmp(&b.norm()))?;
        Some(std::array::from_fn(|i| v.get(i).map_or(0.0, |z| (z / largest).re)))
    };
    Some((pick(&m)?, pick(&m.transpose())?))
}

/// The saddle on which the last orbits end, if the distance to its value falls off as e^(−νT) with the eigenvalue ν of that saddle
/// nearest to zero (Kuznetsov 2004, sec. 6.2; Gaspard 1990, doi 10.1021/j100377a008).
fn on_saddle(newton: &mut Newton, orbits: &[Orbit]) -> Option<Special> {
    let last = orbits.last()?;
    let n = newton.family.dim();
    let scale = newton.scales.state;
    let neuron = newton.family.neuron();
    let (p, i) = newton.family.at(last.cycle.value);
    let points = equilibria(neuron, p, i).points;
    // A saddle has a single eigenvalue on one side: its stable or unstable manifold can divide the space.
    let saddles = points.iter().filter(|point| {
        let unstable = point.eigenvalues.iter().filter(|e| e.re > 0.0).count();
        n > 1 && (unstable == 1 || unstable == n - 1) && unstable > 0 && unstable < n
    });
    let distance = |state: &[f64]| {
        let to = |node: &[f64]| (0..n).map(|i| (node[i] - state[i] / scale[i]).powi(2)).sum::<f64>().sqrt();
        last.cycle.nodes.chunks_exact(n).map(to).fold(f64::INFINITY, f64::min)
    };
    let saddle = saddles.min_by(|a, b| distance(&a.state).total_cmp(&distance(&b.state)))?;
    if distance(&saddle.state) > 0.05 {
        return None;
    }
    let slowest = |unstable: bool| {
        let side = saddle.eigenvalues.iter().filter(move |e| (e.re > 0.0) == unstable);
        side.map(|e| e.re.abs()).fold(f64::INFINITY, f64::min)
    };
    let rate = slowest(true).min(slowest(false));
    let state = std::array::from_fn(|i| saddle.state.get(i).copied().unwrap_or(0.0));
    let noise = (2e-4 * newton.converged).min(1e-9) * last.cycle.value.abs().max(1e-3 * newton.scales.value);
    // The law is measured on three orbits whose differences are still far above rounding.
    for three in orbits.windows(3).rev().take(TRIALS) {
        let [a, b, c] = three else { continue };
        let d2 = c.cycle.value - b.cycle.value;
        let (t1, t2) = (b.cycle.period - a.cycle.period, c.cycle.period - b.cycle.period);
        if d2.abs() < 50.0 * noise || t1 <= 0.0 || t2 <= 0.0 {
            continue;
        }
        // With the eigenvalue known, two orbits give λ_h and the third checks it.
        let shrink = (-rate * t1).exp();
        let limit = (b.cycle.value - a.cycle.value * shrink) / (1.0 - shrink);
        let shrink = (-rate * t2).exp();
        let better = (c.cycle.value - b.cycle.value * shrink) / (1.0 - shrink);
        let measured = ((a.cycle.value - better) / (b.cycle.value - better)).ln() / t1;
        let end = if last.cycle.period > c.cycle.period { last.cycle.value } else { better };
        // What the leading term of the law leaves out is of the order of what it still moved; a margin covers it.
        let error = 4.0 * ((better - limit).abs().max((better - end).abs()) + d2.abs() * shrink) + 1e3 * noise;
        if (measured / rate - 1.0).abs() < AGREES {
            return Some(Special { kind: Kind::Homoclinic, value: end, state, error, pattern: None });
        }
    }
    None
}
