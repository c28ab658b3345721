//! One run of a subject under a stimulus of an experiment's own, and what it answered.

use super::Preparation;
use super::protocol::Subject;
use crate::sim::{Simulation, Sink};
use crate::stimulus::{Input, Item};

/// What a run answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Response {
    /// Spike times in ms.
    pub spikes: Vec<f64>,
    /// Time and potential of recorded points, if they were asked for.
    pub trace: Vec<[f64; 2]>,
    /// Highest potential.
    pub highest: f64,
    /// Lowest potential.
    pub lowest: f64,
    /// The state at the end.
    pub state: Vec<f64>,
}

/// What to keep of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Spike times only: the fastest.
    Spikes,
    /// And the extremes of the potential.
    Extremes,
    /// And every so many points of it.
    Every(usize),
}

/// A run that is not decided goes on for so many times its length at most.
const PATIENCE: u32 = 30;

struct Collector {
    keep: Keep,
    seen: usize,
    response: Response,
}

impl Sink for Collector {
    fn wants_points(&self) -> bool {
        self.keep != Keep::Spikes
    }

    fn wants_current(&self) -> bool {
        false
    }

    fn point(&mut self, t: f64, x: &[f64], _current: f64) {
        let v = x.first().copied().unwrap_or(0.0);
        self.response.highest = self.response.highest.max(v);
        self.response.lowest = self.response.lowest.min(v);
        if let Keep::Every(stride) = self.keep {
            if self.seen.is_multiple_of(stride.max(1)) {
                self.response.trace.push([t, v]);
            }
            self.seen += 1;
        }
    }

    fn spike(&mut self, t: f64, before: &[f64], after: &[f64]) {
        if t <= 0.0 {
            return;
        }
        self.response.spikes.push(t);
        for x in [before, after] {
            let v = x.first().copied().unwrap_or(0.0);
            self.response.highest = self.response.highest.max(v);
            self.response.lowest = self.response.lowest.min(v);
            if matches!(self.keep, Keep::Every(_)) {
                self.response.trace.push([t, v]);
            }
        }
    }
}

/// What is applied to a neuron, and for how long.
#[derive(Clone, Debug)]
pub struct Trial<'a> {
    /// Constant current.
    pub current: f64,
    /// What is added to it.
    pub stimulus: &'a [Item],
    /// Seed of the random numbers.
    pub seed: u64,
    /// Length in ms.
    pub duration: f64,
}

impl Preparation {
    /// Runs from state `x` under a trial's input.
    #[must_use]
    pub fn respond(&self, x: &[f64], trial: &Trial, keep: Keep) -> Response {
        self.respond_until(x, trial, keep, &|_, _| true)
    }

    /// Runs as [`respond`](Self::respond) does, and goes on by as long again while it has not fired and `decided`, asked for the states at
    /// both ends of the last stretch, says no; but no longer than `PATIENCE` times.
    #[must_use]
    pub fn respond_until(&self, x: &[f64], trial: &Trial, keep: Keep, decided: &dyn Fn(&[f64], &[f64]) -> bool) -> Response {
        let input = Input::new(trial.stimulus, trial.seed, self.dt, self.neuron.card().per_second());
        let mut simulation = Simulation::new(self.neuron, &self.params, trial.current, input, self.method, self.dt, x);
        let v = x.first().copied().unwrap_or(0.0);
        let response = Response { highest: v, lowest: v, ..Response::default() };
        let mut collector = Collector { keep, seen: 1, response };
        if matches!(keep, Keep::Every(_)) {
            collector.response.trace.push([0.0, v]);
        }
        simulation.run_until(trial.duration, Some(&mut collector));
        let mut before = x.to_vec();
        for k in 2..=PATIENCE {
            let is_over = !collector.response.spikes.is_empty() || simulation.stopped().is_some();
            if is_over || decided(&before, simulation.state()) {
                break;
            }
            before = simulation.state().to_vec();
            simulation.run_until(f64::from(k) * trial.duration, Some(&mut collector));
        }
        collector.response.state = simulation.state().to_vec();
        collector.response
    }
}

impl Subject {
    /// The stable rest that is nearest to the start at the holding current plus `extra`, or the start state if there is none.
    #[must_use]
    pub fn rest(&self, extra: f64) -> Vec<f64> {
        let prep = &self.prep;
        let points = crate::analysis::equilibria(prep.neuron, &prep.params, self.current + extra).points;
        let first = |x: &[f64]| x.first().copied().unwrap_or(0.0);
        let from = first(&prep.start);
        let stable = points.iter().filter(|p| p.kind.is_stable() && !p.is_virtual);
        let nearest = stable.min_by(|a, b| (first(&a.state) - from).abs().total_cmp(&(first(&b.state) - from).abs()));
        nearest.map_or_else(|| prep.start.clone(), |p| p.state.clone())
    }

    /// Runs from state `x` with the holding current and `stimulus`.
    #[must_use]
    pub fn respond(&self, x: &[f64], stimulus: &[Item], duration: f64, keep: Keep) -> Response {
        self.prep.respond(x, &Trial { current: self.current, stimulus, seed: self.seed, duration }, keep)
    }
}

/// A rectangular pulse of current.
#[must_use]
pub fn pulse(from: f64, width: f64, amplitude: f64) -> Item {
    Item::Step { from, to: Some(from + width), amplitude }
}
