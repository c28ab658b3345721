//! Long curves reduced to the pixels they cross, before anything is tessellated.

use eframe::egui::{Pos2, pos2};

use crate::sim::Trace;
use crate::ui::plot::Axes;

/// Below this many points per pixel every point is drawn.
const SPARSE: usize = 3;
/// Above this many points per pixel a column may begin up to 16 points early, a thirtieth of its width, where a block of
/// extrema begins.
const CROWDED: usize = 480;

/// Which points of a trace fall into which pixel column; found once, for all strips of a time axis.
pub struct Columns {
    /// Points in view, with one more on either side.
    span: (usize, usize),
    /// The columns; none where every point is drawn.
    columns: Vec<Column>,
}

/// The points of one pixel column, or of a part of it up to where the course breaks.
struct Column {
    points: (usize, usize),
    /// Time up to which spikes belong to it.
    until: f64,
    /// Where its first point, its middle and its last point stand across the screen.
    places: [f32; 3],
    /// The course breaks before its first point.
    is_broken: bool,
}

impl Columns {
    /// The columns of a time axis.
    #[must_use]
    pub fn new(trace: &Trace, axes: &Axes) -> Self {
        let span = (trace.index_at(axes.x.0).saturating_sub(1), (trace.index_at(axes.x.1) + 1).min(trace.len()));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a width in pixels")]
        let count = axes.rect.width().max(1.0) as usize;
        let mut columns = Vec::new();
        if span.1.saturating_sub(span.0) <= SPARSE * count {
            return Self { span, columns };
        }
        let crowded = span.1.saturating_sub(span.0) > CROWDED * count;
        let mut begin = trace.index_at(axes.x.0);
        let mut breaks = trace.breaks().filter(|index| *index >= begin).collect::<Vec<_>>().into_iter().peekable();
        for column in 0..count {
            let (mut left, right) = (edge(axes, column, count), edge(axes, column + 1, count));
            let next = trace.index_from(begin, right);
            let end = if crowded && column + 1 < count { trace.block_before(next).max(begin) } else { next };
            let mut is_broken = false;
            let mut add = |points: (usize, usize), (left, until): (f64, f64), is_broken| {
                let places = [trace.time(points.0), 0.5 * (left + until), trace.time(points.1.saturating_sub(1))].map(|t| axes.screen_x(t));
                columns.push(Column { points, until, places, is_broken });
            };
            while let Some(index) = breaks.next_if(|index| *index < end) {
                if index > begin {
                    add((begin, index), (left, trace.time(index)), is_broken);
                    left = trace.time(index);
                }
                (begin, is_broken) = (index, true);
            }
            add((begin, end), (left, right), is_broken);
            begin = end;
        }
        Self { span, columns }
    }
}

/// Time at the left edge of a pixel column.
fn edge(axes: &Axes, column: usize, count: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a pixel column")]
    let part = column as f64 / count as f64;
    axes.x.0 + (axes.x.1 - axes.x.0) * part
}

/// A channel of a trace as a polyline: every point where they are sparse; first, lowest, highest and last of
/// each pixel column where they are dense. The state right before and after each spike belongs to the curve.
#[must_use]
pub fn channel(trace: &Trace, channel: usize, axes: &Axes, columns: &Columns) -> Vec<Pos2> {
    pieces(trace, channel, axes, columns).concat()
}

/// [`channel`], in pieces between which a hand has moved the state.
#[must_use]
pub fn pieces(trace: &Trace, channel: usize, axes: &Axes, columns: &Columns) -> Vec<Vec<Pos2>> {
    if columns.columns.is_empty() { sparse(trace, channel, axes, columns.span.0, columns.span.1) } else { dense(trace, channel, axes, columns) }
}

fn sparse(trace: &Trace, channel: usize, axes: &Axes, from: usize, to: usize) -> Vec<Vec<Pos2>> {
    let mut done = Vec::new();
    let mut path = Vec::with_capacity(to.saturating_sub(from) + 16);
    let spikes = trace.spikes();
    let mut next = spikes.partition_point(|s| s.t < trace.time(from));
    let mut breaks = trace.breaks().filter(|index| *index > from && channel > 0).peekable();
    for index in from..to {
        let t = trace.time(index);
        while let Some(spike) = spikes.get(next).filter(|s| s.t <= t && channel > 0) {
            for state in [&spike.before, &spike.after] {
                path.push(axes.screen([spike.t, state.get(channel - 1).copied().unwrap_or(0.0)]));
            }
            next += 1;
        }
        if breaks.next_if_eq(&index).is_some() {
            done.push(std::mem::take(&mut path));
        }
        push_smooth(&mut path, axes.screen([t, trace.value(index, channel)]));
    }
    done.push(path);
    done
}

fn dense(trace: &Trace, channel: usize, axes: &Axes, columns: &Columns) -> Vec<Vec<Pos2>> {
    let mut done = Vec::new();
    let mut path: Vec<Pos2> = Vec::with_capacity(2 * columns.columns.len());
    let spikes = trace.spikes();
    let mut next = spikes.partition_point(|s| s.t < axes.x.0);
    let mut newest = None;
    for Column { points: (begin, end), until, places: [left_x, middle, right_x], is_broken } in &columns.columns {
        let Some(mut range) = trace.range(channel, *begin, *end) else { continue };
        if *is_broken && channel > 0 {
            path.extend(newest.take());
            done.push(std::mem::take(&mut path));
        }
        while let Some(spike) = spikes.get(next).filter(|s| s.t < *until && channel > 0) {
            for state in [&spike.before, &spike.after] {
                let value = state.get(channel - 1).copied().unwrap_or(range.0);
                range = (range.0.min(value), range.1.max(value));
            }
            next += 1;
        }
        let (first, last) = (trace.value(*begin, channel), trace.value(end - 1, channel));
        let (low, high) = if last >= first { range } else { (range.1, range.0) };
        let at = pos2(*left_x, axes.screen_y(first));
        // Where a column holds many points, its first stands where the last of the column before does.
        if path.last().is_none_or(|before| before.distance_sq(at) > ALIKE * ALIKE) {
            push_smooth(&mut path, at);
        }
        // Where the column is monotone, its first point and the next column's say all; inner extremes stand
        // in its middle.
        if low.to_bits() != first.to_bits() || high.to_bits() != last.to_bits() {
            path.push(pos2(*middle, axes.screen_y(low)));
            path.push(pos2(*middle, axes.screen_y(high)));
            path.push(pos2(*right_x, axes.screen_y(last)));
        }
        newest = Some(pos2(*right_x, axes.screen_y(last)));
    }
    path.extend(newest);
    done.push(path);
    done
}

/// Points so many pixels apart look like one.
const ALIKE: f32 = 0.05;

/// Longest straight piece in pixels that replaces the points along it, and how far they may lie beside it.
const STRAIGHT: (f32, f32) = (16.0, 0.04);

/// Appends a point; where the last one lies on the way from the one before it, it takes its place.
fn push_smooth(path: &mut Vec<Pos2>, at: Pos2) {
    if let [.., a, b] = path[..] {
        let (way, part) = (at - a, b - a);
        let length = way.length();
        let beside = (way.x * part.y - way.y * part.x).abs();
        if length < STRAIGHT.0 && beside <= STRAIGHT.1 * length && way.dot(part) > 0.0 && part.length() <= length {
            path.pop();
        }
    }
    path.push(at);
}

/// How far in pixels an arc in the plane may bulge beyond the chord that replaces it.
const BULGE: f32 = 0.02;

/// Appends a point to a path in the plane unless it is less than `least` pixels from the last one. Where the way is all but
/// straight it takes the place of the last one.
pub fn push_apart(path: &mut Vec<Pos2>, at: Pos2, least: f32) {
    if path.last().is_none_or(|last| last.distance_sq(at) >= least * least) {
        if let [.., a, b] = path[..] {
            let (way, part) = (at - a, b - a);
            let (length, done) = (way.length(), part.length());
            // On an arc, the last point tells how far the middle stands off the chord.
            let beside = (way.x * part.y - way.y * part.x).abs();
            let flat = beside * length <= 4.0 * BULGE * done * (length - done);
            if length < STRAIGHT.0 && done < length && way.dot(part) > 0.0 && flat {
                path.pop();
            }
        }
        path.push(at);
    }
}
