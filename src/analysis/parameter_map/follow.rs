//! Fold and Hopf curves in the space of V and two parameters, by pseudo-arclength.

use super::{Field, MapPoint, MapSpecial, Meeting};
use crate::analysis::branches::hopf;
use crate::analysis::family::{Family, Vector};

/// The second equation of a curve; the first is F(V, x, y) = 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// ∂F/∂V = 0.
    Fold,
    /// Two eigenvalues add to zero.
    Hopf,
}

/// Where the two equations are evaluated, in units of the window.
type U = [f64; 3];

/// The two equations of a curve.
pub struct Problem<'f, 'a> {
    field: &'f Field<'a>,
    test: Test,
    scale: U,
}

/// What is known at a point of a curve besides its place.
#[derive(Clone, Copy)]
struct Extra {
    /// Changes sign at a cusp (fold) or a Bautin point (Hopf).
    first: f64,
    /// Changes sign at a Bogdanov–Takens point, and on a Hopf curve also where a rate vanishes.
    second: f64,
    /// ∂F/∂V, zero on a fold.
    slope: f64,
}

impl<'f, 'a> Problem<'f, 'a> {
    /// The equations over this field.
    pub fn new(field: &'f Field<'a>, test: Test) -> Self {
        let width = |k: usize| field.range[k].1 - field.range[k].0;
        Self { field, test, scale: [field.potential(), width(0), width(1)] }
    }

    fn family(&self, u: &U) -> (Family<'a>, f64, f64) {
        let [v, x, y] = self.model(u);
        (self.field.slice(0, y), v, x)
    }

    fn model(&self, u: &U) -> U {
        std::array::from_fn(|k| u[k] * self.scale[k])
    }

    fn residual(&self, u: &U) -> [f64; 2] {
        let (mut family, v, x) = self.family(u);
        let (f, by_v, _) = family.balance(v, x);
        match self.test {
            Test::Fold => [f, by_v],
            Test::Hopf => [f, hopf::test(&self.characteristic(u), family.dim()).0],
        }
    }

    fn characteristic(&self, u: &U) -> Vector {
        let (mut family, v, x) = self.family(u);
        let state = family.steady(v, x);
        hopf::characteristic(&family.local(&state, x).by_state, family.dim())
    }

    /// Derivatives of both equations by central differences: they steer Newton's method and do not limit its accuracy.
    fn gradient(&self, u: &U) -> [U; 2] {
        let mut rows = [[0.0; 3]; 2];
        for k in 0..3 {
            let (mut low, mut high) = (*u, *u);
            let step = 1e-6;
            low[k] -= step;
            high[k] += step;
            let (a, b) = (self.residual(&low), self.residual(&high));
            for row in 0..2 {
                rows[row][k] = (b[row] - a[row]) / (2.0 * step);
            }
        }
        rows
    }

    fn extra(&self, u: &U) -> Extra {
        let c = self.characteristic(u);
        let (mut family, v, x) = self.family(u);
        let n = family.dim();
        let slope = family.balance_slope(v, x);
        match self.test {
            Test::Fold => Extra { first: self.gradient(u)[1][0], second: if n > 1 { c[n - 2] } else { 1.0 }, slope },
            Test::Hopf => {
                let square = hopf::test(&c, n).1;
                let state = family.steady(v, x);
                let found = (square > 0.0).then(|| hopf::hopf(&mut family, &state[..n], x, square.sqrt())).flatten();
                Extra { first: found.map_or(f64::NAN, |h| h.first_lyapunov), second: square, slope }
            }
        }
    }

    /// Newton's method in the plane through `guess` across `along`.
    fn settle(&self, guess: U, along: U) -> Option<U> {
        let mut u = guess;
        for _ in 0..10 {
            let r = self.residual(&u);
            let [a, b] = self.gradient(&u);
            let off: f64 = (0..3).map(|k| along[k] * (u[k] - guess[k])).sum();
            let step = solve([a, b, along], [-r[0], -r[1], -off])?;
            for k in 0..3 {
                u[k] += step[k];
            }
            let size = step.iter().fold(0.0_f64, |m, s| m.max(s.abs()));
            if size < 1e-10 {
                return Some(u);
            }
            if size > 1.0 || size.is_nan() {
                return None;
            }
        }
        None
    }

    /// The direction of the curve, of unit length in the window.
    fn tangent(&self, u: &U) -> Option<U> {
        let [a, b] = self.gradient(u);
        let (na, nb) = (length(&a), length(&b));
        let (a, b) = (a.map(|x| x / na), b.map(|x| x / nb));
        let t = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
        let size = length(&t);
        (size > 1e-12).then(|| t.map(|x| x / size))
    }

    fn inside(&self, u: &U) -> bool {
        let [_, x, y] = self.model(u);
        let holds = |k: usize, value: f64| value >= self.field.range[k].0 && value <= self.field.range[k].1;
        holds(0, x) && holds(1, y)
    }
}

fn length(v: &U) -> f64 {
    v.iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// Cramer's rule; rows are scaled first.
fn solve(rows: [U; 3], right: U) -> Option<U> {
    let mut m = rows;
    let mut r = right;
    for k in 0..3 {
        let size = length(&m[k]);
        if !(size > 0.0 && size.is_finite()) {
            return None;
        }
        m[k] = m[k].map(|x| x / size);
        r[k] /= size;
    }
    let det = |m: &[U; 3]| {
        m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
            + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    };
    let all = det(&m);
    if all.abs() < 1e-14 {
        return None;
    }
    Some(std::array::from_fn(|column| {
        let mut with = m;
        for (row, value) in with.iter_mut().zip(r) {
            row[column] = value;
        }
        det(&with) / all
    }))
}

/// Longest and shortest step, where 1 is the size of the window.
const STEPS: (f64, f64) = (0.012, 1e-6);
/// Points of a curve to one side at most.
const MOST: usize = 1500;

/// Follows a curve to both sides of a point.
pub struct Walk<'f, 'a> {
    problem: Problem<'f, 'a>,
    special: Vec<MapSpecial>,
}

impl<'f, 'a> Walk<'f, 'a> {
    /// Over these equations.
    pub fn new(problem: Problem<'f, 'a>) -> Self {
        Self { problem, special: Vec::new() }
    }

    /// The curve through a point, and its special points.
    pub fn both_ways(mut self, seed: [f64; 3]) -> (Vec<MapPoint>, Vec<MapSpecial>) {
        let start: U = std::array::from_fn(|k| seed[k] / self.problem.scale[k]);
        let Some(t) = self.problem.tangent(&start) else { return (vec![self.point(&start)], Vec::new()) };
        let ahead = self.one_way(start, t);
        let closed = ahead.len() > 5 && ahead.last().is_some_and(|u| length(&std::array::from_fn(|k| u[k] - start[k])) < 1e-9);
        let mut points = if closed { Vec::new() } else { self.one_way(start, t.map(|x| -x)) };
        points.reverse();
        points.push(start);
        points.extend(ahead);
        (points.iter().map(|u| self.point(u)).collect(), self.special)
    }

    fn point(&self, u: &U) -> MapPoint {
        let [_, x, y] = self.problem.model(u);
        let subcritical = self.problem.test == Test::Hopf && self.problem.extra(u).first > 0.0;
        MapPoint { x, y, subcritical }
    }

    fn one_way(&mut self, start: U, direction: U) -> Vec<U> {
        let mut points = Vec::new();
        let (mut here, mut t, mut step) = (start, direction, STEPS.0);
        let mut known = self.problem.extra(&here);
        while points.len() < MOST && step > STEPS.1 {
            let guess = std::array::from_fn(|k| here[k] + step * t[k]);
            let next = self.problem.settle(guess, t).and_then(|u| Some((u, self.problem.tangent(&u)?)));
            let Some((next, turn)) = next else {
                step *= 0.5;
                continue;
            };
            let cosine: f64 = (0..3).map(|k| t[k] * turn[k]).sum();
            if cosine.abs() < 0.95 && step > 1e-4 {
                step *= 0.5;
                continue;
            }
            let extra = self.problem.extra(&next);
            if let Some(end) = self.crossings((here, t, known), extra, step) {
                points.push(if self.problem.inside(&end) { end } else { self.border(&here, &end) });
                return points;
            }
            if !self.problem.inside(&next) {
                points.push(self.border(&here, &next));
                return points;
            }
            points.push(next);
            if points.len() > 5 && length(&std::array::from_fn(|k| next[k] - start[k])) < step {
                points.push(start);
                return points;
            }
            t = if cosine < 0.0 { turn.map(|x| -x) } else { turn };
            (here, known) = (next, extra);
            step = (1.4 * step).min(STEPS.0);
        }
        points
    }

    /// Notes what changes sign on a step; the point at which the curve ends, if it does.
    fn crossings(&mut self, (from, t, before): (U, U, Extra), after: Extra, step: f64) -> Option<U> {
        let flips = |x: f64, y: f64| x.is_finite() && y.is_finite() && (x > 0.0) != (y > 0.0);
        let first = if self.problem.test == Test::Fold { Meeting::Cusp } else { Meeting::Bautin };
        if flips(before.first, after.first)
            && let Some(at) = self.locate(&from, &t, step, |e| e.first, before.first)
        {
            self.note(first, at);
        }
        if !flips(before.second, after.second) {
            return None;
        }
        let at = self.locate(&from, &t, step, |e| e.second, before.second)?;
        if self.problem.test == Test::Fold {
            self.note(Meeting::BogdanovTakens, at);
            return None;
        }
        // The frequency also falls to nothing with a rate, away from any fold. Beyond either point the two eigenvalues are
        // real: a neutral saddle, no Hopf point.
        if flips(before.slope, after.slope) {
            self.note(Meeting::BogdanovTakens, at);
        }
        Some(at.0)
    }

    fn note(&mut self, kind: Meeting, (u, error): (U, f64)) {
        let [_, x, y] = self.problem.model(&u);
        if self.problem.inside(&u) {
            self.special.push(MapSpecial { kind, x, y, error });
        }
    }

    /// Bisection along the step for the sign change of a test; the second is a bound on the error, in widths of the ranges.
    fn locate(&self, from: &U, t: &U, step: f64, test: fn(&Extra) -> f64, at_start: f64) -> Option<(U, f64)> {
        let (mut low, mut high) = (0.0, step);
        let mut found = None;
        for _ in 0..40 {
            let middle = 0.5 * (low + high);
            let Some(u) = self.problem.settle(std::array::from_fn(|k| from[k] + middle * t[k]), *t) else { break };
            let y = test(&self.problem.extra(&u));
            found = Some(u);
            // Beyond a Bogdanov–Takens point there is no Lyapunov coefficient.
            if y.is_finite() && (y > 0.0) == (at_start > 0.0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        found.map(|u| (u, (high - low) + 1e-7))
    }

    /// The point between two at which the window is left.
    fn border(&self, a: &U, b: &U) -> U {
        let (ma, mb) = (self.problem.model(a), self.problem.model(b));
        let mut along: f64 = 1.0;
        for k in 0..2 {
            for border in [self.problem.field.range[k].0, self.problem.field.range[k].1] {
                let (x, y) = (ma[k + 1], mb[k + 1]);
                if (x - border) * (y - border) < 0.0 {
                    along = along.min((border - x) / (y - x));
                }
            }
        }
        std::array::from_fn(|k| a[k] + along * (b[k] - a[k]))
    }
}
