//! The bifurcation diagram over I or a parameter: branches of equilibria and cycles with their special points, and below
//! them how fast the neuron fires on each branch.

use eframe::egui::{Align2, Popup, Rect, RichText, Sense, Ui, UiBuilder, pos2, vec2};

mod branches;
mod hand;
mod scene;
mod special;

use super::{View, i_line, too_small};
use crate::analysis::Over;
use crate::ui::math::Formula;
use crate::ui::plot::Axes;
use crate::ui::prose;
use crate::ui::stage::{Stage, name_area};
use crate::ui::theme::{STALE, sans};
use crate::ui::widgets::{menu_word, quantity_choice};
use scene::Scene;

/// The view.
pub const VIEW: View = View { id: "bifurcation", title: |_| "Bifurcation", switches: Some(switches), show };

/// Share of the height that the rates below the diagram get, and the least height at which they are shown.
const RATES: (f32, f32) = (0.27, 230.0);

/// The choice of the quantity on the horizontal axis.
fn switches(ui: &mut Ui, stage: &mut Stage) {
    if stage.neuron().chance().is_some() {
        return;
    }
    let neuron = stage.neuron();
    let over = over(stage);
    let menu = menu_word(ui, stage, &format!("over {}", prose::name(over.field(neuron))), "What the diagram varies", "Quantity of the diagram");
    Popup::menu(&menu).show(|ui| {
        let numbers = neuron.params().iter().enumerate().filter(|(_, field)| field.choices.is_empty());
        let parameters = numbers.map(|(place, _)| Over::Parameter(place));
        for choice in std::iter::once(Over::Current).chain(parameters) {
            if quantity_choice(ui, stage, choice.field(neuron), choice == over) {
                stage.look.diagram_over = Some(choice);
            }
        }
    });
}

/// The quantity on the horizontal axis.
fn over(stage: &Stage) -> Over {
    let count = stage.neuron().params().len();
    stage.look.diagram_over.filter(|over| !matches!(over, Over::Parameter(place) if *place >= count)).unwrap_or(Over::Current)
}

fn show(ui: &mut Ui, stage: &mut Stage) {
    let rect = ui.available_rect_before_wrap();
    if stage.neuron().chance().is_some() {
        return by_chance(ui, stage, rect);
    }
    let sizes = stage.sizes;
    let left = rect.left() + 24.0;
    let top = rect.top() + 14.0 + i_line::headroom(stage);
    let all = Rect::from_min_max(pos2(left + sizes.gutter_symbol + sizes.gutter_ticks, top), pos2(rect.right() - 28.0, rect.bottom() - 48.0));
    if all.width() < 60.0 || all.height() < 40.0 {
        return too_small(ui, stage, rect);
    }
    let over = over(stage);
    let x = i_line::range(stage, over);
    stage.look.diagram_wanted = Some((over, x));
    let strip = if all.height() > RATES.1 && stage.neuron().fires() { RATES.0 * all.height() } else { 0.0 };
    let plot = all.with_max_y(all.bottom() - if strip > 0.0 { strip + 20.0 } else { 0.0 });
    let scene = Scene::of(stage, over);
    let axes = Axes { rect: plot, x, y: scene::potentials(stage, &scene) };
    let response = ui.interact(plot, ui.scope_id().with("bifurcation area"), Sense::click_and_drag());
    name_area(ui, &response, "Bifurcation diagram");
    let lowest = Axes { rect: all, x, y: axes.y };
    lowest.ticks_x(ui.painter(), stage, 5, "");
    lowest.label_x(ui, stage, over.field(stage.neuron()));
    axes.ticks_y(ui.painter(), stage, 4);
    if let Some(potential) = stage.neuron().states().first() {
        axes.label_y(ui, stage, left, potential);
    }
    let mut words = scene.paint_coexistence(ui, stage, over, &axes, all.bottom());
    let strength = if stage.derived.diagrams().is_current() { 1.0 } else { STALE };
    words.extend(branches::show(ui, stage, &axes, &scene, strength));
    if strip > 0.0 {
        rates(ui, stage, left, all.with_min_y(all.bottom() - strip), x, &scene, strength);
    }
    hand::interact(ui, stage, over, &axes, &scene, &response);
    i_line::show(ui, stage, over, &axes, all.bottom());
    branches::entering(ui, stage, over, &axes);
    // After the lines, which would strike the words through.
    let present = i_line::value_of(stage.bench.setup(), over);
    special::show(ui, stage, &axes, &scene, present, (strength, &words));
    branches::live(ui, stage, over, &axes, &scene);
    status(ui, stage, rect, all.left());
}

/// The exact rates of all cycles over the current, stable and unstable, where the diagram has them.
pub(super) fn exact_rates(ui: &Ui, stage: &Stage, axes: &Axes) {
    let scene = Scene::of(stage, Over::Current);
    if scene.diagram.is_some() {
        branches::rates(ui, stage, axes, &scene, if stage.derived.diagrams().is_current() { 1.0 } else { STALE });
    }
}

/// Why there is no diagram of a neuron that fires by chance, and the view that answers instead.
pub(super) fn by_chance(ui: &mut Ui, stage: &mut Stage, rect: Rect) {
    ui.scope_builder(UiBuilder::new().max_rect(rect.shrink2(vec2(24.0, 12.0))), |ui| {
        let words = "It fires by chance: there is neither a rest nor a cycle whose branches could be followed. How its rate depends on I is in";
        ui.label(RichText::new(words).size(stage.sizes.row).color(stage.palette.soft));
        if ui.button("the f\u{2013}I curve").clicked() {
            stage.look.wanted_view = Some("fi".into());
        }
    });
}

/// How fast the neuron fires on each branch of cycles, below the diagram.
fn rates(ui: &Ui, stage: &mut Stage, left: f32, rect: Rect, x: (f64, f64), scene: &Scene, strength: f32) {
    let highest = scene.cycles.iter().flat_map(|c| &c.points).map(|p| p.rate).fold(0.0, f64::max);
    let slot = stage.look.ranges.entry("bifurcation rate".into()).or_insert((0.0, 1e-9));
    if highest > 0.0 && (1.02 * highest > slot.1 || 2.2 * highest < slot.1) {
        slot.1 = 1.15 * highest;
    }
    let top = if slot.1 > 1e-8 { slot.1 } else { stage.neuron().card().per_second() / 10.0 };
    let axes = Axes { rect, x, y: (0.0, top) };
    axes.ticks_y(ui.painter(), stage, 3);
    let formula = Formula::layout(ui.ctx(), "f", stage.sizes.math_axis, stage.palette.cycle, &|_| None);
    let center = pos2(left, rect.center().y);
    formula.paint(ui.painter(), center - vec2(0.0, 0.5 * formula.size().y));
    if !stage.neuron().card().dimensionless {
        ui.painter().text(center + vec2(0.0, 0.5 * formula.size().y), Align2::LEFT_TOP, "Hz", sans(stage.sizes.tick), stage.palette.muted);
    }
    branches::rates(ui, stage, &axes, scene, strength);
}

/// Says while something is still being computed, or why there is nothing.
fn status(ui: &Ui, stage: &Stage, rect: Rect, left: f32) {
    let diagrams = stage.derived.diagrams();
    let words = match (diagrams.failure(), diagrams.shown()) {
        (Some(failure), _) => failure,
        (None, None) if stage.neuron().dim() > 1 => "following cycles\u{2026}",
        (None, Some(_)) if !diagrams.is_current() => "updating\u{2026}",
        (None, Some(shown)) if !shown.is_settled => "confirming\u{2026}",
        _ => return,
    };
    ui.painter().text(pos2(left, rect.top() + 4.0), Align2::LEFT_TOP, words, sans(stage.sizes.live), stage.palette.muted);
}
