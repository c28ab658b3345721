//! Theme, views, the list of keys.

use eframe::egui::{Event, Key, Modifiers, Theme, accesskit::Role};
use egui_kittest::kittest::Queryable;

use crate::harness::{Asked, CTRL, window, window_of};

#[test]
fn the_theme_can_be_switched_and_switched_back() {
    let mut window = window("izhikevich/tonic_spiking");
    let dark = window.render().unwrap();
    window.push("Dark or light");
    assert_eq!(window.ctx.theme(), Theme::Light);
    let light = window.render().unwrap();
    let brightness = |p: &image::RgbaImage| p.pixels().map(|p| u64::from(p[0]) + u64::from(p[1]) + u64::from(p[2])).sum::<u64>();
    assert!(brightness(&light) > 3 * brightness(&dark));
    window.push("Dark or light");
    assert_eq!(window.ctx.theme(), Theme::Dark);
}

#[test]
fn every_view_can_be_opened_by_one_command_and_put_back() {
    let mut window = window("izhikevich/tonic_spiking");
    let areas =
        ["Traces", "Phase plane", "Bifurcation diagram", "Map of two parameters", "f\u{2013}I curve", "Phase line", "Intervals between spikes"];
    let seen = |window: &crate::harness::Window| areas.iter().filter(|name| window.query_by_role_and_label(Role::Image, name).is_some()).count();
    assert_eq!(seen(&window), 2);
    window.push("View");
    window.push("Open every view");
    window.run_steps(3);
    assert_eq!(seen(&window), areas.len());
    let open = window.state().open_views();
    let missing: Vec<&str> = neuron_playground::ui::view_ids().filter(|id| !open.iter().any(|o| o == id)).collect();
    assert_eq!(missing, Vec::<&str>::new());
    window.push("Standard layout");
    window.run_steps(3);
    assert_eq!(seen(&window), 3);
}

#[test]
fn the_view_menu_closes_views_and_opens_them_again() {
    let mut window = window("izhikevich/tonic_spiking");
    let views = [
        ("traces", "Traces"),
        ("plane", "Phase plane"),
        ("bifurcation", "Bifurcation"),
        ("fi", "f\u{2013}I curve"),
        ("trace_determinant", "\u{3c4}\u{2013}\u{394}"),
        ("parameter_map", "Two parameters"),
        ("spike_map", "Spike map"),
    ];
    window.push("View");
    let mut open = views.len();
    for (id, title) in views {
        window.get_by_role_and_label(Role::CheckBox, title).click();
        window.step();
        window.run_steps(3);
        open -= 1;
        assert!(!window.state().open_views().contains(&id.to_string()));
        assert_eq!(window.state().open_views().len(), open);
    }
    for (id, title) in views {
        window.get_by_role_and_label(Role::CheckBox, title).click();
        window.step();
        window.run_steps(3);
        assert!(window.state().open_views().contains(&id.to_string()), "{id}: {:?}", window.state().open_views());
    }
    window.push("Standard layout");
    window.press(Key::Escape);
    window.run_steps(3);
    assert_eq!(window.state().open_views().len(), views.len());
    assert!(window.query_by_role_and_label(Role::Image, "Traces").is_some());
    assert!(window.query_by_role_and_label(Role::Image, "Phase plane").is_some());
}

#[test]
fn a_number_key_brings_a_view_to_the_front() {
    let mut window = window("izhikevich/tonic_spiking");
    let front = |w: &crate::harness::Window, name: &str| w.query_by_role_and_label(Role::Image, name).is_some();
    window.press(Key::Num9);
    window.run_steps(2);
    assert!(front(&window, "Intervals between spikes"));
    window.press(Key::Num8);
    window.run_steps(2);
    assert!(!front(&window, "Intervals between spikes"));
    window.push("View");
    window.get_by_role_and_label(Role::CheckBox, "Phase plane").click();
    window.step();
    window.press(Key::Escape);
    window.run_steps(3);
    assert!(!front(&window, "Phase plane"));
    window.press(Key::Num2);
    window.run_steps(3);
    assert!(front(&window, "Phase plane"), "a closed view is opened");
}

#[test]
fn a_tab_is_chosen_by_a_click() {
    let mut window = window("izhikevich/tonic_spiking");
    window.push("Two parameters");
    window.run_steps(2);
    assert!(window.query_by_role_and_label(Role::Image, "Map of two parameters").is_some());
}

#[test]
fn a_tab_that_comes_to_the_front_is_wholly_in_sight() {
    use crate::harness::{SMALL, window_on};
    let setup = neuron_playground::preset::embedded("izhikevich/tonic_spiking").unwrap();
    let mut window = window_on(setup, None, SMALL, Theme::Dark);
    window.run_steps(5);
    window.state_mut().show_view("spike_map");
    window.run_steps(6);
    // What is cut off has a name, but no text that is painted whole.
    let is_whole = |s: &eframe::egui::epaint::ClippedShape| matches!(&s.shape, eframe::egui::Shape::Text(t) if t.galley.text() == "Spike map" && s.clip_rect.contains_rect(t.visual_bounding_rect()));
    assert!(window.output().shapes.iter().any(is_whole));
}

#[test]
fn the_question_mark_opens_the_list_of_keys_and_escape_closes_it() {
    let mut window = window("izhikevich/tonic_spiking");
    let open = |w: &crate::harness::Window| w.query_by_label("Keys and gestures").is_some();
    // As a keyboard sends it: with Shift held.
    window.press_with(Modifiers::SHIFT, Key::Questionmark);
    window.run_steps(2);
    assert!(open(&window));
    window.press(Key::Escape);
    window.run_steps(2);
    assert!(!open(&window));
    window.push("Keys and gestures (?)");
    window.run_steps(2);
    assert!(open(&window));
    window.push("Close");
    window.run_steps(2);
    assert!(!open(&window));
}

#[test]
fn everything_can_be_made_larger_and_smaller() {
    let mut window = window("izhikevich/tonic_spiking");
    window.push("View");
    window.push("Larger");
    assert!((window.ctx.zoom_factor() - 1.1).abs() < 1e-3);
    window.get_by_role_and_label(Role::CheckBox, "Projector").click();
    window.step();
    window.run_steps(3);
    assert!((window.ctx.zoom_factor() - 1.5).abs() < 1e-3);
    window.press(Key::Escape);
    window.press_with(CTRL, Key::Num0);
    window.run_steps(2);
    assert!((window.ctx.zoom_factor() - 1.0).abs() < 1e-3);
}

#[test]
fn scrolling_the_traces_zooms_time_and_a_double_click_follows_again() {
    let mut window = window("izhikevich/tonic_spiking");
    let duration = window.bench().setup().duration;
    window.state_mut().run_to(0.8 * duration);
    window.run_steps(2);
    let all = format!("last {duration} ms");
    assert!(window.shows(&all), "{:?}", window.texts());
    let area = window.area("Traces");
    window.scroll_at(area.center(), 100.0);
    assert!(!window.shows(&all));
    window.double_click_at(area.center());
    assert!(window.shows(&all));
}

#[test]
fn keys_that_write_text_reach_an_open_dialog_only() {
    let mut window = window_of("hodgkin_huxley");
    window.press_with(CTRL, Key::O);
    window.run_steps(2);
    let before = window.v();
    for (key, text) in [(Key::K, "k"), (Key::P, "p"), (Key::R, "r"), (Key::Space, " ")] {
        window.press(key);
        window.event(Event::Text(text.into()));
        window.step();
    }
    assert_eq!(window.v().to_bits(), before.to_bits());
    assert!(!window.bench().is_playing() && window.bench().pulses().is_empty());
}
