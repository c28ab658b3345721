//! Gaussian elimination of some columns from a block of rows, with pivoting: the one step that condensation,
//! the chain over intervals and the closing system are made of.

/// Rows of equal width in one slab of memory.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    width: usize,
    data: Vec<f64>,
}

impl Rows {
    /// All zeros.
    pub fn new(rows: usize, width: usize) -> Self {
        Self { width, data: vec![0.0; rows * width] }
    }

    /// Back to zeros.
    pub fn clear(&mut self) {
        self.data.fill(0.0);
    }

    /// One row.
    pub fn row(&self, r: usize) -> &[f64] {
        &self.data[r * self.width..(r + 1) * self.width]
    }

    /// One row, to be changed.
    pub fn row_mut(&mut self, r: usize) -> &mut [f64] {
        &mut self.data[r * self.width..(r + 1) * self.width]
    }

    fn swap(&mut self, a: usize, b: usize) {
        if a != b {
            let (low, high) = (a.min(b), a.max(b));
            let (head, tail) = self.data.split_at_mut(high * self.width);
            head[low * self.width..(low + 1) * self.width].swap_with_slice(&mut tail[..self.width]);
        }
    }

    /// Eliminates the first `count` columns from all rows but the first `count`. Pivots are chosen among the
    /// first `eligible` rows; rows beyond are only reduced. Afterwards the first `count` rows are upper
    /// triangular in these columns. False if a pivot vanishes.
    pub fn eliminate(&mut self, count: usize, eligible: usize) -> bool {
        let total = self.data.len() / self.width;
        for step in 0..count {
            let size = |r: usize| self.data[r * self.width + step].abs();
            let best = (step..eligible).max_by(|a, b| size(*a).total_cmp(&size(*b))).unwrap_or(step);
            // A pivot that is not a number must not pass.
            if !(size(best) > f64::MIN_POSITIVE && size(best).is_finite()) {
                return false;
            }
            self.swap(step, best);
            let (head, tail) = self.data.split_at_mut((step + 1) * self.width);
            let pivot = &head[step * self.width + step..];
            let inverse = 1.0 / pivot[0];
            for row in tail.chunks_exact_mut(self.width).take(total - step - 1) {
                let row = &mut row[step..];
                if row[0] != 0.0 {
                    let factor = row[0] * inverse;
                    for (x, p) in row.iter_mut().zip(pivot) {
                        *x -= factor * p;
                    }
                }
            }
        }
        true
    }

    /// Solves the triangle of the first `count` rows, given what stands on their right-hand sides.
    pub fn back_substitute(&self, count: usize, right: impl Fn(&[f64]) -> f64, out: &mut [f64]) {
        for r in (0..count).rev() {
            let row = self.row(r);
            let known: f64 = (r + 1..count).map(|c| row[c] * out[c]).sum();
            out[r] = (right(row) - known) / row[r];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Rows;

    #[test]
    fn a_system_with_a_zero_on_its_diagonal_is_solved() {
        let mut rows = Rows::new(2, 3);
        rows.row_mut(0).copy_from_slice(&[0.0, 2.0, 4.0]);
        rows.row_mut(1).copy_from_slice(&[3.0, 1.0, 5.0]);
        assert!(rows.eliminate(2, 2));
        let mut x = [0.0; 2];
        rows.back_substitute(2, |row| row[2], &mut x);
        assert_eq!(x, [1.0, 2.0]);
    }
}
