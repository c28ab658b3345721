//! The phase plane: flow, nullclines, fixed points, and the state that one can grab. One-variable models show
//! their phase line instead.

use eframe::egui::{Align2, CursorIcon, Painter, Pos2, Rect, Sense, Shape, Stroke, Ui, pos2, vec2};

use super::{View, balance, reduce};
use crate::analysis::{FixedPoint, Rest};
use crate::app::{Command, Portrait};
use crate::model::Kind;
use crate::ui::glyphs::{self, dashed_line};
use crate::ui::math::Formula;
use crate::ui::plot::{Axes, figures};
use crate::ui::stage::{Stage, name_area, point_colour, sign_of};
use crate::ui::theme::sans;
use crate::ui::widgets::layer_switch;

/// The view.
pub const VIEW: View = View { id: "plane", title, switches: Some(switches), show };

fn title(stage: &Stage) -> &'static str {
    if stage.neuron().dim() == 1 { "Phase line" } else { "Phase plane" }
}

fn switches(ui: &mut Ui, stage: &mut Stage) {
    ui.add_space(24.0);
    if stage.neuron().dim() < 2 {
        return;
    }
    let mut hidden = stage.look.hidden;
    for (name, hide) in [("flow", &mut hidden.flow), ("nullclines", &mut hidden.nullclines), ("orbit", &mut hidden.orbit)] {
        let mut on = !*hide;
        layer_switch(ui, stage, name, &mut on);
        *hide = !on;
        ui.add_space(8.0);
    }
    stage.look.hidden = hidden;
    if stage.neuron().dim() > 2 {
        axis_choice(ui, stage);
    }
}

/// Which state is on the vertical axis.
fn axis_choice(ui: &mut Ui, stage: &mut Stage) {
    let states = stage.neuron().states();
    let mut y = vertical(stage);
    for (index, field) in states.iter().enumerate().skip(1).rev() {
        let mut on = index == y;
        layer_switch(ui, stage, field.id, &mut on);
        if on && index != y {
            y = index;
            stage.look.plane_y = Some(index);
            stage.look.plane_window = None;
        }
        ui.add_space(4.0);
    }
}

/// The state on the vertical axis.
fn vertical(stage: &Stage) -> usize {
    let states = stage.neuron().states();
    let natural = states.iter().position(|f| f.kind == Kind::Recovery).unwrap_or(1);
    stage.look.plane_y.filter(|y| *y < states.len()).unwrap_or(natural)
}

/// Range of V in the plane: the user's, or one that holds equilibria, resets and the orbit below the upstroke.
#[must_use]
pub fn v_window(stage: &mut Stage) -> (f64, f64) {
    if let Some(window) = stage.look.plane_window {
        return window[0];
    }
    let setup = stage.bench.setup();
    let card = setup.neuron.card().window[0];
    let span = card.1 - card.0;
    let one = setup.neuron.dim() == 1;
    let mut marks: Vec<f64> = stage.derived.equilibria().points.iter().filter(|p| !p.is_virtual).filter_map(|p| p.state.first().copied()).collect();
    let wanted = |kind: Kind| kind == Kind::Reset || (kind == Kind::Level && one);
    marks.extend(setup.neuron.params().iter().zip(&setup.params).filter(|(f, _)| wanted(f.kind)).map(|(_, v)| *v));
    marks.retain(|v| (card.0 - span..card.1 + span).contains(v));
    let trace = stage.bench.trace();
    if let Some((low, high)) = trace.range(1, 0, trace.len()) {
        marks.push(low.max(card.0 - span));
        // A reset model's upstroke runs off to the peak; a smooth orbit belongs in the plane whole.
        marks.extend((!setup.neuron.resets()).then_some(high.min(card.1 + span)));
    }
    let (low, high) = bounds(&marks).unwrap_or(card);
    let right = if setup.neuron.resets() && !one { 0.32 } else { 0.08 };
    let least = 0.35 * span;
    let width = (high - low).max(least);
    let wanted = (0.5 * (low + high - width) - 0.08 * width, 0.5 * (low + high + width) + right * width);
    hold(stage, "plane x", if setup.neuron.resets() { wanted } else { (wanted.0.min(card.0), wanted.1.max(card.1)) })
}

/// Range of the vertical state: the user's, or one that holds equilibria and the orbit.
fn y_window(stage: &mut Stage, y: usize) -> (f64, f64) {
    if let Some(window) = stage.look.plane_window {
        return window[1];
    }
    let field = stage.neuron().states()[y];
    if field.min == 0.0 && field.max.to_bits() == 1.0_f64.to_bits() {
        let natural = stage.neuron().states().iter().position(|f| f.kind == Kind::Recovery) == Some(y);
        return if natural { stage.neuron().card().window[1] } else { (-0.04, 1.04) };
    }
    let card = stage.neuron().card().window[1];
    let least = 0.2 * (card.1 - card.0);
    let mut marks: Vec<f64> = stage.derived.equilibria().points.iter().filter(|p| !p.is_virtual).filter_map(|p| p.state.get(y).copied()).collect();
    marks.retain(|w| w.abs() < 20.0 * (card.1 - card.0));
    let trace = stage.bench.trace();
    if let Some((low, high)) = trace.range(y + 1, 0, trace.len()) {
        marks.extend([low, high]);
    }
    let (low, high) = bounds(&marks).unwrap_or(card);
    let height = (high - low).max(least);
    let middle = 0.5 * (low + high);
    hold(stage, &format!("plane y{y}"), (middle - 0.7 * height, middle + 0.8 * height))
}

fn bounds(marks: &[f64]) -> Option<(f64, f64)> {
    let range = marks.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(*x), b.max(*x)));
    (range.0 <= range.1 && range.0.is_finite() && range.1.is_finite()).then_some(range)
}

/// The held range of this name, grown by an eighth beyond what is wanted whenever that does not fit.
fn hold(stage: &mut Stage, name: &str, wanted: (f64, f64)) -> (f64, f64) {
    let slot = stage.look.ranges.entry(name.into()).or_insert(wanted);
    let pad = 0.06 * (wanted.1 - wanted.0);
    if wanted.0 < slot.0 - pad {
        slot.0 = wanted.0 - pad;
    }
    if wanted.1 > slot.1 + pad {
        slot.1 = wanted.1 + pad;
    }
    *slot
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
    if !stage.look.hidden.flow {
        flow_ui(&painter, stage, &axes);
    }
    if !stage.look.hidden.nullclines {
        nullclines_ui(ui, &painter, stage, &axes, y);
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
        columns: count(axes.rect.width(), 2.0),
        arrows: [count(axes.rect.width(), 32.0), count(axes.rect.height(), 38.0)],
    });
}

/// The potential at which a reset model's spike is cut.
fn peak(stage: &Stage) -> Option<f64> {
    let setup = stage.bench.setup();
    let level = setup.neuron.params().iter().zip(&setup.params).find(|(f, _)| f.kind == Kind::Level).map(|(_, v)| *v);
    level.filter(|_| setup.neuron.resets())
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

fn flow_ui(painter: &Painter, stage: &Stage, axes: &Axes) {
    let scale = vec2(axes.rect.width(), axes.rect.height());
    for (at, slope) in stage.derived.flow() {
        #[expect(clippy::cast_possible_truncation, reason = "a direction on screen")]
        let direction = vec2((slope[0] / (axes.x.1 - axes.x.0)) as f32 * scale.x, -(slope[1] / (axes.y.1 - axes.y.0)) as f32 * scale.y);
        let length = direction.length();
        if !(length.is_finite() && length > 0.0) {
            continue;
        }
        let unit = direction / length;
        let center = axes.screen(*at);
        let tip = center + 6.5 * unit;
        painter.line_segment([center - 6.5 * unit, tip - 3.0 * unit], Stroke::new(1.0, stage.palette.flow));
        glyphs::arrow_head(painter, tip, unit, 5.0, stage.palette.flow);
    }
}

fn nullclines_ui(ui: &Ui, painter: &Painter, stage: &Stage, axes: &Axes, y: usize) {
    let states = stage.neuron().states();
    let mut taken: Vec<Rect> = Vec::new();
    for (lines, field) in stage.derived.nullclines().iter().zip([&states[0], &states[y]]) {
        let colour = stage.colour(field);
        let mut best: Option<Pos2> = None;
        for line in lines {
            let path: Vec<Pos2> = line.iter().map(|p| axes.screen(*p)).collect();
            let inside = path.iter().rfind(|p| axes.rect.shrink2(vec2(40.0, 24.0)).contains(**p)).copied();
            best = best.or(inside);
            painter.add(Shape::line(path, Stroke::new(stage.sizes.nullcline.width, colour)));
        }
        let Some(at) = best else { continue };
        let formula = Formula::layout(ui.ctx(), &format!("{}' = 0", field.symbol), stage.sizes.math_plot, colour, &|_| None);
        // Beside the curve, on the side with more room, and clear of the other label.
        let side = if at.x > axes.rect.center().x { -formula.size().x - 12.0 } else { 12.0 };
        let mut rect = Rect::from_min_size(at + vec2(side, -0.5 * formula.size().y), formula.size());
        if taken.iter().any(|t| t.intersects(rect)) {
            rect = rect.translate(vec2(0.0, formula.size().y + 6.0));
        }
        taken.push(rect);
        formula.paint_haloed(painter, rect.min, stage.palette.ground);
    }
}

/// The reset line, the peak beyond the broken axis, and the jumps between them.
fn resets_ui(ui: &Ui, stage: &Stage, axes: &Axes, y: usize, peak: Option<f64>, right: f32) {
    let setup = stage.bench.setup();
    let painter = ui.painter();
    let reset = setup.neuron.params().iter().zip(&setup.params).find(|(f, _)| f.kind == Kind::Reset);
    let Some((field, value)) = reset else { return };
    let colour = stage.palette.spike;
    let vertical = |x: f32, label: &str, anchor: Align2| {
        dashed_line(painter, &[pos2(x, axes.rect.top()), pos2(x, axes.rect.bottom())], Stroke::new(1.3, colour), 2.0, 4.0);
        let at = pos2(if anchor == Align2::RIGHT_TOP { x - 8.0 } else { x + 8.0 }, axes.rect.top() + 2.0);
        glyphs::halo_text(painter, at, anchor, label, sans(stage.sizes.unit), colour, stage.palette.ground);
    };
    let reset_x = axes.screen_x(*value);
    if axes.rect.x_range().contains(reset_x) {
        vertical(reset_x, &format!("reset to {} = {}", field.id, figures(*value, 3).trim_end_matches(".0")), Align2::RIGHT_TOP);
    }
    let Some(peak) = peak else { return };
    let peak_x = right - 26.0;
    vertical(peak_x, "peak", Align2::RIGHT_TOP);
    // The double slash of the broken axis.
    for x in [axes.rect.right() + 4.0, axes.rect.right() + 9.0] {
        painter
            .line_segment([pos2(x - 2.0, axes.rect.bottom() + 5.0), pos2(x + 3.0, axes.rect.bottom() - 5.0)], Stroke::new(1.0, stage.palette.axis));
    }
    painter.text(pos2(peak_x, axes.rect.bottom() + 6.0), Align2::CENTER_TOP, figures(peak, 2), sans(stage.sizes.tick), stage.palette.muted);
    jumps_ui(painter, stage, axes, y, peak_x, reset_x);
}

/// The newest jumps as arcs from the peak to the reset line: the newest full, older ones fainter.
fn jumps_ui(painter: &Painter, stage: &Stage, axes: &Axes, y: usize, peak_x: f32, reset_x: f32) {
    let (now, ..) = stage.bench.shown();
    let spikes = stage.bench.trace().spikes();
    let end = spikes.partition_point(|s| s.t <= now);
    for (age, strength) in [(0, 1.0), (1, 0.55), (2, 0.35)] {
        let Some(spike) = end.checked_sub(age + 1).and_then(|k| spikes.get(k)) else { break };
        let (Some(before), Some(after)) = (spike.before.get(y), spike.after.get(y)) else { break };
        let (from, to) = (pos2(peak_x, axes.screen_y(*before)), pos2(reset_x, axes.screen_y(*after)));
        let frame = Rect::from_min_max(axes.rect.left_top(), pos2(peak_x, axes.rect.bottom())).expand(2.0);
        if !frame.contains(from) || !frame.contains(to) {
            continue;
        }
        let colour = stage.palette.spike.gamma_multiply(strength);
        let lift = 0.06 * (from.x - to.x).abs();
        #[expect(clippy::cast_precision_loss, reason = "forty points")]
        let arc: Vec<Pos2> = (0..=40).map(|k| k as f32 / 40.0).map(|s| from + s * (to - from) + vec2(0.0, -4.0 * lift * s * (1.0 - s))).collect();
        let direction = (arc[40] - arc[37]).normalized();
        painter.add(Shape::line(arc, Stroke::new(1.5, colour)));
        glyphs::arrow_head(painter, to, direction, 8.0, colour);
        // The end of the upstroke, just before the peak.
        let inbound = stage.palette.text.gamma_multiply(0.8 * strength);
        painter.line_segment([pos2(axes.rect.right() + 16.0, from.y), from], Stroke::new(1.6, inbound));
    }
}

/// The orbit behind the state, and the comet at its end.
fn orbit_ui(painter: &Painter, stage: &Stage, axes: &Axes, y: usize) {
    let trace = stage.bench.trace();
    let now = stage.bench.shown_index();
    let span = stage.look.time_span.unwrap_or(stage.bench.setup().duration);
    let from = trace.index_at(trace.time(now) - span);
    let tail = trace.index_at(trace.time(now) - 0.05 * span);
    let stride = (now - from) / 30_000 + 1;
    let spikes = trace.spikes();
    let mut next = spikes.partition_point(|s| s.t <= trace.time(from));
    let mut path: Vec<Pos2> = Vec::new();
    let mut pieces: Vec<(Vec<Pos2>, bool)> = Vec::new();
    let mut index = from;
    while index <= now {
        let t = trace.time(index);
        while let Some(spike) = spikes.get(next).filter(|s| s.t <= t) {
            if let (Some(x), Some(y)) = (spike.before.first(), spike.before.get(y)) {
                path.push(axes.screen([*x, *y]));
            }
            if spike.before != spike.after {
                pieces.push((std::mem::take(&mut path), index > tail));
                if let (Some(x), Some(y)) = (spike.after.first(), spike.after.get(y)) {
                    path.push(axes.screen([*x, *y]));
                }
            }
            next += 1;
        }
        let comet = index > tail;
        if index == tail + 1 || (comet && path.len() > 24) {
            let last = path.last().copied();
            pieces.push((std::mem::take(&mut path), index > tail + 1));
            path.extend(last);
        }
        reduce::push_apart(&mut path, axes.screen([trace.value(index, 1), trace.value(index, y + 1)]), if comet { 0.5 } else { 1.0 });
        index += if comet { 1 } else { stride };
    }
    path.push(axes.screen([trace.value(now, 1), trace.value(now, y + 1)]));
    pieces.push((path, true));
    let comets = pieces.iter().filter(|p| p.1).count().max(1);
    let mut place = 0;
    for (piece, comet) in pieces {
        let (width, strength) = if comet {
            place += 1;
            #[expect(clippy::cast_precision_loss, reason = "a few dozen pieces")]
            let part = place as f32 / comets as f32;
            (1.0 + 1.6 * part, 0.28 + 0.72 * part.powf(1.6))
        } else {
            (1.2, 0.28)
        };
        painter.add(Shape::line(piece, Stroke::new(width, stage.palette.text.gamma_multiply(strength))));
    }
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
        ui.painter().circle(now, stage.sizes.state_radius, stage.palette.text, Stroke::new(stage.sizes.state_ring, stage.palette.ground));
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
