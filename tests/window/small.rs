//! The small window, in which things fold; and the notes, which unfold.

use eframe::egui::{Key, Theme, accesskit::Role};
use egui_kittest::kittest::{NodeT, Queryable};
use neuron_playground::app::Command;
use neuron_playground::experiment::report::Mark;
use neuron_playground::preset;

use crate::harness::{Asked, LARGE, SMALL, Window, placed_texts, window, window_on, within};

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
        for layer in ["flow", "equilibria", "orbit"] {
            window.get_by_role_and_label(Role::CheckBox, layer).click();
            window.step();
        }
        window.press(Key::Escape);
        window.remove_cursor();
        window.run_steps(5);
        assert!(window.output().shapes.len() < all, "{id}");
        assert!(window.query_by_role_and_label(Role::CheckBox, "flow").is_none(), "the menu is closed");
    }
    // Where there is room, the choice of the vertical axis stands beside the menu.
    let large = window("hodgkin_huxley/rest");
    assert!(large.query_by_role_and_label(Role::CheckBox, "m").is_some());
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
    let mut uneven = small("lif/excitation_against_inhibition");
    uneven.state_mut().run_to(1000.0);
    uneven.run_steps(4);
    assert!(uneven.shows("What it does") && uneven.shows("uneven, "), "{:?}", uneven.texts());
    window.get_by_label_contains("What it does: ").click();
    window.step();
    window.run_steps(5);
    assert!(window.query_by_label_contains("Mean rate").is_some());
    assert!(window.get_by_label_contains("What it does: ").rect().bottom() < line.bottom() - 50.0, "it grows upward");
}

#[test]
fn a_view_too_low_for_its_picture_says_so() {
    let mut window = window_on(preset::embedded("izhikevich/tonic_spiking").unwrap(), None, [1100.0, 360.0], Theme::Dark);
    let said = |window: &Window, from: f32| placed_texts(window).iter().any(|(t, at)| t.starts_with("Too little room here") && at.left() > from);
    assert!(said(&window, 250.0), "the phase plane");
    for view in ["fi", "spike_map", "iv", "bifurcation", "parameter_map", "trace_determinant", "balance", "intervals"] {
        window.state_mut().show_view(view);
        window.run_steps(3);
        assert!(said(&window, 740.0), "{view}: {:?}", window.texts());
    }
}

/// True if the picture with this name is on the screen.
fn sees(window: &Window, name: &str) -> bool {
    window.query_by_role_and_label(Role::Image, name).is_some()
}

#[test]
fn an_experiment_fills_a_low_window_and_gives_the_layout_back() {
    let mut window = small("lif/exponential_decay");
    let open = window.state().open_views();
    let alone = |window: &Window| !sees(window, "Bifurcation diagram") && window.shows("What it finds");
    let ways: [fn(&mut Window); 5] = [
        |window| window.push("Show all views"),
        |window| window.press(Key::F),
        |window| window.press(Key::Escape),
        |window| window.press(Key::Num3),
        |window| window.send(Command::Preset("lif/step_response".into())),
    ];
    for (place, back) in ways.into_iter().enumerate() {
        assert!(sees(&window, "Bifurcation diagram"));
        window.state_mut().show_view("experiment");
        window.run_steps(4);
        assert!(alone(&window), "{place}");
        back(&mut window);
        window.run_steps(4);
        assert_eq!((sees(&window, "Bifurcation diagram"), window.state().open_views()), (true, open.clone()), "{place}");
    }
    let mut large = window_on(preset::embedded("lif/exponential_decay").unwrap(), None, LARGE, Theme::Dark);
    large.state_mut().show_view("experiment");
    large.run_steps(4);
    assert!(large.shows("What it finds") && sees(&large, "Bifurcation diagram"));
}

#[test]
fn any_view_fills_the_window_by_its_button_its_tab_or_a_key() {
    let mut window = window("izhikevich/tonic_spiking");
    let tab = window.button("Phase plane").rect().center();
    let ways: [fn(&mut Window, eframe::egui::Pos2); 3] = [
        |window, _| window.push("Fill the window: Phase plane"),
        |window, tab| window.double_click_at(tab),
        |window, _| {
            let inside = within(window.area("Phase plane"), 0.5, 0.5);
            window.hover_at(inside);
            window.step();
            window.press(Key::F);
        },
    ];
    for (place, fill) in ways.into_iter().enumerate() {
        let before = window.area("Phase plane");
        assert!(sees(&window, "Traces"));
        fill(&mut window, tab);
        window.run_steps(3);
        let after = window.area("Phase plane");
        assert!(!sees(&window, "Traces") && after.width() > 1.5 * before.width() && after.height() > 1.5 * before.height(), "{place}");
        let title = window.button("Phase plane").rect().center();
        if place == 1 {
            window.double_click_at(title);
        } else {
            window.push("Show all views");
        }
        window.run_steps(3);
        assert_eq!(window.area("Phase plane"), before, "{place}");
        // A third click soon after two would be none of a double click.
        window.run_steps(60);
    }
}

#[test]
fn every_chart_of_every_experiment_of_the_library_is_seen_whole_in_a_small_window() {
    for entry in preset::entries().iter().filter(|e| e.file.experiment.is_some()) {
        let mut window = small(&entry.id);
        window.state_mut().show_view("experiment");
        window.run_steps(4);
        let charts = window.state().derived().experiments().slot().result().unwrap().charts.clone();
        let pictures: Vec<_> = window.root().children_recursive().filter(|n| n.accesskit_node().role() == Role::Image).map(|n| n.rect()).collect();
        assert!(pictures.len() >= charts.len(), "{}", entry.id);
        let legend = charts.iter().flat_map(|c| &c.series).filter(|s| s.mark != Mark::Upright && !s.points.is_empty()).map(|s| &s.label);
        let legend: Vec<_> = legend.collect();
        for (text, at) in placed_texts(&window).iter().filter(|(text, _)| legend.contains(&text)) {
            assert!(!pictures.iter().any(|plot| plot.intersects(*at)), "{}: {text:?} lies over a chart", entry.id);
        }
        assert!(pictures.iter().all(|rect| rect.bottom() < SMALL[1] - 54.0), "{}: {pictures:?}", entry.id);
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

#[test]
fn texts_of_the_anatomy_do_not_touch() {
    for id in ["hodgkin_huxley/repetitive_firing_10", "hodgkin_huxley/original_convention"] {
        for size in [SMALL, LARGE] {
            let mut window = window_on(preset::embedded(id).unwrap(), Some(id), size, Theme::Dark);
            window.state_mut().show_view("anatomy");
            window.state_mut().run_to(20.0);
            window.run_steps(4);
            for place in ["alone or above the others", "beside all views"] {
                let stage = window
                    .area("Potential over time")
                    .union(window.area("Equivalent circuit"))
                    .union(window.area("Steady values and time constants of the gates"))
                    .expand2(eframe::egui::vec2(60.0, 20.0));
                let texts: Vec<_> =
                    placed_texts(&window).into_iter().filter(|(text, at)| stage.contains_rect(*at) && !text.trim().is_empty()).collect();
                for (k, (a, at)) in texts.iter().enumerate() {
                    for (b, other) in &texts[..k] {
                        assert!(!at.shrink(1.5).intersects(other.shrink(1.5)), "{id} at {size:?}, {place}: {a:?} {at:?} and {b:?} {other:?}");
                    }
                }
                window.press(Key::Escape);
                window.run_steps(3);
            }
        }
    }
}
