//! Makes a diagram: equilibria, then cycles from every Hopf point, from what the running model settles on, and from return maps.

use super::ends::{Ending, ending};
use super::hopf_end::{FIRST_STEP, HopfEnd};
use super::special::{Kind, Special, on_cycles};
use super::{Care, CycleBranch, Diagram};
use crate::analysis::branches::{RestBranch, Window, rest_branches};
use crate::analysis::cycles::{Effort, Follow, Newton, Orbit, Scales, Stopped, between, extent, settled};
use crate::analysis::family::{Family, MOST_STATES};

/// How far beyond its range branches are followed, in widths of the range, so that those that come back are not missed.
const BEYOND: f64 = 0.5;

impl Care {
    pub(super) fn effort(self) -> Effort {
        match self {
            Self::Live => Effort::LIVE,
            Self::Settled => Effort::SETTLED,
        }
    }
}

/// The diagram of a family over a range. `watch` sees it grow and may end the work by returning false: what is
/// there by then is returned.
pub fn diagram(family: &Family, range: (f64, f64), care: Care, watch: &mut dyn FnMut(&Diagram) -> bool) -> Diagram {
    let mut family = family.clone();
    let scales = scales(&family, range);
    let wide = widened(&family, range);
    let window = Window { value: wide, potential: scales.state[0] };
    let around = rest_branches(&mut family, &window);
    let rests = rest_branches(&mut family, &Window { value: range, ..window });
    let mut diagram = Diagram {
        over: family.over(),
        range,
        scales,
        rests,
        cycles: Vec::new(),
        firing: Vec::new(),
        special: Vec::new(),
        hopfs: super::recorrect::hopfs(&around).len(),
    };
    if watch(&diagram) && family.dim() > 1 {
        let mut newton = Newton::new(family, scales, care.effort().converged);
        let hopfs = HopfEnd::all(&mut newton, &around);
        let mut tracer =
            Tracer { newton, wide, care, around: &around, hopfs: &hopfs, used: Vec::new(), stable: Vec::new(), diagram: &mut diagram, watch };
        let _ = tracer.add_from_hopfs() && tracer.add_from_simulation() && (care == Care::Live || tracer.add_isolated());
    }
    finish(&mut diagram);
    diagram
}

/// Units: what the window shows of each state, and the range.
pub(super) fn scales(family: &Family, range: (f64, f64)) -> Scales {
    let mut state = [1.0; MOST_STATES];
    for (to, field) in state.iter_mut().zip(family.neuron().states()) {
        *to = field.shown.1 - field.shown.0;
    }
    Scales { state, value: range.1 - range.0 }
}

pub(super) fn widened(family: &Family, range: (f64, f64)) -> (f64, f64) {
    let field = family.over().field(family.neuron());
    let more = BEYOND * (range.1 - range.0);
    ((range.0 - more).max(field.min), (range.1 + more).min(field.max))
}

/// Special points in order, each once; a fold on a circle under its own name.
pub(super) fn finish(diagram: &mut Diagram) {
    let mut special: Vec<Special> = diagram.rests.iter().flat_map(|b| &b.marks).map(Special::from).collect();
    for branch in &diagram.cycles {
        for end in branch.ends {
            if let Ending::Circle(value) = end {
                for point in special.iter_mut().filter(|p| p.kind == Kind::SaddleNode && (p.value - value).abs() <= 1e-9 * diagram.scales.value) {
                    point.kind = Kind::SaddleNodeOnCircle;
                }
            }
        }
    }
    special.append(&mut diagram.special);
    special.retain(|p| p.value >= diagram.range.0 && p.value <= diagram.range.1);
    special.sort_by(|a, b| a.value.total_cmp(&b.value));
    diagram.special = special;
}

/// What is known of the two ends of a branch, and why it stopped there.
type Ends = [(Option<Ending>, Option<Stopped>); 2];

/// A diagram in the making.
pub(super) struct Tracer<'a, 'd> {
    /// The equations of its cycles.
    pub newton: Newton<'a>,
    wide: (f64, f64),
    /// How carefully it is made.
    pub care: Care,
    /// Equilibria in the wide range.
    around: &'d [RestBranch],
    /// Their Hopf points.
    hopfs: &'d [HopfEnd<'d>],
    /// Hopf points at which a branch ends.
    used: Vec<f64>,
    /// Ranges of the varied quantity between neighbouring stable orbits, also outside the range.
    stable: Vec<(f64, f64)>,
    /// What there is of it.
    pub diagram: &'d mut Diagram,
    watch: &'d mut dyn FnMut(&Diagram) -> bool,
}

impl Tracer<'_, '_> {
    /// Branches from all Hopf points; false if the watcher has had enough.
    fn add_from_hopfs(&mut self) -> bool {
        let effort = self.care.effort();
        for end in self.hopfs {
            if self.used.contains(&end.mark.value) {
                continue;
            }
            let start = end.orbit(&self.newton, effort.intervals);
            let (mut orbits, mut stopped) = self.follow(start.clone(), FIRST_STEP);
            if !orbits.first().is_some_and(|orbit| end.reaches(orbit)) {
                let step = end.first_step(&self.newton, self.wide, effort);
                if step < FIRST_STEP {
                    (orbits, stopped) = self.follow(start, step);
                }
            }
            if !self.add(orbits, [(Some(Ending::Hopf(end.mark.value)), None), (None, stopped)]) {
                return false;
            }
        }
        true
    }

    /// Cycles born without a Hopf point: what the model settles on at a few values, if no branch has it yet.
    /// False if the watcher has had enough.
    fn add_from_simulation(&mut self) -> bool {
        let (low, high) = self.diagram.range;
        for fraction in [1.0, 0.0, 0.5, 0.25, 0.75] {
            let value = low + fraction * (high - low);
            let start = self.restless(value);
            let Some(start) = start else { continue };
            if self.has_stable_cycle(value) {
                continue;
            }
            // Newton's method settles what longer steps leave open.
            let dt = self.newton.family.neuron().card().dt * if self.care == Care::Live { 2.0 } else { 1.0 };
            let intervals = self.care.effort().intervals;
            let Some(orbit) = settled(&mut self.newton, &start, value, dt, false, intervals) else { continue };
            // What falls slowly onto rest can lead to an unstable cycle of a branch that is there.
            if self.is_known(&orbit) {
                continue;
            }
            let (orbits, ends) = self.both_ways(orbit, &|_, _| false);
            if !self.add(orbits, ends) {
                return false;
            }
        }
        true
    }

    /// The branch through an orbit, each way as far as orbits are not `known`.
    pub fn both_ways(&mut self, orbit: Orbit, known: &dyn Fn(&Diagram, &Orbit) -> bool) -> (Vec<Orbit>, Ends) {
        let mut way = |orbit: Orbit| {
            let (mut orbits, mut stopped) = self.follow(orbit, FIRST_STEP);
            if let Some(at) = orbits.iter().position(|orbit| known(self.diagram, orbit)) {
                orbits.truncate(at);
                stopped = Some(Stopped::Stuck);
            }
            (orbits, (None, stopped))
        };
        let (mut ahead, end) = way(orbit.clone());
        if end.1 == Some(Stopped::Closed) {
            // It ends on the very orbit with which it begins.
            ahead.pop();
            ahead.insert(0, orbit.clone());
            ahead.push(orbit);
            return (ahead, [end, end]);
        }
        let mut back = orbit.clone();
        back.tangent.scale(-1.0);
        let (mut orbits, first) = way(back);
        orbits.reverse();
        for back in &mut orbits {
            back.tangent.scale(-1.0);
        }
        orbits.push(orbit);
        orbits.append(&mut ahead);
        (orbits, [first, end])
    }

    /// Shows what there is; false if the watcher has had enough.
    pub fn goes_on(&mut self) -> bool {
        (self.watch)(self.diagram)
    }

    /// A state that need not come to rest: beside an unstable equilibrium that is no saddle, or far from a stable one.
    fn restless(&mut self, value: f64) -> Option<[f64; MOST_STATES]> {
        let n = self.newton.family.dim();
        let neuron = self.newton.family.neuron();
        let scale = self.newton.scales.state;
        let (p, i) = self.newton.family.at(value);
        let found = crate::analysis::equilibria(neuron, p, i);
        if neuron.resets() || found.degenerate {
            return None;
        }
        let mut x = [0.0; MOST_STATES];
        let from = found.points.iter().rfind(|p| p.eigenvalues.iter().filter(|e| e.re > 0.0).count() > 1).or(found.points.last());
        if let Some(point) = from {
            x[..n].copy_from_slice(&point.state);
        } else {
            neuron.steady(neuron.start(p), p, &mut x);
        }
        x[0] += 0.03 * scale[0];
        Some(x)
    }

    fn has_stable_cycle(&self, value: f64) -> bool {
        self.stable.iter().any(|(low, high)| (*low..=*high).contains(&value))
    }

    fn follow(&mut self, start: Orbit, step: f64) -> (Vec<Orbit>, Option<Stopped>) {
        let mut follow = Follow::new(self.newton.another(), start, step, self.wide, self.care.effort());
        let mut orbits = Vec::new();
        for orbit in follow.by_ref() {
            orbits.push(orbit);
            if !(self.watch)(self.diagram) {
                break;
            }
        }
        if follow.stopped == Some(Stopped::Shrunk)
            && let Some(last) = orbits.last()
            && let Some(end) = HopfEnd::nearest(self.hopfs, last, &self.newton)
        {
            orbits.extend(end.between(last, &self.newton, self.wide, self.care.effort()));
        }
        (orbits, follow.stopped)
    }

    /// Adds a branch with its special points; false if the watcher has had enough.
    pub fn add(&mut self, mut orbits: Vec<Orbit>, ends: Ends) -> bool {
        if orbits.is_empty() {
            return (self.watch)(self.diagram);
        }
        let mut named = [Ending::Lost; 2];
        for (place, (known, stopped)) in ends.into_iter().enumerate() {
            let mut order = orbits.clone();
            if place == 0 {
                order.reverse();
            }
            let known = known.or_else(|| self.shrunk_onto(order.last().filter(|_| stopped == Some(Stopped::Shrunk))?));
            let (end, special) = known.map_or_else(|| ending(&mut self.newton, &order, stopped, self.around), |end| (end, None));
            named[place] = end;
            if let Ending::Hopf(value) = end {
                self.used.push(value);
            }
            self.diagram.special.extend(special);
        }
        self.diagram.special.extend(on_cycles(&mut self.newton, &mut orbits, self.care));
        let stable = orbits.windows(2).filter(|w| w[0].multipliers.is_stable() && w[1].multipliers.is_stable());
        let values = stable.map(|w| (w[0].cycle.value, w[1].cycle.value)).map(|(a, b)| (a.min(b), a.max(b)));
        self.stable.extend(values);
        for (orbits, ends) in self.clipped(orbits, named) {
            let n = self.newton.family.dim();
            let extents = orbits.iter().map(|o| extent(&o.cycle, n, &self.newton.scales)).collect();
            self.diagram.cycles.push(CycleBranch { orbits, extents, ends });
        }
        (self.watch)(self.diagram)
    }

    fn shrunk_onto(&self, orbit: &Orbit) -> Option<Ending> {
        HopfEnd::nearest(self.hopfs, orbit, &self.newton).map(|end| Ending::Hopf(end.mark.value))
    }

    /// The pieces of a branch inside the range, each cut exactly at its border.
    fn clipped(&mut self, orbits: Vec<Orbit>, ends: [Ending; 2]) -> Vec<(Vec<Orbit>, [Ending; 2])> {
        let (low, high) = self.diagram.range;
        let inside = |o: &Orbit| o.cycle.value >= low && o.cycle.value <= high;
        let mut pieces = Vec::new();
        let mut piece: Vec<Orbit> = Vec::new();
        let mut first = ends[0];
        let mut last: Option<Orbit> = None;
        for orbit in orbits {
            if let Some(before) = last.as_ref().filter(|before| inside(before) != inside(&orbit)) {
                let outer = if inside(before) { orbit.cycle.value } else { before.cycle.value };
                let border = if outer < low { low } else { high };
                let crosses = (before.cycle.value - border) * (orbit.cycle.value - border) < 0.0;
                let cut = crosses.then(|| between(&mut self.newton, before, &orbit, |o| o.cycle.value - border)).flatten();
                piece.extend(cut.map(|found| found.0));
                if inside(before) {
                    pieces.push((std::mem::take(&mut piece), [first, Ending::Range]));
                }
                first = Ending::Range;
            }
            if inside(&orbit) {
                piece.push(orbit.clone());
            }
            last = Some(orbit);
        }
        pieces.push((piece, [first, ends[1]]));
        pieces.retain(|(orbits, _)| orbits.len() > 1);
        pieces
    }
}
