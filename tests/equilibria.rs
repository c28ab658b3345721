//! Every equilibrium is found, none is invented, and nullclines are where they should be.

#![expect(clippy::cast_precision_loss, clippy::type_complexity, reason = "small counts, and tables of cases")]
mod common;

use common::{Random, find, steady, with};
use neuron_playground::analysis::{Plane, Type, equilibria, jacobian, nullclines};
use neuron_playground::model::{self, Dynamics, Field};

fn slope(neuron: &dyn Dynamics, x: &[f64], p: &[f64], i: f64) -> Vec<f64> {
    let mut dx = vec![0.0; x.len()];
    neuron.rhs(x, p, i, &mut dx);
    dx
}

/// F(V): the slope of V with everything else at rest.
fn balance(neuron: &dyn Dynamics, p: &[f64], i: f64, v: f64) -> f64 {
    slope(neuron, &steady(neuron, v, p), p, i)[0]
}

/// Random values of what sliders show.
fn shown(neuron: &dyn Dynamics, random: &mut Random) -> (Vec<f64>, f64) {
    let p = neuron.params().iter().map(|f| if f.choices.is_empty() { random.between(f.shown) } else { f.default }).collect();
    (p, random.between(neuron.card().current.shown))
}

/// Sign changes of F over an even scan.
fn scan(neuron: &dyn Dynamics, p: &[f64], i: f64, (low, high): (f64, f64), samples: usize) -> Vec<(f64, f64)> {
    let at = |k: usize| low + (high - low) * k as f64 / (samples - 1) as f64;
    let f: Vec<f64> = (0..samples).map(|k| balance(neuron, p, i, at(k))).collect();
    (1..samples).filter(|k| (f[k - 1] > 0.0) != (f[*k] > 0.0)).map(|k| (at(k - 1), at(k))).collect()
}

/// The stretch of V that is scanned: three times what is shown.
fn stretch(neuron: &dyn Dynamics) -> (f64, f64) {
    let (low, high) = neuron.states()[0].shown;
    (2.0 * low - high, 2.0 * high - low)
}

#[test]
fn the_count_agrees_with_a_dense_scan_at_random_parameters() {
    let mut random = Random(31);
    let mut seen = std::collections::BTreeMap::new();
    for neuron in model::all() {
        let window = stretch(*neuron);
        // A hazard that is counted never rests, wherever V does.
        if neuron.chance().is_some() {
            continue;
        }
        for _ in 0..300 {
            let (p, i) = shown(*neuron, &mut random);
            let brackets = scan(*neuron, &p, i, window, 20_001);
            let found = equilibria(*neuron, &p, i);
            let id = neuron.card().id;
            if found.degenerate {
                continue;
            }
            let inside: Vec<f64> = found.points.iter().map(|e| e.state[0]).filter(|v| *v > window.0 && *v < window.1).collect();
            *seen.entry((id, inside.len())).or_insert(0) += 1;
            for (a, b) in &brackets {
                let slack = 1e-9 * (b - a);
                let here = inside.iter().filter(|v| **v >= a - slack && **v <= b + slack).count();
                assert!(here % 2 == 1, "{id}: {here} points between {a} and {b} with {p:?} at {i}: {inside:?}");
            }
            // A pair closer than the scan can see may exist only beside a fold.
            let width = (window.1 - window.0) / 20_000.0;
            let spare = inside.len() - brackets.len().min(inside.len());
            let close = inside.windows(2).filter(|w| w[1] - w[0] <= width).count();
            assert!(spare <= 2 * close + usize::from(touching(*neuron, &p, i, &inside)), "{id}: {inside:?} with {p:?} at {i}");
        }
    }
    println!("{seen:?}");
}

/// True if one of the points is a fold to rounding, which a scan of signs cannot see.
fn touching(neuron: &dyn Dynamics, p: &[f64], i: f64, points: &[f64]) -> bool {
    points.iter().any(|v| (balance(neuron, p, i, v - 1e-4) > 0.0) == (balance(neuron, p, i, v + 1e-4) > 0.0))
}

#[test]
fn points_are_ordered_balanced_and_typed_by_their_eigenvalues() {
    let mut random = Random(32);
    for neuron in model::all() {
        for _ in 0..300 {
            let (p, i) = shown(*neuron, &mut random);
            let found = equilibria(*neuron, &p, i).points;
            assert!(found.windows(2).all(|w| w[0].state[0] < w[1].state[0]), "{}: order", neuron.card().id);
            for point in &found {
                let id = neuron.card().id;
                let step = 1e-7 * point.state[0].abs().max(1.0);
                let (a, b) = (balance(*neuron, &p, i, point.state[0] - step), balance(*neuron, &p, i, point.state[0] + step));
                let f = balance(*neuron, &p, i, point.state[0]);
                assert!((a > 0.0) != (b > 0.0) || f.abs() <= 1e-6 * (a.abs() + b.abs()) + 1e-9, "{id}: {point:?} with {p:?} at {i}");
                assert_eq!(point.eigenvalues.len(), neuron.dim());
                // Real parts below 1e-9 of the size of the Jacobian count as zero.
                let zero = 1e-9 * jacobian(*neuron, &point.state, &p, i).iter().map(|a| a * a).sum::<f64>().sqrt();
                assert_eq!(point.kind.is_stable(), point.eigenvalues.iter().all(|e| e.re <= -zero), "{id}: {point:?}");
                assert_eq!(point.is_virtual, neuron.resets() && neuron.spike(&point.state, &p) >= 0.0, "{id}");
            }
        }
    }
}

#[test]
fn neighbouring_points_of_a_flow_on_a_line_alternate_in_stability() {
    let neuron = find("persistent_sodium");
    let mut random = Random(33);
    for _ in 0..2000 {
        let (p, i) = shown(neuron, &mut random);
        let found = equilibria(neuron, &p, i).points;
        assert!(found.windows(2).all(|w| w[0].kind.is_stable() != w[1].kind.is_stable()), "{p:?} at {i}: {found:?}");
    }
}

// --- Folds -------------------------------------------------------------------------------------------

/// The current between `low` and `high` at which the number of equilibria changes.
fn fold(neuron: &dyn Dynamics, p: &[f64], low: f64, high: f64) -> f64 {
    let count = |i: f64| equilibria(neuron, p, i).points.len();
    let before = count(low);
    assert_ne!(before, count(high), "{}", neuron.card().id);
    let (mut low, mut high) = (low, high);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if count(middle) == before { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

#[test]
fn folds_stand_at_the_published_currents() {
    let fast_spiking = [("tau_w", 144.0), ("a", 2.0 * 281.0 / 144.0), ("b", 0.0)];
    let cases: [(&str, &[(&str, f64)], f64, f64, f64, f64); 7] = [
        ("izhikevich", &[], 3.0, 5.0, 4.0, 1e-8),
        ("izhikevich", &[("b", 0.25)], 0.0, 2.0, 1.015_625, 1e-8),
        ("izhikevich_2007", &[], 40.0, 60.0, 51.43, 5e-3),
        ("adex", &[], 600.0, 650.0, 627.31, 5e-3),
        ("adex", &fast_spiking, 600.0, 650.0, 625.32, 5e-3),
        ("persistent_sodium", &[], 10.0, 20.0, 15.7759, 5e-5),
        ("persistent_sodium_potassium", &[], 4.0, 5.0, 4.5129, 5e-5),
    ];
    for (id, changes, low, high, published, digits) in cases {
        let neuron = find(id);
        let found = fold(neuron, &with(neuron, changes), low, high);
        assert!((found - published).abs() <= digits, "{id}: {found}, published {published}");
    }
}

#[test]
fn exactly_at_a_fold_there_is_one_point_with_a_zero_eigenvalue() {
    let neuron = find("izhikevich");
    let found = equilibria(neuron, &neuron.defaults(), 4.0).points;
    assert_eq!(found.len(), 1);
    assert!((found[0].state[0] + 60.0).abs() < 1e-5);
    // Saddle-node: one zero and one positive or negative eigenvalue, det = 0 to rounding.
    let product = found[0].eigenvalues[0].re * found[0].eigenvalues[1].re;
    assert!(product.abs() < 1e-7, "{found:?}");
    assert_eq!(equilibria(neuron, &neuron.defaults(), 4.0 - 1e-7).points.len(), 2);
    assert_eq!(equilibria(neuron, &neuron.defaults(), 4.0 + 1e-7).points.len(), 0);
    assert_eq!(found[0].kind, Type::SaddleNode);
}

// --- Degenerate cases --------------------------------------------------------------------------------

#[test]
fn frozen_recovery_is_a_continuum_and_says_so() {
    for (id, changes) in [("izhikevich", [("a", 0.0)]), ("izhikevich_2007", [("a", 0.0)])] {
        let neuron = find(id);
        let found = equilibria(neuron, &with(neuron, &changes), 0.0);
        assert!(found.degenerate && found.points.is_empty(), "{id}: {found:?}");
    }
    let neuron = find("fitzhugh_nagumo");
    assert!(equilibria(neuron, &with(neuron, &[("b", 0.0), ("c", 0.0)]), 0.1).degenerate);
}

#[test]
fn recovery_without_decay_pins_the_potential() {
    let neuron = find("fitzhugh_nagumo");
    // w' = b v: v = 0 whatever w, and then w = I.
    let found = equilibria(neuron, &with(neuron, &[("c", 0.0)]), 0.07);
    assert_eq!((found.degenerate, found.points.len()), (false, 1));
    assert!(found.points[0].state[0].abs() < 1e-12 && (found.points[0].state[1] - 0.07).abs() < 1e-12);
    // u' = a b (v − v_ref): v = −65, and u balances the quadratic there.
    let neuron = find("izhikevich");
    let found = equilibria(neuron, &with(neuron, &[("u_decay", 0.0), ("v_ref", -65.0)]), 3.0);
    assert_eq!(found.points.len(), 1);
    assert!((found.points[0].state[0] + 65.0).abs() < 1e-12);
    assert!((found.points[0].state[1] - (0.04 * 4225.0 - 325.0 + 143.0)).abs() < 1e-10);
    // w' = (v + a)/tau.
    let neuron = find("fitzhugh_nagumo_classic");
    let found = equilibria(neuron, &with(neuron, &[("b", 0.0)]), 0.4);
    assert_eq!(found.points.len(), 1);
    assert!((found.points[0].state[0] + 0.7).abs() < 1e-12);
}

#[test]
fn recovery_that_ignores_the_potential_still_has_its_own_rest() {
    let neuron = find("izhikevich");
    let p = with(neuron, &[("b", 0.0)]);
    let found = equilibria(neuron, &p, 0.0).points;
    assert_eq!(found.len(), 2);
    for point in &found {
        let v = point.state[0];
        assert!((0.04 * v * v + 5.0 * v + 140.0).abs() < 1e-9 && point.state[1].abs() < 1e-12);
    }
    let neuron = find("fitzhugh_nagumo");
    // The cubic alone: three zeros of v (a − v)(v − 1) at I = 0.
    let zeros: Vec<f64> = equilibria(neuron, &with(neuron, &[("b", 0.0)]), 0.0).points.iter().map(|e| e.state[0]).collect();
    assert_eq!(zeros.len(), 3);
    assert!(zeros.iter().zip([0.0, 0.1, 1.0]).all(|(a, b)| (a - b).abs() < 1e-12), "{zeros:?}");
}

#[test]
fn a_membrane_without_conductances_has_no_rest_or_nothing_but_rest() {
    for (id, ids) in [
        ("hodgkin_huxley", ["g_Na", "g_K", "g_L"].as_slice()),
        ("persistent_sodium", &["g_Na", "g_L"]),
        ("persistent_sodium_potassium", &["g_Na", "g_K", "g_L"]),
    ] {
        let neuron = find(id);
        let zero: Vec<(&str, f64)> = ids.iter().map(|id| (*id, 0.0)).collect();
        let p = with(neuron, &zero);
        let (still, driven) = (equilibria(neuron, &p, 0.0), equilibria(neuron, &p, 1.0));
        assert!(still.degenerate && still.points.is_empty(), "{id}: {still:?}");
        assert!(!driven.degenerate && driven.points.is_empty(), "{id}: {driven:?}");
    }
}

#[test]
fn a_perfect_integrator_rests_everywhere_without_current_and_nowhere_with_it() {
    let neuron = find("integrate_and_fire");
    let p = neuron.defaults();
    assert!(equilibria(neuron, &p, 0.0).degenerate);
    for i in [-0.3, 1e-9, 0.3] {
        let found = equilibria(neuron, &p, i);
        assert!(!found.degenerate && found.points.is_empty(), "{found:?}");
    }
}

#[test]
fn points_above_the_firing_level_are_virtual() {
    let neuron = find("lif");
    let p = neuron.defaults();
    let at = |i: f64| equilibria(neuron, &p, i).points[0].clone();
    assert!(!at(1.9).is_virtual && at(2.1).is_virtual);
    assert_eq!((at(1.9).kind, at(2.1).kind), (Type::StableNode, Type::StableNode));
    assert!((at(1.9).state[0] + 51.0).abs() < 1e-10 && (at(1.9).eigenvalues[0].re + 0.125).abs() < 1e-15);
    let neuron = find("persistent_sodium");
    let virtuals = |p: &[f64]| equilibria(neuron, p, 0.0).points.iter().map(|e| e.is_virtual).collect::<Vec<_>>();
    assert_eq!(virtuals(&neuron.defaults()), [false, false, false]);
    assert_eq!(virtuals(&with(neuron, &[("V_peak", 0.0)])), [false, false, true]);
    // Smooth models have no level that cuts the plane.
    let neuron = find("hodgkin_huxley");
    assert!(!equilibria(neuron, &with(neuron, &[("g_K", 0.0)]), 0.0).points.iter().any(|e| e.is_virtual));
}

// --- Nullclines --------------------------------------------------------------------------------------

/// What is tested: model, parameters, current.
fn planes() -> Vec<(&'static dyn Dynamics, Vec<f64>, f64)> {
    let mut random = Random(34);
    let mut planes = Vec::new();
    for neuron in model::all().iter().filter(|n| n.dim() > 1) {
        planes.push((*neuron, neuron.defaults(), 0.0));
        for _ in 0..10 {
            let (p, i) = shown(*neuron, &mut random);
            planes.push((*neuron, p, i));
        }
    }
    planes
}

#[test]
fn points_of_a_nullcline_are_zeros_of_its_equation() {
    for (neuron, p, i) in planes() {
        let window = neuron.card().window;
        let x = steady(neuron, neuron.start(&p), &p);
        let Some(plane) = Plane::natural(neuron, &x) else { continue };
        let lines = nullclines(neuron, &p, i, &plane, window, 300);
        let (low, high) = window[1];
        for (component, row) in [(0, 0), (1, plane.y)] {
            for point in lines[component].iter().flatten().filter(|q| q[1] > low && q[1] < high) {
                let mut state = vec![0.0; neuron.dim()];
                // The equation must change sign within a hair's breadth, up or across.
                let hair = [1e-7 * (window[0].1 - window[0].0), 1e-7 * (high - low)];
                let mut signs = Vec::new();
                for (dx, dy) in [(0.0, -1.0), (0.0, 1.0), (-1.0, 0.0), (1.0, 0.0)] {
                    plane.lift(neuron, &p, [point[0] + dx * hair[0], point[1] + dy * hair[1]], &mut state);
                    signs.push(slope(neuron, &state, &p, i)[row]);
                }
                let crosses = signs.iter().any(|s| *s >= 0.0) && signs.iter().any(|s| *s <= 0.0);
                assert!(crosses, "{} nullcline {row} at {point:?}: {signs:?} with {p:?} at {i}", neuron.card().id);
            }
        }
    }
}

#[test]
fn equilibria_lie_on_both_nullclines() {
    for (neuron, p, i) in planes().into_iter().filter(|(n, _, _)| n.dim() == 2) {
        let window = neuron.card().window;
        let Some(plane) = Plane::natural(neuron, &[0.0, 0.0]) else { continue };
        let lines = nullclines(neuron, &p, i, &plane, window, 2000);
        let size = [window[0].1 - window[0].0, window[1].1 - window[1].0];
        for point in equilibria(neuron, &p, i).points {
            let (v, y) = (point.state[0], point.state[1]);
            let inside = v > window[0].0 && v < window[0].1 && y > window[1].0 && y < window[1].1;
            // Within a column of a pole the line is cut: what enters the equation there changes sign.
            let column = size[0] / 2000.0;
            let factor = |v: f64, row: usize| slope(neuron, &[v, window[1].1], &p, i)[row] - slope(neuron, &[v, window[1].0], &p, i)[row];
            let at_pole = |row: usize| factor(v - column, row) * factor(v + column, row) < 0.0;
            for component in (0..2).filter(|row| inside && !at_pole(*row)) {
                let nearest = distance(&lines[component], [v, y], size);
                assert!(nearest < 2e-3, "{} component {component}: {nearest} from ({v}, {y}) with {p:?} at {i}", neuron.card().id);
            }
        }
    }
}

/// Distance of a point from the nearest segment, in fractions of the window.
fn distance(lines: &[Vec<[f64; 2]>], [x, y]: [f64; 2], [width, height]: [f64; 2]) -> f64 {
    let mut nearest = f64::INFINITY;
    for pair in lines.iter().flat_map(|line| line.windows(2)) {
        let (a, b) = ([(pair[0][0] - x) / width, (pair[0][1] - y) / height], [(pair[1][0] - x) / width, (pair[1][1] - y) / height]);
        let d = [b[0] - a[0], b[1] - a[1]];
        let length = d[0] * d[0] + d[1] * d[1];
        let s = if length == 0.0 { 0.0 } else { (-(a[0] * d[0] + a[1] * d[1]) / length).clamp(0.0, 1.0) };
        nearest = nearest.min((a[0] + s * d[0]).hypot(a[1] + s * d[1]));
    }
    nearest
}

#[test]
fn no_segment_joins_the_two_sides_of_a_pole() {
    // n = (I − leak − sodium)/(g_K (V − E_K)) has a pole at E_K = −90 mV.
    let neuron = find("persistent_sodium_potassium");
    let p = neuron.defaults();
    for (columns, current) in [(200, 0.0), (777, 10.0), (1501, -300.0), (400, 200.0)] {
        let Some(plane) = Plane::natural(neuron, &[-65.0, 0.0]) else { continue };
        let lines = nullclines(neuron, &p, current, &plane, [(-120.0, 40.0), (-0.2, 1.2)], columns);
        // Left of the pole n is in the window only where the current is as negative.
        let inside = |left: bool| lines[0].iter().flatten().any(|q| (q[0] < -90.0) == left && (-0.2..=1.2).contains(&q[1]));
        assert!(inside(false) && inside(true) == (current < -200.0), "what is inside is drawn at {current}");
        for line in &lines[0] {
            let sides = (line.iter().any(|q| q[0] < -90.0), line.iter().any(|q| q[0] > -90.0));
            assert!(sides != (true, true), "a line crosses the pole at {current} with {columns} columns");
        }
    }
}

#[test]
fn a_nullcline_that_does_not_depend_on_the_second_state_is_vertical() {
    let neuron = find("izhikevich");
    let p = with(neuron, &[("u_decay", 0.0), ("v_ref", -65.0)]);
    let Some(plane) = Plane::natural(neuron, &[-65.0, 0.0]) else { return };
    let lines = nullclines(neuron, &p, 0.0, &plane, [(-82.0, -32.0), (-22.0, 8.0)], 100);
    assert_eq!(lines[1].len(), 1);
    assert!(lines[1][0].iter().all(|q| (q[0] + 65.0).abs() < 1e-9), "{:?}", lines[1]);
}

#[test]
fn every_table_names_the_recovery_variable_of_its_plane() {
    for neuron in model::all().iter().filter(|n| n.dim() > 1) {
        let x = steady(*neuron, neuron.start(&neuron.defaults()), &neuron.defaults());
        let plane = Plane::natural(*neuron, &x).unwrap();
        assert!(plane.y > 0 && plane.y < neuron.dim() && plane.rest.len() == neuron.dim());
        assert!(Field::position(neuron.states(), neuron.states()[plane.y].id).is_some());
    }
}
