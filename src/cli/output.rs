//! Text to standard output and error.

use std::io::{ErrorKind, Write};
use std::path::Path;

use super::Failure;
use crate::app::files::Draft;

/// Prints to standard output. A reader that has gone away, as `head` does, has had what it wanted.
///
/// # Errors
/// [`Failure::Run`] if it cannot be written.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let end = if text.ends_with('\n') { "" } else { "\n" };
    let written = write!(out, "{text}{end}").and_then(|()| out.flush());
    written
        .or_else(|e| if e.kind() == ErrorKind::BrokenPipe { Ok(()) } else { Err(e) })
        .map_err(|e| Failure::Run(format!("cannot write to standard output: {e}")))
}

/// Prints a line to standard error; where even that fails there is nobody to tell.
pub fn message(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Prints JSON.
pub fn print_json(value: &serde_json::Value) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|e| Failure::Run(format!("cannot write JSON: {e}")))?;
    print(&text)
}

/// The failure to write a file, in a sentence.
pub fn cannot_write(path: &Path, why: &std::io::Error) -> Failure {
    Failure::Run(format!("cannot write {}: {why}", path.display()))
}

/// The file that was asked for, begun beside its place, with its path; nothing if none was.
pub fn draft(path: Option<&Path>) -> Result<Option<(Draft, &Path)>, Failure> {
    path.map(|path| Draft::new(path).map_err(|e| cannot_write(path, &e)).map(|draft| (draft, path))).transpose()
}
