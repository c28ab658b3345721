//! What is drawn: panels, and the small CPU painter behind pictures and tests.

pub mod offscreen;
pub mod raster;
