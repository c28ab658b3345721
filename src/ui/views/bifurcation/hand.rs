//! What the pointer does in the diagram: cards on hover, branches that can be dragged, a double click on a special point
//! that zooms in on it and tells its story.

use eframe::egui::{Pos2, Response, Ui};

use super::branches::crossing;
use super::scene::Scene;
use super::special::place;
use crate::analysis::Over;
use crate::analysis::diagram::{Kind, Special};
use crate::app::Command;
use crate::model::Field;
use crate::ui::plot::{Axes, figures, short};
use crate::ui::prose::capital;
use crate::ui::stage::Stage;
use crate::ui::views::i_line;

/// How near the pointer must be to an object, in points of the screen.
const NEAR: f32 = 9.0;

/// The object under the pointer.
enum Object {
    Special(Special),
    Rest { value: f64, v: f64, stable: bool },
    Cycle { branch: usize, orbit: usize },
}

/// Acts on what the pointer does.
pub fn interact(ui: &Ui, stage: &mut Stage, over: Over, axes: &Axes, scene: &Scene, response: &Response) {
    let id = response.id.with("held");
    let at = response.hover_pos().or(response.interact_pointer_pos());
    let object = at.and_then(|at| nearest(axes, scene, at));
    stage.look.held_cycle = None;
    if response.double_clicked()
        && let Some(Object::Special(point)) = object
    {
        zoom_to(stage, over, axes, &point);
        return;
    }
    if response.drag_started() {
        let on_branch = ui.input(|i| i.pointer.press_origin()).and_then(|at| nearest(axes, scene, at)).is_some();
        ui.data_mut(|d| d.insert_temp(id, on_branch));
    }
    let holds = response.dragged() && ui.data(|d| d.get_temp(id).unwrap_or(false));
    if holds && let Some(at) = response.interact_pointer_pos() {
        let value = nearest_value(axes, scene, at).unwrap_or(axes.model(at)[0]);
        i_line::set(stage, over, i_line::value_of(stage.bench.setup(), over), value);
    } else {
        i_line::zoom(ui, stage, over, axes, response);
    }
    if response.drag_stopped() {
        stage.send(Command::Settle);
    }
    let Some(object) = object else { return };
    if let Object::Cycle { branch, orbit } = object {
        hold(stage, scene, branch, orbit);
    }
    let lines = card(stage, over, scene, &object);
    response.clone().on_hover_ui_at_pointer(|ui| {
        for line in lines {
            ui.label(line);
        }
    });
}

/// The cycle under the pointer is drawn in the plane, unstable ones too.
fn hold(stage: &mut Stage, scene: &Scene, branch: usize, orbit: usize) {
    let Some(diagram) = scene.diagram else { return };
    let Some(orbit) = diagram.cycles.get(branch).and_then(|b| b.orbits.get(orbit)) else { return };
    let n = stage.neuron().dim();
    let states = orbit.cycle.nodes.chunks_exact(n).map(|node| diagram.scales.model(node)).collect();
    stage.look.held_cycle = Some((states, orbit.multipliers.is_stable()));
}

fn nearest(axes: &Axes, scene: &Scene, at: Pos2) -> Option<Object> {
    let close = scene.special.iter().filter_map(|p| Some((p, place(axes, p)?.distance(at)))).filter(|(_, d)| *d < NEAR);
    if let Some((point, _)) = close.min_by(|a, b| a.1.total_cmp(&b.1)) {
        return Some(Object::Special(*point));
    }
    let x = axes.model(at)[0];
    let mut best: Option<(f32, Object)> = None;
    let mut offer = |distance: f32, object: Object| {
        if distance < NEAR && best.as_ref().is_none_or(|b| distance < b.0) {
            best = Some((distance, object));
        }
    };
    for line in &scene.rests {
        for w in line.points.windows(2) {
            if let Some(s) = crossing(w[0].value, w[1].value, x) {
                let v = w[0].state[0] + s * (w[1].state[0] - w[0].state[0]);
                offer((axes.screen_y(v) - at.y).abs(), Object::Rest { value: x, v, stable: line.stable });
            }
        }
    }
    for line in &scene.cycles {
        for w in line.points.windows(2) {
            let Some(orbit) = w[0].orbit.or(w[1].orbit) else { continue };
            for side in 0..2 {
                let pick = |v: (f64, f64)| if side == 0 { v.0 } else { v.1 };
                let (a, b) = (axes.screen([w[0].value, pick(w[0].v)]), axes.screen([w[1].value, pick(w[1].v)]));
                offer(to_segment(at, a, b).0, Object::Cycle { branch: line.branch, orbit });
            }
        }
    }
    best.map(|b| b.1)
}

/// Distance of a point from a segment, and where on it the nearest point lies, as a fraction.
fn to_segment(at: Pos2, a: Pos2, b: Pos2) -> (f32, f32) {
    let along = b - a;
    let s = if along.length_sq() > 0.0 { ((at - a).dot(along) / along.length_sq()).clamp(0.0, 1.0) } else { 0.0 };
    (at.distance(a + s * along), s)
}

/// The value of the nearest point of any branch, so that a steep branch can be held by its height.
fn nearest_value(axes: &Axes, scene: &Scene, at: Pos2) -> Option<f64> {
    let cycles = scene
        .cycles
        .iter()
        .flat_map(|l| l.points.windows(2))
        .flat_map(|w| [(w[0].value, w[0].v.0, w[1].value, w[1].v.0), (w[0].value, w[0].v.1, w[1].value, w[1].v.1)]);
    let rests = scene.rests.iter().flat_map(|l| l.points.windows(2)).map(|w| (w[0].value, w[0].state[0], w[1].value, w[1].state[0]));
    let measured = cycles.chain(rests).map(|(x0, y0, x1, y1)| {
        let (distance, s) = to_segment(at, axes.screen([x0, y0]), axes.screen([x1, y1]));
        (distance, x0 + f64::from(s) * (x1 - x0))
    });
    measured.min_by(|a, b| a.0.total_cmp(&b.0)).filter(|m| m.0 < 60.0).map(|m| m.1)
}

/// Zooms in on a special point and tells what happens there.
fn zoom_to(stage: &mut Stage, over: Over, axes: &Axes, point: &Special) {
    let field = over.field(stage.neuron());
    let half = 0.06 * (axes.x.1 - axes.x.0);
    let range = ((point.value - half).max(field.min), (point.value + half).min(field.max));
    stage.look.over_ranges.insert(field.id.to_string(), range);
    let law = stage.derived.diagrams().law(point).unwrap_or_default();
    stage.send(Command::Say(
        format!("{} at {} = {}: {}{law}", capital(point.kind.words()), field.id, short(point.value, 7), point.kind.story()),
        false,
    ));
}

fn with_unit(value: f64, digits: i32, unit: &str) -> String {
    format!("{} {unit}", figures(value, digits)).trim_end().to_string()
}

/// What there is to say about an object, line by line.
fn card(stage: &Stage, over: Over, scene: &Scene, object: &Object) -> Vec<String> {
    let neuron = stage.neuron();
    let field: &Field = over.field(neuron);
    let time = neuron.card().time_unit();
    match object {
        Object::Special(point) => {
            let mut lines = vec![capital(point.kind.words())];
            let error = if point.error.is_finite() { format!(" \u{b1} {:.0e}", point.error) } else { ", being confirmed".into() };
            lines.push(format!("{} = {}{error}", field.id, with_unit(point.value, 8, field.unit)));
            match point.kind {
                Kind::Hopf { frequency, first_lyapunov } => {
                    let per_second = neuron.card().per_second();
                    lines.push(format!("born at {}", with_unit(frequency / std::f64::consts::TAU * per_second, 4, neuron.card().rate_unit())));
                    lines.push(format!(
                        "first Lyapunov coefficient {}",
                        if first_lyapunov < 0.0 { "negative: stable cycles" } else { "positive: unstable cycles" }
                    ));
                }
                Kind::CycleFold { period, .. } | Kind::PeriodDoubling { period } => lines.push(format!("period {}", with_unit(period, 5, time))),
                _ => {}
            }
            lines.push(point.kind.story().to_string());
            lines
        }
        Object::Rest { value, v, stable } => {
            let word = if *stable { "Stable equilibrium" } else { "Unstable equilibrium" };
            let first = neuron.states().first();
            let potential = format!("{} = {}", first.map_or("V", |f| f.id), with_unit(*v, 4, first.map_or("", |f| f.unit)));
            vec![word.into(), potential, format!("{} = {}", field.id, with_unit(*value, 4, field.unit))]
        }
        Object::Cycle { branch, orbit } => {
            let Some(orbit) = scene.diagram.and_then(|d| d.cycles.get(*branch)).and_then(|b| b.orbits.get(*orbit)) else { return Vec::new() };
            let stable = orbit.multipliers.is_stable();
            let mut lines = vec![if stable { "Stable cycle" } else { "Unstable cycle" }.to_string()];
            lines.push(format!("{} = {}", field.id, with_unit(orbit.cycle.value, 5, field.unit)));
            lines.push(format!("period {}", with_unit(orbit.cycle.period, 5, time)));
            let others: Vec<String> = orbit.multipliers.others.iter().map(multiplier).collect();
            lines.push(format!("multipliers 1 (off by {:.0e}), {}", (orbit.multipliers.trivial - 1.0).abs(), others.join(", ")));
            lines
        }
    }
}

fn multiplier(m: &crate::analysis::Eigenvalue) -> String {
    let size = m.re.hypot(m.im);
    if size < crate::analysis::cycles::SMALLEST {
        return "< 1e\u{2212}8".into();
    }
    if m.im == 0.0 {
        figures(m.re, 3)
    } else {
        format!("{} {} {}i", figures(m.re, 3), if m.im > 0.0 { "+" } else { "\u{2212}" }, figures(m.im.abs(), 3))
    }
}
