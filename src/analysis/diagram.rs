//! The bifurcation diagram over one quantity: branches of equilibria and of cycles, and their special points.

mod ends;
mod firing;
mod hopf_end;
mod isolated;
mod laws;
mod passing;
mod recorrect;
mod special;
mod trace;

pub use ends::Ending;
pub use firing::{FIRING_COUNT, FiringBranch, FiringPoint, complete, firing};
pub use laws::{Law, law};
pub use passing::passing;
pub use recorrect::recorrect;
pub use special::{KINDS, Kind, Pattern, Special};
pub use trace::diagram;

use super::branches::RestBranch;
use super::cycles::{Orbit, Scales};
use super::family::{Over, Vector};

/// How carefully a diagram is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// While something moves: coarse meshes, special points not yet compared with finer ones.
    Live,
    /// At rest: fine meshes, every special point of a cycle confirmed on one twice as fine, and in the plane a search for
    /// cycles that no other start leads to.
    Settled,
}

/// A branch of cycles.
#[derive(Clone, Debug)]
pub struct CycleBranch {
    /// Its orbits, in order along the branch.
    pub orbits: Vec<Orbit>,
    /// Lowest and highest value of each state, for each orbit.
    pub extents: Vec<(Vector, Vector)>,
    /// What happens at its two ends.
    pub ends: [Ending; 2],
}

/// A bifurcation diagram.
#[derive(Clone, Debug)]
pub struct Diagram {
    /// The varied quantity.
    pub over: Over,
    /// Its range.
    pub range: (f64, f64),
    /// Units of differences.
    pub scales: Scales,
    /// Branches of equilibria.
    pub rests: Vec<RestBranch>,
    /// Branches of cycles.
    pub cycles: Vec<CycleBranch>,
    /// Firing patterns of a reset model, once they were added.
    pub firing: Vec<FiringBranch>,
    /// Special points, ordered by the varied quantity.
    pub special: Vec<Special>,
    /// Hopf points in and round the range.
    pub hopfs: usize,
}
