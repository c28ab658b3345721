//! What is drawn: panels, and the small CPU painter behind pictures and tests.

pub mod offscreen;
pub mod raster;

use std::process::ExitCode;

use crate::cli::{Failure, Opened, Render};

/// Opens the window.
pub fn window(_opened: Option<Opened>) -> ExitCode {
    Failure::Run("not yet".into()).report()
}

/// Draws the window to a file.
pub fn render(_render: &Render) -> ExitCode {
    Failure::Run("not yet".into()).report()
}
