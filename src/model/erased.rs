//! The same model as every other layer sees it: slices in, slices out, behind a trait object.

use std::marker::PhantomData;

use super::kernel::{self, Drive, Local, Quiet};
use super::{Card, Field, Fields, Neuron};
use crate::scalar::{D1, D3, Scalar};

/// How long the potential is held after a spike, in ms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hold(pub f64);

/// A neuron model over slices. State and parameter slices have the lengths of [`Dynamics::states`] and
/// [`Dynamics::params`], in that order.
pub trait Dynamics: Send + Sync {
    /// What is printed about the model.
    fn card(&self) -> &'static Card;
    /// The table of states; its length is the dimension.
    fn states(&self) -> &'static [Field];
    /// The table of parameters.
    fn params(&self) -> &'static [Field];
    /// Time derivative of the state for input current `i`.
    fn rhs(&self, x: &[f64], p: &[f64], i: f64, dx: &mut [f64]);
    /// [`Dynamics::rhs`] with first derivatives along one direction.
    fn rhs_d1(&self, x: &[D1], p: &[D1], i: D1, dx: &mut [D1]);
    /// The vector field with its Jacobian and its derivative by one parameter (by the current if none is given).
    fn linearise(&self, x: &[f64], p: &[f64], i: f64, parameter: Option<usize>) -> Local;
    /// [`Dynamics::rhs`] with derivatives up to third order along one direction.
    fn rhs_d3(&self, x: &[D3], p: &[D3], i: D3, dx: &mut [D3]);
    /// The spike function: a spike is its upward zero crossing.
    fn spike(&self, x: &[f64], p: &[f64]) -> f64;
    /// [`Dynamics::spike`] with first derivatives.
    fn spike_d1(&self, x: &[D1], p: &[D1]) -> D1;
    /// Applies the jump at a spike; `None` for smooth models.
    fn reset(&self, x: &mut [f64], p: &[f64]) -> Option<Hold>;
    /// [`Dynamics::reset`] with first derivatives.
    fn reset_d1(&self, x: &mut [D1], p: &[D1]) -> Option<Hold>;
    /// The place of the state that counts a hazard up to zero, if the neuron fires by chance.
    fn chance(&self) -> Option<usize>;
    /// Which leg of its way from spike to spike the neuron is on; an event that leads to leg 0 is a spike.
    fn leg(&self, x: &[f64]) -> u64;
    /// So many of the first states are held during the refractory period.
    fn held(&self) -> usize;
    /// Names of the values 0, 1, 2, … of the first state where it has no others; else empty.
    fn places(&self) -> &'static [&'static str];
    /// Writes the state at potential `v` with every other variable at its steady value.
    fn steady(&self, v: f64, p: &[f64], x: &mut [f64]);
    /// [`Dynamics::steady`] with first derivatives.
    fn steady_d1(&self, v: D1, p: &[D1], x: &mut [D1]);
    /// Potentials round which the equations bend, with widths.
    fn bends(&self, p: &[f64]) -> Vec<(f64, f64)>;
    /// The potential a run starts from when none is given.
    fn start(&self, p: &[f64]) -> f64;
    /// Checks conditions between parameters.
    ///
    /// # Errors
    /// A sentence for the user when the values do not go together.
    fn check(&self, p: &[f64]) -> Result<(), String>;
    /// ∂V̇/∂V in 1/ms.
    fn growth(&self, x: &[f64], p: &[f64], i: f64) -> f64;
    /// One Runge–Kutta step of length `h`, in place.
    fn rk4(&self, x: &mut [f64], p: &[f64], drive: &[Drive; 3], h: f64, held: bool);
    /// Uneventful steps under constant input, in place; returns how many were taken.
    fn quiet(&self, x: &mut [f64], p: &[f64], q: &Quiet) -> u64;
}

impl dyn Dynamics + '_ {
    /// The dimension.
    #[must_use]
    pub fn dim(&self) -> usize {
        self.states().len()
    }

    /// True if the model jumps at a spike.
    #[must_use]
    pub fn resets(&self) -> bool {
        !self.card().at_spike.is_empty()
    }

    /// True if the model has spikes: those of a rate unit lie beyond all its first state can be.
    #[must_use]
    pub fn fires(&self) -> bool {
        let mut highest: Vec<f64> = self.states().iter().map(|f| f.default).collect();
        if let (Some(v), Some(field)) = (highest.first_mut(), self.states().first()) {
            *v = field.max;
        }
        self.chance().is_some() || self.spike(&highest, &self.defaults()) >= 0.0
    }

    /// Every parameter at its default.
    #[must_use]
    pub fn defaults(&self) -> Vec<f64> {
        self.params().iter().map(|f| f.default).collect()
    }
}

/// Carries a [`Neuron`] type into the world of trait objects.
pub(super) struct Erased<N>(PhantomData<N>);

impl<N> Erased<N> {
    pub(super) const NEW: Self = Self(PhantomData);
}

fn state<N: Neuron, S: Scalar>(x: &[S]) -> N::State<S> {
    Fields::read(x)
}

fn params<N: Neuron, S: Scalar>(p: &[S]) -> N::Params<S> {
    Fields::read(p)
}

impl<N: Neuron> Dynamics for Erased<N> {
    fn card(&self) -> &'static Card {
        const { &N::CARD }
    }
    fn states(&self) -> &'static [Field] {
        <N::State<f64> as Fields<f64>>::TABLE
    }
    fn params(&self) -> &'static [Field] {
        <N::Params<f64> as Fields<f64>>::TABLE
    }
    fn rhs(&self, x: &[f64], p: &[f64], i: f64, dx: &mut [f64]) {
        N::rhs(&state::<N, _>(x), &params::<N, _>(p), i).write(dx);
    }
    fn rhs_d1(&self, x: &[D1], p: &[D1], i: D1, dx: &mut [D1]) {
        N::rhs(&state::<N, _>(x), &params::<N, _>(p), i).write(dx);
    }
    fn linearise(&self, x: &[f64], p: &[f64], i: f64, parameter: Option<usize>) -> Local {
        kernel::linearise::<N>(x, p, i, parameter)
    }
    fn rhs_d3(&self, x: &[D3], p: &[D3], i: D3, dx: &mut [D3]) {
        N::rhs(&state::<N, _>(x), &params::<N, _>(p), i).write(dx);
    }
    fn spike(&self, x: &[f64], p: &[f64]) -> f64 {
        N::spike(&state::<N, _>(x), &params::<N, _>(p))
    }
    fn reset(&self, x: &mut [f64], p: &[f64]) -> Option<Hold> {
        let jump = N::reset(&state::<N, _>(x), &params::<N, _>(p))?;
        jump.to.write(x);
        Some(Hold(jump.hold))
    }
    fn spike_d1(&self, x: &[D1], p: &[D1]) -> D1 {
        N::spike(&state::<N, _>(x), &params::<N, _>(p))
    }
    fn reset_d1(&self, x: &mut [D1], p: &[D1]) -> Option<Hold> {
        let jump = N::reset(&state::<N, _>(x), &params::<N, _>(p))?;
        jump.to.write(x);
        Some(Hold(jump.hold.re))
    }
    fn chance(&self) -> Option<usize> {
        N::CHANCE
    }
    fn leg(&self, x: &[f64]) -> u64 {
        N::leg(&state::<N, _>(x))
    }
    fn held(&self) -> usize {
        N::HELD
    }
    fn places(&self) -> &'static [&'static str] {
        N::PLACES
    }
    fn steady(&self, v: f64, p: &[f64], x: &mut [f64]) {
        N::steady(v, &params::<N, _>(p)).write(x);
    }
    fn steady_d1(&self, v: D1, p: &[D1], x: &mut [D1]) {
        N::steady(v, &params::<N, _>(p)).write(x);
    }
    fn bends(&self, p: &[f64]) -> Vec<(f64, f64)> {
        N::bends(&params::<N, _>(p))
    }
    fn start(&self, p: &[f64]) -> f64 {
        N::start(&params::<N, _>(p))
    }
    fn check(&self, p: &[f64]) -> Result<(), String> {
        N::check(&params::<N, _>(p))
    }
    fn growth(&self, x: &[f64], p: &[f64], i: f64) -> f64 {
        kernel::growth::<N>(x, p, i)
    }
    fn rk4(&self, x: &mut [f64], p: &[f64], drive: &[Drive; 3], h: f64, held: bool) {
        kernel::rk4::<N>(&state::<N, _>(x), &params::<N, _>(p), drive, h, held).write(x);
    }
    fn quiet(&self, x: &mut [f64], p: &[f64], q: &Quiet) -> u64 {
        kernel::quiet::<N>(x, p, q)
    }
}
