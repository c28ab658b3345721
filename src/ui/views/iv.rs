//! Current against voltage: what flows out at each potential, with the equilibria where that is the present input.

use eframe::egui::{Align2, Color32, CursorIcon, Painter, Pos2, Rangef, Rect, Response, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::plane::v_window;
use super::{View, balance, too_small};
use crate::analysis::{CurrentVoltage, current_voltage};
use crate::app::Command;
use crate::ui::glyphs::{self, arrow_head, dashed_line, hairline_h, hairline_v};
use crate::ui::math::Formula;
use crate::ui::plot::{Axes, figures, plain, to_decade, zoomed};
use crate::ui::stage::{Stage, name_area, point_name};
use crate::ui::theme::sans;

/// The view.
pub const VIEW: View = View { id: "iv", title: |_| "I–V curve", switches: None, show };

/// Key of the range of currents.
const KEY: &str = "iv";
/// Intervals of a curve.
const STEPS: u32 = 300;
/// How far from the line of the input the pointer may be to grasp it.
const REACH: f32 = 6.0;
/// How far from the state's mark the pointer may be to grasp it.
const GRIP: f32 = 10.0;

fn show(ui: &mut Ui, stage: &mut Stage) {
    let rect = ui.available_rect_before_wrap();
    let sizes = stage.sizes;
    let left = rect.left() + 24.0;
    let plot =
        Rect::from_min_max(pos2(left + sizes.gutter_symbol + sizes.gutter_ticks, rect.top() + 30.0), pos2(rect.right() - 44.0, rect.bottom() - 48.0));
    if plot.width() < 60.0 || plot.height() < 60.0 {
        return too_small(ui, stage, rect);
    }
    let x = v_window(stage);
    let (_, state, entering) = stage.bench.shown();
    let setup = stage.bench.setup();
    let Some(found) = current_voltage(setup.neuron, &setup.params, &state, x, STEPS) else {
        let words = "No current enters the potential of this model: there is nothing to balance";
        ui.painter().text(rect.center(), Align2::CENTER_CENTER, words, sans(sizes.row), stage.palette.muted);
        return;
    };
    let axes = Axes { rect: plot, x, y: range(stage, &found, entering) };
    frame(ui, stage, &axes, left);
    area_ui(ui, stage, &axes, state);
    let painter = ui.painter().with_clip_rect(plot.expand(1.0));
    hairline_h(&painter, plot.x_range(), axes.screen_y(0.0), stage.palette.axis);
    let drawn = curves(ui, &painter, stage, &axes, &found);
    input_ui(ui, stage, &axes, entering);
    points(ui, stage, &axes, entering, &drawn);
    gap(ui, stage, &axes, &found, entering);
}

/// What the user chose, or currents from the least to the most that the slider of I shows, with the present input and turns of I∞ that are
/// not far off.
fn range(stage: &mut Stage, found: &CurrentVoltage, entering: f64) -> (f64, f64) {
    if let Some(range) = stage.look.over_ranges.get(KEY) {
        return *range;
    }
    let shown = stage.neuron().card().current.shown;
    let near = (2.0 * shown.0 - shown.1, 2.0 * shown.1 - shown.0);
    let turns = found.steady.windows(3).filter(|w| (w[1][1] - w[0][1]) * (w[2][1] - w[1][1]) < 0.0).map(|w| w[1][1]);
    let all = turns.filter(|i| (near.0..near.1).contains(i)).chain([shown.0, shown.1, entering, stage.bench.setup().current]);
    let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), y| (a.min(y), b.max(y)));
    let pad = 0.08 * (high - low);
    let slot = stage.look.ranges.entry(KEY.into()).or_insert((low - pad, high + pad));
    let fits = slot.0 <= low && high <= slot.1 && high - low > 0.5 * (slot.1 - slot.0);
    if !fits {
        *slot = (low - pad, high + pad);
    }
    *slot
}

/// Scroll zooms the axis of I about the pointer, a double click fits it.
fn zoom(ui: &Ui, stage: &mut Stage, axes: &Axes, response: &Response) {
    if response.double_clicked() {
        stage.look.over_ranges.remove(KEY);
    }
    let scroll = ui.input(|i| i.smooth_scroll_delta.y);
    let Some(at) = response.hover_pos().filter(|_| scroll != 0.0) else { return };
    let next = zoomed(axes.y, axes.model(at)[1], scroll);
    let shown = stage.neuron().card().current.shown;
    let width = (next.1 - next.0) / (shown.1 - shown.0);
    if (1e-4..1e3).contains(&width) {
        stage.look.over_ranges.insert(KEY.into(), next);
    }
}

fn frame(ui: &Ui, stage: &Stage, axes: &Axes, left: f32) {
    axes.ticks_x(ui.painter(), stage, 6, "");
    axes.ticks_y(ui.painter(), stage, 5);
    axes.label_y(ui, stage, left, &stage.neuron().card().current);
    if let Some(field) = stage.neuron().states().first() {
        axes.label_x(ui, stage, field);
    }
}

/// The relations: steady solid, instantaneous dashed, single channels thin, each named where it leaves the plot. Where they run.
fn curves(ui: &Ui, painter: &Painter, stage: &Stage, axes: &Axes, found: &CurrentVoltage) -> Vec<Vec<Pos2>> {
    let path = |curve: &[[f64; 2]]| curve.iter().filter(|p| p[1].is_finite()).map(|p| axes.screen(*p)).collect::<Vec<Pos2>>();
    let params = stage.neuron().params();
    let mut ends: Vec<(&[[f64; 2]], String, Color32)> = Vec::new();
    let mut drawn: Vec<Vec<Pos2>> = found.channels.iter().map(|(_, curve)| path(curve)).collect();
    drawn.extend(found.instantaneous.as_deref().map(path));
    drawn.push(path(&found.steady));
    for (place, curve) in &found.channels {
        let Some(field) = params.get(*place) else { continue };
        let colour = super::anatomy::channel_colour(stage, field);
        painter.add(Shape::line(path(curve), Stroke::new(1.2, colour.gamma_multiply(0.7))));
        ends.push((curve, super::anatomy::symbol_of("I", field), colour));
    }
    if let Some(curve) = &found.instantaneous {
        dashed_line(painter, &path(curve), Stroke::new(1.5, stage.palette.v), 6.0, 4.0);
    }
    painter.add(Shape::line(path(&found.steady), Stroke::new(stage.sizes.nullcline.width, stage.palette.v)));
    ends.push((&found.steady, "I_\\infty".into(), stage.palette.v));
    let mut taken: Vec<Rect> = Vec::new();
    for (curve, symbol, colour) in ends.into_iter().rev() {
        let Some(end) = curve.iter().rev().map(|p| axes.screen(*p)).find(|at| axes.rect.contains(*at)) else { continue };
        let formula = Formula::layout(ui.ctx(), &symbol, stage.sizes.math_plot, colour, &|_| None);
        let mut at = Rect::from_min_size(end + vec2(6.0, -0.5 * formula.size().y), formula.size());
        while taken.iter().any(|t| t.intersects(at)) && at.top() < axes.rect.bottom() {
            at = at.translate(vec2(0.0, 4.0));
        }
        ui.painter().rect_filled(at.expand2(vec2(1.0, -3.0)), 2.0, stage.palette.ground);
        formula.paint(ui.painter(), at.min);
        taken.push(at);
    }
    let are_gates = stage.neuron().states().iter().skip(1).all(|f| (f.min, f.max) == (0.0, 1.0));
    let words = match (found.instantaneous.is_some(), are_gates) {
        (true, true) => "solid: gates steady, dashed: gates as now",
        (true, false) => "solid: others steady, dashed: as now",
        _ => "the current that holds V",
    };
    let at = pos2(axes.rect.left(), axes.rect.top() - 8.0);
    ui.painter().text(at, Align2::LEFT_BOTTOM, words, sans(stage.sizes.section), stage.palette.muted);
    drawn
}

/// The input as a level line that one can drag; dashed where a stimulus adds to it now.
fn input_ui(ui: &Ui, stage: &mut Stage, axes: &Axes, entering: f64) {
    let current = stage.bench.setup().current;
    let colour = stage.palette.input;
    let painter = ui.painter();
    if entering.to_bits() != current.to_bits() {
        let y = axes.screen_y(entering);
        dashed_line(painter, &[pos2(axes.rect.left(), y), pos2(axes.rect.right(), y)], Stroke::new(1.4, colour), 3.0, 3.0);
    }
    let y = axes.screen_y(current);
    let grip = Rect::from_x_y_ranges(axes.rect.x_range(), y - REACH..=y + REACH);
    let response = ui.interact(grip, ui.scope_id().with("iv input"), Sense::drag()).on_hover_cursor(CursorIcon::ResizeVertical);
    response.widget_info(|| WidgetInfo::slider(ui.is_enabled(), current, "I level"));
    let width = stage.sizes.input_line.width + if response.hovered() || response.dragged() { 0.6 } else { 0.0 };
    painter.hline(axes.rect.x_range(), y, Stroke::new(width, colour));
    let text = format!("I = {}", plain(current));
    let at = pos2(axes.rect.left() + 6.0, y - 3.0);
    glyphs::halo_text(painter, at, Align2::LEFT_BOTTOM, text, sans(stage.sizes.unit), colour, stage.palette.ground);
    if let Some(at) = response.interact_pointer_pos().filter(|_| response.dragged()) {
        let field = &stage.neuron().card().current;
        let per_point = (axes.y.1 - axes.y.0) / f64::from(axes.rect.height());
        let value = to_decade(axes.model(at)[1], per_point).clamp(axes.y.0.max(field.min), axes.y.1.min(field.max));
        stage.send(Command::Current(value));
    }
    if response.drag_stopped() {
        stage.send(Command::Settle);
    }
    if response.hovered() {
        stage.point_at("I");
    }
}

/// The equilibria, where I∞ is the input.
fn points(ui: &Ui, stage: &Stage, axes: &Axes, entering: f64, curves: &[Vec<Pos2>]) {
    for (point, v, at) in balance::points(ui, stage, axes, entering, curves) {
        let response = ui.interact(Rect::from_center_size(at, vec2(14.0, 14.0)), ui.scope_id().with(("iv point", v.to_bits())), Sense::hover());
        name_area(ui, &response, &format!("{} at {}", point_name(point), figures(v, 4)));
    }
}

/// The state on its relation, and the way from there to the input: what charges the membrane. The hand can take it there.
fn gap(ui: &Ui, stage: &mut Stage, axes: &Axes, found: &CurrentVoltage, entering: f64) {
    let state = stage.bench.shown().1;
    let Some(v) = state.first().copied().filter(|v| (axes.x.0..=axes.x.1).contains(v)) else { return };
    let (x, painter) = (axes.screen_x(v), ui.painter());
    let inside = |y: f32| y.clamp(axes.rect.top(), axes.rect.bottom());
    let (at, input) = (axes.screen_y(found.now), axes.screen_y(entering));
    let way = Rangef::new(inside(at.min(input)), inside(at.max(input)));
    hairline_v(painter, x, way, stage.palette.text);
    if (inside(at) - at).abs() > 0.5 {
        let up = if at < axes.rect.top() { -1.0 } else { 1.0 };
        arrow_head(painter, pos2(x, inside(at)), vec2(0.0, up), 9.0, stage.palette.text);
    } else {
        stage.paint_state(painter, pos2(x, at));
    }
    let grip = Rect::from_x_y_ranges(Rangef::point(x).expand(GRIP), way.expand(GRIP));
    let response = ui.interact(grip, ui.scope_id().with("iv state"), Sense::drag());
    let cursor = if response.dragged() { CursorIcon::Grabbing } else { CursorIcon::Grab };
    let response = response.on_hover_cursor(cursor);
    name_area(ui, &response, "State on the I\u{2013}V curve");
    if let Some(at) = response.interact_pointer_pos().filter(|_| response.dragged()) {
        put(stage, axes, at, state);
    }
}

/// A click puts V elsewhere; what is dragged is the state itself, so that a hand that slips beside a line throws nothing.
fn area_ui(ui: &Ui, stage: &mut Stage, axes: &Axes, state: Vec<f64>) {
    let response = ui.interact(axes.rect, ui.scope_id().with("iv area"), Sense::click()).on_hover_cursor(CursorIcon::Crosshair);
    name_area(ui, &response, "Current against voltage");
    zoom(ui, stage, axes, &response);
    if let Some(at) = response.interact_pointer_pos().filter(|_| response.clicked()) {
        put(stage, axes, at, state);
    }
}

/// Puts V where the pointer is, with every other state as it is.
fn put(stage: &mut Stage, axes: &Axes, at: Pos2, mut state: Vec<f64>) {
    if let Some(first) = state.first_mut() {
        *first = axes.model(at.clamp(axes.rect.min, axes.rect.max))[0];
        stage.send(Command::State(state));
    }
}
