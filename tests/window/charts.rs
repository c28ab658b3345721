//! Charts that one can take hold of: trains and gaps in experiments, V above its currents, the current–voltage relation.

use eframe::egui::{Event, Key, accesskit::Role, pos2};
use egui_kittest::kittest::{NodeT, Queryable};
use neuron_playground::app::Command;
use neuron_playground::preset;

use crate::course::show;
use crate::harness::{Asked, CTRL, Window, window, window_of, within};

/// The times of a train that is placed by hand, and the report's highest current.
fn placed(window: &Window) -> (Vec<f64>, f64) {
    let chosen = window.bench().setup().experiment.clone().expect("an experiment");
    let highest = window.state().derived().experiments().slot().result().and_then(|r| r.value("highest")).expect("a current");
    (chosen.placed("kind_3").map(<[f64]>::to_vec).unwrap_or_default(), highest)
}

#[test]
fn spikes_are_placed_moved_and_taken_away_on_the_timeline_and_the_sum_follows() {
    let mut window = window("lif/convolution");
    show(&mut window, "experiment");
    window.send(Command::Setting(5, 10.0));
    let row = window.area("Timeline of train 3");
    let at = |part: f32| within(row, part, 0.5);
    let (_, before) = placed(&window);
    window.click_at(at(0.5));
    let (times, one) = placed(&window);
    assert!(times.len() == 1 && (times[0] - 150.0).abs() < 1.0, "{times:?}");
    assert!(one >= before);
    // A second one close to it: their currents add up.
    window.click_at(at(0.55));
    let (times, two) = placed(&window);
    assert!(times.len() == 2 && two >= one, "{times:?}: {one} {two}");
    assert_eq!(window.button("Spike 2 of train 3").rect().center().x.round(), at(times[1] as f32 / 300.0).x.round());
    window.drag(at(0.55), at(0.8));
    let (times, _) = placed(&window);
    assert!(times.len() == 2 && (times[1] - 240.0).abs() < 1.5, "{times:?}");
    // Over the other one: order is that of time.
    window.drag(at(0.8), at(0.2));
    let (times, _) = placed(&window);
    assert!(times.len() == 2 && times[0] < 65.0 && (times[1] - 150.0).abs() < 1.0, "{times:?}");
    window.send(Command::Undo);
    assert!(placed(&window).0[1] > 238.0, "one drag is one step");
    window.send(Command::Redo);
    window.click_at(at(times[0] as f32 / 300.0));
    assert_eq!(placed(&window).0, times[1..], "a click on a spike takes it away");
    window.send(Command::Undo);
    assert_eq!(placed(&window).0, times);
}

#[test]
fn a_chart_says_the_value_of_every_curve_at_the_pointer() {
    let mut window = window_of("rate_unit");
    show(&mut window, "experiment");
    window.send(Command::Experiment(Some("activations")));
    window.run_steps(5);
    let chart = window.area("Activation functions");
    window.hover_at(within(chart, 0.7, 0.95));
    window.run_steps(40);
    let said = window.texts();
    let read = |start: &str, mark: &str| {
        let line = said.iter().find(|t| t.starts_with(start) && t.contains(mark)).unwrap_or_else(|| panic!("{start}: {said:?}"));
        line.rsplit(' ').next().expect("a word").replace('\u{2212}', "-").parse::<f64>().expect("a number")
    };
    let z = read("weighted sum of the inputs, without the bias ", "bias ");
    let exact = 1.0 / (1.0 + (-z).exp());
    assert!((1.0..4.0).contains(&z) && (read("logistic", ": ") - exact).abs() < 2e-4, "{z}: {said:?}");
    assert!((read("tanh", ": ") - z.tanh()).abs() < 2e-4);
}

#[test]
fn a_regular_train_is_taken_over_by_hand_as_it_stands_and_typed_times_replace_it() {
    let mut window = window("lif/convolution");
    show(&mut window, "experiment");
    let row = window.area("Timeline of train 1");
    window.click_at(within(row, 0.03, 0.5));
    let times = |window: &Window| window.bench().setup().experiment.as_ref().and_then(|c| c.placed("kind_1").map(<[f64]>::to_vec));
    let first = times(&window).expect("placed by hand");
    assert!(first.len() == 15 && first[0] < 10.0 && (first[1] - 20.0).abs() < 1e-9, "{first:?}");
    let field = window.get_by_label("Times of kind_1");
    field.focus();
    window.step();
    window.press_with(CTRL, Key::A);
    window.event(Event::Text("30, 10".into()));
    window.step();
    window.press(Key::Enter);
    window.run_steps(3);
    assert_eq!(times(&window), Some(vec![10.0, 30.0]));
    let kept = preset::parse(&window.bench().setup().to_json()).expect("a preset").experiment.expect("an experiment");
    assert_eq!(kept.placed("kind_1"), Some(&[10.0, 30.0][..]), "a file keeps what was placed");
    window.send(Command::Undo);
    assert_eq!(times(&window), Some(first), "typing is one step");
}

#[test]
fn the_gap_of_two_pulses_is_dragged_in_the_chart() {
    let mut window = window_of("hodgkin_huxley");
    show(&mut window, "experiment");
    window.send(Command::Experiment(Some("refractory")));
    window.send(Command::Setting(5, 6.0));
    window.run_steps(3);
    let second = |window: &Window| window.state().derived().experiments().slot().result().and_then(|r| r.value("at_gap"));
    let before = second(&window).expect("a second pulse");
    let gap = |window: &Window| window.bench().setup().experiment.as_ref().expect("an experiment").values[2];
    let from = gap(&window);
    for chart in ["Second pulse against the gap", "What the second pulse meets", "The two pulses"] {
        let name = format!("Line of gap in {chart}");
        let at = window.area(&name).center();
        window.drag(at, at - eframe::egui::vec2(12.0, 0.0));
        window.run_steps(3);
        assert!(gap(&window) < from - 1.0 && second(&window) > Some(before), "{chart}: {} {:?}", gap(&window), second(&window));
        assert!((window.area(&name).center().x - (at.x - 12.0)).abs() < 2.0, "{chart}: the line stays under the hand");
        window.send(Command::Undo);
        window.run_steps(3);
        assert_eq!(gap(&window), from, "{chart}: one drag is one step");
    }
}

#[test]
fn a_drag_along_the_potential_above_the_currents_looks_back_and_all_readouts_follow() {
    let mut window = window("hodgkin_huxley/action_potential");
    show(&mut window, "anatomy");
    window.state_mut().run_to(40.0);
    window.run_steps(3);
    let area = window.area("Potential over time");
    assert!(area.bottom() < window.area("Currents and conductances over time").top() + 20.0, "V stands above the currents");
    let seen = |window: &Window| {
        let v = window.bench().shown().1[0];
        (window.bench().cursor(), window.shows("looking back at "), v)
    };
    assert_eq!(seen(&window).0, None);
    // From the end into the spike, which passes its peak at 6.5 ms.
    window.drag(within(area, 0.9, 0.5), within(area, 6.5 / 40.0, 0.5));
    let (at, says, v) = seen(&window);
    assert!(at.is_some_and(|t| (t - 6.5).abs() < 0.1) && says && v > 30.0, "{at:?} {v}");
    assert!(window.query_by_role_and_label(Role::Image, "peak, now").is_some());
    let digits = tenths(v);
    assert!(window.texts().contains(&digits), "V is {digits}: {:?}", window.texts());
    window.drag(within(area, 6.5 / 40.0, 0.5), within(area, 0.3, 0.5));
    assert!(window.query_by_role_and_label(Role::Image, "undershoot, now").is_some());
    assert!(window.bench().setup().stimulus.len() == 1, "looking back changes nothing");
    window.double_click_at(within(area, 0.5, 0.5));
    assert_eq!(window.bench().cursor(), None, "a double click returns to now");
}

/// One decimal with a true minus, as readouts have it.
fn tenths(x: f64) -> String {
    format!("{x:.1}").replace('-', "\u{2212}")
}

#[test]
fn the_rates_of_the_gates_are_switched_on_beside_their_steady_values() {
    let mut window = window("hodgkin_huxley/action_potential");
    show(&mut window, "anatomy");
    window.run_steps(3);
    assert!(window.query_by_role_and_label(Role::Image, "Steady values and time constants of the gates").is_some());
    window.get_by_role_and_label(Role::CheckBox, "rates α, β").click();
    window.step();
    window.run_steps(3);
    assert!(window.query_by_role_and_label(Role::Image, "Steady values and rates of the gates").is_some());
    assert!(window.shows("α solid, β dashed, 1/ms"), "{:?}", window.texts());
    let mut plain = window_of("izhikevich");
    show(&mut plain, "anatomy");
    assert!(plain.query_by_role_and_label(Role::CheckBox, "rates α, β").is_none());
}

/// The equilibria that the current–voltage relation shows: kind and V.
fn crossings(window: &Window) -> Vec<String> {
    let named = |name: &String| name.contains(" at ") && (name.contains("node") || name.contains("saddle"));
    window.root().children_recursive().filter_map(|n| n.accesskit_node().label()).filter(named).collect()
}

#[test]
fn the_current_voltage_relation_meets_the_input_at_the_equilibria_and_its_line_is_dragged_until_two_merge() {
    let mut window = window("persistent_sodium/bistable_below");
    show(&mut window, "iv");
    window.run_steps(3);
    let before = crossings(&window);
    assert_eq!(before, ["stable node at −52.51", "unstable node at −40.29", "stable node at 30.86"]);
    let line = window.get_by_role_and_label(Role::Slider, "I level").rect();
    let area = window.area("Current against voltage");
    // Sixty µA/cm² and more are on the axis, and the lower two points meet at 15.78.
    window.drag(line.center(), within(area, 0.5, 0.3));
    window.run_steps(3);
    assert!(window.bench().setup().current > 16.0, "{}", window.bench().setup().current);
    assert_eq!(crossings(&window).len(), 1, "{:?}", crossings(&window));
    window.send(Command::Undo);
    window.run_steps(3);
    assert_eq!(crossings(&window), before, "one drag is one step");
    // A slider moves the curve live.
    window.type_into("g_Na [mS/cm²]", "60");
    assert_ne!(crossings(&window), before);
    // A click puts V there.
    let at = window.area("Current against voltage");
    window.click_at(within(at, 0.7, 0.9));
    assert!(window.v() > 0.0, "{}", window.v());
    // A drag beside the lines throws nothing; one that begins at the state takes it along.
    let put = window.v();
    window.drag(within(at, 0.2, 0.9), within(at, 0.4, 0.9));
    assert_eq!(window.v().to_bits(), put.to_bits());
    let state = window.area("State on the I\u{2013}V curve").center();
    window.drag(state, pos2(within(at, 0.1, 0.0).x, state.y));
    assert!(window.v() < -40.0, "{}", window.v());
    let mut chance = window_of("poisson");
    show(&mut chance, "iv");
    assert!(chance.shows("No current enters the potential of this model"));
}
