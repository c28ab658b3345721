//! Every field of a part of the stimulus with its unit: what matters most as a slider, the others as numbers one can drag or type.

use std::ops::RangeInclusive;

use eframe::egui::{Button, DragValue, Grid, Response, RichText, Role, Ui, WidgetInfo};

use super::Outcome;
use super::quantities::{self, Quantity};
use crate::app::stimuli::Measure;
use crate::model::units;
use crate::stimulus::{Item, Synapse};
use crate::ui::plot::plain;
use crate::ui::stage::Stage;
use crate::ui::times_field::times_field;
use crate::ui::widgets::{Called, Row, at_most_five_figures, number_row, select_whole};

/// Samples that are listed; more come from a file and stay there.
const MOST_SAMPLES: usize = 40;
/// Anything a time or a current may be.
const ANY: RangeInclusive<f64> = -1e9..=1e9;
const NOT_NEGATIVE: RangeInclusive<f64> = 0.0..=1e9;
const POSITIVE: RangeInclusive<f64> = 1e-6..=1e9;

/// A field: its name, its unit, and the value in its form.
struct Entry<'a> {
    name: &'static str,
    unit: String,
    value: Value<'a>,
}

enum Value<'a> {
    /// What matters most, as a slider.
    Slider(&'a mut f64, RangeInclusive<f64>, &'static Quantity),
    Number(&'a mut f64, RangeInclusive<f64>),
    /// An end that may be left out, with the start it must follow.
    End(&'a mut Option<f64>, f64),
    Count(&'a mut u64),
}

/// Units of this model.
struct Units {
    time: &'static str,
    current: &'static str,
    potential: &'static str,
    conductance: &'static str,
    rate: &'static str,
}

/// Draws the fields of the item at `place`.
pub fn show(ui: &mut Ui, stage: &Stage, place: usize, item: &mut Item, outcome: &mut Outcome) {
    let card = stage.neuron().card();
    let units = Units {
        time: card.time_unit(),
        current: card.current.unit,
        potential: stage.neuron().states().first().map_or("", |f| f.unit),
        conductance: card.conductance_unit,
        rate: if card.dimensionless { "per unit t" } else { "Hz" },
    };
    let measure = Measure::of(stage.bench);
    let of = |name: &str| format!("Stimulus {}: {name}", place + 1);
    let dense = |ui: &mut Ui| {
        ui.spacing_mut().interact_size.y = 22.0;
        ui.spacing_mut().button_padding.y = 2.0;
    };
    if let Item::Spikes { times, rate_hz, seed, weight, synapse } = item {
        ui.indent(("input spikes", place), |ui| {
            dense(ui);
            spikes(ui, (times, rate_hz, seed), &measure, &of, outcome);
            synapses(ui, synapse, weight, &measure, outcome);
        });
    }
    sliders(ui, stage, place, (item, &units, &measure), &of, outcome);
    ui.indent(("stimulus fields", place), |ui| {
        dense(ui);
        Grid::new(("stimulus grid", place)).num_columns(3).spacing([8.0, 3.0]).show(ui, |ui| {
            for entry in entries(item, &units) {
                row(ui, stage, entry, &measure, &of, outcome);
            }
        });
        if let Item::Samples { times, values } = item {
            samples(ui, stage, (times, values), &measure, &of, outcome);
        }
        ui.add_space(4.0);
    });
}

/// The sliders of the item at `place`.
fn sliders(
    ui: &mut Ui,
    stage: &Stage,
    place: usize,
    (item, units, measure): (&mut Item, &Units, &Measure),
    of: &impl Fn(&str) -> String,
    outcome: &mut Outcome,
) {
    let mut loaded = stage.bench.loaded().stimulus.get(place).filter(|before| is_alike(before, item)).cloned();
    let loaded: Vec<Entry> = loaded.iter_mut().flat_map(|before| entries(before, units)).collect();
    for Entry { name, unit, value } in entries(item, units) {
        let Value::Slider(value, range, quantity) = value else { continue };
        let before = loaded.iter().find(|other| other.name == name).and_then(|other| match &other.value {
            Value::Slider(value, ..) => Some(**value),
            _ => None,
        });
        let called = Called { name: of(name), reset: format!("Reset {}", of(name)), unit: &unit };
        let row = Row { value: *value, loaded: before.unwrap_or(*value), colour: None, height: stage.sizes.slider_row_dense, word: None };
        let change = number_row(ui, stage, &quantities::field(quantity, &range, measure), &row, &called);
        if let Some(next) = change.value {
            *value = next.clamp(*range.start(), *range.end());
            outcome.changed = true;
        }
        outcome.settled |= change.settled;
    }
}

/// True if the quantities of two items mean the same, so that one can go back to the other's values.
fn is_alike(a: &Item, b: &Item) -> bool {
    let kind = std::mem::discriminant::<Synapse>;
    match (a, b) {
        (Item::Spikes { synapse: a, .. }, Item::Spikes { synapse: b, .. }) => kind(a) == kind(b),
        _ => std::mem::discriminant(a) == std::mem::discriminant(b),
    }
}

/// The fields of an item that are single numbers.
fn entries<'a>(item: &'a mut Item, units: &Units) -> Vec<Entry<'a>> {
    let number = |name, unit: &str, value, range| Entry { name, unit: unit.into(), value: Value::Number(value, range) };
    let time = |name, value, range| number(name, units.time, value, range);
    let slider = |quantity: &'static Quantity, unit: &str, value, range| Entry {
        name: quantity.name,
        unit: unit.into(),
        value: Value::Slider(value, range, quantity),
    };
    let amplitude = |value| slider(&quantities::AMPLITUDE, units.current, value, ANY);
    let seed = |value| Entry { name: "seed", unit: String::new(), value: Value::Count(value) };
    // A start stays before its end.
    let from = |value: &'a mut f64, to: Option<f64>| time("from", value, *ANY.start()..=to.map_or(*ANY.end(), |to| to - 1e-6));
    let end = |to: &'a mut Option<f64>, from: f64| Entry { name: "to", unit: units.time.into(), value: Value::End(to, from) };
    match item {
        Item::Step { from: a, to, amplitude: height } => {
            let (start, stop) = (*a, *to);
            vec![amplitude(height), from(a, stop), end(to, start)]
        }
        Item::Ramp { from: a, to, slope } => {
            let (start, stop) = (*a, *to);
            vec![from(a, stop), end(to, start), number("slope", units::rise(units.current), slope, ANY)]
        }
        Item::PulseTrain { from: a, width, period, count, amplitude: height } => vec![
            amplitude(height),
            from(a, None),
            time("width", width, POSITIVE),
            time("period", period, POSITIVE),
            Entry { name: "count", unit: String::new(), value: Value::Count(count) },
        ],
        Item::Sine { from: a, to, amplitude: height, frequency_hz, phase } => {
            let (start, stop) = (*a, *to);
            let frequency = number("frequency", units.rate, frequency_hz, ANY);
            vec![amplitude(height), from(a, stop), end(to, start), frequency, number("phase", "rad", phase, ANY)]
        }
        Item::Chirp { from: a, to, amplitude: height, start_hz, end_hz } => {
            let (start, stop) = (*a, *to);
            vec![
                amplitude(height),
                from(a, Some(stop)),
                time("to", to, start + 1e-6..=*ANY.end()),
                number("first frequency", units.rate, start_hz, ANY),
                number("last frequency", units.rate, end_hz, ANY),
            ]
        }
        Item::OuNoise { from: a, to, mean, sd: strength, tau, seed: own } => {
            let (start, stop) = (*a, *to);
            let mean = number("mean", units.current, mean, ANY);
            let sd = slider(&quantities::SD, units.current, strength, NOT_NEGATIVE);
            vec![sd, slider(&quantities::NOISE_TAU, units.time, tau, POSITIVE), mean, from(a, stop), end(to, start), seed(own)]
        }
        Item::WhiteNoise { from: a, to, sd: strength, seed: own } => {
            let (start, stop) = (*a, *to);
            let unit = format!("{}·√{}", units.current, if units.time.is_empty() { "t" } else { units.time });
            let sd = slider(&quantities::WHITE_SD, unit.trim_start_matches('·'), strength, NOT_NEGATIVE);
            vec![sd, from(a, stop), end(to, start), seed(own)]
        }
        Item::Samples { .. } => Vec::new(),
        Item::Spikes { rate_hz, seed: own, weight, synapse, .. } => {
            let mut list: Vec<Entry> = rate_hz.iter_mut().map(|rate| slider(&quantities::RATE, units.rate, rate, 0.0..=1e5)).collect();
            list.push(slider(quantities::weight(synapse), &weight_unit(synapse, units), weight, ANY));
            let decay = |tau| slider(&quantities::SYNAPSE_TAU, units.time, tau, POSITIVE);
            match synapse {
                Synapse::Delta {} => {}
                Synapse::Exponential { tau } | Synapse::Alpha { tau, .. } => list.push(decay(tau)),
                Synapse::Conductance { tau, reversal } => list.extend([decay(tau), number("reversal", units.potential, reversal, ANY)]),
            }
            list.extend(own.as_mut().map(seed));
            list
        }
    }
}

fn weight_unit(synapse: &Synapse, units: &Units) -> String {
    match synapse {
        Synapse::Delta {} => units.potential.into(),
        Synapse::Exponential { .. } => units.current.into(),
        Synapse::Alpha { .. } if units.current.is_empty() || units.time.is_empty() => units.current.into(),
        Synapse::Alpha { .. } => format!("{}·{}", units.current, units.time),
        Synapse::Conductance { .. } => units.conductance.into(),
    }
}

fn row(ui: &mut Ui, stage: &Stage, entry: Entry, measure: &Measure, of: &impl Fn(&str) -> String, outcome: &mut Outcome) {
    let name = of(entry.name);
    let word = |text: &str| RichText::new(text).size(stage.sizes.section);
    let mut unit = entry.unit.as_str();
    match entry.value {
        Value::Slider(..) => return,
        Value::Number(value, range) => {
            ui.label(word(entry.name));
            outcome.take(&number(ui, value, range, &name));
        }
        Value::Count(count) => {
            ui.label(word(entry.name));
            let drag = ui.add(DragValue::new(count).speed(0.1));
            drag.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, &name));
            outcome.take(&drag);
        }
        Value::End(to, from) => {
            let mut ends = to.is_some();
            let check = ui.checkbox(&mut ends, word(entry.name));
            check.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, ends, of("ends")));
            if check.on_hover_text("Without an end it lasts for ever").changed() {
                *to = ends.then(|| from + measure.part(0.4));
                *outcome = Outcome { changed: true, settled: true };
            }
            if let Some(to) = to {
                outcome.take(&number(ui, to, from + 1e-6..=*ANY.end(), &name));
            } else {
                ui.label(word("for ever").color(stage.palette.muted));
                unit = "";
            }
        }
    }
    ui.label(RichText::new(unit).size(stage.sizes.unit).color(stage.palette.muted));
    ui.end_row();
}

fn number(ui: &mut Ui, value: &mut f64, range: RangeInclusive<f64>, name: &str) -> Response {
    let (speed, figures) = (0.01 * value.abs().max(0.01), at_most_five_figures(ui));
    let drag = ui.add(DragValue::new(value).speed(speed).range(range).custom_formatter(figures));
    drag.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, name));
    select_whole(ui, &drag, &plain(*value));
    drag
}

/// Where the spikes come from: given times, or chance.
fn spikes(
    ui: &mut Ui,
    (times, rate, seed): (&mut Option<Vec<f64>>, &mut Option<f64>, &mut Option<u64>),
    measure: &Measure,
    of: &impl Fn(&str) -> String,
    outcome: &mut Outcome,
) {
    let mut pick = None;
    ui.horizontal(|ui| {
        for (random, text) in [(false, "at times"), (true, "at random")] {
            if ui.add(Button::selectable(rate.is_some() == random, text)).clicked() && rate.is_some() != random {
                pick = Some(random);
            }
        }
    });
    if let Some(random) = pick {
        *times = (!random).then(|| vec![measure.from, measure.after(0.1), measure.after(0.2)]);
        *rate = random.then(|| 20.0 / measure.duration * measure.per_second);
        *seed = random.then_some(0);
        *outcome = Outcome { changed: true, settled: true };
    }
    if let Some(times) = times
        && let Some(typed) = times_field(ui, times, &of("times"))
    {
        *times = typed;
        *outcome = Outcome { changed: true, settled: true };
    }
}

/// The kind of synapse; another kind begins with a weight in its own unit.
fn synapses(ui: &mut Ui, synapse: &mut Synapse, weight: &mut f64, measure: &Measure, outcome: &mut Outcome) {
    let tau = measure.part(0.05);
    let kinds = [
        ("delta", Synapse::Delta {}),
        ("exponential", Synapse::Exponential { tau }),
        ("alpha", Synapse::Alpha { n: 1, tau }),
        ("conductance", Synapse::Conductance { tau, reversal: measure.reversal }),
    ];
    ui.horizontal_wrapped(|ui| {
        for (text, kind) in kinds {
            let on = std::mem::discriminant(&kind) == std::mem::discriminant(synapse);
            if ui.add(Button::selectable(on, text)).clicked() && !on {
                *synapse = kind;
                *weight = measure.weight(&kind);
                *outcome = Outcome { changed: true, settled: true };
            }
        }
    });
    if let Synapse::Alpha { n, .. } = synapse {
        ui.horizontal(|ui| {
            let label = ui.label("order");
            outcome.take(&ui.add(DragValue::new(n).range(0..=20).speed(0.05)).labelled_by(label.id));
        });
    }
}

/// Time and value of each sample, with ways to add and remove one.
fn samples(
    ui: &mut Ui,
    stage: &Stage,
    (times, values): (&mut Vec<f64>, &mut Vec<f64>),
    measure: &Measure,
    of: &impl Fn(&str) -> String,
    outcome: &mut Outcome,
) {
    let count = times.len();
    let mut removed = None;
    Grid::new(of("samples")).num_columns(3).spacing([8.0, 3.0]).show(ui, |ui| {
        for (title, unit) in [("time", stage.neuron().card().time_unit()), ("current", stage.neuron().card().current.unit)] {
            ui.label(RichText::new(format!("{title} {unit}")).size(stage.sizes.unit).color(stage.palette.muted));
        }
        ui.end_row();
        for k in 0..count.min(MOST_SAMPLES) {
            let low = k.checked_sub(1).and_then(|k| times.get(k)).map_or(*ANY.start(), |t| t + 1e-6);
            let high = times.get(k + 1).map_or(*ANY.end(), |t| t - 1e-6);
            let (Some(time), Some(value)) = (times.get_mut(k), values.get_mut(k)) else { continue };
            outcome.take(&number(ui, time, low..=high, &of(&format!("time of point {}", k + 1))));
            outcome.take(&number(ui, value, ANY, &of(&format!("current at point {}", k + 1))));
            if count > 1 {
                let remove = ui.add(Button::new(RichText::new("×").color(stage.palette.muted)).frame(false));
                remove.widget_info(|| WidgetInfo::labeled(Role::Button, true, of(&format!("remove point {}", k + 1))));
                removed = removed.or_else(|| remove.clicked().then_some(k));
            }
            ui.end_row();
        }
    });
    if count > MOST_SAMPLES {
        ui.weak(format!("and {} more", count - MOST_SAMPLES));
    }
    let add = ui.button("Add a point");
    if let Some(k) = removed {
        times.remove(k);
        values.remove(k);
    } else if add.clicked() {
        times.push(times.last().copied().unwrap_or(0.0) + measure.part(0.1));
        values.push(values.last().copied().unwrap_or(0.0));
    } else {
        return;
    }
    *outcome = Outcome { changed: true, settled: true };
}
