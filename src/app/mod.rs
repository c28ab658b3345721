//! The running program without a face: what the user chose, how it runs, what follows from it.

pub mod check;
mod command;
pub mod compare;
pub mod convention;
mod derived;
pub mod diagrams;
pub mod experiments;
pub mod fi;
pub mod files;
pub mod help;
mod history;
pub mod jobs;
mod landscape;
pub mod maps;
pub mod normalised;
mod push;
mod regime;
pub mod run;
pub mod stimuli;
mod thumbnails;
mod workbench;

pub use command::Command;
pub use compare::Comparison;
pub use derived::{Derived, Portrait, Span};
pub use diagrams::{Diagrams, Wanted};
pub use experiments::Experiments;
pub use fi::{FiCurve, FiKey, FiSlot};
pub use landscape::{Landscape, MapPicture, PlanePicture};
pub use maps::{Maps, ShownMap, WantedMap};
pub use push::Push;
pub use regime::{Regime, regime};
pub use thumbnails::{Thumbnail, Thumbnails};
pub use workbench::{Message, PulseShape, SPEEDS, Workbench};
