//! Numbers for a formula: what each of its terms, and its right-hand side, amounts to at present.
//!
//! The printed equation itself is evaluated, so a value below a term is the value of that term as it reads.

use super::parse::{Class, Node};
use super::spacing::{Piece, pieces};
use super::{parsed, words};

/// Value of a symbol by its name: `g_Na`, `V`, `V'` for a derivative, `m_inf()` for a function of the potential.
pub type Values<'a> = dyn Fn(&str) -> Option<f64> + 'a;

/// A run of factors between operators and parentheses.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Term {
    /// Its value; `None` where a symbol has none.
    pub value: Option<f64>,
    /// The symbols in it.
    pub symbols: Vec<String>,
}

/// What the left-hand side of a formula amounts to; `None` where a symbol has no value.
#[must_use]
pub fn left(tex: &str, values: &Values<'_>) -> Option<f64> {
    side(tex, 0, values)
}

/// What the right-hand side of a formula amounts to; `None` where a symbol has no value.
#[must_use]
pub fn right(tex: &str, values: &Values<'_>) -> Option<f64> {
    side(tex, 1, values)
}

/// What one side of a formula amounts to.
fn side(tex: &str, which: usize, values: &Values<'_>) -> Option<f64> {
    let row = parsed(tex);
    let all = pieces(&row, false);
    let side = all.split(|p| p.class == Class::Relation).nth(which)?;
    Reader { pieces: side, at: 0, values }.whole()
}

/// What each run of operands between operators and parentheses amounts to, in the order of [`super::Formula::terms`].
#[must_use]
pub fn terms(tex: &str, values: &Values<'_>) -> Vec<Term> {
    let row = parsed(tex);
    let all = pieces(&row, false);
    let mut found = Vec::new();
    let mut term: Option<Term> = None;
    for piece in &all {
        let operand = matches!(piece.class, Class::Ordinary | Class::Number | Class::Operator);
        if !operand || piece.space > 0.5 {
            found.extend(term.take());
        }
        if operand {
            let factor = if sign(piece) == Some('−') { Some(-1.0) } else { atom(piece.node, values) };
            let term = term.get_or_insert_with(|| Term { value: Some(1.0), symbols: Vec::new() });
            term.value = term.value.zip(factor).map(|(a, b)| a * b);
            term.symbols.extend(words::symbols(std::slice::from_ref(piece.node)));
        }
    }
    found.extend(term);
    found
}

/// The operator a piece is, if it is one.
fn sign(piece: &Piece<'_>) -> Option<char> {
    let Node::Glyphs { text, .. } = piece.node else { return None };
    let mut letters = text.chars();
    let first = letters.next().filter(|_| letters.next().is_none())?;
    match first {
        '-' | '\u{2212}' => Some('−'),
        '+' | '/' => Some(first),
        _ => None,
    }
}

struct Reader<'a> {
    pieces: &'a [Piece<'a>],
    at: usize,
    values: &'a Values<'a>,
}

impl Reader<'_> {
    /// The whole side, or `None` if anything is left over or has no value.
    fn whole(mut self) -> Option<f64> {
        let value = self.sum()?;
        (self.at == self.pieces.len()).then_some(value)
    }

    fn next_sign(&self) -> Option<char> {
        self.pieces.get(self.at).and_then(sign)
    }

    fn sum(&mut self) -> Option<f64> {
        let mut total = 0.0;
        let mut first = true;
        loop {
            let negative = match self.next_sign() {
                Some('−') => true,
                Some('+') => false,
                _ if first => false,
                _ => return Some(total),
            };
            if !first || self.next_sign().is_some() {
                self.at += 1;
            }
            first = false;
            let product = self.product()?;
            total += if negative { -product } else { product };
        }
    }

    fn product(&mut self) -> Option<f64> {
        let mut product = self.factor()?;
        loop {
            match (self.next_sign(), self.pieces.get(self.at)) {
                (Some('/'), _) => {
                    self.at += 1;
                    product /= self.factor()?;
                }
                (None, Some(piece)) if matches!(piece.class, Class::Ordinary | Class::Number | Class::Open) => product *= self.factor()?,
                _ => return Some(product),
            }
        }
    }

    fn factor(&mut self) -> Option<f64> {
        let piece = self.pieces.get(self.at)?;
        self.at += 1;
        if piece.class == Class::Open {
            let inside = self.sum()?;
            self.close()?;
            return Some(inside);
        }
        let opens = self.pieces.get(self.at).is_some_and(|p| p.class == Class::Open);
        if opens && let Some(value) = words::name(piece.node).and_then(|name| (self.values)(&format!("{name}()"))) {
            // A function of the potential: its argument is known.
            self.at += 1;
            self.sum()?;
            self.close()?;
            return Some(value);
        }
        atom(piece.node, self.values)
    }

    fn close(&mut self) -> Option<()> {
        let closed = self.pieces.get(self.at)?.class == Class::Close;
        self.at += 1;
        closed.then_some(())
    }
}

/// A number, a symbol, or a power of either.
fn atom(node: &Node, values: &Values<'_>) -> Option<f64> {
    match node {
        Node::Glyphs { text, class: Class::Number, .. } => text.parse().ok(),
        Node::Glyphs { .. } => values(&words::name(node)?),
        Node::Scripts { base, primes, sup, .. } => {
            let exponent = if sup.is_empty() { None } else { Some(row(sup, values)?) };
            if let (Node::Glyphs { text, .. }, Some(exponent)) = (&**base, exponent)
                && text == "e"
            {
                return Some(exponent.exp());
            }
            let base = match (&**base, words::name(node)) {
                (Node::Glyphs { text, class: Class::Number, .. }, _) => text.parse().ok()?,
                (_, Some(name)) => values(&format!("{name}{}", "'".repeat(*primes)))?,
                _ => return None,
            };
            Some(exponent.map_or(base, |n| base.powf(n)))
        }
        Node::Group(nodes) => row(nodes, values),
        Node::Fraction(a, b) => Some(row(a, values)? / row(b, values)?),
        Node::Accented(..) | Node::Space(_) | Node::Gap => None,
    }
}

fn row(nodes: &[Node], values: &Values<'_>) -> Option<f64> {
    Reader { pieces: &pieces(nodes, true), at: 0, values }.whole()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(name: &str) -> Option<f64> {
        [("v", -50.0), ("u", 3.0), ("b", 0.25), ("v'", 8.0), ("C", 2.0), ("m_inf()", 0.5), ("k_2", 0.04)]
            .into_iter()
            .find(|(n, _)| *n == name)
            .map(|(_, v)| v)
    }

    #[test]
    fn terms_and_sides_are_evaluated_as_they_read() {
        let tex = "C v' = k_2 v^2 - u + 1.5";
        assert_eq!(left(tex, &values), Some(16.0));
        assert_eq!(right(tex, &values), Some(100.0 - 3.0 + 1.5));
        let found = terms(tex, &values);
        assert_eq!(found.iter().map(|t| t.value).collect::<Vec<_>>(), vec![Some(16.0), Some(100.0), Some(3.0), Some(1.5)]);
        assert_eq!(found[1].symbols, vec!["k_2", "v"]);
        let tex = "v' = b (v - u)/2 - m_\\infty(v)(v + e^{u - 3})";
        assert_eq!(right(tex, &values), Some(0.25 * -53.0 / 2.0 - 0.5 * (-50.0 + 1.0)));
        assert_eq!(right("v' = q u", &values), None);
    }
}
