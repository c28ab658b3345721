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

use super::basis::{AT_NODES, DEGREE, GAUSS, GAUSS_WEIGHTS, NODES, WEIGHTS};
use super::eliminate::Rows;
use super::space::{Cycle, Scales, Tangent};
use crate::analysis::family::{Family, MOST_STATES, Matrix, Vector};
use crate::analysis::linear::eigenvalues;

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

/// Work space and equations of Newton's method.
#[derive(Clone)]
pub struct Newton<'a> {
    /// The vector field.
    pub family: Family<'a>,
    /// Units of the unknowns.
    pub scales: Scales,
    /// Corrections below this, in units of the window, end the iteration: the next would be their square.
    pub converged: f64,
    n: usize,
    intervals: Vec<Rows>,
    links: Vec<Rows>,
    close: Rows,
    /// The linearised flow round the orbit, after a step.
    pub ends: Ends,
    /// The Newton correction, after a step.
    pub correction: Tangent,
    /// The direction along the branch, after a step.
    pub tangent: Tangent,
    /// Largest scaled residual of the equations.
    pub residual: f64,
    /// ∮ div f dt round the orbit: the logarithm of the product of all multipliers (Liouville).
    pub divergence: f64,
    /// ∮ ∂V′/∂V dt.
    rise: f64,
    /// Over each interval, a bound on the exponent by which deviations grow.
    growths: Vec<f64>,
    /// The most by which these integrals rise from one place of the orbit to a later one.
    pub drawup: f64,
}

impl<'a> Newton<'a> {
    /// Equations over this family.
    pub fn new(family: Family<'a>, scales: Scales, converged: f64) -> Self {
        let n = family.dim();
        Self {
            family,
            scales,
            converged,
            n,
            intervals: Vec::new(),
            links: Vec::new(),
            close: Rows::new(2 * n + 2, 2 * n + 4),
            ends: Ends::default(),
            correction: Tangent::default(),
            tangent: Tangent::default(),
            residual: f64::INFINITY,
            divergence: 0.0,
            rise: 0.0,
            growths: Vec::new(),
            drawup: 0.0,
        }
    }

    /// True if orbits need not be closer than a picture that moves shows.
    pub fn is_rough(&self) -> bool {
        self.converged > ROUGH
    }

    /// Solves the equations linearised at `cycle`, in the plane through `anchor` across `along`. False if they
    /// are singular.
    pub fn solve(&mut self, cycle: &Cycle, anchor: &Cycle, along: &Tangent) -> bool {
        let n = self.n;
        let count = cycle.mesh.len() - 1;
        if self.intervals.len() != count {
            self.intervals = vec![Rows::new(DEGREE * n + 2, NODES * n + 3); count];
            self.links = vec![Rows::new(2 * n + 2, 3 * n + 3); count];
        }
        self.growths.clear();
        self.growths.resize(count, 0.0);
        self.residual = 0.0;
        self.divergence = 0.0;
        (self.rise, self.drawup) = (0.0, 0.0);
        let (mut sum, mut lowest) = (0.0_f64, 0.0_f64);
        for j in 0..count {
            let before = (self.divergence, self.rise);
            self.interval(j, cycle, anchor, along);
            sum += (self.divergence - before.0).max(self.rise - before.1);
            lowest = lowest.min(sum);
            self.drawup = self.drawup.max(sum - lowest);
            let inner = (DEGREE - 1) * n;
            if !self.intervals[j].eliminate(inner, DEGREE * n) {
                return false;
            }
            if !self.link(j) {
                return false;
            }
        }
        self.finish(cycle, anchor, along)
    }

    /// The collocation equations of one interval; columns: inner nodes, first, last, period, value, right side.
    fn interval(&mut self, j: usize, cycle: &Cycle, anchor: &Cycle, along: &Tangent) {
        let n = self.n;
        let at = j * DEGREE * n;
        let nodes = &cycle.nodes[at..at + NODES * n];
        let h = cycle.mesh[j + 1] - cycle.mesh[j];
        let step = h * cycle.period;
        let column = |k: usize| match k {
            0 => (DEGREE - 1) * n,
            DEGREE => DEGREE * n,
            k => (k - 1) * n,
        };
        let wide = NODES * n;
        let scale = self.scales.state;
        for (c, (basis, weight)) in GAUSS.iter().zip(GAUSS_WEIGHTS).enumerate() {
            let mut x = [0.0; MOST_STATES];
            let mut slope = [0.0; MOST_STATES];
            for k in 0..NODES {
                for i in 0..n {
                    x[i] += basis.value[k] * nodes[k * n + i];
                    slope[i] += basis.slope[k] * nodes[k * n + i];
                }
            }
            for i in 0..n {
                x[i] *= scale[i];
            }
            let local = self.family.local(&x, cycle.value);
            self.rise += step * weight * local.by_state[0][0];
            self.growths[j] += step * weight * rightmost(&local.by_state, &scale, n).max(0.0);
            self.divergence += step * weight * (0..n).map(|i| local.by_state[i][i]).sum::<f64>();
            for i in 0..n {
                let pull: Vector = std::array::from_fn(|l| if l < n { step * local.by_state[i][l] * scale[l] / scale[i] } else { 0.0 });
                let row = self.intervals[j].row_mut(c * n + i);
                for k in 0..NODES {
                    let part = &mut row[column(k)..][..n];
                    for (to, pull) in part.iter_mut().zip(&pull) {
                        *to = -basis.value[k] * pull;
                    }
                    part[i] += basis.slope[k];
                }
                let pull = step * local.rate[i] / scale[i];
                row[wide] = -pull;
                row[wide + 1] = -step * local.by_value[i] / scale[i] * self.scales.value;
                let residual = slope[i] - pull;
                row[wide + 2] = -residual;
                self.residual = if residual.is_finite() { self.residual.max(residual.abs()) } else { f64::INFINITY };
            }
        }
        let reference = &anchor.nodes[at..at + NODES * n];
        for border in 0..2 {
            let row = self.intervals[j].row_mut(DEGREE * n + border);
            row.fill(0.0);
            for k in 0..NODES {
                for i in 0..n {
                    row[column(k) + i] = if border == 0 {
                        let slope: f64 = (0..NODES).map(|l| AT_NODES[k].slope[l] * reference[l * n + i]).sum();
                        WEIGHTS[k] * slope
                    } else {
                        h * WEIGHTS[k] * along.nodes[at + k * n + i]
                    };
                }
            }
            // What the present orbit lacks of the condition.
            let lack: f64 = (0..NODES)
                .flat_map(|k| (0..n).map(move |i| (k, i)))
                .map(|(k, i)| row[column(k) + i] * (nodes[k * n + i] - reference[k * n + i]))
                .sum();
            row[wide + 2] = -lack;
        }
    }

    /// The largest exponent by which deviations grow within one interval of the mesh. Where it is large, as
    /// along the repelling middle of a nullcline, the polynomial may leave what the flow would leave much earlier, and
    /// the equations have solutions that are no orbits. Not so where an orbit lingers at a saddle: there it has nothing to follow.
    /// Intervals on which the last step has shown that the exponent is below `negligible` are not looked at.
    pub fn steepness(&mut self, cycle: &Cycle, negligible: f64) -> f64 {
        let n = self.n;
        let mut worst = 0.0_f64;
        for (j, ends) in cycle.mesh.windows(2).enumerate() {
            if self.growths.get(j).is_some_and(|bound| *bound < negligible) {
                continue;
            }
            let (from, to) = (&cycle.nodes[j * DEGREE * n..][..n], &cycle.nodes[(j + 1) * DEGREE * n..][..n]);
            if from.iter().zip(to).all(|(a, b)| (a - b).abs() < STILL) {
                continue;
            }
            let step = (ends[1] - ends[0]) * cycle.period;
            let growth: f64 = (0..NODES)
                .map(|k| {
                    let node = &cycle.nodes[(j * DEGREE + k) * n..(j * DEGREE + k + 1) * n];
                    WEIGHTS[k] * step * fastest(&self.family.local(&self.scales.model(node), cycle.value).by_state, n).max(0.0)
                })
                .sum();
            worst = worst.max(growth);
        }
        worst
    }

    /// Joins an interval to the chain; columns: node between, first of all, last so far, period, value, right.
    fn link(&mut self, j: usize) -> bool {
        let n = self.n;
        let (inner, wide) = ((DEGREE - 1) * n, NODES * n);
        let narrow = 3 * n;
        let (done, rest) = self.links.split_at_mut(j);
        let Some(link) = rest.first_mut() else { return false };
        link.clear();
        let block = &self.intervals[j];
        for r in 0..n + 2 {
            let from = block.row(inner + r);
            // Rows of the chain so far stand first; at the first interval there are none.
            let to = link.row_mut(n + r);
            let start = if j == 0 { n } else { 0 };
            to[start..start + n].copy_from_slice(&from[inner..inner + n]);
            to[2 * n..3 * n].copy_from_slice(&from[inner + n..inner + 2 * n]);
            to[narrow..narrow + 3].copy_from_slice(&from[wide..wide + 3]);
        }
        let Some(before) = done.last() else { return true };
        for r in 0..n {
            let from = before.row(n + r);
            let to = link.row_mut(r);
            to[..n].copy_from_slice(&from[2 * n..3 * n]);
            to[n..2 * n].copy_from_slice(&from[n..2 * n]);
            to[narrow..narrow + 3].copy_from_slice(&from[narrow..narrow + 3]);
        }
        for r in 2 * n..2 * n + 2 {
            let from = before.row(r);
            let to = link.row_mut(r);
            for i in 0..n {
                to[i] += from[2 * n + i];
                to[n + i] += from[n + i];
            }
            for i in 0..3 {
                to[narrow + i] += from[narrow + i];
            }
        }
        link.eliminate(n, 2 * n)
    }

    /// Solves for both ends, period and value, and goes back along the chain.
    fn finish(&mut self, cycle: &Cycle, anchor: &Cycle, along: &Tangent) -> bool {
        let n = self.n;
        let size = 2 * n + 2;
        let Some(last) = self.links.last() else { return false };
        self.close.clear();
        for r in 0..n + 2 {
            let from = last.row(n + r);
            // Columns: start, end, period, value, right side, right side of the tangent.
            let to = self.close.row_mut(r);
            to[..n].copy_from_slice(&from[n..2 * n]);
            to[n..2 * n].copy_from_slice(&from[2 * n..3 * n]);
            to[2 * n..2 * n + 3].copy_from_slice(&from[3 * n..3 * n + 3]);
            if r < n {
                self.ends.first[r][..n].copy_from_slice(&from[n..2 * n]);
                self.ends.last[r][..n].copy_from_slice(&from[2 * n..3 * n]);
            }
        }
        let end = cycle.nodes.len() - n;
        for i in 0..n {
            let to = self.close.row_mut(n + 2 + i);
            to[i] = 1.0;
            to[n + i] = -1.0;
            to[2 * n + 2] = cycle.nodes[end + i] - cycle.nodes[i];
        }
        let arc = self.close.row_mut(n + 1);
        arc[2 * n + 1] += along.value;
        arc[2 * n + 2] -= along.value * (cycle.value - anchor.value) / self.scales.value;
        arc[2 * n + 3] = 1.0;
        if !self.close.eliminate(size, size) {
            return false;
        }
        let mut correction = std::mem::take(&mut self.correction);
        let mut tangent = std::mem::take(&mut self.tangent);
        self.unfold(&mut correction, 2 * n + 2, 1.0, cycle.nodes.len());
        self.unfold(&mut tangent, 2 * n + 3, 0.0, cycle.nodes.len());
        let length = tangent.normalise(&cycle.mesh, n);
        let good = length.is_finite() && length > 0.0 && correction.value.is_finite();
        self.correction = correction;
        self.tangent = tangent;
        good
    }

    /// All unknowns from the closing system's column `right`; `sources` is 1 with right-hand sides, 0 without.
    fn unfold(&self, out: &mut Tangent, right: usize, sources: f64, length: usize) {
        let n = self.n;
        let size = 2 * n + 2;
        let mut ends = [0.0; 2 * MOST_STATES + 2];
        self.close.back_substitute(size, |row| row[right], &mut ends[..size]);
        let (period, value) = (ends[2 * n], ends[2 * n + 1]);
        out.period = period;
        out.value = value;
        out.nodes.resize(length, 0.0);
        let nodes = &mut out.nodes;
        nodes[..n].copy_from_slice(&ends[..n]);
        nodes[length - n..].copy_from_slice(&ends[n..2 * n]);
        let stride = DEGREE * n;
        for j in (1..self.links.len()).rev() {
            let (head, tail) = nodes.split_at_mut((j + 1) * stride);
            let next = &tail[..n];
            let first = &ends[..n];
            let known = |row: &[f64]| {
                let far: f64 = (0..n).map(|i| row[n + i] * first[i] + row[2 * n + i] * next[i]).sum();
                sources * row[3 * n + 2] - far - row[3 * n] * period - row[3 * n + 1] * value
            };
            self.links[j].back_substitute(n, known, &mut head[j * stride..j * stride + n]);
        }
        let (inner, wide) = ((DEGREE - 1) * n, NODES * n);
        for (j, block) in self.intervals.iter().enumerate() {
            let mut first = [0.0; MOST_STATES];
            let mut last = [0.0; MOST_STATES];
            first[..n].copy_from_slice(&nodes[j * stride..j * stride + n]);
            last[..n].copy_from_slice(&nodes[(j + 1) * stride..(j + 1) * stride + n]);
            let known = |row: &[f64]| {
                let far: f64 = (0..n).map(|i| row[inner + i] * first[i] + row[inner + n + i] * last[i]).sum();
                sources * row[wide + 2] - far - row[wide] * period - row[wide + 1] * value
            };
            block.back_substitute(inner, known, &mut nodes[j * stride + n..(j + 1) * stride]);
        }
    }
}

/// Rounds in which the weights of [`rightmost`] are improved.
const ROUNDS: usize = 4;

/// A bound from above on the real parts of the eigenvalues of a Jacobian: the largest quotient (Mw)ᵢ/wᵢ, for any positive w, where
/// M has the Jacobian's diagonal and the moduli of its other entries (Collatz 1942, doi 10.1007/BF01180025). A few powers of M + shift bring w near
/// the vector for which the bound is sharpest.
fn rightmost(j: &Matrix, scale: &Vector, n: usize) -> f64 {
    let shift = (0..n).map(|i| j[i][i].abs()).fold(0.0, f64::max);
    let times = |w: &Vector, i: usize| (0..n).map(|l| if l == i { j[i][i] * w[i] } else { j[i][l].abs() * w[l] }).sum::<f64>();
    let mut w = *scale;
    for _ in 0..ROUNDS {
        let next: Vector = std::array::from_fn(|i| if i < n { times(&w, i) + shift * w[i] } else { 0.0 });
        let size = next.iter().copied().fold(0.0, f64::max);
        // A weight that vanishes beside the others would be divided by.
        w = std::array::from_fn(|i| (next[i] / size).max(1e-6 * scale[i]));
    }
    // What is not a number must not pass for small.
    (0..n).map(|i| times(&w, i) / w[i]).fold(f64::NEG_INFINITY, |most, x| if x > most || x.is_nan() { x } else { most })
}

/// The largest real part of the eigenvalues of a Jacobian.
fn fastest(j: &Matrix, n: usize) -> f64 {
    let rows: Vec<f64> = j.iter().take(n).flat_map(|row| row.iter().take(n).copied()).collect();
    if rows.iter().any(|x| !x.is_finite()) { f64::INFINITY } else { eigenvalues(&rows).iter().map(|e| e.re).fold(f64::NEG_INFINITY, f64::max) }
}
