//! Small pictures of spiking patterns, simulated a little in each frame.

use std::collections::BTreeMap;

use crate::preset::{self, Setup};
use crate::sim::{Simulation, Sink};

/// Columns of a thumbnail.
pub const COLUMNS: usize = 96;
/// Thumbnails show at most this many steps.
const LONGEST: f64 = 400_000.0;

/// The potential of a run: its lowest and highest value in each column of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Thumbnail {
    /// Lowest and highest V of each column; columns not reached yet are missing.
    pub columns: Vec<(f64, f64)>,
    /// True when the run is complete.
    pub done: bool,
}

struct Work {
    simulation: Simulation,
    duration: f64,
    picture: Thumbnail,
}

/// The thumbnails asked for so far.
#[derive(Default)]
pub struct Thumbnails {
    works: BTreeMap<String, Option<Work>>,
}

struct Columns<'a> {
    duration: f64,
    picture: &'a mut Thumbnail,
}

impl Sink for Columns<'_> {
    fn point(&mut self, t: f64, x: &[f64], _current: f64) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a column number")]
        let column = ((t / self.duration * COLUMNS as f64) as usize).min(COLUMNS - 1);
        self.take(column, x.first().copied().unwrap_or(0.0));
    }

    fn spike(&mut self, _t: f64, before: &[f64], _after: &[f64]) {
        let column = self.picture.columns.len().saturating_sub(1);
        self.take(column, before.first().copied().unwrap_or(0.0));
    }
}

impl Columns<'_> {
    fn take(&mut self, column: usize, v: f64) {
        while self.picture.columns.len() <= column {
            self.picture.columns.push((v, v));
        }
        if let Some(range) = self.picture.columns.get_mut(column) {
            *range = (range.0.min(v), range.1.max(v));
        }
    }
}

impl Thumbnails {
    /// The picture of a preset as far as it has come; asking for it starts the work.
    pub fn get(&mut self, id: &str) -> Option<&Thumbnail> {
        if !self.works.contains_key(id) {
            self.works.insert(id.to_string(), preset::embedded(id).map(|setup| Work::new(&setup)));
        }
        self.works.get(id)?.as_ref().map(|work| &work.picture)
    }

    /// Simulates up to `steps` steps of unfinished pictures; true if work is left.
    pub fn work(&mut self, steps: u64) -> bool {
        let mut left = steps;
        for work in self.works.values_mut().flatten() {
            while !work.picture.done && left > 0 {
                let part = left.min(500);
                work.go_on(part);
                left -= part;
            }
        }
        self.works.values().flatten().any(|work| !work.picture.done)
    }
}

impl Work {
    fn new(setup: &Setup) -> Self {
        Self {
            simulation: setup.simulation(),
            duration: setup.duration.min(LONGEST * setup.dt),
            picture: Thumbnail { columns: Vec::with_capacity(COLUMNS), done: false },
        }
    }

    fn go_on(&mut self, steps: u64) {
        let mut columns = Columns { duration: self.duration, picture: &mut self.picture };
        self.simulation.run(steps, Some(&mut columns));
        self.picture.done = self.simulation.time() >= self.duration || self.simulation.stopped().is_some();
    }
}
