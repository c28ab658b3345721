//! A periodic orbit to start from, found by letting the model run.

use super::follow::{Orbit, VANISHING, amplitude, from_samples};
use super::newton::Newton;
use crate::analysis::equilibria;
use crate::analysis::family::{MOST_STATES, Vector};
use crate::model::Drive;

/// Steps of a search at most.
const MOST_STEPS: usize = 60_000;
/// Samples of the period that is handed on.
const SAMPLES: usize = 400;
/// Attempts to correct what looks like an oscillation.
const MOST_ATTEMPTS: usize = 4;
/// Steps between two looks at whether it has come to rest.
const GLANCE: usize = 128;
/// It has, so near to an equilibrium that attracts, in units of the window.
const AT_REST: f64 = 2e-4;
/// Successive returns agree at least so well, in units of the window.
const ALIKE: f64 = 2e-3;

/// Runs the smooth model at `value` from `start` and corrects the oscillation it settles on, if it does. `dt` is
/// a step that resolves the model; `backward` runs against time, where unstable orbits of the plane attract.
#[must_use]
pub fn settled(newton: &mut Newton, start: &[f64], value: f64, dt: f64, backward: bool, intervals: usize) -> Option<Orbit> {
    let n = newton.family.dim();
    let neuron = newton.family.neuron();
    let scale = newton.scales.state;
    let (p, current) = {
        let (p, i) = newton.family.at(value);
        (p.to_vec(), i)
    };
    let drive = [Drive::constant(current); 3];
    let h = if backward { -dt } else { dt };
    // Equilibria that would attract it.
    let attracts = |re: f64| if backward { re > 0.0 } else { re < 0.0 };
    let mut rests = equilibria(neuron, &p, current).points;
    rests.retain(|point| point.eigenvalues.iter().all(|e| attracts(e.re)));
    let mut x = [0.0; MOST_STATES];
    x[..n].copy_from_slice(&start[..n]);
    let mut section = Section::default();
    let mut before: Option<(usize, Vector)> = None;
    let mut rate = [0.0; MOST_STATES];
    let mut attempts = 0;
    for step in 0..MOST_STEPS {
        let old = x;
        neuron.rk4(&mut x[..n], &p, &drive, h, false);
        if !x.iter().all(|x| x.is_finite()) || x[0].abs() > 20.0 * scale[0] {
            return None;
        }
        if step % GLANCE == GLANCE - 1 {
            neuron.rhs(&x[..n], &p, current, &mut rate);
            let speed = (0..n).map(|i| (rate[i] / scale[i]).powi(2)).sum::<f64>().sqrt();
            if speed * dt < 1e-10 || rests.iter().any(|rest| (0..n).all(|i| ((x[i] - rest.state[i]) / scale[i]).abs() < AT_REST)) {
                return None;
            }
        }
        if !section.crossed(old[0], x[0], scale[0]) {
            continue;
        }
        if let Some((at, last)) = before.replace((step, x)) {
            let apart = (0..n).map(|i| ((x[i] - last[i]) / scale[i]).abs()).fold(0.0, f64::max);
            // Returns differ also because they fall on the grid of steps; Newton's method settles that.
            let moved = (0..n).map(|i| ((x[i] - old[i]) / scale[i]).abs()).fold(0.0, f64::max);
            if apart < ALIKE + moved && step - at > 20 {
                let orbit = sampled(newton, &x, (&p, current), (step - at, h), value, intervals);
                attempts += 1;
                if orbit.is_some() || attempts == MOST_ATTEMPTS {
                    return orbit;
                }
            }
        }
    }
    None
}

/// The orbit of the smooth model at `value` that returns to `x` after about `period`, corrected; run against time if `backward`, where
/// deviations from unstable orbits of the plane die out. `dt` is a step that resolves the model. `None` for orbits that have nearly vanished.
#[must_use]
pub fn returning(newton: &mut Newton, x: &Vector, period: f64, value: f64, (dt, backward): (f64, bool), intervals: usize) -> Option<Orbit> {
    let (p, current) = {
        let (p, i) = newton.family.at(value);
        (p.to_vec(), i)
    };
    let steps = (period / dt).ceil().clamp(SAMPLES as f64, MOST_STEPS as f64);
    let h = if backward { -period / steps } else { period / steps };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the counts above")]
    sampled(newton, x, (&p, current), (steps as usize, h), value, intervals)
}

/// One period of so many steps `dt` from `x`, in equal steps no longer than that, corrected.
fn sampled(newton: &mut Newton, x: &Vector, (p, current): (&[f64], f64), (steps, dt): (usize, f64), value: f64, intervals: usize) -> Option<Orbit> {
    let n = newton.family.dim();
    let neuron = newton.family.neuron();
    let drive = [Drive::constant(current); 3];
    let period = steps as f64 * dt.abs();
    let sub = steps.div_ceil(SAMPLES);
    let h = steps as f64 * dt / (SAMPLES * sub) as f64;
    let mut states = vec![*x];
    let mut y = *x;
    for _ in 0..SAMPLES {
        for _ in 0..sub {
            neuron.rk4(&mut y[..n], p, &drive, h, false);
        }
        states.push(y);
    }
    if dt < 0.0 {
        states.reverse();
    }
    from_samples(newton, &states, period, value, intervals).filter(|orbit| amplitude(&orbit.cycle, n) > VANISHING)
}

/// Upward crossings of the middle of what V has recently done.
struct Section {
    low: f64,
    high: f64,
}

impl Default for Section {
    fn default() -> Self {
        Self { low: f64::INFINITY, high: f64::NEG_INFINITY }
    }
}

impl Section {
    fn crossed(&mut self, from: f64, to: f64, scale: f64) -> bool {
        // Extremes fade slowly, so that a transient is forgotten.
        let fade = 2e-4 * (self.high - self.low).max(0.0);
        self.low = (self.low + fade).min(to);
        self.high = (self.high - fade).max(to);
        let middle = 0.5 * (self.low + self.high);
        self.high - self.low > 1e-4 * scale && from < middle && to >= middle
    }
}
