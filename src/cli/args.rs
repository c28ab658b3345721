//! The words of the command line.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand};

use super::output;

/// A playground for neuronal dynamics: without a command it opens the window.
#[derive(Parser)]
#[command(name = "neuron-playground", version, args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Preset id, preset file, model id, or - for a preset on standard input
    pub setup: Option<String>,
    #[command(flatten)]
    pub changes: Changes,
}

/// Changes to a setup, which every command that takes one allows.
#[derive(Args, Default)]
pub struct Changes {
    /// Set a parameter or I
    #[arg(long, value_name = "ID=VALUE", value_parser = pair)]
    pub set: Vec<(String, String)>,
    /// Set an initial state
    #[arg(long, value_name = "ID=VALUE", value_parser = assignment)]
    pub init: Vec<(String, f64)>,
}

/// A setup with its changes.
#[derive(Args)]
pub struct Chosen {
    /// Preset id, preset file, model id, or - for a preset on standard input
    pub setup: String,
    #[command(flatten)]
    pub changes: Changes,
}

/// A command.
#[derive(Subcommand)]
pub enum Command {
    /// List the models and their tables
    Models {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List the presets inside the program
    Presets {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Run a setup and print its spikes
    Simulate(Simulate),
    /// Print the fixed points at this I
    Analyze {
        #[command(flatten)]
        chosen: Chosen,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Compute the bifurcation diagram over one quantity, or the map over two
    Bifurcation(super::bifurcation::Bifurcation),
    /// Measure the f–I curve: steady rates over a range of currents
    Fi(super::fi::Fi),
    /// List the experiments
    Experiments {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Do an experiment on a neuron
    Experiment(super::experiment::Experiment),
    /// Draw the window to a PNG file, without a display
    Render(RenderArguments),
    /// Validate preset files and verify what they expect
    Check {
        /// Preset files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// Arguments of `simulate`.
#[derive(Args)]
pub struct Simulate {
    #[command(flatten)]
    pub chosen: Chosen,
    /// Length of the run in ms
    #[arg(long, value_name = "T", allow_negative_numbers = true)]
    pub duration: Option<f64>,
    /// Step in ms
    #[arg(long, value_name = "DT", allow_negative_numbers = true)]
    pub dt: Option<f64>,
    /// rk4, euler or `euler_published`
    #[arg(long, value_name = "M")]
    pub method: Option<String>,
    /// Seed of the random numbers
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Write t, I and the states of every step to this file
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `render`.
#[derive(Args)]
pub struct RenderArguments {
    #[command(flatten)]
    pub chosen: Chosen,
    /// PNG file to write
    #[arg(long, value_name = "FILE.png")]
    pub out: PathBuf,
    /// Width and height in pixels
    #[arg(long, default_value = "1600x1000", value_parser = size)]
    pub size: Size,
    /// Time of the picture in ms; the setup's duration if left out
    #[arg(long, value_name = "T", allow_negative_numbers = true)]
    pub at: Option<f64>,
    /// View that stands in front, by its id
    #[arg(long, value_name = "ID")]
    pub view: Option<String>,
    /// dark or light
    #[arg(long, default_value = "dark", value_parser = ["dark", "light"])]
    pub theme: String,
}

/// Width and height of a picture in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// Smallest and largest side of a picture in pixels.
const SIDES: std::ops::RangeInclusive<u32> = 64..=16384;

fn size(text: &str) -> Result<Size, String> {
    let sides = text.split_once('x').and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
    match sides {
        Some((width, height)) if SIDES.contains(&width) && SIDES.contains(&height) => Ok(Size { width, height }),
        _ => Err(format!("a size is WIDTHxHEIGHT with sides from {} to {} pixels", SIDES.start(), SIDES.end())),
    }
}

pub fn pair(text: &str) -> Result<(String, String), String> {
    let (id, value) = text.split_once('=').ok_or("an assignment is ID=VALUE")?;
    Ok((id.trim().to_string(), value.trim().to_string()))
}

fn assignment(text: &str) -> Result<(String, f64), String> {
    let (id, value) = pair(text)?;
    let value = value.parse::<f64>().map_err(|_| format!("{value:?} is not a number"))?;
    Ok((id, value))
}

/// Reads the command line. On bad usage one sentence goes to standard error.
pub fn parse() -> Result<Arguments, ExitCode> {
    Arguments::try_parse().map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => match output::print(&error.render().to_string()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::from(1),
        },
        _ => {
            output::message(&sentence(&error.render().to_string()));
            ExitCode::from(2)
        }
    })
}

/// The first paragraph of clap's message, on one line.
fn sentence(text: &str) -> String {
    let paragraph: Vec<&str> = text.lines().take_while(|line| !line.trim().is_empty()).map(str::trim).collect();
    paragraph.join(" ")
}
