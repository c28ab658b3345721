//! Special points that are easily missed or doubled: pairs of doublings within one step, and folds of canards while a parameter moves.

#[path = "common/shooting.rs"]
mod shooting;

use neuron_playground::analysis::diagram::{Care, Diagram, Kind, diagram, recorrect};
use neuron_playground::analysis::{Family, Over};
use neuron_playground::model::{self, Field};

/// The family over I of a model with some parameters changed.
fn family(id: &str, changes: &[(&str, f64)]) -> Family<'static> {
    let neuron = model::find(id).expect("a model");
    let mut p = neuron.defaults();
    for (id, value) in changes {
        p[Field::position(neuron.params(), id).expect("a parameter")] = *value;
    }
    Family::new(neuron, &p, 0.0, Over::Current)
}

fn values(found: &Diagram, kind: &str) -> Vec<f64> {
    found.special.iter().filter(|s| s.kind.id() == kind).map(|s| s.value).collect()
}

#[test]
fn two_doublings_that_lie_between_neighbouring_orbits_are_both_found() {
    let squid = family(
        "hodgkin_huxley",
        &[("C", 1.0495), ("g_Na", 115.21), ("E_Na", 48.035), ("g_K", 34.525), ("E_K", -78.069), ("g_L", 0.29712), ("E_L", -51.982), ("T", 6.1174)],
    );
    // Other ranges place other orbits on the branch.
    let of = |high: f64| diagram(&squid, (0.0, high), Care::Settled, &mut |_| true);
    let (wide, narrow) = (of(200.0), of(60.0));
    let (a, b) = (values(&wide, "period_doubling"), values(&narrow, "period_doubling"));
    assert!(a.len() == 2 && b.len() == 2, "{a:?} {b:?}");
    assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-6), "{a:?} {b:?}");
    let folds = values(&wide, "cycle_fold");
    assert!(folds.len() == 3 && folds[1] < a[0] && a[1] < folds[2], "{folds:?} {a:?}");
}

#[test]
fn a_fold_of_cycles_is_told_by_the_cycles_that_meet() {
    let squid = family("hodgkin_huxley", &[]);
    let subcritical = family(
        "persistent_sodium_potassium",
        &[("g_L", 1.0), ("E_L", -78.0), ("g_Na", 4.0), ("g_K", 4.0), ("m_half", -30.0), ("m_slope", 7.0), ("n_half", -45.0)],
    );
    let mut told = Vec::new();
    for family in [squid, subcritical] {
        let found = diagram(&family, (0.0, 120.0), Care::Settled, &mut |_| true);
        // Of two neighbours that lie on either side of a value, the one farther from the fold is past no turn.
        let stable_at = |value: f64, fold: f64| {
            let crosses = |a: f64, b: f64| (a - value) * (b - value) < 0.0;
            let pairs = found.cycles.iter().flat_map(|branch| branch.orbits.windows(2));
            let pairs = pairs.filter(|w| crosses(w[0].cycle.value, w[1].cycle.value));
            let away = |value: f64| (value - fold).abs();
            pairs
                .filter_map(|w| w.iter().max_by(|a, b| away(a.cycle.value).total_cmp(&away(b.cycle.value))))
                .filter(|o| o.multipliers.is_stable())
                .count()
        };
        for point in &found.special {
            let Kind::CycleFold { both_unstable, .. } = point.kind else { continue };
            // A stable cycle more on one side, or as many on both.
            let beside = [-1e-3, 1e-3].map(|step| stable_at(point.value + step, point.value));
            assert_eq!(both_unstable, beside[0] == beside[1], "{point:?} {beside:?}");
            told.push(both_unstable);
        }
    }
    told.sort_unstable();
    assert_eq!(told, [false, false, true, true], "both kinds are seen");
}

#[test]
fn two_folds_that_lie_between_neighbouring_orbits_are_both_found() {
    let squid = family(
        "hodgkin_huxley",
        &[
            ("C", 1.041_346),
            ("g_Na", 117.52277),
            ("E_Na", 50.84901),
            ("g_K", 36.74327),
            ("E_K", -78.77534),
            ("g_L", 0.301_003_4),
            ("E_L", -56.88659),
            ("T", 6.526_884),
        ],
    );
    let of = |high: f64, care: Care| values(&diagram(&squid, (0.0, high), care, &mut |_| true), "cycle_fold");
    // Other ranges place other orbits on the branch, and other meshes carry them.
    let (wide, narrow, live) = (of(200.0, Care::Settled), of(60.0, Care::Settled), of(200.0, Care::Live));
    assert!(wide.len() == 3 && narrow.len() == 3 && live.len() == 3, "{wide:?} {narrow:?} {live:?}");
    assert!(wide.iter().zip(&narrow).all(|(a, b)| (a - b).abs() < 1e-6), "{wide:?} {narrow:?}");
    assert!(wide.iter().zip(&live).all(|(a, b)| (a - b).abs() < 1e-3), "{wide:?} {live:?}");
}

#[test]
fn shooting_finds_the_folds_and_doublings_of_the_squid_axon_again() {
    let squid = family("hodgkin_huxley", &[]);
    let found = diagram(&squid, (0.0, 200.0), Care::Settled, &mut |_| true);
    let points: Vec<_> = found.special.iter().filter(|s| matches!(s.kind.id(), "cycle_fold" | "period_doubling")).collect();
    assert_eq!(points.len(), 5);
    for special in points {
        let again = shooting::seen_again(&squid, &found, special).unwrap_or(f64::NAN);
        println!("{} {} ± {:.0e}, by shooting {again}", special.kind.id(), special.value, special.error);
        assert!((again - special.value).abs() <= special.error.max(1e-6), "{} {} and {again}", special.kind.id(), special.value);
    }
}

#[test]
fn a_diagram_that_is_corrected_has_no_points_that_one_made_anew_has_not() {
    for (id, range) in [("fitzhugh_nagumo_classic", (0.0, 2.0)), ("fitzhugh_nagumo", (-0.5, 2.0))] {
        let before = diagram(&family(id, &[]), range, Care::Live, &mut |_| true);
        let neuron = model::find(id).expect("a model");
        let mut followed = 0;
        for (field, value) in neuron.params().iter().zip(neuron.defaults()) {
            for part in [0.992, 0.997, 1.003, 1.008] {
                let moved = family(id, &[(field.id, part * value)]);
                let Some(corrected) = recorrect(&before, &moved) else { continue };
                followed += 1;
                let anew = diagram(&moved, range, Care::Settled, &mut |_| true);
                let kinds = |d: &Diagram| d.special.iter().map(|s| s.kind.id()).collect::<Vec<_>>();
                assert_eq!(kinds(&corrected), kinds(&anew), "{id}: {} × {part}", field.id);
            }
        }
        assert!(followed > 3, "{id}: {followed}");
    }
}
