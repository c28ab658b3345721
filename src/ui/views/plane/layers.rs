//! What is painted in the plane: flow, nullclines, resets and jumps, and the orbit.

use eframe::egui::{Align2, Painter, Pos2, Rect, Shape, Stroke, Ui, pos2, vec2};

use crate::model::Kind;
use crate::ui::glyphs::{self, dashed_line};
use crate::ui::math::Formula;
use crate::ui::plot::{Axes, short};
use crate::ui::stage::Stage;
use crate::ui::theme::sans;
use crate::ui::views::reduce;

pub fn flow_ui(painter: &Painter, stage: &Stage, axes: &Axes) {
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

pub fn nullclines_ui(ui: &Ui, painter: &Painter, stage: &Stage, axes: &Axes, y: usize) {
    let states = stage.neuron().states();
    let curves: Vec<Vec<Vec<Pos2>>> =
        stage.derived.nullclines().iter().map(|lines| lines.iter().map(|line| line.iter().map(|p| axes.screen(*p)).collect()).collect()).collect();
    let mut taken = taken_places(stage, axes, y);
    for (lines, field) in curves.iter().zip([&states[0], &states[y]]) {
        let colour = stage.colour(field);
        for line in lines {
            painter.add(Shape::line(line.clone(), Stroke::new(stage.sizes.nullcline.width, colour)));
        }
        let formula = Formula::layout(ui.ctx(), &format!("{}' = 0", field.symbol), stage.sizes.math_plot, colour, &|_| None);
        if let Some(rect) = free_place(lines, &curves, &taken, formula.size(), axes.rect.shrink(6.0)) {
            taken.push(rect);
            formula.paint_haloed(painter, rect.min, stage.palette.ground);
        }
    }
}

/// Where labels already stand: at the reset line and round the fixed points.
pub(super) fn taken_places(stage: &Stage, axes: &Axes, y: usize) -> Vec<Rect> {
    let points = stage.derived.equilibria().points.iter().map(|p| axes.screen([p.state[0], p.state[y]]));
    let mut taken: Vec<Rect> = points.map(|at| Rect::from_center_size(at, vec2(190.0, 44.0))).collect();
    let setup = stage.bench.setup();
    let resets = setup.neuron.params().iter().zip(&setup.params).filter(|(f, _)| f.kind == Kind::Reset);
    taken.extend(resets.map(|(_, v)| {
        let x = axes.screen_x(*v);
        Rect::from_min_max(pos2(x - 150.0, axes.rect.top()), pos2(x + 4.0, axes.rect.top() + 22.0))
    }));
    taken
}

/// A place for a label beside one of `lines`, clear of every curve and of what is taken: the first found going
/// from the ends of the lines inwards.
pub(super) fn free_place(lines: &[Vec<Pos2>], curves: &[Vec<Vec<Pos2>>], taken: &[Rect], size: eframe::egui::Vec2, inside: Rect) -> Option<Rect> {
    let all: Vec<Pos2> = curves.iter().flatten().flatten().copied().filter(|p| inside.contains(*p)).collect();
    let seen: Vec<Pos2> = lines.iter().flatten().copied().filter(|p| inside.contains(*p)).collect();
    let count = seen.len();
    let order = (0..24).map(|k| if k % 2 == 0 { count.saturating_sub(1 + k * count / 48) } else { k * count / 48 });
    let offsets = [vec2(12.0, -0.5 * size.y), vec2(-size.x - 12.0, -0.5 * size.y), vec2(-0.5 * size.x, -size.y - 10.0), vec2(-0.5 * size.x, 10.0)];
    let candidates: Vec<Rect> = order
        .filter_map(|k| seen.get(k))
        .flat_map(|at| offsets.map(|o| Rect::from_min_size(*at + o, size)))
        .filter(|r| inside.contains_rect(*r))
        .collect();
    let free = |rect: &&Rect| !taken.iter().any(|t| t.intersects(**rect));
    let clear = |rect: &&Rect| !all.iter().any(|p| rect.expand(4.0).contains(*p));
    candidates.iter().find(|r| free(r) && clear(r)).or_else(|| candidates.iter().find(free)).copied()
}

/// The reset line, the peak beyond the broken axis, and the jumps between them.
pub fn resets_ui(ui: &Ui, stage: &Stage, axes: &Axes, y: usize, peak: Option<f64>, right: f32) {
    let setup = stage.bench.setup();
    if !setup.neuron.resets() {
        return;
    }
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
        let side = if reset_x - axes.rect.left() < 120.0 { Align2::LEFT_TOP } else { Align2::RIGHT_TOP };
        vertical(reset_x, &format!("reset to {} = {}", field.id, short(*value, 3)), side);
    }
    let Some(peak) = peak else {
        threshold_ui(painter, stage, axes, y);
        jumps_ui(painter, stage, axes, y, None, reset_x);
        return;
    };
    let peak_x = right - 26.0;
    vertical(peak_x, "peak", Align2::RIGHT_TOP);
    // The double slash of the broken axis.
    for x in [axes.rect.right() + 4.0, axes.rect.right() + 9.0] {
        painter
            .line_segment([pos2(x - 2.0, axes.rect.bottom() + 5.0), pos2(x + 3.0, axes.rect.bottom() - 5.0)], Stroke::new(1.0, stage.palette.axis));
    }
    painter.text(pos2(peak_x, axes.rect.bottom() + 6.0), Align2::CENTER_TOP, short(peak, 3), sans(stage.sizes.tick), stage.palette.muted);
    jumps_ui(painter, stage, axes, y, Some(peak_x), reset_x);
}

/// Where the threshold is a state of its own: the line on which V reaches it.
fn threshold_ui(painter: &Painter, stage: &Stage, axes: &Axes, y: usize) {
    if stage.neuron().states()[y].kind != Kind::Threshold {
        return;
    }
    let clipped = painter.with_clip_rect(axes.rect);
    let (from, to) = (axes.screen([axes.y.0, axes.y.0]), axes.screen([axes.y.1, axes.y.1]));
    dashed_line(&clipped, &[from, to], Stroke::new(1.5, stage.palette.spike), 6.0, 4.0);
    let at = axes.screen([axes.x.1, axes.x.1.min(axes.y.1)]);
    let at = pos2(at.x.min(axes.rect.right()) - 8.0, at.y.max(axes.rect.top()) + 6.0);
    glyphs::halo_text(painter, at, Align2::RIGHT_TOP, "spike: V = θ", sans(stage.sizes.unit), stage.palette.spike, stage.palette.ground);
}

/// The newest jumps as arcs from the peak to the reset line: the newest full, older ones fainter.
fn jumps_ui(painter: &Painter, stage: &Stage, axes: &Axes, y: usize, peak_x: Option<f32>, reset_x: f32) {
    let (now, ..) = stage.bench.shown();
    let spikes = stage.bench.trace().spikes();
    let end = spikes.partition_point(|s| s.t <= now);
    for (age, strength) in [(0, 1.0), (1, 0.55), (2, 0.35)] {
        let Some(spike) = end.checked_sub(age + 1).and_then(|k| spikes.get(k)) else { break };
        let (Some(before), Some(after)) = (spike.before.get(y), spike.after.get(y)) else { break };
        let from_x = peak_x.unwrap_or_else(|| axes.screen_x(spike.before.first().copied().unwrap_or(0.0)));
        let (from, to) = (pos2(from_x, axes.screen_y(*before)), pos2(reset_x, axes.screen_y(*after)));
        let frame = Rect::from_min_max(axes.rect.left_top(), pos2(from_x.max(axes.rect.left()), axes.rect.bottom())).expand(2.0);
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
        if peak_x.is_some() {
            // The end of the upstroke, just before the peak.
            let inbound = stage.palette.text.gamma_multiply(0.8 * strength);
            painter.line_segment([pos2(axes.rect.right() + 16.0, from.y), from], Stroke::new(1.6, inbound));
        }
    }
}

/// Points of the orbit that are drawn at most.
const MOST_ORBIT: usize = 15_000;

/// The orbit behind the state, and the comet at its end.
pub fn orbit_ui(painter: &Painter, stage: &Stage, axes: &Axes, y: usize) {
    let trace = stage.bench.trace();
    let now = stage.bench.shown_index();
    let span = stage.look.time_span.unwrap_or(stage.bench.setup().duration);
    let from = trace.index_at(trace.time(now) - span).max(now.saturating_sub(MOST_ORBIT));
    let tail = trace.index_at(trace.time(now) - 0.05 * span).max(from);
    // The comet is drawn in some twenty pieces of rising width and strength.
    let piece = (now.saturating_sub(tail) / 20).max(8);
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
        if index == tail + 1 || (comet && (index - tail).is_multiple_of(piece)) {
            let last = path.last().copied();
            pieces.push((std::mem::take(&mut path), index > tail + 1));
            path.extend(last);
        }
        reduce::push_apart(&mut path, axes.screen([trace.value(index, 1), trace.value(index, y + 1)]), if comet { 0.5 } else { 1.0 });
        index += 1;
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
