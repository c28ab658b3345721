//! Words in which names of quantities stand as they are printed: `V_th` with its subscript, an id of a table by its symbol.

use std::ops::Range;

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Color32, FontId};

use super::math;
use super::theme::sans;
use crate::model::{self, Field};

/// A subscript is this much smaller than what it stands at, and its line so much lower in parts of the type size.
const SUBSCRIPT: f32 = 0.74;
const LOWER: f32 = 0.42;
/// Height of a line in parts of the type size.
const LINE: f32 = 1.15;

/// The words with a capital at their beginning.
#[must_use]
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A line or paragraph with subscripts; `*words*` between stars are slanted. Without a colour it takes that of its widget.
#[must_use]
pub fn job(text: &str, size: f32, colour: Option<Color32>, line_height: Option<f32>) -> LayoutJob {
    let colour = colour.unwrap_or(Color32::PLACEHOLDER);
    let plain = TextFormat { font_id: sans(size), color: colour, line_height, ..TextFormat::default() };
    let mut job = LayoutJob::default();
    let has_pairs = text.matches('*').count().is_multiple_of(2);
    let parts: Vec<&str> = if has_pairs { text.split('*').collect() } else { vec![text] };
    for (place, part) in parts.into_iter().enumerate() {
        let format = TextFormat { italics: place % 2 == 1, ..plain.clone() };
        // Lines rest on their lower edges, so that a lower line stands lower.
        let low = TextFormat {
            font_id: FontId::new(SUBSCRIPT * size, format.font_id.family.clone()),
            line_height: Some(line_height.unwrap_or(LINE * size) - LOWER * size),
            ..format.clone()
        };
        let mut at = 0;
        for name in names(part) {
            let (base, subscript) = printed(&part[name.clone()]);
            job.append(&part[at..name.start], 0.0, format.clone());
            job.append(&base, 0.0, format.clone());
            job.append(&subscript, 0.0, low.clone());
            at = name.end;
        }
        job.append(&part[at..], 0.0, format);
    }
    job
}

/// Where names of quantities with a subscript stand in a text.
fn names(text: &str) -> Vec<Range<usize>> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '∞');
    let mut found = Vec::new();
    let mut at = 0;
    for word in text.split_inclusive(|c: char| !is_part(c)) {
        let name = word.trim_end_matches(|c: char| !is_part(c));
        if name.split_once('_').is_some_and(|(base, subscript)| !base.is_empty() && !subscript.is_empty()) {
            found.push(at..at + name.len());
        }
        at += word.len();
    }
    found
}

/// Base and subscript of a name: of the symbol in a table that has it as an id, else its own.
fn printed(name: &str) -> (String, String) {
    let symbol = symbol_of(name).map_or_else(|| name.to_string(), math::plain);
    let (base, subscript) = symbol.split_once('_').unwrap_or((&symbol, ""));
    (greek(base), greek(subscript))
}

/// The letter, where the word names a Greek one.
fn greek(word: &str) -> String {
    math::greek(word).map_or_else(|| word.to_string(), String::from)
}

/// The symbol of the first quantity with this id.
fn symbol_of(id: &str) -> Option<&'static str> {
    let tables = model::all().iter().flat_map(|neuron| [neuron.params(), neuron.states()]);
    tables.flatten().find(|field| field.id == id).map(|field| field.symbol)
}

/// The name of a quantity, as on its slider.
#[must_use]
pub fn name(field: &Field) -> String {
    let plain = math::plain(field.symbol);
    plain.split_once('_').map_or_else(|| greek(&plain), |(base, subscript)| format!("{}_{}", greek(base), greek(subscript)))
}

/// The label of an axis: a quantity that is named by its id gets its symbol.
#[must_use]
pub fn label(words: &str) -> String {
    let known = if words.contains('_') { None } else { symbol_of(words) };
    known.map_or_else(|| words.to_string(), |symbol| greek(&math::plain(symbol)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &str) -> String {
        job(words, 14.0, None, None).text
    }

    #[test]
    fn names_of_quantities_are_printed_as_symbols() {
        assert_eq!(text("At V_th (with τ_m, g_Na): b_low"), "At Vth (with τm, gNa): blow");
        assert_eq!(text("n_half = −45, tau_m"), "n1/2 = −45, τm");
        assert_eq!(text("x_∞(V), c_out/c_in, no_, _no"), "x∞(V), cout/cin, no_, _no");
        assert_eq!(printed("u_decay"), ("λ".into(), "u".into()));
        assert_eq!((label("theta"), label("V"), label("time of the later spike")), ("θ".into(), "V".into(), "time of the later spike".into()));
    }

    #[test]
    fn a_subscript_is_smaller_and_lower_and_stars_slant() {
        let job = job("the *saddle* at V_T", 14.0, None, None);
        let small: Vec<_> =
            job.sections.iter().filter(|s| s.format.font_id.size < 12.0).map(|s| &job.text[s.byte_range.start.0..s.byte_range.end.0]).collect();
        assert_eq!(small, ["T"]);
        let slanted: Vec<_> = job.sections.iter().filter(|s| s.format.italics).map(|s| &job.text[s.byte_range.start.0..s.byte_range.end.0]).collect();
        assert_eq!(slanted, ["saddle"]);
    }

    #[test]
    fn every_quantity_of_every_model_has_a_name_without_underscores_beside_its_subscript() {
        for neuron in model::all() {
            for field in neuron.params().iter().chain(neuron.states()) {
                let printed = text(&name(field));
                assert!(!printed.is_empty() && !printed.contains(['\\', '{', '_']), "{}: {printed}", field.id);
            }
        }
    }
}
