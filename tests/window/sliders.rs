//! Parameters: dragged, typed, reset, undone.

use eframe::egui::{Key, accesskit::Role, vec2};
use egui_kittest::kittest::Queryable;

use crate::harness::{Asked, CTRL, CTRL_SHIFT, Window, window};

const D: &str = "d [mV/ms]";

/// Drags the slider of `d` far to the right.
fn drag_d(window: &mut Window) {
    let rail = window.get_by_role_and_label(Role::Slider, D).rect();
    let from = rail.left_center() + vec2(0.3 * rail.width(), 0.0);
    window.drag(from, from + vec2(0.5 * rail.width(), 0.0));
}

#[test]
fn dragging_a_slider_changes_the_parameter_and_everything_answers_in_the_next_frame() {
    let mut window = window("izhikevich/tonic_spiking");
    window.press(Key::Space);
    window.run_steps(60);
    let before = window.param("d");
    let rail = window.get_by_role_and_label(Role::Slider, D).rect();
    let at = rail.left_center() + vec2(0.3 * rail.width(), 0.0);
    window.hover_at(at);
    window.drag_at(at);
    window.step();
    window.step();
    let mut values = vec![window.param("d")];
    for k in 1..=5 {
        window.hover_at(at + vec2(8.0 * k as f32, 0.0));
        window.step();
        values.push(window.param("d"));
    }
    // The panels send, the next frame acts.
    window.step();
    assert!(values.windows(2).all(|w| w[1] >= w[0]) && values[5] > values[0], "{before}, then {values:?}");
    assert!(window.shows("1 changed"), "{:?}", window.texts());
    let b = window.bench().setup().neuron.params().iter().find(|f| f.id == "b").unwrap();
    let name = if b.unit.is_empty() { "b".to_string() } else { format!("b [{}]", b.unit) };
    let steady = |w: &Window| w.state().derived().nullclines()[1].clone();
    let old = steady(&window);
    window.get_by_role_and_label(Role::Slider, &name).set_value_accesskit(0.4);
    window.step();
    window.step();
    assert_ne!(old, steady(&window), "b tilts the nullcline of u");
    let spikes = window.bench().trace().spikes().len();
    window.drop_at(at);
    window.run_steps(120);
    assert!(window.bench().trace().spikes().len() > spikes, "the neuron kept running");
    let after = window.bench().trace().spikes().back().unwrap().clone();
    assert!((after.after[1] - after.before[1] - window.param("d")).abs() < 1e-9, "the reset uses the new d");
}

#[test]
fn a_typed_value_is_taken_exactly() {
    let mut window = window("izhikevich/tonic_spiking");
    window.type_into(D, "2.25");
    assert_eq!(window.param("d"), 2.25);
    window.type_into(D, "\u{2212}1.5");
    assert_eq!(window.param("d"), -1.5, "a true minus sign is understood");
    window.type_into(D, "3,5");
    assert_eq!(window.param("d"), 3.5, "a decimal comma is understood");
    assert_eq!(window.bench().trace().span().1, 0.0, "the point of a typed number is not a step");
}

#[test]
fn a_value_out_of_range_is_brought_into_it_and_rubbish_changes_nothing() {
    let mut window = window("izhikevich/tonic_spiking");
    let field = *window.bench().setup().neuron.params().iter().find(|f| f.id == "d").unwrap();
    window.type_into(D, "1e30");
    assert_eq!(window.param("d"), field.max);
    window.type_into(D, "-1e30");
    assert_eq!(window.param("d"), field.min);
    window.type_into(D, "6");
    for rubbish in ["many", "NaN", "inf", ""] {
        window.type_into(D, rubbish);
        assert_eq!(window.param("d"), 6.0, "after typing {rubbish:?}");
    }
}

#[test]
fn a_double_click_on_a_slider_returns_to_the_loaded_value() {
    let mut window = window("izhikevich/tonic_spiking");
    let loaded = window.param("d");
    drag_d(&mut window);
    assert_ne!(window.param("d"), loaded);
    let rail = window.get_by_role_and_label(Role::Slider, D).rect();
    window.double_click_at(rail.center());
    assert_eq!(window.param("d"), loaded);
    assert!(!window.shows("changed"));
}

#[test]
fn a_changed_value_offers_a_way_back() {
    let mut window = window("izhikevich/tonic_spiking");
    let loaded = window.param("d");
    assert!(window.query_by_role_and_label(Role::Button, "Reset d").is_none());
    drag_d(&mut window);
    assert!(window.shows("1 changed") && window.bench().is_changed());
    window.push("Reset d");
    assert_eq!(window.param("d"), loaded);
    assert!(!window.bench().is_changed());
    assert!(window.query_by_role_and_label(Role::Button, "Reset d").is_none());
}

#[test]
fn a_drag_is_one_step_of_undo_and_redo() {
    let mut window = window("izhikevich/tonic_spiking");
    let loaded = window.param("d");
    drag_d(&mut window);
    let dragged = window.param("d");
    window.type_into(D, "1");
    window.press_with(CTRL, Key::Z);
    assert_eq!(window.param("d"), dragged);
    window.press_with(CTRL, Key::Z);
    assert_eq!(window.param("d"), loaded);
    assert_eq!(window.bench().can_undo_redo(), (false, true));
    window.press_with(CTRL_SHIFT, Key::Z);
    window.press_with(CTRL, Key::Y);
    assert_eq!(window.param("d"), 1.0);
    assert_eq!(window.bench().can_undo_redo(), (true, false));
}

#[test]
fn undoing_a_change_of_model_brings_back_model_and_values() {
    let mut window = window("izhikevich/tonic_spiking");
    window.type_into(D, "4");
    window.send(neuron_playground::app::Command::Model("lif"));
    window.press_with(CTRL, Key::Z);
    assert_eq!(window.bench().setup().neuron.card().id, "izhikevich");
    assert_eq!(window.param("d"), 4.0);
    assert!(window.shows("1 changed"));
    window.press_with(CTRL, Key::Z);
    assert!(!window.bench().is_changed());
}

#[test]
fn ctrl_z_in_a_text_field_leaves_the_model_alone() {
    let mut window = window("izhikevich/tonic_spiking");
    window.type_into(D, "4");
    window.push("Preset");
    window.get_by_role(Role::TextInput).click();
    window.step();
    window.event(eframe::egui::Event::Text("burst".into()));
    window.step();
    window.press_with(CTRL, Key::Z);
    assert_eq!(window.param("d"), 4.0);
}

#[test]
fn a_slider_with_the_focus_moves_by_arrow_keys_and_i_stays() {
    let mut window = window("izhikevich/tonic_spiking");
    let (d, current) = (window.param("d"), window.bench().setup().current);
    window.get_by_role_and_label(Role::Slider, D).focus();
    window.step();
    window.press(Key::ArrowRight);
    assert!(window.param("d") > d, "the slider answers to the arrow");
    assert_eq!(window.bench().setup().current, current);
}

#[test]
fn arrow_keys_nudge_i_while_nothing_has_the_focus() {
    let mut window = window("izhikevich/tonic_spiking");
    let current = window.bench().setup().current;
    window.press(Key::ArrowRight);
    let step = window.bench().setup().current - current;
    assert!(step > 0.0);
    window.press_with(eframe::egui::Modifiers::SHIFT, Key::ArrowLeft);
    assert!((window.bench().setup().current - (current - 9.0 * step)).abs() < 1e-9);
}
