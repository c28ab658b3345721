//! The plane: click to start there, throw the state, zoom, fit.

use eframe::egui::{Key, Shape, Theme, accesskit::Role};
use egui_kittest::kittest::Queryable;

use neuron_playground::app::Command;
use neuron_playground::preset;

use crate::harness::{Asked, Window, bits, window, window_of, window_on, within};

/// Puts the state at two places and tells the model's distance between them: across and up.
fn span(window: &mut Window) -> [f64; 2] {
    let area = window.area("Phase plane");
    window.click_at(within(area, 0.2, 0.8));
    let low = window.bench().simulation().state().to_vec();
    window.click_at(within(area, 0.6, 0.3));
    let high = window.bench().simulation().state().to_vec();
    [high[0] - low[0], high[1] - low[1]]
}

#[test]
fn a_click_in_the_plane_puts_the_state_there() {
    let mut window = window("izhikevich/tonic_spiking");
    let area = window.area("Phase plane");
    let [across, up] = span(&mut window);
    assert!(across > 5.0 && up > 1.0, "right is a higher V and up is a higher u: {across}, {up}");
    window.click_at(within(area, 0.2, 0.8));
    let start = window.bench().simulation().state().to_vec();
    window.click_at(within(area, 0.4, 0.55));
    let middle = window.bench().simulation().state().to_vec();
    assert!((middle[0] - start[0] - 0.5 * across).abs() < 0.02 * across, "the axes are linear");
    assert!((middle[1] - start[1] - 0.5 * up).abs() < 0.02 * up, "the axes are linear");
    assert_eq!(bits(&window.bench().shown().1), bits(&middle), "views show the new state");
}

/// How many strengths the lines of the orbit behind the comet are drawn in.
fn strengths(window: &Window) -> usize {
    let mut found: Vec<String> = Vec::new();
    for clipped in &window.output().shapes {
        let Shape::Path(path) = &clipped.shape else { continue };
        let colour = format!("{:?}", path.stroke.color);
        if path.points.len() > 5 && (path.stroke.width - 1.2).abs() < 1e-6 && !found.contains(&colour) {
            found.push(colour);
        }
    }
    found.len()
}

#[test]
fn the_orbit_at_former_parameters_is_fainter_than_the_one_at_the_present() {
    let mut window = window("izhikevich/tonic_spiking");
    window.state_mut().run_to(60.0);
    window.run_steps(2);
    assert_eq!((window.bench().altered(), strengths(&window)), (0.0, 1));
    window.send(Command::Param(0, 0.1));
    assert_eq!((window.bench().altered(), strengths(&window)), (60.0, 1));
    window.state_mut().run_to(90.0);
    window.run_steps(2);
    assert_eq!(strengths(&window), 2, "what was before, and what came since");
    // A change of the stimulus leaves nullclines and orbits where they are.
    window.send(Command::Stimulus(Vec::new()));
    assert_eq!(window.bench().altered(), 60.0);
    // Back to before the change, everything that comes is of the present values.
    window.send(Command::Scrub(Some(40.0)));
    window.send(Command::Step);
    assert_eq!(window.bench().altered(), 40.0);
    window.send(Command::Restart);
    assert_eq!(window.bench().altered(), 0.0);
}

#[test]
fn a_state_put_somewhere_runs_on_from_there() {
    let mut window = window("izhikevich/tonic_spiking");
    let area = window.area("Phase plane");
    window.press(Key::Space);
    window.run_steps(30);
    window.press(Key::Space);
    let t = window.bench().simulation().time();
    window.click_at(within(area, 0.15, 0.2));
    assert_eq!(window.bench().simulation().time(), t);
    let put = window.v();
    window.press(Key::Period);
    assert!(window.bench().simulation().time() > t);
    assert!((window.v() - put).abs() < 20.0 && window.v().to_bits() != put.to_bits());
}

#[test]
fn dragging_the_state_throws_it() {
    let mut window = window("izhikevich/tonic_spiking");
    let area = window.area("Phase plane");
    let (from, to) = (within(area, 0.2, 0.8), within(area, 0.5, 0.4));
    window.click_at(to);
    let wanted = window.bench().simulation().state().to_vec();
    window.click_at(from);
    window.drag(from, to);
    let got = window.bench().simulation().state().to_vec();
    assert!((got[0] - wanted[0]).abs() < 0.1 && (got[1] - wanted[1]).abs() < 0.1, "{got:?} is not {wanted:?}");
}

#[test]
fn dragging_empty_space_moves_the_window_and_leaves_the_state() {
    let mut window = window("izhikevich/tonic_spiking");
    let area = window.area("Phase plane");
    let (a, b) = (within(area, 0.2, 0.8), within(area, 0.6, 0.3));
    window.click_at(a);
    let state = window.bench().simulation().state().to_vec();
    window.drag(b, b + 0.1 * area.size());
    assert_eq!(bits(window.bench().simulation().state()), bits(&state));
    window.click_at(a);
    let moved = window.bench().simulation().state().to_vec();
    assert!(moved[0] < state[0] && moved[1] > state[1], "what lay up and left has come here");
}

#[test]
fn scrolling_zooms_the_plane_and_a_double_click_fits_it_again() {
    let mut window = window("izhikevich/tonic_spiking");
    let area = window.area("Phase plane");
    let before = span(&mut window);
    window.scroll_at(area.center(), 120.0);
    let near = span(&mut window);
    assert!(near[0] < 0.8 * before[0] && near[1] < 0.8 * before[1], "{near:?} against {before:?}");
    window.double_click_at(within(area, 0.6, 0.3));
    let fitted = span(&mut window);
    assert!((fitted[0] / before[0] - 1.0).abs() < 0.3, "{fitted:?} against {before:?}");
}

#[test]
fn one_variable_has_a_line_on_which_the_state_can_be_put() {
    let mut window = window_of("persistent_sodium");
    assert!(window.query_all_by_role_and_label(Role::Image, "Phase plane").next().is_none());
    let area = window.get_all_by_role_and_label(Role::Image, "Phase line").next().unwrap().rect();
    window.click_at(within(area, 0.25, 0.5));
    let low = window.v();
    window.click_at(within(area, 0.75, 0.5));
    assert!(window.v() > low + 10.0);
}

#[test]
fn four_variables_offer_a_choice_of_the_vertical_axis() {
    let mut window = window_of("hodgkin_huxley");
    window.get_by_role_and_label(Role::CheckBox, "m").click();
    window.step();
    window.remove_cursor();
    window.run_steps(3);
    let names: Vec<&str> = window.bench().setup().neuron.states().iter().map(|f| f.id).collect();
    let plane = window.state().derived().plane().unwrap();
    assert_eq!(names[plane.y], "m");
    let area = window.area("Phase plane");
    let before = window.bench().simulation().state().to_vec();
    window.click_at(within(area, 0.5, 0.5));
    let after = window.bench().simulation().state().to_vec();
    let changed: Vec<&str> = names.iter().zip(before.iter().zip(&after)).filter(|(_, (a, b))| a != b).map(|(n, _)| *n).collect();
    assert_eq!(changed, ["V", "m"], "only what is on the axes moves");
}

#[test]
fn a_plane_at_rest_does_not_shrink_to_the_last_digits_of_rest() {
    let window = window("persistent_sodium_potassium/subcritical_bistable");
    let shown = window.state().derived().balance();
    let (first, last) = (shown.first().unwrap()[0], shown.last().unwrap()[0]);
    assert!(last - first > 20.0, "{first} to {last} mV");
}

#[test]
fn in_a_narrow_window_the_layers_are_a_menu() {
    let setup = preset::embedded("izhikevich/tonic_spiking").unwrap();
    let mut window = window_on(setup, None, [800.0, 560.0], Theme::Dark);
    assert!(window.query_by_role_and_label(Role::CheckBox, "flow").is_none());
    window.get_by_role_and_label(Role::Button, "Layers").click();
    window.step();
    window.run_steps(3);
    window.get_by_role_and_label(Role::CheckBox, "threshold").click();
    window.step();
    window.run_steps(3);
    assert!(window.query_by_role_and_label(Role::CheckBox, "flow").is_some(), "the menu stays open");
}

#[test]
fn layers_of_the_plane_can_be_hidden() {
    let mut window = window("izhikevich/tonic_spiking");
    let shapes = |w: &Window| w.output().shapes.len();
    let all = shapes(&window);
    for layer in ["flow", "nullclines", "orbit"] {
        window.get_by_role_and_label(Role::CheckBox, layer).click();
        window.step();
    }
    window.remove_cursor();
    window.run_steps(3);
    assert!(shapes(&window) < all, "{} of {all} shapes are left", shapes(&window));
}

#[test]
fn a_click_on_an_equilibrium_opens_its_card_and_leaves_the_state_alone() {
    let mut window = window("persistent_sodium_potassium/high_threshold_rest");
    window.run_steps(3);
    let before = window.bench().shown().1;
    window.push("saddle, 1");
    window.run_steps(2);
    assert!(window.query_by_label("J").is_some());
    assert_eq!(window.query_all_by_label_contains("λ = ").count(), 2, "both eigenvalues of the saddle");
    assert_eq!(window.bench().shown().1, before);
}
