//! An excitatory and an inhibitory stream of random spikes into a neuron, and how often it fires in answer.

use super::drive::{Membrane, poisson, short, typical};
use super::protocol::{Bench, choice, counted, setting};
use super::response::{Keep, Trial};
use super::statistics::Sample;
use crate::model::{Dynamics, Field};
use crate::stimulus::Synapse;

/// What one spike does, as settings say it.
#[derive(Clone, Copy, Debug)]
pub struct Streams {
    /// Weight of an excitatory spike: a jump of the potential, or of a current.
    excitatory: f64,
    /// Weight of an inhibitory spike, with its sign.
    inhibitory: f64,
    synapse: Synapse,
    trials: usize,
    duration: f64,
}

/// The weight of an exponential synapse and of a jump, and the rate that brings `times` a current of the size at which the model
/// fires.
fn usual(neuron: &dyn Dynamics) -> (f64, f64, f64) {
    let (tau, current) = (short(neuron, 5.0), typical(neuron));
    let span = neuron.states().first().map_or(1.0, |f| f.shown.1 - f.shown.0);
    match Membrane::of(neuron, &neuron.defaults()) {
        Some(m) => {
            let jump = 0.1 * (m.threshold - m.rest);
            // The same charge, so that either kind fires the cell at about the same rates.
            (jump * m.tau / (m.r * tau), jump, 1.0 / (0.1 * m.tau))
        }
        None => (0.25 * current, 0.05 * span, 1.0 / (0.25 * tau)),
    }
}

/// The rate, per second, at which excitation alone brings about as much current as makes a model fire.
#[must_use]
pub fn driving_rate(neuron: &dyn Dynamics) -> f64 {
    // Three digits are enough for a default.
    let rate = usual(neuron).2 * neuron.card().per_second();
    let unit = 10.0_f64.powf(rate.log10().floor() - 1.0);
    (rate / unit).round() * unit
}

/// The settings that say what a spike does and how often it is tried.
#[must_use]
pub fn settings(neuron: &'static dyn Dynamics, most_steps: f64) -> Vec<Field> {
    let card = neuron.card();
    let (weight, jump, _) = usual(neuron);
    let (time, tau) = (card.time_unit(), short(neuron, 5.0));
    let kind = if Membrane::of(neuron, &neuron.defaults()).is_some() { 0.0 } else { 1.0 };
    let unit = neuron.states().first().map_or("", |f| f.unit);
    let span = super::drive::length(neuron, 500.0, most_steps);
    vec![
        choice(
            "synapse",
            "\\text{synapse}",
            &["delta", "exponential"],
            kind,
            "What a spike does: the potential jumps, or a current begins that decays",
        ),
        setting(
            "jump",
            "\\text{jump}",
            unit,
            jump,
            [-1e3, 1e3],
            (0.0, 5.0 * jump),
            "Jump of the potential at an excitatory spike, for a delta synapse",
        ),
        setting(
            "weight",
            "\\text{weight}",
            card.current.unit,
            weight,
            [card.current.min, card.current.max],
            (0.0, 5.0 * weight),
            "Current that an excitatory spike adds, for an exponential synapse",
        ),
        setting("tau", "\\tau_\\text{syn}", time, tau, [1e-3, 1e4], (0.2 * tau, 10.0 * tau), "Time constant of that current"),
        setting(
            "ratio",
            "\\text{I/E weight}",
            "",
            -1.0,
            [-100.0, 100.0],
            (-5.0, 1.0),
            "Weight of an inhibitory spike over that of an excitatory one; above 0 it excites too",
        ),
        counted("trials", "\\text{trials}", 5.0, [2.0, 1000.0], (2.0, 50.0), "Number of trials at each rate"),
        setting("duration", "\\text{length}", time, span, [1e-2, 1e5], (0.2 * span, 5.0 * span), "Length of a trial, all of which counts"),
    ]
}

impl Streams {
    /// What the settings of a bench say.
    #[must_use]
    pub fn of(bench: &Bench) -> Self {
        let (strength, synapse) = if bench.count("synapse") == 0 {
            (bench.setting("jump"), Synapse::Delta {})
        } else {
            (bench.setting("weight"), Synapse::Exponential { tau: bench.setting("tau") })
        };
        let inhibitory = strength * bench.setting("ratio");
        Self { excitatory: strength, inhibitory, synapse, trials: bench.count("trials"), duration: bench.setting("duration") }
    }

    /// Output rates over the trials at every pair of rates (excitatory, inhibitory), all per second. Each trial has a seed of its own,
    /// the same at every pair.
    #[must_use]
    pub fn measure(&self, bench: &Bench, rates: &[(f64, f64)]) -> Vec<Sample> {
        let start = bench.subject.rest(0.0);
        let (prep, per_second) = (&bench.subject.prep, bench.neuron().card().per_second());
        let spikes = bench.map(rates.len() * self.trials, |k| {
            let (excitation, inhibition) = rates[k / self.trials];
            let seed = (k % self.trials) as u64;
            let items = [poisson(excitation, seed, (self.excitatory, self.synapse)), poisson(inhibition, seed, (self.inhibitory, self.synapse))];
            let trial = Trial { current: bench.subject.current, stimulus: &items, seed: bench.subject.seed, duration: self.duration };
            super::statistics::float(prep.respond(&start, &trial, Keep::Spikes).spikes.len()) / self.duration * per_second
        });
        spikes.chunks_exact(self.trials).map(Sample::of).collect()
    }
}

/// A mean with its standard error as three points that a thin line joins, and a gap.
#[must_use]
pub fn error_bar(x: f64, sample: &Sample) -> [[f64; 2]; 3] {
    [[x, sample.mean - sample.sem()], [x, sample.mean + sample.sem()], [x, f64::NAN]]
}
