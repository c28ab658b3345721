//! The left column: what to look at, equations, parameters, input, and what the neuron does.

mod equations;
mod input;
mod readouts;
mod stimulus;

use eframe::egui::{CollapsingHeader, RichText, ScrollArea, Ui, UiBuilder};

use super::stage::Stage;
use super::widgets::{Row, section, slider_row};
use crate::app::Command;
use crate::model::{Field, Kind};

/// Draws the column.
pub fn show(ui: &mut Ui, stage: &mut Stage) {
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
            input::show(ui, stage);
            readouts::show(ui, stage);
            ui.add_space(12.0);
        });
    });
}

fn words(ui: &mut Ui, stage: &Stage) {
    let setup = stage.bench.setup();
    ui.label(RichText::new("What to look at").size(stage.sizes.section).color(stage.palette.muted));
    ui.add_space(4.0);
    let text = setup.words.shows.as_deref().unwrap_or(setup.neuron.card().summary);
    let label = ui.label(RichText::new(text).size(stage.sizes.body).line_height(Some(20.0)).color(stage.palette.text));
    let mut more: Vec<&str> = Vec::new();
    more.extend(setup.words.notes.as_deref());
    more.extend(setup.words.source.as_deref());
    if !more.is_empty() {
        label.on_hover_text(more.join("\n\n"));
    }
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
    if details.is_empty() {
        return;
    }
    let names: Vec<&str> = details.iter().map(|(_, f)| f.id).collect();
    let title = RichText::new(format!("More: {}", names.join(", "))).size(stage.sizes.section).color(stage.palette.muted);
    let open = details.iter().any(|(k, _)| setup.params[*k].to_bits() != setup.neuron.params()[*k].default.to_bits());
    CollapsingHeader::new(title).id_salt(("details", stage.neuron().card().id)).default_open(open).show_unindented(ui, |ui| {
        for (index, field) in details {
            parameter(ui, stage, index, field, height);
        }
    });
}

fn parameter(ui: &mut Ui, stage: &mut Stage, index: usize, field: &'static Field, height: f32) {
    let loaded = stage.bench.loaded();
    let value = stage.bench.setup().params[index];
    let same_model = loaded.neuron.card().id == stage.neuron().card().id;
    let row = Row { value, loaded: if same_model { loaded.params[index] } else { field.default }, colour: None, height };
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
