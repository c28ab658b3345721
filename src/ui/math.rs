//! Mathematics on screen: a small subset of TeX, set in STIX.
//!
//! Understood: letters, numbers, operators, `_ ^ ' {}`, `\frac{}{}`, `\dot`,
//! `\ddot`, `\bar`, `\text{}`, Greek and a few symbol names, `\,` `\;` `\quad`.
//! A name it does not know is printed upright; nothing is an error, so that a
//! typing mistake in an equation shows itself instead of stopping the program.
//!
//! Spaces in the source matter a little: between two factors they become a thin
//! space (`g_\text{Na} m^3`), after a number they vanish (`5 v`).
//!
//! A *symbol* is a letter with its subscript and is named in plain words: `V`,
//! `g_Na`, `tau_m`, `x_inf`. The caller colours symbols by that name and learns
//! where each one stands.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use eframe::egui::{
    Align2, Color32, Context, CornerRadius, Painter, Pos2, Rangef, Rect, Response, Role, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo, vec2,
};

mod layout;
mod names;
mod parse;
mod spacing;
mod value;
mod words;

pub use value::{Term, left, right, terms};

use layout::{Block, Item};

/// Colour of a symbol by its name; `None` leaves it in the base colour.
pub type Lookup<'a> = dyn Fn(&str) -> Option<Color32> + 'a;

/// A typeset piece of mathematics, ready to be painted.
///
/// It holds for one scale of the screen: lay it out in the frame that paints it
/// (egui caches the glyph runs, so that costs little).
#[derive(Clone, Debug)]
pub struct Formula {
    block: Block,
    terms: Vec<Rangef>,
    plain: String,
}

impl Formula {
    /// Typesets `tex` at a font size in points. A `&Ui` serves as the context.
    #[must_use]
    pub fn layout(ctx: &Context, tex: &str, size: f32, base_color: Color32, lookup: &Lookup<'_>) -> Self {
        let row = parsed(tex);
        let (block, terms) = layout::formula(ctx, &row, size, base_color, lookup);
        Self { block, terms, plain: words::plain(&row) }
    }

    /// Width and height in points.
    #[must_use]
    pub fn size(&self) -> Vec2 {
        vec2(self.block.width, self.block.ascent + self.block.descent)
    }

    /// Distance from the top edge down to the baseline, in points.
    #[must_use]
    pub fn baseline(&self) -> f32 {
        self.block.ascent
    }

    /// Plain version for screen readers and file names, such as `g_Na (V - E_Na)`.
    #[must_use]
    pub fn plain(&self) -> &str {
        &self.plain
    }

    /// Horizontal extents, from the left edge, of the operands between operators
    /// and parentheses, left to right: a present value fits below each.
    #[must_use]
    pub fn terms(&self) -> &[Rangef] {
        &self.terms
    }

    /// Where each symbol stands when the top left corner is at `pos`.
    #[must_use]
    pub fn symbols(&self, pos: Pos2) -> Vec<(String, Rect)> {
        let offset = pos.to_vec2() + vec2(0.0, self.block.ascent);
        self.block.symbols.iter().map(|(key, rect)| (key.clone(), rect.translate(offset))).collect()
    }

    /// Paints with the top left corner at `pos`; returns where each symbol stands.
    #[expect(clippy::must_use_candidate, reason = "painting is the point; the places are for those who highlight")]
    pub fn paint(&self, painter: &Painter, pos: Pos2) -> Vec<(String, Rect)> {
        self.paint_items(painter, pos, None);
        self.symbols(pos)
    }

    /// Paints on a halo of the ground colour, to be read across curves.
    #[expect(clippy::must_use_candidate, reason = "painting is the point; the places are for those who highlight")]
    pub fn paint_haloed(&self, painter: &Painter, pos: Pos2, ground: Color32) -> Vec<(String, Rect)> {
        for offset in super::glyphs::HALO {
            self.paint_items(painter, pos + offset, Some(ground));
        }
        self.paint(painter, pos)
    }

    /// Top left corner at which `anchor` of the formula comes to lie on `pos`.
    #[must_use]
    pub fn top_left(&self, pos: Pos2, anchor: Align2) -> Pos2 {
        anchor.anchor_size(pos, self.size()).min
    }

    /// Characters that none of the bundled fonts can draw; empty when all is well.
    #[must_use]
    pub fn missing_glyphs(&self, ctx: &Context) -> String {
        let galleys = self.block.items.iter().filter_map(|item| match item {
            Item::Text { galley, .. } => Some(galley),
            Item::Rule { .. } | Item::Dot { .. } => None,
        });
        let mut missing = String::new();
        for galley in galleys {
            for section in &galley.job.sections {
                ctx.fonts_mut(|fonts| {
                    missing.extend(galley.text().chars().filter(|&c| !fonts.has_glyph(&section.format.font_id, c)));
                });
            }
        }
        missing
    }

    fn paint_items(&self, painter: &Painter, pos: Pos2, single_color: Option<Color32>) {
        let scale = painter.pixels_per_point();
        // One rounding for the whole line: digits and letters come from different
        // faces, and each rounded by itself would dance on the baseline.
        let baseline = ((pos.y + self.block.ascent) * scale).round() / scale;
        let origin = Pos2::new(pos.x, baseline);
        for item in &self.block.items {
            match item {
                Item::Text { at, galley, color, .. } => {
                    let color = single_color.unwrap_or(*color);
                    painter.add(Shape::galley_with_override_text_color(origin + *at, galley.clone(), color));
                }
                Item::Rule { rect, color } => {
                    let mut rect = rect.translate(origin.to_vec2());
                    let height = ((rect.height() * scale).round() / scale).max(1.0 / scale);
                    rect.min.y = (rect.min.y * scale).round() / scale;
                    rect.max.y = rect.min.y + height;
                    painter.rect_filled(rect, CornerRadius::ZERO, single_color.unwrap_or(*color));
                }
                Item::Dot { at, radius, color } => {
                    painter.circle(origin + *at, *radius, single_color.unwrap_or(*color), Stroke::NONE);
                }
            }
        }
    }
}

thread_local! {
    /// Formulas that were parsed before: those of the models' tables and cards come again in every frame.
    static PARSED: RefCell<HashMap<String, Rc<parse::Row>>> = RefCell::default();
}

/// Formulas kept at most; more than this are not from tables.
const MOST_PARSED: usize = 2000;

/// The tree of a formula.
fn parsed(tex: &str) -> Rc<parse::Row> {
    if let Some(row) = PARSED.with_borrow(|known| known.get(tex).cloned()) {
        return row;
    }
    let row = Rc::new(parse::parse(tex));
    PARSED.with_borrow_mut(|known| {
        if known.len() >= MOST_PARSED {
            known.clear();
        }
        known.insert(tex.to_string(), Rc::clone(&row));
    });
    row
}

/// A formula in one colour as a label; its accessible name is the plain version.
pub fn label(ui: &mut Ui, tex: &str, size: f32, color: Color32) -> Response {
    label_with(ui, tex, size, color, &|_| None).0
}

/// Like [`label`], with coloured symbols; also tells where each symbol stands.
pub fn label_with(ui: &mut Ui, tex: &str, size: f32, color: Color32, lookup: &Lookup<'_>) -> (Response, Vec<(String, Rect)>) {
    let formula = Formula::layout(ui, tex, size, color, lookup);
    let (rect, response) = ui.allocate_exact_size(formula.size(), Sense::hover());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, enabled, formula.plain()));
    let symbols = if ui.is_rect_visible(rect) { formula.paint(ui.painter(), rect.min) } else { formula.symbols(rect.min) };
    (response, symbols)
}

/// Names of all symbols in `tex`, in order of appearance, each once.
#[must_use]
pub fn symbol_names(tex: &str) -> Vec<String> {
    words::symbols(&parsed(tex))
}

/// The Greek letter of this name, such as `tau`.
#[must_use]
pub fn greek(name: &str) -> Option<char> {
    names::greek_letter(name)
}

/// Plain version of `tex` without laying it out, such as `g_Na`.
#[must_use]
pub fn plain(tex: &str) -> String {
    words::plain(&parsed(tex))
}
