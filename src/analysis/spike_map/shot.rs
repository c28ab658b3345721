//! One evaluation of the map: from a reset to the next.

use crate::analysis::equilibria::{Equilibria, equilibria};
use crate::analysis::orbit::{End, Limits, Manner, Orbit, Point, Section, System};
use crate::analysis::trap::Trap;
use crate::model::Dynamics;

/// The map at one value of the second state right after a reset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node {
    /// The second state right after a reset.
    pub w: f64,
    /// The same right after the next reset: Φ(w).
    pub next: f64,
    /// Φ′(w).
    pub slope: f64,
    /// From one spike to the next in ms, with the refractory hold.
    pub interval: f64,
    /// Derivative of the interval by w.
    pub interval_slope: f64,
}

/// What follows a reset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shot {
    /// Another spike.
    Spike(Node),
    /// No spike: the orbit is caught at rest or in an oscillation below threshold, or runs away downward.
    Silent,
    /// The reset lands above threshold, with nothing to hold the neuron there.
    Runaway,
    /// Neither was decided within the steps allowed.
    Undecided,
}

impl Shot {
    /// The node, if there is a next spike.
    #[must_use]
    pub fn node(&self) -> Option<&Node> {
        if let Self::Spike(node) = self { Some(node) } else { None }
    }
}

/// Steps of one evaluation.
const STEPS: u32 = 6000;
/// Potentials so many window widths below the reset are never left again: the orbit runs away downward.
const FAR: f64 = 100.0;

/// Speed of V, as a part of the fastest possible, beyond which an explosive upstroke cannot turn back.
const UPSTROKE: f64 = 0.4;

/// Evaluates the spike map of a model with two states and a reset.
pub struct Shooter<'a> {
    system: System<'a, 2>,
    section: Section<2>,
    equilibria: Equilibria,
    traps: Vec<Trap>,
    v_reset: f64,
    hold: f64,
    tolerance: f64,
}

impl<'a> Shooter<'a> {
    /// For input current `i`; `None` for models that have not two states and a reset to one potential.
    #[must_use]
    pub fn new(neuron: &'a dyn Dynamics, p: &'a [f64], i: f64) -> Option<Self> {
        let system = System::<2>::new(neuron, p, i)?;
        if neuron.chance().is_some() {
            return None;
        }
        let mut start = [0.0; 2];
        neuron.steady(neuron.start(p), p, &mut start);
        let ([v_reset, _], [along, _], hold) = system.reset(&start, &[0.0, 1.0])?;
        // Where the reset potential depends on the second state, that state alone does not say what comes next.
        if along != 0.0 {
            return None;
        }
        let equilibria = equilibria(neuron, p, i);
        let traps = equilibria.points.iter().filter(|point| !point.is_virtual).filter_map(|point| Trap::around(&system, point, false)).collect();
        Some(Self { section: system.spike_section(), system, equilibria, traps, v_reset, hold, tolerance: 1e-8 })
    }

    /// The same with another local error per step, in window widths.
    #[must_use]
    pub fn with_tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Sets the local error per step, in window widths, and returns what it was.
    pub fn set_tolerance(&mut self, tolerance: f64) -> f64 {
        std::mem::replace(&mut self.tolerance, tolerance)
    }

    /// The system it integrates.
    #[must_use]
    pub fn system(&self) -> &System<'a, 2> {
        &self.system
    }

    /// All equilibria at this input.
    #[must_use]
    pub fn equilibria(&self) -> &Equilibria {
        &self.equilibria
    }

    /// Traps round the stable equilibria below threshold.
    #[must_use]
    pub fn traps(&self) -> &[Trap] {
        &self.traps
    }

    /// The potential right after a reset.
    #[must_use]
    pub fn v_reset(&self) -> f64 {
        self.v_reset
    }

    /// The second state on the V-nullcline at the reset, where the map of an excitable neuron turns; `None` where
    /// it does not enter the first equation.
    #[must_use]
    pub fn turning(&self) -> Option<f64> {
        let (f, along) = self.system.slope_along(&[self.v_reset, 0.0], &[0.0, 1.0]);
        let w = -f[0] / along[0];
        w.is_finite().then_some(w)
    }

    /// The second state's steady value at the reset potential.
    #[must_use]
    pub fn steady_at_reset(&self) -> f64 {
        let mut x = [0.0; 2];
        self.system.neuron().steady(self.v_reset, self.system.params(), &mut x);
        x[1]
    }

    /// The map at `w`.
    #[must_use]
    pub fn shoot(&self, w: f64) -> Shot {
        self.shoot_with(w, self.tolerance)
    }

    /// The map at `w` with another local error per step.
    #[must_use]
    pub fn shoot_with(&self, w: f64, tolerance: f64) -> Shot {
        let start = Point { x: [self.v_reset, w], v: [0.0, 1.0], t: 0.0 };
        let manner = Manner { tolerance, ..Manner::default() };
        let mut at = start;
        if self.hold > 0.0 {
            let mut held = Orbit::from_point(&self.system, start, Manner { held: true, ..manner });
            if held.run_for(self.hold, Limits { steps: STEPS, time: f64::INFINITY }) != End::Section {
                return Shot::Undecided;
            }
            at = *held.at();
        }
        if self.section.above(&at) >= 0.0 {
            // The end of the hold does not depend on w: neighbours fire at the same time.
            return if self.hold > 0.0 { self.spike(w, &at.x, &at.v, at.t, 0.0) } else { Shot::Runaway };
        }
        self.fly(w, at, manner)
    }

    /// Widens a box so that it holds the orbit from the reset at `w` to the next spike.
    pub(super) fn widen(&self, w: f64, (low, high): &mut ([f64; 2], [f64; 2])) {
        let mut include = |x: &[f64; 2]| {
            for k in 0..2 {
                low[k] = low[k].min(x[k]);
                high[k] = high[k].max(x[k]);
            }
        };
        let start = Point { x: [self.v_reset, w], v: [0.0; 2], t: 0.0 };
        let manner = Manner { tolerance: self.tolerance, ..Manner::default() };
        let limits = Limits { steps: STEPS, time: f64::INFINITY };
        include(&start.x);
        let mut at = start;
        if self.hold > 0.0 {
            // While V is held, the second state relaxes one way.
            let mut held = Orbit::from_point(&self.system, start, Manner { held: true, ..manner });
            held.run_for(self.hold, limits);
            at = *held.at();
            include(&at.x);
        }
        if self.section.above(&at) >= 0.0 {
            return;
        }
        let mut orbit = Orbit::from_point(&self.system, at, manner);
        orbit.run(Some(&self.section), limits, |orbit| {
            for (state, sign) in [(0, 1.0), (0, -1.0), (1, 1.0), (1, -1.0)] {
                let turns = sign * orbit.direction_before()[state] > 0.0 && sign * orbit.direction()[state] <= 0.0;
                if turns {
                    include(&orbit.highest(&Section::of_state(state, 0.0, sign)).x);
                }
            }
            include(&orbit.at().x);
            true
        });
        include(&orbit.at().x);
    }

    /// From the end of the hold to the next spike.
    fn fly(&self, w: f64, at: Point<2>, manner: Manner) -> Shot {
        let mut orbit = Orbit::from_point(&self.system, at, manner);
        let mut highest: Option<f64> = None;
        let explosive = self.system.neuron().card().explosive && self.section.normal[1] == 0.0;
        let lowest = self.v_reset - FAR * self.system.scale()[0];
        let rising = Section::of_state(0, 0.0, 1.0);
        let end = orbit.run(Some(&self.section), Limits { steps: STEPS, time: f64::INFINITY }, |orbit| {
            let x = orbit.at().x;
            if x[0] < lowest || self.traps.iter().any(|trap| trap.holds(&x)) {
                return false;
            }
            if explosive && orbit.direction()[0] > UPSTROKE * self.system.scale()[0] {
                orbit.compare_at_equal_v();
            }
            if orbit.direction_before()[0] > 0.0 && orbit.direction()[0] <= 0.0 {
                let top = orbit.highest(&rising).x[0];
                if highest.is_some_and(|before| self.spirals_in(before, top)) {
                    return false;
                }
                highest = Some(top);
            }
            true
        });
        match end {
            End::Section => {
                let (inside, late) = orbit.on_section(&self.section);
                self.spike(w, &orbit.at().x, &inside, orbit.at().t, late)
            }
            End::Stopped => Shot::Silent,
            End::Budget | End::Time | End::NotFinite => Shot::Undecided,
        }
    }

    /// True if an orbit whose potential peaked at `before` and then, a turn later, at `top`, goes inward. Both
    /// peaks lie on the V-nullcline; the turn and the piece of nullcline between them, which the flow crosses one
    /// way, enclose a region that it never leaves (the bag of Poincaré and Bendixson).
    fn spirals_in(&self, before: f64, top: f64) -> bool {
        top < before - 1e-6 * self.system.scale()[0]
            && !self.equilibria.points.iter().any(|p| p.state.first().is_some_and(|v| (top..=before).contains(v)))
    }

    fn spike(&self, w: f64, x: &[f64; 2], v: &[f64; 2], interval: f64, interval_slope: f64) -> Shot {
        match self.system.reset(x, v) {
            Some(([_, next], [_, slope], _)) if next.is_finite() => Shot::Spike(Node { w, next, slope, interval, interval_slope }),
            _ => Shot::Undecided,
        }
    }

    /// Where the stable manifolds of saddles cross the reset line: the map may break there. Each manifold is
    /// followed backward for a few crossings.
    #[must_use]
    pub fn cuts(&self, within: (f64, f64)) -> Vec<f64> {
        let mut cuts = Vec::new();
        for point in self.equilibria.points.iter().filter(|p| !p.is_virtual && p.kind == crate::analysis::Type::Saddle) {
            let Some(ways) = crate::analysis::manifolds::departures(&self.system, point) else { continue };
            for start in ways.stable {
                self.crossings(start, within, &mut cuts);
            }
        }
        cuts.sort_by(f64::total_cmp);
        cuts
    }

    fn crossings(&self, start: [f64; 2], within: (f64, f64), cuts: &mut Vec<f64>) {
        let manner = Manner { tolerance: self.tolerance, backward: true, held: false };
        let mut orbit = Orbit::new(&self.system, start, manner);
        let reach = 2.0 * (within.1 - within.0) + self.system.scale()[1];
        let mut found = 0;
        let mut before = start[0] - self.v_reset;
        orbit.run(None, Limits { steps: 600, time: f64::INFINITY }, |orbit| {
            let [v, w] = orbit.at().x;
            let now = v - self.v_reset;
            if (before > 0.0) != (now > 0.0) {
                let at = crate::analysis::root::bracketed(|part| orbit.inside(part).x[0] - self.v_reset, (0.0, before), (1.0, now));
                found += 1;
                cuts.extend(self.before_hold(orbit.inside(at).x[1]).filter(|w| *w > within.0 && *w < within.1));
            }
            before = now;
            found < 8 && self.section.above(orbit.at()) < 0.0 && w > within.0 - reach && w < within.1 + reach
        });
    }

    /// The value at the reset that becomes `w` at the end of the hold.
    fn before_hold(&self, w: f64) -> Option<f64> {
        if self.hold == 0.0 {
            return Some(w);
        }
        let manner = Manner { tolerance: self.tolerance, backward: true, held: true };
        let mut orbit = Orbit::new(&self.system, [self.v_reset, w], manner);
        (orbit.run_for(self.hold, Limits::default()) == End::Section).then(|| orbit.at().x[1])
    }
}
