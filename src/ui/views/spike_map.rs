//! The spike map: the second variable right after one spike against itself right after the spike before. Where the
//! curve meets the diagonal a reset repeats itself.

use eframe::egui::{Align2, CursorIcon, Painter, Pos2, Rect, Sense, Shape, Stroke, Ui, pos2, vec2};

use super::{View, too_small};
use crate::analysis::{Attractor, SpikeCycle, SpikeMap};
use crate::app::{Command, MapPicture};
use crate::model::Field;
use crate::ui::glyphs::{self, dashed_line, halo_text};
use crate::ui::math::Formula;
use crate::ui::plot::{Axes, figures, short};
use crate::ui::stage::{Stage, name_area};
use crate::ui::theme::sans;

/// The view.
pub const VIEW: View = View { id: "spike_map", title: |_| "Spike map", switches: None, show };

/// Steps of the running neuron that are drawn.
const RECENT: usize = 8;
/// Strength of a map that belongs to values of a moment ago.
const FADED: f32 = 0.4;

fn show(ui: &mut Ui, stage: &mut Stage) {
    let rect = ui.available_rect_before_wrap();
    let sizes = stage.sizes;
    let left = rect.left() + 24.0;
    let plot =
        Rect::from_min_max(pos2(left + sizes.gutter_symbol + sizes.gutter_ticks, rect.top() + 46.0), pos2(rect.right() - 28.0, rect.bottom() - 48.0));
    if plot.width() < 60.0 || plot.height() < 60.0 {
        return too_small(ui, stage, rect);
    }
    let neuron = stage.neuron();
    if neuron.dim() != 2 || !neuron.resets() || neuron.chance().is_some() || reset_moves(stage) {
        none_ui(ui, stage, plot);
        return;
    }
    stage.look.wants.map = true;
    let Some(picture) = stage.derived.landscape().map(neuron.card().id) else {
        let response = ui.interact(plot, ui.scope_id().with("spike map area"), Sense::hover());
        name_area(ui, &response, "Spike map");
        return;
    };
    let Some(field) = neuron.states().get(1) else { return };
    let range = range(stage, &picture.map);
    let axes = Axes { rect: plot, x: range, y: range };
    axes.ticks_x(ui.painter(), stage, 5, "");
    axes.ticks_y(ui.painter(), stage, 5);
    labels_ui(ui, stage, &axes, left, field);
    let unit = neuron.card().time_unit();
    let galley = ui.painter().layout(picture.sentence(unit), sans(sizes.section), stage.palette.soft, rect.right() - left - 16.0);
    ui.painter().galley(pos2(left, rect.top() + 2.0), galley, stage.palette.soft);
    let strength = if stage.derived.landscape().is_map_current() { 1.0 } else { FADED };
    let painter = ui.painter().with_clip_rect(plot);
    let ends = [axes.screen([range.0, range.0]), axes.screen([range.1, range.1])];
    painter.line_segment(ends, Stroke::new(1.0, stage.palette.axis));
    silent_ui(&painter, stage, &axes, &picture.map);
    curve_ui(&painter, stage, &axes, picture, stage.colour(field).gamma_multiply(strength));
    attractor_ui(&painter, stage, &axes, picture, strength);
    recent_ui(&painter, stage, &axes);
    cycles_ui(&painter, stage, &axes, picture, strength);
    interact(ui, stage, &axes, picture, field);
}

/// True if resets lead to a potential that depends on the second state, so that there is no map of that state alone.
fn reset_moves(stage: &Stage) -> bool {
    let setup = stage.bench.setup();
    let after = |shift: f64| {
        let mut x = setup.start();
        x.iter_mut().skip(1).for_each(|x| *x += shift);
        setup.neuron.reset(&mut x, &setup.params);
        x.first().map(|v| v.to_bits())
    };
    after(0.0) != after(1.0)
}

/// What to say where there is no map.
fn none_ui(ui: &Ui, stage: &Stage, plot: Rect) {
    let response = ui.interact(plot, ui.scope_id().with("spike map area"), Sense::hover());
    name_area(ui, &response, "Spike map");
    let text = if !stage.neuron().fires() {
        "No spike map: this unit has no spikes, its output is a rate"
    } else if stage.neuron().chance().is_some() {
        "Chance decides here: no reset says when the next spike comes"
    } else if stage.neuron().dim() == 2 && stage.neuron().resets() {
        "The potential after a reset moves here: one variable alone does not say what comes next"
    } else if stage.neuron().resets() {
        "Every reset is the same here: one variable has no memory of earlier spikes"
    } else {
        "No reset, no spike map: this model's spikes are part of its flow"
    };
    let galley = ui.painter().layout(text.into(), sans(stage.sizes.row), stage.palette.muted, plot.width());
    ui.painter().galley(plot.center() - 0.5 * galley.size(), galley, stage.palette.muted);
}

/// The range of both axes: it grows at once, and shrinks when most of it is empty.
fn range(stage: &mut Stage, map: &SpikeMap) -> (f64, f64) {
    let recent = stage.bench.trace().spikes().iter().rev().take(RECENT).filter_map(|s| s.after.get(1).copied());
    let (low, high) = map.range;
    let reach = high - low;
    let wanted = recent.filter(|w| *w > low - reach && *w < high + reach).fold((low, high), |(a, b), w| (a.min(w), b.max(w)));
    let slot = stage.look.ranges.entry("spike map".into()).or_insert(wanted);
    let fits = slot.0 <= wanted.0 && slot.1 >= wanted.1 && wanted.1 - wanted.0 > 0.55 * (slot.1 - slot.0);
    if !fits {
        let pad = 0.04 * (wanted.1 - wanted.0);
        *slot = (wanted.0 - pad, wanted.1 + pad);
    }
    *slot
}

fn labels_ui(ui: &Ui, stage: &Stage, axes: &Axes, left: f32, field: &Field) {
    let colour = stage.colour(field);
    let formula = |index: &str| Formula::layout(ui.ctx(), &format!("{}_{{{index}}}", field.symbol), stage.sizes.math_axis, colour, &|_| None);
    let (x, y) = (formula("n"), formula("n+1"));
    let at = pos2(axes.rect.center().x - x.size().x, axes.rect.bottom() + 20.0);
    x.paint(ui.painter(), at);
    let words = if field.unit.is_empty() { "after a spike".to_string() } else { format!("{}, after a spike", field.unit) };
    let beside = at + vec2(x.size().x + 6.0, x.baseline());
    ui.painter().text(beside, Align2::LEFT_BOTTOM, words, sans(stage.sizes.unit), stage.palette.muted);
    let center = pos2(left, axes.rect.center().y);
    y.paint(ui.painter(), center - vec2(0.0, 0.5 * y.size().y));
    ui.painter().text(center + vec2(0.0, 0.5 * y.size().y), Align2::LEFT_TOP, field.unit, sans(stage.sizes.tick), stage.palette.muted);
}

/// Stretches where no spike follows, with dashed borders.
fn silent_ui(painter: &Painter, stage: &Stage, axes: &Axes, map: &SpikeMap) {
    let mut edges = vec![map.range.0];
    edges.extend(map.pieces.iter().flat_map(|p| <[f64; 2]>::from(p.ends())));
    edges.push(map.range.1);
    let mut widest: Option<Rect> = None;
    for (place, gap) in edges.chunks_exact(2).enumerate() {
        let (from, to) = (axes.screen_x(gap[0]), axes.screen_x(gap[1]));
        let dashed = |x: f32| {
            let line = [pos2(x, axes.rect.top()), pos2(x, axes.rect.bottom())];
            dashed_line(painter, &line, stage.sizes.reset.stroke(stage.palette.spike), 2.0, 4.0);
        };
        // Between two pieces a border may have no width; at the ends of the range it is none.
        let inner = place > 0 && place < map.pieces.len();
        if place > 0 && (inner || gap[1] > gap[0]) {
            dashed(from);
        }
        if place < map.pieces.len() && gap[1] > gap[0] && to - from > 2.0 {
            dashed(to);
        }
        let rect = Rect::from_x_y_ranges(from..=to, axes.rect.y_range());
        if rect.width() > 4.0 {
            painter.rect_filled(rect, 0.0, stage.palette.rule.gamma_multiply(0.35));
        }
        if widest.is_none_or(|w| rect.width() > w.width()) {
            widest = Some(rect);
        }
    }
    let font = sans(stage.sizes.unit);
    let galley = painter.layout_no_wrap("no further spike".into(), font, stage.palette.muted);
    if let Some(rect) = widest.filter(|r| r.width() > galley.size().x + 12.0) {
        painter.galley(pos2(rect.center().x - 0.5 * galley.size().x, rect.bottom() - 24.0), galley, stage.palette.muted);
    }
}

fn curve_ui(painter: &Painter, stage: &Stage, axes: &Axes, picture: &MapPicture, colour: eframe::egui::Color32) {
    for piece in &picture.map.pieces {
        let mut path: Vec<Pos2> = Vec::new();
        for pair in piece.nodes.windows(2) {
            let [a, b] = pair else { continue };
            let parts = 6;
            for k in 0..parts {
                let w = a.w + (b.w - a.w) * f64::from(k) / f64::from(parts);
                path.extend(picture.map.at(w).map(|next| axes.screen([w, next])));
            }
        }
        path.extend(piece.nodes.last().map(|n| axes.screen([n.w, n.next])));
        painter.add(Shape::line(path, Stroke::new(stage.sizes.nullcline.width, colour)));
    }
}

/// The steps from the diagonal to the curve and back.
fn cobweb(axes: &Axes, steps: impl Iterator<Item = (f64, f64)>) -> Vec<Pos2> {
    steps.flat_map(|(w, next)| [axes.screen([w, w]), axes.screen([w, next]), axes.screen([next, next])]).collect()
}

/// The rhythm that firing settles to, as a closed web.
fn attractor_ui(painter: &Painter, stage: &Stage, axes: &Axes, picture: &MapPicture, strength: f32) {
    let Attractor::Cycle(cycle) = &picture.attractor else { return };
    if cycle.spikes() > 1 {
        let web = cobweb(axes, cycle.points.iter().map(|n| (n.w, n.next)));
        painter.add(Shape::line(web, Stroke::new(1.3, stage.palette.cycle.gamma_multiply(0.8 * strength))));
        for n in &cycle.points {
            glyphs::stable_focus(painter, axes.screen([n.w, n.next]), 3.6, stage.palette.cycle.gamma_multiply(strength), stage.palette.ground);
        }
    }
}

/// The last resets of the running neuron, the newest step the strongest.
fn recent_ui(painter: &Painter, stage: &Stage, axes: &Axes) {
    let (now, ..) = stage.bench.shown();
    let spikes = stage.bench.trace().spikes();
    let end = spikes.partition_point(|s| s.t <= now);
    let resets: Vec<f64> = spikes.range(end.saturating_sub(RECENT + 1)..end).filter_map(|s| s.after.get(1).copied()).collect();
    let count = resets.len().saturating_sub(1);
    for (place, pair) in resets.windows(2).enumerate() {
        let [w, next] = *pair else { continue };
        #[expect(clippy::cast_precision_loss, reason = "a handful of steps")]
        let strength = 0.25 + 0.75 * (place as f32 + 1.0) / count as f32;
        let colour = stage.palette.spike.gamma_multiply(strength);
        painter.add(Shape::line(cobweb(axes, std::iter::once((w, next))), Stroke::new(1.4, colour)));
        if place + 1 == count {
            let radius = stage.sizes.live_dot;
            painter.circle(axes.screen([w, next]), radius, stage.palette.spike, Stroke::new(1.5, stage.palette.ground));
        }
    }
}

/// Fixed points with their slopes, and short cycles that are not the attractor.
fn cycles_ui(painter: &Painter, stage: &Stage, axes: &Axes, picture: &MapPicture, strength: f32) {
    let colour = stage.palette.cycle.gamma_multiply(strength);
    for cycle in &picture.cycles {
        let sign = if cycle.is_stable() { glyphs::stable_focus } else { glyphs::unstable_focus };
        let radius = if cycle.spikes() == 1 { 5.5 } else { 3.6 };
        for n in &cycle.points {
            sign(painter, axes.screen([n.w, n.next]), radius, colour, stage.palette.ground);
        }
        if let ([n], true) = (cycle.points.as_slice(), strength == 1.0) {
            let at = axes.screen([n.w, n.next]);
            let (offset, anchor) =
                if at.x > axes.rect.center().x { (vec2(-10.0, 8.0), Align2::RIGHT_TOP) } else { (vec2(10.0, 8.0), Align2::LEFT_TOP) };
            halo_text(painter, at + offset, anchor, slope_words(cycle), sans(stage.sizes.unit), stage.palette.soft, stage.palette.ground);
        }
    }
}

fn slope_words(cycle: &SpikeCycle) -> String {
    let word = if cycle.is_stable() { "stable" } else { "unstable" };
    let slope = if cycle.multiplier.abs() < 5e-4 { "0".into() } else { short(cycle.multiplier, 3) };
    format!("{word}, slope {slope}")
}

/// A click puts the neuron right after a reset with that value; hovering tells what follows it.
fn interact(ui: &Ui, stage: &mut Stage, axes: &Axes, picture: &MapPicture, field: &Field) {
    let response = ui.interact(axes.rect, ui.scope_id().with("spike map area"), Sense::click()).on_hover_cursor(CursorIcon::Crosshair);
    name_area(ui, &response, "Spike map");
    let value = |at: Pos2| axes.model(at)[0];
    if response.clicked()
        && let Some(at) = response.interact_pointer_pos()
    {
        stage.send(Command::State(vec![picture.map.v_reset, value(at).clamp(field.min, field.max)]));
    }
    let Some(at) = response.hover_pos() else { return };
    let w = value(at);
    let next = picture.map.at(w);
    let words = match next {
        Some(next) => format!("{} = {} {} is followed by {}", field.id, figures(w, 4), field.unit, figures(next, 4)),
        None => format!("{} = {} {} is followed by no spike", field.id, figures(w, 4), field.unit),
    };
    let painter = ui.painter().with_clip_rect(axes.rect);
    glyphs::hairline_v(&painter, at.x, axes.rect.y_range(), stage.palette.axis);
    if let Some(next) = next {
        painter.circle_filled(axes.screen([w, next]), 3.0, stage.palette.text);
    }
    let anchor = pos2(axes.rect.right() - 6.0, axes.rect.top() - 6.0);
    ui.painter().text(anchor, Align2::RIGHT_BOTTOM, words, sans(stage.sizes.tick), stage.palette.muted);
}
