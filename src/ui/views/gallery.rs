//! The sheet of spiking patterns: every preset of the model as a live thumbnail with its parameters printed below, like the well-known
//! page of twenty patterns (Izhikevich 2004, doi 10.1109/TNN.2004.832719). A click loads one.

use eframe::egui::{ScrollArea, TextEdit, Ui, UiBuilder, vec2};

use super::View;
use crate::model::{Field, Kind};
use crate::preset::{Entry, Given};
use crate::ui::chooser;
use crate::ui::plot::plain;
use crate::ui::prose;
use crate::ui::stage::Stage;

/// The view.
pub const VIEW: View = View { id: "gallery", title: |_| "Gallery", switches: None, show };

/// Size of a card, in points.
const CARD: (f32, f32) = (172.0, 108.0);
/// Room between cards.
const GAP: f32 = 8.0;
/// Parameters that are printed below a thumbnail.
const MOST: usize = 4;

fn show(ui: &mut Ui, stage: &mut Stage) {
    let room = ui.available_rect_before_wrap().shrink2(vec2(20.0, 2.0));
    ui.scope_builder(UiBuilder::new().max_rect(room), |ui| {
        let label = ui.label("Search presets of every model");
        let field = TextEdit::singleline(&mut stage.look.gallery).hint_text("burst, threshold, rebound \u{2026}").desired_width(260.0);
        ui.add(field).labelled_by(label.id);
        let found = chooser::found(stage, &stage.look.gallery);
        if found.is_empty() {
            ui.weak("No preset has these words");
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of columns")]
        let across = (((ui.available_width() + GAP) / (CARD.0 + GAP)) as usize).max(1);
        let rows = found.len().div_ceil(across);
        ui.spacing_mut().item_spacing = vec2(GAP, GAP);
        // Rows out of sight cost nothing: their thumbnails are not even simulated.
        ScrollArea::vertical().id_salt("gallery").auto_shrink([false, false]).show_rows(ui, CARD.1, rows, |ui, seen| {
            for row in found.chunks(across).skip(seen.start).take(seen.len()) {
                ui.horizontal(|ui| {
                    for entry in row {
                        let words = parameters(entry);
                        chooser::card_ui(ui, stage, entry, vec2(CARD.0, CARD.1), &words);
                    }
                });
            }
        });
    });
}

/// The parameters a preset is known by, as `a 0.02  b 0.2  c −65  d 6`: those it gives, sliders before details.
fn parameters(entry: &Entry) -> String {
    let Some(neuron) = crate::model::find(&entry.file.model) else { return String::new() };
    let given = entry.file.parameters.as_ref().map_or(&[][..], |values| &values.0);
    let field = |id: &str| neuron.params().iter().find(|f| f.id == id);
    let is_detail = |f: &&Field| f.kind == Kind::Detail;
    let mut known: Vec<(&Field, &Given)> = given.iter().filter_map(|(id, value)| Some((field(id)?, value))).collect();
    known.sort_by_key(|(f, _)| is_detail(f));
    let text = |value: &Given| match value {
        Given::Number(x) => plain(*x),
        Given::Name(name) => name.clone(),
    };
    let shown = known.iter().take(MOST).map(|(f, value)| format!("{} {}", prose::name(f), text(value)));
    shown.collect::<Vec<_>>().join("  ")
}
