//! Equilibria and the running state. Labels that would touch move apart, with a leader to their point.

use eframe::egui::{Align2, Pos2, Rect, Sense, Ui, Vec2, vec2};

use crate::analysis::FixedPoint;
use crate::ui::glyphs;
use crate::ui::plot::{Axes, figures};
use crate::ui::stage::{Stage, point_colour, sign_of};
use crate::ui::theme::sans;
use crate::ui::views::labels;

/// Draws equilibria, what they are, and the state.
pub fn show(ui: &Ui, stage: &Stage, axes: &Axes, y: usize) {
    let state = stage.bench.shown().1;
    let now = axes.screen([state[0], state[y]]);
    let points = stage.derived.equilibria().points.iter().map(|point| (point, axes.screen([point.state[0], point.state[y]])));
    let points: Vec<(&FixedPoint, Pos2)> = points.filter(|(_, at)| axes.rect.expand(2.0).contains(*at)).collect();
    let colour = |point: &FixedPoint| if point.kind.is_stable() { stage.palette.text } else { stage.palette.soft };
    let size = |point: &FixedPoint| ui.painter().layout_no_wrap(point.kind.id().into(), sans(stage.sizes.unit), colour(point)).size();
    let sizes: Vec<Vec2> = points.iter().map(|(point, _)| size(point)).collect();
    let labels = labels::place(&points.iter().map(|p| p.1).collect::<Vec<_>>(), &sizes, axes.rect);
    for ((_, at), label) in points.iter().zip(&labels) {
        labels::leader(ui.painter(), stage, *at, *label);
    }
    for (place, ((point, at), label)) in points.iter().zip(&labels).enumerate() {
        sign_of(point.kind).paint(ui.painter(), *at, 5.5, point_colour(stage, point), stage.palette.ground);
        let colour = colour(point);
        glyphs::halo_text(ui.painter(), label.min, Align2::LEFT_TOP, point.kind.id(), sans(stage.sizes.unit), colour, stage.palette.ground);
        let area = Rect::from_center_size(*at, vec2(18.0, 18.0)).union(*label);
        let card = ui.interact(area, ui.scope_id().with(("point", place)), Sense::hover());
        card.on_hover_ui(|ui| card_ui(ui, stage, point));
    }
    if axes.rect.expand(4.0).contains(now) {
        stage.paint_state(ui.painter(), now);
    }
}

/// What there is to say about an equilibrium.
fn card_ui(ui: &mut Ui, stage: &Stage, point: &FixedPoint) {
    ui.label(point.kind.id());
    for (field, value) in stage.neuron().states().iter().zip(&point.state) {
        ui.label(format!("{} = {} {}", field.id, figures(*value, 6), field.unit));
    }
    let unit = if stage.neuron().card().dimensionless { "" } else { " /ms" };
    for e in point.eigenvalues.iter().filter(|e| e.im >= 0.0) {
        let imaginary = if e.im > 0.0 { format!(" ± {} i", figures(e.im, 4)) } else { String::new() };
        ui.label(format!("eigenvalue {}{imaginary}{unit}", figures(e.re, 4)));
    }
}
