//! Floquet multipliers from the condensed equations of a periodic orbit.

use nalgebra::DMatrix;

use super::newton::Ends;
use crate::analysis::linear::{Eigenvalue, eigenvalues};

/// Multipliers below this are rounding: they are known only to be small.
pub const SMALLEST: f64 = 1e-8;

/// Floquet multipliers of a periodic orbit.
#[derive(Clone, Debug, Default)]
pub struct Multipliers {
    /// All but the trivial one, largest modulus first.
    pub others: Vec<Eigenvalue>,
    /// The one that is 1 for an exact orbit; its distance from 1 is an error bar.
    pub trivial: f64,
}

impl Multipliers {
    /// True if perturbations die out.
    #[must_use]
    pub fn is_stable(&self) -> bool {
        self.others.iter().all(|m| modulus(m) < 1.0)
    }

    /// How many multipliers lie outside the unit circle.
    #[must_use]
    pub fn unstable(&self) -> usize {
        self.others.iter().filter(|m| modulus(m) > 1.0).count()
    }

    /// Π(μ + 1) over the non-trivial multipliers: changes sign at a period doubling.
    #[must_use]
    pub fn doubling(&self) -> f64 {
        let mut product = 1.0;
        for m in &self.others {
            if m.im == 0.0 {
                product *= m.re + 1.0;
            } else {
                product *= (m.re + 1.0).hypot(m.im);
            }
        }
        product
    }
}

fn modulus(m: &Eigenvalue) -> f64 {
    m.re.hypot(m.im)
}

/// Multipliers of A u(0) + B u(1) = 0 in `n` dimensions; `None` if B is singular to rounding. In the plane the only
/// other multiplier is e^`divergence`, which is positive and has no cancellation.
#[must_use]
pub fn multipliers(ends: &Ends, divergence: f64, n: usize) -> Option<Multipliers> {
    let pick = |m: &[[f64; 4]; 4]| DMatrix::from_fn(n, n, |r, c| m[r][c]);
    let monodromy = -(pick(&ends.last).lu().solve(&pick(&ends.first))?);
    let rows: Vec<f64> = monodromy.transpose().as_slice().to_vec();
    let mut all = eigenvalues(&rows);
    if all.iter().any(|m| !m.re.is_finite()) {
        return None;
    }
    let distance = |m: &Eigenvalue| (m.re - 1.0).hypot(m.im);
    let trivial = (0..all.len()).min_by(|a, b| distance(&all[*a]).total_cmp(&distance(&all[*b])))?;
    let mut trivial = all.remove(trivial).re;
    if n == 2 {
        // Beside a huge multiplier the one near 1 is lost in rounding, the determinant is not; beside a tiny one it
        // is the other way round.
        let size = |m: &[[f64; 4]; 4]| (m[0][0] * m[1][1] - m[0][1] * m[1][0]).abs().ln();
        if divergence > -60.0 {
            trivial = (size(&ends.first) - size(&ends.last) - divergence).exp();
        }
        all = vec![Eigenvalue { re: divergence.min(700.0).exp(), im: 0.0 }];
    }
    all.sort_by(|a, b| modulus(b).total_cmp(&modulus(a)));
    Some(Multipliers { others: all, trivial })
}
