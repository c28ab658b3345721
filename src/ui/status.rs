//! The status line: one sentence on the regime, one on what to try, or a message.

use std::sync::Arc;

use eframe::egui::text::TextWrapping;
use eframe::egui::{Align2, Galley, Label, Role, Sense, Ui, WidgetInfo, pos2};

use super::prose;
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
        let set = on_two_lines(&child, stage, &text, child.available_width() - 8.0);
        child.add(Label::new(set).selectable(false)).on_hover_text(text);
        return;
    }
    let regime = stage.derived.regime();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{} {}", regime.sentence, regime.hint)));
    let dot = if regime.rate.is_some() { stage.palette.spike } else { stage.palette.muted };
    painter.circle_filled(pos2(rect.left() + 4.0, cy), 4.0, dot);
    let set = |text: &str, size: f32, colour| painter.layout_no_wrap(text.into(), sans(size), colour);
    let (left, colours) = (rect.left() + 18.0, [stage.palette.text, stage.palette.muted]);
    let [said, hint] = [(&*regime.sentence, colours[0]), (&*regime.hint, colours[1])].map(|(text, colour)| set(text, stage.sizes.body, colour));
    if left + said.size().x + 10.0 + hint.size().x < right.left() - 16.0 {
        painter.galley(pos2(left, cy - 0.5 * said.size().y), said.clone(), colours[0]);
        painter.galley(pos2(left + said.size().x + 10.0, cy - 0.5 * hint.size().y), hint, colours[1]);
    } else {
        for (text, colour, y) in [(&*regime.sentence, colours[0], cy - 8.0), (&*regime.hint, colours[1], cy + 8.0)] {
            painter.text(pos2(left, y), Align2::LEFT_CENTER, text, sans(stage.sizes.tick), colour);
        }
        response.on_hover_text(format!("{} {}", regime.sentence, regime.hint));
    }
}

/// A text on one line, or where it does not fit on two smaller ones.
fn on_two_lines(ui: &Ui, stage: &Stage, text: &str, width: f32) -> Arc<Galley> {
    let colour = stage.palette.text;
    let line = ui.painter().layout_job(prose::job(text, stage.sizes.body, Some(colour), None));
    if line.size().x <= width {
        return line;
    }
    let mut job = prose::job(text, stage.sizes.tick, Some(colour), None);
    job.wrap = TextWrapping { max_width: width, max_rows: 2, ..TextWrapping::default() };
    ui.painter().layout_job(job)
}
