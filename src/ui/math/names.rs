//! Names of symbols after a backslash.

use super::parse::Class;

/// What a command without arguments stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Meaning {
    /// A Greek letter: a quantity, like a Latin one.
    Greek(char),
    /// Any other sign, with its plain version.
    Sign(char, Class, &'static str),
    /// White space in em.
    Space(f32),
    /// Nothing to print.
    Nothing,
}

/// Greek letters by their TeX names.
const GREEK: [(&str, char); 43] = [
    ("alpha", 'α'),
    ("beta", 'β'),
    ("gamma", 'γ'),
    ("delta", 'δ'),
    ("epsilon", 'ϵ'),
    ("varepsilon", 'ε'),
    ("zeta", 'ζ'),
    ("eta", 'η'),
    ("theta", 'θ'),
    ("vartheta", 'ϑ'),
    ("iota", 'ι'),
    ("kappa", 'κ'),
    ("lambda", 'λ'),
    ("mu", 'μ'),
    ("nu", 'ν'),
    ("xi", 'ξ'),
    ("omicron", 'ο'),
    ("pi", 'π'),
    ("rho", 'ρ'),
    ("varrho", 'ϱ'),
    ("sigma", 'σ'),
    ("varsigma", 'ς'),
    ("tau", 'τ'),
    ("upsilon", 'υ'),
    ("phi", 'ϕ'),
    ("varphi", 'φ'),
    ("chi", 'χ'),
    ("psi", 'ψ'),
    ("omega", 'ω'),
    ("Alpha", 'Α'),
    ("Beta", 'Β'),
    ("Gamma", 'Γ'),
    ("Delta", 'Δ'),
    ("Theta", 'Θ'),
    ("Lambda", 'Λ'),
    ("Xi", 'Ξ'),
    ("Pi", 'Π'),
    ("Sigma", 'Σ'),
    ("Upsilon", 'Υ'),
    ("Phi", 'Φ'),
    ("Chi", 'Χ'),
    ("Psi", 'Ψ'),
    ("Omega", 'Ω'),
];

/// The meaning of a command, without its backslash; `None` for an unknown one.
pub(super) fn meaning(name: &str) -> Option<Meaning> {
    use Class::{Binary, Close, Open, Ordinary, Relation};
    use Meaning::{Greek, Nothing, Sign, Space};
    if let Some(letter) = greek_letter(name) {
        return Some(Greek(letter));
    }
    Some(match name {
        "infty" => Sign('∞', Ordinary, "inf"),
        "partial" => Sign('∂', Ordinary, "d"),
        "nabla" => Sign('∇', Ordinary, "nabla"),
        "prime" => Sign('′', Ordinary, "'"),
        "ldots" | "dots" | "cdots" => Sign('…', Ordinary, "..."),
        "leftarrow" | "gets" => Sign('←', Relation, "<-"),
        "rightarrow" | "to" => Sign('→', Relation, "->"),
        "le" | "leq" => Sign('≤', Relation, "<="),
        "ge" | "geq" => Sign('≥', Relation, ">="),
        "ne" | "neq" => Sign('≠', Relation, "!="),
        "approx" => Sign('≈', Relation, "~"),
        "sim" => Sign('∼', Relation, "~"),
        "equiv" => Sign('≡', Relation, "="),
        "propto" => Sign('∝', Relation, "~"),
        "in" => Sign('∈', Relation, "in"),
        "cdot" => Sign('⋅', Binary, "*"),
        "times" => Sign('×', Binary, "*"),
        "pm" => Sign('±', Binary, "+-"),
        "mp" => Sign('∓', Binary, "-+"),
        "langle" => Sign('⟨', Open, "<"),
        "rangle" => Sign('⟩', Close, ">"),
        "lbrace" | "{" => Sign('{', Open, "{"),
        "rbrace" | "}" => Sign('}', Close, "}"),
        "degree" => Sign('°', Ordinary, "deg"),
        "%" => Sign('%', Ordinary, "%"),
        "_" => Sign('_', Ordinary, "_"),
        "&" => Sign('&', Ordinary, "&"),
        "#" => Sign('#', Ordinary, "#"),
        "$" => Sign('$', Ordinary, "$"),
        "|" => Sign('‖', Ordinary, "|"),
        "," => Space(3.0 / 18.0),
        ":" | ">" => Space(4.0 / 18.0),
        ";" => Space(5.0 / 18.0),
        "!" => Space(-3.0 / 18.0),
        " " => Space(0.25),
        "quad" => Space(1.0),
        "qquad" => Space(2.0),
        "left" | "right" | "big" | "Big" | "bigl" | "bigr" | "displaystyle" => Nothing,
        _ => return None,
    })
}

/// The Greek letter of a name.
pub(super) fn greek_letter(name: &str) -> Option<char> {
    GREEK.iter().find(|(greek, _)| *greek == name).map(|(_, letter)| *letter)
}

/// Name of a Greek letter, which is its plain version.
pub(super) fn greek_name(letter: char) -> Option<&'static str> {
    GREEK.iter().find(|(_, greek)| *greek == letter).map(|(name, _)| *name)
}
