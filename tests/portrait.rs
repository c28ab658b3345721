//! Manifolds, cycles, basins and homoclinics of planar models: against paper, and against the simulator.
#![allow(missing_docs)]

mod common;

use common::{Case, find, with};
use neuron_playground::analysis::{
    Fate, Frame, Outcome, Over, PlanarCycle, Portrayal, System, Threshold, cycle_through, equilibria, homoclinic, homoclinic_gap, outcome, portray,
};
use neuron_playground::model::Dynamics;
use neuron_playground::preset;

fn close(a: f64, b: f64, tolerance: f64) {
    assert!((a - b).abs() <= tolerance, "{a} is not {b}: off by {:e}", a - b);
}

fn portrayal(neuron: &dyn Dynamics, p: &[f64], i: f64) -> Portrayal {
    let points = equilibria(neuron, p, i).points;
    portray(neuron, p, i, &points, &Frame { window: neuron.card().window, piece: 0.004 }).unwrap()
}

/// The invariant parabola of the simple model (derived in `reset_diagram.rs`) is the separatrix at its current.
#[test]
fn the_separatrix_of_the_simple_model_lies_on_its_parabola() {
    let neuron = find("izhikevich");
    let p = with(neuron, &[("a", 0.02), ("b", 0.2)]);
    let (beta, c) = (5.01, (0.02 * 0.2 - 0.01 * 5.01) / 0.08);
    let found = portrayal(neuron, &p, 3.774_375);
    let [saddle] = found.manifolds.as_slice() else { panic!("one saddle") };
    assert!((saddle.departures.decay + 0.01).abs() < 1e-9, "on the parabola v' = −(a/2) v + c");
    // Left of the parabola's lowest point neighbours part backward in time, and rounding with them.
    for x in saddle.stable[1].line.iter().take_while(|x| x[0] > -62.5) {
        close(x[1], 0.04 * x[0] * x[0] + beta * x[0] - beta * c / 0.02, 1e-6);
    }
}

#[test]
fn states_on_either_side_of_the_separatrix_go_to_different_attractors() {
    for id in ["persistent_sodium_potassium/homoclinic_bistable", "persistent_sodium_potassium/saddle_node_off_cycle", "izhikevich/tonic_spiking"] {
        let setup = preset::embedded(id).unwrap();
        let (neuron, p, i) = (setup.neuron, setup.params, setup.current);
        let system = System::<2>::new(neuron, &p, i).unwrap();
        let points = equilibria(neuron, &p, i).points;
        let found = portrayal(neuron, &p, i);
        assert_eq!(found.threshold, Threshold::Separatrix, "{id}");
        let basin = found.basin.unwrap_or_else(|| panic!("{id} has a basin"));
        let window = neuron.card().window;
        let mut count = 0;
        let at = |k: u32| found.manifolds[0].stable.iter().flat_map(|half| &half.line).nth(20 * k as usize);
        for x in (1..40).filter_map(at).filter(|x| (0..2).all(|k| x[k] > window[k].0 && x[k] < window[k].1)) {
            for side in [-2e-3, 2e-3] {
                let y = [x[0] + side * (window[0].1 - window[0].0), x[1]];
                let told = basin.holds(&y);
                assert_eq!(outcome(&system, &points, y) == Outcome::Rest(basin.rest), told, "{id} at {y:?}");
                if count < 8 {
                    // The simulator, which knows of no basins.
                    let mut case = Case::new(neuron.card().id, &[], i);
                    case.p.clone_from(&p);
                    let run = case.start(&y).run(neuron.card().dt, 300.0);
                    let rests = (run.last[0] - points[basin.rest].state[0]).abs() < 1.0;
                    assert!(if neuron.resets() { run.times.is_empty() == told } else { rests == told }, "{id} at {y:?}");
                    count += 1;
                }
            }
        }
        assert!(count > 3, "{id}: {count} places");
    }
}

#[test]
fn an_unstable_cycle_is_the_threshold_of_a_resonator() {
    let setup = preset::embedded("persistent_sodium_potassium/subcritical_bistable").unwrap();
    let (neuron, p, i) = (setup.neuron, setup.params, setup.current);
    let found = portrayal(neuron, &p, i);
    assert_eq!(found.threshold, Threshold::UnstableCycle);
    let unstable = found.cycles.iter().find(|c| !c.is_stable()).unwrap();
    let stable = found.cycles.iter().find(|c| c.is_stable()).unwrap();
    assert!(stable.encloses(&unstable.line[0]));
    // Multiplier by Liouville's formula: the logarithm is the integral of the divergence.
    for cycle in [unstable, stable] {
        let system = System::<2>::new(neuron, &p, i).unwrap();
        let mut sum = 0.0;
        for (a, b) in cycle.line.iter().zip(cycle.line.iter().cycle().skip(1)) {
            let middle = [0.5 * (a[0] + b[0]), 0.5 * (a[1] + b[1])];
            let f = system.slope(&middle);
            let time = ((b[0] - a[0]) * f[0] / 120.0 / 120.0 + (b[1] - a[1]) * f[1]) / (f[0] * f[0] / 120.0 / 120.0 + f[1] * f[1]);
            let trace = system.slope_along(&middle, &[1.0, 0.0]).1[0] + system.slope_along(&middle, &[0.0, 1.0]).1[1];
            sum += time * trace;
        }
        assert!((sum - cycle.multiplier.ln()).abs() < 0.02 * sum.abs(), "{sum} is not ln {}", cycle.multiplier);
    }
    // The simulator beside it: inward to rest, outward to firing.
    let focus = [found.cycles[0].around];
    let center = equilibria(neuron, &p, i).points[focus[0]].state.clone();
    for (part, fires) in [(0.97, false), (1.03, true)] {
        let edge = unstable.line[0];
        let start = [center[0] + part * (edge[0] - center[0]), center[1] + part * (edge[1] - center[1])];
        let mut case = Case::new(neuron.card().id, &[], i);
        case.p.clone_from(&p);
        let run = case.start(&start).run(0.005, 400.0);
        assert_eq!(run.times.len() > 20, fires, "{} spikes from {part}", run.times.len());
    }
}

#[test]
fn periods_of_stable_cycles_are_those_of_the_simulator() {
    for (id, i) in [("persistent_sodium_potassium/high_threshold_10", 10.0), ("fitzhugh_nagumo_classic/oscillation_0_5", 0.5)] {
        let setup = preset::embedded(id).unwrap();
        let found = portrayal(setup.neuron, &setup.params, i);
        let [cycle] = found.cycles.as_slice() else { panic!("{id}: {} cycles", found.cycles.len()) };
        let mut case = Case::new(setup.neuron.card().id, &[], i);
        case.p.clone_from(&setup.params);
        let run = case.start(&cycle.line[0]).run(setup.neuron.card().dt, 6.0 * cycle.period);
        let n = run.times.len();
        close((run.times[n - 1] - run.times[n - 4]) / 3.0, cycle.period, 1e-6 * cycle.period);
    }
    // Continuation elsewhere gave 36.51803 for the classic FitzHugh–Nagumo at 0.8.
    let neuron = find("fitzhugh_nagumo_classic");
    let p = with(neuron, &[("a", 0.7), ("b", 0.8), ("tau", 12.5)]);
    close(portrayal(neuron, &p, 0.8).cycles[0].period, 36.518_03, 1e-5);
}

#[test]
fn a_neuron_without_saddle_and_unstable_cycle_has_no_sharp_threshold() {
    let neuron = find("fitzhugh_nagumo_classic");
    let found = portrayal(neuron, &neuron.defaults(), 0.0);
    assert_eq!(found.threshold, Threshold::Quasi);
    assert!(found.manifolds.is_empty() && found.cycles.is_empty() && found.basin.is_none());
    assert_eq!(portrayal(neuron, &neuron.defaults(), 0.8).threshold, Threshold::NoRest);
}

fn class_one(tau_n: f64) -> (&'static dyn Dynamics, Vec<f64>) {
    let neuron = find("persistent_sodium_potassium");
    let p = with(neuron, &[("tau_n", tau_n)]);
    (neuron, p)
}

/// Above the homoclinic firing started on the cycle goes on, below it stops: found by the simulator alone.
#[test]
fn the_homoclinic_is_where_firing_of_the_simulator_breaks_off() {
    for (tau_n, range, expected) in [(0.152, (-2.0, 2.0), -0.297_690), (0.16, (2.0, 4.4), 3.091_947)] {
        let (neuron, p) = class_one(tau_n);
        let found = homoclinic(neuron, &p, 0.0, Over::Current, range).unwrap();
        close(found.value, expected, 2e-6);
        assert!(found.error_estimate < 1e-6 && found.growth + found.decay < 0.0);
        let points = equilibria(neuron, &p, found.value).points;
        let inside = [points[2].state[0] + 1.0, points[2].state[1]];
        for (i, lasts) in [(found.value + 1e-3, true), (found.value - 1e-3, false)] {
            let mut case = Case::new(neuron.card().id, &[], i);
            case.p.clone_from(&p);
            // From beside the unstable focus inside the loop it spirals out: on to the cycle, or past the saddle.
            let run = case.start(&inside).run(0.002, 500.0);
            let still = run.times.last().is_some_and(|t| *t > 480.0);
            assert_eq!(still, lasts, "tau_n = {tau_n}, I = {i}: {} spikes", run.times.len());
        }
        assert!(homoclinic_gap(neuron, &p, found.value - 0.1, [0, 0], 1e-9).unwrap() > 0.0);
        assert!(homoclinic_gap(neuron, &p, found.value + 0.1, [0, 0], 1e-9).unwrap() < 0.0);
    }
}

/// T = −(1/λ) ln(I − Iₕ) + c, λ the saddle's positive eigenvalue.
#[test]
fn the_period_grows_by_the_law_of_the_homoclinic() {
    let (neuron, p) = class_one(0.16);
    let found = homoclinic(neuron, &p, 0.0, Over::Current, (2.0, 4.4)).unwrap();
    let period = |distance: f64| {
        let i = found.value + distance;
        let system = System::<2>::new(neuron, &p, i).unwrap();
        let points = equilibria(neuron, &p, i).points;
        let center = [points[2].state[0], points[2].state[1]];
        cycle_through(&system, [-20.0, center[1]], center, false).unwrap().period
    };
    let slope = (period(1e-5) - period(1e-3)) / 100.0_f64.ln();
    close(slope, 1.0 / found.growth, 0.005 / found.growth);
}

#[test]
fn beyond_the_saddle_node_loop_there_is_no_homoclinic() {
    let (neuron, p) = class_one(1.0);
    assert!(homoclinic(neuron, &p, 0.0, Over::Current, (0.0, 4.5)).is_none());
    let found = portrayal(neuron, &p, 4.0);
    assert!(found.manifolds[0].unstable.iter().all(|half| half.fate == Fate::Point(0)), "both halves lead to rest");
}

#[test]
fn a_kick_a_little_larger_than_the_push_leads_elsewhere_and_one_a_little_smaller_does_not() {
    for id in ["persistent_sodium_potassium/homoclinic_bistable", "persistent_sodium_potassium/saddle_node_off_cycle", "izhikevich/tonic_spiking"] {
        let setup = preset::embedded(id).unwrap();
        let (neuron, p, current) = (setup.neuron, &setup.params, setup.current);
        let points = equilibria(neuron, p, current).points;
        let Some(basin) = portrayal(neuron, p, current).basin else { panic!("{id} has a basin") };
        let rest = [points[basin.rest].state[0], points[basin.rest].state[1]];
        let by = basin.push(&rest, neuron.card().window[0]).unwrap_or_else(|| panic!("{id} has a border beside its rest"));
        assert!(by > 0.1, "{id}: {by}");
        let system = System::<2>::new(neuron, p, current).unwrap();
        let kicked = |part: f64| outcome(&system, &points, [rest[0] + part * by, rest[1]]);
        assert_eq!(kicked(0.97), Outcome::Rest(basin.rest), "{id}");
        assert_eq!(kicked(1.03), basin.beyond, "{id}");
    }
}

#[test]
fn close_below_a_subcritical_hopf_point_the_small_unstable_cycle_and_the_large_stable_one_are_found() {
    // The Hopf point stands at 48.90.
    let setup = preset::embedded("persistent_sodium_potassium/subcritical_rest").unwrap();
    for current in [45.0, 48.0, 48.6] {
        let found = portrayal(setup.neuron, &setup.params, current);
        let stable: Vec<bool> = found.cycles.iter().map(PlanarCycle::is_stable).collect();
        assert_eq!((stable, found.threshold), (vec![false, true], Threshold::UnstableCycle), "{current}");
    }
}
