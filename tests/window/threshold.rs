//! The spike map as a view, and what the plane says about the threshold.

use eframe::egui::{Key, accesskit::Role};
use egui_kittest::kittest::Queryable;
use neuron_playground::analysis::{Attractor, Outcome, Threshold};
use neuron_playground::app::Command;

use crate::harness::{Asked, Window, window, window_of, within};

/// The window with the spike map in front.
fn with_map(mut window: Window) -> Window {
    window.press(Key::Num7);
    window.run_steps(4);
    window
}

fn picture(window: &Window) -> &neuron_playground::app::MapPicture {
    let model = window.bench().setup().neuron.card().id;
    window.state().derived().landscape().map(model).expect("a spike map")
}

#[test]
fn the_spike_map_says_what_the_resets_settle_to() {
    let mut window = with_map(window("izhikevich/bursting_beside_rest"));
    assert!(window.shows("Bursts: resets repeat after 4 spikes"), "{:?}", window.texts());
    assert!(window.shows("beside a stable rest") && window.shows("after a spike"));
    let Attractor::Cycle(cycle) = &picture(&window).attractor else { panic!("a rhythm") };
    assert_eq!(cycle.spikes(), 4);
    window.send(Command::Current(0.0));
    window.press(Key::Period);
    window.run_steps(3);
    assert!(window.shows("No firing lasts"), "{:?}", window.texts());
}

#[test]
fn a_click_in_the_spike_map_starts_right_after_a_reset() {
    let mut window = with_map(window("izhikevich/tonic_bursting"));
    window.send(Command::Current(15.0));
    window.press(Key::Period);
    window.run_steps(3);
    let area = window.area("Spike map");
    window.click_at(within(area, 0.3, 0.5));
    let low = window.bench().simulation().state().to_vec();
    window.click_at(within(area, 0.7, 0.2));
    let high = window.bench().simulation().state().to_vec();
    assert_eq!(low[0], window.param("c"));
    assert!(high[0] == low[0] && high[1] > low[1] + 1.0, "{low:?} {high:?}");
}

#[test]
fn models_without_a_map_say_why() {
    assert!(with_map(window_of("fitzhugh_nagumo")).shows("No reset, no spike map"));
    let mut one = window_of("lif");
    one.press(Key::Num7);
    one.run_steps(4);
    assert!(one.shows("one variable has no memory"), "{:?}", one.texts());
}

#[test]
fn the_plane_names_the_separatrix_and_the_unstable_cycle() {
    let saddle = window("persistent_sodium_potassium/homoclinic_bistable");
    assert!(saddle.shows("separatrix"));
    let resonator = window("persistent_sodium_potassium/subcritical_bistable");
    assert!(resonator.shows("unstable cycle"));
    let plane = resonator.state().derived().landscape().plane("persistent_sodium_potassium").expect("a picture");
    assert_eq!(plane.coexistence().map(|b| b.beyond), Some(Outcome::Cycle));
}

#[test]
fn the_plane_says_so_where_no_threshold_is_sharp() {
    let mut window = window_of("fitzhugh_nagumo_classic");
    assert!(window.shows("no sharp threshold"), "{:?}", window.texts());
    // With rest gone there is nothing to part.
    window.send(Command::Current(0.8));
    window.press(Key::Period);
    window.run_steps(3);
    assert!(!window.shows("no sharp threshold"));
    let plane = window.state().derived().landscape().plane("fitzhugh_nagumo_classic").expect("a picture");
    assert_eq!(plane.portrayal.threshold, Threshold::NoRest);
}

#[test]
fn the_threshold_layer_can_be_hidden_where_there_is_one() {
    let mut window = window("izhikevich/bistability");
    assert!(window.shows("separatrix"));
    let switch = |window: &mut Window, name: &str| {
        window.get_by_role_and_label(Role::Button, "Layers").click();
        window.step();
        window.run_steps(3);
        let found = window.query_by_role_and_label(Role::CheckBox, name).map(|node| node.click());
        window.step();
        window.press(Key::Escape);
        window.remove_cursor();
        window.run_steps(3);
        found.is_some()
    };
    assert!(switch(&mut window, "separatrix"));
    assert!(!window.shows("separatrix"));
    assert!(!switch(&mut window_of("hodgkin_huxley"), "separatrix"));
}

#[test]
fn at_rest_the_status_line_names_the_kick_that_leads_elsewhere() {
    for (id, does) in [
        ("persistent_sodium_potassium/homoclinic_bistable", "starts a lasting rhythm"),
        ("izhikevich/tonic_spiking", "makes it fire"),
        ("persistent_sodium/bistable_below", "takes it to another rest"),
    ] {
        let mut window = window(id);
        window.send(Command::Stimulus(Vec::new()));
        let (_, _, current) = window.bench().shown();
        let setup = window.bench().setup();
        let points = neuron_playground::analysis::equilibria(setup.neuron, &setup.params, current).points;
        let rest = points.iter().find(|point| point.kind.is_stable()).expect("a rest").state.clone();
        window.send(Command::Restart);
        window.send(Command::State(rest));
        window.run_steps(4);
        let hint = window.state().derived().regime().hint.clone();
        assert!(hint.starts_with("A kick of +") && hint.ends_with(&format!("mV {does}.")), "{id}: {hint}");
        assert!(window.texts().iter().any(|text| text.contains(&hint)), "{id}: {:?}", window.texts());
    }
}
