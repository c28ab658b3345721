//! Intervals between spikes against time: flat for a neuron without memory, rising for one that adapts.

use eframe::egui::{Align2, Rect, Sense, Stroke, Ui, pos2};

use super::{View, scene, too_small};
use crate::ui::plot::Axes;
use crate::ui::stage::{Stage, name_area};
use crate::ui::theme::sans;

/// The view.
pub const VIEW: View = View { id: "intervals", title: |_| "Intervals", switches: None, show };

fn show(ui: &mut Ui, stage: &mut Stage) {
    let rect = ui.available_rect_before_wrap();
    let sizes = stage.sizes;
    let left = rect.left() + 24.0;
    let plot =
        Rect::from_min_max(pos2(left + sizes.gutter_symbol + sizes.gutter_ticks, rect.top() + 26.0), pos2(rect.right() - 28.0, rect.bottom() - 48.0));
    if plot.width() < 40.0 || plot.height() < 40.0 {
        return too_small(ui, stage, rect);
    }
    let response = ui.interact(plot, ui.scope_id().with("intervals area"), Sense::hover());
    name_area(ui, &response, "Intervals between spikes");
    let trace = stage.bench.trace();
    let time = scene::time_range(stage.look, stage.bench.setup().duration, trace.span().1);
    let spikes = trace.spikes();
    let pairs: Vec<(f64, f64)> =
        spikes.iter().zip(spikes.iter().skip(1)).map(|(a, b)| (b.t, b.t - a.t)).filter(|(t, _)| *t >= time.0 && *t <= time.1).collect();
    let unit = stage.neuron().card().time_unit();
    let highest = pairs.iter().map(|p| p.1).fold(0.0, f64::max);
    let slot = stage.look.ranges.entry("intervals".into()).or_insert((0.0, 1.0));
    if highest > slot.1 || highest < 0.33 * slot.1 {
        slot.1 = (1.25 * highest).max(1e-3);
    }
    let axes = Axes { rect: plot, x: time, y: *slot };
    axes.ticks_x(ui.painter(), stage, 5, unit);
    if pairs.is_empty() {
        let text = if stage.neuron().fires() { "No interval yet: it takes two spikes" } else { "No intervals: this unit has no spikes" };
        ui.painter().text(plot.center(), Align2::CENTER_CENTER, text, sans(sizes.row), stage.palette.muted);
        return;
    }
    axes.ticks_y(ui.painter(), stage, 5);
    ui.painter().text(pos2(left, plot.center().y - 8.0), Align2::LEFT_CENTER, "ISI", sans(sizes.row), stage.palette.spike);
    ui.painter().text(pos2(left, plot.center().y + 8.0), Align2::LEFT_CENTER, unit, sans(sizes.tick), stage.palette.muted);
    ui.painter().text(
        pos2(plot.center().x, plot.bottom() + 26.0),
        Align2::CENTER_TOP,
        "time of the later spike",
        sans(sizes.unit),
        stage.palette.muted,
    );
    let painter = ui.painter().with_clip_rect(plot.expand(6.0));
    for (t, interval) in pairs {
        painter.circle(axes.screen([t, interval]), 3.2, stage.palette.spike, Stroke::new(1.0, stage.palette.ground));
    }
}
