//! When is a neuron at rest for good? A region round a stable equilibrium that orbits enter and never leave.
//!
//! With A the Jacobian at the equilibrium x*, the Lyapunov equation `AᵀP + PA = −Q` gives `E(x) = (x − x*)ᵀP(x − x*)`, which
//! falls along orbits of the linear system. For the full equations Ė is evaluated in many directions, and the
//! largest ellipsoid E ≤ r is kept on which it falls in all of them and no reset is met. Cost: a few hundred
//! evaluations of the equations per current. The directions are a sample and no proof; the ellipsoid is therefore
//! taken smaller than the one tested. It shrinks to nothing where the equilibrium loses stability.

use nalgebra::{DMatrix, DVector};

use super::Preparation;
use crate::analysis::{FixedPoint, equilibria, jacobian};

/// A stable equilibrium with a region that no orbit leaves.
pub struct Trap {
    /// The equilibrium.
    pub rest: Vec<f64>,
    form: DMatrix<f64>,
    size: f64,
}

/// Directions tested in more than two dimensions.
const DIRECTIONS: u32 = 96;
/// E is tested down from this many scales squared, each time by a quarter, so often.
const LARGEST: f64 = 0.25;
const HALVINGS: u32 = 24;
/// The region taken, as a part of the one tested: half as wide.
const CAUTION: f64 = 0.25;

impl Trap {
    /// True if an orbit through `x` comes to rest here.
    pub fn holds(&self, x: &[f64]) -> bool {
        let off = DVector::from_iterator(x.len(), x.iter().zip(&self.rest).map(|(x, r)| x - r));
        (off.transpose() * &self.form * &off).iter().all(|e| *e <= self.size)
    }
}

/// The traps at a current: one for each stable equilibrium that the neuron can reach.
pub fn traps(prep: &Preparation, current: f64) -> Vec<Trap> {
    let found = equilibria(prep.neuron, &prep.params, current).points;
    found.iter().filter(|p| p.kind.is_stable() && !p.is_virtual).filter_map(|p| trap(prep, current, p)).collect()
}

fn trap(prep: &Preparation, current: f64, point: &FixedPoint) -> Option<Trap> {
    let n = point.state.len();
    let scale = prep.scale();
    let a = DMatrix::from_row_slice(n, n, &jacobian(prep.neuron, &point.state, &prep.params, current));
    let form = lyapunov(&a, &scale)?;
    let root = form.clone().cholesky()?.l();
    let mut slope = vec![0.0; n];
    let mut falls = |direction: &DVector<f64>, size: f64| {
        // A point of the ellipsoid E = size.
        let Some(off) = root.transpose().solve_upper_triangular(direction).map(|y| y * size.sqrt()) else { return false };
        let x: Vec<f64> = point.state.iter().zip(off.iter()).map(|(r, y)| r + y).collect();
        prep.neuron.rhs(&x, &prep.params, current, &mut slope);
        let rate = (off.transpose() * &form * DVector::from_row_slice(&slope)).sum();
        // A reset takes the orbit elsewhere; the spikes of a smooth model are only counted.
        rate < 0.0 && !(prep.neuron.resets() && prep.neuron.spike(&x, &prep.params) >= 0.0)
    };
    let directions = directions(n);
    // E of a point one scale away along the softest axis is at most the trace.
    let trace: f64 = (0..n).map(|k| form[(k, k)] * scale[k] * scale[k]).sum();
    let mut size = LARGEST * trace;
    for _ in 0..HALVINGS {
        if directions.iter().all(|d| falls(d, size) && falls(d, 0.25 * size) && falls(d, 0.0625 * size)) {
            return Some(Trap { rest: point.state.clone(), form, size: CAUTION * size });
        }
        size *= 0.25;
    }
    None
}

/// Solves `AᵀP + PA = −Q` with Q = diag(1/scale²), as one linear system for the entries of P.
fn lyapunov(a: &DMatrix<f64>, scale: &[f64]) -> Option<DMatrix<f64>> {
    let n = scale.len();
    let identity = DMatrix::<f64>::identity(n, n);
    let at = a.transpose();
    let system = identity.kronecker(&at) + at.kronecker(&identity);
    let mut right = DVector::zeros(n * n);
    for (k, s) in scale.iter().enumerate() {
        right[k * n + k] = -1.0 / (s * s);
    }
    let solved = system.lu().solve(&right)?;
    let form = DMatrix::from_column_slice(n, n, solved.as_slice());
    let form = 0.5 * (&form + form.transpose());
    form.iter().all(|x| x.is_finite()).then_some(form)
}

/// Unit vectors in all directions.
fn directions(n: usize) -> Vec<DVector<f64>> {
    match n {
        1 => vec![DVector::from_element(1, 1.0), DVector::from_element(1, -1.0)],
        2 => (0..48_u32)
            .map(|k| {
                let angle = std::f64::consts::TAU * f64::from(k) / 48.0;
                DVector::from_row_slice(&[angle.cos(), angle.sin()])
            })
            .collect(),
        _ => (0..DIRECTIONS)
            .flat_map(|k| {
                // Fractional parts of multiples of irrational numbers fill the cube evenly.
                let part = |d: usize| (f64::from(k + 1) * ROOTS[d % ROOTS.len()]).fract() - 0.5;
                let v = DVector::from_iterator(n, (0..n).map(part)).normalize();
                [v.clone(), -v]
            })
            .collect(),
    }
}

/// Fractional parts of √2, √3, √5, √7, √11, √13, √17, √19.
const ROOTS: [f64; 8] = [
    0.414_213_562_373,
    0.732_050_807_569,
    0.236_067_977_500,
    0.645_751_311_065,
    0.316_624_790_355,
    0.605_551_275_464,
    0.123_105_625_618,
    0.358_898_943_541,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::testing::preparation;

    #[test]
    fn an_orbit_that_enters_a_trap_stays_and_comes_to_rest() {
        for (id, current) in [("hodgkin_huxley", 7.0), ("lif", 1.5), ("persistent_sodium_potassium", 4.0), ("izhikevich", 0.0)] {
            let prep = preparation(id);
            let all = traps(&prep, current);
            let trap = all.first().unwrap_or_else(|| panic!("{id} has no trap"));
            // From a point just inside, in several directions.
            for direction in directions(trap.rest.len()).iter().take(12) {
                let mut x = trap.rest.clone();
                let mut step = 1.0;
                while step > 1e-9 {
                    let next: Vec<f64> = x.iter().zip(direction.iter()).zip(prep.scale()).map(|((x, d), s)| x + step * d * s).collect();
                    if trap.holds(&next) { x = next } else { step *= 0.5 }
                }
                let mut run = prep.simulation(current, &x);
                for _ in 0..200 {
                    run.run(200, None);
                    assert!(trap.holds(run.state()), "{id} leaves its trap");
                }
                assert_eq!(run.spikes(), 0);
            }
        }
    }
}
