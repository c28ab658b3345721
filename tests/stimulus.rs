//! Injected currents against their formulas, through what the simulator sees.

#![expect(clippy::cast_precision_loss, reason = "small counts, and tables of cases")]
use std::f64::consts::TAU;

use neuron_playground::preset;
use neuron_playground::stimulus::{Input, Item};
use serde_json::{Value, json};

const DT: f64 = 0.1;

fn input(items: &Value) -> Input {
    let items: Vec<Item> = serde_json::from_value(items.clone()).unwrap();
    for (k, item) in items.iter().enumerate() {
        item.check(k + 1).unwrap();
    }
    Input::new(&items, 1, DT, 1000.0)
}

/// Asserts that one item gives `formula` everywhere, on and off the grid and at its edges.
fn follows(item: &Value, edges: &[f64], formula: impl Fn(f64) -> f64) {
    let mut input = input(&json!([item]));
    let grid = (0..1200).map(|k| f64::from(k) * 0.0837);
    for t in grid.chain(edges.iter().copied()) {
        let drive = input.drive(t, t);
        let exact = formula(t);
        assert!((drive.current - exact).abs() <= 1e-12 * (1.0 + exact.abs()), "{item} at {t}: {} for {exact}", drive.current);
        assert_eq!((drive.conductance, drive.conductance_reversal), (0.0, 0.0));
    }
    // Every edge is announced, so that steps end there.
    for edge in edges {
        assert_eq!(input.next_break(edge - 1e-9), *edge, "{item}");
    }
}

fn within(t: f64, from: f64, to: f64) -> bool {
    from <= t && t < to
}

#[test]
fn a_step_acts_from_its_start_until_right_before_its_end() {
    let step = json!({"kind": "step", "from": 10.013, "to": 20.027, "amplitude": 3.5});
    follows(&step, &[10.013, 20.027], |t| if within(t, 10.013, 20.027) { 3.5 } else { 0.0 });
    let mut input = input(&json!([step]));
    // At the end itself the value depends on the side it is seen from.
    assert_eq!(input.drive(20.026, 20.027).current, 3.5);
    assert_eq!(input.drive(20.028, 20.027).current, 0.0);
    follows(&json!({"kind": "step", "amplitude": -2}), &[], |_| -2.0);
}

#[test]
fn a_ramp_grows_from_its_start_and_is_zero_after_its_end() {
    let ramp = json!({"kind": "ramp", "from": 5.05, "to": 30.3, "slope": -0.25});
    follows(&ramp, &[5.05, 30.3], |t| if within(t, 5.05, 30.3) { -0.25 * (t - 5.05) } else { 0.0 });
    follows(&json!({"kind": "ramp", "slope": 2}), &[], |t| 2.0 * t);
}

#[test]
fn pulses_are_one_period_apart_from_onset_to_onset() {
    let train = json!({"kind": "pulse_train", "from": 2.5, "width": 1.25, "period": 10, "count": 3, "amplitude": 7});
    let formula = |t: f64| (0..3).map(|k| 2.5 + 10.0 * f64::from(k)).filter(|on| within(t, *on, on + 1.25)).count() as f64 * 7.0;
    follows(&train, &[2.5, 3.75, 12.5, 13.75, 22.5, 23.75], formula);
}

#[test]
fn overlapping_pulses_add_up() {
    let train = json!({"kind": "pulse_train", "from": 1, "width": 5, "period": 2, "count": 4, "amplitude": 1.5});
    let formula = |t: f64| (0..4).map(|k| 1.0 + 2.0 * f64::from(k)).filter(|on| within(t, *on, on + 5.0)).count() as f64 * 1.5;
    follows(&train, &[1.0, 3.0, 5.0, 6.0, 7.0, 8.0, 10.0, 12.0], formula);
    let touching = json!({"kind": "pulse_train", "from": 0, "width": 2, "period": 2, "count": 5, "amplitude": 4});
    follows(&touching, &[10.0], |t| if t < 10.0 { 4.0 } else { 0.0 });
    let none = json!({"kind": "pulse_train", "width": 2, "period": 2, "count": 0, "amplitude": 4});
    follows(&none, &[], |_| 0.0);
    let endless = json!({"kind": "pulse_train", "width": 1, "period": 2, "count": u64::MAX, "amplitude": 4});
    follows(&endless, &[], |t| if t % 2.0 < 1.0 { 4.0 } else { 0.0 });
}

#[test]
fn a_sine_starts_with_its_phase_at_its_start() {
    let sine = json!({"kind": "sine", "from": 3.3, "to": 77.7, "amplitude": 2, "frequency_hz": 40, "phase": 0.5});
    follows(&sine, &[3.3, 77.7], |t| if within(t, 3.3, 77.7) { 2.0 * (TAU * 40.0 * (t - 3.3) / 1000.0 + 0.5).sin() } else { 0.0 });
}

#[test]
fn without_units_a_frequency_counts_cycles_per_unit_of_time() {
    let items: Vec<Item> = serde_json::from_value(json!([{"kind": "sine", "amplitude": 1, "frequency_hz": 0.25}])).unwrap();
    let mut input = Input::new(&items, 1, DT, 1.0);
    assert!((input.drive(1.0, 1.0).current - 1.0).abs() < 1e-15);
    let text = r#"{"schema": 1, "model": "fitzhugh_nagumo", "stimulus": [{"kind": "sine", "amplitude": 1, "frequency_hz": 0.25}]}"#;
    let mut input = preset::parse(text).unwrap().input();
    assert!((input.drive(1.0, 1.0).current - 1.0).abs() < 1e-15);
}

#[test]
fn the_frequency_of_a_chirp_is_linear_in_time() {
    let (from, to, start, end) = (5.0, 85.0, 10.0, 90.0);
    let chirp = json!({"kind": "chirp", "from": from, "to": to, "amplitude": 3, "start_hz": start, "end_hz": end});
    // Phase: the integral of start + (end − start)·s/(to − from).
    follows(&chirp, &[from, to], |t| {
        let s = t - from;
        let cycles = (start * s + (end - start) * s * s / (2.0 * (to - from))) / 1000.0;
        if within(t, from, to) { 3.0 * (TAU * cycles).sin() } else { 0.0 }
    });
}

#[test]
fn samples_are_joined_by_lines_and_zero_outside() {
    let samples = json!({"kind": "samples", "times": [1.05, 2, 10.5], "values": [4, -2, 6]});
    follows(&samples, &[1.05, 2.0, 10.5], |t| {
        if within(t, 1.05, 2.0) {
            4.0 - 6.0 * (t - 1.05) / 0.95
        } else if within(t, 2.0, 10.5) {
            -2.0 + 8.0 * (t - 2.0) / 8.5
        } else {
            0.0
        }
    });
    let mut input = input(&json!([samples]));
    assert!((input.drive(10.4, 10.5).current - 6.0).abs() < 1e-12);
    follows(&json!({"kind": "samples", "times": [3], "values": [5]}), &[], |_| 0.0);
}

#[test]
fn items_add_up_and_their_edges_are_all_announced() {
    let mut input = input(&json!([
        {"kind": "step", "from": 1, "to": 3, "amplitude": 5},
        {"kind": "step", "from": 2, "to": 4, "amplitude": 7},
        {"kind": "ramp", "from": 2.5, "slope": 1},
        {"kind": "spikes", "times": [3.5], "weight": 1, "synapse": {"kind": "delta"}}
    ]));
    let currents = [0.5, 1.5, 2.25, 3.25, 4.5].map(|t| input.drive(t, t).current);
    assert_eq!(currents, [0.0, 5.0, 12.0, 7.75, 2.0]);
    let mut breaks = Vec::new();
    let mut t = 0.0;
    while let Some(next) = Some(input.next_break(t)).filter(|x| x.is_finite()) {
        breaks.push(next);
        t = next;
    }
    assert_eq!(breaks, [1.0, 2.0, 2.5, 3.0, 3.5, 4.0]);
}

/// Potential of a leaky neuron that cannot fire, at the end of a run.
fn leaky(stimulus: &Value, duration: f64, dt: f64) -> f64 {
    let file = json!({"schema": 1, "model": "lif", "parameters": {"V_th": 1000}, "stimulus": stimulus, "duration": duration, "dt": dt});
    let setup = preset::parse(&file.to_string()).unwrap();
    neuron_playground::app::run::run(&setup, None, &mut |_| true).final_state[0]
}

#[test]
fn switching_times_off_the_grid_are_respected_exactly() {
    // V relaxes towards E_L + R·I with tau_m = 8 ms, R = 10 MΩ, E_L = −70 mV.
    let (from, to, end) = (3.0123, 7.0457, 20.0);
    let step = json!([{"kind": "step", "from": from, "to": to, "amplitude": 1.5}]);
    let exact = -70.0 + 15.0 * (((to - end) / 8.0_f64).exp() - ((from - end) / 8.0_f64).exp());
    for dt in [0.05, 0.1, 0.3] {
        let error = (leaky(&step, end, dt) - exact).abs();
        assert!(error < 1e-6, "{error} at {dt}");
    }
    let pulses = json!([{"kind": "pulse_train", "from": 0.111, "width": 0.013, "period": 0.017, "count": 500, "amplitude": 10}]);
    let exact = -70.0
        + (0..500)
            .map(|k| 0.111 + 0.017 * f64::from(k))
            .map(|on| 100.0 * (((on + 0.013 - end) / 8.0_f64).exp() - ((on - end) / 8.0_f64).exp()))
            .sum::<f64>();
    // The method itself errs by (dt/tau)⁴/120 of V for each tau, which is 10⁻⁸ of 76 mV at a step of 0.25 ms.
    for (dt, allowed) in [(0.25, 2e-6), (0.02, 1e-10)] {
        let error = (leaky(&pulses, end, dt) - exact).abs();
        assert!(error < allowed, "{error} at {dt}");
    }
}

#[test]
fn a_current_that_is_smooth_keeps_the_order_of_the_method() {
    let ramp = json!([{"kind": "ramp", "from": 1.003, "to": 9.007, "slope": 0.2}]);
    let reference = leaky(&ramp, 15.0, 0.001);
    let errors = [0.4, 0.2].map(|dt| (leaky(&ramp, 15.0, dt) - reference).abs());
    assert!(errors[1] < errors[0] / 12.0, "{errors:?}");
}
