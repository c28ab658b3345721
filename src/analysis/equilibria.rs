//! All equilibria at the present parameters.
//!
//! Solved: f(x) = 0. Every model gives the curve x(V) on which all equations but the first are at rest, so
//! that equilibria are the zeros of one function F(V) = f₀(x(V)). The zeros of F′ (the knees) are located
//! first; between knees F is monotone and end-point signs decide, so that the count is right even beside a
//! fold, where Newton's method from one guess would miss or double a point. Derivatives are exact (duals).
//! Where the second equation does not contain the second variable (no decay of recovery), the roles of the
//! two are exchanged. Cost: about 150 evaluations of F and F′ per bend of the equations. It can fail only if
//! F turns twice within a small fraction of the width that the model itself declares for its bends.

use super::linear::{Eigenvalue, Type, classify, eigenvalues, jacobian};
use super::root::bracketed;
use crate::model::Dynamics;
use crate::scalar::D1;

/// An equilibrium of the flow.
#[derive(Clone, Debug)]
pub struct FixedPoint {
    /// The state.
    pub state: Vec<f64>,
    /// Eigenvalues of the linearisation in 1/ms, largest real part first.
    pub eigenvalues: Vec<Eigenvalue>,
    /// The Jacobian there, row by row, in 1/ms and ratios of the states' units.
    pub jacobian: Vec<f64>,
    /// What kind of point it is.
    pub kind: Type,
    /// True at or above the firing level of a reset model, where the neuron never gets.
    pub is_virtual: bool,
}

impl FixedPoint {
    /// Trace and determinant of the Jacobian of a planar model; `None` in other dimensions.
    #[must_use]
    pub fn trace_determinant(&self) -> Option<[f64; 2]> {
        match *self.jacobian.as_slice() {
            [a, b, c, d] => Some([a + d, a * d - b * c]),
            _ => None,
        }
    }
}

/// All equilibria, or the fact that there is a continuum of them.
#[derive(Clone, Debug, Default)]
pub struct Equilibria {
    /// Ordered by the first state.
    pub points: Vec<FixedPoint>,
    /// True if equilibria fill a curve; the list is then empty.
    pub degenerate: bool,
}

/// All equilibria for input current `i`.
#[must_use]
pub fn equilibria(neuron: &dyn Dynamics, p: &[f64], i: f64) -> Equilibria {
    let states = match recovery(neuron, p, i) {
        Recovery::Frozen => return Equilibria { points: Vec::new(), degenerate: true },
        Recovery::Never => Vec::new(),
        Recovery::Pinned(state) => vec![state],
        Recovery::Follows => {
            let mut balance = Balance::new(neuron, p, i);
            if balance.vanishes() {
                return Equilibria { points: Vec::new(), degenerate: true };
            }
            let zeros = balance.zeros();
            zeros.into_iter().map(|v| balance.state(v)).collect()
        }
    };
    let points = states.into_iter().map(|state| describe(neuron, p, i, state)).collect();
    Equilibria { points, degenerate: false }
}

fn describe(neuron: &dyn Dynamics, p: &[f64], i: f64, state: Vec<f64>) -> FixedPoint {
    let j = jacobian(neuron, &state, p, i);
    let size = j.iter().map(|a| a * a).sum::<f64>().sqrt();
    let eigenvalues = eigenvalues(&j);
    let kind = classify(&eigenvalues, size);
    let is_virtual = neuron.resets() && neuron.spike(&state, p) >= 0.0;
    FixedPoint { state, eigenvalues, jacobian: j, kind, is_virtual }
}

/// True if all variables but the first have a steady value at every potential, so that equilibria lie on one curve.
pub(super) fn has_curve(neuron: &dyn Dynamics, p: &[f64], i: f64) -> bool {
    matches!(recovery(neuron, p, i), Recovery::Follows)
}

/// What the equation of a second variable says about its steady value.
enum Recovery {
    /// It has one at every V.
    Follows,
    /// The variable never changes: equilibria fill the V-nullcline.
    Frozen,
    /// It rests at one V only, whatever its value.
    Pinned(Vec<f64>),
    /// It never rests.
    Never,
}

fn recovery(neuron: &dyn Dynamics, p: &[f64], i: f64) -> Recovery {
    if neuron.dim() != 2 {
        return Recovery::Follows;
    }
    let mut x = vec![0.0; 2];
    neuron.steady(neuron.start(p), p, &mut x);
    let j = jacobian(neuron, &x, p, i);
    let mut dx = [0.0; 2];
    neuron.rhs(&x, p, i, &mut dx);
    match *j.as_slice() {
        [_, _, _, decay] if decay != 0.0 => Recovery::Follows,
        [_, _, 0.0, _] => {
            if dx[1] == 0.0 {
                Recovery::Frozen
            } else {
                Recovery::Never
            }
        }
        [_, b, c, _] if b != 0.0 => {
            // The second equation is affine in V alone, and the first affine in the second variable.
            x[0] -= dx[1] / c;
            neuron.rhs(&x, p, i, &mut dx);
            x[1] -= dx[0] / b;
            Recovery::Pinned(x)
        }
        _ => Recovery::Never,
    }
}

/// F(V), its derivative, and where to look at them.
struct Balance<'a> {
    neuron: &'a dyn Dynamics,
    p: &'a [f64],
    i: f64,
    params: Vec<D1>,
    state: Vec<D1>,
    slope: Vec<D1>,
}

/// One sample of F: V, F, F′.
#[derive(Clone, Copy)]
struct Sample {
    v: f64,
    f: f64,
    slope: f64,
}

/// Offsets of the samples round a bend, in widths: dense where sigmoids turn, sparse in their tails.
const OFFSETS: [f64; 21] = [0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.4, 2.8, 3.3, 4.0, 5.0, 6.5, 8.0, 10.0, 13.0, 17.0, 23.0, 30.0];
/// Beyond all bends equations are affine or blow up; samples reach out to this voltage by factors.
const FURTHEST: f64 = 1e13;

impl<'a> Balance<'a> {
    fn new(neuron: &'a dyn Dynamics, p: &'a [f64], i: f64) -> Self {
        let zero = D1::from(0.0);
        let params = p.iter().map(|p| D1::from(*p)).collect();
        Self { neuron, p, i, params, state: vec![zero; neuron.dim()], slope: vec![zero; neuron.dim()] }
    }

    fn state(&self, v: f64) -> Vec<f64> {
        let mut x = vec![0.0; self.neuron.dim()];
        self.neuron.steady(v, self.p, &mut x);
        x
    }

    fn sample(&mut self, v: f64) -> Sample {
        self.neuron.steady_d1(D1::new(v, 1.0), &self.params, &mut self.state);
        self.neuron.rhs_d1(&self.state, &self.params, D1::from(self.i), &mut self.slope);
        let d = self.slope.first().copied().unwrap_or(D1::from(0.0));
        Sample { v, f: d.re, slope: d.eps }
    }

    /// True if F is zero everywhere.
    fn vanishes(&mut self) -> bool {
        let centre = self.neuron.start(self.p);
        [-50.0, 0.0, 70.0].into_iter().all(|offset| {
            let s = self.sample(centre + offset);
            s.f == 0.0 && s.slope == 0.0
        })
    }

    fn grid(&self) -> Vec<f64> {
        grid(self.neuron, self.p)
    }

    fn zeros(&mut self) -> Vec<f64> {
        let mut zeros = Vec::new();
        let mut last: Option<Sample> = None;
        for v in self.grid() {
            let s = self.sample(v);
            if s.f.is_nan() {
                continue;
            }
            if let Some(before) = last {
                self.interval(before, s, &mut zeros);
            }
            last = Some(s);
        }
        zeros.dedup_by(|b, a| (*b - *a).abs() <= 8.0 * f64::EPSILON * a.abs().max(1e-3));
        zeros.retain(|v| self.is_isolated(*v));
        zeros
    }

    fn interval(&mut self, a: Sample, b: Sample, zeros: &mut Vec<f64>) {
        if a.slope.is_finite() && b.slope.is_finite() && (a.slope > 0.0) != (b.slope > 0.0) && a.slope != 0.0 {
            let at = bracketed(|v| self.sample(v).slope, (a.v, a.slope), (b.v, b.slope));
            let knee = self.sample(at);
            if self.touches(knee) {
                zeros.push(knee.v);
                return;
            }
            self.monotone(a, knee, zeros);
            self.monotone(knee, b, zeros);
        } else {
            self.monotone(a, b, zeros);
        }
    }

    /// False far out, where every conductance has underflowed and F is zero everywhere: nothing rests there.
    fn is_isolated(&mut self, v: f64) -> bool {
        let near = 1e-3 * v.abs().max(1e-3);
        [v - near, v, v + near].into_iter().map(|v| self.sample(v)).any(|s| s.f != 0.0 || (s.slope != 0.0 && !s.slope.is_nan()))
    }

    fn monotone(&mut self, a: Sample, b: Sample, zeros: &mut Vec<f64>) {
        if a.f == 0.0 {
            zeros.push(a.v);
        } else if b.f == 0.0 {
            zeros.push(b.v);
        } else if (a.f > 0.0) != (b.f > 0.0) {
            zeros.push(bracketed(|v| self.sample(v).f, (a.v, a.f), (b.v, b.f)));
        }
    }

    /// True if two zeros at a knee are closer than rounding can tell: they count as one.
    fn touches(&mut self, knee: Sample) -> bool {
        let step = 1e-6 * knee.v.abs().max(1.0);
        let curvature = (self.sample(knee.v + step).slope - self.sample(knee.v - step).slope) / (2.0 * step);
        knee.f.abs() <= 0.5 * curvature.abs() * step * step
    }
}

/// Potentials at which a search for equilibria looks: dense where the equations bend, reaching far out.
pub(super) fn grid(neuron: &dyn Dynamics, p: &[f64]) -> Vec<f64> {
    let bends = neuron.bends(p);
    let mut grid: Vec<f64> = bends.iter().flat_map(|(v, width)| OFFSETS.iter().flat_map(move |o| [v - o * width, v + o * width])).collect();
    let (low, high) = grid.iter().fold((0.0_f64, 0.0_f64), |(a, b), v| (a.min(*v), b.max(*v)));
    let mut reach = 100.0;
    while reach < FURTHEST {
        grid.extend([low - reach, high + reach]);
        reach *= 10.0;
    }
    grid.sort_by(f64::total_cmp);
    grid.dedup();
    grid
}

#[cfg(test)]
mod tests {
    use super::equilibria;

    #[test]
    fn a_cell_without_leak_has_its_rest_and_none_where_every_gate_is_shut() {
        let neuron = crate::model::find("hodgkin_huxley").expect("a model");
        let mut p = neuron.defaults();
        let leak = neuron.params().iter().position(|f| f.id == "g_L").expect("a leak");
        p[leak] = 0.0;
        let found = equilibria(neuron, &p, 0.0);
        assert!(!found.points.is_empty() && found.points.iter().all(|point| point.state[0].abs() < 200.0), "{:?}", found.points);
    }
}
