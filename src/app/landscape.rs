//! What takes orbits to know: manifolds, cycles and basins of the plane, and the spike map. Each has a slot, so that
//! a dragged slider never waits; the last picture stays until the next one is there.

use super::derived::Key;
use super::jobs::{Runner, Slot};
use super::workbench::Workbench;
use crate::analysis::{Attractor, Basin, Equilibria, Frame, Outcome, Portrayal, Shooter, SpikeCycle, SpikeMap, Threshold, portray};
use crate::model::Dynamics;

/// What the plane draws beyond nullclines.
#[derive(Clone, Debug)]
pub struct PlanePicture {
    /// Manifolds, cycles and what they part.
    pub portrayal: Portrayal,
    /// True if what begins to spike on the far side of the threshold goes on for ever.
    pub firing_lasts: bool,
}

impl PlanePicture {
    /// The basin of rest, if the states outside fire for good.
    #[must_use]
    pub fn coexistence(&self) -> Option<&Basin> {
        let lasts = |basin: &&Basin| match basin.beyond {
            Outcome::Cycle => true,
            Outcome::Spike => self.firing_lasts,
            Outcome::Rest(_) | Outcome::Unknown => false,
        };
        self.portrayal.basin.as_ref().filter(lasts)
    }

    /// What to say where no line can be drawn; empty where one can, or where nothing rests.
    #[must_use]
    pub fn note(&self) -> &'static str {
        if self.portrayal.threshold == Threshold::Quasi { "no sharp threshold: no saddle, no unstable cycle" } else { "" }
    }
}

/// The spike map with what is said about it.
#[derive(Clone, Debug)]
pub struct MapPicture {
    /// The map.
    pub map: SpikeMap,
    /// Fixed points and short cycles, stable and unstable.
    pub cycles: Vec<SpikeCycle>,
    /// What firing settles to.
    pub attractor: Attractor,
    /// True if the neuron can also rest.
    pub rests: bool,
}

/// The pause after a burst is at least this many times the longest interval within.
const PAUSE: f64 = 2.0;
/// Nodes of the map.
const NODES: usize = 64;
/// Longest cycles that are looked for beside the attractor.
const CYCLES: usize = 3;

impl MapPicture {
    /// The picture at present parameters, over a range that holds the values in `include`; `None` for models without
    /// a map.
    #[must_use]
    pub fn new(neuron: &dyn Dynamics, p: &[f64], i: f64, include: &[f64]) -> Option<Self> {
        let mut shooter = Shooter::new(neuron, p, i)?;
        let map = SpikeMap::sample(&mut shooter, NODES, include);
        let cycles: Vec<SpikeCycle> = (1..=CYCLES).flat_map(|k| map.cycles(&shooter, k)).collect();
        let start = shooter.turning().unwrap_or_else(|| shooter.steady_at_reset());
        let mut attractor = Attractor::from_reset(&shooter, start);
        let stable = cycles.iter().find(|c| c.is_stable());
        if let (Attractor::Rest { .. } | Attractor::Unknown, Some(cycle)) = (&attractor, stable) {
            attractor = Attractor::Cycle(cycle.clone());
        }
        let rests = shooter.equilibria().points.iter().any(|p| p.kind.is_stable() && !p.is_virtual);
        Some(Self { map, cycles, attractor, rests })
    }

    /// One sentence on what the map means; `unit` is the unit of time.
    #[must_use]
    pub fn sentence(&self, unit: &str) -> String {
        let beside = if self.rests { ", beside a stable rest" } else { "" };
        let time = |t: f64| if unit.is_empty() { format!("{t:.1}") } else { format!("{t:.1} {unit}") };
        match &self.attractor {
            Attractor::Cycle(cycle) => {
                let (k, period) = (cycle.spikes(), time(cycle.period()));
                let mut intervals = cycle.intervals();
                intervals.sort_by(f64::total_cmp);
                let is_burst = matches!(intervals.as_slice(), [.., within, pause] if *pause >= PAUSE * within);
                if k == 1 {
                    format!("Tonic: a reset that repeats itself, every {period}{beside}")
                } else if is_burst {
                    format!("Bursts: resets repeat after {k} spikes, every {period}{beside}")
                } else {
                    format!("Resets repeat after {k} spikes, every {period}{beside}")
                }
            }
            Attractor::Irregular(_) => format!("Irregular: no reset repeats itself{beside}"),
            Attractor::Rest { .. } => "No firing lasts: sooner or later it comes to rest".into(),
            Attractor::Unknown => "What follows a reset could not be told here".into(),
        }
    }
}

/// What the plane's picture depends on.
#[derive(Clone, PartialEq)]
struct PlaneKey {
    key: Key,
    window: [(f64, f64); 2],
}

/// What the map depends on: with the resets of the running neuron that lie a little outside, in coarse steps.
#[derive(Clone, PartialEq)]
struct MapKey {
    key: Key,
    outside: Option<(i32, i32)>,
}

/// Resets of the running neuron that the map should show, and the coarse steps of a window width they count in.
const RECENT: usize = 9;
const STEPS: f64 = 16.0;

/// The two slots.
pub struct Landscape {
    plane: Slot<PlaneKey, Option<PlanePicture>>,
    map: Slot<MapKey, Option<MapPicture>>,
}

impl Default for Landscape {
    fn default() -> Self {
        Self::new(&Runner::default())
    }
}

impl Landscape {
    /// Nothing known yet; `runner` says where the work runs.
    #[must_use]
    pub fn new(runner: &Runner) -> Self {
        Self { plane: Slot::new("The threshold", runner.clone()), map: Slot::new("The spike map", runner.clone()) }
    }

    /// Asks for what is on screen.
    pub(super) fn refresh(&mut self, bench: &Workbench, equilibria: &Equilibria, window: Option<[(f64, f64); 2]>, wants_map: bool) {
        self.plane.poll();
        self.map.poll();
        let setup = bench.setup();
        let (_, _, current) = bench.shown();
        let key = Key::of(setup, current);
        let (neuron, p) = (setup.neuron, &setup.params);
        if let Some(window) = window.filter(|_| neuron.dim() == 2) {
            let key = PlaneKey { key: key.clone(), window };
            if self.plane.wants(&key) {
                let (p, points) = (p.clone(), equilibria.points.clone());
                self.plane.follow(key, move |desk| {
                    let frame = Frame { window, piece: 0.004 };
                    desk.send(portray(neuron, &p, current, &points, &frame).map(|portrayal| picture(portrayal, neuron, &p, current)));
                });
            }
        }
        if wants_map && neuron.dim() == 2 && neuron.resets() {
            let scale = neuron.states().get(1).map_or(1.0, |f| f.shown.1 - f.shown.0) / STEPS;
            let key = MapKey { outside: self.outside(bench, scale), key };
            if self.map.wants(&key) {
                let include: Vec<f64> = key.outside.into_iter().flat_map(|(a, b)| [f64::from(a) * scale, f64::from(b) * scale]).collect();
                let p = p.clone();
                self.map.follow(key, move |desk| desk.send(MapPicture::new(neuron, &p, current, &include)));
            }
        }
    }

    /// The last resets in steps of `scale`, as far as they lie near the map that is there.
    fn outside(&self, bench: &Workbench, scale: f64) -> Option<(i32, i32)> {
        let map = &self.map(bench.setup().neuron.card().id)?.map;
        let width = map.range.1 - map.range.0;
        let near = |w: &f64| *w > map.range.0 - width && *w < map.range.1 + width;
        let recent = bench.trace().spikes().iter().rev().take(RECENT).filter_map(|s| s.after.get(1).copied()).filter(near);
        #[expect(clippy::cast_possible_truncation, reason = "clamped")]
        let step = |w: f64| w.clamp(-1e9, 1e9) as i32;
        let hull = recent.fold(None, |hull: Option<(f64, f64)>, w| Some(hull.map_or((w, w), |(a, b)| (a.min(w), b.max(w)))));
        hull.map(|(a, b)| (step((a / scale).floor()), step((b / scale).ceil())))
    }

    /// Manifolds, cycles and basins, if they belong to this model.
    #[must_use]
    pub fn plane(&self, model: &str) -> Option<&PlanePicture> {
        self.plane.result().filter(|_| self.plane.result_key().is_some_and(|k| k.key.is_of(model)))?.as_ref()
    }

    /// The spike map, if it belongs to this model.
    #[must_use]
    pub fn map(&self, model: &str) -> Option<&MapPicture> {
        self.map.result().filter(|_| self.map.result_key().is_some_and(|k| k.key.is_of(model)))?.as_ref()
    }

    /// True if manifolds, cycles and basins are those of the present values; otherwise draw them faded.
    #[must_use]
    pub fn is_plane_current(&self) -> bool {
        self.plane.is_current()
    }

    /// True if the map is that of the present values.
    #[must_use]
    pub fn is_map_current(&self) -> bool {
        self.map.is_current()
    }
}

fn picture(portrayal: Portrayal, neuron: &dyn Dynamics, p: &[f64], i: f64) -> PlanePicture {
    let spikes = portrayal.basin.as_ref().is_some_and(|b| b.beyond == Outcome::Spike);
    let firing_lasts = spikes && SpikeMap::new(neuron, p, i, NODES, &[]).is_some_and(|map| map.fires_for_ever());
    PlanePicture { portrayal, firing_lasts }
}
