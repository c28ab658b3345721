//! The chosen experiment on the present neuron: its settings and numbers at the left, its charts at the right. It is done
//! again whenever a slider moves.

pub mod chart;
mod hand;
mod matrix;
mod readout;

use eframe::egui::{Align, Button, Color32, Frame, Layout, Margin, Popup, ProgressBar, Rect, RichText, ScrollArea, Sense, Ui, UiBuilder, pos2, vec2};

use super::View;
use crate::app::Command;
use crate::experiment::protocols::EXPERIMENTS;
use crate::experiment::{Chosen, Experiment, Report};
use crate::ui::plot::short;
use crate::ui::prose;
use crate::ui::stage::Stage;
use crate::ui::theme::STALE;
use crate::ui::times_field::times_field;
use crate::ui::widgets::{Row, readout, section, slider_row};

/// The view.
pub const VIEW: View = View { id: "experiment", title: |_| "Experiment", switches: None, show };

/// A row of charts is at least this high, in points; a plot is narrow up to this width.
const LEAST: f32 = 170.0;
const NARROW: f32 = 150.0;

/// Widths of the panel of settings, in a small and in a roomy view, and of the words in it.
const PANEL: (f32, f32) = (240.0, 310.0);
const WORD: (f32, f32) = (78.0, 96.0);

fn show(ui: &mut Ui, stage: &mut Stage) {
    let rect = ui.available_rect_before_wrap();
    let Some(chosen) = stage.bench.setup().experiment.clone() else {
        return shelf(ui, stage, rect);
    };
    stage.look.wants.experiment = true;
    let slot = stage.derived.experiments().slot();
    if slot.is_unasked() {
        ui.ctx().request_repaint();
    }
    let width = if rect.width() > 720.0 { PANEL.1 } else { PANEL.0 };
    let (left, right) = rect.split_left_right_at_x((rect.left() + 24.0 + width).min(rect.right()));
    let panel = Rect::from_min_max(pos2(left.left() + 24.0, left.top() + 2.0), left.max);
    let derived = stage.derived;
    let slot = derived.experiments().slot();
    // A report on another neuron or experiment has other axes.
    let model = stage.neuron().card().id;
    let found = slot.result().filter(|_| {
        slot.result_key().is_some_and(|of| of.neuron.card().id == model && of.experiment.as_ref().is_some_and(|c| c.experiment == chosen.experiment))
    });
    let strength = if slot.is_current() { 1.0 } else { STALE };
    ui.scope_builder(UiBuilder::new().max_rect(panel), |ui| {
        ScrollArea::vertical().id_salt("experiment panel").auto_shrink([false, false]).show(ui, |ui| {
            ui.set_max_width(panel.width() - 8.0);
            side(ui, stage, &chosen, found);
        });
    });
    if let Some(report) = found {
        let room = right.shrink2(vec2(12.0, 0.0)).with_max_y(right.bottom() - 8.0);
        ui.scope_builder(UiBuilder::new().max_rect(room), |ui| findings(ui, stage, &chosen, report, strength));
    }
}

/// Every experiment that suits the neuron, to choose from.
fn shelf(ui: &mut Ui, stage: &mut Stage, rect: Rect) {
    let room = rect.shrink2(vec2(24.0, 4.0));
    ui.scope_builder(UiBuilder::new().max_rect(room), |ui| {
        ScrollArea::vertical().id_salt("experiments").auto_shrink([false, false]).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 6.0;
            for experiment in EXPERIMENTS {
                ui.horizontal_wrapped(|ui| choice(ui, stage, experiment, false));
                ui.label(RichText::new(experiment.shows).size(stage.sizes.unit).color(stage.palette.muted));
            }
        });
    });
}

/// What a list of experiments leaves of the height of the window.
const MENU_MARGIN: f32 = 120.0;

/// The menu of experiments; true if one was chosen.
pub fn menu(ui: &mut Ui, stage: &mut Stage) -> bool {
    let present = stage.bench.setup().experiment.as_ref().map(|chosen| chosen.experiment.id);
    let before = stage.out.len();
    // In a low window the list scrolls.
    let height = (ui.ctx().content_rect().height() - MENU_MARGIN).max(120.0);
    ScrollArea::vertical().id_salt("all experiments").max_height(height).min_scrolled_height(height).show(ui, |ui| {
        for experiment in EXPERIMENTS {
            choice(ui, stage, experiment, present == Some(experiment.id));
        }
    });
    stage.out.len() > before
}

/// A button that chooses an experiment; greyed, with the reason, where it cannot be done.
fn choice(ui: &mut Ui, stage: &mut Stage, experiment: &'static Experiment, is_chosen: bool) {
    let unsuited = (experiment.suits)(stage.neuron()).err();
    let button = Button::selectable(is_chosen, RichText::new(experiment.title).size(stage.sizes.row));
    let response = ui.add_enabled(unsuited.is_none(), button);
    let response = response.on_hover_text(experiment.shows).on_disabled_hover_text(unsuited.unwrap_or_default());
    if response.clicked() {
        stage.send(Command::Experiment(Some(experiment.id)));
    }
}

/// What is asked, the settings, and the numbers.
fn side(ui: &mut Ui, stage: &mut Stage, chosen: &Chosen, found: Option<&Report>) {
    ui.spacing_mut().item_spacing.y = 2.0;
    let title = RichText::new(format!("{} \u{25be}", chosen.experiment.title)).size(stage.sizes.heading).color(stage.palette.text);
    let opener = ui.add(Button::new(title).frame(false));
    opener.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Button, true, "Choose an experiment"));
    Popup::menu(&opener).show(|ui| menu(ui, stage));
    let asks = RichText::new(chosen.experiment.shows).size(stage.sizes.unit).color(stage.palette.muted);
    ui.label(asks).on_hover_text(chosen.experiment.source);
    ui.add_space(6.0);
    let height = stage.sizes.slider_row_dense;
    let word = Some(if ui.available_width() > PANEL.0 { WORD.1 } else { WORD.0 });
    let has_grid = chosen.table.iter().filter(|f| matrix::place(f.id).is_some_and(|p| p.0 > 0)).count() > 0;
    matrix::show(ui, stage, chosen);
    for (index, field) in chosen.table.iter().enumerate().filter(|(_, f)| !(has_grid && matrix::place(f.id).is_some())) {
        let loaded = stage.bench.loaded().experiment.as_ref().filter(|kept| kept.experiment == chosen.experiment);
        let loaded = loaded.and_then(|kept| kept.values.get(index)).copied().unwrap_or(field.default);
        let value = chosen.values.get(index).copied().unwrap_or(field.default);
        let row = Row { value, loaded, colour: None, height, word };
        let change = ui.push_id(("setting", index), |ui| slider_row(ui, stage, field, &row)).inner;
        if let Some(value) = change.value {
            stage.send(hand::beginning(chosen, found, index, value).unwrap_or(Command::Setting(index, value.clamp(field.min, field.max))));
        }
        let placed = chosen.placed(field.id).and_then(|times| times_field(ui, times, &format!("Times of {}", field.id)));
        if change.settled || placed.is_some() {
            stage.out.extend(placed.map(|times| Command::Place(index, times)));
            stage.send(Command::Settle);
        }
    }
    status(ui, stage);
    let Some(report) = found else { return };
    section(ui, stage, "What it finds", "", Color32::TRANSPARENT);
    for number in &report.numbers {
        let value = number.value.map_or("\u{2013}".to_string(), |x| short(x, 5));
        readout(ui, stage, &number.label, &value, number.unit);
    }
}

/// What was found: sentences, and charts as high as there is room for; what does not fit is scrolled to.
fn findings(ui: &mut Ui, stage: &mut Stage, chosen: &Chosen, report: &Report, strength: f32) {
    let height = ui.available_height();
    ScrollArea::vertical().id_salt(("experiment charts", chosen.experiment.id)).auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let top = ui.cursor().top();
        let margin = Margin { left: 18, right: 14, top: 4, bottom: 4 };
        Frame::new().inner_margin(margin).show(ui, |ui| sentences(ui, stage, report, strength));
        let left = height - (ui.cursor().top() - top);
        charts(ui, stage, chosen, report, strength, left);
    });
}

/// What it means, above the charts.
fn sentences(ui: &mut Ui, stage: &Stage, report: &Report, strength: f32) {
    let colour = stage.palette.text.gamma_multiply(strength);
    ui.spacing_mut().item_spacing.y = 1.0;
    for sentence in &report.says {
        ui.label(prose::job(sentence, stage.sizes.row, Some(colour), None));
    }
}

/// Says that work is under way, how far it is, or why it failed; and lets it be given up.
fn status(ui: &mut Ui, stage: &mut Stage) {
    let experiments = stage.derived.experiments();
    if let Some(failure) = experiments.slot().failure() {
        ui.label(RichText::new(failure).size(stage.sizes.unit).color(stage.palette.spike));
    }
    // The row keeps its place, so that nothing jumps when work begins.
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 22.0), Sense::hover());
    if !experiments.slot().is_working() {
        return;
    }
    #[expect(clippy::cast_possible_truncation, reason = "a fraction")]
    let done = experiments.progress() as f32;
    ui.ctx().request_repaint_after(std::time::Duration::from_millis(100));
    let mut row = ui.new_child(UiBuilder::new().max_rect(rect).layout(Layout::right_to_left(Align::Center)));
    if row.small_button("Stop").clicked() {
        stage.send(Command::Experiment(None));
    }
    row.add(ProgressBar::new(done).desired_height(6.0));
}

/// The charts, in rows of as many as there is room for, over `height_of_all` or more where they would be too low.
fn charts(ui: &mut Ui, stage: &mut Stage, chosen: &Chosen, report: &Report, strength: f32, height_of_all: f32) {
    let count = report.charts.len();
    let width = ui.available_width();
    // The height of a row of charts when there are so many rows.
    #[expect(clippy::cast_precision_loss, reason = "a few charts")]
    let row = |rows: usize| (height_of_all / rows as f32).max(LEAST);
    // What is left for a plot beside its ticks and words should be wide and high, two fifths of the width being high enough; of equals
    // the one that leaves the fewest places empty: four charts stand two by two, not three and one.
    let worth = |columns: usize| {
        let rows = count.div_ceil(columns);
        #[expect(clippy::cast_precision_loss, reason = "a few charts")]
        let (width, height, all) = (width / columns as f32 - 80.0, row(rows) - 70.0, rows as f32 * LEAST);
        // What need not be scrolled to is seen at a glance, unless it is too narrow.
        let (at_a_glance, ratio) = if all > height_of_all { (false, 1.6) } else { (width > NARROW, 2.5) };
        #[expect(clippy::cast_possible_truncation, reason = "whole points, so that near ties are ties")]
        let size = width.min(ratio * height).min(400.0) as i32;
        (at_a_glance, size, count.cmp(&(rows * columns)), columns)
    };
    let columns = (1..=count.max(1)).max_by_key(|columns| worth(*columns)).unwrap_or(1);
    let rows = count.div_ceil(columns).max(1);
    #[expect(clippy::cast_precision_loss, reason = "a few charts")]
    let (size, all) = (vec2(width / columns as f32, row(rows)), vec2(width, row(rows) * rows as f32));
    let (room, _) = ui.allocate_exact_size(all, Sense::hover());
    for (place, chart) in report.charts.iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "a few charts")]
        let at = room.min + vec2((place % columns) as f32 * size.x, (place / columns) as f32 * size.y);
        let key = format!("experiment {} {}", chosen.experiment.id, chart.id);
        let chart = hand::current(chosen, chart);
        if let Some(axes) = chart::show(ui, stage, Rect::from_min_size(at, size), &key, &chart, strength) {
            hand::interact(ui, stage, chosen, &chart, &axes);
        }
    }
}
