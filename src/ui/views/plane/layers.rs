//! What is painted in the plane: flow, nullclines, resets and jumps, and the orbit.

use eframe::egui::{Align2, Color32, Painter, Pos2, Rect, Shape, Stroke, Ui, pos2, vec2};

use crate::model::Kind;
use crate::ui::glyphs::{self, dashed_line};
use crate::ui::math::Formula;
use crate::ui::plot::{Axes, short};
use crate::ui::stage::{Layer, Stage};
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

pub fn nullclines_ui(ui: &Ui, painter: &Painter, stage: &mut Stage, axes: &Axes, y: usize) {
    let states = stage.neuron().states();
    let curves: Vec<Vec<Vec<Pos2>>> =
        stage.derived.nullclines().iter().map(|lines| lines.iter().map(|line| line.iter().map(|p| axes.screen(*p)).collect()).collect()).collect();
    let inside = axes.rect.shrink(6.0);
    let mut crossed: Vec<Pos2> = curves.iter().flatten().flatten().copied().chain(orbit_points(stage, axes, y)).collect();
    crossed.extend(reset_points(stage, axes));
    crossed.retain(|p| inside.contains(*p));
    let mut taken = taken_places(stage, axes, y);
    for ((lines, field), layer) in curves.iter().zip([&states[0], &states[y]]).zip([Layer::NullclineAcross, Layer::NullclineUp]) {
        if !stage.shows(layer) {
            continue;
        }
        let colour = stage.colour(field);
        for line in lines {
            painter.add(Shape::line(line.clone(), Stroke::new(stage.sizes.nullcline.width, colour)));
        }
        let formula = Formula::layout(ui.ctx(), &format!("{}' = 0", field.symbol), stage.sizes.math_plot, colour, &|_| None);
        let size = formula.size();
        // A label that stands well stays, although the orbit goes on and a better place may turn up.
        let key = format!("nullcline of {}", field.id);
        let held = stage.look.labels.get(&key).map(|at| Rect::from_center_size(axes.screen(*at), size));
        let near = |rect: &Rect| lines.iter().flatten().any(|p| rect.distance_to_pos(*p) < 16.0);
        let held = held.filter(|r| inside.contains_rect(*r) && near(r) && clear(*r, &crossed, &taken));
        if let Some(rect) = held.or_else(|| free_place(lines, &crossed, &taken, size, inside)) {
            stage.look.labels.insert(key, axes.model(rect.center()));
            taken.push(rect);
            formula.paint_haloed(painter, rect.min, stage.palette.ground);
        }
    }
}

/// Points of the orbit and of kept orbits that a label should not cover: a few hundred are enough.
fn orbit_points(stage: &Stage, axes: &Axes, y: usize) -> Vec<Pos2> {
    let trace = stage.bench.trace();
    let now = stage.bench.shown_index();
    let span = stage.look.time_span.unwrap_or(stage.bench.setup().duration);
    let from = trace.index_at(trace.time(now) - span);
    let each = (now.saturating_sub(from) / 600).max(1);
    let passed = (from..=now).step_by(each).map(|k| [trace.value(k, 1), trace.value(k, y + 1)]);
    let kept = stage.derived.orbits().iter().flat_map(|o| o.forward.iter().chain(&o.backward)).copied();
    let passed: Vec<[f64; 2]> = if stage.shows(Layer::Orbit) { passed.collect() } else { Vec::new() };
    passed.into_iter().chain(kept).map(|p| axes.screen(p)).collect()
}

/// Points along the reset line.
fn reset_points(stage: &Stage, axes: &Axes) -> Vec<Pos2> {
    let setup = stage.bench.setup();
    let resets = setup.neuron.params().iter().zip(&setup.params).filter(|(f, _)| f.kind == Kind::Reset);
    let along = |x: f32| (0..=60_u8).map(move |k| pos2(x, axes.rect.top() + axes.rect.height() * f32::from(k) / 60.0));
    resets.flat_map(|(_, v)| along(axes.screen_x(*v))).collect()
}

/// True if a place is clear of what is crossed and of what is taken.
fn clear(rect: Rect, crossed: &[Pos2], taken: &[Rect]) -> bool {
    !taken.iter().any(|t| t.intersects(rect)) && !crossed.iter().any(|p| rect.expand(4.0).contains(*p))
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

/// A place for a label beside one of `lines`, clear of what is crossed and taken: the first found going from the
/// ends of the lines inwards, else the one that crosses least.
pub(super) fn free_place(lines: &[Vec<Pos2>], crossed: &[Pos2], taken: &[Rect], size: eframe::egui::Vec2, inside: Rect) -> Option<Rect> {
    let seen: Vec<Pos2> = lines.iter().flatten().copied().filter(|p| inside.contains(*p)).collect();
    let count = seen.len();
    let order = (0..24).map(|k| if k % 2 == 0 { count.saturating_sub(1 + k * count / 48) } else { k * count / 48 });
    let offsets = [vec2(12.0, -0.5 * size.y), vec2(-size.x - 12.0, -0.5 * size.y), vec2(-0.5 * size.x, -size.y - 10.0), vec2(-0.5 * size.x, 10.0)];
    let candidates: Vec<Rect> = order
        .filter_map(|k| seen.get(k))
        .flat_map(|at| offsets.map(|o| Rect::from_min_size(*at + o, size)))
        .filter(|r| inside.contains_rect(*r))
        .collect();
    let covers = |rect: &&Rect| crossed.iter().filter(|p| rect.expand(4.0).contains(**p)).count();
    let free = candidates.iter().filter(|r| !taken.iter().any(|t| t.intersects(**r)));
    candidates.iter().find(|r| clear(**r, crossed, taken)).or_else(|| free.min_by_key(covers)).copied()
}

/// The cycle that the pointer is on in the bifurcation diagram: it may be one that no run ever shows.
pub fn held_cycle_ui(painter: &Painter, stage: &Stage, axes: &Axes, y: usize) {
    let Some((states, stable)) = &stage.look.held_cycle else { return };
    let path: Vec<Pos2> = states.iter().map(|x| axes.screen([x[0], x[y]])).collect();
    if *stable {
        painter.add(Shape::line(path, Stroke::new(stage.sizes.branch.width, stage.palette.cycle)));
    } else {
        glyphs::styled_line(painter, &path, stage.sizes.cycle_unstable, stage.palette.cycle);
    }
}

/// Where in the plane things are painted.
pub struct Place<'a> {
    /// The part of the plane in which the axis is whole.
    pub axes: &'a Axes,
    /// State on the vertical axis.
    pub y: usize,
    /// Where the peak stands beyond the broken axis, if it does.
    pub peak: Option<f32>,
}

/// The reset line, the peak beyond the broken axis, and the jumps between them.
pub fn resets_ui(ui: &Ui, stage: &Stage, place: &Place, peak: Option<f64>) {
    let setup = stage.bench.setup();
    if !setup.neuron.resets() {
        return;
    }
    let (painter, axes) = (ui.painter(), place.axes);
    let reset = setup.neuron.params().iter().zip(&setup.params).find(|(f, _)| f.kind == Kind::Reset);
    let Some((field, value)) = reset else { return };
    let colour = stage.palette.spike;
    let vertical = |x: f32, label: &str, anchor: Align2| {
        dashed_line(painter, &[pos2(x, axes.rect.top()), pos2(x, axes.rect.bottom())], Stroke::new(1.3, colour), 2.0, 4.0);
        let at = pos2(if anchor == Align2::RIGHT_TOP { x - 8.0 } else { x + 8.0 }, axes.rect.top() + 2.0);
        glyphs::halo_text(painter, at, anchor, label, sans(stage.sizes.unit), colour, stage.palette.ground);
    };
    let reset_x = axes.screen_x(*value);
    if let Some(line) = oblique_reset(stage, axes, place.y) {
        dashed_line(&painter.with_clip_rect(axes.rect), &line, Stroke::new(1.3, colour), 2.0, 4.0);
        if let Some(top) = line.iter().filter(|at| axes.rect.contains(**at)).min_by(|a, b| a.y.total_cmp(&b.y)) {
            let at = pos2(top.x - 8.0, top.y.max(axes.rect.top() + 2.0));
            glyphs::halo_text(painter, at, Align2::RIGHT_TOP, "reset", sans(stage.sizes.unit), colour, stage.palette.ground);
        }
    } else if axes.rect.x_range().contains(reset_x) {
        let side = if reset_x - axes.rect.left() < 120.0 { Align2::LEFT_TOP } else { Align2::RIGHT_TOP };
        vertical(reset_x, &format!("reset to {} = {}", field.id, short(*value, 3)), side);
    }
    if let (Some(peak), Some(peak_x)) = (peak, place.peak) {
        vertical(peak_x, "peak", Align2::RIGHT_TOP);
        // The double slash of the broken axis.
        for x in [axes.rect.right() + 4.0, axes.rect.right() + 9.0] {
            let (from, to) = (pos2(x - 2.0, axes.rect.bottom() + 5.0), pos2(x + 3.0, axes.rect.bottom() - 5.0));
            painter.line_segment([from, to], Stroke::new(1.0, stage.palette.axis));
        }
        painter.text(pos2(peak_x, axes.rect.bottom() + 6.0), Align2::CENTER_TOP, short(peak, 3), sans(stage.sizes.tick), stage.palette.muted);
    } else {
        threshold_ui(painter, stage, axes, place.y);
    }
    jumps_ui(painter, stage, place);
}

/// The points that resets lead to, where their potential depends on the other state; `None` where it is one potential.
fn oblique_reset(stage: &Stage, axes: &Axes, y: usize) -> Option<Vec<Pos2>> {
    let setup = stage.bench.setup();
    let after = |before: f64| {
        let mut x = setup.start();
        *x.get_mut(y)? = before;
        setup.neuron.reset(&mut x, &setup.params)?;
        Some([*x.first()?, *x.get(y)?])
    };
    let shift = after(0.5 * (axes.y.0 + axes.y.1))?[1] - 0.5 * (axes.y.0 + axes.y.1);
    let at = |k: u8| axes.y.0 - shift + (axes.y.1 - axes.y.0) * f64::from(k) / 60.0;
    let line: Vec<Pos2> = (0..=60_u8).filter_map(|k| after(at(k))).map(|x| axes.screen(x)).collect();
    let (first, last) = (line.first()?, line.last()?);
    ((first.x - last.x).abs() > 1.0).then_some(line)
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
fn jumps_ui(painter: &Painter, stage: &Stage, place: &Place) {
    let (now, ..) = stage.bench.shown();
    let spikes = stage.bench.trace().spikes();
    let end = spikes.partition_point(|s| s.t <= now);
    for (age, strength) in [(0, 1.0), (1, 0.55), (2, 0.35)] {
        let Some(spike) = end.checked_sub(age + 1).and_then(|k| spikes.get(k)) else { break };
        let point = |state: &[f64]| Some([*state.first()?, *state.get(place.y)?]);
        let (Some(before), Some(after)) = (point(&spike.before), point(&spike.after)) else { break };
        let drawn = jump_arc(painter, place, before, after, stage.palette.spike.gamma_multiply(strength));
        if let (Some(from), true) = (drawn, place.peak.is_some()) {
            // The end of the upstroke, just before the peak.
            let inbound = stage.palette.text.gamma_multiply(0.8 * strength);
            painter.line_segment([pos2(place.axes.rect.right() + 16.0, from.y), from], Stroke::new(1.6, inbound));
        }
    }
}

/// One jump as an arc with a head, from the peak or the point before it; returns where it starts if it is in view.
pub fn jump_arc(painter: &Painter, place: &Place, before: [f64; 2], after: [f64; 2], colour: Color32) -> Option<Pos2> {
    let axes = place.axes;
    let from_x = place.peak.unwrap_or_else(|| axes.screen_x(before[0]));
    let (from, to) = (pos2(from_x, axes.screen_y(before[1])), axes.screen(after));
    let frame = Rect::from_min_max(axes.rect.left_top(), pos2(from_x.max(axes.rect.left()), axes.rect.bottom())).expand(2.0);
    if !frame.contains(from) || !frame.contains(to) {
        return None;
    }
    let lift = 0.06 * (from.x - to.x).abs();
    #[expect(clippy::cast_precision_loss, reason = "forty points")]
    let arc: Vec<Pos2> = (0..=40).map(|k| k as f32 / 40.0).map(|s| from + s * (to - from) + vec2(0.0, -4.0 * lift * s * (1.0 - s))).collect();
    let direction = (arc[40] - arc[37]).normalized();
    painter.add(Shape::line(arc, Stroke::new(1.5, colour)));
    glyphs::arrow_head(painter, to, direction, 8.0, colour);
    Some(from)
}

/// Points of the orbit that are drawn at most.
const MOST_ORBIT: usize = 15_000;

/// Strength of the orbit behind the comet: at the present parameters and current, and where it was recorded at others.
const PAST: (f32, f32) = (0.28, 0.12);

/// How a piece of the orbit is drawn.
#[derive(Clone, Copy, PartialEq)]
enum Piece {
    /// Recorded at other parameters or another current.
    Outdated,
    Past,
    Comet,
}

/// The orbit behind the state, and the comet at its end. What belongs to other values than the nullclines is fainter.
pub fn orbit_ui(painter: &Painter, stage: &Stage, axes: &Axes, y: usize) {
    let trace = stage.bench.trace();
    let now = stage.bench.shown_index();
    let span = stage.look.time_span.unwrap_or(stage.bench.setup().duration);
    let from = trace.index_at(trace.time(now) - span).max(now.saturating_sub(MOST_ORBIT));
    let tail = trace.index_at(trace.time(now) - 0.05 * span).max(from);
    // The comet is drawn in some twenty pieces of rising width and strength.
    let piece = (now.saturating_sub(tail) / 20).max(8);
    let renewed = trace.index_at(stage.bench.altered());
    let kind = |index: usize| match (index > tail, index > renewed) {
        (true, _) => Piece::Comet,
        (false, true) => Piece::Past,
        (false, false) => Piece::Outdated,
    };
    let spikes = trace.spikes();
    let mut next = spikes.partition_point(|s| s.t <= trace.time(from));
    let mut breaks = trace.breaks().filter(|index| *index > from).peekable();
    let mut path: Vec<Pos2> = Vec::new();
    let mut pieces: Vec<(Vec<Pos2>, Piece)> = Vec::new();
    let mut index = from;
    while index <= now {
        let t = trace.time(index);
        while let Some(spike) = spikes.get(next).filter(|s| s.t <= t) {
            if let (Some(x), Some(y)) = (spike.before.first(), spike.before.get(y)) {
                path.push(axes.screen([*x, *y]));
            }
            if spike.before != spike.after {
                pieces.push((std::mem::take(&mut path), kind(index)));
                if let (Some(x), Some(y)) = (spike.after.first(), spike.after.get(y)) {
                    path.push(axes.screen([*x, *y]));
                }
            }
            next += 1;
        }
        // Where a hand has carried the state there was no orbit.
        if breaks.next_if_eq(&index).is_some() {
            pieces.push((std::mem::take(&mut path), kind(index - 1)));
        }
        let comet = index > tail;
        if index == tail + 1 || index == renewed + 1 || (comet && (index - tail).is_multiple_of(piece)) {
            let last = path.last().copied();
            pieces.push((std::mem::take(&mut path), kind(index - 1)));
            path.extend(last);
        }
        let at = axes.screen([trace.value(index, 1), trace.value(index, y + 1)]);
        reduce::push_apart(&mut path, at, if comet { 0.5 } else { 1.0 });
        index += 1;
    }
    path.push(axes.screen([trace.value(now, 1), trace.value(now, y + 1)]));
    pieces.push((path, Piece::Comet));
    let comets = pieces.iter().filter(|p| p.1 == Piece::Comet).count().max(1);
    let mut place = 0;
    for (piece, kind) in pieces {
        let (width, strength) = match kind {
            Piece::Comet => {
                place += 1;
                #[expect(clippy::cast_precision_loss, reason = "a few dozen pieces")]
                let part = place as f32 / comets as f32;
                (1.0 + 1.6 * part, PAST.0 + (1.0 - PAST.0) * part.powf(1.6))
            }
            Piece::Past => (1.2, PAST.0),
            Piece::Outdated => (1.2, PAST.1),
        };
        painter.add(Shape::line(piece, Stroke::new(width, stage.palette.text.gamma_multiply(strength))));
    }
}
