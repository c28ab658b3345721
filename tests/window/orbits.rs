//! Orbits that stay in the plane, and kicks that do not stop time.

use eframe::egui::{Event, Key, Modifiers, PointerButton, Pos2};
use egui_kittest::kittest::Queryable;
use neuron_playground::app::Command;

use crate::harness::{Asked, CTRL, CTRL_SHIFT, Window, bits, window, window_of, within};

fn button(window: &mut Window, at: Pos2, pressed: bool) {
    window.event(Event::ModifiersChanged(Modifiers::SHIFT));
    window.event(Event::PointerButton { pos: at, button: PointerButton::Primary, pressed, modifiers: Modifiers::SHIFT });
    window.step();
}

fn shift_click(window: &mut Window, at: Pos2) {
    window.hover_at(at);
    window.step();
    button(window, at, true);
    button(window, at, false);
    window.event(Event::ModifiersChanged(Modifiers::NONE));
    window.run_steps(30);
}

#[test]
fn shift_click_keeps_an_orbit_forward_to_its_spike_and_backward_in_time() {
    let mut window = window("izhikevich/tonic_spiking");
    let state = window.bench().simulation().state().to_vec();
    let area = window.area("Phase plane");
    shift_click(&mut window, within(area, 0.5, 0.6));
    assert_eq!(bits(window.bench().simulation().state()), bits(&state), "the running neuron is left alone");
    assert_eq!(window.bench().orbits().len(), 1);
    let seed = window.bench().orbits()[0].clone();
    let orbits = window.state().derived().orbits().to_vec();
    assert_eq!(orbits[0].forward[0], [seed[0], seed[1]]);
    assert_eq!(orbits[0].backward[0], [seed[0], seed[1]]);
    assert!(orbits[0].forward.len() > 20 && orbits[0].backward.len() > 5, "{}, {}", orbits[0].forward.len(), orbits[0].backward.len());
}

#[test]
fn kept_orbits_stay_put_while_sliders_move_and_follow_the_parameters() {
    let mut window = window("izhikevich/tonic_spiking");
    let area = window.area("Phase plane");
    shift_click(&mut window, within(area, 0.6, 0.5));
    let seeds = window.bench().orbits().to_vec();
    let before = window.state().derived().orbits().to_vec();
    let nullcline = window.state().derived().nullclines()[0].clone();
    window.send(Command::Current(12.0));
    assert!(window.state().derived().nullclines()[0] != nullcline);
    assert_eq!(window.bench().orbits(), seeds);
    let after = window.state().derived().orbits().to_vec();
    assert!(after != before, "also while time stands still");
    assert_eq!(after[0].forward[0], before[0].forward[0]);
    assert!(before[0].jump.is_none() && after[0].jump.is_some(), "with more current it fires");
}

#[test]
fn orbits_go_by_escape_by_their_button_and_by_a_second_click_and_undo_brings_them_back() {
    let mut window = window("izhikevich/tonic_spiking");
    let area = window.area("Phase plane");
    let (a, b) = (within(area, 0.2, 0.3), within(area, 0.6, 0.3));
    shift_click(&mut window, a);
    shift_click(&mut window, b);
    assert_eq!(window.bench().orbits().len(), 2);
    shift_click(&mut window, a);
    assert_eq!(window.bench().orbits().len(), 1);
    window.press_with(CTRL, Key::Z);
    assert_eq!(window.bench().orbits().len(), 2);
    window.press(Key::Escape);
    assert!(window.bench().orbits().is_empty());
    window.press_with(CTRL, Key::Z);
    assert_eq!(window.bench().orbits().len(), 2);
    window.run_steps(3);
    window.push("Clear orbits");
    assert!(window.bench().orbits().is_empty());
    assert!(window.query_by_label("Clear orbits").is_none());
    for left in [2, 1, 0] {
        window.press_with(CTRL, Key::Z);
        assert_eq!(window.bench().orbits().len(), left);
    }
    window.press_with(CTRL_SHIFT, Key::Z);
    assert_eq!(window.bench().orbits().len(), 1);
}

#[test]
fn taking_back_an_orbit_leaves_the_past_that_is_looked_at() {
    let mut window = window("izhikevich/tonic_spiking");
    window.state_mut().run_to(60.0);
    window.press(Key::O);
    window.send(Command::Scrub(Some(30.0)));
    window.press_with(CTRL, Key::Z);
    assert!(window.bench().orbits().is_empty());
    assert!(window.bench().cursor().is_some());
    assert!((window.bench().simulation().time() - 60.0).abs() < 1e-9);
}

#[test]
fn the_o_key_keeps_the_orbit_through_the_state_and_another_preset_lets_it_go() {
    let mut window = window_of("hodgkin_huxley");
    window.press(Key::O);
    window.run_steps(2);
    assert_eq!(window.bench().orbits().len(), 1);
    assert!(window.state().derived().orbits()[0].forward.iter().all(|p| p[0].is_finite()));
    window.send(Command::Preset("hodgkin_huxley/rest".into()));
    assert!(window.bench().orbits().is_empty());
    for _ in 0..20 {
        window.press(Key::O);
    }
    assert!(window.bench().orbits().len() <= 8, "the oldest make room");
}

#[test]
fn shift_drag_kicks_the_running_state_by_the_length_of_the_drag_and_time_goes_on() {
    let mut window = window("izhikevich/tonic_spiking");
    let area = window.area("Phase plane");
    let (from, to) = (within(area, 0.2, 0.8), within(area, 0.4, 0.6));
    window.click_at(to);
    let high = window.bench().simulation().state().to_vec();
    window.click_at(from);
    let low = window.bench().simulation().state().to_vec();
    window.hover_at(from);
    window.step();
    button(&mut window, from, true);
    for k in 1..=10 {
        window.hover_at(from + (to - from) * (k as f32 / 10.0));
        window.step();
    }
    assert_eq!(bits(window.bench().simulation().state()), bits(&low), "nothing has happened yet");
    assert!(window.shows("Δv = +") && window.shows("Δu = +"), "{:?}", window.texts());
    window.send(Command::Play(true));
    let t = window.bench().simulation().time();
    window.run_steps(3);
    assert!(window.bench().simulation().time() > t, "time goes on under the hand");
    window.send(Command::Play(false));
    let moved = window.bench().simulation().state().to_vec();
    button(&mut window, to, false);
    window.event(Event::ModifiersChanged(Modifiers::NONE));
    window.run_steps(2);
    let kicked = window.bench().simulation().state().to_vec();
    for n in 0..2 {
        let wanted = high[n] - low[n];
        assert!((kicked[n] - moved[n] - wanted).abs() < 0.03 * wanted.abs(), "{n}: {} is not {wanted}", kicked[n] - moved[n]);
    }
    assert!(!window.shows("Δv = +"));
}

#[test]
fn kicks_have_keys_in_both_directions_and_on_both_axes() {
    let mut window = window("izhikevich/tonic_spiking");
    let start = window.bench().simulation().state().to_vec();
    window.press(Key::K);
    assert!(window.v() > start[0]);
    window.press_with(Modifiers::SHIFT, Key::K);
    assert!((window.v() - start[0]).abs() < 1e-9);
    window.press(Key::J);
    assert!(window.bench().simulation().state()[1] > start[1]);
    window.press_with(Modifiers::SHIFT, Key::J);
    assert!((window.bench().simulation().state()[1] - start[1]).abs() < 1e-9);
}
