//! One chart of a report: axes that hold still, series by their marks, words in the colours of what they name.

use std::sync::Arc;

use eframe::egui::text::TextWrapping;
use eframe::egui::{Align2, Color32, Galley, Painter, Pos2, Rect, Sense, Shape, Stroke, Ui, Vec2, pos2, vec2};

use super::readout;
use crate::experiment::report::{AxisNumbers, Chart, Ink, Mark, Series};
use crate::ui::glyphs::{dashed_line, hairline_v, halo_text};
use crate::ui::plot::{Axes, Ticks, ticks, whole_ticks};
use crate::ui::prose;
use crate::ui::stage::{Stage, name_area};
use crate::ui::theme::{Palette, sans};

/// Thin lines up to this many can be told apart.
const MANY: usize = 60;
/// A chart lower than this, in points, does without the name of its horizontal axis.
pub const LOW: f32 = 120.0;

/// Where the title of a chart stands in its room, the height of a row of its legend, and what the rows leave to the plot.
const TITLE: Vec2 = vec2(18.0, 4.0);
const ROW: f32 = 16.0;
const LEAST_PLOT: f32 = 40.0;

/// Draws a chart in `room` and tells its axes, if there was room; `key` names them among all that are held.
pub fn show(ui: &mut Ui, stage: &mut Stage, room: Rect, key: &str, chart: &Chart, strength: f32) -> Option<Axes> {
    let sizes = stage.sizes;
    // Where room is scarce the name of the horizontal axis gives way: its unit stays at the ticks.
    let is_low = room.height() < LOW;
    let (above, below) = match (is_low, chart.x.is_shared) {
        (_, true) => (24.0, 4.0),
        (true, _) => (24.0, 24.0),
        (false, _) => (30.0, 40.0),
    };
    let title = title(ui.painter(), stage, chart, room);
    let legend = Legend::of(ui.painter(), stage, chart, room, title.size().x);
    let top = room.top() + above + legend.height().min((room.height() - above - below - LEAST_PLOT).max(0.0));
    let rect = Rect::from_min_max(pos2(room.left() + sizes.gutter_ticks + 18.0, top), pos2(room.right() - 14.0, room.bottom() - below));
    if rect.width() < 30.0 || rect.height() < 14.0 {
        return None;
    }
    let x = held(stage, format!("{key} x"), range(chart, 0), 0.0);
    let y = held(stage, format!("{key} y"), range(chart, 1), 0.06);
    let axes = Axes { rect, x, y };
    let response = ui.interact(rect, ui.scope_id().with(key), Sense::hover());
    name_area(ui, &response, &chart.title);
    let painter = ui.painter();
    let most = if rect.width() > 260.0 { 6 } else { 4 };
    if chart.x.is_shared {
        axes.grid_x(painter, stage, most);
    } else {
        axes.ticks_x(painter, stage, most, chart.x.unit);
    }
    axes.ticks_at_y(painter, stage, &numbers(&axes, chart.y.numbers));
    let muted = stage.palette.muted;
    if !is_low && !chart.x.is_shared {
        let galley = painter.layout_job(prose::job(&prose::label(&chart.x.label), sizes.unit, Some(muted), None));
        painter.galley(pos2(rect.center().x - 0.5 * galley.size().x, rect.bottom() + 21.0), galley, muted);
    }
    painter.galley(room.min + TITLE, title, stage.palette.soft);
    let clipped = painter.with_clip_rect(rect.expand(4.0));
    for series in &chart.series {
        paint(&clipped, stage, &axes, series, colour(&stage.palette, series.ink).gamma_multiply(strength));
    }
    names(painter, stage, &axes, chart, strength);
    legend.paint(painter, stage);
    if let Some(at) = response.hover_pos()
        && let Some(words) = readout::words(chart, &axes, at)
    {
        hairline_v(painter, at.x, rect.y_range(), stage.palette.axis);
        response.on_hover_ui_at_pointer(|ui| {
            for line in words {
                ui.label(line);
            }
        });
    }
    Some(axes)
}

/// Where numbers stand beside a chart.
fn numbers(axes: &Axes, wanted: AxisNumbers) -> Ticks {
    let round = ticks(axes.y, if axes.rect.height() > 120.0 { 5 } else { 3 });
    match wanted {
        AxisNumbers::Everywhere => round,
        AxisNumbers::Whole(count) => whole_ticks(axes.y, count),
        AxisNumbers::UpTo(top) => Ticks { values: round.values.into_iter().filter(|v| *v <= top).collect(), ..round },
    }
}

/// The colour of an ink in a theme.
fn colour(palette: &Palette, ink: Ink) -> Color32 {
    match ink {
        Ink::Potential => palette.v,
        Ink::Recovery => palette.recovery,
        Ink::Activation => palette.gate_m,
        Ink::Inactivation => palette.gate_h,
        Ink::Input => palette.input,
        Ink::Spike => palette.spike,
        Ink::Cycle => palette.cycle,
        Ink::Muted => palette.muted,
        Ink::Plain => palette.text,
    }
}

/// What the points of a chart span along one axis, with what the axis must show.
fn range(chart: &Chart, axis: usize) -> Option<(f64, f64)> {
    let own = if axis == 0 { &chart.x } else { &chart.y };
    let (wanted, top) = (own.range, own.top.unwrap_or(f64::INFINITY));
    let is_bars = |s: &Series| axis == 1 && s.mark == Mark::Bars;
    let spans = |s: &Series| !matches!((s.mark, axis), (Mark::Upright | Mark::Above, 1) | (Mark::Level, 0));
    let values = chart.series.iter().filter(|s| spans(s)).flat_map(|s| {
        let floor = is_bars(s).then_some(0.0);
        s.points.iter().map(move |p| p[axis]).chain(floor)
    });
    let ends = wanted.iter().flat_map(|w| [w.0, w.1]);
    let (low, high) =
        values.filter(|v| v.is_finite()).map(|v| v.min(top)).chain(ends).fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
    (low <= high).then_some((low, high))
}

/// The range an axis holds: it grows at once, and is fitted anew when less than half of it is used.
fn held(stage: &mut Stage, key: String, needed: Option<(f64, f64)>, margin: f64) -> (f64, f64) {
    let Some((low, high)) = needed else { return stage.look.ranges.get(&key).copied().unwrap_or((0.0, 1.0)) };
    let span = if high > low { high - low } else { high.abs().max(1.0) };
    let fitted = (low - margin * span, high + margin * span + if high > low { 0.0 } else { 0.5 * span });
    let slot = stage.look.ranges.entry(key).or_insert(fitted);
    let is_too_small = low < slot.0 || high > slot.1;
    let is_too_large = span < 0.5 * (slot.1 - slot.0);
    // Along x everything is usually given: it is followed exactly.
    if is_too_small || is_too_large || margin == 0.0 {
        *slot = fitted;
    }
    *slot
}

/// Names of upright lines, each beside its line on a row of its own, below the arrows at the top edge.
fn names(painter: &Painter, stage: &Stage, axes: &Axes, chart: &Chart, strength: f32) {
    let mut y = axes.rect.top() + 11.0;
    for series in chart.series.iter().filter(|s| s.mark == Mark::Upright && !s.label.is_empty()) {
        let Some(x) = series.points.first().map(|p| axes.screen_x(p[0])).filter(|x| axes.rect.x_range().contains(*x)) else { continue };
        let ink = colour(&stage.palette, series.ink).gamma_multiply(strength);
        let is_left = x < axes.rect.center().x;
        let (at, anchor) = if is_left { (x + 5.0, Align2::LEFT_TOP) } else { (x - 5.0, Align2::RIGHT_TOP) };
        halo_text(painter, pos2(at, y), anchor, &series.label, sans(stage.sizes.unit), ink, stage.palette.ground);
        y += 15.0;
    }
}

/// The quantity on the vertical axis, as the title of a chart.
fn title(painter: &Painter, stage: &Stage, chart: &Chart, room: Rect) -> Arc<Galley> {
    let label = prose::label(&chart.y.label);
    let words = if chart.y.unit.is_empty() { label } else { format!("{label} ({})", chart.y.unit) };
    let mut job = prose::job(&words, stage.sizes.unit, Some(stage.palette.soft), None);
    job.wrap = TextWrapping::truncate_at_width((room.width() - 30.0).max(20.0));
    painter.layout_job(job)
}

/// Names of the series: from the right end of the title line leftward, then on rows of their own between the title and the plot.
struct Legend {
    /// Each name with its place, its ink and its mark.
    names: Vec<(Pos2, Arc<Galley>, Color32, Mark)>,
    /// Rows below the title line.
    rows: u8,
}

impl Legend {
    fn of(painter: &Painter, stage: &Stage, chart: &Chart, room: Rect, title: f32) -> Self {
        let right = room.right() - 14.0;
        let (mut x, mut least) = (right, room.left() + TITLE.x + title + 16.0);
        let (mut names, mut rows) = (Vec::new(), 0_u8);
        for series in chart.series.iter().rev().filter(|s| !s.label.is_empty() && !s.points.is_empty() && s.mark != Mark::Upright) {
            let ink = colour(&stage.palette, series.ink);
            let galley = painter.layout_job(prose::job(&series.label, stage.sizes.unit, Some(ink), None));
            if x - galley.size().x - 14.0 < least {
                rows = rows.saturating_add(1);
                (x, least) = (right, room.left() + TITLE.x);
            }
            let at = pos2(x - galley.size().x, room.top() + TITLE.y + ROW * f32::from(rows));
            x = at.x - 28.0;
            names.push((at, galley, ink, series.mark));
        }
        Self { names, rows }
    }

    /// What the rows below the title line take.
    fn height(&self) -> f32 {
        ROW * f32::from(self.rows)
    }

    fn paint(self, painter: &Painter, stage: &Stage) {
        for (at, galley, ink, mark) in self.names {
            painter.galley(at, galley, ink);
            swatch(painter, at + vec2(-9.0, 0.5 * ROW), mark, ink, stage.palette.ground);
        }
    }
}

/// A small sample of a mark.
fn swatch(painter: &Painter, at: Pos2, mark: Mark, ink: Color32, ground: Color32) {
    match mark {
        Mark::Dots | Mark::Rings => dot(painter, at, mark, ink, ground),
        Mark::Dashed => dashed_line(painter, &[pos2(at.x - 7.0, at.y), pos2(at.x + 5.0, at.y)], Stroke::new(1.6, ink), 4.0, 3.0),
        Mark::Raster => {
            painter.line_segment([pos2(at.x, at.y - 4.0), pos2(at.x, at.y + 4.0)], Stroke::new(1.5, ink));
        }
        Mark::Bars => {
            painter.rect_filled(Rect::from_center_size(at, vec2(7.0, 7.0)), 1.0, ink.gamma_multiply(0.6));
        }
        Mark::Above => arrow(painter, at - vec2(0.0, 4.0), ink),
        Mark::Line | Mark::Thin | Mark::Upright | Mark::Level => {
            painter.line_segment([pos2(at.x - 7.0, at.y), pos2(at.x + 5.0, at.y)], Stroke::new(1.8, ink));
        }
    }
}

/// A dot, or a ring where nothing happened.
fn dot(painter: &Painter, at: Pos2, mark: Mark, ink: Color32, ground: Color32) {
    let (radius, fill) = if mark == Mark::Rings { (2.6, ground) } else { (2.8, ink) };
    painter.circle(at, radius, fill, Stroke::new(1.2, ink));
}

/// A small arrow upward whose head touches `at`.
fn arrow(painter: &Painter, at: Pos2, ink: Color32) {
    painter.line_segment([at, at + vec2(0.0, 9.0)], Stroke::new(1.2, ink));
    let head = vec![at, at + vec2(-3.0, 5.0), at + vec2(3.0, 5.0)];
    painter.add(Shape::convex_polygon(head, ink, Stroke::NONE));
}

fn paint(painter: &Painter, stage: &Stage, axes: &Axes, series: &Series, ink: Color32) {
    let place = |p: &[f64; 2]| axes.screen(*p);
    let ground = stage.palette.ground;
    match series.mark {
        Mark::Line | Mark::Thin | Mark::Dashed => lines(painter, axes, series, ink),
        Mark::Dots | Mark::Rings => {
            for at in series.points.iter().filter(|p| p[1].is_finite()).map(place) {
                dot(painter, at, series.mark, ink, ground);
            }
        }
        Mark::Bars => bars(painter, axes, series, ink),
        Mark::Raster => {
            let half = (0.36 * (axes.screen_y(0.0) - axes.screen_y(1.0)).abs()).clamp(1.0, 9.0);
            for at in series.points.iter().map(place) {
                painter.line_segment([pos2(at.x, at.y - half), pos2(at.x, at.y + half)], Stroke::new(1.2, ink));
            }
        }
        Mark::Above => {
            for x in series.points.iter().map(|p| axes.screen_x(p[0])) {
                arrow(painter, pos2(x, axes.rect.top()), ink);
            }
        }
        Mark::Upright => {
            for x in series.points.iter().map(|p| axes.screen_x(p[0])) {
                dashed_line(painter, &[pos2(x, axes.rect.top()), pos2(x, axes.rect.bottom())], Stroke::new(1.0, ink), 3.0, 4.0);
            }
        }
        Mark::Level => {
            for y in series.points.iter().map(|p| axes.screen_y(p[1])) {
                dashed_line(painter, &[pos2(axes.rect.left(), y), pos2(axes.rect.right(), y)], Stroke::new(1.0, ink), 3.0, 4.0);
            }
        }
    }
}

/// Runs of finite points, each reduced to what differs on screen.
fn lines(painter: &Painter, axes: &Axes, series: &Series, ink: Color32) {
    let runs = || series.points.split(|p| !(p[0].is_finite() && p[1].is_finite())).filter(|run| run.len() > 1);
    let faint = if series.mark == Mark::Thin && runs().nth(MANY).is_none() { 0.7 } else { 0.35 };
    for run in runs() {
        let path = reduced(run.iter().map(|p| axes.screen(*p)));
        match series.mark {
            Mark::Dashed => dashed_line(painter, &path, Stroke::new(1.6, ink), 6.0, 4.0),
            Mark::Thin => {
                painter.add(Shape::line(path, Stroke::new(1.0, ink.gamma_multiply(faint))));
            }
            _ => {
                painter.add(Shape::line(path, Stroke::new(1.8, ink)));
            }
        }
    }
}

/// What is kept of the points in one pixel column: its extremes with their places in the order of points, for at a jump both have the same
/// x, and its last point.
struct Column {
    at: f32,
    low: (usize, Pos2),
    high: (usize, Pos2),
    last: Pos2,
}

impl Column {
    fn close(self, path: &mut Vec<Pos2>) {
        let (a, b) = if self.low.0 <= self.high.0 { (self.low.1, self.high.1) } else { (self.high.1, self.low.1) };
        for point in [a, b, self.last] {
            if path.last() != Some(&point) {
                path.push(point);
            }
        }
    }
}

/// A path with at most first, lowest, highest and last point of every pixel column it crosses.
fn reduced(points: impl Iterator<Item = Pos2>) -> Vec<Pos2> {
    let mut path: Vec<Pos2> = Vec::new();
    let mut column: Option<Column> = None;
    for (place, point) in points.enumerate() {
        match &mut column {
            Some(column) if (point.x.floor() - column.at).abs() < 0.5 => {
                if point.y > column.low.1.y {
                    column.low = (place, point);
                }
                if point.y < column.high.1.y {
                    column.high = (place, point);
                }
                column.last = point;
            }
            _ => {
                if let Some(done) = column.take() {
                    done.close(&mut path);
                }
                path.push(point);
                column = Some(Column { at: point.x.floor(), low: (place, point), high: (place, point), last: point });
            }
        }
    }
    if let Some(done) = column {
        done.close(&mut path);
    }
    path
}

fn bars(painter: &Painter, axes: &Axes, series: &Series, ink: Color32) {
    let step = series.points.windows(2).map(|w| (w[1][0] - w[0][0]).abs()).fold(f64::INFINITY, f64::min);
    let step = if step.is_finite() { step } else { 0.1 * (axes.x.1 - axes.x.0) };
    for [x, y] in series.points.iter().filter(|p| p[1].is_finite()) {
        let (a, b) = (axes.screen([x - 0.42 * step, 0.0]), axes.screen([x + 0.42 * step, *y]));
        painter.rect_filled(Rect::from_two_pos(a, b), 0.0, ink.gamma_multiply(0.6));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_is_drawn_from_its_peak_down_and_not_twice() {
        // A rise to a peak within one column, the jump at once, and what follows it; y grows downward.
        let points = [pos2(3.0, 50.0), pos2(4.1, 40.0), pos2(4.6, 10.0), pos2(4.6, 90.0), pos2(4.9, 89.0), pos2(5.5, 80.0)];
        assert_eq!(reduced(points.into_iter()), points);
    }
}
