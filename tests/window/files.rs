//! Presets as files: dropped, saved, opened; what goes wrong is said and harms nothing.

use std::path::Path;

use eframe::egui::{Event, Key, accesskit::Role};
use egui_kittest::kittest::Queryable;
use neuron_playground::preset;

use crate::harness::{Asked, CTRL, Window, bits, window};

/// Everything that must survive a file that cannot be used.
fn whole(window: &Window) -> (String, Vec<u64>, Vec<u64>, u64, usize, Option<String>) {
    let bench = window.bench();
    let (setup, simulation) = (bench.setup(), bench.simulation());
    let id = bench.preset_id().map(str::to_string);
    (setup.to_json(), bits(&setup.params), bits(simulation.state()), simulation.time().to_bits(), bench.trace().len(), id)
}

/// Types a path into the open dialog, in place of what stands there, and presses a button.
fn answer(window: &mut Window, path: &Path, verb: &str) {
    window.get_by_role_and_label(Role::TextInput, "Path of the file").click();
    window.step();
    window.press_with(CTRL, Key::A);
    window.event(Event::Text(path.display().to_string()));
    window.step();
    window.push(verb);
    window.run_steps(3);
}

#[test]
fn a_dropped_preset_file_is_loaded() {
    let mut window = window("izhikevich/tonic_spiking");
    let mut setup = preset::embedded("adex/tonic_spiking").unwrap();
    setup.set("I", 321.5).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.json");
    std::fs::write(&path, setup.to_json()).unwrap();
    window.dropped(&path, b"");
    assert_eq!(window.message(), None);
    assert!(*window.bench().setup() == setup);
    assert_eq!(window.bench().simulation().time(), 0.0);
}

#[test]
fn a_dropped_preset_without_a_path_is_loaded_from_its_bytes() {
    let mut window = window("izhikevich/tonic_spiking");
    let setup = preset::embedded("lif/sine_input").unwrap();
    window.dropped(Path::new("from a browser.json"), setup.to_json().as_bytes());
    assert!(*window.bench().setup() == setup);
}

#[test]
fn dropped_rubbish_gives_a_sentence_and_leaves_the_running_neuron_alone() {
    let mut window = window("izhikevich/tonic_spiking");
    window.state_mut().run_to(33.0);
    window.run_steps(2);
    let before = whole(&window);
    let deep = "[".repeat(200_000);
    let cases: [&[u8]; 9] = [
        b"",
        b"\xff\xfe\x00\x01\x02",
        b"not json at all",
        b"{}",
        b"{\"schema\": 1, \"model\": \"giraffe\"}",
        b"{\"schema\": 99, \"model\": \"izhikevich\"}",
        b"{\"schema\": 1, \"model\": \"izhikevich\", \"parameters\": {\"a\": 1e999}}",
        b"{\"schema\": 1, \"model\": \"lif\", \"dt\": -1}",
        deep.as_bytes(),
    ];
    for bytes in cases {
        window.dropped(Path::new("rubbish.json"), bytes);
        let (text, is_error) = window.message().expect("a message");
        assert!(is_error && text.starts_with("rubbish.json: ") && text.len() > 25, "{text}");
        assert!(text.len() < 600, "a message of {} letters", text.len());
        assert!(whole(&window) == before, "after {text}");
        window.push("Dismiss");
        assert_eq!(window.message(), None);
    }
}

#[test]
fn a_dropped_folder_or_a_file_that_is_gone_gives_a_sentence() {
    let mut window = window("izhikevich/tonic_spiking");
    let before = whole(&window);
    let folder = tempfile::tempdir().unwrap();
    window.dropped(folder.path(), b"");
    assert!(window.message().is_some_and(|m| m.1));
    window.dropped(&folder.path().join("gone.json"), b"");
    assert!(window.message().is_some_and(|m| m.1));
    assert!(whole(&window) == before);
}

#[test]
fn saving_by_the_path_dialog_writes_a_file_that_loads_back_the_same() {
    let mut window = window("izhikevich/tonic_spiking");
    window.type_into("d [mV/ms]", "3.25");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("saved.json");
    window.press_with(CTRL, Key::S);
    answer(&mut window, &path, "Save");
    assert_eq!(window.message().map(|m| m.1), Some(false), "{:?}", window.message());
    assert!(!window.bench().is_changed(), "what is saved is no longer a change");
    let back = preset::read(&path).unwrap();
    assert!(back == *window.bench().setup());
    window.send(neuron_playground::app::Command::Model("lif"));
    window.press_with(CTRL, Key::O);
    answer(&mut window, &path, "Open");
    assert!(back == *window.bench().setup());
    assert_eq!(window.param("d"), 3.25);
}

#[test]
fn the_save_dialog_can_be_used_from_the_keyboard_alone() {
    let mut window = window("izhikevich/tonic_spiking");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    window.press_with(CTRL, Key::S);
    window.run_steps(2);
    window.press_with(CTRL, Key::A);
    window.event(Event::Text(path.display().to_string()));
    window.step();
    window.press(Key::Enter);
    window.run_steps(3);
    assert!(path.exists(), "{:?}", window.message());
    window.press_with(CTRL, Key::S);
    window.press(Key::Escape);
    window.run_steps(2);
    assert!(window.query_by_label("Save this preset").is_none(), "Escape closes the dialog");
}

#[test]
fn saving_where_nothing_can_be_saved_gives_a_sentence() {
    let mut window = window("izhikevich/tonic_spiking");
    window.type_into("d [mV/ms]", "3.25");
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path().join("no/such/folder/x.json"), folder.path().to_path_buf(), "/proc/x.json".into()] {
        window.press_with(CTRL, Key::S);
        answer(&mut window, &path, "Save");
        let (text, is_error) = window.message().expect("a message");
        assert!(is_error && text.contains(&path.display().to_string()), "{text}");
        assert!(window.bench().is_changed(), "it is still unsaved");
        window.push("Dismiss");
    }
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none(), "nothing is left behind");
}

#[test]
fn opening_what_is_not_there_gives_a_sentence_and_leaves_the_neuron_alone() {
    let mut window = window("izhikevich/tonic_spiking");
    let before = whole(&window);
    window.press_with(CTRL, Key::O);
    answer(&mut window, Path::new("/no/such/preset.json"), "Open");
    let (text, is_error) = window.message().expect("a message");
    assert!(is_error && text.contains("/no/such/preset.json"), "{text}");
    assert!(whole(&window) == before);
}

#[test]
fn opened_and_saved_files_are_in_the_file_menu_and_failures_are_not() {
    let mut window = window("izhikevich/tonic_spiking");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("remembered.json");
    window.press_with(CTRL, Key::S);
    answer(&mut window, &path, "Save");
    window.press_with(CTRL, Key::O);
    answer(&mut window, &folder.path().join("missing.json"), "Open");
    window.send(neuron_playground::app::Command::Model("lif"));
    window.push("File");
    assert!(window.query_by_label("missing.json").is_none());
    window.push("remembered.json");
    window.run_steps(2);
    assert_eq!(window.bench().setup().neuron.card().id, "izhikevich");
}
