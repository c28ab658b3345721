//! Painted signs: transport, carets, fixed points, arrow heads, dashes, halos.
//!
//! They are shapes and not characters because the interface face lacks them,
//! and because stability must show in fill and outline. Every sign is drawn
//! within `radius` of `center`; `ground` is the colour behind it.

use super::prose;
use eframe::egui::{Align2, Color32, FontId, Painter, Pos2, Rangef, Rect, Shape, Stroke, Vec2, pos2, vec2};

mod dashes;
mod points;

pub use dashes::{dash_pieces, dashed_line, styled_line};
pub use points::{PointSign, other, saddle, saddle_focus, stable_focus, stable_node};
pub use points::{unstable_focus, unstable_node};

/// Offsets, in points, at which a halo repeats what it surrounds.
pub const HALO: [Vec2; 8] =
    [vec2(-2.0, 0.0), vec2(2.0, 0.0), vec2(0.0, -2.0), vec2(0.0, 2.0), vec2(-1.4, -1.4), vec2(1.4, -1.4), vec2(-1.4, 1.4), vec2(1.4, 1.4)];

/// Stroke of the open signs: carets, chevrons, the restart arrow.
fn pen(radius: f32, color: Color32) -> Stroke {
    Stroke::new((0.22 * radius).clamp(1.2, 2.4), color)
}

fn open_path(painter: &Painter, center: Pos2, radius: f32, color: Color32, path: &[(f32, f32)]) {
    let points = path.iter().map(|&(x, y)| center + radius * vec2(x, y)).collect();
    painter.line(points, pen(radius, color));
}

fn triangle(painter: &Painter, corners: [Pos2; 3], color: Color32) {
    painter.add(Shape::convex_polygon(corners.to_vec(), color, Stroke::NONE));
}

/// Caret of a menu: an open angle pointing down.
pub fn caret_down(painter: &Painter, center: Pos2, radius: f32, color: Color32, _ground: Color32) {
    let path = [(-0.8, -0.4), (0.0, 0.4), (0.8, -0.4)];
    open_path(painter, center, radius, color, &path);
}

/// Caret of a folded section: an open angle pointing right.
pub fn caret_right(painter: &Painter, center: Pos2, radius: f32, color: Color32, _ground: Color32) {
    let path = [(-0.4, -0.8), (0.4, 0.0), (-0.4, 0.8)];
    open_path(painter, center, radius, color, &path);
}

/// "Previous": an open angle pointing left.
pub fn chevron_left(painter: &Painter, center: Pos2, radius: f32, color: Color32, _: Color32) {
    let path = [(0.45, -0.9), (-0.45, 0.0), (0.45, 0.9)];
    open_path(painter, center, radius, color, &path);
}

/// "Next": an open angle pointing right.
pub fn chevron_right(painter: &Painter, center: Pos2, radius: f32, color: Color32, _: Color32) {
    let path = [(-0.45, -0.9), (0.45, 0.0), (-0.45, 0.9)];
    open_path(painter, center, radius, color, &path);
}

/// Play: a filled triangle.
pub fn play(painter: &Painter, center: Pos2, radius: f32, color: Color32, _ground: Color32) {
    let corner = |x: f32, y: f32| center + radius * vec2(x, y);
    triangle(painter, [corner(-0.6, -0.9), corner(0.9, 0.0), corner(-0.6, 0.9)], color);
}

/// Pause: two bars.
pub fn pause(painter: &Painter, center: Pos2, radius: f32, color: Color32, _ground: Color32) {
    for x in [-0.45, 0.45] {
        let size = radius * vec2(0.42, 1.7);
        let bar = Rect::from_center_size(center + radius * vec2(x, 0.0), size);
        painter.rect_filled(bar, 1.0, color);
    }
}

/// Single step: a bar and a triangle.
pub fn step(painter: &Painter, center: Pos2, radius: f32, color: Color32, _ground: Color32) {
    let size = radius * vec2(0.32, 1.7);
    let bar = Rect::from_center_size(center + radius * vec2(-0.75, 0.0), size);
    painter.rect_filled(bar, 1.0, color);
    let corner = |x: f32, y: f32| center + radius * vec2(x, y);
    triangle(painter, [corner(-0.35, -0.85), corner(1.0, 0.0), corner(-0.35, 0.85)], color);
}

/// Restart or reset: an arrow turning back, counter-clockwise.
pub fn restart(painter: &Painter, center: Pos2, radius: f32, color: Color32, _ground: Color32) {
    let turn = 0.82 * radius;
    let arc = |angle: f32| center + turn * vec2(angle.cos(), angle.sin());
    let (start, end) = (-2.45_f32, 2.65_f32);
    let points: Vec<Pos2> = (0..=32_u8).map(|k| arc(start + (end - start) * f32::from(k) / 32.0)).collect();
    let stroke = pen(radius, color);
    painter.line(points, stroke);
    let tip = arc(start);
    let barb = 0.62 * radius;
    painter.line(vec![tip - vec2(0.0, barb), tip, tip + vec2(barb, 0.0)], stroke);
}

/// A view fills the window: the corners of a frame.
pub fn corners(painter: &Painter, center: Pos2, radius: f32, color: Color32, _ground: Color32) {
    for (x, y) in [(-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)] {
        open_path(painter, center, radius, color, &[(x, 0.35 * y), (x, y), (0.35 * x, y)]);
    }
}

/// Theme switch: a circle whose right half is filled.
pub fn theme_switch(painter: &Painter, center: Pos2, radius: f32, color: Color32, _ground: Color32) {
    let radius = 0.92 * radius;
    let half: Vec<Pos2> = (0..=24_u8)
        .map(|k| {
            let angle = std::f32::consts::PI * (f32::from(k) / 24.0 - 0.5);
            center + radius * vec2(angle.cos(), angle.sin())
        })
        .collect();
    painter.add(Shape::convex_polygon(half, color, Stroke::NONE));
    painter.circle_stroke(center, radius, pen(radius, color));
}

/// Filled triangle whose tip is at `tip`, pointing along `direction`.
pub fn arrow_head(painter: &Painter, tip: Pos2, direction: Vec2, length: f32, color: Color32) {
    let along = direction.normalized();
    // A vector of no length or not a number has no direction to point in.
    if !(along.is_finite() && tip.is_finite()) || along == Vec2::ZERO {
        return;
    }
    let back = tip - length * along;
    let side = 0.4 * length * along.rot90();
    triangle(painter, [tip, back + side, back - side], color);
}

/// Text at an anchor on a halo of the ground colour, with subscripts where it has any; returns its extent.
pub fn halo_text(painter: &Painter, pos: Pos2, anchor: Align2, text: impl Into<String>, font: FontId, color: Color32, ground: Color32) -> Rect {
    let text = text.into();
    let galley = if text.contains('_') {
        painter.layout_job(prose::job(&text, font.size, Some(color), None))
    } else {
        painter.layout_no_wrap(text, font, color)
    };
    let rect = anchor.anchor_size(pos, galley.size());
    for offset in HALO {
        painter.galley_with_override_text_color(rect.min + offset, galley.clone(), ground);
    }
    painter.galley(rect.min, galley, color);
    rect
}

/// Horizontal line one point wide, on the pixel.
pub fn hairline_h(painter: &Painter, x: impl Into<Rangef>, y: f32, color: Color32) {
    let y = painter.round_to_pixel_center(y);
    painter.hline(x, y, Stroke::new(1.0, color));
}

/// Vertical line one point wide, on the pixel.
pub fn hairline_v(painter: &Painter, x: f32, y: impl Into<Rangef>, color: Color32) {
    let x = painter.round_to_pixel_center(x);
    painter.vline(x, y, Stroke::new(1.0, color));
}

/// Arrow of an interval: a hairline with a head at both ends.
pub fn interval_arrow(painter: &Painter, x: Rangef, y: f32, color: Color32) {
    let y = painter.round_to_pixel_center(y);
    painter.hline(x, y, Stroke::new(1.0, color));
    arrow_head(painter, pos2(x.min, y), vec2(-1.0, 0.0), 5.0, color);
    arrow_head(painter, pos2(x.max, y), vec2(1.0, 0.0), 5.0, color);
}
