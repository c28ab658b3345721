//! Opening and saving presets: the system's dialog where there is one, and always a field for a path.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};

use eframe::egui::{DroppedFile, Id, Key, Modal, TextEdit, Ui};

use super::offscreen::write_png;
use super::raster::Image;
use super::stage::{PathPurpose, Stage};
use crate::app::Command;

/// Dialogs under way.
pub struct Dialogs {
    sender: Sender<Command>,
    receiver: Receiver<Command>,
}

impl Default for Dialogs {
    fn default() -> Self {
        let (sender, receiver) = channel();
        Self { sender, receiver }
    }
}

impl Dialogs {
    /// What the dialogs have answered.
    pub fn poll(&self) -> Vec<Command> {
        self.receiver.try_iter().collect()
    }

    /// Hands in a path that was typed or chosen.
    pub fn choose(&self, purpose: PathPurpose, path: PathBuf) {
        // Messages and the list of recent files then say where the file is.
        let path = std::path::absolute(&path).unwrap_or(path);
        self.send(answer(purpose, path));
    }

    fn send(&self, command: Command) {
        // The receiver lives as long as the sender, in the same struct.
        let _ = self.sender.send(command);
    }

    /// Takes a picture of the window in the next frame and writes it.
    fn photograph(&self, path: PathBuf, ctx: &eframe::egui::Context) {
        let sender = self.sender.clone();
        ctx.request_screenshot(move |image| {
            let [width, height] = image.size.map(|side| u32::try_from(side).unwrap_or(0));
            let rgba = image.pixels.iter().flat_map(eframe::egui::Color32::to_array).collect();
            let said = match write_png(&path, &Image { width, height, rgba }) {
                Ok(()) => Command::Say(format!("Wrote {}", path.display()), false),
                Err(error) => Command::Say(error.to_string(), true),
            };
            let _ = sender.send(said);
        });
    }

    /// Asks the system for a path, on a thread of its own: it may take as long as the user likes, and where
    /// there is no portal it answers "cancelled" at once.
    fn ask_system(&self, purpose: PathPurpose, name: String, ctx: eframe::egui::Context) {
        let sender = self.sender.clone();
        std::thread::spawn(move || {
            let dialog = rfd::FileDialog::new().add_filter("Presets", &["json"]);
            let path = match purpose {
                PathPurpose::Open => dialog.pick_file(),
                PathPurpose::Save | PathPurpose::Export => dialog.set_file_name(name).save_file(),
            };
            if let Some(path) = path {
                let _ = sender.send(answer(purpose, path));
            }
            ctx.request_repaint();
        });
    }
}

/// What a chosen path asks for.
fn answer(purpose: PathPurpose, path: PathBuf) -> Command {
    match purpose {
        PathPurpose::Open => Command::Open(path),
        PathPurpose::Save => Command::Save(path),
        PathPurpose::Export => Command::ExportTrace(path),
    }
}

/// Turns a dropped file into a command.
#[must_use]
pub fn dropped(file: &(dyn DroppedFile + Send + Sync)) -> Command {
    let path = file.path().to_path_buf();
    if path.exists() {
        return Command::Open(path);
    }
    let name = path.file_name().map_or_else(|| "the dropped file".to_string(), |n| n.to_string_lossy().into_owned());
    // Bytes that cannot be read are not a preset, and the loader says so.
    Command::Bytes { name, bytes: file.bytes().unwrap_or_default() }
}

/// A file name for the present setup.
fn suggestion(stage: &Stage) -> String {
    let title = stage.bench.setup().title().to_lowercase();
    let words: Vec<&str> = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    format!("{}.json", words.join("_"))
}

/// Opens the dialog for a path.
pub fn open(stage: &mut Stage, purpose: PathPurpose) {
    let text = match purpose {
        PathPurpose::Open => String::new(),
        PathPurpose::Save => suggestion(stage),
        PathPurpose::Export => suggestion(stage).replace(".json", ".csv"),
    };
    stage.look.path_dialog = Some((purpose, text));
}

/// Draws the dialog for a path, if it is open.
pub fn show(ui: &Ui, stage: &mut Stage, dialogs: &mut Dialogs) {
    let Some((purpose, mut text)) = stage.look.path_dialog.take() else { return };
    let (title, verb) = match purpose {
        PathPurpose::Open => ("Open a preset", "Open"),
        PathPurpose::Save => ("Save this preset", "Save"),
        PathPurpose::Export => ("Export the recorded past (.csv) or a picture (.png)", "Export"),
    };
    let mut keep = true;
    let modal = Modal::new(Id::unique("path dialog")).show(ui.ctx(), |ui| {
        ui.set_width(460.0);
        ui.heading(title);
        ui.add_space(8.0);
        let label = ui.label("Path of the file");
        let field = ui.add(TextEdit::singleline(&mut text).desired_width(f32::INFINITY).hint_text("folder/name.json")).labelled_by(label.id);
        if ui.memory(|m| m.focused().is_none()) && !field.lost_focus() {
            field.request_focus();
        }
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            let entered = field.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
            if (ui.button(verb).clicked() || entered) && !text.trim().is_empty() {
                let path = PathBuf::from(text.trim());
                if purpose == PathPurpose::Export && path.extension().is_some_and(|e| e.eq_ignore_ascii_case("png")) {
                    dialogs.photograph(path, ui.ctx());
                } else {
                    dialogs.choose(purpose, path);
                }
                keep = false;
            }
            if ui.button("Browse…").clicked() {
                dialogs.ask_system(purpose, suggestion(stage), ui.ctx().clone());
                keep = false;
            }
            if ui.button("Cancel").clicked() {
                keep = false;
            }
        });
    });
    if keep && !modal.should_close() {
        stage.look.path_dialog = Some((purpose, text));
    } else {
        ui.ctx().request_repaint();
    }
}
