//! Diagrams of randomly chosen models, each held to what must be true of any: no panic, no hang, no number that is none,
//! every equilibrium on a branch with its stability, every fold and Hopf point confirmed on its two sides by the
//! equilibria there, every cycle closed.
//!
//! The number of models of each kind is small here; `DIAGRAM_SWEEP=500 cargo test --release --test diagram_sweep --
//! --nocapture` looks at so many planar ones and a fifth as many of Hodgkin and Huxley's.
#![allow(missing_docs)]

mod common;
#[path = "common/shooting.rs"]
mod shooting;
#[path = "common/tally.rs"]
mod tally;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use common::{Random, find};
use neuron_playground::analysis::cycles::Orbit;
use neuron_playground::analysis::diagram::{Care, Diagram, Kind, Special, diagram};
use neuron_playground::analysis::{Family, FixedPoint, Over, PlanarCycle, System, equilibria, planar_cycles};
use neuron_playground::model::{Drive, Dynamics, Field};
use tally::Tally;

/// No diagram may take longer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Cycles are looked for within so many window widths of the model.
const REACH: f64 = 2.0;
/// Planar models looked at for each model where nothing else is said.
const FEW: usize = 40;

/// A model with one quantity varied.
struct Case {
    neuron: &'static dyn Dynamics,
    p: Vec<f64>,
    current: f64,
    over: Over,
    range: (f64, f64),
}

impl Case {
    fn family(&self) -> Family<'static> {
        Family::new(self.neuron, &self.p, self.current, self.over)
    }

    fn name(&self) -> String {
        let set: Vec<String> = self.neuron.params().iter().zip(&self.p).map(|(f, p)| format!("--set {}={p}", f.id)).collect();
        let over = self.over.field(self.neuron).id;
        format!("{} {} --set I={} --over {over}={}:{}", self.neuron.card().id, set.join(" "), self.current, self.range.0, self.range.1)
    }

    /// The cycles that return maps find at a value, in the plane.
    fn cycles(&self, value: f64) -> Vec<PlanarCycle> {
        let mut family = self.family();
        let (p, i) = family.at(value);
        let points = equilibria(self.neuron, p, i).points;
        System::<2>::new(self.neuron, p, i).map_or(Vec::new(), |system| planar_cycles(&system, &points, REACH))
    }

    fn equilibria(&self, value: f64) -> Vec<FixedPoint> {
        let mut family = self.family();
        let (p, i) = family.at(value);
        equilibria(self.neuron, p, i).points
    }
}

/// What a slider shows, or, for `wide`, that and as much again on either side as far as the table allows.
fn span(field: &Field, wide: bool) -> (f64, f64) {
    let more = if wide { field.shown.1 - field.shown.0 } else { 0.0 };
    // Rates and capacitances close to zero make a model a million times faster than what is looked at.
    let least = if field.min >= 0.0 && wide { 0.3 * field.shown.0.max(field.default.abs().min(field.shown.1) * 0.1) } else { field.min };
    ((field.shown.0 - more).max(least).max(field.min), (field.shown.1 + more).min(field.max))
}

fn draw(neuron: &'static dyn Dynamics, random: &mut Random) -> Case {
    loop {
        let wide = random.below(3) == 0;
        // Half of the models stay closer to the defaults, where most of what fires is.
        let near = if random.below(2) == 0 { 0.15 } else { 1.0 };
        let mut pick = |field: &Field| {
            let (low, high) = span(field, wide);
            let any = random.between((low, high));
            (field.default + near * (any - field.default)).clamp(field.min, field.max)
        };
        let p: Vec<f64> = neuron.params().iter().map(&mut pick).collect();
        let current = pick(&neuron.card().current);
        let over = if random.below(3) > 0 { Over::Current } else { Over::Parameter(usize::try_from(random.below(p.len() as u64)).unwrap()) };
        let range = span(over.field(neuron), wide);
        let ends = [range.0, range.1].map(|value| {
            let mut family = Family::new(neuron, &p, current, over);
            neuron.check(family.at(value).0).is_ok()
        });
        if ends == [true, true] && neuron.check(&p).is_ok() {
            return Case { neuron, p, current, over, range };
        }
    }
}

fn sweep(id: &str, count: usize, seed: u64) {
    let neuron = find(id);
    let mut random = Random(seed);
    let mut tally = Tally::default();
    let mut slowest = Duration::ZERO;
    let started = Instant::now();
    for k in 0..count {
        let case = draw(neuron, &mut random);
        let care = if k % 4 == 3 { Care::Live } else { Care::Settled };
        let begin = Instant::now();
        let family = case.family();
        let made = catch_unwind(AssertUnwindSafe(|| diagram(&family, case.range, care, &mut |_| begin.elapsed() < PATIENCE)));
        let Ok(found) = made else {
            tally.fail("panic", || case.name());
            continue;
        };
        slowest = slowest.max(begin.elapsed());
        if begin.elapsed() >= PATIENCE {
            tally.fail("hang", || case.name());
            continue;
        }
        tally.look("diagrams");
        judge(&case, &found, care, &mut random, &mut tally);
    }
    println!("{id}: {:?} in {:?}, slowest {slowest:?}; failures {:?}", tally.looked_at, started.elapsed(), tally.counts);
    for example in &tally.examples {
        println!("    {example}");
    }
    assert!(tally.counts.is_empty(), "{id}: {:?}", tally.counts);
}

fn judge(case: &Case, found: &Diagram, care: Care, random: &mut Random, tally: &mut Tally) {
    numbers(case, found, care, tally);
    rests(case, found, random, tally);
    for special in &found.special {
        match special.kind {
            Kind::SaddleNode | Kind::SaddleNodeOnCircle => fold(case, found, special, tally),
            Kind::Hopf { .. } => hopf(case, found, special, tally),
            Kind::CycleFold { canard: false, .. } if case.neuron.dim() == 2 && care == Care::Settled => cycle_fold(case, found, special, tally),
            Kind::CycleFold { canard: false, .. } | Kind::PeriodDoubling { .. } if case.neuron.dim() == 4 && care == Care::Settled => {
                shot(case, found, special, tally);
            }
            _ => tally.look("other points"),
        }
    }
    for orbit in found.cycles.iter().flat_map(|b| &b.orbits) {
        tally.look("cycles");
        let off = (orbit.multipliers.trivial - 1.0).abs();
        if orbit.multipliers.tolerance() > 0.1 {
            tally.look("cycles whose multiplier is rounding");
        }
        if care == Care::Settled && (off.is_nan() || off > orbit.multipliers.tolerance()) {
            tally.fail("trivial multiplier", || {
                format!(
                    "{off:e} growth {:e} other {:e} at {} (T {}) in {}",
                    orbit.multipliers.growth,
                    orbit.multipliers.others[0].re,
                    orbit.cycle.value,
                    orbit.cycle.period,
                    case.name()
                )
            });
        }
    }
    if care == Care::Settled && case.neuron.dim() == 2 {
        found.special.iter().for_each(|special| mirrored(case, found, special, tally));
        complete(case, found, random, tally);
    }
    if care == Care::Settled {
        let all: Vec<&Orbit> = found.cycles.iter().flat_map(|b| &b.orbits).collect();
        for _ in 0..all.len().min(5) {
            closes(case, found, all[usize::try_from(random.below(all.len() as u64)).unwrap()], tally);
        }
    }
}

/// Everything that is printed is a number.
fn numbers(case: &Case, found: &Diagram, care: Care, tally: &mut Tally) {
    let finite = |x: &[f64]| x.iter().all(|x| x.is_finite());
    let rests = found.rests.iter().flat_map(|b| &b.points).all(|p| p.value.is_finite() && finite(&p.state));
    let cycles = found.cycles.iter().all(|b| {
        b.extents.len() == b.orbits.len()
            && b.extents.iter().all(|(low, high)| finite(low) && finite(high) && low.iter().zip(high).all(|(a, b)| a <= b))
            && b.orbits.iter().all(|o| o.cycle.value.is_finite() && o.cycle.period > 0.0 && o.cycle.period.is_finite() && finite(&o.cycle.nodes))
    });
    let special = found.special.iter().all(|s| {
        let known = s.error >= 0.0 && (care == Care::Live || s.error.is_finite());
        let inside = s.value >= case.range.0 && s.value <= case.range.1;
        let own = match s.kind {
            Kind::Hopf { first_lyapunov, frequency } => first_lyapunov.is_finite() && frequency > 0.0,
            Kind::CycleFold { period, .. } | Kind::PeriodDoubling { period } => period > 0.0,
            _ => true,
        };
        known && inside && own && finite(&s.state)
    });
    if !(rests && cycles && special) {
        tally.fail("no number", || format!("rests {rests}, cycles {cycles}, special {special} in {}", case.name()));
    }
    if !found.special.is_sorted_by(|a, b| a.value <= b.value) {
        tally.fail("order", || case.name());
    }
}

/// At some values the branches pass through all equilibria and nothing else, and say the same of their stability.
fn rests(case: &Case, found: &Diagram, random: &mut Random, tally: &mut Tally) {
    let width = case.range.1 - case.range.0;
    for _ in 0..5 {
        let value = random.between(case.range);
        if found.special.iter().any(|s| (s.value - value).abs() < 1e-4 * width) {
            continue;
        }
        tally.look("values");
        let points = case.equilibria(value);
        let pairs = found.rests.iter().flat_map(|b| b.points.windows(2));
        let crossed: Vec<bool> = pairs.filter(|w| (w[0].value - value) * (w[1].value - value) < 0.0).map(|w| w[0].stable).collect();
        let stable = (crossed.iter().filter(|s| **s).count(), points.iter().filter(|p| p.kind.is_stable()).count());
        if crossed.len() != points.len() || stable.0 != stable.1 {
            let counts = format!("{} equilibria, {} stable; on branches {}, {}", points.len(), stable.1, crossed.len(), stable.0);
            tally.fail("equilibria", || format!("{counts} at {value} of {}", case.name()));
        }
    }
}

/// Distances at which the two sides of a point are compared, in widths of the range: the largest that no other point
/// comes near.
fn sides(case: &Case, found: &Diagram, special: &Special) -> Vec<(f64, f64)> {
    let width = case.range.1 - case.range.0;
    let apart = found.special.iter().map(|s| (s.value - special.value).abs()).filter(|d| *d > 1e-9 * width).fold(width, f64::min);
    [1e-4, 1e-5, 1e-6, 1e-7].iter().map(|d| (d * width).min(0.3 * apart)).map(|d| (special.value - d, special.value + d)).collect()
}

/// At a fold two equilibria appear.
fn fold(case: &Case, found: &Diagram, special: &Special, tally: &mut Tally) {
    tally.look("folds");
    let counts: Vec<usize> = sides(case, found, special).iter().map(|(a, b)| case.equilibria(*a).len().abs_diff(case.equilibria(*b).len())).collect();
    if !counts.contains(&2) {
        tally.fail("fold", || format!("{counts:?} at {} of {}", special.value, case.name()));
    }
}

/// At a Hopf point two eigenvalues of the equilibrium there cross the imaginary axis.
fn hopf(case: &Case, found: &Diagram, special: &Special, tally: &mut Tally) {
    tally.look("Hopf points");
    let unstable = |value: f64| {
        let points = case.equilibria(value);
        let off = |p: &FixedPoint| (p.state[0] - special.state[0]).abs();
        let nearest = points.into_iter().min_by(|a, b| off(a).total_cmp(&off(b)));
        nearest.map_or(0, |p| p.eigenvalues.iter().filter(|e| e.re > 0.0).count())
    };
    let changes: Vec<usize> = sides(case, found, special).iter().map(|(a, b)| unstable(*a).abs_diff(unstable(*b))).collect();
    if !changes.contains(&2) {
        tally.fail("Hopf", || format!("{changes:?} at {} of {}", special.value, case.name()));
    }
}

/// At a fold of cycles two cycles appear. Return maps cannot tell them apart next to a Hopf point and cannot follow them along
/// canards; there the symmetry of the cubic vouches for the fold, and what neither reaches is counted.
fn cycle_fold(case: &Case, found: &Diagram, special: &Special, tally: &mut Tally) {
    tally.look("folds of cycles");
    let counts: Vec<usize> = sides(case, found, special).iter().map(|(a, b)| case.cycles(*a).len().abs_diff(case.cycles(*b).len())).collect();
    if !counts.contains(&2) && mirror(case, special).is_none() {
        tally.look("folds of cycles that nothing else reaches");
    }
}

/// Shooting finds the same fold or doubling at the same value. Once round, it cannot follow what grows by more than its rounding.
fn shot(case: &Case, found: &Diagram, special: &Special, tally: &mut Tally) {
    tally.look("folds and doublings in four dimensions");
    let width = case.range.1 - case.range.0;
    match shooting::seen_again(&case.family(), found, special) {
        Some(value) if (value - special.value).abs() <= special.error.max(1e-7 * width) => {}
        Some(value) => tally.fail("shooting", || format!("{special:?}, by shooting at {value}, of {}", case.name())),
        None => {
            tally.look("folds and doublings that shooting does not reach");
            println!("    not reached {special:?} of {}", case.name());
        }
    }
}

/// The value at which the same must happen with all signs turned: FitzHugh and Nagumo's equations do not change if states and
/// current are reflected in the point of inflection of the cubic.
fn mirror(case: &Case, special: &Special) -> Option<f64> {
    let inflection = match case.neuron.card().id {
        "fitzhugh_nagumo_classic" => 0.0,
        "fitzhugh_nagumo" => (1.0 + case.p[Field::position(case.neuron.params(), "a")?]) / 3.0,
        _ => return None,
    };
    let (f, _, by_current) = case.family().balance(inflection, 0.0);
    let value = -2.0 * f / by_current - special.value;
    (case.over == Over::Current && value > case.range.0 && value < case.range.1).then_some(value)
}

/// What happens at a point happens at its mirror image too, within the errors of both.
fn mirrored(case: &Case, found: &Diagram, special: &Special, tally: &mut Tally) {
    let Some(value) = mirror(case, special) else { return };
    let width = case.range.1 - case.range.0;
    let beside = |other: &Special| matches!(other.kind, Kind::Hopf { .. }) && (other.value - special.value).abs() < 1e-6 * width;
    if matches!(special.kind, Kind::CycleFold { .. }) && found.special.iter().any(beside) {
        tally.look("folds of cycles within rounding of a Hopf point");
        return;
    }
    tally.look("mirror images");
    let same = |other: &&Special| other.kind.id() == special.kind.id();
    let nearest = found.special.iter().filter(same).min_by(|a, b| (a.value - value).abs().total_cmp(&(b.value - value).abs()));
    let off = nearest.map_or(f64::INFINITY, |other| (other.value - value).abs() - other.error - special.error);
    if off > 1e-9 * width && matches!(special.kind, Kind::CycleFold { canard: true, .. }) {
        // Deviations grow so much that a branch can get stuck in the explosion.
        tally.look("canards on one side only");
    } else if off > 1e-9 * width {
        tally.fail("mirror image", || format!("off by {off:e} for {special:?} of {}", case.name()));
    }
}

/// Cycles that return maps find lie on branches.
fn complete(case: &Case, found: &Diagram, random: &mut Random, tally: &mut Tally) {
    let width = case.range.1 - case.range.0;
    for _ in 0..3 {
        let value = random.between(case.range);
        if found.special.iter().any(|s| (s.value - value).abs() < 1e-2 * width) {
            continue;
        }
        for cycle in case.cycles(value) {
            tally.look("cycles by return maps");
            let passes = |a: &Orbit, b: &Orbit| {
                let s = (value - a.cycle.value) / (b.cycle.value - a.cycle.value);
                let period = (a.cycle.period.ln() + s * (b.cycle.period / a.cycle.period).ln()).exp();
                (0.0..=1.0).contains(&s) && (period / cycle.period - 1.0).abs() < 0.1
            };
            if !found.cycles.iter().flat_map(|b| b.orbits.windows(2)).any(|w| passes(&w[0], &w[1])) {
                tally.fail("cycle on no branch", || {
                    format!("T {}, multiplier {:e}, V {:?} at {value} of {}", cycle.period, cycle.multiplier, cycle.range(0), case.name())
                });
            }
        }
    }
}

/// The running model goes from each mesh point of an orbit to the next, and the last is the first. Piece by piece this holds
/// for unstable orbits too.
fn closes(case: &Case, found: &Diagram, orbit: &Orbit, tally: &mut Tally) {
    const STEPS: u32 = 400;
    tally.look("orbits");
    let n = case.neuron.dim();
    let scale = found.scales.state;
    let mut family = case.family();
    let (p, i) = family.at(orbit.cycle.value);
    let drive = [Drive::constant(i); 3];
    let nodes: Vec<&[f64]> = orbit.cycle.nodes.chunks_exact(n).collect();
    let degree = (nodes.len() - 1) / (orbit.cycle.mesh.len() - 1);
    let apart = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    let mut worst = apart(nodes[0], nodes[nodes.len() - 1]);
    for (j, ends) in orbit.cycle.mesh.windows(2).enumerate() {
        // Beside a saddle deviations grow without bound while the orbit stands still.
        if apart(nodes[j * degree], nodes[(j + 1) * degree]) < 1e-3 {
            continue;
        }
        let mut x: Vec<f64> = nodes[j * degree].iter().zip(&scale).map(|(u, s)| u * s).collect();
        for _ in 0..STEPS {
            case.neuron.rk4(&mut x, p, &drive, (ends[1] - ends[0]) * orbit.cycle.period / f64::from(STEPS), false);
        }
        let end: Vec<f64> = x.iter().zip(&scale).map(|(x, s)| x / s).collect();
        worst = worst.max(apart(&end, nodes[(j + 1) * degree]));
    }
    if worst.is_nan() || worst > 2e-3 {
        tally.fail("orbit", || format!("misses by {worst:e} at {} (T {}) in {}", orbit.cycle.value, orbit.cycle.period, case.name()));
    }
}

/// How many models to look at: `few`, unless the environment says otherwise.
fn count(share: usize) -> usize {
    let all = std::env::var("DIAGRAM_SWEEP").ok().and_then(|text| text.parse().ok()).unwrap_or(FEW);
    (all / share).max(1)
}

#[test]
fn diagrams_of_random_cubic_neurons_hold_what_they_claim() {
    sweep("fitzhugh_nagumo", count(1), 1);
}

#[test]
fn diagrams_of_random_classic_fitzhugh_nagumo_neurons_hold_what_they_claim() {
    sweep("fitzhugh_nagumo_classic", count(1), 2);
}

#[test]
fn diagrams_of_random_sodium_potassium_neurons_hold_what_they_claim() {
    sweep("persistent_sodium_potassium", count(1), 3);
}

#[test]
fn diagrams_of_random_hodgkin_huxley_neurons_hold_what_they_claim() {
    sweep("hodgkin_huxley", count(5), 4);
}
