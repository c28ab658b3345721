//! Plain words for formulas: accessible names and the keys of symbols.

use super::{
    parse::{Accent, Class, Node},
    spacing::{Piece, pieces},
};

/// A formula as one line of plain text.
pub(super) fn plain(row: &[Node]) -> String {
    let mut text = String::new();
    for Piece { node, class, space } in pieces(row, false) {
        let spaced = match class {
            Class::Binary | Class::Relation => true,
            _ => space > 0.0,
        };
        if spaced && !text.is_empty() && !text.ends_with(' ') {
            text.push(' ');
        }
        text.push_str(&plain_node(node));
    }
    text
}

fn plain_node(node: &Node) -> String {
    match node {
        Node::Glyphs { plain, .. } => plain.clone(),
        Node::Scripts { base, primes, sub, sup } => {
            let mut text = plain_node(base);
            if !sub.is_empty() {
                text.push('_');
                text.push_str(&plain(sub));
            }
            text.push_str(&"'".repeat(*primes));
            if !sup.is_empty() {
                text.push('^');
                text.push_str(&bracketed(sup));
            }
            text
        }
        Node::Group(row) => plain(row),
        Node::Fraction(numerator, denominator) => {
            format!("{}/{}", bracketed(numerator), bracketed(denominator))
        }
        Node::Accented(accent, row) => {
            let sign = match accent {
                Accent::Dot => "dot",
                Accent::DoubleDot => "double dot",
                Accent::Bar => "bar",
            };
            format!("{} {sign}", plain(row))
        }
        Node::Space(_) | Node::Gap => String::new(),
    }
}

/// Parentheses around anything longer than one word.
fn bracketed(row: &[Node]) -> String {
    let text = plain(row);
    if text.chars().all(|c| c.is_alphanumeric() || "._'".contains(c)) { text } else { format!("({text})") }
}

/// Name of the symbol that a base with a subscript makes; `None` if the base is
/// no letter.
pub(super) fn key(base: &Node, sub: &[Node]) -> Option<String> {
    let name = base_name(base)?;
    if sub.is_empty() {
        return Some(name.to_owned());
    }
    let sub: String = plain(sub).split_whitespace().collect();
    Some(format!("{name}_{sub}"))
}

/// The name of a symbol with its subscript, without primes and powers.
pub(super) fn name(node: &Node) -> Option<String> {
    match node {
        Node::Scripts { base, sub, .. } => key(base, sub),
        other => key(other, &[]),
    }
}

fn base_name(node: &Node) -> Option<&str> {
    match node {
        Node::Glyphs { plain, symbol: true, .. } => Some(plain),
        Node::Accented(_, row) | Node::Group(row) => match row.as_slice() {
            [only] => base_name(only),
            _ => None,
        },
        _ => None,
    }
}

/// All symbols of a row, in order of appearance, each once.
pub(super) fn symbols(row: &[Node]) -> Vec<String> {
    let mut found = Vec::new();
    collect(row, &mut found);
    found
}

fn collect(row: &[Node], found: &mut Vec<String>) {
    for node in row {
        match node {
            Node::Scripts { base, sub, sup, .. } => {
                if let Some(key) = key(base, sub) {
                    note(key, found);
                } else {
                    collect(std::slice::from_ref(base), found);
                    collect(sub, found);
                }
                collect(sup, found);
            }
            Node::Fraction(numerator, denominator) => {
                collect(numerator, found);
                collect(denominator, found);
            }
            Node::Group(row) => collect(row, found),
            Node::Glyphs { .. } | Node::Accented(..) => {
                if let Some(key) = key(node, &[]) {
                    note(key, found);
                } else if let Node::Accented(_, row) = node {
                    collect(row, found);
                }
            }
            Node::Space(_) | Node::Gap => {}
        }
    }
}

fn note(key: String, found: &mut Vec<String>) {
    if !found.contains(&key) {
        found.push(key);
    }
}

/// Does the row hold anything that can have a colour of its own?
pub(super) fn has_symbols(row: &[Node]) -> bool {
    !symbols(row).is_empty()
}
