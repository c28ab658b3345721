//! Special points that are easily missed or doubled: pairs of doublings within one step, and folds of canards while a parameter moves.

use neuron_playground::analysis::diagram::{Care, Diagram, diagram, recorrect};
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
fn a_diagram_that_is_corrected_has_no_points_that_one_made_anew_has_not() {
    for (id, range) in [("fitzhugh_nagumo_classic", (0.0, 2.0)), ("fitzhugh_nagumo", (-0.5, 2.0))] {
        let before = diagram(&family(id, &[]), range, Care::Live, &mut |_| true);
        let neuron = model::find(id).expect("a model");
        for (field, value) in neuron.params().iter().zip(neuron.defaults()) {
            for part in [0.992, 0.997, 1.003, 1.008] {
                let moved = family(id, &[(field.id, part * value)]);
                let Some(corrected) = recorrect(&before, &moved) else { continue };
                let anew = diagram(&moved, range, Care::Settled, &mut |_| true);
                let kinds = |d: &Diagram| d.special.iter().map(|s| s.kind.id()).collect::<Vec<_>>();
                assert_eq!(kinds(&corrected), kinds(&anew), "{id}: {} × {part}", field.id);
            }
        }
    }
}
