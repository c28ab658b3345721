//! `experiment` and `experiments` as processes: their JSON and CSV, and what they refuse.

mod process;

use process::{has, program, program_reading};

#[test]
fn an_experiment_prints_its_numbers_its_charts_and_what_they_mean() {
    let run = program(&["experiment", "gap_scan", "hodgkin_huxley", "--with", "amplitude=6.5", "--with", "to=30", "--json"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    let json = run.json();
    has(&json, &["experiment", "model", "settings", "elapsed_ms", "results", "numbers", "charts", "says"]);
    assert_eq!((json["experiment"].as_str(), json["model"].as_str()), (Some("gap_scan"), Some("hodgkin_huxley")));
    assert_eq!(json["settings"]["amplitude"], 6.5);
    assert!((json["results"]["band_2_from"].as_f64().unwrap() - 13.377).abs() < 0.01);
    has(&json["charts"][0], &["id", "title", "x", "y", "series"]);
    has(&json["charts"][0]["series"][0], &["id", "label", "points"]);
    assert!(json["says"][0].as_str().unwrap().starts_with("It fires at gaps"));
}

#[test]
fn the_csv_has_a_row_for_each_point_of_each_chart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gaps.csv");
    let run = program(&["experiment", "gap_scan", "lif", "--with", "count=10", "--csv", file.to_str().unwrap()]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(text.lines().next(), Some("chart,series,x,y"));
    assert_eq!(text.lines().filter(|line| line.starts_with("response,highest,")).count(), 10);
}

#[test]
fn every_experiment_is_listed_with_its_settings_for_the_models_it_suits() {
    let run = program(&["experiments", "--json"]);
    assert_eq!(run.code, Some(0));
    let list = run.json();
    for experiment in list.as_array().unwrap() {
        has(experiment, &["id", "title", "shows", "source", "settings"]);
        let settings = experiment["settings"].as_object().unwrap();
        assert!(!settings.is_empty(), "{experiment}");
        for row in settings.values().flat_map(|rows| rows.as_array().unwrap()) {
            has(row, &["id", "symbol", "unit", "default", "min", "max", "meaning"]);
        }
        assert!(program(&["experiments"]).out.contains(experiment["id"].as_str().unwrap()));
    }
}

#[test]
fn bad_arguments_get_one_clear_sentence_and_nothing_on_standard_output() {
    let cases: [(&[&str], &str); 8] = [
        (&["experiment", "dance", "lif"], "there is no experiment \"dance\""),
        (&["experiment", "gap_scan", "nobody"], "neither a model, a preset nor a file"),
        (&["experiment", "gap_scan", "lif", "--with", "tempo=3"], "has no setting \"tempo\""),
        (&["experiment", "gap_scan", "lif", "--with", "pulses=1000"], "pulses = 1000 is outside 2 to 20"),
        (&["experiment", "gap_scan", "lif", "--with", "pulses=many"], "pulses"),
        (&["experiment", "gap_scan", "lif", "--with", "pulses"], "ID=VALUE"),
        (&["experiment", "gap_scan"], "SETUP"),
        (&["experiment", "gap_scan", "rate_unit"], "rate_unit has no spikes"),
    ];
    for (arguments, words) in cases {
        let run = program(arguments);
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(run.err.contains(words) && run.err.trim().lines().count() == 1, "{arguments:?}: {}", run.err);
    }
}

#[test]
fn a_preset_brings_its_settings_and_the_command_line_changes_them() {
    let preset = r#"{"schema":1,"model":"lif","experiment":{"id":"gap_scan","settings":{"count":7,"pulses":3}}}"#;
    let run = program_reading(&["experiment", "gap_scan", "-", "--with", "pulses=4", "--json"], preset.as_bytes());
    assert_eq!(run.code, Some(0), "{run:?}");
    let settings = &run.json()["settings"];
    assert_eq!((settings["count"].as_f64(), settings["pulses"].as_f64()), (Some(7.0), Some(4.0)));
}

#[test]
fn a_preset_with_a_setting_that_the_experiment_does_not_have_is_refused() {
    for (settings, words) in [
        (r#"{"tempo":3}"#, "has no setting"),
        (r#"{"pulses":1}"#, "outside 2 to 20"),
        (r"[1]", "must be an object"),
        (r#"{"pulses":true}"#, "must be a number or a name"),
    ] {
        let preset = format!(r#"{{"schema":1,"model":"lif","experiment":{{"id":"gap_scan","settings":{settings}}}}}"#);
        let run = program_reading(&["simulate", "-"], preset.as_bytes());
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{settings}");
        assert!(run.err.contains(words), "{settings}: {}", run.err);
    }
    let unknown = r#"{"schema":1,"model":"lif","experiment":{"id":"of_tomorrow","settings":{"a":[1,2]}}}"#;
    assert_eq!(program_reading(&["simulate", "-"], unknown.as_bytes()).code, Some(0), "what this version does not know is kept");
}

#[test]
fn a_result_outside_its_bounds_fails_the_check_and_says_which() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wrong.json");
    let preset = r#"{"schema":1,"model":"hodgkin_huxley","experiment":{"id":"gap_scan","settings":{"amplitude":6.5,"to":30,"count":60}},
        "expect":{"results":{"bands":[2,2],"band_2_from":[14,15],"band_3_from":[1,2]}}}"#;
    std::fs::write(&file, preset).unwrap();
    let run = program(&["check", file.to_str().unwrap()]);
    assert_eq!(run.code, Some(1));
    assert!(run.out.contains("results.band_2_from: expected 14 to 15, found 13.37"), "{}", run.out);
    assert!(run.out.contains("has no number \"band_3_from\"") && !run.out.contains("results.bands"), "{}", run.out);
}

#[test]
fn a_train_is_placed_by_hand_from_the_command_line_and_from_a_preset() {
    let alone = ["--with", "kind_2=none", "--with", "kind_3=none", "--json"];
    let run = program(&[&["experiment", "convolution", "lif", "--with", "kind_1=35, 10,400"], &alone[..]].concat());
    assert_eq!(run.code, Some(0), "{run:?}");
    let report = run.json();
    // The third spike comes after the run of 300 ms.
    let times: Vec<f64> = report["charts"][0]["series"][0]["points"].as_array().unwrap().iter().filter_map(|p| p["x"].as_f64()).collect();
    assert_eq!((times, report["settings"]["kind_1"].as_str()), (vec![10.0, 35.0], Some("by_hand")));
    // With an exponential filter the current is highest right after a spike, at w/τ times what has added up; its mean is the area.
    let result = |id: &str| report["results"][id].as_f64().or_else(|| report["results"][id]["value"].as_f64()).unwrap();
    let setting = |id: &str| report["settings"][id].as_f64().unwrap();
    let (w, tau) = (setting("w_1"), setting("tau"));
    assert_eq!(setting("n"), 0.0);
    assert!((result("highest") / (w / tau * (1.0 + (-25.0 / tau).exp())) - 1.0).abs() < 1e-8, "{}", result("highest"));
    let area = |from: f64| 1.0 - (-(300.0 - from) / tau).exp();
    assert!((result("mean") / (w * (area(10.0) + area(35.0)) / 300.0) - 1.0).abs() < 1e-12, "{}", result("mean"));
    let preset = r#"{"schema":1,"model":"lif","experiment":{"id":"convolution","settings":{"kind_1":[35,10]}}}"#;
    let read = program_reading(&[&["experiment", "convolution", "-"], &alone[..]].concat(), preset.as_bytes()).json();
    assert_eq!(read["results"]["highest"], report["results"]["highest"]);
    for (value, words) in [("10,-1", "is not after the start"), ("10,x", "is not one of")] {
        let run = program(&["experiment", "convolution", "lif", "--with", &format!("kind_1={value}")]);
        assert!(run.code == Some(2) && run.err.contains(words), "{value}: {}", run.err);
    }
    let no_train = preset.replace("kind_1", "w_1");
    assert!(program_reading(&["experiment", "convolution", "-"], no_train.as_bytes()).err.contains("w_1 is no spike train"));
    let wrong = preset.replace("[35,10]", "[35,\"x\"]");
    assert!(program_reading(&["experiment", "convolution", "-"], wrong.as_bytes()).err.contains("must be a list of numbers only"));
}
