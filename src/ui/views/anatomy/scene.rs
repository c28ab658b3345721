//! What the anatomy shows, as plain data: currents, open conductances and phases over the visible stretch of the recorded past.

use crate::analysis::{Flow, Membrane, Stretch, equilibria, phases};
use crate::app::Workbench;
use crate::app::convention::moved;
use crate::model::Field;
use crate::preset::Setup;

/// A quantity at each sampled time.
pub type Course = Vec<f64>;

/// Samples over the visible time.
const SAMPLES: usize = 480;

/// A charging current below this part of all that flows is none.
const ROUNDING: f64 = 1e-9;

/// Everything the view draws, in model units.
pub struct Scene {
    /// The maximal conductances, one per channel.
    pub channels: Vec<&'static Field>,
    /// Their reversal potentials: table row and value.
    pub batteries: Vec<(&'static Field, f64)>,
    /// Sampled times in ms.
    pub times: Course,
    /// Current through each channel, outward positive.
    pub currents: Vec<Course>,
    /// Open conductance of each channel.
    pub open: Vec<Course>,
    /// The current that enters.
    pub input: Course,
    /// The phases of the visible spikes.
    pub phases: Vec<Stretch>,
    /// Lowest and highest V of the sampled times.
    pub extent: Option<(f64, f64)>,
    /// V now.
    pub potential: f64,
    /// What flows now.
    pub now: Vec<Flow>,
    /// C V̇ now.
    pub charging: f64,
    /// The current that enters now.
    pub entering: f64,
}

impl Scene {
    /// Over a stretch of time; `None` for models without conductances.
    #[must_use]
    pub fn of(bench: &Workbench, time: (f64, f64)) -> Option<Self> {
        let setup = bench.setup();
        let neuron = setup.neuron;
        let mut membrane = Membrane::new(neuron, &setup.params)?;
        let table = neuron.params();
        let places = membrane.channels().to_vec();
        let channels: Vec<&Field> = places.iter().map(|c| &table[c.conductance]).collect();
        let batteries = places.iter().map(|c| (&table[c.reversal], bench.past().at(bench.shown().0)[c.reversal])).collect();
        let trace = bench.trace();
        let (from, to) = (trace.index_at(time.0), (trace.index_at(time.1) + 1).min(trace.len()));
        let stride = (to.saturating_sub(from) / SAMPLES).max(1);
        let (mut times, mut input, mut samples) = (Course::new(), Course::new(), Vec::new());
        let (mut currents, mut open) = (vec![Course::new(); channels.len()], vec![Course::new(); channels.len()]);
        let mut slope = vec![0.0; neuron.dim()];
        for index in (from..to).step_by(stride) {
            let (t, x, entering) = (trace.time(index), trace.state(index), trace.value(index, 0));
            let params = bench.past().at(t);
            membrane.retune(params);
            neuron.rhs(&x, params, entering, &mut slope);
            let driven = slope[0] - entering / membrane.capacitance();
            samples.push([t, x[0], slope[0], driven]);
            times.push(t);
            input.push(entering);
            for (place, (currents, open)) in currents.iter_mut().zip(&mut open).enumerate() {
                let flow = membrane.flow(place, &x);
                currents.push(flow.current);
                open.push(flow.open);
            }
        }
        let (t, x, entering) = bench.shown();
        membrane.retune(bench.past().at(t));
        let now: Vec<Flow> = (0..channels.len()).map(|place| membrane.flow(place, &x)).collect();
        let charging = membrane.charging(&x, entering);
        // At rest the currents cancel to rounding; what is left of them is no current.
        let flowing = entering.abs() + now.iter().map(|flow| flow.current.abs()).sum::<f64>();
        let charging = if charging.abs() < ROUNDING * flowing { 0.0 } else { charging };
        let extent = trace.range(1, from, to);
        let level = x[0] - neuron.spike(&x, &setup.params);
        let phases = phases(&samples, rest(bench), level);
        Some(Self { channels, batteries, times, currents, open, input, phases, extent, potential: x[0], now, charging, entering })
    }

    /// What the table shows of V, with the sampled times.
    #[must_use]
    pub fn potential_range(&self, setup: &Setup) -> (f64, f64) {
        let shown = setup.neuron.states().first().map_or((0.0, 1.0), |f| moved(setup, f.shown));
        self.extent.map_or(shown, |(low, high)| (low.min(shown.0), high.max(shown.1)))
    }

    /// Lowest and highest end of the stacked currents.
    #[must_use]
    pub fn stacked_range(&self) -> (f64, f64) {
        let sum = |k: usize, sign: f64| self.currents.iter().map(|c| (sign * c[k]).max(0.0)).sum::<f64>();
        let highest = (0..self.times.len()).map(|k| sum(k, 1.0).max(-self.input[k])).fold(0.0, f64::max);
        let lowest = (0..self.times.len()).map(|k| sum(k, -1.0).max(self.input[k])).fold(0.0, f64::max);
        if highest + lowest > 0.0 { (-lowest, highest) } else { (-1.0, 1.0) }
    }

    /// From zero to the highest open conductance.
    #[must_use]
    pub fn open_range(&self) -> (f64, f64) {
        let highest = self.open.iter().flatten().copied().fold(0.0, f64::max);
        (0.0, if highest > 0.0 { highest } else { 1.0 })
    }

    /// What Kirchhoff says is zero: the charging current and all channels less the input.
    #[must_use]
    pub fn balance(&self) -> f64 {
        self.charging + self.now.iter().map(|f| f.current).sum::<f64>() - self.entering
    }
}

/// The resting potential without the stimulus: the lowest stable equilibrium, or the lowest of all.
fn rest(bench: &Workbench) -> f64 {
    let setup = bench.setup();
    let points = equilibria(setup.neuron, &setup.params, setup.current).points;
    let stable = points.iter().find(|p| p.kind.is_stable());
    stable.or(points.first()).map_or_else(|| setup.neuron.start(&setup.params), |p| p.state[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Command;

    #[test]
    fn currents_that_have_flowed_stay_what_they_were_when_a_conductance_is_changed() {
        let mut bench = Workbench::new(crate::preset::embedded("hodgkin_huxley/repetitive_firing_10").expect("a preset"), None);
        bench.run_to(40.0);
        let before = Scene::of(&bench, (0.0, 40.0)).expect("channels");
        let index = Field::position(bench.setup().neuron.params(), "g_Na").expect("g_Na");
        bench.apply(Command::Param(index, 60.0));
        bench.run_to(80.0);
        let after = Scene::of(&bench, (0.0, 40.0)).expect("channels");
        let last = before.times.len() - 1;
        for (was, is) in before.currents.iter().zip(&after.currents) {
            assert_eq!(was[..last], is[..last]);
        }
        bench.apply(Command::Scrub(Some(20.0)));
        let flowed = Scene::of(&bench, (0.0, 20.0)).expect("channels");
        assert!(flowed.balance().abs() < 1e-9 * flowed.now.iter().map(|flow| flow.current.abs()).sum::<f64>());
        bench.apply(Command::Play(true));
        assert_eq!(bench.past().of(index).collect::<Vec<_>>(), [(0.0, 120.0), (20.0, 60.0)], "another future begins where one looked back");
    }
}
