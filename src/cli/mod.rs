//! The command line: the same library, text and files out. Results go to standard output, messages to
//! standard error; 0 is done, 1 a run or check that failed, 2 bad usage or bad input.

mod args;
mod bifurcation;
mod commands;
mod experiment;
mod fi;
mod interrupt;
mod output;
mod parameter_map;
mod setup;
mod table;

pub use args::Size;
pub use output::cannot_write;

use std::process::ExitCode;

use crate::preset::Setup;

/// What the command line asks for.
pub enum Request {
    /// Already answered; exit so.
    Done(ExitCode),
    /// Open the window on this setup, or where it was left.
    Window(Option<Box<Opened>>),
    /// Draw the window to a file.
    Render(Box<Render>),
}

/// A setup and the id or path it came from.
pub struct Opened {
    /// What was asked for on the command line.
    pub name: String,
    /// The checked setup.
    pub setup: Setup,
}

/// What `render` draws.
pub struct Render {
    /// What to show.
    pub opened: Opened,
    /// PNG file to write.
    pub out: std::path::PathBuf,
    /// Width and height in pixels.
    pub size: Size,
    /// Time at which the picture is taken, in ms; the setup's duration if not given.
    pub at: Option<f64>,
    /// Id of a view to bring to the front.
    pub view: Option<String>,
    /// Dark or light.
    pub dark: bool,
}

/// Why a command ends without a result; the sentence goes to standard error.
#[derive(Debug)]
pub enum Failure {
    /// The input is not usable: exit 2.
    Input(String),
    /// The run or the output failed: exit 1.
    Run(String),
}

impl Failure {
    /// Says it on standard error and gives the exit status.
    #[must_use]
    pub fn report(&self) -> ExitCode {
        let (sentence, code) = match self {
            Self::Input(sentence) => (sentence, 2),
            Self::Run(sentence) => (sentence, 1),
        };
        output::message(&format!("error: {sentence}"));
        ExitCode::from(code)
    }
}

/// Reads the command line and answers it, as far as that needs no drawing.
#[must_use]
pub fn request() -> Request {
    match args::parse() {
        Ok(args) => commands::answer(args).unwrap_or_else(|failure| Request::Done(failure.report())),
        Err(code) => Request::Done(code),
    }
}
