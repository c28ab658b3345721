//! The currents through a membrane one by one, and the kinetics of its gates, read off the equations themselves.
//!
//! C V̇ = I − Σ `g_x`·(…)·(V − `E_x`) is linear in every conductance `g_x`, so that the current through it is the change of C V̇ when `g_x`
//! is set to zero. A gate's equation is linear in the gate, ẋ = α(1 − x) − βx, so that its values at x = 0 and x = 1 give both rates.
//! Neither needs to know which model it is (Hodgkin and Huxley 1952, doi 10.1113/jphysiol.1952.sp004764).

use crate::model::{Dynamics, Field};

/// One conductance with its battery.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Channel {
    /// Index of the maximal conductance `g_x` among the parameters.
    pub conductance: usize,
    /// Index of the reversal potential `E_x` among the parameters.
    pub reversal: usize,
}

/// What flows through a channel at a state, in the units of the model's tables; outward is positive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flow {
    /// Current.
    pub current: f64,
    /// Conductance that is open.
    pub open: f64,
}

/// The channels of a model: pairs of parameters `g_x` and `E_x`. Empty for models without a capacitance C or without conductances.
#[must_use]
pub fn channels(neuron: &dyn Dynamics) -> Vec<Channel> {
    let params = neuron.params();
    if Field::position(params, "C").is_none() {
        return Vec::new();
    }
    let pair = |(conductance, field): (usize, &Field)| {
        let name = field.id.strip_prefix("g_")?;
        let reversal = params.iter().position(|p| p.id.strip_prefix("E_") == Some(name))?;
        Some(Channel { conductance, reversal })
    };
    params.iter().enumerate().filter_map(pair).collect()
}

/// A membrane at fixed parameters: answers for any state, without allocating again.
pub struct Membrane<'a> {
    neuron: &'a dyn Dynamics,
    params: Vec<f64>,
    /// The parameters with every conductance at zero.
    silent: Vec<f64>,
    capacitance: f64,
    channels: Vec<Channel>,
    slope: Vec<f64>,
    state: Vec<f64>,
}

impl<'a> Membrane<'a> {
    /// The membrane of a model; `None` if its equations have no channels.
    #[must_use]
    pub fn new(neuron: &'a dyn Dynamics, params: &[f64]) -> Option<Self> {
        let channels = channels(neuron);
        let capacitance = Field::position(neuron.params(), "C").and_then(|k| params.get(k)).copied()?;
        if channels.is_empty() {
            return None;
        }
        let (params, mut silent) = (params.to_vec(), params.to_vec());
        for channel in &channels {
            silent[channel.conductance] = 0.0;
        }
        let dim = neuron.dim();
        Some(Self { neuron, params, silent, capacitance, channels, slope: vec![0.0; dim], state: vec![0.0; dim] })
    }

    /// Takes other parameters of the same model.
    pub fn retune(&mut self, params: &[f64]) {
        if self.params == params || self.params.len() != params.len() {
            return;
        }
        self.params.copy_from_slice(params);
        self.silent.copy_from_slice(params);
        for channel in &self.channels {
            self.silent[channel.conductance] = 0.0;
        }
        if let Some(c) = Field::position(self.neuron.params(), "C").and_then(|k| params.get(k)) {
            self.capacitance = *c;
        }
    }

    /// The channels, in the order of [`Membrane::flow`].
    #[must_use]
    pub fn channels(&self) -> &[Channel] {
        &self.channels
    }

    /// The capacitance.
    #[must_use]
    pub fn capacitance(&self) -> f64 {
        self.capacitance
    }

    /// C V̇ in state `x` under current `current`: what charges the membrane.
    pub fn charging(&mut self, x: &[f64], current: f64) -> f64 {
        self.neuron.rhs(x, &self.params, current, &mut self.slope);
        self.capacitance * self.slope.first().copied().unwrap_or(0.0)
    }

    /// What flows through the channel with this place in state `x`.
    pub fn flow(&mut self, place: usize, x: &[f64]) -> Flow {
        let Some(Channel { conductance, reversal }) = self.channels.get(place).copied() else { return Flow { current: 0.0, open: 0.0 } };
        let force = x.first().copied().unwrap_or(0.0) - self.params[reversal];
        let current = self.through(conductance, x);
        if force.abs() > 1e-9 {
            return Flow { current, open: current / force };
        }
        // At the reversal potential itself nothing flows: the same gates a mV beside it tell what is open.
        let mut beside = std::mem::take(&mut self.state);
        beside.copy_from_slice(x);
        beside[0] += 1.0;
        let open = self.through(conductance, &beside) / (force + 1.0);
        self.state = beside;
        Flow { current, open }
    }

    /// The current through one conductance, with all others at zero: differences of large currents would cost digits.
    fn through(&mut self, conductance: usize, x: &[f64]) -> f64 {
        let mut slope = |params: &[f64]| {
            self.neuron.rhs(x, params, 0.0, &mut self.slope);
            self.slope.first().copied().unwrap_or(0.0)
        };
        let without = slope(&self.silent);
        self.silent[conductance] = self.params[conductance];
        let with = slope(&self.silent);
        self.silent[conductance] = 0.0;
        self.capacitance * (without - with)
    }

    /// The rates in 1/ms at which the gate with this index among the states opens and closes at potential `v`, α and β; `None` if that
    /// state is no gate: not between 0 and 1, or not linear in itself.
    pub fn rates(&mut self, gate: usize, v: f64) -> Option<(f64, f64)> {
        let field = self.neuron.states().get(gate).filter(|_| gate > 0)?;
        if field.min != 0.0 || field.max != 1.0 {
            return None;
        }
        self.state.fill(0.0);
        self.state[0] = v;
        let mut rate = |x: f64| {
            self.state[gate] = x;
            self.neuron.rhs(&self.state, &self.params, 0.0, &mut self.slope);
            self.slope[gate]
        };
        let (closed, half, open) = (rate(0.0), rate(0.5), rate(1.0));
        let is_linear = (half - 0.5 * (closed + open)).abs() <= 1e-9 * (closed.abs() + open.abs());
        (is_linear && closed - open > 0.0).then_some((closed, -open))
    }

    /// Steady value and time constant in ms of a gate, with [`Membrane::rates`]: x∞ = α/(α + β) and τ = 1/(α + β).
    pub fn kinetics(&mut self, gate: usize, v: f64) -> Option<(f64, f64)> {
        let (alpha, beta) = self.rates(gate, v)?;
        Some((alpha / (alpha + beta), 1.0 / (alpha + beta)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model;

    #[test]
    fn the_currents_of_the_squid_axon_are_those_of_its_equations_and_sum_to_zero_with_the_charging_one() {
        let neuron = model::find("hodgkin_huxley").expect("a model");
        let params = neuron.defaults();
        let mut membrane = Membrane::new(neuron, &params).expect("channels");
        let (v, m, h, n) = (-20.0, 0.6, 0.3, 0.5_f64);
        let x = [v, m, h, n];
        let exact = [120.0 * f64::powi(m, 3) * h * (v - 50.0), 36.0 * n.powi(4) * (v + 77.0), 0.3 * (v + 54.387)];
        let mut sum = membrane.charging(&x, 7.0) - 7.0;
        for (place, exact) in exact.into_iter().enumerate() {
            let flow = membrane.flow(place, &x);
            assert!((flow.current / exact - 1.0).abs() < 1e-12, "{flow:?} {exact}");
            sum += flow.current;
        }
        assert!(sum.abs() < 1e-10, "{sum}");
        // At the reversal potential itself the conductance is still there.
        let open = membrane.flow(0, &[50.0, m, h, n]).open;
        assert!((open / (120.0 * f64::powi(m, 3) * h) - 1.0).abs() < 1e-9, "{open}");
    }

    #[test]
    fn the_gates_of_the_squid_axon_have_the_published_rates() {
        let neuron = model::find("hodgkin_huxley").expect("a model");
        let params = neuron.defaults();
        let mut membrane = Membrane::new(neuron, &params).expect("channels");
        // In 1/ms at 6.3 °C, with rest at -65 mV.
        let published: [fn(f64) -> (f64, f64); 3] = [
            |v| (0.1 * (v + 40.0) / (1.0 - f64::exp(-(v + 40.0) / 10.0)), 4.0 * f64::exp(-(v + 65.0) / 18.0)),
            |v| (0.07 * f64::exp(-(v + 65.0) / 20.0), 1.0 / (1.0 + f64::exp(-(v + 35.0) / 10.0))),
            |v| (0.01 * (v + 55.0) / (1.0 - f64::exp(-(v + 55.0) / 10.0)), 0.125 * f64::exp(-(v + 65.0) / 80.0)),
        ];
        for v in [-80.0, -65.0, -30.0, 20.0] {
            for (gate, published) in (1..).zip(published) {
                let ((alpha, beta), (a, b)) = (membrane.rates(gate, v).expect("a gate"), published(v));
                assert!((alpha / a - 1.0).abs() < 1e-9 && (beta / b - 1.0).abs() < 1e-9, "gate {gate} at {v}: {alpha} {a}, {beta} {b}");
                let (steady, tau) = membrane.kinetics(gate, v).expect("a gate");
                assert!((tau * (a + b) - 1.0).abs() < 1e-12 && (steady - a * tau).abs() < 1e-12);
            }
        }
        assert!(membrane.kinetics(0, -30.0).is_none());
    }

    #[test]
    fn models_without_conductances_have_no_membrane() {
        for id in ["izhikevich", "lif", "fitzhugh_nagumo"] {
            let neuron = model::find(id).expect("a model");
            assert!(Membrane::new(neuron, &neuron.defaults()).is_none(), "{id}");
        }
    }
}
