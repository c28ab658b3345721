//! Names for those who cannot see: every widget has one, and no two in the column have the same.

use std::collections::BTreeMap;

use eframe::egui::{Theme, accesskit::Role};
use egui_kittest::kittest::Queryable;
use neuron_playground::model;
use neuron_playground::preset::{self, Setup};

use crate::harness::{Asked, LARGE, widgets, window, window_on};

#[test]
fn every_widget_has_a_name_and_no_two_in_the_column_share_role_and_name() {
    for neuron in model::all() {
        let window = window_on(Setup::of_model(*neuron), None, LARGE, Theme::Dark);
        let all = widgets(&window);
        for (role, name, rect) in &all {
            assert!(!name.trim().is_empty(), "{}: a {role:?} at {rect:?} has no name", neuron.card().id);
        }
        let mut seen = BTreeMap::new();
        for (role, name, rect) in all.iter().filter(|(.., rect)| rect.left() < 300.0 && rect.top() > 60.0) {
            let before = seen.insert((format!("{role:?}"), name.clone()), *rect);
            assert!(before.is_none(), "{}: two {role:?} are called {name:?}", neuron.card().id);
        }
        assert_eq!(window.unnamed_widgets(), Vec::<String>::new());
    }
}

#[test]
fn every_parameter_has_a_slider_and_a_number_of_the_same_name() {
    for neuron in model::all() {
        let window = window_on(Setup::of_model(*neuron), None, LARGE, Theme::Dark);
        let all = widgets(&window);
        let names = |wanted: Role| all.iter().filter(|w| w.0 == wanted).map(|w| w.1.clone()).collect::<Vec<_>>();
        let (sliders, numbers) = (names(Role::Slider), names(Role::SpinButton));
        let shown = neuron.params().iter().filter(|f| f.kind != model::Kind::Detail).chain([&neuron.card().current]);
        for field in shown {
            if !field.choices.is_empty() {
                assert!(names(Role::ComboBox).contains(&field.id.to_string()), "{}: no choice {:?}", neuron.card().id, field.id);
                continue;
            }
            let name = if field.unit.is_empty() { field.id.to_string() } else { format!("{} [{}]", field.id, field.unit) };
            assert!(sliders.contains(&name), "{}: no slider {name:?} in {sliders:?}", neuron.card().id);
            assert!(numbers.contains(&name), "{}: no number {name:?} in {numbers:?}", neuron.card().id);
        }
    }
}

#[test]
fn folded_parameters_and_the_run_unfold() {
    let mut window = window("izhikevich/tonic_spiking");
    assert!(window.query_by_role_and_label(Role::SpinButton, "Duration").is_none());
    assert!(!sliders(&window).iter().any(|name| name.starts_with("v_ref")));
    window.get_by_label_contains("More: ").click();
    window.step();
    window.run_steps(20);
    assert!(sliders(&window).iter().any(|name| name.starts_with("v_ref")), "{:?}", sliders(&window));
    window.get_by_label_contains("Run: ").click();
    window.step();
    window.run_steps(20);
    window.type_into("Duration", "250");
    assert_eq!(window.bench().setup().duration, 250.0);
    window.type_into("Step", "0.1");
    assert_eq!(window.bench().setup().dt, 0.1);
}

fn sliders(window: &crate::harness::Window) -> Vec<String> {
    widgets(window).into_iter().filter(|w| w.0 == Role::Slider).map(|w| w.1).collect()
}

#[test]
fn what_the_neuron_does_can_be_read_aloud() {
    let mut window = window("izhikevich/tonic_spiking");
    window.state_mut().run_to(100.0);
    window.run_steps(3);
    let sentence = window.state().derived().regime().sentence.clone();
    assert!(window.query_by_label_contains(&sentence).is_some(), "the status line: {sentence}");
    assert!(window.query_by_label_contains("Mean rate").is_some(), "the readouts");
    assert!(window.query_by_label_contains("Parameters").is_some(), "the sections");
}

#[test]
fn every_preset_is_named_apart_from_the_others_of_its_model() {
    let mut titles = BTreeMap::new();
    for entry in preset::entries() {
        let title = entry.file.title.clone().unwrap_or_default();
        assert!(!title.is_empty(), "{}", entry.id);
        let other = titles.insert((entry.file.model.clone(), title), entry.id.clone());
        assert!(other.is_none(), "{} is called like {other:?}", entry.id);
    }
}
