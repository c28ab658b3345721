//! Views of the course: experiments, anatomy of a spike, comparison, ghosts, ions, drawn currents.

use eframe::egui::{Event, Key, Modifiers, PointerButton, Pos2, accesskit::Role};
use egui_kittest::kittest::Queryable;
use neuron_playground::app::Command;
use neuron_playground::experiment::protocols::EXPERIMENTS;
use neuron_playground::preset;
use neuron_playground::stimulus::Item;

use crate::harness::{Asked, CTRL, Window, window, window_of, within};

/// Brings a view to the front.
pub fn show(window: &mut Window, view: &str) {
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

#[test]
fn a_leaky_neuron_goes_into_normalised_variables_and_back_with_identical_spike_times() {
    let mut window = window("lif/playground_default");
    let spikes = |window: &mut Window| {
        window.state_mut().run_to(200.0);
        window.run_steps(2);
        window.bench().trace().spikes().iter().map(|spike| spike.t).collect::<Vec<f64>>()
    };
    let (params, physical) = (window.bench().setup().params.clone(), spikes(&mut window));
    assert!(window.shows("C = ") && window.shows("nF"), "{:?}", window.texts());
    window.push("In normalised variables");
    assert_eq!((window.param("E_L"), window.param("V_th"), window.param("R")), (0.0, 1.0, 1.0));
    let same = |a: &[f64], b: &[f64]| a.len() == b.len() && a.len() > 3 && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9);
    assert!(same(&physical, &spikes(&mut window)));
    let axis = |window: &Window| {
        let shown = window.state().derived().balance();
        (shown.first().unwrap()[0], shown.last().unwrap()[0])
    };
    let (low, high) = axis(&window);
    assert!(low > -1.0 && (1.0..3.0).contains(&high), "the phase line goes along: {low} to {high}");
    window.push("In millivolts and nanoamperes");
    window.run_steps(2);
    let (low, high) = axis(&window);
    assert!(low < -60.0 && (-55.0..-20.0).contains(&high), "and back: {low} to {high}");
    assert_eq!(window.bench().setup().params, params);
    assert!(same(&physical, &spikes(&mut window)));
    window.press_with(CTRL, Key::Z);
    window.press_with(CTRL, Key::Z);
    assert_eq!(window.bench().setup().params, params, "both are steps of undo");
    assert!(same(&physical, &spikes(&mut window)));
}
