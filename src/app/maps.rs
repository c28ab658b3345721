//! The map of two parameters beside the frame: curves of equilibria first, curves of cycles as they are found.

use super::jobs::{Desk, Runner, Slot};
use super::workbench::Workbench;
use crate::analysis::Over;
use crate::analysis::diagram::Care;
use crate::analysis::parameter_map::{Field, ParameterMap, cycle_curves, equilibrium_curves};

/// What the map depends on.
#[derive(Clone, Debug, PartialEq)]
pub struct MapKey {
    model: &'static str,
    over: [Over; 2],
    range: [(u64, u64); 2],
    params: Vec<u64>,
    current: u64,
}

/// A map, and whether more is to come.
#[derive(Clone, Debug, Default)]
pub struct ShownMap {
    /// The map.
    pub map: ParameterMap,
    /// Curves of cycles are still coarse or missing.
    pub is_partial: bool,
}

/// What the view asks for: two quantities and their ranges.
pub type WantedMap = ([Over; 2], [(f64, f64); 2]);

/// The slot of the map.
#[derive(Default)]
pub struct Maps {
    slot: Option<Slot<MapKey, ShownMap>>,
}

/// Slices on which curves of cycles are looked for, at first and then.
const SLICES: [usize; 2] = [9, 33];

impl Maps {
    /// Asks for the map a view shows, or gives it up where nobody looks.
    pub(super) fn refresh(&mut self, runner: &Runner, bench: &Workbench, wanted: Option<WantedMap>) {
        let slot = self.slot.get_or_insert_with(|| Slot::new("The map of two parameters", runner.clone()));
        slot.poll();
        let Some((over, range)) = wanted.filter(|(over, range)| over[0] != over[1] && range.iter().all(|r| r.1 > r.0)) else {
            return slot.rest();
        };
        let setup = bench.setup();
        let key = key(bench, over, range);
        if !slot.wants(&key) {
            return;
        }
        let field = Field { neuron: setup.neuron, params: setup.params.clone(), current: setup.current, over, range };
        let inline = matches!(runner, Runner::Inline);
        slot.follow(key, move |desk: &Desk<ShownMap>| {
            let fixed = equilibrium_curves(&field);
            let smooth = field.neuron.dim() > 1;
            desk.send(ShownMap { map: fixed.clone(), is_partial: smooth });
            for (stage, count) in SLICES.into_iter().enumerate().filter(|_| smooth) {
                let (curves, special) = cycle_curves(&field, Care::Live, count, 1, desk.flag(), &|_| ());
                if desk.is_cancelled() {
                    return;
                }
                let mut map = fixed.clone();
                map.curves.extend(curves);
                map.special.extend(special);
                let last = inline || stage + 1 == SLICES.len();
                desk.send(ShownMap { map, is_partial: !last });
                if last {
                    return;
                }
            }
        });
    }

    /// The newest map of this model, whether or not it belongs to the present parameters.
    #[must_use]
    pub fn shown(&self, model: &str, over: [Over; 2]) -> Option<&ShownMap> {
        let slot = self.slot.as_ref()?;
        let key = slot.result_key()?;
        slot.result().filter(|_| key.model == model && key.over == over)
    }

    /// True if the newest map belongs to the present parameters.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.slot.as_ref().is_some_and(Slot::is_current)
    }

    /// True while more is to come.
    #[must_use]
    pub fn is_working(&self) -> bool {
        self.slot.as_ref().is_some_and(Slot::is_working)
    }
}

/// The two quantities themselves leave the map as it is.
fn key(bench: &Workbench, over: [Over; 2], range: [(f64, f64); 2]) -> MapKey {
    let setup = bench.setup();
    let (mut params, mut current) = (setup.params.clone(), setup.current);
    for over in over {
        over.set(&mut params, &mut current, 0.0);
    }
    let bits = |(a, b): (f64, f64)| (a.to_bits(), b.to_bits());
    MapKey {
        model: setup.neuron.card().id,
        over,
        range: range.map(bits),
        params: params.iter().map(|p| p.to_bits()).collect(),
        current: current.to_bits(),
    }
}
