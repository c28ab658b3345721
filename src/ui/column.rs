//! The left column: what to look at, equations, parameters, input, and what the neuron does.

mod equations;
mod input;
mod ions;
mod readouts;
mod stimulus;

use eframe::egui::{Button, CollapsingHeader, Frame, Label, Panel, RichText, ScrollArea, TextStyle, Ui, UiBuilder};
use egui_commonmark::CommonMarkViewer;

use super::plot::{near_zero, short};
use super::prose;
use super::stage::Stage;
use super::theme::{Sizes, sans};
use super::widgets::{Row, section, slider_row};
use crate::app::{Command, convention, normalised};
use crate::model::{Field, Kind};

/// Draws the column.
pub fn show(ui: &mut Ui, stage: &mut Stage) {
    // In a small window the readouts would be below its edge: one line of them stays at the foot.
    let small = stage.sizes.column < Sizes::NORMAL.column;
    if small {
        let foot = Panel::bottom("readouts").resizable(false).show_separator_line(false).frame(Frame::NONE);
        foot.show(ui, |ui| readouts::folded(ui, stage));
    }
    // The bar that scrolls stands in the margin, clear of what can be pressed at the right edge.
    let (width, room) = (ui.available_width(), ui.available_rect_before_wrap());
    let room = room.with_max_x(room.right() + stage.sizes.column_margin - 2.0);
    ui.scope_builder(UiBuilder::new().max_rect(room), |ui| {
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            ui.set_max_width(width);
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.add_space(14.0);
            words(ui, stage);
            equations::show(ui, stage);
            parameters(ui, stage);
            ions::show(ui, stage);
            input::show(ui, stage);
            if !small {
                readouts::show(ui, stage);
            }
            ui.add_space(12.0);
        });
    });
}

fn words(ui: &mut Ui, stage: &mut Stage) {
    let setup = stage.bench.setup();
    ui.label(RichText::new("What to look at").size(stage.sizes.section).color(stage.palette.muted));
    ui.add_space(4.0);
    let text = setup.words.shows.as_deref().unwrap_or(setup.neuron.card().summary);
    ui.label(prose::job(text, stage.sizes.body, Some(stage.palette.text), Some(20.0)));
    let (notes, source) = (setup.words.notes.as_deref(), setup.words.source.as_deref());
    let title = match (notes, source) {
        (Some(_), _) => "Notes",
        (None, Some(_)) => "Source",
        (None, None) => return,
    };
    let title = RichText::new(title).size(stage.sizes.section).color(stage.palette.muted);
    ui.add_space(2.0);
    // Folded again with every other preset, so that the column begins alike.
    CollapsingHeader::new(title).id_salt(("notes", setup.title())).show_unindented(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        if let Some(notes) = notes {
            ui.style_mut().text_styles.insert(TextStyle::Body, sans(stage.sizes.row));
            ui.style_mut().visuals.override_text_color = Some(stage.palette.soft);
            CommonMarkViewer::new().show(ui, &mut stage.look.notes, notes);
        }
        if let Some(source) = source {
            ui.label(RichText::new(source).size(stage.sizes.unit).color(stage.palette.muted));
        }
    });
}

fn parameters(ui: &mut Ui, stage: &mut Stage) {
    let setup = stage.bench.setup();
    let changed = setup.params.iter().zip(&stage.bench.loaded().params).filter(|(a, b)| a != b).count();
    let remark = if changed > 0 { format!("{changed} changed") } else { String::new() };
    section(ui, stage, "Parameters", &remark, stage.palette.accent);
    let fields: Vec<(usize, &'static Field)> = stage.neuron().params().iter().enumerate().collect();
    let is_detail = |field: &Field| field.kind == Kind::Detail;
    let main: Vec<_> = fields.iter().copied().filter(|(_, f)| !is_detail(f)).collect();
    let details: Vec<_> = fields.iter().copied().filter(|(_, f)| is_detail(f)).collect();
    let height = stage.sizes.slider_row_of(main.len());
    for (index, field) in main {
        parameter(ui, stage, index, field, height);
    }
    convention_ui(ui, stage);
    variables_ui(ui, stage);
    if details.is_empty() {
        return;
    }
    let names: Vec<String> = details.iter().map(|(_, f)| prose::name(f)).collect();
    let title = prose::job(&format!("More: {}", names.join(", ")), stage.sizes.section, Some(stage.palette.muted), None);
    let open = details.iter().any(|(k, _)| setup.params[*k].to_bits() != setup.neuron.params()[*k].default.to_bits());
    CollapsingHeader::new(title).id_salt(("details", stage.neuron().card().id)).default_open(open).show_unindented(ui, |ui| {
        for (index, field) in details {
            parameter(ui, stage, index, field, height);
        }
    });
}

/// A button that counts the potential the other way, for models that know two.
fn convention_ui(ui: &mut Ui, stage: &mut Stage) {
    let Some(shift) = convention::shift(stage.bench.setup()) else { return };
    let words = if shift == 0.0 { "Count V from rest, as in 1952" } else { "Count V from outside: rest at \u{2212}65 mV" };
    let hint = "The same neuron with all its potentials moved, started again; every other setting stays";
    ui.add_space(4.0);
    if ui.add(Button::new(RichText::new(words).size(stage.sizes.section))).on_hover_text(hint).clicked() {
        stage.send(Command::Convention);
    }
    ui.add_space(4.0);
}

/// What the parameters of a leaky integrate-and-fire neuron come to in the other terms, and a button that goes there.
fn variables_ui(ui: &mut Ui, stage: &mut Stage) {
    let Some(scale) = normalised::scale(stage.bench.setup()) else { return };
    let tau = stage.bench.setup().params.first().copied().unwrap_or_default();
    let (capacitance, conductance) = (short(tau / scale.resistance, 4), short(1.0 / scale.resistance, 4));
    let current = near_zero(stage.bench.shown().2, stage.neuron().card().current.shown);
    let (words, lines) = if normalised::is_normalised(stage.bench.setup()) == Some(true) {
        let said = "Normalised: 1 mV is the way from rest to threshold, and I is v_in.";
        ("In millivolts and nanoamperes", vec![said.to_string()])
    } else {
        let drive = short(scale.resistance * current / scale.span, 3);
        let physical = format!("C = τ_m/R = {capacitance} nF, g_L = 1/R = {conductance} µS");
        ("In normalised variables", vec![physical, format!("v_in = R I/(V_th − E_L) = {drive}")])
    };
    ui.add_space(4.0);
    for line in lines {
        ui.add(Label::new(prose::job(&line, stage.sizes.unit, Some(stage.palette.muted), Some(18.0))).wrap());
    }
    ui.add_space(4.0);
    let hint = "The same neuron, started again, with the same spike times. Normalised, v = (V − E_L)/(V_th − E_L) rests at 0 and fires at 1, \
                driven by v_in = R I/(V_th − E_L), and R is 1. In physical terms C dV/dt = g_L (E_L − V) + I with C = τ_m/R and g_L = 1/R";
    if ui.add(Button::new(RichText::new(words).size(stage.sizes.section))).on_hover_text(prose::job(hint, stage.sizes.row, None, None)).clicked() {
        stage.send(Command::Convention);
    }
    ui.add_space(4.0);
}

fn parameter(ui: &mut Ui, stage: &mut Stage, index: usize, field: &'static Field, height: f32) {
    let loaded = stage.bench.loaded();
    let value = stage.bench.setup().params[index];
    let same_model = loaded.neuron.card().id == stage.neuron().card().id;
    let row = Row { value, loaded: if same_model { loaded.params[index] } else { field.default }, colour: None, height, word: None };
    let change = slider_row(ui, stage, field, &row);
    if let Some(value) = change.value {
        stage.send(Command::Param(index, value.clamp(field.min, field.max)));
    }
    if change.settled {
        stage.send(Command::Settle);
    }
    if change.hovered {
        stage.point_at(field.id);
    }
}
