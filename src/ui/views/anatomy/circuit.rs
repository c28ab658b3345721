//! The equivalent circuit: a capacitor and one branch of resistor and battery per channel, with the currents that flow now.

use eframe::egui::{Align2, Color32, Painter, Pos2, Rect, Sense, Stroke, Ui, pos2, vec2};

use super::scene::Scene;
use super::{channel_colour, narrow, symbol_of};
use crate::ui::glyphs::arrow_head;
use crate::ui::math::Formula;
use crate::ui::plot::{figures, number};
use crate::ui::stage::{Stage, name_area};
use crate::ui::theme::sans;

/// Longest arrow of a current, in points.
const ARROW: f32 = 26.0;

pub fn show(ui: &mut Ui, stage: &Stage, scene: &Scene, room: Rect) {
    if room.width() < 140.0 || room.height() < 110.0 {
        return;
    }
    let response = ui.interact(room, ui.scope_id().with("circuit"), Sense::hover());
    name_area(ui, &response, "Equivalent circuit");
    let painter = ui.painter();
    let unit = stage.neuron().card().current.unit;
    let others = -scene.balance();
    let largest = scene.now.iter().map(|f| f.current.abs()).fold(scene.charging.abs().max(scene.entering.abs()), f64::max).max(1e-9);
    // What the model has beside its conductances, such as adaptation, is no branch of the circuit and flows all the same.
    let sum = if others.abs() < 1e-6 * largest {
        format!("out \u{2212} in = {} {unit}", number(-others, 3))
    } else {
        format!("not drawn: {} {unit} out", figures(others, 4))
    };
    painter.text(pos2(room.left(), room.top()), Align2::LEFT_TOP, sum, sans(stage.sizes.unit), stage.palette.soft);
    let (top, bottom) = (room.top() + 34.0, room.bottom() - 26.0);
    let wire = Stroke::new(1.4, stage.palette.axis);
    let branches = scene.channels.len() + 2;
    #[expect(clippy::cast_precision_loss, reason = "a few branches")]
    let is_roomy = room.width() / branches as f32 > 56.0;
    #[expect(clippy::cast_precision_loss, reason = "a few branches")]
    let x = |k: usize| room.left() + (k as f32 + 0.5) * room.width() / branches as f32;
    painter.line_segment([pos2(x(0), top), pos2(x(branches - 1), top)], wire);
    painter.line_segment([pos2(x(0), bottom), pos2(x(branches - 1), bottom)], wire);
    // Where branches stand close, long words would touch the wire.
    let (outside, inside) = if is_roomy { ("outside", "inside") } else { ("out", "in") };
    painter.text(pos2(room.left() - 12.0, top - 2.0), Align2::LEFT_BOTTOM, outside, sans(stage.sizes.tick), stage.palette.muted);
    painter.text(pos2(room.left() - 12.0, bottom - 2.0), Align2::LEFT_BOTTOM, inside, sans(stage.sizes.tick), stage.palette.muted);
    source(ui, stage, scene, (x(0), top, bottom), largest);
    value(ui, stage, pos2(x(0), bottom + 4.0), scene.entering, (stage.palette.input, is_roomy));
    capacitor(ui, stage, scene, (x(1), top, bottom), largest);
    value(ui, stage, pos2(x(1), bottom + 4.0), scene.charging, (stage.palette.v, is_roomy));
    for (k, (channel, flow)) in scene.channels.iter().zip(&scene.now).enumerate() {
        let (at, colour) = (x(k + 2), channel_colour(stage, channel));
        let thirds = (top + 0.42 * (bottom - top), top + 0.74 * (bottom - top));
        painter.line_segment([pos2(at, top), pos2(at, top + 12.0)], wire);
        resistor(painter, at, (top + 12.0, thirds.0), open_part(flow.open, scene), colour);
        painter.line_segment([pos2(at, thirds.0), pos2(at, thirds.1 - 12.0)], wire);
        if let Some((battery, value)) = scene.batteries.get(k) {
            // The long plate is the positive pole: above for a channel that pulls V below zero.
            cell(painter, pos2(at, thirds.1 - 8.0), *value < 0.0, Stroke::new(1.6, colour));
            if is_roomy {
                beside(ui, stage, pos2(at + 12.0, thirds.1 - 8.0), battery.symbol, *value, colour);
            }
        }
        painter.line_segment([pos2(at, thirds.1 - 4.0), pos2(at, bottom)], wire);
        if is_roomy {
            beside(ui, stage, pos2(at + 10.0, 0.5 * (top + 12.0 + thirds.0)), &symbol_of("g", channel), flow.open, colour);
        } else {
            let formula = Formula::layout(ui.ctx(), &symbol_of("g", channel), stage.sizes.unit, colour, &|_| None);
            formula.paint(painter, pos2(at - 0.5 * formula.size().x, top - formula.size().y - 2.0));
        }
        arrow(painter, pos2(at - 10.0, 0.5 * (top + thirds.0)), flow.current, largest, colour);
        value(ui, stage, pos2(at, bottom + 4.0), flow.current, (colour, is_roomy));
    }
}

/// Which part of all open conductance this is: drawn as the width of the resistor.
#[expect(clippy::cast_possible_truncation, reason = "a fraction")]
fn open_part(open: f64, scene: &Scene) -> f32 {
    let all: f64 = scene.now.iter().map(|f| f.open.max(0.0)).sum();
    (open.max(0.0) / all.max(1e-12)) as f32
}

/// A zigzag that is thicker the more it conducts.
fn resistor(painter: &Painter, x: f32, (top, bottom): (f32, f32), part: f32, colour: Color32) {
    const TEETH: u8 = 6;
    let step = (bottom - top) / f32::from(TEETH);
    let tooth = |k: u8| pos2(x + if k.is_multiple_of(2) { 5.0 } else { -5.0 }, top + (f32::from(k) + 0.5) * step);
    let mut path = vec![pos2(x, top)];
    path.extend((0..TEETH).map(tooth));
    path.push(pos2(x, bottom));
    painter.line(path, Stroke::new(1.0 + 4.0 * part.sqrt(), colour));
}

/// A battery: a long and a short plate.
fn cell(painter: &Painter, at: Pos2, positive_above: bool, stroke: Stroke) {
    let (upper, lower) = if positive_above { (9.0, 4.5) } else { (4.5, 9.0) };
    painter.line_segment([at + vec2(-upper, -4.0), at + vec2(upper, -4.0)], stroke);
    painter.line_segment([at + vec2(-lower, 4.0), at + vec2(lower, 4.0)], stroke);
}

fn capacitor(ui: &Ui, stage: &Stage, scene: &Scene, (x, top, bottom): (f32, f32, f32), largest: f64) {
    let (painter, middle, colour) = (ui.painter(), 0.5 * (top + bottom), stage.palette.v);
    let wire = Stroke::new(1.4, stage.palette.axis);
    painter.line_segment([pos2(x, top), pos2(x, middle - 4.0)], wire);
    painter.line_segment([pos2(x, middle + 4.0), pos2(x, bottom)], wire);
    for y in [middle - 4.0, middle + 4.0] {
        painter.line_segment([pos2(x - 11.0, y), pos2(x + 11.0, y)], Stroke::new(2.0, colour));
    }
    let formula = Formula::layout(ui.ctx(), "C", stage.sizes.math_plot, colour, &|_| None);
    formula.paint(painter, pos2(x + 14.0, middle - 0.5 * formula.size().y));
    arrow(painter, pos2(x - 10.0, 0.5 * (top + middle)), scene.charging, largest, colour);
}

/// The electrode: current that is brought in.
fn source(ui: &Ui, stage: &Stage, scene: &Scene, (x, top, bottom): (f32, f32, f32), largest: f64) {
    let (painter, middle, colour) = (ui.painter(), 0.5 * (top + bottom), stage.palette.input);
    let wire = Stroke::new(1.4, stage.palette.axis);
    painter.line_segment([pos2(x, top), pos2(x, middle - 11.0)], wire);
    painter.line_segment([pos2(x, middle + 11.0), pos2(x, bottom)], wire);
    painter.circle_stroke(pos2(x, middle), 11.0, Stroke::new(1.6, colour));
    let formula = Formula::layout(ui.ctx(), "I", stage.sizes.math_plot, colour, &|_| None);
    formula.paint(painter, pos2(x, middle) - 0.5 * formula.size());
    arrow(painter, pos2(x - 18.0, middle), -scene.entering, largest, colour);
}

/// An arrow as long as its part of the largest current: up, towards the outside, if the current is outward.
fn arrow(painter: &Painter, at: Pos2, current: f64, largest: f64, colour: Color32) {
    #[expect(clippy::cast_possible_truncation, reason = "a fraction")]
    let length = ARROW * ((current.abs() / largest).sqrt() as f32);
    if length < 3.0 {
        return;
    }
    let up = if current > 0.0 { -1.0 } else { 1.0 };
    let (tail, tip) = (at - vec2(0.0, 0.5 * length * up), at + vec2(0.0, 0.5 * length * up));
    painter.line_segment([tail, tip], Stroke::new(1.4, colour));
    arrow_head(painter, tip, vec2(0.0, up), 6.0, colour);
}

fn beside(ui: &Ui, stage: &Stage, at: Pos2, symbol: &str, value: f64, colour: Color32) {
    let formula = Formula::layout(ui.ctx(), symbol, stage.sizes.unit + 2.0, colour, &|_| None);
    formula.paint(ui.painter(), at - vec2(0.0, 0.5 * formula.size().y + 7.0));
    ui.painter().text(at + vec2(0.0, 8.0), Align2::LEFT_CENTER, narrow(value), sans(stage.sizes.tick), stage.palette.soft);
}

/// A value below its branch, in fewer figures where branches stand close.
fn value(ui: &Ui, stage: &Stage, at: Pos2, value: f64, (colour, is_roomy): (Color32, bool)) {
    let (most, size) = if is_roomy { (3, stage.sizes.unit) } else { (2, stage.sizes.live) };
    ui.painter().text(at, Align2::CENTER_TOP, figures(value, most), sans(size), colour);
}
