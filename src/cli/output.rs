//! Text to standard output and error.

use std::io::Write;
use std::path::Path;

use super::Failure;

/// Prints to standard output.
///
/// # Errors
/// [`Failure::Run`] if nobody reads it.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let end = if text.ends_with('\n') { "" } else { "\n" };
    write!(out, "{text}{end}").and_then(|()| out.flush()).map_err(|e| Failure::Run(format!("cannot write to standard output: {e}")))
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

/// A file being written beside its final name.
pub struct Draft {
    writer: BufWriter<NamedTempFile>,
    path: std::path::PathBuf,
}

impl Draft {
    /// Starts a file that will appear at `path` when it is whole.
    pub fn new(path: &Path) -> Result<Self, Failure> {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if path.is_dir() {
            return Err(cannot_write(path, &"it is a folder"));
        }
        // Giving the finished file its name would replace a device or a pipe by a plain file.
        if path.exists() && !path.is_file() {
            return Err(cannot_write(path, &"it is not a plain file"));
        }
        let file = NamedTempFile::new_in(folder).map_err(|e| cannot_write(path, &e.kind()))?;
        Ok(Self { writer: BufWriter::new(file), path: path.to_path_buf() })
    }

    /// Where to write.
    pub fn writer(&mut self) -> &mut impl Write {
        &mut self.writer
    }

    /// Gives the file its name.
    pub fn finish(self) -> Result<(), Failure> {
        let path = self.path;
        let file = self.writer.into_inner().map_err(|e| cannot_write(&path, &e.error()))?;
        // A temporary file is private; a result has the permissions of any other new file.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644)).map_err(|e| cannot_write(&path, &e))?;
        }
        file.persist(&path).map_err(|e| cannot_write(&path, &e.error))?;
        Ok(())
    }
}

/// Writes bytes to a file that appears whole or not at all.
///
/// # Errors
/// [`Failure::Run`] with a sentence that names the file.
pub fn persist(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut draft = Draft::new(path)?;
    draft.writer().write_all(bytes).map_err(|e| cannot_write(path, &e))?;
    draft.finish()
}

pub fn cannot_write(path: &Path, why: &dyn std::fmt::Display) -> Failure {
    Failure::Run(format!("cannot write {}: {why}", path.display()))
}
