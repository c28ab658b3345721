//! Stable and unstable manifolds of the saddles of planar models.
//!
//! The manifold of an eigenvalue λ with eigenvector v is x* + s v + s² c + …; inserted into the flow,
//! (2λ − A) c = ½ B(v, v), with B the second derivative of the field, taken exactly. Orbits start on this
//! parabola 10⁻⁴ of a window away from the saddle, where what is left out is of the third order (10⁻¹² of a
//! window), and follow the flow, the stable ones backward (Krauskopf et al. 2005, Int J Bifurcation Chaos
//! 15:763, doi 10.1142/S0218127405012533, for surveys of harder cases). The stable manifold is the separatrix:
//! the border between orbits that come to rest and those that fire. A branch ends beyond the frame, in the trap of an
//! equilibrium, on a spike, or when it winds on to a cycle. Cost: some 50 µs a branch.

use super::equilibria::FixedPoint;
use super::linear::{Type, jacobian};
use super::orbit::{End, Limits, Manner, Orbit, Section, System};
use super::trap::Trap;
use crate::scalar::D3;

/// Distance from the saddle at which manifolds start, in window widths.
const START: f64 = 1e-4;

/// Where the four branches of a saddle's manifolds start, and the two rates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Departures {
    /// On the two halves of the unstable manifold: toward higher V first.
    pub unstable: [[f64; 2]; 2],
    /// On the two halves of the stable manifold: toward higher V first.
    pub stable: [[f64; 2]; 2],
    /// The positive eigenvalue in 1/ms.
    pub growth: f64,
    /// The negative eigenvalue in 1/ms.
    pub decay: f64,
}

/// The starts of a saddle's manifolds; `None` if the point is no saddle.
#[must_use]
pub fn departures(system: &System<2>, saddle: &FixedPoint) -> Option<Departures> {
    let (Type::Saddle, [growth, decay], [v, w]) = (saddle.kind, &*saddle.eigenvalues, &*saddle.state) else { return None };
    let x = [*v, *w];
    let j = jacobian(system.neuron(), &x, system.params(), system.current());
    let half = |rate: f64| starts(system, &x, &j, rate);
    Some(Departures { unstable: half(growth.re)?, stable: half(decay.re)?, growth: growth.re, decay: decay.re })
}

/// Two points on the parabola of the manifold of eigenvalue `rate`.
fn starts(system: &System<2>, x: &[f64; 2], j: &[f64], rate: f64) -> Option<[[f64; 2]; 2]> {
    let [a, b, c, d] = *j else { return None };
    let scale = system.scale();
    // Of the two rows of A − λ the larger one, in window widths, gives the eigenvector.
    let rows = [[b, rate - a], [rate - d, c]];
    let v = *rows.iter().max_by(|p, q| system.length(p).total_cmp(&system.length(q)))?;
    let size = system.length(&v).copysign(if v[0] == 0.0 { v[1] } else { v[0] });
    let v = [v[0] / size, v[1] / size];
    let bend = curvature(system, x, &v);
    let (m, n) = (2.0 * rate - a, 2.0 * rate - d);
    let det = m * n - b * c;
    let bend = [0.5 * (n * bend[0] + b * bend[1]) / det, 0.5 * (c * bend[0] + m * bend[1]) / det];
    let at = |s: f64| [x[0] + s * v[0] + s * s * bend[0], x[1] + s * v[1] + s * s * bend[1]];
    // Where the manifold bends sharply the start comes closer.
    let start = START.min(0.01 / (system.length(&bend)).max(1e-3));
    (det != 0.0 && v.iter().chain(&bend).all(|c| c.is_finite()) && scale[0] > 0.0).then(|| [at(start), at(-start)])
}

/// B(v, v): the second derivative of the field in direction `v`.
fn curvature(system: &System<2>, x: &[f64; 2], v: &[f64; 2]) -> [f64; 2] {
    let p: Vec<D3> = system.params().iter().map(|p| D3::from(*p)).collect();
    let state = [D3::new(x[0], v[0], 0.0, 0.0), D3::new(x[1], v[1], 0.0, 0.0)];
    let mut out = [D3::from(0.0); 2];
    system.neuron().rhs_d3(&state, &p, D3::from(system.current()), &mut out);
    out.map(|d| d.v2)
}

/// Where curves are wanted, and how fine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Range of each state that is looked at; curves are followed half a width beyond.
    pub window: [(f64, f64); 2],
    /// Longest piece of a line inside the window, as a part of its width.
    pub piece: f64,
}

/// How far beyond the window curves are followed, in widths.
pub(super) const MARGIN: f64 = 0.5;

impl Frame {
    fn within(&self, x: &[f64; 2], margin: f64) -> bool {
        self.window.iter().zip(x).all(|((low, high), x)| {
            let pad = margin * (high - low);
            *x >= low - pad && *x <= high + pad
        })
    }

    /// Points per unit of distance in widths, coarser outside the window.
    fn pieces(&self, from: &[f64; 2], to: &[f64; 2]) -> u32 {
        let far = self.window.iter().enumerate().map(|(k, (low, high))| ((to[k] - from[k]) / (high - low)).abs()).fold(0.0, f64::max);
        let piece = if self.within(from, 0.05) || self.within(to, 0.05) { self.piece } else { 8.0 * self.piece };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 200")]
        let count = (far / piece).ceil().clamp(1.0, 200.0) as u32;
        count
    }
}

/// Where a branch comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Out of the frame.
    Leaves,
    /// To the equilibrium of this number.
    Point(usize),
    /// On to a cycle, round and round.
    Winds,
    /// Over the threshold of a reset model.
    Spikes,
    /// Not told within the steps allowed.
    Unknown,
}

/// One half of a manifold, from the saddle outward.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// Its points.
    pub line: Vec<[f64; 2]>,
    /// Where it comes to; backward in time for stable manifolds.
    pub fate: Fate,
}

/// The manifolds of a saddle.
#[derive(Clone, Debug, PartialEq)]
pub struct Manifolds {
    /// Number of the saddle among the equilibria.
    pub saddle: usize,
    /// The rates and starts.
    pub departures: Departures,
    /// The two halves of the unstable manifold.
    pub unstable: [Branch; 2],
    /// The two halves of the stable manifold: the separatrix.
    pub stable: [Branch; 2],
}

/// The manifolds of all saddles below threshold; `points` are the equilibria at this input.
#[must_use]
pub fn manifolds(system: &System<2>, points: &[FixedPoint], frame: &Frame) -> Vec<Manifolds> {
    let numbered = |backward: bool| {
        let real = points.iter().enumerate().filter(|(_, p)| !p.is_virtual);
        real.filter_map(|(k, p)| Some((k, Trap::around(system, p, backward)?))).collect::<Vec<_>>()
    };
    let (ahead, behind) = (numbered(false), numbered(true));
    let saddles = points.iter().enumerate().filter(|(_, p)| p.kind == Type::Saddle && !p.is_virtual);
    saddles
        .filter_map(|(saddle, point)| {
            let departures = departures(system, point)?;
            let origin = [*point.state.first()?, *point.state.get(1)?];
            let unstable = departures.unstable.map(|start| follow(system, origin, start, &ahead, frame, false));
            let stable = departures.stable.map(|start| follow(system, origin, start, &behind, frame, true));
            Some(Manifolds { saddle, departures, unstable, stable })
        })
        .collect()
}

/// Local error of a branch per step, in window widths of the model.
const TOLERANCE: f64 = 1e-8;
/// Turns after which a branch counts as winding on to a cycle, however slowly.
const TURNS: u32 = 60;
/// Turns about an equilibrium that are drawn.
const TURNS_SHOWN: u32 = 3;
/// A branch is drawn up to this distance from the equilibrium it comes to, in window widths of the model.
const ARRIVED: f64 = 0.005;
/// Two turns closer than this, in window widths of the model, are one.
const SAME_TURN: f64 = 1e-4;

fn follow(system: &System<2>, origin: [f64; 2], start: [f64; 2], traps: &[(usize, Trap)], frame: &Frame, backward: bool) -> Branch {
    let manner = Manner { tolerance: TOLERANCE, backward, held: false };
    let mut orbit = Orbit::new(system, start, manner);
    let mut line = vec![origin, start];
    let mut fate = Fate::Unknown;
    let section = system.spike_section();
    let resets = system.neuron().resets();
    let mut turns = 0;
    let mut top: Option<f64> = None;
    let mut goal: Option<[f64; 2]> = None;
    let end = orbit.run(if resets && !backward { Some(&section) } else { None }, Limits { steps: 3000, time: f64::INFINITY }, |orbit| {
        let x = orbit.at().x;
        let pieces = frame.pieces(&orbit.before().x, &x);
        line.extend((1..pieces).map(|k| orbit.inside(f64::from(k) / f64::from(pieces)).x));
        line.push(x);
        if fate == Fate::Unknown
            && let Some((k, trap)) = traps.iter().find(|(_, trap)| trap.holds(&x))
        {
            fate = Fate::Point(*k);
            (turns, goal) = (0, Some(*trap.center()));
        }
        if let Some(goal) = goal {
            // Where it comes to is known; the line is drawn up to there, or as far as its winding can be told apart.
            let apart = system.length(&[x[0] - goal[0], x[1] - goal[1]]);
            turns += u32::from(orbit.direction_before()[0] > 0.0 && orbit.direction()[0] <= 0.0);
            return apart > ARRIVED && turns < TURNS_SHOWN;
        }
        // The upstroke of a reset model is followed to its end, to tell whether it is one.
        let margin = if resets && !backward { 8.0 } else { MARGIN };
        if !frame.within(&x, margin) || (resets && system.spike(&x) > 0.0) {
            fate = Fate::Leaves;
            return false;
        }
        if orbit.direction_before()[0] > 0.0 && orbit.direction()[0] <= 0.0 {
            let now = orbit.highest(&Section::of_state(0, 0.0, 1.0)).x[0];
            turns += 1;
            if turns > TURNS || top.is_some_and(|top| (top - now).abs() < SAME_TURN * system.scale()[0]) {
                fate = Fate::Winds;
                return false;
            }
            top = Some(now);
        }
        true
    });
    if end == End::Section {
        line.push(orbit.at().x);
        fate = Fate::Spikes;
    }
    Branch { line, fate }
}
