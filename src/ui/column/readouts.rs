//! What the neuron does, in numbers; the signs of fixed points here are the legend of the plane.

use eframe::egui::{Align2, Ui, vec2};

use crate::analysis::Firing;
use crate::ui::plot::{figures, short};
use crate::ui::stage::Stage;
use crate::ui::stage::{point_colour, sign_of};
use crate::ui::theme::sans;
use crate::ui::widgets::{readout, section};

/// Draws the section.
pub fn show(ui: &mut Ui, stage: &mut Stage) {
    section(ui, stage, "What it does", "", stage.palette.muted);
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
