//! The map of two parameters: where equilibria and cycles appear, vanish or change stability, with a fingertip that moves
//! the neuron through it.

use eframe::egui::{Color32, CursorIcon, EventFilter, Key, Modifiers, Popup, Pos2, Rect, Sense, Shape, Stroke, Ui, Vec2, pos2};

use super::bifurcation::by_chance;
use super::{View, i_line, labels, too_small};
use crate::analysis::Over;
use crate::analysis::parameter_map::{CurveKind, MapCurve, Meeting};
use crate::app::Command;
use crate::model::Kind;
use crate::ui::glyphs::{halo_text, styled_line};
use crate::ui::plot::Axes;
use crate::ui::prose;
use crate::ui::stage::{Stage, name_area};
use crate::ui::theme::{STALE, sans};
use crate::ui::widgets::{menu_word, quantity_choice};

/// The view.
pub const VIEW: View = View { id: "parameter_map", title, switches: Some(switches), show };

/// The short title leaves room for other tabs in a small window.
fn title(stage: &Stage) -> &'static str {
    if stage.sizes.column < 280.0 { "2 parameters" } else { "Two parameters" }
}

fn switches(ui: &mut Ui, stage: &mut Stage) {
    if stage.neuron().chance().is_some() {
        return;
    }
    let neuron = stage.neuron();
    let [_, y] = over(stage);
    let word = format!("up {}", prose::name(y.field(neuron)));
    let menu = menu_word(ui, stage, &word, "The parameter on the vertical axis", "Second quantity of the map");
    Popup::menu(&menu).show(|ui| {
        for choice in (0..neuron.params().len()).map(Over::Parameter) {
            let field = choice.field(neuron);
            if !field.choices.is_empty() {
                continue;
            }
            if quantity_choice(ui, stage, field, choice == y) {
                stage.look.map_up = Some(choice);
            }
        }
    });
}

/// The two quantities: I across unless the diagram varies another, and a parameter up.
fn over(stage: &Stage) -> [Over; 2] {
    let params = stage.neuron().params();
    let known = |over: &Over| !matches!(over, Over::Parameter(place) if *place >= params.len());
    let x = stage.look.diagram_over.filter(known).unwrap_or(Over::Current);
    // What tells the classes of excitability apart: a time constant, else the first parameter that is no detail.
    let slow = params.iter().position(|f| f.id.starts_with("tau") && f.kind == Kind::Parameter);
    let natural =
        slow.or_else(|| params.iter().position(|f| f.kind == Kind::Parameter && f.choices.is_empty())).map_or(Over::Current, Over::Parameter);
    let y = stage.look.map_up.filter(known).unwrap_or(natural);
    if x == y { [Over::Current, y] } else { [x, y] }
}

fn show(ui: &mut Ui, stage: &mut Stage) {
    let rect = ui.available_rect_before_wrap();
    if stage.neuron().chance().is_some() {
        return by_chance(ui, stage, rect);
    }
    let sizes = stage.sizes;
    let left = rect.left() + 24.0;
    let plot =
        Rect::from_min_max(pos2(left + sizes.gutter_symbol + sizes.gutter_ticks, rect.top() + 26.0), pos2(rect.right() - 28.0, rect.bottom() - 48.0));
    if plot.width() < 60.0 || plot.height() < 40.0 {
        return too_small(ui, stage, rect);
    }
    let over = over(stage);
    let range = over.map(|over| i_line::range(stage, over));
    stage.look.map_wanted = Some((over, range));
    let neuron = stage.neuron();
    let axes = Axes { rect: plot, x: range[0], y: range[1] };
    axes.ticks_x(ui.painter(), stage, 5, "");
    axes.ticks_y(ui.painter(), stage, 5);
    axes.label_x(ui, stage, over[0].field(neuron));
    axes.label_y(ui, stage, left, over[1].field(neuron));
    let derived = stage.derived;
    let maps = derived.maps();
    let strength = if maps.is_current() { 1.0 } else { STALE };
    if let Some(shown) = maps.shown(neuron.card().id, over) {
        let painter = ui.painter().with_clip_rect(plot.expand(1.0));
        for curve in &shown.map.curves {
            curve_ui(&painter, stage, &axes, curve, strength);
        }
        labels_ui(ui, stage, &axes, &shown.map, strength);
    }
    if maps.is_working() {
        ui.painter().text(
            pos2(plot.left(), rect.top() + 4.0),
            eframe::egui::Align2::LEFT_TOP,
            "filling in\u{2026}",
            sans(sizes.live),
            stage.palette.muted,
        );
    }
    finger(ui, stage, over, &axes);
}

fn colour(stage: &Stage, kind: CurveKind) -> Color32 {
    match kind {
        CurveKind::SaddleNode => stage.palette.text,
        CurveKind::Hopf => stage.palette.recovery,
        CurveKind::CycleFold => stage.palette.cycle,
        CurveKind::Homoclinic => stage.palette.spike,
    }
}

fn name(kind: CurveKind) -> &'static str {
    match kind {
        CurveKind::SaddleNode => "fold",
        CurveKind::Hopf => "Hopf",
        CurveKind::CycleFold => "cycle fold",
        CurveKind::Homoclinic => "homoclinic",
    }
}

/// Subcritical stretches of Hopf curves are dashed, curves of cycles dotted where they come from slices.
fn curve_ui(painter: &eframe::egui::Painter, stage: &Stage, axes: &Axes, curve: &MapCurve, strength: f32) {
    let colour = colour(stage, curve.kind).gamma_multiply(strength);
    let screen = |points: &[crate::analysis::parameter_map::MapPoint]| points.iter().map(|p| axes.screen([p.x, p.y])).collect::<Vec<Pos2>>();
    if let [only] = curve.points.as_slice() {
        painter.circle_filled(axes.screen([only.x, only.y]), 2.0, colour);
        return;
    }
    match curve.kind {
        CurveKind::Hopf => {
            let mut from = 0;
            for run in curve.points.chunk_by(|a, b| a.subcritical == b.subcritical) {
                // A run reaches up to the first point of the next one.
                let to = (from + run.len()).min(curve.points.len() - 1);
                let path = screen(&curve.points[from..=to]);
                from = to;
                if run[0].subcritical {
                    styled_line(painter, &path, stage.sizes.branch_unstable, colour);
                } else {
                    painter.add(Shape::line(path, Stroke::new(stage.sizes.branch.width, colour)));
                }
            }
        }
        CurveKind::SaddleNode => {
            painter.add(Shape::line(screen(&curve.points), Stroke::new(stage.sizes.branch.width, colour)));
        }
        CurveKind::CycleFold | CurveKind::Homoclinic => styled_line(painter, &screen(&curve.points), stage.sizes.cycle_unstable, colour),
    }
}

/// Names of the curves and of the points where they meet.
fn labels_ui(ui: &Ui, stage: &Stage, axes: &Axes, map: &crate::analysis::parameter_map::ParameterMap, strength: f32) {
    let font = sans(stage.sizes.unit);
    let mut texts: Vec<(Pos2, String, Color32, bool)> = Vec::new();
    for point in &map.special {
        let words = match point.kind {
            Meeting::Cusp => "cusp",
            Meeting::BogdanovTakens => "Bogdanov\u{2013}Takens",
            Meeting::Bautin => "Bautin",
            Meeting::SaddleNodeLoop => "saddle-node loop",
        };
        texts.push((axes.screen([point.x, point.y]), words.into(), stage.palette.text, true));
    }
    for kind in [CurveKind::SaddleNode, CurveKind::Hopf, CurveKind::CycleFold, CurveKind::Homoclinic] {
        let longest = map.curves.iter().filter(|c| c.kind == kind).max_by_key(|c| c.points.len());
        let inside = |p: &&crate::analysis::parameter_map::MapPoint| axes.rect.shrink(20.0).contains(axes.screen([p.x, p.y]));
        let Some(curve) = longest else { continue };
        let seen: Vec<_> = curve.points.iter().filter(inside).collect();
        if let Some(point) = seen.get(seen.len() / 3) {
            texts.push((axes.screen([point.x, point.y]), name(kind).into(), colour(stage, kind), false));
        }
    }
    texts.retain(|t| axes.rect.expand(1.0).contains(t.0));
    let sizes: Vec<Vec2> = texts.iter().map(|t| ui.painter().layout_no_wrap(t.1.clone(), font.clone(), t.2).size()).collect();
    let places: Vec<Pos2> = texts.iter().map(|t| t.0).collect();
    let placed = labels::place(&places, &sizes, axes.rect, &[]);
    for ((at, text, colour, is_point), label) in texts.into_iter().zip(placed) {
        let colour = colour.gamma_multiply(strength);
        if is_point {
            ui.painter().circle(at, stage.sizes.special_point, stage.palette.ground, Stroke::new(stage.sizes.special_ring, colour));
            labels::leader(ui.painter(), stage, at, label);
        }
        halo_text(ui.painter(), label.min, eframe::egui::Align2::LEFT_TOP, text, font.clone(), colour, stage.palette.ground);
    }
}

/// The present values as a point that one can drag; arrow keys move it by a pixel, with Shift by ten.
fn finger(ui: &Ui, stage: &mut Stage, over: [Over; 2], axes: &Axes) {
    let response = ui.interact(axes.rect, ui.scope_id().with("map area"), Sense::click_and_drag()).on_hover_cursor(CursorIcon::Crosshair);
    name_area(ui, &response, "Map of two parameters");
    let values = over.map(|over| i_line::value_of(stage.bench.setup(), over));
    let at = axes.screen(values);
    if (response.clicked() || response.dragged())
        && let Some(pointer) = response.interact_pointer_pos()
    {
        let inside = axes.rect.clamp(pointer);
        let wanted = axes.model(inside);
        for k in 0..2 {
            i_line::set(stage, over[k], values[k], rounded(wanted[k], if k == 0 { axes.x } else { axes.y }));
        }
    }
    if response.drag_stopped() || response.clicked() {
        response.request_focus();
        stage.send(Command::Settle);
    }
    if response.has_focus() {
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|m| m.set_focus_lock_filter(response.id, filter));
        for (key, k, sign) in [(Key::ArrowLeft, 0, -1.0), (Key::ArrowRight, 0, 1.0), (Key::ArrowDown, 1, -1.0), (Key::ArrowUp, 1, 1.0)] {
            let span =
                if k == 0 { (axes.x.1 - axes.x.0) / f64::from(axes.rect.width()) } else { (axes.y.1 - axes.y.0) / f64::from(axes.rect.height()) };
            for (modifiers, far) in [(Modifiers::SHIFT, 10.0), (Modifiers::NONE, 1.0)] {
                if ui.input_mut(|i| i.consume_key(modifiers, key)) {
                    i_line::set(stage, over[k], values[k], values[k] + sign * far * span);
                }
            }
        }
    }
    if axes.rect.expand(1.0).contains(at) {
        stage.paint_state(ui.painter(), at);
    }
}

/// A value with no more digits than the screen can tell apart.
fn rounded(value: f64, (low, high): (f64, f64)) -> f64 {
    let decimals = (-((high - low) / 1000.0).log10().floor()).clamp(0.0, 12.0);
    let scale = 10.0_f64.powf(decimals);
    (value * scale).round() / scale
}
