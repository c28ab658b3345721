//! A pinned ghost: traces and nullclines as they are now, kept on screen while something is changed.

use std::collections::BTreeMap;

use eframe::egui::{Painter, Pos2, Rangef, RichText, Shape, Stroke, Ui};

use crate::analysis::Lines;
use crate::ui::glyphs::dashed_line;
use crate::ui::plot::Axes;
use crate::ui::stage::Stage;
use crate::ui::widgets::layer_switch;

/// What is pinned. Views fill in their part in the frame after it was asked for.
#[derive(Clone, Debug, Default)]
pub struct Pin {
    /// Id of the model it is of: axes of another mean other things.
    model: &'static str,
    /// Stretch of time the courses cover, in ms.
    time: (f64, f64),
    /// Drawn points of each channel, in model units.
    courses: BTreeMap<usize, Vec<[f64; 2]>>,
    /// The second state of the plane, and the nullclines.
    nullclines: Option<(usize, [Lines; 2])>,
}

/// A switch that pins and lets go.
pub fn switch(ui: &mut Ui, stage: &mut Stage) {
    let mut is_pinned = stage.look.pin.is_some();
    let before = is_pinned;
    layer_switch(ui, stage, "pin", &mut is_pinned);
    if is_pinned != before {
        toggle(stage);
    }
    if let Some(pin) = &stage.look.pin {
        let words = if pin.model == stage.neuron().card().id { "ghost" } else { "ghost of another model" };
        ui.label(RichText::new(words).size(stage.sizes.unit).color(stage.palette.muted));
    }
}

/// Pins what is on screen, or lets the ghost go.
pub fn toggle(stage: &mut Stage) {
    let model = stage.neuron().card().id;
    stage.look.pin = if stage.look.pin.is_some() { None } else { Some(Pin { model, ..Pin::default() }) };
}

/// Keeps or draws the course of a channel: `path` is what is drawn of it now.
pub fn course(painter: &Painter, stage: &mut Stage, axes: &Axes, channel: usize, path: &[Pos2]) {
    let (model, colour) = (stage.neuron().card().id, stage.palette.muted);
    let Some(pin) = stage.look.pin.as_mut().filter(|pin| pin.model == model) else { return };
    let Some(kept) = pin.courses.get(&channel) else {
        pin.time = axes.x;
        pin.courses.insert(channel, path.iter().map(|p| axes.model(*p)).collect());
        return;
    };
    // Once the present has left the pinned stretch behind, the ghost stands at the same distance from the left edge.
    let shift = if axes.x.0 >= pin.time.1 { axes.x.0 - pin.time.0 } else { 0.0 };
    let seen = Rangef::new(axes.rect.left() - 2.0, axes.rect.right() + 2.0);
    let ghost: Vec<Pos2> = kept.iter().map(|[t, x]| axes.screen([t + shift, *x])).filter(|p| seen.contains(p.x)).collect();
    painter.add(Shape::line(ghost, Stroke::new(1.2, colour.gamma_multiply(0.7))));
}

/// Keeps or draws the nullclines of the plane of V and state `y`.
pub fn nullclines(painter: &Painter, stage: &mut Stage, axes: &Axes, y: usize) {
    let (model, colour) = (stage.neuron().card().id, stage.palette.muted);
    let now = stage.derived.nullclines();
    let Some(pin) = stage.look.pin.as_mut().filter(|pin| pin.model == model) else { return };
    let Some((state, kept)) = &pin.nullclines else {
        pin.nullclines = Some((y, now.clone()));
        return;
    };
    if *state != y {
        return;
    }
    for line in kept.iter().flatten() {
        let path: Vec<Pos2> = line.iter().map(|p| axes.screen(*p)).collect();
        dashed_line(painter, &path, Stroke::new(1.2, colour.gamma_multiply(0.7)), 3.0, 4.0);
    }
}
