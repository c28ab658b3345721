//! What a hand changes in a chart of an experiment: spikes of trains, and settings that stand as upright lines.

use std::borrow::Cow;

use eframe::egui::{CursorIcon, PointerButton, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

use crate::app::Command;
use crate::experiment::report::{Chart, Handle, Report, Series};
use crate::experiment::{BY_HAND, Chosen};
use crate::model::Field;
use crate::ui::glyphs::hairline_v;
use crate::ui::plot::{Axes, short, to_decade};
use crate::ui::stage::{HeldSpike, Stage, name_area};

/// How far from a spike or a line, in points, a hand still grasps it.
const GRASP: f32 = 6.0;
/// Spikes of a train can be grasped up to this many: more stand too close together.
const MOST: usize = 200;

/// The chart with what is held by hand as it is now: its report may still be on the way.
pub fn current<'a>(chosen: &Chosen, chart: &'a Chart) -> Cow<'a, Chart> {
    let Some(handle) = &chart.handle else { return Cow::Borrowed(chart) };
    let mut chart = chart.clone();
    match handle {
        Handle::Trains(ids) => {
            let end = chart.x.range.map_or(f64::INFINITY, |r| r.1);
            for (row, (id, series)) in ids.iter().zip(&mut chart.series).enumerate() {
                #[expect(clippy::cast_precision_loss, reason = "a few rows")]
                let y = row as f64 + 1.0;
                if let Some(times) = chosen.placed(id) {
                    series.points = times.iter().filter(|t| **t < end).map(|t| [*t, y]).collect();
                }
            }
        }
        Handle::Setting(id) => {
            let series = chart.series.iter_mut().find(|s| s.id == *id);
            if let (Some(series), Some((_, value))) = (series, setting(chosen, id)) {
                series.points = vec![[value, 0.0]];
            }
        }
    }
    Cow::Owned(chart)
}

/// What is sent where a train is to be placed by hand for the first time: it begins as it was.
pub fn beginning(chosen: &Chosen, found: Option<&Report>, index: usize, value: f64) -> Option<Command> {
    let field = chosen.table.get(index).filter(|f| f.choice(value) == Some(BY_HAND) && !chosen.placed.contains_key(f.id))?;
    let series = found?.charts.iter().find_map(|chart| match &chart.handle {
        Some(Handle::Trains(ids)) => chart.series.get(ids.iter().position(|id| *id == field.id)?),
        _ => None,
    })?;
    Some(Command::Place(index, times(series)))
}

/// Place in the table and value of a setting.
fn setting(chosen: &Chosen, id: &str) -> Option<(usize, f64)> {
    let place = Field::position(&chosen.table, id)?;
    Some((place, *chosen.values.get(place)?))
}

/// The times of a train, as one would write them down: to a thousandth.
fn times(series: &Series) -> Vec<f64> {
    series.points.iter().map(|p| (p[0] * 1e3).round() / 1e3).collect()
}

/// Lets a hand at what the chart says can be changed.
pub fn interact(ui: &Ui, stage: &mut Stage, chosen: &Chosen, chart: &Chart, axes: &Axes) {
    match &chart.handle {
        Some(Handle::Trains(ids)) => {
            for (row, (id, series)) in ids.iter().zip(&chart.series).enumerate() {
                let times = times(series);
                if let Some(index) = Field::position(&chosen.table, id) {
                    train(ui, stage, &Train { row, id, index, times }, axes);
                }
            }
        }
        Some(Handle::Setting(id)) => line(ui, stage, chosen, (id, &chart.title), axes),
        None => {}
    }
}

/// A row of spikes.
struct Train {
    row: usize,
    id: &'static str,
    /// Place of the choice in the table of settings.
    index: usize,
    times: Vec<f64>,
}

/// A click beside spikes places one, a click on one takes it away, a drag moves it.
fn train(ui: &Ui, stage: &mut Stage, train: &Train, axes: &Axes) {
    #[expect(clippy::cast_precision_loss, reason = "a few rows")]
    let y = train.row as f64 + 1.0;
    let row = Rect::from_x_y_ranges(axes.rect.x_range(), axes.screen_y(y + 0.5)..=axes.screen_y(y - 0.5)).intersect(axes.rect);
    let number = train.row + 1;
    let area = ui.interact(row, ui.scope_id().with(("train", train.id)), Sense::click_and_drag()).on_hover_cursor(CursorIcon::Copy);
    name_area(ui, &area, &format!("Timeline of train {number}"));
    let per_point = (axes.x.1 - axes.x.0) / f64::from(axes.rect.width());
    let time = |at: eframe::egui::Pos2| to_decade(axes.model(at)[0], per_point).clamp(axes.x.0.max(0.0), axes.x.1);
    drag(ui, stage, train, axes, &area, &time);
    let graspable = if train.times.len() > MOST { &[] } else { train.times.as_slice() };
    let mut is_on_spike = false;
    for (place, t) in graspable.iter().enumerate() {
        let at = Rect::from_center_size(pos2(axes.screen_x(*t), row.center().y), vec2(2.0 * GRASP, row.height()));
        let spike = ui.interact(at, ui.scope_id().with(("spike", train.id, place)), Sense::click()).on_hover_cursor(CursorIcon::ResizeHorizontal);
        spike.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Spike {} of train {number}", place + 1)));
        is_on_spike |= spike.hovered();
        if spike.hovered() || spike.has_focus() {
            let ink = if spike.has_focus() { stage.palette.accent } else { stage.palette.text };
            hairline_v(ui.painter(), at.center().x, row.y_range(), ink);
        }
        if spike.clicked() {
            let mut times = train.times.clone();
            times.remove(place);
            stage.send_once(Command::Place(train.index, times));
        }
        if !area.dragged() {
            let unit = stage.neuron().card().time_unit();
            spike.on_hover_text(format!("{} {unit}: drag to move it, click to take it away", short(*t, 5)).replace(" :", ":"));
        }
    }
    if let Some(at) = area.interact_pointer_pos().filter(|_| area.clicked_by(PointerButton::Primary) && !is_on_spike) {
        let mut times = train.times.clone();
        times.push(time(at));
        stage.send_once(Command::Place(train.index, times));
    }
    if !is_on_spike && !area.dragged() {
        area.on_hover_text("Click to place a spike");
    }
}

/// Moves the spike on which the pointer was pressed.
fn drag(ui: &Ui, stage: &mut Stage, train: &Train, axes: &Axes, area: &Response, time: &dyn Fn(eframe::egui::Pos2) -> f64) {
    if let Some(origin) = ui.input(|i| i.pointer.press_origin()).filter(|_| area.drag_started() && train.times.len() <= MOST) {
        let far = |t: f64| (axes.screen_x(t) - origin.x).abs();
        let nearest = (0..train.times.len()).min_by(|a, b| far(train.times[*a]).total_cmp(&far(train.times[*b])));
        if let Some(place) = nearest.filter(|place| far(train.times[*place]) <= GRASP) {
            let mut others = train.times.clone();
            others.remove(place);
            stage.look.spike = Some(HeldSpike { train: train.id, others });
            stage.send(Command::Settle);
        }
    }
    let Some(held) = stage.look.spike.as_ref().filter(|held| held.train == train.id) else { return };
    if let Some(at) = area.interact_pointer_pos().filter(|_| area.dragged()) {
        let mut times = held.others.clone();
        times.push(time(at));
        stage.send(Command::Place(train.index, times));
    }
    if area.drag_stopped() || !area.is_pointer_button_down_on() {
        stage.look.spike = None;
        stage.send(Command::Settle);
    }
}

/// An upright line that stands at a setting.
fn line(ui: &Ui, stage: &mut Stage, chosen: &Chosen, (id, title): (&str, &str), axes: &Axes) {
    let Some((index, value)) = setting(chosen, id) else { return };
    let Some(field) = chosen.table.get(index) else { return };
    let x = axes.screen_x(value).clamp(axes.rect.left(), axes.rect.right());
    let grip = Rect::from_center_size(pos2(x, axes.rect.center().y), Vec2::new(2.0 * GRASP, axes.rect.height()));
    let response = ui.interact(grip, ui.scope_id().with(("line", id, title)), Sense::drag()).on_hover_cursor(CursorIcon::ResizeHorizontal);
    name_area(ui, &response, &format!("Line of {id} in {title}"));
    if response.hovered() || response.dragged() {
        hairline_v(ui.painter(), x, axes.rect.y_range(), stage.palette.text);
    }
    if response.drag_started() {
        stage.send(Command::Settle);
    }
    if let Some(at) = response.interact_pointer_pos().filter(|_| response.dragged()) {
        let per_point = (axes.x.1 - axes.x.0) / f64::from(axes.rect.width());
        // What a hand can reach is on the axis and above nothing.
        let least = field.min.max(per_point);
        let value = to_decade(axes.model(at)[0], per_point).clamp(least, axes.x.1.max(least)).min(field.max);
        stage.send(Command::Setting(index, value));
    }
    if response.drag_stopped() {
        stage.send(Command::Settle);
    }
    if !response.dragged() {
        response.on_hover_text(format!("Drag to change {id}: {}", field.meaning));
    }
}
