//! Nullclines are where something turns: as the state crosses one, the axis along which it turns lights up.

use eframe::egui::{Align2, Stroke, Ui, pos2};

use crate::ui::glyphs::halo_text;
use crate::ui::plot::Axes;
use crate::ui::stage::Stage;
use crate::ui::theme::sans;

/// For how long an axis stays lit, in seconds of real time.
const GLOW: f64 = 0.9;

/// Turns that follow each other faster than this, in seconds of real time, leave the axis dark: it would never go out.
const APART: f64 = 0.45;

/// A turn is one after a way longer than this, in parts of what the axis shows: settling to rest is none.
const FELT: f64 = 0.01;

/// The directions in which the state moved when last looked at, and when each turned last, in seconds of real time.
#[derive(Clone, Copy, Debug)]
pub struct Turns {
    signs: [f64; 2],
    last: [f64; 2],
    /// When each axis was lit last.
    at: [f64; 2],
    /// Where the state last turned.
    places: [f64; 2],
}

impl Default for Turns {
    fn default() -> Self {
        Self { signs: [0.0; 2], last: [f64::NEG_INFINITY; 2], at: [f64::NEG_INFINITY; 2], places: [f64::NAN; 2] }
    }
}

/// Lights up the axis of V, or of state `y`, along which the state has just turned.
pub fn show(ui: &Ui, stage: &mut Stage, axes: &Axes, y: usize) {
    let now = ui.input(|i| i.time);
    let (_, state, _) = stage.bench.shown();
    let states = stage.neuron().states();
    let slopes = stage.derived.slope();
    let turns = &mut stage.look.turns;
    for (k, place) in [0, y].into_iter().enumerate() {
        let (x, slope) = (state.get(place).copied().unwrap_or(0.0), slopes.get(place).copied().unwrap_or(0.0));
        let sign = if slope == 0.0 { 0.0 } else { slope.signum() };
        if sign * turns.signs[k] < 0.0 {
            let shown = states[place].shown;
            if (x - turns.places[k]).abs() > FELT * (shown.1 - shown.0) {
                turns.at[k] = if now - turns.last[k] > APART { now } else { f64::NEG_INFINITY };
                turns.last[k] = now;
            }
            turns.places[k] = x;
        }
        if turns.places[k].is_nan() {
            turns.places[k] = x;
        }
        turns.signs[k] = sign;
    }
    let at = turns.at;
    for (k, field) in [&states[0], &states[y]].into_iter().enumerate() {
        let left = 1.0 - (now - at[k]) / GLOW;
        if left <= 0.0 {
            continue;
        }
        ui.ctx().request_repaint();
        #[expect(clippy::cast_possible_truncation, reason = "a strength")]
        let colour = stage.colour(field).gamma_multiply(left as f32);
        let rect = axes.rect;
        let (from, to, place, anchor) = if k == 0 {
            (rect.left_bottom(), rect.right_bottom(), pos2(rect.right() - 6.0, rect.bottom() - 6.0), Align2::RIGHT_BOTTOM)
        } else {
            (rect.left_bottom(), rect.left_top(), pos2(rect.left() + 8.0, rect.top() + 6.0), Align2::LEFT_TOP)
        };
        ui.painter().line_segment([from, to], Stroke::new(3.0, colour));
        halo_text(ui.painter(), place, anchor, format!("{} turns", field.id), sans(stage.sizes.unit), colour, stage.palette.ground);
    }
}
