//! One contract for every model of the registry: tables, equations, derivatives and steady values.

mod common;

use common::{Random, steady};
use neuron_playground::analysis::jacobian;
use neuron_playground::model::{self, Dynamics, Field};
use neuron_playground::scalar::{D1, D3};
use proptest::prelude::*;

fn slope(neuron: &dyn Dynamics, x: &[f64], p: &[f64], i: f64) -> Vec<f64> {
    let mut dx = vec![0.0; x.len()];
    neuron.rhs(x, p, i, &mut dx);
    dx
}

fn is_ascii_id(id: &str) -> bool {
    !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

// --- Tables ------------------------------------------------------------------------------------------

#[test]
fn every_table_row_is_complete_and_consistent() {
    for neuron in model::all() {
        let card = neuron.card();
        for field in neuron.states().iter().chain(neuron.params()).chain([&card.current]) {
            let name = format!("{}.{}", card.id, field.id);
            assert!(is_ascii_id(field.id), "{name}: id");
            assert!(!field.symbol.is_empty() && !field.meaning.is_empty() && !field.meaning.ends_with('.'), "{name}: words");
            assert!(field.min < field.max && field.min.is_finite() && field.max.is_finite(), "{name}: range");
            assert_eq!(field.check(field.default), Ok(()), "{name}: default");
            let (from, to) = field.shown;
            assert!(from < to && field.check(from).is_ok() && field.check(to).is_ok(), "{name}: shown");
            assert!((from..=to).contains(&field.default), "{name}: the slider does not show the default");
            assert!(field.check(field.max * 2.0 + 1.0).is_err() && field.check(f64::NAN).is_err(), "{name}: refusals");
        }
    }
}

#[test]
fn ids_are_unique_and_every_model_is_found_by_its_own() {
    let mut seen = std::collections::BTreeSet::new();
    for neuron in model::all() {
        let card = neuron.card();
        assert!(is_ascii_id(card.id) && seen.insert(card.id), "{}", card.id);
        assert_eq!(model::find(card.id).map(|m| m.card().id), Some(card.id));
        let mut ids = std::collections::BTreeSet::from([card.current.id]);
        for field in neuron.states().iter().chain(neuron.params()) {
            assert!(ids.insert(field.id), "{}.{} twice", card.id, field.id);
        }
    }
    assert!(model::find("no_such_model").is_none());
}

#[test]
fn ranges_are_wide_enough_for_any_lesson() {
    for neuron in model::all() {
        let card = neuron.card();
        assert!(card.current.min <= -1e5 && card.current.max >= 1e5, "{}: current", card.id);
        for field in neuron.states().iter().chain(neuron.params()).filter(|f| f.unit == "mV") {
            let slope = field.id.ends_with("_slope") || field.id == "Delta_T" || field.id == "Delta_V";
            assert!(field.max >= 1000.0 && (slope || field.min <= -1000.0), "{}.{}", card.id, field.id);
        }
        for field in neuron.params().iter().filter(|f| f.id.starts_with("tau") || f.id == "C" || f.id == "R") {
            assert!(field.min > 0.0 && field.min <= 1e-3 && field.max >= 1e6, "{}.{}", card.id, field.id);
        }
        for field in neuron.params().iter().filter(|f| f.id.starts_with("g_") || f.id == "t_ref") {
            assert!(field.min == 0.0, "{}.{}", card.id, field.id);
        }
    }
}

#[test]
fn every_card_says_what_it_must() {
    for neuron in model::all() {
        let card = neuron.card();
        assert!(!card.title.is_empty() && !card.summary.is_empty() && !card.equations.is_empty() && !card.references.is_empty(), "{}", card.id);
        assert!(card.dt > 0.0 && card.duration / card.dt <= 1e6 && card.rearm >= 0.0, "{}", card.id);
        assert!(card.window.iter().all(|(a, b)| a < b), "{}", card.id);
        assert_eq!(neuron.check(&neuron.defaults()), Ok(()), "{}", card.id);
        let p = neuron.defaults();
        let mut x = steady(*neuron, neuron.start(&p), &p);
        assert_eq!(neuron.reset(&mut x, &p).is_some(), neuron.resets(), "{}", card.id);
        assert_eq!(card.published_euler, card.id.starts_with("izhikevich"), "{}", card.id);
    }
}

// --- Finite everywhere -------------------------------------------------------------------------------

/// The place of a name of a choice.
#[expect(clippy::cast_precision_loss, reason = "a handful of names")]
fn choice(random: &mut Random, field: &Field) -> f64 {
    random.between((0.0, field.choices.len() as f64)).floor()
}

/// A value of a range: an end, zero, anywhere, or small on a logarithmic scale.
fn anywhere(random: &mut Random, field: &Field) -> f64 {
    if !field.choices.is_empty() {
        return choice(random, field);
    }
    let value = match random.below(6) {
        0 => field.min,
        1 => field.max,
        2 => 0.0,
        3 => random.between(field.shown),
        4 => field.max * 10.0_f64.powf(-8.0 * random.unit()),
        _ => random.between((field.min, field.max)),
    };
    value.clamp(field.min, field.max)
}

/// Parameters in their ranges that pass the model's own condition, a state and a current.
fn point(neuron: &dyn Dynamics, random: &mut Random) -> (Vec<f64>, Vec<f64>, f64) {
    let mut p: Vec<f64> = neuron.params().iter().map(|f| anywhere(random, f)).collect();
    while neuron.check(&p).is_err() {
        p = neuron.params().iter().map(|f| anywhere(random, f)).collect();
    }
    let x: Vec<f64> = neuron.states().iter().map(|f| anywhere(random, f)).collect();
    let i = anywhere(random, &neuron.card().current);
    (p, x, i)
}

/// A cut keeps V at or below the level where a reset model with an exponential spikes.
fn below_the_cut(neuron: &dyn Dynamics, p: &[f64], x: &mut [f64]) {
    if neuron.card().explosive && neuron.spike(x, p) > 0.0 {
        x[0] -= neuron.spike(x, p);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn slopes_and_their_derivatives_are_finite_over_the_whole_box(seed: u64) {
        for neuron in model::all() {
            let (p, mut x, i) = point(*neuron, &mut Random(seed));
            below_the_cut(*neuron, &p, &mut x);
            let id = neuron.card().id;
            let dx = slope(*neuron, &x, &p, i);
            prop_assert!(dx.iter().all(|d| d.is_finite()), "{id} at {x:?} with {p:?}: {dx:?}");
            let j = jacobian(*neuron, &x, &p, i);
            prop_assert!(j.iter().all(|d| d.is_finite()), "{id} at {x:?} with {p:?}: {j:?}");
            prop_assert!(steady(*neuron, x[0], &p).iter().all(|x| x.is_finite()), "{id} at {x:?} with {p:?}");
            prop_assert!(neuron.spike(&x, &p).is_finite() && neuron.start(&p).is_finite());
        }
    }
}

#[test]
fn the_exponential_model_refuses_a_cut_that_would_overflow() {
    let neuron = common::find("adex");
    let refused = common::with(neuron, &[("Delta_T", 0.1)]);
    assert!(neuron.check(&refused).is_err_and(|sentence| sentence.contains("Delta_T") && sentence.contains("600")));
}

// --- Derivatives -------------------------------------------------------------------------------------

/// Derivative of `f` at zero by Richardson's extrapolation of central differences (Ridders 1982), with an
/// estimate of its error. The first step is 1; later ones shrink by 1.6.
fn ridders(f: impl Fn(f64) -> f64) -> (f64, f64) {
    const SHRINK: f64 = 1.6;
    let (mut best, mut error) = (0.0, f64::INFINITY);
    let mut above: Vec<f64> = Vec::new();
    let mut h = 1.0;
    for _ in 0..24 {
        let mut row = vec![(f(h) - f(-h)) / (2.0 * h)];
        let mut factor = SHRINK * SHRINK;
        for (k, old) in above.iter().enumerate() {
            row.push((row[k] * factor - old) / (factor - 1.0));
            factor *= SHRINK * SHRINK;
            let change = (row[k + 1] - row[k]).abs().max((row[k + 1] - old).abs());
            if change <= error {
                (best, error) = (row[k + 1], change);
            }
        }
        above = row;
        h /= SHRINK;
    }
    (best, error)
}

/// A point inside the stretches that sliders show, where equations bend on scales that differences resolve.
fn shown_point(neuron: &dyn Dynamics, random: &mut Random) -> Vec<f64> {
    neuron
        .states()
        .iter()
        .chain(neuron.params())
        .chain([&neuron.card().current])
        .map(|f| if f.choices.is_empty() { random.between(f.shown) } else { choice(random, f) })
        .collect()
}

/// Steps of the differences: a sixtieth of what is shown, in each quantity.
fn scales(neuron: &dyn Dynamics) -> Vec<f64> {
    neuron
        .states()
        .iter()
        .chain(neuron.params())
        .chain([&neuron.card().current])
        .map(|f| if f.choices.is_empty() { (f.shown.1 - f.shown.0) / 60.0 } else { 0.0 })
        .collect()
}

/// The slopes at `z` + s·`d`, where `z` is the state, the parameters and the current in a row.
fn along(neuron: &dyn Dynamics, z: &[f64], d: &[f64], s: f64) -> Vec<f64> {
    let at: Vec<f64> = z.iter().zip(d).map(|(z, d)| z + s * d).collect();
    let (n, m) = (neuron.dim(), neuron.params().len());
    slope(neuron, &at[..n], &at[n..n + m], at[n + m])
}

fn along_d3(neuron: &dyn Dynamics, z: &[f64], d: &[f64], s: f64) -> Vec<D3> {
    let at: Vec<D3> = z.iter().zip(d).map(|(z, d)| D3::new(z + s * d, *d, 0.0, 0.0)).collect();
    let (n, m) = (neuron.dim(), neuron.params().len());
    let mut dx = vec![D3::from(0.0); n];
    neuron.rhs_d3(&at[..n], &at[n..n + m], at[n + m], &mut dx);
    dx
}

fn along_d1(neuron: &dyn Dynamics, z: &[f64], d: &[f64]) -> Vec<D1> {
    let at: Vec<D1> = z.iter().zip(d).map(|(z, d)| D1::new(*z, *d)).collect();
    let (n, m) = (neuron.dim(), neuron.params().len());
    let mut dx = vec![D1::from(0.0); n];
    neuron.rhs_d1(&at[..n], &at[n..n + m], at[n + m], &mut dx);
    dx
}

fn agree(what: &str, exact: f64, (estimate, error): (f64, f64), size: f64) {
    let allowed = 20.0 * error + 1e-8 * (exact.abs() + size);
    assert!((exact - estimate).abs() <= allowed, "{what}: {exact} by duals, {estimate} ± {error} by differences");
}

#[test]
fn first_derivatives_by_states_parameters_and_current_match_differences() {
    let mut random = Random(11);
    for neuron in model::all() {
        let scales = scales(*neuron);
        for _ in 0..20 {
            let z = shown_point(*neuron, &mut random);
            let base = along(*neuron, &z, &scales, 0.0);
            for k in 0..z.len() {
                let direction: Vec<f64> = scales.iter().enumerate().map(|(j, s)| if j == k { 0.2 * s } else { 0.0 }).collect();
                for (row, exact) in along_d1(*neuron, &z, &direction).iter().enumerate() {
                    let found = ridders(|s| along(*neuron, &z, &direction, s)[row]);
                    agree(&format!("{} ∂f{row}/∂{k}", neuron.card().id), exact.eps, found, base[row].abs());
                    assert!((exact.re - base[row]).abs() <= 1e-12 * (1.0 + base[row].abs()));
                }
            }
        }
    }
}

#[test]
fn directional_derivatives_up_to_the_third_match_differences() {
    let mut random = Random(12);
    for neuron in model::all() {
        let scales = scales(*neuron);
        for _ in 0..40 {
            let z = shown_point(*neuron, &mut random);
            let direction: Vec<f64> = scales.iter().map(|s| 0.1 * s * random.between((-1.0, 1.0))).collect();
            let (first, exact) = (along_d1(*neuron, &z, &direction), along_d3(*neuron, &z, &direction, 0.0));
            for (row, exact) in exact.iter().enumerate() {
                let name = neuron.card().id;
                assert!((first[row].eps - exact.v1).abs() <= 1e-11 * (1.0 + exact.v1.abs() + exact.re.abs()), "{name}");
                agree(name, exact.v1, ridders(|s| along(*neuron, &z, &direction, s)[row]), exact.re.abs());
                agree(name, exact.v2, ridders(|s| along_d3(*neuron, &z, &direction, s)[row].v1), exact.v1.abs());
                agree(name, exact.v3, ridders(|s| along_d3(*neuron, &z, &direction, s)[row].v2), exact.v2.abs());
            }
        }
    }
}

// --- Steady values and resets ------------------------------------------------------------------------

#[test]
fn steady_values_leave_only_the_potential_moving() {
    let mut random = Random(13);
    for neuron in model::all() {
        for _ in 0..200 {
            let z = shown_point(*neuron, &mut random);
            let (v, p) = (z[0], &z[neuron.dim()..neuron.dim() + neuron.params().len()]);
            let x = steady(*neuron, v, p);
            assert_eq!(x[0], v);
            let dx = slope(*neuron, &x, p, z[z.len() - 1]);
            let j = jacobian(*neuron, &x, p, 0.0);
            // A hazard that is counted has no steady value.
            for (row, d) in dx.iter().enumerate().skip(1).filter(|(row, _)| neuron.chance() != Some(*row)) {
                let size: f64 = (0..x.len()).map(|k| (j[row * x.len() + k] * x[k]).abs()).sum::<f64>() + 1e-3;
                assert!(d.abs() <= 1e-12 * size, "{}: {d} at {x:?} with {p:?}", neuron.card().id);
            }
        }
    }
}

#[test]
fn resets_with_the_defaults_land_below_the_firing_level() {
    for neuron in model::all() {
        let p = neuron.defaults();
        let mut x = steady(*neuron, neuron.start(&p), &p);
        // A neuron that fires by chance does so when its hazard is spent, any other when V is high.
        x[neuron.chance().unwrap_or(0)] -= neuron.spike(&x, &p);
        assert!(neuron.spike(&x, &p).abs() < 1e-9, "{}: the spike function is in the unit of V", neuron.card().id);
        let before = x.clone();
        match neuron.reset(&mut x, &p) {
            Some(hold) => assert!(hold.0 >= 0.0 && neuron.spike(&x, &p) < 0.0, "{}", neuron.card().id),
            None => assert_eq!(x, before, "{}", neuron.card().id),
        }
    }
}
