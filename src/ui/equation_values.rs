//! Values of the symbols that a model's printed equations use.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::math::{Term, plain, right, terms};
use crate::model::{self, Dynamics};

/// The plain names of a model's symbols, found once: parsing them again for every lookup costs milliseconds.
struct Names {
    states: Vec<String>,
    params: Vec<String>,
    /// Left-hand sides of the equations, each with its equation.
    definitions: Vec<(String, &'static str)>,
}

static NAMES: LazyLock<BTreeMap<&'static str, Names>> = LazyLock::new(|| {
    let of = |neuron: &&'static dyn Dynamics| {
        let symbols = |fields: &[model::Field]| fields.iter().map(|f| plain(f.symbol)).collect();
        let lines = neuron.card().equations.iter().copied();
        let definitions = lines.filter_map(|tex| Some((plain(tex.split_once('=')?.0).trim().to_string(), tex))).collect();
        (neuron.card().id, Names { states: symbols(neuron.states()), params: symbols(neuron.params()), definitions })
    };
    model::all().iter().map(of).collect()
});

/// The present point at which equations are evaluated.
pub struct Point<'a> {
    /// The model.
    pub neuron: &'static dyn Dynamics,
    /// Its parameters.
    pub params: &'a [f64],
    /// Its state.
    pub state: &'a [f64],
    /// Time derivative of the state.
    pub slope: &'a [f64],
    /// The current that enters.
    pub current: f64,
}

/// Equations that define a symbol for another are followed this deep.
const DEPTH: usize = 3;

impl Point<'_> {
    /// What the right-hand side of a printed equation amounts to here.
    #[must_use]
    pub fn right(&self, tex: &str) -> Option<f64> {
        right(self.line(tex)?, &|name| self.value(name, DEPTH))
    }

    /// What each term of a printed equation amounts to here.
    #[must_use]
    pub fn terms(&self, tex: &str) -> Vec<Term> {
        if self.line(tex).is_none() {
            return Vec::new();
        }
        terms(tex, &|name| self.value(name, DEPTH))
    }

    /// The equation without the case it holds in, `…,\; s = 1`; `None` where that case is not the present one.
    fn line<'t>(&self, tex: &'t str) -> Option<&'t str> {
        let case = |tex: &'t str| {
            let (line, case) = tex.split_once(",\\;")?;
            let (name, number) = case.split_once('=')?;
            Some((line, plain(name), number.trim().parse::<f64>().ok()?))
        };
        let Some((line, name, expected)) = case(tex) else { return Some(tex) };
        (self.value(name.trim(), DEPTH)? == expected).then_some(line)
    }

    /// True if a symbol changes while the neuron runs.
    #[must_use]
    pub fn is_live(&self, name: &str) -> bool {
        let card = self.neuron.card();
        let is_state = self.names().is_some_and(|names| names.states.iter().any(|s| s == name));
        is_state || name == card.current.id || self.definition(name).is_some()
    }

    fn names(&self) -> Option<&'static Names> {
        NAMES.get(self.neuron.card().id)
    }

    fn definition(&self, name: &str) -> Option<&'static str> {
        self.names()?.definitions.iter().find(|(left, _)| left == name).map(|(_, tex)| *tex)
    }

    fn value(&self, name: &str, depth: usize) -> Option<f64> {
        if name == self.neuron.card().current.id {
            return Some(self.current);
        }
        let names = self.names()?;
        for ((symbol, x), dx) in names.states.iter().zip(self.state).zip(self.slope) {
            if symbol == name {
                return Some(*x);
            }
            if name.strip_suffix('\'') == Some(symbol) {
                return Some(*dx);
            }
        }
        if let Some(index) = names.params.iter().position(|symbol| symbol == name) {
            return self.params.get(index).copied();
        }
        let depth = depth.checked_sub(1)?;
        if let Some(function) = name.strip_suffix("()") {
            return self.function(function, depth);
        }
        right(self.definition(name)?, &|inner| self.value(inner, depth))
    }

    /// A function of the potential, written for itself (`m_\infty(V) = …`) or for any gate x.
    fn function(&self, name: &str, depth: usize) -> Option<f64> {
        let v = self.names()?.states.first()?;
        let (letter, rest) = name.split_once('_')?;
        let own = self.definition(&format!("{name}({v})")).or_else(|| self.definition(&format!("{name} ({v})")));
        if let Some(tex) = own {
            return right(tex, &|inner| self.value(inner, depth));
        }
        let tex = self.definition(&format!("x_{rest}({v})")).or_else(|| self.definition(&format!("x_{rest} ({v})")))?;
        let (line, _) = tex.split_once(",\\;").unwrap_or((tex, ""));
        right(line, &|inner| {
            let named = match inner.split_once('_') {
                Some(("x", sub)) => format!("{letter}_{sub}"),
                Some((base, "x")) => format!("{base}_{letter}"),
                _ => inner.to_string(),
            };
            self.value(&named, depth)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::math::left;
    use super::*;
    use crate::model;

    #[test]
    fn of_a_rate_by_cases_only_the_line_that_holds_has_a_value() {
        let neuron = model::find("markov").unwrap();
        let (params, equations) = (neuron.defaults(), neuron.card().equations);
        for s in 0..3_u8 {
            let state = [f64::from(s), -1.0];
            let mut slope = [0.0; 2];
            neuron.rhs(&state, &params, 0.0, &mut slope);
            let point = Point { neuron, params: &params, state: &state, slope: &slope, current: 0.0 };
            for (place, tex) in equations.iter().enumerate() {
                let is_now = place == usize::from(s);
                assert_eq!(point.right(tex), is_now.then_some(slope[1]), "{tex} at s = {s}");
                assert_eq!(point.terms(tex).is_empty(), !is_now, "{tex} at s = {s}");
            }
        }
    }

    /// The equations on screen are the equations that are computed.
    #[test]
    fn printed_equations_amount_to_what_the_model_computes() {
        let mut checked = 0;
        for neuron in model::all() {
            let params = neuron.defaults();
            for shift in [-11.0, 0.3, 17.0] {
                let mut state = vec![0.0; neuron.dim()];
                let scale = neuron.states()[0].shown;
                let v = neuron.start(&params) + shift * (scale.1 - scale.0) / 150.0;
                neuron.steady(v, &params, &mut state);
                for x in state.iter_mut().skip(1) {
                    *x = 0.9 * *x + 0.01;
                }
                let mut slope = vec![0.0; neuron.dim()];
                let current = 0.37;
                neuron.rhs(&state, &params, current, &mut slope);
                let point = Point { neuron: *neuron, params: &params, state: &state, slope: &slope, current };
                for tex in neuron.card().equations {
                    // The last line of Hodgkin and Huxley's speaks of all gates at once.
                    if tex.starts_with("x'") || tex.starts_with("x_") {
                        continue;
                    }
                    let right = point.right(tex);
                    // Which case applies, and what a chosen function is, an equation leaves to its reader.
                    let by_cases = ["\\text{else", "f(", "s = "].iter().any(|sign| neuron.card().equations.concat().contains(sign));
                    if by_cases && right.is_none() {
                        continue;
                    }
                    let right = right.unwrap_or_else(|| panic!("{tex} cannot be evaluated"));
                    if let Some(left) = left(tex, &|name| point.value(name, DEPTH)) {
                        assert!((left - right).abs() <= 1e-9 * (1.0 + right.abs()), "{tex}: {left} is not {right}");
                        checked += 1;
                    }
                }
            }
        }
        assert!(checked >= 3 * 17, "only {checked} equations were compared");
    }
}
