//! A current that is raised or lowered so slowly that the neuron stays on its attractor as long as there is one.
//!
//! A rest is followed as the equilibrium itself: from one current to the next in steps so small that it moves by a
//! small part of its range, as long as it stays stable. It is therefore lost where it loses stability and not where
//! a coarse step in the current would throw the neuron out. A cycle is followed by simulation from the state it had
//! before; if it seems lost, the step is made again in parts.

use super::settle::{Attractor, Effort, Outcome, is_physical, settle};
use super::{GoOn, Preparation};
use crate::analysis::equilibria;

/// A rest may move by this part of the range of a state in one step.
const NEAR: f64 = 0.02;
/// The longest and the shortest step, as parts of the way between two currents.
const STEPS: (f64, f64) = (0.25, 1.0 / 65_536.0);
/// Parts of a step in which a cycle seems lost.
const PARTS: u32 = 8;

/// The attractor at current `to` that is reached from `outcome` at current `from`; `None` if stopped by `go_on`.
pub fn follow(prep: &Preparation, outcome: &Outcome, (from, to): (f64, f64), effort: Effort, go_on: GoOn) -> Option<Outcome> {
    if outcome.attractor == Attractor::Rest {
        let (rest, is_lost) = follow_rest(prep, &outcome.state, (from, to));
        if !is_lost {
            return Some(Outcome { attractor: Attractor::Rest, rate: Some(0.0), state: rest, spikes: 0 });
        }
        return settle(prep, to, &rest, effort, go_on);
    }
    // A state that has drifted off leads nowhere.
    let state = if is_physical(prep, &outcome.state) { &outcome.state } else { &prep.start };
    let direct = settle(prep, to, state, effort, go_on)?;
    if !outcome.fires() || direct.fires() {
        return Some(direct);
    }
    let mut state = outcome.state.clone();
    for part in 1..=PARTS {
        let current = from + (to - from) * f64::from(part) / f64::from(PARTS);
        let next = settle(prep, current, &state, effort, go_on)?;
        if !next.fires() {
            return Some(direct);
        }
        if part == PARTS {
            return Some(next);
        }
        state = next.state;
    }
    Some(direct)
}

/// Follows an equilibrium: where it has come to, and whether it was lost on the way.
fn follow_rest(prep: &Preparation, rest: &[f64], (from, to): (f64, f64)) -> (Vec<f64>, bool) {
    let scale = prep.scale();
    let (mut rest, mut done, mut step) = (rest.to_vec(), 0.0, STEPS.0);
    while done < 1.0 {
        let next = f64::min(1.0, done + step);
        let current = if next >= 1.0 { to } else { from + (to - from) * next };
        let points = equilibria(prep.neuron, &prep.params, current).points;
        let off = |state: &[f64]| state.iter().zip(&rest).zip(&scale).map(|((a, b), s)| ((a - b) / s).abs()).fold(0.0, f64::max);
        let stable = points.iter().filter(|p| p.kind.is_stable() && !p.is_virtual);
        let nearest = stable.map(|p| (off(&p.state), &p.state)).min_by(|a, b| a.0.total_cmp(&b.0));
        match nearest {
            Some((distance, state)) if distance < NEAR => {
                rest.clone_from(state);
                done = next;
                step = (2.0 * step).min(STEPS.0);
            }
            _ if step > STEPS.1 => step *= 0.5,
            _ => return (rest, true),
        }
    }
    (rest, false)
}

/// The current between `from` and `to` at which a rest that is followed is lost; `None` if it is not.
pub fn rest_end(prep: &Preparation, outcome: &Outcome, (from, to): (f64, f64)) -> Option<f64> {
    if outcome.attractor != Attractor::Rest || !follow_rest(prep, &outcome.state, (from, to)).1 {
        return None;
    }
    let (mut rest, mut low, mut high) = (outcome.state.clone(), from, to);
    for _ in 0..24 {
        let middle = 0.5 * (low + high);
        let (next, is_lost) = follow_rest(prep, &rest, (low, middle));
        if is_lost {
            high = middle;
        } else {
            (rest, low) = (next, middle);
        }
    }
    Some(0.5 * (low + high))
}

/// Follows the attractor from current to current; each step is one item.
pub struct Sweep<'a, I> {
    prep: &'a Preparation,
    currents: I,
    at: Option<(f64, Outcome)>,
    effort: Effort,
    go_on: GoOn<'a>,
}

impl<'a, I: Iterator<Item = f64>> Sweep<'a, I> {
    /// A sweep over `currents`, begun in the preparation's start state.
    pub fn new(prep: &'a Preparation, currents: I, effort: Effort, go_on: GoOn<'a>) -> Self {
        Self { prep, currents, at: None, effort, go_on }
    }
}

impl<I: Iterator<Item = f64>> Iterator for Sweep<'_, I> {
    type Item = Outcome;

    fn next(&mut self) -> Option<Outcome> {
        let current = self.currents.next()?;
        let outcome = match &self.at {
            None => settle(self.prep, current, &self.prep.start, self.effort, self.go_on)?,
            Some((before, outcome)) => follow(self.prep, outcome, (*before, current), self.effort, self.go_on)?,
        };
        self.at = Some((current, outcome.clone()));
        Some(outcome)
    }
}
