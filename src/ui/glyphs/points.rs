//! Signs of fixed points: node square, focus circle, saddle diamond with a
//! cross; filled stable, open unstable. Readouts use the same signs, so that
//! they are the legend.

use eframe::egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, vec2};

/// Which sign a fixed point wears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PointSign {
    /// Filled square.
    StableNode,
    /// Open square.
    UnstableNode,
    /// Filled circle.
    StableFocus,
    /// Open circle.
    UnstableFocus,
    /// Diamond with a cross.
    Saddle,
    /// Diamond with a dot.
    SaddleFocus,
    /// Ring with a dot: a centre, a degenerate point.
    Other,
}

impl PointSign {
    /// Paints the sign; its extent is about `radius` to every side.
    pub fn paint(self, painter: &Painter, center: Pos2, radius: f32, color: Color32, ground: Color32) {
        let paint = match self {
            Self::StableNode => stable_node,
            Self::UnstableNode => unstable_node,
            Self::StableFocus => stable_focus,
            Self::UnstableFocus => unstable_focus,
            Self::Saddle => saddle,
            Self::SaddleFocus => saddle_focus,
            Self::Other => other,
        };
        paint(painter, center, radius, color, ground);
    }
}

const OUTLINE: f32 = 1.6;

fn square(center: Pos2, radius: f32) -> Rect {
    // The area of the circle of the same radius.
    Rect::from_center_size(center, Vec2::splat(1.77 * radius))
}

fn diamond(painter: &Painter, center: Pos2, half: f32, color: Color32, ground: Color32) {
    let corners = [(0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)];
    let points = corners.iter().map(|&(x, y)| center + half * vec2(x, y)).collect();
    painter.add(Shape::convex_polygon(points, ground, Stroke::new(OUTLINE, color)));
}

/// Stable node: a filled square on a rim of the ground colour.
pub fn stable_node(painter: &Painter, center: Pos2, radius: f32, color: Color32, ground: Color32) {
    painter.rect_filled(square(center, radius + 1.5), 1.0, ground);
    painter.rect_filled(square(center, radius), 0.0, color);
}

/// Unstable node: an open square.
pub fn unstable_node(painter: &Painter, center: Pos2, radius: f32, color: Color32, ground: Color32) {
    let stroke = Stroke::new(OUTLINE, color);
    painter.rect(square(center, radius), 0.0, ground, stroke, StrokeKind::Inside);
}

/// Stable focus: a filled circle on a rim of the ground colour.
pub fn stable_focus(painter: &Painter, center: Pos2, radius: f32, color: Color32, ground: Color32) {
    painter.circle_filled(center, radius + 1.5, ground);
    painter.circle_filled(center, radius, color);
}

/// Unstable focus: an open circle.
pub fn unstable_focus(painter: &Painter, center: Pos2, radius: f32, color: Color32, ground: Color32) {
    let stroke = Stroke::new(OUTLINE, color);
    painter.circle(center, radius - 0.5 * OUTLINE, ground, stroke);
}

/// Saddle: a diamond with a cross, the two directions in and the two out.
pub fn saddle(painter: &Painter, center: Pos2, radius: f32, color: Color32, ground: Color32) {
    let half = 1.3 * radius;
    diamond(painter, center, half, color, ground);
    let stroke = Stroke::new(0.75 * OUTLINE, color);
    let arm = 0.5 * half;
    for slope in [-1.0, 1.0] {
        let reach = vec2(arm, slope * arm);
        painter.line_segment([center - reach, center + reach], stroke);
    }
}

/// Saddle with a rotating plane: a diamond with a dot.
pub fn saddle_focus(painter: &Painter, center: Pos2, radius: f32, color: Color32, ground: Color32) {
    let half = 1.35 * radius;
    diamond(painter, center, half, color, ground);
    painter.circle_filled(center, 0.32 * half, color);
}

/// Anything else, such as a centre: a ring with a dot.
pub fn other(painter: &Painter, center: Pos2, radius: f32, color: Color32, ground: Color32) {
    let stroke = Stroke::new(0.9 * OUTLINE, color);
    painter.circle(center, radius - 0.5 * OUTLINE, ground, stroke);
    painter.circle_filled(center, 0.34 * radius, color);
}
