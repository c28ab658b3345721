//! Ctrl-C, and progress on standard error.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

static STOP: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C asks long work to stop instead of ending the process.
pub fn listen() {
    // A second call in one process fails; the first one's handler then stays in place, which is what is wanted.
    let _ = ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed));
}

/// True once the user has asked to stop.
pub fn requested() -> bool {
    STOP.load(Ordering::Relaxed)
}

/// A bar on standard error, shown only on a terminal and only for work longer than 0.3 s.
pub struct Progress {
    bar: ProgressBar,
    started: Instant,
    shown: bool,
}

/// Work shorter than this shows no bar.
const PATIENCE: Duration = Duration::from_millis(300);
/// Length of the bar in its own unit.
const FULL: f64 = 1000.0;

impl Progress {
    /// A bar that is not shown yet.
    pub fn new() -> Self {
        Self { bar: ProgressBar::hidden(), started: Instant::now(), shown: false }
    }

    /// Shows the fraction done; false once the user has asked to stop.
    pub fn update(&mut self, fraction: f64) -> bool {
        if !self.shown && self.started.elapsed() > PATIENCE && std::io::stderr().is_terminal() {
            self.bar = ProgressBar::new(1000);
            if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent:>3} % {eta} left, Ctrl-C stops") {
                self.bar.set_style(style);
            }
            self.shown = true;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a fraction of 1000")]
        self.bar.set_position((fraction.clamp(0.0, 1.0) * FULL) as u64);
        !requested()
    }
}

/// A bar that several threads may tell how far they are.
pub struct SharedProgress(Mutex<Progress>);

impl SharedProgress {
    /// A bar that is not shown yet.
    pub fn new() -> Self {
        Self(Mutex::new(Progress::new()))
    }

    /// Shows the fraction done, unless another thread is at it; false once the user has asked to stop.
    pub fn update(&self, fraction: f64) -> bool {
        match self.0.try_lock() {
            Ok(mut progress) => progress.update(fraction),
            Err(_) => !requested(),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
