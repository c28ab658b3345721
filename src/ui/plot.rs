//! Axes without a frame: a mapping from model to screen, round ticks, hairlines and labels.
//!
//! Painted by hand rather than with a plotting widget: strips share one time axis and gutters line up across
//! views, one axis is broken, and every line is reduced to the pixels it crosses before it is tessellated.

use eframe::egui::{Align2, Painter, Pos2, Rect, Ui, pos2, vec2};

use super::glyphs;
use super::math::Formula;
use super::stage::Stage;
use super::theme::sans;

/// A rectangle of the screen with a range of the model on each side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axes {
    /// On screen, in points.
    pub rect: Rect,
    /// From the left to the right edge.
    pub x: (f64, f64),
    /// From the bottom to the top edge.
    pub y: (f64, f64),
}

#[expect(clippy::cast_possible_truncation, reason = "screen coordinates are single precision")]
fn blend(from: f32, to: f32, part: f64) -> f32 {
    // Far outside, single precision would lose the clipping; nothing on screen depends on the exact place there.
    (f64::from(from) + (f64::from(to) - f64::from(from)) * part.clamp(-1e4, 1e4)) as f32
}

impl Axes {
    /// Horizontal place of a value.
    #[must_use]
    pub fn screen_x(&self, x: f64) -> f32 {
        blend(self.rect.left(), self.rect.right(), (x - self.x.0) / (self.x.1 - self.x.0))
    }

    /// Vertical place of a value.
    #[must_use]
    pub fn screen_y(&self, y: f64) -> f32 {
        blend(self.rect.bottom(), self.rect.top(), (y - self.y.0) / (self.y.1 - self.y.0))
    }

    /// Place of a point.
    #[must_use]
    pub fn screen(&self, [x, y]: [f64; 2]) -> Pos2 {
        pos2(self.screen_x(x), self.screen_y(y))
    }

    /// The point at a place.
    #[must_use]
    pub fn model(&self, at: Pos2) -> [f64; 2] {
        let across = f64::from((at.x - self.rect.left()) / self.rect.width());
        let up = f64::from((self.rect.bottom() - at.y) / self.rect.height());
        [self.x.0 + across * (self.x.1 - self.x.0), self.y.0 + up * (self.y.1 - self.y.0)]
    }

    /// Hairlines and numbers of the vertical axis.
    pub fn ticks_y(&self, painter: &Painter, stage: &Stage, most: usize) {
        self.ticks_at_y(painter, stage, &ticks(self.y, most));
    }

    /// Hairlines and numbers of the vertical axis at these values.
    pub fn ticks_at_y(&self, painter: &Painter, stage: &Stage, ticks: &Ticks) {
        for value in &ticks.values {
            let y = self.screen_y(*value);
            glyphs::hairline_h(painter, self.rect.x_range(), y, stage.palette.grid);
            painter.text(pos2(self.rect.left() - 8.0, y), Align2::RIGHT_CENTER, ticks.text(*value), sans(stage.sizes.tick), stage.palette.muted);
        }
    }

    /// Hairlines of the horizontal axis.
    pub fn grid_x(&self, painter: &Painter, stage: &Stage, most: usize) {
        for value in ticks(self.x, most).values {
            glyphs::hairline_v(painter, self.screen_x(value), self.rect.y_range(), stage.palette.grid);
        }
    }

    /// Hairlines and numbers of the horizontal axis, no more than stand apart; the last number carries `unit`.
    pub fn ticks_x(&self, painter: &Painter, stage: &Stage, most: usize, unit: &str) {
        let width = |text: String| painter.layout_no_wrap(text, sans(stage.sizes.tick), stage.palette.muted).size().x;
        let fits = |ticks: &Ticks| {
            let [.., before, last] = ticks.values.as_slice() else { return true };
            let room = self.screen_x(*last) - self.screen_x(*before);
            room > 0.5 * (width(ticks.text(*before)) + width(format!("{} {unit}", ticks.text(*last)))) + 4.0
        };
        let mut fewer = (2..=most).rev().map(|most| ticks(self.x, most));
        self.ticks_at_x(painter, stage, &fewer.find(fits).unwrap_or_else(|| ticks(self.x, 2)), unit);
    }

    /// Hairlines and numbers of the horizontal axis at these values; the last number carries `unit`.
    pub fn ticks_at_x(&self, painter: &Painter, stage: &Stage, ticks: &Ticks, unit: &str) {
        for value in &ticks.values {
            glyphs::hairline_v(painter, self.screen_x(*value), self.rect.y_range(), stage.palette.grid);
        }
        for (place, value) in ticks.values.iter().enumerate() {
            let x = self.screen_x(*value);
            let last = place + 1 == ticks.values.len() && !unit.is_empty();
            let text = if last { format!("{} {unit}", ticks.text(*value)) } else { ticks.text(*value) };
            let galley = painter.layout_no_wrap(text, sans(stage.sizes.tick), stage.palette.muted);
            // A long unit is not cut off at the edge of the view.
            let left = (x - 0.5 * galley.size().x).min(painter.clip_rect().right() - 4.0 - galley.size().x);
            painter.galley(pos2(left, self.rect.bottom() + 6.0), galley, stage.palette.muted);
        }
    }

    /// The symbol of the vertical axis in its gutter, with the unit below.
    pub fn label_y(&self, ui: &Ui, stage: &Stage, left: f32, field: &crate::model::Field) {
        let colour = stage.colour(field);
        let formula = Formula::layout(ui.ctx(), field.symbol, stage.sizes.math_axis, colour, &|_| None);
        let center = pos2(left, self.rect.center().y);
        formula.paint(ui.painter(), center - vec2(0.0, 0.5 * formula.size().y));
        if !field.unit.is_empty() {
            let below = center + vec2(0.0, 0.5 * formula.size().y);
            ui.painter().text(below, Align2::LEFT_TOP, field.unit, sans(stage.sizes.tick), stage.palette.muted);
        }
    }

    /// The symbol of the horizontal axis below its numbers, with its unit beside it.
    pub fn label_x(&self, ui: &Ui, stage: &Stage, field: &crate::model::Field) {
        let formula = Formula::layout(ui.ctx(), field.symbol, stage.sizes.math_axis, stage.colour(field), &|_| None);
        let at = pos2(self.rect.center().x - formula.size().x, self.rect.bottom() + 20.0);
        formula.paint(ui.painter(), at);
        let beside = at + vec2(formula.size().x + 6.0, formula.baseline());
        ui.painter().text(beside, Align2::LEFT_BOTTOM, field.unit, sans(stage.sizes.unit), stage.palette.muted);
    }
}

/// Round values inside a range.
pub struct Ticks {
    /// The values.
    pub values: Vec<f64>,
    /// Their distance.
    pub step: f64,
}

impl Ticks {
    /// A tick's number, with as many decimals as the step needs.
    #[must_use]
    pub fn text(&self, value: f64) -> String {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 12")]
        let decimals = (-(self.step.log10() + 1e-9).floor()).clamp(0.0, 12.0) as usize;
        number(value, decimals)
    }
}

/// Round values (1, 2, 4 or 5 times a power of ten apart) inside `range`, at most `most` of them.
#[must_use]
pub fn ticks(range: (f64, f64), most: usize) -> Ticks {
    let span = range.1 - range.0;
    if !(span.is_finite() && span > 0.0) || most == 0 {
        return Ticks { values: Vec::new(), step: 1.0 };
    }
    #[expect(clippy::cast_precision_loss, reason = "a handful of ticks")]
    let rough = span / most as f64;
    let decade = 10.0_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 4.0, 5.0, 10.0].into_iter().map(|k| k * decade).find(|s| *s >= rough * 0.999_999).unwrap_or(10.0 * decade);
    let first = (range.0 / step - 1e-9).ceil();
    let values = (0..=most + 1).map(|k| {
        #[expect(clippy::cast_precision_loss, reason = "a handful of ticks")]
        let k = k as f64;
        (first + k) * step
    });
    Ticks { values: values.take_while(|v| *v <= range.1 + 1e-9 * span).collect(), step }
}

/// The places of a state that is at 0, 1, 2, … and never between them.
#[must_use]
pub fn whole_ticks(range: (f64, f64), count: usize) -> Ticks {
    #[expect(clippy::cast_precision_loss, reason = "a few places")]
    let values = (0..count).map(|k| k as f64).filter(|v| (range.0..=range.1).contains(v)).collect();
    Ticks { values, step: 1.0 }
}

/// A number with a true minus sign.
#[must_use]
pub fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let is_zero = text.trim_start_matches('-').chars().all(|c| matches!(c, '0' | '.'));
    if is_zero { text.trim_start_matches('-').to_string() } else { text.replace('-', "\u{2212}") }
}

/// A number with about `figures` significant figures, without trailing noise.
#[must_use]
pub fn figures(value: f64, figures: i32) -> String {
    if !value.is_finite() {
        return "–".into();
    }
    let magnitude = if value == 0.0 { 0.0 } else { value.abs().log10().floor() };
    if !(-5.0..7.0).contains(&magnitude) {
        return format!("{value:.2e}").replace('-', "\u{2212}");
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 12")]
    let decimals = (f64::from(figures) - 1.0 - magnitude).clamp(0.0, 12.0) as usize;
    number(value, decimals)
}

/// Zero for what no axis could tell from it, such as the rest of a decay; `shown` is the stretch an axis shows.
#[must_use]
pub fn near_zero(value: f64, shown: (f64, f64)) -> f64 {
    if value.abs() < 1e-5 * (shown.1 - shown.0).abs() { 0.0 } else { value }
}

/// [`figures`] without zeros at the end of the decimals.
#[must_use]
pub fn short(value: f64, most: i32) -> String {
    let text = figures(value, most);
    if text.contains('.') && !text.contains('e') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
}

/// [`plain`] with decimals only as far as `figures` significant figures reach; whole numbers stay whole.
#[must_use]
pub fn brief(value: f64, figures: i32) -> String {
    if value == 0.0 || !value.is_finite() {
        return plain(value);
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 17")]
    let decimals = (f64::from(figures) - 1.0 - value.abs().log10().floor()).clamp(0.0, 17.0) as usize;
    plain(format!("{value:.decimals$}").parse().unwrap_or(value))
}

/// A range after scrolling by so many points, zoomed about a value that stays where it is.
#[must_use]
pub fn zoomed(range: (f64, f64), about: f64, scroll: f32) -> (f64, f64) {
    let factor = (-f64::from(scroll) * 0.003).exp();
    (about + (range.0 - about) * factor, about + (range.1 - about) * factor)
}

/// A value or a way rounded to the decade below what a point of the screen stands for: a hand can tell no more.
#[must_use]
pub fn to_decade(value: f64, per_point: f64) -> f64 {
    let decade = 10.0_f64.powf(per_point.log10().floor());
    let rounded = (value / decade).round() * decade;
    if rounded.is_finite() { (rounded * 1e9).round() / 1e9 } else { value }
}

/// The shortest text of a value as the user typed or loaded it.
#[must_use]
pub fn plain(value: f64) -> String {
    if value != 0.0 && (value.abs() >= 1e7 || value.abs() < 1e-4) {
        return format!("{value:e}").replace('-', "\u{2212}");
    }
    let rounded = (value * 1e9).round() / 1e9;
    format!("{rounded}").replace('-', "\u{2212}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        let t = ticks((-80.0, 30.0), 5);
        assert_eq!(t.values, vec![-80.0, -40.0, 0.0]);
        let t = ticks((0.0, 1.0), 5);
        assert_eq!(t.values.len(), 6);
        assert_eq!(t.text(0.2), "0.2");
        assert!(ticks((1.0, 1.0), 5).values.is_empty());
    }

    #[test]
    fn numbers_have_a_true_minus_and_no_negative_zero() {
        assert_eq!(number(-1.25, 1), "\u{2212}1.2");
        assert_eq!(number(-0.001, 1), "0.0");
        assert_eq!(figures(-44.912, 3), "\u{2212}44.9");
        assert_eq!(plain(0.1 + 0.2), "0.3");
        assert_eq!((near_zero(-2.92e-5, (-10.0, 30.0)), near_zero(0.001, (-10.0, 30.0))), (0.0, 0.001));
        assert_eq!((brief(95.238_095, 5), brief(0.230_769_231, 4), brief(123_456.0, 4)), ("95.238".into(), "0.2308".into(), "123456".into()));
    }
}
