//! What the neuron does, in numbers; the signs of fixed points here are the legend of the plane.

use eframe::egui::{Align2, Role, Sense, Ui, WidgetInfo, vec2};

use crate::analysis::Firing;
use crate::ui::glyphs::{self, hairline_h};
use crate::ui::plot::{figures, short};
use crate::ui::stage::Stage;
use crate::ui::stage::{point_colour, sign_of};
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
    let said = in_short(stage);
    let open = stage.look.readouts_open;
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, open, format!("What it does: {said}")));
    hairline_h(ui.painter(), rect.x_range().expand(stage.sizes.column_margin), rect.top(), stage.palette.rule);
    let caret = if open { glyphs::caret_down } else { glyphs::caret_right };
    caret(ui.painter(), rect.left_center() + vec2(4.0, 0.0), 4.0, stage.palette.soft, stage.palette.panel);
    let (left, right) = (rect.left_center() + vec2(14.0, 0.0), rect.right_center());
    ui.painter().text(left, Align2::LEFT_CENTER, "What it does", sans(stage.sizes.section), stage.palette.muted);
    ui.painter().text(right, Align2::RIGHT_CENTER, said, sans(stage.sizes.row), stage.palette.text);
    focus_ring(ui, stage, &response, rect);
    if response.on_hover_text("Unfold or fold all numbers").clicked() {
        stage.look.readouts_open = !open;
    }
    if open {
        rows(ui, stage);
        ui.add_space(6.0);
    }
}

/// Regime and rate in a few words.
fn in_short(stage: &Stage) -> String {
    let regime = stage.derived.regime();
    let what = match regime.firing {
        Some(Firing::Bursting { .. }) => "bursts",
        Some(Firing::Tonic { .. }) => "fires",
        Some(Firing::Irregular) => "fires unevenly",
        Some(Firing::Few(_)) => "has fired",
        Some(Firing::Silent) | None => "silent",
    };
    let unit = if stage.neuron().card().dimensionless { "per unit t" } else { "Hz" };
    regime.rate.map_or_else(|| what.to_string(), |rate| format!("{what}, {} {unit}", figures(rate, 3)))
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
    let rate = regime.rate.map_or_else(|| "–".to_string(), |r| figures(r, 3));
    let rate_unit = if card.dimensionless { "per unit t" } else { "Hz" };
    readout(ui, stage, "Mean rate", &rate, if regime.rate.is_some() { rate_unit } else { "" });
    let last = regime.last_interval.map_or_else(|| "–".to_string(), |t| figures(t, 4));
    readout(ui, stage, "Last interval", &last, if regime.last_interval.is_some() { unit } else { "" });
    let (.., current) = stage.bench.shown();
    readout(ui, stage, "Input now", &short(current, 3), card.current.unit);
    let found = stage.derived.equilibria();
    if found.degenerate {
        readout(ui, stage, "Equilibria fill a curve", "", "");
    } else if found.points.is_empty() {
        readout(ui, stage, "No equilibrium", "", "");
    }
    let Some(first) = stage.neuron().states().first() else { return };
    for point in found.points.iter().take(5) {
        let name = if point.is_virtual { format!("{}, virtual", point.kind.id()) } else { point.kind.id().to_string() };
        let v = point.state.first().copied().unwrap_or(0.0);
        let rect = readout(ui, stage, "", &figures(v, 4), first.unit);
        sign_of(point.kind).paint(ui.painter(), rect.left_center() + vec2(7.0, 0.0), 4.8, point_colour(stage, point), stage.palette.panel);
        let at = rect.left_center() + vec2(22.0, 0.0);
        ui.painter().text(at, Align2::LEFT_CENTER, sentence_case(&name), sans(stage.sizes.row), stage.palette.soft);
    }
}

fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |c| c.to_uppercase().collect::<String>() + letters.as_str())
}
