//! What the neuron does, in numbers; the signs of fixed points here are the legend of the plane.

use std::sync::Arc;

use eframe::egui::{Align2, Galley, Label, Rect, RichText, Role, Sense, Ui, WidgetInfo, vec2};

use crate::analysis::Firing;
use crate::ui::glyphs::{self, hairline_h};
use crate::ui::plot::{figures, near_zero, short};
use crate::ui::prose::capital;
use crate::ui::stage::{Stage, point_colour, point_name, sign_of};
use crate::ui::theme::sans;
use crate::ui::widgets::{focus_ring, readout, section};

/// Draws the section.
pub fn show(ui: &mut Ui, stage: &Stage) {
    section(ui, stage, "What it does", "", stage.palette.muted);
    rows(ui, stage);
}

/// The section in a small window: one line at the foot of the column that tells regime and rate and is always
/// there; unfolded, the rows stand below it.
pub fn folded(ui: &mut Ui, stage: &mut Stage) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 30.0), Sense::click());
    let said = in_short(stage, false);
    let open = stage.look.readouts_open;
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, open, format!("What it does: {said}")));
    hairline_h(ui.painter(), rect.x_range().expand(stage.sizes.column_margin), rect.top(), stage.palette.rule);
    let caret = if open { glyphs::caret_down } else { glyphs::caret_right };
    caret(ui.painter(), rect.left_center() + vec2(4.0, 0.0), 4.0, stage.palette.soft, stage.palette.panel);
    let (left, right) = (rect.left_center() + vec2(14.0, 0.0), rect.right_center());
    let name = ui.painter().text(left, Align2::LEFT_CENTER, "What it does", sans(stage.sizes.section), stage.palette.muted);
    // A long answer is given in fewer words, and smaller.
    let wordings = [(said, stage.sizes.row), (in_short(stage, true), stage.sizes.row), (in_short(stage, true), stage.sizes.live)];
    let set = |(words, size): (String, f32)| ui.painter().layout_no_wrap(words, sans(size), stage.palette.text);
    let [first, second, third] = wordings.map(set);
    let fits = |answer: &Arc<Galley>| name.right() + 8.0 + answer.size().x <= right.x;
    let answer = [first, second].into_iter().find(fits).unwrap_or(third);
    ui.painter().galley(Align2::RIGHT_CENTER.anchor_size(right, answer.size()).min, answer, stage.palette.text);
    focus_ring(ui, stage, &response, rect);
    if response.on_hover_text("Unfold or fold all numbers").clicked() {
        stage.look.readouts_open = !open;
    }
    if open {
        rows(ui, stage);
        ui.add_space(6.0);
    }
}

/// Regime and rate in a few words, or in fewer.
fn in_short(stage: &Stage, is_brief: bool) -> String {
    let regime = stage.derived.regime();
    let by_chance = stage.neuron().chance().is_some();
    let what = match regime.firing {
        Some(Firing::Bursting { .. }) => "bursts",
        Some(Firing::Tonic { .. }) => "fires",
        Some(Firing::Irregular) if by_chance => "by chance",
        Some(Firing::Irregular) if is_brief => "uneven",
        Some(Firing::Irregular) => "fires unevenly",
        Some(Firing::Few(_)) => "has fired",
        Some(Firing::Silent) | None if stage.neuron().fires() => "silent",
        Some(Firing::Silent) | None => "no spikes",
    };
    let unit = if stage.neuron().card().dimensionless { "per unit t" } else { "Hz" };
    regime.rate.map_or_else(
        || what.to_string(),
        |rate| format!("{what}, {} {unit}{}", figures(rate, 3), if by_chance && !is_brief { " so far" } else { "" }),
    )
}

fn rows(ui: &mut Ui, stage: &Stage) {
    let card = stage.neuron().card();
    let regime = stage.derived.regime().clone();
    let unit = card.time_unit();
    match regime.firing {
        Some(Firing::Bursting { spikes, period }) => {
            readout(ui, stage, "Spikes per burst", &spikes.to_string(), "");
            readout(ui, stage, "Burst period", &figures(period, 4), unit);
        }
        Some(Firing::Tonic { period }) => {
            readout(ui, stage, "Period", &figures(period, 4), unit);
        }
        _ => {}
    }
    if stage.neuron().fires() {
        let rate = regime.rate.map_or_else(|| "–".to_string(), |r| figures(r, 3));
        let rate_unit = if card.dimensionless { "per unit t" } else { "Hz" };
        readout(ui, stage, "Mean rate", &rate, if regime.rate.is_some() { rate_unit } else { "" });
        let last = regime.last_interval.map_or_else(|| "–".to_string(), |t| figures(t, 4));
        readout(ui, stage, "Last interval", &last, if regime.last_interval.is_some() { unit } else { "" });
    }
    let (.., current) = stage.bench.shown();
    readout(ui, stage, "Input now", &short(near_zero(current, card.current.shown), 3), card.current.unit);
    let found = stage.derived.equilibria();
    if found.degenerate {
        let v = stage.neuron().states().first().map_or("V", |f| f.id);
        let words = format!("Every {v} is a rest: nothing pulls it back");
        ui.add(Label::new(RichText::new(words).size(stage.sizes.row).color(stage.palette.soft)).wrap());
    } else if found.points.is_empty() {
        readout(ui, stage, "No equilibrium", "", "");
    }
    let Some(first) = stage.neuron().states().first() else { return };
    for point in found.points.iter().take(5) {
        let name = point_name(point);
        let v = point.state.first().copied().unwrap_or(0.0);
        let v = near_zero(v, first.shown);
        let rect = equilibrium_row(ui, &format!("{name} {} {}", figures(v, 4), first.unit), stage.sizes.readout_row, point.is_virtual);
        sign_of(point.kind).paint(ui.painter(), rect.left_center() + vec2(7.0, 0.0), 4.8, point_colour(stage, point), stage.palette.panel);
        let at = rect.left_center() + vec2(22.0, 0.0);
        let unit = ui.painter().text(rect.right_center(), Align2::RIGHT_CENTER, first.unit, sans(stage.sizes.unit), stage.palette.muted);
        let value =
            ui.painter().text(unit.left_center() - vec2(5.0, 0.0), Align2::RIGHT_CENTER, figures(v, 4), sans(stage.sizes.body), stage.palette.text);
        let room = Rect::from_min_max(at - vec2(0.0, 12.0), value.left_center() + vec2(-8.0, 12.0));
        ui.painter().with_clip_rect(room).text(at, Align2::LEFT_CENTER, capital(&name), sans(stage.sizes.row), stage.palette.soft);
    }
}

/// Room for an equilibrium; a virtual one says on hover what that is.
fn equilibrium_row(ui: &mut Ui, name: &str, height: f32, is_virtual: bool) -> Rect {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, name));
    if is_virtual {
        response.on_hover_text("Virtual: it lies above the level at which the neuron fires and is reset, so that the state never gets there");
    }
    rect
}
