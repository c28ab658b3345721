//! The stimulus in the input strip: what is planned, and handles to drag it by. Sideways shifts a part of the
//! stimulus, upward strengthens it; ends, widths, periods and single samples have handles of their own. The column
//! has a number for everything that can be dragged here.

use eframe::egui::{Align2, CursorIcon, Painter, Pos2, Rangef, Rect, Response, Role, Sense, Stroke, Ui, Vec2, WidgetInfo, pos2};

use crate::app::{Command, Span};
use crate::model::units;
use crate::stimulus::Item;
use crate::ui::glyphs::{self, dashed_line};
use crate::ui::plot::{Axes, short, to_decade};
use crate::ui::prose;
use crate::ui::stage::{Dragged, Stage, name_area};
use crate::ui::theme::sans;

/// Single samples have handles up to this many in view.
const MOST_POINTS: usize = 60;
/// Points of the screen after which it is clear whether a hand goes sideways or upward.
const CLEAR: f32 = 3.0;

/// What a handle changes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Does {
    Whole,
    End,
    Width,
    Period,
    Point(usize),
}

struct Handle {
    name: String,
    /// Place of the item in the list.
    place: usize,
    does: Does,
    area: Rect,
}

/// Asks for the planned current of what is now on screen.
pub fn request(stage: &mut Stage, axes: &Axes) {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixels of a screen")]
    let columns = (0.5 * axes.rect.width()).max(1.0) as u32;
    stage.look.span = Some(Span { time: axes.x, columns });
}

/// Lowest and highest planned current in view, for the range of the strip.
pub fn planned_range(stage: &Stage, time: (f64, f64)) -> Option<(f64, f64)> {
    let seen = stage.derived.plan().iter().filter(|p| (time.0..=time.1).contains(&p[0])).map(|p| p[1]);
    let range = seen.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), i| (low.min(i), high.max(i)));
    (range.0 <= range.1 && !stage.bench.setup().stimulus.is_empty()).then_some(range)
}

/// The plan as a dashed line: ahead of the present always, behind it while a hand is at it. What was recorded may
/// differ, for a change of the stimulus does not change the past.
pub fn plan_ui(ui: &Ui, stage: &Stage, axes: &Axes, now: f64) {
    if stage.bench.setup().stimulus.is_empty() {
        return;
    }
    let whole = stage.look.strip.is_some() || ui.rect_contains_pointer(axes.rect);
    let path: Vec<Pos2> = stage.derived.plan().iter().filter(|p| whole || p[0] >= now).map(|p| axes.screen(*p)).collect();
    let painter = ui.painter().with_clip_rect(axes.rect.expand(2.0));
    dashed_line(&painter, &path, Stroke::new(1.2, stage.palette.input.gamma_multiply(0.65)), 4.0, 3.0);
}

/// Where the next part of the stimulus begins that lies to the right of what is shown; if none does, a mark where one that is shown ends
/// there.
pub fn ahead_ui(ui: &Ui, stage: &Stage, axes: &Axes) {
    let items = &stage.bench.setup().stimulus;
    let first = |time: fn(&Item) -> f64| {
        let all = items.iter().enumerate().map(|(place, item)| (place, time(item)));
        all.filter(|(_, t)| *t > axes.x.1 && t.is_finite()).min_by(|a, b| a.1.total_cmp(&b.1))
    };
    let (begins, ends) = (first(|item| item.span().0), first(|item| item.span().1));
    let Some((place, at)) = begins.or(ends) else { return };
    let which = if items.len() > 1 { format!("stimulus {}", place + 1) } else { "the stimulus".into() };
    let does = if begins.is_some() { "starts" } else { "ends" };
    let words = format!("{which} {does} at {} {}", short(at, 5), stage.neuron().card().time_unit());
    let (words, tip) = (words.trim_end(), pos2(axes.rect.right() - 2.0, axes.rect.center().y));
    glyphs::arrow_head(ui.painter(), tip, Vec2::new(1.0, 0.0), 8.0, stage.palette.input);
    let mut area = Rect::from_center_size(tip - Vec2::new(4.0, 0.0), Vec2::splat(14.0));
    if begins.is_some() {
        let (left, font) = (tip - Vec2::new(14.0, 0.0), sans(stage.sizes.unit));
        area = area.union(glyphs::halo_text(ui.painter(), left, Align2::RIGHT_CENTER, words, font, stage.palette.input, stage.palette.ground));
    }
    let response = ui.interact(area, ui.scope_id().with("stimulus ahead"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    response
        .on_hover_text(format!("{}. That lies to the right of what is shown: play on, or scroll down here to show more time", prose::capital(words)));
}

/// The handles of every item in view.
pub fn handles_ui(ui: &Ui, stage: &mut Stage, axes: &Axes) {
    let items = stage.bench.setup().stimulus.clone();
    let held = stage.look.strip.as_ref().map(|drag| drag.handle.clone());
    for handle in items.iter().enumerate().flat_map(|(place, item)| handles(place, item, axes, held.as_deref())) {
        let response = ui.interact(handle.area, ui.scope_id().with(&handle.name), Sense::drag());
        let response = response.on_hover_cursor(match handle.does {
            Does::Whole => CursorIcon::Move,
            Does::Point(_) => CursorIcon::Crosshair,
            Does::End | Does::Width | Does::Period => CursorIcon::ResizeHorizontal,
        });
        name_area(ui, &response, &handle.name);
        if response.hovered() || response.dragged() {
            highlight(ui.painter(), stage, &handle);
        }
        drag(ui, stage, axes, &handle, &response);
        if !response.dragged() {
            response.on_hover_text(match handle.does {
                Does::Whole => "Drag sideways to shift this part of the stimulus, upward to strengthen it",
                Does::End => "Drag to move its end",
                Does::Width => "Drag to make the pulses longer or shorter",
                Does::Period => "Drag to space the pulses",
                Does::Point(_) => "Drag this sample anywhere between its neighbours",
            });
        }
    }
}

fn highlight(painter: &Painter, stage: &Stage, handle: &Handle) {
    let colour = stage.palette.input;
    match handle.does {
        Does::Whole => {
            painter.rect_filled(handle.area, 2.0, colour.gamma_multiply(0.14));
        }
        Does::Point(_) => {
            painter.circle_filled(handle.area.center(), 4.0, colour);
        }
        Does::End | Does::Width | Does::Period => {
            painter.vline(handle.area.center().x, handle.area.y_range(), Stroke::new(2.0, colour));
        }
    }
}

/// The handles of one item, those that lie on top last. The one that the hand holds stays until it is let go, also where it has been
/// dragged out of sight.
fn handles(place: usize, item: &Item, axes: &Axes, held: Option<&str>) -> Vec<Handle> {
    let (from, to) = item.span();
    let mut found = Vec::new();
    let is_held = |what: &str| held == Some(what);
    let mut add = |does: Does, what: String, across: Rangef| {
        let room = axes.rect.x_range().expand(4.0);
        let mut seen = across.intersection(room);
        if is_held(&what) && seen.span() <= 2.0 {
            let edge = if across.max < room.max { room.min } else { room.max };
            seen = Rangef::point(edge);
        }
        if seen.span() > 2.0 || is_held(&what) {
            let area = Rect::from_x_y_ranges(seen, axes.rect.y_range().expand(3.0));
            found.push(Handle { name: what, place, does, area });
        }
    };
    let number = place + 1;
    let (x0, x1) = (axes.screen_x(from), axes.screen_x(to));
    let whole = format!("Stimulus {number}");
    match item {
        Item::Spikes { times: None, .. } => return found,
        // What never ends is held at its onset, so that the rest of the strip can still be panned.
        _ if to.is_infinite() => add(Does::Whole, whole, Rangef::new(x0 - 7.0, x0 + 7.0)),
        _ => add(Does::Whole, whole, Rangef::new(x0 - 5.0, x1.max(x0 + 3.0))),
    }
    // Beside what is narrow, so that both can be grasped.
    let edge = |x: f32| Rangef::new(x.max(x0 + 5.0) - 2.0, x.max(x0 + 5.0) + 7.0);
    match item {
        Item::PulseTrain { width, period, count, .. } => {
            let x = axes.screen_x(from + width);
            add(Does::Width, format!("Width of stimulus {number}"), edge(x));
            let next = axes.screen_x(from + period);
            if *count > 1 && next - x > 14.0 {
                add(Does::Period, format!("Period of stimulus {number}"), Rangef::new(next - 5.0, next + 4.0));
            }
        }
        Item::Samples { times, values } => {
            let seen = times.iter().zip(values).enumerate().filter(|(_, (t, _))| (axes.x.0..=axes.x.1).contains(t));
            for (k, (t, value)) in seen.take(MOST_POINTS) {
                let at = axes.screen([*t, *value]).clamp(axes.rect.min, axes.rect.max);
                let area = Rect::from_center_size(at, Vec2::splat(11.0));
                found.push(Handle { name: format!("Point {} of stimulus {number}", k + 1), place, does: Does::Point(k), area });
            }
        }
        _ if to.is_finite() && item.clone().end_mut().is_some() => {
            let name = format!("End of stimulus {number}");
            if to <= axes.x.1 || is_held(&name) {
                add(Does::End, name, edge(x1));
            }
        }
        _ => {}
    }
    found
}

fn drag(ui: &Ui, stage: &mut Stage, axes: &Axes, handle: &Handle, response: &Response) {
    if response.drag_started() {
        let across = (axes.x.1 - axes.x.0) / f64::from(axes.rect.width());
        let up = (axes.y.1 - axes.y.0) / f64::from(axes.rect.height());
        let original = stage.bench.setup().stimulus.clone();
        stage.look.strip = Some(Dragged { handle: handle.name.clone(), original, scale: [across, up], upward: None });
    }
    let held = stage.look.strip.as_mut().filter(|drag| drag.handle == handle.name);
    let (pointer, origin) = (response.interact_pointer_pos(), ui.input(|i| i.pointer.press_origin()));
    if let (true, Some(held), Some(pointer), Some(origin)) = (response.dragged(), held, pointer, origin) {
        let way = pointer - origin;
        if held.upward.is_none() && way.length() > CLEAR {
            held.upward = Some(way.y.abs() > way.x.abs() && handle.does == Does::Whole);
        }
        let mut items = held.original.clone();
        if let (Some(item), Some(upward)) = (items.get_mut(handle.place), held.upward) {
            let by = [to_decade(f64::from(way.x) * held.scale[0], held.scale[0]), to_decade(f64::from(-way.y) * held.scale[1], held.scale[1])];
            change(item, handle.does, by, upward, held.scale[0], axes.x.1);
            let text = say(item, handle.does, upward, stage);
            readout(ui.painter(), stage, axes, pointer, &text);
            if items != stage.bench.setup().stimulus {
                stage.send(Command::Stimulus(items));
            }
        }
    }
    if response.drag_stopped() {
        stage.look.strip = None;
        stage.send(Command::Settle);
    }
}

/// Changes the item as it was when the hand took it. `least` is the shortest time that stays visible, `right` the
/// right edge of the strip, at which a ramp without an end is raised.
fn change(item: &mut Item, does: Does, [by, up]: [f64; 2], upward: bool, least: f64, right: f64) {
    let (from, to) = item.span();
    match does {
        Does::Whole if upward => {
            item.raise(up, to.min(right));
        }
        // Nothing is pushed out of sight before the start of the run.
        Does::Whole => item.shift(by.max(-from.max(0.0))),
        Does::End => {
            if let Some(to) = item.end_mut() {
                *to = (*to + by).max(from + least);
            }
        }
        Does::Width | Does::Period => {
            if let Item::PulseTrain { width, period, .. } = item {
                if does == Does::Width {
                    let most = if width > period { f64::INFINITY } else { *period };
                    *width = (*width + by).clamp(least.min(most), most);
                } else {
                    *period = (*period + by).max(*width);
                }
            }
        }
        Does::Point(k) => {
            let Item::Samples { times, values } = item else { return };
            let before = k.checked_sub(1).and_then(|k| times.get(k)).map_or(0.0, |t| t + 0.1 * least);
            let after = times.get(k + 1).map_or(f64::INFINITY, |t| t - 0.1 * least);
            if let (Some(time), Some(value)) = (times.get_mut(k), values.get_mut(k)) {
                if before <= after {
                    *time = (*time + by).clamp(before, after);
                }
                *value += up;
            }
        }
    }
}

/// What the hand has come to.
fn say(item: &Item, does: Does, upward: bool, stage: &Stage) -> String {
    let card = stage.neuron().card();
    let time = |name: &str, t: f64| format!("{name} {} {}", short(t, 5), card.time_unit());
    let strength = item.clone().strength_mut().map(|x| *x);
    let text = match (does, item) {
        (Does::Whole, Item::Ramp { slope, .. }) if upward => format!("slope {} {}", short(*slope, 3), units::rise(card.current.unit)),
        (Does::Whole, _) if upward => strength.map_or_else(String::new, |x| format!("{} {}", short(x, 4), card.current.unit)),
        (Does::Width, Item::PulseTrain { width, .. }) => time("width", *width),
        (Does::Period, Item::PulseTrain { period, .. }) => time("period", *period),
        (Does::Point(k), Item::Samples { times, values }) => {
            let at = |list: &[f64]| list.get(k).copied().unwrap_or(0.0);
            format!("{} {} at {}", short(at(values), 4), card.current.unit, time("", at(times)).trim_start())
        }
        (Does::End, _) => time("to", item.span().1),
        _ => time("from", item.span().0),
    };
    text.trim_end().replace("  ", " ")
}

fn readout(painter: &Painter, stage: &Stage, axes: &Axes, pointer: Pos2, text: &str) {
    let anchor = if pointer.x > axes.rect.center().x { Align2::RIGHT_BOTTOM } else { Align2::LEFT_BOTTOM };
    let aside = if pointer.x > axes.rect.center().x { -8.0 } else { 8.0 };
    let at = pos2(pointer.x + aside, axes.rect.top() - 1.0);
    glyphs::halo_text(painter, at, anchor, text, sans(stage.sizes.unit), stage.palette.input, stage.palette.ground);
}
