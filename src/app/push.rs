//! What a kick would do to a resting neuron, and how large it must be.

use super::landscape::Landscape;
use crate::analysis::{Equilibria, FixedPoint, Outcome};
use crate::model::Dynamics;

/// The smallest sudden change of V that leads a resting neuron elsewhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Push {
    /// The change of V, in its unit.
    pub by: f64,
    /// What it does, as the end of a sentence.
    pub then: &'static str,
}

impl Push {
    /// For the neuron that has come to the equilibrium `rest` and is now in this state: on a line from the next unstable equilibrium, in the plane from the border of the
    /// basin, if that is known at the present values; none beyond, or where the border is not in the window.
    #[must_use]
    pub fn find(neuron: &dyn Dynamics, p: &[f64], (equilibria, rest): (&Equilibria, usize), at: &[f64], landscape: &Landscape) -> Option<Self> {
        let card = neuron.card();
        let points = &equilibria.points;
        points.get(rest)?;
        if neuron.dim() == 1 {
            let fires = |x: &[f64]| neuron.resets() && neuron.spike(x, p) >= 0.0;
            return over_the_top(points, at, &fires);
        }
        let picture = landscape.plane(card.id).filter(|_| landscape.is_plane_current())?;
        let basin = picture.portrayal.basin.as_ref().filter(|basin| basin.rest == rest)?;
        let then = match basin.beyond {
            Outcome::Cycle => "starts a lasting rhythm",
            Outcome::Spike if picture.firing_lasts => "starts lasting firing",
            Outcome::Spike => "makes it fire",
            Outcome::Rest(_) => "takes it to another rest",
            Outcome::Unknown => return None,
        };
        let by = basin.push(&[*at.first()?, *at.get(1)?], card.window[0])?;
        Some(Self { by, then })
    }

    /// The sentence.
    #[must_use]
    pub fn sentence(&self, unit: &str) -> String {
        let sign = if self.by < 0.0 { '\u{2212}' } else { '+' };
        let decimals = if self.by.abs() < 1.0 { 2 } else { 1 };
        format!("A kick of {sign}{:.decimals$} {unit} {}.", self.by.abs(), self.then).replace("  ", " ")
    }
}

fn over_the_top(points: &[FixedPoint], at: &[f64], fires: &dyn Fn(&[f64]) -> bool) -> Option<Push> {
    let v = |point: &FixedPoint| point.state.first().copied().unwrap_or_default();
    let next = |from: f64| points.iter().filter(move |p| v(p) > from).min_by(|a, b| v(a).total_cmp(&v(b)));
    let from = *at.first()?;
    let top = next(from).filter(|p| !p.kind.is_stable())?;
    let beyond = next(v(top)).filter(|p| !fires(&p.state));
    Some(Push { by: v(top) - from, then: if beyond.is_some() { "takes it to another rest" } else { "makes it fire" } })
}
