//! Branches of equilibria over one quantity, with their folds, Hopf points and stability.
//!
//! Special points are zeros of test functions along the curve, located to rounding; stability changes at them and
//! nowhere else, so it is read once between any two of them and never from a threshold.
#![expect(clippy::cast_precision_loss, reason = "counts of nodes and samples are far below 2⁵³")]

mod arc;
mod curve;
pub mod hopf;

pub use curve::{Curve, Window};
pub use hopf::Hopf;

use super::family::{Family, Vector};
use super::root::bracketed;

/// A point of a branch of equilibria.
#[derive(Clone, Copy, Debug)]
pub struct Rest {
    /// The varied quantity.
    pub value: f64,
    /// The state, padded with zeros.
    pub state: Vector,
    /// True if small perturbations die out.
    pub stable: bool,
}

/// What happens at a special point of a branch of equilibria.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// The branch turns: two equilibria meet.
    Fold,
    /// Two branches cross.
    Crossing,
    /// A pair of eigenvalues crosses the imaginary axis.
    Hopf(Hopf),
}

/// A special point of a branch of equilibria.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// The varied quantity.
    pub value: f64,
    /// The state.
    pub state: Vector,
    /// Bound on the error of the value.
    pub error: f64,
    /// What happens.
    pub event: Event,
}

/// A branch of equilibria.
#[derive(Clone, Debug, Default)]
pub struct RestBranch {
    /// Its points, in order along the branch.
    pub points: Vec<Rest>,
    /// Its special points.
    pub marks: Vec<Mark>,
}

/// All branches of equilibria in a window. Virtual equilibria of reset models (at or above the firing level) are left out.
pub fn rest_branches(family: &mut Family, window: &Window) -> Vec<RestBranch> {
    curve::curves(family, window).iter().flat_map(|curve| branch(family, curve)).collect()
}

/// The point at one coordinate, and test functions there.
#[derive(Clone, Copy)]
struct Tests {
    s: f64,
    state: Vector,
    value: f64,
    /// ∂F/∂V.
    fold: f64,
    hopf: f64,
    /// Spike function of a reset model: negative where the neuron gets.
    level: f64,
}

fn tests(family: &mut Family, curve: &Curve, s: f64) -> Tests {
    let (state, value) = curve.at(family, s);
    let n = family.dim();
    let neuron = family.neuron();
    let level = if neuron.resets() {
        let (p, _) = family.at(value);
        neuron.spike(&state[..n], p)
    } else {
        -1.0
    };
    let local = family.local(&state, value);
    let hopf = hopf::test(&hopf::characteristic(&local.by_state, n), n).0;
    Tests { s, state, value, fold: curve.slope(family, (&state, value)), hopf, level }
}

/// A coordinate on a curve at which something happens.
enum Found {
    Mark(f64, Mark),
    /// The firing level of a reset model is crossed.
    Level(f64),
}

impl Found {
    fn s(&self) -> f64 {
        match self {
            Self::Mark(s, _) | Self::Level(s) => *s,
        }
    }
}

fn branch(family: &mut Family, curve: &Curve) -> Vec<RestBranch> {
    let samples: Vec<Tests> = curve.knots.iter().map(|s| tests(family, curve, *s)).collect();
    let mut found = Vec::new();
    for pair in samples.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let zero = |family: &mut Family, pick: fn(&Tests) -> f64| {
            let (x, y) = (pick(&a), pick(&b));
            ((x > 0.0) != (y > 0.0) && x.is_finite() && y.is_finite()).then(|| bracketed(|s| pick(&tests(family, curve, s)), (a.s, x), (b.s, y)))
        };
        if let Some(s) = zero(family, |t| t.fold) {
            let (state, value) = curve.at(family, s);
            let event = if curve.is_line() { Event::Crossing } else { Event::Fold };
            found.push(Found::Mark(s, Mark { value, state, error: uncertainty(family, curve, s, b.s - a.s), event }));
        }
        if let Some(s) = zero(family, |t| t.hopf) {
            found.extend(hopf_mark(family, curve, s, b.s - a.s).map(|mark| Found::Mark(s, mark)));
        }
        if let Some(s) = zero(family, |t| t.level) {
            found.push(Found::Level(s));
        }
    }
    for three in samples.windows(3) {
        for s in close_pair(family, curve, three) {
            found.extend(hopf_mark(family, curve, s, three[2].s - three[0].s).map(|mark| Found::Mark(s, mark)));
        }
    }
    found.sort_by(|a, b| a.s().total_cmp(&b.s()));
    assemble(family, curve, &samples, found)
}

/// Two Hopf points between knots whose test has the same sign: found where it dips towards zero.
fn close_pair(family: &mut Family, curve: &Curve, three: &[Tests]) -> Vec<f64> {
    let &[a, b, c] = three else { return Vec::new() };
    let sign = b.hopf.signum();
    let dips = sign * b.hopf < sign * a.hopf && sign * b.hopf < sign * c.hopf && a.hopf * b.hopf > 0.0 && c.hopf * b.hopf > 0.0;
    // A dip that is shallow compared with its surroundings cannot reach zero.
    if !dips || b.hopf.abs() > 0.5 * a.hopf.abs().min(c.hopf.abs()) {
        return Vec::new();
    }
    let (mut low, mut high, mut best) = (a.s, c.s, (b.s, sign * b.hopf));
    for _ in 0..40 {
        let at = if best.0 - low > high - best.0 { 0.62 * best.0 + 0.38 * low } else { 0.62 * best.0 + 0.38 * high };
        let y = sign * tests(family, curve, at).hopf;
        if y < 0.0 {
            let mut ends = vec![(a.s, sign * a.hopf), (c.s, sign * c.hopf)];
            return ends.drain(..).map(|end| bracketed(|s| sign * tests(family, curve, s).hopf, end, (at, y))).collect();
        }
        if y < best.1 {
            (low, high) = if at < best.0 { (low, best.0) } else { (best.0, high) };
            best = (at, y);
        } else if at < best.0 {
            low = at;
        } else {
            high = at;
        }
    }
    Vec::new()
}

fn hopf_mark(family: &mut Family, curve: &Curve, s: f64, span: f64) -> Option<Mark> {
    let (state, value) = curve.at(family, s);
    let n = family.dim();
    let local = family.local(&state, value);
    let (_, square) = hopf::test(&hopf::characteristic(&local.by_state, n), n);
    if !(square > 0.0 && square.is_finite()) {
        // A neutral saddle: two real eigenvalues of opposite sign.
        return None;
    }
    let frequency = square.sqrt();
    // Where rates differ by ten orders of magnitude the test is rounding: a pair of eigenvalues must bear it out.
    let eigenvalues = family.eigenvalues(&state, value);
    let largest = eigenvalues.iter().map(|e| e.re.hypot(e.im)).fold(0.0, f64::max);
    if !eigenvalues.iter().any(|e| (e.im - frequency).abs() < 1e-3 * frequency + 1e-7 * largest) {
        return None;
    }
    let hopf = hopf::hopf(family, &state[..n], value, frequency)?;
    Some(Mark { value, state, error: uncertainty(family, curve, s, span), event: Event::Hopf(hopf) })
}

/// How far the value moves when the coordinate is off by what the location of a zero leaves open.
fn uncertainty(family: &mut Family, curve: &Curve, s: f64, span: f64) -> f64 {
    let off = 1e-9 * span.abs().max(1e-9 * s.abs());
    let (_, here) = curve.at(family, s);
    let around = [s - off, s + off].map(|s| (curve.at(family, s).1 - here).abs());
    around[0].max(around[1]) + 1e-12 * here.abs()
}

/// Points between the found coordinates, each stretch with the stability in its middle.
fn assemble(family: &mut Family, curve: &Curve, samples: &[Tests], found: Vec<Found>) -> Vec<RestBranch> {
    let (Some(first), Some(last)) = (samples.first(), samples.last()) else { return Vec::new() };
    let mut borders = vec![first.s];
    borders.extend(found.iter().map(Found::s));
    borders.push(last.s);
    let mut branches = Vec::new();
    let mut open = RestBranch::default();
    let mut found = found.into_iter();
    for ends in borders.windows(2) {
        let (from, to) = (ends[0], ends[1]);
        let middle = tests(family, curve, 0.5 * (from + to));
        if middle.level < 0.0 {
            let stable = is_stable(family, &middle);
            let mut end = |s: f64| {
                let (state, value) = curve.at(family, s);
                Rest { value, state, stable }
            };
            open.points.push(end(from));
            open.points.extend(samples.iter().filter(|t| t.s > from && t.s < to).map(|t| Rest { value: t.value, state: t.state, stable }));
            open.points.push(end(to));
        }
        match found.next() {
            Some(Found::Mark(_, mark)) if middle.level < 0.0 => open.marks.push(mark),
            Some(Found::Level(_)) | None if !open.points.is_empty() => branches.push(std::mem::take(&mut open)),
            _ => {}
        }
    }
    branches
}

fn is_stable(family: &mut Family, at: &Tests) -> bool {
    family.eigenvalues(&at.state, at.value).iter().all(|e| e.re < 0.0)
}

#[cfg(test)]
mod tests_of_branches {
    use super::*;
    use crate::analysis::family::Over;

    fn marks(id: &str, set: &[(&str, f64)], over: &str, value: (f64, f64)) -> Vec<Mark> {
        let neuron = crate::model::find(id).expect("a model");
        let mut p = neuron.defaults();
        for (id, value) in set {
            p[crate::model::Field::position(neuron.params(), id).expect("a parameter")] = *value;
        }
        let mut family = Family::new(neuron, &p, 0.0, Over::find(neuron, over).expect("a quantity"));
        let branches = rest_branches(&mut family, &Window { value, potential: 100.0 });
        branches.into_iter().flat_map(|b| b.marks).collect()
    }

    #[test]
    fn hodgkin_huxley_has_its_two_hopf_points() {
        let found = marks("hodgkin_huxley", &[("E_L", -54.4)], "I", (0.0, 200.0));
        println!("{found:#?}");
        assert_eq!(found.len(), 2);
        assert!((found[0].value - 9.779_338).abs() < 1e-5 && (found[1].value - 154.526_33).abs() < 1e-4);
        let l1: Vec<f64> = found.iter().filter_map(|m| if let Event::Hopf(h) = m.event { Some(h.first_lyapunov) } else { None }).collect();
        assert!((l1[0] - 0.01479).abs() < 1e-5 && (l1[1] + 0.00473).abs() < 1e-5, "{l1:?}");
    }
}
