//! Choosing models and presets.

use eframe::egui::{Event, Key, Theme, accesskit::Role};
use egui_kittest::kittest::{NodeT, Queryable};
use neuron_playground::model;
use neuron_playground::preset::{self, Setup};

use crate::harness::{Asked, LARGE, SMALL, is_finite, widgets, window, window_on};

#[test]
fn a_model_is_chosen_from_the_menu() {
    let mut window = window("izhikevich/tonic_spiking");
    window.push("Model");
    for neuron in model::all() {
        assert!(window.query_by_label(neuron.card().title).is_some(), "{}", neuron.card().title);
    }
    window.push("Hodgkin–Huxley 1952");
    assert_eq!(window.bench().setup().neuron.card().id, "hodgkin_huxley");
    assert!(window.query_by_role_and_label(Role::Slider, "g_Na [mS/cm²]").is_some());
    assert!(window.query_by_role_and_label(Role::Slider, "d [mV/ms]").is_none());
    assert!(window.shows("Hodgkin–Huxley 1952"));
}

#[test]
fn every_model_runs_and_is_drawn_in_both_themes_and_sizes() {
    for neuron in model::all() {
        for (size, theme) in [(LARGE, Theme::Dark), (LARGE, Theme::Light), (SMALL, Theme::Dark), (SMALL, Theme::Light)] {
            let mut window = window_on(Setup::of_model(*neuron), None, size, theme);
            window.state_mut().run_to(1000.0 * neuron.card().dt);
            window.run_steps(3);
            let card = neuron.card();
            assert!((window.bench().simulation().time() - 1000.0 * card.dt).abs() < 1e-6, "{}", card.id);
            assert!(window.output().shapes.iter().all(|s| is_finite(&s.shape)), "{}", card.id);
            let picture = window.render().unwrap();
            let first = *picture.get_pixel(0, 0);
            let drawn = picture.pixels().filter(|p| **p != first).count();
            assert!(drawn > 20_000, "{}: {drawn} pixels are not the first one's colour", card.id);
        }
    }
}

#[test]
fn nothing_of_the_top_bar_is_cut_off_in_a_small_window() {
    // The smallest size the window allows, that under a projector's scale, and the common ones.
    let sizes = [[800.0, 560.0], [920.0, 600.0], [1066.0, 667.0], SMALL, [1290.0, 800.0]];
    for (neuron, size) in model::all().iter().flat_map(|m| sizes.map(|s| (m, s))) {
        let window = window_on(Setup::of_model(*neuron), None, size, Theme::Dark);
        let mut bar: Vec<_> = widgets(&window).into_iter().filter(|(.., rect)| rect.top() < 40.0).collect();
        bar.sort_by(|a, b| a.2.left().total_cmp(&b.2.left()));
        let labels = window.root().children_recursive().filter(|n| n.accesskit_node().role() == Role::Label && n.rect().top() < 40.0);
        bar.extend(labels.map(|n| (Role::Label, String::new(), n.rect())));
        bar.sort_by(|a, b| a.2.left().total_cmp(&b.2.left()));
        assert!(bar.len() >= 9 && bar.iter().any(|(_, name, _)| name == "Experiment"), "{bar:?}");
        for pair in bar.windows(2) {
            assert!(pair[0].2.right() <= pair[1].2.left() + 0.5, "{}: {:?} overlaps {:?}", neuron.card().id, pair[0], pair[1]);
        }
        assert!(bar.iter().all(|(.., r)| r.left() >= 0.0 && r.right() <= size[0]), "{bar:?}");
    }
}

#[test]
fn page_keys_and_arrows_go_through_the_presets_of_the_model() {
    let mut window = window("izhikevich/tonic_spiking");
    let (ids, place) = window.bench().place();
    let (ids, place) = (ids.iter().map(|s| (*s).to_string()).collect::<Vec<_>>(), place.unwrap());
    let id = |w: &crate::harness::Window| w.bench().preset_id().unwrap().to_string();
    window.press(Key::PageDown);
    assert_eq!(id(&window), ids[(place + 1) % ids.len()]);
    window.press(Key::PageUp);
    window.press(Key::PageUp);
    assert_eq!(id(&window), ids[place - 1]);
    window.push("Next preset");
    assert_eq!(id(&window), ids[place]);
    window.push("Previous preset");
    assert_eq!(id(&window), ids[place - 1]);
    for _ in 0..ids.len() {
        window.press(Key::PageDown);
    }
    assert_eq!(id(&window), ids[place - 1], "it goes round");
}

#[test]
fn the_list_of_presets_is_searched_by_words_and_chosen_from_by_card() {
    let mut window = window("izhikevich/tonic_spiking");
    window.push("Preset");
    let mine = preset::entries().iter().filter(|e| e.file.model == "izhikevich").count();
    let titles = |w: &crate::harness::Window| {
        let known: Vec<String> = preset::entries().iter().filter_map(|e| e.file.title.clone()).collect();
        widgets(w).into_iter().filter(|(role, name, _)| *role == Role::Button && known.contains(name)).map(|(_, name, _)| name).collect::<Vec<_>>()
    };
    assert_eq!(titles(&window).len(), mine, "all presets of this model");
    let field = window.get_by_role(Role::TextInput);
    field.click();
    window.step();
    window.event(Event::Text("anode break".into()));
    window.step();
    window.run_steps(5);
    let found = titles(&window);
    assert!(!found.is_empty() && found.len() < mine, "{found:?}");
    let anode = preset::embedded("fitzhugh_nagumo_classic/anode_break_long").unwrap();
    assert!(found.iter().any(|t| Some(t) == anode.words.title.as_ref()), "{found:?}");
    window.push(anode.words.title.as_deref().unwrap());
    window.run_steps(3);
    assert_eq!(window.bench().preset_id(), Some("fitzhugh_nagumo_classic/anode_break_long"));
    assert!(window.query_by_role(Role::TextInput).is_none(), "the list has closed");
    window.push("Preset");
    window.run_steps(3);
    assert!(window.query_by_role(Role::TextInput).is_some(), "the list opens again");
}

/// The titles a search finds, in order.
fn search(window: &mut crate::harness::Window, text: &str) -> Vec<String> {
    window.push("Preset");
    window.event(Event::Text(text.into()));
    window.step();
    window.run_steps(4);
    let known: Vec<String> = preset::entries().iter().filter_map(|e| e.file.title.clone()).collect();
    let mut cards: Vec<_> = widgets(window).into_iter().filter(|(_, name, _)| known.contains(name)).collect();
    cards.sort_by(|a, b| (a.2.top(), a.2.left()).partial_cmp(&(b.2.top(), b.2.left())).unwrap());
    window.press(Key::Escape);
    window.press(Key::Escape);
    window.run_steps(3);
    cards.into_iter().map(|(_, name, _)| name).collect()
}

#[test]
fn a_search_begins_empty_and_with_the_keyboard_and_brings_titles_first() {
    let mut window = window("izhikevich/tonic_spiking");
    for (text, first) in [("biolog", "Biological neuron"), ("phase", "The phases of one action potential"), ("class 2", "Class 2 excitability")] {
        let found = search(&mut window, text);
        assert_eq!(found.first().map(String::as_str), Some(first), "{text}: {found:?}");
    }
    let starts = |found: &[String], with: &str| found.iter().any(|title| title.starts_with(with));
    assert!(starts(&search(&mut window, "fuzzy"), "Soft threshold"));
    assert!(starts(&search(&mut window, "basin"), "Bistable"));
    assert!(starts(&search(&mut window, "rebound"), "Rebound"));
    assert!(search(&mut window, "conductance").len() > 5, "kinds of synapses are found");
}

#[test]
fn enter_takes_the_first_that_a_search_finds() {
    let mut window = window("izhikevich/tonic_spiking");
    window.push("Preset");
    window.event(Event::Text("biolog".into()));
    window.run_steps(4);
    window.press(Key::Enter);
    window.run_steps(3);
    assert_eq!(window.bench().preset_id(), Some("traub_miles/biological_neuron"));
    assert!(window.query_by_role(Role::TextInput).is_none(), "the list has closed");
}

#[test]
fn the_view_that_was_asked_for_is_in_front_of_the_experiment_of_a_preset() {
    let mut window = window("lif/convolution");
    assert!(window.query_by_role_and_label(Role::Image, "Traces").is_none(), "the preset brings its experiment");
    window.state_mut().show_view("traces");
    window.send(neuron_playground::app::Command::Preset("lif/synapse_filter".into()));
    assert!(window.query_by_role_and_label(Role::Image, "Traces").is_some());
}

#[test]
fn what_was_said_of_a_change_goes_when_it_is_taken_back() {
    let mut window = window("izhikevich/tonic_spiking");
    window.send(neuron_playground::app::Command::Current(1.0));
    window.send(neuron_playground::app::Command::Say("The spike is placed in the past".into(), false));
    assert!(window.shows("The spike is placed in the past"));
    window.send(neuron_playground::app::Command::Undo);
    assert!(window.message().is_none(), "{:?}", window.message());
}

#[test]
fn a_search_without_a_find_says_so() {
    let mut window = window("izhikevich/tonic_spiking");
    window.push("Preset");
    window.get_by_role(Role::TextInput).click();
    window.step();
    window.event(Event::Text("zzz".into()));
    window.step();
    window.run_steps(2);
    assert!(window.shows("No preset has these words"));
    assert_eq!(window.bench().preset_id(), Some("izhikevich/tonic_spiking"));
}

#[test]
fn letters_typed_into_the_search_do_not_act_on_the_neuron() {
    let mut window = window("izhikevich/tonic_spiking");
    window.state_mut().run_to(20.0);
    window.run_steps(2);
    window.push("Preset");
    window.get_by_role(Role::TextInput).click();
    window.step();
    let (t, v) = (window.bench().simulation().time(), window.v());
    for key in [Key::R, Key::P, Key::K, Key::Period, Key::Space, Key::Num1] {
        window.press(key);
    }
    assert_eq!((window.bench().simulation().time(), window.v().to_bits()), (t, v.to_bits()));
    assert!(window.bench().pulses().is_empty() && !window.bench().is_playing());
}

#[test]
fn every_preset_of_the_library_opens_and_shows_its_title_and_what_to_look_at() {
    let mut window = window("izhikevich/tonic_spiking");
    for entry in preset::entries() {
        window.send(neuron_playground::app::Command::Preset(entry.id.clone()));
        assert_eq!(window.bench().preset_id(), Some(entry.id.as_str()));
        let shows = entry.file.shows.as_deref().unwrap_or_default();
        assert!(window.shows(shows), "{}: {shows}", entry.id);
        assert!(window.message().is_none(), "{}: {:?}", entry.id, window.message());
        assert!(window.output().shapes.iter().all(|s| is_finite(&s.shape)), "{}", entry.id);
    }
}
