//! The parts of the stimulus: one line each, which unfolds to every field, and a menu that adds more.

mod describe;
mod fields;
mod quantities;

use eframe::egui::{Align, Button, DragValue, Label, Layout, RichText, Role, Sense, Ui, WidgetInfo, vec2};

use crate::app::Command;
use crate::app::stimuli::{KINDS, Measure};
use crate::stimulus::Item;
use crate::ui::glyphs;
use crate::ui::plot::plain;
use crate::ui::stage::Stage;
use crate::ui::widgets::{at_most_five_figures, focus_ring, select_whole};
use describe::describe;

/// What the hand did to the list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome {
    /// A value differs.
    pub changed: bool,
    /// The hand let go, so that the next change is a new one.
    pub settled: bool,
}

impl Outcome {
    /// Adds what a number field reports.
    pub fn take(&mut self, response: &eframe::egui::Response) {
        self.changed |= response.changed();
        self.settled |= response.drag_stopped() || response.lost_focus();
    }
}

/// Draws the list and the menu.
pub fn show(ui: &mut Ui, stage: &mut Stage) {
    let mut items = stage.bench.setup().stimulus.clone();
    let mut removed = None;
    let mut outcome = Outcome::default();
    for (place, item) in items.iter_mut().enumerate() {
        if line(ui, stage, place, item, &mut outcome) {
            removed = Some(place);
        }
        if stage.look.unfolded.contains(&place) {
            fields::show(ui, stage, place, item, &mut outcome);
        }
    }
    if let Some(place) = removed {
        items.remove(place);
        let unfolded = std::mem::take(&mut stage.look.unfolded);
        stage.look.unfolded = unfolded.into_iter().filter(|p| *p != place).map(|p| if p > place { p - 1 } else { p }).collect();
        stage.send_once(Command::Stimulus(items));
    } else if outcome.changed {
        stage.send(Command::Stimulus(items));
    }
    if outcome.settled {
        stage.send(Command::Settle);
    }
    add_menu(ui, stage);
}

/// One line: what it is, how strong, and a way to be rid of it; true if it is to go.
fn line(ui: &mut Ui, stage: &mut Stage, place: usize, item: &mut Item, outcome: &mut Outcome) -> bool {
    let words = describe(item, stage);
    let open = stage.look.unfolded.contains(&place);
    let mut gone = false;
    ui.horizontal(|ui| {
        ui.set_height(26.0);
        let (rect, fold) = ui.allocate_exact_size(vec2(ui.available_width() - 84.0, 24.0), Sense::click());
        fold.widget_info(|| WidgetInfo::selected(Role::Button, true, open, format!("Fields of stimulus {}", place + 1)));
        let caret = if open { glyphs::caret_down } else { glyphs::caret_right };
        let colour = if fold.hovered() { stage.palette.text } else { stage.palette.soft };
        caret(ui.painter(), rect.left_center() + vec2(4.0, 0.0), 4.0, stage.palette.muted, stage.palette.panel);
        let text = Label::new(RichText::new(&words).size(stage.sizes.row).color(colour)).truncate().selectable(false);
        ui.put_left(rect.with_min_x(rect.left() + 14.0), text);
        focus_ring(ui, stage, &fold, rect);
        if fold.on_hover_text(words).clicked() {
            if open {
                stage.look.unfolded.remove(&place)
            } else {
                stage.look.unfolded.insert(place)
            };
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let remove = ui.add(Button::new(RichText::new("×").color(stage.palette.muted)).frame(false));
            remove.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Remove stimulus {}", place + 1)));
            gone = remove.on_hover_text("Remove this part of the stimulus").clicked();
            if let Some(strength) = item.strength_mut() {
                let (speed, figures) = (0.01 * strength.abs().max(0.01), at_most_five_figures(ui));
                let drag = ui.add(DragValue::new(strength).speed(speed).range(-1e5..=1e5).custom_formatter(figures));
                drag.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, format!("Strength of stimulus {}", place + 1)));
                select_whole(ui, &drag, &plain(*strength));
                outcome.take(&drag);
            }
        });
    });
    gone
}

fn add_menu(ui: &mut Ui, stage: &mut Stage) {
    ui.add_space(2.0);
    ui.menu_button(RichText::new("Add stimulus").size(stage.sizes.row), |ui| {
        for kind in &KINDS {
            if ui.button(kind.words).clicked() {
                let mut items = stage.bench.setup().stimulus.clone();
                items.push((kind.make)(&Measure::of(stage.bench)));
                stage.look.unfolded.clear();
                stage.look.unfolded.insert(items.len() - 1);
                stage.send_once(Command::Stimulus(items));
            }
        }
    });
}

/// A label at the left of a rectangle.
trait PutLeft {
    fn put_left(&mut self, rect: eframe::egui::Rect, label: Label);
}

impl PutLeft for Ui {
    fn put_left(&mut self, rect: eframe::egui::Rect, label: Label) {
        let mut child = self.new_child(eframe::egui::UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center)));
        child.add(label);
    }
}
