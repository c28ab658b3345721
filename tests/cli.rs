//! The command line as a process: exit statuses, streams, and the JSON and CSV that others read.

mod process;

use neuron_playground::{model, preset};
use process::{has, path, program, program_reading};
use serde_json::{Value, json};

fn array(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("{value} is no array"))
}

#[test]
fn models_prints_every_table() {
    let run = program(&["models", "--json"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    let all = run.json();
    assert_eq!(array(&all).len(), model::all().len());
    for (printed, known) in array(&all).iter().zip(model::all()) {
        has(printed, &["id", "title", "equations", "states", "parameters", "I", "dt", "duration"]);
        let card = known.card();
        assert_eq!(printed["id"], card.id);
        assert!(array(&printed["equations"]).iter().all(Value::is_string));
        has(&printed["I"], &["unit", "default", "min", "max"]);
        assert_eq!(printed["dt"], card.dt);
        assert_eq!(printed["duration"], card.duration);
        for (table, fields) in [("states", known.states()), ("parameters", known.params())] {
            assert_eq!(array(&printed[table]).len(), fields.len());
            for (row, field) in array(&printed[table]).iter().zip(fields) {
                has(row, &["id", "symbol", "unit", "default", "min", "max", "meaning"]);
                assert_eq!(row["id"], field.id);
                assert_eq!(row["unit"], field.unit);
                if let Some(name) = field.choice(field.default) {
                    assert_eq!((&row["default"], &row["choices"]), (&json!(name), &json!(field.choices)));
                    assert!(row["min"].is_null() && row["max"].is_null(), "{row}");
                    continue;
                }
                assert_eq!(row["default"], field.default);
                assert_eq!(row["min"], field.min);
                assert_eq!(row["max"], field.max);
            }
        }
    }
    let text = program(&["models"]);
    assert!(model::all().iter().all(|m| text.out.contains(m.card().id)));
}

#[test]
fn the_ids_of_models_states_and_parameters_are_those_of_the_contract() {
    let ids = [
        ("hodgkin_huxley", "V m h n", "C g_Na E_Na g_K E_K g_L E_L V_shift T"),
        ("lif", "V", "tau_m R E_L V_th V_reset t_ref"),
        ("integrate_and_fire", "V", "C V_th V_reset t_ref"),
        ("adaptive_lif", "V theta", "tau_m R E_L V_reset t_ref theta_0 tau_theta delta_theta"),
        ("adex", "V w", "C g_L E_L V_T Delta_T a tau_w b V_reset V_peak t_ref"),
        ("izhikevich", "v u", "a b c d v_peak k2 k1 k0 u_decay v_ref"),
        ("izhikevich_2007", "v u", "C k v_r v_t v_peak a b c d"),
        ("fitzhugh_nagumo", "v w", "a b c"),
        ("fitzhugh_nagumo_classic", "v w", "a b tau"),
        ("persistent_sodium", "V", "C g_L E_L g_Na E_Na m_half m_slope V_peak V_reset"),
        ("persistent_sodium_potassium", "V n", "C g_L E_L g_Na E_Na g_K E_K m_half m_slope n_half n_slope tau_n"),
    ];
    let all = program(&["models", "--json"]).json();
    let named = |table: &Value| {
        let ids: Vec<&str> = array(table).iter().map(|f| f["id"].as_str().unwrap()).collect();
        ids.join(" ")
    };
    for (id, states, parameters) in ids {
        let found = array(&all).iter().find(|m| m["id"] == id);
        let found = found.unwrap_or_else(|| panic!("{id} is missing"));
        assert_eq!(named(&found["states"]), states, "{id}");
        assert_eq!(named(&found["parameters"]), parameters, "{id}");
    }
    let defaults: Vec<f64> = array(&array(&all).iter().find(|m| m["id"] == "hodgkin_huxley").unwrap()["parameters"])
        .iter()
        .map(|p| p["default"].as_f64().unwrap())
        .collect();
    assert_eq!(defaults, [1.0, 120.0, 50.0, 36.0, -77.0, 0.3, -54.387, 0.0, 6.3]);
}

#[test]
fn presets_prints_what_is_embedded() {
    let run = program(&["presets", "--json"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    let all = run.json();
    assert_eq!(array(&all).len(), preset::entries().len());
    for (printed, entry) in array(&all).iter().zip(preset::entries()) {
        has(printed, &["id", "model", "title", "shows", "source"]);
        assert_eq!(printed["id"], entry.id.as_str());
        assert_eq!(printed["model"], entry.file.model.as_str());
        assert_eq!(printed["title"], entry.file.title.as_deref().unwrap());
    }
    let text = program(&["presets"]).out;
    assert_eq!(text.lines().count(), preset::entries().len());
}

#[test]
fn simulate_prints_its_run_as_json() {
    let run = program(&["simulate", "izhikevich/bistability", "--json"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    let result = run.json();
    has(&result, &["model", "dt", "duration", "method", "spike_times", "final_state", "stopped"]);
    assert_eq!(result["model"], "izhikevich");
    assert_eq!(result["dt"], 0.02);
    assert_eq!(result["duration"], 300.0);
    assert_eq!(result["method"], "rk4");
    assert_eq!(result["stopped"], Value::Null);
    assert_eq!(array(&result["spike_times"]).len(), 7);
    has(&result["final_state"], &["v", "u"]);
    // Full precision: the text is the shortest that reads back as the number that was computed.
    let setup = preset::embedded("izhikevich/bistability").unwrap();
    let outcome = neuron_playground::app::run::run(&setup, None, &mut |_| true);
    let times: Vec<f64> = array(&result["spike_times"]).iter().map(|t| t.as_f64().unwrap()).collect();
    assert_eq!(times, outcome.spike_times);
    assert!(run.out.contains(&format!("{}", times[3])));
    let text = program(&["simulate", "izhikevich/bistability"]);
    assert!(text.out.starts_with("7 spikes in 300 ms, "), "{text:?}");
    assert_eq!(text.out.lines().count(), 8);
}

#[test]
fn options_of_simulate_replace_what_the_preset_says() {
    let args = ["simulate", "izhikevich/bistability", "--json", "--duration", "50", "--dt", "0.1", "--method"];
    for method in ["rk4", "euler", "euler_published"] {
        let result = program(&[&args[..], &[method]].concat()).json();
        assert_eq!(result["method"], method);
        assert_eq!(result["duration"], 50.0);
        assert_eq!(result["dt"], 0.1);
        assert_eq!(array(&result["spike_times"]).len(), 1);
    }
}

#[test]
fn set_and_init_change_parameters_current_and_states() {
    let rest = program(&["simulate", "lif", "--set", "I=-1", "--duration", "1000", "--json"]).json();
    assert!((rest["final_state"]["V"].as_f64().unwrap() + 80.0).abs() < 1e-9);
    let rest = program(&["simulate", "lif", "--set", "E_L=-60", "--set", "E_L=-75", "--duration", "1e3", "--json"]);
    assert!((rest.json()["final_state"]["V"].as_f64().unwrap() + 75.0).abs() < 1e-9);
    let decay = program(&["simulate", "lif", "--init", "V=-60", "--duration", "8", "--json"]).json();
    let exact = -70.0 + 10.0 * (-1.0_f64).exp();
    assert!((decay["final_state"]["V"].as_f64().unwrap() - exact).abs() < 1e-7);
    let moved = program(&["analyze", "lif", "--set", "I=1", "--json"]).json();
    assert_eq!(moved["I"], 1.0);
    assert!((moved["fixed_points"][0]["state"]["V"].as_f64().unwrap() + 60.0).abs() < 1e-9);
}

#[test]
fn analyze_prints_fixed_points_as_json() {
    let run = program(&["analyze", "izhikevich/bistability", "--json"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    let result = run.json();
    has(&result, &["model", "I", "fixed_points", "degenerate"]);
    assert_eq!(result["degenerate"], false);
    assert_eq!(result["I"], 0.24);
    let points = array(&result["fixed_points"]);
    let types: Vec<&str> = points.iter().map(|p| p["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["stable focus", "saddle"]);
    for point in points {
        has(point, &["state", "eigenvalues", "type", "stable", "virtual"]);
        has(&point["state"], &["v", "u"]);
        assert_eq!(array(&point["eigenvalues"]).len(), 2);
        for value in array(&point["eigenvalues"]) {
            assert!(value["re"].is_f64() && value["im"].is_f64());
        }
        assert!(point["virtual"].is_boolean());
    }
    assert_eq!(points[0]["stable"], true);
    assert_eq!(points[1]["stable"], false);
    assert!(points[0]["state"]["v"].as_f64() < points[1]["state"]["v"].as_f64());
    let text = program(&["analyze", "izhikevich/bistability"]).out;
    assert!(text.starts_with("stable focus: v = "), "{text}");
}

#[test]
fn analyze_tells_a_continuum_from_no_equilibrium() {
    let flat = program(&["analyze", "integrate_and_fire", "--json"]).json();
    assert_eq!(flat["degenerate"], true);
    assert_eq!(flat["fixed_points"], Value::Array(vec![]));
    let none = program(&["analyze", "integrate_and_fire", "--set", "I=1", "--json"]).json();
    assert_eq!(none["degenerate"], false);
    assert_eq!(none["fixed_points"], Value::Array(vec![]));
    let virtually = program(&["analyze", "lif", "--set", "I=3", "--json"]).json();
    assert_eq!(virtually["fixed_points"][0]["virtual"], true);
}

#[test]
fn check_prints_one_row_for_each_file() {
    let good = path("presets/izhikevich/bistability.json");
    let bad = path("tests/presets/invalid/dt_zero.json");
    let (good, bad) = (good.to_str().unwrap(), bad.to_str().unwrap());
    let run = program(&["check", good, "--json"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    assert_eq!(run.json(), serde_json::json!([{ "file": good, "ok": true, "problems": [] }]));
    let run = program(&["check", good, bad, good, "--json"]);
    assert_eq!(run.code, Some(2));
    let oks: Vec<bool> = array(&run.json()).iter().map(|row| row["ok"].as_bool().unwrap()).collect();
    assert_eq!(oks, [true, false, true]);
}

#[test]
fn a_setup_may_come_as_id_file_model_or_standard_input() {
    let file = path("presets/izhikevich/bistability.json");
    let by_id = program(&["simulate", "izhikevich/bistability", "--json"]);
    let by_file = program(&["simulate", file.to_str().unwrap(), "--json"]);
    let text = std::fs::read(&file).unwrap();
    let by_pipe = program_reading(&["simulate", "-", "--json"], &text);
    assert_eq!(by_id.out, by_file.out);
    assert_eq!(by_id.out, by_pipe.out);
    for known in model::all() {
        let run = program(&["simulate", known.card().id, "--duration", "1", "--json"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert_eq!(run.json()["model"], known.card().id);
    }
}

#[test]
fn equal_seeds_replay_bit_for_bit_and_others_do_not() {
    let text = br#"{"schema": 1, "model": "izhikevich", "duration": 300,
        "stimulus": [{"kind": "ou_noise", "mean": 8, "sd": 6, "tau": 4},
                     {"kind": "spikes", "rate_hz": 100, "weight": 3, "synapse": {"kind": "exponential", "tau": 5}}]}"#;
    let seeded = |args: &[&str]| program_reading(&[&["simulate", "-", "--json"], args].concat(), text).out;
    let one = seeded(&[]);
    assert!(one.matches('\n').count() > 10);
    assert_eq!(one, seeded(&[]));
    assert_eq!(one, seeded(&["--seed", "1"]));
    assert_ne!(one, seeded(&["--seed", "2"]));
    assert_eq!(seeded(&["--seed", "18446744073709551615"]), seeded(&["--seed", "18446744073709551615"]));
}

#[test]
fn a_run_that_cannot_go_on_prints_what_there_is_and_exits_1() {
    let args = ["simulate", "lif", "--set", "V_reset=-40", "--set", "I=3", "--json"];
    let run = program(&args);
    assert_eq!(run.code, Some(1));
    let result = run.json();
    assert_eq!(result["stopped"]["reason"], "runaway");
    assert_eq!(result["stopped"]["time"], result["spike_times"][0]);
    assert!(run.err.contains("stopped: runaway at "), "{run:?}");
    let run = program(&["simulate", "fitzhugh_nagumo", "--init", "v=1000", "--dt", "1", "--json"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(run.json()["stopped"]["reason"], "not_finite");
}

#[test]
fn help_and_version_are_results() {
    for args in [&["--help"][..], &["simulate", "--help"], &["--version"]] {
        let run = program(args);
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{args:?}");
        assert!(!run.out.is_empty());
    }
}
