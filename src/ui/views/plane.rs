//! The phase plane: flow, nullclines, fixed points, and the state that one can grab. One-variable models show
//! their phase line instead.

use eframe::egui::{Align2, CursorIcon, Pos2, Rect, Sense, Ui, pos2, vec2};

mod layers;
mod ranges;
mod switches;
mod threshold;

pub use ranges::v_window;

use super::{View, balance};
use crate::analysis::{FixedPoint, Rest};
use crate::app::{Command, Portrait};
use crate::model::Kind;
use crate::ui::glyphs;
use crate::ui::plot::{Axes, figures};
use crate::ui::stage::{Stage, name_area, point_colour, sign_of};
use crate::ui::theme::sans;
use layers::{flow_ui, nullclines_ui, orbit_ui, resets_ui};
use ranges::y_window;
use switches::switches;

/// The view.
pub const VIEW: View = View { id: "plane", title, switches: Some(switches), show };

fn title(stage: &Stage) -> &'static str {
    if stage.neuron().dim() == 1 { "Phase line" } else { "Phase plane" }
}

/// The state on the vertical axis.
fn vertical(stage: &Stage) -> usize {
    let states = stage.neuron().states();
    let natural = states.iter().position(|f| f.kind == Kind::Recovery).unwrap_or(1);
    stage.look.plane_y.filter(|y| *y < states.len()).unwrap_or(natural)
}

fn show(ui: &mut Ui, stage: &mut Stage) {
    if stage.neuron().dim() < 2 {
        let window = [v_window(stage), (0.0, 1.0)];
        stage.look.portrait = Some(Portrait { y: 0, window, columns: 2, arrows: [0, 0] });
        balance::show(ui, stage);
        return;
    }
    let y = vertical(stage);
    let rect = ui.available_rect_before_wrap();
    let sizes = stage.sizes;
    let left = rect.left() + 24.0;
    let top = rect.top() + if stage.neuron().dim() > 2 { 26.0 } else { 14.0 };
    let all = Rect::from_min_max(pos2(left + sizes.gutter_symbol + sizes.gutter_ticks, top), pos2(rect.right() - 24.0, rect.bottom() - 48.0));
    if all.width() < 120.0 || all.height() < 60.0 {
        return;
    }
    let window = [v_window(stage), y_window(stage, y)];
    let peak = peak(stage).filter(|peak| *peak > window[0].1);
    let strip = if peak.is_some() { sizes.broken_axis_strip + 12.0 } else { 0.0 };
    let axes = Axes { rect: all.with_max_x(all.right() - strip), x: window[0], y: window[1] };
    request(stage, &axes, y);
    axes.ticks_x(ui.painter(), stage, 5, "");
    axes.ticks_y(ui.painter(), stage, 6);
    let states = stage.neuron().states();
    axes.label_x(ui, stage, &states[0]);
    axes.label_y(ui, stage, left, &states[y]);
    held_note(ui, stage, rect.top(), all.left());
    let painter = ui.painter().with_clip_rect(axes.rect);
    if !stage.look.hidden.threshold {
        threshold::tint_ui(&painter, stage, &axes);
    }
    if !stage.look.hidden.flow {
        flow_ui(&painter, stage, &axes);
    }
    if !stage.look.hidden.nullclines {
        nullclines_ui(ui, &painter, stage, &axes, y);
    }
    if !stage.look.hidden.threshold {
        threshold::threshold_ui(ui, &painter, stage, &axes);
    }
    resets_ui(ui, stage, &axes, y, peak, all.right());
    if !stage.look.hidden.orbit {
        orbit_ui(&painter, stage, &axes, y);
    }
    points_ui(ui, stage, &axes, y);
    interact(ui, stage, &axes, y);
}

/// Asks for nullclines and flow of what is now on screen.
fn request(stage: &mut Stage, axes: &Axes, y: usize) {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred pixels")]
    let count = |length: f32, each: f32| (length / each).max(2.0) as usize;
    stage.look.portrait = Some(Portrait {
        y,
        window: [axes.x, axes.y],
        columns: count(axes.rect.width(), 3.0),
        arrows: [count(axes.rect.width(), 32.0), count(axes.rect.height(), 38.0)],
    });
}

/// The potential at which a reset model's spike is cut; none where the threshold moves.
fn peak(stage: &Stage) -> Option<f64> {
    let setup = stage.bench.setup();
    let moving = setup.neuron.states().iter().any(|f| f.kind == Kind::Threshold);
    let level = setup.neuron.params().iter().zip(&setup.params).find(|(f, _)| f.kind == Kind::Level).map(|(_, v)| *v);
    level.filter(|_| setup.neuron.resets() && !moving)
}

/// Says which states are not on an axis and what they do.
fn held_note(ui: &Ui, stage: &Stage, top: f32, left: f32) {
    let Some(plane) = stage.derived.plane() else { return };
    let states = stage.neuron().states();
    let words: Vec<String> = states
        .iter()
        .zip(&plane.rest)
        .enumerate()
        .filter(|(index, _)| *index > 0 && *index != plane.y)
        .map(|(_, (field, rest))| match rest {
            Rest::Held(value) => format!("{} held at {}", field.id, figures(*value, 2)),
            Rest::Steady => format!("{} at its steady state", field.id),
        })
        .rev()
        .collect();
    ui.painter().text(pos2(left, top + 2.0), Align2::LEFT_TOP, words.join(", "), sans(stage.sizes.section), stage.palette.muted);
}

fn points_ui(ui: &Ui, stage: &Stage, axes: &Axes, y: usize) {
    let state = stage.bench.shown().1;
    let now = axes.screen([state[0], state[y]]);
    for (place, point) in stage.derived.equilibria().points.iter().enumerate() {
        let at = axes.screen([point.state[0], point.state[y]]);
        if !axes.rect.expand(2.0).contains(at) {
            continue;
        }
        sign_of(point.kind).paint(ui.painter(), at, 5.5, point_colour(stage, point), stage.palette.ground);
        let colour = if point.kind.is_stable() { stage.palette.text } else { stage.palette.soft };
        let (offset, anchor) = if place % 2 == 0 { (vec2(10.0, 10.0), Align2::LEFT_TOP) } else { (vec2(-10.0, -8.0), Align2::RIGHT_BOTTOM) };
        let rect = glyphs::halo_text(ui.painter(), at + offset, anchor, point.kind.id(), sans(stage.sizes.unit), colour, stage.palette.ground);
        let card = ui.interact(Rect::from_center_size(at, vec2(18.0, 18.0)).union(rect), ui.scope_id().with(("point", place)), Sense::hover());
        card.on_hover_ui(|ui| card_ui(ui, stage, point));
    }
    if axes.rect.expand(4.0).contains(now) {
        stage.paint_state(ui.painter(), now);
    }
}

/// What there is to say about an equilibrium.
fn card_ui(ui: &mut Ui, stage: &Stage, point: &FixedPoint) {
    ui.label(point.kind.id());
    for (field, value) in stage.neuron().states().iter().zip(&point.state) {
        ui.label(format!("{} = {} {}", field.id, figures(*value, 6), field.unit));
    }
    let unit = if stage.neuron().card().dimensionless { "" } else { " /ms" };
    for e in point.eigenvalues.iter().filter(|e| e.im >= 0.0) {
        let imaginary = if e.im > 0.0 { format!(" ± {} i", figures(e.im, 4)) } else { String::new() };
        ui.label(format!("eigenvalue {}{imaginary}{unit}", figures(e.re, 4)));
    }
}

/// Click to start there, grab the state to throw it, drag to pan, scroll to zoom, double-click to fit.
fn interact(ui: &Ui, stage: &mut Stage, axes: &Axes, y: usize) {
    let response = ui.interact(axes.rect, ui.scope_id().with("plane area"), Sense::click_and_drag());
    name_area(ui, &response, "Phase plane");
    let (_, mut state, _) = stage.bench.shown();
    let now = axes.screen([state[0], state[y]]);
    let near = |at: Option<Pos2>| at.is_some_and(|at| at.distance(now) < 16.0);
    if response.drag_started() {
        stage.look.grabbing = near(ui.input(|i| i.pointer.press_origin()));
    }
    let pointer = response.interact_pointer_pos();
    if near(response.hover_pos()) || stage.look.grabbing {
        ui.set_cursor_icon(if stage.look.grabbing { CursorIcon::Grabbing } else { CursorIcon::Grab });
    }
    if response.double_clicked() {
        stage.look.plane_window = None;
        stage.look.ranges.retain(|name, _| !name.starts_with("plane"));
    } else if let Some(at) = pointer.filter(|_| response.clicked() || (response.dragged() && stage.look.grabbing)) {
        let [v, w] = axes.model(at.clamp(axes.rect.min, axes.rect.max));
        let field = &stage.neuron().states()[y];
        state[0] = v;
        state[y] = w.clamp(field.min, field.max);
        stage.send(Command::State(state));
    } else if response.dragged() && !stage.look.grabbing {
        let [x0, y0] = axes.model(axes.rect.min);
        let [x1, y1] = axes.model(axes.rect.min + response.drag_delta());
        let shift = |range: (f64, f64), by: f64| (range.0 - by, range.1 - by);
        stage.look.plane_window = Some([shift(axes.x, x1 - x0), shift(axes.y, y1 - y0)]);
    }
    if response.drag_stopped() {
        stage.look.grabbing = false;
    }
    if let Some(at) = response.hover_pos() {
        let scroll = ui.input(|i| i.smooth_scroll_delta.y);
        if scroll != 0.0 {
            let factor = (-f64::from(scroll) * 0.003).exp();
            let [x, y] = axes.model(at);
            let about = |range: (f64, f64), at: f64| (at + (range.0 - at) * factor, at + (range.1 - at) * factor);
            let next = [about(axes.x, x), about(axes.y, y)];
            let sane = next.iter().all(|r| (r.1 - r.0) > 1e-9 && r.1.abs().max(r.0.abs()) < 1e7);
            stage.look.plane_window = if sane { Some(next) } else { stage.look.plane_window };
        }
    }
}
