//! Signals, broken pipes and arguments that are no text, where there are such things.
#![cfg(unix)]

mod process;

use std::ffi::OsStr;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use process::{Run, command, finish};

#[test]
fn arguments_that_are_not_utf_8_are_refused() {
    let name = OsStr::from_bytes(b"\xff\xfe.json");
    finish(command(&["simulate"]).arg(name).spawn().unwrap()).refused(2, "invalid UTF-8");
    let run = finish(command(&["check"]).arg(name).spawn().unwrap());
    assert_eq!(run.code, Some(2), "a path may be any bytes, but there is no such file: {run:?}");
}

#[test]
fn a_reader_that_leaves_ends_the_output_quietly() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let run = finish(command(&["models", "--json"]).stdout(writer).spawn().unwrap());
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "it ends quietly");
    let mut child = command(&["presets", "--json"]).spawn().unwrap();
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut [0; 10]).unwrap();
    drop(out);
    let run = finish(child);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
}

/// Starts the program and presses Ctrl-C a while later.
fn interrupted(args: &[&str], after: Duration) -> Run {
    let child = command(args).spawn().unwrap();
    std::thread::sleep(after);
    let id = child.id().to_string();
    let killed = Command::new("kill").args(["-INT", &id]).stdin(Stdio::null()).status().unwrap();
    assert!(killed.success());
    finish(child)
}

#[test]
fn ctrl_c_leaves_whole_rows_and_what_was_computed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.csv");
    let name = file.to_str().unwrap();
    let args = ["simulate", "hodgkin_huxley", "--set", "I=10", "--duration", "1e6", "--csv", name, "--json"];
    let run = interrupted(&args, Duration::from_millis(400));
    assert_eq!(run.code, Some(1), "{}", run.err);
    assert!(run.err.contains("interrupted"), "{}", run.err);
    let result = run.json();
    assert_eq!(result["stopped"]["reason"], "interrupted");
    let time = result["stopped"]["time"].as_f64().unwrap();
    assert!(time > 0.0 && time < 1e6);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.ends_with('\n'));
    assert!(text.lines().all(|line| line.split(',').count() == 6));
    let last: Vec<f64> = text.lines().last().unwrap().split(',').map(|x| x.parse().unwrap()).collect();
    assert_eq!(last[0], time);
    assert_eq!(last[2], result["final_state"]["V"].as_f64().unwrap());
    let spikes = result["spike_times"].as_array().unwrap();
    assert!(spikes.iter().all(|t| t.as_f64().unwrap() <= time));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn ctrl_c_ends_a_check_that_then_does_not_pass() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("long.json");
    let text = r#"{"schema": 1, "model": "hodgkin_huxley", "I": 10, "duration": 1e6, "expect": {"spikes": 1}}"#;
    std::fs::write(&file, text).unwrap();
    let name = file.to_str().unwrap();
    let run = interrupted(&["check", name, name], Duration::from_millis(400));
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.err.contains("interrupted"), "{run:?}");
    assert!(run.out.contains("stopped: expected null, found interrupted"), "{run:?}");
}

#[test]
fn a_pipe_is_written_to_and_not_replaced() {
    use std::os::unix::fs::FileTypeExt;
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::read_to_string(pipe).unwrap()
    });
    let run = finish(command(&["simulate", "lif", "--duration", "1", "--csv", pipe.to_str().unwrap()]).spawn().unwrap());
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(reader.join().unwrap().lines().count(), 22);
    assert!(std::fs::metadata(&pipe).unwrap().file_type().is_fifo());
}
