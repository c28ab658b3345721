//! The equations, set as mathematics; symbols wear their quantity's colour, and the parameter under the
//! pointer is marked here and in the list of parameters.

use std::sync::Arc;

use eframe::egui::{Align2, Color32, Id, Rect, Sense, Ui, pos2, vec2};

use crate::ui::equation_values::Point;
use crate::ui::math::{Formula, plain};
use crate::ui::plot::{near_zero, short};
use crate::ui::stage::Stage;
use crate::ui::theme::sans;
use crate::ui::widgets::section;

/// Draws the equations.
pub fn show(ui: &mut Ui, stage: &mut Stage) {
    section(ui, stage, "Equations", "live values", stage.palette.muted);
    ui.add_space(2.0);
    let card = stage.neuron().card();
    for tex in card.equations {
        line(ui, stage, tex, "");
    }
    for (place, tex) in card.at_spike.iter().enumerate() {
        line(ui, stage, tex, if place == 0 { "at a spike" } else { "" });
    }
}

fn line(ui: &mut Ui, stage: &mut Stage, tex: &str, prefix: &str) {
    let width = ui.available_width();
    let indent = if prefix.is_empty() && tex.contains("\\leftarrow") || !prefix.is_empty() { 76.0 } else { 0.0 };
    let colours = |name: &str| stage.symbol_colour(name);
    let Broken { size, pieces, .. } = broken(ui, tex, stage.sizes.math_equation, width - indent);
    let formulas: Vec<Formula> = pieces.iter().map(|t| Formula::layout(ui.ctx(), t, size, stage.palette.text, &colours)).collect();
    let mut pointed = None;
    for (place, formula) in formulas.iter().enumerate() {
        let below = if formulas.len() == 1 { values_below(ui, stage, tex, formula) } else { Vec::new() };
        let height = formula.size().y.max(22.0) + if below.is_empty() { 3.0 } else { 14.0 };
        let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
        response.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Label, true, formula.plain()));
        let y = if below.is_empty() { rect.center().y - 0.5 * formula.size().y } else { rect.top() };
        if place + 1 == formulas.len() && below.is_empty() {
            value_beside(ui, stage, tex, rect, indent + formula.size().x);
        }
        if place == 0 && !prefix.is_empty() {
            let at = pos2(rect.left(), rect.center().y);
            ui.painter().text(at, Align2::LEFT_CENTER, prefix, sans(stage.sizes.section), stage.palette.spike);
        }
        let inset = indent + if place > 0 { 18.0 } else { 0.0 };
        let symbols = formula.paint(ui.painter(), pos2(rect.left() + inset, y));
        for (x, text) in below {
            let at = pos2(rect.left() + inset + x, y + formula.size().y - 1.0);
            ui.painter().text(at, Align2::CENTER_TOP, text, sans(stage.sizes.live), stage.palette.muted);
        }
        if let Some(pointer) = ui.ctx().pointer_hover_pos() {
            pointed = symbols.into_iter().find(|(_, r)| r.expand(1.0).contains(pointer)).map(|(name, _)| name).or(pointed);
        }
    }
    if let Some(name) = pointed {
        let fields = stage.neuron().params().iter().chain(stage.neuron().states());
        if let Some(field) = fields.into_iter().find(|f| f.id == name || plain(f.symbol) == name) {
            let id = field.id;
            stage.point_at(id);
        }
    }
}

/// How an equation is broken into lines.
#[derive(Clone)]
struct Broken {
    /// What this holds for, bit for bit: size asked for, room, scale of the screen.
    key: [u32; 3],
    /// Size at which it is set.
    size: f32,
    pieces: Arc<[String]>,
}

/// Long equations are set smaller, then broken after an operator. That takes many trials, so the outcome is kept.
fn broken(ui: &Ui, tex: &str, largest: f32, room: f32) -> Broken {
    let key = [largest, room, ui.ctx().pixels_per_point()].map(f32::to_bits);
    let id = Id::unique(("broken equation", tex));
    if let Some(known) = ui.data(|d| d.get_temp::<Broken>(id)).filter(|known| known.key == key) {
        return known;
    }
    let mut size = largest;
    let width = |t: &str, size: f32| Formula::layout(ui.ctx(), t, size, Color32::WHITE, &|_| None).size().x;
    while width(tex, size) > room && size > 14.0 {
        size -= 0.5;
    }
    let mut pieces = vec![tex.to_string()];
    let fits = |t: &str, inset: f32| width(t, size) + inset <= room;
    // Twice in half is enough for the longest line.
    for _ in 0..2 {
        pieces = pieces.iter().flat_map(|t| if fits(t, if t == tex { 0.0 } else { 18.0 }) { vec![t.clone()] } else { split(t) }).collect();
    }
    let found = Broken { key, size, pieces: pieces.into() };
    ui.data_mut(|d| d.insert_temp(id, found.clone()));
    found
}

/// The present point at which the equations are evaluated.
fn at_present<R>(stage: &Stage, f: impl FnOnce(&Point<'_>) -> R) -> R {
    let setup = stage.bench.setup();
    let (_, state, current) = stage.bench.shown();
    f(&Point { neuron: setup.neuron, params: &setup.params, state: &state, slope: stage.derived.slope(), current })
}

/// Values of the terms that change, each with the middle of its term; only where they fit beside each other.
fn values_below(ui: &Ui, stage: &Stage, tex: &str, formula: &Formula) -> Vec<(f32, String)> {
    if stage.neuron().dim() > 2 || tex.contains("\\leftarrow") {
        return Vec::new();
    }
    let found = at_present(stage, |point| {
        let terms = point.terms(tex);
        let live = terms.into_iter().map(|t| t.value.filter(|_| t.symbols.iter().any(|s| point.is_live(s))));
        live.collect::<Vec<_>>()
    });
    let mut values = Vec::new();
    let (mut right, room) = (f32::NEG_INFINITY, ui.available_width());
    for (place, value) in formula.terms().iter().zip(found) {
        let Some(value) = value else { continue };
        let text = amount(value);
        let half = 0.5 * ui.painter().layout_no_wrap(text.clone(), sans(stage.sizes.live), stage.palette.muted).size().x;
        let x = place.center().min(room - half).max(half).max(right + half + 5.0);
        if (x - place.center()).abs() > 26.0 || x + half > room {
            continue;
        }
        right = x + half;
        values.push((x, text));
    }
    values
}

/// A value in few figures; what is too small to tell is zero.
fn amount(value: f64) -> String {
    short(near_zero(value, (0.0, 1.0)), if value.abs() >= 100.0 { 4 } else { 3 })
}

/// True if an equation is for a state that does not follow it now, because the neuron is refractory.
fn is_held(stage: &Stage, tex: &str) -> bool {
    let left = plain(tex.split_once('=').map_or("", |(left, _)| left));
    stage.neuron().states().iter().take(stage.bench.held()).any(|field| left.trim().ends_with(&format!("{}'", plain(field.symbol))))
}

/// The value of a whole line at the right edge, where there is room.
fn value_beside(ui: &Ui, stage: &Stage, tex: &str, rect: Rect, taken: f32) {
    if taken + 52.0 >= rect.width() {
        return;
    }
    let text = if is_held(stage, tex) { Some("held".into()) } else { at_present(stage, |point| point.right(tex)).map(amount) };
    if let Some(text) = text {
        let at = pos2(rect.right(), rect.center().y);
        ui.painter().text(at, Align2::RIGHT_CENTER, text, sans(stage.sizes.live), stage.palette.muted);
    }
}

/// Breaks an equation before the operator nearest its middle that stands outside all brackets.
fn split(tex: &str) -> Vec<String> {
    let mut depth = 0;
    let mut breaks = Vec::new();
    for (at, c) in tex.char_indices() {
        match c {
            '(' | '{' => depth += 1,
            ')' | '}' => depth -= 1,
            '+' | '-' if depth == 0 && at > 0 && tex[..at].ends_with(' ') => breaks.push(at),
            _ => {}
        }
    }
    let middle = tex.len() / 2;
    match breaks.into_iter().min_by_key(|at| at.abs_diff(middle)) {
        Some(at) => vec![tex[..at].trim_end().to_string(), tex[at..].to_string()],
        None => vec![tex.to_string()],
    }
}
