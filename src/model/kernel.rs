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
/// end. With `held` the first state stays where it is and the others evolve.
#[inline(always)]
pub(super) fn rk4<N: Neuron>(x: &N::State<f64>, p: &N::Params<f64>, drive: &[Drive; 3], h: f64, held: bool) -> N::State<f64> {
    let slope = |x: &N::State<f64>, d: &Drive| {
        let k = N::rhs(x, p, d.at(x.first()));
        if held { k.with_first(0.0) } else { k }
    };
    let [start, middle, end] = drive;
    let k1 = slope(x, start);
    let k2 = slope(&x.plus(0.5 * h, &k1), middle);
    let k3 = slope(&x.plus(0.5 * h, &k2), middle);
    let k4 = slope(&x.plus(h, &k3), end);
    x.plus(h / 6.0, &k1).plus(h / 3.0, &k2).plus(h / 3.0, &k3).plus(h / 6.0, &k4)
}

/// ∂V̇/∂V in 1/ms: how fast a difference in potential grows, which bounds the step on an explosive upstroke.
#[inline(always)]
pub(super) fn growth<N: Neuron>(x: &[f64], p: &[f64], current: f64) -> f64 {
    const WIDEST: usize = 24;
    let mut parameters = [D1::from(0.0); WIDEST];
    for (to, from) in parameters.iter_mut().zip(p) {
        *to = D1::from(*from);
    }
    let mut state = [D1::from(0.0); 8];
    for (to, from) in state.iter_mut().zip(x) {
        *to = D1::from(*from);
    }
    state[0].eps = 1.0;
    let state = <N::State<D1> as Fields<D1>>::read(&state);
    let parameters = <N::Params<D1> as Fields<D1>>::read(&parameters);
    N::rhs(&state, &parameters, D1::from(current)).first().eps
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

/// Steps as long as nothing happens, and returns how many steps were taken. The step in which a spike,
/// a rearming, an explosive upstroke or a number that is not finite would occur is left to the caller.
#[inline(always)]
pub(super) fn quiet<N: Neuron>(state: &mut [f64], params: &[f64], q: &Quiet) -> u64 {
    let p = <N::Params<f64> as Fields<f64>>::read(params);
    let mut x = <N::State<f64> as Fields<f64>>::read(state);
    let drive = [Drive::constant(q.current); 3];
    let mut done = 0;
    while done < q.steps {
        if N::CARD.explosive {
            let mut now = [0.0; 8];
            x.write(&mut now);
            let growth = growth::<N>(&now, params, q.current);
            if growth > q.fastest || growth.is_nan() {
                break;
            }
        }
        let next = rk4::<N>(&x, &p, &drive, q.h, false);
        let level = N::spike(&next, &p);
        let eventful = if q.armed { level >= 0.0 } else { level < -N::CARD.rearm };
        if eventful || !level.is_finite() {
            break;
        }
        x = next;
        done += 1;
    }
    x.write(state);
    done
}
