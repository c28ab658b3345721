//! The keyboard. Single keys act only while no field has the focus.

use eframe::egui::{Id, Key, Modal, Modifiers, Ui, ViewportCommand};

use super::dialogs;
use super::dock::Dock;
use super::stage::{PathPurpose, Stage};
use super::views;
use crate::app::{Command, normalised};
use crate::model::Field;

/// What each key does, as the list of keys shows it.
const LIST: [(&str, &str); 27] = [
    ("Space", "play or pause"),
    (".", "one step"),
    ("R", "restart"),
    ("P", "pulse now"),
    ("K, J", "kick the potential, the other axis; with Shift back"),
    ("G", "pin a ghost of traces and nullclines, or let it go"),
    ("O, Escape", "keep the orbit through the state, clear all orbits"),
    ("← →", "nudge I; with Shift ten times as far"),
    ("Page Up, Page Down", "previous, next preset"),
    ("1 … 9", "bring a view to the front"),
    ("F, Escape", "let the view at the pointer fill the window, show all views"),
    ("Ctrl Z, Ctrl Shift Z", "undo, redo"),
    ("Ctrl O, Ctrl S", "open, save a preset"),
    ("Ctrl E", "export data or a picture"),
    ("Ctrl +, Ctrl −", "larger, smaller"),
    ("F11", "full screen"),
    ("drag the time line", "look back"),
    ("End", "back from the past to now"),
    ("click in the plane", "start there"),
    ("Shift click", "keep the orbit through there, or take it away"),
    ("drag the state", "throw it"),
    ("Shift drag the state", "kick it; time goes on"),
    ("Ctrl drag in the input", "draw a current by hand"),
    ("Ctrl click in the input", "place a presynaptic spike"),
    ("scroll, double-click", "zoom about the pointer, fit"),
    ("F1", "help on this model, and on ideas"),
    ("?", "this list"),
];

/// Acts on the keys of this frame.
pub fn handle(ui: &Ui, stage: &mut Stage, dock: &mut Dock) {
    let ctx = ui.ctx();
    let pressed = |modifiers: Modifiers, key: Key| ctx.input_mut(|i| i.consume_key(modifiers, key));
    // A text field takes back its own letters.
    if !ctx.text_edit_focused() {
        if pressed(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z) || pressed(Modifiers::COMMAND, Key::Y) {
            stage.send(Command::Redo);
        }
        if pressed(Modifiers::COMMAND, Key::Z) {
            stage.send(Command::Undo);
        }
    }
    if pressed(Modifiers::COMMAND, Key::O) {
        dialogs::open(stage, PathPurpose::Open);
    }
    if pressed(Modifiers::COMMAND, Key::S) {
        dialogs::open(stage, PathPurpose::Save);
    }
    if pressed(Modifiers::COMMAND, Key::E) {
        dialogs::open(stage, PathPurpose::Export);
    }
    if pressed(Modifiers::NONE, Key::F1) {
        stage.look.help = None;
        dock.reveal("help");
    }
    if pressed(Modifiers::NONE, Key::F11) {
        let full = ctx.input(|i| i.viewport().fullscreen.unwrap_or(false));
        ctx.send_viewport_cmd(ViewportCommand::Fullscreen(!full));
    }
    if ctx.text_edit_focused() || stage.look.path_dialog.is_some() {
        return;
    }
    single_keys(ui, stage, dock);
}

fn single_keys(ui: &Ui, stage: &mut Stage, dock: &mut Dock) {
    let ctx = ui.ctx();
    let focused = ctx.memory(eframe::egui::Memory::focused).is_some();
    let pressed = |key: Key| ctx.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    if !focused && pressed(Key::Space) {
        let play = !stage.bench.is_playing();
        stage.send(Command::Play(play));
    }
    if pressed(Key::Period) {
        stage.send(Command::Step);
    }
    if pressed(Key::R) {
        stage.send(Command::Restart);
    }
    if pressed(Key::P) {
        stage.send(Command::Pulse);
    }
    kicks(ui, stage);
    if pressed(Key::G) {
        views::pin::toggle(stage);
    }
    if pressed(Key::O) {
        views::keep_orbit_here(stage);
    }
    let elsewhere = focused || stage.look.keys_open || eframe::egui::Popup::is_any_open(ctx);
    if pressed(Key::F) {
        dock.toggle();
    }
    let gives_back = !elsewhere && ctx.input(|i| i.key_pressed(Key::Escape)) && dock.show_all();
    if !gives_back && !elsewhere && !stage.bench.orbits().is_empty() && pressed(Key::Escape) {
        stage.send(Command::Orbits(Vec::new()));
    }
    if pressed(Key::End) {
        stage.send(Command::Scrub(None));
    }
    if pressed(Key::PageUp) {
        stage.send(Command::Neighbour(-1));
    }
    if pressed(Key::PageDown) {
        stage.send(Command::Neighbour(1));
    }
    if ctx.input_mut(|i| i.consume_key(Modifiers::SHIFT, Key::Questionmark)) || pressed(Key::Questionmark) {
        stage.look.keys_open = !stage.look.keys_open;
    }
    if !focused {
        nudges(ui, stage);
    }
    let numbers = [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9];
    for (view, key) in views::VIEWS.iter().zip(numbers) {
        if pressed(key) {
            dock.reveal(view.id);
        }
    }
}

/// K kicks the potential, J what is on the other axis of the plane; Shift turns both round.
fn kicks(ui: &Ui, stage: &mut Stage) {
    let y = stage.look.portrait.as_ref().map_or(0, |p| p.y);
    for (modifiers, sign) in [(Modifiers::SHIFT, -1.0), (Modifiers::NONE, 1.0)] {
        let pressed = |key: Key| ui.ctx().input_mut(|i| i.consume_key(modifiers, key));
        if pressed(Key::K) {
            let by = sign * kick(stage);
            stage.send(Command::Kick(by));
        }
        if y > 0 && pressed(Key::J) {
            let mut by = vec![0.0; stage.neuron().dim()];
            by[y] = sign * kick_of(&stage.neuron().states()[y]);
            stage.send(Command::Push(by));
        }
    }
}

/// Arrow keys move I by a two-hundredth of its slider; with Shift ten times as far.
fn nudges(ui: &Ui, stage: &mut Stage) {
    let shown = stage.neuron().card().current.shown;
    let step = 10.0_f64.powf(((shown.1 - shown.0) / 100.0).log10().floor());
    for (key, sign) in [(Key::ArrowLeft, -1.0), (Key::ArrowRight, 1.0)] {
        if ui.ctx().input_mut(|i| i.consume_key(Modifiers::SHIFT, key)) {
            stage.send(Command::Nudge(10.0 * sign * step));
        }
        if ui.ctx().input_mut(|i| i.consume_key(Modifiers::NONE, key)) {
            stage.send(Command::Nudge(sign * step));
        }
    }
}

/// How far a kick moves the potential.
#[must_use]
pub fn kick(stage: &Stage) -> f64 {
    if !stage.neuron().places().is_empty() {
        // From one place to the next.
        return 1.0;
    }
    if let Some(scale) = normalised::scale(stage.bench.setup()) {
        return rounded(LEAKY_KICK * scale.span);
    }
    stage.neuron().states().first().map_or(1.0, kick_of)
}

/// A kick of a leaky neuron, in parts of the way from rest to threshold, which may be a mV or twenty.
const LEAKY_KICK: f64 = 0.2;

/// How far a kick moves a state: a fifteenth of what its axis shows.
fn kick_of(field: &Field) -> f64 {
    rounded((field.shown.1 - field.shown.0) / 15.0)
}

/// To one figure.
fn rounded(size: f64) -> f64 {
    let unit = 10.0_f64.powf(size.log10().floor());
    (size / unit).round() * unit
}

/// Draws the list of keys, if it is open.
pub fn list(ui: &Ui, stage: &mut Stage) {
    if !stage.look.keys_open {
        return;
    }
    let modal = Modal::new(Id::unique("keys")).show(ui.ctx(), |ui| {
        ui.heading("Keys and gestures");
        ui.add_space(8.0);
        eframe::egui::Grid::new("key list").num_columns(2).spacing([24.0, 6.0]).show(ui, |ui| {
            for (key, does) in LIST {
                ui.label(key);
                ui.weak(does);
                ui.end_row();
            }
        });
        ui.add_space(8.0);
        if ui.button("Close").clicked() {
            stage.look.keys_open = false;
        }
    });
    if modal.should_close() {
        stage.look.keys_open = false;
    }
}
