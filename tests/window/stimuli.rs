//! Adding, editing and removing parts of the stimulus in the column.

use eframe::egui::{Event, Key, accesskit::Role, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use neuron_playground::app::stimuli::KINDS;
use neuron_playground::stimulus::{Item, Synapse};

use crate::harness::{Asked, CTRL, Window, widgets, window, window_of};

fn items(window: &Window) -> Vec<Item> {
    window.bench().setup().stimulus.clone()
}

fn add(window: &mut Window, words: &str) {
    window.push("Add stimulus");
    window.push(words);
    window.run_steps(4);
}

#[test]
fn every_kind_can_be_added_named_undone_and_removed() {
    for model in ["lif", "hodgkin_huxley", "fitzhugh_nagumo"] {
        let mut window = window_of(model);
        for kind in &KINDS {
            add(&mut window, kind.words);
            assert_eq!(items(&window).len(), 1, "{model}: {}", kind.words);
            assert!(window.message().is_none(), "{model}: {}: {:?}", kind.words, window.message());
            assert_eq!(window.unnamed_widgets(), Vec::<String>::new(), "{}", kind.words);
            let fields = widgets(&window).into_iter().filter(|w| w.0 == Role::SpinButton && w.1.starts_with("Stimulus 1: ")).count();
            assert!(fields >= 2, "{model}: {} has {fields} fields", kind.words);
            window.push("Remove stimulus 1");
            assert!(items(&window).is_empty(), "{model}: {:?}", items(&window));
            window.press_with(CTRL, Key::Z);
            assert_eq!(items(&window).len(), 1, "removing is a step of its own");
            window.press_with(CTRL, Key::Z);
            assert!(items(&window).is_empty(), "and so is adding");
        }
    }
}

#[test]
fn every_field_of_a_step_can_be_typed_and_its_end_left_out() {
    let mut window = window_of("lif");
    add(&mut window, "Step");
    window.type_into("Stimulus 1: from", "12.5");
    window.type_into("Stimulus 1: amplitude", "-0.25");
    window.type_into("Stimulus 1: to", "33");
    assert_eq!(items(&window)[0], Item::Step { from: 12.5, to: Some(33.0), amplitude: -0.25 });
    window.type_into("Stimulus 1: to", "3");
    assert!(items(&window)[0].check(1).is_ok() && items(&window)[0].span().1 > 12.5, "an end stays behind its start");
    window.press_with(CTRL, Key::Z);
    assert_eq!(items(&window)[0].span().1, 33.0, "each typed number is one step of undo");
    window.get_by_role_and_label(Role::CheckBox, "Stimulus 1: ends").click();
    window.run_steps(3);
    assert_eq!(items(&window)[0], Item::Step { from: 12.5, to: None, amplitude: -0.25 });
}

#[test]
fn one_drag_of_a_field_is_one_step_of_undo() {
    let mut window = window_of("lif");
    add(&mut window, "Pulse train");
    let before = items(&window);
    let at = window.get_by_role_and_label(Role::SpinButton, "Stimulus 1: amplitude").rect().center();
    window.drag(at, at + eframe::egui::vec2(60.0, 0.0));
    window.run_steps(3);
    assert_ne!(items(&window), before);
    window.press_with(CTRL, Key::Z);
    assert_eq!(items(&window), before);
}

#[test]
fn a_synapse_can_be_chosen_and_brings_its_own_fields() {
    let mut window = window_of("hodgkin_huxley");
    add(&mut window, "Input spikes");
    for (name, fields) in [("conductance", ["τ", "reversal"]), ("alpha", ["τ", "weight"]), ("delta", ["weight", "weight"])] {
        window.push(name);
        let Item::Spikes { synapse, .. } = &items(&window)[0] else { panic!() };
        assert_eq!(matches!(synapse, Synapse::Delta {}), name == "delta");
        for field in fields {
            window.get_by_role_and_label(Role::SpinButton, &format!("Stimulus 1: {field}"));
        }
        assert!(items(&window)[0].check(1).is_ok());
    }
    window.push("at random");
    window.type_into("Stimulus 1: rate", "35");
    let Item::Spikes { times, rate_hz, .. } = &items(&window)[0] else { panic!() };
    assert_eq!((times, rate_hz), (&None, &Some(35.0)));
}

#[test]
fn spike_times_are_typed_as_a_list() {
    let mut window = window_of("lif");
    add(&mut window, "Input spikes");
    let typed = |window: &mut Window, text: &str| {
        window.get_by_role_and_label(Role::TextInput, "Stimulus 1: times").click();
        window.step();
        window.run_steps(2);
        window.press_with(CTRL, Key::A);
        window.event(Event::Text(text.into()));
        window.step();
        window.press(Key::Enter);
        window.remove_cursor();
        window.run_steps(3);
        let Item::Spikes { times: Some(times), .. } = items(window).remove(0) else { panic!() };
        times
    };
    assert_eq!(typed(&mut window, "30, 10 20.5"), [10.0, 20.5, 30.0], "in order");
    assert_eq!(typed(&mut window, "12, nonsense"), [10.0, 20.5, 30.0], "what is no list changes nothing");
}

#[test]
fn samples_are_edited_one_by_one() {
    let mut window = window_of("lif");
    add(&mut window, "Samples");
    window.type_into("Stimulus 1: current at point 2", "0.7");
    let Item::Samples { times, values } = items(&window).remove(0) else { panic!() };
    assert_eq!(values[1], 0.7);
    window.type_into("Stimulus 1: time of point 2", "1000");
    let Item::Samples { times: moved, .. } = items(&window).remove(0) else { panic!() };
    assert!(moved[1] > times[1] && moved[1] < times[2], "a point stays between its neighbours");
    window.push("Stimulus 1: remove point 1");
    window.push("Add a point");
    let Item::Samples { times: now, .. } = items(&window).remove(0) else { panic!() };
    assert_eq!(now.len(), times.len());
    assert!(items(&window)[0].check(1).is_ok());
}

#[test]
fn a_line_unfolds_by_a_click_and_keeps_its_fields_when_another_goes() {
    let mut window = window("izhikevich/bursting_beside_rest");
    assert!(window.query_by_role_and_label(Role::SpinButton, "Stimulus 1: amplitude").is_none());
    add(&mut window, "Sine");
    assert!(window.query_by_role_and_label(Role::SpinButton, "Stimulus 2: frequency").is_some());
    // The column scrolls by now, and its bar leaves what can be pressed alone.
    window.push("Remove stimulus 1");
    let names: Vec<String> = window.root().children_recursive().filter_map(|n| n.accesskit_node().label()).collect();
    assert!(names.iter().any(|n| n == "Stimulus 1: frequency"), "{:?} {names:?}", items(&window));
    window.push("Fields of stimulus 1");
    assert!(window.query_by_role_and_label(Role::SpinButton, "Stimulus 1: frequency").is_none());
}

#[test]
fn what_matters_most_in_a_stimulus_is_a_slider_that_acts_while_it_is_dragged() {
    let mut window = window("lif/exponential_synapse");
    window.push("Fields of stimulus 1");
    window.run_steps(3);
    window.press(Key::Space);
    for name in ["τ", "weight"] {
        let name = format!("Stimulus 1: {name}");
        let rail = window.get_by_role_and_label(Role::Slider, &name).rect();
        let spin = window.get_by_role_and_label(Role::SpinButton, &name).rect();
        assert!(rail.width() > 30.0 && rail.right() < spin.right(), "{name}: {rail:?} {spin:?}");
        let before = items(&window);
        window.hover_at(rail.center());
        window.drag_at(rail.center());
        window.hover_at(rail.center() + vec2(9.0, 0.0));
        window.run_steps(3);
        let during = items(&window);
        assert_ne!(before, during, "{name}: it acts before the hand lets go");
        window.hover_at(rail.center() + vec2(14.0, 0.0));
        window.drop_at(rail.center() + vec2(14.0, 0.0));
        window.run_steps(3);
        assert_ne!(items(&window), during);
        window.push(&format!("Reset {name}"));
        assert_eq!(items(&window), before, "{name}: the way back");
    }
}

#[test]
fn strength_and_memory_of_a_random_stimulus_are_sliders_on_every_model() {
    for model in neuron_playground::model::all().iter().map(|neuron| neuron.card().id) {
        let mut window = window_of(model);
        for (kind, names) in [("Noise (Ornstein–Uhlenbeck)", ["sd", "τ"]), ("Random input spikes", ["rate", "weight"])] {
            add(&mut window, kind);
            for name in names {
                let name = format!("Stimulus 1: {name}");
                let before = items(&window);
                let rail = window.get_by_role_and_label(Role::Slider, &name).rect();
                window.drag(rail.center(), rail.center() + vec2(8.0, 0.0));
                assert_ne!(items(&window), before, "{model}: {name}");
                assert!(window.message().is_none(), "{model}: {:?}", window.message());
            }
            window.push("Remove stimulus 1");
        }
    }
}
