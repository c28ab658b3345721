//! The running program without a face: what the user chose, how it runs, what follows from it.

pub mod check;
mod command;
mod derived;
pub mod files;
mod history;
pub mod jobs;
mod orbits;
mod regime;
pub mod run;
mod thumbnails;
mod workbench;

pub use command::Command;
pub use derived::{Derived, Portrait};
pub use orbits::{MapPicture, Orbits, PlanePicture};
pub use regime::{Regime, regime};
pub use thumbnails::{Thumbnail, Thumbnails};
pub use workbench::{Message, PulseShape, SPEEDS, Workbench};
