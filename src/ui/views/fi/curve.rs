//! The curve itself: rest and firing as lines, hysteresis, onset, closed form, and the measured dots.

use eframe::egui::{Align2, Color32, Painter, Pos2, Rect, Shape, Stroke, Ui, pos2, vec2};

use crate::app::FiCurve;
use crate::experiment::{Law, Onset, Point};
use crate::ui::glyphs::{arrow_head, dashed_line, halo_text, styled_line};
use crate::ui::plot::{Axes, figures, short};
use crate::ui::stage::Stage;
use crate::ui::theme::sans;

/// Dots are at least so far apart, in points.
const APART: f32 = 7.5;

/// Paints everything; `strength` fades what belongs to other values. Returns where its words stand.
pub fn paint(ui: &Ui, stage: &Stage, axes: &Axes, found: &FiCurve, strength: f32) -> Vec<Rect> {
    let painter = ui.painter().with_clip_rect(axes.rect.expand(6.0));
    let fade = |colour: Color32| colour.gamma_multiply(strength);
    let points = &found.curve.points;
    let onset = found.curve.onset.as_ref();
    if let Some(onset) = onset {
        hysteresis(&painter, stage, axes, onset, points, strength);
    }
    let exact = !found.closed_form.is_empty();
    for line in lines(points, onset) {
        // The closed form is the line; what was measured shows as dots on it.
        if exact && line.kind == Kind::Firing {
            continue;
        }
        let path: Vec<Pos2> = line.points.iter().map(|p| axes.screen(*p)).collect();
        let (style, colour) = match line.kind {
            Kind::Rest => (stage.sizes.branch, stage.palette.text),
            Kind::Firing => (stage.sizes.branch, stage.palette.cycle),
            Kind::Oscillating => (stage.sizes.cycle_unstable, stage.palette.cycle),
        };
        styled_line(&painter, &path, style, fade(colour));
    }
    for path in closed_form(found, onset).split(|p| p[1] <= 0.0) {
        let path: Vec<Pos2> = path.iter().map(|p| axes.screen(*p)).collect();
        painter.add(Shape::line(path, Stroke::new(1.6, fade(stage.palette.cycle))));
    }
    let mut last = f32::NEG_INFINITY;
    for point in points {
        let Some(rate) = point.rate else { continue };
        let at = axes.screen([point.current, rate]);
        if at.x - last < APART {
            continue;
        }
        last = at.x;
        let colour = if rate > 0.0 { stage.palette.cycle } else { stage.palette.text };
        painter.circle(at, 2.6, fade(colour), Stroke::new(1.0, stage.palette.ground));
    }
    let mut words = labels(&painter, stage, axes, found, strength);
    words.extend(onset.and_then(|onset| onset_ui(&painter, stage, axes, onset, strength)));
    words
}

/// The closed form with the points close above the onset, where it is steepest.
fn closed_form(found: &FiCurve, onset: Option<&Onset>) -> Vec<[f64; 2]> {
    if found.closed_form.is_empty() {
        return Vec::new();
    }
    let near = onset.iter().flat_map(|onset| onset.near.iter().map(|(i, rate)| [*i, *rate]));
    let foot = onset.and_then(|o| o.current).map(|i| [i, f64::MIN_POSITIVE]);
    let mut path: Vec<[f64; 2]> = found.closed_form.iter().copied().chain(near).chain(foot).collect();
    path.sort_by(|a, b| a[0].total_cmp(&b[0]));
    path
}

/// What a stretch of the curve is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// No spikes.
    Rest,
    /// Sustained firing.
    Firing,
    /// A cycle below the spike level, at its frequency.
    Oscillating,
}

/// A stretch of the curve.
#[derive(Debug, PartialEq)]
struct Line {
    kind: Kind,
    points: Vec<[f64; 2]>,
}

/// The stretches of the curve: neighbouring points on the same attractor.
fn lines(points: &[Point], onset: Option<&Onset>) -> Vec<Line> {
    let firing = |p: &Point| p.rate_down.or(p.rate).filter(|r| *r > 0.0);
    let raised = |p: &Point| p.rate_up.filter(|r| *r > 0.0 && firing(p).is_none_or(|f| (f - r).abs() > 1e-3 * f));
    let below = |p: &Point| p.cycle_frequency.filter(|_| firing(p).is_none() && raised(p).is_none());
    let silent = |p: &Point| ([p.rate_up, p.rate_down, p.rate].contains(&Some(0.0)) && below(p).is_none()).then_some(0.0);
    let mut lines = Vec::new();
    stretches(points, Kind::Rest, &silent, &mut lines);
    stretches(points, Kind::Oscillating, &below, &mut lines);
    stretches(points, Kind::Firing, &raised, &mut lines);
    if let Some((end, line)) = onset.and_then(|o| o.rest_ends).zip(lines.iter_mut().find(|line| line.kind == Kind::Rest))
        && line.points.last().is_some_and(|p| p[0] < end)
    {
        line.points.push([end, 0.0]);
    }
    let first = lines.len();
    stretches(points, Kind::Firing, &firing, &mut lines);
    // The lowest firing begins at the onset, on the points that were measured close to it.
    if let Some((onset, line)) = onset.zip(lines.get_mut(first..).and_then(|l| l.first_mut()))
        && let Some(current) = onset.current
        && let Some(start) = line.points.first().map(|p| p[0]).filter(|start| *start > current)
    {
        let rate = onset.law.map_or(0.0, Law::lowest_rate);
        let near = onset.near.iter().filter(|(i, _)| *i < start).map(|(i, rate)| [*i, *rate]);
        let head: Vec<[f64; 2]> = std::iter::once([current, rate]).chain(near).collect();
        line.points.splice(0..0, head);
    }
    lines
}

fn stretches(points: &[Point], kind: Kind, reading: &dyn Fn(&Point) -> Option<f64>, lines: &mut Vec<Line>) {
    for run in points.split(|p| reading(p).is_none()) {
        let points: Vec<[f64; 2]> = run.iter().filter_map(|p| Some([p.current, reading(p)?])).collect();
        if !points.is_empty() {
            lines.push(Line { kind, points });
        }
    }
}

/// The stretch in which rest and firing are both stable, with the jumps at its ends.
fn hysteresis(painter: &Painter, stage: &Stage, axes: &Axes, onset: &Onset, points: &[Point], strength: f32) {
    let Some(low) = onset.current.filter(|_| onset.rest_remains) else { return };
    let right = onset.rest_ends.or_else(|| points.last().map(|p| p.current)).unwrap_or(low);
    let span = Rect::from_x_y_ranges(axes.screen_x(low)..=axes.screen_x(right), axes.rect.y_range()).intersect(axes.rect);
    painter.rect_filled(span, 0.0, stage.palette.both_stable().gamma_multiply(strength));
    let colour = stage.palette.cycle.gamma_multiply(0.8 * strength);
    let jump = |x: f64, rate: f64, is_up: bool| {
        let (foot, head) = (axes.screen([x, 0.0]), axes.screen([x, rate]));
        if foot.y - head.y < 24.0 {
            return;
        }
        dashed_line(painter, &[foot, head], Stroke::new(1.3, colour), 3.0, 4.0);
        let middle = foot + 0.5 * (head - foot);
        let direction = vec2(0.0, if is_up { -1.0 } else { 1.0 });
        arrow_head(painter, middle + 5.0 * direction, direction, 9.0, colour);
    };
    jump(low, onset.law.map_or(0.0, Law::lowest_rate), false);
    if let Some(end) = onset.rest_ends
        && let Some(rate) = points.iter().find(|p| p.current >= end).and_then(|p| p.rate_up)
    {
        jump(end, rate, true);
    }
    if span.width() < 10.0 {
        return;
    }
    let (at, anchor) = if span.width() > 84.0 {
        (pos2(span.center().x, axes.rect.top() + 4.0), Align2::CENTER_TOP)
    } else {
        (pos2(span.right() + 6.0, axes.rect.top() + 4.0), Align2::LEFT_TOP)
    };
    if at.x < axes.rect.right() - 70.0 {
        painter.text(at, anchor, "both stable", sans(stage.sizes.unit), stage.palette.cycle.gamma_multiply(strength));
    }
}

fn onset_ui(painter: &Painter, stage: &Stage, axes: &Axes, onset: &Onset, strength: f32) -> Option<Rect> {
    let current = onset.current.filter(|_| onset.class.is_some())?;
    let rate = onset.law.map_or(0.0, Law::lowest_rate);
    let at = axes.screen([current, rate]);
    if !axes.rect.expand(1.0).contains(at) {
        return None;
    }
    let colour = stage.palette.text.gamma_multiply(strength);
    painter.circle(at, stage.sizes.special_point, stage.palette.ground, Stroke::new(stage.sizes.special_ring, colour));
    let is_left = at.x > axes.rect.left() + 96.0;
    let (anchor, side) = if is_left { (Align2::RIGHT_BOTTOM, -9.0) } else { (Align2::LEFT_BOTTOM, 9.0) };
    let text = format!("onset {}", figures(current, 4));
    // Clear of what is written along the line of rest.
    let lift = if axes.rect.bottom() - at.y < 12.0 { -16.0 } else { -5.0 };
    Some(halo_text(painter, at + vec2(side, lift), anchor, text, sans(stage.sizes.unit), colour, stage.palette.ground))
}

/// Words beside the lines, instead of a legend.
fn labels(painter: &Painter, stage: &Stage, axes: &Axes, found: &FiCurve, strength: f32) -> Vec<Rect> {
    let mut words = Vec::new();
    let font = sans(stage.sizes.unit);
    let ground = stage.palette.ground;
    let points = &found.curve.points;
    let firing: Vec<[f64; 2]> = points.iter().filter_map(|p| Some([p.current, p.rate_down.or(p.rate).filter(|r| *r > 0.0)?])).collect();
    if let Some(at) = firing.get(3 * firing.len() / 5).map(|p| axes.screen(*p)) {
        let name = if found.closed_form.is_empty() { "firing" } else { "closed form" };
        let galley = painter.layout_no_wrap(name.into(), font.clone(), ground);
        // Below a rising curve; never beyond the right edge.
        let at = at + vec2(10.0, 8.0);
        let at = pos2(at.x.min(axes.rect.right() - galley.size().x), at.y);
        words.push(halo_text(painter, at, Align2::LEFT_TOP, name, font.clone(), stage.palette.cycle.gamma_multiply(strength), ground));
    }
    let resting = |p: &&Point| [p.rate_up, p.rate].contains(&Some(0.0));
    if let Some(first) = points.iter().find(resting) {
        let at = axes.screen([first.current, 0.0]);
        if at.x < axes.rect.right() - 60.0 && first.cycle_frequency.is_none_or(|_| first.rate_down > Some(0.0)) {
            let colour = stage.palette.text.gamma_multiply(strength);
            words.push(halo_text(painter, at + vec2(6.0, -7.0), Align2::LEFT_BOTTOM, "rest", font.clone(), colour, ground));
        }
    }
    let silent = |p: &&Point| p.cycle_frequency.is_some() && p.rate_down == Some(0.0) && p.rate_up == Some(0.0);
    let below: Vec<&Point> = points.iter().filter(silent).collect();
    if let Some(middle) = below.get(below.len() / 2)
        && let Some(frequency) = middle.cycle_frequency
    {
        let at = axes.screen([middle.current, frequency]);
        let colour = stage.palette.cycle.gamma_multiply(strength);
        words.push(halo_text(painter, at + vec2(0.0, 10.0), Align2::CENTER_TOP, "oscillates without spikes", font, colour, ground));
    }
    words
}

/// What was measured at the current nearest to `current`.
pub fn card(stage: &Stage, found: &FiCurve, current: f64) -> Vec<String> {
    let off = |p: &&Point| (p.current - current).abs();
    let Some(point) = found.curve.points.iter().min_by(|a, b| off(a).total_cmp(&off(b))) else { return Vec::new() };
    let card = stage.neuron().card();
    let mut lines = vec![format!("I = {} {}", short(point.current, 4), card.current.unit).trim_end().to_string()];
    let readings =
        [("from the start", point.rate), ("followed up", point.rate_up), ("followed down", point.rate_down), ("cycle", point.cycle_frequency)];
    lines.extend(readings.into_iter().filter_map(|(name, value)| Some(format!("{name} {} {}", short(value?, 4), card.rate_unit()))));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(current: f64, up: f64, down: f64) -> Point {
        Point { current, rate: Some(up), rate_up: Some(up), rate_down: Some(down), ..Point::default() }
    }

    #[test]
    fn rest_and_firing_overlap_where_both_are_stable_and_firing_begins_at_the_onset() {
        let points = [point(0.0, 0.0, 0.0), point(1.0, 0.0, 50.0), point(2.0, 60.0, 60.0)];
        let onset = Onset { current: Some(0.5), law: Some(Law::Finite(40.0)), near: vec![(0.6, 42.0), (1.5, 55.0)], ..Onset::default() };
        let found = lines(&points, Some(&onset));
        assert_eq!(lines(&points, Some(&Onset { rest_ends: Some(1.6), ..Onset::default() }))[0].points.last(), Some(&[1.6, 0.0]));
        assert_eq!(found[0], Line { kind: Kind::Rest, points: vec![[0.0, 0.0], [1.0, 0.0]] });
        assert_eq!(found[1], Line { kind: Kind::Firing, points: vec![[0.5, 40.0], [0.6, 42.0], [1.0, 50.0], [2.0, 60.0]] });
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn nothing_connects_what_was_not_measured() {
        let mut points = vec![point(0.0, 9.0, 9.0), point(1.0, 9.0, 9.0), point(2.0, 9.0, 9.0)];
        points[1] = Point { current: 1.0, ..Point::default() };
        assert_eq!(lines(&points, None).len(), 2);
        assert!(lines(&[], None).is_empty());
    }
}
