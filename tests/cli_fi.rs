//! `fi` as a process: its JSON and CSV, what it refuses, and Ctrl-C.

mod process;

use process::{has, program, program_reading};
use serde_json::Value;

fn points(run: &Value) -> &Vec<Value> {
    run["points"].as_array().unwrap()
}

#[test]
fn fi_prints_every_reading_of_every_current() {
    let run = program(&["fi", "hodgkin_huxley", "--over", "I=5:12:8", "--json"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    let json = run.json();
    has(&json, &["points", "onset", "class"]);
    assert_eq!(points(&json).len(), 8);
    for (k, point) in points(&json).iter().enumerate() {
        has(point, &["I", "rate", "rate_up", "rate_down", "cycle_frequency"]);
        assert_eq!(point["I"], 5.0 + f64::from(u32::try_from(k).unwrap()));
    }
    let at_8 = &points(&json)[3];
    assert!((at_8["rate"].as_f64().unwrap() - 62.47).abs() < 0.01);
    assert_eq!(at_8["rate_up"], 0.0);
    for same in ["rate_down", "cycle_frequency"] {
        assert!((at_8[same].as_f64().unwrap() - at_8["rate"].as_f64().unwrap()).abs() < 1e-4, "{at_8}");
    }
    assert_eq!(points(&json)[0]["cycle_frequency"], Value::Null);
    assert!((json["onset"].as_f64().unwrap() - 6.2603).abs() < 1e-4);
    assert_eq!(json["class"], 2);
}

#[test]
fn the_csv_has_a_row_for_each_current_and_leaves_what_does_not_exist_empty() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fi.csv");
    let run = program(&["fi", "lif", "--over", "I=1.5:2.5:3", "--csv", file.to_str().unwrap(), "--json"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let text = std::fs::read_to_string(&file).unwrap();
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!(rows[0], "I,rate,rate_up,rate_down,cycle_frequency");
    assert_eq!(rows[1], "1.5,0,0,0,");
    assert_eq!(rows.len(), 4);
    let last: Vec<f64> = rows[3].split(',').map(|x| x.parse().unwrap()).collect();
    assert_eq!(last[0], 2.5);
    assert_eq!(Some(last[1]), points(&run.json())[2]["rate"].as_f64());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn the_table_ends_with_onset_and_class() {
    let run = program(&["fi", "lif", "--over", "I=0:6:4"]);
    assert_eq!(run.code, Some(0));
    let last = run.out.lines().last().unwrap();
    assert!(last.starts_with("onset 2.00000") && last.ends_with("nA, class 1"), "{last}");
    assert_eq!(run.out.lines().count(), 6);
    let silent = program(&["fi", "lif", "--over", "I=0:1:2"]);
    assert_eq!(silent.out.lines().last().unwrap(), "no sustained firing in this range");
}

#[test]
fn the_stimulus_and_the_holding_current_do_not_matter_but_the_start_does() {
    let preset = |start: &str, current: &str, stimulus: &str| {
        format!(r#"{{"schema": 1, "model": "hodgkin_huxley", "I": {current}, {start} "stimulus": [{stimulus}]}}"#)
    };
    let run = |text: String| {
        let run = program_reading(&["fi", "-", "--over", "I=6.5:8:2", "--json"], text.as_bytes());
        assert_eq!(run.code, Some(0), "{run:?}");
        run.json()
    };
    let plain = run(preset("", "0", ""));
    assert_eq!(plain, run(preset("", "50", r#"{"kind": "step", "amplitude": 30}"#)));
    assert!(points(&plain)[0]["rate"].as_f64().unwrap() > 50.0);
    // From the equilibrium at 6.5 nothing happens there.
    let at_rest = run(preset(r#""initial": {"V": -60.92},"#, "0", ""));
    assert_eq!(points(&at_rest)[0]["rate"], 0.0);
}

#[test]
fn a_sweep_that_makes_no_sense_is_refused_and_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fi.csv");
    let cases = [
        ("I=2:1:5", "FROM must be below TO"),
        ("I=1:1:5", "FROM must be below TO"),
        ("I=0:1:1", "COUNT = 1 must be from 2 to 1000000"),
        ("I=0:1:1000001", "COUNT = 1000001"),
        ("I=0:1:-3", "whole number"),
        ("I=0:1:2.5", "whole number"),
        ("I=0:1", "is not I=FROM:TO:COUNT"),
        ("0:1:5", "is not I=FROM:TO:COUNT"),
        ("I=zero:1:5", "\"zero\" is not a number"),
        ("I=nan:1:5", "NaN"),
        ("I=0:inf:5", "inf"),
        ("I=0:1e6:5", "outside"),
        ("g_L=0:1:5", "not over \"g_L\""),
        ("nonsense=0:1:5", "not over \"nonsense\""),
    ];
    for (over, part) in cases {
        program(&["fi", "lif", "--over", over, "--csv", file.to_str().unwrap()]).refused(2, part);
    }
    program(&["fi", "lif"]).refused(2, "--over");
    program(&["fi", "nonsense", "--over", "I=0:1:5"]).refused(2, "neither a model, a preset nor a file");
    program(&["fi", "lif", "--over", "I=0:1:5", "--set", "tau_m=0"]).refused(2, "tau_m = 0 is outside");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    program(&["fi", "lif", "--over", "I=0:1:5", "--csv", "/no/such/folder/fi.csv"]).refused(1, "cannot write");
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_the_points_that_were_computed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fi.csv");
    let args = ["fi", "hodgkin_huxley", "--over", "I=0:20:20000", "--csv", file.to_str().unwrap(), "--json"];
    let child = process::command(&args).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(400));
    let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let run = process::finish(child);
    assert_eq!(run.code, Some(1), "{}", run.err);
    assert!(run.err.contains("interrupted"), "{}", run.err);
    let json = run.json();
    let count = points(&json).len();
    assert!(count > 0 && count < 20_000, "{count}");
    assert_eq!((&json["onset"], &json["class"]), (&Value::Null, &Value::Null));
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(text.lines().count(), count + 1);
    assert!(text.ends_with('\n') && text.lines().all(|row| row.split(',').count() == 5));
}
