//! The list of presets, each with a live thumbnail of its spiking pattern.

use std::sync::LazyLock;

use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{Key, Popup, Rect, Role, ScrollArea, Sense, Shape, Stroke, TextEdit, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::prose;
use super::stage::Stage;
use super::theme::sans;
use crate::app::Command;
use crate::experiment::protocols;
use crate::model::in_words;
use crate::preset::{self, Entry};

/// Columns of cards, and the size of one.
const ACROSS: usize = 4;
const CARD: (f32, f32) = (176.0, 106.0);
/// The least height of a thumbnail in parts of what the axis of V shows.
const FLAT: f64 = 0.02;
/// Greatest height of the list.
const MOST_HEIGHT: f32 = 560.0;

/// Draws the list inside a popup.
pub fn show(ui: &mut Ui, stage: &mut Stage) {
    #[expect(clippy::cast_precision_loss, reason = "four columns")]
    let width = ACROSS as f32 * (CARD.0 + 8.0);
    ui.set_width(width);
    let label = ui.label("Search presets of every model");
    let field = TextEdit::singleline(&mut stage.look.search).desired_width(width - 16.0).hint_text("burst, threshold, rebound …");
    let field = ui.add(field).labelled_by(label.id);
    if std::mem::take(&mut stage.look.search_opens) {
        field.request_focus();
    }
    let search = stage.look.search.clone();
    let found = found(stage, &search);
    if let Some(first) = found.first().filter(|_| field.lost_focus() && !search.trim().is_empty() && ui.input(|i| i.key_pressed(Key::Enter))) {
        stage.send(Command::Preset(first.id.clone()));
        Popup::close_all(ui.ctx());
    }
    if found.is_empty() {
        ui.weak("No preset has these words");
    }
    // The list begins at its top, and is as high as it needs, for every search.
    #[expect(clippy::cast_precision_loss, reason = "a few hundred presets")]
    let rows = found.len().div_ceil(ACROSS) as f32;
    let height = (rows * (CARD.1 + ui.spacing().item_spacing.y)).min(MOST_HEIGHT).min(ui.ctx().content_rect().height() - 140.0);
    let list = ScrollArea::vertical().id_salt(("presets", &search)).max_height(height).min_scrolled_height(height);
    list.auto_shrink([false, true]).show(ui, |ui| {
        for row in found.chunks(ACROSS) {
            ui.horizontal(|ui| {
                for entry in row {
                    let model = if search.is_empty() { None } else { crate::model::find(&entry.file.model) };
                    card_ui(ui, stage, entry, vec2(CARD.0, CARD.1), model.map_or("", |m| m.card().title));
                }
            });
        }
    });
}

/// The presets of the present model, or those of every model that have all words of `search`, the best first.
#[must_use]
pub fn found(stage: &Stage, search: &str) -> Vec<&'static Entry> {
    let search = folded(search);
    let model = stage.neuron().card().id;
    if search.trim().is_empty() {
        return preset::entries().iter().filter(|e| e.file.model == model).collect();
    }
    let ranked =
        preset::entries().iter().zip(WORDS.iter()).filter_map(|(entry, texts)| Some((rank(texts, &search)?, entry.file.model != model, entry)));
    let mut ranked: Vec<_> = ranked.collect();
    ranked.sort_by_key(|(rank, elsewhere, _)| (*rank, *elsewhere));
    ranked.into_iter().map(|(.., entry)| entry).collect()
}

/// What is searched of each preset, the weightiest first: title; what it shows, id and model; stimulus, experiment and types of
/// equilibria; notes and source.
static WORDS: LazyLock<Vec<[String; 4]>> = LazyLock::new(|| preset::entries().iter().map(words_of).collect());

fn words_of(entry: &Entry) -> [String; 4] {
    let file = &entry.file;
    let of = |text: &Option<String>| text.clone().unwrap_or_default();
    let model = crate::model::find(&file.model).map_or("", |m| m.card().title);
    let experiment = file.experiment.as_ref().and_then(|e| protocols::find(&e.id)).map_or("", |e| e.title);
    let points = file.expect.as_ref().and_then(|e| e.fixed_points.clone()).unwrap_or_default();
    let stimulus = serde_json::to_string(&file.stimulus).unwrap_or_default();
    [
        of(&file.title),
        format!("{} {} {model}", of(&file.shows), in_words(&entry.id)),
        format!("{stimulus} {experiment} {}", points.join(", ")),
        format!("{} {}", of(&file.notes), of(&file.source)),
    ]
    .map(|text| folded(&text))
}

/// Text as it is searched: in small letters, and with the minus sign that keyboards have.
fn folded(text: &str) -> String {
    text.to_lowercase().replace('\u{2212}', "-")
}

/// How far down the texts the whole search stands in one of them, and how far down its last word is found; nothing if a word is missing.
fn rank(texts: &[String; 4], search: &str) -> Option<(usize, usize)> {
    let place = |part: &str| texts.iter().position(|text| has(text, part));
    let last = search.split_whitespace().map(place).try_fold(0, |last, place| Some(last.max(place?)))?;
    Some((place(search.trim()).unwrap_or(texts.len()), last))
}

/// True if `part` stands in `text`, at the beginning of a word; what ends in a digit, or is a letter, as a whole word.
fn has(text: &str, part: &str) -> bool {
    let whole = part.len() < 2 || part.ends_with(|c: char| c.is_ascii_digit());
    text.match_indices(part).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + part.len()..].chars().next();
        !(before.is_some_and(char::is_alphanumeric) || whole && after.is_some_and(|c| c.is_alphanumeric() || c == '.'))
    })
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
    let mut job = LayoutJob::simple(title.to_string(), sans(stage.sizes.unit), stage.palette.text, size.x - 16.0);
    job.wrap.max_rows = 2;
    let name = painter.layout_job(job);
    let top = 12.0 + name.size().y;
    painter.galley(rect.left_top() + vec2(8.0, 6.0), name, stage.palette.text);
    let below = if words.is_empty() { 8.0 } else { 22.0 };
    let picture = Rect::from_min_max(rect.left_top() + vec2(8.0, top), rect.right_bottom() - vec2(8.0, below));
    let mut job = prose::job(words, stage.sizes.tick, Some(stage.palette.muted), None);
    job.wrap = TextWrapping::truncate_at_width(size.x - 16.0);
    let words = painter.layout_job(job);
    painter.galley(rect.left_bottom() + vec2(8.0, -5.0 - words.size().y), words, stage.palette.muted);
    if let Some(thumbnail) = stage.thumbnails.get(&entry.id) {
        let (low, high) = thumbnail.columns.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), c| (a.min(c.0), b.max(c.1)));
        // What hardly moves is a flat line.
        let potential = crate::model::find(&entry.file.model).and_then(|m| m.states().first());
        let span = (high - low).max(potential.map_or(1e-9, |f| FLAT * (f.shown.1 - f.shown.0)));
        let low = low - 0.5 * (span - (high - low));
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a place in a thumbnail")]
        let place = |k: usize, v: f64| {
            pos2(picture.left() + picture.width() * k as f32 / 95.0, picture.bottom() - ((v - low) / span) as f32 * picture.height())
        };
        let path = thumbnail.columns.iter().enumerate().flat_map(|(k, c)| [place(k, c.0), place(k, c.1)]).collect();
        painter.add(Shape::line(path, Stroke::new(1.0, stage.palette.v)));
    }
    if response.on_hover_text(format!("{title}. {}", entry.file.shows.as_deref().unwrap_or(""))).clicked() {
        stage.send(Command::Preset(entry.id.clone()));
        Popup::close_all(ui.ctx());
    }
}
