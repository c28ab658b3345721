//! Small pieces that panels are made of: rows, sections, painted buttons.

use std::ops::RangeInclusive;

use eframe::egui::{
    Align2, Button, Color32, DragValue, Layout, Painter, PointerButton, Popup, Pos2, Rect, Response, RichText, Role, Sense, Slider, SliderClamping,
    Stroke, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2,
};

use eframe::egui::text::{CCursor, CCursorRange, LayoutJob, TextWrapping};
use eframe::egui::text_edit::TextEditState;

use super::math::Formula;
use super::stage::Stage;
use super::theme::{sans, slider_handle};
use super::{glyphs, plot, prose};
use crate::model::{Field, in_words};

/// A painted sign: painter, centre, radius, colour, ground.
pub type Sign = fn(&Painter, Pos2, f32, Color32, Color32);

/// A button that shows a painted sign.
pub fn sign_button(ui: &mut Ui, stage: &Stage, size: Vec2, sign: Sign, raised: bool, name: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
    let fill = match (raised, response.hovered()) {
        (true, false) => stage.palette.raised,
        (_, true) => stage.palette.raised_hover,
        (false, false) => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect, stage.sizes.button_radius, fill);
    focus_ring(ui, stage, &response, rect);
    let colour = if response.hovered() { stage.palette.text } else { stage.palette.soft };
    sign(ui.painter(), rect.center(), 7.0, colour, stage.palette.panel);
    response.on_hover_text(name)
}

/// The outline of the widget that has the keyboard.
pub fn focus_ring(ui: &Ui, stage: &Stage, response: &Response, rect: Rect) {
    if response.has_focus() {
        ui.painter().rect_stroke(rect, stage.sizes.button_radius, Stroke::new(1.5, stage.palette.accent), eframe::egui::StrokeKind::Outside);
    }
}

/// A hairline and the name of what follows, with a muted remark at the right.
pub fn section(ui: &mut Ui, stage: &Stage, name: &str, remark: &str, remark_colour: Color32) {
    ui.add_space(stage.sizes.section_above - 6.0);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), stage.sizes.section_below + 4.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name} {remark}").trim()));
    glyphs::hairline_h(ui.painter(), rect.x_range(), rect.top(), stage.palette.rule);
    let y = rect.bottom() - 4.0;
    ui.painter().text(pos2(rect.left(), y), Align2::LEFT_BOTTOM, name, sans(stage.sizes.section), stage.palette.muted);
    ui.painter().text(pos2(rect.right(), y), Align2::RIGHT_BOTTOM, remark, sans(stage.sizes.section), remark_colour);
}

/// What a slider row needs to know besides the field.
pub struct Row {
    /// The present value.
    pub value: f64,
    /// The value to return to.
    pub loaded: f64,
    /// Colour of symbol and handle while unchanged, if the quantity has one.
    pub colour: Option<Color32>,
    /// Height of the row.
    pub height: f32,
    /// Room for the symbol where it is a word.
    pub word: Option<f32>,
}

/// How a slider row is called, where that is not what its field says.
pub struct Called<'a> {
    /// Name of its slider and of its number.
    pub name: String,
    /// Name of its way back.
    pub reset: String,
    /// Unit.
    pub unit: &'a str,
}

/// What the user did with a slider row.
pub struct RowChange {
    /// The new value, if there is one.
    pub value: Option<f64>,
    /// The hand let go.
    pub settled: bool,
    /// The pointer is on the row.
    pub hovered: bool,
}

/// Widths of the columns of a slider row, beside the rail.
struct Widths {
    symbol: f32,
    value: f32,
    unit: f32,
    reset: f32,
}

impl Widths {
    fn of(sizes: &super::theme::Sizes) -> Self {
        let roomy = sizes.column > 280.0;
        let symbol = if roomy { sizes.slider_symbol } else { 38.0 };
        Self { symbol, value: if roomy { 66.0 } else { 60.0 }, unit: 48.0, reset: if roomy { 16.0 } else { 10.0 } }
    }
}

/// Symbol, rail, value to type, unit, and a way back when changed.
pub fn slider_row(ui: &mut Ui, stage: &Stage, field: &Field, row: &Row) -> RowChange {
    if !field.choices.is_empty() {
        return choice_row(ui, stage, field, row);
    }
    let name = if field.unit.is_empty() { field.id.to_string() } else { format!("{} [{}]", field.id, field.unit) };
    number_row(ui, stage, field, row, &Called { name, reset: format!("Reset {}", field.id), unit: field.unit })
}

/// [`slider_row`] of a number that is called otherwise than its field says.
pub fn number_row(ui: &mut Ui, stage: &Stage, field: &Field, row: &Row, called: &Called) -> RowChange {
    let (rect, hover) = ui.allocate_exact_size(vec2(ui.available_width(), row.height), Sense::hover());
    let mut value = row.value;
    let changed = row.value.to_bits() != row.loaded.to_bits();
    let sizes = stage.sizes;
    let cy = rect.center().y;
    let least = row.word.unwrap_or(Widths::of(sizes).symbol);
    // A long name or unit takes from the rail rather than run over it.
    let unit = ui.painter().layout_no_wrap(called.unit.into(), sans(sizes.unit), stage.palette.muted);
    let widths = Widths::of(sizes);
    let widths = Widths {
        symbol: least.max(symbol_width(ui, stage, field, row) + 8.0),
        unit: widths.unit.max(unit.size().x + if widths.reset > 12.0 { 6.0 } else { 0.0 }),
        ..widths
    };
    let rail = Rect::from_min_max(
        pos2(rect.left() + widths.symbol, rect.top()),
        pos2(rect.right() - widths.reset - widths.unit - widths.value - 8.0, rect.bottom()),
    );
    let symbol_colour = row.colour.unwrap_or(stage.palette.text);
    let pointed = stage.look.pointed_before.as_deref() == Some(field.id);
    symbol(ui, stage, field, row, rect, if pointed { stage.palette.accent } else { symbol_colour });

    let handle = if changed { stage.palette.accent } else { row.colour.unwrap_or(stage.palette.soft) };
    let shown = shown_range(field, [row.value, row.loaded]);
    let slider = rail_and_slider(ui, stage, rail, (&mut value, row.loaded, shown, step_of(field, shown)), handle, changed, &called.name);
    let mut settled = slider.drag_stopped();

    let value_rect = Rect::from_min_max(pos2(rail.right() + 8.0, cy - 11.0), pos2(rail.right() + 8.0 + widths.value, cy + 11.0));
    let colour = if changed { stage.palette.accent } else { stage.palette.text };
    let typed = number_field(ui, value_rect, &mut value, field, &called.name, colour);
    settled |= typed.drag_stopped() || typed.lost_focus();
    ui.painter().galley(pos2(value_rect.right() + 6.0, cy - 0.5 * unit.size().y), unit, stage.palette.muted);

    if changed {
        let at = Rect::from_center_size(pos2(rect.right() - 0.5 * widths.reset + 2.0, cy), vec2(widths.reset, widths.reset));
        let back = ui.interact(at, ui.scope_id().with((&called.reset, "back")), Sense::click());
        back.widget_info(|| WidgetInfo::labeled(Role::Button, true, &called.reset));
        glyphs::restart(ui.painter(), at.center(), 5.5, stage.palette.accent, stage.palette.panel);
        if back.on_hover_text(format!("Back to {}", plot::plain(row.loaded))).clicked() {
            value = row.loaded;
            settled = true;
        }
    }
    if field.is_count {
        value = value.round();
    }
    // A slider senses drags only, so it knows nothing of clicks.
    if slider.contains_pointer() && ui.input(|i| i.pointer.button_double_clicked(PointerButton::Primary)) {
        value = row.loaded;
        settled = true;
    }
    let hovered = hover.contains_pointer() || ui.rect_contains_pointer(rect);
    let unit = if called.unit.is_empty() { String::new() } else { format!(" {}", called.unit) };
    hover.on_hover_text(format!("{}. {} to {}{unit}", field.meaning, plot::plain(field.min), plot::plain(field.max)));
    RowChange { value: (value.to_bits() != row.value.to_bits()).then_some(value), settled, hovered }
}

/// Symbol and a menu of names, for a quantity that is a choice.
fn choice_row(ui: &mut Ui, stage: &Stage, field: &Field, row: &Row) -> RowChange {
    let (rect, hover) = ui.allocate_exact_size(vec2(ui.available_width(), row.height.max(22.0)), Sense::hover());
    let (sizes, widths) = (stage.sizes, Widths::of(stage.sizes));
    let pointed = stage.look.pointed_before.as_deref() == Some(field.id);
    symbol(ui, stage, field, row, rect, if pointed { stage.palette.accent } else { stage.palette.text });
    let changed = row.value.to_bits() != row.loaded.to_bits();
    let name = field.choice(row.value).unwrap_or("\u{2013}");
    let words = RichText::new(in_words(name)).size(sizes.row).color(if changed { stage.palette.accent } else { stage.palette.text });
    let left = rect.left() + row.word.unwrap_or(widths.symbol);
    let at = Rect::from_min_max(pos2(left, rect.top()), pos2(rect.right() - widths.reset, rect.bottom()));
    let menu = ui.put(at, Button::new(words).min_size(at.size()));
    menu.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, field.id));
    glyphs::caret_down(ui.painter(), pos2(at.right() - 12.0, at.center().y), 4.0, stage.palette.soft, stage.palette.panel);
    let mut chosen = None;
    Popup::menu(&menu).show(|ui| {
        for choice in field.choices {
            if ui.selectable_label(*choice == name, in_words(choice)).clicked() {
                chosen = field.named(choice).ok();
            }
        }
    });
    let hovered = hover.contains_pointer() || ui.rect_contains_pointer(rect);
    hover.on_hover_text(field.meaning);
    RowChange { value: chosen, settled: chosen.is_some(), hovered }
}

/// The word of a quantity whose name is one, where its row has room for words.
fn word(symbol: &'static str, row: &Row) -> Option<&'static str> {
    symbol.strip_prefix("\\text{").and_then(|rest| rest.strip_suffix('}')).filter(|_| row.word.is_some())
}

/// How much room the name of a quantity takes.
fn symbol_width(ui: &Ui, stage: &Stage, field: &Field, row: &Row) -> f32 {
    match word(field.symbol, row) {
        Some(word) => ui.painter().layout_no_wrap(word.into(), sans(stage.sizes.row), Color32::WHITE).size().x,
        None => Formula::layout(ui.ctx(), field.symbol, stage.sizes.math_slider, Color32::WHITE, &|_| None).size().x,
    }
}

/// The name of a quantity at the left of its row: a word, or its symbol.
fn symbol(ui: &Ui, stage: &Stage, field: &Field, row: &Row, rect: Rect, colour: Color32) {
    let cy = rect.center().y;
    if let Some(word) = word(field.symbol, row) {
        ui.painter().text(pos2(rect.left(), cy), Align2::LEFT_CENTER, word, sans(stage.sizes.row), colour);
    } else {
        let formula = Formula::layout(ui.ctx(), field.symbol, stage.sizes.math_slider, colour, &|_| None);
        formula.paint(ui.painter(), pos2(rect.left(), cy - 0.5 * formula.size().y));
    }
}

/// The range a slider shows: the table's, widened to hold what was typed or loaded.
#[must_use]
pub fn shown_range(field: &Field, values: [f64; 2]) -> (f64, f64) {
    let mut range = field.shown;
    for value in values {
        if value > range.1 {
            range.1 = (value + 0.25 * (value - range.0)).min(field.max);
        }
        if value < range.0 {
            range.0 = (value - 0.25 * (range.1 - value)).max(field.min);
        }
    }
    range
}

fn rail_and_slider(
    ui: &mut Ui,
    stage: &Stage,
    rail: Rect,
    (value, loaded, shown, step): (&mut f64, f64, (f64, f64), f64),
    handle: Color32,
    changed: bool,
    name: &str,
) -> Response {
    let radius = 6.0;
    let cy = rail.center().y;
    let place = |x: f64| {
        #[expect(clippy::cast_possible_truncation, reason = "a fraction of the rail")]
        let part = ((x - shown.0) / (shown.1 - shown.0)).clamp(0.0, 1.0) as f32;
        rail.left() + radius + part * (rail.width() - 2.0 * radius)
    };
    let line = |from: f32, to: f32, colour: Color32| {
        ui.painter().line_segment([pos2(from, cy), pos2(to, cy)], Stroke::new(2.0, colour));
    };
    line(rail.left(), rail.right(), stage.palette.axis);
    if changed {
        line(place(loaded), place(*value), stage.palette.accent);
    }
    let tick = if changed { stage.palette.accent } else { stage.palette.axis };
    ui.painter().line_segment([pos2(place(loaded), cy + 5.0), pos2(place(loaded), cy + 9.0)], Stroke::new(1.0, tick));
    let mut child = ui.new_child(UiBuilder::new().max_rect(rail).layout(Layout::left_to_right(eframe::egui::Align::Center)));
    slider_handle(&mut child, handle);
    child.spacing_mut().slider_width = rail.width();
    let slider = Slider::new(value, shown.0..=shown.1).show_value(false).clamping(SliderClamping::Never).step_by(step);
    let response = child.add(slider);
    response.widget_info(|| WidgetInfo::slider(true, *value, name));
    if response.has_focus() || response.dragged() {
        ui.painter().circle_stroke(pos2(place(*value), cy), 10.0, Stroke::new(1.2, handle.gamma_multiply(0.6)));
    }
    response
}

/// A round step of which a slider has some hundreds; counts go by whole numbers.
fn step_of(field: &Field, (from, to): (f64, f64)) -> f64 {
    let step = 10.0_f64.powf(((to - from) / 200.0).log10().floor());
    if field.is_count { step.max(1.0) } else { step }
}

fn number_field(ui: &mut Ui, rect: Rect, value: &mut f64, field: &Field, name: &str, colour: Color32) -> Response {
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).layout(Layout::right_to_left(eframe::egui::Align::Center)));
    let visuals = child.visuals_mut();
    visuals.override_text_color = Some(colour);
    visuals.widgets.inactive.weak_bg_fill = Color32::TRANSPARENT;
    child.spacing_mut().button_padding = vec2(4.0, 0.0);
    child.spacing_mut().interact_size.y = rect.height();
    child.spacing_mut().interact_size.x = 20.0;
    child.style_mut().drag_value_text_style = eframe::egui::TextStyle::Body;
    // A count would else run away from the hand.
    let speed = step_of(field, field.shown) * if field.is_count { 0.1 } else { 1.0 };
    let id = child.next_auto_id();
    let edits = child.memory(|m| m.has_focus(id));
    let room = rect.width() - 6.0;
    let (painter, font) = (child.painter().clone(), eframe::egui::TextStyle::Body.resolve(child.style()));
    let fits = |text: &str| painter.layout_no_wrap(text.into(), font.clone(), colour).size().x <= room;
    let drag = DragValue::new(value)
        .speed(speed)
        .range(field.min..=field.max)
        // What is typed is taken as a whole: 100 does not pass through 1 and 10.
        .update_while_editing(false)
        .custom_formatter(|x, _| if edits { plot::plain(x) } else { fitting(x, &fits) })
        .custom_parser(|text| text.replace('\u{2212}', "-").replace(',', ".").trim().parse().ok().filter(|x: &f64| x.is_finite()));
    let response = child.add(drag);
    response.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, name));
    let whole = plot::plain(*value);
    select_whole(ui, &response, &whole);
    if whole == fitting(*value, &fits) { response } else { response.on_hover_text(whole) }
}

/// Selects all of a number that has just been clicked: its field knows only the figures it showed.
pub fn select_whole(ui: &Ui, response: &Response, whole: &str) {
    if response.clicked()
        && let Some(mut state) = TextEditState::load(ui.ctx(), response.id)
    {
        state.cursor.set_char_range(Some(CCursorRange::two(CCursor::default(), CCursor::new(whole.chars().count()))));
        state.store(ui.ctx(), response.id);
    }
}

/// How the number field that comes next shows its value: in at most five figures, and whole while it is edited.
pub fn at_most_five_figures(ui: &Ui) -> impl Fn(f64, RangeInclusive<usize>) -> String + use<> {
    let id = ui.next_auto_id();
    let edits = ui.memory(|m| m.has_focus(id));
    move |x, _| if edits { plot::plain(x) } else { plot::brief(x, 5) }
}

/// A value in as many figures as fit: five at most, three at least.
fn fitting(value: f64, fits: &impl Fn(&str) -> bool) -> String {
    [5, 4, 3].into_iter().map(|figures| plot::brief(value, figures)).find(|text| fits(text)).unwrap_or_else(|| plot::brief(value, 3))
}

/// A row of name, value and unit.
pub fn readout(ui: &mut Ui, stage: &Stage, name: &str, value: &str, unit: &str) -> Rect {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), stage.sizes.readout_row), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name} {value} {unit}").trim()));
    let cy = rect.center().y;
    let set = |text: &str, size: f32, colour| ui.painter().layout_no_wrap(text.into(), sans(size), colour);
    let (value, unit) = (set(value, stage.sizes.body, stage.palette.text), set(unit, stage.sizes.unit, stage.palette.muted));
    let mut job = LayoutJob::simple_singleline(name.into(), sans(stage.sizes.row), stage.palette.soft);
    // Values stand in a column, further right where a name is long, and the name gives way in the end.
    let needed = rect.left() + ui.painter().layout_job(job.clone()).size().x + 8.0 + value.size().x;
    let column = needed.max(rect.left() + 0.70 * rect.width()).min(rect.right() - unit.size().x - 6.0);
    job.wrap = TextWrapping::truncate_at_width((column - value.size().x - 8.0 - rect.left()).max(20.0));
    let name = ui.painter().layout_job(job);
    for (galley, left) in [(name, rect.left()), (value.clone(), column - value.size().x), (unit, column + 6.0)] {
        ui.painter().galley(pos2(left, cy - 0.5 * galley.size().y), galley, stage.palette.text);
    }
    rect
}

/// An underlined word that opens a menu: the word, what the pointer is told, and the name it goes by.
pub fn menu_word(ui: &mut Ui, stage: &Stage, word: &str, hint: &str, name: &str) -> Response {
    let words = prose::job(word, stage.sizes.section, Some(stage.palette.soft), None);
    let menu = ui.add(Button::new(words).frame(false)).on_hover_text(hint);
    menu.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    let line = menu.rect.shrink2(vec2(2.0, 3.0));
    glyphs::hairline_h(ui.painter(), line.x_range(), line.bottom(), stage.palette.muted);
    menu
}

/// A quantity to choose in a menu, by its symbol; true if it was chosen.
pub fn quantity_choice(ui: &mut Ui, stage: &Stage, field: &Field, is_chosen: bool) -> bool {
    let words = prose::job(&prose::name(field), stage.sizes.row, None, None);
    let response = ui.selectable_label(is_chosen, words).on_hover_text(field.meaning);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_chosen, field.id));
    response.clicked()
}

/// A word that can be switched on and off, underlined when on.
pub fn layer_switch(ui: &mut Ui, stage: &Stage, name: &str, on: &mut bool) {
    let galley = ui.painter().layout_no_wrap(name.into(), sans(stage.sizes.section), stage.palette.soft);
    let (rect, response) = ui.allocate_exact_size(galley.size() + vec2(0.0, 6.0), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, *on, name));
    let colour = if *on { stage.palette.soft } else { stage.palette.muted };
    ui.painter().galley_with_override_text_color(rect.min + vec2(0.0, 2.0), galley, colour);
    if *on {
        glyphs::hairline_h(ui.painter(), rect.x_range(), rect.bottom() - 1.0, stage.palette.muted);
    }
    focus_ring(ui, stage, &response, rect);
    if response.on_hover_text(format!("Show or hide: {name}")).clicked() {
        *on = !*on;
    }
}
