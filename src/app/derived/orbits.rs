//! The orbits that the user keeps in the plane: each is computed again only if what it depends on changed.

use super::{Key, Portrait};
use crate::analysis::{Extent, Through, through};
use crate::app::workbench::Workbench;

/// Orbits with what they belong to.
#[derive(Default)]
pub(super) struct Orbits {
    key: Option<(Key, Extent)>,
    seeds: Vec<Vec<f64>>,
    list: Vec<Through>,
}

impl Orbits {
    /// Brings the orbits up to date. Where only a seed came or went, the others keep theirs.
    pub(super) fn refresh(&mut self, bench: &Workbench, key: &Key, portrait: &Portrait, current: f64) {
        let setup = bench.setup();
        let extent = Extent { y: portrait.y, window: portrait.window, time: setup.duration };
        let same = self.key.as_ref().is_some_and(|(k, e)| k == key && *e == extent);
        if same && self.seeds == bench.orbits() {
            return;
        }
        let known: Vec<(Vec<f64>, Through)> = if same { self.seeds.drain(..).zip(self.list.drain(..)).collect() } else { Vec::new() };
        let found = bench.orbits().iter().map(|seed| {
            let old = known.iter().find(|(old, _)| old == seed).map(|(_, orbit)| orbit.clone());
            old.unwrap_or_else(|| through(setup.neuron, &setup.params, current, seed, &extent))
        });
        self.list = found.collect();
        self.seeds = bench.orbits().to_vec();
        self.key = Some((key.clone(), extent));
    }

    pub(super) fn list(&self) -> &[Through] {
        &self.list
    }
}
