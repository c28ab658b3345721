//! What the traces show, as plain data in model units: strips, ranges and the interval that is marked.

use crate::analysis::Firing;
use crate::app::convention::moved;
use crate::model::{Dynamics, Field, Kind};
use crate::preset::Setup;
use crate::sim::Trace;
use crate::ui::stage::Look;

/// One strip of the traces: channels that share a vertical axis.
pub struct Strip {
    /// Key of its held range.
    pub key: &'static str,
    /// Channels of the trace with their tables; channel 0 is the input.
    pub channels: Vec<(usize, &'static Field)>,
    /// Share of the height.
    pub weight: f32,
}

/// The strips of a model: potential, recovery or gates, input.
#[must_use]
pub fn strips(neuron: &'static dyn Dynamics) -> Vec<Strip> {
    let with = |wanted: &[Kind]| {
        let states = neuron.states().iter().enumerate();
        states.filter(|(_, f)| wanted.contains(&f.kind)).map(|(k, f)| (k + 1, f)).collect::<Vec<_>>()
    };
    let potential = with(&[Kind::Potential, Kind::Threshold]);
    let others = with(&[Kind::Recovery, Kind::Activation, Kind::Inactivation]);
    let mut strips = vec![Strip { key: "potential", channels: potential, weight: 188.0 }];
    if !others.is_empty() {
        let weight = if others.len() > 1 { 84.0 } else { 60.0 };
        strips.push(Strip { key: "others", channels: others, weight });
    }
    strips.push(Strip { key: "input", channels: vec![(0, &neuron.card().current)], weight: 38.0 });
    strips
}

/// The held range of a strip over the points `from..to`, with what is planned beside them and the levels of the
/// setup: it grows at once, and shrinks only when the data fill less than a third of it.
pub fn hold_range(
    look: &mut Look,
    strip: &Strip,
    trace: &Trace,
    (from, to): (usize, usize),
    planned: Option<(f64, f64)>,
    setup: &Setup,
) -> (f64, f64) {
    let mut data = planned.unwrap_or((f64::INFINITY, f64::NEG_INFINITY));
    for (channel, field) in &strip.channels {
        if let Some(range) = trace.range(*channel, from, to) {
            data = (data.0.min(range.0), data.1.max(range.1));
        }
        match field.kind {
            Kind::Potential => data = potential_range(data, moved(setup, field.shown), &levels(setup)),
            Kind::Input => data = (data.0.min(0.0), data.1.max(0.0)),
            _ => {}
        }
    }
    let gates = strip.channels.iter().all(|(_, f)| f.min == 0.0 && f.max.to_bits() == 1.0_f64.to_bits());
    if gates {
        return (0.0, 1.0);
    }
    if !(data.0.is_finite() && data.1.is_finite()) {
        return strip.channels.first().map_or((0.0, 1.0), |(_, f)| f.shown);
    }
    let least = strip.channels.first().map_or(1.0, |(_, f)| 0.04 * (f.shown.1 - f.shown.0));
    if data.1 - data.0 < least {
        data = (data.0 - 0.5 * least, data.1 + 0.5 * least);
        if strip.key == "input" && data.0 > -least {
            data = (data.0.min(0.0), data.1);
        }
    }
    let slot = look.ranges.entry(strip.key.into()).or_insert((f64::NAN, f64::NAN));
    let fits = slot.0 <= data.0 && data.1 <= slot.1 && data.1 - data.0 > 0.33 * (slot.1 - slot.0);
    if !fits {
        let pad = if strip.key == "potential" { 0.0 } else { 0.12 * (data.1 - data.0) };
        *slot = (data.0 - pad, data.1 + pad);
    }
    *slot
}

/// The range of the potential: what the table shows, or only threshold, reset and data where these are so close
/// together that the table's range would flatten them.
fn potential_range(data: (f64, f64), shown: (f64, f64), marks: &[f64]) -> (f64, f64) {
    let all = marks.iter().filter(|m| (shown.0..=shown.1).contains(*m)).fold(data, |(low, high), m| (low.min(*m), high.max(*m)));
    let span = all.1 - all.0;
    // A neuron at rest is shown where it lies among all potentials.
    let least = if marks.is_empty() { 0.02 * (shown.1 - shown.0) } else { 0.0 };
    if span.is_finite() && span > least && span < 0.2 * (shown.1 - shown.0) {
        return (all.0 - 0.15 * span, all.1 + 0.15 * span);
    }
    (data.0.min(shown.0), data.1.max(shown.1))
}

/// True if a spike is the moment at which a threshold is met; it is then drawn as a line up from there. Where the level is a peak, the
/// model has an upstroke of its own.
#[must_use]
pub fn ends_at_threshold(neuron: &dyn Dynamics) -> bool {
    neuron.resets() && neuron.params().iter().any(|f| f.kind == Kind::Level && !f.id.ends_with("peak"))
}

/// Threshold and reset, as far as the model has them.
fn levels(setup: &Setup) -> Vec<f64> {
    let all = setup.neuron.params().iter().zip(&setup.params);
    all.filter(|(f, _)| matches!(f.kind, Kind::Level | Kind::Reset)).map(|(_, v)| *v).collect()
}

/// The time axis: what the user chose, or one that follows the present with room ahead.
#[must_use]
pub fn time_range(look: &Look, duration: f64, now: f64) -> (f64, f64) {
    let span = look.time_span.unwrap_or(duration);
    match look.time_end {
        Some(end) => (end - span, end),
        None if now <= span => (0.0, span),
        None => (now - span, now),
    }
}

/// The interval to mark above the spikes: between the last two spikes, or the last two bursts.
#[must_use]
pub fn marked_interval(trace: &Trace, firing: Option<Firing>, now: f64) -> Option<(f64, f64)> {
    let spikes = trace.spikes();
    let end = spikes.partition_point(|s| s.t <= now);
    let time = |back: usize| end.checked_sub(back).and_then(|k| spikes.get(k)).map(|s| s.t);
    match firing? {
        Firing::Bursting { period, spikes: count } => {
            // The newest spike that begins a burst is preceded by a pause.
            let start = (1..=count + 1).find(|back| match (time(*back), time(back + 1)) {
                (Some(b), Some(a)) => b - a > 0.4 * period,
                _ => false,
            })?;
            Some((time(start)? - period, time(start)?))
        }
        Firing::Silent => None,
        _ => Some((time(2)?, time(1)?)),
    }
}
