//! Equilibria and the running state. Labels that would touch move apart, with a leader to their point.

use eframe::egui::{Align2, CursorIcon, Popup, Pos2, Rect, Role, Sense, Ui, Vec2, WidgetInfo};

use crate::analysis::{FixedPoint, Rest};
use crate::ui::glyphs;
use crate::ui::plot::{Axes, figures};
use crate::ui::stage::{Layer, Stage, point_colour, point_name, sign_of};
use crate::ui::theme::sans;
use crate::ui::views::labels;
use crate::ui::views::trace_determinant::card_ui;

/// Draws equilibria, what they are, and the state.
pub fn show(ui: &Ui, stage: &Stage, axes: &Axes, y: usize) {
    let state = stage.bench.shown().1;
    let now = axes.screen([state[0], state[y]]);
    let points = stage.derived.equilibria().points.iter().map(|point| (point, axes.screen([point.state[0], point.state[y]])));
    let points: Vec<(&FixedPoint, Pos2)> = points.filter(|(_, at)| stage.shows(Layer::Equilibria) && axes.rect.expand(2.0).contains(*at)).collect();
    let colour = |point: &FixedPoint| if point.kind.is_stable() { stage.palette.text } else { stage.palette.soft };
    let name = |point: &FixedPoint| elsewhere(stage, point).map_or_else(|| point_name(point), |where_| format!("{}, {where_}", point_name(point)));
    let size = |point: &FixedPoint| ui.painter().layout_no_wrap(name(point), sans(stage.sizes.unit), colour(point)).size();
    let sizes: Vec<Vec2> = points.iter().map(|(point, _)| size(point)).collect();
    let labels = labels::place(&points.iter().map(|p| p.1).collect::<Vec<_>>(), &sizes, axes.rect, &[]);
    for ((_, at), label) in points.iter().zip(&labels) {
        labels::leader(ui.painter(), stage, *at, *label);
    }
    for ((point, at), label) in points.iter().zip(&labels) {
        sign_of(point.kind).paint(ui.painter(), *at, 5.5, point_colour(stage, point), stage.palette.ground);
        let colour = colour(point);
        glyphs::halo_text(ui.painter(), label.min, Align2::LEFT_TOP, name(point), sans(stage.sizes.unit), colour, stage.palette.ground);
    }
    if axes.rect.expand(4.0).contains(now) {
        stage.paint_state(ui.painter(), now);
    }
}

/// How far a held state may be from that of an equilibrium which lies in the plane, in parts of what its axis shows.
const IN_PLANE: f64 = 0.02;

/// Where an equilibrium has a state that the plane holds at another value, so that it lies off the nullclines drawn.
fn elsewhere(stage: &Stage, point: &FixedPoint) -> Option<String> {
    let plane = stage.derived.plane()?;
    let states = stage.neuron().states().iter().zip(&point.state).zip(&plane.rest).enumerate();
    let mut off = states.filter(|(k, ((field, x), rest))| {
        let apart = if let Rest::Held(value) = rest { (*x - value).abs() } else { 0.0 };
        *k > 0 && *k != plane.y && apart > IN_PLANE * (field.shown.1 - field.shown.0)
    });
    off.next().map(|(_, ((field, x), _))| format!("at {} = {}", field.id, figures(*x, 2)))
}

/// How near the pointer must come to an equilibrium to ask about it.
const PICK: f32 = 14.0;

/// Says all about the equilibrium next to the pointer; a click leaves its card open. After what the view itself does with the
/// pointer, so that it lies on top; where the state can be grabbed too, the cursor says that.
pub fn cards(ui: &Ui, stage: &Stage, inside: Rect, can_grab: bool, screen: impl Fn(&FixedPoint) -> Pos2) {
    let points = stage.derived.equilibria().points.iter().enumerate().map(|(place, point)| (place, point, screen(point)));
    let mut seen: Vec<(usize, &FixedPoint, Pos2)> = points.filter(|(.., at)| inside.contains(*at)).collect();
    // Of points that stand close together the nearest is asked last, so that it lies on top.
    if let Some(pointer) = ui.ctx().pointer_latest_pos() {
        seen.sort_by(|a, b| b.2.distance_sq(pointer).total_cmp(&a.2.distance_sq(pointer)));
    }
    for (place, point, at) in seen {
        let sign = ui.interact(Rect::from_center_size(at, Vec2::splat(2.0 * PICK)), ui.scope_id().with(("point", place)), Sense::click());
        let name = format!("{}, {place}", point.kind.id());
        sign.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        Popup::from_toggle_button_response(&sign).show(|ui| card_ui(ui, stage, point));
        let sign = if can_grab { sign } else { sign.on_hover_cursor(CursorIcon::PointingHand) };
        sign.on_hover_ui(|ui| card_ui(ui, stage, point));
    }
}
