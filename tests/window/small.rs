//! The small window, in which things fold; and the notes, which unfold.

use eframe::egui::{Key, Theme, accesskit::Role};
use egui_kittest::kittest::Queryable;
use neuron_playground::preset;

use crate::harness::{Asked, SMALL, Window, window, window_on};

fn small(id: &str) -> Window {
    window_on(preset::embedded(id).unwrap(), Some(id), SMALL, Theme::Dark)
}

#[test]
fn layers_fold_into_a_menu_that_works() {
    for id in ["izhikevich/tonic_spiking", "hodgkin_huxley/rest"] {
        let mut window = small(id);
        window.run_steps(3);
        assert!(window.query_by_role_and_label(Role::CheckBox, "flow").is_none(), "{id}");
        let all = window.output().shapes.len();
        window.push("Layers");
        window.run_steps(3);
        for layer in ["flow", "nullclines", "orbit"] {
            window.get_by_role_and_label(Role::CheckBox, layer).click();
            window.step();
        }
        window.press(Key::Escape);
        window.remove_cursor();
        window.run_steps(5);
        assert!(window.output().shapes.len() < all, "{id}");
        assert!(window.query_by_role_and_label(Role::CheckBox, "flow").is_none(), "the menu is closed");
    }
    let large = window("izhikevich/tonic_spiking");
    assert!(large.query_by_role_and_label(Role::CheckBox, "flow").is_some());
    assert!(large.query_by_role_and_label(Role::Button, "Layers").is_none());
}

#[test]
fn what_it_does_is_one_line_that_tells_regime_and_rate_and_unfolds() {
    let mut window = small("izhikevich/bursting_beside_rest");
    window.state_mut().run_to(700.0);
    window.run_steps(4);
    assert!(window.shows("What it does") && window.shows("bursts, 33.0 Hz"), "{:?}", window.texts());
    let line = window.get_by_label_contains("What it does: bursts, 33.0 Hz").rect();
    assert!(line.bottom() < SMALL[1] - 30.0, "it is on the screen: {line:?}");
    assert!(window.query_by_label_contains("Mean rate").is_none());
    window.get_by_label_contains("What it does: ").click();
    window.step();
    window.run_steps(5);
    assert!(window.query_by_label_contains("Mean rate").is_some());
    assert!(window.get_by_label_contains("What it does: ").rect().bottom() < line.bottom() - 50.0, "it grows upward");
}

#[test]
fn a_view_too_low_for_its_picture_says_so() {
    let mut window = window_on(preset::embedded("izhikevich/tonic_spiking").unwrap(), None, [1100.0, 360.0], Theme::Dark);
    for view in ["fi", "spike_map", "iv"] {
        window.state_mut().show_view(view);
        window.run_steps(3);
        assert!(window.shows("Too little room here"), "{view}: {:?}", window.texts());
    }
}

#[test]
fn notes_unfold_and_are_set_as_text() {
    let text = r#"{ "schema": 1, "model": "lif", "title": "With notes", "source": "A book",
        "notes": "First *slanted* words.\n\n- one point\n- `code` and [a link](https://example.org)" }"#;
    let mut window = window_on(preset::parse(text).unwrap(), None, SMALL, Theme::Light);
    window.run_steps(3);
    assert!(!window.shows("one point"));
    window.get_by_label("Notes").click();
    window.step();
    window.run_steps(20);
    assert!(window.shows("one point") && window.shows("A book"), "{:?}", window.texts());
    assert!(!window.texts().iter().any(|t| t.contains('*') || t.contains("](")), "no marks are left: {:?}", window.texts());
}
