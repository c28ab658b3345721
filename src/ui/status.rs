//! The status line: one sentence on the regime, one on what to try, or a message.

use eframe::egui::{Align2, RichText, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::stage::Stage;
use super::theme::sans;
use crate::app::Command;

/// Draws the status line.
pub fn show(ui: &mut Ui, stage: &mut Stage) {
    let (rect, response) = ui.allocate_exact_size(ui.available_size(), Sense::hover());
    let cy = rect.center().y;
    let setup = stage.bench.setup();
    let unit = stage.neuron().card().time_unit();
    let method = setup.method.id().to_uppercase().replace("_PUBLISHED", ", published order").replace("EULER", "Euler");
    let numerics = format!("{method}   Δt {} {unit}", super::plot::plain(setup.dt));
    let right = ui.painter().text(pos2(rect.right(), cy), Align2::RIGHT_CENTER, numerics.trim_end(), sans(stage.sizes.tick), stage.palette.muted);
    let painter = ui.painter().with_clip_rect(rect.with_max_x(right.left() - 16.0));
    if let Some(message) = stage.bench.message() {
        let colour = if message.is_error { stage.palette.cycle } else { stage.palette.accent };
        painter.circle_filled(pos2(rect.left() + 4.0, cy), 4.0, colour);
        let area = eframe::egui::Rect::from_min_max(pos2(rect.left() + 18.0, rect.top()), pos2(right.left() - 16.0, rect.bottom()));
        let mut child =
            ui.new_child(eframe::egui::UiBuilder::new().max_rect(area).layout(eframe::egui::Layout::left_to_right(eframe::egui::Align::Center)));
        let text = message.text.clone();
        if child.button("Dismiss").clicked() {
            stage.send(Command::Dismiss);
        }
        child.add(eframe::egui::Label::new(RichText::new(&text).size(stage.sizes.body)).truncate()).on_hover_text(text);
        return;
    }
    let regime = stage.derived.regime();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{} {}", regime.sentence, regime.hint)));
    let dot = if regime.rate.is_some() { stage.palette.spike } else { stage.palette.muted };
    painter.circle_filled(pos2(rect.left() + 4.0, cy), 4.0, dot);
    let said = painter.text(pos2(rect.left() + 18.0, cy), Align2::LEFT_CENTER, &regime.sentence, sans(stage.sizes.body), stage.palette.text);
    painter.text(said.right_center() + vec2(10.0, 0.0), Align2::LEFT_CENTER, regime.hint, sans(stage.sizes.body), stage.palette.muted);
}
