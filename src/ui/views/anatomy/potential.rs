//! The potential above the currents it comes from, and the hand that looks back along it.

use eframe::egui::{Align2, CursorIcon, Rect, Response, Sense, Shape, Stroke, Ui, pos2};

use crate::app::Command;
use crate::ui::glyphs::{hairline_v, halo_text};
use crate::ui::plot::{Axes, figures};
use crate::ui::stage::{Stage, name_area};
use crate::ui::theme::sans;
use crate::ui::views::{reduce, traces};

/// A press or drag anywhere on the courses looks back to that time, scrolling zooms it; a double click shows all and returns to now.
pub fn interact(ui: &Ui, stage: &mut Stage, potential: &Axes, whole: &Axes) {
    let below = Rect::from_min_max(potential.rect.left_bottom(), whole.rect.max);
    for (area, name) in [(potential.rect, "Potential over time"), (below, "Currents and conductances over time")] {
        let response = ui.interact(area, ui.scope_id().with(name), Sense::click_and_drag()).on_hover_cursor(CursorIcon::ResizeHorizontal);
        name_area(ui, &response, name);
        scrub(stage, whole, &response);
        traces::zoom(ui, stage, &response, whole);
    }
}

fn scrub(stage: &mut Stage, axes: &Axes, response: &Response) {
    if response.double_clicked() {
        (stage.look.time_end, stage.look.time_span) = (None, None);
        stage.send(Command::Scrub(None));
    } else if let Some(at) = response.interact_pointer_pos() {
        stage.send(Command::Scrub(Some(axes.model(at)[0])));
    }
}

/// V over time.
pub fn show(ui: &Ui, stage: &Stage, axes: &Axes, left: f32) {
    axes.ticks_y(ui.painter(), stage, if axes.rect.height() > 90.0 { 5 } else { 2 });
    if let Some(field) = stage.neuron().states().first() {
        axes.label_y(ui, stage, left, field);
    }
    let trace = stage.bench.trace();
    let path = reduce::channel(trace, 1, axes, &reduce::Columns::new(trace, axes));
    let painter = ui.painter().with_clip_rect(axes.rect.expand(2.0));
    painter.add(Shape::line(path, Stroke::new(stage.sizes.trace.width + 0.4, stage.palette.v)));
}

/// The time that is looked at, through all courses, with a dot on V.
pub fn marker(ui: &Ui, stage: &Stage, potential: &Axes, whole: &Axes, now: f64) {
    let x = whole.screen_x(now);
    if !whole.rect.x_range().expand(1.0).contains(x) {
        return;
    }
    hairline_v(ui.painter(), x, whole.rect.y_range(), stage.palette.muted);
    let v = stage.bench.shown().1.first().copied().unwrap_or(0.0);
    let y = potential.screen_y(v).clamp(potential.rect.top(), potential.rect.bottom());
    ui.painter().circle_filled(pos2(x, y), stage.sizes.live_dot, stage.palette.v);
    if stage.bench.cursor().is_some() {
        let text = format!("looking back at {} {}", figures(now, 5), stage.neuron().card().time_unit());
        let (at, anchor) = if x > whole.rect.center().x { (x - 8.0, Align2::RIGHT_BOTTOM) } else { (x + 8.0, Align2::LEFT_BOTTOM) };
        let (font, ground) = (sans(stage.sizes.unit), stage.palette.ground);
        halo_text(ui.painter(), pos2(at, whole.rect.bottom() - 2.0), anchor, text.trim_end(), font, stage.palette.text, ground);
    }
}
