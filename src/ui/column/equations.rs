//! The equations, set as mathematics; symbols wear their quantity's colour, and the parameter under the
//! pointer is marked here and in the list of parameters.

use eframe::egui::{Sense, Ui, pos2, vec2};

use crate::ui::math::Formula;
use crate::ui::stage::Stage;
use crate::ui::widgets::section;

/// Draws the equations.
pub fn show(ui: &mut Ui, stage: &mut Stage) {
    section(ui, stage, "Equations", "", stage.palette.muted);
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
    let mut size = stage.sizes.math_equation;
    let mut formula = Formula::layout(ui.ctx(), tex, size, stage.palette.text, &colours);
    // Long equations are set smaller, then broken after an operator.
    while formula.size().x + indent > width && size > 14.0 {
        size -= 0.5;
        formula = Formula::layout(ui.ctx(), tex, size, stage.palette.text, &colours);
    }
    let pieces = if formula.size().x + indent > width { split(tex) } else { vec![tex.to_string()] };
    let formulas: Vec<Formula> = pieces.iter().map(|t| Formula::layout(ui.ctx(), t, size, stage.palette.text, &colours)).collect();
    let mut pointed = None;
    for (place, formula) in formulas.iter().enumerate() {
        let height = formula.size().y.max(22.0) + 3.0;
        let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
        response.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Label, true, formula.plain()));
        let y = rect.center().y - 0.5 * formula.size().y;
        if place == 0 && !prefix.is_empty() {
            let at = pos2(rect.left(), rect.center().y);
            ui.painter().text(at, eframe::egui::Align2::LEFT_CENTER, prefix, crate::ui::theme::sans(stage.sizes.section), stage.palette.spike);
        }
        let inset = indent + if place > 0 { 18.0 } else { 0.0 };
        let symbols = formula.paint(ui.painter(), pos2(rect.left() + inset, y));
        if let Some(pointer) = ui.ctx().pointer_hover_pos() {
            pointed = symbols.into_iter().find(|(_, r)| r.expand(1.0).contains(pointer)).map(|(name, _)| name).or(pointed);
        }
    }
    if let Some(name) = pointed {
        let fields = stage.neuron().params().iter().chain(stage.neuron().states());
        if let Some(field) = fields.into_iter().find(|f| f.id == name || crate::ui::math::plain(f.symbol) == name) {
            let id = field.id;
            stage.point_at(id);
        }
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
