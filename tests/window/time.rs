//! Time: play, pause, step, restart, look back, go on from there; pulse and kick.

use eframe::egui::{Key, Pos2};
use neuron_playground::app::{Command, Workbench};
use neuron_playground::preset;

use crate::harness::{Asked, CTRL, Window, bits, window, within};

/// Model time in ms.
fn time(window: &Window) -> f64 {
    window.bench().simulation().time()
}

/// Plays until model time `end` or beyond.
fn play_to(window: &mut Window, end: f64) {
    window.press(Key::Space);
    for _ in 0..2000 {
        if time(window) >= end || !window.bench().is_playing() {
            break;
        }
        window.step();
    }
    window.press(Key::Space);
    assert!(!window.bench().is_playing());
}

/// The place on the ruler that stands for time `t`, found from two probes.
fn on_ruler(window: &mut Window, t: f64) -> Pos2 {
    let ruler = window.area("Time ruler");
    let (a, b) = (within(ruler, 0.02, 0.5), within(ruler, 0.05, 0.5));
    window.click_at(a);
    let t0 = window.bench().cursor().unwrap();
    window.click_at(b);
    let t1 = window.bench().cursor().unwrap();
    a + (b - a) * ((t - t0) / (t1 - t0)) as f32
}

#[test]
fn space_and_the_button_play_and_pause() {
    let mut window = window("izhikevich/tonic_spiking");
    assert!(!window.bench().is_playing());
    window.press(Key::Space);
    assert!(window.bench().is_playing());
    window.run_steps(30);
    let t = time(&window);
    assert!(t > 0.0);
    window.push("Pause (Space)");
    assert!(!window.bench().is_playing());
    let t = time(&window);
    window.run_steps(10);
    assert_eq!(time(&window), t);
    window.push("Play (Space)");
    assert!(window.bench().is_playing());
}

#[test]
fn a_second_of_playing_lets_as_much_model_time_pass_as_the_speed_says() {
    let mut window = window("izhikevich/tonic_spiking");
    window.press(Key::Space);
    let t = time(&window);
    window.run_steps(60);
    let passed = time(&window) - t;
    assert!((passed - window.bench().speed()).abs() < 0.05 * window.bench().speed(), "{passed} ms at {} ms/s", window.bench().speed());
}

#[test]
fn the_point_key_takes_one_step() {
    let mut window = window("izhikevich/tonic_spiking");
    let dt = window.bench().setup().dt;
    window.press(Key::Period);
    assert_eq!(time(&window), dt);
    window.push("Step (.)");
    assert_eq!(time(&window), 2.0 * dt);
    window.press(Key::Space);
    window.press(Key::Period);
    assert!(!window.bench().is_playing(), "a step pauses");
}

#[test]
fn r_begins_again_from_the_initial_state() {
    let mut window = window("izhikevich/tonic_spiking");
    let start = window.bench().simulation().state().to_vec();
    play_to(&mut window, 20.0);
    assert_ne!(bits(window.bench().simulation().state()), bits(&start));
    window.press(Key::R);
    assert_eq!(time(&window), 0.0);
    assert_eq!(bits(window.bench().simulation().state()), bits(&start));
    assert!(window.bench().trace().spikes().is_empty());
}

#[test]
fn p_gives_a_pulse_now_and_the_recorded_input_shows_it() {
    let mut window = window("izhikevich/tonic_spiking");
    play_to(&mut window, 20.0);
    let (pulse, from) = (window.bench().pulse(), time(&window));
    window.press(Key::P);
    play_to(&mut window, from + 3.0 * pulse.width);
    let trace = window.bench().trace();
    let before = trace.value(trace.index_at(from).saturating_sub(1), 0);
    let during = trace.value(trace.index_at(from + 0.5 * pulse.width), 0);
    let after = trace.value(trace.index_at(from + 2.0 * pulse.width), 0);
    assert_eq!(during - before, pulse.amplitude);
    assert_eq!(after, before);
}

#[test]
fn a_typed_pulse_is_what_the_button_gives() {
    let mut window = window("izhikevich/tonic_spiking");
    window.type_into("Pulse amplitude", "-7");
    window.type_into("Pulse width", "2.5");
    assert_eq!(window.bench().pulse(), neuron_playground::app::PulseShape { amplitude: -7.0, width: 2.5 });
    window.press(Key::P);
    assert_eq!(window.bench().pulses().len(), 1);
}

#[test]
fn k_moves_the_potential_at_once() {
    let mut window = window("izhikevich/tonic_spiking");
    let (v, t) = (window.v(), time(&window));
    window.press(Key::K);
    assert!(window.v() > v);
    assert_eq!(time(&window), t);
    assert_eq!(window.bench().shown().1[0], window.v());
}

#[test]
fn dragging_the_ruler_looks_back_and_end_returns() {
    let mut window = window("izhikevich/tonic_spiking");
    play_to(&mut window, 60.0);
    let (newest, state) = (time(&window), window.bench().simulation().state().to_vec());
    let (from, to) = (on_ruler(&mut window, 50.0), on_ruler(&mut window, 25.0));
    window.drag(from, to);
    let cursor = window.bench().cursor().unwrap();
    assert!((cursor - 25.0).abs() < 0.5, "{cursor}");
    assert!((window.bench().shown().0 - cursor).abs() <= window.bench().setup().dt);
    assert!(window.shows("looking back at"));
    window.press(Key::End);
    assert_eq!(window.bench().cursor(), None);
    assert_eq!(window.bench().shown().0, newest);
    assert_eq!(bits(window.bench().simulation().state()), bits(&state), "looking changes nothing");
}

#[test]
fn playing_on_from_the_past_gives_the_same_future_bit_by_bit() {
    let mut window = window("izhikevich/tonic_spiking");
    play_to(&mut window, 90.0);
    let old: Vec<(f64, Vec<u64>)> = points(window.bench(), 90.0);
    let at = on_ruler(&mut window, 40.0);
    window.drag(at, at);
    assert!((window.bench().cursor().unwrap() - 40.0).abs() < 0.5);
    window.press(Key::Space);
    assert_eq!(window.bench().cursor(), None);
    assert!(time(&window) < 60.0, "it goes on from the point looked at");
    window.press(Key::Space);
    play_to(&mut window, 90.0);
    assert_eq!(points(window.bench(), 90.0), old);
}

/// Times and states recorded up to `end`.
fn points(bench: &Workbench, end: f64) -> Vec<(f64, Vec<u64>)> {
    let trace = bench.trace();
    (0..trace.len()).map(|k| (trace.time(k), bits(&trace.state(k)))).filter(|p| p.0 <= end).collect()
}

#[test]
fn every_preset_has_the_same_future_again_from_any_point_of_its_past() {
    for entry in preset::entries() {
        let setup = preset::embedded(&entry.id).unwrap();
        let end = setup.duration.min(4000.0 * setup.dt);
        let mut bench = Workbench::new(setup, Some(entry.id.clone()));
        bench.run_to(end);
        let (old, spikes) = (points(&bench, end), bench.trace().spikes().clone());
        // Places between spikes, right after one (refractory or still high), and the very beginning.
        let after_spike = spikes.front().map_or(0.9 * end, |s| s.t + 1.5 * bench.setup().dt);
        for t in [0.0, 0.317 * end, 0.73 * end, after_spike] {
            bench.apply(Command::Scrub(Some(t)));
            bench.apply(Command::Play(true));
            assert!(bench.simulation().time() <= t + bench.setup().dt, "{}", entry.id);
            bench.run_to(end);
            let new = points(&bench, end);
            let differs = old.iter().zip(&new).find(|(a, b)| a != b).map(|(a, _)| a.0);
            assert!(new.len() == old.len() && differs.is_none(), "{} from {t}: differs at {differs:?}", entry.id);
            assert_eq!(*bench.trace().spikes(), spikes, "{} from {t}", entry.id);
        }
    }
}

#[test]
fn a_change_while_looking_back_begins_another_future_there() {
    let mut window = window("izhikevich/tonic_spiking");
    play_to(&mut window, 60.0);
    let at = on_ruler(&mut window, 30.0);
    window.drag(at, at);
    window.type_into("d [mV/ms]", "2");
    assert_eq!(window.bench().cursor(), None);
    assert!(time(&window) < 31.0);
}

#[test]
fn running_exactly_the_duration_pauses_at_its_end() {
    let mut window = window("izhikevich/tonic_spiking");
    window.push("File");
    window.push("Run exactly its duration");
    assert!(window.bench().is_playing());
    for _ in 0..3000 {
        if !window.bench().is_playing() {
            break;
        }
        window.step();
    }
    assert!((time(&window) - window.bench().setup().duration).abs() < 1e-6);
}

#[test]
fn a_pulse_dragged_in_the_input_strip_is_shifted_and_one_undo_puts_it_back() {
    use neuron_playground::stimulus::Item;
    let mut window = window("izhikevich/bursting_beside_rest");
    window.run_steps(3);
    let before = window.bench().setup().stimulus.clone();
    let pulse = window.area("Stimulus 1").center();
    window.drag(pulse, pulse + eframe::egui::vec2(60.0, 0.0));
    window.run_steps(3);
    match (&before[0], &window.bench().setup().stimulus[0]) {
        (Item::Step { from: a, to: Some(b), amplitude: x }, Item::Step { from: c, to: Some(d), amplitude: y }) => {
            assert!(c - a > 5.0, "shifted by {}", c - a);
            assert!(((d - c) - (b - a)).abs() < 1e-9);
            assert_eq!(x, y);
        }
        other => panic!("{other:?}"),
    }
    window.press_with(CTRL, Key::Z);
    assert_eq!(window.bench().setup().stimulus, before);
}

#[test]
fn the_now_line_can_be_dragged_into_the_past() {
    let mut window = window("izhikevich/tonic_spiking");
    play_to(&mut window, 40.0);
    let now = window.area("Now line").center();
    window.drag(now, now - eframe::egui::vec2(80.0, 0.0));
    assert!(window.bench().cursor().is_some_and(|t| t < time(&window)));
}

#[test]
fn a_state_that_is_held_is_said_to_stand_still() {
    let mut window = crate::harness::window("lif/step_response");
    window.state_mut().run_to(130.1);
    window.run_steps(3);
    assert!(window.shows("held: refractory"));
    assert_eq!(window.bench().held(), 1);
    window.state_mut().run_to(136.0);
    window.run_steps(3);
    assert_eq!((window.bench().held(), window.shows("held: refractory")), (0, false));
}
