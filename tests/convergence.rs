//! Time stepping keeps its fourth order, between spikes, across them and across jumps of the input; and no
//! choice of parameters can hold a run up.

#![expect(clippy::cast_precision_loss, reason = "small counts, and tables of cases")]
mod common;

use std::time::Instant;

use common::{Case, Random, Spikes, step};
use neuron_playground::model::{self, Dynamics, Field};
use neuron_playground::sim::{Method, Reason, Simulation};
use neuron_playground::stimulus::{Input, Item};

/// A run whose error is measured: name, case, coarsest step, end.
type Run = (&'static str, Case, f64, f64);

fn constant() -> Vec<Run> {
    vec![
        ("izhikevich", Case::new("izhikevich", &[], 14.0), 0.1, 97.3),
        ("izhikevich fast", Case::new("izhikevich", &[("a", 0.1), ("d", 2.0)], 10.0), 0.1, 61.7),
        ("izhikevich_2007", Case::new("izhikevich_2007", &[], 100.0), 0.2, 190.3),
        ("adex", Case::new("adex", &[], 1000.0), 0.1, 97.3),
        ("adex with hold", Case::new("adex", &[("t_ref", 1.37)], 1000.0), 0.1, 97.3),
        ("lif", Case::new("lif", &[], 3.1), 0.8, 51.3),
        ("adaptive_lif", Case::new("adaptive_lif", &[("t_ref", 1.37)], 2.7), 0.8, 97.3),
        ("persistent_sodium", Case::new("persistent_sodium", &[("V_peak", 0.0)], 40.0), 0.08, 19.3),
        ("persistent_sodium_potassium", Case::new("persistent_sodium_potassium", &[], 10.0), 0.04, 29.3),
        ("hodgkin_huxley", Case::new("hodgkin_huxley", &[], 10.0), 0.04, 57.3),
        ("fitzhugh_nagumo", Case::new("fitzhugh_nagumo", &[], 0.1), 0.8, 397.3),
        ("fitzhugh_nagumo_classic", Case::new("fitzhugh_nagumo_classic", &[], 0.5), 0.2, 119.3),
    ]
}

/// The same, switched on and off at times that no step hits.
fn switched() -> Vec<Run> {
    constant()
        .into_iter()
        .map(|(name, case, dt, end)| {
            let (strength, third) = (case.current, end / 3.0);
            let items = vec![
                step(0.1 * third + dt / 3.0, None, strength),
                Item::PulseTrain { from: third + dt / 7.0, width: 1.37 * dt, period: 3.3 * dt, count: 5, amplitude: 0.3 * strength },
                Item::Ramp { from: 1.2 * third + dt / 5.0, to: Some(1.5 * third + dt / 9.0), slope: 0.2 * strength / third },
            ];
            let case = Case { current: 0.0, ..case };
            (name, case.stimulus(items), dt, end)
        })
        .collect()
}

/// Root mean square of the differences of spike times and of the final state, in their own scales.
fn errors(found: &Spikes, exact: &Spikes) -> (f64, f64) {
    let mean = |pairs: Vec<(f64, f64)>| {
        let n = pairs.len().max(1) as f64;
        (pairs.iter().map(|(a, b)| (a - b) * (a - b)).sum::<f64>() / n).sqrt()
    };
    let times = found.times.iter().copied().zip(exact.times.iter().copied()).collect();
    let states = found.last.iter().copied().zip(exact.last.iter().copied()).collect();
    (mean(times), mean(states))
}

fn ratios((name, case, dt, end): &Run) -> (f64, f64) {
    let exact = case.run(dt / 64.0, *end);
    let (coarse, fine) = (case.run(dt / 2.0, *end), case.run(dt / 4.0, *end));
    assert!(exact.times.len() >= 2, "{name} does not fire");
    assert_eq!((coarse.times.len(), fine.times.len()), (exact.times.len(), exact.times.len()), "{name}");
    let ((a, x), (b, y)) = (errors(&coarse, &exact), errors(&fine, &exact));
    println!("{name}: spikes {} error {b:.1e}, ratio {:.1}; state error {y:.1e}, ratio {:.1}", exact.times.len(), a / b, x / y);
    // Errors near rounding say nothing about the order.
    (if b < 1e-11 { 16.0 } else { a / b }, if y < 1e-10 { 16.0 } else { x / y })
}

fn fourth_order(runs: &[Run]) {
    let wrong: Vec<String> = runs
        .iter()
        .map(|run| (run.0, ratios(run)))
        .filter(|(_, (times, state))| !((10.0..=26.0).contains(times) && (9.0..=40.0).contains(state)))
        .map(|(name, ratios)| format!("{name}: {ratios:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn errors_fall_sixteenfold_when_the_step_halves_across_spikes() {
    fourth_order(&constant());
}

#[test]
fn errors_fall_sixteenfold_across_jumps_of_the_input_off_the_grid() {
    fourth_order(&switched());
}

#[test]
fn a_perfect_integrator_is_exact_at_any_step() {
    let case = Case::new("integrate_and_fire", &[("t_ref", 1.37)], 0.3);
    let (coarse, fine) = (case.run(0.8, 97.3), case.run(0.0125, 97.3));
    let (times, state) = errors(&coarse, &fine);
    assert!(times < 1e-10 && state < 1e-10, "{times:e} {state:e}");
}

#[test]
fn errors_fall_sixteenfold_between_spikes() {
    for neuron in model::all().iter().filter(|n| n.dim() > 1 || n.card().id == "lif") {
        let card = neuron.card();
        // A push too weak to fire, from a start a little off rest.
        let mut case = Case::new(card.id, &[], 0.01 * card.current.shown.1);
        case.x[0] += 0.01 * (neuron.states()[0].shown.1 - neuron.states()[0].shown.0);
        // Gates of twelve per ms leave the steps of the others outside the range in which orders show.
        let coarse = if card.id == "traub_miles" { 4.0 } else { 20.0 };
        let dt = coarse * card.dt.min(0.02);
        let end = 40.0 * dt;
        let runs = [dt, 0.5 * dt, dt / 64.0].map(|dt| case.run(dt, end));
        assert!(runs.iter().all(|r| r.times.is_empty()), "{} fires", card.id);
        let ((_, a), (_, b)) = (errors(&runs[0], &runs[2]), errors(&runs[1], &runs[2]));
        println!("{}: {a:.1e} {b:.1e} {:.1}", card.id, a / b);
        assert!(b < 1e-11 || (10.0..30.0).contains(&(a / b)), "{}: {a:e} then {b:e}", card.id);
    }
}

#[test]
fn no_overshoot_of_the_upstroke_reaches_the_recovery_variable() {
    for (id, current) in [("adex", 1000.0), ("izhikevich", 14.0), ("izhikevich_2007", 100.0)] {
        let case = Case::new(id, &[], current);
        let exact = case.run(0.001, 300.0);
        for dt in [0.02, 0.1, 0.5] {
            let found = case.run(dt, 300.0);
            assert_eq!(found.times.len(), exact.times.len(), "{id} at {dt}");
            for (k, (a, b)) in found.before.iter().zip(&exact.before).enumerate() {
                assert!(case.neuron.spike(a, &case.p).abs() < 1e-6, "{id} at {dt}: spike {k} not at the peak but at {a:?}");
                assert!((a[1] - b[1]).abs() < 1e-2 * b[1].abs().max(1.0), "{id} at {dt}: spike {k} at {a:?}, not {b:?}");
            }
        }
    }
}

#[test]
fn a_reset_above_the_peak_stops_as_a_runaway() {
    let p = common::with(common::find("izhikevich"), &[("c", 40.0)]);
    let neuron = common::find("izhikevich");
    let mut run = Simulation::new(neuron, &p, 20.0, Input::new(&[], 1, 0.02, 1e3), Method::Rk4, 0.02, &[-65.0, -13.0]);
    run.run_until(500.0, None);
    assert_eq!(run.stopped().map(|s| s.reason), Some(Reason::Runaway));
    let stopped = run.time();
    run.run(1000, None);
    assert_eq!(run.time(), stopped, "a stopped run does not go on");
}

#[test]
fn a_burst_of_thousands_of_spikes_in_a_millisecond_stops_as_a_runaway() {
    let case = Case::new("integrate_and_fire", &[], 2000.0);
    let mut run = case.simulation(0.05);
    run.run_until(100.0, None);
    assert_eq!(run.stopped().map(|s| s.reason), Some(Reason::Runaway));
    assert!(run.stopped().is_some_and(|s| s.time < 1.0));
    let slower = Case::new("integrate_and_fire", &[], 900.0).run(0.05, 5.0);
    assert!((4499..=4500).contains(&slower.times.len()), "the last falls on the end");
}

#[test]
fn a_step_too_long_for_its_equations_stops_as_not_finite() {
    let case = Case::new("hodgkin_huxley", &[("C", 1e-3)], 10.0);
    let mut run = case.simulation(0.5);
    run.run_until(100.0, None);
    assert_eq!(run.stopped().map(|s| s.reason), Some(Reason::NotFinite));
}

#[test]
fn an_endless_upstroke_stops_instead_of_holding_up_the_run() {
    // A fast unstable spiral that never reaches its cut: every step would need millions of sub-steps.
    let changes = [("a", 1000.0), ("b", 1000.0), ("k2", 0.0), ("k1", 900.0), ("k0", 0.0), ("v_peak", 1000.0)];
    let case = Case::new("izhikevich", &changes, 0.0).start(&[1e-9, 0.0]);
    let begin = Instant::now();
    let mut run = case.simulation(0.02);
    run.run_until(100.0, None);
    assert!(run.stopped().is_some() || run.time() >= 100.0);
    assert!(begin.elapsed().as_secs_f64() < 10.0);
}

/// A value of a range: mostly ordinary, sometimes an end, sometimes anywhere or on a logarithmic scale.
fn absurd(random: &mut Random, field: &Field, wildness: f64) -> f64 {
    if !field.choices.is_empty() {
        return if random.below(2) == 0 { field.min } else { field.max };
    }
    if random.unit() > wildness {
        return random.between(field.shown);
    }
    let value = match random.below(4) {
        0 => field.min,
        1 => field.max,
        2 => field.max * 10.0_f64.powf(-8.0 * random.unit()),
        _ => random.between((field.min, field.max)),
    };
    value.clamp(field.min, field.max)
}

#[test]
fn no_parameters_within_the_ranges_hold_a_run_up() {
    let mut random = Random(21);
    let mut slowest: (f64, String) = (0.0, String::new());
    for neuron in model::all() {
        for round in 0..150 {
            let wildness = [0.1, 0.5, 1.0][round % 3];
            let (p, x, i) = chosen(*neuron, &mut random, wildness);
            let card = neuron.card();
            let begin = Instant::now();
            let mut run = Simulation::new(*neuron, &p, i, Input::new(&[], 1, card.dt, 1e3), Method::Rk4, card.dt, &x);
            run.run_until(100.0, None);
            let seconds = begin.elapsed().as_secs_f64();
            let ended = run.stopped().is_some() || run.time() >= 100.0;
            assert!(ended && seconds < 10.0, "{} took {seconds} s with {p:?} from {x:?} at {i}", card.id);
            let finite = run.state().iter().all(|x| x.is_finite());
            assert!(finite, "{} went to {:?} with {p:?} from {x:?} at {i}", card.id, run.state());
            if seconds > slowest.0 {
                slowest = (seconds, format!("{} with {p:?} from {x:?} at {i}: {:?}", card.id, run.stopped()));
            }
        }
    }
    println!("slowest: {:.3} s, {}", slowest.0, slowest.1);
}

fn chosen(neuron: &dyn Dynamics, random: &mut Random, wildness: f64) -> (Vec<f64>, Vec<f64>, f64) {
    loop {
        let p: Vec<f64> = neuron.params().iter().map(|f| absurd(random, f, wildness)).collect();
        if neuron.check(&p).is_ok() {
            let x = neuron.states().iter().map(|f| absurd(random, f, wildness)).collect();
            return (p, x, absurd(random, &neuron.card().current, wildness));
        }
    }
}
