//! The mean rate of a neuron that fires by chance, under a constant current.
//!
//! From one event to the next the hazard ρ along the way decides: the neuron is still there after t with probability
//! S(t) = exp(−∫ρ), and stays for ∫S dt on average (Cox 1962, *Renewal Theory*, sec. 1.2). The way is the same each time, because an event
//! leads to one state; the rate is one over the sum of the stays from spike to spike. It is an expectation, without the
//! scatter of a run. Cost: one run until S is negligible, or until nothing moves but the hazard, whose tail is known.

use super::settle::{Attractor, Effort, Outcome};
use super::{GoOn, Preparation};
use crate::model::Hold;
use crate::sim::Sink;

/// The hazard starts so far below zero that no event happens while S is a number worth adding.
const DEEP: f64 = 700.0;
/// S below this adds nothing.
const GONE: f64 = 1e-14;
/// States that change by less than this part of their range in a step are still.
const STILL: f64 = 1e-13;
/// Steps between two looks.
const CHUNK: u64 = 400;
/// More legs from spike to spike than any model has.
const LEGS: u32 = 16;

/// Adds up ∫S dt as a run goes on.
struct Survival<'a> {
    place: usize,
    scale: &'a [f64],
    last: (f64, Vec<f64>),
    stay: f64,
    /// The hazard per ms over the last step.
    hazard: f64,
    still: bool,
}

impl Sink for Survival<'_> {
    fn point(&mut self, t: f64, x: &[f64], _current: f64) {
        let h = |x: &[f64]| x.get(self.place).copied().unwrap_or(0.0);
        let (span, before) = (t - self.last.0, h(&self.last.1));
        let passed = h(x) - before;
        // Exact where the hazard is constant within the step.
        let part = if passed > 1e-12 { -(-passed).exp_m1() / passed } else { 1.0 };
        self.stay += (-before - DEEP).exp() * part * span;
        self.hazard = passed / span;
        let moved = x.iter().zip(&self.last.1).zip(self.scale).enumerate().filter(|(k, _)| *k != self.place);
        self.still = moved.map(|(_, ((a, b), scale))| ((a - b) / scale).abs()).all(|part| part <= STILL);
        self.last.0 = t;
        self.last.1.clear();
        self.last.1.extend_from_slice(x);
    }

    fn spike(&mut self, _t: f64, _before: &[f64], _after: &[f64]) {}
}

/// The mean rate of a neuron that fires by chance; `None` if stopped by `go_on`.
pub(super) fn expected(prep: &Preparation, current: f64, effort: Effort, go_on: GoOn) -> Option<Outcome> {
    let outcome =
        |rate: f64, state: &[f64]| Outcome { attractor: Attractor::Open, rate: Some(rate), state: state.to_vec(), spikes: usize::from(rate > 0.0) };
    let mut x = prep.start.clone();
    let mut hold = 0.0;
    let jump = |x: &mut [f64], hold: &mut f64| {
        *hold = prep.neuron.reset(x, &prep.params).map_or(0.0, |Hold(hold)| hold);
        prep.neuron.leg(x) == 0
    };
    for _ in 0..LEGS {
        if jump(&mut x, &mut hold) {
            break;
        }
    }
    let after_spike = x.clone();
    let mut interval = 0.0;
    for _ in 0..LEGS {
        interval += stay(prep, current, &mut x, hold, effort, go_on)?;
        if jump(&mut x, &mut hold) {
            break;
        }
    }
    Some(outcome(prep.neuron.card().per_second() / interval, &after_spike))
}

/// The mean time from `x`, whose first states are held for `hold`, to the next event; infinite if it may never come. Leaves
/// `x` where the way leads to. `None` if stopped by `go_on`.
fn stay(prep: &Preparation, current: f64, x: &mut Vec<f64>, hold: f64, effort: Effort, go_on: GoOn) -> Option<f64> {
    let place = prep.neuron.chance()?;
    x.iter_mut().skip(place).take(1).for_each(|h| *h = -DEEP);
    let mut run = prep.simulation(current, x);
    run.hold_until(hold);
    let scale = prep.scale();
    let mut survival = Survival { place, scale: &scale, last: (0.0, x.clone()), stay: 0.0, hazard: 0.0, still: false };
    let mut taken = 0;
    loop {
        run.run(CHUNK, Some(&mut survival));
        taken += CHUNK;
        let left = (-survival.last.1.get(place).copied().unwrap_or(0.0) - DEEP).exp();
        let ended = left < GONE || run.spikes() > 0 || run.stopped().is_some();
        if ended || taken >= effort.steps || (survival.still && run.time() > hold) {
            x.clone_from(&survival.last.1);
            return Some(survival.stay + if ended { 0.0 } else { left / survival.hazard });
        }
        if !go_on() {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::preparation;
    use super::*;

    fn rate(id: &str, current: f64) -> f64 {
        expected(&preparation(id), current, Effort::FULL, &|| true).and_then(|o| o.rate).unwrap()
    }

    #[test]
    fn a_poisson_neuron_fires_at_its_rate_plus_its_input() {
        for (current, expected) in [(0.0, 40.0), (60.0, 100.0), (-40.0, 0.0), (-90.0, 0.0), (99_960.0, 1e5)] {
            let found = rate("poisson", current);
            assert!((found - expected).abs() <= 1e-9 * expected.max(1.0), "{found} for {expected}");
        }
    }

    #[test]
    fn a_markov_cycle_takes_the_sum_of_its_mean_stays() {
        for current in [-2.0, 0.0, 1.5] {
            let cycle = 1.0 / (0.05 * f64::exp(current)) + 1.0 + 5.0;
            assert!((rate("markov", current) * cycle / 1000.0 - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn the_mean_interval_of_a_soft_threshold_is_the_integral_of_its_survival() {
        // Simpson's rule on the closed forms: V(t) relaxes from −65 to −70 + 10 I, H is integrated on the way.
        for current in [0.0, 1.5, 3.0] {
            let h = 1e-3;
            let hazard = |t: f64| {
                let end = -70.0 + 10.0 * current;
                0.05 * ((end + (-65.0 - end) * (-t / 8.0).exp() + 50.0) / 4.0).exp()
            };
            let (mut t, mut passed, mut mean) = (0.0_f64, 0.0_f64, 2.0_f64);
            while passed < 32.0 && t < 400.0 {
                let (a, b, c) = (hazard(t), hazard(t + 0.5 * h), hazard(t + h));
                let (half, whole) = (h / 24.0 * (5.0 * a + 8.0 * b - c), h / 6.0 * (a + 4.0 * b + c));
                mean += h / 6.0 * ((-passed).exp() + 4.0 * (-passed - half).exp() + (-passed - whole).exp());
                passed += whole;
                t += h;
            }
            mean += (-passed).exp() / hazard(t);
            let found = 1000.0 / rate("lif_escape", current);
            assert!((found / mean - 1.0).abs() < 1e-5, "{found} for {mean} at {current}");
        }
    }
}
