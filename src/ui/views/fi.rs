//! The f–I curve: how fast the neuron fires at each constant current, where that begins, and how.

use eframe::egui::text::LayoutJob;
use eframe::egui::{Align2, Color32, FontId, Pos2, Rect, Role, Sense, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2};

mod curve;

use super::{View, bifurcation, i_line, too_small};
use crate::analysis::{Firing, Over};
use crate::app::fi::words;
use crate::app::{FiCurve, FiSlot};
use crate::ui::glyphs::{dashed_line, halo_text};
use crate::ui::math::Formula;
use crate::ui::plot::{Axes, short};
use crate::ui::stage::{Stage, name_area};
use crate::ui::theme::{STALE, sans};

/// The view.
pub const VIEW: View = View { id: "fi", title, switches: None, show };

fn title(stage: &Stage) -> &'static str {
    if stage.sizes.column < 280.0 { "f\u{2013}I" } else { "f\u{2013}I curve" }
}

fn show(ui: &mut Ui, stage: &mut Stage) {
    let rect = ui.available_rect_before_wrap();
    let sizes = stage.sizes;
    let left = rect.left() + 24.0;
    let top = rect.top() + 42.0 + i_line::headroom(stage);
    let plot = Rect::from_min_max(pos2(left + sizes.gutter_symbol + sizes.gutter_ticks, top), pos2(rect.right() - 28.0, rect.bottom() - 48.0));
    if plot.width() < 60.0 || plot.height() < 40.0 {
        return too_small(ui, stage, rect);
    }
    let x = i_line::range(stage, Over::Current);
    ask(ui, stage, x);
    // A bifurcation view asks for its own, over whatever it shows.
    stage.look.diagram_wanted.get_or_insert((Over::Current, x));
    let derived = stage.derived;
    let slot = derived.fi();
    // A curve of another model has other units.
    let model = stage.neuron().card().id;
    let found = slot.result().filter(|_| slot.result_key().is_some_and(|key| key.is_of(model)));
    let strength = if slot.is_current() { 1.0 } else { STALE };
    sentence(ui, stage, slot, found, Rect::from_min_max(pos2(left, rect.top() + 4.0), pos2(plot.right(), top)));
    let live = live(stage);
    let axes = Axes { rect: plot, x, y: rates(stage, found, live.map(|(_, rate)| rate)) };
    let response = ui.interact(plot, ui.scope_id().with("f-I area"), Sense::click_and_drag());
    name_area(ui, &response, "f\u{2013}I curve");
    axes.ticks_x(ui.painter(), stage, 5, "");
    axes.ticks_y(ui.painter(), stage, 4);
    axes.label_x(ui, stage, &stage.neuron().card().current);
    label_f(ui, stage, left, &axes);
    i_line::zoom(ui, stage, Over::Current, &axes, &response);
    i_line::show(ui, stage, Over::Current, &axes, plot.bottom());
    bifurcation::exact_rates(ui, stage, &axes);
    // After the line, which would strike the words through.
    let words = found.map(|found| curve::paint(ui, stage, &axes, found, strength)).unwrap_or_default();
    live_ui(ui, stage, &axes, live, &words);
    if let (Some(found), Some(at)) = (found, response.hover_pos()) {
        let card = curve::card(stage, found, axes.model(at)[0]);
        response.on_hover_ui_at_pointer(|ui| {
            ui.set_min_width(190.0);
            for line in card {
                ui.label(line);
            }
        });
    }
}

/// Asks for the curve over what is now on screen, which the next frame's logic reads.
fn ask(ui: &Ui, stage: &mut Stage, range: (f64, f64)) {
    let slot = stage.derived.fi();
    if slot.is_unasked() {
        ui.ctx().request_repaint();
    }
    stage.look.fi_wanted = Some(range);
}

/// The class in a sentence, and below it what it is read from; or why there is none.
fn sentence(ui: &Ui, stage: &Stage, slot: &FiSlot, found: Option<&FiCurve>, room: Rect) {
    let card = stage.neuron().card();
    let onset = found.and_then(|found| found.curve.onset.as_ref());
    let (first, second) = match (slot.failure(), onset) {
        _ if !stage.neuron().fires() => {
            ("No spikes: this unit's output is itself a rate".into(), "Over I it is drawn in the bifurcation view.".into())
        }
        (Some(failure), _) => (failure.to_string(), String::new()),
        (None, Some(onset)) => words(onset, card.current.unit, card.rate_unit()),
        (None, None) => ("Measuring\u{2026}".into(), String::new()),
    };
    let strength = if slot.is_current() { 1.0 } else { STALE };
    let line = |text: &str, y: f32, size: f32, colour: Color32| {
        let text = elided(ui, text, &sans(size), room.width());
        ui.painter().text(pos2(room.left(), y), Align2::LEFT_TOP, text, sans(size), colour.gamma_multiply(strength));
    };
    if second.is_empty() {
        // A sentence that stands alone may take both lines.
        let mut job = LayoutJob::simple(first.clone(), sans(stage.sizes.row), stage.palette.text.gamma_multiply(strength), room.width());
        job.wrap.max_rows = 2;
        let galley = ui.painter().layout_job(job);
        ui.painter().galley(room.min, galley, stage.palette.text);
    } else {
        line(&first, room.top(), stage.sizes.row, stage.palette.text);
    }
    line(&second, room.top() + 19.0, stage.sizes.section, stage.palette.muted);
    let words = format!("{first}. {second}").trim_end().to_string();
    let place = Rect::from_min_size(room.min, vec2(room.width(), 36.0));
    let response = ui.interact(place, ui.scope_id().with("f-I words"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, ui.is_enabled(), &words));
    response.on_hover_text(words);
}

/// A text cut with an ellipsis where it does not fit.
fn elided(ui: &Ui, text: &str, font: &FontId, width: f32) -> String {
    let fits = |text: &str| ui.painter().layout_no_wrap(text.into(), font.clone(), Color32::WHITE).size().x <= width;
    if fits(text) {
        return text.to_string();
    }
    let mut kept = text.to_string();
    while kept.pop().is_some() {
        let shorter = format!("{}\u{2026}", kept.trim_end());
        if fits(&shorter) {
            return shorter;
        }
    }
    kept
}

/// Held range of rates: it grows at once, and shrinks when less than half of it is used.
fn rates(stage: &mut Stage, found: Option<&FiCurve>, live: Option<f64>) -> (f64, f64) {
    let points = found.map_or(&[][..], |f| &f.curve.points);
    let readings = points.iter().flat_map(|p| [p.rate, p.rate_up, p.rate_down, p.cycle_frequency]).flatten();
    let highest = readings.chain(live).fold(0.0, f64::max);
    let slot = stage.look.ranges.entry("fi".into()).or_insert((0.0, 1e-9));
    if highest > 0.0 && (1.02 * highest > slot.1 || 2.2 * highest < slot.1) {
        slot.1 = 1.15 * highest;
    }
    let top = if slot.1 > 1e-8 { slot.1 } else { stage.neuron().card().per_second() / 10.0 };
    (0.0, top)
}

fn label_f(ui: &Ui, stage: &Stage, left: f32, axes: &Axes) {
    let formula = Formula::layout(ui.ctx(), "f", stage.sizes.math_axis, stage.palette.cycle, &|_| None);
    let center = pos2(left, axes.rect.center().y);
    formula.paint(ui.painter(), center - vec2(0.0, 0.5 * formula.size().y));
    if !stage.neuron().card().dimensionless {
        let below = center + vec2(0.0, 0.5 * formula.size().y);
        ui.painter().text(below, Align2::LEFT_TOP, "Hz", sans(stage.sizes.tick), stage.palette.muted);
    }
}

/// Where the running neuron is: the current that enters now, and the rate of its recent spikes; nowhere while its input keeps changing.
fn live(stage: &Stage) -> Option<(f64, f64)> {
    let regime = stage.derived.regime();
    if regime.is_driven {
        return None;
    }
    let silent = ((regime.is_at_rest || regime.firing == Some(Firing::Silent)) && stage.neuron().fires()).then_some(0.0);
    Some((stage.bench.shown().2, regime.rate.or(silent)?)).filter(|(current, rate)| current.is_finite() && rate.is_finite())
}

/// The width of a plot in which there is room to say that the stimulus counts.
const ROOMY: f32 = 330.0;

/// The running neuron as a dot; if its stimulus adds to I, on a dotted line of its own. Its words keep clear of those in `taken`.
fn live_ui(ui: &Ui, stage: &Stage, axes: &Axes, live: Option<(f64, f64)>, taken: &[Rect]) {
    let Some((current, rate)) = live else { return };
    let at = axes.screen([current, rate]);
    if !axes.rect.expand(1.0).contains(at) {
        return;
    }
    let painter = ui.painter();
    let is_apart = (at.x - axes.screen_x(stage.bench.setup().current)).abs() > 3.0;
    if is_apart {
        dashed_line(painter, &[pos2(at.x, axes.rect.top()), pos2(at.x, axes.rect.bottom())], Stroke::new(1.2, stage.palette.input), 2.0, 4.0);
    }
    painter.circle(at, stage.sizes.live_dot, stage.palette.text, Stroke::new(stage.sizes.state_ring, stage.palette.ground));
    painter.circle_stroke(at, stage.sizes.live_dot + 2.5, Stroke::new(1.0, stage.palette.text));
    let unit = if stage.neuron().card().dimensionless { "" } else { " Hz" };
    let words = if is_apart && axes.rect.width() > ROOMY { "now, with stimulus " } else { "now " };
    let text = format!("{words}{}{unit}", short(rate, 3));
    let size = painter.layout_no_wrap(text.clone(), sans(stage.sizes.unit), stage.palette.text).size();
    let place = corner(at, size, axes.rect.with_max_x(axes.rect.right() + 24.0), taken);
    halo_text(painter, place.min, Align2::LEFT_TOP, text, sans(stage.sizes.unit), stage.palette.text, stage.palette.ground);
}

/// The corner of a point, near it or a line further, at which a label of this size covers least of the other labels and stays inside
/// best. Above to the left comes first, for there a rising curve leaves room.
fn corner(at: Pos2, size: Vec2, inside: Rect, taken: &[Rect]) -> Rect {
    let label = |(x, y, lines): (f32, f32, f32)| Rect::from_center_size(at + vec2(x * (10.0 + 0.5 * size.x), y * (6.0 + lines * size.y)), size);
    let shared = |a: Rect, b: Rect| if a.intersects(b) { a.intersect(b).area() } else { 0.0 };
    let covered = |label: &Rect| label.area() - shared(*label, inside) + taken.iter().map(|other| shared(*label, other.expand(1.0))).sum::<f32>();
    let corners = [(-1.0, -1.0), (1.0, 1.0), (1.0, -1.0), (-1.0, 1.0)];
    let places = [0.5, 1.6].into_iter().flat_map(|lines| corners.map(|(x, y)| label((x, y, lines))));
    places.min_by(|a, b| covered(a).total_cmp(&covered(b))).unwrap_or(Rect::from_min_size(at, size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_label_of_the_present_goes_where_no_other_stands_and_the_plot_has_room() {
        let inside = Rect::from_min_max(pos2(0.0, 0.0), pos2(300.0, 200.0));
        let (at, size) = (pos2(150.0, 100.0), vec2(60.0, 14.0));
        let free = corner(at, size, inside, &[]);
        assert!(free.right() < at.x && free.bottom() < at.y);
        let other = corner(at, size, inside, &[free]);
        assert!(!other.intersects(free) && inside.contains_rect(other));
        assert!(inside.contains_rect(corner(pos2(20.0, 190.0), size, inside, &[])));
    }
}
