//! What a neuron *is*: equations, tables of parameters and states, spike rule, reset, references.
//!
//! A model is written once, as an implementation of [`Neuron`] generic over the scalar. A blanket
//! adapter turns it into the object-safe [`Dynamics`], the only form other layers see.

pub mod activation;
mod erased;
mod fields;
mod kernel;
mod registry;
pub mod units;
pub mod zoo;

pub use erased::{Dynamics, Hold};
pub use fields::{Field, Fields, Kind, in_words};
pub use kernel::{Drive, Local, Quiet, WIDEST};
pub use registry::{all, find};

use crate::scalar::Scalar;

/// A publication a model's equations or values are taken from.
#[derive(Clone, Copy, Debug)]
pub struct Reference {
    /// Authors, year, title and place.
    pub text: &'static str,
    /// Digital object identifier, empty where there is none.
    pub doi: &'static str,
}

/// What is printed about a model, and the few constants that go with it.
#[derive(Debug)]
pub struct Card {
    /// Stable ASCII id.
    pub id: &'static str,
    /// Name in sentence case.
    pub title: &'static str,
    /// One sentence that says what the model is.
    pub summary: &'static str,
    /// Equations as printed, in the TeX subset that the window sets.
    pub equations: &'static [&'static str],
    /// What happens at a spike, in the same notation; empty for smooth models.
    pub at_spike: &'static [&'static str],
    /// The constant (holding) current `I`: unit, default and range.
    pub current: Field,
    /// Unit of a conductance that multiplies a voltage to give a current.
    pub conductance_unit: &'static str,
    /// True if time and state carry no unit: frequencies are then per unit time.
    pub dimensionless: bool,
    /// Default step in ms (units of time where dimensionless).
    pub dt: f64,
    /// Default duration of a run in ms (units of time where dimensionless).
    pub duration: f64,
    /// How far below its zero the spike function must fall before a smooth model's next spike counts.
    pub rearm: f64,
    /// True if the upstroke outruns any fixed step (quadratic or exponential growth), so that steps are split there.
    pub explosive: bool,
    /// True if the published figures were made with the staggered Euler scheme (`euler_published`).
    pub published_euler: bool,
    /// Window of the plane of the first two states: (x from, x to), (y from, y to).
    pub window: [(f64, f64); 2],
    /// Where everything comes from.
    pub references: &'static [Reference],
}

impl Card {
    /// Spikes per `Hz` unit: 1000 ms in a second, or 1 where time has no unit.
    #[must_use]
    pub fn per_second(&self) -> f64 {
        if self.dimensionless { 1.0 } else { 1000.0 }
    }

    /// Unit of time, empty where dimensionless.
    #[must_use]
    pub fn time_unit(&self) -> &'static str {
        if self.dimensionless { "" } else { "ms" }
    }

    /// Unit of a rate.
    #[must_use]
    pub fn rate_unit(&self) -> &'static str {
        if self.dimensionless { "per unit time" } else { "Hz" }
    }
}

/// Where the state jumps at a spike, and what is held afterwards.
#[derive(Clone, Copy, Debug)]
pub struct Jump<X, S> {
    /// The state right after the spike.
    pub to: X,
    /// For how long the first state is then held (refractory period); zero for not at all.
    pub hold: S,
}

/// A neuron model: equations over any scalar.
pub trait Neuron: Send + Sync + 'static {
    /// What is printed about the model.
    const CARD: Card;
    /// State variables; the first is the membrane potential.
    type State<S: Scalar>: Fields<S>;
    /// Parameters.
    type Params<S: Scalar>: Fields<S>;

    /// Time derivative of the state for input current `i`, in the units of the tables.
    fn rhs<S: Scalar>(x: &Self::State<S>, p: &Self::Params<S>, i: S) -> Self::State<S>;

    /// A spike is an upward zero crossing of this function, which is in the unit of the first state.
    fn spike<S: Scalar>(x: &Self::State<S>, p: &Self::Params<S>) -> S;

    /// The state at potential `v` with every other variable at its steady value there.
    fn steady<S: Scalar>(v: S, p: &Self::Params<S>) -> Self::State<S>;

    /// Where the state jumps at a spike; `None` for smooth models.
    fn reset<S: Scalar>(_x: &Self::State<S>, _p: &Self::Params<S>) -> Option<Jump<Self::State<S>, S>> {
        None
    }

    /// The place of the state that counts the hazard of the next event up to zero, for a neuron that fires by chance.
    ///
    /// An event of hazard ρ(x) per ms happens when ∫ρ dt has reached a random number with the unit exponential distribution
    /// (time rescaling; Brown et al. 2002, doi 10.1162/08997660252741149). Such a model has a state H with H' = ρ, and its spike
    /// function is H. Right after each event, and at the start, the simulator sets H to minus a fresh number; what
    /// [`Neuron::reset`] gives H, −1, is minus the mean of these numbers. Events are thus located like any spike, and the
    /// numbers come from the seed, the count of spikes and [`Neuron::leg`], not from the steps taken.
    const CHANCE: Option<usize> = None;

    /// Which leg of its way from spike to spike a neuron that fires by chance is on. An event that leads to leg 0
    /// is a spike; others change the state and are not counted.
    fn leg(_x: &Self::State<f64>) -> u64 {
        0
    }

    /// So many of the first states are held during the refractory period.
    const HELD: usize = 1;

    /// Names of the values 0, 1, 2, … of the first state, for a neuron that is in one of a few states and never between them.
    const PLACES: &'static [&'static str] = &[];

    /// Potentials round which the equations bend, each with the width of the bend: where a search for
    /// equilibria must look closely. Linear models have none.
    fn bends(_p: &Self::Params<f64>) -> Vec<(f64, f64)> {
        Vec::new()
    }

    /// The potential a run starts from when none is given.
    fn start(p: &Self::Params<f64>) -> f64 {
        let _ = p;
        <Self::State<f64> as Fields<f64>>::TABLE.first().map_or(0.0, |f| f.default)
    }

    /// A condition between parameters that the table of ranges cannot state; the sentence says what is allowed.
    ///
    /// # Errors
    /// A sentence for the user when the values do not go together.
    fn check(_p: &Self::Params<f64>) -> Result<(), String> {
        Ok(())
    }
}
