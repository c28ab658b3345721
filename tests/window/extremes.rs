//! The ends of every slider, while time runs.

use eframe::egui::{Key, accesskit::Role};
use egui_kittest::kittest::Queryable;
use neuron_playground::app::Command;
use neuron_playground::model;

use crate::harness::{Asked, Window, is_finite, widgets, window_of};

/// A stop has a sentence, and nothing that is recorded or drawn is without a number.
fn healthy(window: &Window, what: &str) {
    let bench = window.bench();
    if bench.simulation().stopped().is_some() {
        let text = window.message().map(|m| m.0).unwrap_or_default();
        assert!(text.split_whitespace().count() > 4, "{what}: {text:?}");
        assert!(window.shows(&text), "{what}: the reason is not on the screen");
    }
    let trace = bench.trace();
    let last = trace.len() - 1;
    for index in last.saturating_sub(500)..=last {
        assert!(trace.state(index).iter().all(|x| x.is_finite()) && trace.value(index, 0).is_finite(), "{what} at {}", trace.time(index));
    }
    let bad = window.output().shapes.iter().find(|s| !is_finite(&s.shape));
    assert!(bad.is_none(), "{what}: {bad:?}");
}

/// Plays on, also after a stop.
fn play(window: &mut Window) {
    if !window.bench().is_playing() {
        window.send(Command::Play(true));
    }
}

#[test]
fn sliders_at_their_ends_do_no_harm() {
    for neuron in model::all() {
        let id = neuron.card().id;
        let mut window = window_of(id);
        let names: Vec<String> = widgets(&window).into_iter().filter(|w| w.0 == Role::Slider && w.1 != "Speed").map(|w| w.1).collect();
        assert!(names.len() >= 2, "{id}: {names:?}");
        for name in names {
            for value in [f64::MIN, f64::MAX, 0.0] {
                play(&mut window);
                window.get_by_role_and_label(Role::Slider, &name).set_value_accesskit(value);
                window.step();
                window.run_steps(4);
                healthy(&window, &format!("{id}: {name} at {value:e}"));
            }
            window.send(Command::Revert);
            window.send(Command::Restart);
        }
    }
}

#[test]
fn parameters_at_the_ends_of_their_tables_do_no_harm() {
    for neuron in model::all() {
        let id = neuron.card().id;
        let mut window = window_of(id);
        for (index, field) in neuron.params().iter().enumerate() {
            for value in [field.min, field.max, field.shown.0, field.shown.1] {
                play(&mut window);
                window.send(Command::Param(index, value));
                window.run_steps(3);
                healthy(&window, &format!("{id}: {} at {value:e}", field.id));
            }
            window.send(Command::Revert);
            window.send(Command::Restart);
        }
    }
}

#[test]
fn every_parameter_at_an_end_at_once_does_no_harm() {
    for neuron in model::all() {
        let id = neuron.card().id;
        let mut window = window_of(id);
        for high in [true, false] {
            play(&mut window);
            for (index, field) in neuron.params().iter().enumerate() {
                window.state_mut().apply(Command::Param(index, if high { field.max } else { field.min }));
            }
            let current = &neuron.card().current;
            window.state_mut().apply(Command::Current(if high { current.max } else { current.min }));
            for _ in 0..10 {
                play(&mut window);
                window.press(Key::P);
                window.press(Key::K);
                healthy(&window, &format!("{id}: everything at its {}", if high { "highest" } else { "lowest" }));
            }
        }
    }
}

#[test]
fn a_stopped_neuron_can_be_brought_back_by_undo() {
    let mut window = crate::harness::window("izhikevich/tonic_spiking");
    play(&mut window);
    let c = window.bench().setup().neuron.params().iter().position(|f| f.id == "c").unwrap();
    // A reset above the peak: the upstroke is never stopped.
    let peak = window.param("v_peak");
    window.send(Command::Param(c, peak + 10.0));
    window.run_steps(300);
    assert!(window.bench().simulation().stopped().is_some() && !window.bench().is_playing());
    healthy(&window, "a reset above the peak");
    window.press_with(crate::harness::CTRL, Key::Z);
    assert!(window.bench().simulation().stopped().is_none());
    assert!(window.param("c") < peak);
}

#[test]
fn extreme_speeds_keep_frames_short() {
    let mut window = window_of("hodgkin_huxley");
    for speed in [f64::MIN, f64::MAX, f64::NAN] {
        window.send(Command::Speed(speed));
        play(&mut window);
        let began = std::time::Instant::now();
        window.run_steps(20);
        assert!(began.elapsed().as_secs_f64() < 2.0, "20 frames at speed {speed}");
        assert!(window.bench().speed().is_finite() && window.bench().speed() > 0.0, "{speed}");
        healthy(&window, "an extreme speed");
    }
}
