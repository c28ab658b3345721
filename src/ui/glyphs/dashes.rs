//! Dashed lines along curves.
//!
//! egui's own dashes restart a segment at every point of the path, so that a
//! finely sampled curve shows a seam at each; here every dash is one polyline,
//! and those of a level or upright line are one mesh.

use eframe::egui::{Color32, Mesh, Painter, Pos2, Rangef, Rect, Shape, Stroke};

use crate::ui::theme::Line;

/// More dashes than a screen can show; what lies beyond is left out.
const MAX_DASHES: usize = 4000;

/// The dashes of a path, each a polyline. Points that are not finite break the
/// path; the pattern starts anew behind them.
#[must_use]
pub fn dash_pieces(path: &[Pos2], dash: f32, gap: f32) -> Vec<Vec<Pos2>> {
    let mut pieces = Vec::new();
    if !(dash > 0.0 && gap >= 0.0) {
        return pieces;
    }
    for run in path.split(|point| !point.is_finite()) {
        dash_run(run, dash, gap.max(0.1), &mut pieces);
    }
    pieces
}

fn dash_run(run: &[Pos2], dash: f32, gap: f32, pieces: &mut Vec<Vec<Pos2>>) {
    let Some(&first) = run.first() else {
        return;
    };
    let mut piece = vec![first];
    let mut drawing = true;
    let mut left = dash;
    for pair in run.windows(2) {
        let &[start, end] = pair else { continue };
        let length = start.distance(end);
        let mut done = 0.0;
        while length - done > left {
            if pieces.len() >= MAX_DASHES {
                return;
            }
            done += left;
            let point = start + (end - start) * (done / length);
            if drawing {
                piece.push(point);
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece.push(point);
            }
            drawing = !drawing;
            left = if drawing { dash } else { gap };
        }
        left -= length - done;
        if drawing {
            piece.push(end);
        }
    }
    if piece.len() > 1 {
        pieces.push(piece);
    }
}

/// Paints a path with dashes and gaps of these lengths, in points.
pub fn dashed_line(painter: &Painter, path: &[Pos2], stroke: impl Into<Stroke>, dash: f32, gap: f32) {
    let stroke = stroke.into();
    if let [from, to] = *path
        && (from.x.to_bits() == to.x.to_bits() || from.y.to_bits() == to.y.to_bits())
    {
        return straight(painter, Rect::from_two_pos(from, to), stroke, (dash, gap));
    }
    for piece in dash_pieces(path, dash, gap) {
        painter.line(piece, stroke);
    }
}

/// Dashes along a level or upright line, on the pixels: one mesh instead of hundreds of lines.
fn straight(painter: &Painter, line: Rect, stroke: Stroke, (dash, gap): (f32, f32)) {
    let (is_level, length) = (line.width() > line.height(), line.width().max(line.height()));
    if !(line.is_finite() && dash > 0.0 && gap >= 0.0) {
        return;
    }
    let scale = painter.pixels_per_point();
    let on_pixel = |x: f32| (x * scale).round() / scale;
    let half = 0.5 * stroke.width;
    let (begin, across) = if is_level { (line.left(), line.top()) } else { (line.top(), line.left()) };
    let (begin, across) = (on_pixel(begin), painter.round_to_pixel_center(across));
    let mut mesh = Mesh::default();
    let starts = std::iter::successors(Some(0.0), |done| Some(done + dash + gap.max(0.1)));
    for done in starts.take(MAX_DASHES).take_while(|done| *done < length) {
        let (from, to) = (begin + on_pixel(done), begin + on_pixel((done + dash).min(length)));
        let (along, beside) = (Rangef::new(from, to), Rangef::new(across - half, across + half));
        mesh.add_colored_rect(if is_level { Rect::from_x_y_ranges(along, beside) } else { Rect::from_x_y_ranges(beside, along) }, stroke.color);
    }
    painter.add(Shape::mesh(mesh));
}

/// Paints a path in one of the line styles of the sizes table. Points that are
/// not finite break it.
pub fn styled_line(painter: &Painter, path: &[Pos2], line: Line, color: Color32) {
    let stroke = line.stroke(color);
    if let Some((dash, gap)) = line.dash {
        dashed_line(painter, path, stroke, dash, gap);
        return;
    }
    for run in path.split(|point| !point.is_finite()) {
        if run.len() > 1 {
            painter.line(run.to_vec(), stroke);
        }
    }
}
