//! The map of two parameters against closed forms and against one-parameter diagrams.

use std::sync::atomic::AtomicBool;

use neuron_playground::analysis::Over;
use neuron_playground::analysis::branches::{Event, Window, rest_branches};
use neuron_playground::analysis::diagram::Care;
use neuron_playground::analysis::parameter_map::{CurveKind, Field, Meeting, ParameterMap, cycle_curves, equilibrium_curves};
use neuron_playground::model;

fn field(id: &str, over: [&str; 2], range: [(f64, f64); 2]) -> Field<'static> {
    let neuron = model::find(id).expect("a model");
    let over = over.map(|id| Over::find(neuron, id).expect("a quantity"));
    Field { neuron, params: neuron.defaults(), current: 0.0, over, range }
}

fn special(map: &ParameterMap, kind: Meeting) -> Vec<(f64, f64)> {
    let mut found: Vec<(f64, f64)> = map.special.iter().filter(|p| p.kind == kind).map(|p| (p.x, p.y)).collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found
}

#[test]
fn fitzhugh_nagumo_has_its_cusp_and_bogdanov_takens_points_where_the_closed_form_says() {
    let map = equilibrium_curves(&field("fitzhugh_nagumo_classic", ["I", "b"], [(-2.0, 2.5), (0.5, 5.0)]));
    // At rest I = v³/3 − v + (v + a)/b; it folds where v² = 1 − 1/b, and the trace vanishes where v² = 1 − b/tau.
    let (a, tau) = (0.7, 12.5_f64);
    assert_eq!(special(&map, Meeting::Cusp).len(), 1, "{:?}", map.special);
    let (x, y) = special(&map, Meeting::Cusp)[0];
    assert!((x - a).abs() < 1e-4 && (y - 1.0).abs() < 1e-4, "{x} {y}");
    let b = tau.sqrt();
    let expected: Vec<f64> = [-1.0, 1.0]
        .map(|sign| {
            let v = sign * (1.0 - 1.0 / b).sqrt();
            v.powi(3) / 3.0 - v + (v + a) / b
        })
        .to_vec();
    let found = special(&map, Meeting::BogdanovTakens);
    assert_eq!(found.len(), 2, "{found:?}");
    let mut expected = expected;
    expected.sort_by(f64::total_cmp);
    for ((x, y), i) in found.iter().zip(expected) {
        assert!((x - i).abs() < 1e-4 && (y - b).abs() < 1e-4, "{x} {y}, wanted {i} {b}");
    }
}

#[test]
fn every_curve_passes_through_the_special_points_of_one_parameter_diagrams() {
    for (id, over, range) in [
        ("hodgkin_huxley", ["I", "g_K"], [(0.0, 200.0), (10.0, 60.0)]),
        ("persistent_sodium_potassium", ["I", "n_half"], [(-20.0, 100.0), (-50.0, -20.0)]),
        ("izhikevich", ["I", "b"], [(-10.0, 20.0), (0.0, 0.4)]),
    ] {
        let field = field(id, over, range);
        let map = equilibrium_curves(&field);
        let width = |k: usize| range[k].1 - range[k].0;
        for part in [0.21, 0.5, 0.83] {
            let y = range[1].0 + part * width(1);
            let mut family = field.slice(0, y);
            for mark in rest_branches(&mut family, &Window { value: range[0], potential: 100.0 }).iter().flat_map(|b| &b.marks) {
                let kind = if matches!(mark.event, Event::Hopf(_)) { CurveKind::Hopf } else { CurveKind::SaddleNode };
                let curves = map.curves.iter().filter(|c| c.kind == kind);
                let nearest = curves
                    .flat_map(|c| c.points.windows(2))
                    .filter(|w| (w[0].y - y) * (w[1].y - y) <= 0.0 && w[0].y != w[1].y)
                    .map(|w| (w[0].x + (y - w[0].y) / (w[1].y - w[0].y) * (w[1].x - w[0].x) - mark.value).abs())
                    .fold(f64::INFINITY, f64::min);
                assert!(nearest < 1e-3 * width(0), "{id} {kind:?} at {} misses by {nearest}", mark.value);
            }
        }
    }
}

#[test]
fn the_circle_opens_where_the_homoclinic_curve_begins() {
    let field = field("persistent_sodium_potassium", ["I", "tau_n"], [(-5.0, 20.0), (0.14, 0.2)]);
    let stop = AtomicBool::new(false);
    let (curves, special) = cycle_curves(&field, Care::Settled, 16, 2, &stop, &|_| ());
    // Long simulations put the border between 0.1675 and 0.168.
    assert_eq!(special.len(), 1, "{special:?}");
    assert!((special[0].x - 4.512_87).abs() < 1e-4 && (special[0].y - 0.168).abs() < 5e-4, "{special:?}");
    let homoclinic = curves.iter().filter(|c| c.kind == CurveKind::Homoclinic).max_by_key(|c| c.points.len()).expect("a curve");
    let at_016 = homoclinic.points.iter().find(|p| (p.y - 0.16).abs() < 1e-9).expect("a slice at 0.16");
    assert!((at_016.x - 3.0919).abs() < 1e-3, "{at_016:?}");
    // Where the curve ends more slices are made: it reaches to within an eighth of the gap between two.
    let last = homoclinic.points.iter().map(|p| p.y).fold(0.0, f64::max);
    assert!((0.0..0.06 / 15.0 / 8.0 + 1e-4).contains(&(special[0].y - last)), "{last} {special:?}");
    let again = cycle_curves(&field, Care::Settled, 16, 1, &stop, &|_| ());
    assert_eq!((curves, special), again);
}

#[test]
fn hodgkin_huxley_turns_from_subcritical_to_supercritical_at_a_bautin_point() {
    let map = equilibrium_curves(&field("hodgkin_huxley", ["I", "g_K"], [(0.0, 200.0), (10.0, 60.0)]));
    let found = special(&map, Meeting::Bautin);
    assert_eq!(found.len(), 1, "{found:?}");
    let hopf = map.curves.iter().find(|c| c.kind == CurveKind::Hopf).expect("a Hopf curve");
    assert!(hopf.points.iter().any(|p| p.subcritical) && hopf.points.iter().any(|p| !p.subcritical));
}

#[test]
fn a_hopf_curve_that_ends_where_a_rate_vanishes_meets_no_fold_there() {
    // On Izhikevich's Hopf curve ω² = a (b − a) with b = 0.2: it vanishes on the fold at a = b, and at a = 0 away from it.
    for range in [(0.0, 0.3), (-0.05, 0.3)] {
        let map = equilibrium_curves(&field("izhikevich", ["I", "a"], [(-10.0, 20.0), range]));
        let found = special(&map, Meeting::BogdanovTakens);
        assert_eq!(found.len(), 1, "{range:?}: {found:?}");
        assert!((found[0].0 - 4.0).abs() < 1e-4 && (found[0].1 - 0.2).abs() < 1e-4, "{range:?}: {found:?}");
        let hopf: Vec<_> = map.curves.iter().filter(|c| c.kind == CurveKind::Hopf).flat_map(|c| &c.points).map(|p| p.y).collect();
        let (low, high) = hopf.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), y| (a.min(*y), b.max(*y)));
        assert!(low.abs() < 1e-4 && (high - 0.2).abs() < 1e-4, "{range:?}: from {low} to {high}");
    }
}
