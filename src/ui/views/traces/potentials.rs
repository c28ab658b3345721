//! Reversal potentials, threshold and peak as lines in the strip of the potential. What has passed keeps the values it was made with.

use eframe::egui::{Align2, Painter, Pos2, Stroke, pos2};

use crate::model::{Field, Kind};
use crate::ui::glyphs::dashed_line;
use crate::ui::math::Formula;
use crate::ui::plot::{Axes, short};
use crate::ui::stage::Stage;
use crate::ui::theme::sans;
use crate::ui::views::labels;

/// A potential that is drawn as a line: its place in the table, its quantity and value, and the heights of the line and of its label, which
/// a low strip has no room for.
struct Line {
    index: usize,
    field: &'static Field,
    value: f64,
    height: f32,
    label: Option<f32>,
}

/// The lines within the strip, downward; labels that would overlap move apart.
fn present(stage: &Stage, axes: &Axes) -> Vec<Line> {
    let setup = stage.bench.setup();
    let all = setup.neuron.params().iter().zip(&setup.params).enumerate();
    let inside = |v: f64| (axes.y.0..=axes.y.1).contains(&v);
    let was_inside = |index: usize| stage.bench.past().of(index).any(|(_, v)| inside(v));
    let drawn = all.filter(|(index, (field, _))| matches!(field.kind, Kind::Reversal | Kind::Level) && was_inside(*index));
    let line =
        |(index, (field, value)): (usize, (&'static Field, &f64))| Line { index, field, value: *value, height: axes.screen_y(*value), label: None };
    let mut lines: Vec<Line> = drawn.map(line).collect();
    lines.sort_by(|a, b| a.height.total_cmp(&b.height));
    let mut labelled: Vec<usize> = (0..lines.len()).filter(|k| inside(lines[*k].value)).collect();
    // One row is the potential's own value.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few rows")]
    let room = (axes.rect.height() / labels::ROWS.0) as usize;
    while labelled.len() > room.max(1) {
        let least = labelled.iter().position(|k| lines[*k].field.id == "E_L").unwrap_or(labelled.len() - 1);
        labelled.remove(least);
    }
    let wanted: Vec<f32> = labelled.iter().map(|k| lines[*k].height).collect();
    let gap = labels::row_gap(axes.rect.height(), labelled.len()).min(16.0);
    for (k, place) in labelled.into_iter().zip(labels::rows(&wanted, &[], gap, axes.rect.bottom() - 2.0)) {
        lines[k].label = Some(place);
    }
    lines
}

/// The heights at which labels stand beside the strip.
pub fn labels(stage: &Stage, axes: &Axes) -> Vec<f32> {
    present(stage, axes).iter().filter_map(|line| line.label).collect()
}

/// The lines of potentials with their labels.
pub fn lines(painter: &Painter, stage: &Stage, axes: &Axes) {
    let inside = painter.with_clip_rect(axes.rect.expand(1.0));
    for Line { index, field, value, height, label } in present(stage, axes) {
        let (colour, dash) = if field.kind == Kind::Level { (stage.palette.spike, (4.0, 3.0)) } else { (stage.palette.muted, (1.5, 4.0)) };
        let stroke = Stroke::new(1.0, colour);
        dashed_line(&inside, &course(stage, axes, index), stroke, dash.0, dash.1);
        let Some(label) = label else { continue };
        // Also where the present is at the very edge one sees where the line is now.
        painter.hline(axes.rect.right()..=axes.rect.right() + 6.0, height, stroke);
        let formula = Formula::layout(painter.ctx(), field.symbol, stage.sizes.unit + 2.0, colour, &|_| None);
        let pos = pos2(axes.rect.right() + 10.0, label - 0.5 * formula.size().y);
        formula.paint(painter, pos);
        let text = short(value, 3);
        painter.text(pos2(pos.x + formula.size().x + 5.0, label), Align2::LEFT_CENTER, text, sans(stage.sizes.tick), colour);
    }
}

/// One parameter over the visible time as a line with steps; a level line where it did not change.
fn course(stage: &Stage, axes: &Axes, index: usize) -> Vec<Pos2> {
    let mut path: Vec<Pos2> = Vec::new();
    for (from, value) in stage.bench.past().of(index) {
        let at = pos2(axes.screen_x(from).clamp(axes.rect.left(), axes.rect.right()), axes.screen_y(value));
        match path.last_mut() {
            // Several values within a pixel are one step.
            Some(last) if at.x - last.x < 0.5 => last.y = at.y,
            Some(last) => {
                let corner = pos2(at.x, last.y);
                path.extend([corner, at]);
            }
            None => path.push(pos2(axes.rect.left(), at.y)),
        }
    }
    if let Some(last) = path.last().copied() {
        path.push(pos2(axes.rect.right(), last.y));
    }
    path
}
