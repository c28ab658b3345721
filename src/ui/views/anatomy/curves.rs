//! Steady values, time constants and rates of the gates over V, with a marker at the present V.

use eframe::egui::{Align2, Color32, Rect, Sense, Shape, Stroke, Ui, pos2, vec2};

use super::is_gate;
use crate::analysis::Membrane;
use crate::app::convention::moved;
use crate::model::Field;
use crate::ui::glyphs::{dashed_line, hairline_h, hairline_v};
use crate::ui::math::Formula;
use crate::ui::plot::{Axes, plain};
use crate::ui::stage::{Kinetics, Stage, name_area};
use crate::ui::theme::sans;
use crate::ui::widgets::layer_switch;

/// Samples of a curve.
const SAMPLES: u32 = 96;
/// Rates are shown over so many decades below the highest.
const DECADES: f64 = 4.0;
/// A room lower than this, in points, has two charts, and rates take the place of time constants.
const LOW: f32 = 220.0;
/// Room between two charts.
const BETWEEN: f32 = 24.0;

/// One gate's curves over V: its table row, its present value, x∞, τ in ms, and α and β in 1/ms.
struct Curves {
    field: &'static Field,
    colour: Color32,
    value: f64,
    steady: Vec<[f64; 2]>,
    tau: Vec<[f64; 2]>,
    rates: [Vec<[f64; 2]>; 2],
}

/// The switch that shows rates.
pub fn switches(ui: &mut Ui, stage: &mut Stage) {
    let setup = stage.bench.setup();
    if Membrane::new(setup.neuron, &setup.params).is_none() || !setup.neuron.states().iter().any(is_gate) {
        return;
    }
    ui.add_space(16.0);
    let mut on = stage.look.kinetics == Kinetics::Rates;
    layer_switch(ui, stage, "rates α, β", &mut on);
    stage.look.kinetics = if on { Kinetics::Rates } else { Kinetics::Times };
}

pub fn show(ui: &mut Ui, stage: &mut Stage, room: Rect) {
    let window = moved(stage.bench.setup(), stage.neuron().card().window[0]);
    let (_, x, _) = stage.bench.shown();
    let gates = gates(stage, window, &x);
    let margins = if room.width() > 240.0 { (62.0, 40.0) } else { (46.0, 24.0) };
    let plot = Rect::from_min_max(pos2(room.left() + margins.0, room.top() + 14.0), pos2(room.right() - margins.1, room.bottom() - 30.0));
    if gates.is_empty() || plot.width() < 60.0 || plot.height() < 60.0 {
        return;
    }
    let response = ui.interact(plot, ui.scope_id().with("gate curves"), Sense::hover());
    let shows_rates = stage.look.kinetics == Kinetics::Rates;
    let shows_tau = !shows_rates || plot.height() >= LOW;
    let name = match (shows_tau, shows_rates) {
        (true, true) => "Steady values, time constants and rates of the gates",
        (true, false) => "Steady values and time constants of the gates",
        _ => "Steady values and rates of the gates",
    };
    name_area(ui, &response, name);
    let v = x[0].clamp(window.0, window.1);
    let rows = 1 + u8::from(shows_tau) + u8::from(shows_rates);
    let height = (plot.height() - BETWEEN * f32::from(rows - 1)) / f32::from(rows);
    let mut top = plot.top();
    let mut next = |y: (f64, f64)| {
        let rect = Rect::from_min_size(pos2(plot.left(), top), vec2(plot.width(), height));
        top += height + BETWEEN;
        Axes { rect, x: window, y }
    };
    let steady = next((0.0, 1.0));
    steady_ui(ui, stage, &steady, &gates, (room.left(), v));
    if shows_tau {
        let highest = gates.iter().flat_map(|g| &g.tau).map(|p| p[1]).filter(|y| y.is_finite()).fold(0.0, f64::max);
        tau_ui(ui, stage, &next((0.0, 1.1 * highest.max(1e-9))), &gates, (room.left(), v));
    }
    if shows_rates {
        let highest = gates.iter().flat_map(|g| g.rates.iter().flatten()).map(|p| p[1]).filter(|y| y.is_finite()).fold(1e-9, f64::max);
        let top = highest.log10();
        rates_ui(ui, stage, &next((top - DECADES, top + 0.1)), &gates, v);
    }
    Axes { rect: plot, ..steady }.ticks_x(ui.painter(), stage, 4, "mV");
}

/// The curves of every gate.
fn gates(stage: &Stage, window: (f64, f64), x: &[f64]) -> Vec<Curves> {
    let setup = stage.bench.setup();
    let Some(mut membrane) = Membrane::new(setup.neuron, &setup.params) else { return Vec::new() };
    let at = |k: u32| window.0 + (window.1 - window.0) * f64::from(k) / f64::from(SAMPLES);
    let states = setup.neuron.states().iter().enumerate().filter(|(_, f)| is_gate(f));
    let curves = states.filter_map(|(gate, field)| {
        let samples: Option<Vec<_>> = (0..=SAMPLES).map(|k| membrane.rates(gate, at(k)).map(|(a, b)| (at(k), a, b))).collect();
        let samples = samples?;
        let over = |y: fn(f64, f64) -> f64| samples.iter().map(|(v, a, b)| [*v, y(*a, *b)]).collect();
        let (steady, tau) = (over(|a, b| a / (a + b)), over(|a, b| 1.0 / (a + b)));
        Some(Curves { field, colour: stage.colour(field), value: x[gate], steady, tau, rates: [over(|a, _| a), over(|_, b| b)] })
    });
    curves.collect()
}

/// Symbol and unit left of a chart, and the line of the present V in it.
fn frame(ui: &Ui, stage: &Stage, axes: &Axes, (symbol, unit): (&str, &str), (left, v): (f32, f64)) {
    let formula = Formula::layout(ui.ctx(), symbol, stage.sizes.math_plot, stage.palette.soft, &|_| None);
    // In a narrow gutter symbols keep clear of the numbers.
    let aside = if axes.rect.left() - left < 50.0 { -6.0 } else { 6.0 };
    let corner = pos2(left + aside, axes.rect.center().y - 0.5 * formula.size().y);
    formula.paint(ui.painter(), corner);
    ui.painter().text(corner + vec2(0.0, formula.size().y), Align2::LEFT_TOP, unit, sans(stage.sizes.tick), stage.palette.muted);
    hairline_v(ui.painter(), axes.screen_x(v), axes.rect.y_range(), stage.palette.v);
}

fn steady_ui(ui: &Ui, stage: &Stage, axes: &Axes, gates: &[Curves], at: (f32, f64)) {
    axes.ticks_y(ui.painter(), stage, 3);
    frame(ui, stage, axes, ("x_\\infty", ""), at);
    for gate in gates {
        line(ui, axes, &gate.steady, gate.colour);
        // The gate itself runs after its curve: the gap between dot and curve is what moves it.
        ui.painter().circle(axes.screen([at.1, gate.value]), 4.0, gate.colour, Stroke::new(1.0, stage.palette.ground));
    }
    names(ui, stage, axes, gates);
}

fn line(ui: &Ui, axes: &Axes, curve: &[[f64; 2]], colour: Color32) {
    ui.painter().add(Shape::line(curve.iter().map(|p| axes.screen(*p)).collect(), Stroke::new(1.7, colour)));
}

/// Names at the ends of the curves, each clear of the one above.
fn names(ui: &Ui, stage: &Stage, axes: &Axes, gates: &[Curves]) {
    let end = |g: &Curves| (g.steady.last().map_or(axes.rect.top(), |p| axes.screen_y(p[1])), g.field.symbol, g.colour);
    let mut ends: Vec<(f32, &str, Color32)> = gates.iter().map(end).collect();
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut free = f32::NEG_INFINITY;
    for (y, symbol, colour) in ends {
        let formula = Formula::layout(ui.ctx(), symbol, stage.sizes.math_plot, colour, &|_| None);
        let top = (y - 0.5 * formula.size().y).max(free);
        formula.paint(ui.painter(), pos2(axes.rect.right() + 8.0, top));
        free = top + 0.72 * formula.size().y;
    }
}

fn tau_ui(ui: &Ui, stage: &Stage, axes: &Axes, gates: &[Curves], at: (f32, f64)) {
    axes.ticks_y(ui.painter(), stage, 3);
    frame(ui, stage, axes, ("\\tau_x", "ms"), at);
    for gate in gates {
        line(ui, axes, &gate.tau, gate.colour);
    }
}

/// α solid and β dashed on a logarithmic axis: the rates of fast and slow gates are orders apart.
fn rates_ui(ui: &Ui, stage: &Stage, axes: &Axes, gates: &[Curves], v: f64) {
    let painter = ui.painter();
    let every = if axes.rect.height() < 70.0 { 2 } else { 1 };
    #[expect(clippy::cast_possible_truncation, reason = "a few decades")]
    let (from, to) = (axes.y.0.ceil() as i32, axes.y.1.floor() as i32);
    for decade in (from..=to).rev().step_by(every) {
        let y = axes.screen_y(f64::from(decade));
        hairline_h(painter, axes.rect.x_range(), y, stage.palette.grid);
        let (at, text) = (pos2(axes.rect.left() - 8.0, y), plain(10.0_f64.powi(decade)));
        painter.text(at, Align2::RIGHT_CENTER, text, sans(stage.sizes.tick), stage.palette.muted);
    }
    hairline_v(painter, axes.screen_x(v), axes.rect.y_range(), stage.palette.v);
    let clip = painter.with_clip_rect(axes.rect.expand(1.0));
    for gate in gates {
        for (curve, is_dashed) in gate.rates.iter().zip([false, true]) {
            let path: Vec<_> = curve.iter().filter(|p| p[1] > 0.0).map(|p| axes.screen([p[0], p[1].log10()])).collect();
            if is_dashed {
                dashed_line(&clip, &path, Stroke::new(1.5, gate.colour), 5.0, 4.0);
            } else {
                clip.add(Shape::line(path, Stroke::new(1.5, gate.colour)));
            }
        }
    }
    let words = "α solid, β dashed, 1/ms";
    painter.text(axes.rect.right_top() + vec2(20.0, -2.0), Align2::RIGHT_BOTTOM, words, sans(stage.sizes.tick), stage.palette.muted);
}
