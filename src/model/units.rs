//! Units that follow from that of a current.

/// The unit of a current that rises, per ms; empty where the current has none.
#[must_use]
pub fn rise(current: &str) -> &'static str {
    match current {
        "µA/cm²" => "(µA/cm²)/ms",
        "nA" => "nA/ms",
        "pA" => "pA/ms",
        "mV/ms" => "mV/ms²",
        "Hz" => "Hz/ms",
        _ => "",
    }
}

/// The unit of a current over some time in ms, which is a charge where it is not a potential already; empty where the current has none.
#[must_use]
pub fn charge(current: &str) -> &'static str {
    match current {
        "µA/cm²" => "nC/cm²",
        "nA" => "pC",
        "pA" => "fC",
        "mV/ms" => "mV",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model;

    #[test]
    fn every_current_with_a_unit_has_one_for_its_rise_and_those_of_membranes_for_their_charge() {
        for neuron in model::all() {
            let card = neuron.card();
            assert_eq!(rise(card.current.unit).is_empty(), card.current.unit.is_empty(), "{}", card.id);
            assert_eq!(charge(card.current.unit).is_empty(), matches!(card.current.unit, "" | "Hz"), "{}", card.id);
        }
    }
}
