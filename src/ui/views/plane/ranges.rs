//! Which part of the plane is shown: ranges that hold still and grow when they must.

use crate::app::convention::moved;
use crate::model::Kind;
use crate::ui::stage::Stage;

/// Resets that the range of V must hold.
const RECENT: usize = 50;
/// What is shown of a gate, and what is left free beside its course.
const GATE: (f64, f64) = (-0.04, 1.04);
const MARGIN: f64 = 0.04;

/// Range of V in the plane: the user's, or one that holds equilibria, resets and the orbit below the upstroke.
#[must_use]
pub fn v_window(stage: &mut Stage) -> (f64, f64) {
    if let Some(window) = stage.look.plane_window {
        return window[0];
    }
    let setup = stage.bench.setup();
    let card = moved(setup, setup.neuron.card().window[0]);
    let span = card.1 - card.0;
    let one = setup.neuron.dim() == 1;
    let wanted = |kind: Kind| kind == Kind::Reset || (kind == Kind::Level && one);
    let values = setup.neuron.params().iter().zip(&setup.params);
    let mut marks: Vec<f64> = values.filter(|(f, _)| wanted(f.kind)).map(|(_, v)| *v).collect();
    let trace = stage.bench.trace();
    if let Some((low, high)) = trace.range(1, 0, trace.len()) {
        marks.push(low);
        // A reset model's upstroke runs off to the peak; a smooth orbit belongs in the plane whole.
        let moving = setup.neuron.chance().is_some() || setup.neuron.states().iter().any(|f| f.kind == Kind::Threshold);
        let whole = !setup.neuron.resets() || moving;
        marks.extend(whole.then_some(high));
    }
    if setup.neuron.resets() && !one {
        // Where resets depend on the other state, they lie off the reset potential.
        marks.extend(trace.spikes().iter().rev().take(RECENT).filter_map(|spike| spike.after.first().copied()));
    }
    // Equilibria far away, where the neuron never gets, would shrink everything else.
    let near = bounds(&marks).map_or(card, |(low, high)| (low - span, high + span));
    let points = stage.derived.equilibria().points.iter().filter(|p| !p.is_virtual).filter_map(|p| p.state.first().copied());
    marks.extend(points.filter(|v| (near.0..near.1).contains(v)));
    let (low, high) = bounds(&marks).unwrap_or(card);
    let right = if setup.neuron.resets() && !one { 0.32 } else { 0.08 };
    // Threshold, reset and data that lie close together would be lost in the model's own window.
    let levels = setup.neuron.params().iter().filter(|f| wanted(f.kind)).count();
    let close = levels > 0 && high - low > 0.005 * span && high - low < 0.12 * span;
    let least = if close { 1.1 * (high - low) } else { 0.35 * span };
    let width = (high - low).max(least);
    let wanted = (0.5 * (low + high - width) - 0.08 * width, 0.5 * (low + high + width) + right * width);
    hold(stage, "plane x", if setup.neuron.resets() || close { wanted } else { (wanted.0.min(card.0), wanted.1.max(card.1)) })
}

/// Range of the vertical state: the user's, or one that holds equilibria and the orbit.
pub fn y_window(stage: &mut Stage, y: usize) -> (f64, f64) {
    if let Some(window) = stage.look.plane_window {
        return window[1];
    }
    let field = stage.neuron().states()[y];
    let is_gate = field.min == 0.0 && field.max.to_bits() == 1.0_f64.to_bits();
    let natural = stage.neuron().states().iter().position(|f| f.kind == Kind::Recovery) == Some(y);
    if is_gate && !natural {
        return GATE;
    }
    let card = stage.neuron().card().window[1];
    let least = 0.2 * (card.1 - card.0);
    let mut marks: Vec<f64> = stage.derived.equilibria().points.iter().filter(|p| !p.is_virtual).filter_map(|p| p.state.get(y).copied()).collect();
    marks.retain(|w| w.abs() < 20.0 * (card.1 - card.0));
    let trace = stage.bench.trace();
    if let Some((low, high)) = trace.range(y + 1, 0, trace.len()) {
        marks.extend([low, high]);
    }
    if is_gate {
        // The model's own window, which shows what matters most, unless the neuron leaves it.
        let wider = |(low, high): (f64, f64)| (if low < card.0 { low - MARGIN } else { card.0 }, if high > card.1 { high + MARGIN } else { card.1 });
        let wanted = wider(bounds(&marks).unwrap_or(card));
        let held = hold(stage, &format!("plane y{y}"), wanted);
        return (held.0.max(GATE.0.min(card.0)), held.1.min(GATE.1.max(card.1)));
    }
    let (low, high) = bounds(&marks).unwrap_or(card);
    let height = (high - low).max(least);
    let middle = 0.5 * (low + high);
    hold(stage, &format!("plane y{y}"), (middle - 0.7 * height, middle + 0.8 * height))
}

fn bounds(marks: &[f64]) -> Option<(f64, f64)> {
    let range = marks.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(*x), b.max(*x)));
    (range.0 <= range.1 && range.0.is_finite() && range.1.is_finite()).then_some(range)
}

/// The held range of this name, grown by an eighth beyond what is wanted whenever that does not fit.
fn hold(stage: &mut Stage, name: &str, wanted: (f64, f64)) -> (f64, f64) {
    let slot = stage.look.ranges.entry(name.into()).or_insert(wanted);
    let pad = 0.06 * (wanted.1 - wanted.0);
    if wanted.0 < slot.0 - pad {
        slot.0 = wanted.0 - pad;
    }
    if wanted.1 > slot.1 + pad {
        slot.1 = wanted.1 + pad;
    }
    *slot
}
