//! Two ways to count the membrane potential: from outside the cell, where rest is at −65 mV, or from rest, as Hodgkin and Huxley did in 1952.
//!
//! Models with a parameter `V_shift` know both. Everything that is a potential moves along, so that the neuron is the same.

use crate::model::{Field, Kind};
use crate::preset::Setup;
use crate::stimulus::{Item, Synapse};

/// How far apart the two are, in mV.
const APART: f64 = 65.0;

/// By how much the potentials of this setup are shifted; `None` where the model knows one way only.
#[must_use]
pub fn shift(setup: &Setup) -> Option<f64> {
    setup.params.get(place(setup)?).copied()
}

/// A range of potentials of this model's tables, moved to where the setup counts them.
#[must_use]
pub fn moved(setup: &Setup, range: (f64, f64)) -> (f64, f64) {
    let by = shift(setup).unwrap_or(0.0);
    (range.0 + by, range.1 + by)
}

/// The same neuron with its potentials counted the other way.
#[must_use]
pub fn other(setup: &Setup) -> Option<Setup> {
    let before = shift(setup)?;
    let after = if before == 0.0 { APART } else { 0.0 };
    let recounted = |v: f64| ((v + after - before) * 1e9).round() / 1e9;
    let mut next = setup.clone();
    for (field, value) in setup.neuron.params().iter().zip(&mut next.params) {
        if matches!(field.kind, Kind::Reversal | Kind::Level | Kind::Reset) {
            *value = recounted(*value);
        }
    }
    next.params[place(setup)?] = after;
    for (field, value) in setup.neuron.states().iter().zip(&mut next.initial) {
        if field.kind == Kind::Potential {
            *value = value.map(recounted);
        }
    }
    for item in &mut next.stimulus {
        if let Item::Spikes { synapse: Synapse::Conductance { reversal, .. }, .. } = item {
            *reversal = recounted(*reversal);
        }
    }
    Some(next)
}

fn place(setup: &Setup) -> Option<usize> {
    Field::position(setup.neuron.params(), "V_shift")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::run::run;

    fn setup(id: &str) -> Setup {
        crate::preset::embedded(id).expect("a preset")
    }

    #[test]
    fn the_same_neuron_fires_at_the_same_times_however_its_potential_is_counted() {
        for id in ["hodgkin_huxley/repetitive_firing_10", "hodgkin_huxley/two_inputs", "hodgkin_huxley/high_potassium_62"] {
            let modern = setup(id);
            let old = other(&modern).expect("another convention");
            assert_eq!(shift(&old), Some(65.0));
            let times = |setup: &Setup| run(setup, None, &mut |_| true).spike_times;
            let (a, b) = (times(&modern), times(&old));
            assert_eq!(a.len(), b.len(), "{id}");
            assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-6), "{id}: {a:?} {b:?}");
            let back = other(&old).expect("and back");
            assert_eq!((back.params, back.initial), (modern.params, modern.initial), "{id}");
        }
    }

    #[test]
    fn the_convention_of_1952_has_the_potentials_of_its_preset() {
        let old = other(&setup("hodgkin_huxley/repetitive_firing_10")).expect("another convention");
        let preset = setup("hodgkin_huxley/original_convention");
        for ((field, a), b) in old.neuron.params().iter().zip(&old.params).zip(&preset.params) {
            assert!((a - b).abs() < 0.014, "{}: {a} {b}", field.id);
        }
        assert!(other(&setup("lif/playground_default")).is_none());
    }
}
