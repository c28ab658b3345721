//! The spike map against the simulator, against differences, and against paper.
#![allow(missing_docs)]

mod common;

use common::{Case, find, with};
use neuron_playground::analysis::{Attractor, Shooter, Shot, SpikeCycle, SpikeMap};
use neuron_playground::model::Dynamics;
use neuron_playground::preset;

/// Neuron, parameters and current of a preset.
fn setting(id: &str, current: f64) -> (&'static dyn Dynamics, Vec<f64>, f64) {
    let setup = preset::embedded(id).unwrap_or_else(|| panic!("no preset {id}"));
    (setup.neuron, setup.params, current)
}

/// Presets with the current that drives them, and the spikes of one period.
const RHYTHMS: [(&str, f64, usize); 12] = [
    ("izhikevich/tonic_spiking", 14.0, 1),
    ("izhikevich/tonic_bursting", 15.0, 6),
    ("izhikevich/chattering", 10.0, 5),
    ("izhikevich/bursting_beside_rest", 0.69, 4),
    ("izhikevich/mixed_mode", 10.0, 1),
    ("izhikevich/intrinsically_bursting", 11.0, 1),
    ("izhikevich_2007/chattering_400", 400.0, 2),
    ("izhikevich_2007/chattering_600", 600.0, 3),
    ("izhikevich_2007/regular_spiking_100", 100.0, 1),
    ("adex/delayed_regular_bursting", 110.0, 4),
    ("adex/regular_bursting", 210.0, 2),
    ("adex/brette_gerstner_bursting", 1000.0, 2),
];

fn cycle_of(shooter: &Shooter, w: f64) -> SpikeCycle {
    match Attractor::from_reset(shooter, w) {
        Attractor::Cycle(cycle) => cycle,
        other => panic!("{other:?}"),
    }
}

#[test]
fn attractors_of_the_map_are_the_rhythms_of_the_simulator() {
    for (id, current, spikes) in RHYTHMS {
        let (neuron, p, i) = setting(id, current);
        let shooter = Shooter::new(neuron, &p, i).unwrap();
        let start = shooter.turning().unwrap_or(0.0);
        let cycle = cycle_of(&shooter, start);
        assert_eq!(cycle.spikes(), spikes, "{id}");
        // The simulator, from the same reset, long enough to settle.
        let mut case = Case::new(neuron.card().id, &[], i);
        case.p.clone_from(&p);
        let run = case.start(&[shooter.v_reset(), start]).run(neuron.card().dt / 4.0, 40.0 * cycle.period() + 400.0);
        let period = run.times.last().unwrap() - run.times[run.times.len() - 1 - spikes];
        assert!((period / cycle.period() - 1.0).abs() < 1e-6, "{id}: {period} is not {}", cycle.period());
        for after in &run.after[run.after.len() - spikes..] {
            let nearest = cycle.points.iter().map(|n| (n.w - after[1]).abs()).fold(f64::INFINITY, f64::min);
            assert!(nearest < 1e-5 * shooter.system().scale()[1], "{id}: {} is off by {nearest:e}", after[1]);
        }
    }
}

#[test]
fn slopes_are_the_differences_of_the_map() {
    for (id, current, _) in RHYTHMS {
        let (neuron, p, i) = setting(id, current);
        let shooter = Shooter::new(neuron, &p, i).unwrap().with_tolerance(1e-11);
        let map = SpikeMap::new(neuron, &p, i, 16, &[]).unwrap();
        let step = 1e-5 * shooter.system().scale()[1];
        let clear = |w: f64, ends: (f64, f64)| w - ends.0 > 3.0 * step && ends.1 - w > 3.0 * step;
        let nodes = map.pieces.iter().flat_map(|piece| piece.nodes.iter().filter(|n| clear(n.w, piece.ends())).step_by(3));
        for node in nodes {
            // On a fall that is nearly vertical differences must be taken closer.
            let step = step / (1.0 + node.slope.abs());
            let at = |w: f64| shooter.shoot(w).node().copied();
            let (Some(a), Some(here), Some(b)) = (at(node.w - step), at(node.w), at(node.w + step)) else { continue };
            let (slope, late) = ((b.next - a.next) / (2.0 * step), (b.interval - a.interval) / (2.0 * step));
            let bend = (b.slope - a.slope).abs();
            assert!((slope - here.slope).abs() < 1e-4 * (1.0 + slope.abs()) + bend, "{id} at {}: {slope} is not {}", node.w, here.slope);
            let bend = (b.interval_slope - a.interval_slope).abs();
            assert!(
                (late - here.interval_slope).abs() < 1e-4 * (1.0 + late.abs()) + bend,
                "{id} at {}: {late} is not {}",
                node.w,
                here.interval_slope
            );
        }
    }
}

/// With equal time constants V and θ decay together: V meets θ when e^(−t/τ) = (V∞ − θ₀)/(V∞ − Vᵣ + θ − θ₀).
#[test]
fn the_adaptive_threshold_has_its_map_on_paper() {
    let neuron = find("adaptive_lif");
    for hold in [0.0, 3.0] {
        let p = with(neuron, &[("tau_m", 20.0), ("tau_theta", 20.0), ("t_ref", hold)]);
        let shooter = Shooter::new(neuron, &p, 2.5).unwrap();
        for theta in [1.05, 1.4, 1.9, 2.6] {
            let held = 1.0 + (theta - 1.0) * (-hold / 20.0_f64).exp();
            let flight = 20.0 * ((2.5 + held - 1.0) / (2.5 - 1.0_f64)).ln();
            let next = 1.0 + (held - 1.0) * (-flight / 20.0_f64).exp() + 0.4;
            let Shot::Spike(node) = shooter.shoot(theta) else { panic!("no spike from {theta}") };
            assert!((node.next - next).abs() < 1e-7, "{} is not {next}", node.next);
            assert!((node.interval - hold - flight).abs() < 1e-6, "{} is not {flight} after the hold", node.interval);
            // dΦ/dθ = E d(held) e^(−t/τ) (1 − (held − 1)/(V∞ + held − 1)).
            let slope = (-hold / 20.0_f64).exp() * (-flight / 20.0_f64).exp() * (2.5 / (2.5 + held - 1.0));
            assert!((node.slope - slope).abs() < 1e-6, "{} is not {slope}", node.slope);
        }
        let map = SpikeMap::new(neuron, &p, 2.5, 32, &[]).unwrap();
        let fixed = map.fixed_points(&shooter);
        assert_eq!(fixed.len(), 1);
        assert!(fixed[0].is_stable() && (fixed[0].points[0].next - fixed[0].points[0].w).abs() < 1e-7);
    }
}

#[test]
fn a_hold_under_a_low_threshold_ends_in_a_spike_at_once() {
    let neuron = find("adaptive_lif");
    // The threshold sinks below the reset while V is held there.
    let p = with(neuron, &[("V_reset", 1.2), ("t_ref", 100.0), ("tau_theta", 50.0), ("delta_theta", 0.9)]);
    let shooter = Shooter::new(neuron, &p, 2.5).unwrap();
    let Shot::Spike(node) = shooter.shoot(1.9) else { panic!("a spike was due") };
    assert!((node.interval - 100.0).abs() < 1e-9);
    assert!((node.next - (1.0 + 0.9 * (-2.0_f64).exp() + 0.9)).abs() < 1e-8);
    let p = with(neuron, &[("V_reset", 1.2), ("delta_theta", 0.0)]);
    assert_eq!(Shooter::new(neuron, &p, 2.5).unwrap().shoot(1.1), Shot::Runaway);
}

#[test]
fn unstable_fixed_points_repel_and_are_found_too() {
    for (id, current) in [("izhikevich_2007/chattering_600", 600.0), ("adex/irregular_spiking", 160.0), ("adex/delayed_regular_bursting", 110.0)] {
        let (neuron, p, i) = setting(id, current);
        let mut shooter = Shooter::new(neuron, &p, i).unwrap();
        let map = SpikeMap::sample(&mut shooter, 64, &[]);
        let fixed = map.fixed_points(&shooter);
        assert_eq!(fixed.len(), 1, "{id}");
        let (w, slope) = (fixed[0].points[0].w, fixed[0].multiplier);
        assert!(slope < -1.0, "{id}: {slope}");
        let step = 1e-4 * shooter.system().scale()[1];
        let moved = shooter.shoot(w + step).node().unwrap().next - w;
        assert!((moved / step - slope).abs() < 0.05 * slope.abs(), "{id}: {moved} after {step}");
        // Where a fixed point has lost its stability by −1 there is a cycle of two round it.
        let pairs = map.cycles(&shooter, 2);
        assert!(!pairs.is_empty() && pairs.iter().all(|c| c.spikes() == 2), "{id}");
        assert!(pairs.iter().any(|c| c.points[0].w < w && w < c.points[1].w), "{id}");
    }
}

#[test]
fn beyond_a_border_of_the_map_the_simulator_falls_silent() {
    for (id, current) in [("izhikevich/phasic_spiking", 0.5), ("izhikevich/phasic_bursting", 0.6), ("adex/transient_spiking", 180.0)] {
        let (neuron, p, i) = setting(id, current);
        let map = SpikeMap::new(neuron, &p, i, 64, &[]).unwrap();
        let border = map.pieces[0].ends().1;
        assert!(border < map.range.1, "{id} is defined everywhere");
        let near = 2e-4 * (map.range.1 - map.range.0);
        for (w, spikes) in [(border - near, true), (border + near, false)] {
            let mut case = Case::new(neuron.card().id, &[], i);
            case.p.clone_from(&p);
            let run = case.start(&[map.v_reset, w]).run(neuron.card().dt / 4.0, 400.0);
            assert_eq!(!run.times.is_empty(), spikes, "{id} from {w}, border {border}");
        }
        let near = map.pieces[0].nodes.last().unwrap().interval;
        let far = map.pieces[0].nodes[0].interval;
        assert!(near > far + 3.0, "{id}: the interval grows toward the border, {near} from {far}");
    }
}

#[test]
fn interpolated_values_are_close_to_true_ones() {
    for (id, current, _) in RHYTHMS {
        let (neuron, p, i) = setting(id, current);
        let mut shooter = Shooter::new(neuron, &p, i).unwrap();
        let map = SpikeMap::sample(&mut shooter, 64, &[]);
        let width = map.range.1 - map.range.0;
        let mut worst = 0.0_f64;
        for piece in &map.pieces {
            for pair in piece.nodes.windows(2).step_by(3) {
                let w = 0.5 * (pair[0].w + pair[1].w);
                // A fall between two nodes closer than a pixel is drawn as a vertical line.
                if pair[1].w - pair[0].w < 5e-4 * width {
                    continue;
                }
                if let (Some(a), Some(b)) = (map.at(w), shooter.shoot(w).node()) {
                    // Beside a fall that is nearly vertical it is the distance across that counts.
                    worst = worst.max((a - b.next).abs() / (1.0 + b.slope.abs()) / width);
                }
            }
        }
        assert!(worst < 2e-3, "{id}: {worst:e} of the range");
    }
}

#[test]
fn nodes_are_true_to_a_hair() {
    for (id, current, _) in RHYTHMS {
        let (neuron, p, i) = setting(id, current);
        let map = SpikeMap::new(neuron, &p, i, 32, &[]).unwrap();
        let exact = Shooter::new(neuron, &p, i).unwrap().with_tolerance(1e-11);
        for node in map.pieces.iter().flat_map(|piece| piece.nodes.iter().step_by(2)) {
            let Some(truth) = exact.shoot(node.w).node().copied() else { continue };
            let off = (truth.next - node.next).abs() / (1.0 + truth.slope.abs()) / (map.range.1 - map.range.0);
            assert!(off < 3e-4, "{id} at {}: {off:e} of the range", node.w);
        }
    }
}

#[test]
fn models_without_two_states_and_a_reset_have_no_map() {
    for id in ["lif", "hodgkin_huxley", "fitzhugh_nagumo", "persistent_sodium"] {
        let neuron = find(id);
        assert!(SpikeMap::new(neuron, &neuron.defaults(), 1.0, 16, &[]).is_none(), "{id}");
    }
}

#[test]
fn a_neuron_that_runs_away_downward_is_silent() {
    let neuron = find("adex");
    // With a below −g_L an adaptation current that follows V pulls it down without end.
    let p = with(neuron, &[("g_L", 2.0), ("a", -8.6), ("tau_w", 28.0), ("C", 146.0)]);
    let shooter = Shooter::new(neuron, &p, -50.0).unwrap();
    assert_eq!(shooter.shoot(200.0), Shot::Silent);
}
