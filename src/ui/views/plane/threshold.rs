//! What parts rest from firing: separatrix, cycles, and a tint on the states that fire for good.

use eframe::egui::{Align2, Color32, Mesh, Painter, Pos2, Rect, Shape, Ui, pos2, vec2};

use super::layers::{free_place, taken_places};
use crate::analysis::{Basin, Branch};
use crate::app::PlanePicture;
use crate::ui::glyphs::{halo_text, styled_line};
use crate::ui::plot::Axes;
use crate::ui::stage::{Layer, Stage};
use crate::ui::theme::{Line, sans};

/// Width in points of the columns that the tint is made of.
const COLUMN: f32 = 1.5;
/// Strength of a picture that belongs to values of a moment ago.
const FADED: f32 = 0.4;
/// What leaves a saddle.
pub(super) const OUTGOING: Line = Line { width: 1.1, dash: None };

fn picture<'a>(stage: &Stage<'a>) -> Option<&'a PlanePicture> {
    stage.derived.landscape().plane(stage.neuron().card().id)
}

/// Tints what leads to lasting firing, where rest is stable too.
pub fn tint_ui(painter: &Painter, stage: &Stage, axes: &Axes) {
    let Some(basin) = picture(stage).and_then(PlanePicture::coexistence) else { return };
    if !stage.derived.landscape().is_plane_current() {
        return;
    }
    let colour = stage.palette.both_stable();
    let mut mesh = Mesh::default();
    for (column, spans) in columns(basin, axes).into_iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "a few hundred columns")]
        let left = axes.rect.left() + column as f32 * COLUMN;
        for (top, bottom) in spans {
            quad(&mut mesh, [left, (left + COLUMN).min(axes.rect.right())], [top, bottom], colour);
        }
    }
    painter.add(Shape::mesh(mesh));
}

/// For each column of the plot the stretches outside the basin of rest.
fn columns(basin: &Basin, axes: &Axes) -> Vec<Vec<(f32, f32)>> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred columns")]
    let count = (axes.rect.width() / COLUMN).ceil().max(0.0) as usize;
    let mut crossings: Vec<Vec<f32>> = vec![Vec::new(); count];
    let points: Vec<Pos2> = basin.border.iter().map(|p| axes.screen(*p)).collect();
    for (a, b) in points.iter().zip(points.iter().cycle().skip(1)) {
        let (low, high) = if a.x < b.x { (a, b) } else { (b, a) };
        // Columns whose middle lies between the two ends.
        let first = ((low.x - axes.rect.left()) / COLUMN - 0.5).ceil().max(0.0);
        let last = ((high.x - axes.rect.left()) / COLUMN - 0.5).ceil();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative, and bounded by the number of columns")]
        for (place, column) in crossings.iter_mut().enumerate().take(last.max(0.0) as usize).skip(first as usize) {
            #[expect(clippy::cast_precision_loss, reason = "a few hundred columns")]
            let x = axes.rect.left() + (place as f32 + 0.5) * COLUMN;
            column.push(low.y + (high.y - low.y) * (x - low.x) / (high.x - low.x));
        }
    }
    let (top, bottom) = (axes.rect.top(), axes.rect.bottom());
    crossings
        .into_iter()
        .map(|mut ys| {
            ys.sort_by(f32::total_cmp);
            // Every crossing changes sides; far above everything is outside the polygon.
            let mut inside = false;
            let mut from = top;
            let mut spans = Vec::new();
            for y in ys.into_iter().map(|y| y.clamp(top, bottom)).chain([bottom]) {
                if inside != basin.is_inside && y > from {
                    spans.push((from, y));
                }
                from = y;
                inside = !inside;
            }
            spans
        })
        .collect()
}

fn quad(mesh: &mut Mesh, x: [f32; 2], y: [f32; 2], colour: Color32) {
    let Ok(base) = u32::try_from(mesh.vertices.len()) else { return };
    for at in [pos2(x[0], y[0]), pos2(x[1], y[0]), pos2(x[1], y[1]), pos2(x[0], y[1])] {
        mesh.colored_vertex(at, colour);
    }
    mesh.add_triangle(base, base + 1, base + 2);
    mesh.add_triangle(base, base + 2, base + 3);
}

/// Separatrix, unstable manifold and cycles, with their names; or that there is no sharp threshold.
pub fn threshold_ui(ui: &Ui, painter: &Painter, stage: &Stage, axes: &Axes) {
    let Some(picture) = picture(stage) else { return };
    let strength = if stage.derived.landscape().is_plane_current() { 1.0 } else { FADED };
    let palette = &stage.palette;
    let mut labels = Labels { painter, stage, axes, taken: taken_places(stage, axes, 1) };
    let screen = |line: &[[f64; 2]]| line.iter().map(|p| axes.screen(*p)).collect::<Vec<Pos2>>();
    for manifolds in &picture.portrayal.manifolds {
        for branch in manifolds.unstable.iter().filter(|_| stage.shows(Layer::Outgoing)) {
            styled_line(painter, &screen(&branch.line), OUTGOING, palette.unstable.gamma_multiply(0.8 * strength));
        }
        if !stage.shows(Layer::Separatrix) {
            continue;
        }
        let halves: Vec<Vec<Pos2>> = manifolds.stable.iter().map(|b: &Branch| screen(&b.line)).collect();
        for half in &halves {
            styled_line(painter, half, stage.sizes.separatrix, palette.spike.gamma_multiply(strength));
        }
        labels.put(&halves, "separatrix", palette.spike.gamma_multiply(strength));
    }
    for cycle in picture.portrayal.cycles.iter().filter(|_| stage.shows(Layer::Cycles)) {
        let mut line = screen(&cycle.line);
        line.extend(line.first().copied());
        let colour = palette.cycle.gamma_multiply(strength);
        let (style, name) = if cycle.is_stable() { (stage.sizes.trace, "") } else { (stage.sizes.cycle_unstable, "unstable cycle") };
        styled_line(painter, &line, style, colour);
        if !name.is_empty() {
            labels.put(&[line], name, colour);
        }
    }
    let note = picture.note();
    // What return maps miss, as beside a Hopf point, the diagram may know.
    let (.., current) = stage.bench.shown();
    if !note.is_empty() && stage.shows(Layer::Separatrix) && !stage.derived.diagrams().has_unstable_cycle(current) {
        let at = axes.rect.left_top() - vec2(0.0, 15.0);
        halo_text(ui.painter(), at, Align2::LEFT_TOP, note, sans(stage.sizes.unit), palette.muted, palette.ground);
    }
}

/// Names beside their lines.
struct Labels<'a, 's> {
    painter: &'a Painter,
    stage: &'a Stage<'s>,
    axes: &'a Axes,
    taken: Vec<Rect>,
}

impl Labels<'_, '_> {
    fn put(&mut self, lines: &[Vec<Pos2>], text: &str, colour: Color32) {
        let font = sans(self.stage.sizes.unit);
        let size = self.painter.layout_no_wrap(text.into(), font.clone(), colour).size();
        let inside = self.axes.rect.shrink(6.0);
        let nullclines = nullclines(self.stage, self.axes);
        let crossed: Vec<Pos2> =
            nullclines.iter().flatten().flatten().chain(lines.iter().flatten()).copied().filter(|p| inside.contains(*p)).collect();
        // A small cycle lies wholly under the label of its equilibrium: then its name stands above it.
        let above = || {
            let top = lines.iter().flatten().filter(|p| inside.contains(**p)).min_by(|a, b| a.y.total_cmp(&b.y))?;
            let rect = Rect::from_min_size(*top - vec2(0.5 * size.x, size.y + 4.0), size);
            inside.contains_rect(rect).then_some(rect)
        };
        if let Some(rect) = free_place(lines, &crossed, &self.taken, size, inside).or_else(above) {
            halo_text(self.painter, rect.min, Align2::LEFT_TOP, text, font, colour, self.stage.palette.ground);
            self.taken.push(rect);
        }
    }
}

/// The nullclines on screen, for labels to keep clear of.
fn nullclines(stage: &Stage, axes: &Axes) -> Vec<Vec<Vec<Pos2>>> {
    let lines = stage.derived.nullclines().iter();
    lines.map(|lines| lines.iter().map(|line| line.iter().map(|p| axes.screen(*p)).collect()).collect()).collect()
}
