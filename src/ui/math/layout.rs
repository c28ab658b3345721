//! From a tree to glyph runs and rules with positions.

use std::sync::Arc;

use eframe::egui::{Color32, Context, Galley, Rangef, Rect, Vec2, pos2, text::LayoutJob, vec2};

use super::{
    Lookup,
    parse::{Accent, Class, Node},
    spacing::pieces,
    words,
};
use crate::ui::theme;

/// Size of a script, of a script's script, and of a fraction's parts.
const SCRIPT: f32 = 0.7;
const SCRIPT_OF_SCRIPT: f32 = 0.8;
const FRACTION: f32 = 0.85;
/// Room above and below the baseline that every line takes, in em, so that the
/// baseline does not depend on which letters occur.
const STRUT_UP: f32 = 0.74;
const STRUT_DOWN: f32 = 0.24;
/// Height of the minus sign, on which fractions are centred, in em.
const AXIS: f32 = 0.26;
const SUBSCRIPT_DROP: f32 = 0.2;
const SUPERSCRIPT_RISE: f32 = 0.39;

/// Something to paint; positions are relative to the left end of the baseline.
#[derive(Clone, Debug)]
pub(super) enum Item {
    Text { at: Vec2, galley: Arc<Galley>, color: Color32 },
    Rule { rect: Rect, color: Color32 },
    Dot { at: Vec2, radius: f32, color: Color32 },
}

impl Item {
    fn shift(&mut self, by: Vec2) {
        match self {
            Self::Text { at, .. } | Self::Dot { at, .. } => *at += by,
            Self::Rule { rect, .. } => *rect = rect.translate(by),
        }
    }
}

/// A laid-out part of a formula around its baseline.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    pub width: f32,
    pub ascent: f32,
    pub descent: f32,
    /// How far a slanted letter leans over its right end.
    lean: f32,
    pub items: Vec<Item>,
    pub symbols: Vec<(String, Rect)>,
}

impl Block {
    /// Puts `other` with the left end of its baseline at `at`.
    fn place(&mut self, mut other: Self, at: Vec2) {
        for item in &mut other.items {
            item.shift(at);
        }
        self.items.append(&mut other.items);
        self.symbols.extend(other.symbols.into_iter().map(|(key, rect)| (key, rect.translate(at))));
        self.ascent = self.ascent.max(other.ascent - at.y);
        self.descent = self.descent.max(other.descent + at.y);
        self.width = self.width.max(at.x + other.width);
    }

    fn mark(&mut self, key: String, width: f32, size: f32) {
        let top = -self.ascent.max(0.5 * size);
        let rect = Rect::from_min_max(pos2(0.0, top), pos2(width, self.descent));
        self.symbols.push((key, rect));
    }
}

/// What holds for a part of the formula.
#[derive(Clone, Copy)]
struct Setting<'a> {
    ctx: &'a Context,
    lookup: &'a Lookup<'a>,
    size: f32,
    color: Color32,
    /// Depth of scripts.
    level: u8,
    /// Inside a subscript all letters belong to the symbol that carries it.
    owned: bool,
}

impl Setting<'_> {
    fn script(self) -> Self {
        let factor = if self.level == 0 { SCRIPT } else { SCRIPT_OF_SCRIPT };
        Self { size: self.size * factor, level: self.level + 1, ..self }
    }
}

/// Lays out a formula; also the extents of its terms.
pub(super) fn formula(ctx: &Context, nodes: &[Node], size: f32, color: Color32, lookup: &Lookup<'_>) -> (Block, Vec<Rangef>) {
    let setting = Setting { ctx, lookup, size, color, level: 0, owned: false };
    let mut terms = Vec::new();
    let mut block = row(setting, nodes, Some(&mut terms));
    block.width += block.lean;
    block.ascent = block.ascent.max(STRUT_UP * size);
    block.descent = block.descent.max(STRUT_DOWN * size);
    (block, terms)
}

fn row(setting: Setting<'_>, nodes: &[Node], mut terms: Option<&mut Vec<Rangef>>) -> Block {
    let mut line = Block::default();
    let mut term: Option<Rangef> = None;
    for piece in pieces(nodes, setting.level > 0) {
        let block = node(setting, piece.node);
        // A leaning letter must not touch what follows it.
        let x = line.width + line.lean + piece.space * setting.size;
        let extent = Rangef::new(x, x + block.width);
        let operand = matches!(piece.class, Class::Ordinary | Class::Number | Class::Operator);
        // Operators and parentheses end a term, and so does a wide space.
        if (!operand || piece.space > 0.5)
            && let (Some(terms), Some(term)) = (terms.as_deref_mut(), term.take())
        {
            terms.push(term);
        }
        if operand {
            let start = term.map_or(extent.min, |term| term.min);
            term = Some(Rangef::new(start, extent.max));
        }
        line.lean = 0.0;
        line.width = x;
        let lean = block.lean;
        line.place(block, vec2(x, 0.0));
        line.lean = lean;
    }
    if let (Some(terms), Some(term)) = (terms, term) {
        terms.push(term);
    }
    line
}

fn node(setting: Setting<'_>, node: &Node) -> Block {
    match node {
        Node::Glyphs { text, italic, .. } => {
            let setting = own_color(setting, node, &[]);
            let mut block = run(setting, text, *italic);
            mark(setting, &mut block, node, &[]);
            block
        }
        Node::Scripts { base, primes, sub, sup } => scripts(setting, base, *primes, sub, sup),
        Node::Group(nodes) => row(setting, nodes, None),
        Node::Fraction(numerator, denominator) => fraction(setting, numerator, denominator),
        Node::Accented(accent, nodes) => {
            let setting = own_color(setting, node, &[]);
            let mut block = accented(setting, *accent, nodes);
            mark(setting, &mut block, node, &[]);
            block
        }
        Node::Space(_) | Node::Gap => Block::default(),
    }
}

/// The setting in the colour of the symbol that `base` and `sub` make, if any.
fn own_color<'a>(setting: Setting<'a>, base: &Node, sub: &[Node]) -> Setting<'a> {
    if setting.owned {
        return setting;
    }
    let color = words::key(base, sub).and_then(|key| (setting.lookup)(&key));
    Setting { color: color.unwrap_or(setting.color), ..setting }
}

/// Notes where the symbol stands, if it is one by itself.
fn mark(setting: Setting<'_>, block: &mut Block, base: &Node, sub: &[Node]) {
    if setting.owned {
        return;
    }
    if let Some(key) = words::key(base, sub) {
        let width = block.width + block.lean;
        block.mark(key, width, setting.size);
    }
}

/// A run of characters in one face.
fn run(setting: Setting<'_>, text: &str, italic: bool) -> Block {
    let font = if italic { theme::math_italic(setting.size) } else { theme::math_regular(setting.size) };
    let job = LayoutJob::simple_singleline(text.to_owned(), font, Color32::PLACEHOLDER);
    let galley = setting.ctx.fonts_mut(|fonts| fonts.layout_job(job));
    let Some(placed) = galley.rows.first() else {
        return Block::default();
    };
    let Some(last) = placed.row.glyphs.last() else {
        return Block::default();
    };
    let baseline = placed.pos.y + last.pos.y;
    let width = last.pos.x + last.advance_width;
    let mut block = Block { width, ..Block::default() };
    let pixel = 1.0 / galley.pixels_per_point.max(0.1);
    for glyph in &placed.row.glyphs {
        let top = glyph.uv_rect.offset.y;
        block.ascent = block.ascent.max(-top);
        block.descent = block.descent.max(top + glyph.uv_rect.size.y);
    }
    if italic {
        let ink = last.pos.x + last.uv_rect.offset.x + last.uv_rect.size.x;
        // The bitmap ends up to one pixel beyond the ink.
        block.lean = (ink - pixel - width).clamp(0.0, 0.3 * setting.size);
    }
    block.items.push(Item::Text { at: vec2(0.0, -baseline), galley, color: setting.color });
    block
}

fn scripts(setting: Setting<'_>, base: &Node, primes: usize, sub: &[Node], sup: &[Node]) -> Block {
    let inner = own_color(setting, base, sub);
    let key = words::key(base, sub).filter(|_| !setting.owned);
    let owned = setting.owned || key.is_some();
    let size = setting.size;
    let mut block = Block::default();
    // The base of a symbol reports nothing itself: the symbol is the whole.
    let base = node(Setting { owned, ..inner }, base);
    let (width, lean, tall) = (base.width, base.lean, base.ascent);
    block.place(base, Vec2::ZERO);

    let mut end = width + if sub.is_empty() { lean } else { 0.0 };
    if !sub.is_empty() {
        let set = Setting { owned, ..inner.script() };
        let script = row(set, sub, None);
        let room = script.lean;
        block.place(script, vec2(width + 0.02 * size, SUBSCRIPT_DROP * size));
        end = block.width + room;
    }
    if primes > 0 {
        let marks = run(inner, &"′".repeat(primes), false);
        let x = width + lean + 0.02 * size;
        block.place(marks, vec2(x, 0.0));
        end = end.max(block.width);
    }
    if let Some(key) = key {
        block.mark(key, end, size);
    }
    if !sup.is_empty() {
        // A bare power wears the colour of its base, an expression its own.
        let set = if words::has_symbols(sup) { setting.script() } else { inner.script() };
        let script = row(set, sup, None);
        let x = if primes > 0 { end } else { width + lean } + 0.04 * size;
        let rise = (SUPERSCRIPT_RISE * size).max(tall - 0.4 * set.size).max(script.descent + 0.22 * size);
        let room = script.lean;
        block.place(script, vec2(x, -rise));
        end = end.max(block.width + room);
    }
    block.width = block.width.max(end) + 0.03 * size;
    block.lean = 0.0;
    block
}

fn fraction(setting: Setting<'_>, numerator: &[Node], denominator: &[Node]) -> Block {
    let size = setting.size;
    let part = Setting { size: size * FRACTION, ..setting };
    let above = row(part, numerator, None);
    let below = row(part, denominator, None);
    let pad = 0.1 * size;
    let width = (above.width + above.lean).max(below.width + below.lean) + 2.0 * pad;
    let thickness = (0.045 * size).max(0.8);
    let gap = 0.16 * size;
    let mut block = Block::default();
    let x = |part: &Block| 0.5 * (width - part.width - part.lean);
    let (x_above, x_below) = (x(&above), x(&below));
    let rise = AXIS * size + gap + above.descent;
    let drop = gap - AXIS * size + below.ascent;
    block.place(above, vec2(x_above, -rise));
    block.place(below, vec2(x_below, drop));
    let margin = 0.03 * size;
    block.items.push(Item::Rule {
        rect: Rect::from_min_max(pos2(margin, -AXIS * size - 0.5 * thickness), pos2(width - margin, -AXIS * size + 0.5 * thickness)),
        color: setting.color,
    });
    block.width = width;
    block
}

fn accented(setting: Setting<'_>, accent: Accent, nodes: &[Node]) -> Block {
    let size = setting.size;
    let inner = Setting { owned: setting.owned || nodes.len() == 1, ..setting };
    let mut block = row(inner, nodes, None);
    let top = block.ascent.max(0.45 * size);
    // The sign follows the slant of the letter below it.
    let middle = 0.5 * (block.width + block.lean) + 0.12 * top;
    let color = setting.color;
    let radius = 0.055 * size;
    let height = top + 0.16 * size;
    let dots: &[f32] = match accent {
        Accent::Dot => &[0.0],
        Accent::DoubleDot => &[-0.12, 0.12],
        Accent::Bar => &[],
    };
    for dot in dots {
        block.items.push(Item::Dot { at: vec2(middle + dot * size, -height), radius, color });
    }
    if accent == Accent::Bar {
        let half = 0.5 * (block.width - 0.1 * size).max(0.2 * size);
        let thickness = (0.045 * size).max(0.8);
        block.items.push(Item::Rule {
            rect: Rect::from_min_max(pos2(middle - half, -height - 0.5 * thickness), pos2(middle + half, -height + 0.5 * thickness)),
            color,
        });
    }
    block.ascent = height + radius;
    block
}
