//! The bifurcation diagram and the map of two parameters, used with the pointer.

use eframe::egui::{Key, Role, Theme, pos2};
use egui_kittest::kittest::Queryable;
use neuron_playground::analysis::Over;
use neuron_playground::analysis::diagram::{Ending, Kind};
use neuron_playground::preset;

use crate::harness::{Asked, SMALL, Window, placed_texts, window, window_on};

fn kinds(window: &Window) -> Vec<&'static str> {
    window.state().derived().diagrams().shown().map_or_else(Vec::new, |s| s.diagram.special.iter().map(|p| p.kind.id()).collect())
}

#[test]
fn dragging_the_line_of_i_moves_the_neuron_in_every_view() {
    let mut window = window("persistent_sodium_potassium/high_threshold_5");
    for key in [Key::Num3, Key::Num4] {
        window.press(key);
        window.run_steps(3);
        let before = window.bench().setup().current;
        let line = window.get_by_role_and_label(Role::Slider, "I line").rect();
        window.drag(line.center(), line.center() + eframe::egui::vec2(40.0, 0.0));
        window.run_steps(3);
        let after = window.bench().setup().current;
        assert!(after > before, "{before} to {after}");
        let points = &window.state().derived().equilibria().points;
        assert!(!points.is_empty());
    }
}

#[test]
fn a_fast_potassium_current_turns_the_circle_into_a_fold_off_the_cycle() {
    let mut window = window("persistent_sodium_potassium/high_threshold_5");
    window.press(Key::Num3);
    window.run_steps(3);
    assert!(kinds(&window).contains(&"saddle_node_on_invariant_circle"), "{:?}", kinds(&window));
    let place = window.bench().setup().neuron.params().iter().position(|f| f.id == "tau_n").unwrap();
    for tau in [0.8, 0.5, 0.3, 0.2, 0.16, 0.152] {
        window.send(neuron_playground::app::Command::Param(place, tau));
        window.run_steps(2);
        assert!(window.state().derived().diagrams().is_current());
    }
    let found = kinds(&window);
    assert!(found.contains(&"saddle_node") && !found.contains(&"saddle_node_on_invariant_circle"), "{found:?}");
    let shown = window.state().derived().diagrams().shown().unwrap();
    assert!(shown.is_settled && shown.diagram.cycles.iter().flat_map(|b| b.ends).any(|e| matches!(e, Ending::Homoclinic(_))));
}

#[test]
fn a_double_click_on_a_special_point_zooms_in_and_tells_its_story() {
    let mut window = window("hodgkin_huxley/repetitive_firing_10");
    // Away from the point, so that its own line does not lie over it.
    window.send(neuron_playground::app::Command::Current(20.0));
    window.press(Key::Num3);
    window.run_steps(3);
    let area = window.area("Bifurcation diagram");
    let hopf =
        window.state().derived().diagrams().shown().unwrap().diagram.special.iter().copied().find(|p| matches!(p.kind, Kind::Hopf { .. })).unwrap();
    // The Hopf point lies where its label's circle is drawn: inside the area, found by its value on the axis of I.
    let range = (-10.0, 30.0);
    let x = area.left() + area.width() * ((hopf.value - range.0) / (range.1 - range.0)) as f32;
    let mut told = false;
    let mut y = area.top();
    while y < area.bottom() && !told {
        window.double_click_at(pos2(x, y));
        window.run_steps(2);
        told = window.bench().message().is_some_and(|m| m.text.contains("Andronov"));
        y += 5.0;
    }
    assert!(told);
}

#[test]
fn the_diagram_goes_over_any_parameter() {
    let mut window = window("hodgkin_huxley/repetitive_firing_10");
    window.press(Key::Num3);
    window.run_steps(2);
    window.push("Quantity of the diagram");
    window.push("g_K");
    window.run_steps(3);
    let shown = window.state().derived().diagrams().shown().unwrap();
    assert_eq!(shown.diagram.over, Over::find(window.bench().setup().neuron, "g_K").unwrap());
    assert!(window.query_by_role_and_label(Role::Slider, "g_K line").is_some());
}

#[test]
fn a_fingertip_in_the_map_moves_both_parameters() {
    let mut window = window("persistent_sodium_potassium/high_threshold_5");
    window.press(Key::Num6);
    window.run_steps(3);
    let before = (window.bench().setup().current, window.bench().setup().params.clone());
    let area = window.area("Map of two parameters");
    window.drag(area.center(), area.center() + eframe::egui::vec2(30.0, -40.0));
    window.run_steps(2);
    let after = (window.bench().setup().current, window.bench().setup().params.clone());
    assert!(before.0 != after.0 && before.1 != after.1);
    assert!(window.state().derived().maps().is_current());
}

#[test]
fn a_bifurcation_that_is_crossed_is_named_in_words() {
    let mut window = window("persistent_sodium_potassium/high_threshold_5");
    window.press(Key::Num3);
    window.run_steps(3);
    window.send(neuron_playground::app::Command::Current(4.8));
    window.run_steps(2);
    assert!(window.message().is_none());
    window.send(neuron_playground::app::Command::Current(4.0));
    window.run_steps(2);
    let (text, is_error) = window.message().unwrap();
    assert!(text.contains("saddle-node on an invariant circle at I = 4.51287: rest is born") && !is_error, "{text}");
    window.send(neuron_playground::app::Command::Current(5.0));
    window.run_steps(2);
    let (text, _) = window.message().unwrap();
    assert!(text.contains("at I = 4.51287: rest vanishes"), "{text}");
}

#[test]
fn loading_another_preset_crosses_nothing() {
    let mut window = window("persistent_sodium_potassium/high_threshold_5");
    window.press(Key::Num3);
    window.run_steps(3);
    // The same parameters at a current below the fold.
    let mut rest = window.bench().setup().clone();
    rest.current = 3.0;
    let bytes = rest.to_json().into_bytes();
    window.send(neuron_playground::app::Command::Bytes { name: "rest".into(), bytes });
    window.run_steps(3);
    assert_eq!(window.bench().setup().current, 3.0);
    assert_eq!(window.message(), None);
}

/// Values of the Hopf points of the diagram that is shown, lowest first.
fn hopfs(window: &Window) -> Vec<f64> {
    let shown = window.state().derived().diagrams().shown().expect("a diagram");
    shown.diagram.special.iter().filter(|p| matches!(p.kind, Kind::Hopf { .. })).map(|p| p.value).collect()
}

#[test]
fn the_squid_axons_diagram_moves_with_its_potassium_conductance() {
    let mut window = window("hodgkin_huxley/repetitive_firing_10");
    window.press(Key::Num3);
    window.run_steps(3);
    assert!((hopfs(&window)[0] - 9.7754).abs() < 1e-3, "{:?}", hopfs(&window));
    let slider = window.get_by_role_and_label(Role::Slider, "g_K [mS/cm²]").rect();
    window.drag(slider.center(), slider.center() + eframe::egui::vec2(4.0, 0.0));
    window.run_steps(3);
    let g_k = window.param("g_K");
    assert!(g_k > 36.5, "{g_k}");
    let diagrams = window.state().derived().diagrams();
    assert!(diagrams.is_current() && diagrams.shown().is_some_and(|s| s.is_settled));
    // Another way to the same number: equilibria on either side of the point that is claimed.
    let claimed = hopfs(&window)[0];
    assert!(claimed > 9.9, "more potassium needs more current: {claimed}");
    for (off, is_stable) in [(-0.01, true), (0.01, false)] {
        window.send(neuron_playground::app::Command::Current(claimed + off));
        assert_eq!(window.state().derived().equilibria().points[0].kind.is_stable(), is_stable, "at {off} from {claimed}");
    }
}

#[test]
fn tonic_firing_turns_into_bursts_along_the_reset_of_the_exponential_neuron() {
    // Naud et al. 2008: raising the reset of a tonic cell with adaptation makes it burst.
    let mut window = window("adex/regular_bursting");
    window.press(Key::Num3);
    let place = window.bench().setup().neuron.params().iter().position(|f| f.id == "V_reset").expect("a reset");
    window.send(neuron_playground::app::Command::Param(place, -58.0));
    let spikes = |window: &mut Window| {
        window.press(Key::R);
        window.state_mut().run_to(2500.0);
        window.run_steps(3);
        match window.state().derived().regime().firing {
            Some(neuron_playground::analysis::Firing::Bursting { spikes, .. }) => spikes,
            Some(neuron_playground::analysis::Firing::Tonic { .. }) => 1,
            _ => 0,
        }
    };
    let low = spikes(&mut window);
    window.send(neuron_playground::app::Command::Param(place, -46.0));
    let high = spikes(&mut window);
    assert!(low == 1 && high > 1, "{low} spike a period at -58 mV, {high} at -46 mV");
    assert!(window.state().derived().diagrams().is_current());
}

#[test]
fn rests_that_go_on_for_ever_do_not_stretch_the_axis_and_zero_is_said_as_zero() {
    let mut window = crate::harness::window_of("integrate_and_fire");
    window.press(Key::Num3);
    window.run_steps(3);
    assert!(window.shows("onset of firing 0"), "{:?}", window.texts());
    assert!(!window.texts().iter().any(|t| t.contains("00000000") || t.contains("e\u{2212}")), "{:?}", window.texts());
}

#[test]
fn the_line_of_the_present_strikes_through_no_name_of_a_special_point_in_a_small_window() {
    for (id, names) in [("hodgkin_huxley/rest", ["cycle fold 6.2603", "Hopf 9.7754"]), ("izhikevich/tonic_spiking", ["fold 4", "Hopf 3.7975"])] {
        let mut window = window_on(preset::embedded(id).unwrap(), None, SMALL, Theme::Dark);
        window.run_steps(4);
        let plot = window.area("Bifurcation diagram");
        let line = window.get_by_role_and_label(Role::Slider, "I line").rect().center().x;
        for name in names {
            let texts = placed_texts(&window);
            let (_, at) = texts.iter().find(|(text, _)| text.starts_with(name)).unwrap_or_else(|| panic!("{id}: no {name}: {texts:?}"));
            assert!(!at.x_range().contains(line) && at.left() >= plot.left(), "{id}: {name} at {at:?}, the line at {line}");
        }
    }
}
