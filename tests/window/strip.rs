//! The input strip: every part of the stimulus can be dragged, and one undo takes a drag back.

use eframe::egui::{Key, Theme, Vec2, accesskit::Role, vec2};
use egui_kittest::kittest::Queryable;
use neuron_playground::preset;
use neuron_playground::stimulus::Item;

use crate::harness::{Asked, CTRL, CTRL_SHIFT, LARGE, Window, window_on};

/// The window on the leaky neuron with one item, over 100 ms.
fn with(item: &str) -> Window {
    let text = format!(r#"{{ "schema": 1, "model": "lif", "stimulus": [{item}], "duration": 100, "dt": 0.1 }}"#);
    let mut window = window_on(preset::parse(&text).unwrap(), None, LARGE, Theme::Dark);
    window.run_steps(3);
    window
}

fn item(window: &Window) -> Item {
    window.bench().setup().stimulus[0].clone()
}

/// Drags a handle and gives the item before and after; one undo has brought it back.
fn dragged(text: &str, handle: &str, by: Vec2) -> (Item, Item) {
    let mut window = with(text);
    let before = item(&window);
    let at = window.area(handle).center();
    window.drag(at, at + by);
    window.run_steps(2);
    let after = item(&window);
    assert_ne!(before, after, "{handle} of {text}");
    window.press_with(CTRL, Key::Z);
    assert_eq!(item(&window), before, "one undo takes it back");
    (before, after)
}

const BOUNDED: [&str; 6] = [
    r#"{ "kind": "step", "from": 20, "to": 40, "amplitude": 0.3 }"#,
    r#"{ "kind": "ramp", "from": 20, "to": 40, "slope": 0.02 }"#,
    r#"{ "kind": "pulse_train", "from": 20, "width": 4, "period": 10, "count": 3, "amplitude": 0.3 }"#,
    r#"{ "kind": "sine", "from": 20, "to": 40, "amplitude": 0.3, "frequency_hz": 100 }"#,
    r#"{ "kind": "chirp", "from": 20, "to": 40, "amplitude": 0.3, "start_hz": 50, "end_hz": 200 }"#,
    r#"{ "kind": "samples", "times": [20, 25, 40], "values": [0, 0.3, 0.1] }"#,
];

#[test]
fn every_kind_shifts_sideways_and_keeps_its_length() {
    for text in BOUNDED {
        let (before, after) = dragged(text, "Stimulus 1", vec2(80.0, 2.0));
        let ((a, b), (c, d)) = (before.span(), after.span());
        assert!(c - a > 2.0, "{text}: from {a} to {c}");
        assert!(((d - c) - (b - a)).abs() < 1e-9, "{text}");
    }
}

#[test]
fn upward_strengthens_and_leaves_the_time_alone() {
    for text in BOUNDED {
        let (before, after) = dragged(text, "Stimulus 1", vec2(2.0, -14.0));
        assert_eq!(before.span(), after.span(), "{text}");
        match (before.clone().strength_mut(), after.clone().strength_mut(), &after) {
            (Some(a), Some(b), _) => assert!(b > a, "{text}: {a} to {b}"),
            (_, _, Item::Samples { values, .. }) => assert!(values[1] > 0.3),
            _ => panic!("{text}"),
        }
    }
}

#[test]
fn ends_widths_and_periods_have_handles_of_their_own() {
    for text in [BOUNDED[0], BOUNDED[1], BOUNDED[3], BOUNDED[4]] {
        let (before, after) = dragged(text, "End of stimulus 1", vec2(60.0, 0.0));
        assert_eq!(before.span().0, after.span().0);
        assert!(after.span().1 > before.span().1 + 2.0, "{text}");
    }
    let (_, wide) = dragged(BOUNDED[2], "Width of stimulus 1", vec2(20.0, 0.0));
    let (_, far) = dragged(BOUNDED[2], "Period of stimulus 1", vec2(30.0, 0.0));
    let Item::PulseTrain { width, period, .. } = wide else { panic!() };
    assert!(width > 4.5 && period == 10.0, "{width}, {period}");
    let Item::PulseTrain { width, period, .. } = far else { panic!() };
    assert!(width == 4.0 && period > 11.0, "{width}, {period}");
}

#[test]
fn an_end_dragged_before_the_start_stops_short_of_it() {
    let (before, after) = dragged(BOUNDED[0], "End of stimulus 1", vec2(-600.0, 0.0));
    assert!(after.span().1 > before.span().0);
    assert!(after.check(1).is_ok());
}

#[test]
fn single_samples_move_both_ways_between_their_neighbours() {
    let (_, after) = dragged(BOUNDED[5], "Point 2 of stimulus 1", vec2(40.0, 10.0));
    let Item::Samples { times, values } = &after else { panic!() };
    assert!(times[1] > 26.0 && times[1] < 40.0 && values[1] < 0.3, "{after:?}");
    assert_eq!((times[0], times[2], values[0], values[2]), (20.0, 40.0, 0.0, 0.1));
    let (_, after) = dragged(BOUNDED[5], "Point 2 of stimulus 1", vec2(900.0, 0.0));
    assert!(after.check(1).is_ok(), "{after:?}");
}

#[test]
fn what_never_ends_is_held_at_its_onset_and_nothing_goes_before_the_start() {
    let endless = r#"{ "kind": "step", "from": 20, "amplitude": 0.3 }"#;
    let mut window = with(endless);
    assert!(window.area("Stimulus 1").width() < 20.0);
    let at = window.area("Stimulus 1").center();
    window.drag(at, at - vec2(500.0, 0.0));
    assert_eq!(item(&window).span().0, 0.0);
    let poisson = with(r#"{ "kind": "spikes", "rate_hz": 50, "weight": 2, "synapse": { "kind": "delta" } }"#);
    assert!(poisson.query_by_role_and_label(Role::Image, "Stimulus 1").is_none());
}

#[test]
fn what_is_dragged_past_the_right_edge_is_one_drag_and_is_announced_there() {
    for (handle, says) in [("Stimulus 1", "the stimulus starts at 1"), ("End of stimulus 1", "the stimulus ends at 1")] {
        let mut window = with(BOUNDED[0]);
        let (before, area) = (item(&window), window.area(handle));
        window.drag(area.center(), area.center() + vec2(1500.0, 0.0));
        window.run_steps(2);
        let after = item(&window);
        let moved = if handle == "Stimulus 1" { after.span().0 } else { after.span().1 };
        assert!(moved > 110.0, "{handle}: {after:?}");
        assert!(window.query_by_label_contains(says).is_some(), "{handle}");
        window.press_with(CTRL, Key::Z);
        assert_eq!(item(&window), before, "{handle}: one undo takes it back");
        // The hand has let go: what comes next is a step of its own.
        window.press_with(CTRL_SHIFT, Key::Z);
        assert_eq!(item(&window), after);
        assert!(window.query_by_label_contains(says).is_some(), "{handle}");
    }
}

#[test]
fn the_plan_shows_both_sides_of_every_jump() {
    let window = with(BOUNDED[2]);
    let plan = window.state().derived().plan();
    let at = |t: f64| plan.iter().filter(|p| (p[0] - t).abs() < 1e-6).map(|p| p[1]).collect::<Vec<_>>();
    for onset in [20.0, 30.0, 40.0] {
        assert_eq!(at(onset), [0.0, 0.3]);
        assert_eq!(at(onset + 4.0), [0.3, 0.0]);
    }
}

#[test]
fn a_hand_that_drags_is_told_where_it_is() {
    use eframe::egui::PointerButton;
    let mut window = with(BOUNDED[0]);
    let at = window.area("Stimulus 1").center();
    window.hover_at(at);
    window.drag_at(at);
    for k in 1..=8 {
        window.hover_at(at + vec2(10.0 * k as f32, 0.0));
    }
    window.run_steps(12);
    assert!(window.texts().iter().any(|t| t.starts_with("from 2") && t.ends_with(" ms")), "{:?}", window.texts());
    window.event(eframe::egui::Event::PointerButton {
        pos: at,
        button: PointerButton::Primary,
        pressed: false,
        modifiers: eframe::egui::Modifiers::NONE,
    });
    window.run_steps(3);
}
