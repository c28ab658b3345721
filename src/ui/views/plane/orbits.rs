//! Orbits that stay: forward in time solid, backward dotted, with a ring where they were dropped.

use eframe::egui::{Painter, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::layers::{Place, jump_arc};
use crate::app::Command;
use crate::ui::glyphs::{self, dashed_line};
use crate::ui::plot::Axes;
use crate::ui::stage::Stage;
use crate::ui::theme::sans;
use crate::ui::views::reduce;
use crate::ui::widgets::focus_ring;

/// Radius of the ring on a seed, and how near the pointer must come to it.
const RING: f32 = 4.0;
const REACH: f32 = 9.0;

/// Paints the kept orbits. `right` is the right edge of the view, where a peak beyond the window stands.
pub fn show(ui: &Ui, stage: &Stage, place: &Place) {
    let axes = place.axes;
    let clipped = ui.painter().with_clip_rect(axes.rect.expand(1.0));
    let colour = stage.palette.soft;
    for orbit in stage.derived.orbits() {
        let path = |line: &[[f64; 2]]| {
            let mut path = Vec::with_capacity(line.len());
            for point in line {
                reduce::push_apart(&mut path, axes.screen(*point), 1.0);
            }
            path
        };
        let (forward, backward) = (path(&orbit.forward), path(&orbit.backward));
        dashed_line(&clipped, &backward, Stroke::new(1.6, colour), 1.6, 4.4);
        heading(&clipped, &forward, axes.rect, colour);
        clipped.add(Shape::line(forward, Stroke::new(1.4, colour)));
        if let Some([before, after]) = orbit.jump {
            jump_arc(ui.painter(), place, before, after, colour.gamma_multiply(0.9));
        }
    }
    for seed in seeds(stage, axes, place.y).into_iter().filter(|at| axes.rect.expand(2.0).contains(*at)) {
        ui.painter().circle(seed, RING, stage.palette.ground, Stroke::new(1.6, stage.palette.text));
    }
}

/// An arrow head half-way along what is seen of a line.
fn heading(painter: &Painter, path: &[Pos2], inside: Rect, colour: eframe::egui::Color32) {
    let seen = path.iter().take_while(|at| inside.contains(**at)).count();
    if let (true, Some(tip), Some(tail)) = (seen > 12, path.get(seen / 2), path.get(seen / 2 - 3)) {
        glyphs::arrow_head(painter, *tip, *tip - *tail, 8.0, colour);
    }
}

/// Where the seeds stand on screen.
fn seeds(stage: &Stage, axes: &Axes, y: usize) -> Vec<Pos2> {
    stage.bench.orbits().iter().filter_map(|seed| Some(axes.screen([*seed.first()?, *seed.get(y)?]))).collect()
}

/// Drops an orbit through `state`, or takes up the one whose ring lies under the pointer at `at`.
pub fn drop_or_take(stage: &mut Stage, axes: &Axes, y: usize, at: Pos2, state: Vec<f64>) {
    let mut kept = stage.bench.orbits().to_vec();
    if let Some(place) = seeds(stage, axes, y).iter().position(|seed| seed.distance(at) < REACH) {
        kept.remove(place);
    } else {
        kept.push(state);
    }
    stage.send(Command::Orbits(kept));
}

/// Drops an orbit through the present state.
pub fn drop_here(stage: &mut Stage) {
    if stage.neuron().dim() > 1 {
        let mut kept = stage.bench.orbits().to_vec();
        kept.push(stage.bench.shown().1);
        stage.send(Command::Orbits(kept));
    }
}

/// A word that takes all orbits away, while there are any.
pub fn clear_ui(ui: &mut Ui, stage: &mut Stage) {
    if stage.bench.orbits().is_empty() {
        return;
    }
    let galley = ui.painter().layout_no_wrap("clear orbits".into(), sans(stage.sizes.section), stage.palette.soft);
    let (rect, response) = ui.allocate_exact_size(galley.size() + vec2(14.0, 6.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Clear orbits"));
    let fill = if response.hovered() { stage.palette.raised_hover } else { stage.palette.raised };
    ui.painter().rect_filled(rect, stage.sizes.button_radius, fill);
    ui.painter().galley(pos2(rect.left() + 7.0, rect.top() + 3.0), galley, stage.palette.soft);
    focus_ring(ui, stage, &response, rect);
    if response.on_hover_text("Take the kept orbits away (Escape)").clicked() {
        stage.send(Command::Orbits(Vec::new()));
    }
    ui.add_space(8.0);
}
