//! The running program without a face: what the user chose, how it runs, what follows from it.

pub mod check;
pub mod run;
