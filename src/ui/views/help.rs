//! The help inside: pages on models and ideas, each with three steps that are buttons.

use eframe::egui::{Button, CollapsingHeader, RichText, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, vec2};

use super::View;
use crate::app::help::{self, Page};
use crate::model;
use crate::ui::math::Formula;
use crate::ui::prose;
use crate::ui::stage::Stage;

/// The view.
pub const VIEW: View = View { id: "help", title: |_| "Help", switches: None, show };

/// Widest lines of text, and the width of the list of pages.
const WIDTHS: (f32, f32) = (640.0, 190.0);

fn show(ui: &mut Ui, stage: &mut Stage) {
    let room = ui.available_rect_before_wrap().shrink2(vec2(20.0, 2.0));
    let present = present(stage);
    let has_list = room.width() > 560.0;
    let (list, page) = room.split_left_right_at_x(room.left() + if has_list { WIDTHS.1 } else { 0.0 });
    if has_list {
        ui.scope_builder(UiBuilder::new().max_rect(list), |ui| {
            ScrollArea::vertical().id_salt("help list").auto_shrink([false, false]).show(ui, |ui| contents(ui, stage, &present));
        });
    }
    ui.scope_builder(UiBuilder::new().max_rect(page), |ui| {
        ScrollArea::vertical().id_salt(("help", &present)).auto_shrink([false, false]).show(ui, |ui| {
            ui.set_max_width(WIDTHS.0.min(page.width() - 16.0));
            if !has_list {
                // Named by the page, so that it is folded again on the next one.
                CollapsingHeader::new("Contents").id_salt(("help contents", &present)).show_unindented(ui, |ui| contents(ui, stage, &present));
            }
            if let Some(page) = help::find(&present) {
                page_ui(ui, stage, page);
            } else {
                ui.weak("There is no page on this yet");
            }
        });
    });
}

/// The list of pages, models apart from ideas.
fn contents(ui: &mut Ui, stage: &mut Stage, present: &str) {
    ui.spacing_mut().item_spacing.y = 1.0;
    for (name, of_model) in [("Ideas", false), ("Models", true)] {
        ui.label(RichText::new(name).size(stage.sizes.section).color(stage.palette.muted));
        for page in help::pages().iter().filter(|page| model::find(&page.id).is_some() == of_model) {
            let button = Button::selectable(page.id == present, RichText::new(&page.title).size(stage.sizes.row));
            if ui.add(button).clicked() {
                stage.look.help = Some((page.id.clone(), stage.neuron().card().id));
            }
        }
        ui.add_space(8.0);
    }
}

fn page_ui(ui: &mut Ui, stage: &mut Stage, page: &Page) {
    ui.label(RichText::new(&page.title).size(stage.sizes.title).color(stage.palette.text));
    ui.add_space(6.0);
    if let Some(neuron) = model::find(&page.id) {
        let card = neuron.card();
        for tex in card.equations.iter().chain(card.at_spike) {
            equation(ui, stage, tex);
        }
        ui.add_space(6.0);
    }
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 8.0;
        for paragraph in page.text.split("\n\n") {
            ui.label(prose::job(&paragraph.replace('\n', " "), stage.sizes.body, Some(stage.palette.soft), Some(20.0)));
        }
    });
    ui.add_space(10.0);
    ui.label(RichText::new("Try").size(stage.sizes.section).color(stage.palette.muted));
    for (place, step) in page.steps.iter().enumerate() {
        let words = format!("{}  {}", place + 1, step.words);
        let button = ui.add(Button::new(prose::job(&words, stage.sizes.row, None, None)).wrap());
        button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &words));
        if button.clicked() {
            take(stage, step);
        }
    }
    if let Some(neuron) = model::find(&page.id) {
        ui.add_space(10.0);
        for reference in neuron.card().references {
            ui.label(RichText::new(reference.text).size(stage.sizes.unit).color(stage.palette.muted)).on_hover_text(reference.doi);
        }
    }
    ui.add_space(16.0);
}

/// An equation, set smaller where the pane is narrow.
fn equation(ui: &mut Ui, stage: &Stage, tex: &str) {
    let size = stage.sizes.math_equation;
    let width = Formula::layout(ui.ctx(), tex, size, stage.palette.text, &|_| None).size().x;
    let scale = (ui.available_width() / width.max(1.0)).clamp(0.6, 1.0);
    let formula = Formula::layout(ui.ctx(), tex, size * scale, stage.palette.text, &|_| None);
    // What is still too long is cut rather than make every line of the page as long.
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), formula.size().y), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, formula.plain()));
    formula.paint(ui.painter(), rect.min);
}

/// The id of the page on show: an idea or what was chosen while this model was there, else that of the model.
fn present(stage: &Stage) -> String {
    let id = stage.neuron().card().id;
    let chosen = stage.look.help.as_ref().filter(|(page, then)| *then == id || model::find(page).is_none());
    chosen.map_or_else(|| id.to_string(), |(page, _)| page.clone())
}

/// Does a step, and stays on its page when the step takes another model.
fn take(stage: &mut Stage, step: &help::Step) {
    let page = present(stage);
    match step.plan() {
        Ok((commands, view)) => {
            stage.look.help = Some((page, step.model().unwrap_or(stage.neuron().card().id)));
            for command in commands {
                stage.send(command);
            }
            stage.send(crate::app::Command::Settle);
            stage.send(crate::app::Command::Play(true));
            stage.look.wanted_view = view;
        }
        // A test does every step of every page; this is for a page that slipped through.
        Err(why) => stage.send(crate::app::Command::Say(why, true)),
    }
}
