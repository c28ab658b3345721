//! Words on the screen: none lies on another, none is cut, and each says what it stands for.

use eframe::egui::{Shape, Theme, accesskit::Role};
use egui_kittest::kittest::Queryable;
use neuron_playground::app::Command;
use neuron_playground::model;
use neuron_playground::preset::{self, Setup};
use neuron_playground::stimulus::Item;

use crate::harness::{Asked, CTRL, LARGE, SMALL, Window, placed_texts, window, window_of, window_on};

/// A preset at a time in the small window, with a view in front.
fn small(id: &str, t: f64, view: &str) -> Window {
    let mut window = window_on(preset::embedded(id).unwrap(), Some(id), SMALL, Theme::Dark);
    window.state_mut().show_view(view);
    window.state_mut().run_to(t);
    window.run_steps(5);
    window
}

#[test]
fn values_beside_the_traces_lie_on_no_other_in_a_small_window() {
    for (id, t) in [("hodgkin_huxley/repetitive_firing_10", 60.0), ("hodgkin_huxley/rest", 20.0), ("traub_miles/rest", 50.0)] {
        let window = small(id, t, "bifurcation");
        let traces = window.area("Traces");
        let beside = |(_, r): &&(String, eframe::egui::Rect)| r.left() > traces.right() + 5.0 && r.center().y < traces.bottom() && r.top() > 70.0;
        let all = placed_texts(&window);
        let beside: Vec<_> = all.iter().filter(beside).collect();
        assert!(beside.len() > 6, "{id}: {beside:?}");
        for (place, (a, at)) in beside.iter().enumerate() {
            for (b, other) in &beside[place + 1..] {
                assert!(!at.shrink(1.0).intersects(other.shrink(1.0)), "{id}: {a:?} on {b:?}");
            }
        }
    }
}

#[test]
fn the_rate_now_stands_clear_of_the_other_words_of_the_f_i_curve() {
    let window = small("hodgkin_huxley/repetitive_firing_10", 60.0, "fi");
    let plot = window.area("f\u{2013}I curve").expand(30.0);
    let all = placed_texts(&window);
    let (_, now) = all.iter().find(|(text, _)| text.starts_with("now ")).expect("the rate now");
    assert!(plot.contains_rect(*now));
    let hidden = all.iter().find(|(text, at)| !text.starts_with("now ") && at.intersects(now.shrink(1.0)));
    assert_eq!(hidden, None);
}

#[test]
fn what_has_all_but_decayed_reads_as_zero() {
    let mut window = window_of("hodgkin_huxley");
    window.send(Command::Stimulus(vec![Item::Step { from: 0.0, to: None, amplitude: 2.92e-5 }]));
    window.state_mut().run_to(5.0);
    window.run_steps(3);
    let found: Vec<String> = window.texts().into_iter().filter(|text| text.starts_with("0.0000")).collect();
    assert_eq!(found, Vec::<String>::new());
    assert!(window.shows("with stimulus 0 "));
}

#[test]
fn charts_of_an_experiment_keep_a_usable_height_in_a_small_window() {
    let window = small("lif/reliability", 100.0, "experiment");
    for chart in ["Leak, constant input", "Leak, fluctuating input"] {
        let height = window.area(chart).height();
        assert!(height >= 90.0, "{chart}: {height}");
    }
}

#[test]
fn quantities_are_written_by_their_symbols_and_not_by_their_ids() {
    for neuron in model::all() {
        let mut window = window_on(Setup::of_model(*neuron), None, LARGE, Theme::Dark);
        for view in ["help", "gallery", "anatomy", "parameter_map"] {
            window.state_mut().show_view(view);
            window.run_steps(2);
            let raw: Vec<String> = window.texts().into_iter().filter(|text| text.contains('_')).collect();
            assert_eq!(raw, Vec::<String>::new(), "{}: {view}", neuron.card().id);
        }
    }
}

#[test]
fn the_small_planes_of_a_comparison_say_what_they_show() {
    let mut window = window("izhikevich/tonic_spiking");
    window.send(Command::Compare(vec!["adex/tonic_spiking".into()]));
    window.state_mut().show_view("compare");
    window.run_steps(4);
    for words in ["Phase plane, u over v", "Phase plane, w over V"] {
        let heading = window.get_by_role_and_label(Role::Label, words).rect();
        window.hover_at(heading.center());
        window.run_steps(60);
        assert!(window.shows("stands still at the holding current"), "{words}");
    }
}

#[test]
fn a_long_message_is_read_whole_in_a_small_window() {
    let mut window = small("hodgkin_huxley/rest", 1.0, "plane");
    let text = "Crossed a subcritical Andronov\u{2013}Hopf bifurcation at I = 9.7796: rest is no longer stable, and the small cycle beside it has \
                vanished into it. Its frequency there is 91.2 Hz as the linear part says";
    window.send(Command::Say(text.into(), false));
    let whole = |s: &eframe::egui::epaint::ClippedShape| matches!(&s.shape, Shape::Text(t) if t.galley.text() == text && !t.galley.elided && t.galley.rows.len() == 2 && s.clip_rect.contains_rect(t.visual_bounding_rect()));
    assert!(window.output().shapes.iter().any(whole), "{:?}", window.texts());
}

#[test]
fn axes_that_are_not_linear_say_so() {
    assert!(small("izhikevich/bursting_beside_rest", 10.0, "trace_determinant").shows("square-root axes"));
    assert!(small("hodgkin_huxley/rest", 10.0, "trace_determinant").shows("logarithmic a"));
}

#[test]
fn a_neuron_that_fires_by_chance_has_no_diagram_and_points_to_the_view_that_answers() {
    for model in ["poisson", "markov", "lif_escape"] {
        let mut window = window_of(model);
        window.state_mut().show_view("bifurcation");
        window.run_steps(3);
        assert!(window.query_by_label_contains("It fires by chance: there is neither a rest").is_some(), "{model}");
        window.state_mut().show_view("parameter_map");
        window.run_steps(3);
        assert!(window.query_by_label_contains("It fires by chance: there is neither a rest").is_some(), "{model}");
        assert!(window.query_by_label("Second quantity of the map").is_none(), "{model}");
        window.push("the f\u{2013}I curve");
        window.run_steps(3);
        assert!(window.query_by_role_and_label(Role::Image, "f\u{2013}I curve").is_some(), "{model}");
    }
}

#[test]
fn a_stimulus_that_begins_beyond_what_is_shown_is_announced_at_the_edge() {
    let mut window = window_of("hodgkin_huxley");
    let duration = window.bench().setup().duration;
    window.state_mut().run_to(1.7 * duration);
    window.run_steps(3);
    window.push("Add stimulus");
    window.push("Step");
    window.run_steps(4);
    let from = window.bench().setup().stimulus[0].span().0;
    assert!(from > duration);
    window.push("Restart (R)");
    window.run_steps(3);
    assert!(window.get_by_label_contains("the stimulus starts at").rect().right() > window.area("Traces").center().x);
    assert!(window.shows(&format!("the stimulus starts at {from} ms")));
    window.state_mut().run_to(from + 5.0);
    window.run_steps(3);
    assert!(!window.shows("the stimulus starts at"));
}

#[test]
fn one_click_counts_the_potential_the_other_way_and_keeps_everything_else() {
    let mut window = window("hodgkin_huxley/repetitive_firing_15");
    window.send(Command::Current(12.5));
    window.push("Count V from rest, as in 1952");
    assert_eq!((window.param("V_shift"), window.param("E_Na"), window.param("E_K")), (65.0, 115.0, -12.0));
    assert_eq!((window.param("E_L"), window.bench().setup().current), (10.613, 12.5));
    assert!(window.v().abs() < 1.0, "it begins at rest: {}", window.v());
    window.press_with(CTRL, eframe::egui::Key::Z);
    assert_eq!((window.param("V_shift"), window.param("E_Na")), (0.0, 50.0));
    assert!((window.v() + 65.0).abs() < 1.0, "{}", window.v());
    window.push("Count V from rest, as in 1952");
    window.push("Count V from outside: rest at \u{2212}65 mV");
    assert_eq!((window.param("E_L"), window.param("E_K")), (-54.387, -77.0));
    assert!(window_of("lif").query_by_label_contains("Count V").is_none());
}
