//! The input: constant current, stimulus, and what one can do now.

use eframe::egui::{Align, Button, CollapsingHeader, DragValue, Label, Layout, RichText, Role, Ui, WidgetInfo, vec2};

use crate::app::Command;
use crate::sim::Method;
use crate::stimulus::{Item, Synapse};
use crate::ui::keys::kick;
use crate::ui::plot::plain;
use crate::ui::stage::Stage;
use crate::ui::widgets::{Row, section, slider_row};

/// Draws the section.
pub fn show(ui: &mut Ui, stage: &mut Stage) {
    let changed = stage.bench.setup().stimulus != stage.bench.loaded().stimulus;
    let remark = if stage.bench.setup().stimulus.is_empty() {
        String::new()
    } else {
        let unit = stage.neuron().card().current.unit;
        format!("with stimulus {} {unit}", crate::ui::plot::short(stage.bench.shown().2, 3))
    };
    section(ui, stage, "Input", remark.trim_end(), if changed { stage.palette.accent } else { stage.palette.input });
    let field = &stage.neuron().card().current;
    let row = Row {
        value: stage.bench.setup().current,
        loaded: stage.bench.loaded().current,
        colour: Some(stage.palette.input),
        height: stage.sizes.slider_row,
    };
    let change = slider_row(ui, stage, field, &row);
    if let Some(value) = change.value {
        stage.send(Command::Current(value.clamp(field.min, field.max)));
    }
    if change.settled {
        stage.send(Command::Settle);
    }
    if change.hovered {
        stage.point_at("I");
    }
    stimulus(ui, stage);
    ui.add_space(6.0);
    now(ui, stage);
    run(ui, stage);
}

fn stimulus(ui: &mut Ui, stage: &mut Stage) {
    let mut items = stage.bench.setup().stimulus.clone();
    let mut removed = None;
    let mut changed = false;
    for (place, item) in items.iter_mut().enumerate() {
        let words = describe(item, stage);
        ui.horizontal(|ui| {
            ui.set_height(24.0);
            let text = Label::new(RichText::new(&words).size(stage.sizes.row).color(stage.palette.soft)).truncate();
            let room = ui.available_width() - 84.0;
            ui.scope(|ui| {
                ui.set_max_width(room);
                ui.add(text).on_hover_text(words);
            });
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let remove = ui.add(Button::new(RichText::new("×").color(stage.palette.muted)).frame(false));
                remove.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Remove stimulus {}", place + 1)));
                if remove.on_hover_text("Remove this part of the stimulus").clicked() {
                    removed = Some(place);
                }
                if let Some(strength) = item.strength_mut() {
                    let speed = 0.01 * strength.abs().max(0.01);
                    let drag = ui.add(DragValue::new(strength).speed(speed).range(-1e5..=1e5).custom_formatter(|x, _| plain(x)));
                    drag.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, format!("Strength of stimulus {}", place + 1)));
                    changed |= drag.changed();
                }
            });
        });
    }
    if let Some(place) = removed {
        items.remove(place);
    }
    if changed || removed.is_some() {
        stage.send(Command::Stimulus(items));
    }
}

/// One line on a part of the stimulus.
fn describe(item: &Item, stage: &Stage) -> String {
    let unit = stage.neuron().card().time_unit();
    let span = |from: f64, to: Option<f64>| {
        let text = match to {
            Some(to) => format!("{}–{} {unit}", plain(from), plain(to)),
            None if from == 0.0 => "always".to_string(),
            None => format!("from {} {unit}", plain(from)),
        };
        text.trim_end().to_string()
    };
    match item {
        Item::Step { from, to, .. } => format!("Step, {}", span(*from, *to)),
        Item::Ramp { from, to, .. } => format!("Ramp per {unit}, {}", span(*from, *to)),
        Item::PulseTrain { width, period, count, amplitude, .. } => {
            format!("{count} pulses of {}, {} {unit} every {}", plain(*amplitude), plain(*width), plain(*period))
        }
        Item::Sine { from, to, amplitude, frequency_hz, .. } => {
            format!("Sine {} at {} Hz, {}", plain(*amplitude), plain(*frequency_hz), span(*from, *to))
        }
        Item::Chirp { from, to, amplitude, start_hz, end_hz } => {
            format!("Chirp {}, {}–{} Hz, {}", plain(*amplitude), plain(*start_hz), plain(*end_hz), span(*from, Some(*to)))
        }
        Item::OuNoise { mean, sd, tau, .. } => format!("Noise {} ± {}, τ {} {unit}", plain(*mean), plain(*sd), plain(*tau)),
        Item::WhiteNoise { sd, .. } => format!("White noise {}", plain(*sd)),
        Item::Samples { times, .. } => format!("Drawn current, {} points", times.len()),
        Item::Spikes { times, rate_hz, synapse, .. } => {
            let what =
                times.as_ref().map_or_else(|| format!("Poisson {} Hz", plain(rate_hz.unwrap_or(0.0))), |t| format!("{} input spikes", t.len()));
            let how = match synapse {
                Synapse::Delta {} => "jumps",
                Synapse::Exponential { .. } => "exponential",
                Synapse::Alpha { .. } => "alpha",
                Synapse::Conductance { .. } => "conductance",
            };
            format!("{what}, {how}")
        }
    }
}

/// What acts at once: a pulse and a kick.
fn now(ui: &mut Ui, stage: &mut Stage) {
    let pulse = stage.bench.pulse();
    let (mut amplitude, mut width) = (pulse.amplitude, pulse.width);
    let speeds = (0.02 * amplitude.abs().max(0.01), 0.02 * width.max(0.01));
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let label = ui.label(RichText::new("Pulse").size(stage.sizes.row).color(stage.palette.soft));
        let a = ui.add(DragValue::new(&mut amplitude).speed(speeds.0).range(-1e5..=1e5).custom_formatter(|x, _| plain(x))).labelled_by(label.id);
        a.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::SpinButton, true, "Pulse amplitude"));
        let label = ui.label(RichText::new("for").size(stage.sizes.row).color(stage.palette.muted));
        let w = ui.add(DragValue::new(&mut width).speed(speeds.1).range(1e-4..=1e5).custom_formatter(|x, _| plain(x))).labelled_by(label.id);
        w.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::SpinButton, true, "Pulse width"));
        ui.label(RichText::new(stage.neuron().card().time_unit()).size(stage.sizes.unit).color(stage.palette.muted));
        if a.changed() || w.changed() {
            stage.send(Command::PulseShape(amplitude, width));
        }
    });
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let size = vec2(0.5 * (ui.available_width() - 8.0), 28.0);
        let (row, tick, muted) = (stage.sizes.row, stage.sizes.tick, stage.palette.muted);
        let keyed = |text: String, key: &str| (RichText::new(text).size(row), RichText::new(key.to_string()).size(tick).color(muted));
        let (text, key) = keyed("Pulse now".into(), "P");
        if ui.add(Button::new(text).right_text(key).min_size(size)).clicked() {
            stage.send(Command::Pulse);
        }
        let by = kick(stage);
        let unit = stage.neuron().states().first().map_or("", |f| f.unit);
        let (text, key) = keyed(format!("Kick +{} {unit}", plain(by)), "K");
        if ui.add(Button::new(text).right_text(key).min_size(size)).clicked() {
            stage.send(Command::Kick(by));
        }
    });
}

/// How the run is computed: step, method, duration, seed, initial state.
fn run(ui: &mut Ui, stage: &mut Stage) {
    let title = RichText::new("Run: start, step, method, seed").size(stage.sizes.section).color(stage.palette.muted);
    ui.add_space(4.0);
    CollapsingHeader::new(title).id_salt("run").show_unindented(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        let setup = stage.bench.setup();
        let (mut dt, mut duration, mut seed) = (setup.dt, setup.duration, setup.seed);
        let unit = stage.neuron().card().time_unit();
        number(ui, stage, "Step", &mut dt, unit, Command::Dt);
        number(ui, stage, "Duration", &mut duration, unit, Command::Duration);
        ui.horizontal(|ui| {
            let label = ui.label("Seed");
            if ui.add(DragValue::new(&mut seed)).labelled_by(label.id).changed() {
                stage.send(Command::Seed(seed));
            }
        });
        ui.horizontal_wrapped(|ui| {
            for method in Method::ALL.into_iter().filter(|m| stage.bench.allows(*m)) {
                if ui.add(Button::selectable(setup.method == method, method.id())).clicked() {
                    stage.send(Command::Method(method));
                }
            }
        });
        let start = setup.start();
        for (index, (field, mut value)) in stage.neuron().states().iter().zip(start).enumerate() {
            number(ui, stage, &format!("Start {}", field.id), &mut value, field.unit, |v| Command::Initial(index, Some(v)));
        }
    });
}

fn number(ui: &mut Ui, stage: &mut Stage, name: &str, value: &mut f64, unit: &str, command: impl Fn(f64) -> Command) {
    ui.horizontal(|ui| {
        let label = ui.label(name);
        let speed = 0.01 * value.abs().max(1e-3);
        let drag = DragValue::new(value).speed(speed).custom_formatter(|x, _| plain(x));
        if ui.add(drag).labelled_by(label.id).changed() {
            stage.send(command(*value));
        }
        ui.weak(unit);
    });
}
