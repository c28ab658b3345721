//! A stimulus made ready for stepping: values at any time, and the times at which it is not smooth.

use std::f64::consts::TAU;

use super::noise::{Path, Process, floor, stream};
use super::synapse::{Trace, Train};
use super::{Item, Synapse};
use crate::model::Drive;

/// A stimulus on the lattice of a step. Between two consecutive breaks it is a smooth function of time,
/// except for noise, which is smooth within each step.
#[derive(Clone, Debug)]
pub struct Input {
    sources: Vec<Source>,
    dt: f64,
    run_seed: u64,
    /// The break after the time asked for last, kept because it is asked for in every step.
    cached: (f64, f64),
}

#[derive(Clone, Debug)]
struct Source {
    from: f64,
    to: f64,
    shape: Shape,
}

#[derive(Clone, Debug)]
enum Shape {
    Constant(f64),
    Ramp(f64),
    Pulses {
        width: f64,
        period: f64,
        count: f64,
        amplitude: f64,
    },
    /// Amplitude, angular frequency, its growth per ms, phase.
    Chirp(f64, f64, f64, f64),
    OrnsteinUhlenbeck {
        mean: f64,
        sd: f64,
        path: Path,
    },
    White {
        sd: f64,
        path: Path,
    },
    Samples {
        times: Vec<f64>,
        values: Vec<f64>,
    },
    Delta {
        weight: f64,
        train: Train,
    },
    /// A current with a rise of this order.
    Current {
        weight: f64,
        order: usize,
        trace: Trace,
        train: Train,
    },
    Conductance {
        weight: f64,
        reversal: f64,
        trace: Trace,
        train: Train,
    },
}

impl Input {
    /// Prepares checked items. `per_second` is 1000 where time is in ms and 1 where it has no unit.
    #[must_use]
    pub fn new(items: &[Item], run_seed: u64, dt: f64, per_second: f64) -> Self {
        let sources = items.iter().enumerate().map(|(place, item)| Source::new(item, place, run_seed, dt, per_second)).collect();
        Self { sources, dt, run_seed, cached: (f64::NAN, f64::NAN) }
    }

    /// The first time after `t` at which the stimulus may jump or bend.
    pub fn next_break(&mut self, t: f64) -> f64 {
        let (asked, found) = self.cached;
        if !(asked <= t && t < found) {
            self.cached = (t, self.sources.iter_mut().map(|s| s.next_break(t)).fold(f64::INFINITY, f64::min));
        }
        self.cached.1
    }

    /// Current and conductance at `t`, seen from inside the smooth stretch round `inside`: at a switching
    /// time this is the value on that side.
    pub fn drive(&mut self, inside: f64, t: f64) -> Drive {
        let mut drive = Drive::default();
        for source in &mut self.sources {
            source.add(inside, t, self.dt, &mut drive);
        }
        drive
    }

    /// The current alone, at a time (what a trace of the input shows).
    pub fn current(&mut self, t: f64, v: f64) -> f64 {
        self.drive(t, t).at(v)
    }

    /// True if the input is the same constant current from `t` to the next break.
    #[must_use]
    pub fn is_constant(&self, t: f64) -> bool {
        self.sources.iter().all(|s| !s.is_active(t) || matches!(s.shape, Shape::Constant(_) | Shape::Pulses { .. } | Shape::Delta { .. }))
    }

    /// The unit exponential number for a neuron that fires by chance, by the run's seed.
    #[must_use]
    pub fn chance(&self, spikes: u64, leg: u64) -> f64 {
        super::noise::chance(self.run_seed, spikes, leg)
    }

    /// Sum of the jumps of the potential that delta inputs make exactly at `t`, in mV.
    pub fn kick(&mut self, t: f64) -> f64 {
        self.sources.iter_mut().map(|s| s.kick(t)).sum()
    }
}

impl Source {
    fn new(item: &Item, place: usize, run_seed: u64, dt: f64, per_second: f64) -> Self {
        let end = |to: Option<f64>| to.unwrap_or(f64::INFINITY);
        let always = (f64::NEG_INFINITY, f64::INFINITY);
        let ((from, to), shape) = match item {
            Item::Step { from, to, amplitude } => ((*from, end(*to)), Shape::Constant(*amplitude)),
            Item::Ramp { from, to, slope } => ((*from, end(*to)), Shape::Ramp(*slope)),
            Item::PulseTrain { from, width, period, count, amplitude } => {
                #[expect(clippy::cast_precision_loss, reason = "beyond 2⁵³ pulses no run can tell the difference")]
                let count = *count as f64;
                let until = from + (count - 1.0) * period + width;
                ((*from, if count > 0.0 { until } else { *from }), Shape::Pulses { width: *width, period: *period, count, amplitude: *amplitude })
            }
            Item::Sine { from, to, amplitude, frequency_hz, phase } => {
                ((*from, end(*to)), Shape::Chirp(*amplitude, TAU * frequency_hz / per_second, 0.0, *phase))
            }
            Item::Chirp { from, to, amplitude, start_hz, end_hz } => {
                let growth = TAU * (end_hz - start_hz) / per_second / (to - from);
                ((*from, *to), Shape::Chirp(*amplitude, TAU * start_hz / per_second, growth, 0.0))
            }
            Item::OuNoise { from, to, mean, sd, tau, seed } => {
                let path = Path::new(Process::OrnsteinUhlenbeck(*tau), stream(run_seed, place, *seed), dt, *from);
                ((*from, end(*to)), Shape::OrnsteinUhlenbeck { mean: *mean, sd: *sd, path })
            }
            Item::WhiteNoise { from, to, sd, seed } => {
                let path = Path::new(Process::Wiener, stream(run_seed, place, *seed), dt, *from);
                ((*from, end(*to)), Shape::White { sd: *sd, path })
            }
            Item::Samples { times, values } => {
                let span = (times.first().copied().unwrap_or(0.0), times.last().copied().unwrap_or(0.0));
                (span, Shape::Samples { times: times.clone(), values: values.clone() })
            }
            Item::Spikes { times, rate_hz, seed, weight, synapse } => {
                let train = times.as_ref().map_or_else(
                    || Train::poisson(rate_hz.unwrap_or(0.0) / per_second, stream(run_seed, place, seed.unwrap_or(0))),
                    |times| Train::Given(times.clone()),
                );
                (always, Shape::synapse(*synapse, *weight, train))
            }
        };
        Self { from, to, shape }
    }

    fn is_active(&self, t: f64) -> bool {
        self.from <= t && t < self.to
    }

    fn next_break(&mut self, t: f64) -> f64 {
        let edge = [self.from, self.to].into_iter().filter(|x| *x > t).fold(f64::INFINITY, f64::min);
        match &mut self.shape {
            Shape::Pulses { width, period, count, .. } if self.from <= t && t < self.to => {
                // With overlapping pulses the next change is an onset or an end of any of them.
                let next = |offset: f64| {
                    let k = ((t - self.from - offset) / *period).floor() + 1.0;
                    [k - 1.0, k, k + 1.0]
                        .into_iter()
                        .filter(|k| (0.0..*count).contains(k))
                        .map(|k| self.from + k * *period + offset)
                        .filter(|x| *x > t)
                        .fold(f64::INFINITY, f64::min)
                };
                next(0.0).min(next(*width)).min(edge)
            }
            Shape::Samples { times, .. } => times.get(times.partition_point(|x| *x <= t)).copied().unwrap_or(f64::INFINITY),
            Shape::Delta { train, .. } | Shape::Current { train, .. } | Shape::Conductance { train, .. } => train.after(t),
            _ => edge,
        }
    }

    fn add(&mut self, inside: f64, t: f64, dt: f64, drive: &mut Drive) {
        if !self.is_active(inside) {
            return;
        }
        let since = t - self.from;
        match &mut self.shape {
            Shape::Constant(amplitude) => drive.current += *amplitude,
            Shape::Ramp(slope) => drive.current += *slope * since,
            Shape::Pulses { width, period, count, amplitude } => {
                // Pulses whose onset lies in (inside − width, inside]; `inside` keeps clear of the edges.
                let newest = ((inside - self.from) / *period).floor().min(*count - 1.0);
                let oldest = ((inside - *width - self.from) / *period).floor() + 1.0;
                drive.current += *amplitude * (newest - oldest.max(0.0) + 1.0).max(0.0);
            }
            Shape::Chirp(amplitude, omega, growth, phase) => {
                drive.current += *amplitude * (*phase + since * (*omega + 0.5 * *growth * since)).sin();
            }
            Shape::OrnsteinUhlenbeck { mean, sd, path } => {
                let k = cell(inside, dt);
                let (a, b) = path.step(k);
                drive.current += *mean + *sd * (a + (b - a) * fraction(t, k, dt));
            }
            Shape::White { sd, path } => {
                let (a, b) = path.step(cell(inside, dt));
                drive.current += *sd * (b - a) / dt;
            }
            Shape::Samples { times, values } => drive.current += interpolate(times, values, inside, t),
            Shape::Delta { .. } => {}
            Shape::Current { weight, order, trace, train } => {
                trace.advance(train, inside);
                drive.current += *weight * trace.value(*order, t);
            }
            Shape::Conductance { weight, reversal, trace, train } => {
                trace.advance(train, inside);
                let g = *weight * trace.value(0, t);
                drive.conductance += g;
                drive.conductance_reversal += g * *reversal;
            }
        }
    }

    fn kick(&mut self, t: f64) -> f64 {
        let Shape::Delta { weight, train } = &mut self.shape else { return 0.0 };
        match train {
            Train::Given(times) => *weight * times.iter().skip(times.partition_point(|x| *x < t)).take_while(|x| **x <= t).map(|_| 1.0).sum::<f64>(),
            Train::Poisson { .. } => {
                let before = t - t.abs().max(1.0) * f64::EPSILON;
                if train.after(before) <= t { *weight } else { 0.0 }
            }
        }
    }
}

impl Shape {
    fn synapse(synapse: Synapse, weight: f64, train: Train) -> Self {
        match synapse {
            Synapse::Delta {} => Self::Delta { weight, train },
            Synapse::Exponential { tau } => Self::Current { weight, order: 0, trace: Trace::new(tau, 0), train },
            Synapse::Alpha { n, tau } => {
                let order = n as usize;
                // weight·tⁿ/(n! tau^(n+1)); the 1/n! is inside the trace.
                Self::Current { weight: weight * tau.powf(-f64::from(n) - 1.0), order, trace: Trace::new(tau, order), train }
            }
            Synapse::Conductance { tau, reversal } => Self::Conductance { weight, reversal, trace: Trace::new(tau, 0), train },
        }
    }
}

/// The step that `t` lies in. The quotient alone may round below a grid point that `t` lies on.
fn cell(t: f64, dt: f64) -> i64 {
    let k = floor(t / dt);
    #[expect(clippy::cast_precision_loss, reason = "step numbers stay far below 2⁵³")]
    let next = k.saturating_add(1) as f64 * dt;
    if next <= t { k.saturating_add(1) } else { k }
}

/// How far `t` lies between the k-th grid point and the next.
fn fraction(t: f64, k: i64, dt: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "step numbers stay far below 2⁵³")]
    let start = k as f64;
    t / dt - start
}

fn interpolate(times: &[f64], values: &[f64], inside: f64, t: f64) -> f64 {
    let right = times.partition_point(|x| *x <= inside);
    let Some(left) = right.checked_sub(1) else { return 0.0 };
    match (times.get(left), times.get(right), values.get(left), values.get(right)) {
        (Some(t0), Some(t1), Some(v0), Some(v1)) => v0 + (v1 - v0) * (t - t0) / (t1 - t0),
        _ => 0.0,
    }
}
