//! The spike map of a model with two states and a reset.
//!
//! Φ(w): start right after a reset, at (`V_reset`, w); follow the flow (during a refractory hold only w moves) to
//! the next spike; apply the reset; read off w. Its fixed points are tonic firing, its k-cycles are patterns of k
//! spikes; it is not defined where the orbit never spikes again. Slopes come from the variational flow with the
//! term of the event, Φ′ = ∂w − (ẇ/V̇) ∂V at the peak (Touboul and Brette 2009, SIAM J Appl Dyn Syst 8:1032,
//! doi 10.1137/080742762).
//!
//! The map is sampled evenly over a range that it maps into itself, and again close to the borders of its pieces.
//! A piece ends where the stable manifold of a saddle crosses the reset line, which a single orbit followed
//! backward finds, or, where the border is an unstable cycle, by bisection; there the interval grows without
//! bound. Between nodes values are interpolated by cubic Hermite polynomials; everything that is *stated* (fixed
//! points, cycles, multipliers) is evaluated anew. Cost: 5 to 50 µs a node.

use super::root::bracketed;
use crate::model::Dynamics;

mod cycles;
mod shot;

pub use cycles::{Attractor, SpikeCycle};
pub use shot::{Node, Shooter, Shot};

/// A stretch of w on which Φ is defined and continuous, its nodes in order. Close to an open end the interval
/// grows without bound.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// At least two nodes.
    pub nodes: Vec<Node>,
}

/// The map over a range.
#[derive(Clone, Debug, PartialEq)]
pub struct SpikeMap {
    /// The potential right after a reset.
    pub v_reset: f64,
    /// The range of w that was looked at.
    pub range: (f64, f64),
    /// Where it is defined, in order.
    pub pieces: Vec<Piece>,
    /// Number of evaluations of the map that its making took.
    pub evaluations: u32,
}

/// Distances from a border at which further nodes stand, as parts of the range.
const CLOSE: [f64; 4] = [1e-6, 2e-5, 3e-4, 2e-3];
/// Local error of the evaluations between which values are interpolated, in window widths.
const SAMPLE: f64 = 1e-5;

impl SpikeMap {
    /// The map for input current `i`, with `count` even nodes over a range that holds its attractors and the
    /// values in `include`; `None` for models that have not two states and a reset.
    #[must_use]
    pub fn new(neuron: &dyn Dynamics, p: &[f64], i: f64, count: usize, include: &[f64]) -> Option<Self> {
        Some(Self::sample(&mut Shooter::new(neuron, p, i)?, count, include))
    }

    /// [`SpikeMap::new`] with a shooter at hand.
    #[must_use]
    pub fn sample(shooter: &mut Shooter, count: usize, include: &[f64]) -> Self {
        let mut map = Self { v_reset: shooter.v_reset(), range: (0.0, 0.0), pieces: Vec::new(), evaluations: 0 };
        map.range = map.choose_range(shooter, include);
        let width = map.range.1 - map.range.0;
        let mut places: Vec<f64> = spread(map.range, count.max(2)).collect();
        let cuts = shooter.cuts(map.range);
        for cut in &cuts {
            for offset in CLOSE {
                places.extend([cut - offset * width, cut + offset * width]);
            }
        }
        let inside = |w: &f64| (map.range.0..=map.range.1).contains(w);
        places.retain(inside);
        places.sort_by(f64::total_cmp);
        let tolerance = shooter.set_tolerance(SAMPLE);
        let mut shots: Vec<(f64, Shot)> = places.into_iter().map(|w| (w, shooter.shoot(w))).collect();
        refine(shooter, &mut shots, width, &cuts);
        map.evaluations += u32::try_from(shots.len()).unwrap_or(u32::MAX);
        map.join(shooter, &shots, &cuts);
        shooter.set_tolerance(tolerance);
        map
    }

    /// Joins neighbouring nodes to pieces, and finds the borders between them.
    fn join(&mut self, shooter: &Shooter, shots: &[(f64, Shot)], cuts: &[f64]) {
        let width = self.range.1 - self.range.0;
        let mut nodes: Vec<Node> = Vec::new();
        let mut last: Option<(f64, Option<Node>)> = None;
        for (w, shot) in shots {
            let now = shot.node().copied();
            if let Some((before, was)) = last {
                let is_cut = cuts.iter().any(|cut| before < *cut && cut < w);
                match (was, now) {
                    (Some(_), Some(node)) if !is_cut => nodes.push(node),
                    (Some(a), Some(node)) => {
                        // Both sides spike: a cut parts them unless the map is continuous across it.
                        let jump = (node.next - a.next).abs() > 1e-3 * width && *w - before < 1e-3 * width;
                        if jump {
                            self.finish(&mut nodes);
                        }
                        nodes.push(node);
                    }
                    (Some(a), None) => {
                        self.border(shooter, a, *w, is_cut, &mut nodes);
                        self.finish(&mut nodes);
                    }
                    (None, Some(node)) => {
                        let mut beside = Vec::new();
                        self.border(shooter, node, before, is_cut, &mut beside);
                        nodes.extend(beside.into_iter().rev());
                        nodes.push(node);
                    }
                    (None, None) => {}
                }
            } else {
                nodes.extend(now);
            }
            last = Some((*w, now));
        }
        self.finish(&mut nodes);
    }

    fn finish(&mut self, nodes: &mut Vec<Node>) {
        let nodes = std::mem::take(nodes);
        if nodes.len() > 1 {
            self.pieces.push(Piece { nodes });
        }
    }

    /// Nodes from `inner`, where the map is defined, toward `outer`, where it is not, down to the border. At a cut
    /// the nodes already stand close to it.
    fn border(&mut self, shooter: &Shooter, inner: Node, outer: f64, is_cut: bool, nodes: &mut Vec<Node>) {
        let width = self.range.1 - self.range.0;
        let least = CLOSE[0] * width;
        if is_cut && (outer - inner.w).abs() < 3.0 * least {
            return;
        }
        let mut inner = inner;
        let mut outer = outer;
        while (outer - inner.w).abs() > least {
            let w = 0.5 * (inner.w + outer);
            self.evaluations += 1;
            match shooter.shoot(w) {
                Shot::Spike(node) => {
                    inner = node;
                    nodes.push(node);
                }
                Shot::Silent | Shot::Runaway | Shot::Undecided => outer = w,
            }
        }
    }

    /// A range that holds the turning point, the values at rest, `include`, and what the map makes of them.
    fn choose_range(&mut self, shooter: &mut Shooter, include: &[f64]) -> (f64, f64) {
        let scale = shooter.system().scale()[1];
        let points = shooter.equilibria().points.iter();
        let rest: Vec<f64> = points.filter(|p| !p.is_virtual && p.kind.is_stable()).filter_map(|p| p.state.get(1).copied()).collect();
        let seeds: Vec<f64> = shooter.turning().into_iter().chain(rest.iter().copied()).chain(include.iter().copied()).collect();
        let reach = |w: f64| w.is_finite() && w.abs() < 50.0 * scale + rest.iter().fold(0.0_f64, |a, w| a.max(w.abs()));
        let mut hull: Option<(f64, f64)> = None;
        let mut widen = |w: f64| hull = Some(hull.map_or((w, w), |(a, b): (f64, f64)| (a.min(w), b.max(w))));
        let tolerance = shooter.set_tolerance(1e-4);
        let mut spikes = false;
        let seeds = if seeds.is_empty() { vec![shooter.steady_at_reset()] } else { seeds };
        for seed in seeds.into_iter().filter(|w| reach(*w)) {
            widen(seed);
            let (mut w, mut fallback) = (seed, None);
            for _ in 0..ITERATES {
                self.evaluations += 1;
                let Shot::Spike(node) = shooter.shoot(w) else {
                    // A leap may have missed; then the plain way goes on.
                    let Some(back) = fallback.take() else { break };
                    w = back;
                    continue;
                };
                if !reach(node.next) {
                    break;
                }
                widen(node.next);
                spikes = true;
                if (node.next - w).abs() < 1e-3 * scale {
                    break;
                }
                // Where the map creeps toward a fixed point, a step of Newton's method gets there.
                let leap = w + (node.next - w) / (1.0 - node.slope);
                let leaps = (0.5..0.99).contains(&node.slope) && reach(leap);
                (w, fallback) = if leaps { (leap, Some(node.next)) } else { (node.next, None) };
            }
        }
        shooter.set_tolerance(tolerance);
        let (low, high) = hull.unwrap_or((-0.5 * scale, 0.5 * scale));
        let pad = (0.15 * (high - low)).max(0.02 * scale);
        // Where nothing spikes from there, a lower second state may still.
        let below = if spikes { 0.0 } else { SILENT * scale };
        (low - pad - below, high + pad)
    }

    /// Φ(w) by interpolation; `None` where it is not defined.
    #[must_use]
    pub fn at(&self, w: f64) -> Option<f64> {
        let piece = self.pieces.iter().find(|p| p.holds(w))?;
        let (a, b) = piece.around(w)?;
        Some(hermite(a, b, w))
    }
}

/// Rounds of refinement, and the nodes they may add in all.
const ROUNDS: u32 = 8;
const MOST_ADDED: usize = 48;
/// How far, as a part of the range, the slopes at two neighbouring nodes may miss each other's values.
const BEND: f64 = 0.04;

/// Adds nodes in the middle of stretches over which the map turns sharply.
fn refine(shooter: &Shooter, shots: &mut Vec<(f64, Shot)>, width: f64, cuts: &[f64]) {
    let most = shots.len() + MOST_ADDED;
    for _ in 0..ROUNDS {
        let between: Vec<f64> = shots
            .windows(2)
            .filter_map(|pair| {
                let [(from, a), (to, b)] = pair else { return None };
                let (a, b) = (a.node()?, b.node()?);
                let miss = ((b.next - a.next) - a.slope * (to - from)).abs().max(((b.next - a.next) - b.slope * (to - from)).abs());
                let is_cut = cuts.iter().any(|cut| from < cut && cut < to);
                (miss > BEND * width && !is_cut && to - from > CLOSE[0] * width).then_some(0.5 * (from + to))
            })
            .take(most.saturating_sub(shots.len()))
            .collect();
        if between.is_empty() {
            return;
        }
        shots.extend(between.into_iter().map(|w| (w, shooter.shoot(w))));
        shots.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
}

/// How far down a silent neuron's map is looked at, in window widths.
const SILENT: f64 = 0.3;
/// Iterates of a seed that widen the range.
const ITERATES: u32 = 10;

impl Piece {
    /// First and last w.
    #[must_use]
    pub fn ends(&self) -> (f64, f64) {
        (self.nodes.first().map_or(f64::NAN, |n| n.w), self.nodes.last().map_or(f64::NAN, |n| n.w))
    }

    /// True if w lies between its ends.
    #[must_use]
    pub fn holds(&self, w: f64) -> bool {
        let (low, high) = self.ends();
        w >= low && w <= high
    }

    /// The nodes on either side of w.
    fn around(&self, w: f64) -> Option<(&Node, &Node)> {
        let place = self.nodes.partition_point(|n| n.w <= w).clamp(1, self.nodes.len().saturating_sub(1).max(1));
        Some((self.nodes.get(place - 1)?, self.nodes.get(place)?))
    }
}

/// The cubic through two nodes with their slopes. Where a slope is out of all proportion, as beside a border,
/// a straight line stays nearer the truth.
fn hermite(a: &Node, b: &Node, w: f64) -> f64 {
    let h = b.w - a.w;
    let s = (w - a.w) / h;
    let secant = (b.next - a.next) / h;
    let tame = |slope: f64| (slope - secant).abs() <= 3.0 * secant.abs().max(1.0);
    if !(tame(a.slope) && tame(b.slope)) {
        return a.next + s * (b.next - a.next);
    }
    let r = 1.0 - s;
    r * r * (1.0 + 2.0 * s) * a.next + s * s * (1.0 + 2.0 * r) * b.next + s * r * h * (r * a.slope - s * b.slope)
}

/// The zeros of a continuous function between two places, seen on `parts` equal parts.
fn sign_changes(f: impl Fn(f64) -> f64, from: f64, to: f64, parts: u32, mut found: impl FnMut(f64)) {
    let mut last = (from, f(from));
    for k in 1..=parts {
        let w = from + (to - from) * f64::from(k) / f64::from(parts);
        let now = (w, f(w));
        if now.1 == 0.0 {
            found(w);
        } else if (last.1 > 0.0) != (now.1 > 0.0) && last.1 != 0.0 && last.1.is_finite() && now.1.is_finite() {
            found(bracketed(&f, last, now));
        }
        last = now;
    }
}

/// `count` values over an interval, ends included.
fn spread((from, to): (f64, f64), count: usize) -> impl Iterator<Item = f64> {
    let last = count.saturating_sub(1).max(1);
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    (0..=last).map(move |k| from + (to - from) * k as f64 / last as f64)
}
