//! One Runge–Kutta step, compiled for each model.
//!
//! Stepping belongs to the layer above; these few lines live here because a call through a trait object
//! for every right-hand side would cost as much as the equations themselves. The simulator decides when
//! and how far to step; the kernel only does the arithmetic.

use super::{Fields, Neuron};
use crate::scalar::D1;

/// Input at one instant: a current and a conductance with its reversal potential.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Drive {
    /// Injected current in the model's unit.
    pub current: f64,
    /// Total synaptic conductance in the model's unit.
    pub conductance: f64,
    /// Sum of conductance times reversal potential.
    pub conductance_reversal: f64,
}

impl Drive {
    /// A current alone.
    #[must_use]
    pub fn constant(current: f64) -> Self {
        Self { current, ..Self::default() }
    }

    /// The current that enters the cell at potential `v`.
    #[inline]
    #[must_use]
    pub fn at(&self, v: f64) -> f64 {
        self.current + self.conductance_reversal - self.conductance * v
    }
}

/// The classical fourth-order step (Kutta 1901) of length `h`, with the input at its start, middle and
/// end. With `held` the first states stay where they are and the others evolve.
#[inline(always)]
pub(super) fn rk4<N: Neuron>(x: &N::State<f64>, p: &N::Params<f64>, drive: &[Drive; 3], h: f64, held: bool) -> N::State<f64> {
    let slope = |x: &N::State<f64>, d: &Drive| {
        let k = N::rhs(x, p, d.at(x.first()));
        if held { hold::<N>(&k) } else { k }
    };
    let [start, middle, end] = drive;
    stages(x, &slope(x, start), h, |x| slope(x, middle), |x| slope(x, end))
}

/// A slope with the states that a refractory period holds taken out.
#[inline(always)]
fn hold<N: Neuron>(slope: &N::State<f64>) -> N::State<f64> {
    if N::HELD == 1 {
        return slope.with_first(0.0);
    }
    let mut values = [0.0; STATES];
    slope.write(&mut values);
    values.iter_mut().take(N::HELD).for_each(|k| *k = 0.0);
    Fields::read(&values)
}

/// The last three stages of the step and its weighted end, from the slope at its start.
#[inline(always)]
fn stages<X: Fields<f64>>(x: &X, k1: &X, h: f64, middle: impl Fn(&X) -> X, end: impl Fn(&X) -> X) -> X {
    let k2 = middle(&x.plus(0.5 * h, k1));
    let k3 = middle(&x.plus(0.5 * h, &k2));
    let k4 = end(&x.plus(h, &k3));
    x.plus(h / 6.0, k1).plus(h / 3.0, &k2).plus(h / 3.0, &k3).plus(h / 6.0, &k4)
}

/// Room for the widest table of states, and of parameters.
const STATES: usize = 8;
const PARAMS: usize = 24;

/// Parameters as numbers with derivatives, of which there are none.
#[inline(always)]
fn lift<N: Neuron>(params: &[f64]) -> N::Params<D1> {
    let mut lifted = [D1::from(0.0); PARAMS];
    for (to, from) in lifted.iter_mut().zip(params) {
        *to = D1::from(*from);
    }
    Fields::read(&lifted)
}

/// The slope at `x`, and ∂V̇/∂V from the same evaluation.
#[inline(always)]
fn slope_and_growth<N: Neuron>(x: &N::State<f64>, p: &N::Params<D1>, current: f64) -> (N::State<f64>, f64) {
    let mut values = [0.0; STATES];
    x.write(&mut values);
    let mut state = values.map(D1::from);
    state[0].eps = 1.0;
    N::rhs(&<N::State<D1> as Fields<D1>>::read(&state), p, D1::from(current)).write(&mut state);
    (Fields::read(&state.map(|s| s.re)), state[0].eps)
}

/// ∂V̇/∂V in 1/ms: how fast a difference in potential grows, which bounds the step on an explosive upstroke.
#[inline(always)]
pub(super) fn growth<N: Neuron>(x: &[f64], p: &[f64], current: f64) -> f64 {
    slope_and_growth::<N>(&Fields::read(x), &lift::<N>(p), current).1
}

/// The vector field and its first derivatives at one point, padded with zeros.
#[derive(Clone, Copy, Debug, Default)]
pub struct Local {
    /// Time derivative of the state.
    pub rate: [f64; WIDEST],
    /// Its derivatives by the state, one row per equation.
    pub by_state: [[f64; WIDEST]; WIDEST],
    /// Its derivative by one parameter, or by the current.
    pub by_value: [f64; WIDEST],
}

/// Largest dimension of [`Local`].
pub const WIDEST: usize = 4;

/// [`Local`] by dual numbers, one direction after the other. Compiled as one piece, the directions share the values and
/// so the exponentials: a third of the time of as many separate calls. `parameter` is the place of the varied one,
/// none for the current.
#[inline(always)]
pub(super) fn linearise<N: Neuron>(x: &[f64], params: &[f64], current: f64, parameter: Option<usize>) -> Local {
    let mut local = Local::default();
    let mut p = [D1::from(0.0); PARAMS];
    for (to, from) in p.iter_mut().zip(params) {
        *to = D1::from(*from);
    }
    let mut state = [D1::from(0.0); WIDEST];
    for (to, from) in state.iter_mut().zip(x) {
        *to = D1::from(*from);
    }
    let n = <N::State<f64> as Fields<f64>>::TABLE.len().min(WIDEST);
    let fixed = <N::Params<D1> as Fields<D1>>::read(&p);
    let mut rate = [D1::from(0.0); STATES];
    for column in 0..n {
        state[column].eps = 1.0;
        N::rhs(&<N::State<D1> as Fields<D1>>::read(&state), &fixed, D1::from(current)).write(&mut rate);
        state[column].eps = 0.0;
        for (row, rate) in local.by_state.iter_mut().zip(&rate).take(n) {
            row[column] = rate.eps;
        }
    }
    let mut i = D1::from(current);
    match parameter.and_then(|place| p.get_mut(place)) {
        Some(p) => p.eps = 1.0,
        None => i.eps = 1.0,
    }
    N::rhs(&<N::State<D1> as Fields<D1>>::read(&state), &Fields::read(&p), i).write(&mut rate);
    for (k, rate) in rate.iter().enumerate().take(n) {
        local.rate[k] = rate.re;
        local.by_value[k] = rate.eps;
    }
    local
}

/// What a stretch of uneventful steps needs to know.
#[derive(Clone, Copy, Debug)]
pub struct Quiet {
    /// Constant input current.
    pub current: f64,
    /// Step in ms.
    pub h: f64,
    /// At most this many steps.
    pub steps: u64,
    /// True if the next upward crossing is a spike; false while a smooth model must first fall back.
    pub armed: bool,
    /// Growth rate in 1/ms above which a step must be split.
    pub fastest: f64,
}

/// Steps as long as nothing happens, and returns how many steps were taken. The step in which a spike, a
/// rearming, an upstroke of very many sub-steps or a number that is not finite would occur is left to the
/// caller.
#[inline(always)]
pub(super) fn quiet<N: Neuron>(state: &mut [f64], params: &[f64], q: &Quiet) -> u64 {
    let p = <N::Params<f64> as Fields<f64>>::read(params);
    let lifted = lift::<N>(params);
    let mut x = <N::State<f64> as Fields<f64>>::read(state);
    let mut done = 0;
    while done < q.steps {
        let next = if N::CARD.explosive {
            split::<N>(x, &p, &lifted, q)
        } else {
            let k1 = N::rhs(&x, &p, q.current);
            uneventful::<N>(&x, &k1, &p, q, q.h)
        };
        let Some(next) = next else { break };
        x = next;
        done += 1;
    }
    x.write(state);
    done
}

/// The state `h` later, unless something happens on the way.
#[inline(always)]
fn uneventful<N: Neuron>(x: &N::State<f64>, k1: &N::State<f64>, p: &N::Params<f64>, q: &Quiet, h: f64) -> Option<N::State<f64>> {
    let slope = |x: &N::State<f64>| N::rhs(x, p, q.current);
    let next = stages(x, k1, h, slope, slope);
    let level = N::spike(&next, p);
    // Written so that a level that is not a number counts as an event.
    let calm = if q.armed { level < 0.0 } else { level >= -N::CARD.rearm };
    let mut values = [0.0; STATES];
    next.write(&mut values);
    (calm && level.is_finite() && values.iter().all(|x| x.is_finite())).then_some(next)
}

/// Sub-steps of one step that are still taken here.
const MOST_SPLITS: u32 = 64;

/// One step of an explosive model, split where the upstroke outruns it.
#[inline(always)]
fn split<N: Neuron>(mut x: N::State<f64>, p: &N::Params<f64>, lifted: &N::Params<D1>, q: &Quiet) -> Option<N::State<f64>> {
    let mut left = q.h;
    for _ in 0..MOST_SPLITS {
        let (k1, growth) = slope_and_growth::<N>(&x, lifted, q.current);
        let whole = growth * left <= q.fastest * q.h;
        if !(whole || growth.is_finite()) {
            return None;
        }
        let h = if whole { left } else { q.fastest * q.h / growth };
        x = uneventful::<N>(&x, &k1, p, q, h)?;
        if whole {
            return Some(x);
        }
        left -= h;
    }
    None
}
