//! The f–I curve: its line of I, its words, and that it follows the neuron.

use eframe::egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::{AccessKitNode, NodeT as _, Queryable};
use neuron_playground::app::Command;

use crate::harness::{Asked, Window, window, window_of, within};

/// A window with the f–I curve in front.
fn fi(model: &str) -> Window {
    let mut window = window_of(model);
    window.press(Key::Num4);
    window.run_steps(3);
    window
}

fn words(window: &Window) -> String {
    let said = |n: &AccessKitNode| n.value().filter(|v| n.role() == Role::Label && (v.starts_with("Class") || v.starts_with("No firing")));
    window.get_by(|n| said(n).is_some()).accesskit_node().value().unwrap_or_default()
}

#[test]
fn the_curve_says_its_class_and_what_that_is_read_from() {
    let window = fi("lif");
    assert!(words(&window).starts_with("Class 1: the rate begins at zero. Near the onset"), "{}", words(&window));
    assert!(window.shows("onset 2.000") && window.shows("closed form") && window.shows("rest"), "{:?}", window.texts());
    let slot = window.state().derived().fi();
    assert!(slot.is_current() && !slot.is_working());
}

#[test]
fn dragging_the_line_of_i_sets_i_in_one_step_for_undo() {
    let mut window = fi("lif");
    let line = window.get_by_role_and_label(Role::Slider, "I line").rect();
    let area = window.area("f\u{2013}I curve");
    let x = |i: f32| area.left() + (i + 1.0) / 7.0 * area.width();
    assert!((line.center().x - x(0.0)).abs() < 1.5, "the slider shows −1 to 6");
    let middle = |at: f32| within(area, (at - area.left()) / area.width(), 0.5);
    window.drag(middle(x(0.0)), middle(x(3.0)));
    let set = window.bench().setup().current;
    assert!((set - 3.0).abs() < 0.05 && (set * 100.0 - (set * 100.0).round()).abs() < 1e-9, "{set} is round");
    window.send(Command::Undo);
    assert_eq!(window.bench().setup().current, 0.0);
    // The tag above the plot is a grip, too, and the plot beside the line is none.
    let above = |i: f32| middle(x(i)) - eframe::egui::vec2(0.0, 0.5 * area.height() + 14.0);
    window.drag(above(0.0), above(2.0));
    assert!((window.bench().setup().current - 2.0).abs() < 0.05, "{}", window.bench().setup().current);
    let kept = window.bench().setup().current;
    window.drag(middle(x(4.0)), middle(x(4.5)));
    assert_eq!(window.bench().setup().current, kept);
}

#[test]
fn a_focused_line_of_i_moves_with_the_arrow_keys() {
    let mut window = fi("lif");
    window.get_by_role_and_label(Role::Slider, "I line").focus();
    window.run_steps(2);
    window.press(Key::ArrowRight);
    let near = window.bench().setup().current;
    assert!(near > 0.0 && near < 0.05, "{near}");
    window.press_with(Modifiers::SHIFT, Key::ArrowRight);
    let far = window.bench().setup().current;
    assert!((far / near - 10.0).abs() < 2.5, "{near} {far}");
}

#[test]
fn scrolling_zooms_about_the_pointer_and_a_double_click_fits() {
    let mut window = fi("lif");
    let area = window.area("f\u{2013}I curve");
    let range = |window: &Window| {
        let points = &window.state().derived().fi().result().unwrap().curve.points;
        (points.first().unwrap().current, points.last().unwrap().current)
    };
    assert_eq!(range(&window), (-1.0, 6.0));
    window.scroll_at(within(area, 0.8, 0.5), 80.0);
    window.run_steps(4);
    let (from, to) = range(&window);
    assert!(from > -1.0 && to < 6.0 && from + 0.8 * (to - from) - 4.6 < 0.02, "{from} to {to}");
    window.double_click_at(within(area, 0.8, 0.5));
    window.run_steps(4);
    assert_eq!(range(&window), (-1.0, 6.0));
}

#[test]
fn the_curve_follows_a_parameter_and_rests_while_it_is_hidden() {
    let mut window = fi("lif");
    let curve = |window: &Window| window.state().derived().fi().result().unwrap().clone();
    let before = curve(&window);
    window.send(Command::Param(0, 20.0));
    window.run_steps(2);
    let after = curve(&window);
    assert_ne!(before, after);
    window.press(Key::Num2);
    window.press(Key::Num3);
    window.run_steps(3);
    window.send(Command::Param(0, 10.0));
    window.run_steps(2);
    assert_eq!(curve(&window), after, "nobody looks, nothing is measured");
}

#[test]
fn the_running_neuron_is_a_dot_at_the_current_that_enters() {
    let mut window = window("lif/playground_default");
    window.press(Key::Num4);
    let end = window.bench().setup().duration;
    window.state_mut().run_to(end);
    window.run_steps(3);
    assert!(window.texts().iter().any(|t| t.starts_with("now")), "{:?}", window.texts());
}
