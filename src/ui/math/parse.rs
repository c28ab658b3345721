//! From a string to a tree; every string is accepted.

use std::{iter::Peekable, str::Chars};

use super::names::{Meaning, greek_name, meaning};

/// Deepest nesting that is followed; what lies deeper is left out.
const MAX_DEPTH: usize = 24;

/// The part a piece plays in its line; it decides the space around it, after
/// the rules of TeX (Knuth 1984, chapter 18).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// A letter, a group, a fraction.
    Ordinary,
    /// Digits: a factor behind them needs no space.
    Number,
    /// A named function such as exp.
    Operator,
    /// Plus, minus and the like.
    Binary,
    /// Equals, arrows and the like.
    Relation,
    /// An opening parenthesis.
    Open,
    /// A closing parenthesis.
    Close,
    /// A comma.
    Punctuation,
}

/// A sign above a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Accent {
    /// One time derivative.
    Dot,
    /// Two time derivatives.
    DoubleDot,
    /// A bar: a largest or a mean value.
    Bar,
}

/// Pieces set on one baseline.
pub(super) type Row = Vec<Node>;

/// One piece of a formula.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// A run of characters in one face.
    Glyphs {
        /// What is drawn.
        text: String,
        /// How it is named in plain text.
        plain: String,
        /// Slanted letters are quantities.
        italic: bool,
        /// Can it be a quantity, to be coloured and pointed at?
        symbol: bool,
        /// Its part in the line.
        class: Class,
    },
    /// A base with what hangs on it.
    Scripts {
        /// The base.
        base: Box<Node>,
        /// Number of primes.
        primes: usize,
        /// Subscript, perhaps empty.
        sub: Row,
        /// Superscript, perhaps empty.
        sup: Row,
    },
    /// Braces.
    Group(Row),
    /// Numerator and denominator.
    Fraction(Row, Row),
    /// Something with a sign above.
    Accented(Accent, Row),
    /// White space in em.
    Space(f32),
    /// White space in the source.
    Gap,
}

/// Parses a whole formula.
pub(super) fn parse(tex: &str) -> Row {
    let mut parser = Parser { rest: tex.chars().peekable() };
    let mut row = Row::new();
    while parser.rest.peek().is_some() {
        row.append(&mut parser.row(0));
        // Only a closing brace without its opening one stops a row early here.
        parser.rest.next();
    }
    row
}

struct Parser<'a> {
    rest: Peekable<Chars<'a>>,
}

impl Parser<'_> {
    /// Reads up to a closing brace, which stays, or to the end.
    fn row(&mut self, depth: usize) -> Row {
        let mut row = Row::new();
        while let Some(&c) = self.rest.peek() {
            match c {
                '}' => break,
                '_' | '^' | '\'' | '′' => {
                    self.rest.next();
                    self.script(c, &mut row, depth);
                }
                _ => {
                    if let Some(node) = self.node(depth) {
                        row.push(node);
                    }
                }
            }
        }
        row
    }

    /// Hangs a script on the last piece of the row.
    fn script(&mut self, sign: char, row: &mut Row, depth: usize) {
        while row.last() == Some(&Node::Gap) {
            row.pop();
        }
        let (base, mut primes, mut sub, mut sup) = match row.pop() {
            Some(Node::Scripts { base, primes, sub, sup }) => (base, primes, sub, sup),
            Some(node) => (Box::new(node), 0, Row::new(), Row::new()),
            None => (Box::new(Node::Group(Row::new())), 0, Row::new(), Row::new()),
        };
        match sign {
            '_' => sub.append(&mut self.argument(depth)),
            '^' => sup.append(&mut self.argument(depth)),
            _ => primes = (primes + 1).min(4),
        }
        row.push(Node::Scripts { base, primes, sub, sup });
    }

    /// The argument of a command or script: a group, a command or one character.
    fn argument(&mut self, depth: usize) -> Row {
        self.skip_spaces();
        match self.rest.peek() {
            Some('{') => match self.node(depth) {
                Some(Node::Group(row)) => row,
                other => other.into_iter().collect(),
            },
            Some(&c) if c.is_ascii_digit() => {
                self.rest.next();
                vec![upright(c.to_string(), Class::Number)]
            }
            Some('}' | '_' | '^') | None => Row::new(),
            Some(_) => self.node(depth).into_iter().collect(),
        }
    }

    fn skip_spaces(&mut self) {
        while self.rest.next_if(|c| c.is_whitespace()).is_some() {}
    }

    /// Reads one piece; `None` if there was nothing to print.
    fn node(&mut self, depth: usize) -> Option<Node> {
        let c = self.rest.next()?;
        if depth >= MAX_DEPTH {
            return None;
        }
        match c {
            '{' => {
                let row = self.row(depth + 1);
                self.rest.next_if_eq(&'}');
                Some(Node::Group(row))
            }
            '\\' => self.command(depth),
            '~' => Some(Node::Space(0.25)),
            c if c.is_whitespace() => {
                self.skip_spaces();
                Some(Node::Gap)
            }
            c if c.is_ascii_digit() => Some(self.number(c)),
            c => character(c),
        }
    }

    fn number(&mut self, first: char) -> Node {
        let mut digits = String::from(first);
        loop {
            if let Some(c) = self.rest.next_if(char::is_ascii_digit) {
                digits.push(c);
                continue;
            }
            let mut ahead = self.rest.clone();
            let decimal = ahead.next() == Some('.') && ahead.next().is_some_and(is_digit);
            if !decimal || digits.contains('.') {
                return upright(digits, Class::Number);
            }
            self.rest.next();
            digits.push('.');
        }
    }

    fn command(&mut self, depth: usize) -> Option<Node> {
        let mut name = String::new();
        while let Some(c) = self.rest.next_if(char::is_ascii_alphabetic) {
            name.push(c);
        }
        if name.is_empty() {
            name.extend(self.rest.next());
        }
        match name.as_str() {
            "" => None,
            "frac" | "tfrac" | "dfrac" => {
                let numerator = self.argument(depth + 1);
                Some(Node::Fraction(numerator, self.argument(depth + 1)))
            }
            "dot" => Some(Node::Accented(Accent::Dot, self.argument(depth + 1))),
            "ddot" => Some(Node::Accented(Accent::DoubleDot, self.argument(depth + 1))),
            "bar" | "overline" => Some(Node::Accented(Accent::Bar, self.argument(depth + 1))),
            "text" | "mathrm" | "textrm" | "operatorname" => {
                let text = self.raw_argument();
                let symbol = !text.is_empty() && text.chars().all(char::is_alphanumeric);
                let mut node = upright(text, Class::Ordinary);
                if let Node::Glyphs { symbol: mark, .. } = &mut node {
                    *mark = symbol;
                }
                Some(node)
            }
            known => match meaning(known) {
                Some(Meaning::Greek(letter)) => Some(greek(letter)),
                Some(Meaning::Sign(sign, class, plain)) => Some(glyphs(sign.to_string(), plain.to_owned(), class)),
                Some(Meaning::Space(em)) => Some(Node::Space(em)),
                Some(Meaning::Nothing) => {
                    self.skip_spaces();
                    // `\left.` is an invisible delimiter.
                    self.rest.next_if_eq(&'.');
                    None
                }
                None => Some(upright(name, Class::Operator)),
            },
        }
    }

    /// The argument of `\text`, taken as it stands.
    fn raw_argument(&mut self) -> String {
        self.skip_spaces();
        if self.rest.next_if_eq(&'{').is_none() {
            return self.rest.next_if(|&c| c != '}').into_iter().collect();
        }
        let mut open = 1_usize;
        let mut text = String::new();
        for c in self.rest.by_ref() {
            match c {
                '{' => open += 1,
                '}' => open -= 1,
                _ => text.push(c),
            }
            if open == 0 {
                break;
            }
        }
        text
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn glyphs(text: String, plain: String, class: Class) -> Node {
    Node::Glyphs { text, plain, italic: false, symbol: false, class }
}

fn upright(text: String, class: Class) -> Node {
    glyphs(text.clone(), text, class)
}

fn greek(letter: char) -> Node {
    let name = greek_name(letter).map_or_else(|| letter.to_string(), str::to_owned);
    Node::Glyphs {
        text: letter.to_string(),
        plain: name,
        // Capital Greek is upright by custom.
        italic: letter.is_lowercase(),
        symbol: true,
        class: Class::Ordinary,
    }
}

fn character(c: char) -> Option<Node> {
    let class = match c {
        '-' | '\u{2212}' => {
            return Some(glyphs("\u{2212}".to_owned(), "-".to_owned(), Class::Binary));
        }
        '*' => return Some(glyphs("∗".to_owned(), "*".to_owned(), Class::Binary)),
        '+' | '±' | '·' | '×' | '⋅' => Class::Binary,
        '=' | '<' | '>' | ':' | '←' | '→' | '≤' | '≥' | '≈' | '≠' => Class::Relation,
        '(' | '[' => Class::Open,
        ')' | ']' | '!' => Class::Close,
        ',' | ';' => Class::Punctuation,
        '∞' => return Some(glyphs(c.to_string(), "inf".to_owned(), Class::Ordinary)),
        c if greek_name(c).is_some() => return Some(greek(c)),
        c if c.is_ascii_alphabetic() => {
            return Some(Node::Glyphs { text: c.to_string(), plain: c.to_string(), italic: true, symbol: true, class: Class::Ordinary });
        }
        c if c.is_control() => return None,
        _ => Class::Ordinary,
    };
    Some(upright(c.to_string(), class))
}
