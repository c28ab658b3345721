//! Times as a line of text.

use eframe::egui::{Id, TextEdit, Ui};

use super::plot::plain;

/// A field for times in ms with commas; the list, in order, once it is left. What is no list of numbers leaves the old one.
pub fn times_field(ui: &mut Ui, values: &[f64], name: &str) -> Option<Vec<f64>> {
    let id = Id::unique(("list of", name));
    let written = values.iter().map(|t| plain(*t)).collect::<Vec<_>>().join(", ");
    let mut text = ui.data(|d| d.get_temp::<String>(id)).unwrap_or_else(|| written.clone());
    let field = ui.add(TextEdit::singleline(&mut text).desired_width(f32::INFINITY).hint_text("10, 20, 30"));
    ui.ctx().accesskit_node_builder(field.id, |node| node.set_label(name));
    if field.has_focus() {
        ui.data_mut(|d| d.insert_temp(id, text));
        return None;
    }
    ui.data_mut(|d| d.remove_temp::<String>(id));
    if !field.lost_focus() || text == written {
        return None;
    }
    let words = text.split(|c: char| c == ',' || c == ';' || c.is_whitespace()).filter(|w| !w.is_empty());
    let parsed: Option<Vec<f64>> = words.map(|w| w.replace('\u{2212}', "-").parse().ok().filter(|x: &f64| x.is_finite())).collect();
    parsed.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times
    })
}
