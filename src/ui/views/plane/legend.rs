//! The menu of layers, which is the legend too: beside each switch stands a sample of what it draws.

use eframe::egui::{Align2, Color32, Painter, Popup, PopupCloseBehavior, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::threshold::OUTGOING;
use super::{axis_choice, vertical};
use crate::ui::glyphs::{self, PointSign, dashed_line, styled_line};
use crate::ui::prose;
use crate::ui::stage::{Layer, Stage};
use crate::ui::theme::sans;
use crate::ui::widgets::{focus_ring, menu_word};

/// Extent of a row, and where in it the tick box ends and the sample ends.
const ROW: (f32, f32) = (330.0, 24.0);
const BOX: f32 = 20.0;
const SAMPLE: f32 = 72.0;
/// Height of a row of signs.
const SIGNS: f32 = 20.0;

/// A switch of the menu.
struct Entry {
    layer: Layer,
    name: String,
    /// What it means, in few words.
    says: String,
}

/// The word that opens the menu; the choice of the vertical axis is in it where the bar has no room.
pub fn menu(ui: &mut Ui, stage: &mut Stage, has_axes: bool) {
    let word = menu_word(ui, stage, "layers", "What is drawn and what it means; each layer can be hidden", "Layers");
    let popup = Popup::menu(&word).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    popup.show(|ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        if has_axes && stage.neuron().dim() > 2 {
            ui.horizontal(|ui| {
                ui.label("vertical axis");
                axis_choice(ui, stage);
            });
        }
        for entry in entries(stage) {
            row(ui, stage, &entry);
            if entry.layer == Layer::Equilibria {
                signs(ui, stage);
            }
        }
    });
}

/// The layers that this model has.
fn entries(stage: &Stage) -> Vec<Entry> {
    let neuron = stage.neuron();
    let states = neuron.states();
    let entry = |layer, name: &str, says: &str| Entry { layer, name: name.into(), says: says.into() };
    let mut found = Vec::new();
    if neuron.places().is_empty() {
        found.push(entry(Layer::Flow, "flow", "which way the state goes"));
    }
    if let ([first], true) = (states, neuron.dim() == 1) {
        let v = prose::name(first);
        found.push(entry(Layer::Rate, "rate", &format!("how fast {v} changes at each {v}")));
    } else if let (Some(first), Some(second)) = (states.first(), states.get(vertical(stage))) {
        for (layer, field) in [(Layer::NullclineAcross, first), (Layer::NullclineUp, second)] {
            let name = prose::name(field);
            found.push(entry(layer, &format!("nullcline of {name}"), &format!("where {name} stands still")));
        }
    }
    found.push(entry(Layer::Equilibria, "equilibria", "where nothing changes"));
    if neuron.dim() > 1 {
        found.push(entry(Layer::Orbit, "orbit", "the way here, newest strongest"));
    }
    if !stage.bench.orbits().is_empty() {
        found.push(entry(Layer::Kept, "kept orbits", "dotted backward in time"));
    }
    if neuron.resets() {
        let says = if neuron.dim() > 1 { "reset line, and jumps to it" } else { "where it fires and starts again" };
        found.push(entry(Layer::Resets, "reset", says));
    }
    if neuron.dim() == 2 && neuron.places().is_empty() {
        found.push(entry(Layer::Separatrix, "separatrix", "the ways into a saddle"));
        found.push(entry(Layer::Outgoing, "outgoing", "the ways out of a saddle"));
        found.push(entry(Layer::Cycles, "cycles", "stable solid, unstable dotted"));
        found.push(entry(Layer::Firing, "firing", "from here it fires for good"));
    }
    found
}

/// A switch with its tick box, a sample, its name and what it means.
fn row(ui: &mut Ui, stage: &mut Stage, entry: &Entry) {
    let (rect, response) = ui.allocate_exact_size(vec2(ROW.0, ROW.1), Sense::click());
    let on = stage.shows(entry.layer);
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, &entry.name));
    if response.clicked() {
        if on {
            stage.look.hidden.insert(entry.layer)
        } else {
            stage.look.hidden.remove(&entry.layer)
        };
    }
    let (painter, palette) = (ui.painter(), stage.palette);
    if response.hovered() {
        painter.rect_filled(rect, 3.0, palette.raised_hover);
    }
    let tick = Rect::from_center_size(pos2(rect.left() + 9.0, rect.center().y), vec2(12.0, 12.0));
    painter.rect_stroke(tick, 2.0, Stroke::new(1.0, palette.muted), eframe::egui::StrokeKind::Inside);
    if on {
        let path = [(2.5, 6.0), (5.0, 9.0), (9.5, 3.0)].map(|(x, y)| tick.min + vec2(x, y));
        painter.line(path.to_vec(), Stroke::new(1.6, palette.text));
    }
    let patch = Rect::from_min_max(rect.min + vec2(BOX, 2.0), pos2(rect.left() + SAMPLE, rect.bottom() - 2.0));
    painter.rect_filled(patch, 2.0, palette.ground);
    let drawn = painter.with_clip_rect(patch);
    sample(&drawn, stage, entry.layer, patch.shrink2(vec2(5.0, 0.0)));
    if !on {
        drawn.rect_filled(patch, 2.0, palette.ground.gamma_multiply(0.7));
    }
    let text = |x: f32, words: &str, size: f32, colour: Color32| {
        let galley = painter.layout_job(prose::job(words, size, Some(colour), None));
        painter.galley(pos2(rect.left() + x, rect.center().y - 0.5 * galley.size().y), galley, colour);
    };
    text(SAMPLE + 8.0, &entry.name, stage.sizes.section, if on { palette.text } else { palette.muted });
    let galley = painter.layout_job(prose::job(&entry.says, stage.sizes.tick, Some(palette.muted), None));
    let at = Align2::RIGHT_CENTER.anchor_size(rect.right_center() - vec2(4.0, 0.0), galley.size());
    painter.galley(at.min, galley, palette.muted);
    focus_ring(ui, stage, &response, rect);
}

/// Draws a piece of a layer as the plane does.
fn sample(painter: &Painter, stage: &Stage, layer: Layer, rect: Rect) {
    let (palette, sizes) = (&stage.palette, stage.sizes);
    let (left, right, middle) = (rect.left_center(), rect.right_center(), rect.center());
    let line = |up: f32| [left - vec2(0.0, up), right - vec2(0.0, up)];
    match layer {
        Layer::Flow => {
            let colour = if stage.neuron().dim() == 1 { palette.axis } else { palette.flow };
            for x in [-12.0, 8.0] {
                let tip = middle + vec2(x + 6.0, 0.0);
                painter.line_segment([middle + vec2(x - 7.0, 0.0), tip - vec2(3.0, 0.0)], Stroke::new(1.0, colour));
                glyphs::arrow_head(painter, tip, vec2(1.0, 0.0), 5.0, colour);
            }
        }
        Layer::Rate | Layer::NullclineAcross => {
            painter.line_segment(line(0.0), sizes.nullcline.stroke(palette.v));
        }
        Layer::NullclineUp => {
            let colour = stage.neuron().states().get(vertical(stage)).map_or(palette.recovery, |field| stage.colour(field));
            painter.line_segment(line(0.0), sizes.nullcline.stroke(colour));
        }
        Layer::Equilibria => {
            let is_line = stage.neuron().dim() == 1;
            let all = [(PointSign::StableNode, -13.0), (PointSign::Saddle, 0.0), (PointSign::UnstableNode, 13.0)];
            for (sign, x) in all.into_iter().filter(|(sign, _)| !(is_line && *sign == PointSign::Saddle)) {
                sign.paint(painter, middle + vec2(x, 0.0), 4.8, sign_colour(stage, sign), palette.ground);
            }
        }
        Layer::Orbit => comet(painter, rect, palette.text),
        Layer::Kept => {
            dashed_line(painter, &[left, middle], Stroke::new(1.6, palette.soft), 1.6, 4.4);
            painter.line_segment([middle, right], Stroke::new(1.4, palette.soft));
            painter.circle(middle, 4.0, palette.ground, Stroke::new(1.6, palette.text));
        }
        Layer::Resets => styled_line(painter, &line(0.0), sizes.reset, palette.spike),
        Layer::Separatrix => styled_line(painter, &line(0.0), sizes.separatrix, palette.spike),
        Layer::Outgoing => styled_line(painter, &line(0.0), OUTGOING, palette.unstable.gamma_multiply(0.8)),
        Layer::Cycles => {
            styled_line(painter, &line(3.5), sizes.trace, palette.cycle);
            styled_line(painter, &line(-3.5), sizes.cycle_unstable, palette.cycle);
        }
        Layer::Firing => {
            painter.rect_filled(rect.shrink2(vec2(0.0, 3.0)), 0.0, palette.both_stable());
        }
    }
}

/// A line that grows wider and stronger toward its end.
fn comet(painter: &Painter, rect: Rect, colour: Color32) {
    let at = |part: f32| -> Pos2 { rect.left_center() + vec2(part * rect.width(), 0.0) };
    for k in 0..10_u8 {
        let part = f32::from(k) / 10.0;
        let stroke = Stroke::new(1.0 + 1.6 * part, colour.gamma_multiply(0.28 + 0.72 * part.powf(1.6)));
        painter.add(Shape::line_segment([at(part), at(part + 0.1)], stroke));
    }
}

/// Stable points are in the colour of text, as in the plane.
fn sign_colour(stage: &Stage, sign: PointSign) -> Color32 {
    let is_stable = matches!(sign, PointSign::StableNode | PointSign::StableFocus);
    if is_stable { stage.palette.text } else { stage.palette.unstable }
}

/// The signs of equilibria with what they stand for, as far as a model of this many variables has them.
fn signs(ui: &mut Ui, stage: &Stage) {
    let all = [
        (PointSign::StableNode, "stable node"),
        (PointSign::UnstableNode, "unstable node"),
        (PointSign::StableFocus, "stable focus"),
        (PointSign::UnstableFocus, "unstable focus"),
        (PointSign::Saddle, "saddle"),
        (PointSign::SaddleFocus, "saddle-focus"),
    ];
    let count = match stage.neuron().dim() {
        1 => 2,
        2 => 5,
        _ => 6,
    };
    for pair in all.iter().take(count).collect::<Vec<_>>().chunks(2) {
        let (rect, response) = ui.allocate_exact_size(vec2(ROW.0, SIGNS), Sense::hover());
        let words: Vec<&str> = pair.iter().map(|(_, word)| *word).collect();
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words.join(", ")));
        for ((sign, word), x) in pair.iter().zip([SAMPLE + 16.0, SAMPLE + 140.0]) {
            let at = rect.left_center() + vec2(x, 0.0);
            sign.paint(ui.painter(), at, 4.8, sign_colour(stage, *sign), stage.palette.raised);
            ui.painter().text(at + vec2(12.0, 0.0), Align2::LEFT_CENTER, *word, sans(stage.sizes.unit), stage.palette.soft);
        }
    }
}
