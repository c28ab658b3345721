//! The rate of a one-variable reset model in closed form.
//!
//! From reset to threshold V′ = f(V) > 0, so that one period takes `T = t_ref + ∫ dV/f(V)`: for the leaky
//! integrate-and-fire neuron the familiar logarithm, for the perfect integrator `C(V_th − V_reset)/I`. Where an
//! equilibrium lies on the way the neuron never arrives. The integral is taken by Gauss–Kronrod quadrature (7 and 15
//! nodes; Kronrod 1965, as in QUADPACK), halved where the two differ. Nothing here steps in time, so that it checks
//! the simulation. Cost: some hundred evaluations of f, more beside an equilibrium. It does not exist for
//! models of more variables, whose way back depends on where they come from.

use super::equilibria::equilibria;
use crate::model::{Dynamics, Hold};

/// Spikes per ms of sustained firing at constant current `i`, 0 if it rests; `None` where there is no closed form: more
/// than one variable, no reset, or a reset above the threshold.
#[must_use]
pub fn passage_rate(neuron: &dyn Dynamics, p: &[f64], i: f64) -> Option<f64> {
    if neuron.dim() != 1 || !neuron.resets() {
        return None;
    }
    // The spike function is in the unit of V and rises with it.
    let threshold = -neuron.spike(&[0.0], p);
    let mut x = [threshold];
    let Hold(hold) = neuron.reset(&mut x, p)?;
    let reset = x[0];
    if !(reset < threshold && neuron.spike(&[threshold], p).abs() <= 1e-9 * threshold.abs().max(1.0)) {
        return None;
    }
    let slope = |v: f64| {
        let mut dx = [0.0];
        neuron.rhs(&[v], p, i, &mut dx);
        dx[0]
    };
    let found = equilibria(neuron, p, i);
    let blocked = found.degenerate || found.points.iter().any(|e| e.state.iter().all(|v| (reset..=threshold).contains(v)));
    if blocked || slope(reset) <= 0.0 {
        return Some(0.0);
    }
    let travel = integral(&|v| 1.0 / slope(v), (reset, threshold));
    Some(1.0 / (hold + travel)).filter(|rate| rate.is_finite())
}

/// Halvings at most: beside an equilibrium rounding keeps the two from ever agreeing.
const MOST_PIECES: u32 = 2_000;
/// Relative difference of the two quadratures that is let pass.
const TOLERANCE: f64 = 1e-13;

/// Nodes in (0, 1] with their weights in Kronrod's and in Gauss's formula; the node at 0 comes last.
const NODES: [(f64, f64, f64); 8] = [
    (0.991_455_371_120_812_6, 0.022_935_322_010_529_224, 0.0),
    (0.949_107_912_342_758_5, 0.063_092_092_629_978_55, 0.129_484_966_168_869_7),
    (0.864_864_423_359_769_1, 0.104_790_010_322_250_18, 0.0),
    (0.741_531_185_599_394_4, 0.140_653_259_715_525_92, 0.279_705_391_489_276_64),
    (0.586_087_235_467_691_1, 0.169_004_726_639_267_9, 0.0),
    (0.405_845_151_377_397_2, 0.190_350_578_064_785_4, 0.381_830_050_505_118_9),
    (0.207_784_955_007_898_47, 0.204_432_940_075_298_9, 0.0),
    (0.0, 0.209_482_141_084_727_82, 0.417_959_183_673_469_4),
];

fn integral(f: &dyn Fn(f64) -> f64, whole: (f64, f64)) -> f64 {
    let (mut sum, mut left) = (0.0, MOST_PIECES);
    let mut open = vec![whole];
    while let Some((a, b)) = open.pop() {
        let (centre, half) = (0.5 * (a + b), 0.5 * (b - a));
        let (mut kronrod, mut gauss) = (0.0, 0.0);
        for (node, fine, coarse) in NODES {
            let both = if node == 0.0 { f(centre) } else { f(centre - half * node) + f(centre + half * node) };
            kronrod += fine * both;
            gauss += coarse * both;
        }
        if left == 0 || (kronrod - gauss).abs() <= TOLERANCE * kronrod.abs() {
            sum += half * kronrod;
        } else {
            left -= 1;
            open.extend([(a, centre), (centre, b)]);
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model;

    #[test]
    fn the_integral_is_exact_for_a_pole_close_by() {
        let found = integral(&|x| 1.0 / (1.0 + 1e-9 - x), (0.0, 1.0));
        let exact = (1.0 + 1e-9_f64).ln() - (1e-9_f64).ln();
        assert!((found / exact - 1.0).abs() < 1e-8, "{found} {exact}");
    }

    #[test]
    fn a_leaky_neuron_has_its_logarithm_and_a_perfect_one_its_line() {
        let lif = model::find("lif").expect("a model");
        let p = lif.defaults(); // tau 8, R 10, E_L −70, threshold −50, reset −65, t_ref 2
        for i in [2.000_1, 2.5, 4.0, 50.0] {
            let drive = -70.0 + 10.0 * i;
            let period = 2.0 + 8.0 * ((drive + 65.0_f64) / (drive + 50.0)).ln();
            let found = passage_rate(lif, &p, i).expect("a rate");
            assert!((found * period - 1.0).abs() < 1e-10, "{i}: {found}");
        }
        assert_eq!(passage_rate(lif, &p, 2.0), Some(0.0));
        assert_eq!(passage_rate(lif, &p, -1.0), Some(0.0));
        let perfect = model::find("integrate_and_fire").expect("a model");
        let found = passage_rate(perfect, &perfect.defaults(), 0.25).expect("a rate");
        assert!((found - 0.25).abs() < 1e-14);
        assert_eq!(passage_rate(perfect, &perfect.defaults(), 0.0), Some(0.0));
        assert_eq!(passage_rate(model::find("adex").expect("a model"), &[], 0.0), None);
    }
}
