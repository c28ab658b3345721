//! Files the program writes, how it is interrupted, and what it refuses.

#![expect(clippy::cast_precision_loss, reason = "a handful of rows")]

mod process;

use process::{program, program_reading};

fn rows(text: &str) -> Vec<Vec<f64>> {
    text.lines().skip(1).map(|line| line.split(',').map(|x| x.parse().unwrap()).collect()).collect()
}

#[test]
fn the_csv_has_a_header_and_one_row_for_each_step() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.csv");
    let name = file.to_str().unwrap();
    let run = program(&["simulate", "hodgkin_huxley", "--set", "I=10", "--duration", "20.005", "--csv", name, "--json"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.starts_with("t,I,V,m,h,n\n"));
    assert!(text.ends_with('\n'));
    let rows = rows(&text);
    assert_eq!(rows.len(), 2002, "t = 0, 2000 steps and a shortened one");
    assert!(rows.iter().all(|row| row.len() == 6 && row[1] == 10.0));
    for (k, row) in rows[..2001].iter().enumerate() {
        assert_eq!(row[0], k as f64 * 0.01);
    }
    let last = &rows[2001];
    assert_eq!(last[0], 20.005);
    let end = &run.json()["final_state"];
    for (id, value) in ["V", "m", "h", "n"].iter().zip(&last[2..]) {
        assert_eq!(end[id].as_f64().unwrap(), *value);
    }
    let left = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, 1, "no draft is left behind");
}

#[test]
fn the_csv_changes_no_number_and_shows_the_current_that_enters() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.csv");
    let text = br#"{"schema": 1, "model": "lif", "duration": 100, "dt": 0.05, "I": 1, "stimulus": [
        {"kind": "step", "from": 10, "to": 50, "amplitude": 2}, {"kind": "white_noise", "from": 50, "sd": 1}]}"#;
    let with = program_reading(&["simulate", "-", "--json", "--csv", file.to_str().unwrap()], text);
    let without = program_reading(&["simulate", "-", "--json"], text);
    assert_eq!(with.out, without.out);
    let rows = rows(&std::fs::read_to_string(&file).unwrap());
    for row in &rows {
        if row[0] < 10.0 {
            assert_eq!(row[1], 1.0);
        } else if row[0] < 50.0 {
            assert_eq!(row[1], 3.0);
        }
    }
    // The noise of one step is not that of another.
    let noise = &rows[1000..2000];
    assert!(noise.windows(2).all(|pair| pair[0][1] != pair[1][1]));
}

#[test]
fn a_file_that_is_there_is_replaced_whole() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.csv");
    std::fs::write(&file, "x".repeat(1 << 20)).unwrap();
    let run = program(&["simulate", "lif", "--duration", "1", "--csv", file.to_str().unwrap()]);
    assert_eq!(run.code, Some(0));
    assert_eq!(std::fs::read_to_string(&file).unwrap().lines().count(), 22);
}

#[test]
fn output_that_cannot_be_written_exits_1_and_prints_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("no/such/folder.csv");
    let refused = |file: &str, why: &str| {
        let run = program(&["simulate", "lif", "--csv", file, "--json"]);
        run.refused(1, "cannot write ");
        assert!(run.err.contains(file) && run.err.contains(why), "{run:?}");
    };
    refused(inside.to_str().unwrap(), "not found");
    refused(folder.path().to_str().unwrap(), "it is a folder");
    #[cfg(target_os = "linux")]
    refused("/proc/run.csv", "");
}

#[test]
fn a_bad_setup_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.csv");
    program(&["simulate", "lif", "--dt", "0", "--csv", file.to_str().unwrap()]).refused(2, "dt = 0 must be above 0");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn bad_usage_exits_2_with_one_sentence() {
    let deep = "[".repeat(100_000);
    let cases: &[(&[&str], &str)] = &[
        (&["simulate"], "required arguments were not provided"),
        (&["check"], "required arguments were not provided"),
        (&["nonsense"], "neither a model, a preset nor a file"),
        (&["lif/nonsense"], "neither a model, a preset nor a file"),
        (&["simulate", "nonsense"], "neither a model, a preset nor a file"),
        (&["simulate", ""], ""),
        (&["simulate", &deep], "neither a model, a preset nor a file"),
        (&["simulate", "lif", "adex"], "unexpected argument"),
        (&["simulate", "lif", "--nonsense"], "unexpected argument '--nonsense'"),
        (&["models", "lif"], "unexpected argument"),
        (&["--set", "I=1"], "--set and --init need a SETUP"),
        (&["simulate", "lif", "--set", "I"], "an assignment is ID=VALUE"),
        (&["simulate", "lif", "--set", "I="], "is not a number"),
        (&["simulate", "lif", "--set", "I=five"], "\"five\" is not a number"),
        (&["simulate", "lif", "--set", "I=1,5"], "is not a number"),
        (&["simulate", "lif", "--set", "I=nan"], "I = NaN is outside"),
        (&["simulate", "lif", "--set", "I=inf"], "I = inf is outside"),
        (&["simulate", "lif", "--set", "I=1e6"], "I = 1000000 is outside -100000 to 100000 nA"),
        (&["simulate", "lif", "--set", "g=1"], "lif has no parameter \"g\"; allowed are I, tau_m"),
        (&["simulate", "lif", "--set", "V=-60"], "lif has no parameter \"V\""),
        (&["simulate", "lif", "--set", "tau_m=0"], "tau_m = 0 is outside"),
        (&["simulate", "lif", "--init", "u=1"], "lif has no state \"u\"; its states are V"),
        (&["simulate", "lif", "--init", "V=nan"], "V = NaN is outside"),
        (&["simulate", "adex", "--set", "Delta_T=0.01"], "(V_peak - V_T)/Delta_T"),
        (&["analyze", "lif", "--set", "R=-1"], "R = -1 is outside"),
        (&["simulate", "lif", "--dt", "0"], "dt = 0 must be above 0"),
        (&["simulate", "lif", "--dt", "-0.1"], "dt = -0.1 must be above 0"),
        (&["simulate", "lif", "--dt", "nan"], "dt = NaN must be above 0"),
        (&["simulate", "lif", "--dt", "x"], "invalid value 'x' for '--dt <DT>'"),
        (&["simulate", "lif", "--dt", "201"], "not above the duration, 200"),
        (&["simulate", "lif", "--duration", "0"], "duration = 0 must be above 0"),
        (&["simulate", "lif", "--duration", "-1"], "duration = -1 must be above 0"),
        (&["simulate", "lif", "--duration", "inf"], "duration = inf must be above 0"),
        (&["simulate", "lif", "--duration", "1e9"], "at most 1e8 are allowed"),
        (&["simulate", "lif", "--dt", "1e-300"], "at most 1e8 are allowed"),
        (&["simulate", "lif", "--method", "rk5"], "method \"rk5\" is not one of rk4, euler, euler_published"),
        (&["simulate", "lif", "--method", "RK4"], "method \"RK4\""),
        (&["simulate", "lif", "--method", "euler_published"], "for the Izhikevich forms"),
        (&["simulate", "lif", "--seed", "-1"], ""),
        (&["simulate", "lif", "--seed", "1.5"], "invalid value '1.5' for '--seed <N>'"),
        (&["simulate", "lif", "--seed", "18446744073709551616"], "invalid value"),
        (&["simulate", "lif", "--csv", ""], ""),
        (&["render", "lif"], "required arguments were not provided"),
        (&["render", "nonsense", "--out", "x.png"], "neither a model, a preset nor a file"),
        (&["render", "lif", "--out", "x.png", "--size", "0x0"], "sides from"),
        (&["render", "lif", "--out", "x.png", "--size", "99999x10"], "to 16384 pixels"),
        (&["render", "lif", "--out", "x.png", "--size", "16385x100"], "to 16384 pixels"),
        (&["render", "lif", "--out", "x.png", "--size", "1600"], "WIDTHxHEIGHT"),
        (&["render", "lif", "--out", "x.png", "--size", "1600x-5"], "WIDTHxHEIGHT"),
        (&["render", "lif", "--out", "x.png", "--size", "99999999999x1"], "WIDTHxHEIGHT"),
        (&["render", "lif", "--out", "x.png", "--at", "-1"], "--at -1 must be 0 or more"),
        (&["render", "lif", "--out", "x.png", "--at", "nan"], "--at NaN must be 0 or more"),
        (&["render", "lif", "--out", "x.png", "--at", "1e12"], "at most 1e8 steps"),
        (&["render", "lif", "--out", "x.png", "--theme", "blue"], "invalid value 'blue'"),
        (&["render", "lif", "--out", "x.png", "--set", "R=0"], "R = 0 is outside"),
    ];
    for (args, said) in cases {
        program(args).refused(2, said);
    }
    assert!(!std::path::Path::new("x.png").exists());
}

#[test]
fn render_brings_a_view_to_the_front_and_refuses_one_it_does_not_know() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("picture.png");
    let run = program(&["render", "lif", "--view", "fi", "--size", "400x300", "--out", out.to_str().unwrap()]);
    assert_eq!(run.code, Some(0), "{run:?}");
    program(&["render", "lif", "--view", "map", "--out", out.to_str().unwrap()]).refused(2, "\"map\" is not one of traces, plane");
}
