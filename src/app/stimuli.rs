//! New parts of a stimulus, with values that this model feels and that fit into its run.

use super::workbench::Workbench;
use crate::stimulus::{Item, Synapse};

/// A kind of stimulus: what it is called, and a first one.
pub struct Kind {
    /// Its name in sentence case.
    pub words: &'static str,
    /// One with sensible values.
    pub make: fn(&Measure) -> Item,
}

/// What sensible values are measured by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// A current that the model feels.
    pub current: f64,
    /// When the item begins: early in a run, or just ahead of the present.
    pub from: f64,
    /// Length of a run.
    pub duration: f64,
    /// 1000 where time is in ms, 1 where it has no unit.
    pub per_second: f64,
    /// Strength of a conductance that the model feels.
    pub conductance: f64,
    /// A jump of the potential that the model feels.
    pub jump: f64,
    /// A reversal potential above rest.
    pub reversal: f64,
}

/// Every kind, in the order of the menu.
pub const KINDS: [Kind; 10] = [
    Kind { words: "Step", make: |m| Item::Step { from: m.from, to: Some(m.after(0.4)), amplitude: m.current } },
    Kind { words: "Ramp", make: |m| Item::Ramp { from: m.from, to: Some(m.after(0.5)), slope: round(m.current / (0.5 * m.duration)) } },
    Kind {
        words: "Pulse train",
        make: |m| Item::PulseTrain { from: m.from, width: m.part(0.02), period: m.part(0.1), count: 5, amplitude: m.current },
    },
    Kind {
        words: "Sine",
        make: |m| Item::Sine { from: m.from, to: Some(m.after(0.5)), amplitude: round(0.5 * m.current), frequency_hz: m.hz(10.0), phase: 0.0 },
    },
    Kind {
        words: "Chirp",
        make: |m| Item::Chirp { from: m.from, to: m.after(0.6), amplitude: round(0.5 * m.current), start_hz: m.hz(2.0), end_hz: m.hz(30.0) },
    },
    Kind {
        words: "Noise (Ornstein–Uhlenbeck)",
        make: |m| Item::OuNoise { from: m.from, to: None, mean: 0.0, sd: round(0.3 * m.current), tau: m.part(0.02), seed: 0 },
    },
    Kind { words: "White noise", make: |m| Item::WhiteNoise { from: m.from, to: None, sd: round(0.3 * m.current * m.part(0.02).sqrt()), seed: 0 } },
    Kind {
        words: "Samples",
        make: |m| Item::Samples {
            times: vec![m.from, m.after(0.1), m.after(0.2), m.after(0.4)],
            values: vec![0.0, m.current, round(0.3 * m.current), 0.0],
        },
    },
    Kind {
        words: "Input spikes",
        make: |m| Item::Spikes {
            times: Some(vec![m.from, m.after(0.1), m.after(0.2)]),
            rate_hz: None,
            seed: None,
            weight: m.current,
            synapse: Synapse::Exponential { tau: m.part(0.05) },
        },
    },
    Kind {
        words: "Random input spikes",
        make: |m| Item::Spikes { times: None, rate_hz: Some(m.hz(20.0)), seed: Some(0), weight: m.jump, synapse: Synapse::Delta {} },
    },
];

impl Measure {
    /// The measure of what runs now.
    #[must_use]
    pub fn of(bench: &Workbench) -> Self {
        let setup = bench.setup();
        let card = setup.neuron.card();
        let now = bench.shown().0;
        let duration = setup.duration;
        let from = if now < 0.2 * duration { 0.2 * duration } else { now + 0.05 * duration };
        let unit = 10.0_f64.powf((0.05 * duration).log10().floor());
        let potential = setup.neuron.states().first().map_or((-80.0, 40.0), |f| f.shown);
        let span = potential.1 - potential.0;
        let current = round(0.5 * card.current.shown.1.abs().max(card.current.shown.0.abs()));
        Self {
            current,
            from: (from / unit).round() * unit,
            duration,
            per_second: card.per_second(),
            // The current that this conductance lets through over a third of the range of V.
            conductance: round(3.0 * current / span),
            jump: round(span / 30.0),
            reversal: if card.dimensionless { potential.1 } else { 0.0 },
        }
    }

    /// This part of a run, rounded.
    #[must_use]
    pub fn part(&self, part: f64) -> f64 {
        round(part * self.duration)
    }

    /// This part of a run after the start.
    #[must_use]
    pub fn after(&self, part: f64) -> f64 {
        ((self.from + self.part(part)) * 1e9).round() / 1e9
    }

    /// A frequency of so many periods in a run.
    fn hz(&self, periods: f64) -> f64 {
        round(periods / self.duration * self.per_second)
    }

    /// The weight of a synapse of this kind that the model feels.
    #[must_use]
    pub fn weight(&self, synapse: &Synapse) -> f64 {
        match synapse {
            Synapse::Delta {} => self.jump,
            Synapse::Exponential { .. } => self.current,
            Synapse::Alpha { tau, .. } => round(self.current * tau),
            Synapse::Conductance { .. } => self.conductance,
        }
    }
}

/// A value with one significant digit, as one would type it.
fn round(x: f64) -> f64 {
    if x == 0.0 || !x.is_finite() {
        return 0.0;
    }
    let unit = 10.0_f64.powf(x.abs().log10().floor());
    ((x / unit).round() * unit * 1e12).round() / 1e12
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model;
    use crate::preset::Setup;

    #[test]
    fn every_kind_suits_every_model() {
        for neuron in model::all() {
            for kind in &KINDS {
                let mut setup = Setup::of_model(*neuron);
                let bench = Workbench::new(setup.clone(), None);
                let item = (kind.make)(&Measure::of(&bench));
                setup.stimulus.push(item.clone());
                assert!(setup.check().is_ok(), "{}: {item:?}: {:?}", neuron.card().id, setup.check());
                assert!(item.span().0 < setup.duration, "{}: {item:?}", neuron.card().id);
                let mut bench = Workbench::new(setup.clone(), None);
                bench.run_to(setup.duration.min(4000.0 * setup.dt));
                assert!(bench.simulation().stopped().is_none(), "{}: {item:?}", neuron.card().id);
            }
        }
    }
}
