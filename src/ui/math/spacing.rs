//! Space between the pieces of a line.

use super::parse::{Class, Node};

const THIN: f32 = 3.0 / 18.0;
const MEDIUM: f32 = 4.0 / 18.0;
const THICK: f32 = 5.0 / 18.0;
/// Between factors; a little more than TeX's thin space, which is lost behind a subscript.
const FACTOR: f32 = 4.0 / 18.0;

/// A piece with its part in this line and the space before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    pub node: &'a Node,
    /// Its part here: a minus without a left operand is no binary operator.
    pub class: Class,
    /// Space before it in em.
    pub space: f32,
}

/// The visible pieces of a row; `script` for the tighter setting of scripts.
pub(super) fn pieces(row: &[Node], script: bool) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece<'_>> = Vec::with_capacity(row.len());
    let mut gap = false;
    let mut explicit = 0.0;
    for node in row {
        let own = match node {
            Node::Gap => {
                gap = true;
                continue;
            }
            Node::Space(em) => {
                explicit += em;
                gap = false;
                continue;
            }
            other => class_of(other),
        };
        let before = pieces.last().map(|piece| piece.class);
        let class = if own == Class::Binary && !takes_operator(before) { Class::Ordinary } else { own };
        let space = before.map_or(0.0, |before| between(before, class, gap, script));
        pieces.push(Piece { node, class, space: space + explicit });
        gap = false;
        explicit = 0.0;
    }
    pieces
}

/// The part a piece plays by itself.
fn class_of(node: &Node) -> Class {
    match node {
        Node::Glyphs { class, .. } => *class,
        // A power of ten is no plain number, and x² closes like x.
        Node::Scripts { base, .. } => match class_of(base) {
            Class::Number => Class::Ordinary,
            class => class,
        },
        Node::Group(_) | Node::Fraction(..) | Node::Accented(..) | Node::Space(_) | Node::Gap => Class::Ordinary,
    }
}

fn takes_operator(before: Option<Class>) -> bool {
    matches!(before, Some(Class::Ordinary | Class::Number | Class::Close))
}

/// Space in em between two neighbours; `gap` if the source has white space there.
fn between(before: Class, after: Class, gap: bool, script: bool) -> f32 {
    use Class::{Binary, Close, Number, Open, Operator, Ordinary, Punctuation, Relation};
    match (before, after) {
        (Relation, Relation) | (Open, _) | (_, Close | Punctuation) | (Operator, Open) => 0.0,
        (Binary | Relation | Punctuation, _) | (_, Binary | Relation) if script => 0.0,
        (Relation, _) | (_, Relation) => THICK,
        (Binary, _) | (_, Binary) => MEDIUM,
        (Operator | Punctuation, _) | (_, Operator) => THIN,
        // But a number stands close to the letter it multiplies: 5V.
        (Number, Number | Open) | (Ordinary | Close, _) if gap => FACTOR,
        (Number | Ordinary | Close, _) => 0.0,
    }
}
