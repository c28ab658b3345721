//! Rows of linear equations of a fixed layout, and Gaussian elimination with pivoting: what condensation and the chain
//! over intervals are made of. The layout is known to the compiler, which makes short loops of fixed length of it.

/// Coefficients beside those of the nodes: of the period, of the varied quantity, the right-hand side, and one spare that
/// keeps rows even.
const BESIDE: usize = 4;

/// One equation in the values at `B` nodes of `N` states each, and in what stands beside them.
#[derive(Clone, Copy, Debug)]
pub struct Row<const N: usize, const B: usize> {
    /// Coefficients of the nodes.
    pub nodes: [[f64; N]; B],
    /// Coefficients of the period and of the varied quantity, and the right-hand side.
    pub beside: [f64; BESIDE],
}

impl<const N: usize, const B: usize> Row<N, B> {
    /// No equation yet.
    pub const ZERO: Self = Self { nodes: [[0.0; N]; B], beside: [0.0; BESIDE] };

    fn subtract(&mut self, times: f64, other: &Self) {
        for (x, p) in self.nodes.as_flattened_mut().iter_mut().zip(other.nodes.as_flattened()) {
            *x -= times * p;
        }
        for (x, p) in self.beside.iter_mut().zip(&other.beside) {
            *x -= times * p;
        }
    }
}

/// Eliminates the first `blocks` nodes from all rows but those that stand for them. Pivots are chosen among the first `eligible`
/// rows; rows beyond are only reduced. Afterwards the first rows are triangular in these nodes, in the order of elimination: the last
/// state at every node first, the potential at every node last. Gating variables do not act on each other, so that most rows need no
/// subtraction. False if a pivot vanishes.
pub fn eliminate<const N: usize, const B: usize>(rows: &mut [Row<N, B>], blocks: usize, eligible: usize) -> bool {
    for step in 0..blocks * N {
        let (i, block) = (N - 1 - step / blocks, step % blocks);
        let size = |row: &Row<N, B>| row.nodes[block][i].abs();
        let best = (step..eligible).fold(step, |best, r| if size(&rows[r]) > size(&rows[best]) { r } else { best });
        // A pivot that is not a number must not pass.
        if !(size(&rows[best]) > f64::MIN_POSITIVE && size(&rows[best]).is_finite()) {
            return false;
        }
        rows.swap(step, best);
        let (head, tail) = rows.split_at_mut(step + 1);
        let pivot = head[step];
        let inverse = 1.0 / pivot.nodes[block][i];
        for row in tail {
            let part = row.nodes[block][i];
            if part != 0.0 {
                row.subtract(part * inverse, &pivot);
            }
        }
    }
    true
}

/// Values of the nodes that were eliminated, given those of the last two and what multiplies the coefficients beside them: the
/// period, the varied quantity, and −1 or 0 for the right-hand side.
pub fn substitute<const N: usize, const B: usize>(rows: &[Row<N, B>], ends: [&[f64; N]; 2], beside: [f64; 3], out: &mut [[f64; N]]) {
    let blocks = out.len();
    for step in (0..blocks * N).rev() {
        let (i, block) = (N - 1 - step / blocks, step % blocks);
        let row = &rows[step];
        let mut sum: f64 = row.beside.iter().zip(&beside).map(|(c, x)| c * x).sum();
        for (coefficients, values) in row.nodes[B - 2..].iter().zip(ends) {
            for c in 0..N {
                sum += coefficients[c] * values[c];
            }
        }
        // What comes later in the order is known by now; what came before is eliminated.
        for (place, (coefficients, values)) in row.nodes.iter().zip(&*out).enumerate() {
            for c in 0..if place > block { i + 1 } else { i } {
                sum += coefficients[c] * values[c];
            }
        }
        out[block][i] = -sum / row.nodes[block][i];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_with_a_zero_on_its_diagonal_is_solved() {
        // 2y + z = 4 and 3x + y − z = 5 at z = 2, with the right-hand sides as they stand.
        let mut rows = [Row::<2, 3>::ZERO; 2];
        rows[0] = Row { nodes: [[0.0, 2.0], [1.0, 0.0], [0.0; 2]], beside: [0.0, 0.0, 4.0, 0.0] };
        rows[1] = Row { nodes: [[3.0, 1.0], [-1.0, 0.0], [0.0; 2]], beside: [0.0, 0.0, 5.0, 0.0] };
        assert!(eliminate(&mut rows, 1, 2));
        let mut x = [[0.0; 2]];
        substitute(&rows, [&[2.0, 0.0], &[0.0; 2]], [0.0, 0.0, -1.0], &mut x);
        assert_eq!(x, [[2.0, 1.0]]);
    }
}
