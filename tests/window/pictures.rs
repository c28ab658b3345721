//! The smallest window, drawn: compared with pictures in `tests/snapshots` (`UPDATE_SNAPSHOTS=1` draws them anew).

use eframe::egui::Theme;
use neuron_playground::preset;

use crate::harness::window_on;

/// A preset at a time, in the smallest window that the program allows.
fn picture(name: &str, id: &str, t: f64, theme: Theme) {
    let setup = preset::embedded(id).unwrap();
    let mut window = window_on(setup, Some(id), [800.0, 560.0], theme);
    window.state_mut().run_to(t);
    window.run_steps(3);
    window.snapshot(name);
}

#[test]
fn a_resting_neuron_looks_as_before() {
    picture("resting", "hodgkin_huxley/rest", 20.0, Theme::Light);
}

#[test]
fn a_spiking_neuron_looks_as_before() {
    picture("spiking", "izhikevich/tonic_spiking", 100.0, Theme::Dark);
}

#[test]
fn one_variable_looks_as_before() {
    picture("one_variable", "persistent_sodium/bistable_below", 10.0, Theme::Light);
}

#[test]
fn four_variables_look_as_before() {
    picture("four_variables", "hodgkin_huxley/repetitive_firing_10", 60.0, Theme::Dark);
}
