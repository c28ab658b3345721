//! The layers of the plane, as switches beside its title; where they would cover it, in a menu.

use eframe::egui::{Button, Popup, PopupCloseBehavior, RichText, Ui};

use super::vertical;
use crate::ui::stage::{Layers, Stage};
use crate::ui::widgets::layer_switch;

/// Narrower than this in points, the tab bar has no room for title and switches.
const ROOM: f32 = 390.0;

pub fn switches(ui: &mut Ui, stage: &mut Stage) {
    let narrow = ui.available_width() < ROOM;
    ui.add_space(24.0);
    if stage.neuron().dim() < 2 {
        return;
    }
    let mut hidden = stage.look.hidden;
    let planar = stage.neuron().dim() == 2;
    let layers = layers(&mut hidden).into_iter().filter(|(name, _)| planar || *name != "threshold");
    if narrow && planar {
        let opener = ui.add(Button::new(RichText::new("layers").size(stage.sizes.section).color(stage.palette.soft)));
        Popup::menu(&opener).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
            for (name, hide) in layers {
                let mut on = !*hide;
                ui.checkbox(&mut on, name);
                *hide = !on;
            }
        });
    } else {
        for (name, hide) in layers {
            let mut on = !*hide;
            layer_switch(ui, stage, name, &mut on);
            *hide = !on;
            ui.add_space(8.0);
        }
    }
    stage.look.hidden = hidden;
    if !planar {
        axis_choice(ui, stage);
    }
}

fn layers(hidden: &mut Layers) -> [(&'static str, &mut bool); 4] {
    [("flow", &mut hidden.flow), ("nullclines", &mut hidden.nullclines), ("orbit", &mut hidden.orbit), ("threshold", &mut hidden.threshold)]
}

/// Which state is on the vertical axis.
fn axis_choice(ui: &mut Ui, stage: &mut Stage) {
    let states = stage.neuron().states();
    let mut y = vertical(stage);
    for (index, field) in states.iter().enumerate().skip(1).rev() {
        let mut on = index == y;
        layer_switch(ui, stage, field.id, &mut on);
        if on && index != y {
            y = index;
            stage.look.plane_y = Some(index);
            stage.look.plane_window = None;
        }
        ui.add_space(4.0);
    }
}
