//! Piecewise polynomials of degree four on a mesh, collocated at Gauss points.

use std::sync::LazyLock;

/// Degree of the polynomial on each interval.
pub const DEGREE: usize = 4;
/// Nodes of an interval, both ends included.
pub const NODES: usize = DEGREE + 1;

/// Closed Newton–Cotes weights (Boole's rule) at the nodes of an interval of length one.
pub const WEIGHTS: [f64; NODES] = [7.0 / 90.0, 32.0 / 90.0, 12.0 / 90.0, 32.0 / 90.0, 7.0 / 90.0];

/// Values and derivatives of the Lagrange polynomials on equispaced nodes of the unit interval.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Value of each polynomial.
    pub value: [f64; NODES],
    /// Derivative of each polynomial.
    pub slope: [f64; NODES],
}

/// The Lagrange polynomials at `x` in [0, 1].
#[must_use]
pub fn lagrange(x: f64) -> Row {
    let mut row = Row { value: [1.0; NODES], slope: [0.0; NODES] };
    for k in 0..NODES {
        for j in (0..NODES).filter(|j| *j != k) {
            let gap = at(k) - at(j);
            // Product rule, one factor after the other.
            row.slope[k] = row.slope[k] * (x - at(j)) / gap + row.value[k] / gap;
            row.value[k] *= (x - at(j)) / gap;
        }
    }
    row
}

/// Values alone of the Lagrange polynomials at `x`: (x − xⱼ)/(xₖ − xⱼ) multiplied out, the nodes standing a quarter apart.
#[must_use]
pub fn values(x: f64) -> [f64; NODES] {
    let s = DEGREE as f64 * x;
    let [a, b, c, d, e] = [s, s - 1.0, s - 2.0, s - 3.0, s - 4.0];
    [b * c * d * e / 24.0, -a * c * d * e / 6.0, a * b * d * e / 4.0, -a * b * c * e / 6.0, a * b * c * d / 24.0]
}

/// Place of a node in the unit interval.
fn at(node: usize) -> f64 {
    node as f64 / DEGREE as f64
}

/// The four Gauss–Legendre points of [0, 1] with their rows: zeros of P₄ (Abramowitz and Stegun 1964, table 25.4).
pub static GAUSS: LazyLock<[Row; DEGREE]> = LazyLock::new(|| {
    let inner = (3.0 / 7.0 - 2.0 / 7.0 * (6.0_f64 / 5.0).sqrt()).sqrt();
    let outer = (3.0 / 7.0 + 2.0 / 7.0 * (6.0_f64 / 5.0).sqrt()).sqrt();
    [-outer, -inner, inner, outer].map(|x| lagrange(0.5 * (1.0 + x)))
});

/// Weights of the four Gauss–Legendre points on the unit interval.
pub const GAUSS_WEIGHTS: [f64; DEGREE] = [0.173_927_422_568_727, 0.326_072_577_431_273, 0.326_072_577_431_273, 0.173_927_422_568_727];

/// The rows at the nodes themselves, for derivatives there.
pub static AT_NODES: LazyLock<[Row; NODES]> = LazyLock::new(|| [0, 1, 2, 3, 4].map(|k| lagrange(at(k))));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lagrange_polynomials_reproduce_a_quartic_and_its_derivative() {
        let f = |x: f64| 1.0 - 2.0 * x + x.powi(4);
        let nodes: Vec<f64> = (0..NODES).map(|k| f(at(k))).collect();
        for x in [0.1, 0.37, 0.95] {
            let row = lagrange(x);
            let value: f64 = values(x).iter().zip(&nodes).map(|(l, y)| l * y).sum();
            assert!(values(x).iter().zip(&row.value).all(|(a, b)| (a - b).abs() < 1e-14));
            let slope: f64 = row.slope.iter().zip(&nodes).map(|(l, y)| l * y).sum();
            assert!((value - f(x)).abs() < 1e-13 && (slope - (4.0 * x.powi(3) - 2.0)).abs() < 1e-12);
        }
    }
}
