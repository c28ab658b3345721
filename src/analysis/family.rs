//! A model with one quantity free: a one-parameter family of vector fields, evaluated with its derivatives.

use super::linear::{Eigenvalue, eigenvalues};
use crate::model::{Dynamics, Field, Local, WIDEST};
use crate::scalar::{D1, D3};

/// Largest dimension that branches and cycles are followed in.
pub const MOST_STATES: usize = WIDEST;

/// The quantity that is varied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// The constant current `I`.
    Current,
    /// A parameter, by its place in the table.
    Parameter(usize),
}

impl Over {
    /// The quantity with this id, `I` or that of a parameter.
    #[must_use]
    pub fn find(neuron: &dyn Dynamics, id: &str) -> Option<Self> {
        if id == "I" { Some(Self::Current) } else { Field::position(neuron.params(), id).map(Self::Parameter) }
    }

    /// Puts a value in its place.
    pub fn set(self, p: &mut [f64], i: &mut f64, value: f64) {
        match self {
            Self::Current => *i = value,
            Self::Parameter(place) => p.iter_mut().skip(place).take(1).for_each(|p| *p = value),
        }
    }

    /// The row of the model's table that describes the quantity.
    #[must_use]
    pub fn field(self, neuron: &dyn Dynamics) -> &'static Field {
        let current = &neuron.card().current;
        match self {
            Self::Current => current,
            Self::Parameter(place) => neuron.params().get(place).unwrap_or(current),
        }
    }
}

/// A state, padded with zeros.
pub type Vector = [f64; MOST_STATES];
/// A matrix, row by row, padded with zeros.
pub type Matrix = [Vector; MOST_STATES];

/// A model at fixed parameters but one.
#[derive(Clone)]
pub struct Family<'a> {
    neuron: &'a dyn Dynamics,
    over: Over,
    params: Vec<f64>,
    current: f64,
    lifted: Vec<D1>,
}

impl<'a> Family<'a> {
    /// The family over one quantity, all others fixed.
    #[must_use]
    pub fn new(neuron: &'a dyn Dynamics, params: &[f64], current: f64, over: Over) -> Self {
        Self { neuron, over, params: params.to_vec(), current, lifted: params.iter().map(|p| D1::from(*p)).collect() }
    }

    /// The model.
    #[must_use]
    pub fn neuron(&self) -> &'a dyn Dynamics {
        self.neuron
    }

    /// The varied quantity.
    #[must_use]
    pub fn over(&self) -> Over {
        self.over
    }

    /// The dimension.
    #[must_use]
    pub fn dim(&self) -> usize {
        self.neuron.dim()
    }

    /// Sets the varied quantity and returns parameters and current there.
    pub fn at(&mut self, value: f64) -> (&[f64], f64) {
        match self.over {
            Over::Current => self.current = value,
            Over::Parameter(place) => {
                if let (Some(p), Some(lifted)) = (self.params.get_mut(place), self.lifted.get_mut(place)) {
                    *p = value;
                    *lifted = D1::from(value);
                }
            }
        }
        (&self.params, self.current)
    }

    /// The vector field at `x`.
    pub fn rate(&mut self, x: &[f64], value: f64) -> Vector {
        self.at(value);
        let mut rate = [0.0; MOST_STATES];
        self.neuron.rhs(&x[..self.neuron.dim()], &self.params, self.current, &mut rate);
        rate
    }

    /// The vector field at `x` with its derivatives, exact from dual numbers.
    pub fn local(&mut self, x: &[f64], value: f64) -> Local {
        self.at(value);
        let parameter = match self.over {
            Over::Current => None,
            Over::Parameter(place) => Some(place),
        };
        self.neuron.linearise(&x[..self.neuron.dim()], &self.params, self.current, parameter)
    }

    /// The eigenvalues of the Jacobian at `x`.
    pub fn eigenvalues(&mut self, x: &[f64], value: f64) -> Vec<Eigenvalue> {
        let (n, local) = (self.dim(), self.local(x, value));
        let rows: Vec<f64> = local.by_state.iter().take(n).flat_map(|row| row.iter().take(n).copied()).collect();
        eigenvalues(&rows)
    }

    /// The vector field at `x` with its derivatives up to third order along `direction`.
    pub fn third(&mut self, x: &[f64], direction: &Vector, value: f64) -> [D3; MOST_STATES] {
        self.at(value);
        let n = self.neuron.dim();
        let params: Vec<D3> = self.params.iter().map(|p| D3::from(*p)).collect();
        let mut state = [D3::from(0.0); MOST_STATES];
        for (to, (x, d)) in state.iter_mut().zip(x.iter().zip(direction)) {
            *to = D3::new(*x, *d, 0.0, 0.0);
        }
        let mut rate = [D3::from(0.0); MOST_STATES];
        self.neuron.rhs_d3(&state[..n], &params, D3::from(self.current), &mut rate[..n]);
        rate
    }

    /// Marks the varied quantity as the direction of differentiation and returns the current with it.
    fn seed(&mut self, eps: f64) -> D1 {
        let mut current = D1::from(self.current);
        match self.over {
            Over::Current => current.eps = eps,
            Over::Parameter(place) => {
                if let Some(p) = self.lifted.get_mut(place) {
                    p.eps = eps;
                }
            }
        }
        current
    }

    /// The state at potential `v` with all other variables at rest.
    pub fn steady(&mut self, v: f64, value: f64) -> Vector {
        self.at(value);
        let mut x = [0.0; MOST_STATES];
        self.neuron.steady(v, &self.params, &mut x);
        x
    }

    /// F(v) = V′ with all other variables at rest, and its derivatives by v and by the varied quantity.
    pub fn balance(&mut self, v: f64, value: f64) -> (f64, f64, f64) {
        self.at(value);
        let (f, by_v) = self.balance_along(v, 1.0, 0.0);
        let (_, by_value) = self.balance_along(v, 0.0, 1.0);
        (f, by_v, by_value)
    }

    /// F(v) and its derivative by the varied quantity: half of the work of [`Family::balance`].
    pub fn balance_by_value(&mut self, v: f64, value: f64) -> (f64, f64) {
        self.at(value);
        self.balance_along(v, 0.0, 1.0)
    }

    /// The derivative of F by v: half of the work of [`Family::balance`].
    pub fn balance_slope(&mut self, v: f64, value: f64) -> f64 {
        self.at(value);
        self.balance_along(v, 1.0, 0.0).1
    }

    fn balance_along(&mut self, v: f64, dv: f64, dvalue: f64) -> (f64, f64) {
        let n = self.neuron.dim();
        let current = self.seed(dvalue);
        let mut state = [D1::from(0.0); MOST_STATES];
        let mut rate = [D1::from(0.0); MOST_STATES];
        self.neuron.steady_d1(D1::new(v, dv), &self.lifted, &mut state[..n]);
        self.neuron.rhs_d1(&state[..n], &self.lifted, current, &mut rate[..n]);
        self.seed(0.0);
        (rate[0].re, rate[0].eps)
    }
}
