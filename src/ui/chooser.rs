//! The list of presets, each with a live thumbnail of its spiking pattern.

use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{Align2, Popup, Rect, Role, ScrollArea, Sense, Shape, Stroke, TextEdit, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::stage::Stage;
use super::theme::sans;
use crate::app::Command;
use crate::preset::{self, Entry};

/// Columns of cards, and the size of one.
const ACROSS: usize = 4;
const CARD: (f32, f32) = (176.0, 92.0);

/// Draws the list inside a popup.
pub fn show(ui: &mut Ui, stage: &mut Stage) {
    #[expect(clippy::cast_precision_loss, reason = "four columns")]
    let width = ACROSS as f32 * (CARD.0 + 8.0);
    ui.set_width(width);
    let label = ui.label("Search presets of every model");
    ui.add(TextEdit::singleline(&mut stage.look.search).desired_width(width - 16.0).hint_text("burst, threshold, rebound …")).labelled_by(label.id);
    let search = stage.look.search.to_lowercase();
    let found = found(stage, &search);
    if found.is_empty() {
        ui.weak("No preset has these words");
    }
    ScrollArea::vertical().max_height(560.0).show(ui, |ui| {
        for row in found.chunks(ACROSS) {
            ui.horizontal(|ui| {
                for entry in row {
                    card_ui(ui, stage, entry, vec2(CARD.0, CARD.1), "");
                }
            });
        }
    });
}

/// The presets of the present model, or those of every model that have all words of `search`.
#[must_use]
pub fn found(stage: &Stage, search: &str) -> Vec<&'static Entry> {
    let model = stage.neuron().card().id;
    preset::entries().iter().filter(|e| if search.is_empty() { e.file.model == model } else { matches(e, search) }).collect()
}

fn matches(entry: &Entry, search: &str) -> bool {
    let texts = [Some(entry.id.as_str()), entry.file.title.as_deref(), entry.file.shows.as_deref(), entry.file.source.as_deref()];
    let all = texts.into_iter().flatten().collect::<Vec<_>>().join(" ").to_lowercase();
    search.split_whitespace().all(|word| all.contains(word))
}

/// A card of a preset: title, thumbnail and, if there are any, words below. A click loads it.
pub fn card_ui(ui: &mut Ui, stage: &mut Stage, entry: &Entry, size: Vec2, words: &str) {
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let title = entry.file.title.as_deref().unwrap_or(&entry.id);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, title));
    if !ui.is_rect_visible(rect) {
        return;
    }
    let chosen = stage.bench.preset_id() == Some(entry.id.as_str());
    let fill = if response.hovered() || chosen { stage.palette.raised_hover } else { stage.palette.ground };
    ui.painter().rect_filled(rect, stage.sizes.button_radius, fill);
    let painter = ui.painter().with_clip_rect(rect.shrink(4.0));
    let mut job = LayoutJob::simple_singleline(title.to_string(), sans(stage.sizes.unit), stage.palette.text);
    job.wrap = TextWrapping::truncate_at_width(size.x - 16.0);
    painter.galley(rect.left_top() + vec2(8.0, 6.0), painter.layout_job(job), stage.palette.text);
    let below = if words.is_empty() { 8.0 } else { 22.0 };
    let picture = Rect::from_min_max(rect.left_top() + vec2(8.0, 28.0), rect.right_bottom() - vec2(8.0, below));
    painter.text(rect.left_bottom() + vec2(8.0, -5.0), Align2::LEFT_BOTTOM, words, sans(stage.sizes.tick), stage.palette.muted);
    if let Some(thumbnail) = stage.thumbnails.get(&entry.id) {
        let (low, high) = thumbnail.columns.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), c| (a.min(c.0), b.max(c.1)));
        let span = (high - low).max(1e-9);
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a place in a thumbnail")]
        let place = |k: usize, v: f64| {
            pos2(picture.left() + picture.width() * k as f32 / 95.0, picture.bottom() - ((v - low) / span) as f32 * picture.height())
        };
        let path = thumbnail.columns.iter().enumerate().flat_map(|(k, c)| [place(k, c.0), place(k, c.1)]).collect();
        painter.add(Shape::line(path, Stroke::new(1.0, stage.palette.v)));
    }
    if response.on_hover_text(entry.file.shows.as_deref().unwrap_or("")).clicked() {
        stage.send(Command::Preset(entry.id.clone()));
        Popup::close_all(ui.ctx());
    }
}
