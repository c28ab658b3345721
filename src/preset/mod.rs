//! Presets: JSON on one side, a checked [`Setup`] on the other.
//!
//! A preset file names a model and whatever departs from its defaults; everything in it is checked against
//! the model's tables before it is used. Nothing here runs a neuron.

mod experiment;
mod file;
mod library;
mod setup;
mod sweep;

pub use file::{Bounds, Expect, Experiment, File, Given, Lesson, Values};
pub use library::{Entry, embedded, entries};
pub use setup::{MOST_STEPS, Setup, Words};
pub use sweep::{SpecialPoint, Sweep};

use serde_json::Value;
use std::path::Path;

/// Files above this size in bytes are refused: a preset is a page of text.
pub const LARGEST_FILE: u64 = 16 << 20;

/// Why a preset is refused. Each message says what is wrong and what is allowed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The text is not the JSON of a preset.
    #[error("not a preset: {0}")]
    Syntax(String),
    /// A value, or a combination of values, is not allowed.
    #[error("{0}")]
    Value(String),
    /// No such model.
    #[error("there is no model {0:?}; the models are {1}")]
    Model(String, String),
    /// The file cannot be read.
    #[error("cannot read {0}: {1}")]
    Unreadable(String, String),
}

/// Longest piece of a file, in characters, that a message repeats.
const LONGEST_QUOTE: usize = 300;

/// A text from outside made fit for one line of a message: control characters visible, the middle left out if
/// it is long (names in front and the place in the file at the end both matter).
fn brief(text: &str) -> String {
    let line: Vec<String> = text.chars().map(|c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() }).collect();
    if line.len() <= LONGEST_QUOTE {
        return line.concat();
    }
    let half = LONGEST_QUOTE / 2;
    format!("{}…{}", line[..half].concat(), line[line.len() - half..].concat())
}

/// Reads a preset from text.
///
/// # Errors
/// [`Error`] with a sentence for the user.
pub fn parse(text: &str) -> Result<Setup, Error> {
    let file: File = serde_json::from_str(text).map_err(|e| Error::Syntax(brief(&e.to_string())))?;
    Setup::from_file(file)
}

/// Reads a preset from bytes, as they come from a file, a pipe or a drop.
///
/// # Errors
/// [`Error`] with a sentence for the user.
pub fn parse_bytes(bytes: &[u8]) -> Result<Setup, Error> {
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(Error::Syntax(format!("larger than {} MiB", LARGEST_FILE >> 20)));
    }
    let text = std::str::from_utf8(bytes).map_err(|e| Error::Syntax(format!("the text is not UTF-8 at byte {}", e.valid_up_to())))?;
    parse(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Reads a preset file.
///
/// # Errors
/// [`Error`] with a sentence for the user.
pub fn read(path: &Path) -> Result<Setup, Error> {
    let unreadable = |e: std::io::Error| Error::Unreadable(path.display().to_string(), e.to_string());
    let file = std::fs::File::open(path).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.is_dir() {
        return Err(Error::Unreadable(path.display().to_string(), "it is a folder".into()));
    }
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut std::io::Read::take(file, LARGEST_FILE + 1), &mut bytes).map_err(unreadable)?;
    parse_bytes(&bytes)
}
