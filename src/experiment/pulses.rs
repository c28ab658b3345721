//! What protocols with pulses share: sizes that suit a model, thresholds whose scale is not known, and numbers in words.

use std::sync::{Mutex, PoisonError};

use super::Preparation;
use super::protocol::{Bench, Subject, counted, setting};
use super::response::{Keep, Response, pulse};
use super::statistics::float;
use crate::model::{Dynamics, Field, Kind};
use crate::sim::Method;

/// Mantissas of the round numbers that defaults are made of.
const ROUND: [f64; 7] = [1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0];
/// The lowest rung of a ladder of amplitudes, as a power of a half of the highest.
const RUNGS: i32 = 12;

/// Sizes of pulses and steps that do something to a model with its default parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sizes {
    /// A usual length of a pulse, in units of time.
    pub width: f64,
    /// How long the answer to a pulse may take, in units of time.
    pub wait: f64,
    /// About the amplitude of such a pulse from which on the neuron fires, in the model's unit of current.
    pub pulse: f64,
    /// About the amplitude of a lasting step from which on the neuron fires.
    pub step: f64,
}

/// The sizes for a model, found by trying. They depend on the model alone and are kept, because tables of settings ask often.
pub fn sizes(neuron: &'static dyn Dynamics) -> Sizes {
    static KNOWN: Mutex<Vec<(&str, Sizes)>> = Mutex::new(Vec::new());
    let id = neuron.card().id;
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, sizes)) = known().iter().find(|(other, _)| *other == id) {
        return *sizes;
    }
    let found = measure(neuron);
    known().push((id, found));
    found
}

fn measure(neuron: &'static dyn Dynamics) -> Sizes {
    let card = neuron.card();
    let subject = Subject::at_defaults(neuron);
    let rest = subject.rest(0.0);
    let (width, wait) = (round(card.duration / 200.0), round(card.duration / 10.0));
    let least = |width: f64, wait: f64| {
        let fires = |a: f64| !subject.respond(&rest, &[pulse(0.0, width, a)], width + wait, Keep::Spikes).spikes.is_empty();
        let high = (-10..=7).map(|k| card.current.shown.1 * f64::powi(2.0, k)).find(|a| fires(*a))?;
        let (mut low, mut high) = (0.5 * high, high);
        for _ in 0..6 {
            let middle = 0.5 * (low + high);
            (low, high) = if fires(middle) { (low, middle) } else { (middle, high) };
        }
        Some(high)
    };
    // A neuron that never fires gets a visible push.
    let push = 0.25 * card.current.shown.1;
    Sizes { width, wait, pulse: least(width, wait).unwrap_or(push), step: least(0.5 * card.duration, 0.0).unwrap_or(push) }
}

impl Subject {
    /// A model with its default parameters and without a current.
    pub fn at_defaults(neuron: &'static dyn Dynamics) -> Self {
        let card = neuron.card();
        let params = neuron.defaults();
        let mut start = vec![0.0; neuron.dim()];
        neuron.steady(neuron.start(&params), &params, &mut start);
        let prep = Preparation { neuron, params, start, dt: card.dt, method: Method::Rk4 };
        Self { prep, current: 0.0, stimulus: Vec::new(), duration: card.duration, seed: 1 }
    }
}

/// The nearest round number in ratio.
pub fn round(x: f64) -> f64 {
    if x == 0.0 || !x.is_finite() {
        return x;
    }
    let decade = 10f64.powf(x.abs().log10().floor());
    let mantissa = x.abs() / decade;
    let off = |m: &f64| (mantissa / m).ln().abs();
    let nearest = ROUND.iter().copied().min_by(|a, b| off(a).total_cmp(&off(b))).unwrap_or(1.0);
    // Dividing by a power of ten keeps 0.3 what it is written as.
    let value = if decade < 1.0 { nearest / (1.0 / decade).round() } else { nearest * decade };
    value * x.signum()
}

/// A row of settings for a current, whose slider goes from a negative multiple of the default, or 0, to a multiple of it.
pub fn current(neuron: &'static dyn Dynamics, id: &'static str, symbol: &'static str, default: f64, meaning: &'static str) -> Field {
    let field = neuron.card().current;
    let end = round(3.0 * default).clamp(field.min, field.max);
    let default = default.clamp(field.min, field.max);
    let shown = if default < 0.0 { (end, 0.0) } else { (0.0, end.max(1e-9)) };
    Field { id, symbol, default, shown, kind: Kind::Parameter, meaning, ..field }
}

/// A row of settings for a length of time above zero.
pub fn time(neuron: &'static dyn Dynamics, id: &'static str, symbol: &'static str, default: f64, meaning: &'static str) -> Field {
    let shown = (round(0.1 * default), round(3.0 * default));
    setting(id, symbol, neuron.card().time_unit(), default, [1e-6, 1e5], shown, meaning)
}

/// A row of settings for a number of trials.
pub fn trials(default: f64, meaning: &'static str) -> Field {
    counted("count", "\\text{trials}", default, [2.0, 2000.0], (10.0, 200.0), meaning)
}

/// `count` values from one end to the other, at least the two ends.
pub fn spaced(from: f64, to: f64, count: usize) -> Vec<f64> {
    let last = float(count.max(2) - 1);
    (0..count.max(2)).map(|k| from + (to - from) * (float(k) / last)).collect()
}

/// Every how many steps a point is kept, so that about `points` are.
pub fn stride(duration: f64, dt: f64, points: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and a million")]
    let stride = (duration / dt / points).ceil().clamp(1.0, 1e6) as usize;
    stride
}

/// A number with its unit as it is written in a sentence: four figures and a true minus sign.
pub fn amount(value: f64, unit: &str) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 9")]
    let decimals = if value == 0.0 { 0 } else { (3.0 - value.abs().log10().floor()).clamp(0.0, 9.0) as usize };
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{} {unit}", text.replace('-', "\u{2212}")).trim_end().to_string()
}

/// Several runs as one line, broken between them.
pub fn joined<'a>(runs: impl IntoIterator<Item = &'a Response>) -> Vec<[f64; 2]> {
    let mut points = Vec::new();
    for run in runs {
        points.extend_from_slice(&run.trace);
        points.push([run.trace.last().map_or(0.0, |p| p[0]), f64::NAN]);
    }
    points
}

impl Bench<'_> {
    /// The smallest amplitude of the sign of `most`, up to it, at which `happens`: a ladder of doublings finds where, bisection
    /// refines to the relative precision. `None` if it happens on no rung, 0 if it happens without any.
    pub fn least(&self, most: f64, precision: f64, happens: impl Fn(f64) -> bool) -> Option<f64> {
        if happens(0.0) {
            return Some(0.0);
        }
        let rungs = (0..=RUNGS).rev().map(|k| most * f64::powi(0.5, k));
        let mut low = 0.0;
        for high in rungs {
            if !self.go_on(0.0) {
                return None;
            }
            if happens(high) {
                return Some(self.between(low, high, precision, happens));
            }
            low = high;
        }
        None
    }

    /// The border between `no`, where it does not happen, and `yes`, where it does, to a precision relative to `yes`.
    pub fn between(&self, mut no: f64, mut yes: f64, precision: f64, happens: impl Fn(f64) -> bool) -> f64 {
        let enough = precision.max(4.0 * f64::EPSILON) * no.abs().max(yes.abs());
        while (yes - no).abs() > enough && self.go_on(0.0) {
            let middle = 0.5 * (no + yes);
            if happens(middle) {
                yes = middle;
            } else {
                no = middle;
            }
        }
        0.5 * (no + yes)
    }

    /// The settings `from` and `to`, the lower first.
    pub fn ends(&self) -> (f64, f64) {
        let (a, b) = (self.setting("from"), self.setting("to"));
        (a.min(b), a.max(b))
    }

    /// Unit of the potential.
    pub fn potential_unit(&self) -> &'static str {
        self.neuron().states().first().map_or("", |f| f.unit)
    }

    /// Unit of currents.
    pub fn current_unit(&self) -> &'static str {
        self.neuron().card().current.unit
    }

    /// Unit of time.
    pub fn time_unit(&self) -> &'static str {
        self.neuron().card().time_unit()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_round_numbers_of_either_sign() {
        for (x, expected) in [(6.92, 7.0), (0.29, 0.3), (-4.93, -5.0), (98.6, 100.0), (0.0, 0.0), (1.3, 1.5), (0.013, 0.015)] {
            assert_eq!(round(x), expected, "{x}");
        }
    }

    #[test]
    fn amounts_have_four_figures_and_a_true_minus() {
        for (x, expected) in [(6.919_04, "6.919 mV"), (-2.5, "\u{2212}2.5 mV"), (0.0, "0 mV"), (272.31, "272.3 mV"), (100.0, "100 mV")] {
            assert_eq!(amount(x, "mV"), expected);
        }
        assert_eq!(amount(0.5, ""), "0.5");
    }
}
