//! The slope of the period over the current, twice: from the collocated cycles of the diagram, and from the adjoint of the linearised
//! flow along a simulated one. dT/dI = −∮ Z·∂f/∂I dt, Z being the solution of Ż = −`AᵀZ` with Z·f = 1 (Ermentrout and Terman
//! 2010, Mathematical Foundations of Neuroscience, sec. 8.2, doi 10.1007/978-0-387-87708-2).

use neuron_playground::analysis::diagram::{Care, diagram};
use neuron_playground::analysis::{Family, Over};
use neuron_playground::model::{self, Dynamics, Field};

/// Steps of a period of the simulated cycle.
const STEPS: usize = 20_000;

fn prepared(id: &str, set: &[(&str, f64)]) -> (&'static dyn Dynamics, Vec<f64>) {
    let neuron = model::find(id).expect("a model");
    let mut p = neuron.defaults();
    for (id, value) in set {
        p[Field::position(neuron.params(), id).expect("a parameter")] = *value;
    }
    (neuron, p)
}

/// Period of the stable collocated cycle at exactly this current: the one at the border of a range that ends there.
fn period(neuron: &'static dyn Dynamics, p: &[f64], current: f64, from: f64) -> f64 {
    let family = Family::new(neuron, p, 0.0, Over::Current);
    let found = diagram(&family, (from, current), Care::Settled, &mut |_| true);
    let at_border = found.cycles.iter().flat_map(|b| &b.orbits).filter(|o| (o.cycle.value - current).abs() < 1e-7);
    at_border.map(|o| o.cycle.period).next().expect("a cycle at the border")
}

fn rk4(neuron: &dyn Dynamics, p: &[f64], current: f64, x: &[f64], h: f64) -> Vec<f64> {
    let rate = |x: &[f64]| {
        let mut dx = vec![0.0; x.len()];
        neuron.rhs(x, p, current, &mut dx);
        dx
    };
    let plus = |k: &[f64], h: f64| x.iter().zip(k).map(|(x, k)| x + h * k).collect::<Vec<f64>>();
    let a = rate(x);
    let b = rate(&plus(&a, 0.5 * h));
    let c = rate(&plus(&b, 0.5 * h));
    let d = rate(&plus(&c, h));
    (0..x.len()).map(|i| x[i] + h / 6.0 * (a[i] + 2.0 * b[i] + 2.0 * c[i] + d[i])).collect()
}

/// −∮ Z·∂f/∂I dt along the simulated cycle of this period.
fn by_adjoint(neuron: &dyn Dynamics, p: &[f64], current: f64, start: &[f64], period: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "some thousand steps")]
    let h = period / STEPS as f64;
    let mut x = start.to_vec();
    for _ in 0..30 * STEPS {
        x = rk4(neuron, p, current, &x, h);
    }
    let mut orbit = vec![x.clone()];
    for _ in 0..STEPS {
        x = rk4(neuron, p, current, &x, h);
        orbit.push(x.clone());
    }
    let n = x.len();
    // The transposed Jacobian times Z at a stored state, which backward in time is the rate of Z.
    let rate = |k: usize, z: &[f64]| {
        let local = neuron.linearise(&orbit[k], p, current, None);
        (0..n).map(|j| (0..n).map(|i| local.by_state[i][j] * z[i]).sum::<f64>()).collect::<Vec<f64>>()
    };
    let plus = |z: &[f64], k: &[f64], h: f64| z.iter().zip(k).map(|(z, k)| z + h * k).collect::<Vec<f64>>();
    let mut z = vec![1.0; n];
    let mut integral = 0.0;
    // Backward, all but the response settles within some periods; the last one is summed by Simpson's rule.
    for turn in 0..12 {
        let force = |k: usize, z: &[f64]| {
            let local = neuron.linearise(&orbit[k], p, current, None);
            let along: f64 = (0..n).map(|i| local.rate[i] * z[i]).sum();
            (0..n).map(|i| local.by_value[i] * z[i]).sum::<f64>() / along
        };
        for k in (2..=STEPS).rev().step_by(2) {
            let a = rate(k, &z);
            let b = rate(k - 1, &plus(&z, &a, h));
            let c = rate(k - 1, &plus(&z, &b, h));
            let d = rate(k - 2, &plus(&z, &c, 2.0 * h));
            let next: Vec<f64> = (0..n).map(|i| z[i] + h / 3.0 * (a[i] + 2.0 * b[i] + 2.0 * c[i] + d[i])).collect();
            if turn == 11 {
                let middle: Vec<f64> = (0..n).map(|i| 0.5 * (z[i] + next[i]) + h / 4.0 * (a[i] - d[i])).collect();
                integral += h / 3.0 * (force(k, &z) + 4.0 * force(k - 1, &middle) + force(k - 2, &next));
            }
            z = next;
        }
    }
    -integral
}

fn agrees(id: &str, set: &[(&str, f64)], current: f64, from: f64, golden: Option<(f64, f64)>) {
    let (neuron, p) = prepared(id, set);
    let h = 1e-3 * current.abs();
    let at = |i: f64| period(neuron, &p, i, from);
    let (low, middle, high) = (at(current - h), at(current), at(current + h));
    let slope = (high - low) / (2.0 * h);
    let mut start = vec![0.0; neuron.dim()];
    neuron.steady(neuron.start(&p) + 15.0 * f64::from(u8::from(!neuron.card().dimensionless)), &p, &mut start);
    let adjoint = by_adjoint(neuron, &p, current, &start, middle);
    assert!((adjoint / slope - 1.0).abs() < 2e-4, "{id}: {adjoint} by the adjoint, {slope} from the periods");
    if let Some((period, expected)) = golden {
        assert!((middle - period).abs() < 1e-4 && (adjoint - expected).abs() < 1e-4, "{middle} {adjoint}");
    }
}

#[test]
fn the_slope_of_the_period_curve_is_the_integral_of_the_phase_response() {
    // Period and slope of FitzHugh's model at I = 0.8 by an independent prototype: 36.51803 and −2.67782.
    agrees("fitzhugh_nagumo_classic", &[], 0.8, 0.2, Some((36.518_03, -2.677_82)));
    agrees("persistent_sodium_potassium", &[], 10.0, 0.0, None);
    agrees("hodgkin_huxley", &[], 20.0, 5.0, None);
}
