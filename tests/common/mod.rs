//! What several test files need: parameters by name, runs, reports of experiments, and a sink for spike times.
#![allow(dead_code)]

use neuron_playground::experiment::{Chosen, Report, protocols};
use neuron_playground::model::{self, Dynamics, Field};
use neuron_playground::preset::Setup;
use neuron_playground::sim::{Method, Simulation, Sink};
use neuron_playground::stimulus::{Input, Item};

/// The model with this id.
pub fn find(id: &str) -> &'static dyn Dynamics {
    model::find(id).unwrap_or_else(|| panic!("no model {id}"))
}

/// The model's defaults with some values replaced.
pub fn with(neuron: &dyn Dynamics, changes: &[(&str, f64)]) -> Vec<f64> {
    let mut p = neuron.defaults();
    for (id, value) in changes {
        let index = Field::position(neuron.params(), id).unwrap_or_else(|| panic!("no parameter {id}"));
        p[index] = *value;
    }
    p
}

/// The state at potential `v` with every other variable at rest.
pub fn steady(neuron: &dyn Dynamics, v: f64, p: &[f64]) -> Vec<f64> {
    let mut x = vec![0.0; neuron.dim()];
    neuron.steady(v, p, &mut x);
    x
}

/// A run to be: model, parameters, current, stimulus, start.
pub struct Case {
    pub neuron: &'static dyn Dynamics,
    pub p: Vec<f64>,
    pub current: f64,
    pub items: Vec<Item>,
    pub x: Vec<f64>,
}

impl Case {
    /// A model at rest at its usual start, with constant current.
    pub fn new(id: &str, changes: &[(&str, f64)], current: f64) -> Self {
        let neuron = find(id);
        let p = with(neuron, changes);
        let x = steady(neuron, neuron.start(&p), &p);
        Self { neuron, p, current, items: Vec::new(), x }
    }

    pub fn stimulus(mut self, items: Vec<Item>) -> Self {
        self.items = items;
        self
    }

    pub fn start(mut self, x: &[f64]) -> Self {
        self.x = x.to_vec();
        self
    }

    pub fn simulation(&self, dt: f64) -> Simulation {
        let input = Input::new(&self.items, 1, dt, self.neuron.card().per_second());
        Simulation::new(self.neuron, &self.p, self.current, input, Method::Rk4, dt, &self.x)
    }

    /// Runs to `end`: the spikes and the final state.
    pub fn run(&self, dt: f64, end: f64) -> Spikes {
        let mut simulation = self.simulation(dt);
        let mut spikes = Spikes::default();
        simulation.run_until(end, Some(&mut spikes));
        assert_eq!(simulation.stopped(), None, "{} stopped", self.neuron.card().id);
        spikes.last = simulation.state().to_vec();
        spikes
    }
}

/// A constant current between two times.
pub fn step(from: f64, to: Option<f64>, amplitude: f64) -> Item {
    Item::Step { from, to, amplitude }
}

/// Spikes alone, with the state right before and right after each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spikes {
    pub times: Vec<f64>,
    pub before: Vec<Vec<f64>>,
    pub after: Vec<Vec<f64>>,
    pub last: Vec<f64>,
}

impl Sink for Spikes {
    fn wants_points(&self) -> bool {
        false
    }
    fn point(&mut self, _t: f64, _x: &[f64], _current: f64) {}
    fn spike(&mut self, t: f64, before: &[f64], after: &[f64]) {
        self.times.push(t);
        self.before.push(before.to_vec());
        self.after.push(after.to_vec());
    }
}

/// A small reproducible generator for random points (`SplitMix64`).
pub struct Random(pub u64);

impl Random {
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in [0, 1).
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn between(&mut self, (low, high): (f64, f64)) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A whole number below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.bits() % n
    }
}

/// Period, lowest and highest first state of the oscillation that a smooth model settles on at a constant current, by a
/// long run with fine steps.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "counts of steps")]
pub fn oscillation(id: &str, changes: &[(&str, f64)], current: f64) -> (f64, f64, f64) {
    let case = Case::new(id, changes, current);
    let dt = case.neuron.card().dt / 4.0;
    let mut run = case.simulation(dt);
    run.run((1000.0 / dt) as u64, None);
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    let mut ups = Vec::new();
    let mut before = run.state()[0];
    let mut level = None;
    for step in 0..(600.0 / dt) as u64 {
        run.run(1, None);
        let v = run.state()[0];
        low = low.min(v);
        high = high.max(v);
        if step as f64 * dt > 300.0 {
            let middle = *level.get_or_insert(0.5 * (low + high));
            if before < middle && v >= middle {
                ups.push((step as f64 + (middle - before) / (v - before)) * dt);
            }
        }
        before = v;
    }
    let last = ups.len() - 1;
    ((ups[last] - ups[0]) / last as f64, low, high)
}

/// The report of an experiment on a setup, with the settings of the setup if it is about the same experiment, and these changed.
pub fn report(id: &str, setup: &Setup, settings: &[(&str, f64)]) -> Report {
    let experiment = protocols::find(id).expect("an experiment");
    let kept = setup.experiment.clone().filter(|c| c.experiment == experiment);
    let mut chosen = kept.unwrap_or_else(|| Chosen::new(experiment, setup.neuron).expect("it suits"));
    for (id, value) in settings {
        chosen.set(id, *value).expect("an allowed setting");
    }
    let (report, is_stopped) = chosen.run(&setup.subject(), 2, &|_| true);
    assert!(!is_stopped);
    report
}

/// A model with its defaults.
pub fn setup(id: &str) -> Setup {
    Setup::of_model(find(id))
}
