//! Where between two values the pattern changes, and what happens there.

use super::settle::Setting;
use super::{Change, Regime, ResetPoint, Row};
use crate::analysis::equilibria::{FixedPoint, equilibria};
use crate::analysis::spike_map::{Shooter, SpikeCycle};

/// Halvings of the bracket, and how often a bracket that proves false is opened again.
const HALVINGS: u32 = 40;
const REOPENED: u32 = 3;
/// Halvings after which the equations for a multiplier of ±1 are tried.
const TRIED: [u32; 3] = [5, 12, 24];
/// From this absolute value of the multiplier on, the point where it is one is solved for; and where a pattern
/// with a multiplier above this ends, it met another.
const NEAR: f64 = 0.3;
const FOLD: f64 = 0.97;
/// Widest bracket, as a part of the stretch between two values, that is worth a point.
const WIDEST: f64 = 1e-3;
/// Patterns of more spikes are followed, but not how they end.
const MOST_SPIKES: usize = 16;
/// Local errors of integration: of the solution, and of another that tells its error.
const TOLERANCES: [f64; 2] = [1e-10, 1e-8];

/// The stretch in which a followed pattern ends.
struct Bracket {
    /// The pattern exists and is stable here.
    good: f64,
    cycle: SpikeCycle,
    /// Where it was seen before.
    earlier: (f64, f64),
    /// It does not, as far as was seen.
    bad: f64,
}

/// How a pattern ends.
struct Ending {
    change: Change,
    how: &'static str,
    value: f64,
    error: f64,
    cycle: SpikeCycle,
}

const DOUBLING: (Change, &str) = (Change::PeriodDoubling, "The multiplier of the pattern passes −1");
const MEETING: (Change, &str) = (Change::CycleFold, "The pattern meets an unstable one and both vanish: the multiplier passes +1");

impl Setting<'_> {
    /// The change between the row before and the regime at `value`, if the pattern that was followed has ended.
    pub fn change(&self, before: &Row, value: f64, after: &Regime) -> Option<ResetPoint> {
        let Regime::Firing(cycle) = &before.regime else { return None };
        if after.spikes() == Some(cycle.spikes()) || cycle.spikes() > MOST_SPIKES {
            return None;
        }
        let w = first(cycle);
        let mut bracket = Bracket { good: before.value, cycle: cycle.clone(), earlier: (before.value, w), bad: value };
        let end =
            self.close_in(&mut bracket, value).or_else(|| self.halving(&bracket)).or_else(|| self.ending(&bracket, before.value, value, after))?;
        let sides = [Some(cycle.spikes()), after.spikes()];
        let (change, how) = match (end.change, sides) {
            // What is seen there is that bursts get longer or shorter; how that comes about is the sentence.
            (Change::CycleFold, [Some(k), Some(l)]) if l > 0 && l != 2 * k => {
                (Change::SpikeCountBorder, "The pattern meets an unstable one, both vanish, and another number of spikes takes over")
            }
            (Change::PeriodDoubling, [Some(k), Some(l)]) if l > 0 && l != 2 * k && k != 2 * l => {
                (Change::SpikeCountBorder, "The multiplier of the pattern passes −1, and another number of spikes takes over")
            }
            _ => (end.change, end.how),
        };
        Some(ResetPoint {
            change,
            how,
            value: end.value,
            error_estimate: end.error,
            state: self.state(end.value, &end.cycle),
            period: (change != Change::FiringOnset).then(|| end.cycle.period()),
            spikes: if before.value < value { sides } else { [sides[1], sides[0]] },
        })
    }

    /// Bisects; returns the place where the multiplier is ±1, if that is how the pattern ends.
    fn close_in(&self, bracket: &mut Bracket, end: f64) -> Option<Ending> {
        for reopened in 0..=REOPENED {
            for halving in 0..HALVINGS {
                let middle = 0.5 * (bracket.good + bracket.bad);
                match self.same_cycle(middle, &bracket.cycle).filter(SpikeCycle::is_stable) {
                    Some(found) => {
                        bracket.earlier = (bracket.good, first(&bracket.cycle));
                        (bracket.good, bracket.cycle) = (middle, found);
                    }
                    None => bracket.bad = middle,
                }
                if TRIED.contains(&halving)
                    && bracket.cycle.multiplier.abs() > NEAR
                    && let Some(found) = self.critical(bracket, bracket.cycle.multiplier.signum(), end)
                {
                    return Some(found);
                }
            }
            // From close by the pattern may be found beyond after all: it was only lost on the way.
            match self.same_cycle(bracket.bad, &bracket.cycle).filter(SpikeCycle::is_stable) {
                Some(found) if reopened < REOPENED && (found.multiplier - bracket.cycle.multiplier).abs() < 0.1 => {
                    (bracket.good, bracket.cycle, bracket.bad) = (bracket.bad, found, end);
                }
                _ => return None,
            }
        }
        None
    }

    /// The value at which the multiplier is `target`, with its error, if that lies ahead and not far.
    fn critical(&self, bracket: &Bracket, target: f64, end: f64) -> Option<Ending> {
        let [fine, coarse] = TOLERANCES.map(|tolerance| self.solve(bracket, target, tolerance));
        let ((value, cycle), (rough, _)) = (fine?, coarse?);
        let width = (bracket.bad - bracket.good).abs();
        let ahead = (value - bracket.good) * (end - bracket.good).signum();
        // The finer solution is some thirty times nearer the truth than the coarser.
        let error = 0.1 * (value - rough).abs() + 1e-11 * value.abs();
        let fits = ahead > -1e-9 * (1.0 + value.abs()) && ahead < 20.0 * width && error < 0.1 * width.max(1e-6 * value.abs());
        let (change, how) = if target < 0.0 { DOUBLING } else { MEETING };
        fits.then_some(Ending { change, how, value, error, cycle })
    }

    /// A pattern of twice as many spikes that shrinks on to its half: seen from the half, a doubling.
    fn halving(&self, bracket: &Bracket) -> Option<Ending> {
        let k = bracket.cycle.spikes();
        if !k.is_multiple_of(2) {
            return None;
        }
        let (p, i) = self.at(bracket.bad);
        let shooter = Shooter::new(self.neuron, &p, i)?.with_tolerance(TOLERANCES[0]);
        let middle = 0.5 * (bracket.cycle.points.first()?.w + bracket.cycle.points.get(k / 2)?.w);
        let cycle = SpikeCycle::near(&shooter, middle, k / 2).filter(|c| c.spikes() == k / 2 && (-1.3..-0.8).contains(&c.multiplier))?;
        // The doubled pattern is lost a little before or after; the half is looked at on both sides.
        let back = 1e-5 * (1.0 + bracket.bad.abs()) * (bracket.bad - bracket.good).signum();
        let from_half = Bracket { good: bracket.bad + back, earlier: (bracket.bad, middle), cycle, bad: bracket.bad - back };
        self.critical(&from_half, -1.0, bracket.bad - back)
    }

    /// Newton's method on Φᵏ(w) = w, (Φᵏ)′(w) = target for w and the parameter; the derivatives of the second
    /// equation are differences.
    fn solve(&self, bracket: &Bracket, target: f64, tolerance: f64) -> Option<(f64, SpikeCycle)> {
        let k = bracket.cycle.spikes();
        let with = |value: f64, w: f64, tolerance: f64| {
            let (p, i) = self.at(value);
            SpikeCycle::follow(&Shooter::new(self.neuron, &p, i)?.with_tolerance(tolerance), w, k)
        };
        // What only steers the iteration need not be as exact as what it must satisfy.
        let rough = |value: f64, w: f64| with(value, w, TOLERANCES[1]);
        let (mut value, mut w) = (bracket.good, first(&bracket.cycle));
        let scale = self.neuron.states().get(1).map_or(1.0, |f| f.shown.1 - f.shown.0);
        let step_value = (1e-3 * (bracket.bad - bracket.good)).abs().max(1e-9 * (1.0 + value.abs()));
        let step_w = (1e-2 * (w - bracket.earlier.1)).abs().clamp(1e-7 * scale, 1e-4 * scale);
        for _ in 0..9 {
            let here = with(value, w, tolerance)?;
            let (g, m) = (here.gap(), here.multiplier - target);
            let (below, above) = (rough(value - step_value, w)?, rough(value + step_value, w)?);
            let (left, right) = (rough(value, w - step_w)?, rough(value, w + step_w)?);
            let g_p = (above.gap() - below.gap()) / (2.0 * step_value);
            let m_p = (above.multiplier - below.multiplier) / (2.0 * step_value);
            let (g_w, m_w) = (here.multiplier - 1.0, (right.multiplier - left.multiplier) / (2.0 * step_w));
            let det = g_p * m_w - g_w * m_p;
            let (d_value, d_w) = (-(g * m_w - g_w * m) / det, -(g_p * m - g * m_p) / det);
            if !(d_value.is_finite() && d_w.is_finite()) || d_w.abs() > 0.2 * scale {
                return None;
            }
            value += d_value;
            w += d_w;
            if d_value.abs() < 1e-12 * (1.0 + value.abs()) || (d_w.abs() < 1e-10 * scale && d_value.abs() < 1e-9 * (1.0 + value.abs())) {
                let cycle = with(value, w, tolerance)?;
                return (cycle.gap().abs() < 1e-5 * scale).then_some((value, cycle));
            }
        }
        None
    }

    /// How a pattern ends for which no multiplier of ±1 could be solved; `None` if it cannot be said.
    fn ending(&self, bracket: &Bracket, from: f64, to: f64, after: &Regime) -> Option<Ending> {
        let Bracket { good, bad, cycle, .. } = bracket;
        if (bad - good).abs() > WIDEST * (to - from).abs() {
            return None;
        }
        let (change, how) = match self.same_cycle(*bad, cycle) {
            Some(beyond) if beyond.multiplier <= -1.0 => DOUBLING,
            Some(beyond) if beyond.multiplier >= 1.0 => MEETING,
            None if cycle.multiplier > FOLD => MEETING,
            _ => match after {
                Regime::Rest(_) => (Change::FiringOnset, self.falling_silent(good + 1e-5 * (from - to), bad + 1e-5 * (to - from))),
                Regime::Firing(_) | Regime::Irregular(_) => {
                    (Change::SpikeCountBorder, "The pattern ends within less than can be resolved, and another takes over")
                }
                Regime::Unknown => return None,
            },
        };
        let error = 0.5 * (bad - good).abs() + 1e-9 * from.abs().max(to.abs());
        Some(Ending { change, how, value: 0.5 * (good + bad), error, cycle: cycle.clone() })
    }

    /// How firing ends where rest takes over.
    fn falling_silent(&self, good: f64, bad: f64) -> &'static str {
        let points = |value: f64| {
            let (p, i) = self.at(value);
            equilibria(self.neuron, &p, i).points
        };
        let (inside, outside) = (points(good), points(bad));
        let real = |points: &[FixedPoint]| points.iter().filter(|p| !p.is_virtual).count();
        if inside.len() == outside.len() && real(&inside) < real(&outside) {
            "The steady state meets the threshold: the interval grows as the logarithm of the distance"
        } else if inside.len() < outside.len() {
            "A saddle-node appears on the way: the interval grows as one over the root of the distance"
        } else if real(&inside) > 0 {
            "A reset falls on the border of the basin of rest"
        } else {
            "The next spike is no longer reached"
        }
    }

    /// The state right after the first reset of a pattern.
    fn state(&self, value: f64, cycle: &SpikeCycle) -> Vec<f64> {
        let (p, _) = self.at(value);
        let mut x = vec![0.0; self.neuron.dim()];
        self.neuron.steady(self.neuron.start(&p), &p, &mut x);
        self.neuron.reset(&mut x, &p);
        if let Some(second) = x.get_mut(1) {
            *second = first(cycle);
        }
        x
    }
}

fn first(cycle: &SpikeCycle) -> f64 {
    cycle.points.first().map_or(f64::NAN, |n| n.w)
}
