//! Steady values and time constants of the gates over V, with a marker at the present V.

use eframe::egui::{Color32, Rect, Sense, Shape, Stroke, Ui, pos2, vec2};

use super::is_gate;
use crate::analysis::Membrane;
use crate::model::Field;
use crate::ui::glyphs::hairline_v;
use crate::ui::math::Formula;
use crate::ui::plot::Axes;
use crate::ui::stage::{Stage, name_area};
use crate::ui::theme::sans;

/// Samples of a curve.
const SAMPLES: u32 = 96;

/// One gate's curves: its table row, its present value, and (V, x∞), (V, τ).
struct Curves {
    field: &'static Field,
    value: f64,
    steady: Vec<[f64; 2]>,
    tau: Vec<[f64; 2]>,
}

pub fn show(ui: &mut Ui, stage: &mut Stage, room: Rect) {
    let setup = stage.bench.setup();
    let Some(mut membrane) = Membrane::new(setup.neuron, &setup.params) else { return };
    let (_, x, _) = stage.bench.shown();
    let window = setup.neuron.card().window[0];
    let at = |k: u32| window.0 + (window.1 - window.0) * f64::from(k) / f64::from(SAMPLES);
    let gates: Vec<Curves> = (setup.neuron.states().iter().enumerate().filter(|(_, f)| is_gate(f)))
        .filter_map(|(gate, field)| {
            let samples: Option<Vec<_>> = (0..=SAMPLES).map(|k| membrane.kinetics(gate, at(k)).map(|c| (at(k), c))).collect();
            let samples = samples?;
            let steady = samples.iter().map(|(v, c)| [*v, c.0]).collect();
            Some(Curves { field, value: x[gate], steady, tau: samples.iter().map(|(v, c)| [*v, c.1]).collect() })
        })
        .collect();
    if gates.is_empty() {
        return;
    }
    let sizes = stage.sizes;
    let margins = if room.width() > 240.0 { (62.0, 40.0) } else { (58.0, 24.0) };
    let plot = Rect::from_min_max(pos2(room.left() + margins.0, room.top() + 14.0), pos2(room.right() - margins.1, room.bottom() - 30.0));
    if plot.width() < 60.0 || plot.height() < 60.0 {
        return;
    }
    let (upper, lower) = (plot.with_max_y(plot.center().y - 12.0), plot.with_min_y(plot.center().y + 12.0));
    let highest = gates.iter().flat_map(|g| &g.tau).map(|p| p[1]).filter(|y| y.is_finite()).fold(0.0, f64::max);
    let v = x[0].clamp(window.0, window.1);
    let response = ui.interact(plot, ui.scope_id().with("gate curves"), Sense::hover());
    name_area(ui, &response, "Steady values and time constants of the gates");
    let steady = Axes { rect: upper, x: window, y: (0.0, 1.0) };
    let tau = Axes { rect: lower, x: window, y: (0.0, 1.1 * highest.max(1e-9)) };
    let lines: Vec<(&Curves, Color32)> = gates.iter().map(|g| (g, stage.colour(g.field))).collect();
    for (axes, symbol, unit) in [(&steady, "x_\\infty", ""), (&tau, "\\tau_x", "ms")] {
        axes.ticks_y(ui.painter(), stage, 3);
        let formula = Formula::layout(ui.ctx(), symbol, sizes.math_plot, stage.palette.soft, &|_| None);
        let corner = pos2(room.left() + 6.0, axes.rect.center().y - 0.5 * formula.size().y);
        formula.paint(ui.painter(), corner);
        ui.painter().text(corner + vec2(0.0, formula.size().y), eframe::egui::Align2::LEFT_TOP, unit, sans(sizes.tick), stage.palette.muted);
        hairline_v(ui.painter(), axes.screen_x(v), axes.rect.y_range(), stage.palette.v);
    }
    tau.ticks_x(ui.painter(), stage, 4, "mV");
    let mut ends: Vec<(f32, &str, Color32)> = Vec::new();
    for (gate, colour) in lines {
        for (axes, curve) in [(&steady, &gate.steady), (&tau, &gate.tau)] {
            ui.painter().add(Shape::line(curve.iter().map(|p| axes.screen(*p)).collect(), Stroke::new(1.7, colour)));
        }
        // The gate itself runs after its curve: the gap between dot and curve is what moves it.
        ui.painter().circle(steady.screen([v, gate.value]), 4.0, colour, Stroke::new(1.0, stage.palette.ground));
        ends.push((gate.steady.last().map_or(plot.top(), |p| steady.screen_y(p[1])), gate.field.symbol, colour));
    }
    // Names at the ends of the curves, each clear of the one above.
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut free = f32::NEG_INFINITY;
    for (y, symbol, colour) in ends {
        let formula = Formula::layout(ui.ctx(), symbol, sizes.math_plot, colour, &|_| None);
        let top = (y - 0.5 * formula.size().y).max(free);
        formula.paint(ui.painter(), pos2(plot.right() + 8.0, top));
        free = top + 0.72 * formula.size().y;
    }
}
