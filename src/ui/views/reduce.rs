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
    /// First point of each column, and the end of the last; empty where every point is drawn.
    bounds: Vec<usize>,
    /// Where first point, middle and last point of each column stand across the screen.
    places: Vec<[f32; 3]>,
}

impl Columns {
    /// The columns of a time axis.
    #[must_use]
    pub fn new(trace: &Trace, axes: &Axes) -> Self {
        let span = (trace.index_at(axes.x.0).saturating_sub(1), (trace.index_at(axes.x.1) + 1).min(trace.len()));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a width in pixels")]
        let count = axes.rect.width().max(1.0) as usize;
        if span.1.saturating_sub(span.0) <= SPARSE * count {
            return Self { span, bounds: Vec::new(), places: Vec::new() };
        }
        let crowded = span.1.saturating_sub(span.0) > CROWDED * count;
        let mut bounds = vec![trace.index_at(axes.x.0)];
        for column in 1..=count {
            let last = bounds.last().copied().unwrap_or(0);
            let next = trace.index_from(last, edge(axes, column, count));
            bounds.push(if crowded && column < count { trace.block_before(next).max(last) } else { next });
        }
        let ends = bounds.iter().zip(bounds.iter().skip(1)).enumerate();
        let places = ends.map(|(column, (begin, end))| {
            let middle = 0.5 * (edge(axes, column, count) + edge(axes, column + 1, count));
            [trace.time(*begin), middle, trace.time(end.saturating_sub(1))].map(|t| axes.screen_x(t))
        });
        let places = places.collect();
        Self { span, bounds, places }
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
    if columns.bounds.is_empty() { sparse(trace, channel, axes, columns.span.0, columns.span.1) } else { dense(trace, channel, axes, columns) }
}

fn sparse(trace: &Trace, channel: usize, axes: &Axes, from: usize, to: usize) -> Vec<Pos2> {
    let mut path = Vec::with_capacity(to.saturating_sub(from) + 16);
    let spikes = trace.spikes();
    let mut next = spikes.partition_point(|s| s.t < trace.time(from));
    for index in from..to {
        let t = trace.time(index);
        while let Some(spike) = spikes.get(next).filter(|s| s.t <= t && channel > 0) {
            for state in [&spike.before, &spike.after] {
                path.push(axes.screen([spike.t, state.get(channel - 1).copied().unwrap_or(0.0)]));
            }
            next += 1;
        }
        push_smooth(&mut path, axes.screen([t, trace.value(index, channel)]));
    }
    path
}

fn dense(trace: &Trace, channel: usize, axes: &Axes, columns: &Columns) -> Vec<Pos2> {
    let count = columns.places.len();
    let mut path: Vec<Pos2> = Vec::with_capacity(2 * count);
    let spikes = trace.spikes();
    let mut next = spikes.partition_point(|s| s.t < axes.x.0);
    let mut newest = None;
    for (column, (ends, [left_x, middle, right_x])) in columns.bounds.windows(2).zip(&columns.places).enumerate() {
        let (begin, end) = (ends[0], ends[1]);
        let right = edge(axes, column + 1, count);
        let Some(mut range) = trace.range(channel, begin, end) else { continue };
        while let Some(spike) = spikes.get(next).filter(|s| s.t < right && channel > 0) {
            for state in [&spike.before, &spike.after] {
                let value = state.get(channel - 1).copied().unwrap_or(range.0);
                range = (range.0.min(value), range.1.max(value));
            }
            next += 1;
        }
        let (first, last) = (trace.value(begin, channel), trace.value(end - 1, channel));
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
    path
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
