//! Traces: states and input on one time axis, with spikes, thresholds and reversal potentials.

use eframe::egui::{Align2, CursorIcon, Id, Painter, Rangef, Rect, Response, Sense, Shape, Stroke, Ui, pos2, vec2};

mod draw;
mod potentials;
mod strip;

use super::{View, labels, pin, reduce, scene, too_small};
use crate::app::Command;
use crate::model::{Field, Kind};
use crate::ui::glyphs::{self, dashed_line, hairline_v};
use crate::ui::plot::{Axes, figures, near_zero, number, short, whole_ticks};
use crate::ui::stage::{Stage, name_area};
use crate::ui::theme::sans;

/// The view.
pub const VIEW: View = View { id: "traces", title: |_| "Traces", switches: Some(switches), show };

/// Height of the row of spike ticks, and of the axis with its numbers.
const SPIKE_ROW: f32 = 20.0;
const AXIS_ROW: f32 = 26.0;
/// Spike ticks are drawn singly up to this many.
const MOST_TICKS: usize = 3000;
/// Room that a ring at an arriving spike needs on the average, in points.
const RING_ROOM: f32 = 18.0;

fn switches(ui: &mut Ui, stage: &mut Stage) {
    let span = stage.look.time_span.unwrap_or(stage.bench.setup().duration);
    let unit = stage.neuron().card().time_unit();
    let text = match stage.look.time_end {
        Some(end) => format!("{} to {} {unit}", figures(end - span, 4), figures(end, 4)),
        None => format!("last {} {unit}", short(span, 4)),
    };
    ui.label(eframe::egui::RichText::new(text.trim_end()).size(stage.sizes.section).color(stage.palette.muted));
    pin::switch(ui, stage);
}

fn show(ui: &mut Ui, stage: &mut Stage) {
    let rect = ui.available_rect_before_wrap();
    let sizes = stage.sizes;
    let left = rect.left() + 24.0;
    let plot = Rect::from_min_max(
        pos2(left + sizes.gutter_symbol + sizes.gutter_ticks, rect.top() + SPIKE_ROW),
        pos2(rect.right() - sizes.gutter_right, rect.bottom() - AXIS_ROW),
    );
    if plot.width() < 40.0 || plot.height() < 40.0 {
        return too_small(ui, stage, rect);
    }
    let bench = stage.bench;
    let (now, ..) = bench.shown();
    let time = scene::time_range(stage.look, bench.setup().duration, bench.trace().span().1);
    let strips = scene::strips(stage.neuron());
    let total: f32 = strips.iter().map(|s| s.weight).sum();
    let gap = 16.0;
    #[expect(clippy::cast_precision_loss, reason = "three strips")]
    let usable = plot.height() - gap * (strips.len() - 1) as f32;
    let mut top = plot.top();
    let axis = Axes { rect: plot, x: time, y: (0.0, 1.0) };
    let columns = reduce::Columns::new(bench.trace(), &axis);
    strip::request(stage, &axis);
    let (mut input, mut potential) = (None, None);
    axis.ticks_x(ui.painter(), stage, if plot.width() > 700.0 { 7 } else { 5 }, stage.neuron().card().time_unit());
    let (from, to) = (bench.trace().index_at(time.0), bench.trace().index_at(time.1) + 1);
    for (place, strip) in strips.iter().enumerate() {
        let height = usable * strip.weight / total;
        let is_input = strip.key == "input";
        let planned = if is_input { strip::planned_range(stage, time) } else { None };
        let y = scene::hold_range(stage.look, strip, bench.trace(), (from, to), planned, bench.setup());
        let axes = Axes { rect: Rect::from_min_size(pos2(plot.left(), top), vec2(plot.width(), height)), x: time, y };
        if is_input {
            strip::plan_ui(ui, stage, &axes, now);
            input = Some(axes);
        }
        strip_ui(ui, stage, &axes, strip, left, &columns);
        if place == 0 {
            potentials::lines(ui.painter(), stage, &axes);
            interval_ui(ui.painter(), stage, &axes);
            arrivals_ui(ui.painter(), stage, &axes);
        }
        values_ui(ui, stage, &axes, strip);
        potential.get_or_insert(axes);
        top += height + gap;
    }
    spikes_ui(ui.painter(), stage, (&axis, potential.as_ref()), left);
    // What is asked last lies on top: pulses and the now line can be grasped on the area they stand on.
    interact(ui, stage, &axis, input.as_ref(), rect);
    if let Some(axes) = input {
        strip::handles_ui(ui, stage, &axes);
        strip::ahead_ui(ui, stage, &axes);
    }
    now_ui(ui, stage, &axis, now);
}

fn strip_ui(ui: &Ui, stage: &mut Stage, axes: &Axes, strip: &scene::Strip, left: f32, columns: &reduce::Columns) {
    let most = if axes.rect.height() > 100.0 { 5 } else { 2 };
    let places = if strip.key == "potential" { stage.neuron().places() } else { &[] };
    if places.is_empty() {
        axes.ticks_y(ui.painter(), stage, most);
    } else {
        axes.ticks_at_y(ui.painter(), stage, &whole_ticks(axes.y, places.len()));
    }
    if strip.channels.len() > 2 {
        ui.painter().text(pos2(left, axes.rect.center().y), Align2::LEFT_CENTER, "gates", sans(stage.sizes.unit), stage.palette.muted);
    } else if let Some((_, field)) = strip.channels.first() {
        axes.label_y(ui, stage, left, field);
    }
    // A trace may not leave its strip, but its line may be wider than the edge.
    let painter = ui.painter().with_clip_rect(axes.rect.expand(2.0));
    for (channel, field) in &strip.channels {
        let pieces = reduce::pieces(stage.bench.trace(), *channel, axes, columns);
        pin::course(&painter, stage, axes, *channel, &pieces.concat());
        let colour = stage.colour(field);
        for (before, after) in pieces.iter().zip(pieces.iter().skip(1)) {
            // The state did not go this way: a hand has carried it.
            if let (Some(from), Some(to)) = (before.last(), after.first()) {
                dashed_line(&painter, &[*from, *to], Stroke::new(1.0, colour.gamma_multiply(0.7)), 1.5, 4.0);
            }
        }
        for path in pieces {
            if field.kind == Kind::Threshold {
                dashed_line(&painter, &path, Stroke::new(1.2, colour), 5.0, 4.0);
            } else {
                painter.add(Shape::line(path, Stroke::new(stage.sizes.trace.width, colour)));
            }
        }
    }
}

/// A ring on the potential wherever a presynaptic spike has arrived; ticks below where they are many.
fn arrivals_ui(painter: &Painter, stage: &Stage, axes: &Axes) {
    let (trace, colour) = (stage.bench.trace(), stage.palette.input);
    let times = stage.derived.arrivals((axes.x.0, axes.x.1.min(trace.span().1)));
    if times.len() > MOST_TICKS {
        return;
    }
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let crowded = times.len() as f32 * RING_ROOM > axes.rect.width();
    for t in times {
        let x = axes.screen_x(*t);
        if crowded {
            painter.line_segment([pos2(x, axes.rect.bottom() - 5.0), pos2(x, axes.rect.bottom())], Stroke::new(1.0, colour));
        } else {
            let y = axes.screen_y(trace.value(trace.index_at(*t), 1)).clamp(axes.rect.top(), axes.rect.bottom());
            painter.circle_stroke(pos2(x, y), 3.5, Stroke::new(1.5, colour));
        }
    }
}

fn interval_ui(painter: &Painter, stage: &Stage, axes: &Axes) {
    let (now, ..) = stage.bench.shown();
    let Some((a, b)) = scene::marked_interval(stage.bench.trace(), stage.derived.regime().firing, now) else { return };
    let (x0, x1) = (axes.screen_x(a), axes.screen_x(b));
    if x1 - x0 < 26.0 || x0 < axes.rect.left() || x1 > axes.rect.right() {
        return;
    }
    let y = axes.rect.top() + 0.13 * axes.rect.height();
    glyphs::interval_arrow(painter, Rangef::new(x0, x1), y, stage.palette.muted);
    let text = format!("{} {}", figures(b - a, 4), stage.neuron().card().time_unit());
    let colour = stage.palette.soft;
    glyphs::halo_text(
        painter,
        pos2(0.5 * (x0 + x1), y - 4.0),
        Align2::CENTER_BOTTOM,
        text.trim_end(),
        sans(stage.sizes.unit),
        colour,
        stage.palette.ground,
    );
}

/// Present values at the right, and a dot where each curve is now.
fn values_ui(ui: &Ui, stage: &Stage, axes: &Axes, strip: &scene::Strip) {
    let index = stage.bench.shown_index();
    let (now, _, entering) = stage.bench.shown();
    let x = axes.screen_x(now);
    let mut rows: Vec<(f32, &Field, f64)> = strip
        .channels
        .iter()
        .map(|(channel, field)| {
            let value = if *channel == 0 { entering } else { stage.bench.trace().value(index, *channel) };
            (axes.screen_y(value).clamp(axes.rect.top(), axes.rect.bottom()), *field, value)
        })
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Lines of potential label the same gutter; the value moves away from them.
    let taken: Vec<f32> = if strip.key == "potential" { potentials::labels(stage, axes) } else { Vec::new() };
    let wanted: Vec<f32> = rows.iter().map(|row| row.0).collect();
    let gap = labels::row_gap(axes.rect.height(), rows.len());
    let size = if gap < labels::ROWS.1 { stage.sizes.unit } else { stage.sizes.body };
    let places = labels::rows(&wanted, &taken, gap, axes.rect.bottom() - 2.0);
    for ((y, field, value), at) in rows.into_iter().zip(places) {
        let colour = stage.colour(field);
        if (axes.rect.left()..=axes.rect.right()).contains(&x) {
            ui.painter().circle_filled(pos2(x, y), stage.sizes.live_dot, colour);
        }
        let mut left = axes.rect.right() + 10.0;
        if strip.channels.len() > 1 {
            let formula = crate::ui::math::Formula::layout(ui.ctx(), field.symbol, size + 1.0, colour, &|_| None);
            formula.paint(ui.painter(), pos2(left, at - 0.5 * formula.size().y));
            left += formula.size().x.max(11.0) + 7.0;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the place of one of a few names")]
        let place = stage.neuron().places().get(value.max(0.0) as usize).filter(|_| field.kind == Kind::Potential);
        let text = if let Some(name) = place {
            (*name).to_string()
        } else if field.min == 0.0 && field.max <= 1.0 {
            number(value, 2)
        } else if field.kind == Kind::Input {
            short(near_zero(value, field.shown), 3)
        } else {
            let most = if value.abs() >= 100.0 { 4 } else { 3 - i32::from(value.abs() < 1.0) };
            figures(near_zero(value, field.shown), most)
        };
        let galley = ui.painter().text(pos2(left, at), Align2::LEFT_CENTER, text, sans(size), colour);
        // A long number leaves the unit to the left end of the strip, where it stands as well.
        let unit = ui.painter().layout_no_wrap(field.unit.into(), sans(stage.sizes.tick), stage.palette.muted);
        let place = Align2::LEFT_CENTER.anchor_size(pos2(galley.right() + 6.0, at), unit.size());
        if place.right() <= axes.rect.right() + stage.sizes.gutter_right {
            ui.painter().galley(place.min, unit, stage.palette.muted);
        }
    }
}

/// A tick for every spike, and a line up from threshold where the model's spikes have no upstroke of their own.
fn spikes_ui(painter: &Painter, stage: &Stage, (axis, potential): (&Axes, Option<&Axes>), left: f32) {
    if !stage.neuron().fires() {
        return;
    }
    let y = axis.rect.top() - SPIKE_ROW;
    painter.text(pos2(left + 2.0, y + 6.0), Align2::LEFT_CENTER, "spikes", sans(stage.sizes.unit), stage.palette.spike);
    let drawn = potential.filter(|_| scene::ends_at_threshold(stage.neuron()));
    let spikes = stage.bench.trace().spikes();
    let first = spikes.partition_point(|s| s.t < axis.x.0);
    let mut last_x = f32::NEG_INFINITY;
    for spike in spikes.iter().skip(first).take_while(|s| s.t <= axis.x.1).take(MOST_TICKS) {
        let x = axis.screen_x(spike.t);
        if x - last_x < 0.8 {
            continue;
        }
        last_x = x;
        painter.line_segment([pos2(x, y + 1.0), pos2(x, y + 11.0)], Stroke::new(1.5, stage.palette.spike));
        if let Some((axes, v)) = drawn.zip(spike.before.first()) {
            let foot = axes.screen_y(*v).clamp(axes.rect.top(), axes.rect.bottom());
            painter.line_segment([pos2(x, foot), pos2(x, axes.rect.top())], Stroke::new(1.0, stage.palette.spike));
        }
    }
}

/// The line of the present, which can be dragged into the past.
fn now_ui(ui: &Ui, stage: &mut Stage, axis: &Axes, now: f64) {
    if now < axis.x.0 || now > axis.x.1 {
        return;
    }
    let x = axis.screen_x(now);
    hairline_v(ui.painter(), x, Rangef::new(axis.rect.top() - SPIKE_ROW, axis.rect.bottom()), stage.palette.axis);
    let grip = Rect::from_center_size(pos2(x, axis.rect.center().y), vec2(11.0, axis.rect.height()));
    let response = ui.interact(grip, ui.scope_id().with("now"), Sense::drag()).on_hover_cursor(CursorIcon::ResizeHorizontal);
    name_area(ui, &response, "Now line");
    if response.dragged()
        && let Some(at) = response.interact_pointer_pos()
    {
        let t = axis.model(at)[0];
        stage.send(Command::Scrub(Some(t)));
    }
    if stage.bench.cursor().is_some() {
        let text = format!("looking back at {} {}", figures(now, 5), stage.neuron().card().time_unit());
        let (at, anchor) = if x > axis.rect.center().x { (x - 8.0, Align2::RIGHT_BOTTOM) } else { (x + 8.0, Align2::LEFT_BOTTOM) };
        glyphs::halo_text(
            ui.painter(),
            pos2(at, axis.rect.bottom() - 4.0),
            anchor,
            text.trim_end(),
            sans(stage.sizes.unit),
            stage.palette.text,
            stage.palette.ground,
        );
    }
}

/// Scroll zooms time, dragging pans it, dragging the numbers of the axis looks back, double-click follows again.
fn interact(ui: &Ui, stage: &mut Stage, axis: &Axes, input: Option<&Axes>, rect: Rect) {
    let area = Rect::from_min_max(pos2(axis.rect.left(), rect.top()), axis.rect.right_bottom());
    let response = ui.interact(area, Id::unique("traces area"), Sense::click_and_drag());
    name_area(ui, &response, "Traces");
    let ruler = Rect::from_min_max(pos2(axis.rect.left(), axis.rect.bottom()), pos2(axis.rect.right(), rect.bottom()));
    let scrub = ui.interact(ruler, Id::unique("time ruler"), Sense::click_and_drag()).on_hover_cursor(CursorIcon::ResizeHorizontal);
    name_area(ui, &scrub, "Time ruler");
    if let Some(at) = scrub.interact_pointer_pos() {
        stage.send(Command::Scrub(Some(axis.model(at)[0])));
    }
    let span = axis.x.1 - axis.x.0;
    let is_drawing = input.is_some_and(|input| draw::interact(ui, stage, input, &response));
    if response.dragged() && !is_drawing {
        let moved = f64::from(response.drag_delta().x / axis.rect.width()) * span;
        pan(stage, axis.x.1 - moved, span);
    }
    if response.double_clicked() {
        stage.look.time_end = None;
        stage.look.time_span = None;
        stage.send(Command::Scrub(None));
    }
    zoom(ui, stage, &response, axis);
}

fn pan(stage: &mut Stage, end: f64, span: f64) {
    let newest = stage.bench.trace().span().1;
    stage.look.time_end = (end < newest.max(span)).then_some(end.max(span));
}

/// Scroll zooms time about the pointer.
pub fn zoom(ui: &Ui, stage: &mut Stage, response: &Response, axis: &Axes) {
    let Some(pointer) = response.hover_pos() else { return };
    let scroll = ui.input(|i| i.smooth_scroll_delta.y);
    if scroll == 0.0 {
        return;
    }
    let factor = (-f64::from(scroll) * 0.004).exp();
    let setup = stage.bench.setup();
    let span = axis.x.1 - axis.x.0;
    let longest = (stage.bench.trace().span().1).max(setup.duration) * 2.0;
    let next = (span * factor).clamp(20.0 * setup.dt, longest);
    let at = axis.model(pointer)[0];
    stage.look.time_span = Some(next);
    if stage.look.time_end.is_some() || axis.x.0 > 0.0 {
        pan(stage, at + (axis.x.1 - at) * next / span, next);
    }
}
