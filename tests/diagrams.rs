//! Bifurcation diagrams against published and independently computed values: AUTO-07p with 60–100 mesh intervals,
//! closed forms, and each other.

mod common;

use neuron_playground::analysis::diagram::{Care, Diagram, Ending, Kind, diagram, recorrect};
use neuron_playground::analysis::{Family, Over, System, cycle_through};
use neuron_playground::model::{self, Field};

fn of(id: &str, set: &[(&str, f64)], over: &str, range: (f64, f64), care: Care) -> Diagram {
    let neuron = model::find(id).expect("a model");
    let mut p = neuron.defaults();
    let mut current = 0.0;
    for (id, value) in set {
        match Field::position(neuron.params(), id) {
            Some(place) => p[place] = *value,
            None => current = *value,
        }
    }
    let family = Family::new(neuron, &p, current, Over::find(neuron, over).expect("a quantity"));
    diagram(&family, range, care, &mut |_| true)
}

/// What a diagram must hold: id, value, and half a unit of the last digit that is given.
type Golden = (&'static str, f64, f64);

/// Fails unless the special points are exactly these, in order, and each error bound is tight and covers what the
/// digits of the golden value do not.
fn expect(diagram: &Diagram, golden: &[Golden]) {
    let found: Vec<(&str, f64, f64)> = diagram.special.iter().map(|s| (s.kind.id(), s.value, s.error)).collect();
    assert_eq!(found.iter().map(|f| f.0).collect::<Vec<_>>(), golden.iter().map(|g| g.0).collect::<Vec<_>>(), "{found:?}");
    for ((id, value, error), (_, wanted, digits)) in found.iter().zip(golden) {
        let allowed = if id.starts_with("saddle_node") || *id == "hopf" { 1e-5 } else { 1e-3 };
        assert!(*error <= allowed * wanted.abs(), "{id} at {value} ± {error} is not known well enough");
        assert!((value - wanted).abs() <= error + digits, "{id} at {value} ± {error}, wanted {wanted}");
    }
}

/// Signs of the first Lyapunov coefficients, in order.
fn criticality(diagram: &Diagram) -> Vec<f64> {
    diagram.special.iter().filter_map(|s| if let Kind::Hopf { first_lyapunov, .. } = s.kind { Some(first_lyapunov) } else { None }).collect()
}

const IK: &str = "persistent_sodium_potassium";
const SUB_HOPF: [(&str, f64); 7] =
    [("g_L", 1.0), ("E_L", -78.0), ("g_Na", 4.0), ("g_K", 4.0), ("m_half", -30.0), ("m_slope", 7.0), ("n_half", -45.0)];

#[test]
fn hodgkin_huxley_has_two_hopf_points_three_cycle_folds_and_two_doublings() {
    let found = of("hodgkin_huxley", &[("E_L", -54.4)], "I", (0.0, 200.0), Care::Settled);
    expect(
        &found,
        &[
            ("cycle_fold", 6.26422, 1e-5),
            ("cycle_fold", 7.84625, 1e-5),
            ("period_doubling", 7.84924, 1e-5),
            ("period_doubling", 7.92168, 1e-5),
            ("cycle_fold", 7.92169, 1e-5),
            ("hopf", 9.779_338, 1e-6),
            ("hopf", 154.526_33, 1e-5),
        ],
    );
    let l1 = criticality(&found);
    assert!((l1[0] - 0.01479).abs() < 1e-5 && (l1[1] + 0.00473).abs() < 1e-5, "{l1:?}");
}

#[test]
fn hodgkin_huxley_with_the_published_leak_has_its_doublings_where_auto_finds_them() {
    let found = of("hodgkin_huxley", &[], "I", (0.0, 200.0), Care::Settled);
    expect(
        &found,
        &[
            ("cycle_fold", 6.2603, 1e-4),
            ("cycle_fold", 7.8423, 1e-4),
            ("period_doubling", 7.84534, 1e-5),
            ("period_doubling", 7.91778, 1e-5),
            ("cycle_fold", 7.9178, 1e-4),
            ("hopf", 9.7754, 1e-4),
            ("hopf", 154.522, 1e-3),
        ],
    );
    let periods: Vec<f64> =
        found.special.iter().filter_map(|s| if let Kind::PeriodDoubling { period } = s.kind { Some(period) } else { None }).collect();
    assert!((periods[0] - 17.16).abs() < 0.01 && (periods[1] - 20.68).abs() < 0.02, "{periods:?}");
}

#[test]
fn a_canard_explosion_is_one_fold_on_either_side_and_named() {
    let found = of("fitzhugh_nagumo_classic", &[], "I", (0.0, 2.0), Care::Settled);
    expect(&found, &[("cycle_fold", 0.324_179, 1e-4), ("hopf", 0.331_281_3, 1e-7), ("hopf", 1.418_718_7, 1e-7), ("cycle_fold", 1.425_821, 1e-4)]);
    assert!(criticality(&found).iter().all(|l1| (l1 - 0.972).abs() < 1e-3));
    assert!(found.special.iter().all(|s| !matches!(s.kind, Kind::CycleFold { canard: false, .. })));
}

#[test]
fn the_class_one_set_fires_from_a_saddle_node_on_an_invariant_circle() {
    for range in [(0.0, 250.0), (0.0, 10.0)] {
        let found = of(IK, &[], "I", range, Care::Settled);
        let all = [("saddle_node_on_invariant_circle", 4.512_87, 1e-5), ("hopf", 200.4395, 1e-4)];
        expect(&found, if range.1 > 200.0 { &all } else { &all[..1] });
        assert!(criticality(&found).iter().all(|l1| (l1 + 0.00491).abs() < 1e-5));
    }
    expect(&of(IK, &[], "I", (-100.0, 0.0), Care::Settled), &[("saddle_node", -85.8228, 1e-4)]);
}

#[test]
fn with_fast_potassium_the_cycle_outlives_the_fold_and_dies_on_the_saddle() {
    // The values at 0.16 and above come from long simulations that bracket the end of firing.
    for (tau, end, tolerance) in [(0.152, -0.2977, 1e-4), (0.16, 3.0919, 1e-4), (0.165, 4.279, 1e-3), (0.1675, 4.505, 1e-3)] {
        let found = of(IK, &[("tau_n", tau)], "I", (-10.0, 30.0), Care::Settled);
        expect(&found, &[("homoclinic", end, tolerance), ("saddle_node", 4.512_87, 1e-5)]);
    }
    let found = of(IK, &[("tau_n", 0.152)], "I", (0.0, 60.0), Care::Settled);
    expect(&found, &[("saddle_node", 4.512_87, 1e-5), ("hopf", 43.8878, 1e-4)]);
    expect(&of(IK, &[("tau_n", 0.17)], "I", (0.0, 30.0), Care::Settled), &[("saddle_node_on_invariant_circle", 4.512_87, 1e-5)]);
}

#[test]
fn the_low_threshold_set_has_two_supercritical_hopf_points() {
    let found = of(IK, &[("E_L", -78.0), ("n_half", -45.0)], "I", (0.0, 400.0), Care::Settled);
    expect(&found, &[("hopf", 14.659_04, 1e-5), ("hopf", 353.5502, 1e-4)]);
    let l1 = criticality(&found);
    assert!((l1[0] + 0.00555).abs() < 1e-5 && (l1[1] + 0.00803).abs() < 1e-5, "{l1:?}");
}

#[test]
fn the_subcritical_set_has_a_cycle_fold_and_ends_on_a_circle() {
    let found = of(IK, &SUB_HOPF, "I", (0.0, 120.0), Care::Settled);
    expect(
        &found,
        &[
            ("cycle_fold", 42.2324, 1e-3),
            ("hopf", 48.901_61, 1e-5),
            ("saddle_node_on_invariant_circle", 76.599_76, 1e-5),
            ("saddle_node", 113.127, 1e-3),
        ],
    );
    assert!((criticality(&found)[0] - 0.00121).abs() < 1e-5);
    let fold = found.special.first().expect("a fold");
    assert!(matches!(fold.kind, Kind::CycleFold { period, .. } if (period - 6.264).abs() < 1e-3));
}

#[test]
fn persistent_sodium_has_its_two_folds() {
    let found = of("persistent_sodium", &[], "I", (-1000.0, 100.0), Care::Settled);
    expect(&found, &[("saddle_node", -890.13, 5e-3), ("saddle_node", 15.775_89, 1e-5)]);
}

#[test]
fn izhikevich_has_the_fold_and_hopf_point_of_its_closed_form() {
    let found = of("izhikevich", &[], "I", (0.0, 20.0), Care::Settled);
    // v′ = 0.04 v² + (5 − b) v + 140 + I at rest; the trace vanishes at v = (a − 5)/0.08.
    let (a, b) = (0.02, 0.2);
    let fold = (5.0_f64 - b).powi(2) / 0.16 - 140.0;
    let v = (a - 5.0) / 0.08;
    let hopf = -(0.04 * v * v + (5.0 - b) * v + 140.0);
    let rests: Vec<_> = found.special.iter().filter(|s| !matches!(s.kind, Kind::Homoclinic)).collect();
    assert_eq!(rests.iter().map(|s| s.kind.id()).collect::<Vec<_>>(), ["hopf", "saddle_node"]);
    assert!((rests[0].value - hopf).abs() < 1e-9 && (rests[1].value - fold).abs() < 1e-9, "{rests:?} {hopf} {fold}");
}

#[test]
fn adaptive_exponential_has_the_fold_and_hopf_point_of_its_closed_form() {
    // Touboul and Brette 2008, doi 10.1007/s00422-008-0267-4, in the units of the table.
    let (c, g, e, vt, d, a, tau) = (281.0, 30.0, -70.6, -50.4, 2.0, 4.0, 144.0);
    let rest = |v: f64| (g + a) * (v - e) - g * d * ((v - vt) / d).exp();
    let fold = rest(vt + d * (1.0_f64 + a / g).ln());
    let hopf = rest(vt + d * (1.0_f64 + c / (g * tau)).ln());
    let found = of("adex", &[], "I", (0.0, 1500.0), Care::Settled);
    let at = |id: &str| found.special.iter().find(|s| s.kind.id() == id).map(|s| s.value).expect("a point");
    assert!((at("saddle_node") - fold).abs() < 1e-8 && (at("hopf") - hopf).abs() < 1e-8);
    assert!(criticality(&found)[0] > 0.0);
}

#[test]
fn a_parameter_that_enters_nonlinearly_gives_the_same_points_as_the_current() {
    // The circle of the class-one set over m_half at I = 7; over I at that m_half it must stand at 7.
    let over_half = of(IK, &[("I", 7.0)], "m_half", (-30.0, 0.0), Care::Settled);
    let circle = over_half.special.iter().find(|s| s.kind == Kind::SaddleNodeOnCircle).expect("a circle").value;
    let over_current = of(IK, &[("m_half", circle)], "I", (0.0, 20.0), Care::Settled);
    let back = over_current.special.iter().find(|s| s.kind == Kind::SaddleNodeOnCircle).expect("a circle").value;
    assert!((back - 7.0).abs() < 1e-9, "{back}");
}

#[test]
fn over_a_time_constant_rest_keeps_its_place_and_only_its_stability_changes() {
    let found = of(IK, &[("I", 7.0)], "tau_n", (0.05, 2.0), Care::Settled);
    for branch in &found.rests {
        let first = branch.points[0].state[0];
        assert!(branch.points.iter().all(|p| (p.state[0] - first).abs() < 1e-12));
        assert!(branch.points.iter().any(|p| p.stable) && branch.points.iter().any(|p| !p.stable));
    }
    // The trace vanishes where 1/tau = ∂V′/∂V.
    let hopf = found.special.iter().find(|s| s.kind.id() == "hopf").expect("a Hopf point");
    let neuron = model::find(IK).expect("a model");
    let growth = neuron.growth(&hopf.state[..2], &neuron.defaults(), 7.0);
    assert!((hopf.value * growth - 1.0).abs() < 1e-9);
}

#[test]
fn every_trivial_multiplier_is_one_and_the_plane_obeys_liouville() {
    let cases = [("hodgkin_huxley", &[][..], (0.0, 200.0)), (IK, &SUB_HOPF[..], (0.0, 120.0)), ("fitzhugh_nagumo", &[][..], (-0.5, 2.0))];
    for (id, set, range) in cases {
        let found = of(id, set, "I", range, Care::Settled);
        for orbit in found.cycles.iter().flat_map(|b| &b.orbits) {
            let (off, tolerance) = ((orbit.multipliers.trivial - 1.0).abs(), orbit.multipliers.tolerance());
            assert!(off <= tolerance, "{id} at {}: {off} above {tolerance}", orbit.cycle.value);
        }
    }
}

#[test]
fn cycles_agree_with_long_simulations_in_period_and_extremes() {
    for (id, set, range, current) in [
        ("hodgkin_huxley", &[][..], (0.0, 200.0), 20.0),
        (IK, &[][..], (0.0, 250.0), 20.0),
        (IK, &SUB_HOPF[..], (0.0, 120.0), 60.0),
        ("fitzhugh_nagumo_classic", &[][..], (0.0, 2.0), 0.8),
    ] {
        let found = of(id, set, "I", range, Care::Settled);
        let (period, low, high) = at(&found, current);
        let (measured, lowest, highest) = common::oscillation(id, set, current);
        assert!((period / measured - 1.0).abs() < 2e-3, "{id}: {period} {measured}");
        let size = highest - lowest;
        assert!((low - lowest).abs() < 0.01 * size && (high - highest).abs() < 0.01 * size, "{id}: {low}..{high}, {lowest}..{highest}");
    }
}

/// Period and extremes of V of the stable cycle at a current, between the orbits of the branch.
fn at(found: &Diagram, current: f64) -> (f64, f64, f64) {
    for branch in &found.cycles {
        for k in 1..branch.orbits.len() {
            let (a, b) = (&branch.orbits[k - 1], &branch.orbits[k]);
            let inside = (a.cycle.value - current) * (b.cycle.value - current) <= 0.0;
            if inside && b.multipliers.is_stable() {
                let s = (current - a.cycle.value) / (b.cycle.value - a.cycle.value);
                let mix = |x: f64, y: f64| x + s * (y - x);
                let (x, y) = (branch.extents[k - 1], branch.extents[k]);
                return (mix(a.cycle.period.ln(), b.cycle.period.ln()).exp(), mix(x.0[0], y.0[0]), mix(x.1[0], y.1[0]));
            }
        }
    }
    panic!("no stable cycle at {current}");
}

#[test]
fn a_branch_of_cycles_joins_its_hopf_points() {
    let found = of("hodgkin_huxley", &[], "I", (0.0, 200.0), Care::Live);
    let ends = found.cycles.iter().flat_map(|b| b.ends).collect::<Vec<_>>();
    assert!(matches!(ends.as_slice(), [Ending::Hopf(a), Ending::Hopf(b)] if *a < 10.0 && *b > 154.0), "{ends:?}");
}

#[test]
fn a_branch_that_leaves_the_range_is_cut_exactly_at_its_border() {
    for high in [20.0, 57.0, 60.0] {
        let found = of(IK, &[], "I", (-10.0, high), Care::Settled);
        let last = found.cycles.iter().flat_map(|b| &b.orbits).map(|o| o.cycle.value).fold(f64::NEG_INFINITY, f64::max);
        assert!((last - high).abs() < 1e-6, "{last} {high}");
    }
    let found = of("hodgkin_huxley", &[], "I", (0.0, 100.0), Care::Settled);
    let last = found.cycles.iter().flat_map(|b| &b.orbits).map(|o| o.cycle.value).fold(f64::NEG_INFINITY, f64::max);
    assert!((last - 100.0).abs() < 1e-6, "{last}");
}

#[test]
fn a_corrected_diagram_agrees_with_one_made_anew() {
    // Canards are another test's: a corrected diagram that would show one's fold twice is thrown away.
    for (id, place, range) in [("hodgkin_huxley", "g_Na", (0.0, 200.0)), (IK, "g_Na", (0.0, 250.0))] {
        let before = of(id, &[], "I", range, Care::Live);
        let neuron = model::find(id).expect("a model");
        let mut p = neuron.defaults();
        let at = Field::position(neuron.params(), place).expect("a parameter");
        p[at] *= 1.01;
        let family = Family::new(neuron, &p, 0.0, Over::Current);
        let moved = recorrect(&before, &family).expect("a diagram");
        let anew = diagram(&family, range, Care::Settled, &mut |_| true);
        assert_eq!(moved.special.iter().map(|s| s.kind.id()).collect::<Vec<_>>(), anew.special.iter().map(|s| s.kind.id()).collect::<Vec<_>>());
        for (a, b) in moved.special.iter().zip(&anew.special) {
            assert!((a.value - b.value).abs() < 1e-3 * (range.1 - range.0), "{id}: {a:?} {b:?}");
        }
    }
}

/// Numbers of equilibria on the branches at a value.
fn crossed(found: &Diagram, value: f64) -> usize {
    found.rests.iter().flat_map(|b| b.points.windows(2)).filter(|w| (w[0].value - value) * (w[1].value - value) < 0.0).count()
}

#[test]
fn branches_reach_up_to_a_pole_of_their_explicit_form() {
    // At v = 0 and at v = 1 neither b nor a enters the balance; all that happens stands close to there.
    let found = of("fitzhugh_nagumo", &[("c", 0.0035), ("a", 0.25), ("I", 0.133)], "b", (-0.1, 0.2), Care::Settled);
    assert!([0.04, 0.1, 0.19].iter().all(|b| crossed(&found, *b) == 1));
    let found = of("fitzhugh_nagumo", &[("c", 0.003), ("b", 0.055), ("I", -0.025)], "a", (-1.0, 1.0), Care::Settled);
    assert!([-0.98, -0.5, 0.15].iter().all(|a| crossed(&found, *a) == 1));
}

#[test]
fn a_quantity_that_moves_rest_by_less_than_rounding_gives_a_straight_branch() {
    let closed = [("g_K", 55.0), ("E_L", -118.0), ("V_shift", 88.0), ("E_Na", -57.0), ("g_Na", 170.0), ("g_L", 1.7), ("I", 0.0)];
    let found = of("hodgkin_huxley", &closed, "E_K", (-160.0, 20.0), Care::Live);
    assert!([-150.3, -70.2, 10.3].iter().all(|e| crossed(&found, *e) == 1), "{}", found.rests.len());
}

#[test]
fn a_followed_branch_is_followed_once_also_from_the_borders() {
    let set = [("a", 0.176_725), ("b", 0.010_135_7), ("I", 0.001_558)];
    let found = of("fitzhugh_nagumo", &set, "c", (0.0, 0.1), Care::Settled);
    assert_eq!(found.special.iter().filter(|s| s.kind == Kind::SaddleNode).count(), 1);
    assert_eq!((crossed(&found, 0.01), crossed(&found, 0.08)), (1, 3));
}

#[test]
fn steep_canards_are_followed_on_finer_meshes_from_one_hopf_point_to_the_other() {
    // On a mesh of 60 intervals this branch left the canard for solutions of the discrete equations that are no orbits.
    let set = [("a", -0.721_367_6), ("b", 0.017_787_8), ("c", 0.028_253_7)];
    let found = of("fitzhugh_nagumo", &set, "I", (-0.1, 0.4), Care::Settled);
    let ends: Vec<[Ending; 2]> = found.cycles.iter().map(|b| b.ends).collect();
    assert!(matches!(ends.as_slice(), [[Ending::Hopf(_), Ending::Hopf(_)]]), "{ends:?}");
}

#[test]
fn a_fold_of_cycles_close_to_a_hopf_point_is_not_stepped_over() {
    // The fold stands 1e-6 from either Hopf point; the cubic is symmetric, so that each has its mirror image.
    let p = [("a", -0.050_204_282_899_439_595), ("b", 0.016_572_613_644_845_156), ("c", 0.024_585_706_888_461_97)];
    let found = of("fitzhugh_nagumo", &p, "I", (-0.1, 0.4), Care::Settled);
    let values = |id: &str| found.special.iter().filter(|s| s.kind.id() == id).map(|s| s.value).collect::<Vec<_>>();
    let (hopfs, folds) = (values("hopf"), values("cycle_fold"));
    assert!(hopfs.len() == 2 && folds.len() == 2, "{hopfs:?} {folds:?}");
    assert!((folds[0] + folds[1] - hopfs[0] - hopfs[1]).abs() < 1e-8, "{hopfs:?} {folds:?}");
}

#[test]
fn an_isolated_branch_of_cycles_round_two_stable_rests_is_found_with_its_folds() {
    // Every cycle from a Hopf point is small and ends on the saddle; what the running model shows is rest.
    let set = [("a", 0.65), ("b", 1.3), ("tau", 3.5)];
    let found = of("fitzhugh_nagumo_classic", &set, "I", (0.0, 1.0), Care::Settled);
    // The cubic is symmetric about a/b.
    let half =
        [("saddle_node", 0.426_094_7), ("hopf", 0.483_156_1), ("cycle_fold", 0.485_894_9), ("homoclinic", 0.486_015_4), ("homoclinic", 0.491_552_6)];
    let mirrored = half.iter().rev().map(|(id, value)| (*id, 1.0 - value));
    let all: Vec<Golden> = half.into_iter().chain(mirrored).map(|(id, value)| (id, value, 1e-6)).collect();
    expect(&found, &all);
    let large: Vec<_> = found.cycles.iter().filter(|b| !b.ends.iter().any(|end| matches!(end, Ending::Hopf(_)))).collect();
    assert!(matches!(large.as_slice(), [branch] if branch.ends.iter().all(|end| matches!(end, Ending::Homoclinic(_)))), "{:?}", large.len());
    assert_eq!(found.cycles.len(), 3);
    // An orbit from outside comes to it, between two equilibria that attract.
    let (period, low, high) = at(&found, 0.5);
    let neuron = common::find("fitzhugh_nagumo_classic");
    let p = common::with(neuron, &set);
    let cycle = cycle_through(&System::new(neuron, &p, 0.5).expect("a planar model"), [2.0, 0.5], [0.0, 0.5], false).expect("a cycle");
    let (lowest, highest) = cycle.range(0);
    assert!(cycle.is_stable() && (period / cycle.period - 1.0).abs() < 0.01, "{period} {}", cycle.period);
    assert!((low - lowest).abs() < 0.01 && (high - highest).abs() < 0.01, "{low}..{high}, {lowest}..{highest}");
}

#[test]
fn firing_that_ends_before_the_first_value_that_is_simulated_is_found() {
    // Between 0.14 and 1.6 of 20 the neuron fires; no Hopf point is on that branch.
    let set = [
        ("I", 52.0),
        ("C", 1.5),
        ("E_L", -84.0),
        ("g_Na", 10.5),
        ("E_Na", 51.0),
        ("g_K", 7.85),
        ("E_K", -81.3),
        ("m_half", -18.0),
        ("m_slope", 6.2),
        ("n_half", -24.5),
        ("n_slope", 4.14),
    ];
    let found = of(IK, &set, "g_L", (0.0, 20.0), Care::Settled);
    let on_circle = found.special.iter().find(|s| s.kind == Kind::SaddleNodeOnCircle).expect("an end of firing");
    assert!((on_circle.value - 1.604_549).abs() < 1e-6, "{on_circle:?}");
    let (period, low, high) = at(&found, 0.6);
    let changes: Vec<(&str, f64)> = set[1..].iter().copied().chain([("g_L", 0.6)]).collect();
    let (measured, lowest, highest) = common::oscillation(IK, &changes, 52.0);
    assert!((period / measured - 1.0).abs() < 0.01 && (low - lowest).abs() < 1.0 && (high - highest).abs() < 1.0, "{period} {measured}");
}

#[test]
fn a_rate_unit_rests_where_its_activation_says_also_where_that_jumps() {
    let neuron = model::find("rate_unit").expect("a model");
    for choice in 0..6 {
        let set = [("activation", f64::from(choice))];
        let found = of("rate_unit", &set, "I", (-5.0, 5.0), Care::Settled);
        let mut p = neuron.defaults();
        p[Field::position(neuron.params(), "activation").expect("a choice")] = f64::from(choice);
        for value in [-4.03, -1.01, 1.02, 4.04] {
            let at = neuron_playground::analysis::equilibria(neuron, &p, value).points[0].state[0];
            let pairs = found.rests.iter().flat_map(|b| b.points.windows(2));
            let near: Vec<f64> = pairs.filter(|w| (w[0].value - value) * (w[1].value - value) <= 0.0).map(|w| w[0].state[0]).collect();
            assert!(near.len() == 1 && (near[0] - at).abs() < 0.2, "activation {choice} at {value}: {near:?}, not {at}");
        }
    }
}
