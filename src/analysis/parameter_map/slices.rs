//! Curves of cycles from one-parameter diagrams, slice by slice, with more slices where curves end.
#![expect(clippy::cast_precision_loss, reason = "a few hundred slices")]

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::{CurveKind, Field, MapCurve, MapPoint, MapSpecial, Meeting};
use crate::analysis::diagram::{Care, Kind, diagram};

/// What one slice holds.
#[derive(Clone, Debug, Default)]
struct Slice {
    y: f64,
    points: Vec<(CurveKind, f64)>,
    /// Values of folds, and whether they lie on a cycle.
    folds: Vec<(f64, bool)>,
}

/// Points of neighbouring slices further apart than this, in widths of the range, belong to different curves.
const JUMP: f64 = 0.12;

/// Curves of cycle folds and homoclinic ends over `count` slices of the second parameter, and the saddle-node-loop
/// points between slices. Slices are independent and spread over `threads`; the result does not depend on their number.
/// `stop` ends the work: what is there by then is returned.
#[must_use]
pub fn cycle_curves(
    field: &Field,
    care: Care,
    count: usize,
    threads: usize,
    stop: &AtomicBool,
    progress: &(dyn Fn(f64) + Sync),
) -> (Vec<MapCurve>, Vec<MapSpecial>) {
    let last = (count - 1).max(1) as f64;
    let even: Vec<f64> = (0..count).map(|k| field.at(1, k as f64 / last)).collect();
    let mut slices = compute(field, care, &even, threads, stop, &|part| progress((1.0 - ENDS) * part));
    for round in 0..ROUNDS {
        let begin = f64::from(round) / f64::from(ROUNDS);
        let part = |part: f64| progress(1.0 - ENDS * (1.0 - begin - part / f64::from(ROUNDS)));
        slices.extend(compute(field, care, &between(&slices), threads, stop, &part));
        slices.sort_by(|a, b| a.y.total_cmp(&b.y));
    }
    (join(field, &slices), loops(field, care, &slices, stop))
}

/// Between slices that hold different numbers of points a curve ends; how often such a gap is halved to find where.
const ROUNDS: u32 = 3;
/// Share of the work that this is taken to be.
const ENDS: f64 = 0.25;

/// The middles of the gaps in which curves end.
fn between(slices: &[Slice]) -> Vec<f64> {
    let count = |slice: &Slice, kind| slice.points.iter().filter(|p| p.0 == kind).count();
    let ends = |pair: &&[Slice]| [CurveKind::CycleFold, CurveKind::Homoclinic].into_iter().any(|kind| count(&pair[0], kind) != count(&pair[1], kind));
    slices.windows(2).filter(ends).map(|pair| 0.5 * (pair[0].y + pair[1].y)).collect()
}

fn compute(field: &Field, care: Care, ys: &[f64], threads: usize, stop: &AtomicBool, progress: &(dyn Fn(f64) + Sync)) -> Vec<Slice> {
    let next = AtomicUsize::new(0);
    let found: Mutex<Vec<Slice>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                loop {
                    let k = next.fetch_add(1, Ordering::Relaxed);
                    let Some(y) = ys.get(k).filter(|_| !stop.load(Ordering::Relaxed)) else { break };
                    let slice = slice(field, care, *y, stop);
                    if let Ok(mut found) = found.lock() {
                        found.push(slice);
                        progress(found.len() as f64 / ys.len() as f64);
                    }
                }
            });
        }
    });
    let mut slices = found.into_inner().unwrap_or_default();
    slices.sort_by(|a, b| a.y.total_cmp(&b.y));
    slices
}

fn slice(field: &Field, care: Care, y: f64, stop: &AtomicBool) -> Slice {
    let found = diagram(&field.slice(0, y), field.range[0], care, &mut |_| !stop.load(Ordering::Relaxed));
    let mut slice = Slice { y, ..Slice::default() };
    for point in &found.special {
        match point.kind {
            Kind::CycleFold { .. } => slice.points.push((CurveKind::CycleFold, point.value)),
            Kind::Homoclinic => slice.points.push((CurveKind::Homoclinic, point.value)),
            Kind::SaddleNode => slice.folds.push((point.value, false)),
            Kind::SaddleNodeOnCircle => slice.folds.push((point.value, true)),
            _ => {}
        }
    }
    slice
}

/// Points of neighbouring slices are joined in the order of their distance.
fn join(field: &Field, slices: &[Slice]) -> Vec<MapCurve> {
    let width = field.range[0].1 - field.range[0].0;
    let mut curves: Vec<(MapCurve, usize)> = Vec::new();
    for (place, slice) in slices.iter().enumerate() {
        let mut free: Vec<(CurveKind, f64)> = slice.points.clone();
        let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
        for (c, (curve, _)) in curves.iter().enumerate().filter(|(_, (_, last))| last + 1 == place) {
            for (k, (_, x)) in free.iter().enumerate().filter(|(_, p)| p.0 == curve.kind) {
                let Some(end) = curve.points.last() else { continue };
                // A curve goes on as it went: its last two points tell where it should be.
                let ahead = curve.points.len().checked_sub(2).and_then(|k| curve.points.get(k)).map_or(end.x, |before| 2.0 * end.x - before.x);
                let off = (x - ahead).abs().min((x - end.x).abs()) / width;
                if off < JUMP {
                    pairs.push((off, c, k));
                }
            }
        }
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut used_curves, mut used_points) = (Vec::new(), Vec::new());
        for (_, c, k) in pairs {
            if used_curves.contains(&c) || used_points.contains(&k) {
                continue;
            }
            used_curves.push(c);
            used_points.push(k);
            if let (Some((curve, last)), Some((_, x))) = (curves.get_mut(c), free.get(k)) {
                curve.points.push(MapPoint { x: *x, y: slice.y, subcritical: false });
                *last = place;
            }
        }
        for (k, (kind, x)) in free.drain(..).enumerate() {
            if !used_points.contains(&k) {
                let first = MapPoint { x, y: slice.y, subcritical: false };
                curves.push((MapCurve { kind, points: vec![first] }, place));
            }
        }
    }
    curves.into_iter().map(|c| c.0).collect()
}

/// Between two slices of which one has its fold on a cycle and the other off it: bisection.
fn loops(field: &Field, care: Care, slices: &[Slice], stop: &AtomicBool) -> Vec<MapSpecial> {
    let width = [field.range[0].1 - field.range[0].0, field.range[1].1 - field.range[1].0];
    let mut found = Vec::new();
    for pair in slices.windows(2) {
        for (x, on) in &pair[0].folds {
            let twin =
                pair[1].folds.iter().filter(|f| ((f.0 - x) / width[0]).abs() < JUMP).min_by(|a, b| (a.0 - x).abs().total_cmp(&(b.0 - x).abs()));
            let Some((other, _)) = twin.filter(|twin| twin.1 != *on) else { continue };
            let homoclinic = |slice: &Slice| slice.points.iter().any(|p| p.0 == CurveKind::Homoclinic);
            // Off the cycle alone says little; the cycle must end on the saddle on that side.
            if !homoclinic(&pair[usize::from(*on)]) {
                continue;
            }
            let (mut low, mut high) = (pair[0].y, pair[1].y);
            let mut at = *other;
            for _ in 0..10 {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                let middle = slice(field, care, 0.5 * (low + high), stop);
                let near = middle.folds.iter().min_by(|a, b| (a.0 - x).abs().total_cmp(&(b.0 - x).abs()));
                let Some((value, is_on)) = near else { break };
                at = *value;
                if is_on == on {
                    low = middle.y;
                } else {
                    high = middle.y;
                }
            }
            found.push(MapSpecial { kind: Meeting::SaddleNodeLoop, x: at, y: 0.5 * (low + high), error: (high - low) / width[1] });
        }
    }
    found
}
