//! Drawing a current by hand in the input strip, and placing presynaptic spikes by clicking in it.

use eframe::egui::{Modifiers, Response, Ui};

use crate::app::Command;
use crate::experiment::statistics::significant;
use crate::stimulus::{Item, Synapse};
use crate::ui::plot::Axes;
use crate::ui::stage::{Drawing, Stage};

/// A drawn current has at most this many points.
const MOST: usize = 400;

/// With Ctrl held, a drag draws a current and a click places a spike. Returns true while a hand is at it, so that the strip does
/// not pan.
pub fn interact(ui: &Ui, stage: &mut Stage, axes: &Axes, response: &Response) -> bool {
    let with_ctrl = ui.input(|i| i.modifiers.matches_logically(Modifiers::COMMAND));
    let at = response.interact_pointer_pos().map(|pos| axes.model(pos));
    if response.clicked() && with_ctrl {
        if let Some([t, _]) = at {
            place_spike(stage, t.max(0.0));
        }
        return true;
    }
    if response.drag_started() && with_ctrl && response.interact_pointer_pos().is_some_and(|pos| axes.rect.expand(4.0).contains(pos)) {
        stage.look.drawing = Some(Drawing { before: stage.bench.setup().stimulus.clone(), points: Vec::new() });
        stage.send(Command::Settle);
    }
    let Some(drawing) = &mut stage.look.drawing else { return false };
    if let Some([t, current]) = at
        && drawing.points.len() < MOST
        && t >= 0.0
        && drawing.points.last().is_none_or(|last| t > last[0])
    {
        let holding = stage.bench.setup().current;
        drawing.points.push([t, current - holding]);
        if drawing.points.len() > 1 {
            let mut items = drawing.before.clone();
            let (times, values) = drawing.points.iter().map(|p| (rounded(p[0]), rounded(p[1]))).unzip();
            items.push(Item::Samples { times, values });
            stage.send(Command::Stimulus(items));
        }
    }
    if response.drag_stopped() {
        stage.look.drawing = None;
        stage.send(Command::Settle);
    }
    true
}

/// Six figures are more than a hand can tell.
fn rounded(x: f64) -> f64 {
    significant(x, 6)
}

/// Adds a spike to the first train that is given by its times, or begins one.
fn place_spike(stage: &mut Stage, t: f64) {
    let mut items = stage.bench.setup().stimulus.clone();
    let train = items.iter_mut().find_map(|item| if let Item::Spikes { times: Some(times), .. } = item { Some(times) } else { None });
    if let Some(times) = train {
        let place = times.partition_point(|x| *x < t);
        times.insert(place, rounded(t));
    } else {
        let amplitude = stage.bench.pulse().amplitude;
        items.push(Item::Spikes {
            times: Some(vec![rounded(t)]),
            rate_hz: None,
            seed: None,
            weight: amplitude,
            synapse: Synapse::Exponential { tau: 3.0 },
        });
    }
    stage.send_once(Command::Stimulus(items));
    if t < stage.bench.simulation().time() {
        stage.send(Command::Say("The spike is placed in the past: it acts from the next restart (R) on".into(), false));
    }
}
