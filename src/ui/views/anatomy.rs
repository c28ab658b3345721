//! The anatomy of a spike: the phases it goes through, the currents that make it, the gates behind them, and the circuit
//! they flow in.

mod circuit;
mod curves;
mod potential;
mod scene;

use eframe::egui::{Align2, Color32, Mesh, Painter, Rect, Sense, Shape, Stroke, Ui, pos2, vec2};

use super::{View, scene as traces, too_small};
use crate::analysis::Phase;
use crate::model::{Field, Kind};
use crate::ui::glyphs::hairline_h;
use crate::ui::math::Formula;
use crate::ui::plot::{Axes, figures};
use crate::ui::stage::{Stage, name_area};
use crate::ui::theme::sans;
use scene::{Course, Scene};

/// The view.
pub const VIEW: View = View { id: "anatomy", title: |_| "Anatomy", switches: Some(curves::switches), show };

/// Height of the row of phases.
const PHASES: f32 = 26.0;
/// Part of the width that the courses over time take.
const SHARE: f32 = 0.58;
/// Parts of their height that V and the currents take, what is open has the rest; and the room between them, in points.
const HEIGHTS: (f32, f32) = (0.34, 0.38);
const BETWEEN: f32 = 14.0;

fn show(ui: &mut Ui, stage: &mut Stage) {
    let rect = ui.available_rect_before_wrap();
    let bench = stage.bench;
    let time = traces::time_range(stage.look, bench.setup().duration, bench.trace().span().1);
    let Some(scene) = Scene::of(bench, time) else {
        let words = "This model has no conductances: try Hodgkin\u{2013}Huxley or persistent sodium + potassium";
        ui.painter().text(rect.center(), Align2::CENTER_CENTER, words, sans(stage.sizes.row), stage.palette.muted);
        return;
    };
    let is_wide = rect.width() > 720.0;
    let (left, right) = if is_wide { rect.split_left_right_at_fraction(SHARE) } else { rect.split_top_bottom_at_fraction(0.5) };
    courses(ui, stage, &scene, time, left);
    let (upper, lower) =
        if is_wide && right.height() > 300.0 { right.split_top_bottom_at_fraction(0.48) } else { right.split_left_right_at_fraction(0.56) };
    circuit::show(ui, stage, &scene, upper.shrink2(vec2(16.0, 4.0)));
    curves::show(ui, stage, lower);
}

/// The colour of what flows through a channel: potassium wears that of n, sodium that of h.
pub(super) fn channel_colour(stage: &Stage, field: &Field) -> Color32 {
    match field.id {
        id if id.starts_with("g_K") => stage.palette.recovery,
        id if id.starts_with("g_Na") => stage.palette.gate_h,
        _ => stage.palette.muted,
    }
}

/// The symbol of a current or an open conductance: that of its maximal conductance with another letter.
pub(super) fn symbol_of(letter: &str, field: &Field) -> String {
    field.symbol.replacen('g', letter, 1)
}

/// Phases, currents and open conductances on one time axis.
fn courses(ui: &mut Ui, stage: &mut Stage, scene: &Scene, time: (f64, f64), room: Rect) {
    let sizes = stage.sizes;
    let left = room.left() + 24.0;
    let plot = Rect::from_min_max(
        pos2(left + sizes.gutter_symbol + sizes.gutter_ticks, room.top() + PHASES + 4.0),
        pos2(room.right() - sizes.gutter_right, room.bottom() - 26.0),
    );
    if plot.width() < 60.0 || plot.height() < 60.0 {
        return too_small(ui, stage, room);
    }
    let height = plot.height() - 2.0 * BETWEEN;
    let (first, second) = (plot.top() + HEIGHTS.0 * height, plot.top() + (HEIGHTS.0 + HEIGHTS.1) * height + BETWEEN);
    let middle = plot.with_min_y(first + BETWEEN).with_max_y(second);
    let potential = Axes { rect: plot.with_max_y(first), x: time, y: held(stage, "anatomy V", scene.potential_range(stage.bench.setup())) };
    let currents = Axes { rect: middle, x: time, y: held(stage, "anatomy currents", scene.stacked_range()) };
    let opens = Axes { rect: plot.with_min_y(second + BETWEEN), x: time, y: held(stage, "anatomy opens", scene.open_range()) };
    let whole = Axes { rect: plot, ..currents };
    potential::interact(ui, stage, &potential, &whole);
    let painter = ui.painter();
    whole.ticks_x(painter, stage, if plot.width() > 500.0 { 6 } else { 4 }, stage.neuron().card().time_unit());
    currents.ticks_y(painter, stage, if middle.height() > 90.0 { 5 } else { 3 });
    opens.ticks_y(painter, stage, 3);
    let card = stage.neuron().card();
    let unit = card.current.unit;
    // Long numbers need the gutter.
    let aside = if currents.y.1.max(-currents.y.0) < 1e4 { 0.0 } else { 18.0 };
    label(ui, stage, pos2(left - aside, currents.rect.center().y), "currents", unit);
    label(ui, stage, pos2(left, opens.rect.center().y), "open", card.conductance_unit);
    let now = stage.bench.shown().0;
    phases(ui, stage, scene, &potential, room.top() + 2.0, now);
    potential::show(ui, stage, &potential, left);
    let clip = painter.with_clip_rect(plot);
    stack(&clip, stage, scene, &currents);
    hairline_h(&clip, plot.x_range(), currents.screen_y(0.0), stage.palette.axis);
    for (channel, course) in scene.channels.iter().zip(&scene.open) {
        let path = scene.times.iter().zip(course).map(|(t, g)| opens.screen([*t, *g])).collect();
        clip.add(Shape::line(path, Stroke::new(1.6, channel_colour(stage, channel))));
    }
    potential::marker(ui, stage, &potential, &whole, now);
    values(ui, stage, scene, [&potential, &currents, &opens]);
}

fn label(ui: &Ui, stage: &Stage, at: eframe::egui::Pos2, words: &str, unit: &str) {
    ui.painter().text(at - vec2(0.0, 8.0), Align2::LEFT_CENTER, words, sans(stage.sizes.unit), stage.palette.soft);
    ui.painter().text(at + vec2(0.0, 8.0), Align2::LEFT_CENTER, unit, sans(stage.sizes.tick), stage.palette.muted);
}

/// A range that grows at once and is fitted anew when little of it is used.
fn held(stage: &mut Stage, key: &str, (low, high): (f64, f64)) -> (f64, f64) {
    let slot = stage.look.ranges.entry(key.into()).or_insert((low, high));
    let is_small = low < slot.0 || high > slot.1;
    if is_small || high - low < 0.33 * (slot.1 - slot.0) {
        let pad = 0.05 * (high - low).max(1e-9);
        *slot = (low - if low < 0.0 { pad } else { 0.0 }, high + pad);
    }
    *slot
}

/// The phases as a row of names and, behind V, as bands of their colours; the present one lights up.
fn phases(ui: &Ui, stage: &Stage, scene: &Scene, axes: &Axes, top: f32, now: f64) {
    let present = scene.phases.iter().rev().find(|s| s.from <= now).map(|s| s.phase);
    let painter = ui.painter();
    let band = |x: (f32, f32), phase: Phase, is_present: bool| {
        let colour = phase_colour(stage, phase);
        let bar = Rect::from_min_max(pos2(x.0, top + PHASES - 6.0), pos2(x.1, top + PHASES - 1.0));
        painter.rect_filled(bar, 0.0, colour.gamma_multiply(if is_present { 1.0 } else { 0.35 }));
        let behind = Rect::from_min_max(pos2(x.0, bar.bottom()), pos2(x.1, axes.rect.bottom()));
        // Rest is where nothing happens: its grey is quieter than the colours.
        let quiet = if phase == Phase::Rest { 0.4 } else { 1.0 };
        painter.rect_filled(behind, 0.0, colour.gamma_multiply(quiet * if is_present { 0.3 } else { 0.12 }));
    };
    for stretch in &scene.phases {
        let x = (axes.screen_x(stretch.from).max(axes.rect.left()), axes.screen_x(stretch.to).min(axes.rect.right()));
        if x.1 > x.0 {
            band(x, stretch.phase, Some(stretch.phase) == present && stretch.to >= now);
        }
    }
    let mut x = axes.rect.left();
    for (place, phase) in Phase::ALL.into_iter().enumerate() {
        let is_present = present == Some(phase);
        let colour = if is_present { phase_colour(stage, phase) } else { stage.palette.muted };
        // In a small window only the present phase is named.
        let is_named = is_present || axes.rect.width() > 520.0;
        let text = if is_named { format!("{} {}", place + 1, phase.name()) } else { format!("{}", place + 1) };
        let drawn = painter.text(pos2(x, top), Align2::LEFT_TOP, text, sans(stage.sizes.section), colour);
        let response = ui.interact(drawn, ui.scope_id().with(("phase", place)), Sense::hover());
        name_area(ui, &response, &format!("{}{}", phase.name(), if is_present { ", now" } else { "" }));
        response.on_hover_text(format!("{}. {}", phase.name(), phase.meaning()));
        x = drawn.right() + 18.0;
    }
}

fn phase_colour(stage: &Stage, phase: Phase) -> Color32 {
    match phase {
        Phase::Rest => stage.palette.soft,
        Phase::Depolarisation => stage.palette.input,
        Phase::Rising => stage.palette.gate_h,
        Phase::Peak => stage.palette.spike,
        Phase::Falling => stage.palette.recovery,
        Phase::Undershoot => stage.palette.v,
    }
}

/// Currents as areas, outward ones stacked up from zero and inward ones down, and the input as a line.
fn stack(painter: &Painter, stage: &Stage, scene: &Scene, axes: &Axes) {
    let mut up = vec![0.0; scene.times.len()];
    let mut down = vec![0.0; scene.times.len()];
    for (channel, course) in scene.channels.iter().zip(&scene.currents) {
        let colour = channel_colour(stage, channel);
        for (base, sign) in [(&mut up, 1.0), (&mut down, -1.0)] {
            area(painter, axes, &scene.times, base, course, sign, colour.gamma_multiply(0.55));
        }
    }
    let input = scene.times.iter().zip(&scene.input).map(|(t, i)| axes.screen([*t, -*i])).collect();
    painter.add(Shape::line(input, Stroke::new(1.4, stage.palette.input)));
}

/// The part of a current with this sign, on top of `base`, which it raises.
fn area(painter: &Painter, axes: &Axes, times: &[f64], base: &mut [f64], course: &Course, sign: f64, colour: Color32) {
    let mut mesh = Mesh::default();
    for ((t, base), value) in times.iter().zip(base).zip(course) {
        let part = (sign * value).max(0.0);
        let (from, to) = (axes.screen([*t, *base]), axes.screen([*t, *base + sign * part]));
        *base += sign * part;
        mesh.colored_vertex(from, colour);
        mesh.colored_vertex(to, colour);
        let n = u32::try_from(mesh.vertices.len()).unwrap_or(0);
        if n >= 4 {
            mesh.add_triangle(n - 4, n - 3, n - 2);
            mesh.add_triangle(n - 3, n - 2, n - 1);
        }
    }
    painter.add(Shape::mesh(mesh));
}

/// V, what flows and what is open now, at the right end of the courses: beside them, or where these are low one below the other.
fn values(ui: &Ui, stage: &Stage, scene: &Scene, [potential, currents, opens]: [&Axes; 3]) {
    let x = potential.rect.right() + 12.0;
    let mut rows: Vec<(f32, String, f64, Color32)> = vec![(potential.rect.center().y, "V".into(), scene.potential, stage.palette.v)];
    let mut group = |top: f32, lines: Vec<(String, f64, Color32)>| {
        rows.extend(lines.into_iter().map(|(symbol, value, colour)| (top + 10.0, symbol, value, colour)));
    };
    let channels = || scene.channels.iter().zip(&scene.now);
    let mut flows: Vec<_> = channels().map(|(c, flow)| (symbol_of("I", c), flow.current, channel_colour(stage, c))).collect();
    flows.extend([("I".into(), scene.entering, stage.palette.input), ("C V'".into(), scene.charging, stage.palette.v)]);
    group(currents.rect.top(), flows);
    group(opens.rect.top(), channels().map(|(c, flow)| (symbol_of("g", c), flow.open, channel_colour(stage, c))).collect());
    // Above the numbers of the time axis.
    let bottom = opens.rect.bottom() - 4.0;
    #[expect(clippy::cast_precision_loss, reason = "a few rows")]
    let step = ((bottom - potential.rect.top()) / rows.len() as f32).clamp(11.0, 20.0);
    #[expect(clippy::cast_precision_loss, reason = "a few rows")]
    let latest = |place: usize| bottom - step * (rows.len() - 1 - place) as f32;
    let mut free = f32::NEG_INFINITY;
    for (place, (wanted, symbol, value, colour)) in rows.iter().enumerate() {
        let y = wanted.min(latest(place)).max(free);
        free = y + step;
        let formula = Formula::layout(ui.ctx(), symbol, stage.sizes.math_plot.min(step), *colour, &|_| None);
        formula.paint(ui.painter(), pos2(x, y - 0.5 * formula.size().y));
        ui.painter().text(pos2(x + 34.0, y), Align2::LEFT_CENTER, narrow(*value), sans(stage.sizes.row.min(step)), *colour);
    }
}

/// A value with three figures; what would begin with many zeros is written with its power of ten, for it stands in a narrow place.
fn narrow(value: f64) -> String {
    let text = figures(value, 3);
    if text.chars().count() > 7 { format!("{value:.1e}").replace('-', "\u{2212}") } else { text }
}

/// True for states that are gates.
fn is_gate(field: &Field) -> bool {
    matches!(field.kind, Kind::Activation | Kind::Inactivation | Kind::Recovery)
}
