//! What follows from the workbench: a memo keyed by its inputs. What is cheap follows in the same frame; what is
//! slow has a [`Slot`](super::jobs::Slot).

pub(super) mod arrivals;
mod orbits;
mod plan;

pub use plan::Span;

use super::compare::Comparison;
use super::diagrams::{Diagrams, Wanted};
use super::experiments::Experiments;
use super::fi::{self, FiSlot};
use super::jobs::Runner;
use super::landscape::Landscape;
use super::maps::{Maps, WantedMap};
use super::push::Push;
use super::regime::{Known, Regime, regime, resting_at};
use super::workbench::Workbench;
use crate::analysis::{Equilibria, Lines, Plane, Through, equilibria, flow, nullclines};
use crate::model::Dynamics;
use crate::preset::Setup;

/// What the views ask to be drawn, in model units.
#[derive(Clone, Debug, PartialEq)]
pub struct Portrait {
    /// State on the vertical axis.
    pub y: usize,
    /// Range of V and of that state.
    pub window: [(f64, f64); 2],
    /// Columns at which nullclines are sampled.
    pub columns: usize,
    /// Arrows across and up.
    pub arrows: [usize; 2],
}

/// Results, each with the inputs it belongs to.
#[derive(Default)]
pub struct Derived {
    runner: Runner,
    key: Option<Key>,
    plane_key: Option<(Key, Portrait, Plane)>,
    equilibria: Equilibria,
    nullclines: [Lines; 2],
    flow: Vec<([f64; 2], [f64; 2])>,
    plane: Option<Plane>,
    balance: Vec<[f64; 2]>,
    balance_key: Option<(Key, (f64, f64))>,
    fi: FiSlot,
    diagrams: Diagrams,
    maps: Maps,
    experiments: Experiments,
    comparison: Comparison,
    regime: Regime,
    slope: Vec<f64>,
    orbits: orbits::Orbits,
    plan: plan::Plan,
    arrivals: arrivals::Arrivals,
    landscape: Landscape,
}

/// What equilibria depend on.
#[derive(Clone, PartialEq)]
pub(super) struct Key {
    model: &'static str,
    params: Vec<u64>,
    current: u64,
}

impl Key {
    /// Of a model at these parameters and this current.
    pub(super) fn of(setup: &Setup, current: f64) -> Self {
        Self { model: setup.neuron.card().id, params: setup.params.iter().map(|p| p.to_bits()).collect(), current: current.to_bits() }
    }

    /// True if it belongs to the model with this id.
    pub(super) fn is_of(&self, model: &str) -> bool {
        self.model == model
    }
}

impl Derived {
    /// Nothing computed yet; `runner` says where slow work will run.
    #[must_use]
    pub fn new(runner: Runner) -> Self {
        let fi = FiSlot::new("The f–I curve", runner.clone());
        Self {
            landscape: Landscape::new(&runner),
            experiments: Experiments::new(runner.clone()),
            comparison: Comparison::new(runner.clone()),
            runner,
            fi,
            ..Self::default()
        }
    }

    /// Where slow work runs, for the slots of other analyses.
    #[must_use]
    pub fn runner(&self) -> &Runner {
        &self.runner
    }

    /// Brings everything up to date. `portrait` is what the plane shows, for models of two states and more.
    pub fn refresh(&mut self, bench: &Workbench, portrait: Option<&Portrait>) {
        let setup = bench.setup();
        let (t, state, current) = bench.shown();
        let key = Key::of(setup, current);
        if self.key.as_ref() != Some(&key) {
            self.equilibria = equilibria(setup.neuron, &setup.params, current);
            self.key = Some(key.clone());
        }
        if let Some(window) = portrait.map(|p| p.window[0])
            && self.balance_key.as_ref() != Some(&(key.clone(), window))
        {
            let at = |k: u32| window.0 + (window.1 - window.0) * f64::from(k) / f64::from(BALANCE_POINTS);
            self.balance = (0..=BALANCE_POINTS).map(at).map(|v| [v, balance(setup.neuron, &setup.params, current, v)]).collect();
            self.balance_key = Some((key.clone(), window));
        }
        if let Some(portrait) = portrait
            && setup.neuron.dim() > portrait.y
            && portrait.y > 0
        {
            let plane = Plane::of(setup.neuron, portrait.y, &state);
            self.orbits.refresh(bench, &key, portrait, current);
            let all = (key, portrait.clone(), plane);
            if self.plane_key.as_ref() != Some(&all) {
                let plane = &all.2;
                self.nullclines = nullclines(setup.neuron, &setup.params, current, plane, portrait.window, portrait.columns);
                self.flow = flow(setup.neuron, &setup.params, current, plane, portrait.window, portrait.arrows);
                self.plane = Some(all.2.clone());
                self.plane_key = Some(all);
            }
        }
        self.slope.resize(state.len(), 0.0);
        setup.neuron.rhs(&state, &setup.params, current, &mut self.slope);
        self.slope.iter_mut().take(bench.held()).for_each(|slope| *slope = 0.0);
        let rest = resting_at(bench, &self.equilibria);
        let push = rest.and_then(|rest| Push::find(setup.neuron, &setup.params, (&self.equilibria, rest), &state, &self.landscape));
        self.regime = regime(bench, &self.equilibria, t, Known { cycles: self.diagrams.stable_cycles(current), push });
    }

    /// Brings the planned current over a stretch of time, and what arrives in it, up to date.
    pub fn refresh_plan(&mut self, bench: &Workbench, span: Span) {
        self.plan.refresh(bench, span);
        self.arrivals.refresh(bench, span.time.1);
    }

    /// (time, current) of what the stimulus adds up to, both sides of every jump; chance is left out.
    #[must_use]
    pub fn plan(&self) -> &[[f64; 2]] {
        self.plan.line()
    }

    /// The times within a stretch at which presynaptic spikes arrive, as far as [`Derived::refresh_plan`] has looked.
    #[must_use]
    pub fn arrivals(&self, time: (f64, f64)) -> &[f64] {
        self.arrivals.within(time)
    }

    /// Asks for the bifurcation diagram over this quantity and range; `None` where no view shows it.
    pub fn refresh_diagrams(&mut self, bench: &Workbench, wanted: Option<Wanted>) {
        self.diagrams.refresh(&self.runner, bench, wanted);
    }

    /// What the neuron has crossed in the diagram since this was last asked, in a sentence.
    pub fn crossing(&mut self, bench: &Workbench) -> Option<String> {
        self.diagrams.crossing(bench)
    }

    /// The bifurcation diagram, as far as it is known.
    #[must_use]
    pub fn diagrams(&self) -> &Diagrams {
        &self.diagrams
    }

    /// Asks for the map of two parameters; `None` where no view shows it.
    pub fn refresh_maps(&mut self, bench: &Workbench, wanted: Option<WantedMap>) {
        self.maps.refresh(&self.runner, bench, wanted);
    }

    /// The map of two parameters, as far as it is known.
    #[must_use]
    pub fn maps(&self) -> &Maps {
        &self.maps
    }

    /// Asks for the chosen experiment's report, if a view shows it.
    pub fn refresh_experiments(&mut self, bench: &Workbench, wanted: bool) {
        self.experiments.refresh(bench, wanted);
    }

    /// The chosen experiment, as far as it is done.
    #[must_use]
    pub fn experiments(&self) -> &Experiments {
        &self.experiments
    }

    /// Asks for the comparison with other neurons, if a view shows it.
    pub fn refresh_comparison(&mut self, bench: &Workbench, wanted: bool) {
        self.comparison.refresh(bench, wanted);
    }

    /// The same stimulus in other neurons, as far as it is done.
    #[must_use]
    pub fn comparison(&self) -> &Comparison {
        &self.comparison
    }

    /// Asks for the f–I curve over this range of currents; `None` where no view shows it.
    pub fn refresh_fi(&mut self, bench: &Workbench, range: Option<(f64, f64)>) {
        fi::refresh(&mut self.fi, bench, range);
    }

    /// The f–I curve, as far as it is measured.
    #[must_use]
    pub fn fi(&self) -> &FiSlot {
        &self.fi
    }

    /// Brings manifolds, cycles and, if it is wanted, the spike map up to date, after [`Derived::refresh`].
    pub fn refresh_landscape(&mut self, bench: &Workbench, portrait: Option<&Portrait>, wants_map: bool) {
        self.landscape.refresh(bench, &self.equilibria, portrait.map(|p| p.window), wants_map);
    }

    /// Manifolds, cycles and the spike map.
    #[must_use]
    pub fn landscape(&self) -> &Landscape {
        &self.landscape
    }

    /// All equilibria at the present input.
    #[must_use]
    pub fn equilibria(&self) -> &Equilibria {
        &self.equilibria
    }

    /// Nullclines of V and of the other state of the plane.
    #[must_use]
    pub fn nullclines(&self) -> &[Lines; 2] {
        &self.nullclines
    }

    /// Flow in the plane: positions and directions.
    #[must_use]
    pub fn flow(&self) -> &[([f64; 2], [f64; 2])] {
        &self.flow
    }

    /// The plane that nullclines and flow belong to.
    #[must_use]
    pub fn plane(&self) -> Option<&Plane> {
        self.plane.as_ref()
    }

    /// (V, V′ with the other states at their steady values) over the width of the portrait: its zeros are equilibria.
    #[must_use]
    pub fn balance(&self) -> &[[f64; 2]] {
        &self.balance
    }

    /// Time derivative of the state at the present point; 0 for what is held while the neuron is refractory.
    #[must_use]
    pub fn slope(&self) -> &[f64] {
        &self.slope
    }

    /// The orbits that are kept in the plane, at the present parameters and input.
    #[must_use]
    pub fn orbits(&self) -> &[Through] {
        self.orbits.list()
    }

    /// What the neuron does, in words and numbers.
    #[must_use]
    pub fn regime(&self) -> &Regime {
        &self.regime
    }
}

/// Intervals at which the balance curve is sampled.
const BALANCE_POINTS: u32 = 400;

/// V′ at potential `v` with every other state at its steady value: zeros are equilibria.
fn balance(neuron: &dyn Dynamics, params: &[f64], current: f64, v: f64) -> f64 {
    let mut x = vec![0.0; neuron.dim()];
    let mut dx = vec![0.0; neuron.dim()];
    neuron.steady(v, params, &mut x);
    neuron.rhs(&x, params, current, &mut dx);
    dx.first().copied().unwrap_or(0.0)
}
