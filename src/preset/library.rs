//! The presets that travel inside the program.

use std::sync::LazyLock;

use include_dir::{Dir, include_dir};

use super::{File, Setup};
use crate::model;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/presets");

/// One preset of the library.
#[derive(Clone, Debug)]
pub struct Entry {
    /// `<model>/<name>`.
    pub id: String,
    /// The file's text.
    pub text: &'static str,
    /// Its content, not yet checked.
    pub file: File,
}

/// The presets inside the program: models in the order of the registry, then by title, variants last.
static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let mut entries = Vec::new();
    for neuron in model::all() {
        let Some(folder) = FILES.get_dir(neuron.card().id) else { continue };
        let mut of_model: Vec<Entry> = folder.files().filter_map(entry).collect();
        of_model.sort_by_key(|e| (is_variant(e), e.file.title.clone(), e.id.clone()));
        entries.extend(of_model);
    }
    entries
});

fn entry(file: &'static include_dir::File<'static>) -> Option<Entry> {
    let text = file.contents_utf8()?;
    let id = file.path().with_extension("").to_str()?.replace('\\', "/");
    Some(Entry { id, text, file: serde_json::from_str(text).ok()? })
}

/// True for the same pattern under another scheme, which stands behind the patterns themselves.
fn is_variant(entry: &Entry) -> bool {
    entry.file.method.is_some() || entry.id.ends_with("_rk4") || entry.id.ends_with("_euler")
}

/// Every preset of the library.
#[must_use]
pub fn entries() -> &'static [Entry] {
    &ENTRIES
}

/// The preset of the library with this id.
#[must_use]
pub fn embedded(id: &str) -> Option<Setup> {
    let entry = entries().iter().find(|e| e.id == id)?;
    Setup::from_file(entry.file.clone()).ok()
}
