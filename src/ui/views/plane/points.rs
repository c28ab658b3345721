//! Equilibria and the running state. Labels that would touch move apart, with a leader to their point.

use eframe::egui::{Align2, Pos2, Rect, Sense, Stroke, Ui, Vec2, vec2};

use crate::analysis::FixedPoint;
use crate::ui::glyphs;
use crate::ui::plot::{Axes, figures};
use crate::ui::stage::{Stage, point_colour, sign_of};
use crate::ui::theme::sans;

/// Draws equilibria, what they are, and the state.
pub fn show(ui: &Ui, stage: &Stage, axes: &Axes, y: usize) {
    let state = stage.bench.shown().1;
    let now = axes.screen([state[0], state[y]]);
    let points = stage.derived.equilibria().points.iter().map(|point| (point, axes.screen([point.state[0], point.state[y]])));
    let points: Vec<(&FixedPoint, Pos2)> = points.filter(|(_, at)| axes.rect.expand(2.0).contains(*at)).collect();
    let signs: Vec<Rect> = points.iter().map(|(_, at)| Rect::from_center_size(*at, Vec2::splat(17.0))).collect();
    let mut labels: Vec<Rect> = Vec::new();
    for (place, (point, at)) in points.iter().enumerate() {
        let colour = if point.kind.is_stable() { stage.palette.text } else { stage.palette.soft };
        let size = ui.painter().layout_no_wrap(point.kind.id().into(), sans(stage.sizes.unit), colour).size();
        let others = signs.iter().enumerate().filter(|(k, _)| *k != place).map(|(_, r)| *r).chain(labels.iter().copied());
        let label = place_label(*at, size, place % 2 == 0, &others.collect::<Vec<_>>(), axes.rect);
        let end = label.clamp(*at);
        if end.distance(*at) > 18.0 {
            ui.painter().line_segment([*at, end], Stroke::new(1.0, stage.palette.axis));
        }
        labels.push(label);
    }
    for (place, ((point, at), label)) in points.iter().zip(&labels).enumerate() {
        sign_of(point.kind).paint(ui.painter(), *at, 5.5, point_colour(stage, point), stage.palette.ground);
        let colour = if point.kind.is_stable() { stage.palette.text } else { stage.palette.soft };
        glyphs::halo_text(ui.painter(), label.min, Align2::LEFT_TOP, point.kind.id(), sans(stage.sizes.unit), colour, stage.palette.ground);
        let area = Rect::from_center_size(*at, vec2(18.0, 18.0)).union(*label);
        let card = ui.interact(area, ui.scope_id().with(("point", place)), Sense::hover());
        card.on_hover_ui(|ui| card_ui(ui, stage, point));
    }
    if axes.rect.expand(4.0).contains(now) {
        stage.paint_state(ui.painter(), now);
    }
}

/// The first place beside `at` that is clear of `others`: below right or above left, then the other corners, then
/// further away.
fn place_label(at: Pos2, size: Vec2, below: bool, others: &[Rect], inside: Rect) -> Rect {
    let corner = |x: f32, y: f32, reach: f32| {
        let min = vec2(if x > 0.0 { reach } else { -reach - size.x }, if y > 0.0 { reach } else { -reach - size.y });
        Rect::from_min_size(at + min, size)
    };
    let order = if below { [(1.0, 1.0), (-1.0, -1.0)] } else { [(-1.0, -1.0), (1.0, 1.0)] };
    let corners = [order[0], order[1], (1.0, -1.0), (-1.0, 1.0)];
    let mut candidates = [9.0, 22.0, 36.0].into_iter().flat_map(|reach| corners.map(|(x, y)| corner(x, y, reach)));
    let clear = |rect: &Rect| inside.expand(6.0).contains_rect(*rect) && !others.iter().any(|o| o.intersects(rect.expand(1.0)));
    candidates.find(clear).unwrap_or_else(|| corner(order[0].0, order[0].1, 9.0))
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

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::pos2;

    #[test]
    fn labels_of_points_that_lie_close_do_not_touch() {
        let inside = Rect::from_min_max(pos2(0.0, 0.0), pos2(400.0, 300.0));
        for gap in [0.0, 3.0, 8.0, 15.0, 30.0] {
            let points: Vec<Pos2> = (0..3_u8).map(|k| pos2(200.0 + gap * f32::from(k), 150.0)).collect();
            let mut labels: Vec<Rect> = Vec::new();
            for (place, at) in points.iter().enumerate() {
                labels.push(place_label(*at, vec2(70.0, 15.0), place % 2 == 0, &labels, inside));
            }
            for (a, b) in [(0, 1), (0, 2), (1, 2)] {
                assert!(!labels[a].intersects(labels[b]), "{gap}: {labels:?}");
            }
        }
    }

    #[test]
    fn a_label_stays_inside_the_plane() {
        let inside = Rect::from_min_max(pos2(0.0, 0.0), pos2(400.0, 300.0));
        let label = place_label(pos2(395.0, 295.0), vec2(70.0, 15.0), true, &[], inside);
        assert!(inside.contains_rect(label), "{label:?}");
    }
}
