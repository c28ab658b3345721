//! The simulation itself: see the module above for the method.

mod event;
mod trial;

use super::{Method, Reason, Stop};
use crate::model::{Drive, Dynamics, Quiet};
use crate::stimulus::Input;

/// Growth rate in 1/ms up to which a plain step may follow an explosive upstroke, whatever its length:
/// being independent of the step it lets the error fall with the fourth power of the step.
const CALM: f64 = 2.5;
/// Bounds on growth rate times sub-step. The upper keeps long steps honest, the lower keeps short steps cheap.
const RESOLUTION: (f64, f64) = (0.01, 0.5);
/// Sub-steps that each ms (or unit of time) may add to what is left, and the most that can be saved up. A
/// published burst at the edge of a runaway takes 7·10⁴ in a ms, the steepest upstroke of the tables 6·10⁴
/// in all; an upstroke that needs more never ends, and would hold up whoever waits for the run.
const SUBSTEPS: (f64, u64) = (1e5, 1_000_000);

/// What is told about a run as it goes.
pub trait Sink {
    /// False if only spikes matter, so that uneventful steps can be taken many at a time.
    fn wants_points(&self) -> bool {
        true
    }
    /// False if the current that enters is of no interest: noise and synapses are then not asked for it again.
    fn wants_current(&self) -> bool {
        true
    }
    /// A grid point has been reached: time, state, and the current that enters there, NaN if it is not wanted.
    fn point(&mut self, t: f64, x: &[f64], current: f64);
    /// A spike occurred at `t`: the state right before and right after the jump (equal for smooth models).
    fn spike(&mut self, t: f64, before: &[f64], after: &[f64]);
}

/// A neuron with its input, somewhere in time.
#[derive(Clone)]
pub struct Simulation {
    neuron: &'static dyn Dynamics,
    params: Vec<f64>,
    current: f64,
    input: Input,
    method: Method,
    dt: f64,
    /// Grid index of the last grid point reached.
    k: i64,
    t: f64,
    x: Vec<f64>,
    trial: Vec<f64>,
    hold_until: f64,
    armed: bool,
    /// The state was set from outside and may lie above threshold.
    unchecked: bool,
    kicked_at: f64,
    spikes: u64,
    recent: Vec<f64>,
    /// Sub-steps left before the run counts as a runaway.
    patience: u64,
    stopped: Option<Stop>,
}

impl Simulation {
    /// A neuron at t = 0 in state `x`, with constant current `current` added to `input`.
    /// Slices have the lengths of the model's tables, `dt` is the step in ms and the one `input` was made for.
    #[must_use]
    pub fn new(neuron: &'static dyn Dynamics, params: &[f64], current: f64, input: Input, method: Method, dt: f64, x: &[f64]) -> Self {
        let armed = neuron.resets() || neuron.spike(x, params) < 0.0;
        Self {
            neuron,
            params: params.to_vec(),
            current,
            input,
            method,
            dt,
            k: 0,
            t: 0.0,
            x: x.to_vec(),
            trial: x.to_vec(),
            hold_until: f64::NEG_INFINITY,
            armed,
            unchecked: true,
            kicked_at: f64::NEG_INFINITY,
            spikes: 0,
            recent: Vec::new(),
            patience: SUBSTEPS.1,
            stopped: None,
        }
    }

    /// Time in ms.
    #[must_use]
    pub fn time(&self) -> f64 {
        self.t
    }

    /// The state.
    #[must_use]
    pub fn state(&self) -> &[f64] {
        &self.x
    }

    /// The step in ms.
    #[must_use]
    pub fn dt(&self) -> f64 {
        self.dt
    }

    /// Spikes so far.
    #[must_use]
    pub fn spikes(&self) -> u64 {
        self.spikes
    }

    /// Why the run ended early, if it did.
    #[must_use]
    pub fn stopped(&self) -> Option<Stop> {
        self.stopped
    }

    /// The current that enters the cell now.
    pub fn entering(&mut self) -> f64 {
        self.current + self.input.current(self.t, self.x.first().copied().unwrap_or(0.0))
    }

    /// Puts the neuron in another state, now, and lets a stopped run go on.
    pub fn set_state(&mut self, x: &[f64]) {
        self.x.clear();
        self.x.extend_from_slice(x);
        self.armed = self.neuron.resets() || self.neuron.spike(x, &self.params) < 0.0;
        self.hold_until = f64::NEG_INFINITY;
        self.revive();
    }

    /// Puts the neuron in state `x` at time `t`: another future from a recorded point.
    pub fn rewind(&mut self, t: f64, x: &[f64]) {
        self.t = t;
        self.k = self.cell(t);
        // What arrives at the very start has not been taken in when the first point is recorded.
        self.kicked_at = if t > 0.0 { t } else { f64::NEG_INFINITY };
        self.set_state(x);
    }

    /// Sets the number of spikes so far, by which the numbers of a neuron that fires by chance are drawn: the rest of what
    /// rewinding to a recorded point takes.
    pub fn recount(&mut self, spikes: u64) {
        self.spikes = spikes;
    }

    /// Holds the first state until time `end`: the rest of a refractory period into which the run was rewound.
    pub fn hold_until(&mut self, end: f64) {
        self.hold_until = end;
    }

    /// Grid index of the last grid point not after `t`.
    fn cell(&self, t: f64) -> i64 {
        #[expect(clippy::cast_possible_truncation, reason = "times over steps stay far below 2⁶³")]
        let k = (t / self.dt * (1.0 + 1e-15) + 1e-9).floor() as i64;
        k
    }

    /// Changes parameters, holding current and input from now on. `dt` is the step `input` was made for.
    pub fn retune(&mut self, params: &[f64], current: f64, input: Input, method: Method, dt: f64) {
        self.params.clear();
        self.params.extend_from_slice(params);
        self.current = current;
        self.input = input;
        self.method = method;
        if self.dt.to_bits() != dt.to_bits() {
            self.dt = dt;
            self.k = self.cell(self.t);
        }
        self.revive();
    }

    fn revive(&mut self) {
        self.unchecked = true;
        self.stopped = None;
        self.recent.clear();
        self.patience = SUBSTEPS.1;
    }

    /// Time of a grid point.
    fn grid(&self, k: i64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "step numbers stay far below 2⁵³")]
        let k = k as f64;
        k * self.dt
    }

    /// Goes on for `steps` whole steps, or until the run stops.
    pub fn run(&mut self, steps: u64, sink: Option<&mut dyn Sink>) {
        let target = self.grid(self.k.saturating_add_unsigned(steps));
        self.run_until(target, sink);
    }

    /// Goes on until time `end`, the last step shortened to reach it, or until the run stops.
    pub fn run_until(&mut self, end: f64, mut sink: Option<&mut dyn Sink>) {
        self.settle(&mut sink);
        while self.t < end && self.stopped.is_none() {
            let next = self.grid(self.k + 1);
            let stop = self.input.next_break(self.t);
            if next <= stop && next <= end && self.is_plain() {
                let steps = if sink.as_ref().is_some_and(|s| s.wants_points()) { 1 } else { self.room(stop.min(end)) };
                if self.quiet(steps) > 0 {
                    self.kick(&mut sink);
                    self.tell(&mut sink);
                    continue;
                }
            }
            let to = next.min(stop).min(end);
            // A whole cell is exactly one step long, however the grid times are rounded.
            let whole = to >= next && self.t.to_bits() == self.grid(self.k).to_bits();
            self.stretch(to, if whole { self.dt } else { to - self.t }, &mut sink);
            if self.stopped.is_some() {
                break;
            }
            self.t = to;
            if to >= next {
                self.k += 1;
                self.rest(1);
            }
            self.kick(&mut sink);
            if to >= next || to >= end {
                self.tell(&mut sink);
            }
        }
    }

    /// Whole steps up to time `limit`: at least one, at most a few thousand. A grid time may lie a rounding
    /// error beyond the limit, which must not depend on how many steps are taken together.
    fn room(&self, limit: f64) -> u64 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 4096")]
        let steps = ((limit - self.t) / self.dt).floor().clamp(1.0, 4096.0) as u64;
        if steps > 1 && self.grid(self.k.saturating_add_unsigned(steps)) > limit { steps - 1 } else { steps }
    }

    /// True if whole steps under constant input can be taken from here.
    fn is_plain(&self) -> bool {
        self.method == Method::Rk4 && self.t >= self.hold_until && self.t.to_bits() == self.grid(self.k).to_bits() && self.input.is_constant(self.t)
    }

    fn quiet(&mut self, steps: u64) -> u64 {
        let drive = self.drive(self.t + 0.5 * self.dt, self.t + 0.5 * self.dt);
        let q = Quiet { current: drive.current, h: self.dt, steps, armed: self.armed, fastest: self.resolution() / self.dt };
        self.trial.clone_from(&self.x);
        let done = self.neuron.quiet(&mut self.x, &self.params, &q);
        if self.x.iter().any(|x| !x.is_finite()) {
            // A gate can leave the numbers a step before V does: come closer, and take that step with care.
            self.x.clone_from(&self.trial);
            return if steps > 1 { self.quiet(steps / 2) } else { 0 };
        }
        self.k = self.k.saturating_add_unsigned(done);
        self.t = self.grid(self.k);
        self.rest(done);
        done
    }

    /// Restores the sub-steps that whole steps may add, in whole numbers so that nothing depends on how
    /// steps are grouped.
    fn rest(&mut self, steps: u64) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and a million")]
        let each = (self.dt * SUBSTEPS.0).clamp(1.0, 1e6) as u64;
        self.patience = self.patience.saturating_add(each.saturating_mul(steps)).min(SUBSTEPS.1);
    }

    /// Largest product of growth rate and sub-step.
    fn resolution(&self) -> f64 {
        (self.dt * CALM).clamp(RESOLUTION.0, RESOLUTION.1)
    }

    fn tell(&mut self, sink: &mut Option<&mut dyn Sink>) {
        if let Some(sink) = sink
            && sink.wants_points()
        {
            let current = if sink.wants_current() { self.entering() } else { f64::NAN };
            sink.point(self.t, &self.x, current);
        }
    }

    /// Fires at once if a state set from outside, or a delta input at the start, lies above threshold.
    fn settle(&mut self, sink: &mut Option<&mut dyn Sink>) {
        if !self.unchecked {
            return;
        }
        self.unchecked = false;
        self.check_level(sink);
        self.kick(sink);
    }

    fn check_level(&mut self, sink: &mut Option<&mut dyn Sink>) {
        if self.neuron.resets() && self.t >= self.hold_until && self.neuron.spike(&self.x, &self.params) >= 0.0 {
            self.fire(self.t, sink);
        }
    }

    /// Delta inputs due exactly now; during a refractory hold they do nothing.
    fn kick(&mut self, sink: &mut Option<&mut dyn Sink>) {
        if self.kicked_at >= self.t {
            return;
        }
        self.kicked_at = self.t;
        let jump = self.input.kick(self.t);
        if jump == 0.0 || self.t < self.hold_until {
            return;
        }
        if let Some(v) = self.x.first_mut() {
            *v += jump;
        }
        let level = self.neuron.spike(&self.x, &self.params);
        if self.armed && level >= 0.0 {
            self.fire(self.t, sink);
        } else if level < -self.neuron.card().rearm {
            self.armed = true;
        }
    }

    fn drive(&mut self, inside: f64, t: f64) -> Drive {
        let mut drive = self.input.drive(inside, t);
        drive.current += self.current;
        drive
    }

    /// Goes from now to `to`, `length` ms away, over which the input is smooth.
    fn stretch(&mut self, to: f64, length: f64, sink: &mut Option<&mut dyn Sink>) {
        let from = self.t;
        let inside = 0.5 * (from + to);
        let mut s = 0.0;
        while length - s > length * 1e-13 && self.stopped.is_none() {
            let mut step = length - s;
            let held = from + s < self.hold_until && self.hold_until - from - s > length * 1e-13;
            if held {
                step = step.min(self.hold_until - from - s);
            } else if self.neuron.card().explosive && self.method == Method::Rk4 {
                let v = self.x.first().copied().unwrap_or(0.0);
                let entering = self.drive(inside, from + s).at(v);
                let growth = self.neuron.growth(&self.x, &self.params, entering);
                if growth * step > self.resolution() {
                    step = self.resolution() / growth;
                }
            }
            if self.patience == 0 {
                self.stopped = Some(Stop { reason: Reason::Runaway, time: from + s });
                return;
            }
            self.patience -= 1;
            s += self.substep(from, s, step, inside, held, sink);
            if held && from + s >= self.hold_until - length * 1e-13 && self.stopped.is_none() {
                self.hold_until = f64::NEG_INFINITY;
                self.t = from + s;
                self.check_level(sink);
                self.t = from;
            }
        }
    }

    /// One sub-step of at most `step`, cut short by a spike; returns how far it went.
    fn substep(&mut self, from: f64, s: f64, step: f64, inside: f64, held: bool, sink: &mut Option<&mut dyn Sink>) -> f64 {
        self.try_step(from + s, step, inside, held);
        let level = self.neuron.spike(&self.trial, &self.params);
        if !(level.is_finite() && self.trial.iter().all(|x| x.is_finite())) {
            self.stopped = Some(Stop { reason: Reason::NotFinite, time: from + s });
            return step;
        }
        if !held && self.armed && level >= 0.0 {
            let part = if self.method == Method::Rk4 { self.locate(from + s, step, inside) } else { step };
            self.x.clone_from(&self.trial);
            self.fire(from + s + part, sink);
            return part;
        }
        if level < -self.neuron.card().rearm {
            self.armed = true;
        }
        std::mem::swap(&mut self.x, &mut self.trial);
        step
    }
}
