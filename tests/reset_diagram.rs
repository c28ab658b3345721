//! The diagram of reset models against paper and against the simulator.
#![allow(missing_docs)]

mod common;

use common::{Case, Spikes, find, with};
use neuron_playground::analysis::{Change, Over, Regime, ResetDiagram, ResetPoint, Row};
use neuron_playground::model::{Dynamics, Field};
use neuron_playground::preset;

fn close(a: f64, b: f64, tolerance: f64) {
    assert!((a - b).abs() <= tolerance, "{a} is not {b}: off by {:e}", a - b);
}

/// All rows and special points.
fn diagram(neuron: &dyn Dynamics, p: &[f64], i: f64, over: Over, range: (f64, f64), count: usize) -> (Vec<Row>, Vec<ResetPoint>) {
    let mut diagram = ResetDiagram::new(neuron, p, i, over, range, count).unwrap();
    let rows = diagram.by_ref().collect();
    (rows, diagram.points().to_vec())
}

fn param(neuron: &dyn Dynamics, id: &str) -> Over {
    Over::Parameter(Field::position(neuron.params(), id).unwrap())
}

/// The last spikes of a long run of the simulator with one parameter (or I) changed.
fn late(id: &str, i: f64, change: Option<(&str, f64)>, start: &[f64], end: f64) -> Spikes {
    let setup = preset::embedded(id).unwrap();
    let mut case = Case::new(setup.neuron.card().id, &[], i);
    case.p = setup.params;
    if let Some((id, value)) = change {
        case.p[Field::position(setup.neuron.params(), id).unwrap()] = value;
    }
    case.start(start).run(setup.neuron.card().dt / 4.0, end)
}

#[test]
fn integrate_and_fire_begins_where_the_steady_state_meets_the_threshold() {
    let neuron = find("lif");
    let p = with(neuron, &[("R", 8.0), ("E_L", -71.0), ("V_th", -52.0)]);
    let (rows, points) = diagram(neuron, &p, 0.0, Over::Current, (0.0, 5.0), 41);
    assert_eq!(rows.len(), 82);
    let [point] = points.as_slice() else { panic!("{points:?}") };
    assert_eq!(point.change, Change::FiringOnset);
    assert!(point.how.contains("threshold"), "{}", point.how);
    close(point.value, 19.0 / 8.0, 1e-9 + point.error_estimate);
    // The threshold as the parameter: firing as long as it lies below E_L + R I.
    let (_, points) = diagram(neuron, &p, 3.0, param(neuron, "V_th"), (-60.0, -40.0), 41);
    close(points[0].value, -71.0 + 24.0, 1e-7);
    let neuron = find("adaptive_lif");
    let p = with(neuron, &[("theta_0", 1.3), ("R", 2.0)]);
    let (_, points) = diagram(neuron, &p, 0.0, Over::Current, (0.0, 2.0), 33);
    close(points[0].value, 1.3 / 2.0, 1e-7);
}

#[test]
fn rates_of_the_leaky_neuron_follow_its_formula() {
    let neuron = find("lif");
    let p = neuron.defaults();
    let (rows, _) = diagram(neuron, &p, 0.0, Over::Current, (2.5, 4.5), 5);
    for row in rows.iter().filter(|row| row.upward) {
        let drive: f64 = 10.0 * row.value;
        let period = 2.0 + 8.0 * ((drive - 5.0) / (drive - 20.0)).ln();
        close(row.regime.rate().unwrap(), 1.0 / period, 1e-9);
    }
}

#[test]
fn the_saddle_node_ends_the_firing_of_the_sodium_neuron() {
    let setup = preset::embedded("persistent_sodium/firing_with_reset").unwrap();
    let (_, points) = diagram(setup.neuron, &setup.params, 0.0, Over::Current, (0.0, 40.0), 41);
    let [point] = points.as_slice() else { panic!("{points:?}") };
    assert!(point.change == Change::FiringOnset && point.how.contains("saddle-node"), "{point:?}");
    // 15.77589 by continuation elsewhere.
    close(point.value, 15.775_89, 5e-6);
}

/// For v' = k2 v² + k1 v + k0 − u + I, u' = a(b v − u) the parabola u = k2 v² + β v + γ is invariant at one I:
/// β = k1 + a/2, c = (a b − a β/2)/(2 k2), γ = −β c/a, I = c + γ − k0. On it v' = −(a/2) v + c, so that it leads
/// from far below to the saddle: it is the separatrix, and resets beyond it fire no more.
#[test]
fn firing_of_the_simple_model_begins_on_an_invariant_parabola() {
    let setup = preset::embedded("izhikevich/tonic_spiking").unwrap();
    let (a, b, k2, k1, k0) = (0.02, 0.2, 0.04, 5.0, 140.0);
    let beta = k1 + a / 2.0;
    let c = (a * b - a * beta / 2.0) / (2.0 * k2);
    let onset = c - beta * c / a - k0;
    let (rows, points) = diagram(setup.neuron, &setup.params, 0.0, Over::Current, (2.0, 6.0), 33);
    let point = points.iter().find(|p| p.change == Change::FiringOnset).unwrap();
    close(point.value, onset, point.error_estimate + 1e-8);
    close(onset, 3.774_375, 1e-12);
    // Rest is stable up to its Hopf point (v = −62.25, I = 3.7975), so that for a stretch both are.
    let at = |value: f64, upward: bool| rows.iter().find(|r| r.upward == upward && (r.value - value).abs() < 1e-9).unwrap();
    assert!(matches!(at(3.75, true).regime, Regime::Rest(_)) && matches!(at(3.875, true).regime, Regime::Firing(_)));
}

#[test]
fn rest_and_firing_that_coexist_show_in_the_two_directions() {
    let setup = preset::embedded("izhikevich/bistability").unwrap();
    let (rows, _) = diagram(setup.neuron, &setup.params, 0.24, Over::Current, (0.0, 0.6), 25);
    let both = rows.iter().filter(|r| r.upward && r.value > 0.17 && r.value < 0.25);
    for row in both {
        let down = rows.iter().find(|r| !r.upward && r.value == row.value).unwrap();
        assert_eq!((row.regime.spikes(), down.regime.spikes()), (Some(0), Some(1)), "{}", row.value);
    }
}

#[test]
fn beyond_a_period_doubling_the_simulator_alternates() {
    let setup = preset::embedded("adex/irregular_spiking").unwrap();
    let over = param(setup.neuron, "b");
    let (_, points) = diagram(setup.neuron, &setup.params, 160.0, over, (21.0, 25.0), 9);
    let point = points.iter().find(|p| p.change == Change::PeriodDoubling).unwrap();
    assert_eq!(point.spikes, [Some(1), Some(2)]);
    assert!(point.error_estimate < 1e-5);
    for (b, alternates) in [(point.value - 0.02, false), (point.value + 0.02, true)] {
        let run = late("adex/irregular_spiking", 160.0, Some(("b", b)), &[-48.0, point.state[1]], 6000.0);
        let n = run.times.len();
        let gap = |k: usize| run.times[n - k] - run.times[n - k - 1];
        let uneven = (gap(1) - gap(2)).abs() / gap(1);
        assert!(if alternates { uneven > 5e-3 } else { uneven < 2e-3 }, "b = {b}: {uneven:e}");
    }
}

#[test]
fn bursts_of_the_simulator_change_their_length_at_the_borders() {
    let setup = preset::embedded("izhikevich/chattering").unwrap();
    let over = param(setup.neuron, "d");
    let (rows, points) = diagram(setup.neuron, &setup.params, 10.0, over, (1.9, 4.4), 26);
    let borders: Vec<&ResetPoint> = points.iter().filter(|p| p.change == Change::SpikeCountBorder).collect();
    for (lower, upper) in [(5, 4), (4, 3), (3, 2)] {
        let border = borders.iter().find(|p| p.spikes == [Some(lower), Some(upper)]).unwrap_or_else(|| panic!("{points:?}"));
        for (d, spikes) in [(border.value - 2e-3, lower), (border.value + 2e-3, upper)] {
            let run = late("izhikevich/chattering", 10.0, Some(("d", d)), &border.state, 1500.0);
            let n = run.times.len();
            // Spikes between the last two pauses.
            let pauses: Vec<usize> = (1..n).filter(|k| run.times[*k] - run.times[k - 1] > 15.0).collect();
            let [.., a, b] = pauses[..] else { panic!("no bursts") };
            assert_eq!(b - a, spikes, "at d = {d}");
        }
    }
    assert!(rows.iter().all(|row| row.regime.rate().is_some()));
}

#[test]
fn models_that_are_smooth_and_empty_ranges_have_no_such_diagram() {
    let neuron = find("hodgkin_huxley");
    assert!(ResetDiagram::new(neuron, &neuron.defaults(), 0.0, Over::Current, (0.0, 1.0), 10).is_none());
    let neuron = find("lif");
    assert!(ResetDiagram::new(neuron, &neuron.defaults(), 0.0, Over::Current, (1.0, 1.0), 10).is_none());
    assert!(ResetDiagram::new(neuron, &neuron.defaults(), 0.0, Over::Parameter(99), (0.0, 1.0), 10).is_none());
}

#[test]
fn an_integrator_without_a_leak_fires_at_any_current_above_zero() {
    let neuron = find("integrate_and_fire");
    let (rows, points) = diagram(neuron, &neuron.defaults(), 0.0, Over::Current, (-1.0, 2.0), 31);
    assert!(rows.iter().all(|row| (row.value > 1e-9) == (row.regime.spikes() == Some(1))), "{rows:?}");
    close(points[0].value, 0.0, 1e-8);
}
