//! Ion concentrations as another hand on the reversal potentials: E = (RT/zF) ln([outside]/[inside]).
//!
//! Nothing is stored: the outside concentration shown is the one whose Nernst potential the model's `E_x` is (Nernst 1889; Hodgkin and
//! Huxley 1952). Inside concentrations are those of the squid axon or of a mammalian neuron (Kandel, Schwartz and Jessell, *Principles
//! of Neural Science*, table 6-1).

use eframe::egui::{CollapsingHeader, RichText, Ui};

use crate::app::Command;
use crate::experiment::statistics::significant;
use crate::model::{Field, Kind};
use crate::ui::stage::Stage;
use crate::ui::widgets::{Row, slider_row};

/// R/F in mV per kelvin.
const R_OVER_F: f64 = 0.086_173_33;
/// 0 °C in kelvin.
const KELVIN: f64 = 273.15;
/// Temperature of a mammal in °C, for models that have none of their own.
const WARM: f64 = 37.0;

/// An ion of charge one: its reversal potential's id, and the concentration inside in mM, squid and mammal.
struct Ion {
    reversal: &'static str,
    inside: (f64, f64),
    field: Field,
}

const fn outside(id: &'static str, symbol: &'static str, shown: (f64, f64), meaning: &'static str) -> Field {
    Field { id, symbol, unit: "mM", default: 1.0, min: 1e-3, max: 1e6, shown, kind: Kind::Parameter, choices: &[], is_count: false, meaning }
}

static IONS: [Ion; 2] = [
    Ion {
        reversal: "E_K",
        inside: (400.0, 140.0),
        field: outside(
            "K_out",
            "\\text{K}^+ \\text{out}",
            (1.0, 60.0),
            "Potassium outside: more of it raises E_K, and with it the resting potential",
        ),
    },
    Ion {
        reversal: "E_Na",
        inside: (50.0, 15.0),
        field: outside(
            "Na_out",
            "\\text{Na}^+ \\text{out}",
            (20.0, 600.0),
            "Sodium outside: less of it lowers E_Na, and with it the peak of a spike",
        ),
    },
];

/// The rows, folded away, for models with ions.
pub fn show(ui: &mut Ui, stage: &mut Stage) {
    let (neuron, params) = (stage.neuron(), &stage.bench.setup().params);
    let place = |id: &str| Field::position(neuron.params(), id);
    let ions: Vec<(&Ion, usize)> = IONS.iter().filter_map(|ion| Some((ion, place(ion.reversal)?))).collect();
    // The convention of 1952 measures from rest: there E is no Nernst potential.
    if ions.is_empty() || place("V_shift").is_some_and(|k| params[k] != 0.0) {
        return;
    }
    let celsius = place("T").map(|k| params[k]);
    let volts = R_OVER_F * (celsius.unwrap_or(WARM) + KELVIN);
    let loaded = stage.bench.loaded();
    let same_model = loaded.neuron.card().id == neuron.card().id;
    let rows: Vec<(&Ion, usize, Row, f64)> = ions
        .into_iter()
        .map(|(ion, index)| {
            let inside = if celsius.is_some() { ion.inside.0 } else { ion.inside.1 };
            let of = |e: f64| significant(inside * (e / volts).exp(), CONCENTRATION);
            let was = if same_model { loaded.params[index] } else { neuron.params()[index].default };
            let row = Row { value: of(params[index]), loaded: of(was), colour: None, height: stage.sizes.slider_row_dense, word: None };
            (ion, index, row, inside)
        })
        .collect();
    let title = RichText::new("Ions: concentrations outside").size(stage.sizes.section).color(stage.palette.muted);
    CollapsingHeader::new(title).id_salt("ions").show_unindented(ui, |ui| {
        for (ion, index, row, inside) in rows {
            let field = Field { shown: ion.field.shown, ..ion.field };
            let change = slider_row(ui, stage, &field, &row);
            if let Some(value) = change.value {
                let reversal = volts * (value.max(field.min) / inside).ln();
                let table = &neuron.params()[index];
                stage.send(Command::Param(index, tidy(reversal).clamp(table.min, table.max)));
            }
            if change.settled {
                stage.send(Command::Settle);
            }
        }
    });
}

/// Figures of a concentration: coarser than what [`tidy`] takes from a potential, so that a typed one comes back as it was typed.
const CONCENTRATION: usize = 6;

/// A potential to a millionth of a mV.
fn tidy(x: f64) -> f64 {
    (1e6 * x).round() / 1e6
}
