//! The branches as lines: stable solid, unstable dashed; cycles by their lowest and highest potential.

use eframe::egui::{Align2, Color32, Pos2, Rect, Shape, Stroke, Ui, pos2, vec2};

use super::scene::{CycleLine, CyclePoint, Scene};
use crate::analysis::Over;
use crate::ui::glyphs::{dashed_line, halo_text, styled_line};
use crate::ui::plot::Axes;
use crate::ui::stage::Stage;
use crate::ui::theme::sans;
use crate::ui::views::i_line::value_of;

/// Distance between drawn points of a smooth curve, in points of the screen.
const FINE: f32 = 6.0;

/// Draws all branches; cycles at `strength`, equilibria always in full, since they are of this frame. Returns where the names of firing
/// patterns stand.
pub fn show(ui: &Ui, stage: &Stage, axes: &Axes, scene: &Scene, strength: f32) -> Vec<Rect> {
    let mut named = Vec::new();
    let painter = ui.painter().with_clip_rect(axes.rect.expand(1.0));
    let sizes = stage.sizes;
    for line in &scene.cycles {
        let strength = if line.spikes.is_some() && !scene.has_firing { strength.min(super::STALE) } else { strength };
        let colour = stage.palette.cycle.gamma_multiply(strength);
        named.extend(name_pattern(ui, stage, axes, line, colour));
        for side in [|p: &CyclePoint| p.v.0, |p: &CyclePoint| p.v.1] {
            let path = smooth(line.points.iter().map(|p| axes.screen([p.value, side(p)])).collect());
            if line.stable {
                painter.add(Shape::line(path, Stroke::new(sizes.branch.width, colour)));
            } else {
                styled_line(&painter, &path, sizes.cycle_unstable, colour);
            }
        }
    }
    for line in &scene.rests {
        let path: Vec<Pos2> = line.points.iter().map(|p| axes.screen([p.value, p.state[0]])).collect();
        if line.stable {
            painter.add(Shape::line(path, Stroke::new(sizes.branch.width, stage.palette.text)));
        } else {
            styled_line(&painter, &path, sizes.branch_unstable, stage.palette.unstable);
        }
    }
    named
}

/// Where all branches run, in steps that are fine beside a label.
pub fn paths(axes: &Axes, scene: &Scene) -> Vec<Vec<Pos2>> {
    let sides = |line: &CycleLine| {
        [|p: &CyclePoint| p.v.0, |p: &CyclePoint| p.v.1].map(|side| sparse(line.points.iter().map(|p| axes.screen([p.value, side(p)]))))
    };
    let rests = scene.rests.iter().map(|line| sparse(line.points.iter().map(|p| axes.screen([p.value, p.state[0]]))));
    rests.chain(scene.cycles.iter().flat_map(sides)).collect()
}

/// Of points on screen those that are a little apart, and the last.
fn sparse(points: impl DoubleEndedIterator<Item = Pos2> + Clone) -> Vec<Pos2> {
    let last = points.clone().next_back();
    let mut path: Vec<Pos2> = Vec::new();
    for at in points {
        if path.last().is_none_or(|p| p.distance(at) > FINE) {
            path.push(at);
        }
    }
    path.extend(last);
    path
}

/// The name of a firing pattern, above the middle of its line where there is room.
fn name_pattern(ui: &Ui, stage: &Stage, axes: &Axes, line: &CycleLine, colour: Color32) -> Option<Rect> {
    let spikes = line.spikes?;
    let seen: Vec<Pos2> = line.points.iter().map(|p| axes.screen([p.value, p.v.0])).filter(|p| axes.rect.contains(*p)).collect();
    let (first, last) = (seen.first()?, seen.last()?);
    let potential = stage.neuron().states().first().map_or("V", |f| f.id);
    let words = if spikes == 1 { format!("tonic, lowest {potential}") } else { format!("{spikes} spikes, lowest {potential}") };
    let font = sans(stage.sizes.unit);
    let width = ui.painter().layout_no_wrap(words.clone(), font.clone(), colour).size().x;
    let has_room = last.x - first.x > width;
    has_room.then(|| halo_text(ui.painter(), *last - vec2(2.0, 5.0), Align2::RIGHT_BOTTOM, words, font, colour, stage.palette.ground))
}

/// Rates of the cycles.
pub fn rates(ui: &Ui, stage: &Stage, axes: &Axes, scene: &Scene, strength: f32) {
    let painter = ui.painter().with_clip_rect(axes.rect.expand(1.0));
    let colour = stage.palette.cycle.gamma_multiply(strength);
    for line in &scene.cycles {
        let path = smooth(line.points.iter().map(|p| axes.screen([p.value, p.rate])).collect());
        if line.stable {
            painter.add(Shape::line(path, Stroke::new(stage.sizes.branch.width, colour)));
        } else {
            styled_line(&painter, &path, stage.sizes.cycle_unstable, colour);
        }
    }
    for line in scene.rests.iter().filter(|l| l.stable) {
        let path: Vec<Pos2> = line.points.iter().map(|p| axes.screen([p.value, 0.0])).collect();
        painter.add(Shape::line(path, Stroke::new(stage.sizes.branch.width, stage.palette.text)));
    }
}

/// A dotted line at the current that enters now: with a stimulus the neuron is elsewhere than its holding current says.
pub fn entering(ui: &Ui, stage: &Stage, over: Over, axes: &Axes) {
    let (value, entering) = (value_of(stage.bench.setup(), over), stage.bench.shown().2);
    if over == Over::Current && (entering - value).abs() > 1e-3 * (axes.x.1 - axes.x.0) {
        let painter = ui.painter().with_clip_rect(axes.rect.expand(4.0));
        let x = axes.screen_x(entering);
        dashed_line(&painter, &[pos2(x, axes.rect.top()), pos2(x, axes.rect.bottom())], Stroke::new(1.3, stage.palette.input), 2.0, 4.0);
    }
}

/// Dots where the line of the present value meets each stable branch.
pub fn live(ui: &Ui, stage: &Stage, over: Over, axes: &Axes, scene: &Scene) {
    let value = value_of(stage.bench.setup(), over);
    let painter = ui.painter().with_clip_rect(axes.rect.expand(4.0));
    let dot = |v: f64, colour: Color32| {
        painter.circle(axes.screen([value, v]), stage.sizes.live_dot, colour, Stroke::new(1.0, stage.palette.ground));
    };
    for line in scene.rests.iter().filter(|l| l.stable) {
        for w in line.points.windows(2) {
            if let Some(s) = crossing(w[0].value, w[1].value, value) {
                dot(w[0].state[0] + s * (w[1].state[0] - w[0].state[0]), stage.palette.text);
            }
        }
    }
    if !stage.derived.diagrams().is_current() {
        return;
    }
    for line in scene.cycles.iter().filter(|l| l.stable) {
        for w in line.points.windows(2) {
            if let Some(s) = crossing(w[0].value, w[1].value, value) {
                dot(w[0].v.0 + s * (w[1].v.0 - w[0].v.0), stage.palette.cycle);
                dot(w[0].v.1 + s * (w[1].v.1 - w[0].v.1), stage.palette.cycle);
            }
        }
    }
}

/// Where between two values a third lies, as a fraction.
pub fn crossing(a: f64, b: f64, at: f64) -> Option<f64> {
    ((a - at) * (b - at) <= 0.0 && a != b).then(|| (at - a) / (b - a))
}

/// A smooth curve through points on screen (Catmull and Rom 1974, with the chords as lengths, so that it does not loop).
pub fn smooth(points: Vec<Pos2>) -> Vec<Pos2> {
    if points.len() < 3 {
        return points;
    }
    let mut path = Vec::with_capacity(points.len() * 3);
    for k in 0..points.len() - 1 {
        let (b, c) = (points[k], points[k + 1]);
        path.push(b);
        let length = b.distance(c);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few pieces")]
        let pieces = (length / FINE).clamp(1.0, 40.0) as u16;
        let slope = |p: Option<&Pos2>, q: Pos2, r: Option<&Pos2>| match (p, r) {
            (Some(p), Some(r)) => {
                let (d0, d1) = (q.distance(*p).max(1e-3), r.distance(q).max(1e-3));
                ((q - *p) * (d1 / d0) + (*r - q) * (d0 / d1)) / (d0 + d1)
            }
            _ => (c - b) / length.max(1e-3),
        };
        let before = k.checked_sub(1).and_then(|k| points.get(k));
        let (m0, m1) = (slope(before, b, Some(&c)) * length, slope(Some(&b), c, points.get(k + 2)) * length);
        for piece in 1..pieces {
            let s = f32::from(piece) / f32::from(pieces);
            let (s2, s3) = (s * s, s * s * s);
            let at = b.to_vec2() * (2.0 * s3 - 3.0 * s2 + 1.0) + m0 * (s3 - 2.0 * s2 + s) + c.to_vec2() * (3.0 * s2 - 2.0 * s3) + m1 * (s3 - s2);
            path.push(at.to_pos2());
        }
    }
    path.extend(points.last());
    path
}
