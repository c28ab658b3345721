//! Orbits through one state, forward and backward in time, as lines in a plane.
//!
//! Solved: x′ = f(x) under constant input, from a given state to both sides in time. Method: the embedded pair of
//! Bogacki and Shampine (1989, doi 10.1016/0893-9659(89)90079-7), third order with an error estimate of second,
//! which needs no more than `rhs` and runs backward as well as forward. A step is also bounded by how far it goes on
//! screen, so that its points make a smooth line. Cost: three evaluations a step, at most [`MOST_STEPS`] steps to a
//! side. The line ends where it leaves a margin round the window, comes to rest, or fills the given time; forward,
//! models that jump end at the first spike. Backward in time stiff gates leave their range soon, and the line
//! ends there: no neuron has such a past.

use super::root::bracketed;
use crate::model::Dynamics;

/// Steps tried to each side at most.
const MOST_STEPS: usize = 1500;
/// Error of a step, as a part of what the window or the table shows.
const TOLERANCE: f64 = 1e-4;
/// Way of a step, as a part of the window.
const LONGEST: f64 = 0.02;
/// How far beyond the window a line goes on, as a part of the window.
const MARGIN: f64 = 0.5;
/// A state that would move less than this part of the window in the time that is left is at rest.
const REST: f64 = 1e-4;

/// An orbit in the plane of the first state and another one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Through {
    /// From the seed on.
    pub forward: Vec<[f64; 2]>,
    /// From the seed back.
    pub backward: Vec<[f64; 2]>,
    /// Where the forward orbit ends in a spike with a jump: the points right before and right after.
    pub jump: Option<[[f64; 2]; 2]>,
}

/// What of an orbit is wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct Extent {
    /// State on the vertical axis.
    pub y: usize,
    /// Range of the first state and of that one.
    pub window: [(f64, f64); 2],
    /// Longest time to each side.
    pub time: f64,
}

/// The orbit through `state` under the constant current `i`.
#[must_use]
pub fn through(neuron: &dyn Dynamics, p: &[f64], i: f64, state: &[f64], extent: &Extent) -> Through {
    let walk = Walk { neuron, p, i, extent, scale: scale(neuron, extent) };
    let mut jump = None;
    let forward = walk.go(state, 1.0, &mut jump);
    let backward = walk.go(state, -1.0, &mut None);
    Through { forward, backward, jump }
}

/// What counts as one in each state: the window on its axes, what the table shows elsewhere.
fn scale(neuron: &dyn Dynamics, extent: &Extent) -> Vec<f64> {
    let spans = neuron.states().iter().enumerate().map(|(index, field)| {
        let (low, high) = match index {
            0 => extent.window[0],
            k if k == extent.y => extent.window[1],
            _ => field.shown,
        };
        (high - low).abs().max(f64::MIN_POSITIVE)
    });
    spans.collect()
}

struct Walk<'a> {
    neuron: &'a dyn Dynamics,
    p: &'a [f64],
    i: f64,
    extent: &'a Extent,
    scale: Vec<f64>,
}

/// A step that was tried: where it led, the slope there, and its error in tolerances.
struct Tried {
    x: Vec<f64>,
    slope: Vec<f64>,
    error: f64,
}

impl Walk<'_> {
    /// The line from `state` in one direction of time.
    fn go(&self, state: &[f64], sign: f64, jump: &mut Option<[[f64; 2]; 2]>) -> Vec<[f64; 2]> {
        let ends_in_jump = sign > 0.0 && self.neuron.resets();
        let mut x = state.to_vec();
        let mut line = vec![self.point(&x)];
        if ends_in_jump && self.neuron.spike(&x, self.p) >= 0.0 {
            *jump = self.jump(&x);
            return line;
        }
        let mut slope = self.slope(&x, sign);
        let mut h = (0.1 * LONGEST / self.size(&slope)).min(0.01 * self.extent.time);
        let mut left = self.extent.time;
        for _ in 0..MOST_STEPS {
            if !(h.is_finite() && h > 1e-12 * self.extent.time) || self.size(&slope) * left < REST {
                break;
            }
            let h_now = h.min(left);
            let tried = self.try_step(&x, &slope, h_now, sign);
            let way = self.way(&x, &tried.x);
            let factor = (0.9 * tried.error.powf(-1.0 / 3.0)).min(0.9 * LONGEST / way);
            if !(tried.error <= 1.0 && way <= LONGEST) {
                h = h_now * if factor.is_finite() { factor.clamp(0.1, 0.9) } else { 0.1 };
                continue;
            }
            if ends_in_jump && self.neuron.spike(&tried.x, self.p) >= 0.0 {
                let end = self.at_spike(&x, &slope, h_now);
                line.push(self.point(&end));
                *jump = self.jump(&end);
                break;
            }
            left -= h_now;
            h = h_now * if factor.is_finite() { factor.clamp(0.2, 4.0) } else { 4.0 };
            (x, slope) = (tried.x, tried.slope);
            line.push(self.point(&x));
            if left <= 0.0 || self.is_outside(&x, ends_in_jump) {
                break;
            }
        }
        line
    }

    fn point(&self, x: &[f64]) -> [f64; 2] {
        [x.first().copied().unwrap_or(0.0), x.get(self.extent.y).copied().unwrap_or(0.0)]
    }

    fn slope(&self, x: &[f64], sign: f64) -> Vec<f64> {
        let mut dx = vec![0.0; x.len()];
        self.neuron.rhs(x, self.p, self.i, &mut dx);
        for d in &mut dx {
            *d *= sign;
        }
        dx
    }

    /// The largest component, each against its scale.
    fn size(&self, dx: &[f64]) -> f64 {
        dx.iter().zip(&self.scale).fold(0.0, |most: f64, (d, s)| most.max((d / s).abs()))
    }

    /// How far apart two states lie in the plane, as a part of the window.
    fn way(&self, a: &[f64], b: &[f64]) -> f64 {
        let ([x0, y0], [x1, y1]) = (self.point(a), self.point(b));
        let part = |d: f64, (low, high): (f64, f64)| (d / (high - low)).abs();
        part(x1 - x0, self.extent.window[0]).max(part(y1 - y0, self.extent.window[1]))
    }

    fn try_step(&self, x: &[f64], k1: &[f64], h: f64, sign: f64) -> Tried {
        let along = |parts: &[(&[f64], f64)]| -> Vec<f64> {
            let moved = x.iter().enumerate().map(|(n, x)| x + h * parts.iter().map(|(k, c)| c * k[n]).sum::<f64>());
            moved.collect()
        };
        let k2 = self.slope(&along(&[(k1, 0.5)]), sign);
        let k3 = self.slope(&along(&[(&k2, 0.75)]), sign);
        let next = along(&[(k1, 2.0 / 9.0), (&k2, 1.0 / 3.0), (&k3, 4.0 / 9.0)]);
        let k4 = self.slope(&next, sign);
        let part = |n: usize| h * (-5.0 / 72.0 * k1[n] + k2[n] / 12.0 + k3[n] / 9.0 - k4[n] / 8.0);
        let error: Vec<f64> = (0..x.len()).map(part).collect();
        let finite = next.iter().chain(&k4).all(|x| x.is_finite());
        let error = if finite { self.size(&error) / TOLERANCE } else { f64::INFINITY };
        Tried { x: next, slope: k4, error }
    }

    /// The state inside the step of length `h` from `x` at which the spike occurs.
    fn at_spike(&self, x: &[f64], slope: &[f64], h: f64) -> Vec<f64> {
        let after = |h: f64| self.try_step(x, slope, h, 1.0).x;
        let level = |h: f64| self.neuron.spike(&after(h), self.p);
        after(bracketed(level, (0.0, self.neuron.spike(x, self.p)), (h, level(h))))
    }

    fn jump(&self, before: &[f64]) -> Option<[[f64; 2]; 2]> {
        let mut after = before.to_vec();
        self.neuron.reset(&mut after, self.p)?;
        Some([self.point(before), self.point(&after)])
    }

    /// True beyond the margin, and where a state lies outside its table. Forward, a model that jumps runs on to
    /// its peak, which lies far beyond the window.
    fn is_outside(&self, x: &[f64], ends_in_jump: bool) -> bool {
        let point = self.point(x);
        let beyond = |value: f64, (low, high): (f64, f64)| {
            let margin = MARGIN * (high - low);
            (value < low - margin, value > high + margin)
        };
        let (left, right) = beyond(point[0], self.extent.window[0]);
        let (below, above) = beyond(point[1], self.extent.window[1]);
        let impossible = self.neuron.states().iter().zip(x).any(|(f, x)| *x < f.min || *x > f.max);
        left || (right && !ends_in_jump) || below || above || impossible
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::find;

    const WIDE: [(f64, f64); 2] = [(-100.0, 50.0), (-40.0, 20.0)];

    fn through(model: &str, state: &[f64], i: f64, window: [(f64, f64); 2], time: f64) -> Through {
        let neuron = find(model).unwrap();
        super::through(neuron, &neuron.defaults(), i, state, &Extent { y: 1, window, time })
    }

    #[test]
    fn backward_and_forward_are_one_orbit() {
        let window = [(-3.0, 3.0), (-2.0, 3.0)];
        let found = through("fitzhugh_nagumo_classic", &[0.5, 0.3], 0.5, window, 3.0);
        let past = found.backward.last().unwrap();
        let again = through("fitzhugh_nagumo_classic", past, 0.5, window, 40.0);
        let nearest = again.forward.iter().map(|p| (p[0] - 0.5).hypot(p[1] - 0.3)).fold(f64::INFINITY, f64::min);
        assert!(nearest < 0.06, "it comes back within a step of the seed: {nearest}");
        assert!(found.jump.is_none());
    }

    #[test]
    fn a_model_that_jumps_ends_at_its_peak_and_jumps_by_d() {
        let found = through("izhikevich", &[-50.0, -14.0], 10.0, WIDE, 100.0);
        let [before, after] = found.jump.unwrap();
        assert!((before[0] - 30.0).abs() < 1e-6, "{before:?}");
        let neuron = find("izhikevich").unwrap();
        let default = |id: &str| neuron.params().iter().find(|f| f.id == id).unwrap().default;
        assert!((after[0] - default("c")).abs() < 1e-12);
        assert!((after[1] - before[1] - default("d")).abs() < 1e-9);
        assert_eq!(found.forward.last(), Some(&before));
        assert!(found.backward.len() > 3, "it also has a past");
    }

    #[test]
    fn an_orbit_comes_to_rest_and_stops_there() {
        let found = through("izhikevich", &[-75.0, -14.0], 0.0, WIDE, 1000.0);
        let end = found.forward.last().unwrap();
        assert!((end[0] + 70.0).abs() < 0.05 && (end[1] + 14.0).abs() < 0.05, "{end:?}");
        assert!(found.jump.is_none() && found.forward.len() < MOST_STEPS);
    }

    #[test]
    fn gates_never_leave_their_range_by_more_than_a_step() {
        let neuron = find("hodgkin_huxley").unwrap();
        let mut state = vec![0.0; 4];
        neuron.steady(-60.0, &neuron.defaults(), &mut state);
        let extent = Extent { y: 3, window: [(-90.0, 60.0), (0.0, 1.0)], time: 30.0 };
        let found = super::through(neuron, &neuron.defaults(), 0.0, &state, &extent);
        let points = found.backward.iter().chain(&found.forward);
        assert!(points.clone().count() > 20);
        assert!(points.clone().all(|p| p[0].is_finite() && (-0.1..=1.1).contains(&p[1])));
    }
}
