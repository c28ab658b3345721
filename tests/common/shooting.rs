//! Periodic orbits in four dimensions by shooting: Runge–Kutta steps once round with the variational equations beside them, and Newton's
//! method on the return. Only the vector field and its derivatives are shared with the library's collocation.

use nalgebra::{DMatrix, DVector, Matrix4, Matrix4x6, SMatrix, SVector};
use neuron_playground::analysis::Family;
use neuron_playground::analysis::diagram::{Diagram, Kind, Special};
use neuron_playground::model::Local;

/// Steps once round.
const STEPS: u32 = 3000;
/// Newton steps at most.
const MOST: usize = 15;
/// Orbits that are looked at between two sides.
const LOOKS: usize = 10;
/// How far from a point its two sides are looked at, in units of the window.
const ASIDE: [f64; 3] = [1e-3, 1e-4, 1e-5];

/// State at the start, period and varied quantity, in units of the window.
type Unknowns = SVector<f64, 6>;

/// An orbit and how the branch goes on there.
#[derive(Clone, Copy)]
struct Shot {
    unknowns: Unknowns,
    /// Unit vector along the branch.
    direction: Unknowns,
    /// det(M + 1) of the monodromy matrix M: zero where the period doubles.
    doubling: f64,
}

/// Equations of shooting.
struct Shooting<'a> {
    family: Family<'a>,
    /// Units of the states, the period and the varied quantity.
    scales: Unknowns,
}

/// Where the same happens to the orbits that shooting finds at a fold or doubling of a diagram; `None` where it finds nothing of the kind.
pub fn seen_again(family: &Family, found: &Diagram, special: &Special) -> Option<f64> {
    let (period, test): (f64, fn(&Shot) -> f64) = match special.kind {
        Kind::CycleFold { period, .. } => (period, |shot| shot.direction[5]),
        Kind::PeriodDoubling { period } => (period, |shot| shot.doubling),
        _ => return None,
    };
    let [v, m, h, n] = found.scales.state;
    let mut shooting = Shooting { family: family.clone(), scales: Unknowns::from([v, m, h, n, period, found.scales.value]) };
    let state = special.state;
    let start = Unknowns::from([state[0], state[1], state[2], state[3], period, special.value]).component_div(&shooting.scales);
    let along = null(&shooting.linearised(&start, &start).1)?;
    let middle = shooting.orbit(&start, &along, 0.0)?;
    ASIDE.iter().find_map(|aside| {
        let mut at = |way: f64| shooting.orbit(&middle.unknowns, &middle.direction, way);
        let mut ends = [-*aside, *aside];
        let mut sides = [test(&at(ends[0])?), test(&at(ends[1])?)];
        if (sides[0] > 0.0) == (sides[1] > 0.0) {
            return None;
        }
        let mut value = f64::NAN;
        for _ in 0..LOOKS {
            let way = ends[0] + (ends[1] - ends[0]) * sides[0] / (sides[0] - sides[1]);
            let there = at(way)?;
            value = there.unknowns[5] * found.scales.value;
            let (new, old) = if (test(&there) > 0.0) == (sides[0] > 0.0) { (0, 1) } else { (1, 0) };
            (ends[new], sides[new]) = (way, test(&there));
            // Illinois: the end that stays counts half.
            sides[old] *= 0.5;
        }
        Some(value)
    })
}

impl Shooting<'_> {
    /// The orbit in the plane across `direction` that lies `way` from `from`, whose phase it has.
    fn orbit(&mut self, from: &Unknowns, direction: &Unknowns, way: f64) -> Option<Shot> {
        let mut z = from + direction * way;
        for _ in 0..MOST {
            let (rest, jacobian, doubling) = self.linearised(&z, from);
            let mut matrix = SMatrix::<f64, 6, 6>::zeros();
            matrix.fixed_rows_mut::<5>(0).copy_from(&jacobian);
            matrix.set_row(5, &direction.transpose());
            let right = rest.push(direction.dot(&(z - from)) - way);
            let step = matrix.lu().solve(&right)?;
            z -= step;
            if step.amax().is_nan() || step.amax() > 1.0 {
                return None;
            }
            if step.amax() < 1e-8 {
                let ahead = null(&jacobian)?;
                return Some(Shot { unknowns: z, direction: ahead * ahead.dot(direction).signum(), doubling });
            }
        }
        None
    }

    /// What lacks to a periodic orbit in the phase of `from`, its derivatives, and det(M + 1).
    fn linearised(&mut self, z: &Unknowns, from: &Unknowns) -> (SVector<f64, 5>, SMatrix<f64, 5, 6>, f64) {
        let scaled = z.component_mul(&self.scales);
        let (period, value) = (scaled[4], scaled[5]);
        // Columns: the state, its derivatives by the start, its derivative by the varied quantity.
        let mut y = Matrix4x6::zeros();
        y.set_column(0, &scaled.fixed_rows::<4>(0));
        y.fixed_columns_mut::<4>(1).copy_from(&Matrix4::identity());
        let first = y;
        let h = period / f64::from(STEPS);
        for _ in 0..STEPS {
            let k1 = self.slope(&y, value);
            let k2 = self.slope(&(y + k1 * (0.5 * h)), value);
            let k3 = self.slope(&(y + k2 * (0.5 * h)), value);
            let k4 = self.slope(&(y + k3 * h), value);
            y += (k1 + k2 * 2.0 + k3 * 2.0 + k4) * (h / 6.0);
        }
        let (leaves, arrives) = (self.slope(&first, value), self.slope(&y, value));
        let mut rest = SVector::<f64, 5>::zeros();
        let mut jacobian = SMatrix::<f64, 5, 6>::zeros();
        for i in 0..4 {
            let scale = self.scales[i];
            rest[i] = (y[(i, 0)] - first[(i, 0)]) / scale;
            for l in 0..4 {
                jacobian[(i, l)] = (y[(i, l + 1)] - first[(i, l + 1)]) * self.scales[l] / scale;
            }
            jacobian[(i, 4)] = arrives[(i, 0)] * self.scales[4] / scale;
            jacobian[(i, 5)] = y[(i, 5)] * self.scales[5] / scale;
            jacobian[(4, i)] = leaves[(i, 0)] / scale;
            rest[4] += leaves[(i, 0)] / scale * (z[i] - from[i]);
        }
        let monodromy = y.fixed_columns::<4>(1).into_owned();
        (rest, jacobian, (monodromy + Matrix4::identity()).determinant())
    }

    fn slope(&mut self, y: &Matrix4x6<f64>, value: f64) -> Matrix4x6<f64> {
        let x: [f64; 4] = std::array::from_fn(|i| y[(i, 0)]);
        let Local { rate, by_state, by_value } = self.family.local(&x, value);
        let mut slope = Matrix4::from_fn(|i, l| by_state[i][l]) * y;
        slope.set_column(0, &SVector::<f64, 4>::from(rate));
        slope.set_column(5, &(slope.column(5) + SVector::<f64, 4>::from(by_value)));
        slope
    }
}

/// The unit vector that a matrix takes to zero.
fn null(jacobian: &SMatrix<f64, 5, 6>) -> Option<Unknowns> {
    let mut square = DMatrix::zeros(6, 6);
    square.rows_mut(0, 5).copy_from(jacobian);
    let svd = square.svd(false, true);
    let least: DVector<f64> = svd.v_t?.row(svd.singular_values.imin()).transpose();
    (least.len() == 6).then(|| Unknowns::from_column_slice(least.as_slice()))
}
