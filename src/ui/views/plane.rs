//! The phase plane: flow, nullclines, fixed points, and the state that one can grab. One-variable models show
//! their phase line instead.

use eframe::egui::{Align2, Rect, Ui, pos2};

mod hand;
mod layers;
mod legend;
mod orbits;
mod points;
mod ranges;
mod threshold;
pub mod turns;

pub use hand::REACH;
pub use orbits::drop_here;
pub use points::cards;
pub use ranges::v_window;

use super::{View, balance, too_small};
use crate::analysis::Rest;
use crate::app::Portrait;
use crate::model::{Field, Kind};
use crate::ui::plot::{Axes, figures, whole_ticks};
use crate::ui::stage::{Layer, Stage};
use crate::ui::theme::sans;
use crate::ui::widgets::layer_switch;
use layers::{Place, flow_ui, nullclines_ui, orbit_ui, resets_ui};
use ranges::y_window;

/// The view.
pub const VIEW: View = View { id: "plane", title, switches: Some(switches), show };

fn title(stage: &Stage) -> &'static str {
    if stage.neuron().dim() == 1 { "Phase line" } else { "Phase plane" }
}

/// A bar with less room than this for switches keeps the choice of the vertical axis in the menu of layers.
const NARROW: f32 = 400.0;

fn switches(ui: &mut Ui, stage: &mut Stage) {
    orbits::clear_ui(ui, stage);
    let is_narrow = stage.look.bar_room < NARROW;
    if !is_narrow {
        axis_choice(ui, stage);
    }
    legend::menu(ui, stage, is_narrow);
}

/// A switch for each state that can stand on the vertical axis.
fn axis_choice(ui: &mut Ui, stage: &mut Stage) {
    let states = stage.neuron().states();
    if states.len() < 3 {
        return;
    }
    let y = vertical(stage);
    for (index, field) in states.iter().enumerate().skip(1).rev() {
        let mut on = index == y;
        layer_switch(ui, stage, field.id, &mut on);
        ui.add_space(4.0);
        if on && index != y {
            stage.look.plane_y = Some(index);
            stage.look.plane_window = None;
        }
    }
}

/// The state on the vertical axis.
fn vertical(stage: &Stage) -> usize {
    let states = stage.neuron().states();
    stage.look.plane_y.filter(|y| *y < states.len()).unwrap_or_else(|| Field::recovery(states))
}

fn show(ui: &mut Ui, stage: &mut Stage) {
    if stage.neuron().dim() < 2 {
        let window = [v_window(stage), (0.0, 1.0)];
        stage.look.portrait = Some(Portrait { y: 0, window, columns: 2, arrows: [0, 0] });
        balance::show(ui, stage);
        return;
    }
    let y = vertical(stage);
    let rect = ui.available_rect_before_wrap();
    let sizes = stage.sizes;
    let left = rect.left() + 24.0;
    let top = rect.top() + if stage.neuron().dim() > 2 { 26.0 } else { 14.0 };
    let all = Rect::from_min_max(pos2(left + sizes.gutter_symbol + sizes.gutter_ticks, top), pos2(rect.right() - 24.0, rect.bottom() - 48.0));
    if all.width() < 120.0 || all.height() < 60.0 {
        return too_small(ui, stage, rect);
    }
    let window = [v_window(stage), y_window(stage, y)];
    let peak = peak(stage).filter(|peak| *peak > window[0].1);
    let strip = if peak.is_some() { sizes.broken_axis_strip + 12.0 } else { 0.0 };
    let axes = Axes { rect: all.with_max_x(all.right() - strip), x: window[0], y: window[1] };
    request(stage, &axes, y);
    let places = stage.neuron().places();
    if places.is_empty() {
        axes.ticks_x(ui.painter(), stage, 5, "");
    } else {
        axes.ticks_at_x(ui.painter(), stage, &whole_ticks(axes.x, places.len()), "");
    }
    axes.ticks_y(ui.painter(), stage, 6);
    let states = stage.neuron().states();
    axes.label_x(ui, stage, &states[0]);
    axes.label_y(ui, stage, left, &states[y]);
    held_note(ui, stage, rect.top(), all.left());
    let painter = ui.painter().with_clip_rect(axes.rect);
    if stage.shows(Layer::Firing) {
        threshold::tint_ui(&painter, stage, &axes);
    }
    // Between places there is nothing that could flow.
    if stage.shows(Layer::Flow) && places.is_empty() {
        flow_ui(&painter, stage, &axes);
    }
    super::pin::nullclines(&painter, stage, &axes, y);
    nullclines_ui(ui, &painter, stage, &axes, y);
    threshold::threshold_ui(ui, &painter, stage, &axes);
    let place = Place { axes: &axes, y, peak: peak.map(|_| all.right() - 26.0) };
    if stage.shows(Layer::Resets) {
        resets_ui(ui, stage, &place, peak);
    }
    if stage.shows(Layer::Kept) {
        orbits::show(ui, stage, &place);
    }
    layers::held_cycle_ui(&painter, stage, &axes, y);
    if stage.shows(Layer::Orbit) {
        orbit_ui(&painter, stage, &axes, y);
    }
    points::show(ui, stage, &axes, y);
    turns::show(ui, stage, &axes, y);
    let can_grab = hand::interact(ui, stage, &axes, y);
    if stage.shows(Layer::Equilibria) {
        points::cards(ui, stage, axes.rect, can_grab, |point| axes.screen([point.state[0], point.state[y]]));
    }
}

/// Asks for nullclines and flow of what is now on screen.
fn request(stage: &mut Stage, axes: &Axes, y: usize) {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred pixels")]
    let count = |length: f32, each: f32| (length / each).max(2.0) as usize;
    stage.look.portrait = Some(Portrait {
        y,
        window: [axes.x, axes.y],
        columns: count(axes.rect.width(), 3.0),
        arrows: [count(axes.rect.width(), 32.0), count(axes.rect.height(), 38.0)],
    });
}

/// The potential at which a reset model's spike is cut; none where the threshold moves, or chance decides.
fn peak(stage: &Stage) -> Option<f64> {
    let setup = stage.bench.setup();
    let moving = setup.neuron.chance().is_some() || setup.neuron.states().iter().any(|f| f.kind == Kind::Threshold);
    let level = setup.neuron.params().iter().zip(&setup.params).find(|(f, _)| f.kind == Kind::Level).map(|(_, v)| *v);
    level.filter(|_| setup.neuron.resets() && !moving)
}

/// Says which states are not on an axis and what they do.
fn held_note(ui: &Ui, stage: &Stage, top: f32, left: f32) {
    let Some(plane) = stage.derived.plane() else { return };
    let states = stage.neuron().states();
    let words: Vec<String> = states
        .iter()
        .zip(&plane.rest)
        .enumerate()
        .filter(|(index, _)| *index > 0 && *index != plane.y)
        .map(|(_, (field, rest))| match rest {
            Rest::Held(value) => format!("{} held at {}", field.id, figures(*value, 2)),
            Rest::Steady => format!("{} at its steady state", field.id),
        })
        .rev()
        .collect();
    ui.painter().text(pos2(left, top + 2.0), Align2::LEFT_TOP, words.join(", "), sans(stage.sizes.section), stage.palette.muted);
}
