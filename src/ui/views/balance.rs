//! V′ against V with every other state at its steady value: zeros are equilibria. For a model of one
//! variable this *is* the dynamics, and the line below the curve its phase line.

use eframe::egui::{Align2, CursorIcon, Pos2, Rect, Sense, Shape, Stroke, Ui, Vec2, pos2, vec2};

use super::plane::{REACH, cards, v_window};
use super::{View, labels, too_small};
use crate::analysis::FixedPoint;
use crate::app::Command;
use crate::model::Kind;
use crate::ui::glyphs::{self, dashed_line};
use crate::ui::plot::{Axes, figures, near_zero};
use crate::ui::stage::{Layer, Stage, name_area, point_colour, point_name, sign_of};
use crate::ui::theme::sans;

/// The view.
pub const VIEW: View = View { id: "balance", title: |_| "Steady balance", switches: None, show };

/// Draws the curve; also the phase line of one-variable models.
pub fn show(ui: &mut Ui, stage: &mut Stage) {
    let rect = ui.available_rect_before_wrap();
    let sizes = stage.sizes;
    let left = rect.left() + 24.0;
    let plot =
        Rect::from_min_max(pos2(left + sizes.gutter_symbol + sizes.gutter_ticks, rect.top() + 46.0), pos2(rect.right() - 28.0, rect.bottom() - 48.0));
    if plot.width() < 40.0 || plot.height() < 40.0 {
        return too_small(ui, stage, rect);
    }
    let curve = stage.derived.balance();
    let x = v_window(stage);
    let axes = Axes { rect: plot, x, y: range(stage, curve) };
    axes.ticks_x(ui.painter(), stage, 6, "");
    axes.ticks_y(ui.painter(), stage, 5);
    let Some(field) = stage.neuron().states().first() else { return };
    axes.label_x(ui, stage, field);
    let rate = format!("{}'", field.symbol);
    let formula = crate::ui::math::Formula::layout(ui.ctx(), &rate, sizes.math_axis, stage.palette.v, &|_| None);
    formula.paint(ui.painter(), pos2(left, plot.center().y - 0.5 * formula.size().y));
    if !field.unit.is_empty() {
        let at = pos2(left, plot.center().y + 0.5 * formula.size().y);
        ui.painter().text(at, Align2::LEFT_TOP, format!("{}/ms", field.unit), sans(sizes.tick), stage.palette.muted);
    }
    let note = if stage.neuron().dim() == 1 { "" } else { "other states at their steady values" };
    ui.painter().text(pos2(plot.left(), rect.top() + 2.0), Align2::LEFT_TOP, note, sans(sizes.section), stage.palette.muted);
    let painter = ui.painter().with_clip_rect(plot.expand(1.0));
    let zero = axes.screen_y(0.0);
    painter.line_segment([pos2(plot.left(), zero), pos2(plot.right(), zero)], Stroke::new(1.0, stage.palette.axis));
    let is_plane = stage.neuron().dim() > 1;
    // The layers are those of the phase line: a plane has its own picture for them.
    let shows = |layer: Layer| is_plane || stage.shows(layer);
    if shows(Layer::Flow) {
        arrows(&painter, stage, &axes, curve);
    }
    if shows(Layer::Resets) {
        levels(ui, stage, &axes);
    }
    let path: Vec<Pos2> = curve.iter().filter(|p| p[1].is_finite()).map(|p| axes.screen(*p)).collect();
    let curves = [path.clone()];
    if shows(Layer::Rate) {
        painter.add(Shape::line(path, Stroke::new(sizes.nullcline.width, stage.palette.v)));
    }
    let has_points = shows(Layer::Equilibria);
    if has_points {
        points(ui, stage, &axes, 0.0, &curves);
    }
    let can_grab = state_ui(ui, stage, &axes);
    if has_points {
        cards(ui, stage, axes.rect, can_grab, |point| axes.screen([point.state.first().copied().unwrap_or(f64::NAN), 0.0]));
    }
}

/// Vertical range: what the curve does from the lowest to the highest equilibrium, threshold and reset of one variable among them, and a
/// little beyond.
fn range(stage: &mut Stage, curve: &[[f64; 2]]) -> (f64, f64) {
    let mut points: Vec<f64> = stage.derived.equilibria().points.iter().filter_map(|p| p.state.first().copied()).collect();
    let setup = stage.bench.setup();
    let levels = setup.neuron.params().iter().zip(&setup.params).filter(|(f, _)| matches!(f.kind, Kind::Level | Kind::Reset));
    points.extend(levels.filter(|_| setup.neuron.dim() == 1 && setup.neuron.resets()).map(|(_, value)| *value));
    points.sort_by(f64::total_cmp);
    let span = curve.last().map_or(1.0, |p| p[0]) - curve.first().map_or(0.0, |p| p[0]);
    let inside = |v: f64| points.iter().any(|p| (v - p).abs() < 0.1 * span) || points.windows(2).any(|w| w[0] <= v && v <= w[1]);
    let mut near: Vec<f64> = curve.iter().filter(|p| p[1].is_finite() && (points.is_empty() || inside(p[0]))).map(|p| p[1]).collect();
    if near.is_empty() {
        near = curve.iter().map(|p| p[1]).filter(|y| y.is_finite()).collect();
    }
    let (low, high) = near.iter().fold((0.0_f64, 0.0_f64), |(a, b), y| (a.min(*y), b.max(*y)));
    // Where nothing drives it, as between the events of chance, a line along zero and no noise of the axis.
    let pad = if high - low < 1e-9 { 1.0 } else { 0.15 * (high - low) };
    let wanted = (low - pad, high + pad);
    let slot = stage.look.ranges.entry("balance".into()).or_insert(wanted);
    let fits = (wanted.1 - wanted.0) > 0.4 * (slot.1 - slot.0) && slot.0 <= low && high <= slot.1;
    if !fits {
        *slot = wanted;
    }
    *slot
}

/// Arrows along the line V′ = 0: which way V goes.
fn arrows(painter: &eframe::egui::Painter, stage: &Stage, axes: &Axes, curve: &[[f64; 2]]) {
    let y = axes.screen_y(0.0);
    for point in curve.iter().skip(10).step_by(22) {
        if point[1] != 0.0 && point[1].is_finite() {
            let direction = if point[1] > 0.0 { 1.0 } else { -1.0 };
            glyphs::arrow_head(painter, pos2(axes.screen_x(point[0]) + 5.0 * direction, y), vec2(direction, 0.0), 8.0, stage.palette.axis);
        }
    }
}

/// Threshold, peak and reset as vertical lines.
fn levels(ui: &Ui, stage: &Stage, axes: &Axes) {
    let setup = stage.bench.setup();
    for (field, value) in setup.neuron.params().iter().zip(&setup.params) {
        if !matches!(field.kind, Kind::Level | Kind::Reset) || *value < axes.x.0 || *value > axes.x.1 {
            continue;
        }
        let x = axes.screen_x(*value);
        let line = [pos2(x, axes.rect.top()), pos2(x, axes.rect.bottom())];
        dashed_line(ui.painter(), &line, Stroke::new(1.3, stage.palette.spike), 2.0, 4.0);
        let formula = crate::ui::math::Formula::layout(ui.ctx(), field.symbol, stage.sizes.body, stage.palette.spike, &|_| None);
        formula.paint(ui.painter(), pos2(x - 0.5 * formula.size().x, axes.rect.top() - formula.size().y - 1.0));
    }
}

/// The equilibria at a height of a plot over V, with their names, clear of these curves where there is room; where each stands.
pub fn points<'s>(ui: &Ui, stage: &Stage<'s>, axes: &Axes, height: f64, curves: &[Vec<Pos2>]) -> Vec<(&'s FixedPoint, f64, Pos2)> {
    let known = stage.derived.equilibria().points.iter().filter_map(|point| Some((point, *point.state.first()?)));
    let inside = known.filter(|(_, v)| (axes.x.0..=axes.x.1).contains(v));
    let seen: Vec<(&FixedPoint, f64, Pos2)> = inside.map(|(point, v)| (point, v, axes.screen([v, height]))).collect();
    let text = |point: &FixedPoint, v: f64| format!("{} {}", point_name(point), figures(near_zero(v, axes.x), 3));
    let places: Vec<Pos2> = seen.iter().map(|(.., at)| *at).collect();
    let size = |text: String| ui.painter().layout_no_wrap(text, sans(stage.sizes.unit), stage.palette.soft).size();
    let sizes: Vec<_> = seen.iter().map(|(point, v, _)| size(text(point, *v))).collect();
    let labels = labels::place_clear(&places, &sizes, axes.rect, &[], curves);
    for ((point, v, at), label) in seen.iter().zip(&labels) {
        labels::leader(ui.painter(), stage, *at, *label);
        sign_of(point.kind).paint(ui.painter(), *at, 5.5, point_colour(stage, point), stage.palette.ground);
        let font = sans(stage.sizes.unit);
        glyphs::halo_text(ui.painter(), label.min, Align2::LEFT_TOP, text(point, *v), font, stage.palette.soft, stage.palette.ground);
    }
    seen
}

/// The state on the line: a click puts it elsewhere, a drag on it throws it; true if the pointer can grab it.
fn state_ui(ui: &Ui, stage: &mut Stage, axes: &Axes) -> bool {
    let area = ui.interact(axes.rect, ui.scope_id().with("balance area"), Sense::click_and_drag()).on_hover_cursor(CursorIcon::Crosshair);
    name_area(ui, &area, "Phase line");
    let (_, mut state, _) = stage.bench.shown();
    let Some(v) = state.first().copied() else { return false };
    let at = pos2(axes.screen_x(v).clamp(axes.rect.left(), axes.rect.right()), axes.screen_y(0.0));
    stage.paint_state(ui.painter(), at);
    if stage.bench.held() > 0 {
        let above = at - vec2(0.0, stage.sizes.state_radius + 5.0);
        let (font, palette) = (sans(stage.sizes.unit), stage.palette);
        glyphs::halo_text(ui.painter(), above, Align2::CENTER_BOTTOM, "held: refractory", font, palette.soft, palette.ground);
    }
    let grip = ui.interact(Rect::from_center_size(at, Vec2::splat(2.0 * REACH)), ui.scope_id().with("state"), Sense::click_and_drag());
    name_area(ui, &grip, "State");
    let throws = grip.dragged();
    let grip = grip.on_hover_cursor(if throws { CursorIcon::Grabbing } else { CursorIcon::Grab });
    let puts = throws || grip.clicked() || area.clicked();
    if let (true, Some(pointer), Some(first)) = (puts, grip.interact_pointer_pos().or(area.interact_pointer_pos()), state.first_mut()) {
        *first = axes.model(pointer.clamp(axes.rect.min, axes.rect.max))[0];
        // Time stands still until the hand lets go.
        stage.send(if throws { Command::Hold(state) } else { Command::State(state) });
    }
    grip.contains_pointer()
}
