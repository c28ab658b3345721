//! What every panel may read, and the one thing it may write: commands, and how things are shown.

use std::collections::{BTreeMap, BTreeSet};

use eframe::egui::{Color32, Painter, Pos2, Stroke, Ui};
use egui_commonmark::CommonMarkCache;
use serde::{Deserialize, Serialize};

use super::glyphs::PointSign;
use super::theme::{Palette, Sizes};
use super::trail::Trail;
use super::views::Turns;
use super::views::pin::Pin;
use crate::analysis::{FixedPoint, Over, Type, Vector};
use crate::app::{Command, Derived, Portrait, Span, Thumbnails, Wanted, WantedMap, Workbench};
use crate::model::{Dynamics, Field, Kind};
use crate::stimulus::Item;

/// What a panel sees for one frame.
pub struct Stage<'a> {
    /// What the user chose, and the running neuron.
    pub bench: &'a Workbench,
    /// What follows from it.
    pub derived: &'a Derived,
    /// Pictures of presets.
    pub thumbnails: &'a mut Thumbnails,
    /// Colours of the present theme.
    pub palette: Palette,
    /// Sizes for the present window.
    pub sizes: &'static Sizes,
    /// How things are shown.
    pub look: &'a mut Look,
    /// Wishes of the user, done before the next frame.
    pub out: &'a mut Vec<Command>,
}

/// How things are shown: nothing in here changes what is computed.
#[derive(Default)]
pub struct Look {
    /// Layers of the plane and of the phase line that are switched off.
    pub hidden: BTreeSet<Layer>,
    /// Length of the time axis in ms, if the user chose one.
    pub time_span: Option<f64>,
    /// Right end of the time axis in ms, if the user looks at the past.
    pub time_end: Option<f64>,
    /// Window of the plane, if the user chose one.
    pub plane_window: Option<[(f64, f64); 2]>,
    /// Ranges on axes of I and of parameters, by id, where the user chose one.
    pub over_ranges: BTreeMap<String, (f64, f64)>,
    /// The quantity of the bifurcation diagram.
    pub diagram_over: Option<Over>,
    /// The second quantity of the map of two parameters.
    pub map_up: Option<Over>,
    /// Quantities and ranges of the map that was drawn in the last frame.
    pub map_wanted: Option<WantedMap>,
    /// Quantity and range of the diagram that was drawn in the last frame.
    pub diagram_wanted: Option<Wanted>,
    /// A cycle the pointer is on in the diagram: its states, and whether it is stable.
    pub held_cycle: Option<(Vec<Vector>, bool)>,
    /// Range of currents of the f–I curve that was drawn in the last frame.
    pub fi_wanted: Option<(f64, f64)>,
    /// Vertical state of the plane, if the user chose one.
    pub plane_y: Option<usize>,
    /// What the plane asked for in the last frame.
    pub portrait: Option<Portrait>,
    /// What the input strip asked for in the last frame.
    pub span: Option<Span>,
    /// A part of the stimulus that is being dragged in the input strip.
    pub strip: Option<Dragged>,
    /// A spike of an experiment's train that is being dragged.
    pub spike: Option<HeldSpike>,
    /// A current that is being drawn by hand.
    pub drawing: Option<Drawing>,
    /// A ghost of what was on screen.
    pub pin: Option<Pin>,
    /// Where the state has just turned.
    pub turns: Turns,
    /// Page of the help, if the user chose one, and the model it was chosen on.
    pub help: Option<(String, &'static str)>,
    /// A view to bring to the front before the next frame.
    pub wanted_view: Option<String>,
    /// Room for switches in the tab bar that is being drawn, in points.
    pub bar_room: f32,
    /// What the anatomy shows of the kinetics of gates.
    pub kinetics: Kinetics,
    /// "What it does" is unfolded in a small window.
    pub readouts_open: bool,
    /// Set pieces of the notes.
    pub notes: CommonMarkCache,
    /// Where labels of curves stand, in model units, so that they move only when they must.
    pub labels: BTreeMap<String, [f64; 2]>,
    /// Parts of the stimulus whose fields are unfolded in the column.
    pub unfolded: BTreeSet<usize>,
    /// What was on screen in the last frame and needs work beside it.
    pub wants: Wants,
    /// Ranges that axes hold, by name.
    pub ranges: BTreeMap<String, (f64, f64)>,
    /// Where the dots of the trace–determinant plane came from.
    pub trail: Trail,
    /// Id of the quantity under the pointer, and of the one last frame.
    pub pointed: Option<String>,
    /// The quantity under the pointer in the frame before.
    pub pointed_before: Option<String>,
    /// What a hand that drags in the plane holds.
    pub hand: Hand,
    /// Text of the search field in the gallery.
    pub gallery: String,
    /// Text of the search field in the preset list.
    pub search: String,
    /// The preset list is about to open: its search field takes the keyboard.
    pub search_opens: bool,
    /// An open dialog for a path: what it is for, and the text.
    pub path_dialog: Option<(PathPurpose, String)>,
    /// The list of keys is open.
    pub keys_open: bool,
    /// Which setup all this belongs to: model and preset.
    pub belongs_to: String,
    /// How often the neuron had been counted another way when the ranges were last fitted.
    pub counted: u64,
}

/// What is on screen and needs work beside the frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wants {
    /// The experiment.
    pub experiment: bool,
    /// The comparison with other neurons.
    pub comparison: bool,
    /// The spike map.
    pub map: bool,
}

/// What is shown of the kinetics of gates beside their steady values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kinetics {
    /// Time constants.
    #[default]
    Times,
    /// Rates of opening and closing, and time constants where there is room.
    Rates,
}

/// What a hand that drags in the plane holds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Hand {
    /// Not the state: it pans.
    #[default]
    Empty,
    /// The state, which follows the pointer.
    Throws,
    /// A kick for the state, which runs on; from where the pointer was pressed.
    Kicks(Pos2),
}

/// A part of the stimulus in the hand. The way of the pointer counts from where it was pressed, in the scales of
/// that moment, so that neither rounding nor an axis that grows meanwhile adds up.
#[derive(Clone, Debug, PartialEq)]
pub struct Dragged {
    /// Name of the handle.
    pub handle: String,
    /// The stimulus as it was.
    pub original: Vec<Item>,
    /// Time and current per point of the screen.
    pub scale: [f64; 2],
    /// Where a point of samples may go both ways, nothing; else whether the way is upward, once it is clear.
    pub upward: Option<bool>,
}

/// A spike of an experiment's train in the hand.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldSpike {
    /// Id of the choice whose train it is in.
    pub train: &'static str,
    /// The other spikes of the train, in ms.
    pub others: Vec<f64>,
}

/// A current that is being drawn by hand in the input strip.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// The stimulus before the hand began.
    pub before: Vec<Item>,
    /// Times and currents so far.
    pub points: Vec<[f64; 2]>,
}

/// Why a path is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathPurpose {
    /// To open a preset.
    Open,
    /// To save the present setup.
    Save,
    /// To write the recorded past (.csv) or a picture of the window (.png).
    Export,
}

/// A layer of the plane or of the phase line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// Arrows of the flow.
    Flow,
    /// The nullcline of the potential.
    NullclineAcross,
    /// The nullcline of the state on the vertical axis.
    NullclineUp,
    /// The rate of one variable over its value.
    Rate,
    /// Equilibria with their names.
    Equilibria,
    /// The orbit behind the state.
    Orbit,
    /// Orbits that were dropped and stay.
    Kept,
    /// Threshold, peak and reset, and the jumps between them.
    Resets,
    /// Stable manifolds of saddles.
    Separatrix,
    /// Unstable manifolds of saddles.
    Outgoing,
    /// Cycles.
    Cycles,
    /// The tint on what leads to lasting firing.
    Firing,
}

impl Stage<'_> {
    /// The model.
    #[must_use]
    pub fn neuron(&self) -> &'static dyn Dynamics {
        self.bench.setup().neuron
    }

    /// True if this layer is switched on.
    #[must_use]
    pub fn shows(&self, layer: Layer) -> bool {
        !self.look.hidden.contains(&layer)
    }

    /// The colour of a quantity, the same in every view.
    #[must_use]
    pub fn colour(&self, field: &Field) -> Color32 {
        colour_of(&self.palette, field.kind)
    }

    /// The colour of a symbol in an equation: states and the input wear theirs.
    #[must_use]
    pub fn symbol_colour(&self, name: &str) -> Option<Color32> {
        let neuron = self.neuron();
        if self.look.pointed_before.as_deref() == Some(name) {
            return Some(self.palette.accent);
        }
        if name == "I" {
            return Some(self.palette.input);
        }
        let field = neuron.states().iter().find(|f| f.id == name)?;
        Some(self.colour(field))
    }

    /// Remembers that the pointer is on a quantity.
    pub fn point_at(&mut self, id: &str) {
        self.look.pointed = Some(id.to_string());
    }

    /// Paints the moving state: a dot inside a ring, which no equilibrium looks like.
    pub fn paint_state(&self, painter: &Painter, at: Pos2) {
        let radius = self.sizes.state_radius;
        painter.circle(at, radius, self.palette.text, Stroke::new(self.sizes.state_ring, self.palette.ground));
        painter.circle_stroke(at, radius + 3.5, Stroke::new(1.2, self.palette.text));
    }

    /// Does what a user asks for, as a step of undo of its own.
    pub fn send_once(&mut self, command: Command) {
        self.out.extend([Command::Settle, command, Command::Settle]);
    }

    /// Does what a user asks for, before the next frame.
    pub fn send(&mut self, command: Command) {
        self.out.push(command);
    }
}

/// The colour of a kind of quantity.
#[must_use]
pub fn colour_of(palette: &Palette, kind: Kind) -> Color32 {
    match kind {
        Kind::Potential => palette.v,
        Kind::Recovery => palette.recovery,
        Kind::Activation => palette.gate_m,
        Kind::Inactivation => palette.gate_h,
        Kind::Threshold | Kind::Level | Kind::Reset => palette.spike,
        Kind::Input => palette.input,
        Kind::Parameter | Kind::Detail | Kind::Reversal => palette.text,
    }
}

/// Switches an interactive view's cursor and tells its name to assistive technology.
pub fn name_area(ui: &Ui, response: &eframe::egui::Response, name: &str) {
    response.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Image, ui.is_enabled(), name));
}

/// How an equilibrium is drawn.
#[must_use]
pub fn sign_of(kind: Type) -> PointSign {
    match kind {
        Type::StableNode => PointSign::StableNode,
        Type::UnstableNode => PointSign::UnstableNode,
        Type::StableFocus => PointSign::StableFocus,
        Type::UnstableFocus => PointSign::UnstableFocus,
        Type::Saddle => PointSign::Saddle,
        Type::SaddleFocus => PointSign::SaddleFocus,
        Type::Center | Type::SaddleNode | Type::NonHyperbolic => PointSign::Other,
    }
}

/// What an equilibrium is called: its kind, and that it is virtual if the state is reset before it gets there.
#[must_use]
pub fn point_name(point: &FixedPoint) -> String {
    if point.is_virtual { format!("{}, virtual", point.kind.id()) } else { point.kind.id().to_string() }
}

/// The colour of an equilibrium.
#[must_use]
pub fn point_colour(stage: &Stage, point: &FixedPoint) -> Color32 {
    if point.kind.is_stable() { stage.palette.text } else { stage.palette.unstable }
}
