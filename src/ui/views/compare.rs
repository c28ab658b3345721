//! The same stimulus, many models: the present neuron and others on one time axis, each with its plane.

use eframe::egui::{Align2, Button, Rect, RichText, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::View;
use super::experiment::chart;
use crate::app::Command;
use crate::app::compare::{Compared, MOST};
use crate::experiment::report::Chart;
use crate::model;
use crate::preset;
use crate::ui::glyphs::hairline_h;
use crate::ui::prose;
use crate::ui::stage::Stage;
use crate::ui::theme::{STALE, sans};

/// The view.
pub const VIEW: View = View { id: "compare", title: |_| "Compare", switches: Some(switches), show };

/// Least height of a row; more rows than fit are scrolled.
const LEAST: f32 = 54.0;
/// Least and greatest height of the stimulus that all have in common; between them, a fifth of the view.
const STIMULUS: (f32, f32) = (66.0, 110.0);
/// Room for the name of the vertical axis before a row's title.
const NAME: f32 = 64.0;

fn switches(ui: &mut Ui, stage: &mut Stage) {
    let ids = ids(stage);
    let title = RichText::new("Add neuron").size(stage.sizes.section).color(stage.palette.soft);
    let full = ids.len() >= MOST;
    ui.add_enabled_ui(!full, |ui| {
        ui.menu_button(title, |ui| {
            for neuron in model::all() {
                let card = neuron.card();
                ui.menu_button(card.title, |ui| {
                    let mut chosen = ui.button("Defaults").clicked().then(|| card.id.to_string());
                    eframe::egui::ScrollArea::vertical().max_height(420.0).show(ui, |ui| {
                        for entry in preset::entries().iter().filter(|e| e.file.model == card.id) {
                            if ui.button(entry.file.title.as_deref().unwrap_or(&entry.id)).clicked() {
                                chosen = Some(entry.id.clone());
                            }
                        }
                    });
                    if let Some(id) = chosen {
                        stage.send(Command::Compare(ids.iter().cloned().chain([id.into()]).collect()));
                    }
                });
            }
        });
    });
}

/// What stands beside the present neuron.
fn ids(stage: &Stage) -> Vec<serde_json::Value> {
    stage.bench.setup().words.compare.clone().unwrap_or_default()
}

fn show(ui: &mut Ui, stage: &mut Stage) {
    stage.look.wants.comparison = true;
    let rect = ui.available_rect_before_wrap();
    let derived = stage.derived;
    let slot = derived.comparison().slot();
    if slot.is_unasked() {
        ui.ctx().request_repaint();
    }
    let Some(rows) = slot.result() else { return };
    let strength = if slot.is_current() { 1.0 } else { STALE };
    let below = rect.with_min_y(rect.bottom() - (0.2 * rect.height()).clamp(STIMULUS.0, STIMULUS.1));
    let above = rect.with_max_y(below.top());
    #[expect(clippy::cast_precision_loss, reason = "a few rows")]
    let height = ((above.height() - 4.0) / rows.len().max(2) as f32).max(LEAST);
    // One time axis for all: every row leaves the room for a plane if any needs it.
    let has_planes = rows.iter().any(|row| row.plane.is_some());
    ScrollArea::vertical().id_salt("compared").max_height(above.height()).auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for (place, row) in rows.iter().enumerate() {
            let (room, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
            row_ui(ui, stage, (place, row), room, has_planes, strength);
        }
    });
    if let Some(input) = rows.first().and_then(|row| row.input.as_ref()) {
        hairline_h(ui.painter(), below.x_range(), below.top(), stage.palette.rule);
        let right = course_end(below, height, has_planes);
        chart::show(ui, stage, below.with_max_x(right), "compare stimulus", input, strength);
    }
    if rows.len() == 1 {
        let words = "Add a neuron to see it under the same stimulus";
        let at = pos2(rect.center().x, (0.5 * (rect.top() + height + above.bottom())).min(above.bottom() - 14.0));
        ui.painter().text(at, Align2::CENTER_CENTER, words, sans(stage.sizes.row), stage.palette.muted);
    }
}

fn row_ui(ui: &mut Ui, stage: &mut Stage, (place, row): (usize, &Compared), room: Rect, has_planes: bool, strength: f32) {
    let head = Rect::from_min_size(room.min + vec2(18.0 + NAME, 2.0), vec2(room.width() - 36.0 - NAME, 20.0));
    if place > 0 {
        hairline_h(ui.painter(), room.x_range(), room.top(), stage.palette.rule);
    }
    let title = if place == 0 { format!("{} (present)", row.title) } else { row.title.clone() };
    let drawn = ui.painter().text(head.left_center(), Align2::LEFT_CENTER, title, sans(stage.sizes.row), stage.palette.text);
    let count = row.spikes.len();
    let spikes = if count == 1 { "1 spike".to_string() } else { format!("{count} spikes") };
    let words = if row.remark.is_empty() { spikes } else { format!("{spikes} \u{00b7} {}", row.remark) };
    let said = ui.painter().text(drawn.right_center() + vec2(14.0, 0.0), Align2::LEFT_CENTER, &words, sans(stage.sizes.unit), stage.palette.muted);
    let response = ui.interact(drawn.union(said), ui.scope_id().with(("compared", place)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{}: {words}", row.title)));
    if place > 0 {
        remove(ui, stage, place, head);
    }
    let split = course_end(room, room.height(), has_planes);
    let key = format!("compare {place} {}", row.title);
    chart::show(ui, stage, room.with_max_x(split), &key, &row.course, strength);
    if let Some(plane) = row.plane.as_ref().filter(|_| split < room.right())
        && chart::show(ui, stage, room.with_min_x(split), &format!("{key} plane"), plane, strength).is_some()
    {
        // Up to the button that takes the neuron out.
        name_plane(ui, plane, place, Rect::from_x_y_ranges(split..=head.right() - 24.0, head.y_range()));
    }
}

/// Where the courses end and the planes begin, for rows of this height.
fn course_end(room: Rect, height: f32, has_planes: bool) -> f32 {
    let plane = (1.6 * (height - 18.0)).clamp(160.0, 240.0_f32.max(0.3 * room.width()));
    if has_planes && room.width() > 480.0 { room.right() - plane } else { room.right() }
}

/// Names the small plane of a row, whose axes are labelled, and says on hover what its lines are.
fn name_plane(ui: &Ui, plane: &Chart, place: usize, title: Rect) {
    let [x, y] = [&plane.x.label, &plane.y.label].map(|label| prose::label(label));
    let words = format!("Phase plane, {y} over {x}");
    let response = ui.interact(title, ui.scope_id().with(("compared plane", place)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    response.on_hover_text(format!("Thin: the way of {x} and {y} in this run. Coloured: where {x} or {y} stands still at the holding current"));
}

/// A way to be rid of a row.
fn remove(ui: &mut Ui, stage: &mut Stage, place: usize, head: Rect) {
    let at = Rect::from_min_max(pos2(head.right() - 22.0, head.top()), head.max);
    let mut child = ui.new_child(UiBuilder::new().max_rect(at));
    let button = child.add(Button::new(RichText::new("\u{00d7}").color(stage.palette.muted)).frame(false).stroke(Stroke::NONE));
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Remove neuron {place} from the comparison")));
    if button.on_hover_text("Take this neuron out").clicked() {
        let mut ids = ids(stage);
        ids.remove((place - 1).min(ids.len().saturating_sub(1)));
        stage.send(Command::Compare(ids));
    }
}
