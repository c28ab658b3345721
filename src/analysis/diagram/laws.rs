//! What the normal form of a special point predicts of the cycles beside it, and what is measured on the diagram's own.
//!
//! Laws: Kuznetsov 2004, *Elements of Applied Bifurcation Theory* (doi 10.1007/978-1-4757-3978-7), secs 3.4, 6.2 and 7.1.

use super::{CycleBranch, Diagram, Ending, Kind, Special};

/// A law with its measured counterpart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Law {
    /// What grows, and how, in words.
    pub words: &'static str,
    /// The exponent (or, for a logarithm, the factor −1/λ in ms) that the normal form predicts.
    pub predicted: Option<f64>,
    /// The same, measured between two distances, one four times the other.
    pub measured: f64,
}

/// The larger of the two distances, in parts of the branch's reach.
const FAR: f64 = 0.005;

/// The law at a special point, if cycles of the diagram begin there.
#[must_use]
pub fn law(diagram: &Diagram, point: &Special) -> Option<Law> {
    let (branch, end) = diagram.cycles.iter().find_map(|branch| Some((branch, end_at(branch, point)?)))?;
    let amplitude = |k: usize| branch.extents.get(k).map(|(low, high)| high[0] - low[0]);
    let period = |k: usize| branch.orbits.get(k).map(|o| o.cycle.period);
    let (near, far) = distances(branch, end, point.value)?;
    match point.kind {
        Kind::Hopf { .. } => {
            let (a, b) = (at(branch, end, point.value, near, &amplitude)?, at(branch, end, point.value, far, &amplitude)?);
            Some(Law { words: "the amplitude of the cycles grows as the distance to the power", predicted: Some(0.5), measured: exponent(a, b) })
        }
        Kind::SaddleNodeOnCircle => {
            // The period keeps a constant part: differences over three distances are free of it.
            let t = |distance: f64| at(branch, end, point.value, distance, &period);
            let (a, b, c) = (t(0.25 * near)?, t(near)?, t(far)?);
            Some(Law { words: "the period grows as the distance to the power", predicted: Some(-0.5), measured: exponent(a - b, b - c) })
        }
        Kind::Homoclinic => {
            let (a, b) = (at(branch, end, point.value, near, &period)?, at(branch, end, point.value, far, &period)?);
            let measured = (b - a) / 4.0_f64.ln();
            Some(Law { words: "the period grows as the logarithm of the distance times", predicted: None, measured })
        }
        _ => None,
    }
}

/// ln(b/a)/ln 4 for values at one and at four distances.
fn exponent(a: f64, b: f64) -> f64 {
    (b / a).ln() / 4.0_f64.ln()
}

/// Which end of a branch is at the point.
fn end_at(branch: &CycleBranch, point: &Special) -> Option<usize> {
    let is_here = |end: &Ending| {
        let at = |value: f64| (value - point.value).abs() <= point.error.min(1.0) + 1e-6 * point.value.abs() + 1e-9;
        match (end, point.kind) {
            (Ending::Hopf(value), Kind::Hopf { .. })
            | (Ending::Circle(value), Kind::SaddleNodeOnCircle)
            | (Ending::Homoclinic(value), Kind::Homoclinic) => at(*value),
            _ => false,
        }
    };
    branch.ends.iter().position(is_here)
}

/// Places of orbits from an end on, as far as the value goes one way.
fn reach(branch: &CycleBranch, end: usize, value: f64) -> Vec<(usize, f64)> {
    let count = branch.orbits.len();
    let mut found: Vec<(usize, f64)> = Vec::new();
    for step in 0..count {
        let place = if end == 0 { step } else { count - 1 - step };
        let distance = (branch.orbits[place].cycle.value - value).abs();
        if found.last().is_some_and(|last| distance <= last.1) {
            // The first orbits may still stand within rounding of the point; after that a turn is a fold.
            if found.len() > 2 {
                break;
            }
            found.clear();
        }
        found.push((place, distance));
    }
    found
}

/// Two distances, one four times the other, that lie among the orbits near the end.
fn distances(branch: &CycleBranch, end: usize, value: f64) -> Option<(f64, f64)> {
    let found = reach(branch, end, value);
    let (nearest, farthest) = (found.first()?.1.max(1e-12), found.last()?.1);
    let far = (FAR * farthest).max(16.0 * nearest);
    (far <= farthest).then_some((0.25 * far, far))
}

/// A quantity at a distance from the end, interpolated between orbits in logarithms of both.
fn at(branch: &CycleBranch, end: usize, value: f64, distance: f64, quantity: &dyn Fn(usize) -> Option<f64>) -> Option<f64> {
    let found = reach(branch, end, value);
    let after = found.iter().position(|(_, d)| *d >= distance)?;
    let (right, left) = (found.get(after)?, found.get(after.checked_sub(1)?)?);
    let (x0, x1) = (left.1.max(1e-300).ln(), right.1.ln());
    let (y0, y1) = (quantity(left.0)?.ln(), quantity(right.0)?.ln());
    let part = (distance.ln() - x0) / (x1 - x0);
    Some((y0 + part * (y1 - y0)).exp()).filter(|x| x.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::diagram::{Care, diagram};
    use crate::analysis::{Family, Over};
    use crate::model::{self, Field};

    fn laws(set: &[(&str, f64)], range: (f64, f64)) -> Vec<(&'static str, Law)> {
        let neuron = model::find("persistent_sodium_potassium").expect("a model");
        let mut p = neuron.defaults();
        for (id, value) in set {
            p[Field::position(neuron.params(), id).expect("a parameter")] = *value;
        }
        let found = diagram(&Family::new(neuron, &p, 0.0, Over::Current), range, Care::Settled, &mut |_| true);
        found.special.iter().filter_map(|point| Some((point.kind.id(), law(&found, point)?))).collect()
    }

    #[test]
    fn cycles_obey_the_normal_forms_of_the_points_they_are_born_at() {
        let low = laws(&[("E_L", -78.0), ("n_half", -45.0)], (0.0, 60.0));
        assert!(matches!(low.as_slice(), [("hopf", law)] if (law.measured - 0.5).abs() < 0.06), "{low:?}");
        let circle = laws(&[], (0.0, 60.0));
        assert!(matches!(circle.as_slice(), [("saddle_node_on_invariant_circle", law)] if (law.measured + 0.5).abs() < 0.06), "{circle:?}");
    }
}
