//! The input: constant current, stimulus, and what one can do now.

use eframe::egui::{Button, CollapsingHeader, DragValue, RichText, Ui, vec2};

use super::stimulus;
use crate::app::Command;
use crate::sim::Method;
use crate::ui::keys::kick;
use crate::ui::plot::{near_zero, plain};
use crate::ui::stage::Stage;
use crate::ui::widgets::{Row, section, slider_row};

/// Draws the section.
pub fn show(ui: &mut Ui, stage: &mut Stage) {
    let changed = stage.bench.setup().stimulus != stage.bench.loaded().stimulus;
    let remark = if stage.bench.setup().stimulus.is_empty() {
        String::new()
    } else {
        let unit = stage.neuron().card().current.unit;
        let now = stage.bench.shown().2;
        let now = near_zero(now, stage.neuron().card().current.shown);
        format!("with stimulus {} {unit}", crate::ui::plot::short(now, 3))
    };
    section(ui, stage, "Input", remark.trim_end(), if changed { stage.palette.accent } else { stage.palette.input });
    let field = &stage.neuron().card().current;
    let row = Row {
        value: stage.bench.setup().current,
        loaded: stage.bench.loaded().current,
        colour: Some(stage.palette.input),
        height: stage.sizes.slider_row,
        word: None,
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
    stimulus::show(ui, stage);
    ui.add_space(6.0);
    now(ui, stage);
    run(ui, stage);
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
