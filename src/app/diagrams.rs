//! The bifurcation diagram that follows the neuron: branches of equilibria in the same frame, cycles beside it.
//!
//! When a parameter moves, the stored cycles are first corrected in their own tangent planes; where that does not do (a
//! birth, a death) they are followed anew. Once the hand rests they are followed again on finer meshes and every special
//! point of a cycle is confirmed on one twice as fine.

use std::sync::Arc;

use super::jobs::{Desk, Runner, Slot};
use super::workbench::Workbench;
use crate::analysis::branches::{RestBranch, Window, rest_branches};
use crate::analysis::cycles::Orbit;
use crate::analysis::diagram::{Care, Diagram, Law, Special, complete, diagram, firing, law, passing, recorrect};
use crate::analysis::{Family, Over};

/// What a diagram depends on.
#[derive(Clone, Debug, PartialEq)]
pub struct DiagramKey {
    model: &'static str,
    over: Over,
    range: (u64, u64),
    params: Vec<u64>,
    current: u64,
}

/// A diagram, and how far it can be trusted.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The diagram.
    pub diagram: Arc<Diagram>,
    /// Special points of cycles are confirmed.
    pub is_settled: bool,
    /// Firing patterns of a reset model belong to the same parameters.
    pub has_firing: bool,
    /// How many times in a row it was only corrected.
    corrections: u32,
}

/// After so many corrections branches are followed anew, so that their orbits stay well spread.
const MOST_CORRECTIONS: u32 = 6;

/// Values at which firing patterns of reset models are looked for while something moves: a prime number of steps.
const GLANCE: usize = 24;

/// The diagram's parts, each with the inputs it belongs to.
#[derive(Default)]
pub struct Diagrams {
    slot: Option<Slot<DiagramKey, Shown>>,
    rests: Vec<RestBranch>,
    key: Option<DiagramKey>,
    /// The value the neuron had when it was last looked at, in the diagram of this key, since this load.
    stood: Option<(DiagramKey, u64, f64)>,
}

/// What the view asks for: the quantity and its range.
pub type Wanted = (Over, (f64, f64));

impl Diagrams {
    /// Asks for the diagram a view shows, or gives it up where nobody looks.
    pub(super) fn refresh(&mut self, runner: &Runner, bench: &Workbench, wanted: Option<Wanted>) {
        let slot = self.slot.get_or_insert_with(|| Slot::new("The bifurcation diagram", runner.clone()));
        slot.poll();
        let Some((over, range)) = wanted.filter(|(_, range)| range.1 > range.0) else {
            // What nobody keeps up to date must not be taken for the present neuron's.
            self.key = None;
            return slot.rest();
        };
        let setup = bench.setup();
        let key = key(bench, over, range);
        if self.key.as_ref() != Some(&key) {
            let mut family = Family::new(setup.neuron, &setup.params, setup.current, over);
            let shown = setup.neuron.states().first().map_or(1.0, |f| f.shown.1 - f.shown.0);
            self.rests = rest_branches(&mut family, &Window { value: range, potential: shown });
            self.key = Some(key.clone());
        }
        if !slot.wants(&key) {
            return;
        }
        let near = |old: &DiagramKey| old.model == key.model && old.over == key.over && old.range == key.range;
        let before = slot.result_key().filter(|old| near(old)).and(slot.result()).cloned();
        let (neuron, params, current) = (setup.neuron, setup.params.clone(), setup.current);
        slot.follow(key, move |desk: &Desk<Shown>| {
            let family = Family::new(neuron, &params, current, over);
            work(desk, &family, range, before);
        });
    }

    /// What the neuron has crossed since this was last asked, in a sentence: a special point of the present diagram between
    /// the value it had and the one it has.
    pub(super) fn crossing(&mut self, bench: &Workbench) -> Option<String> {
        let key = self.key.clone().filter(|_| self.is_current())?;
        let setup = bench.setup();
        let value = match key.over {
            Over::Current => setup.current,
            Over::Parameter(place) => *setup.params.get(place)?,
        };
        let before = self.stood.replace((key.clone(), bench.loads(), value)).filter(|(old, load, _)| *old == key && *load == bench.loads())?.2;
        let shown = self.shown().filter(|shown| shown.is_settled)?;
        let crossed = shown.diagram.special.iter().filter(|p| (p.value - before) * (p.value - value) < 0.0);
        let point = crossed.min_by(|a, b| (a.value - value).abs().total_cmp(&(b.value - value).abs()))?;
        let id = key.over.field(setup.neuron).id;
        let law = self.law(point).unwrap_or_default();
        let what = passing(&shown.diagram, point, before, value);
        Some(format!("Crossed {} at {id} = {:.5}: {what}{law}", point.kind.words(), point.value))
    }

    /// What the normal form of a special point predicts of the cycles beside it, and what is measured, in a sentence.
    #[must_use]
    pub fn law(&self, point: &Special) -> Option<String> {
        law(&self.shown()?.diagram, point).map(|law| said(&law))
    }

    /// True if the newest diagram over I has an unstable cycle at this current.
    #[must_use]
    pub fn has_unstable_cycle(&self, current: f64) -> bool {
        let shown = self.shown().filter(|shown| shown.diagram.over == Over::Current);
        shown.is_some_and(|shown| crossing(&shown.diagram, current).any(|w| w.iter().any(|o| !o.multipliers.is_stable())))
    }

    /// How many stable cycles the settled diagram over I has at this current; `None` while that is not known.
    #[must_use]
    pub fn stable_cycles(&self, current: f64) -> Option<usize> {
        let shown = self.shown().filter(|shown| self.is_current() && shown.is_settled && shown.diagram.over == Over::Current)?;
        Some(crossing(&shown.diagram, current).filter(|w| w.iter().all(|o| o.multipliers.is_stable())).count())
    }

    /// Branches of equilibria at the present parameters.
    #[must_use]
    pub fn rests(&self) -> &[RestBranch] {
        &self.rests
    }

    /// The newest diagram of this quantity for this model, whether or not its parameters are the present ones.
    #[must_use]
    pub fn shown(&self) -> Option<&Shown> {
        let slot = self.slot.as_ref()?;
        let (old, present) = (slot.result_key()?, self.key.as_ref()?);
        slot.result().filter(|_| old.model == present.model && old.over == present.over)
    }

    /// True if the newest diagram belongs to the present parameters.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.slot.as_ref().is_some_and(|slot| slot.is_current() && slot.result_key() == self.key.as_ref())
    }

    /// True while finer or newer results may come.
    #[must_use]
    pub fn is_working(&self) -> bool {
        self.slot.as_ref().is_some_and(Slot::is_working)
    }

    /// Why there is no diagram: a sentence.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        self.slot.as_ref().and_then(Slot::failure)
    }
}

/// The prediction of a normal form beside what is measured.
fn said(law: &Law) -> String {
    match law.predicted {
        Some(predicted) => format!(" Beside it {} {predicted}; measured {:.2}.", law.words, law.measured),
        None => format!(" Beside it {} {:.2}.", law.words, law.measured),
    }
}

/// The varied quantity itself leaves the diagram as it is.
fn key(bench: &Workbench, over: Over, range: (f64, f64)) -> DiagramKey {
    let setup = bench.setup();
    let mut params: Vec<u64> = setup.params.iter().map(|p| p.to_bits()).collect();
    let mut current = setup.current.to_bits();
    match over {
        Over::Current => current = 0,
        Over::Parameter(place) => params.iter_mut().skip(place).take(1).for_each(|p| *p = 0),
    }
    DiagramKey { model: setup.neuron.card().id, over, range: (range.0.to_bits(), range.1.to_bits()), params, current }
}

/// Correct, or follow anew; then settle.
fn work(desk: &Desk<Shown>, family: &Family, range: (f64, f64), before: Option<Shown>) {
    let watch = &mut |_: &Diagram| !desk.is_cancelled();
    let known = before.as_ref().map_or_else(Vec::new, |b| b.diagram.firing.clone());
    let corrected = before.filter(|b| b.corrections < MOST_CORRECTIONS).and_then(|b| Some((recorrect(&b.diagram, family)?, b.corrections + 1)));
    let (mut first, corrections) = corrected.unwrap_or_else(|| (diagram(family, range, Care::Live, watch), 0));
    let resets = family.neuron().resets();
    if resets {
        let mut flow = first.clone();
        first.firing = known;
        desk.send(Shown { diagram: Arc::new(first), is_settled: false, has_firing: false, corrections });
        flow.add_firing(firing(family, range, GLANCE, &mut |_| !desk.is_cancelled()));
        if !desk.is_cancelled() {
            desk.send(Shown { diagram: Arc::new(flow), is_settled: false, has_firing: true, corrections });
        }
    } else {
        desk.send(Shown { diagram: Arc::new(first), is_settled: false, has_firing: true, corrections });
    }
    if desk.is_cancelled() {
        return;
    }
    let settled = complete(family, range, Care::Settled, &mut |_| !desk.is_cancelled());
    desk.send(Shown { diagram: Arc::new(settled), is_settled: true, has_firing: true, corrections: 0 });
}

/// Pairs of neighbouring orbits on branches between which the varied quantity has this value.
fn crossing(diagram: &Diagram, value: f64) -> impl Iterator<Item = &[Orbit]> {
    let pairs = diagram.cycles.iter().flat_map(|branch| branch.orbits.windows(2));
    pairs.filter(move |w| (w[0].cycle.value - value) * (w[1].cycle.value - value) <= 0.0)
}
