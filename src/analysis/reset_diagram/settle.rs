//! What the neuron does at one value, having come from another.

use super::{Over, Regime};
use crate::analysis::equilibria::{FixedPoint, equilibria};
use crate::analysis::orbit::{End, Limits, Manner, Orbit, System};
use crate::analysis::spike_map::{Attractor, Node, Shooter, SpikeCycle};
use crate::model::Dynamics;

/// A model with one parameter to be varied.
pub(super) struct Setting<'a> {
    pub neuron: &'a dyn Dynamics,
    pub p: Vec<f64>,
    pub i: f64,
    pub over: Over,
}

impl Setting<'_> {
    /// Parameters and current at a value.
    pub fn at(&self, value: f64) -> (Vec<f64>, f64) {
        let mut p = self.p.clone();
        let mut i = self.i;
        self.over.set(&mut p, &mut i, value);
        (p, i)
    }

    /// The regime at the first value: rest if it is stable, or firing if there is any.
    pub fn begin(&self, value: f64, firing: bool) -> Regime {
        let (p, i) = self.at(value);
        if !firing && let Some(rest) = self.rests(&p, i).into_iter().next() {
            return Regime::Rest(rest.state);
        }
        if self.neuron.dim() == 1 {
            return self.line(&p, i, None);
        }
        let Some(shooter) = Shooter::new(self.neuron, &p, i) else { return Regime::Unknown };
        let seeds = [shooter.turning(), Some(shooter.steady_at_reset())];
        let starts = seeds.into_iter().flatten().flat_map(|w| [0.0, -0.2, 0.2, -0.6, 0.6].map(|part| w + part * shooter.system().scale()[1]));
        let mut found = Regime::Unknown;
        for w in starts {
            found = Regime::from_attractor(Attractor::from_reset(&shooter, w), || self.rest_near(&p, i, &[shooter.v_reset(), w]));
            if matches!(found, Regime::Firing(_) | Regime::Irregular(_)) {
                break;
            }
        }
        found
    }

    /// The regime at `value`, starting from what was done just beside it.
    pub fn follow(&self, value: f64, before: &Regime) -> Regime {
        let (p, i) = self.at(value);
        if self.neuron.dim() == 1 {
            return self.line(&p, i, if let Regime::Rest(state) = before { state.first().copied() } else { None });
        }
        let Some(shooter) = Shooter::new(self.neuron, &p, i) else { return Regime::Unknown };
        match before {
            Regime::Rest(state) => self.after_state(&shooter, state, (&p, i)),
            Regime::Firing(cycle) => {
                let w = cycle.points.first().map_or(0.0, |n| n.w);
                let same = SpikeCycle::near(&shooter, w, cycle.spikes()).filter(|c| c.is_stable() && c.spikes() == cycle.spikes());
                same.map_or_else(|| self.after_reset(&shooter, w, (&p, i)), Regime::Firing)
            }
            Regime::Irregular(w) => self.after_reset(&shooter, w.last().copied().unwrap_or(0.0), (&p, i)),
            Regime::Unknown => self.begin(value, false),
        }
    }

    /// The pattern of a cycle's number of spikes near it at another value, stable or not.
    pub fn same_cycle(&self, value: f64, cycle: &SpikeCycle) -> Option<SpikeCycle> {
        let (p, i) = self.at(value);
        if self.neuron.dim() == 1 {
            return if let Regime::Firing(cycle) = self.line(&p, i, None) { Some(cycle) } else { None };
        }
        let shooter = Shooter::new(self.neuron, &p, i)?.with_tolerance(1e-10);
        let w = cycle.points.first()?.w;
        SpikeCycle::near(&shooter, w, cycle.spikes()).filter(|c| c.spikes() == cycle.spikes())
    }

    /// Lowest and highest value of each state over a pattern at a value.
    pub fn extent(&self, value: f64, cycle: &SpikeCycle) -> (Vec<f64>, Vec<f64>) {
        let (p, i) = self.at(value);
        if let Some(shooter) = Shooter::new(self.neuron, &p, i) {
            let (low, high) = cycle.extent(&shooter);
            return (low.to_vec(), high.to_vec());
        }
        let mut reset = vec![0.0];
        let Some(system) = System::<1>::new(self.neuron, &p, i) else { return (vec![f64::NAN], vec![f64::NAN]) };
        self.neuron.reset(&mut reset, &p);
        (reset, vec![system.spike_section().level])
    }

    /// The stable equilibria below threshold.
    pub fn rests(&self, p: &[f64], i: f64) -> Vec<FixedPoint> {
        equilibria(self.neuron, p, i).points.into_iter().filter(|point| point.kind.is_stable() && !point.is_virtual).collect()
    }

    /// The stable equilibrium nearest in V; where there is none, the state itself.
    fn rest_near(&self, p: &[f64], i: f64, x: &[f64]) -> Vec<f64> {
        let off = |point: &FixedPoint| point.state.first().zip(x.first()).map_or(f64::INFINITY, |(a, b)| (a - b).abs());
        let mut points = equilibria(self.neuron, p, i).points;
        points.retain(|point| !point.is_virtual);
        points.sort_by(|a, b| b.kind.is_stable().cmp(&a.kind.is_stable()).then(off(a).total_cmp(&off(b))));
        points.into_iter().next().map_or_else(|| x.to_vec(), |point| point.state)
    }

    fn after_reset(&self, shooter: &Shooter, w: f64, (p, i): (&[f64], f64)) -> Regime {
        Regime::from_attractor(Attractor::from_reset(shooter, w), || self.rest_near(p, i, &[shooter.v_reset(), w]))
    }

    /// From a state below threshold: to rest, or over the first spike to firing.
    fn after_state(&self, shooter: &Shooter, state: &[f64], (p, i): (&[f64], f64)) -> Regime {
        let [v, w] = *state else { return Regime::Unknown };
        let mut orbit = Orbit::new(shooter.system(), [v, w], Manner::default());
        let section = shooter.system().spike_section();
        match orbit.run_to_trap(Some(&section), Limits::default(), shooter.traps()) {
            End::Section => match shooter.system().reset(&orbit.at().x, &[0.0; 2]) {
                Some(([_, w], ..)) => self.after_reset(shooter, w, (p, i)),
                None => Regime::Unknown,
            },
            End::Stopped | End::Budget => Regime::Rest(self.rest_near(p, i, state)),
            End::Time | End::NotFinite => Regime::Unknown,
        }
    }

    /// A model of one state, where nothing passes an equilibrium: from `v`, or from the reset.
    fn line(&self, p: &[f64], i: f64, v: Option<f64>) -> Regime {
        let Some(system) = System::<1>::new(self.neuron, p, i) else { return Regime::Unknown };
        let mut start = [0.0];
        self.neuron.steady(self.neuron.start(p), p, &mut start);
        let Some(([v_reset], _, hold)) = system.reset(&start, &[0.0]) else { return Regime::Unknown };
        let points = equilibria(self.neuron, p, i).points;
        let level = system.spike_section().level;
        let reaches = |v: f64| system.slope(&[v])[0] > 0.0 && !points.iter().any(|q| q.state.first().is_some_and(|x| *x >= v && *x <= level));
        let start = v.unwrap_or(v_reset);
        if !(reaches(start) && reaches(v_reset)) {
            let from = if reaches(start) { v_reset } else { start };
            return Regime::Rest(self.rest_near(p, i, &[from]));
        }
        let mut orbit = Orbit::new(&system, [v_reset], Manner { tolerance: 1e-10, ..Manner::default() });
        let end = orbit.run(Some(&system.spike_section()), Limits { steps: 20_000, time: f64::INFINITY }, |_| true);
        // That it fires is certain; so close to the onset that rounding stops it, the interval is not.
        let interval = if end == End::Section { hold + orbit.at().t } else { f64::INFINITY };
        let node = Node { w: v_reset, next: v_reset, slope: 0.0, interval, interval_slope: 0.0 };
        Regime::Firing(SpikeCycle { points: vec![node], multiplier: 0.0 })
    }
}
