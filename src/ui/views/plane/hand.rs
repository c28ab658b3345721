//! What the pointer does in the plane: put the state somewhere, throw it, kick it, drop orbits, pan, zoom, fit.

use eframe::egui::{Align2, CursorIcon, Pos2, Response, Sense, Stroke, Ui, vec2};

use super::orbits;
use crate::app::Command;
use crate::ui::glyphs;
use crate::ui::plot::{Axes, short, zoomed};
use crate::ui::stage::{Hand, Stage, name_area};
use crate::ui::theme::sans;

/// How near the pointer must come to the state to hold it.
pub const REACH: f32 = 16.0;

/// Click to start there, with Shift to keep the orbit through there; drag the state to throw it, with Shift to kick
/// it; drag to pan, scroll to zoom, double-click to fit. True if the pointer can grab the state.
pub fn interact(ui: &Ui, stage: &mut Stage, axes: &Axes, y: usize) -> bool {
    let response = ui.interact(axes.rect, ui.scope_id().with("plane area"), Sense::click_and_drag());
    name_area(ui, &response, "Phase plane");
    let (_, mut state, _) = stage.bench.shown();
    let now = axes.screen([state[0], state[y]]);
    let near = |at: Option<Pos2>| at.is_some_and(|at| at.distance(now) < REACH);
    let shift = ui.input(|i| i.modifiers.shift);
    if response.drag_started() {
        let origin = ui.input(|i| i.pointer.press_origin());
        stage.look.hand = match origin.filter(|at| near(Some(*at))) {
            Some(from) if shift => Hand::Kicks(from),
            Some(_) => Hand::Throws,
            None => Hand::Empty,
        };
    }
    if stage.look.hand != Hand::Empty {
        ui.set_cursor_icon(CursorIcon::Grabbing);
    } else if near(response.hover_pos()) {
        ui.set_cursor_icon(CursorIcon::Grab);
    }
    let throws = stage.look.hand == Hand::Throws;
    if response.double_clicked() && !shift {
        stage.look.plane_window = None;
        stage.look.ranges.retain(|name, _| !name.starts_with("plane"));
    } else if let Hand::Kicks(from) = stage.look.hand {
        kick(ui, stage, axes, y, (&response, from, now));
    } else if let Some(at) = response.interact_pointer_pos().filter(|_| response.clicked() || (response.dragged() && throws)) {
        let [v, w] = axes.model(at.clamp(axes.rect.min, axes.rect.max));
        let field = &stage.neuron().states()[y];
        state[0] = v;
        state[y] = w.clamp(field.min, field.max);
        if response.clicked() && shift {
            orbits::drop_or_take(stage, axes, y, at, state);
        } else {
            // Time stands still until the hand lets go.
            stage.send(if throws { Command::Hold(state) } else { Command::State(state) });
        }
    } else if response.dragged() && !throws {
        let [x0, y0] = axes.model(axes.rect.min);
        let [x1, y1] = axes.model(axes.rect.min + response.drag_delta());
        let shift = |range: (f64, f64), by: f64| (range.0 - by, range.1 - by);
        stage.look.plane_window = Some([shift(axes.x, x1 - x0), shift(axes.y, y1 - y0)]);
    }
    if !response.dragged() {
        stage.look.hand = Hand::Empty;
    }
    zoom(ui, stage, axes, &response);
    near(response.hover_pos())
}

/// Shows the kick that the hand is about to give, and gives it when it lets go. Time goes on meanwhile, so the
/// arrow starts wherever the state has come to.
fn kick(ui: &Ui, stage: &mut Stage, axes: &Axes, y: usize, (response, from, now): (&Response, Pos2, Pos2)) {
    let Some(to) = response.interact_pointer_pos() else { return };
    let ([x0, y0], [x1, y1]) = (axes.model(from), axes.model(to));
    let (dv, dw) = (x1 - x0, y1 - y0);
    if response.drag_stopped() {
        let mut by = vec![0.0; stage.neuron().dim()];
        by[0] = dv;
        by[y] = dw;
        stage.send(Command::Push(by));
        return;
    }
    let tip = now + (to - from);
    let painter = ui.painter();
    painter.line_segment([now, tip], Stroke::new(2.0, stage.palette.text));
    glyphs::arrow_head(painter, tip, tip - now, 10.0, stage.palette.text);
    let states = stage.neuron().states();
    let signed = |value: f64| if value > 0.0 { format!("+{}", short(value, 3)) } else { short(value, 3) };
    let part = |index: usize, value: f64| format!("Δ{} = {} {}", states[index].id, signed(value), states[index].unit).trim_end().to_string();
    let left = tip.x > axes.rect.center().x;
    let (anchor, aside) = if left { (Align2::RIGHT_CENTER, -14.0) } else { (Align2::LEFT_CENTER, 14.0) };
    for (text, line) in [(part(0, dv), -8.0), (part(y, dw), 8.0)] {
        glyphs::halo_text(painter, tip + vec2(aside, line), anchor, text, sans(stage.sizes.unit), stage.palette.text, stage.palette.ground);
    }
}

fn zoom(ui: &Ui, stage: &mut Stage, axes: &Axes, response: &Response) {
    let Some(at) = response.hover_pos() else { return };
    let scroll = ui.input(|i| i.smooth_scroll_delta.y);
    if scroll == 0.0 {
        return;
    }
    let [x, y] = axes.model(at);
    let next = [zoomed(axes.x, x, scroll), zoomed(axes.y, y, scroll)];
    let sane = next.iter().all(|r| (r.1 - r.0) > 1e-9 && r.1.abs().max(r.0.abs()) < 1e7);
    stage.look.plane_window = if sane { Some(next) } else { stage.look.plane_window };
}
