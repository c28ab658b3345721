//! What can be *said* about the dynamics at the present parameters: pure functions over [`Dynamics`].

pub mod branches;
pub mod cycles;
pub mod diagram;
mod equilibria;
mod family;
mod linear;
mod nullclines;
mod passage;
mod root;
mod spiking;

pub use equilibria::{Equilibria, FixedPoint, equilibria};
pub use family::{Family, Over, Vector};
pub use linear::{Eigenvalue, Type, classify, eigenvalues, jacobian};
pub use nullclines::{Lines, Plane, Rest, flow, nullclines};
pub use passage::passage_rate;
pub use spiking::{Firing, firing};

#[cfg(doc)]
use crate::model::Dynamics;
