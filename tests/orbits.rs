//! Orbits against closed forms, against the simulator, and against themselves at another tolerance.
#![allow(missing_docs)]

use neuron_playground::analysis::{End, Limits, Manner, Orbit, Point, Section, System, Trap, equilibria};
use neuron_playground::model::find;
use neuron_playground::sim::{Method, Simulation};
use neuron_playground::stimulus::Input;

fn close(a: f64, b: f64, tolerance: f64) {
    assert!((a - b).abs() <= tolerance, "{a} is not {b}: off by {:e}", a - b);
}

#[test]
fn a_leak_without_threshold_decays_exponentially_forward_and_back() {
    let neuron = find("lif").expect("a model");
    let p = neuron.defaults();
    let system = System::<1>::new(neuron, &p, 0.0).expect("one state");
    let mut orbit = Orbit::from_point(&system, Point { x: [-60.0], v: [1.0], t: 0.0 }, Manner { tolerance: 1e-11, ..Manner::default() });
    assert_eq!(orbit.run_for(12.0, Limits::default()), End::Section);
    close(orbit.at().t, 12.0, 1e-12);
    close(orbit.at().x[0], -70.0 + 10.0 * (-12.0_f64 / 8.0).exp(), 1e-8);
    close(orbit.at().v[0], (-12.0_f64 / 8.0).exp(), 1e-8);
    let back = Manner { tolerance: 1e-11, backward: true, ..Manner::default() };
    let mut orbit = Orbit::new(&system, orbit.at().x, back);
    assert_eq!(orbit.run_for(12.0, Limits::default()), End::Section);
    close(orbit.at().t, -12.0, 1e-12);
    close(orbit.at().x[0], -60.0, 1e-7);
}

/// v' = k2 v² + k1 v + k0 + I alone: with a = 0 and u = 0 the quadratic is solved by a tangent,
/// v = (−k1 + D tan(D t/2 + φ))/(2 k2), D² = 4 k2 (k0 + I) − k1².
#[test]
fn a_quadratic_upstroke_reaches_its_peak_at_the_time_on_paper() {
    let neuron = find("izhikevich").expect("a model");
    let mut p = neuron.defaults();
    p[0] = 0.0;
    p[4] = 1000.0;
    let (k2, k1, c) = (0.04, 5.0, 140.0 + 25.0);
    let d = f64::sqrt(4.0 * k2 * c - k1 * k1);
    let angle = |v: f64| ((2.0 * k2 * v + k1) / d).atan();
    let system = System::<2>::new(neuron, &p, 25.0).expect("two states");
    let mut orbit = Orbit::new(&system, [-70.0, 0.0], Manner { tolerance: 1e-11, ..Manner::default() });
    assert_eq!(orbit.run(Some(&system.spike_section()), Limits::default(), |_| true), End::Section);
    close(orbit.at().x[0], 1000.0, 1e-9);
    close(orbit.at().t, 2.0 / d * (angle(1000.0) - angle(-70.0)), 1e-9);
    assert!(orbit.steps() < 200, "{} steps", orbit.steps());
}

#[test]
fn the_dense_output_lies_on_the_orbit() {
    let neuron = find("persistent_sodium_potassium").expect("a model");
    let p = neuron.defaults();
    let system = System::<2>::new(neuron, &p, 20.0).expect("two states");
    let manner = Manner { tolerance: 1e-9, ..Manner::default() };
    let mut orbit = Orbit::new(&system, [-60.0, 0.1], manner);
    let mut worst = 0.0_f64;
    orbit.run(None, Limits { steps: 60, time: 50.0 }, |orbit| {
        let inside = orbit.inside(0.4);
        let mut other = Orbit::new(&system, orbit.before().x, Manner { tolerance: 1e-12, ..manner });
        other.run_for(inside.t - orbit.before().t, Limits::default());
        worst = worst.max((other.at().x[0] - inside.x[0]).abs() / 120.0);
        true
    });
    assert!(worst < 3e-7, "{worst:e}");
}

#[test]
fn the_orbit_agrees_with_the_simulator_in_four_variables() {
    let neuron = find("hodgkin_huxley").expect("a model");
    let p = neuron.defaults();
    let mut x = [0.0; 4];
    neuron.steady(-60.0, &p, &mut x);
    let system = System::<4>::new(neuron, &p, 10.0).expect("four states");
    let mut orbit = Orbit::new(&system, x, Manner { tolerance: 1e-11, ..Manner::default() });
    assert_eq!(orbit.run_for(30.0, Limits::default()), End::Section);
    let dt = 0.001;
    let mut simulation = Simulation::new(neuron, &p, 10.0, Input::new(&[], 1, dt, 1000.0), Method::Rk4, dt, &x);
    simulation.run(30_000, None);
    for (a, b) in orbit.at().x.iter().zip(simulation.state()) {
        close(*a, *b, 1e-7);
    }
}

#[test]
fn the_tangent_is_the_derivative_of_where_the_section_is_crossed() {
    let neuron = find("adex").expect("a model");
    let p = neuron.defaults();
    let system = System::<2>::new(neuron, &p, 800.0).expect("two states");
    let section = system.spike_section();
    let manner = Manner { tolerance: 1e-11, ..Manner::default() };
    let go = |w: f64| {
        let mut orbit = Orbit::from_point(&system, Point { x: [-58.0, w], v: [0.0, 1.0], t: 0.0 }, manner);
        assert_eq!(orbit.run(Some(&section), Limits::default(), |_| true), End::Section);
        let f = system.slope(&orbit.at().x);
        let (inside, late) = section.project(&orbit.at().v, &f);
        (orbit.at().x[1], orbit.at().t, inside, late)
    };
    let (_, _, inside, late) = go(60.0);
    let (a, b) = (go(59.9), go(60.1));
    close(inside[0], 0.0, 1e-6);
    close(inside[1], (b.0 - a.0) / 0.2, 1e-6);
    close(late, (b.1 - a.1) / 0.2, 1e-6);
}

#[test]
fn an_orbit_that_enters_a_trap_comes_to_rest_there() {
    let neuron = find("izhikevich").expect("a model");
    let p = neuron.defaults();
    let system = System::<2>::new(neuron, &p, 2.0).expect("two states");
    let points = equilibria(neuron, &p, 2.0).points;
    let traps: Vec<Trap> = points.iter().filter_map(|point| Trap::around(&system, point, false)).collect();
    assert_eq!(traps.len(), 1, "rest and a saddle");
    let mut orbit = Orbit::new(&system, [-70.0, -10.0], Manner::default());
    assert_eq!(orbit.run_to_trap(Some(&system.spike_section()), Limits::default(), &traps), End::Stopped);
    assert_eq!(orbit.run_for(2000.0, Limits { steps: 100_000, time: f64::INFINITY }), End::Section);
    close(orbit.at().x[0], traps[0].center()[0], 1e-5);
}

#[test]
fn crossing_up_and_down_within_a_step_is_seen() {
    let neuron = find("fitzhugh_nagumo_classic").expect("a model");
    let p = neuron.defaults();
    let system = System::<2>::new(neuron, &p, 0.8).expect("two states");
    // The highest v of the cycle, and sections a hair below and above it.
    let mut top = f64::NEG_INFINITY;
    let mut orbit = Orbit::new(&system, [2.0, 0.5], Manner { tolerance: 1e-11, ..Manner::default() });
    orbit.run(None, Limits { steps: 20_000, time: 400.0 }, |o| {
        if o.at().t > 200.0 {
            for k in 0..=20 {
                top = top.max(o.inside(f64::from(k) / 20.0).x[0]);
            }
        }
        true
    });
    let start = orbit.at().x;
    for (level, end) in [(top - 1e-4, End::Section), (top + 1e-3, End::Time)] {
        let mut orbit = Orbit::new(&system, start, Manner { tolerance: 1e-6, ..Manner::default() });
        assert_eq!(orbit.run(Some(&Section::of_state(0, level, 1.0)), Limits { steps: 5000, time: 150.0 }, |_| true), end, "{level}");
    }
}
