//! One Newton step for a periodic orbit, by condensation and pivoted elimination along the mesh.
//!
//! Unknown are the node values u on a mesh of [0, 1], the period T and the varied quantity λ, with
//! u′ = T f(u, λ), u(1) = u(0), a phase condition ∫⟨u − u₀, u₀′⟩ = 0 and an arclength condition in the
//! hyperplane through the prediction. Each interval is condensed to a relation between its two ends, the
//! relations are chained by elimination with pivoting (never by multiplying transfer matrices, which would lose
//! orbits with large multipliers), and the closing system has 2n + 2 unknowns. What is left of the chain,
//! A u(0) + B u(1) = 0, also gives the monodromy −B⁻¹A.
//!
//! Ascher, Christiansen and Russell 1979, doi 10.1090/S0025-5718-1979-0521281-7; Doedel, Keller and Kernévez
//! 1991, doi 10.1142/S0218127491000555.

use super::basis::DEGREE;
use super::chain::{Chain, Condense, System};
use super::space::{Cycle, Scales, Tangent};
use crate::analysis::family::{Family, Matrix};

/// Orbits corrected no further than this are of a picture that moves.
const ROUGH: f64 = 1e-5;
/// An orbit that moves less than this over an interval, in units of the window, lingers there.
const STILL: f64 = 1e-3;

/// What is left of the linearised equations: A u(0) + B u(1) = 0.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ends {
    /// Coefficients of the start.
    pub first: Matrix,
    /// Coefficients of the end.
    pub last: Matrix,
}

/// What a step of Newton's method has found.
#[derive(Debug, Default)]
pub struct Found {
    /// The linearised flow round the orbit.
    pub ends: Ends,
    /// The Newton correction.
    pub correction: Tangent,
    /// The direction along the branch.
    pub tangent: Tangent,
    /// ∮ div f dt round the orbit: the logarithm of the product of all multipliers (Liouville).
    pub divergence: f64,
    /// ∮ ∂V′/∂V dt.
    pub rise: f64,
    /// The most by which these integrals rise from one place of the orbit to a later one.
    pub drawup: f64,
}

/// Work space and equations of Newton's method.
pub struct Newton<'a> {
    /// The vector field.
    pub family: Family<'a>,
    /// Units of the unknowns.
    pub scales: Scales,
    /// Corrections below this, in units of the window, end the iteration: the next would be their square.
    pub converged: f64,
    chain: Box<dyn Condense>,
    /// What the last step has found.
    pub found: Found,
}

impl<'a> Newton<'a> {
    /// Equations over this family.
    pub fn new(family: Family<'a>, scales: Scales, converged: f64) -> Self {
        let chain: Box<dyn Condense> = match family.dim() {
            0 | 1 => Box::new(Chain::<1>::default()),
            2 => Box::new(Chain::<2>::default()),
            3 => Box::new(Chain::<3>::default()),
            _ => Box::new(Chain::<4>::default()),
        };
        Self { family, scales, converged, chain, found: Found::default() }
    }

    /// The same equations with a work space of their own.
    #[must_use]
    pub fn another(&self) -> Self {
        Self::new(self.family.clone(), self.scales, self.converged)
    }

    /// True if orbits need not be closer than a picture that moves shows.
    pub fn is_rough(&self) -> bool {
        self.converged > ROUGH
    }

    /// Solves the equations linearised at `cycle`, in the plane through `anchor` across `along`. False if they
    /// are singular.
    pub fn solve(&mut self, cycle: &Cycle, anchor: &Cycle, along: &Tangent) -> bool {
        let mut system = System { family: &mut self.family, scales: &self.scales, cycle, anchor, along };
        self.chain.solve(&mut system, &mut self.found)
    }

    /// The largest exponent by which deviations grow within one interval of the mesh, at the last step, which was to be near `cycle`.
    /// Where it is large, as along the repelling middle of a nullcline, the polynomial may leave what the flow would leave
    /// much earlier, and the equations have solutions that are no orbits. Not so where an orbit lingers at a saddle: there it has nothing to
    /// follow. What is below `negligible` need not be exact.
    pub fn steepness(&self, cycle: &Cycle, negligible: f64) -> f64 {
        let n = self.family.dim();
        let moves = |j: usize| {
            let (from, to) = (&cycle.nodes[j * DEGREE * n..][..n], &cycle.nodes[(j + 1) * DEGREE * n..][..n]);
            from.iter().zip(to).any(|(a, b)| (a - b).abs() >= STILL)
        };
        self.chain.steepest(&moves, negligible)
    }
}
