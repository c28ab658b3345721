//! Limit cycles of planar models, stable and unstable, by return maps.
//!
//! A cycle encloses an equilibrium, so it crosses the horizontal ray from there to higher V. An unstable cycle
//! attracts backward in time: orbits are followed backward from the rim of every trap of a stable equilibrium, and
//! forward from the rim of every trap of an unstable one, until returns to the ray have come close to each other;
//! Newton's method on the return map, whose slope comes from the variational flow, does the rest. The multiplier is
//! that slope, or forward in time its reciprocal (exp ∮ div f dt by Liouville). Cycles that no such orbit leads to,
//! such as a stable one outside an unstable one, are looked for from there on outward. Cost: 0.1 ms a cycle.
//! Not found: cycles that do not enclose an equilibrium that attracts or repels.

use super::equilibria::FixedPoint;
use super::orbit::{End, Limits, Manner, Orbit, Point, Section, System};
use super::trap::Trap;

/// A limit cycle of a planar model.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanarCycle {
    /// Its points in the order of time, the last one joined to the first.
    pub line: Vec<[f64; 2]>,
    /// Period in ms.
    pub period: f64,
    /// The multiplier that is not one: below one if stable.
    pub multiplier: f64,
    /// Number of the equilibrium from which it was found: it lies inside.
    pub around: usize,
}

impl PlanarCycle {
    /// True if neighbours approach it.
    #[must_use]
    pub fn is_stable(&self) -> bool {
        self.multiplier < 1.0
    }

    /// True if the point lies inside.
    #[must_use]
    pub fn encloses(&self, x: &[f64; 2]) -> bool {
        super::basins::encloses(&self.line, x)
    }

    /// Lowest and highest value of a state.
    #[must_use]
    pub fn range(&self, state: usize) -> (f64, f64) {
        self.line.iter().filter_map(|x| x.get(state)).fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(*x), b.max(*x)))
    }
}

/// How closely cycles are looked for.
#[derive(Clone, Copy)]
struct Pains {
    /// Local error per step, in window widths.
    tolerance: f64,
    /// Returns that are tried before a cycle is given up.
    returns: u32,
    /// Steps from one crossing of the ray's line to the next.
    steps: u32,
}

const FINE: Pains = Pains { tolerance: 1e-9, returns: 800, steps: 1500 };
const ROUGH: Pains = Pains { tolerance: 1e-6, returns: 150, steps: 400 };
/// Cycles round one equilibrium.
const MOST_AROUND: usize = 4;
/// Where what comes from outside is started, in window widths from an equilibrium.
const OUTSIDE: f64 = 1.0;
/// The next cycle is looked for from so far beyond the last, relative to its size.
const NEXT: f64 = 0.002;

/// The cycles round the equilibria `points` of a planar model without reset (of one with: below threshold), that
/// lie within `reach` window widths of the model from what they enclose.
#[must_use]
pub fn planar_cycles(system: &System<2>, points: &[FixedPoint], reach: f64) -> Vec<PlanarCycle> {
    all_around(system, points, reach, FINE)
}

/// The same to some four digits, as a start for what is more exact, in a fraction of the time, and the outermost cycle, whatever it goes
/// round. Cycles that attract or repel weakly may be left out.
#[must_use]
pub fn rough_planar_cycles(system: &System<2>, points: &[FixedPoint], reach: f64) -> Vec<PlanarCycle> {
    let mut cycles = all_around(system, points, reach, ROUGH);
    // Round a single equilibrium what comes from inside passes all cycles.
    if let [_, .., last] = points
        && let [v, w] = *last.state
    {
        let ray = Ray { system, center: [v, w], reach, pains: ROUGH };
        ray.chain(([v + OUTSIDE * system.scale()[0], w], false), -NEXT, points.len() - 1, &mut cycles);
    }
    cycles
}

fn all_around(system: &System<2>, points: &[FixedPoint], reach: f64, pains: Pains) -> Vec<PlanarCycle> {
    let mut cycles: Vec<PlanarCycle> = Vec::new();
    for (around, point) in points.iter().enumerate().filter(|(_, p)| !p.is_virtual) {
        let stable = point.kind.is_stable();
        let Some(trap) = Trap::around(system, point, !stable) else { continue };
        let ray = Ray { system, center: *trap.center(), reach, pains };
        // Out of a stable trap one comes backward, out of an unstable one forward.
        ray.chain((trap.rim(), stable), NEXT, around, &mut cycles);
    }
    cycles
}

/// The cycle near an orbit through `start`, followed until it returns close to where it was; backward in time for
/// an unstable one. `around` must lie inside.
#[must_use]
pub fn cycle_through(system: &System<2>, start: [f64; 2], around: [f64; 2], backward: bool) -> Option<PlanarCycle> {
    Ray { system, center: around, reach: 10.0, pains: FINE }.cycle_from(start, backward, 0)
}

/// The ray from an equilibrium toward higher V.
struct Ray<'a> {
    system: &'a System<'a, 2>,
    center: [f64; 2],
    reach: f64,
    pains: Pains,
}

/// A return to the ray.
#[derive(Clone, Copy)]
struct Return {
    v: f64,
    slope: f64,
    time: f64,
}

impl Ray<'_> {
    /// Adds the cycle that an orbit leads to, forward or `backward`, then the next one `beyond` it, outward or inward, and so on.
    fn chain(&self, (mut start, mut backward): ([f64; 2], bool), beyond: f64, around: usize, cycles: &mut Vec<PlanarCycle>) {
        let scale = self.system.scale()[0];
        let near = (1e3 * self.pains.tolerance, 1e4 * self.pains.tolerance * scale);
        for _ in 0..MOST_AROUND {
            let Some(cycle) = self.cycle_from(start, backward, around) else { break };
            let known = |c: &PlanarCycle| (c.period / cycle.period - 1.0).abs() < near.0 && (c.range(0).1 - cycle.range(0).1).abs() < near.1;
            let again = cycles.iter().any(known);
            // Beyond an unstable cycle the next one attracts, and the other way round.
            let at = cycle.line.first().copied().unwrap_or(start);
            start = [at[0] + beyond * (at[0] - self.center[0]), at[1] + beyond * (at[1] - self.center[1])];
            backward = !backward;
            if !again {
                cycles.push(cycle);
            }
        }
    }

    /// Which way the flow crosses the ray at `v`, seen along the orbit.
    fn section(&self, v: f64, backward: bool) -> Section<2> {
        let f = self.system.slope(&[v, self.center[1]]);
        let sign = if backward { -f[1] } else { f[1] };
        Section::of_state(1, self.center[1], sign.signum())
    }

    /// From the ray at `v` once round to the ray.
    fn turn(&self, v: f64, backward: bool) -> Option<Return> {
        let section = self.section(v, backward);
        let start = Point { x: [v, self.center[1]], v: [1.0, 0.0], t: 0.0 };
        let mut orbit = Orbit::from_point(self.system, start, Manner { tolerance: self.pains.tolerance, backward, held: false });
        for _ in 0..4 {
            if self.run(&mut orbit, &section) != End::Section {
                return None;
            }
            if orbit.at().x[0] > self.center[0] {
                let ([slope, _], _) = section.project(&orbit.at().v, &self.system.slope(&orbit.at().x));
                return Some(Return { v: orbit.at().x[0], slope, time: orbit.at().t });
            }
        }
        None
    }

    fn run(&self, orbit: &mut Orbit<2>, section: &Section<2>) -> End {
        let resets = self.system.neuron().resets();
        orbit.run(Some(section), Limits { steps: self.pains.steps, time: f64::INFINITY }, |orbit| {
            let x = orbit.at().x;
            let off = [x[0] - self.center[0], x[1] - self.center[1]];
            self.system.length(&off) < self.reach && !(resets && self.system.spike(&x) >= 0.0)
        })
    }

    /// The cycle that an orbit from `start` leads to.
    fn cycle_from(&self, start: [f64; 2], backward: bool, around: usize) -> Option<PlanarCycle> {
        let v = self.first_crossing(start, backward)?;
        let scale = self.system.scale()[0];
        let mut last = self.turn(v, backward)?;
        let mut from = v;
        for _ in 0..self.pains.returns {
            let step = last.v - from;
            if step.abs() < 0.02 * scale
                && last.slope.abs() < 0.9995
                && let Some(found) = self.newton(last.v, backward)
            {
                return Some(self.trace(found.v, backward, found, around));
            }
            if step.abs() < self.pains.tolerance * scale {
                return None;
            }
            from = last.v;
            last = self.turn(from, backward)?;
        }
        None
    }

    fn first_crossing(&self, start: [f64; 2], backward: bool) -> Option<f64> {
        let manner = Manner { tolerance: self.pains.tolerance, backward, held: false };
        let near = self.center[0] + 1e-3 * self.system.scale()[0];
        let section = self.section(near.max(start[0]), backward);
        let mut orbit = Orbit::new(self.system, start, manner);
        for _ in 0..4 {
            if self.run(&mut orbit, &section) != End::Section {
                return None;
            }
            if orbit.at().x[0] > self.center[0] {
                return Some(orbit.at().x[0]);
            }
        }
        None
    }

    fn newton(&self, v: f64, backward: bool) -> Option<Return> {
        let scale = self.system.scale()[0];
        let mut v = v;
        for _ in 0..12 {
            let back = self.turn(v, backward)?;
            let change = (back.v - v) / (1.0 - back.slope);
            if !change.is_finite() || change.abs() > 0.1 * scale {
                return None;
            }
            v += change;
            if change.abs() < self.pains.tolerance * scale {
                let end = self.turn(v, backward)?;
                let small = v - self.center[0] < 1e-5 * scale;
                return (!small && end.slope.abs() < 1.0).then_some(Return { v, ..end });
            }
        }
        None
    }

    fn trace(&self, v: f64, backward: bool, back: Return, around: usize) -> PlanarCycle {
        let mut orbit = Orbit::new(self.system, [v, self.center[1]], Manner { tolerance: self.pains.tolerance, backward, held: false });
        let mut line = vec![[v, self.center[1]]];
        let clock = back.time.abs();
        orbit.run(None, Limits { steps: 1500, time: clock }, |orbit| {
            let far = self.system.length(&[orbit.at().x[0] - orbit.before().x[0], orbit.at().x[1] - orbit.before().x[1]]);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 50")]
            let pieces = (far / 0.004).ceil().clamp(1.0, 50.0) as u32;
            for k in 1..=pieces {
                let at = orbit.inside(f64::from(k) / f64::from(pieces));
                if at.t.abs() < clock {
                    line.push(at.x);
                }
            }
            true
        });
        if backward {
            line.reverse();
        }
        // Orientation is kept, so a negative slope is rounding about zero.
        let slope = back.slope.max(f64::MIN_POSITIVE);
        let multiplier = if backward { 1.0 / slope } else { slope };
        PlanarCycle { line, period: clock, multiplier, around }
    }
}
