//! Experiments: what holds for all of them, and each against what is known of its protocol.

mod common;

use common::{report, setup};
use neuron_playground::experiment::{Chosen, protocols};
use neuron_playground::model;
use neuron_playground::preset::Setup;

#[test]
fn every_experiment_answers_on_every_model_it_suits_whatever_the_number_of_threads() {
    for experiment in protocols::EXPERIMENTS {
        for neuron in model::all() {
            let Ok(chosen) = Chosen::new(experiment, *neuron) else { continue };
            let subject = Setup::of_model(*neuron).subject();
            let (one, _) = chosen.run(&subject, 1, &|_| true);
            let (two, _) = chosen.run(&subject, 2, &|_| true);
            let name = format!("{} on {}", experiment.id, neuron.card().id);
            assert_eq!(format!("{one:?}"), format!("{two:?}"), "{name}");
            assert!(!one.numbers.is_empty() && !one.charts.is_empty() && !one.says.is_empty(), "{name} says nothing");
            assert!(one.says.iter().all(|s| !s.contains("NaN") && !s.ends_with('.')), "{name}: {:?}", one.says);
            let mut ids: Vec<&str> = one.numbers.iter().map(|n| n.id.as_str()).collect();
            ids.sort_unstable();
            assert!(ids.windows(2).all(|w| w[0] != w[1]), "{name}: an id stands twice");
        }
    }
}

#[test]
fn settings_have_defaults_inside_their_ranges_and_say_what_they_mean() {
    for experiment in protocols::EXPERIMENTS {
        for neuron in model::all() {
            let Ok(chosen) = Chosen::new(experiment, *neuron) else { continue };
            for field in &chosen.table {
                let name = format!("{}: {} on {}", experiment.id, field.id, neuron.card().id);
                field.check(field.default).unwrap_or_else(|e| panic!("{name}: {e}"));
                assert!(field.min <= field.shown.0 && field.shown.0 < field.shown.1 && field.shown.1 <= field.max, "{name}");
                assert!(field.meaning.len() > 8, "{name}");
            }
        }
    }
}

#[test]
fn what_an_experiment_reads_as_a_count_takes_whole_numbers_only() {
    for experiment in protocols::EXPERIMENTS {
        let file = format!("{}/src/experiment/protocols/{}.rs", env!("CARGO_MANIFEST_DIR"), experiment.id);
        let text = std::fs::read_to_string(&file).expect("one file for each experiment");
        let suited = model::all().iter().filter(|m| (experiment.suits)(**m).is_ok());
        for field in suited.flat_map(|m| experiment.table(*m)).filter(|f| text.contains(&format!("bench.count(\"{}\")", f.id))) {
            let refused = field.check(field.default + 0.4);
            assert!(refused.is_err(), "{} takes a part of a {}", experiment.id, field.id);
        }
    }
    let mut chosen = Chosen::new(protocols::find("synapse_filter").expect("an experiment"), setup("lif").neuron).expect("it suits");
    assert_eq!(chosen.set_text("n", "4.6"), Err("n = 4.6 is not a whole number".into()));
    assert_eq!(chosen.set_text("n", "4"), Ok(()));
}

#[test]
fn an_experiment_that_nobody_waits_for_any_longer_stops() {
    for experiment in protocols::EXPERIMENTS {
        for neuron in model::all() {
            if let Ok(chosen) = Chosen::new(experiment, *neuron) {
                let subject = Setup::of_model(*neuron).subject();
                let started = std::time::Instant::now();
                let (_, is_stopped) = chosen.run(&subject, 2, &|_| false);
                assert!(is_stopped, "{} on {} does not ask", experiment.id, neuron.card().id);
                assert!(started.elapsed().as_secs_f64() < 2.0, "{} on {}", experiment.id, neuron.card().id);
            }
        }
    }
}

#[test]
fn two_pulses_to_the_squid_axon_fire_when_close_and_again_near_its_period() {
    // Bands of Izhikevich's resonator demonstration for 6.5 µA/cm² pulses of 1 ms: to 3.5 ms and 13.4 to 17.2 ms.
    let found = report("gap_scan", &setup("hodgkin_huxley"), &[("amplitude", 6.5), ("to", 30.0), ("after", 60.0)]);
    assert_eq!(found.value("bands"), Some(2.0));
    for (id, expected) in [("band_1_to", 3.55), ("band_2_from", 13.38), ("band_2_to", 17.27)] {
        let value = found.value(id).expect("a border");
        assert!((value - expected).abs() < 0.02, "{id}: {value}");
    }
}

#[test]
fn an_integrator_fires_at_short_gaps_only() {
    // The high-threshold set of persistent sodium and potassium: doublets of 50 for 0.2 ms fire at gaps up to 4.04 ms.
    let settings = [("amplitude", 50.0), ("width", 0.2), ("from", 0.3), ("to", 12.0), ("after", 40.0)];
    let found = report("gap_scan", &setup("persistent_sodium_potassium"), &settings);
    assert_eq!(found.value("bands"), Some(1.0), "{:?}", found.says);
    let end = found.value("band_1_to").expect("a border");
    assert!((end - 4.04).abs() < 0.01, "{end}");
}

#[test]
fn every_setting_that_an_experiment_reads_is_in_its_table() {
    for experiment in protocols::EXPERIMENTS {
        let file = format!("{}/src/experiment/protocols/{}.rs", env!("CARGO_MANIFEST_DIR"), experiment.id);
        let text = std::fs::read_to_string(&file).expect("one file for each experiment");
        let tables = model::all().iter().filter(|m| (experiment.suits)(**m).is_ok()).flat_map(|m| (experiment.settings)(*m));
        let known: Vec<&str> = tables.map(|field| field.id).collect();
        let mut read = 0;
        for call in ["bench.setting(\"", "bench.count(\""] {
            for rest in text.split(call).skip(1) {
                let id = rest.split('"').next().expect("an id");
                assert!(known.contains(&id), "{} reads {id:?}, which no table of its has", experiment.id);
                read += 1;
            }
        }
        assert!(read > 0, "{} reads no setting", experiment.id);
    }
}
