//! Orbits of the flow, forward and backward, with located section crossings.
//!
//! Solved: dx/ds = γ f(x), dt/ds = γ, γ = 1/√(1 + |f|²), with |f| measured in window widths per ms (per unit
//! time where dimensionless). In s an explosive upstroke, which ends in finite time, is crossed at unit speed,
//! while slow motion keeps its own time; t is carried along. One tangent vector can be carried by exact
//! directional derivatives: it obeys dv/ds = γ J v, the variational equation at fixed *time*, so that
//! differences along the flow drop out when it is projected on a section.
//!
//! Method: Dormand and Prince 1980 (doi 10.1016/0771-050X(80)90013-3), order 5 with an embedded fourth-order
//! error estimate; its continuous extension (Hairer, Nørsett and Wanner 1993, II.6,
//! doi 10.1007/978-3-540-78862-1) finds a section crossing roughly, Newton's method on the length of whole
//! steps to rounding. Nothing is allocated per step. Cost: six evaluations a step, some 30 to 100 steps from a
//! reset to the next spike at a tolerance of 1e-8. It is an explicit method: dynamics a thousand times faster
//! than what is of interest end the budget of steps.

use super::trap::Trap;
use crate::model::Dynamics;
use crate::scalar::D1;

mod section;
mod step;

pub use section::Section;

/// The dynamics of a model of `N` states at given parameters and input.
pub struct System<'a, const N: usize> {
    neuron: &'a dyn Dynamics,
    p: &'a [f64],
    lifted: Vec<D1>,
    i: f64,
    scale: [f64; N],
    per_scale: [f64; N],
}

impl<'a, const N: usize> System<'a, N> {
    /// The system for input current `i`; `None` if the model has not `N` states.
    #[must_use]
    pub fn new(neuron: &'a dyn Dynamics, p: &'a [f64], i: f64) -> Option<Self> {
        if neuron.dim() != N {
            return None;
        }
        let mut scale = [1.0; N];
        for (scale, field) in scale.iter_mut().zip(neuron.states()) {
            *scale = field.shown.1 - field.shown.0;
        }
        Some(Self { neuron, p, lifted: p.iter().map(|p| D1::from(*p)).collect(), i, scale, per_scale: scale.map(f64::recip) })
    }

    /// The model.
    #[must_use]
    pub fn neuron(&self) -> &'a dyn Dynamics {
        self.neuron
    }

    /// The parameters.
    #[must_use]
    pub fn params(&self) -> &'a [f64] {
        self.p
    }

    /// The input current.
    #[must_use]
    pub fn current(&self) -> f64 {
        self.i
    }

    /// One window width in each state's unit: what lengths are measured in.
    #[must_use]
    pub fn scale(&self) -> &[f64; N] {
        &self.scale
    }

    /// Time derivative of the state.
    #[must_use]
    pub fn slope(&self, x: &[f64; N]) -> [f64; N] {
        let mut f = [0.0; N];
        self.neuron.rhs(x, self.p, self.i, &mut f);
        f
    }

    /// Time derivative of the state, and its derivative in direction `v`.
    #[must_use]
    pub fn slope_along(&self, x: &[f64; N], v: &[f64; N]) -> ([f64; N], [f64; N]) {
        let mut out = [D1::from(0.0); N];
        self.neuron.rhs_d1(&dual(x, v), &self.lifted, D1::from(self.i), &mut out);
        (out.map(|d| d.re), out.map(|d| d.eps))
    }

    /// The spike function.
    #[must_use]
    pub fn spike(&self, x: &[f64; N]) -> f64 {
        self.neuron.spike(x, self.p)
    }

    /// The section on which the neuron spikes. Every model's spike function is affine in the state.
    #[must_use]
    pub fn spike_section(&self) -> Section<N> {
        let origin = [0.0; N];
        let mut normal = [0.0; N];
        for (k, n) in normal.iter_mut().enumerate() {
            let mut along = [0.0; N];
            along[k] = 1.0;
            *n = self.neuron.spike_d1(&dual(&origin, &along), &self.lifted).eps;
        }
        Section { normal, time: 0.0, level: -self.spike(&origin) }
    }

    /// The state after the reset and its derivative in direction `v`, with the length of the refractory hold in
    /// ms; `None` for smooth models.
    #[must_use]
    pub fn reset(&self, x: &[f64; N], v: &[f64; N]) -> Option<([f64; N], [f64; N], f64)> {
        let mut state = dual(x, v);
        let hold = self.neuron.reset_d1(&mut state, &self.lifted)?;
        Some((state.map(|d| d.re), state.map(|d| d.eps), hold.0))
    }

    /// Length of a difference of states in window widths.
    #[must_use]
    pub fn length(&self, dx: &[f64; N]) -> f64 {
        self.square(dx).sqrt()
    }

    #[inline(always)]
    fn square(&self, dx: &[f64; N]) -> f64 {
        dx.iter().zip(&self.per_scale).map(|(d, s)| (d * s) * (d * s)).sum::<f64>()
    }
}

fn dual<const N: usize>(x: &[f64; N], v: &[f64; N]) -> [D1; N] {
    let mut out = [D1::from(0.0); N];
    for ((out, x), v) in out.iter_mut().zip(x).zip(v) {
        *out = D1::new(*x, *v);
    }
    out
}

/// A point of an orbit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point<const N: usize> {
    /// The state.
    pub x: [f64; N],
    /// The tangent vector, zero if none is carried: a difference at equal times or, after
    /// [`Orbit::compare_at_equal_v`], how much later a neighbour passes the same V, and by how much its other
    /// states differ there.
    pub v: [f64; N],
    /// Time in ms since the start; falls backward in time.
    pub t: f64,
}

/// Why an orbit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It has crossed the section, and stands on it.
    Section,
    /// Whoever watched it has seen enough.
    Stopped,
    /// Its number of steps is used up.
    Budget,
    /// Its time is up.
    Time,
    /// It has left the numbers.
    NotFinite,
}

/// How far an orbit may go.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Steps.
    pub steps: u32,
    /// Time in ms, in either direction.
    pub time: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { steps: 4000, time: f64::INFINITY }
    }
}

/// How an orbit is followed.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// Local error per step, in window widths.
    pub tolerance: f64,
    /// Against time.
    pub backward: bool,
    /// The first state is held where it is, as in a refractory period.
    pub held: bool,
}

impl Default for Manner {
    fn default() -> Self {
        Self { tolerance: 1e-8, backward: false, held: false }
    }
}

/// What the tangent says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tangent {
    /// There is none.
    None,
    /// Differences at equal times.
    EqualTime,
    /// Differences at equal V, the first entry being a time.
    EqualV,
}

/// An orbit on its way.
pub struct Orbit<'a, const N: usize> {
    system: &'a System<'a, N>,
    manner: Manner,
    tangent: Tangent,
    at: Point<N>,
    last: step::Last<N>,
    /// Length of the next step in s.
    h: f64,
    /// Length and error of the last step.
    past: Option<(f64, f64)>,
    steps: u32,
}

impl<'a, const N: usize> Orbit<'a, N> {
    /// An orbit from `x` at time 0.
    #[must_use]
    pub fn new(system: &'a System<'a, N>, x: [f64; N], manner: Manner) -> Self {
        Self::from_point(system, Point { x, v: [0.0; N], t: 0.0 }, manner)
    }

    /// An orbit from a point; a tangent that is not zero is carried along.
    #[must_use]
    pub fn from_point(system: &'a System<'a, N>, at: Point<N>, manner: Manner) -> Self {
        let tangent = if at.v.iter().any(|v| *v != 0.0) { Tangent::EqualTime } else { Tangent::None };
        let mut orbit = Self { system, manner, tangent, at, last: step::Last::at(at), h: 0.05, past: None, steps: 0 };
        orbit.last.k[6] = orbit.rate(&at);
        orbit
    }

    /// Where it is.
    #[must_use]
    pub fn at(&self) -> &Point<N> {
        &self.at
    }

    /// Where its last step began.
    #[must_use]
    pub fn before(&self) -> &Point<N> {
        &self.last.from
    }

    /// dx/ds at the end of its last step: the direction it goes in, slower than one window width per unit of s.
    #[must_use]
    pub fn direction(&self) -> &[f64; N] {
        &self.last.k[6].x
    }

    /// dx/ds where its last step began.
    #[must_use]
    pub fn direction_before(&self) -> &[f64; N] {
        &self.last.k[0].x
    }

    /// From here on compares neighbours where they pass the same V, which must be rising fast: on an explosive
    /// upstroke differences at equal times explode with it, while these stay.
    pub fn compare_at_equal_v(&mut self) {
        if self.tangent != Tangent::EqualTime || self.at.v.is_empty() {
            return;
        }
        let f = self.system.slope(&self.at.x);
        let late = -self.at.v[0] / f[0];
        for (v, f) in self.at.v.iter_mut().zip(&f) {
            *v += late * f;
        }
        self.at.v[0] = late;
        self.tangent = Tangent::EqualV;
        self.last.k[6] = self.rate(&self.at);
    }

    /// The part of the tangent that lies in `section`, and how much later the neighbour arrives there; after
    /// [`Orbit::compare_at_equal_v`] the section must be one of V.
    #[must_use]
    pub fn on_section(&self, section: &Section<N>) -> ([f64; N], f64) {
        if self.tangent != Tangent::EqualV {
            return section.project(&self.at.v, &self.system.slope(&self.at.x));
        }
        let mut inside = self.at.v;
        let late = std::mem::replace(&mut inside[0], 0.0);
        (inside, late)
    }

    /// Steps taken.
    #[must_use]
    pub fn steps(&self) -> u32 {
        self.steps
    }

    /// Follows the orbit until it crosses `section` upward (backward in time: along its own way), until `watch`,
    /// asked after every step, answers false, or until a limit is reached. Standing on the section at the start
    /// is no crossing.
    pub fn run(&mut self, section: Option<&Section<N>>, limits: Limits, mut watch: impl FnMut(&mut Self) -> bool) -> End {
        let last = self.steps.saturating_add(limits.steps);
        while self.steps < last {
            if !self.advance() {
                return End::NotFinite;
            }
            if let Some(section) = section
                && self.land(section)
            {
                return End::Section;
            }
            if !watch(self) {
                return End::Stopped;
            }
            if self.at.t.abs() > limits.time {
                return End::Time;
            }
        }
        End::Budget
    }

    /// Follows the orbit for `time` ms exactly.
    pub fn run_for(&mut self, time: f64, limits: Limits) -> End {
        let direction = if self.manner.backward { -1.0 } else { 1.0 };
        let clock = Section { normal: [0.0; N], time: direction, level: direction * self.at.t + time };
        if time > 0.0 { self.run(Some(&clock), limits, |_| true) } else { End::Section }
    }
}

impl Orbit<'_, 2> {
    /// Follows the orbit until one of `traps` has it for good; otherwise as [`Orbit::run`].
    pub fn run_to_trap(&mut self, section: Option<&Section<2>>, limits: Limits, traps: &[Trap]) -> End {
        self.run(section, limits, |orbit| !traps.iter().any(|trap| trap.holds(&orbit.at.x)))
    }
}
