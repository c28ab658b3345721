//! Presynaptic spikes and noise: closed forms, statistics, and what depends on which seed.

#![expect(clippy::cast_precision_loss, reason = "small counts, and tables of cases")]
use neuron_playground::app::run::run;
use neuron_playground::preset;
use neuron_playground::stimulus::{Input, Item};
use serde_json::{Value, json};

fn input(items: &Value, seed: u64, dt: f64) -> Input {
    let items: Vec<Item> = serde_json::from_value(items.clone()).unwrap();
    Input::new(&items, seed, dt, 1000.0)
}

fn spikes(times: &[f64], weight: f64, synapse: &Value) -> Value {
    json!([{"kind": "spikes", "times": times, "weight": weight, "synapse": synapse}])
}

#[test]
fn an_exponential_synapse_jumps_by_its_weight_and_decays() {
    let times = [-3.0, 2.05, 2.05, 7.0];
    let mut input = input(&spikes(&times, 1.5, &json!({"kind": "exponential", "tau": 4})), 1, 0.1);
    for k in 0..400 {
        let t = f64::from(k) * 0.0501;
        let exact: f64 = times.iter().filter(|s| **s <= t).map(|s| 1.5 * ((s - t) / 4.0).exp()).sum();
        assert!((input.drive(t, t).current - exact).abs() < 1e-13, "at {t}");
    }
    assert_eq!([0.0, 2.05, 7.0].map(|t| input.next_break(t)), [2.05, 7.0, f64::INFINITY]);
    // Seen from before the spike, the jump has not come yet.
    let before = input.drive(6.99, 7.0).current;
    assert!((input.drive(7.01, 7.0).current - before - 1.5).abs() < 1e-13);
}

#[test]
fn a_conductance_synapse_drives_towards_its_reversal() {
    let times = [1.0, 3.3];
    let mut input = input(&spikes(&times, 0.2, &json!({"kind": "conductance", "tau": 5, "reversal": -80})), 1, 0.1);
    for k in 0..300 {
        let t = f64::from(k) * 0.0501;
        let g: f64 = times.iter().filter(|s| **s <= t).map(|s| 0.2 * ((s - t) / 5.0).exp()).sum();
        let drive = input.drive(t, t);
        assert_eq!(drive.current, 0.0);
        assert!((drive.conductance - g).abs() < 1e-14);
        assert!((drive.at(-65.0) - g * (-80.0 + 65.0)).abs() < 1e-12);
        assert!((input.current(t, -65.0) - g * (-80.0 + 65.0)).abs() < 1e-12);
    }
}

#[test]
fn an_alpha_synapse_has_its_shape_and_the_weight_as_its_area() {
    for (n, tau, weight) in [(0, 3.0, 2.0), (1, 2.0, -5.0), (2, 0.7, 1.0), (7, 1.0, 40.0), (20, 0.5, 3.0)] {
        let mut input = input(&spikes(&[1.0], weight, &json!({"kind": "alpha", "n": n, "tau": tau})), 1, 0.1);
        let factorial: f64 = (1..=n).map(f64::from).product();
        let shape = |s: f64| weight * s.powi(n) * (-s / tau).exp() / (factorial * tau.powi(n + 1));
        // Simpson's rule far beyond the peak.
        let (steps, end) = (40_000, (f64::from(n) + 45.0) * tau);
        let h = end / f64::from(steps);
        let mut area = 0.0;
        for k in 0..=steps {
            let s = f64::from(k) * h;
            let current = input.drive(1.0 + s + 1e-12, 1.0 + s).current;
            assert!((current - shape(s)).abs() < 1e-9 * weight.abs(), "order {n} at {s}: {current} for {}", shape(s));
            let weight = if k == 0 || k == steps {
                1.0
            } else if k % 2 == 1 {
                4.0
            } else {
                2.0
            };
            area += weight * current * h / 3.0;
        }
        assert!((area / weight - 1.0).abs() < 1e-9, "order {n}: {area} for {weight}");
    }
}

#[test]
fn overlapping_alpha_currents_are_the_sum_of_single_ones() {
    let synapse = json!({"kind": "alpha", "n": 3, "tau": 2});
    let times = [0.5, 0.5, 1.75, 4.0, 30.0];
    let mut together = input(&spikes(&times, 1.0, &synapse), 1, 0.1);
    let mut single: Vec<Input> = times.iter().map(|t| input(&spikes(&[*t], 1.0, &synapse), 1, 0.1)).collect();
    for k in 0..900 {
        let t = f64::from(k) * 0.05;
        let sum: f64 = single.iter_mut().map(|i| i.drive(t, t).current).sum();
        assert!((together.drive(t, t).current - sum).abs() < 1e-13);
    }
    // Reading backwards gives the same.
    let forward = together.drive(3.0, 3.0);
    let _ = together.drive(40.0, 40.0);
    assert_eq!(together.drive(3.0, 3.0), forward);
}

fn fired(model: &str, change: &Value) -> Vec<f64> {
    let mut file = json!({"schema": 1, "model": model, "duration": 50});
    file.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    run(&preset::parse(&file.to_string()).unwrap(), None, &mut |_| true).spike_times
}

#[test]
fn delta_inputs_fire_at_the_input_time() {
    let inputs = [1.013, 2.5, 2.5, 7.77, 9.0, 11.1, 12.2, 13.3];
    let stimulus = spikes(&inputs, 0.3, &json!({"kind": "delta"}));
    // Every fourth input of 0.3 lifts the perfect integrator over 1.
    for dt in [0.05, 0.5] {
        let times = fired("integrate_and_fire", &json!({"stimulus": stimulus, "dt": dt}));
        assert_eq!(times, [7.77, 13.3]);
    }
    let exact = spikes(&[3.125, 4.0], 0.5, &json!({"kind": "delta"}));
    let times = fired("integrate_and_fire", &json!({"stimulus": exact}));
    assert_eq!(times, [4.0], "reaching the threshold is enough");
}

#[test]
fn delta_inputs_do_nothing_during_the_refractory_period() {
    let fire = |times: &[f64]| {
        let stimulus = spikes(times, 1.0, &json!({"kind": "delta"}));
        fired("integrate_and_fire", &json!({"stimulus": stimulus, "parameters": {"t_ref": 2}}))
    };
    assert_eq!(fire(&[1.0, 1.5, 2.999, 3.5]), [1.0, 3.5]);
    assert_eq!(fire(&[1.0, 3.0]), [1.0, 3.0], "the hold ends at the spike plus t_ref");
    // What was swallowed is not made up for.
    let half = |times: &[f64]| {
        let stimulus = spikes(times, 0.5, &json!({"kind": "delta"}));
        fired("integrate_and_fire", &json!({"stimulus": stimulus, "parameters": {"t_ref": 2}}))
    };
    assert_eq!(half(&[1.0, 1.1, 2.0, 2.5, 4.0]), [1.1]);
    assert_eq!(half(&[1.0, 1.1, 2.0, 2.5, 4.0, 5.0]), [1.1, 5.0]);
}

/// Times at which a Poisson input comes, in `duration` ms.
fn train(rate_hz: f64, run_seed: u64, seed: u64, duration: f64) -> Vec<f64> {
    let item = json!([{"kind": "spikes", "rate_hz": rate_hz, "seed": seed, "weight": 1, "synapse": {"kind": "delta"}}]);
    let mut input = input(&item, run_seed, 0.1);
    let mut times = vec![];
    let mut t = 0.0;
    loop {
        t = input.next_break(t);
        if t > duration {
            return times;
        }
        assert_eq!(input.kick(t), 1.0);
        times.push(t);
    }
}

#[test]
fn poisson_trains_have_the_count_and_the_variability_of_their_rate() {
    // Below, at and above the rates at which the drawing changes the length of its blocks.
    for rate_hz in [0.5, 15.0, 16.0, 100.0, 5000.0, 100_000.0, 1_000_000.0] {
        let n = 20_000.0_f64;
        let times = train(rate_hz, 1, 0, n / rate_hz * 1000.0);
        // The count is Poisson with mean n: five standard deviations, exceeded once in 1.7 million.
        let count = times.len() as f64;
        assert!((count - n).abs() < 5.0 * n.sqrt(), "{rate_hz} Hz: {count}");
        // The CV of n exponential gaps is 1 with standard error 1/√n; five of them.
        let gaps: Vec<f64> = times.windows(2).map(|w| w[1] - w[0]).collect();
        let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
        let variance = gaps.iter().map(|g| (g - mean).powi(2)).sum::<f64>() / gaps.len() as f64;
        let cv = variance.sqrt() / mean;
        assert!((cv - 1.0).abs() < 5.0 / n.sqrt(), "{rate_hz} Hz: CV {cv}");
        // Neighbouring gaps are independent: correlation 0 with standard error 1/√n.
        let product = gaps.windows(2).map(|w| (w[0] - mean) * (w[1] - mean)).sum::<f64>() / gaps.len() as f64;
        assert!((product / variance).abs() < 5.0 / n.sqrt(), "{rate_hz} Hz");
    }
}

#[test]
fn hardly_any_rate_hardly_ever_gives_a_spike_and_takes_no_time() {
    for rate_hz in [0.0, 1e-320, 1e-297, 1e-200, 1e-20, 1e-9] {
        assert_eq!(train(rate_hz, 1, 0, 1e4), [0.0; 0]);
    }
}

#[test]
fn random_streams_depend_on_run_seed_place_and_own_seed_alone() {
    let first = train(200.0, 1, 0, 1000.0);
    assert_eq!(first, train(200.0, 1, 0, 1000.0));
    assert_ne!(first, train(200.0, 2, 0, 1000.0));
    assert_ne!(first, train(200.0, 1, 1, 1000.0));
    let noise = json!({"kind": "ou_noise", "sd": 1, "tau": 5});
    let other = json!({"kind": "step", "from": 1, "to": 2, "amplitude": 0});
    let values = |items: Value, seed: u64| {
        let mut input = input(&items, seed, 0.1);
        (0..500).map(|k| input.drive(f64::from(k) * 0.1 + 0.05, f64::from(k) * 0.1).current).collect::<Vec<f64>>()
    };
    let alone = values(json!([noise]), 1);
    assert_eq!(alone, values(json!([noise, other]), 1));
    assert_eq!(alone, values(json!([{"kind": "ou_noise", "sd": 1, "tau": 5, "seed": 0}]), 1));
    assert_ne!(alone, values(json!([other, noise]), 1));
    assert_ne!(alone, values(json!([noise]), 2));
    let scaled = values(json!([{"kind": "ou_noise", "mean": 10, "sd": 3, "tau": 5}]), 1);
    assert!(alone.iter().zip(&scaled).all(|(a, b)| (10.0 + 3.0 * a - b).abs() < 1e-12));
}

#[test]
fn halving_the_step_refines_the_same_noise() {
    let ou = json!([{"kind": "ou_noise", "from": -2, "mean": 1, "sd": 2, "tau": 5}]);
    let white = json!([{"kind": "white_noise", "sd": 2}]);
    let (mut coarse, mut fine) = (input(&ou, 1, 0.2), input(&ou, 1, 0.1));
    let (mut wide, mut narrow) = (input(&white, 1, 0.2), input(&white, 1, 0.1));
    for k in 0..2000 {
        let t = f64::from(k) * 0.2;
        assert!((coarse.drive(t + 0.05, t).current - fine.drive(t + 0.05, t).current).abs() < 1e-9);
        let halves = narrow.drive(t + 0.05, t).current + narrow.drive(t + 0.15, t).current;
        assert!((wide.drive(t + 0.1, t).current - 0.5 * halves).abs() < 1e-9, "the integral over the step is the same");
    }
}

#[test]
fn noise_has_the_strength_that_was_asked_for() {
    let n = 100_000;
    let dt = 0.1;
    let mut white = input(&json!([{"kind": "white_noise", "sd": 3}]), 1, dt);
    let values: Vec<f64> = (0..n).map(|k| f64::from(k) * dt).map(|t| white.drive(t + 0.05, t).current).collect();
    let variance = values.iter().map(|x| x * x).sum::<f64>() / f64::from(n);
    // sd²/dt with relative standard error √(2/n) = 0.45 %; five of them.
    assert!((variance * dt / 9.0 - 1.0).abs() < 0.0225, "{variance}");
    let mut ou = input(&json!([{"kind": "ou_noise", "mean": 4, "sd": 3, "tau": 0.5}]), 1, dt);
    let values: Vec<f64> = (0..n).map(|k| f64::from(k) * dt).map(|t| ou.drive(t + 0.05, t).current).collect();
    let mean = values.iter().sum::<f64>() / f64::from(n);
    let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / f64::from(n);
    // Correlated over 2·tau = 10 steps: 10 000 independent values for the mean, 20 000 for the variance.
    assert!((mean - 4.0).abs() < 5.0 * 3.0 / 100.0, "{mean}");
    assert!((variance / 9.0 - 1.0).abs() < 5.0 * 0.01, "{variance}");
}

#[test]
fn noise_acts_only_between_its_times_and_starts_stationary_however_early() {
    let mut late = input(&json!([{"kind": "ou_noise", "from": 5.03, "to": 6.01, "mean": 2, "sd": 1, "tau": 1}]), 1, 0.1);
    assert_eq!([5.02, 6.02].map(|t| late.drive(t, t).current), [0.0, 0.0]);
    assert!(late.drive(5.5, 5.5).current != 0.0);
    for from in [-1e300, -1e15, -1e9, -1.0, 0.0] {
        let mut early = input(&json!([{"kind": "ou_noise", "from": from, "sd": 1, "tau": 10}]), 1, 0.1);
        assert!(early.drive(0.05, 0.05).current.abs() < 6.0);
    }
}

#[test]
fn the_shortest_steps_have_noise_too() {
    for dt in [1e-12, 1e-20, 1e-100, 1e-300] {
        let mut input = input(&json!([{"kind": "ou_noise", "sd": 1, "tau": 10}]), 1, dt);
        let values = [0.5, 1.5, 1e6].map(|k| input.drive(k * dt, k * dt).current);
        assert!(values.iter().all(|x| x.is_finite() && x.abs() < 6.0 && *x != 0.0), "{values:?}");
    }
}

#[test]
fn at_a_grid_point_white_noise_is_that_of_the_step_that_starts_there() {
    for dt in [0.01, 0.05, 0.1] {
        let mut input = input(&json!([{"kind": "white_noise", "sd": 1}]), 1, dt);
        for k in 0..20_000 {
            let t = f64::from(k) * dt;
            assert_eq!(input.drive(t, t).current, input.drive(t + 0.5 * dt, t).current, "step {k} of {dt}");
        }
    }
}
