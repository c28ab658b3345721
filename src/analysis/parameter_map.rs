//! The map of two parameters: curves on which equilibria fold or lose their stability in a Hopf point, on which cycles
//! fold or end on a saddle, and the points where such curves meet.
//!
//! Fold and Hopf curves are solved for as curves in the space (V, x, y) and followed from the special points of
//! one-parameter diagrams along several lines of either parameter. Curves of cycles come from one-parameter diagrams
//! slice by slice. (Kuznetsov 2004, ch. 8 and 10, doi 10.1007/978-1-4757-3978-7.)

mod follow;
mod slices;

pub use slices::cycle_curves;

use super::branches::{Event, Window, rest_branches};
use super::family::{Family, Over};
use crate::model::Dynamics;
use follow::{Problem, Test, Walk};

/// What happens on a curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CurveKind {
    /// Two equilibria meet.
    SaddleNode,
    /// A cycle is born from an equilibrium.
    Hopf,
    /// Two cycles meet.
    CycleFold,
    /// A cycle ends on a saddle.
    Homoclinic,
}

impl CurveKind {
    /// The word used in JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::SaddleNode => "saddle_node",
            Self::Hopf => "hopf",
            Self::CycleFold => "cycle_fold",
            Self::Homoclinic => "homoclinic",
        }
    }
}

/// A point of a curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MapPoint {
    /// First parameter.
    pub x: f64,
    /// Second parameter.
    pub y: f64,
    /// On a Hopf curve, true where cycles are born unstable.
    pub subcritical: bool,
}

/// A curve of the map.
#[derive(Clone, Debug, PartialEq)]
pub struct MapCurve {
    /// What happens on it.
    pub kind: CurveKind,
    /// Its points, in order.
    pub points: Vec<MapPoint>,
}

/// A point at which curves meet or change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meeting {
    /// Two fold curves meet in a cusp.
    Cusp,
    /// A Hopf curve ends on a fold curve.
    BogdanovTakens,
    /// The first Lyapunov coefficient vanishes: a curve of cycle folds begins.
    Bautin,
    /// The saddle-node on an invariant circle turns into one off the cycle: a homoclinic curve begins.
    SaddleNodeLoop,
}

impl Meeting {
    /// The word used in JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Cusp => "cusp",
            Self::BogdanovTakens => "bogdanov_takens",
            Self::Bautin => "bautin",
            Self::SaddleNodeLoop => "saddle_node_loop",
        }
    }
}

/// A special point of the map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MapSpecial {
    /// What meets.
    pub kind: Meeting,
    /// First parameter.
    pub x: f64,
    /// Second parameter.
    pub y: f64,
    /// Bound on the error, in widths of the ranges.
    pub error: f64,
}

/// The map.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ParameterMap {
    /// Its curves.
    pub curves: Vec<MapCurve>,
    /// Its special points.
    pub special: Vec<MapSpecial>,
}

/// Two parameters with their ranges; everything else is fixed.
#[derive(Clone)]
pub struct Field<'a> {
    /// The model.
    pub neuron: &'a dyn Dynamics,
    /// Its parameters.
    pub params: Vec<f64>,
    /// Its constant current.
    pub current: f64,
    /// The first and the second parameter.
    pub over: [Over; 2],
    /// Their ranges.
    pub range: [(f64, f64); 2],
}

impl<'a> Field<'a> {
    /// The family over one of the two, the other fixed at `value`.
    #[must_use]
    pub fn slice(&self, along: usize, value: f64) -> Family<'a> {
        let (mut p, mut i) = (self.params.clone(), self.current);
        self.over[1 - along].set(&mut p, &mut i, value);
        Family::new(self.neuron, &p, i, self.over[along])
    }

    /// A value in the range of one of the two, at a fraction.
    fn at(&self, which: usize, fraction: f64) -> f64 {
        let (low, high) = self.range[which];
        low + fraction * (high - low)
    }

    fn potential(&self) -> f64 {
        self.neuron.states().first().map_or(1.0, |f| f.shown.1 - f.shown.0)
    }
}

/// Lines in either direction along which special points are looked for.
const LINES: u32 = 9;

/// The curves of equilibria: folds and Hopf points, with cusps, Bogdanov–Takens and Bautin points. A few milliseconds.
#[must_use]
pub fn equilibrium_curves(field: &Field) -> ParameterMap {
    let mut map = ParameterMap::default();
    for along in 0..2 {
        for line in 0..=LINES {
            let other = field.at(1 - along, (f64::from(line) + if along == 0 { 0.0 } else { 0.37 }) / f64::from(LINES));
            if other > field.range[1 - along].1 {
                continue;
            }
            let mut family = field.slice(along, other);
            let window = Window { value: field.range[along], potential: field.potential() };
            for mark in rest_branches(&mut family, &window).iter().flat_map(|b| &b.marks) {
                let (kind, test) = match mark.event {
                    Event::Fold => (CurveKind::SaddleNode, Test::Fold),
                    Event::Hopf(_) => (CurveKind::Hopf, Test::Hopf),
                    Event::Crossing => continue,
                };
                let seed = if along == 0 { [mark.state[0], mark.value, other] } else { [mark.state[0], other, mark.value] };
                if !passes(field, &map, kind, seed) {
                    let problem = Problem::new(field, test);
                    let (curve, special) = Walk::new(problem).both_ways(seed);
                    map.curves.push(MapCurve { kind, points: curve });
                    for point in special {
                        note(field, &mut map, point);
                    }
                }
            }
        }
    }
    map
}

/// Adds a special point unless it is there already.
fn note(field: &Field, map: &mut ParameterMap, point: MapSpecial) {
    let near = |p: &MapSpecial| p.kind == point.kind && apart(field, (p.x, p.y), (point.x, point.y)) < 2e-3;
    if !map.special.iter().any(near) {
        map.special.push(point);
    }
}

/// Distance in widths of the ranges.
fn apart(field: &Field, a: (f64, f64), b: (f64, f64)) -> f64 {
    let width = |k: usize| field.range[k].1 - field.range[k].0;
    ((a.0 - b.0) / width(0)).hypot((a.1 - b.1) / width(1))
}

/// True if a curve of this kind passes through a point already.
fn passes(field: &Field, map: &ParameterMap, kind: CurveKind, [_, x, y]: [f64; 3]) -> bool {
    map.curves.iter().filter(|c| c.kind == kind).any(|c| {
        c.points.windows(2).any(|w| {
            let (a, b) = ((w[0].x, w[0].y), (w[1].x, w[1].y));
            let length = apart(field, a, b).max(1e-12);
            // The point lies on the chord if the ways to its ends add to hardly more than the chord.
            apart(field, a, (x, y)) + apart(field, (x, y), b) < length * 1.0005 + 2e-4
        })
    })
}
