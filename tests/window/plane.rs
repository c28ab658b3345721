//! The plane: click to start there, throw the state, zoom, fit.

use eframe::egui::{Key, Pos2, Shape, Theme, accesskit::Role, vec2};
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
fn the_plane_of_two_gates_follows_the_state_wherever_it_goes() {
    for current in [-20.0, 0.0, 150.0] {
        let mut window = window_of("hodgkin_huxley");
        window.state_mut().apply(Command::Current(current));
        for part in 1..=4_u8 {
            window.state_mut().run_to(20.0 * f64::from(part));
            window.run_steps(2);
            let (at, area) = (state_at(&window), window.area("Phase plane"));
            assert!(area.contains(at), "{current}: {at:?} in {area:?}");
        }
    }
}

#[test]
fn a_plane_at_rest_does_not_shrink_to_the_last_digits_of_rest() {
    let window = window("persistent_sodium_potassium/subcritical_bistable");
    let shown = window.state().derived().balance();
    let (first, last) = (shown.first().unwrap()[0], shown.last().unwrap()[0]);
    assert!(last - first > 20.0, "{first} to {last} mV");
}

#[test]
fn the_layers_are_a_menu_that_stays_open() {
    let setup = preset::embedded("izhikevich/tonic_spiking").unwrap();
    for size in [[800.0, 560.0], [1600.0, 1000.0]] {
        let mut window = window_on(setup.clone(), None, size, Theme::Dark);
        assert!(window.query_by_role_and_label(Role::CheckBox, "flow").is_none());
        open_layers(&mut window);
        window.get_by_role_and_label(Role::CheckBox, "separatrix").click();
        window.step();
        window.run_steps(3);
        assert!(window.query_by_role_and_label(Role::CheckBox, "flow").is_some(), "the menu stays open");
    }
}

fn open_layers(window: &mut Window) {
    window.get_by_role_and_label(Role::Button, "Layers").click();
    window.step();
    window.remove_cursor();
    window.run_steps(3);
}

/// What is drawn, as text, without the menu: it stands in a layer of its own.
fn drawn(window: &Window) -> Vec<String> {
    window.output().shapes.iter().map(|clipped| format!("{:?} {:?}", clipped.clip_rect, clipped.shape)).collect()
}

#[test]
fn every_layer_that_is_drawn_has_a_switch_with_its_sample() {
    for (id, t, layers) in [
        ("izhikevich/bursting_beside_rest", 60.0, &["flow", "nullcline of v", "nullcline of u", "equilibria", "orbit", "reset"][..]),
        ("persistent_sodium_potassium/homoclinic_bistable", 20.0, &["separatrix", "outgoing", "cycles", "firing", "orbit", "equilibria"]),
        ("hodgkin_huxley/repetitive_firing_10", 30.0, &["flow", "nullcline of V", "nullcline of n", "equilibria", "orbit"]),
        ("persistent_sodium/bistable_below", 10.0, &["flow", "rate", "equilibria"]),
        ("lif/playground_default", 10.0, &["flow", "rate", "equilibria", "reset"]),
    ] {
        let mut window = window(id);
        window.state_mut().run_to(t);
        window.run_steps(4);
        let area = ["Phase plane", "Phase line"].iter().find_map(|name| window.query_by_role_and_label(Role::Image, name)).unwrap().rect();
        for layer in layers {
            open_layers(&mut window);
            // What lies in the plane only, so that neither the menu nor its switches count.
            let inside = |window: &mut Window| {
                window.press(Key::Escape);
                window.run_steps(4);
                let all = drawn(window).into_iter().zip(window.output().shapes.iter().map(|c| c.shape.visual_bounding_rect()));
                all.filter(|(_, rect)| area.expand(40.0).intersects(*rect)).map(|(text, _)| text).collect::<Vec<_>>()
            };
            let before = inside(&mut window);
            open_layers(&mut window);
            window.get_by_role_and_label(Role::CheckBox, layer).click();
            window.step();
            window.remove_cursor();
            let after = inside(&mut window);
            assert!(after.len() < before.len(), "{id}: hiding {layer} leaves {} of {}", after.len(), before.len());
            open_layers(&mut window);
            window.get_by_role_and_label(Role::CheckBox, layer).click();
            window.step();
            window.remove_cursor();
            assert_eq!(inside(&mut window).len(), before.len(), "{id}: {layer} comes back");
        }
    }
}

#[test]
fn the_legend_names_every_sign_of_an_equilibrium_that_the_model_can_have() {
    for (id, signs) in [("persistent_sodium/bistable_below", 1), ("izhikevich/tonic_spiking", 3), ("hodgkin_huxley/rest", 3)] {
        let mut window = window(id);
        open_layers(&mut window);
        let rows = ["stable node, unstable node", "stable focus, unstable focus", "saddle"];
        let seen = rows.iter().filter(|row| window.query_all_by_label_contains(row).next().is_some()).count();
        assert_eq!(seen, signs, "{id}");
    }
}

#[test]
fn time_stands_still_for_a_state_in_the_hand_and_the_trace_breaks_once() {
    for id in ["izhikevich/tonic_spiking", "hodgkin_huxley/rest", "persistent_sodium/bistable_below"] {
        let mut window = window(id);
        window.press(Key::Space);
        window.run_steps(30);
        let name = if window.bench().setup().neuron.dim() == 1 { "State" } else { "Phase plane" };
        let area = window.get_all_by_role_and_label(Role::Image, name).next().unwrap().rect();
        // The state runs: it is taken where it is, while the window is paused for a moment.
        window.press(Key::Space);
        let at = if name == "State" { area.center() } else { state_at(&window) };
        window.hover_at(at);
        window.drag_at(at);
        window.hover_at(at + vec2(9.0, 0.0));
        window.run_steps(1);
        window.send(Command::Play(true));
        let (t, spikes) = (window.bench().simulation().time(), window.bench().trace().spikes().len());
        for k in 0..40 {
            window.hover_at(at + vec2(60.0 * (0.4 * k as f32).sin(), -20.0 * (0.3 * k as f32).sin()));
            window.step();
        }
        assert_eq!(window.bench().simulation().time(), t, "{id}");
        let held = window.bench().shown().1;
        window.drop_at(at + vec2(50.0, -5.0));
        window.run_steps(20);
        let trace = window.bench().trace();
        assert!(window.bench().simulation().time() > t, "{id}: it runs on");
        assert_eq!(trace.breaks().count(), 1, "{id}: one jump");
        let broken = trace.breaks().next().unwrap();
        assert_eq!((trace.time(broken), trace.time(broken - 1)), (t, t), "{id}");
        assert_ne!(bits(&held), bits(&trace.state(broken - 1)));
        assert!(trace.spikes().len() <= spikes + 1, "{id}: a hand leaves no spikes");
    }
}

/// Where the dot of the state is drawn in the plane.
fn state_at(window: &Window) -> Pos2 {
    let area = window.area("Phase plane");
    let ring = |shape: &Shape| match shape {
        Shape::Circle(c) if (c.radius - 10.0).abs() < 1e-3 && area.contains(c.center) => Some(c.center),
        _ => None,
    };
    window.output().shapes.iter().find_map(|clipped| ring(&clipped.shape)).expect("a state in the plane")
}

#[test]
fn on_the_phase_line_only_a_drag_on_the_state_carries_it() {
    let mut window = window_of("persistent_sodium");
    let area = window.get_all_by_role_and_label(Role::Image, "Phase line").next().unwrap().rect();
    window.click_at(within(area, 0.3, 0.2));
    let put = window.v();
    window.drag(within(area, 0.6, 0.2), within(area, 0.8, 0.2));
    assert_eq!(window.v(), put, "a drag beside it does nothing");
    let state = window.get_all_by_role_and_label(Role::Image, "State").next().unwrap().rect().center();
    window.drag(state, state + 0.3 * area.width() * vec2(1.0, 0.0));
    assert!(window.v() > put + 10.0, "{} after {put}", window.v());
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

#[test]
fn a_click_that_nearly_meets_an_equilibrium_selects_it_and_a_drag_from_there_still_throws() {
    let mut window = window("persistent_sodium_potassium/high_threshold_rest");
    window.run_steps(3);
    let before = window.bench().shown().1;
    let saddle = window.button("saddle, 1").rect().center();
    window.click_at(saddle + vec2(9.0, -8.0));
    assert!(window.query_by_label("J").is_some(), "{:?}", window.texts());
    assert_eq!(window.bench().shown().1, before);
    window.press(Key::Escape);
    let node = window.button("stable node, 0").rect().center();
    window.click_at(node + vec2(0.0, 40.0));
    window.click_at(node + vec2(0.0, 40.0));
    let here = window.bench().shown().1;
    window.drag(node + vec2(0.0, 40.0), node);
    window.drag(node, node + vec2(60.0, 0.0));
    assert!(window.bench().shown().1[0] > here[0] + 1.0, "{:?} after {here:?}", window.bench().shown().1);
}
