//! The constant current, or a parameter, as a vertical line that one can drag, for every view with an axis of it.

use eframe::egui::{
    Align2, Color32, CornerRadius, CursorIcon, EventFilter, Id, Key, Modifiers, Rect, Response, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use crate::analysis::Over;
use crate::app::Command;
use crate::model::Field;
use crate::preset::Setup;
use crate::ui::glyphs;
use crate::ui::math::Formula;
use crate::ui::plot::{Axes, plain, zoomed};
use crate::ui::stage::Stage;
use crate::ui::theme::sans;
use crate::ui::widgets::shown_range;

/// Distance from the tag to the plot.
const GAP: f32 = 4.0;
/// How far from the line the pointer may be to grasp it.
const REACH: f32 = 7.0;

/// The range of an axis of a quantity: what the user chose, else the slider's.
#[must_use]
pub fn range(stage: &Stage, over: Over) -> (f64, f64) {
    let values = [value_of(stage.bench.setup(), over), value_of(stage.bench.loaded(), over)];
    let field = over.field(stage.neuron());
    stage.look.over_ranges.get(field.id).copied().unwrap_or_else(|| shown_range(field, values))
}

/// The value of a quantity in a setup.
#[must_use]
pub fn value_of(setup: &Setup, over: Over) -> f64 {
    match over {
        Over::Current => setup.current,
        Over::Parameter(place) => setup.params.get(place).copied().unwrap_or(f64::NAN),
    }
}

/// The colour of the line: the input has its own, a parameter is text.
fn colour(stage: &Stage, over: Over) -> Color32 {
    if over == Over::Current { stage.palette.input } else { stage.palette.text }
}

/// Room that the tag needs above the plot.
#[must_use]
pub fn headroom(stage: &Stage) -> f32 {
    stage.sizes.tag_height + GAP
}

/// Draws the line from `axes` (whose x is the quantity) down to `bottom`, with its tag above; dragging it, or an arrow
/// key while it has the focus, sets the quantity. Call it after everything that it lies over.
pub fn show(ui: &Ui, stage: &mut Stage, over: Over, axes: &Axes, bottom: f32) -> Response {
    let field = over.field(stage.neuron());
    let current = value_of(stage.bench.setup(), over);
    let line = axes.screen_x(current);
    let is_inside = axes.rect.x_range().contains(line);
    let x = line.clamp(axes.rect.left(), axes.rect.right());
    let tag = tag_rect(ui, stage, axes, field, x, current, is_inside);
    let id = ui.scope_id().with("value line");
    // Two grips, because what is pressed is looked up among the places of the frame before.
    let stem = Rect::from_x_y_ranges(x - REACH..=x + REACH, tag.bottom()..=bottom);
    let mut response = ui.interact(if is_inside { stem } else { tag }, id, Sense::click_and_drag());
    if is_inside {
        response = response.union(ui.interact(tag, id.with("tag"), Sense::drag()));
    }
    let response = response.on_hover_cursor(CursorIcon::ResizeHorizontal);
    response.widget_info(|| WidgetInfo::slider(ui.is_enabled(), current, format!("{} line", field.id)));
    if is_inside {
        let width = stage.sizes.input_line.width + if response.hovered() || response.dragged() { 0.6 } else { 0.0 };
        ui.painter().vline(x, tag.bottom()..=bottom, Stroke::new(width, colour(stage, over)));
    }
    paint_tag(ui, stage, over, tag, current, (!is_inside).then_some(line > x), &response);
    if response.drag_started() {
        let origin = ui.input(|i| i.pointer.press_origin()).map_or(0.0, |at| at.x - x);
        ui.data_mut(|d| d.insert_temp(id, origin));
    }
    if let Some(at) = response.interact_pointer_pos().filter(|_| response.dragged()) {
        let offset: f32 = ui.data(|d| d.get_temp(id)).unwrap_or(0.0);
        let inside = (at.x - offset).clamp(axes.rect.left(), axes.rect.right());
        set(stage, over, current, whole(axes, axes.model(pos2(inside, at.y))[0]));
    }
    if response.drag_stopped() {
        stage.send(Command::Settle);
    }
    if response.hovered() {
        stage.point_at(field.id);
    }
    keys(ui, stage, axes, id, over, current);
    // A hand that has just let go has seen enough: the words wait until the pointer comes anew.
    let held = id.with("was dragged");
    if response.dragged() || response.drag_stopped() {
        ui.data_mut(|d| d.insert_temp(held, true));
    } else if !response.contains_pointer() {
        ui.data_mut(|d| d.remove::<bool>(held));
    }
    if ui.data(|d| d.get_temp::<bool>(held)).is_some() { response } else { response.on_hover_text(field.meaning) }
}

/// Arrow keys move a focused line by a pixel, with Shift by ten.
fn keys(ui: &Ui, stage: &mut Stage, axes: &Axes, id: Id, over: Over, current: f64) {
    if !ui.memory(|m| m.has_focus(id)) {
        return;
    }
    ui.memory_mut(|m| m.set_focus_lock_filter(id, EventFilter { horizontal_arrows: true, ..EventFilter::default() }));
    let pixel = (axes.x.1 - axes.x.0) / f64::from(axes.rect.width());
    for (key, sign) in [(Key::ArrowLeft, -1.0), (Key::ArrowRight, 1.0)] {
        for (modifiers, far) in [(Modifiers::SHIFT, 10.0), (Modifiers::NONE, 1.0)] {
            if ui.input_mut(|i| i.consume_key(modifiers, key)) {
                set(stage, over, current, whole(axes, current + sign * far * pixel));
            }
        }
    }
}

/// Sets the quantity, as far as its table allows.
pub fn set(stage: &mut Stage, over: Over, current: f64, value: f64) {
    let field = over.field(stage.neuron());
    let value = value.clamp(field.min, field.max);
    if value.to_bits() != current.to_bits() {
        stage.send(match over {
            Over::Current => Command::Current(value),
            Over::Parameter(place) => Command::Param(place, value),
        });
    }
}

/// A value with no more decimals than a pixel of the axis is worth.
fn whole(axes: &Axes, value: f64) -> f64 {
    let pixel = (axes.x.1 - axes.x.0) / f64::from(axes.rect.width());
    let decimals = -pixel.abs().max(1e-12).log10().floor();
    // Dividing by a whole power of ten gives the number that is meant; multiplying by 0.01 would not.
    if decimals >= 0.0 {
        let scale = 10.0_f64.powf(decimals);
        (value * scale).round() / scale
    } else {
        let step = 10.0_f64.powf(-decimals);
        (value / step).round() * step
    }
}

fn words(current: f64) -> String {
    format!(" = {}", plain(current))
}

fn tag_rect(ui: &Ui, stage: &Stage, axes: &Axes, field: &Field, x: f32, current: f64, is_inside: bool) -> Rect {
    let symbol = Formula::layout(ui.ctx(), field.symbol, stage.sizes.body, stage.palette.on_input, &|_| None);
    let text = ui.painter().layout_no_wrap(words(current), sans(stage.sizes.unit), stage.palette.on_input);
    let width = symbol.size().x + text.size().x + 20.0 + if is_inside { 0.0 } else { 12.0 };
    let half = 0.5 * width;
    let centre = x.clamp(axes.rect.left() - 12.0 + half, (axes.rect.right() + 12.0 - half).max(axes.rect.left() - 12.0 + half));
    let centre = pos2(centre, axes.rect.top() - GAP - 0.5 * stage.sizes.tag_height);
    Rect::from_center_size(centre, vec2(width, stage.sizes.tag_height))
}

/// The tag with symbol and value; an arrow says on which side the line lies if it is not in sight.
fn paint_tag(ui: &Ui, stage: &Stage, over: Over, tag: Rect, current: f64, beyond: Option<bool>, response: &Response) {
    let painter = ui.painter();
    let radius = CornerRadius::same(11);
    painter.rect_filled(tag, radius, colour(stage, over));
    if response.has_focus() {
        painter.rect_stroke(tag.expand(1.5), radius, Stroke::new(1.5, stage.palette.accent), StrokeKind::Outside);
    }
    let symbol = Formula::layout(ui.ctx(), over.field(stage.neuron()).symbol, stage.sizes.body, stage.palette.on_input, &|_| None);
    let left = tag.left() + 10.0 + if beyond == Some(false) { 12.0 } else { 0.0 };
    let top = tag.center().y - 0.5 * symbol.size().y;
    symbol.paint(painter, pos2(left, top));
    let after = pos2(left + symbol.size().x, tag.center().y);
    painter.text(after, Align2::LEFT_CENTER, words(current), sans(stage.sizes.unit), stage.palette.on_input);
    match beyond {
        Some(true) => {
            glyphs::arrow_head(painter, pos2(tag.right() - 7.0, tag.center().y), vec2(1.0, 0.0), 7.0, stage.palette.on_input);
        }
        Some(false) => glyphs::arrow_head(painter, pos2(tag.left() + 7.0, tag.center().y), vec2(-1.0, 0.0), 7.0, stage.palette.on_input),
        None => {}
    }
}

/// Scroll zooms an axis of a quantity about the pointer, dragging beside the line pans it, a double click fits it.
pub fn zoom(ui: &Ui, stage: &mut Stage, over: Over, axes: &Axes, response: &Response) {
    let field = over.field(stage.neuron());
    if response.double_clicked() {
        stage.look.over_ranges.remove(field.id);
        return;
    }
    let mut next = axes.x;
    if let Some(at) = response.hover_pos() {
        let scroll = ui.input(|i| i.smooth_scroll_delta.y);
        if scroll != 0.0 {
            next = zoomed(next, axes.model(at)[0], scroll);
        }
    }
    if response.dragged() {
        let by = f64::from(response.drag_delta().x) / f64::from(axes.rect.width()) * (axes.x.1 - axes.x.0);
        next = (next.0 - by, next.1 - by);
    }
    let width = next.1 - next.0;
    let is_sane = width > 1e-6 * (field.shown.1 - field.shown.0) && next.0 >= field.min && next.1 <= field.max;
    if next != axes.x && is_sane {
        stage.look.over_ranges.insert(field.id.to_string(), next);
    }
}
