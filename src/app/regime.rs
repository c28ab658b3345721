//! What the neuron does, in one plain sentence and a few numbers.

use super::push::Push;
use super::workbench::Workbench;
use crate::analysis::{Equilibria, Firing, firing};
use crate::stimulus::Item;

/// What the neuron does at present.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Regime {
    /// The pattern of the recent spikes; `None` before anything ran.
    pub firing: Option<Firing>,
    /// Mean rate over the pattern in Hz (per unit time where dimensionless).
    pub rate: Option<f64>,
    /// Last interval between spikes in ms.
    pub last_interval: Option<f64>,
    /// Its input keeps changing, so that what it does need not be its own rhythm.
    pub is_driven: bool,
    /// It has come to rest, whatever it did before.
    pub is_at_rest: bool,
    /// One sentence on what happens.
    pub sentence: String,
    /// One sentence on what to try.
    pub hint: String,
}

/// Spikes looked at.
const RECENT: usize = 60;
/// A silence this many times the longest recent interval ends a pattern; where chance is in the input, one that is longer.
const PATIENCE: f64 = 4.0 / 3.0;
const PATIENCE_WITH_CHANCE: f64 = 2.5;
/// Periods of bursts that are within this fraction of each other are alike, and so many bursts are compared.
const ALIKE: f64 = 0.1;
const BURSTS: usize = 3;
/// The state is at an equilibrium when it is this near, in parts of what an axis shows.
const NEAR: f64 = 1e-3;
/// Potentials this close, in the same parts, are the same.
const ROUNDING: f64 = 1e-12;

/// What else is known of the neuron at its present values.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known {
    /// The number of stable cycles, if the diagram has it.
    pub cycles: Option<usize>,
    /// What a kick would do to it at rest, if that is known.
    pub push: Option<Push>,
}

/// Describes what the workbench shows at time `now`.
#[must_use]
pub fn regime(bench: &Workbench, equilibria: &Equilibria, now: f64, known: Known) -> Regime {
    let card = bench.setup().neuron.card();
    let (latest, mean_rate, last_interval) = recent(bench, now);
    let driven = is_driven(bench, now);
    let stable = equilibria.points.iter().find(|p| p.kind.is_stable() && !p.is_virtual);
    let rests = !driven && resting_at(bench, equilibria).is_some();
    let by_chance = bench.setup().neuron.chance().is_some();
    let noisy = is_noisy(bench, now);
    // Chance has no longest interval, so that no silence ends it.
    let pattern = if !by_chance && ended(&latest, now, if noisy { PATIENCE_WITH_CHANCE } else { PATIENCE }) {
        Firing::Few(latest.len())
    } else {
        firing(&latest)
    };
    // What looks like a rhythm is one of chance's faces, and groups that do not come again are no bursts.
    let is_chance = match pattern {
        Firing::Tonic { .. } => by_chance || noisy,
        Firing::Bursting { .. } => by_chance || noisy || !bursts_repeat(&latest),
        _ => false,
    };
    let pattern = if is_chance { Firing::Irregular } else { pattern };
    #[expect(clippy::cast_precision_loss, reason = "counts of recent spikes")]
    let rate = match pattern {
        Firing::Tonic { period } => Some(card.per_second() / period),
        Firing::Bursting { spikes, period } => Some(card.per_second() * spikes as f64 / period),
        Firing::Irregular => mean_rate,
        Firing::Silent | Firing::Few(_) => None,
    };
    let is_at_rest = rests && matches!(pattern, Firing::Silent | Firing::Few(_));
    let (sentence, hint) = if let Some(stop) = bench.simulation().stopped() {
        (stop.reason.sentence().to_string(), "Undo, or restart with R".to_string())
    } else if driven && pattern == Firing::Silent && now <= 0.0 {
        ("It has not run yet.".to_string(), "Press Space to play.".to_string())
    } else if by_chance {
        by_chance_sentence(rate, card.rate_unit())
    } else if !bench.setup().neuron.fires() {
        let said = if rests { "Its rate stands still." } else { "Its rate follows the input." };
        (said.to_string(), "Drag I, or choose another activation function.".to_string())
    } else if is_at_rest {
        let beside = known.cycles.is_some_and(|count| count > 0);
        let said = if beside { "It rests, while a stable rhythm stands beside." } else { "It rests." };
        let is_over = !bench.setup().stimulus.is_empty() && bench.setup().stimulus.iter().all(|item| item.fades() < now);
        let try_this = match (beside, is_over) {
            (true, _) => "A pulse or kick of the right size starts it.",
            (false, true) => "The stimulus is over: R starts again.",
            (false, false) => "Press P for a pulse, or drag I.",
        };
        let unit = bench.setup().neuron.states().first().map_or("", |v| v.unit);
        (said.to_string(), known.push.map_or_else(|| try_this.to_string(), |push| push.sentence(unit)))
    } else if pattern == Firing::Silent && !driven && ends_at_threshold(bench, equilibria) {
        let said = "It comes ever nearer to threshold and never gets there.";
        (said.to_string(), "A little more current makes it fire.".to_string())
    } else {
        let (said, hint) = sentence(&pattern, rate, stable.is_some(), equilibria.degenerate, driven, card.rate_unit());
        (said, hint.to_string())
    };
    Regime { firing: Some(pattern), rate, last_interval, is_driven: driven, is_at_rest, sentence, hint }
}

/// True if what attracts the neuron lies exactly where it would fire.
fn ends_at_threshold(bench: &Workbench, equilibria: &Equilibria) -> bool {
    let setup = bench.setup();
    let scale = setup.neuron.states().first().map_or(1.0, |v| v.shown.1 - v.shown.0);
    let mut virtual_rests = equilibria.points.iter().filter(|p| p.kind.is_stable() && p.is_virtual);
    virtual_rests.any(|p| setup.neuron.spike(&p.state, &setup.params).abs() < ROUNDING * scale)
}

/// The latest spikes since the neuron was last disturbed, the mean rate of all since then, and the last interval whatever happened in it.
fn recent(bench: &Workbench, now: f64) -> (Vec<f64>, Option<f64>, Option<f64>) {
    let spikes = bench.trace().spikes();
    let since = bench.undisturbed_since(now);
    let to = spikes.partition_point(|s| s.t <= now);
    // The latest spike alone is told of also if it was before.
    let from = spikes.partition_point(|s| s.t <= since).min(to.saturating_sub(1));
    let time = |back: usize| to.checked_sub(back).and_then(|k| spikes.get(k)).map(|s| s.t);
    let last_interval = time(1).zip(time(2)).map(|(a, b)| a - b);
    let ends = spikes.get(from).map(|s| s.t).zip(time(1)).filter(|(first, last)| first < last);
    #[expect(clippy::cast_precision_loss, reason = "counts of spikes")]
    let mean_rate = ends.map(|(first, last)| bench.setup().neuron.card().per_second() * (to - from - 1) as f64 / (last - first));
    let latest = from.max(to.saturating_sub(RECENT));
    (spikes.range(latest..to).map(|s| s.t).collect(), mean_rate, last_interval)
}

/// True if a long silence has ended the pattern.
fn ended(times: &[f64], now: f64, patience: f64) -> bool {
    let longest = times.iter().zip(times.iter().skip(1)).map(|(a, b)| b - a).fold(0.0, f64::max);
    times.last().is_some_and(|last| longest > 0.0 && now - last > patience * longest)
}

/// True if the latest groups of spikes are alike: as many spikes in each, one period apart.
fn bursts_repeat(times: &[f64]) -> bool {
    let gaps: Vec<f64> = times.windows(2).map(|w| w[1] - w[0]).collect();
    let (low, high) = gaps.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), gap| (low.min(*gap), high.max(*gap)));
    let border = (low * high).sqrt();
    let starts = (1..times.len()).rev().filter(|k| gaps[k - 1] > border).take(BURSTS + 1);
    // From the last burst that is complete to the one before, and so on.
    let starts: Vec<usize> = starts.collect();
    let bursts: Vec<(usize, f64)> = starts.windows(2).map(|w| (w[0] - w[1], times[w[0]] - times[w[1]])).collect();
    let Some((count, period)) = bursts.first() else { return false };
    bursts.len() > 1 && bursts.iter().all(|(c, p)| c == count && (p - period).abs() <= ALIKE * period)
}

/// True if chance is in what enters now.
fn is_noisy(bench: &Workbench, now: f64) -> bool {
    let by_chance = |item: &Item| matches!(item, Item::OuNoise { .. } | Item::WhiteNoise { .. } | Item::Spikes { rate_hz: Some(_), .. });
    bench.setup().stimulus.iter().any(|item| by_chance(item) && (item.span().0..item.fades()).contains(&now))
}

/// The equilibrium, one that attracts, at which what views show is.
#[must_use]
pub fn resting_at(bench: &Workbench, equilibria: &Equilibria) -> Option<usize> {
    let (_, state, _) = bench.shown();
    let fields = bench.setup().neuron.states();
    let near = |point: &[f64]| {
        let mut parts = state.iter().zip(point).zip(fields);
        parts.all(|((x, rest), field)| (x - rest).abs() < NEAR * (field.shown.1 - field.shown.0))
    };
    equilibria.points.iter().position(|p| p.kind.is_stable() && !p.is_virtual && near(&p.state))
}

/// True if the stimulus keeps changing, so that what the neuron does need not be its own rhythm.
fn is_driven(bench: &Workbench, now: f64) -> bool {
    bench.setup().stimulus.iter().any(|item| match item {
        Item::Step { .. } | Item::Ramp { .. } => false,
        Item::Sine { to, .. } | Item::OuNoise { to, .. } | Item::WhiteNoise { to, .. } => to.is_none_or(|to| now < to),
        Item::Chirp { to, .. } => now < *to,
        Item::PulseTrain { from, period, count, .. } => now < from + period * as_f64(*count),
        Item::Samples { times, .. } => times.last().is_some_and(|to| now < *to),
        Item::Spikes { .. } => now < item.fades(),
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts of pulses")]
fn as_f64(count: u64) -> f64 {
    count as f64
}

fn sentence(pattern: &Firing, rate: Option<f64>, rest: bool, degenerate: bool, driven: bool, unit: &str) -> (String, &'static str) {
    let rate = rate.map_or_else(String::new, |r| format!("{} {unit}", round(r)));
    match (pattern, rest) {
        (Firing::Tonic { .. } | Firing::Bursting { .. } | Firing::Irregular, _) if driven => {
            (format!("It fires at {rate} under its changing input."), "Take the input away to see what it does alone.")
        }
        (Firing::Few(_), _) if driven => ("It has fired under its changing input.".into(), "Take the input away to see what it does alone."),
        (Firing::Silent, _) if driven => {
            ("Its changing input has not made it fire so far.".into(), "Make the input stronger, or press P for a pulse.")
        }
        (Firing::Tonic { .. }, true) => (format!("It fires at {rate} beside a stable rest."), "A well-timed kick can silence it."),
        (Firing::Tonic { .. }, false) => (format!("It fires at {rate}."), "No rest is stable at this current."),
        (Firing::Bursting { spikes, .. }, true) => {
            (format!("It bursts, {spikes} spikes at a time, beside a stable rest."), "A well-timed kick can silence it.")
        }
        (Firing::Bursting { spikes, .. }, false) => (format!("It bursts, {spikes} spikes at a time."), "No rest is stable at this current."),
        (Firing::Irregular, _) => (format!("It fires at changing intervals, {rate} on average."), "Wait for a rhythm, or drag a slider."),
        (Firing::Few(_), true) => ("It has fired and may come to rest.".into(), "Watch whether the state settles."),
        (Firing::Few(_), false) if degenerate => ("It has fired, and stays where it is put.".into(), "Press P for a pulse."),
        (Firing::Few(_), false) => ("It has fired; no rhythm can be told yet.".into(), "No rest is stable at this current."),
        (Firing::Silent, true) => ("No spike so far: it comes to rest, or is on its way to fire.".into(), "Watch where the state goes."),
        (Firing::Silent, false) if degenerate => ("It stays where it is put: nothing pulls V back.".into(), "Press P for a pulse."),
        (Firing::Silent, false) => ("It is silent so far.".into(), "No rest is stable at this current."),
    }
}

/// What a neuron does that fires by chance.
fn by_chance_sentence(rate: Option<f64>, unit: &str) -> (String, String) {
    let said = rate.map_or_else(|| "It fires by chance.".to_string(), |rate| format!("It fires by chance, at {} {unit} so far.", round(rate)));
    (said, "Another seed gives other times.".to_string())
}

/// A rate with three figures.
fn round(x: f64) -> String {
    if x >= 100.0 {
        format!("{x:.0}")
    } else if x >= 1.0 {
        format!("{x:.1}")
    } else {
        format!("{x:.3}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::equilibria;
    use crate::app::Command;
    use crate::preset::Setup;

    fn bench(id: &str) -> Workbench {
        Workbench::new(Setup::of_model(crate::model::find(id).expect("a model")), None)
    }

    fn told(bench: &Workbench) -> Regime {
        let (now, _, current) = bench.shown();
        regime(bench, &equilibria(bench.setup().neuron, &bench.setup().params, current), now, Known::default())
    }

    #[test]
    fn spikes_that_pulses_gave_are_not_called_a_rhythm() {
        let mut bench = bench("hodgkin_huxley");
        for k in 1..=6 {
            bench.apply(Command::Pulse);
            bench.run_to(20.0 * f64::from(k));
            assert!(!matches!(told(&bench).firing, Some(Firing::Tonic { .. })), "after {k} pulses: {}", told(&bench).sentence);
        }
        bench.run_to(200.0);
        assert_eq!(told(&bench).sentence, "It rests.");
    }

    #[test]
    fn at_rest_after_its_stimulus_one_is_told_how_to_see_it_again() {
        let setup = crate::preset::embedded("lif/delta_inputs_slow").expect("a preset");
        let mut bench = Workbench::new(setup, None);
        bench.run_to(800.0);
        assert_eq!((told(&bench).sentence.as_str(), told(&bench).hint.as_str()), ("It rests.", "The stimulus is over: R starts again."));
        bench.apply(Command::Stimulus(Vec::new()));
        assert_eq!(told(&bench).hint, "Press P for a pulse, or drag I.");
    }

    #[test]
    fn a_neuron_whose_rest_is_its_threshold_is_said_to_approach_it() {
        let setup = crate::preset::embedded("lif/normalised_1").expect("a preset");
        let mut bench = Workbench::new(setup, None);
        bench.run_to(100.0);
        assert_eq!(told(&bench).sentence, "It comes ever nearer to threshold and never gets there.");
        bench.apply(Command::Current(1.000_001));
        assert_eq!(told(&bench).sentence, "It is silent so far.");
    }

    #[test]
    fn what_it_did_at_other_currents_is_not_told_of_the_present_one() {
        let mut bench = bench("persistent_sodium_potassium");
        let mut t = 0.0;
        for current in [20.0, 4.0, 6.0, 4.0] {
            bench.apply(Command::Current(current));
            t += 100.0;
            bench.run_to(t);
            let told = told(&bench);
            assert_eq!(told.rate.is_some(), current > 4.6, "{current}: {}", told.sentence);
            assert!(!told.sentence.contains("bursts"), "{current}: {}", told.sentence);
        }
        assert_eq!(told(&bench).sentence, "It rests.");
    }

    #[test]
    fn groups_that_noise_makes_are_no_bursts_and_those_that_come_again_are() {
        let repeated: Vec<f64> = (0..4).flat_map(|b| (0..3).map(move |k| 50.0 * f64::from(b) + 4.0 * f64::from(k))).collect();
        assert!(bursts_repeat(&repeated));
        assert!(!bursts_repeat(&[0.0, 5.0, 40.0, 52.0, 60.0, 110.0, 117.0, 150.0]));
        let mut bench = Workbench::new(crate::preset::embedded("lif/reliability").expect("a preset"), None);
        for k in 1..=18 {
            bench.run_to(50.0 * f64::from(k));
            assert!(!matches!(told(&bench).firing, Some(Firing::Bursting { .. } | Firing::Tonic { .. })), "at {} ms", 50 * k);
        }
        let times: Vec<f64> = bench.trace().spikes().iter().map(|s| s.t).collect();
        assert_eq!(told(&bench).rate, Some(crate::app::run::mean_rate(&times, 1000.0)), "as `simulate` says");
    }

    #[test]
    fn a_train_whose_input_has_ended_is_not_said_to_go_on() {
        for (id, t) in [("lif/exponential_synapse", 224.0), ("integrate_and_fire/delta_inputs", 237.0)] {
            let mut bench = Workbench::new(crate::preset::embedded(id).expect("a preset"), None);
            bench.run_to(t);
            assert!(told(&bench).sentence.starts_with("It has fired"), "{id}: {}", told(&bench).sentence);
        }
    }

    #[test]
    fn a_neuron_that_has_fired_and_rests_is_not_called_silent() {
        let mut bench = Workbench::new(crate::preset::embedded("persistent_sodium_potassium/high_threshold_rest").expect("a preset"), None);
        bench.run_to(60.0);
        let told = told(&bench);
        assert_eq!((told.sentence.as_str(), told.firing, told.is_at_rest), ("It rests.", Some(Firing::Few(1)), true));
    }

    #[test]
    fn between_two_bursts_it_has_fired_and_is_not_called_silent() {
        let setup = crate::preset::embedded("izhikevich/chattering").expect("a preset");
        let mut bench = Workbench::new(setup, None);
        while bench.trace().spikes().len() < 5 {
            bench.run_to(bench.shown().0 + 1.0);
        }
        bench.run_to(bench.shown().0 + 15.0);
        assert!(!matches!(told(&bench).firing, Some(Firing::Silent)), "{}", told(&bench).sentence);
    }
}
