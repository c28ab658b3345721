//! Nullclines and flow in a plane of two states.
//!
//! Solved, column by column in the first state: f₀(x, y) = 0 and `f_y(x, y)` = 0, with the remaining states
//! held or at their steady values. A function affine in y is solved exactly; otherwise a sign change within
//! the window is bracketed (each gate enters monotonically). Branches that a pole separates are separate
//! lines: where the factor of y changes sign between two columns, the line is cut.

use super::root::bracketed;
use crate::model::{Dynamics, Kind};

/// What the states that span no axis of a plane do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rest {
    /// Held at this value.
    Held(f64),
    /// At its steady value for the present V.
    Steady,
}

/// A plane of two states: V across, another state up.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    /// Index of the state on the vertical axis.
    pub y: usize,
    /// What each state does that is not on an axis; one entry per state.
    pub rest: Vec<Rest>,
}

/// Lines in the plane, each a list of points (x, y).
pub type Lines = Vec<Vec<[f64; 2]>>;

impl Plane {
    /// The natural plane of a model: V and its recovery variable; fast gates follow V, others are held.
    #[must_use]
    pub fn natural(neuron: &dyn Dynamics, state: &[f64]) -> Option<Self> {
        let y = neuron.states().iter().skip(1).position(|f| f.kind == Kind::Recovery).map_or(1, |k| k + 1);
        (neuron.dim() > 1).then(|| Self::of(neuron, y, state))
    }

    /// The plane of V and state `y`; the activation gate follows V, other states are held at `state`.
    #[must_use]
    pub fn of(neuron: &dyn Dynamics, y: usize, state: &[f64]) -> Self {
        let rest = neuron
            .states()
            .iter()
            .zip(state)
            .map(|(field, value)| if field.kind == Kind::Activation { Rest::Steady } else { Rest::Held(*value) })
            .collect();
        Self { y, rest }
    }

    /// The full state at a point of the plane.
    pub fn lift(&self, neuron: &dyn Dynamics, p: &[f64], at: [f64; 2], x: &mut [f64]) {
        neuron.steady(at[0], p, x);
        for (index, (x, rest)) in x.iter_mut().zip(&self.rest).enumerate() {
            if index == self.y {
                *x = at[1];
            } else if let (Rest::Held(value), true) = (rest, index > 0) {
                *x = *value;
            }
        }
    }

    /// The two components of the flow at a point of the plane.
    fn slope(&self, field: &Field2<'_>, at: [f64; 2], x: &mut [f64], dx: &mut [f64]) -> [f64; 2] {
        self.lift(field.neuron, field.p, at, x);
        field.neuron.rhs(x, field.p, field.i, dx);
        [dx.first().copied().unwrap_or(0.0), dx.get(self.y).copied().unwrap_or(0.0)]
    }
}

struct Field2<'a> {
    neuron: &'a dyn Dynamics,
    p: &'a [f64],
    i: f64,
}

/// The nullclines of V and of the second state inside `window` = (x range, y range), sampled at `columns`
/// columns. Lines may leave the window by one point, for the painter to clip.
#[must_use]
pub fn nullclines(neuron: &dyn Dynamics, p: &[f64], i: f64, plane: &Plane, window: [(f64, f64); 2], columns: usize) -> [Lines; 2] {
    let field = Field2 { neuron, p, i };
    let mut x = vec![0.0; neuron.dim()];
    let mut dx = vec![0.0; neuron.dim()];
    let least = neuron.states().get(plane.y).map_or(f64::NEG_INFINITY, |f| f.min);
    [0, 1].map(|component| {
        let mut pen = Pen { lines: Vec::new(), sign: 0.0, window, outside: None };
        let mut vertical = Vec::new();
        let mut last: Option<(f64, f64)> = None;
        let mut near = Near::default();
        let mut before: Option<(f64, bool)> = None;
        let solve = |v: f64, guess: Option<f64>, x: &mut [f64], dx: &mut [f64]| {
            plane.lift(neuron, p, [v, window[1].0], x);
            let mut f = |y: f64| {
                x[plane.y] = y;
                neuron.rhs(x, p, i, dx);
                dx[if component == 0 { 0 } else { plane.y }]
            };
            Column::solve(&mut f, window[1], least, guess)
        };
        for v in spread(window[0], columns) {
            let column = solve(v, near.guess(), &mut x, &mut dx);
            near.note(&column);
            let has = matches!(column, Column::Zero(_));
            // On a pole itself nothing depends on y.
            let lacks = matches!(column, Column::None | Column::Flat(_));
            if let Some((from, had)) = before.filter(|(_, had)| *had != has && has != lacks) {
                let (with, without) = if had { (from, v) } else { (v, from) };
                let mut points = end_of_line(with, without, |v| solve(v, None, &mut x, &mut dx));
                if has {
                    points.reverse();
                }
                for (v, column) in &points {
                    pen.add(*v, column);
                }
            }
            before = (has || lacks).then_some((v, has));
            if let Column::Flat(value) = column {
                if let Some((v0, f0)) = last
                    && (f0 > 0.0) != (value > 0.0)
                {
                    let at = bracketed(|v| plane.slope(&field, [v, window[1].0], &mut x, &mut dx)[component], (v0, f0), (v, value));
                    vertical.push(vec![[at, window[1].0], [at, window[1].1]]);
                }
                last = Some((v, value));
            } else {
                last = None;
            }
            pen.add(v, &column);
        }
        let mut lines: Lines = pen.lines;
        lines.retain(|line| line.len() > 1);
        lines.extend(vertical);
        lines
    })
}

/// Halvings of the gap in which a line ends.
const HALVINGS: u32 = 14;

/// Points ever nearer to where a line ends between a column that has a zero and one that has none: beside a pole it rises out of the window
/// within one column.
fn end_of_line(has: f64, lacks: f64, mut solve: impl FnMut(f64) -> Column) -> Vec<(f64, Column)> {
    let (mut has, mut lacks) = (has, lacks);
    let mut points = Vec::new();
    for _ in 0..HALVINGS {
        let v = 0.5 * (has + lacks);
        let column = solve(v);
        if matches!(column, Column::Zero(_)) {
            points.push((v, column));
            has = v;
        } else {
            lacks = v;
        }
    }
    points
}

/// What a column of the plane says about a nullcline.
enum Column {
    /// The function is affine in y: its zero, and the sign of its factor.
    Affine(f64, f64),
    /// A bracketed zero.
    Zero(f64),
    /// The function does not depend on y here; its value.
    Flat(f64),
    /// No zero in the window.
    None,
}

impl Column {
    /// Looks in the window and, so that a line can be followed across its edge, three heights beyond it;
    /// `least` is where the variable's own range begins. The only zero there is looked for round a guess first.
    fn solve(f: &mut impl FnMut(f64) -> f64, (low, high): (f64, f64), least: f64, guess: Option<f64>) -> Self {
        let middle = 0.5 * (low + high);
        let (a, m, b) = (f(low), f(middle), f(high));
        let scale = a.abs().max(b.abs()).max(m.abs());
        if !scale.is_finite() {
            return Self::None;
        }
        if (a - b).abs() <= 1e-14 * scale && (a - m).abs() <= 1e-14 * scale {
            return Self::Flat(m);
        }
        if (0.5 * (a + b) - m).abs() <= 1e-9 * (b - a).abs() {
            let factor = (b - a) / (high - low);
            return Self::Affine(middle - m / factor, factor);
        }
        let beyond = 3.0 * (high - low);
        let (below, above) = (low.min((low - beyond).max(least)), high + beyond);
        if let Some(guess) = guess {
            let beside = NEAR * (high - low);
            let (from, to) = ((guess - beside).max(below), (guess + beside).min(above));
            let (a, b) = (f(from), f(to));
            if from < to && (a > 0.0) != (b > 0.0) {
                return Self::Zero(bracketed(f, (from, a), (to, b)));
            }
        }
        let (a, b) = (f(below), f(above));
        if a == 0.0 || (a > 0.0) != (b > 0.0) { Self::Zero(bracketed(f, (below, a), (above, b))) } else { Self::None }
    }
}

/// How far from where its neighbours lead a zero is looked for first, in heights of the window.
const NEAR: f64 = 0.01;

/// The zeros of the last two columns, which lead to that of the next.
#[derive(Default)]
struct Near {
    last: Option<f64>,
    before: Option<f64>,
}

impl Near {
    fn guess(&self) -> Option<f64> {
        Some(2.0 * self.last? - self.before?)
    }

    fn note(&mut self, column: &Column) {
        self.before = self.last;
        self.last = if let Column::Zero(y) = column { Some(*y) } else { None };
    }
}

/// Collects points into lines, lifting where the nullcline leaves the window or has a pole.
struct Pen {
    lines: Lines,
    sign: f64,
    window: [(f64, f64); 2],
    /// The last point of a run outside.
    outside: Option<[f64; 2]>,
}

impl Pen {
    fn add(&mut self, x: f64, column: &Column) {
        let (low, high) = self.window[1];
        // Far outside, clipping is all that matters; keeping values moderate keeps the painter exact.
        let reach = 20.0 * (high - low);
        let (y, sign) = match *column {
            Column::Affine(y, factor) => (y.clamp(low - reach, high + reach), factor.signum()),
            Column::Zero(y) => (y, 1.0),
            Column::Flat(_) | Column::None => {
                self.sign = 0.0;
                return;
            }
        };
        let outside = |y: f64| i8::from(y < low) - i8::from(y > high);
        let is_other = sign.to_bits() != self.sign.to_bits();
        let before = if is_other { None } else { self.outside.take() };
        self.sign = sign;
        match self.lines.last_mut().filter(|_| !is_other) {
            // Of a run of points outside only its first and its last are kept, in lines of their own: one from the first to the last
            // would run along the edge.
            Some(line) if outside(y) != 0 && line.last().is_some_and(|point| outside(point[1]) == outside(y)) => self.outside = Some([x, y]),
            Some(line) if before.is_none() => line.push([x, y]),
            _ => self.lines.push(before.into_iter().chain([[x, y]]).collect()),
        }
    }
}

/// The flow at the points of a grid of `counts` inside `window`: position and components.
#[must_use]
pub fn flow(neuron: &dyn Dynamics, p: &[f64], i: f64, plane: &Plane, window: [(f64, f64); 2], counts: [usize; 2]) -> Vec<([f64; 2], [f64; 2])> {
    let mut x = vec![0.0; neuron.dim()];
    let mut dx = vec![0.0; neuron.dim()];
    let mut arrows = Vec::with_capacity(counts[0] * counts[1]);
    for u in cells(window[0], counts[0]) {
        plane.lift(neuron, p, [u, window[1].0], &mut x);
        for w in cells(window[1], counts[1]) {
            x[plane.y] = w;
            neuron.rhs(&x, p, i, &mut dx);
            arrows.push(([u, w], [dx[0], dx[plane.y]]));
        }
    }
    arrows
}

/// `count` values over an interval, ends included.
fn spread((from, to): (f64, f64), count: usize) -> impl Iterator<Item = f64> {
    let last = count.saturating_sub(1).max(1);
    #[expect(clippy::cast_precision_loss, reason = "counts are screen columns")]
    (0..=last).map(move |k| from + (to - from) * k as f64 / last as f64)
}

/// Middles of `count` equal cells of an interval.
fn cells((from, to): (f64, f64), count: usize) -> impl Iterator<Item = f64> {
    #[expect(clippy::cast_precision_loss, reason = "counts are a few dozen")]
    (0..count).map(move |k| from + (to - from) * (k as f64 + 0.5) / count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nullcline_beside_a_pole_rises_out_of_the_window() {
        for (id, low) in [("hodgkin_huxley", 0.0), ("traub_miles", 0.0), ("traub_miles", -0.04)] {
            let neuron = crate::model::find(id).expect("a model");
            let p = neuron.defaults();
            let mut state = vec![0.0; neuron.dim()];
            neuron.steady(neuron.start(&p), &p, &mut state);
            let plane = Plane::natural(neuron, &state).expect("a plane");
            let window = [(-95.0, 50.0), (low, 0.9)];
            let [lines, _] = nullclines(neuron, &p, 0.0, &plane, window, 117);
            let left = lines.iter().flatten().copied().min_by(|a, b| a[0].total_cmp(&b[0])).expect("a point");
            assert!(left[1] > 0.9, "{id}: {left:?}");
        }
    }

    #[test]
    fn no_line_runs_along_the_edge_where_a_nullcline_is_outside() {
        // Columns as dense as these put points so close beyond the edge that a line between them would show.
        let neuron = crate::model::find("hodgkin_huxley").expect("a model");
        let p = neuron.defaults();
        let plane = Plane::natural(neuron, &[20.0, 0.99, 0.2, 0.68]).expect("a plane");
        let window = [(-85.0, 50.0), (0.28, 0.6)];
        let both = nullclines(neuron, &p, 0.0, &plane, window, 1200);
        assert!(both[0].len() > 1, "it leaves the window and comes back");
        for lines in both {
            let steps = lines.iter().flat_map(|line| line.windows(2));
            let flat = |w: &[[f64; 2]]| w.iter().all(|q| q[1] > 0.6) && w[1][0] - w[0][0] > 1.0;
            assert!(!steps.clone().any(flat), "{:?}", steps.filter(|w| flat(w)).collect::<Vec<_>>());
        }
    }
}
