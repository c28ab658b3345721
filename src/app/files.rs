//! Files that appear whole or not at all.

use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file being written, beside its final name where that is possible.
pub struct Draft(Place);

enum Place {
    /// A temporary file that will be given the name.
    Beside(BufWriter<NamedTempFile>, PathBuf),
    /// A device or pipe: renaming over it would replace it.
    Straight(BufWriter<File>),
}

impl Draft {
    /// Starts a file that will appear at `path` when it is whole.
    ///
    /// # Errors
    /// If `path` is a folder, or its folder is missing or does not allow it.
    pub fn new(path: &Path) -> io::Result<Self> {
        let found = fs::metadata(path).ok();
        if found.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
        }
        if found.as_ref().is_some_and(|f| !f.is_file()) {
            return Ok(Self(Place::Straight(BufWriter::new(fs::OpenOptions::new().write(true).open(path)?))));
        }
        // Through a link the file it points to is replaced, not the link.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let folder = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut options = tempfile::Builder::new();
        options.prefix(".neuron-playground-").suffix(".tmp");
        set_rights(&mut options, found.map(|f| f.permissions()));
        // The temporary file's own name would only confuse in a message.
        let file = options.tempfile_in(folder).map_err(|e| io::Error::from(e.kind()))?;
        Ok(Self(Place::Beside(BufWriter::new(file), target)))
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// If the rest cannot be written or the name cannot be given.
    pub fn finish(self) -> io::Result<()> {
        match self.0 {
            Place::Straight(mut file) => file.flush(),
            Place::Beside(file, target) => {
                let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.persist(target).map_err(|e| e.error)?;
                Ok(())
            }
        }
    }
}

/// Temporary files are private by default; this one is to become an ordinary file (less the user's umask),
/// or to keep the rights of the one it replaces.
fn set_rights(options: &mut tempfile::Builder<'_, '_>, found: Option<Permissions>) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        options.permissions(found.unwrap_or_else(|| Permissions::from_mode(0o666)));
    }
    #[cfg(not(unix))]
    let _ = (options, found);
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Place::Beside(file, _) => file.write(bytes),
            Place::Straight(file) => file.write(bytes),
        }
    }
    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Place::Beside(file, _) => file.flush(),
            Place::Straight(file) => file.flush(),
        }
    }
}

/// Writes bytes to a file that appears whole or not at all.
///
/// # Errors
/// As [`Draft`].
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut draft = Draft::new(path)?;
    draft.write_all(bytes)?;
    draft.finish()
}
