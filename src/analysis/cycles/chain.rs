//! The equations of a periodic orbit, condensed interval by interval and chained along the mesh, in `N` dimensions.
#![expect(clippy::needless_range_loop, reason = "an index runs over nodes or states in several tables at once")]

use nalgebra::{DMatrix, DVector};

use super::basis::{AT_NODES, DEGREE, GAUSS, GAUSS_WEIGHTS, NODES, Row as Basis, WEIGHTS};
use super::newton::Found;
use super::rows::{Row, eliminate, substitute};
use super::space::{Cycle, Scales, Tangent};
use crate::analysis::family::Family;
use crate::analysis::linear::eigenvalues;

/// What is to be solved: the equations linearised at `cycle`, in the plane through `anchor` across `along`.
pub struct System<'s, 'f> {
    /// The vector field.
    pub family: &'s mut Family<'f>,
    /// Units of the unknowns.
    pub scales: &'s Scales,
    /// The orbit so far.
    pub cycle: &'s Cycle,
    /// A point of the plane, which also fixes the phase.
    pub anchor: &'s Cycle,
    /// The direction across which the plane lies.
    pub along: &'s Tangent,
}

/// Elimination in a certain dimension.
pub trait Condense: Send {
    /// Solves the linear equations. False if they are singular.
    fn solve(&mut self, system: &mut System, found: &mut Found) -> bool;

    /// The largest exponent by which deviations grew within one of the intervals at the last step, of those that `counts`. What is
    /// below `negligible` need not be exact.
    fn steepest(&self, counts: &dyn Fn(usize) -> bool, negligible: f64) -> f64;
}

/// Nodes that are eliminated within an interval.
const INNER: usize = DEGREE - 1;
/// Where the coefficients of each node of an interval stand: inner nodes, first, last.
const PLACES: [usize; NODES] = [INNER, 0, 1, 2, DEGREE];

/// Work space in `N` dimensions.
#[derive(Default)]
pub struct Chain<const N: usize> {
    /// For each interval its collocation equations, then phase and arclength.
    intervals: Vec<Row<N, NODES>>,
    /// For each interval the relation between the node before it, the first node of all, and its last node.
    links: Vec<Row<N, 3>>,
    /// For each Gauss point the linearised flow over its interval, in units of the scales.
    pulls: Vec<[[f64; N]; N]>,
}

/// Unknowns of the closing system.
struct Closed<const N: usize> {
    ends: [[f64; N]; 2],
    period: f64,
    value: f64,
}

impl<const N: usize> Chain<N> {
    /// Equations of an interval.
    const TALL: usize = DEGREE * N + 2;
    /// Equations of a link.
    const LINK: usize = 2 * N + 2;

    /// The collocation equations of one interval, with phase and arclength.
    fn interval(&mut self, j: usize, system: &mut System, found: &mut Found, bases: (&[Basis; DEGREE], &[Basis; NODES])) {
        let System { family, scales, cycle, anchor, along } = system;
        let at = j * DEGREE;
        let nodes = &cycle.nodes.as_chunks::<N>().0[at..at + NODES];
        let h = cycle.mesh[j + 1] - cycle.mesh[j];
        let step = h * cycle.period;
        let rows = &mut self.intervals[j * Self::TALL..(j + 1) * Self::TALL];
        for (c, (basis, weight)) in bases.0.iter().zip(GAUSS_WEIGHTS).enumerate() {
            let (mut x, mut slope) = ([0.0; N], [0.0; N]);
            for k in 0..NODES {
                for i in 0..N {
                    x[i] += basis.value[k] * nodes[k][i];
                    slope[i] += basis.slope[k] * nodes[k][i];
                }
            }
            for i in 0..N {
                x[i] *= scales.state[i];
            }
            let local = family.local(&x, cycle.value);
            let pull: [[f64; N]; N] =
                std::array::from_fn(|i| std::array::from_fn(|l| step * local.by_state[i][l] * scales.state[l] / scales.state[i]));
            self.pulls[at + c] = pull;
            found.rise += weight * pull[0][0];
            found.divergence += weight * (0..N).map(|i| pull[i][i]).sum::<f64>();
            for i in 0..N {
                let row = &mut rows[c * N + i];
                for k in 0..NODES {
                    let part = &mut row.nodes[PLACES[k]];
                    for l in 0..N {
                        part[l] = -basis.value[k] * pull[i][l];
                    }
                    part[i] += basis.slope[k];
                }
                let way = step * local.rate[i] / scales.state[i];
                row.beside = [-way, -step * local.by_value[i] / scales.state[i] * scales.value, way - slope[i], 0.0];
            }
        }
        let reference = &anchor.nodes.as_chunks::<N>().0[at..at + NODES];
        let directions = &along.nodes.as_chunks::<N>().0[at..at + NODES];
        let borders = &mut rows[DEGREE * N..];
        borders.fill(Row::ZERO);
        for k in 0..NODES {
            for i in 0..N {
                let slope: f64 = (0..NODES).map(|l| bases.1[k].slope[l] * reference[l][i]).sum();
                let coefficients = [WEIGHTS[k] * slope, h * WEIGHTS[k] * directions[k][i]];
                for (row, coefficient) in borders.iter_mut().zip(coefficients) {
                    row.nodes[PLACES[k]][i] = coefficient;
                    // What the present orbit lacks of the condition.
                    row.beside[2] -= coefficient * (nodes[k][i] - reference[k][i]);
                }
            }
        }
    }

    /// Joins an interval to the chain.
    fn link(&mut self, j: usize) -> bool {
        let (done, rest) = self.links.split_at_mut(j * Self::LINK);
        let link = &mut rest[..Self::LINK];
        let block = &self.intervals[j * Self::TALL + INNER * N..(j + 1) * Self::TALL];
        for (to, from) in link[N..].iter_mut().zip(block) {
            let [.., first, last] = from.nodes;
            // The first node of all is the one before the first interval.
            let before = if j == 0 { [[0.0; N], first] } else { [first, [0.0; N]] };
            *to = Row { nodes: [before[0], before[1], last], beside: from.beside };
        }
        if j == 0 {
            return true;
        }
        let before = &done[(j - 1) * Self::LINK + N..];
        let (collocated, borders) = before.split_at(N);
        for (to, from) in link.iter_mut().zip(collocated) {
            *to = Row { nodes: [from.nodes[2], from.nodes[1], [0.0; N]], beside: from.beside };
        }
        for (to, from) in link[2 * N..].iter_mut().zip(borders) {
            for i in 0..N {
                to.nodes[0][i] += from.nodes[2][i];
                to.nodes[1][i] += from.nodes[1][i];
            }
            for (to, from) in to.beside.iter_mut().zip(&from.beside) {
                *to += from;
            }
        }
        eliminate(link, 1, 2 * N)
    }

    /// Solves for both ends, period and value: the correction, and the direction along the branch.
    fn close(&self, system: &System, found: &mut Found) -> Option<[Closed<N>; 2]> {
        let System { scales, cycle, anchor, along, .. } = system;
        let last = &self.links[self.links.len() - Self::LINK + N..];
        let size = 2 * N + 2;
        let mut matrix = DMatrix::zeros(size, size);
        let (mut right, mut unit) = (DVector::zeros(size), DVector::zeros(size));
        for (r, row) in last.iter().enumerate() {
            for i in 0..N {
                matrix[(r, i)] = row.nodes[1][i];
                matrix[(r, N + i)] = row.nodes[2][i];
                if r < N {
                    found.ends.first[r][i] = row.nodes[1][i];
                    found.ends.last[r][i] = row.nodes[2][i];
                }
            }
            matrix[(r, 2 * N)] = row.beside[0];
            matrix[(r, 2 * N + 1)] = row.beside[1];
            right[r] = row.beside[2];
        }
        matrix[(N + 1, 2 * N + 1)] += along.value;
        right[N + 1] -= along.value * (cycle.value - anchor.value) / scales.value;
        unit[N + 1] = 1.0;
        let end = cycle.nodes.len() - N;
        for i in 0..N {
            matrix[(N + 2 + i, i)] = 1.0;
            matrix[(N + 2 + i, N + i)] = -1.0;
            right[N + 2 + i] = cycle.nodes[end + i] - cycle.nodes[i];
        }
        let factors = matrix.lu();
        let closed = |right| {
            let x = factors.solve(&right)?;
            let node = |at: usize| std::array::from_fn(|i| x[at + i]);
            Some(Closed { ends: [node(0), node(N)], period: x[2 * N], value: x[2 * N + 1] })
        };
        Some([closed(right)?, closed(unit)?])
    }

    /// All unknowns from those of the closing system; `source` is −1 with right-hand sides, 0 without.
    fn unfold(&self, closed: &Closed<N>, source: f64, length: usize, out: &mut Tangent) {
        out.period = closed.period;
        out.value = closed.value;
        out.nodes.resize(length, 0.0);
        let nodes = out.nodes.as_chunks_mut::<N>().0;
        let beside = [closed.period, closed.value, source];
        let last = nodes.len() - 1;
        nodes[0] = closed.ends[0];
        nodes[last] = closed.ends[1];
        for (j, link) in self.links.chunks_exact(Self::LINK).enumerate().skip(1).rev() {
            let (head, tail) = nodes.split_at_mut(j * DEGREE + 1);
            substitute(link, [&closed.ends[0], &tail[INNER]], beside, &mut head[j * DEGREE..]);
        }
        for (j, interval) in self.intervals.chunks_exact(Self::TALL).enumerate() {
            let (first, last) = (nodes[j * DEGREE], nodes[(j + 1) * DEGREE]);
            substitute(interval, [&first, &last], beside, &mut nodes[j * DEGREE + 1..(j + 1) * DEGREE]);
        }
    }
}

impl<const N: usize> Condense for Chain<N> {
    fn solve(&mut self, system: &mut System, found: &mut Found) -> bool {
        let count = system.cycle.mesh.len() - 1;
        self.intervals.resize(count * Self::TALL, Row::ZERO);
        self.links.resize(count * Self::LINK, Row::ZERO);
        self.pulls.resize(count * DEGREE, [[0.0; N]; N]);
        (found.divergence, found.rise, found.drawup) = (0.0, 0.0, 0.0);
        let bases = (&*GAUSS, &*AT_NODES);
        let (mut sum, mut lowest) = (0.0_f64, 0.0_f64);
        for j in 0..count {
            let before = (found.divergence, found.rise);
            self.interval(j, system, found, bases);
            sum += (found.divergence - before.0).max(found.rise - before.1);
            lowest = lowest.min(sum);
            found.drawup = found.drawup.max(sum - lowest);
            let interval = &mut self.intervals[j * Self::TALL..(j + 1) * Self::TALL];
            if !(eliminate(interval, INNER, DEGREE * N) && self.link(j)) {
                return false;
            }
        }
        let Some([correction, tangent]) = self.close(system, found) else { return false };
        let length = system.cycle.nodes.len();
        self.unfold(&correction, -1.0, length, &mut found.correction);
        self.unfold(&tangent, 0.0, length, &mut found.tangent);
        let size = found.tangent.normalise(&system.cycle.mesh, N);
        size.is_finite() && size > 0.0 && found.correction.value.is_finite()
    }

    fn steepest(&self, counts: &dyn Fn(usize) -> bool, negligible: f64) -> f64 {
        let over = |pulls: &[[[f64; N]; N]; DEGREE], rate: fn(&[[f64; N]; N]) -> f64| -> f64 {
            pulls.iter().zip(GAUSS_WEIGHTS).map(|(pull, weight)| weight * rate(pull).max(0.0)).sum()
        };
        let intervals = self.pulls.as_chunks::<DEGREE>().0.iter().enumerate().filter(|(j, _)| counts(*j));
        intervals
            .map(|(_, pulls)| (over(pulls, rightmost), pulls))
            .filter(|(bound, _)| *bound >= negligible)
            .map(|(_, pulls)| over(pulls, fastest))
            .fold(0.0, f64::max)
    }
}

/// Rounds in which the weights of [`rightmost`] are improved.
const ROUNDS: usize = 4;

/// A bound from above on the real parts of the eigenvalues of a matrix: the largest quotient (Mw)ᵢ/wᵢ, for any positive w, where
/// M has the matrix's diagonal and the moduli of its other entries (Collatz 1942, doi 10.1007/BF01180025). A few powers of M + shift bring w near
/// the vector for which the bound is sharpest.
fn rightmost<const N: usize>(j: &[[f64; N]; N]) -> f64 {
    let shift = (0..N).map(|i| j[i][i].abs()).fold(0.0, f64::max);
    let times = |w: &[f64; N], i: usize| (0..N).map(|l| if l == i { j[i][i] * w[i] } else { j[i][l].abs() * w[l] }).sum::<f64>();
    let mut w = [1.0; N];
    for _ in 0..ROUNDS {
        let next: [f64; N] = std::array::from_fn(|i| times(&w, i) + shift * w[i]);
        let size = next.iter().copied().fold(0.0, f64::max);
        // A weight that vanishes beside the others would be divided by.
        w = next.map(|x| (x / size).max(1e-6));
    }
    // What is not a number must not pass for small.
    (0..N).map(|i| times(&w, i) / w[i]).fold(f64::NEG_INFINITY, |most, x| if x > most || x.is_nan() { x } else { most })
}

/// The largest real part of the eigenvalues of a matrix.
fn fastest<const N: usize>(j: &[[f64; N]; N]) -> f64 {
    let entries = j.as_flattened();
    if entries.iter().any(|x| !x.is_finite()) { f64::INFINITY } else { eigenvalues(entries).iter().map(|e| e.re).fold(f64::NEG_INFINITY, f64::max) }
}
