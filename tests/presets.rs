//! The embedded presets: what they say about themselves, and that they do what they say.

mod process;

use std::collections::HashSet;

use neuron_playground::app::check::problems;
use neuron_playground::app::run::run;
use neuron_playground::preset::{self, Entry, Setup};
use process::{path, program};

fn setup(entry: &Entry) -> Setup {
    preset::parse(entry.text).unwrap_or_else(|e| panic!("{}: {e}", entry.id))
}

fn found(setup: &Setup) -> Vec<String> {
    problems(setup, &mut |_| true)
}

/// Calls `test` for every preset, on two threads.
fn for_every_preset(test: impl Fn(&Entry) + Sync) {
    std::thread::scope(|scope| {
        for half in 0..2 {
            let test = &test;
            scope.spawn(move || preset::entries().iter().skip(half).step_by(2).for_each(test));
        }
    });
}

#[test]
fn every_file_of_the_folder_is_embedded() {
    let mut files = Vec::new();
    for folder in std::fs::read_dir(path("presets")).unwrap() {
        for file in std::fs::read_dir(folder.unwrap().path()).unwrap() {
            let file = file.unwrap().path();
            assert_eq!(file.extension().unwrap(), "json", "{}", file.display());
            let id = file.strip_prefix(path("presets")).unwrap().with_extension("");
            files.push(id.to_str().unwrap().replace('\\', "/"));
        }
    }
    let mut embedded: Vec<String> = preset::entries().iter().map(|e| e.id.clone()).collect();
    files.sort();
    embedded.sort();
    assert_eq!(files, embedded);
    assert!(embedded.len() >= 80);
}

#[test]
fn intervals_that_a_preset_speaks_of_are_between_its_spikes() {
    let mut seen = 0;
    for entry in preset::entries() {
        let setup = setup(entry);
        let shows = entry.file.shows.clone().unwrap_or_default();
        let Some((_, said)) = shows.split_once("ntervals grow from ").filter(|_| setup.experiment.is_none()) else { continue };
        let mut numbers = said.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse::<f64>().ok());
        let (first, last) = (numbers.next().expect("the first"), numbers.next().expect("the last"));
        let times = run(&setup, None, &mut |_| true).spike_times;
        let intervals: Vec<f64> = times.windows(2).map(|w| w[1] - w[0]).collect();
        assert!((intervals[0] - first).abs() <= 0.5 && (intervals[intervals.len() - 1] - last).abs() <= 0.5, "{}: {intervals:?}", entry.id);
        seen += 1;
    }
    assert!(seen >= 2, "{seen}");
}

#[test]
fn every_preset_is_found_by_an_id_of_model_and_snake_case_name() {
    for entry in preset::entries() {
        let (model, name) = entry.id.split_once('/').unwrap();
        assert_eq!(model, entry.file.model, "{}", entry.id);
        assert_eq!(model, setup(entry).neuron.card().id);
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        assert!(name.chars().all(allowed), "{}", entry.id);
        assert!(preset::embedded(&entry.id).unwrap() == setup(entry));
    }
}

#[test]
fn every_preset_says_what_it_is_where_it_comes_from_and_what_must_come_out() {
    let mut titles = HashSet::new();
    for entry in preset::entries() {
        let file = &entry.file;
        for (name, text) in [("title", &file.title), ("shows", &file.shows), ("source", &file.source)] {
            let text = text.as_deref().unwrap_or("");
            assert!(!text.trim().is_empty(), "{} has no {name}", entry.id);
            assert_eq!(text, text.trim(), "{}", entry.id);
        }
        let expect = file.expect.as_ref().unwrap_or_else(|| panic!("{} expects nothing", entry.id));
        let something = expect.spikes.is_some() || expect.spike_times.is_some() || expect.rate.is_some() || expect.fixed_points.is_some();
        assert!(something, "{} expects nothing", entry.id);
        if let (Some(count), Some(times)) = (expect.spikes, &expect.spike_times) {
            assert!(times.len() as u64 <= count, "{}", entry.id);
        }
        let title = (file.model.clone(), file.title.clone());
        assert!(titles.insert(title), "{} has the title of another", entry.id);
    }
}

#[test]
fn every_preset_survives_a_round_trip() {
    for entry in preset::entries() {
        let setup = setup(entry);
        assert!(Setup::from_file(setup.to_file()).unwrap() == setup, "{}", entry.id);
        assert!(preset::parse(&setup.to_json()).unwrap() == setup, "{}", entry.id);
        assert_eq!(preset::parse(&setup.to_json()).unwrap().to_json(), setup.to_json());
    }
}

#[test]
fn every_preset_does_what_it_says() {
    for_every_preset(|entry| {
        assert_eq!(found(&setup(entry)), Vec::<String>::new(), "{}", entry.id);
    });
}

#[test]
fn rk4_presets_expect_the_same_spikes_of_half_the_step() {
    for_every_preset(|entry| {
        let mut setup = setup(entry);
        if setup.method.id() != "rk4" {
            return;
        }
        setup.dt /= 2.0;
        assert_eq!(found(&setup), Vec::<String>::new(), "{} at half its step", entry.id);
    });
}

#[test]
fn the_program_checks_the_whole_folder() {
    let files: Vec<String> = preset::entries().iter().map(|e| path(&format!("presets/{}.json", e.id)).to_str().unwrap().to_string()).collect();
    let mut args = vec!["check"];
    args.extend(files.iter().map(String::as_str));
    let run = program(&args);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(run.out.lines().count(), files.len());
    assert!(run.out.lines().all(|line| line.ends_with(": ok")));
    assert_eq!(run.err, "");
}

/// Changes one expectation of a preset and gives what is then reported.
fn falsified(id: &str, change: impl FnOnce(&mut preset::Expect)) -> Vec<String> {
    let mut setup = preset::embedded(id).unwrap();
    change(setup.words.expect.as_mut().unwrap());
    found(&setup)
}

#[test]
fn a_wrong_number_of_spikes_is_reported_with_both_numbers() {
    for entry in preset::entries() {
        let expected = entry.file.expect.as_ref().and_then(|e| e.spikes);
        let Some(count) = expected.filter(|_| entry.id.starts_with("izhikevich/")) else {
            continue;
        };
        assert_eq!(falsified(&entry.id, |e| e.spikes = Some(count + 1)), [format!("spikes: expected {}, found {count}", count + 1)]);
    }
}

#[test]
fn a_wrong_spike_time_is_reported_with_its_place_and_both_times() {
    let id = "izhikevich/bistability";
    let late = falsified(id, |e| e.spike_times.as_mut().unwrap()[2] += 0.02);
    assert_eq!(late.len(), 1);
    assert!(late[0].starts_with("spike_times[2]: expected 121.9294 ± 0.01 ms, found 121.90"), "{late:?}");
    let early = falsified(id, |e| e.spike_times.as_mut().unwrap()[0] = 44.14);
    assert!(early[0].starts_with("spike_times[0]: expected 44.14 ± 0.01 ms, found 44.15"), "{early:?}");
    let missing = falsified(id, |e| e.spike_times.as_mut().unwrap().push(299.0));
    assert_eq!(missing, ["spike_times[7]: expected 299 ms, found no such spike"]);
}

#[test]
fn the_tolerance_is_that_of_the_file_or_a_twentieth_of_a_millisecond() {
    let shifted = |tolerance: Option<f64>, by: f64| {
        falsified("izhikevich/bistability", |e| {
            e.tolerance = tolerance;
            e.spike_times.as_mut().unwrap()[0] += by;
        })
        .len()
    };
    assert_eq!(shifted(None, 0.04), 0);
    assert_eq!(shifted(None, 0.06), 1);
    assert_eq!(shifted(Some(1.0), 0.9), 0);
    assert_eq!(shifted(Some(0.01), 0.02), 1);
}

#[test]
fn a_wrong_rate_is_reported_with_the_rate_that_was_found() {
    let setup = preset::embedded("izhikevich/bistability").unwrap();
    let times = run(&setup, None, &mut |_| true).spike_times;
    let rate = 6000.0 / (times[6] - times[0]);
    let id = "izhikevich/bistability";
    assert_eq!(falsified(id, |e| e.rate = Some([rate - 1e-9, rate + 1e-9])), [""; 0]);
    let problems = falsified(id, |e| e.rate = Some([50.0, 65.0]));
    assert_eq!(problems.len(), 1);
    let number = problems[0].strip_prefix("rate: expected 50 to 65, found ").unwrap();
    assert!((number.parse::<f64>().unwrap() - rate).abs() < 1e-9);
    let silent = falsified("hodgkin_huxley/step_below_threshold", |e| e.rate = Some([1.0, 2.0]));
    assert!(silent.contains(&"rate: expected 1 to 2, found 0".to_string()), "{silent:?}");
}

#[test]
fn wrong_fixed_points_are_reported_as_whole_lists() {
    let id = "izhikevich/bistability";
    let expected = |types: &[&str]| falsified(id, |e| e.fixed_points = Some(types.iter().map(ToString::to_string).collect()));
    assert_eq!(expected(&["stable focus", "saddle"]), [""; 0]);
    for wrong in [&["saddle", "stable focus"][..], &["stable focus"], &[], &["stable node", "saddle"]] {
        let problems = expected(wrong);
        assert_eq!(problems, [format!("fixed_points: expected [{}], found [stable focus, saddle]", wrong.join(", "))]);
    }
}

#[test]
fn a_stop_that_does_not_come_and_one_that_was_not_expected_are_reported() {
    let stop = r#"{"schema": 1, "model": "lif", "parameters": {"V_reset": -40}, "I": 3, "expect": {"stopped": REASON}}"#;
    let reported = |reason: &str| found(&preset::parse(&stop.replace("REASON", reason)).unwrap());
    assert_eq!(reported("\"runaway\""), [""; 0]);
    assert_eq!(reported("null"), ["stopped: expected null, found runaway"]);
    assert_eq!(reported("\"not_finite\""), ["stopped: expected not_finite, found runaway"]);
    let problems = falsified("izhikevich/bistability", |e| {
        e.stopped = Some(neuron_playground::sim::Reason::Runaway);
    });
    assert_eq!(problems, ["stopped: expected runaway, found null"]);
}

#[test]
fn a_check_that_was_interrupted_does_not_pass() {
    let setup = preset::embedded("izhikevich/bistability").unwrap();
    let problems = problems(&setup, &mut |_| false);
    assert!(problems[0].starts_with("stopped: expected null, found interrupted"), "{problems:?}");
}

/// What is reported on special points expected in a diagram of the class-1 set over I.
fn special(over: &str, points: &str) -> Vec<String> {
    let text = format!(
        r#"{{"schema": 1, "model": "persistent_sodium_potassium", "duration": 1, "expect": {{"over": {over}, "special_points": [{points}]}}}}"#
    );
    found(&preset::parse(&text).unwrap())
}

#[test]
fn special_points_are_looked_for_in_the_diagram_over_the_range_that_is_given() {
    let circle = r#"{"type": "saddle_node_on_invariant_circle", "value": 4.51287, "tolerance": 1e-5}"#;
    for over in [r#""I=0:10""#, r#"{"id": "I", "from": 0, "to": 10}"#] {
        assert_eq!(special(over, circle), [""; 0]);
        assert_eq!(special(over, ""), [""; 0]);
    }
    // Without a tolerance a ten-thousandth of the range is allowed: 1e-3 of 10.
    let about = |value: f64| special(r#""I=0:10""#, &format!(r#"{{"type": "saddle_node_on_invariant_circle", "value": {value}}}"#)).len();
    assert_eq!((about(4.5137), about(4.5142)), (0, 1));
}

#[test]
fn a_special_point_that_is_not_there_is_reported_with_what_is() {
    let problem = |point: &str| {
        let problems = special(r#""I=0:10""#, point);
        let [problem] = problems.as_slice() else { panic!("{problems:?}") };
        problem.clone()
    };
    let off = problem(r#"{"type": "saddle_node_on_invariant_circle", "value": 4.5, "tolerance": 0.001}"#);
    assert!(off.starts_with("special_points[0]: expected saddle_node_on_invariant_circle at I = 4.5 ± 0.001, found "), "{off}");
    assert!(off.contains("found saddle_node_on_invariant_circle at 4.5128"), "{off}");
    let other = problem(r#"{"type": "hopf", "value": 4.51287, "tolerance": 1}"#);
    assert!(other.contains("expected hopf at I = 4.51287 ± 1, found no such point, but saddle_node_on_invariant_circle at 4.5128"), "{other}");
    // One point cannot stand for two.
    let circle = r#"{"type": "saddle_node_on_invariant_circle", "value": 4.51287, "tolerance": 0.1}"#;
    assert!(problem(&format!("{circle}, {circle}")).starts_with("special_points[1]: "));
    let nothing = special(r#""I=5:10""#, r#"{"type": "hopf", "value": 7}"#);
    assert_eq!(nothing, ["special_points[0]: expected hopf at I = 7 ± 0.0005, found no special point"]);
}

#[test]
fn the_program_exits_1_and_says_which_number_differs() {
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("good.json");
    let bad = folder.path().join("bad.json");
    let text = preset::entries().iter().find(|e| e.id == "izhikevich/bistability").unwrap().text;
    std::fs::write(&good, text).unwrap();
    std::fs::write(&bad, text.replace("\"spikes\": 7", "\"spikes\": 8")).unwrap();
    let (good, bad) = (good.to_str().unwrap(), bad.to_str().unwrap());
    let run = program(&["check", good, bad]);
    assert_eq!(run.code, Some(1));
    assert!(run.out.contains(&format!("{good}: ok\n")));
    assert!(run.out.contains(&format!("{bad}: failed\n    spikes: expected 8, found 7\n")), "{run:?}");
    let run = program(&["check", bad, "no/such/file", good]);
    assert_eq!(run.code, Some(2), "an invalid file outweighs a failed one");
    assert_eq!(run.out.matches(": failed\n").count(), 2);
}
