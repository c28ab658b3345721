//! Every equilibrium of a planar model as a dot at the trace and determinant of its Jacobian, moving live: which
//! region it lies in is its type, and crossing an axis is a bifurcation. In other dimensions the eigenvalues
//! themselves are shown.
//!
//! Lengths along both axes are signed square roots: points near the origin, where bifurcations happen, stay apart from
//! each other beside far ones, and Δ = τ²/4 is a parabola in roots, too.

use eframe::egui::{Align2, Painter, Pos2, Rect, Sense, Shape, Stroke, Ui, Vec2, pos2, vec2};

mod spectrum;

use super::{View, labels, too_small};
use crate::analysis::FixedPoint;
use crate::ui::glyphs::{hairline_h, hairline_v, halo_text};
use crate::ui::math::Formula;
use crate::ui::plot::{Axes, figures, near_zero, plain};
use crate::ui::stage::{Stage, name_area, point_colour, sign_of};
use crate::ui::theme::sans;

/// The view.
pub const VIEW: View = View { id: "trace_determinant", title, switches: None, show };

fn title(stage: &Stage) -> &'static str {
    if stage.neuron().dim() == 2 { "τ\u{2013}Δ" } else { "λ" }
}

fn show(ui: &mut Ui, stage: &mut Stage) {
    let rect = ui.available_rect_before_wrap();
    let left = rect.left() + 24.0;
    let gutter = stage.sizes.gutter_symbol + stage.sizes.gutter_ticks;
    let plot = Rect::from_min_max(pos2(left + gutter, rect.top() + 30.0), pos2(rect.right() - 28.0, rect.bottom() - 48.0));
    if plot.width() < 60.0 || plot.height() < 40.0 {
        return too_small(ui, stage, rect);
    }
    let derived = stage.derived;
    let found = derived.equilibria();
    if found.points.is_empty() {
        let words = if found.degenerate { "Equilibria fill a whole curve" } else { "No equilibrium at this input" };
        name_area(ui, &ui.interact(plot, ui.scope_id().with("eigenvalues"), Sense::hover()), title(stage));
        ui.painter().text(plot.center(), Align2::CENTER_CENTER, words, sans(stage.sizes.row), stage.palette.muted);
    } else if stage.neuron().dim() == 2 {
        plane(ui, stage, &found.points, plot, left);
    } else {
        spectrum::show(ui, stage, &found.points, plot, left);
    }
}

/// Half of an axis that shows values up to `highest`: it grows at once and shrinks slowly.
fn hold(ui: &Ui, stage: &mut Stage, name: &str, highest: f64) -> f64 {
    let wanted = if highest > 0.0 && highest.is_finite() { 1.35 * highest } else { 1.0 };
    let slot = stage.look.ranges.entry(name.into()).or_insert((0.0, wanted));
    if wanted > 1.1 * slot.1 {
        slot.1 = wanted;
    } else if wanted < 0.4 * slot.1 {
        let seconds = f64::from(ui.input(|i| i.stable_dt)).min(0.1);
        slot.1 += (wanted - slot.1) * (1.5 * seconds).min(1.0);
        ui.ctx().request_repaint();
    }
    slot.1
}

fn plane(ui: &Ui, stage: &mut Stage, points: &[FixedPoint], plot: Rect, left: f32) {
    let dots: Vec<[f64; 2]> = points.iter().filter_map(FixedPoint::trace_determinant).collect();
    let largest = |k: usize| dots.iter().map(|d| d[k].abs()).fold(0.0, f64::max);
    // A window much narrower than the parabola would show no region but the foci.
    let half = [hold(ui, stage, "trace", largest(0).max(largest(1).sqrt())), hold(ui, stage, "determinant", largest(1))];
    let axes = Roots(Axes { rect: plot, x: (-root(half[0]), root(half[0])), y: (-root(half[1]), root(half[1])) });
    let response = ui.interact(plot, ui.scope_id().with("eigenvalues"), Sense::hover());
    name_area(ui, &response, "Trace\u{2013}determinant");
    axes.ticks(ui.painter(), stage, half);
    let unit = |power: &str| if stage.neuron().card().dimensionless { String::new() } else { format!("1/ms{power}") };
    label(ui, stage, "\\tau", &unit(""), pos2(plot.center().x - 8.0, plot.bottom() + 20.0), false);
    label(ui, stage, "\\Delta", &unit("²"), pos2(left, plot.center().y - 12.0), true);
    scale_words(ui, stage, plot, &["square-root axes"]);
    let painter = ui.painter().with_clip_rect(plot);
    let places: Vec<Pos2> = dots.iter().map(|dot| axes.screen(*dot)).collect();
    let words = regions(ui, stage, &axes, half, &places);
    let now = ui.input(|i| i.time);
    let window = [2.0 * half[0], 2.0 * half[1]];
    if stage.look.trail.note(now, &dots, window) {
        ui.ctx().request_repaint();
    }
    trails(&painter, stage, &axes, window, now);
    let texts: Vec<String> = points.iter().map(|point| potential(stage, point)).collect();
    let size = |text: &String| painter.layout_no_wrap(text.clone(), sans(stage.sizes.unit), stage.palette.soft).size();
    // Clear of the words of the regions by a gap that keeps the two apart.
    let words: Vec<Rect> = words.iter().map(|rect| rect.expand2(vec2(8.0, 3.0))).collect();
    let labels = labels::place_clear(&places, &texts.iter().map(size).collect::<Vec<_>>(), plot, &words, &axes.borders());
    for (place, (point, at)) in points.iter().zip(&places).enumerate() {
        if let Some((text, label)) = texts.get(place).zip(labels.get(place)) {
            dot_ui(ui, stage, point, *at, (place, text, *label));
        }
    }
}

/// The potential of an equilibrium with its unit.
fn potential(stage: &Stage, point: &FixedPoint) -> String {
    let known = stage.neuron().states().first().zip(point.state.first());
    known.map_or(String::new(), |(field, v)| format!("{} {}", figures(near_zero(*v, field.shown), 3), field.unit).trim_end().to_string())
}

/// What kind of axes these are, at the left below them: the first of the wordings that leaves room for the symbol in the middle.
fn scale_words(ui: &Ui, stage: &Stage, plot: Rect, wordings: &[&str]) {
    let at = pos2(plot.left() - 0.5 * stage.sizes.gutter_ticks, plot.bottom() + 24.0);
    let set = |words: &&str| ui.painter().layout_no_wrap((*words).into(), sans(stage.sizes.tick), stage.palette.muted);
    if let Some(words) = wordings.iter().map(set).find(|words| at.x + words.size().x < plot.center().x - 32.0) {
        ui.painter().galley(at, words, stage.palette.muted);
    }
}

/// A symbol with its unit: below it, or beside it.
fn label(ui: &Ui, stage: &Stage, symbol: &str, unit: &str, at: Pos2, is_below: bool) {
    let formula = Formula::layout(ui.ctx(), symbol, stage.sizes.math_axis, stage.palette.text, &|_| None);
    formula.paint(ui.painter(), at);
    let (place, anchor) = if is_below {
        (at + vec2(0.0, formula.size().y), Align2::LEFT_TOP)
    } else {
        (at + vec2(formula.size().x + 6.0, formula.baseline()), Align2::LEFT_BOTTOM)
    };
    ui.painter().text(place, anchor, unit, sans(stage.sizes.tick), stage.palette.muted);
}

/// The axes, the parabola Δ = τ²/4, and what each region means; tells where words stand.
fn regions(ui: &Ui, stage: &Stage, axes: &Roots, half: [f64; 2], dots: &[Pos2]) -> Vec<Rect> {
    let palette = stage.palette;
    let plot = axes.0.rect;
    let painter = ui.painter().with_clip_rect(plot);
    let zero = axes.screen([0.0, 0.0]);
    painter.line_segment([pos2(plot.left(), zero.y), pos2(plot.right(), zero.y)], Stroke::new(1.4, palette.soft));
    painter.line_segment([pos2(zero.x, plot.top()), zero], Stroke::new(1.4, palette.soft));
    painter.line_segment([zero, pos2(zero.x, plot.bottom())], Stroke::new(1.0, palette.rule));
    let edge = root(half[0]);
    painter.add(Shape::line(axes.parabola(), Stroke::new(1.4, palette.axis)));
    let named = (axes.0.y.1).sqrt().min(0.6 * edge);
    let at = axes.screen([named * named, 0.25 * named.powi(4)]) + vec2(7.0, 1.0);
    let font = sans(stage.sizes.unit);
    let mut words = Vec::new();
    if at.x < plot.right() - 64.0 {
        words.push(halo_text(&painter, at, Align2::LEFT_TOP, "Δ = τ²/4", font.clone(), palette.muted, palette.ground));
    }
    let text = |at: Pos2, anchor: Align2, words: &str| halo_text(ui.painter(), at, anchor, words, font.clone(), palette.muted, palette.ground);
    // At the first end of its line at which no dot lies.
    let at_ends = |name: &str, ends: [(Pos2, Align2); 2]| {
        let size = painter.layout_no_wrap(name.into(), font.clone(), palette.muted).size();
        let is_free = |(at, anchor): &(Pos2, Align2)| !dots.iter().any(|dot| anchor.anchor_size(*at, size).expand(12.0).contains(*dot));
        let (at, anchor) = ends.into_iter().find(is_free).unwrap_or(ends[0]);
        text(at, anchor, name)
    };
    let (left, right) = (plot.left() + 8.0, plot.right() - 6.0);
    let below = zero.y + 4.0;
    words.push(at_ends("Δ = 0: saddle-node", [(pos2(right, below), Align2::RIGHT_TOP), (pos2(left, below), Align2::LEFT_TOP)]));
    words.push(text(pos2(zero.x, plot.top() - 4.0), Align2::CENTER_BOTTOM, "τ = 0: Andronov–Hopf"));
    let low = plot.bottom() - 6.0;
    words.push(at_ends("saddle", [(pos2(left, low), Align2::LEFT_BOTTOM), (pos2(right, low), Align2::RIGHT_BOTTOM)]));
    for (side, node, focus) in [(-1.0, "stable node", "stable focus"), (1.0, "unstable node", "unstable focus")] {
        for (name, is_focus) in [(focus, true), (node, false)] {
            let size = painter.layout_no_wrap(name.into(), font.clone(), palette.muted).size();
            words.extend(room(axes, side, is_focus, size + vec2(12.0, 6.0), dots).map(|at| text(at, Align2::CENTER_CENTER, name)));
        }
    }
    words
}

/// The middle of a place for words of this size that lies wholly inside the region of nodes or of foci on one side, clear of the dots.
fn room(axes: &Roots, side: f32, is_focus: bool, size: Vec2, dots: &[Pos2]) -> Option<Pos2> {
    let plot = axes.0.rect;
    let zero = axes.screen([0.0, 0.0]);
    // How far from the middle the parabola is at a height on screen.
    let parabola = |y: f32| {
        let [_, up] = axes.0.model(pos2(zero.x, y));
        (axes.screen([2.0 * up.max(0.0), 0.0]).x - zero.x).min(0.5 * plot.width())
    };
    // From the top down for foci, from the axis up for nodes.
    let tall = zero.y - plot.top();
    let heights = (0..16_u8).map(|k| if is_focus { 0.92 - 0.05 * f32::from(k) } else { 0.10 + 0.05 * f32::from(k) });
    // If there is such a place, one that leaves room for the potential beside each dot.
    let mut tries = [vec2(48.0, 18.0), vec2(4.0, 4.0)].into_iter().flat_map(|margin| heights.clone().map(move |part| (margin, zero.y - part * tall)));
    tries.find_map(|(margin, y)| {
        let (low, high) = (y + 0.5 * size.y, y - 0.5 * size.y);
        if low > zero.y || high < plot.top() {
            return None;
        }
        let (from, to) = if is_focus { (0.0, parabola(low)) } else { (parabola(high), 0.5 * plot.width()) };
        let middle = pos2(zero.x + side * 0.5 * (from + to), y);
        let is_free = || !dots.iter().any(|dot| Rect::from_center_size(middle, size + 2.0 * margin).contains(*dot));
        (to - from > size.x && is_free()).then_some(middle)
    })
}

/// Axes on which lengths are signed square roots.
struct Roots(Axes);

fn root(x: f64) -> f64 {
    x.abs().sqrt().copysign(x)
}

impl Roots {
    fn screen(&self, at: [f64; 2]) -> Pos2 {
        self.0.screen(at.map(root))
    }

    /// Δ = τ²/4 on screen.
    fn parabola(&self) -> Vec<Pos2> {
        let roots = (-80..=80).map(|k| self.0.x.1 * f64::from(k) / 80.0);
        roots.map(|r| r * r.abs()).map(|t| self.screen([t, 0.25 * t * t])).collect()
    }

    /// The borders between the regions.
    fn borders(&self) -> [Vec<Pos2>; 3] {
        let (rect, zero) = (self.0.rect, self.screen([0.0, 0.0]));
        [self.parabola(), vec![pos2(rect.left(), zero.y), pos2(rect.right(), zero.y)], vec![pos2(zero.x, rect.top()), zero]]
    }

    /// Zero, a round value near the edge, and its quarter, which lies half way.
    fn ticks(&self, painter: &Painter, stage: &Stage, half: [f64; 2]) {
        let rect = self.0.rect;
        let font = sans(stage.sizes.tick);
        for value in round_ticks(half[0]) {
            let x = self.screen([value, 0.0]).x;
            hairline_v(painter, x, rect.y_range(), stage.palette.grid);
            painter.text(pos2(x, rect.bottom() + 6.0), Align2::CENTER_TOP, plain(value), font.clone(), stage.palette.muted);
        }
        for value in round_ticks(half[1]) {
            let y = self.screen([0.0, value]).y;
            hairline_h(painter, rect.x_range(), y, stage.palette.grid);
            painter.text(pos2(rect.left() - 8.0, y), Align2::RIGHT_CENTER, plain(value), font.clone(), stage.palette.muted);
        }
    }
}

fn round_ticks(half: f64) -> [f64; 5] {
    let decade = 10.0_f64.powf(half.log10().floor());
    let top = [8.0, 4.0, 2.0, 1.0].into_iter().map(|k| k * decade).find(|v| *v <= half).unwrap_or(half);
    [-top, -0.25 * top, 0.0, 0.25 * top, top]
}

/// Where the dots came from, and what they crossed.
fn trails(painter: &Painter, stage: &Stage, axes: &Roots, window: [f64; 2], now: f64) {
    for way in stage.look.trail.ways(window) {
        let path: Vec<Pos2> = way.iter().map(|p| axes.screen(*p)).collect();
        let pieces = path.windows(2);
        #[expect(clippy::cast_precision_loss, reason = "some hundred pieces")]
        let count = pieces.len() as f32;
        let mut strength = 0.0;
        for piece in pieces {
            strength += 1.0 / count;
            painter.line_segment([piece[0], piece[1]], Stroke::new(1.0 + 1.4 * strength, stage.palette.text.gamma_multiply(0.7 * strength)));
        }
    }
    for (mark, strength) in stage.look.trail.marks(now) {
        #[expect(clippy::cast_possible_truncation, reason = "an opacity")]
        let colour = stage.palette.accent.gamma_multiply(strength as f32);
        let at = axes.screen(mark.at);
        painter.circle_stroke(at, stage.sizes.special_point + 4.0, Stroke::new(stage.sizes.special_ring, colour));
        halo_text(painter, at + vec2(12.0, 10.0), Align2::LEFT_TOP, mark.event.name(), sans(stage.sizes.unit), colour, stage.palette.ground);
    }
}

/// One equilibrium: its sign, its potential, and a card with all numbers.
fn dot_ui(ui: &Ui, stage: &Stage, point: &FixedPoint, at: Pos2, (place, text, label): (usize, &str, Rect)) {
    let strength = if point.is_virtual { 0.5 } else { 1.0 };
    let colour = point_colour(stage, point).gamma_multiply(strength);
    sign_of(point.kind).paint(ui.painter(), at, 5.5, colour, stage.palette.ground);
    labels::leader(ui.painter(), stage, at, label);
    let soft = stage.palette.soft.gamma_multiply(strength);
    let words = halo_text(ui.painter(), label.min, Align2::LEFT_TOP, text, sans(stage.sizes.unit), soft, stage.palette.ground);
    let card = ui.interact(Rect::from_center_size(at, vec2(20.0, 20.0)).union(words), ui.scope_id().with(("eigen", place)), Sense::hover());
    card.on_hover_ui(|ui| card_ui(ui, stage, point));
}

/// Everything about an equilibrium: type, state, J, τ, Δ and eigenvalues.
pub fn card_ui(ui: &mut Ui, stage: &Stage, point: &FixedPoint) {
    let card = stage.neuron().card();
    ui.label(if point.is_virtual { format!("{}, virtual: never reached", point.kind.id()) } else { point.kind.id().to_string() });
    for (field, value) in stage.neuron().states().iter().zip(&point.state) {
        ui.label(format!("{} = {} {}", field.id, figures(near_zero(*value, field.shown), 5), field.unit));
    }
    let n = point.state.len();
    if n > 1 {
        ui.add_space(4.0);
        ui.label("J");
        eframe::egui::Grid::new("jacobian").num_columns(n).spacing([14.0, 2.0]).show(ui, |ui| {
            for row in point.jacobian.chunks(n) {
                for entry in row {
                    ui.label(figures(*entry, 4));
                }
                ui.end_row();
            }
        });
    }
    let (rate, square) = if card.dimensionless { ("", "") } else { (" /ms", " /ms²") };
    if let Some([trace, determinant]) = point.trace_determinant() {
        ui.label(format!("τ = {}{rate}", figures(trace, 4)));
        ui.label(format!("Δ = {}{square}", figures(determinant, 4)));
    }
    for e in point.eigenvalues.iter().filter(|e| e.im >= 0.0) {
        let imaginary = if e.im > 0.0 { format!(" ± {} i", figures(e.im, 4)) } else { String::new() };
        ui.label(format!("λ = {}{imaginary}{rate}", figures(e.re, 4)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_half_way_in_roots() {
        assert_eq!(round_ticks(9.1), [-8.0, -2.0, 0.0, 2.0, 8.0]);
        assert_eq!(round_ticks(0.0125)[3..], [0.25 * 0.01, 0.01]);
        assert!((root(2.0) - 0.5 * root(8.0)).abs() < 1e-12);
        assert_eq!(root(-4.0), -2.0);
    }
}
