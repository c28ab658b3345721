//! Periodic orbits of smooth models and how they change with one quantity.
#![expect(clippy::cast_precision_loss, reason = "counts of nodes and samples are far below 2⁵³")]

mod basis;
mod between;
mod chain;
mod correct;
mod extent;
mod follow;
mod mesh;
mod multipliers;
mod newton;
mod rows;
mod seeds;
mod space;

pub use between::{between, middle, onto};
pub use correct::{recorrected, recorrected_at, sharpen};
pub use extent::extent;
pub use follow::{Effort, Follow, Orbit, Stopped, amplitude, at_hopf};
pub use mesh::adapt;
pub use multipliers::{Multipliers, SMALLEST, modulus};
pub use newton::Newton;
pub use seeds::{returning, settled};
pub use space::{Cycle, Scales, Tangent};
