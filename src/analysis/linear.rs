//! The linearisation at a point: Jacobian by dual numbers, eigenvalues, and the type they give.

use nalgebra::{DMatrix, Schur};

use crate::model::Dynamics;
use crate::scalar::D1;

/// A complex number: an eigenvalue in 1/ms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Eigenvalue {
    /// Real part: growth rate.
    pub re: f64,
    /// Imaginary part: angular frequency in rad/ms.
    pub im: f64,
}

/// What kind of equilibrium a point is. For the words see [`Type::id`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// All eigenvalues on the stable side, the nearest to the axis real.
    StableNode,
    /// All eigenvalues on the stable side, the nearest to the axis complex.
    StableFocus,
    /// All eigenvalues on the unstable side, the nearest to the axis real.
    UnstableNode,
    /// All eigenvalues on the unstable side, the nearest to the axis complex.
    UnstableFocus,
    /// Eigenvalues on both sides, the leading ones real.
    Saddle,
    /// Eigenvalues on both sides, the leading one of either side complex.
    SaddleFocus,
    /// A plane's purely imaginary pair.
    Center,
    /// A single zero eigenvalue.
    SaddleNode,
    /// Any other eigenvalue on the axis.
    NonHyperbolic,
}

impl Type {
    /// The words used in JSON and on screen.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::StableNode => "stable node",
            Self::StableFocus => "stable focus",
            Self::UnstableNode => "unstable node",
            Self::UnstableFocus => "unstable focus",
            Self::Saddle => "saddle",
            Self::SaddleFocus => "saddle-focus",
            Self::Center => "center",
            Self::SaddleNode => "saddle-node",
            Self::NonHyperbolic => "non-hyperbolic",
        }
    }

    /// True if small perturbations die out.
    #[must_use]
    pub fn is_stable(self) -> bool {
        matches!(self, Self::StableNode | Self::StableFocus)
    }
}

/// The Jacobian ∂fᵢ/∂xⱼ, row by row.
#[must_use]
pub fn jacobian(neuron: &dyn Dynamics, x: &[f64], p: &[f64], i: f64) -> Vec<f64> {
    let n = x.len();
    let params: Vec<D1> = p.iter().map(|p| D1::from(*p)).collect();
    let mut state: Vec<D1> = x.iter().map(|x| D1::from(*x)).collect();
    let mut slope = vec![D1::from(0.0); n];
    let mut j = vec![0.0; n * n];
    for column in 0..n {
        state[column].eps = 1.0;
        neuron.rhs_d1(&state, &params, D1::from(i), &mut slope);
        state[column].eps = 0.0;
        for row in 0..n {
            j[row * n + column] = slope[row].eps;
        }
    }
    j
}

/// Steps of the eigenvalue iteration; it usually takes a dozen.
const MOST_ITERATIONS: usize = 10_000;

/// Eigenvalues of a square matrix given row by row, largest real part first; NaN where there are none to find.
#[must_use]
pub fn eigenvalues(j: &[f64]) -> Vec<Eigenvalue> {
    let mut found = match *j {
        [a] => vec![Eigenvalue { re: a, im: 0.0 }],
        [a, b, c, d] => planar(a, b, c, d).to_vec(),
        _ => {
            let n = j.len().isqrt();
            // Without a limit the iteration would never end on a matrix that is not of finite numbers.
            let schur = Schur::try_new(DMatrix::from_row_slice(n, n, j), f64::EPSILON, MOST_ITERATIONS);
            match schur.filter(|_| j.iter().all(|a| a.is_finite())) {
                Some(schur) => schur.complex_eigenvalues().iter().map(|z| Eigenvalue { re: z.re, im: z.im }).collect(),
                None => vec![Eigenvalue { re: f64::NAN, im: f64::NAN }; n],
            }
        }
    };
    found.sort_by(|a, b| b.re.total_cmp(&a.re).then(b.im.total_cmp(&a.im)));
    found
}

/// Eigenvalues of a 2×2 matrix, with the discriminant and the smaller root written without cancellation.
fn planar(a: f64, b: f64, c: f64, d: f64) -> [Eigenvalue; 2] {
    let half_trace = 0.5 * (a + d);
    let half_gap = 0.5 * (a - d);
    let discriminant = half_gap * half_gap + b * c;
    if discriminant < 0.0 {
        let im = (-discriminant).sqrt();
        return [Eigenvalue { re: half_trace, im }, Eigenvalue { re: half_trace, im: -im }];
    }
    let larger = half_trace + discriminant.sqrt().copysign(half_trace);
    let smaller = if larger == 0.0 { 0.0 } else { a.mul_add(d, -(b * c)) / larger };
    [Eigenvalue { re: larger, im: 0.0 }, Eigenvalue { re: smaller, im: 0.0 }]
}

/// The type of an equilibrium with these eigenvalues; `size` is a norm of the Jacobian, below 1e-9 of which
/// a real part counts as zero.
#[must_use]
pub fn classify(eigenvalues: &[Eigenvalue], size: f64) -> Type {
    if eigenvalues.iter().any(|e| e.re.is_nan()) {
        return Type::NonHyperbolic;
    }
    let zero = 1e-9 * size;
    let critical: Vec<&Eigenvalue> = eigenvalues.iter().filter(|e| e.re.abs() < zero || (size == 0.0 && e.re == 0.0)).collect();
    match critical.as_slice() {
        [] => {}
        [one] if one.im == 0.0 => return Type::SaddleNode,
        [a, b] if eigenvalues.len() == 2 && a.im != 0.0 && b.im != 0.0 => return Type::Center,
        _ => return Type::NonHyperbolic,
    }
    let leading = |unstable: bool| {
        eigenvalues.iter().filter(|e| (e.re > 0.0) == unstable).min_by(|a, b| a.re.abs().total_cmp(&b.re.abs())).map(|e| e.im != 0.0)
    };
    match (leading(false), leading(true)) {
        (Some(false), None) => Type::StableNode,
        (Some(true), None) => Type::StableFocus,
        (None, Some(false)) => Type::UnstableNode,
        (None, Some(true)) => Type::UnstableFocus,
        (Some(false), Some(false)) => Type::Saddle,
        (Some(_), Some(_)) => Type::SaddleFocus,
        (None, None) => Type::NonHyperbolic,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn e(re: f64, im: f64) -> Eigenvalue {
        Eigenvalue { re, im }
    }

    #[test]
    fn types_follow_the_eigenvalue_nearest_the_axis() {
        assert_eq!(classify(&[e(-1.0, 2.0), e(-1.0, -2.0), e(-3.0, 0.0)], 3.0), Type::StableFocus);
        assert_eq!(classify(&[e(-0.5, 0.0), e(-1.0, 2.0), e(-1.0, -2.0)], 3.0), Type::StableNode);
        assert_eq!(classify(&[e(2.0, 0.0), e(-1.0, 0.0)], 3.0), Type::Saddle);
        assert_eq!(classify(&[e(2.0, 1.0), e(2.0, -1.0), e(-1.0, 0.0)], 3.0), Type::SaddleFocus);
        assert_eq!(classify(&[e(0.0, 1.0), e(0.0, -1.0)], 1.0), Type::Center);
        assert_eq!(classify(&[e(0.0, 0.0), e(-1.0, 0.0)], 1.0), Type::SaddleNode);
        assert_eq!(classify(&[e(0.0, 1.0), e(0.0, -1.0), e(-1.0, 0.0)], 1.0), Type::NonHyperbolic);
    }

    #[test]
    fn planar_eigenvalues_have_the_right_sum_and_product_when_one_nearly_vanishes() {
        let [a, b] = planar(1.0, 1.0, 1e-12, 1e-13);
        assert!((a.re + b.re - (1.0 + 1e-13)).abs() < 1e-15);
        assert!((a.re * b.re / (1e-13 - 1e-12) - 1.0).abs() < 1e-6);
    }
}
