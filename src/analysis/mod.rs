//! What can be *said* about the dynamics at the present parameters: pure functions over [`Dynamics`].

mod equilibria;
mod linear;
mod nullclines;
mod orbit;
mod root;
mod spiking;

pub use equilibria::{Equilibria, FixedPoint, equilibria};
pub use linear::{Eigenvalue, Type, classify, eigenvalues, jacobian};
pub use nullclines::{Lines, Plane, Rest, flow, nullclines};
pub use orbit::{Extent, Orbit, orbit};
pub use spiking::{Firing, firing};

#[cfg(doc)]
use crate::model::Dynamics;
