//! The window as a user meets it: dragged, typed into, clicked and dropped on, found by accessible names.
#![cfg(feature = "gui")]
#![allow(missing_docs, clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]

mod bifurcation;
mod charts;
mod choosing;
mod course;
mod extremes;
mod fi;
mod files;
mod harness;
mod layout;
mod names;
mod orbits;
mod pictures;
mod plane;
mod sliders;
mod small;
mod stimuli;
mod strip;
mod threshold;
mod time;
mod trace_determinant;
mod words;
