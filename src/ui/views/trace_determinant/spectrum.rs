//! Eigenvalues in the complex plane, and for one variable on a line. Fast and slow eigenvalues lie decades apart, so both
//! axes are linear near zero and logarithmic beyond.

use eframe::egui::{Align2, Pos2, Rect, Sense, Stroke, Ui, pos2, vec2};

use super::{card_ui, hold, label, scale_words};
use crate::analysis::FixedPoint;
use crate::ui::glyphs::{hairline_h, hairline_v, halo_text};
use crate::ui::plot::{figures, near_zero, plain};
use crate::ui::stage::{Stage, name_area, point_colour, sign_of};
use crate::ui::theme::sans;

/// The largest value shown is this many times the one at which the scale turns logarithmic.
const DECADES: f64 = 200.0;

/// A plot less wide than this, in points, does not say what its halves mean.
const NARROW: f32 = 110.0;

/// A scale that is linear up to `small` and logarithmic beyond, up to `large` on either side.
#[derive(Clone, Copy)]
struct Scale {
    small: f64,
    large: f64,
}

impl Scale {
    /// Place of a value, from −1 to 1.
    fn place(&self, value: f64) -> f32 {
        let part = (value / self.small).asinh() / (self.large / self.small).asinh();
        #[expect(clippy::cast_possible_truncation, reason = "a place on screen")]
        let part = part.clamp(-1.2, 1.2) as f32;
        part
    }

    /// Zero and the powers of ten inside, no nearer to each other than `apart` (of −1 to 1).
    fn ticks(&self, apart: f32) -> Vec<f64> {
        #[expect(clippy::cast_possible_truncation, reason = "a power of ten")]
        let top = self.large.log10().floor() as i32;
        let mut ticks = vec![0.0];
        let mut last = f32::INFINITY;
        for value in (top - 4..=top).rev().map(|k| 10.0_f64.powi(k)) {
            let place = self.place(value);
            if place > apart && last - place > apart {
                ticks.extend([value, -value]);
                last = place;
            }
        }
        ticks
    }
}

/// Draws the eigenvalues of every equilibrium.
pub fn show(ui: &Ui, stage: &mut Stage, points: &[FixedPoint], plot: Rect, left: f32) {
    let all = points.iter().flat_map(|p| &p.eigenvalues);
    let largest = all.flat_map(|e| [e.re.abs(), e.im.abs()]).filter(|x| x.is_finite()).fold(0.0, f64::max);
    let large = hold(ui, stage, "eigenvalues", largest);
    let scale = Scale { small: large / DECADES, large };
    let is_line = stage.neuron().dim() == 1;
    let response = ui.interact(plot, ui.scope_id().with("eigenvalues"), Sense::hover());
    name_area(ui, &response, "Eigenvalues");
    let screen = |re: f64, im: f64| plot.center() + vec2(0.5 * plot.width() * scale.place(re), -0.5 * plot.height() * scale.place(im));
    grid(ui, stage, plot, scale, is_line, &screen);
    scale_words(ui, stage, plot, &["logarithmic away from 0", "logarithmic axes"]);
    let unit = if stage.neuron().card().dimensionless { "" } else { "1/ms" };
    let beside = pos2(plot.center().x - 24.0, plot.bottom() + 20.0);
    label(ui, stage, if is_line { "\\lambda" } else { "\\text{Re}\\,\\lambda" }, unit, beside, false);
    if !is_line {
        label(ui, stage, "\\text{Im}\\,\\lambda", unit, pos2(left - 8.0, plot.center().y - 12.0), true);
    }
    for (place, point) in points.iter().enumerate() {
        let strength = if point.is_virtual { 0.5 } else { 1.0 };
        let colour = point_colour(stage, point).gamma_multiply(strength);
        for (k, e) in point.eigenvalues.iter().enumerate().filter(|(_, e)| e.re.is_finite()) {
            let at = screen(e.re, e.im);
            sign_of(point.kind).paint(ui.painter(), at, if k == 0 { 5.5 } else { 4.0 }, colour, stage.palette.ground);
            let id = ui.scope_id().with(("eigenvalue", place, k));
            let card = ui.interact(Rect::from_center_size(at, vec2(20.0, 20.0)), id, Sense::hover());
            card.on_hover_ui(|ui| card_ui(ui, stage, point));
        }
        name_leading(ui, stage, point, &screen, place, plot);
    }
}

/// Grid, axes and what the two halves mean.
fn grid(ui: &Ui, stage: &Stage, plot: Rect, scale: Scale, is_line: bool, screen: &dyn Fn(f64, f64) -> Pos2) {
    let painter = ui.painter();
    let palette = stage.palette;
    let text = |at: Pos2, anchor: Align2, words: String| painter.text(at, anchor, words, sans(stage.sizes.tick), palette.muted);
    for value in scale.ticks(96.0 / plot.width()) {
        let x = screen(value, 0.0).x;
        hairline_v(painter, x, plot.y_range(), palette.grid);
        text(pos2(x, plot.bottom() + 6.0), Align2::CENTER_TOP, plain(value));
    }
    if !is_line {
        for value in scale.ticks(48.0 / plot.height()) {
            let y = screen(0.0, value).y;
            hairline_h(painter, plot.x_range(), y, palette.grid);
            text(pos2(plot.left() - 8.0, y), Align2::RIGHT_CENTER, plain(value));
        }
    }
    let zero = screen(0.0, 0.0);
    painter.line_segment([pos2(plot.left(), zero.y), pos2(plot.right(), zero.y)], Stroke::new(1.0, palette.axis));
    painter.line_segment([pos2(zero.x, plot.top()), pos2(zero.x, plot.bottom())], Stroke::new(1.6, palette.soft));
    let words = |at: Pos2, anchor: Align2, words: &str| {
        halo_text(painter, at, anchor, words, sans(stage.sizes.unit), palette.muted, palette.ground);
    };
    if plot.width() > NARROW {
        words(pos2(plot.left() + 4.0, plot.top() + 2.0), Align2::LEFT_TOP, "decays");
        words(pos2(plot.right() - 4.0, plot.top() + 2.0), Align2::RIGHT_TOP, "grows");
    }
    let crossing = if is_line { "λ = 0: saddle-node" } else { "a pair crossing here: Andronov–Hopf" };
    words(pos2(zero.x, plot.top() - 4.0), Align2::CENTER_BOTTOM, crossing);
}

/// The potential of the equilibrium beside its leading eigenvalue.
fn name_leading(ui: &Ui, stage: &Stage, point: &FixedPoint, screen: &dyn Fn(f64, f64) -> Pos2, place: usize, plot: Rect) {
    let Some(leading) = point.eigenvalues.first().filter(|e| e.re.is_finite()) else { return };
    let Some((field, v)) = stage.neuron().states().first().zip(point.state.first()) else { return };
    let text = format!("{} at {} {}", point.kind.id(), figures(near_zero(*v, field.shown), 3), field.unit).trim_end().to_string();
    let at = screen(leading.re, leading.im);
    let size = ui.painter().layout_no_wrap(text.clone(), sans(stage.sizes.unit), stage.palette.soft).size();
    // Away from the axis that matters, on levels of their own.
    let lift = [-10.0, 10.0, -27.0, 27.0][place % 4];
    let left = if at.x > plot.center().x { at.x } else { at.x - size.x };
    let left = left.clamp(plot.left(), (plot.right() - size.x).max(plot.left()));
    let anchor = if lift < 0.0 { Align2::LEFT_BOTTOM } else { Align2::LEFT_TOP };
    let ground = anchor.anchor_size(pos2(left, at.y + lift), size).expand2(vec2(2.0, 0.0));
    // Long words reach across the axis, which would strike them through.
    if ground.x_range().contains(plot.center().x) {
        ui.painter().rect_filled(ground, 3.0, stage.palette.ground.gamma_multiply(0.85));
    }
    halo_text(ui.painter(), pos2(left, at.y + lift), anchor, text, sans(stage.sizes.unit), stage.palette.soft, stage.palette.ground);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_odd_and_reaches_one_at_the_largest_value() {
        let scale = Scale { small: 0.05, large: 10.0 };
        assert!((scale.place(10.0) - 1.0).abs() < 1e-6 && scale.place(0.0) == 0.0);
        assert!((scale.place(-0.3) + scale.place(0.3)).abs() < 1e-7);
        let ticks = scale.ticks(0.1);
        assert!(ticks.contains(&0.0) && ticks.contains(&1.0) && ticks.contains(&-1.0), "{ticks:?}");
        assert!(scale.place(0.1) > 0.2, "small values are not lost");
    }
}
