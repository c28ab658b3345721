//! Views of the course: experiments, anatomy of a spike, comparison, ghosts, ions, drawn currents.

use eframe::egui::{Event, Key, Modifiers, PointerButton, Pos2, accesskit::Role};
use egui_kittest::kittest::Queryable;
use neuron_playground::app::Command;
use neuron_playground::experiment::protocols::EXPERIMENTS;
use neuron_playground::preset;
use neuron_playground::stimulus::Item;

use crate::harness::{Asked, CTRL, Window, window, window_of, within};

fn show(window: &mut Window, view: &str) {
    window.state_mut().show_view(view);
    window.run_steps(3);
}

#[test]
fn an_experiment_is_chosen_done_and_done_again_when_a_setting_moves() {
    let mut window = window_of("lif");
    show(&mut window, "experiment");
    window.push(EXPERIMENTS[0].title);
    window.run_steps(3);
    assert_eq!(window.bench().setup().experiment.as_ref().map(|chosen| chosen.experiment.id), Some(EXPERIMENTS[0].id));
    window.send(Command::Experiment(Some("gap_scan")));
    window.run_steps(3);
    let first = window.state().derived().experiments().slot().result().expect("a report").clone();
    assert!(window.query_by_role_and_label(Role::Image, "Highest potential against the gap").is_some());
    window.type_into("amplitude [nA]", "9");
    window.run_steps(3);
    let slot = window.state().derived().experiments().slot();
    assert!(slot.is_current() && slot.result() != Some(&first), "the report follows the slider");
    window.send(Command::Undo);
    window.run_steps(3);
    assert_eq!(window.state().derived().experiments().slot().result(), Some(&first), "undo brings the setting back");
}

#[test]
fn every_experiment_draws_its_charts_on_some_model() {
    for experiment in EXPERIMENTS {
        let neuron = neuron_playground::model::all().iter().find(|m| (experiment.suits)(**m).is_ok()).expect("a model that suits");
        let mut window = window_of(neuron.card().id);
        show(&mut window, "experiment");
        window.send(Command::Experiment(Some(experiment.id)));
        window.run_steps(3);
        let slot = window.state().derived().experiments().slot();
        let report = slot.result().unwrap_or_else(|| panic!("{}: {:?}", experiment.id, slot.failure())).clone();
        for chart in &report.charts {
            assert!(window.query_by_role_and_label(Role::Image, &chart.title).is_some(), "{}: {} is not drawn", experiment.id, chart.title);
        }
    }
}

#[test]
fn the_next_neuron_of_the_same_kind_keeps_the_experiment() {
    let mut window = window_of("lif");
    show(&mut window, "experiment");
    window.send(Command::Experiment(Some("gap_scan")));
    window.send(Command::Setting(0, 4.0));
    window.send(Command::Model("adaptive_lif"));
    let chosen = window.bench().setup().experiment.as_ref().expect("kept");
    assert_eq!((chosen.experiment.id, chosen.values[0]), ("gap_scan", 2.0), "settings are those of the new model");
}

#[test]
fn the_phases_of_a_spike_light_up_in_turn_and_again_when_looking_back() {
    let mut window = window("hodgkin_huxley/action_potential");
    show(&mut window, "anatomy");
    window.state_mut().run_to(30.0);
    let mut seen = Vec::new();
    for k in 0..150 {
        window.send(Command::Scrub(Some(0.2 * f64::from(k))));
        let now = ["rest", "depolarisation", "rising phase", "peak", "falling phase", "undershoot"]
            .into_iter()
            .find(|phase| window.query_by_role_and_label(Role::Image, &format!("{phase}, now")).is_some());
        if let Some(now) = now.filter(|now| seen.last() != Some(now)) {
            seen.push(now);
        }
    }
    assert_eq!(seen[..6], ["rest", "depolarisation", "rising phase", "peak", "falling phase", "undershoot"], "{seen:?}");
    assert!(window.query_by_role_and_label(Role::Image, "Equivalent circuit").is_some());
    assert!(window.shows("out \u{2212} in = 0.000 µA/cm²"), "{:?}", window.texts());
}

#[test]
fn a_model_without_conductances_says_what_its_anatomy_lacks() {
    let mut window = window_of("izhikevich");
    show(&mut window, "anatomy");
    assert!(window.shows("This model has no conductances: try Hodgkin\u{2013}Huxley or persistent sodium + potassium"));
}

#[test]
fn neurons_are_put_beside_the_present_one_and_taken_out_again() {
    let mut window = window_of("lif");
    show(&mut window, "compare");
    window.send(Command::Stimulus(vec![Item::Step { from: 10.0, to: None, amplitude: 2.5 }]));
    window.send(Command::Compare(vec!["adaptive_lif".into()]));
    window.run_steps(3);
    let rows = window.state().derived().comparison().slot().result().expect("rows").clone();
    assert_eq!(rows.len(), 2);
    assert!(rows[0].spikes.len() > rows[1].spikes.len() && !rows[1].spikes.is_empty());
    window.push("Remove neuron 1 from the comparison");
    window.run_steps(3);
    assert_eq!(window.state().derived().comparison().slot().result().expect("rows").len(), 1);
}

#[test]
fn a_pinned_ghost_stays_while_a_parameter_changes() {
    let mut window = window("izhikevich/tonic_spiking");
    window.state_mut().run_to(80.0);
    window.run_steps(2);
    let plain = window.render().expect("a picture");
    window.press(Key::G);
    window.run_steps(2);
    let pinned = window.render().expect("a picture");
    window.send(Command::Param(1, 0.25));
    window.run_steps(2);
    let changed = window.render().expect("a picture");
    window.press(Key::G);
    window.run_steps(2);
    let free = window.render().expect("a picture");
    let differ = |a: &image::RgbaImage, b: &image::RgbaImage| a.pixels().zip(b.pixels()).filter(|(a, b)| a != b).count();
    assert!(differ(&plain, &pinned) > 10, "the switch says that something is pinned");
    assert!(differ(&changed, &free) > 500, "the ghost of the nullclines stood beside the new ones: {}", differ(&changed, &free));
}

#[test]
fn potassium_outside_moves_the_reversal_potential_by_nernst_s_law() {
    let mut window = window_of("hodgkin_huxley");
    window.get_by_label("Ions: concentrations outside").click();
    window.step();
    window.run_steps(20);
    window.type_into("K_out [mM]", "40");
    // RT/F at 6.3 °C is 24.083 mV; inside are 400 mM.
    let expected = 8.314_462_618 / 96.485_332_12 * (273.15 + 6.3) * (40.0_f64 / 400.0).ln();
    assert!((window.param("E_K") - expected).abs() < 0.01, "{} {expected}", window.param("E_K"));
}

#[test]
fn a_typed_concentration_is_taken_at_the_end_and_stays_as_it_was_typed() {
    let mut window = window_of("hodgkin_huxley");
    window.get_by_label("Ions: concentrations outside").click();
    window.step();
    window.run_steps(20);
    let shown = |window: &Window| window.get_by_role_and_label(Role::SpinButton, "K_out [mM]").value().unwrap_or_default();
    let before = window.param("E_K");
    window.get_by_role_and_label(Role::SpinButton, "K_out [mM]").click();
    window.step();
    window.run_steps(2);
    for letter in ["3", "2", ".", "7"] {
        window.event(Event::Text(letter.into()));
        window.run_steps(3);
    }
    assert_eq!((shown(&window).as_str(), window.param("E_K")), ("32.7", before), "nothing moves under the hand");
    window.press(Key::Enter);
    window.run_steps(30);
    assert_eq!(shown(&window), "32.7");
    for text in ["3", "23.7", "200"] {
        window.type_into("K_out [mM]", text);
        assert_eq!(shown(&window), text);
    }
}

fn with_ctrl(window: &mut Window, path: &[Pos2]) {
    let button = |pos, pressed| Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: CTRL };
    window.event(Event::PointerMoved(path[0]));
    window.event(Event::ModifiersChanged(CTRL));
    window.run_steps(2);
    window.event(button(path[0], true));
    window.run_steps(1);
    for at in path {
        window.event(Event::PointerMoved(*at));
        window.run_steps(1);
    }
    window.event(button(*path.last().expect("a point"), false));
    window.run_steps(2);
    window.event(Event::ModifiersChanged(Modifiers::NONE));
    window.run_steps(30);
}

#[test]
fn a_current_is_drawn_by_hand_and_spikes_are_placed_in_the_input_strip() {
    let mut window = window_of("lif");
    let area = window.area("Traces");
    let low = |part: f32| within(area, part, 0.94);
    let path: Vec<Pos2> = (0..12_u8).map(|k| low(0.2 + 0.04 * f32::from(k))).collect();
    with_ctrl(&mut window, &path);
    let drawn = window.bench().setup().stimulus.clone();
    assert!(matches!(drawn.as_slice(), [Item::Samples { times, .. }] if times.len() > 5 && times.windows(2).all(|w| w[0] < w[1])), "{drawn:?}");
    window.send(Command::Undo);
    assert!(window.bench().setup().stimulus.is_empty(), "one drawing is one step");
    for part in [0.5, 0.3] {
        with_ctrl(&mut window, &[low(part)]);
    }
    let placed = window.bench().setup().stimulus.clone();
    assert!(matches!(placed.as_slice(), [Item::Spikes { times: Some(times), .. }] if times.len() == 2 && times[0] < times[1]), "{placed:?}");
}

#[test]
fn a_preset_with_an_experiment_opens_on_it() {
    let text = r#"{"schema":1,"model":"hodgkin_huxley","title":"Two pulses","experiment":{"id":"gap_scan","settings":{"amplitude":6.5,"count":20}}}"#;
    let setup = preset::parse(text).expect("a preset");
    let mut window = window_of("lif");
    window.send(Command::Bytes { name: "dropped".into(), bytes: setup.to_json().into_bytes() });
    window.run_steps(4);
    assert!(window.query_by_role_and_label(Role::Image, "Highest potential against the gap").is_some());
}

#[test]
fn crossing_a_nullcline_lights_up_what_turns_there() {
    let mut window = window("fitzhugh_nagumo_classic/oscillation_0_5");
    let mut seen = std::collections::BTreeSet::new();
    for k in 1..120 {
        window.state_mut().run_to(0.5 * f64::from(k));
        window.run_steps(1);
        for name in ["v turns", "w turns"] {
            if window.shows(name) {
                seen.insert(name);
            }
        }
    }
    assert_eq!(seen.len(), 2, "each nullcline is crossed: {seen:?}");
    // At rest nothing turns.
    let mut resting = window_of("fitzhugh_nagumo_classic");
    resting.run_steps(3);
    assert!(!resting.shows(" turns"));
}

#[test]
fn the_gallery_prints_parameters_and_loads_what_is_clicked() {
    let mut window = window("izhikevich/tonic_spiking");
    show(&mut window, "gallery");
    assert!(window.texts().iter().any(|t| t.contains("a 0.02  b 0.2  c")), "{:?}", window.texts());
    let entry = preset::entries().iter().find(|e| e.file.model == "izhikevich").expect("a preset");
    window.push(entry.file.title.as_deref().expect("a title"));
    assert_eq!(window.bench().preset_id(), Some(entry.id.as_str()));
}

#[test]
fn the_steps_of_a_page_of_help_are_buttons_that_do_what_they_say() {
    let mut window = window_of("lif");
    window.press(Key::F1);
    window.run_steps(3);
    let page = neuron_playground::app::help::find("lif").expect("a page");
    for (place, step) in page.steps.iter().enumerate() {
        let label = format!("{}  {}", place + 1, step.words);
        window.get_by_role_and_label(Role::Button, &label).scroll_to_me();
        window.run_steps(3);
        window.push(&label);
        assert!(!window.message().is_some_and(|(_, is_error)| is_error), "{label}");
        window.send(Command::Play(false));
        window.state_mut().show_view("help");
        window.run_steps(2);
    }
}

#[test]
fn help_is_on_the_present_model_whatever_was_read_before() {
    let mut window = window_of("lif");
    let title = |id: &str| neuron_playground::app::help::find(id).expect("a page").title.clone();
    let is_on = |window: &Window, id: &str| window.texts().contains(&title(id)) && window.shows(&help_text(id));
    window.press(Key::F1);
    window.run_steps(3);
    assert!(is_on(&window, "lif"));
    let step = &neuron_playground::app::help::find("lif").expect("a page").steps[0];
    let label = format!("1  {}", step.words);
    window.get_by_role_and_label(Role::Button, &label).scroll_to_me();
    window.run_steps(3);
    window.push(&label);
    show(&mut window, "help");
    assert!(is_on(&window, "lif"), "it stays on its page");
    window.send(Command::Model("adex"));
    window.run_steps(3);
    assert!(is_on(&window, "adex"), "another model has its own page");
    window.get_by_label("Contents").click();
    window.step();
    window.run_steps(20);
    let threshold = title("threshold");
    window.button(&threshold).scroll_to_me();
    window.run_steps(20);
    window.push(&threshold);
    window.send(Command::Model("izhikevich"));
    window.run_steps(3);
    assert!(is_on(&window, "threshold"), "an idea stays");
    window.press(Key::F1);
    window.run_steps(3);
    assert!(is_on(&window, "izhikevich"), "F1 is on the present model");
}

/// How the text of a page begins.
fn help_text(id: &str) -> String {
    neuron_playground::app::help::find(id).expect("a page").text.chars().take(30).collect()
}

#[test]
fn weights_stand_in_a_grid_whose_cells_are_dragged() {
    let mut window = window("lif/feed_forward_layer");
    window.run_steps(3);
    let sums = |window: &Window| window.state().derived().experiments().slot().result().and_then(|r| r.value("z_1")).expect("a sum");
    let before = sums(&window);
    let cell = window.get_by_role_and_label(Role::SpinButton, "w_11").rect();
    window.drag(cell.center(), cell.center() + eframe::egui::vec2(50.0, 0.0));
    window.run_steps(3);
    // x_1 is 1, so that the sum moves by as much as the weight.
    let weight = window.bench().setup().experiment.as_ref().expect("a layer").values[3];
    assert!(weight > 1.5 && (sums(&window) - before - (weight - 1.0)).abs() < 1e-9, "{weight}");
    assert!(window.query_by_role_and_label(Role::SpinButton, "b_2").is_some(), "the bias is a weight of a unit that is always on");
}

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
    // A second one right beside it: their currents add up.
    window.click_at(at(0.525));
    let (times, two) = placed(&window);
    assert!(times.len() == 2 && two > one + 0.5, "{times:?}: {one} {two}");
    assert_eq!(window.button("Spike 2 of train 3").rect().center().x.round(), at(times[1] as f32 / 300.0).x.round());
    window.drag(at(0.525), at(0.8));
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
    let name = "Line of gap in Second pulse against the gap";
    let at = window.area(name).center();
    window.drag(at, at - eframe::egui::vec2(30.0, 0.0));
    window.run_steps(3);
    assert!(gap(&window) < from - 1.0 && second(&window) > Some(before), "{} {:?}", gap(&window), second(&window));
    assert!((window.area(name).center().x - (at.x - 30.0)).abs() < 2.0, "the line stays under the hand");
    window.send(Command::Undo);
    assert_eq!(gap(&window), from, "one drag is one step");
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
    use egui_kittest::kittest::NodeT;
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
    let mut chance = window_of("poisson");
    show(&mut chance, "iv");
    assert!(chance.shows("No current enters the potential of this model"));
}
