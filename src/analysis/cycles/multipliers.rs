//! Floquet multipliers from the condensed equations of a periodic orbit.

use nalgebra::DMatrix;

use super::newton::Ends;
use crate::analysis::linear::{Eigenvalue, eigenvalues};

/// Multipliers below this are rounding: they are known only to be small.
pub const SMALLEST: f64 = 1e-8;

/// How far from 1 the trivial multiplier may be.
const TRIVIAL: f64 = 5e-3;
/// Relative error of an orbit on a fine mesh.
const MESH: f64 = 3e-8;
/// A multiplier below this is beyond what the chain of eliminations resolves.
const NOTHING: f64 = 1e-100;
/// What Newton's method and rounding leave of the map of one turn, relative to its growth.
const ROUNDING: f64 = 3e-11;

/// Floquet multipliers of a periodic orbit.
#[derive(Clone, Debug, Default)]
pub struct Multipliers {
    /// All but the trivial one, largest modulus first.
    pub others: Vec<Eigenvalue>,
    /// The one that is 1 for an exact orbit; its distance from 1 is an error bar.
    pub trivial: f64,
    /// How far small deviations get on the way round, as a factor.
    pub growth: f64,
}

impl Multipliers {
    /// True if perturbations die out.
    #[must_use]
    pub fn is_stable(&self) -> bool {
        self.others.iter().all(|m| modulus(m) < 1.0)
    }

    /// How far from 1 the trivial multiplier may come out on a good orbit. Where deviations grow much on the way round,
    /// as on canards and beside saddles, errors of the map move it by ε·growth²/|1 − μ|, and those of the mesh by δ·growth; beside multipliers that are nothing at all it cannot be told.
    #[must_use]
    pub fn tolerance(&self) -> f64 {
        if self.others.iter().any(|m| modulus(m) < NOTHING) {
            return f64::INFINITY;
        }
        let nearest = self.others.iter().map(|m| (m.re - 1.0).hypot(m.im)).fold(self.growth, f64::min);
        TRIVIAL + MESH * self.growth + ROUNDING * self.growth * self.growth / nearest.max(ROUNDING)
    }

    /// How many multipliers lie outside the unit circle.
    #[must_use]
    pub fn unstable(&self) -> usize {
        self.others.iter().filter(|m| modulus(m) > 1.0).count()
    }

    /// True if one lies outside the unit circle beside the one nearest to 1, which passes it where two cycles meet.
    #[must_use]
    pub fn unstable_beside_one(&self) -> bool {
        let distance = |m: &Eigenvalue| (m.re - 1.0).hypot(m.im);
        let passing = (0..self.others.len()).min_by(|a, b| distance(&self.others[*a]).total_cmp(&distance(&self.others[*b])));
        self.others.iter().enumerate().any(|(k, m)| Some(k) != passing && modulus(m) > 1.0)
    }

    /// Π(μ + 1) over the non-trivial multipliers, y, as y/(1 + |y|): changes sign at a period doubling. Multipliers may
    /// change a thousandfold from orbit to orbit, which would mislead a search for the zero of y.
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
        product / (1.0 + product.abs())
    }
}

/// |μ|.
pub fn modulus(m: &Eigenvalue) -> f64 {
    m.re.hypot(m.im)
}

/// Multipliers of A u(0) + B u(1) = 0 in `n` dimensions; `None` if B is singular to rounding. In the plane the only
/// other multiplier is e^`divergence`, which is positive and has no cancellation; `drawup` is the most by which that
/// integral rises on the way.
#[must_use]
pub fn multipliers(ends: &Ends, (divergence, drawup): (f64, f64), n: usize) -> Option<Multipliers> {
    let pick = |m: &[[f64; 4]; 4]| DMatrix::from_fn(n, n, |r, c| m[r][c]);
    let monodromy = -(pick(&ends.last).lu().solve(&pick(&ends.first))?);
    let rows: Vec<f64> = monodromy.transpose().as_slice().to_vec();
    let mut all = eigenvalues(&rows);
    if all.iter().any(|m| !m.re.is_finite()) {
        return None;
    }
    let distance = |m: &Eigenvalue| (m.re - 1.0).hypot(m.im);
    let trivial = (0..all.len()).min_by(|a, b| distance(&all[*a]).total_cmp(&distance(&all[*b])))?;
    let trivial = all.remove(trivial).re;
    if n == 2 {
        all = vec![Eigenvalue { re: divergence.min(700.0).exp(), im: 0.0 }];
    }
    all.sort_by(|a, b| modulus(b).total_cmp(&modulus(a)));
    let norm = rows.iter().map(|m| m * m).sum::<f64>().sqrt();
    let growth = norm.max(drawup.min(350.0).exp());
    Some(Multipliers { others: all, trivial, growth })
}
