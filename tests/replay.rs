//! The same commands give the same trace, bit for bit, however a run is cut into pieces and whoever watches.

mod common;

use common::{Case, Random, Spikes};
use neuron_playground::model;
use neuron_playground::sim::{Sink, Trace};
use neuron_playground::stimulus::{Item, Synapse};

/// A stimulus of every kind, scaled to the model, with switching times on and off the grid.
fn stimuli(strength: f64) -> Vec<(&'static str, Vec<Item>)> {
    let spikes = |weight: f64, synapse| Item::Spikes { times: None, rate_hz: Some(400.0), seed: Some(3), weight, synapse };
    vec![
        ("none", Vec::new()),
        ("step", vec![Item::Step { from: 3.1437, to: Some(31.0), amplitude: strength }]),
        ("pulses", vec![Item::PulseTrain { from: 1.0, width: 0.777, period: 3.3, count: 9, amplitude: 2.0 * strength }]),
        ("ramp", vec![Item::Ramp { from: 2.0, to: None, slope: 0.05 * strength }]),
        ("sine", vec![Item::Sine { from: 0.5, to: Some(40.0), amplitude: strength, frequency_hz: 83.0, phase: 0.3 }]),
        ("chirp", vec![Item::Chirp { from: 0.0, to: 45.0, amplitude: strength, start_hz: 5.0, end_hz: 200.0 }]),
        ("ou", vec![Item::OuNoise { from: 0.0, to: None, mean: strength, sd: strength, tau: 4.0, seed: 2 }]),
        ("white", vec![Item::WhiteNoise { from: 0.0, to: Some(33.333), sd: strength, seed: 0 }]),
        ("samples", vec![Item::Samples { times: vec![0.0, 7.7, 20.0, 41.0], values: vec![0.0, strength, -strength, strength] }]),
        ("delta", vec![spikes(0.2, Synapse::Delta {})]),
        ("exponential", vec![spikes(0.3 * strength, Synapse::Exponential { tau: 3.0 })]),
        ("alpha", vec![spikes(strength, Synapse::Alpha { n: 2, tau: 1.5 })]),
        ("conductance", vec![spikes(0.01, Synapse::Conductance { tau: 5.0, reversal: 0.0 })]),
    ]
}

/// Everything that a run shows, as bits.
fn bits(trace: &Trace) -> Vec<u64> {
    let mut bits = Vec::new();
    for k in 0..trace.len() {
        bits.push(trace.time(k).to_bits());
        bits.push(trace.value(k, 0).to_bits());
        bits.extend(trace.state(k).iter().map(|x| x.to_bits()));
    }
    for spike in trace.spikes() {
        bits.push(spike.t.to_bits());
        bits.extend(spike.before.iter().chain(&spike.after).map(|x| x.to_bits()));
    }
    bits
}

fn cases() -> Vec<(String, Case)> {
    let mut cases = Vec::new();
    for neuron in model::all() {
        let card = neuron.card();
        // Half way from the default to the upper end of what the slider shows: most models fire there.
        let strength = 0.5 * card.current.shown.1;
        for (name, items) in stimuli(strength) {
            cases.push((format!("{} under {name}", card.id), Case::new(card.id, &[], 0.3 * strength).stimulus(items)));
        }
    }
    cases
}

const STEPS: u64 = 1500;

fn whole(case: &Case) -> Vec<u64> {
    let mut trace = Trace::new(case.neuron.dim(), 10_000);
    case.simulation(case.neuron.card().dt).run(STEPS, Some(&mut trace));
    bits(&trace)
}

#[test]
fn a_run_cut_into_single_steps_is_the_same_run() {
    for (name, case) in cases() {
        let mut trace = Trace::new(case.neuron.dim(), 10_000);
        let mut simulation = case.simulation(case.neuron.card().dt);
        for _ in 0..STEPS {
            simulation.run(1, Some(&mut trace));
        }
        assert!(bits(&trace) == whole(&case), "{name} depends on the length of its pieces");
    }
}

#[test]
fn a_run_cut_at_random_is_the_same_run() {
    let mut random = Random(5);
    for (name, case) in cases() {
        let mut trace = Trace::new(case.neuron.dim(), 10_000);
        let mut simulation = case.simulation(case.neuron.card().dt);
        let mut left = STEPS;
        while left > 0 {
            let steps = (1 + random.below(400)).min(left);
            simulation.run(steps, Some(&mut trace));
            left -= steps;
        }
        assert!(bits(&trace) == whole(&case), "{name} depends on where it is cut");
    }
}

#[test]
fn a_run_that_nobody_watches_ends_in_the_same_state() {
    for (name, case) in cases() {
        let dt = case.neuron.card().dt;
        let mut watched = Trace::new(case.neuron.dim(), 10_000);
        let mut with_points = case.simulation(dt);
        with_points.run(STEPS, Some(&mut watched));
        let mut alone = case.simulation(dt);
        alone.run(STEPS, None);
        assert_eq!(alone.state(), with_points.state(), "{name}");
        assert_eq!((alone.spikes(), alone.time()), (with_points.spikes(), with_points.time()), "{name}");
        let mut spikes = Spikes::default();
        let mut chunks = case.simulation(dt);
        for steps in [1, 699, 200, STEPS - 900] {
            chunks.run(steps, Some(&mut spikes));
        }
        assert_eq!(chunks.state(), with_points.state(), "{name}");
        let seen: Vec<f64> = watched.spikes().iter().map(|s| s.t).collect();
        assert_eq!(spikes.times, seen, "{name}");
    }
}

#[test]
fn most_of_these_runs_fire_so_that_they_prove_something() {
    let cases = cases();
    let firing = cases
        .iter()
        .filter(|(_, case)| {
            let mut simulation = case.simulation(case.neuron.card().dt);
            simulation.run(STEPS, None);
            simulation.spikes() > 0
        })
        .count();
    assert!(2 * firing > cases.len(), "{firing} of {}", cases.len());
}

#[test]
fn a_run_taken_up_from_a_recorded_point_goes_the_same_way() {
    for id in ["hodgkin_huxley", "izhikevich", "adex", "fitzhugh_nagumo"] {
        let neuron = common::find(id);
        let strength = 0.5 * neuron.card().current.shown.1;
        let noise = vec![Item::OuNoise { from: 0.0, to: None, mean: strength, sd: strength, tau: 4.0, seed: 2 }];
        let case = Case::new(id, &[], 0.0).stimulus(noise);
        let mut simulation = case.simulation(neuron.card().dt);
        let mut past = Trace::new(neuron.dim(), 10_000);
        simulation.run(STEPS, Some(&mut past));
        let middle = 700;
        let mut again = case.simulation(neuron.card().dt);
        again.rewind(past.time(middle), &past.state(middle));
        let mut future = Trace::new(neuron.dim(), 10_000);
        again.run(STEPS - 1 - middle as u64, Some(&mut future));
        for k in 0..future.len() {
            assert_eq!(future.state(k), past.state(middle + 1 + k), "{id} at {}", future.time(k));
        }
    }
}

#[test]
fn a_trace_forgets_its_oldest_points_and_never_grows() {
    let case = Case::new("izhikevich", &[], 14.0);
    let (mut ring, mut all) = (Trace::new(2, 500), Trace::new(2, 100_000));
    let dt = 0.02;
    case.simulation(dt).run(20_000, Some(&mut all));
    let mut simulation = case.simulation(dt);
    for _ in 0..200 {
        simulation.run(100, Some(&mut ring));
        assert!(ring.len() <= 500);
        assert!(ring.spikes().iter().all(|s| s.t >= ring.span().0 - dt));
    }
    assert_eq!((ring.len(), ring.recorded(), all.len()), (500, 20_000, 20_000));
    for k in 0..500 {
        assert_eq!((ring.time(k), ring.state(k)), (all.time(19_500 + k), all.state(19_500 + k)));
    }
}

#[test]
fn a_trace_of_spikes_alone_stays_within_its_capacity() {
    let mut trace = Trace::new(1, 50);
    for k in 0..1000 {
        trace.spike(f64::from(k), &[1.0], &[0.0]);
    }
    assert_eq!(trace.spikes().len(), 50);
    assert_eq!(trace.spikes()[49].t, 999.0);
}

#[test]
fn a_trace_cut_short_takes_another_future() {
    let mut trace = Trace::new(1, 100);
    for k in 0..20 {
        trace.point(f64::from(k), &[f64::from(k)], 0.0);
        trace.spike(f64::from(k) + 0.5, &[1.0], &[0.0]);
    }
    trace.cut_after(trace.index_at(9.7) - 1);
    assert_eq!((trace.len(), trace.recorded(), trace.span().1), (10, 10, 9.0));
    assert_eq!(trace.spikes().back().map(|s| s.t), Some(8.5), "the spike at 9.5 lies in the future that is forgotten");
    assert_eq!(trace.index_at(4.2), 5);
    trace.clear();
    assert!(trace.is_empty() && trace.spikes().is_empty() && trace.recorded() == 0);
}

#[test]
fn a_trace_holds_what_it_was_told() {
    let mut trace = Trace::new(2, 10);
    trace.point(1.0, &[2.0, 3.0], 4.0);
    trace.spike(1.5, &[2.0, 3.0], &[0.0, 5.0]);
    assert_eq!((trace.len(), trace.time(0), trace.value(0, 0), trace.state(0)), (1, 1.0, 4.0, vec![2.0, 3.0]));
    assert_eq!(trace.spikes()[0].after, [0.0, 5.0]);
}
