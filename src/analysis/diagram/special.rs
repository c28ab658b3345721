//! Special points of a diagram, and those of its cycles.

use super::Care;
use crate::analysis::branches::{Event, Mark};
use crate::analysis::cycles::{Newton, Orbit, adapt, between, middle, modulus, onto, recorrected, sharpen};
use crate::analysis::family::Vector;

/// What happens at a special point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// Two equilibria meet.
    SaddleNode,
    /// Two equilibria meet on a cycle, whose period grows without bound.
    SaddleNodeOnCircle,
    /// Two branches of equilibria cross.
    BranchPoint,
    /// A cycle is born from an equilibrium.
    Hopf {
        /// Negative where the cycle is stable in the two dimensions it is born in; ⟨q, q⟩ = 1, units of the states.
        first_lyapunov: f64,
        /// ω in rad/ms.
        frequency: f64,
    },
    /// Two cycles meet.
    CycleFold {
        /// Period in ms.
        period: f64,
        /// True in a canard explosion: cycles of very different size stand at almost the same value.
        canard: bool,
        /// True if neither is stable: another multiplier has left the unit circle.
        both_unstable: bool,
    },
    /// A cycle of twice the period branches off.
    PeriodDoubling {
        /// Period in ms of the cycle that doubles.
        period: f64,
    },
    /// A cycle ends on a saddle, its period growing without bound.
    Homoclinic,
    /// Sustained firing of a reset model begins or ends.
    FiringOnset,
    /// The firing pattern of a reset model gives way to one of another number of spikes.
    SpikeCountBorder {
        /// Period in ms of the pattern that ends.
        period: f64,
    },
}

/// The words of all kinds, as [`Kind::id`] gives them.
pub const KINDS: [&str; 9] = [
    "saddle_node",
    "saddle_node_on_invariant_circle",
    "branch_point",
    "hopf",
    "cycle_fold",
    "period_doubling",
    "homoclinic",
    "firing_onset",
    "spike_count_border",
];

impl Kind {
    /// The word used in JSON.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::SaddleNode => "saddle_node",
            Self::SaddleNodeOnCircle => "saddle_node_on_invariant_circle",
            Self::BranchPoint => "branch_point",
            Self::Hopf { .. } => "hopf",
            Self::CycleFold { .. } => "cycle_fold",
            Self::PeriodDoubling { .. } => "period_doubling",
            Self::Homoclinic => "homoclinic",
            Self::FiringOnset => "firing_onset",
            Self::SpikeCountBorder { .. } => "spike_count_border",
        }
    }

    /// Its name in a sentence.
    #[must_use]
    pub fn words(&self) -> &'static str {
        match self {
            Self::SaddleNode => "saddle-node",
            Self::SaddleNodeOnCircle => "saddle-node on an invariant circle",
            Self::BranchPoint => "crossing of two branches",
            Self::Hopf { first_lyapunov, .. } if *first_lyapunov < 0.0 => "supercritical Andronov–Hopf",
            Self::Hopf { .. } => "subcritical Andronov–Hopf",
            Self::CycleFold { canard: true, .. } => "fold of cycles in a canard explosion",
            Self::CycleFold { .. } => "fold of cycles",
            Self::PeriodDoubling { .. } => "period doubling",
            Self::Homoclinic => "homoclinic orbit to the saddle",
            Self::FiringOnset => "onset of firing",
            Self::SpikeCountBorder { .. } => "change of the number of spikes",
        }
    }

    /// What happens there, in a sentence.
    #[must_use]
    pub fn story(&self) -> &'static str {
        match self {
            Self::SaddleNode => "two equilibria meet and vanish; beyond it the neuron must go elsewhere.",
            Self::SaddleNodeOnCircle => {
                "rest vanishes on the cycle itself: firing starts as slowly as one likes, its rate growing as the square root of the distance."
            }
            Self::BranchPoint => "two branches of equilibria pass through each other and exchange their stability.",
            Self::Hopf { first_lyapunov, .. } if *first_lyapunov < 0.0 => {
                "rest loses its stability to a small cycle whose amplitude grows as the square root of the distance."
            }
            Self::Hopf { .. } => {
                "an unstable cycle shrinks onto rest, which loses its stability at once; the neuron jumps to whatever else is stable."
            }
            Self::CycleFold { canard: true, both_unstable, .. } => {
                if *both_unstable {
                    "within a tiny range cycles of all sizes follow the repelling slow branch, the canards; two unstable cycles meet there."
                } else {
                    "within a tiny range cycles of all sizes follow the repelling slow branch, the canards; a stable and an unstable cycle meet there."
                }
            }
            Self::CycleFold { both_unstable: true, .. } => "two unstable cycles meet and vanish.",
            Self::CycleFold { .. } => "a stable and an unstable cycle meet and vanish.",
            Self::PeriodDoubling { .. } => "a multiplier passes −1: a cycle of twice the period branches off.",
            Self::FiringOnset => "sustained firing begins on one side; on the other every train of spikes dies out.",
            Self::SpikeCountBorder { .. } => "the reset crosses to the other side of a border: one spike more or fewer in each period.",
            Self::Homoclinic => "the cycle touches the saddle: its period grows as the logarithm of the distance, and beyond it the cycle is gone.",
        }
    }

    /// What happens there to one who comes from the other side than [`Kind::story`] tells of.
    #[must_use]
    pub fn story_backwards(&self) -> &'static str {
        match self {
            Self::SaddleNode => "two equilibria are born, a saddle and a node.",
            Self::SaddleNodeOnCircle => {
                "rest is born on the cycle itself: firing ends, its rate having fallen to nothing as the square root of the distance."
            }
            Self::Hopf { first_lyapunov, .. } if *first_lyapunov < 0.0 => "the small cycle has shrunk to nothing: rest is stable again.",
            Self::Hopf { .. } => "rest is stable again, within an unstable cycle that grows from it as the square root of the distance.",
            Self::CycleFold { both_unstable: true, .. } => "two unstable cycles are born together.",
            Self::CycleFold { .. } => "two cycles are born together, a stable and an unstable one.",
            Self::Homoclinic => "a cycle is born from the saddle's loop: its period is long at first and falls as the logarithm of the distance.",
            _ => self.story(),
        }
    }

    /// Whether a Hopf point's cycles are born stable; none for other kinds.
    #[must_use]
    pub fn criticality(&self) -> Option<&'static str> {
        match self {
            Self::Hopf { first_lyapunov, .. } => Some(if *first_lyapunov < 0.0 { "supercritical" } else { "subcritical" }),
            _ => None,
        }
    }
}

/// A special point of a diagram.
#[derive(Clone, Copy, Debug)]
pub struct Special {
    /// What happens.
    pub kind: Kind,
    /// The varied quantity.
    pub value: f64,
    /// The state: of the equilibrium, or of the cycle where its potential is highest.
    pub state: Vector,
    /// Bound on the error of the value; infinite while not confirmed on a finer mesh.
    pub error: f64,
    /// What it does to the firing of a reset model; none for points of the flow alone.
    pub pattern: Option<Pattern>,
}

/// How the firing pattern of a reset model changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// One sentence on how.
    pub how: &'static str,
    /// Spikes of the pattern on the lower and on the upper side; 0 at rest, none if irregular.
    pub spikes: [Option<usize>; 2],
}

impl From<&Mark> for Special {
    fn from(mark: &Mark) -> Self {
        let kind = match mark.event {
            Event::Fold => Kind::SaddleNode,
            Event::Crossing => Kind::BranchPoint,
            Event::Hopf(h) => Kind::Hopf { first_lyapunov: h.first_lyapunov, frequency: h.frequency },
        };
        Self { kind, value: mark.value, state: mark.state, error: mark.error, pattern: None }
    }
}

/// Width of a canard band in widths of the range: orbits that differ in size stand closer together than this.
const BAND: f64 = 2e-5;
/// Orbits of a band at least.
const CROWD: usize = 5;

/// Folds and doublings between neighbours on a branch of cycles.
pub fn on_cycles(newton: &mut Newton, orbits: &mut [Orbit], care: Care) -> Vec<Special> {
    sharpen(newton, orbits, &[|o| o.tangent.value, |o| o.multipliers.doubling()]);
    let orbits = &*orbits;
    let mut found = Vec::new();
    let mut done = 0;
    for k in 1..orbits.len() {
        let [a, b] = [&orbits[k - 1], &orbits[k]];
        if turns(a, b) && k >= done {
            let (from, to) = band(newton, orbits, k);
            if to - from >= CROWD {
                found.extend(canard(newton, orbits, (from, to), care));
                done = to;
            } else if comes_back(a, b) {
                found.extend(fold(newton, a, b, care));
            }
        }
        // In the plane there is one multiplier and it is positive: no cycle can double its period, and no two can meet.
        if newton.family.dim() > 2 {
            let growth = a.multipliers.growth.min(b.multipliers.growth);
            if care == Care::Settled
                && growth < FATHOMED
                && may_meet(a, b)
                && let Some(a) = onto(newton, a, &b.cycle.mesh)
            {
                in_parts(newton, &a, b, turns(&a, b), HALVINGS, &mut found);
            } else {
                found.extend(doubling(newton, a, b, care));
            }
        }
    }
    found
}

fn turns(a: &Orbit, b: &Orbit) -> bool {
    (a.tangent.value > 0.0) != (b.tangent.value > 0.0)
}

fn fold(newton: &mut Newton, a: &Orbit, b: &Orbit, care: Care) -> Option<Special> {
    let (orbit, error) = located(newton, a, b, |o| o.tangent.value, care)?;
    let both_unstable = orbit.multipliers.unstable_beside_one();
    Some(special(newton, &orbit, error, Kind::CycleFold { period: orbit.cycle.period, canard: false, both_unstable }))
}

fn doubling(newton: &mut Newton, a: &Orbit, b: &Orbit, care: Care) -> Option<Special> {
    if (a.multipliers.doubling() > 0.0) == (b.multipliers.doubling() > 0.0) {
        return None;
    }
    let (orbit, error) = located(newton, a, b, |o| o.multipliers.doubling(), care)?;
    // Where multipliers are rounding, their signs are too. In a picture that moves the orbit is not located well enough to ask for more.
    let passes =
        orbit.multipliers.growth < FATHOMED && (care == Care::Live || orbit.multipliers.others.iter().any(|m| (m.re + 1.0).hypot(m.im) < NEARLY));
    passes.then(|| special(newton, &orbit, error, Kind::PeriodDoubling { period: orbit.cycle.period }))
}

/// How near to −1 a multiplier is where the period doubles: it may change a thousandfold from orbit to orbit.
const NEARLY: f64 = 0.7;
/// Where deviations grow by more than this on the way round, multipliers beside the largest are rounding.
const FATHOMED: f64 = 1e9;
/// How often the way between two orbits is halved where folds or doublings may come in pairs.
const HALVINGS: u32 = 3;

/// Doublings between two orbits, and folds if theirs are not `known`. Where two multipliers change much they can meet, and one of them can
/// pass 1 or −1 and come back on a short way: there the way is taken in parts.
fn in_parts(newton: &mut Newton, a: &Orbit, b: &Orbit, known: bool, halvings: u32, found: &mut Vec<Special>) {
    if halvings > 0
        && may_meet(a, b)
        && let Some(middle) = middle(newton, a, b)
    {
        in_parts(newton, a, &middle, known, halvings - 1, found);
        in_parts(newton, &middle, b, known, halvings - 1, found);
    } else {
        if turns(a, b) && !known {
            found.extend(fold(newton, a, b, Care::Settled));
        }
        found.extend(doubling(newton, a, b, Care::Settled));
    }
}

/// Between orbits whose leading multipliers differ by more than this factor, multipliers may meet; none that is smaller than the second
/// value can come near −1 there.
const MEETING: (f64, f64) = (8.0, 0.02);

/// True if the two leading multipliers are negative at an orbit, or may be so between the two.
fn may_meet(a: &Orbit, b: &Orbit) -> bool {
    let [(Some(p), Some(q)), (Some(r), Some(s))] = [a, b].map(|o| (o.multipliers.others.first(), o.multipliers.others.get(1))) else {
        return false;
    };
    let ratio = modulus(p) / modulus(r);
    p.re < 0.0 || r.re < 0.0 || (ratio.max(1.0 / ratio) > MEETING.0 && modulus(q).min(modulus(s)) > MEETING.1)
}

/// Where a branch is as vertical as this, the sign of its direction is rounding.
const VERTICAL: f64 = 1e-3;

/// True if the branch turns between an orbit and the one before: where it is nearly vertical, only if a multiplier also passes 1.
fn comes_back(a: &Orbit, b: &Orbit) -> bool {
    let vertical = [a, b].iter().all(|o| o.tangent.value.abs() < VERTICAL);
    !vertical || a.multipliers.unstable() != b.multipliers.unstable()
}

fn special(newton: &Newton, orbit: &Orbit, error: f64, kind: Kind) -> Special {
    Special { kind, value: orbit.cycle.value, state: summit(newton, orbit), error, pattern: None }
}

/// The zero of a test between two neighbours, with a bound on its error if it was confirmed on a finer mesh.
fn located(newton: &mut Newton, a: &Orbit, b: &Orbit, test: fn(&Orbit) -> f64, care: Care) -> Option<(Orbit, f64)> {
    let (orbit, apart) = between(newton, a, b, test)?;
    if care == Care::Live {
        return Some((orbit, f64::INFINITY));
    }
    let (finer, more) = confirmed(newton, a, b, test)?;
    let error = 2.0 * (finer.cycle.value - orbit.cycle.value).abs() + apart + more;
    error.is_finite().then_some((finer, error))
}

/// The stretch of orbits round a turn at which the varied quantity hardly changes.
fn band(newton: &Newton, orbits: &[Orbit], turn: usize) -> (usize, usize) {
    let near = |k: &usize| (orbits[*k].cycle.value - orbits[turn].cycle.value).abs() < BAND * newton.scales.value;
    let from = (0..turn).rev().take_while(near).last().unwrap_or(turn);
    let to = (turn..orbits.len()).take_while(near).last().map_or(turn, |k| k + 1);
    (from, to)
}

/// The fold of a canard explosion, if the branch leaves its band the way it came. On the nearly vertical stretch the
/// sign of dλ/ds is rounding; what counts is the side on which the branch lies before and after.
fn canard(newton: &mut Newton, orbits: &[Orbit], (from, to): (usize, usize), care: Care) -> Option<Special> {
    let (before, after) = (orbits.get(from.checked_sub(1)?)?, orbits.get(to)?);
    if (before.tangent.value > 0.0) == (after.tangent.value > 0.0) {
        return None;
    }
    let rises = before.tangent.value > 0.0;
    let band = &orbits[from..to];
    let order = |a: &&Orbit, b: &&Orbit| a.cycle.value.total_cmp(&b.cycle.value);
    let extreme = if rises { band.iter().max_by(order) } else { band.iter().min_by(order) }?;
    let both_unstable = !before.multipliers.is_stable() && !after.multipliers.is_stable();
    let kind = Kind::CycleFold { period: extreme.cycle.period, canard: true, both_unstable };
    let spread = band.iter().map(|o| (o.cycle.value - extreme.cycle.value).abs()).fold(0.0, f64::max);
    let error = match care {
        Care::Live => f64::INFINITY,
        Care::Settled => spread + 2.0 * (refined(newton, extreme)?.cycle.value - extreme.cycle.value).abs(),
    };
    Some(special(newton, extreme, error, kind))
}

/// The same zero on a mesh twice as fine; `None` if it is not there.
fn confirmed(newton: &mut Newton, a: &Orbit, b: &Orbit, test: fn(&Orbit) -> f64) -> Option<(Orbit, f64)> {
    let b = refined(newton, b)?;
    let a = onto(newton, a, &b.cycle.mesh)?;
    if (test(&a) > 0.0) == (test(&b) > 0.0) {
        return None;
    }
    between(newton, &a, &b, test)
}

/// The orbit on a mesh twice as fine.
fn refined(newton: &mut Newton, orbit: &Orbit) -> Option<Orbit> {
    let mut orbit = orbit.clone();
    let count = 2 * (orbit.cycle.mesh.len() - 1);
    adapt(&mut orbit.cycle, &mut orbit.tangent, newton.family.dim(), count);
    recorrected(newton, &orbit)
}

/// The state of an orbit where its potential is highest.
fn summit(newton: &Newton, orbit: &Orbit) -> Vector {
    let n = newton.family.dim();
    let top = orbit.cycle.nodes.chunks_exact(n).max_by(|a, b| a[0].total_cmp(&b[0]));
    newton.scales.model(top.unwrap_or_default())
}
