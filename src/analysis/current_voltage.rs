//! The current–voltage relation: which current holds a neuron at a potential.
//!
//! V̇ is linear in the injected current, V̇ = (I − `I_ion`)/c, so that two values of it at one state tell `I_ion`. With every other state at its
//! steady value that is the steady-state relation I∞(V): it crosses the present input at the equilibria, and where it falls they are
//! unstable if V is the only variable. With the other states as they are it is the instantaneous relation (Izhikevich 2007,
//! doi 10.7551/mitpress/2526.001.0001, sec. 2.3 and 3.2).

use super::currents::Membrane;
use super::equilibria::has_curve;
use crate::model::Dynamics;

/// Points (V, I) in the units of the model's tables; outward current is positive.
pub type Curve = Vec<[f64; 2]>;

/// The current–voltage relations of a neuron in a state.
#[derive(Clone, Debug, PartialEq)]
pub struct CurrentVoltage {
    /// I∞(V): every state but V at its steady value.
    pub steady: Curve,
    /// With the other states as they are; `None` where V is the only variable, and this the same.
    pub instantaneous: Option<Curve>,
    /// What flows through each channel at steady state: the index of its maximal conductance among the parameters, and the course.
    pub channels: Vec<(usize, Curve)>,
    /// The current that would hold V where it is now.
    pub now: f64,
}

/// Evaluates the equations of V without allocating again.
struct Holding<'a> {
    neuron: &'a dyn Dynamics,
    params: &'a [f64],
    slope: Vec<f64>,
}

impl Holding<'_> {
    fn rate(&mut self, x: &[f64], current: f64) -> f64 {
        self.neuron.rhs(x, self.params, current, &mut self.slope);
        self.slope.first().copied().unwrap_or(0.0)
    }

    /// The current at which V rests in state `x`; `None` if V does not depend linearly on the currents that the table shows.
    fn at(&mut self, x: &[f64]) -> Option<f64> {
        let (low, high) = self.neuron.card().current.shown;
        // Asked at an uneven place too: a curve that is odd round zero has its ends and its middle on a line.
        let uneven = 0.4 * high;
        let (below, zero, between, above) = (self.rate(x, low), self.rate(x, 0.0), self.rate(x, uneven), self.rate(x, high));
        let by_current = (above - below) / (high - low);
        let allowed = 1e-9 * (below.abs() + zero.abs() + above.abs());
        let is_linear = [(low, below), (uneven, between)].into_iter().all(|(i, rate)| (zero + by_current * i - rate).abs() <= allowed);
        (is_linear && by_current > 0.0).then(|| -zero / by_current)
    }
}

/// The relations over a range of V in `steps` intervals, for a neuron in state `x`; `None` if no current enters the equation of V linearly
/// or the other states have no steady values. A hazard that counts towards a spike is no potential.
#[must_use]
pub fn current_voltage(neuron: &dyn Dynamics, params: &[f64], x: &[f64], range: (f64, f64), steps: u32) -> Option<CurrentVoltage> {
    let mut holding = Holding { neuron, params, slope: vec![0.0; neuron.dim()] };
    let now = holding.at(x).filter(|_| neuron.chance() != Some(0) && has_curve(neuron, params, 0.0))?;
    let at = |k: u32| range.0 + (range.1 - range.0) * f64::from(k) / f64::from(steps.max(1));
    let mut membrane = Membrane::new(neuron, params);
    let places: Vec<usize> = membrane.as_ref().map_or(Vec::new(), |m| m.channels().iter().map(|c| c.conductance).collect());
    let mut channels: Vec<(usize, Curve)> = places.into_iter().map(|place| (place, Curve::new())).collect();
    let (mut steady, mut instantaneous) = (Curve::new(), Curve::new());
    let (mut resting, mut present) = (x.to_vec(), x.to_vec());
    for v in (0..=steps).map(at) {
        neuron.steady(v, params, &mut resting);
        present[0] = v;
        steady.push([v, holding.at(&resting)?]);
        instantaneous.push([v, holding.at(&present)?]);
        for (place, (_, curve)) in channels.iter_mut().enumerate() {
            curve.extend(membrane.as_mut().map(|m| [v, m.flow(place, &resting).current]));
        }
    }
    let instantaneous = (neuron.dim() > 1).then_some(instantaneous);
    Some(CurrentVoltage { steady, instantaneous, channels, now })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::equilibria;
    use crate::model;

    #[test]
    fn persistent_sodium_has_the_relation_of_its_equation_and_it_falls_where_rest_is_unstable() {
        let neuron = model::find("persistent_sodium").expect("a model");
        let p = neuron.defaults();
        let found = current_voltage(neuron, &p, &[-60.0], (-80.0, 60.0), 1400).expect("a relation");
        for [v, i] in &found.steady {
            let m = 1.0 / (1.0 + f64::exp((1.5 - v) / 16.0));
            assert!((i - (19.0 * (v + 67.0) + 74.0 * m * (v - 60.0))).abs() < 1e-9, "{v} {i}");
        }
        assert!(found.instantaneous.is_none() && found.channels.len() == 2);
        let points = equilibria(neuron, &p, 0.0).points;
        assert_eq!(points.len(), 3);
        for point in points {
            let v = point.state[0];
            let place = found.steady.iter().position(|q| q[0] > v).expect("inside");
            let (before, after) = (found.steady[place - 1][1], found.steady[place][1]);
            assert!(before * after <= 0.0, "I∞ is zero at the equilibrium {v}");
            assert_eq!(after > before, point.kind.is_stable(), "it rises where rest is stable: {v}");
        }
    }

    #[test]
    fn the_steady_currents_of_the_squid_axon_add_up_and_the_instantaneous_relation_is_a_line_through_its_conductances() {
        let neuron = model::find("hodgkin_huxley").expect("a model");
        let p = neuron.defaults();
        let (m, h, n) = (0.6, 0.3, 0.5_f64);
        let found = current_voltage(neuron, &p, &[-20.0, m, h, n], (-90.0, 40.0), 130).expect("a relation");
        for (k, [v, i]) in found.steady.iter().enumerate() {
            let sum: f64 = found.channels.iter().map(|(_, curve)| curve[k][1]).sum();
            assert!((sum - i).abs() < 1e-9 * (1.0 + i.abs()), "at {v} mV: {sum} {i}");
        }
        let open = [120.0 * f64::powi(m, 3) * h, 36.0 * n.powi(4), 0.3];
        let through = |v: f64| open[0] * (v - 50.0) + open[1] * (v + 77.0) + open[2] * (v + 54.387);
        for [v, i] in found.instantaneous.expect("gates of its own") {
            assert!((i - through(v)).abs() < 1e-9 * (1.0 + i.abs()), "at {v} mV: {i}");
        }
        assert!((found.now - through(-20.0)).abs() < 1e-9);
    }

    #[test]
    fn every_equilibrium_of_every_model_lies_where_the_relation_meets_the_input() {
        for neuron in model::all() {
            let p = neuron.defaults();
            let i = neuron.card().current.default;
            let x = vec![neuron.start(&p); neuron.dim()];
            for point in equilibria(*neuron, &p, i).points {
                let v = point.state[0];
                let Some(found) = current_voltage(*neuron, &p, &x, (v, v + 1.0), 1) else { continue };
                let size = 1.0 + i.abs() + found.steady[1][1].abs();
                assert!((found.steady[0][1] - i).abs() < 1e-6 * size, "{}: {} at {v}", neuron.card().id, found.steady[0][1]);
            }
        }
    }

    #[test]
    fn models_whose_potential_no_current_enters_have_no_relation() {
        for id in ["poisson", "markov", "rate_unit"] {
            let neuron = model::find(id).expect("a model");
            let p = neuron.defaults();
            let x = vec![neuron.start(&p); neuron.dim()];
            assert_eq!(current_voltage(neuron, &p, &x, (0.0, 1.0), 2), None, "{id}");
        }
    }
}
