//! The neuron playground: spiking-neuron models, their simulation and analysis, presets, a command line
//! and (with the `gui` feature) the window. See `ARCHITECTURE.md` for how the layers stand on each other.

#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // every failure has a sentence; tests may stop

pub mod analysis;
pub mod app;
pub mod cli;
pub mod experiment;
pub mod model;
pub mod preset;
pub mod scalar;
pub mod sim;
pub mod stimulus;
#[cfg(feature = "gui")]
pub mod ui;
