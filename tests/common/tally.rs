//! Counts of what was looked at and of what failed.

use std::collections::BTreeMap;

/// Failures by kind, with what reproduces the first few.
#[derive(Default)]
pub struct Tally {
    pub counts: BTreeMap<&'static str, usize>,
    pub examples: Vec<String>,
    pub looked_at: BTreeMap<&'static str, usize>,
}

impl Tally {
    pub fn fail(&mut self, what: &'static str, example: impl FnOnce() -> String) {
        let count = self.counts.entry(what).or_default();
        *count += 1;
        if *count <= 5 {
            self.examples.push(format!("{what}: {}", example()));
        }
    }

    pub fn look(&mut self, what: &'static str) {
        *self.looked_at.entry(what).or_default() += 1;
    }
}
