//! f–I curves against closed forms, published values and bifurcation points found by other programs.

use std::sync::atomic::{AtomicUsize, Ordering};

use neuron_playground::analysis::diagram::{Care, diagram};
use neuron_playground::analysis::{Family, Over, passage_rate};
use neuron_playground::experiment::{Attractor, Class, Curve, Effort, Law, Onset, Preparation, Span, curve, settle};
use neuron_playground::model;
use neuron_playground::preset::{self, Setup};

fn setup(name: &str) -> Setup {
    model::find(name).map(Setup::of_model).or_else(|| preset::embedded(name)).unwrap_or_else(|| panic!("no {name}"))
}

fn prepared(name: &str, changes: &[(&str, f64)]) -> Preparation {
    let mut setup = setup(name);
    for (id, value) in changes {
        setup.set(id, *value).unwrap();
    }
    setup.preparation()
}

fn measured(prep: &Preparation, from: f64, to: f64, count: usize) -> Curve {
    curve(prep, Span { from, to, count }, Effort::SCREEN, 2, &|_| true, &mut |_| ())
}

fn onset(prep: &Preparation, from: f64, to: f64, count: usize) -> Onset {
    measured(prep, from, to, count).onset.unwrap()
}

fn rate(prep: &Preparation, current: f64) -> f64 {
    settle(prep, current, &prep.start, Effort::FULL, &|| true).unwrap().rate.unwrap()
}

#[test]
fn a_leaky_neuron_with_a_refractory_period_fires_at_its_closed_form_rate() {
    let prep = prepared("lif", &[("tau_m", 12.0), ("t_ref", 3.0)]);
    for current in [2.01, 2.2, 3.0, 6.0] {
        let drive = -70.0 + 10.0 * current;
        let exact = 1000.0 / (3.0 + 12.0 * ((drive + 65.0_f64) / (drive + 50.0)).ln());
        assert!((rate(&prep, current) / exact - 1.0).abs() < 1e-6, "{current}");
    }
    assert_eq!(rate(&prep, 1.99), 0.0);
}

#[test]
fn a_perfect_integrator_fires_in_proportion_to_its_input() {
    let prep = prepared("integrate_and_fire", &[]);
    let found = measured(&prep, -0.1, 0.5, 13);
    for point in &found.points {
        let exact = 1000.0 * point.current.max(0.0);
        for rate in [point.rate, point.rate_up, point.rate_down] {
            assert!((rate.unwrap() - exact).abs() < 1e-6 * exact.max(1.0), "{point:?}");
        }
    }
    let onset = found.onset.unwrap();
    assert!(onset.current.unwrap().abs() < 1e-6);
    assert_eq!((onset.class, onset.law), (Some(Class::One), Some(Law::Inverse)));
}

#[test]
fn a_cubic_neuron_with_reset_fires_as_the_integral_from_reset_to_peak_says() {
    let prep = prepared("persistent_sodium/firing_with_reset", &[]);
    for current in [16.0, 25.0, 60.0] {
        let exact = 1000.0 * passage_rate(prep.neuron, &prep.params, current).unwrap();
        assert!((rate(&prep, current) / exact - 1.0).abs() < 1e-6, "{current}");
    }
    let onset = onset(&prep, 0.0, 60.0, 21);
    assert!((onset.current.unwrap() - 15.775_89).abs() < 1e-4);
    assert_eq!((onset.class, onset.law), (Some(Class::One), Some(Law::InverseRoot)));
}

#[test]
fn the_squid_axon_fires_at_the_published_rates_and_its_transients_count_for_nothing() {
    let prep = prepared("hodgkin_huxley", &[]);
    for (current, hz) in [(6.3, 52.4), (7.0, 58.3), (8.0, 62.5), (10.0, 68.3), (20.0, 86.5), (50.0, 117.0)] {
        assert!((rate(&prep, current) - hz).abs() < 0.05, "{current}");
    }
    // 43 spikes pass a cycle that has just vanished.
    let ghost = settle(&prep, 6.26, &prep.start, Effort::FULL, &|| true).unwrap();
    assert_eq!((ghost.rate, ghost.spikes, ghost.attractor), (Some(0.0), 43, Attractor::Rest));
}

#[test]
fn the_squid_axon_jumps_up_where_rest_is_lost_and_down_where_the_cycle_is() {
    let prep = prepared("hodgkin_huxley", &[]);
    let found = measured(&prep, 5.0, 12.0, 15);
    for point in &found.points {
        let fires = |rate: Option<f64>| rate.unwrap() > 50.0;
        assert_eq!(fires(point.rate_up), point.current > 9.7754, "{point:?}");
        assert_eq!(fires(point.rate_down), point.current > 6.2603, "{point:?}");
        assert_eq!(point.cycle_frequency.is_some(), fires(point.rate_down), "{point:?}");
    }
    let onset = found.onset.unwrap();
    assert!((onset.current.unwrap() - 6.2603).abs() < 1e-4, "{onset:?}");
    assert_eq!((onset.class, onset.rest_remains), (Some(Class::Two), true));
    assert!((onset.rest_ends.unwrap() - 9.7754).abs() < 1e-4, "{onset:?}");
    assert!((onset.jump.unwrap() - 67.7).abs() < 0.1, "{onset:?}");
    assert!(matches!(onset.law, Some(Law::Finite(rate)) if (50.0..52.0).contains(&rate)), "{onset:?}");
}

#[test]
fn a_coarse_grid_does_not_throw_a_followed_rest_out() {
    // A step of 4 from rest fires, a slow rise does not before the Hopf point at 9.7754.
    let found = measured(&prepared("hodgkin_huxley", &[]), 0.0, 12.0, 4);
    let up: Vec<bool> = found.points.iter().map(|p| p.rate_up.unwrap() > 0.0).collect();
    assert_eq!(up, [false, false, false, true]);
    assert!(found.points[2].rate.unwrap() > 60.0);
}

#[test]
fn an_oscillation_below_the_spike_level_has_a_frequency_and_no_rate() {
    let prep = prepared("hodgkin_huxley", &[]);
    let found = settle(&prep, 150.0, &prep.start, Effort::FULL, &|| true).unwrap();
    assert_eq!(found.rate, Some(0.0));
    let frequency = found.frequency(1000.0).unwrap();
    // The Hopf point at 154.52 has ω = 1.0629 rad/ms.
    assert!((frequency - 1062.9 / std::f64::consts::TAU).abs() < 2.0, "{frequency}");
    let low = prepared("persistent_sodium_potassium/low_threshold_spikes", &[]);
    for (current, hz) in [(15.0, 341.0), (20.0, 349.0)] {
        let found = settle(&low, current, &low.start, Effort::FULL, &|| true).unwrap();
        assert!((found.frequency(1000.0).unwrap() - hz).abs() < 0.5 && found.rate == Some(0.0), "{found:?}");
    }
}

#[test]
fn a_saddle_node_on_the_cycle_is_class_1_with_its_period_law() {
    let onset = onset(&prepared("persistent_sodium_potassium", &[]), 0.0, 20.0, 11);
    assert!((onset.current.unwrap() - 4.512_87).abs() < 1e-4, "{onset:?}");
    assert_eq!((onset.class, onset.law, onset.rest_remains), (Some(Class::One), Some(Law::InverseRoot), false));
}

#[test]
fn a_canard_explosion_without_a_saddle_has_no_logarithm_and_its_rate_stays_above_that_of_its_fold() {
    for (from, to, count) in [(0.0, 1.0, 33), (-0.5, 2.0, 65)] {
        let onset = onset(&prepared("fitzhugh_nagumo_classic", &[]), from, to, count);
        // Continuation: the fold lies at I = 0.324179, its period is 69.118.
        assert!((onset.current.unwrap() - 0.324_179).abs() < 2e-6, "{onset:?}");
        assert!(matches!(onset.law, Some(Law::Steep(rate)) if (1.0 / 69.118..0.019).contains(&rate)), "{onset:?}");
    }
}

#[test]
fn a_cycle_that_ends_on_a_saddle_beside_rest_is_class_2_though_its_rate_falls_to_zero() {
    let onset = onset(&prepared("persistent_sodium_potassium/homoclinic_bistable", &[]), 0.0, 20.0, 11);
    assert!((onset.current.unwrap() - 3.0919).abs() < 1e-3, "{onset:?}");
    assert_eq!((onset.class, onset.law, onset.rest_remains), (Some(Class::Two), Some(Law::Logarithm), true));
}

#[test]
fn a_fold_of_cycles_is_found_where_continuation_finds_it() {
    let onset = onset(&prepared("persistent_sodium_potassium/subcritical_bistable", &[]), 30.0, 60.0, 11);
    assert!((onset.current.unwrap() - 42.2324).abs() < 1e-3, "{onset:?}");
    assert_eq!(onset.class, Some(Class::Two));
}

#[test]
fn a_neuron_that_only_answers_the_step_is_class_3() {
    let found = onset(&prepared("izhikevich/phasic_spiking", &[]), 0.0, 0.6, 7);
    assert_eq!((found.class, found.current), (Some(Class::Three), None));
    let silent = onset(&prepared("hodgkin_huxley", &[]), 0.0, 1.0, 3);
    assert_eq!((silent.class, silent.current), (None, None));
}

#[test]
fn a_neuron_that_always_fires_has_no_class_in_this_range() {
    let found = onset(&prepared("lif", &[]), 3.0, 6.0, 3);
    assert_eq!((found.current, found.class), (Some(3.0), None));
}

#[test]
fn a_burst_counts_all_its_spikes_and_its_cycle_once() {
    let prep = prepared("izhikevich/chattering", &[]);
    let found = settle(&prep, 10.0, &prep.start, Effort::FULL, &|| true).unwrap();
    let Attractor::Cycle { spikes, period } = found.attractor else { panic!("{found:?}") };
    assert!(spikes > 2);
    let count = f64::from(u32::try_from(spikes).unwrap());
    assert!((found.rate.unwrap() - 1000.0 * count / period).abs() < 1e-9);
    assert!((found.frequency(1000.0).unwrap() - 1000.0 / period).abs() < 1e-9);
}

#[test]
fn a_neuron_that_runs_away_has_no_rate() {
    // Each reset starts higher than the last; after 183 ms there are a thousand spikes in a ms.
    let prep = prepared("izhikevich/inhibition_induced_bursting", &[]);
    let found = settle(&prep, 25.0, &prep.start, Effort::FULL, &|| true).unwrap();
    assert!(matches!(found.attractor, Attractor::Stopped(_)) && found.rate.is_none(), "{found:?}");
}

#[test]
fn the_numbers_do_not_depend_on_the_number_of_threads() {
    let prep = prepared("persistent_sodium_potassium", &[]);
    let span = Span { from: 3.0, to: 8.0, count: 6 };
    let run = |threads| curve(&prep, span, Effort::SCREEN, threads, &|_| true, &mut |_| ());
    assert_eq!(run(1), run(2));
}

#[test]
fn a_curve_is_shown_when_its_points_and_when_its_sweeps_are_measured() {
    let mut shown = Vec::new();
    let span = Span { from: 0.0, to: 6.0, count: 5 };
    let whole = curve(&prepared("lif", &[]), span, Effort::SCREEN, 2, &|_| true, &mut |part| shown.push(part.clone()));
    assert_eq!(shown.len(), 2);
    assert!(shown[0].points.iter().all(|p| p.rate.is_some() && p.rate_up.is_none()));
    assert!(shown[1].points == whole.points && shown[1].onset.is_none() && whole.onset.is_some());
    let glance = curve(&prepared("lif", &[]), span, Effort::GLANCE, 2, &|_| true, &mut |_| panic!("a glance has no parts"));
    assert!(!glance.is_interrupted && glance.points.iter().all(|p| p.rate.is_some() && p.rate_down.is_none()));
}

#[test]
fn a_stopped_sweep_keeps_what_was_measured() {
    let prep = prepared("lif", &[]);
    let span = Span { from: 0.0, to: 6.0, count: 100 };
    let calls = AtomicUsize::new(0);
    let found =
        curve(&prep, span, Effort::SCREEN, 1, &|_| calls.fetch_add(1, Ordering::Relaxed) < 30, &mut |_| panic!("not even the points are whole"));
    assert!(found.is_interrupted && found.onset.is_none());
    let measured = found.points.iter().filter(|p| p.is_measured).count();
    assert!((1..100).contains(&measured), "{measured}");
    assert!(found.points.iter().all(|p| p.is_measured == p.rate.is_some()));
}

#[test]
fn a_cycle_below_the_spike_level_has_the_frequency_of_the_collocated_one() {
    let prep = prepared("persistent_sodium_potassium", &[("tau_n", 0.152)]);
    let family = Family::new(prep.neuron, &prep.params, 0.0, Over::Current);
    for current in [38.5, 39.5, 40.0, 41.0, 41.5, 43.0] {
        let found = diagram(&family, (current - 1.0, current), Care::Settled, &mut |_| true);
        let orbits = found.cycles.iter().flat_map(|b| &b.orbits);
        let orbit = orbits.min_by(|a, b| (a.cycle.value - current).abs().total_cmp(&(b.cycle.value - current).abs())).unwrap();
        let outcome = settle(&prep, current, &prep.start, Effort::FULL, &|| true).unwrap();
        let frequency = outcome.frequency(1000.0).unwrap();
        assert!((frequency * orbit.cycle.period / 1000.0 - 1.0).abs() < 1e-4, "{current}: {frequency} Hz, period {}", orbit.cycle.period);
    }
}
