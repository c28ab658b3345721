//! The trace–determinant plane: which words it shows, and that its dots move with the neuron.

use eframe::egui::Key;
use neuron_playground::analysis::FixedPoint;
use neuron_playground::app::Command;

use crate::harness::{Asked, Window, window_of};

fn view(model: &str) -> Window {
    let mut window = window_of(model);
    window.press(Key::Num5);
    window.run_steps(3);
    window
}

/// Sets I and takes one step, so that it enters.
fn enter(window: &mut Window, current: f64) {
    window.send(Command::Current(current));
    window.press(Key::Period);
    window.run_steps(3);
}

/// True if a text stands in the window by itself.
fn stands(window: &Window, text: &str) -> bool {
    window.texts().iter().any(|t| t == text)
}

#[test]
fn every_equilibrium_of_a_planar_model_lies_in_the_region_of_its_type() {
    let mut window = view("persistent_sodium_potassium");
    enter(&mut window, 3.0);
    for words in ["Δ = 0: saddle-node", "τ = 0: Andronov–Hopf", "Δ = τ²/4", "stable node", "unstable focus", "−63.8 mV"] {
        assert!(window.shows(words), "{words:?} is not in {:?}", window.texts());
    }
    let points = &window.state().derived().equilibria().points;
    assert_eq!(points.len(), 3);
    for point in points {
        let [trace, determinant] = point.trace_determinant().unwrap();
        let sum: f64 = point.eigenvalues.iter().map(|e| e.re).sum();
        let [a, b] = [point.eigenvalues[0], point.eigenvalues[1]];
        assert!((trace - sum).abs() < 1e-9 * trace.abs().max(1.0));
        assert!((determinant - (a.re * b.re - a.im * b.im)).abs() < 1e-9 * determinant.abs().max(1.0));
        let kind = match (determinant < 0.0, trace < 0.0, determinant > 0.25 * trace * trace) {
            (true, ..) => "saddle",
            (false, true, true) => "stable focus",
            (false, true, false) => "stable node",
            (false, false, true) => "unstable focus",
            (false, false, false) => "unstable node",
        };
        assert_eq!(point.kind.id(), kind);
    }
}

#[test]
fn a_hopf_bifurcation_rings_when_a_dot_crosses_the_axis() {
    let mut window = view("fitzhugh_nagumo_classic");
    enter(&mut window, 0.32);
    assert!(!stands(&window, "Andronov–Hopf"));
    enter(&mut window, 0.34); // the Hopf point is at 0.33128
    assert!(stands(&window, "Andronov–Hopf"));
}

#[test]
fn a_saddle_and_a_node_that_meet_are_named() {
    let mut window = view("persistent_sodium_potassium");
    enter(&mut window, 4.45);
    assert!(!stands(&window, "saddle-node"));
    enter(&mut window, 4.55);
    assert!(stands(&window, "saddle-node"), "{:?}", window.texts());
}

#[test]
fn other_dimensions_show_their_eigenvalues_and_no_equilibrium_is_said() {
    let axon = view("hodgkin_huxley");
    assert!(axon.shows("a pair crossing here: Andronov–Hopf") && axon.shows("decays"), "{:?}", axon.texts());
    assert_eq!(axon.state().derived().equilibria().points.first().and_then(FixedPoint::trace_determinant), None);
    let line = view("persistent_sodium");
    assert!(line.shows("λ = 0: saddle-node") && line.shows("unstable node at −40.3 mV"), "{:?}", line.texts());
    let mut gone = view("izhikevich");
    enter(&mut gone, 20.0);
    assert!(gone.shows("No equilibrium at this input"));
}
