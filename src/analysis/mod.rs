//! What can be *said* about the dynamics at the present parameters: pure functions over [`Dynamics`].

mod action_potential;
mod basins;
pub mod branches;
mod current_voltage;
mod currents;
pub mod cycles;
pub mod diagram;
mod equilibria;
mod family;
mod homoclinic;
mod linear;
mod manifolds;
mod nullclines;
mod orbit;
pub mod parameter_map;
mod passage;
mod planar_cycles;
mod reset_diagram;
mod root;
mod spike_map;
mod spiking;
mod through;
mod trap;

pub use action_potential::{Phase, Stretch, phases};
pub use basins::{Basin, Outcome, Portrayal, Threshold, outcome, portray};
pub use current_voltage::{CurrentVoltage, current_voltage};
pub use currents::{Channel, Flow, Membrane, channels};
pub use equilibria::{Equilibria, FixedPoint, equilibria};
pub use family::{Family, Over, Vector};
pub use homoclinic::{Homoclinic, homoclinic, homoclinic_gap};
pub use linear::{Eigenvalue, Type, classify, eigenvalues, jacobian};
pub use manifolds::{Branch, Departures, Fate, Frame, Manifolds, departures, manifolds};
pub use nullclines::{Lines, Plane, Rest, flow, nullclines};
pub use orbit::{End, Limits, Manner, Orbit, Point, Section, System};
pub use passage::passage_rate;
pub use planar_cycles::{PlanarCycle, cycle_through, planar_cycles, rough_planar_cycles};
pub use reset_diagram::{Change, Regime, ResetDiagram, ResetPoint, Row};
pub use spike_map::{Attractor, Node, Piece, Shooter, Shot, SpikeCycle, SpikeMap};
pub use spiking::{Firing, firing};
pub use through::{Extent, Through, through};
pub use trap::Trap;

#[cfg(doc)]
use crate::model::Dynamics;
