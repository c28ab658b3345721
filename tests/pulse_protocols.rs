//! Experiments with pulses, steps and clamps against what is published or can be written down.

mod common;

use common::{report, setup};
use neuron_playground::experiment::{Chosen, Report, protocols};
use neuron_playground::preset::Setup;

fn squid() -> Setup {
    setup("hodgkin_huxley")
}

/// A leaky integrate-and-fire neuron with time constant 10 ms, 20 mV from rest to threshold, 1 MΩ, reset to rest, not refractory.
fn leaky() -> Setup {
    let text =
        r#"{"schema": 1, "model": "lif", "parameters": {"tau_m": 10, "R": 1, "E_L": -70, "V_th": -50, "V_reset": -70, "t_ref": 0}, "dt": 0.01}"#;
    neuron_playground::preset::parse(text).expect("a setup")
}

#[track_caller]
fn near(report: &Report, id: &str, expected: f64, tolerance: f64) {
    let value = report.value(id).unwrap_or_else(|| panic!("{id} has no value: {:?}", report.says));
    assert!((value - expected).abs() <= tolerance, "{id}: {value}, expected {expected} ± {tolerance}");
}

#[track_caller]
fn says(report: &Report, words: &str) {
    assert!(report.says.iter().any(|s| s.contains(words)), "{words:?} is not in {:?}", report.says);
}

/// The y of a series at the point whose x is nearest.
fn at(report: &Report, chart: &str, series: &str, x: f64) -> [f64; 2] {
    let points = &report.series(chart, series).expect("a series").points;
    *points.iter().min_by(|a, b| (a[0] - x).abs().total_cmp(&(b[0] - x).abs())).expect("a point")
}

#[test]
fn the_squid_axon_answers_to_a_millisecond_all_or_none_from_6_919_on() {
    let found = report("threshold", &squid(), &[("from", 0.0), ("to", 14.0), ("width", 1.0)]);
    near(&found, "threshold", 6.919, 0.0005);
    assert!(found.value("sharpness").expect("a ratio") > 0.5);
    says(&found, "All or none");
    let around = report("threshold", &squid(), &[("from", 6.9), ("to", 7.0), ("width", 1.0), ("count", 2.0)]);
    near(&around, "threshold", 6.919, 0.0005);
    let above = report("threshold", &squid(), &[("from", 7.0), ("to", 9.0), ("width", 1.0), ("count", 3.0)]);
    assert_eq!(above.series("response", "silent").map(|s| s.points.len()), Some(0));
}

#[test]
fn the_warm_squid_axon_has_no_sharp_threshold() {
    // Cole, Guttman and Bezanilla 1970 (doi 10.1073/pnas.65.4.884): above about 20 °C answers are graded.
    let mut warm = squid();
    let place = warm.neuron.params().iter().position(|f| f.id == "T").expect("a temperature");
    warm.params[place] = 30.0;
    let found = report("threshold", &warm, &[("to", 60.0), ("width", 1.0)]);
    assert!(found.value("sharpness").expect("a ratio") < 0.1, "{:?}", found.numbers);
    says(&found, "no sharp threshold");
}

#[test]
fn near_a_supercritical_hopf_point_answers_of_every_height_are_found() {
    let mut fuzzy = setup("persistent_sodium_potassium");
    for (id, value) in [("g_L", 8.0), ("E_L", -78.0), ("n_half", -45.0)] {
        let place = fuzzy.neuron.params().iter().position(|f| f.id == id).expect("a parameter");
        fuzzy.params[place] = value;
    }
    fuzzy.current = 14.0;
    let found = report("threshold", &fuzzy, &[("from", 15.0), ("to", 30.0), ("width", 0.5), ("count", 61.0)]);
    says(&found, "no sharp threshold");
    let mut heights: Vec<f64> = found.series("response", "highest").expect("a series").points.iter().map(|p| p[1]).collect();
    heights.sort_by(f64::total_cmp);
    // A quarter of a unit of current never lifts the answer by more than a seventh of what all of them do.
    let (span, gap) = (heights[60] - heights[0], heights.windows(2).map(|w| w[1] - w[0]).fold(0.0, f64::max));
    assert!(span > 40.0 && gap < span / 7.0, "{gap} of {span}");
}

#[test]
fn a_neuron_that_fires_by_itself_is_said_to() {
    let mut restless = squid();
    restless.current = 20.0;
    for id in ["threshold", "strength_duration", "refractory", "rebound", "accommodation", "summation"] {
        says(&report(id, &restless, &[]), "fires without any");
    }
}

#[test]
fn a_leaky_neuron_follows_lapicques_formula() {
    let found = report("strength_duration", &leaky(), &[("from", 0.5), ("to", 20.0), ("rheobase", 300.0), ("most", 2000.0)]);
    near(&found, "rheobase", 20.0, 1e-4);
    near(&found, "chronaxie", 10.0 * 2f64.ln(), 1e-4);
    near(&found, "shortest", 20.0 / -(-0.05f64).exp_m1(), 1e-2);
    assert!(found.value("lapicque_error").expect("a deviation") < 0.01);
    assert!(found.value("weiss_error").expect("a deviation") > 1.0);
    for [width, threshold] in &found.series("strength", "threshold").expect("a curve").points {
        assert!((threshold * -(-width / 10.0).exp_m1() - 20.0).abs() < 1e-3, "{width}: {threshold}");
    }
}

#[test]
fn the_rheobase_of_the_squid_axon_is_that_of_its_step() {
    let found = report("strength_duration", &squid(), &[("count", 2.0), ("rheobase", 100.0)]);
    near(&found, "rheobase", 2.2403, 1e-4);
}

#[test]
fn the_second_pulse_to_the_squid_axon_needs_what_the_table_of_gaps_says() {
    let pulses = [("first", 20.0), ("width", 1.0), ("most", 400.0)];
    for pair in [[(5.0, 272.3), (6.0, 107.0)], [(8.0, 43.6), (10.0, 23.5)], [(12.0, 14.2), (15.0, 7.77)]] {
        let settings = [&pulses[..], &[("from", pair[0].0), ("to", pair[1].0), ("count", 2.0), ("gap", pair[1].0)]].concat();
        let found = report("refractory", &squid(), &settings);
        // The numbers of the table are rounded to three or four figures.
        let tolerance = |value: f64| 0.5 * 10f64.powf(value.log10().floor() - 2.0);
        near(&found, "at_gap", pair[1].1, tolerance(pair[1].1));
        let excitability = at(&found, "states", "excitability", pair[0].0)[1];
        let second = found.value("rest").expect("a threshold") / excitability;
        assert!((second - pair[0].1).abs() < tolerance(pair[0].1), "{second}, expected {}", pair[0].1);
    }
    let found = report("refractory", &squid(), &[&pulses[..], &[("from", 4.0), ("to", 20.0), ("count", 2.0), ("gap", 20.0)]].concat());
    near(&found, "rest", 6.919, 0.0005);
    near(&found, "at_gap", 5.92, 0.005);
    says(&found, "Supernormal");
    let none = report("refractory", &squid(), &[&pulses[..], &[("from", 4.0), ("to", 5.0), ("count", 2.0), ("gap", 4.0)]].concat());
    assert_eq!(none.value("at_gap"), None);
    assert!((4.0..5.0).contains(&none.value("absolute").expect("a border")));
    says(&none, "nothing up to 400");
}

#[test]
fn a_first_spike_still_to_come_is_not_counted_for_the_second_pulse() {
    // The spike of the first pulse comes 1.3 ms after its onset, so the second one begins before it.
    let found =
        report("refractory", &squid(), &[("first", 20.0), ("width", 1.0), ("gap", 1.1), ("most", 400.0), ("from", 0.5), ("to", 4.0), ("count", 8.0)]);
    assert_eq!(found.value("at_gap"), None);
    assert_eq!(found.value("lowest"), None);
}

#[test]
fn the_squid_axon_fires_when_released_from_hyperpolarisation() {
    let long = report("rebound", &squid(), &[("strongest", -3.0), ("width", 20.0)]);
    near(&long, "threshold", -2.792, 0.0005);
    near(&long, "latency", 7.1, 0.05);
    let short = report("rebound", &squid(), &[("strongest", -5.0), ("width", 5.0)]);
    near(&short, "threshold", -4.044, 0.0005);
    near(&short, "latency", 7.3, 0.05);
    let weak = report("rebound", &squid(), &[("strongest", -2.0), ("width", 20.0)]);
    assert_eq!(weak.value("threshold"), None);
    says(&weak, "No rebound");
    says(&report("rebound", &leaky(), &[]), "No rebound");
}

#[test]
fn slow_rises_pass_without_a_spike() {
    let found = report("accommodation", &squid(), &[("final", 9.0), ("from", 0.2), ("to", 0.4), ("count", 61.0), ("hold", 250.0)]);
    assert_eq!(found.value("changes"), Some(3.0), "{:?}", found.says);
    near(&found, "border", 0.2741, 5e-5);
    near(&found, "change_2", 0.2993, 1e-4);
    near(&found, "change_3", 0.3083, 1e-4);
    let fhn = report("accommodation", &setup("fitzhugh_nagumo_classic"), &[("final", 0.3), ("from", 0.001), ("to", 0.05), ("hold", 200.0)]);
    near(&fhn, "border_time", 25.8, 0.05);
    says(&report("accommodation", &leaky(), &[("final", 40.0), ("from", 0.5), ("to", 10.0)]), "fires at every slope");
}

#[test]
fn the_squid_axon_is_silent_silent_fires_once_and_is_blocked_at_four_currents() {
    let found = report("levels", &squid(), &[("level_1", -5.0), ("level_2", 0.0), ("level_3", 3.0), ("level_4", 200.0)]);
    for (id, spikes) in [("spikes_1", 0.0), ("spikes_2", 0.0), ("spikes_3", 1.0), ("spikes_4", 1.0)] {
        assert_eq!(found.value(id), Some(spikes), "{id}");
    }
    says(&found, "at \u{2212}5 µA/cm² silent; at 0 µA/cm² silent; at 3 µA/cm² one spike; at 200 µA/cm² block");
    says(&report("levels", &squid(), &[("level_4", 20.0)]), "at 20 µA/cm² train");
    says(&report("levels", &squid(), &[]), "block");
}

#[test]
fn an_oscillation_below_the_spike_level_is_no_block() {
    // The upper Hopf point lies at 154.5 µA/cm²: below it V swings for good, above it comes to rest.
    let swings = report("levels", &squid(), &[("level_4", 100.0)]);
    says(&swings, "at 100 µA/cm² one spike, then small oscillation");
    for (level, word) in [(154.0, "then small oscillation"), (155.5, "block")] {
        says(&report("levels", &squid(), &[("level_4", level)]), word);
    }
}

#[test]
fn the_threshold_of_a_pulse_does_not_depend_on_how_long_one_waits() {
    for id in ["hodgkin_huxley", "persistent_sodium_potassium", "fitzhugh_nagumo_classic", "izhikevich", "izhikevich_2007", "adex", "traub_miles"] {
        let usual = report("threshold", &setup(id), &[]);
        let table = (protocols::find("threshold").expect("an experiment").settings)(setup(id).neuron);
        let wait = table.iter().find(|f| f.id == "wait").expect("a setting").default;
        let patient = report("threshold", &setup(id), &[("wait", 6.0 * wait)]);
        let (a, b) = (usual.value("threshold"), patient.value("threshold"));
        let apart = a.zip(b).map_or(1.0, |(a, b)| (a - b).abs() / b.abs());
        assert!(apart < 1e-6, "{id}: {a:?} against {b:?}");
    }
}

#[test]
fn the_most_inward_current_is_no_shallower_than_any_other_that_is_said() {
    let fine = report("clamp", &squid(), &[("count", 200.0)]);
    for (count, test) in [(2.0, 5.0), (4.0, -3.0), (16.0, 0.0), (16.0, 10.0)] {
        let found = report("clamp", &squid(), &[("count", count), ("test", test)]);
        let deepest = found.value("inward").expect("a current");
        near(&found, "inward", fine.value("inward").expect("a current"), 1e-6 * deepest.abs());
        near(&found, "inward_at", fine.value("inward_at").expect("a potential"), 0.01);
        assert!(deepest <= found.value("test_inward").expect("a current"));
        assert!(found.series("i_v", "inward").expect("a curve").points.iter().all(|p| p[1] >= deepest));
    }
}

#[test]
fn the_strongest_usual_step_down_stays_on_the_axis_of_every_model() {
    for neuron in neuron_playground::model::all() {
        let setup = Setup::of_model(*neuron);
        let Ok(chosen) = Chosen::new(protocols::find("rebound").expect("an experiment"), *neuron) else { continue };
        let (found, _) = chosen.run(&setup.subject(), 1, &|_| true);
        let (lowest, v) = (found.value("lowest").expect("a potential"), neuron.states()[0]);
        assert!(lowest >= v.shown.0 - 1e-6 * (v.shown.1 - v.shown.0), "{}: {lowest}", neuron.card().id);
    }
}

#[test]
fn a_rebound_from_a_holding_current_is_said_to_come_back_to_it() {
    let mut held = squid();
    held.current = 1.0;
    let found = report("rebound", &held, &[("strongest", -4.0), ("width", 20.0)]);
    says(&found, "(\u{2212}3 µA/cm² with the holding current)");
    says(&found, "back at 1 µA/cm²");
    assert!(!found.says.iter().any(|s| s.contains("no current")), "{:?}", found.says);
}

#[test]
fn gaps_whose_threshold_is_off_the_scale_are_marked() {
    let found = report("refractory", &squid(), &[("first", 20.0), ("width", 1.0), ("from", 3.0), ("to", 12.0), ("count", 10.0), ("most", 400.0)]);
    let all = |id: &str| found.series("strength", id).expect("a series").points.len();
    let drawn = found.series("strength", "threshold").expect("dots").points.iter().filter(|p| p[1].is_finite()).count();
    assert!(all("above") > 0 && all("never") > 0);
    assert_eq!(all("above") + all("never") + drawn, 10);
}

#[test]
fn a_band_that_reaches_the_start_of_the_scan_is_said_to() {
    let found = report("gap_scan", &squid(), &[("amplitude", 6.5), ("from", 2.0), ("to", 30.0), ("after", 60.0)]);
    says(&found, "It fires at gaps from the shortest tried, 2 ms, to 3.5");
}

#[test]
fn a_leaky_potential_has_decayed_to_1_over_e_after_one_time_constant() {
    for start in [15.0, -30.0] {
        let found = report("decay", &leaky(), &[("start", start)]);
        near(&found, "to_1_over_e", 10.0, 1e-9);
        near(&found, "to_half", 10.0 * 2f64.ln(), 1e-9);
        near(&found, "left", start / std::f64::consts::E, 1e-12);
        near(&found, "error", 0.0, 1e-9);
        let marker = at(&found, "decay", "marker", 10.0);
        assert!((marker[0] - 10.0).abs() < 1e-9 && (marker[1] - start / std::f64::consts::E).abs() < 1e-12, "{marker:?}");
    }
    says(&report("decay", &leaky(), &[("start", 25.0)]), "fires");
}

#[test]
fn inputs_below_threshold_add_exactly_in_a_linear_neuron() {
    let found = report("summation", &leaky(), &[("amplitude", 5.0), ("tau", 2.0), ("gap", 4.0), ("to", 60.0)]);
    assert!(found.value("deviation").expect("a number") < 1e-9);
    says(&found, "sum of the two, to rounding");
    let both = report("summation", &leaky(), &[("amplitude", 35.0), ("tau", 2.0), ("gap", 1.0), ("to", 60.0)]);
    says(&both, "Neither input makes it fire alone, both together do");
}

#[test]
fn inputs_to_the_squid_axon_add_until_they_make_it_fire() {
    let small = report("summation", &squid(), &[("amplitude", 0.01)]);
    assert!(small.value("deviation").expect("a number") < 2e-5, "quadratic in the amplitude");
    assert!(report("summation", &squid(), &[("amplitude", 3.0)]).value("deviation").expect("a number") > 50.0);
}

/// Steady value and time constant of m, h, n at a potential: Hodgkin and Huxley 1952, with rest at −65 mV.
fn gates(v: f64) -> [(f64, f64); 3] {
    let rates = [
        (0.1 * (v + 40.0) / (1.0 - (-(v + 40.0) / 10.0).exp()), 4.0 * (-(v + 65.0) / 18.0).exp()),
        (0.07 * (-(v + 65.0) / 20.0).exp(), 1.0 / (1.0 + (-(v + 35.0) / 10.0).exp())),
        (0.01 * (v + 55.0) / (1.0 - (-(v + 55.0) / 10.0).exp()), 0.125 * (-(v + 65.0) / 80.0).exp()),
    ];
    rates.map(|(open, shut)| (open / (open + shut), 1.0 / (open + shut)))
}

#[test]
fn clamp_currents_of_the_squid_axon_are_exact() {
    let (hold, v) = (-70.0, 12.0);
    let found = report("clamp", &squid(), &[("hold", hold), ("test", v), ("duration", 10.0), ("left_K", 0.5)]);
    let (from, to) = (gates(hold), gates(v));
    let gate = |k: usize, t: f64| to[k].0 + (from[k].0 - to[k].0) * (-t / to[k].1).exp();
    let mut seen = 0;
    for (id, of) in [
        ("I_Na", Box::new(|t: f64| 120.0 * gate(0, t).powi(3) * gate(1, t) * (v - 50.0)) as Box<dyn Fn(f64) -> f64>),
        ("I_K", Box::new(|t: f64| 18.0 * gate(2, t).powi(4) * (v + 77.0))),
        ("I_L", Box::new(|_| 0.3 * (v + 54.387))),
    ] {
        for [t, i] in found.series("separated", id).expect("a current").points.iter().filter(|p| p[0] > 0.0) {
            assert!((i - of(*t)).abs() < 1e-9 * of(*t).abs().max(1.0), "{id} at {t}: {i}, expected {}", of(*t));
            seen += 1;
        }
    }
    assert!(seen > 1000);
    for (k, id) in ["m", "h", "n"].into_iter().enumerate() {
        near(&found, &format!("{id}_end"), to[k].0, 1e-12);
        near(&found, &format!("{id}_tau"), to[k].1, 1e-12);
    }
    let total = at(&found, "separated", "total", 10.0)[1];
    let parts = ["I_Na", "I_K", "I_L"].map(|id| at(&found, "separated", id, 10.0)[1]);
    assert!((total - parts.iter().sum::<f64>()).abs() < 1e-9 * total.abs());
    assert_eq!(found.says.len(), 2, "no current is left over and no gate is bent: {:?}", found.says);
}

#[test]
fn blockers_take_away_the_inward_or_the_outward_current() {
    let intact = report("clamp", &squid(), &[]);
    let without_sodium = report("clamp", &squid(), &[("left_Na", 0.0)]);
    let without_potassium = report("clamp", &squid(), &[("left_K", 0.0)]);
    assert!(intact.value("test_inward").expect("a current") < -1000.0);
    assert_eq!(without_sodium.value("test_inward"), None);
    assert!(without_potassium.value("test_end").expect("a current") < 50.0);
}

#[test]
fn a_clamp_needs_conductances_and_says_so() {
    let refusal = Chosen::new(protocols::find("clamp").expect("an experiment"), setup("izhikevich").neuron).expect_err("it has none");
    assert!(refusal.contains("conductances"), "{refusal}");
}

#[test]
fn euler_is_stable_up_to_two_time_constants_and_runge_kutta_up_to_2_785() {
    let found = report("step_size", &squid(), &[("ratio", 0.5), ("span", 10.0)]);
    near(&found, "euler_factor", 0.5, 1e-15);
    near(&found, "rk4_factor", 0.606_770_833_333_333_3, 1e-15);
    near(&found, "euler_limit", 2.0, 1e-12);
    near(&found, "rk4_limit", 2.785_293_563_405_282, 1e-12);
    // The error of Euler's method is largest after two steps: e^(−1) − 1/4.
    near(&found, "euler_error", (-1.0f64).exp() - 0.25, 1e-15);
    let wild = report("step_size", &squid(), &[("ratio", 2.5)]);
    says(&wild, "Euler runs away");
    says(&wild, "Kutta decays");
    says(&report("step_size", &squid(), &[("ratio", 2.8)]), "Kutta runs away");
}

#[test]
fn errors_on_a_neuron_go_with_the_order_of_the_method() {
    for id in ["hodgkin_huxley", "fitzhugh_nagumo_classic", "lif", "izhikevich"] {
        let found = report("step_size", &setup(id), &[]);
        for (id, order) in [("euler_order", 1.0), ("rk4_order", 4.0), ("rk4_spike_order", 4.0)] {
            near(&found, id, order, 0.25);
        }
        // Euler's spikes fall on the grid, which scatters their errors.
        near(&found, "euler_spike_order", 1.0, 0.4);
    }
}

#[test]
fn a_leaky_neuron_forgets_at_every_spike() {
    let found = report("memory", &leaky(), &[("amplitude", 30.0), ("duration", 400.0)]);
    near(&found, "first", 10.0 * 3f64.ln(), 1e-6);
    near(&found, "adaptation", 1.0, 1e-9);
    says(&found, "leaves no trace");
    // 15 mV every 5 ms: 15 and 9.1 + 15 pass the threshold, so every second input fires.
    let inputs = report("memory", &leaky(), &[("amplitude", 0.0), ("weight", 15.0), ("period", 5.0), ("duration", 400.0)]);
    near(&inputs, "first", 10.0, 1e-9);
    near(&inputs, "spread", 0.0, 1e-9);
}

#[test]
fn an_adaptive_threshold_lengthens_the_intervals_of_a_regular_train() {
    // Its spikes are known: 10, 22, 38, 56, 76, 96, 116 and 138 ms.
    let mut adaptive = neuron_playground::preset::embedded("adaptive_lif/adaptive_threshold").expect("a preset");
    adaptive.experiment = None;
    let found = report("memory", &adaptive, &[("amplitude", 0.0), ("weight", 0.3), ("period", 2.0), ("duration", 139.0)]);
    let lengths: Vec<f64> = found.series("intervals", "intervals").expect("intervals").points.iter().map(|p| p[1]).collect();
    assert_eq!(lengths.len(), 7, "{lengths:?}");
    for (length, expected) in lengths.iter().zip([12.0, 16.0, 18.0, 20.0, 20.0, 20.0, 22.0]) {
        assert!((length - expected).abs() < 1e-9, "{lengths:?}");
    }
    near(&found, "adaptation", 22.0 / 12.0, 1e-9);
    says(&found, "grow");
}
