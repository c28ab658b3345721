//! A diagram brought to other parameters: every stored orbit is corrected in the plane across its own direction, so that
//! branches and labels move instead of being made anew.

use super::ends::ending;
use super::special::{Special, on_cycles};
use super::trace::{finish, scales, widened};
use super::{Care, CycleBranch, Diagram, Ending};
use crate::analysis::branches::{Event, RestBranch, Window, rest_branches};
use crate::analysis::cycles::{Newton, Orbit, Stopped, extent, recorrected, recorrected_at};
use crate::analysis::family::Family;

/// At least this share of a branch must follow.
const FOLLOWS: f64 = 0.9;

/// The diagram of `family` from one at nearby parameters; `None` where something was born or has died, so that it must
/// be made anew: another number of Hopf points or of any special points, the end of a branch, or orbits that could not be corrected.
#[must_use]
pub fn recorrect(old: &Diagram, family: &Family) -> Option<Diagram> {
    let mut family = family.clone();
    if old.over != family.over() {
        return None;
    }
    let scales = scales(&family, old.range);
    let window = Window { value: widened(&family, old.range), potential: scales.state[0] };
    let around = rest_branches(&mut family, &window);
    let rests = rest_branches(&mut family, &Window { value: old.range, ..window });
    let hopfs = hopfs(&around);
    if hopfs.len() != old.hopfs {
        return None;
    }
    let mut diagram =
        Diagram { over: old.over, range: old.range, scales, rests, cycles: Vec::new(), firing: Vec::new(), special: Vec::new(), hopfs: hopfs.len() };
    let mut newton = Newton::new(family, scales, Care::Live.effort().converged);
    for branch in &old.cycles {
        let (mut moved, special) = moved(&mut newton, branch, &hopfs, &around)?;
        diagram.special.extend(special);
        diagram.special.extend(on_cycles(&mut newton, &mut moved.orbits, Care::Live));
        diagram.cycles.push(moved);
    }
    finish(&mut diagram);
    let kinds = |diagram: &Diagram| diagram.special.iter().map(|point| point.kind.id()).collect::<Vec<_>>();
    // Another point than before was born, or is a slip of orbits that are only nearly corrected.
    (kinds(&diagram) == kinds(old)).then_some(diagram)
}

/// Values of the Hopf points.
pub fn hopfs(rests: &[RestBranch]) -> Vec<f64> {
    rests.iter().flat_map(|b| &b.marks).filter(|m| matches!(m.event, Event::Hopf(_))).map(|m| m.value).collect()
}

/// A branch at the new parameters, if nearly all of it follows and its ends are again what they were.
fn moved(newton: &mut Newton, branch: &CycleBranch, hopfs: &[f64], around: &[RestBranch]) -> Option<(CycleBranch, Vec<Special>)> {
    let last = branch.orbits.len().checked_sub(1)?;
    let mut orbits: Vec<Orbit> = Vec::with_capacity(branch.orbits.len());
    for (place, orbit) in branch.orbits.iter().enumerate() {
        let cut = (place == 0 && branch.ends[0] == Ending::Range) || (place == last && branch.ends[1] == Ending::Range);
        // An end that was cut at the border of the range stays on it.
        let found = if cut { Some(recorrected_at(newton, orbit)?) } else { recorrected(newton, orbit) };
        orbits.extend(found);
    }
    #[expect(clippy::cast_precision_loss, reason = "a few hundred orbits")]
    let share = orbits.len() as f64 / branch.orbits.len() as f64;
    if share < FOLLOWS || orbits.len() < 2 {
        return None;
    }
    let mut ends = branch.ends;
    let mut special = Vec::new();
    for (place, end) in ends.iter_mut().enumerate() {
        if place == 0 {
            orbits.reverse();
        }
        let value = orbits.last()?.cycle.value;
        match end {
            Ending::Hopf(_) => *end = Ending::Hopf(hopfs.iter().copied().min_by(|a, b| (a - value).abs().total_cmp(&(b - value).abs()))?),
            Ending::Circle(_) | Ending::Homoclinic(_) | Ending::LongPeriod => {
                let (found, point) = ending(newton, &orbits, Some(Stopped::LongPeriod), around);
                if std::mem::discriminant(&found) != std::mem::discriminant(end) {
                    return None;
                }
                *end = found;
                special.extend(point);
            }
            Ending::Range | Ending::Closed | Ending::Grazing | Ending::Lost => {}
        }
        if place == 0 {
            orbits.reverse();
        }
    }
    let n = newton.family.dim();
    let extents = orbits.iter().map(|o| extent(&o.cycle, n, &newton.scales)).collect();
    Some((CycleBranch { orbits, extents, ends }, special))
}
