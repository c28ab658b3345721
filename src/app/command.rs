//! Everything a user can ask for. Undo, keys, buttons, drops and tests use the same commands.

use std::path::PathBuf;

use crate::sim::Method;
use crate::stimulus::Item;

/// A wish of the user.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Set the parameter with this index.
    Param(usize, f64),
    /// Set the constant current.
    Current(f64),
    /// Add to the constant current.
    Nudge(f64),
    /// Set or free the initial value of a state.
    Initial(usize, Option<f64>),
    /// Replace the stimulus.
    Stimulus(Vec<Item>),
    /// Set the step in ms.
    Dt(f64),
    /// Set the method.
    Method(Method),
    /// Set the seed.
    Seed(u64),
    /// Set the length of a run in ms.
    Duration(f64),
    /// Choose an experiment with its defaults for this model, or none.
    Experiment(Option<&'static str>),
    /// Set the setting with this index of the chosen experiment.
    Setting(usize, f64),
    /// Place the spikes of the train that is the setting with this index, at these times in ms.
    Place(usize, Vec<f64>),
    /// What stands beside the present neuron in a comparison: ids of presets or models, or presets.
    Compare(Vec<serde_json::Value>),
    /// Count the membrane potential the other way, where the model knows two, or go between physical and normalised variables, and begin
    /// again.
    Convention,
    /// Put all values back to the preset's.
    Revert,
    /// The hand has let go of a slider: the next change is a new step for undo.
    Settle,
    /// Take back the last change.
    Undo,
    /// Make it again.
    Redo,
    /// Load a model with its defaults.
    Model(&'static str),
    /// Load a preset of the library.
    Preset(String),
    /// Load the next (1) or previous (−1) preset of this model.
    Neighbour(i32),
    /// Load a preset file.
    Open(PathBuf),
    /// Load a preset from dropped or pasted bytes.
    Bytes {
        /// What to call it in messages.
        name: String,
        /// The file's content.
        bytes: Vec<u8>,
    },
    /// Write the present setup to a file.
    Save(PathBuf),
    /// Write the recorded past to a CSV file.
    ExportTrace(PathBuf),
    /// Tell the user something: the sentence, and whether something was refused.
    Say(String, bool),
    /// Play or pause.
    Play(bool),
    /// One step of the integrator.
    Step,
    /// Begin again from the initial state.
    Restart,
    /// Begin again and pause when the preset's duration is over.
    RunOnce,
    /// Model time per real second, in ms/s.
    Speed(f64),
    /// A current pulse now.
    Pulse,
    /// Set the pulse that [`Command::Pulse`] gives: amplitude and width in ms.
    PulseShape(f64, f64),
    /// Move the potential by this much now.
    Kick(f64),
    /// Move every state by this much now; time goes on if it went.
    Push(Vec<f64>),
    /// Put the neuron in this state now.
    State(Vec<f64>),
    /// Hold the neuron in this state: time stands still for as long as every frame says so.
    Hold(Vec<f64>),
    /// Keep orbits through these states in the plane, in place of those kept so far.
    Orbits(Vec<Vec<f64>>),
    /// Look at the recorded past at this time, or return to now.
    Scrub(Option<f64>),
    /// Put the message away.
    Dismiss,
}
