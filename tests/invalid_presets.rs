//! Files that must be refused, each with the sentence beside it: `tests/presets/invalid/<name>.{json,txt}`.

mod process;

use std::path::PathBuf;

use neuron_playground::preset;
use process::{path, program, program_reading};

/// Every invalid file with what its refusal must say.
fn cases() -> Vec<(PathBuf, String)> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(path("tests/presets/invalid"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|file| file.extension().is_some_and(|e| e == "json"))
        .collect();
    files.sort();
    let said = |file: &PathBuf| std::fs::read_to_string(file.with_extension("txt")).unwrap();
    let cases: Vec<_> = files.into_iter().map(|f| (f.clone(), said(&f).trim_end().to_string())).collect();
    assert!(cases.len() >= 70);
    cases
}

#[test]
fn the_library_refuses_each_with_its_sentence() {
    for (file, said) in cases() {
        let message = match preset::read(&file) {
            Ok(_) => panic!("{} was accepted", file.display()),
            Err(error) => error.to_string(),
        };
        assert!(message.contains(&said), "{}: {message:?} lacks {said:?}", file.display());
        assert!(!message.contains(char::is_control), "{message:?}");
        assert!(message.chars().count() < 600, "{message:?}");
    }
}

#[test]
fn the_program_refuses_each_with_status_2_and_one_sentence() {
    for (file, said) in cases() {
        let name = file.to_str().unwrap();
        program(&["simulate", name, "--json"]).refused(2, &said);
    }
}

#[test]
fn standard_input_is_refused_like_a_file() {
    for (file, said) in cases() {
        let bytes = std::fs::read(&file).unwrap();
        program_reading(&["analyze", "-"], &bytes).refused(2, &said);
    }
}

#[test]
fn check_names_every_invalid_file_and_exits_2() {
    let cases = cases();
    let mut args = vec!["check", "--json"];
    args.extend(cases.iter().map(|(file, _)| file.to_str().unwrap()));
    let run = program(&args);
    assert_eq!(run.code, Some(2));
    let rows = run.json();
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), cases.len());
    for (row, (file, said)) in rows.iter().zip(&cases) {
        assert_eq!(row["file"], file.to_str().unwrap());
        assert_eq!(row["ok"], false);
        assert!(row["problems"][0].as_str().unwrap().contains(said));
        assert!(run.err.contains(said), "{said:?} is not on standard error");
    }
}

#[test]
fn a_file_above_the_limit_is_refused_before_it_is_parsed() {
    let mut bytes = br#"{"schema": 1, "model": "lif", "title": ""#.to_vec();
    bytes.resize(17 << 20, b'x');
    program_reading(&["simulate", "-"], &bytes).refused(2, "larger than 16 MiB");
    #[cfg(unix)]
    program(&["simulate", "/dev/zero"]).refused(2, "larger than 16 MiB");
}

#[test]
fn huge_files_below_the_limit_are_refused_at_once_and_briefly() {
    let names: Vec<String> = (0..1_000_000).map(|k| format!("\"p{k}\":1")).collect();
    let many = format!(r#"{{"schema":1,"model":"lif","parameters":{{{}}}}}"#, names.join(","));
    let long = "x".repeat(4 << 20);
    let unknown = format!(r#"{{"schema":1,"model":"lif","{long}":1}}"#);
    let model = format!(r#"{{"schema":1,"model":"{long}"}}"#);
    let parameter = format!(r#"{{"schema":1,"model":"lif","parameters":{{"{long}":1}}}}"#);
    let state = format!(r#"{{"schema":1,"model":"lif","initial":{{"{long}":1}}}}"#);
    for (text, said) in [
        (many, "more than 1000 values"),
        (unknown, "unknown field"),
        (model, "there is no model"),
        (parameter, "lif has no parameter"),
        (state, "lif has no state"),
    ] {
        let run = program_reading(&["simulate", "-"], text.as_bytes());
        run.refused(2, said);
        assert!(run.err.len() < 1500, "{} bytes", run.err.len());
    }
}

#[test]
fn what_is_no_file_is_refused() {
    let folder = path("presets");
    program(&["simulate", folder.to_str().unwrap()]).refused(2, "it is a folder");
    program(&["simulate", "no/such/file.json"]).refused(2, "neither a model, a preset nor a file");
    let run = program(&["check", "no/such/file.json"]);
    assert_eq!(run.code, Some(2));
    assert!(run.out.contains("cannot read no/such/file.json"));
}
