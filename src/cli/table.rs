//! Rows of a run as comma-separated values.

use std::io::Write;

use super::Failure;
use super::output::cannot_write;
use crate::app::files::Draft;
use crate::model::{Dynamics, Field};
use crate::sim::Sink;

/// Writes `t,I,<states>`, one row per step, as the run goes.
pub struct Rows {
    draft: Draft,
    path: std::path::PathBuf,
    failed: Option<std::io::Error>,
}

impl Rows {
    /// Starts the file.
    pub fn new(path: &std::path::Path, neuron: &dyn Dynamics) -> Result<Self, Failure> {
        let mut draft = Draft::new(path).map_err(|e| cannot_write(path, &e))?;
        let header = Field::ids(neuron.states()).replace(", ", ",");
        writeln!(draft, "t,I,{header}").map_err(|e| cannot_write(path, &e))?;
        Ok(Self { draft, path: path.to_path_buf(), failed: None })
    }

    /// Gives the file its name, or says why it could not be written.
    pub fn finish(self) -> Result<(), Failure> {
        match self.failed {
            Some(error) => Err(cannot_write(&self.path, &error)),
            None => self.draft.finish().map_err(|e| cannot_write(&self.path, &e)),
        }
    }
}

impl Sink for Rows {
    fn point(&mut self, t: f64, x: &[f64], current: f64) {
        if self.failed.is_some() {
            return;
        }
        let writer = &mut self.draft;
        let row = write!(writer, "{t},{current}").and_then(|()| x.iter().try_for_each(|x| write!(writer, ",{x}"))).and_then(|()| writeln!(writer));
        self.failed = row.err();
    }

    fn spike(&mut self, _t: f64, _before: &[f64], _after: &[f64]) {}
}
