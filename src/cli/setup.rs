//! From the word SETUP and its changes to a checked setup.

use std::io::Read;
use std::path::Path;

use super::args::{Changes, Chosen};
use super::{Failure, Opened};
use crate::model;
use crate::preset::{self, LARGEST_FILE, Setup};

/// Reads the setup a command names and applies its changes.
pub fn open(chosen: &Chosen) -> Result<Opened, Failure> {
    let mut opened = Opened { name: chosen.setup.clone(), setup: find(&chosen.setup)? };
    apply(&mut opened.setup, &chosen.changes)?;
    Ok(opened)
}

fn find(name: &str) -> Result<Setup, Failure> {
    if let Some(neuron) = model::find(name) {
        return Ok(Setup::of_model(neuron));
    }
    if let Some(setup) = preset::embedded(name) {
        return Ok(setup);
    }
    if name == "-" {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().take(LARGEST_FILE + 1).read_to_end(&mut bytes);
        read.map_err(|e| Failure::Input(format!("cannot read standard input: {e}")))?;
        return preset::parse_bytes(&bytes).map_err(|e| Failure::Input(format!("standard input: {e}")));
    }
    let path = Path::new(name);
    if path.exists() {
        return preset::read(path).map_err(|e| Failure::Input(format!("{name}: {e}")));
    }
    Err(Failure::Input(format!("{name:?} is neither a model, a preset nor a file; `neuron-playground presets` lists the presets")))
}

/// Applies `--set` and `--init`, then checks the whole again.
pub fn apply(setup: &mut Setup, changes: &Changes) -> Result<(), Failure> {
    let refuse = |e: preset::Error| Failure::Input(e.to_string());
    for (id, value) in &changes.set {
        setup.set_text(id, value).map_err(refuse)?;
    }
    for (id, value) in &changes.init {
        setup.init(id, *value).map_err(refuse)?;
    }
    setup.check().map_err(refuse)
}
