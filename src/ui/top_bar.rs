//! The top bar: what runs, how fast, and where to find the rest.

use eframe::egui::{
    Align, Align2, Button, Id, Layout, Popup, PopupCloseBehavior, Response, RichText, Role, Sense, Slider, Ui, UiBuilder, WidgetInfo, vec2,
};

use super::dialogs::{self, Dialogs};
use super::dock::{self, Dock};
use super::settings::Settings;
use super::stage::{PathPurpose, Stage};
use super::theme::{sans, slider_handle};
use super::widgets::{focus_ring, sign_button};
use super::{chooser, glyphs, plot, views};
use crate::app::{Command, SPEEDS};

/// How much of the bar there is room for.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Room {
    /// What opens and plays.
    Tiny,
    /// The clock, too.
    Small,
    /// The speed, too.
    Middle,
    /// All of it, in comfort.
    Large,
}

impl Room {
    fn of(ui: &Ui) -> Self {
        let width = ui.ctx().content_rect().width();
        [(1500.0, Self::Large), (1060.0, Self::Middle), (900.0, Self::Small)]
            .into_iter()
            .find(|(least, _)| width > *least)
            .map_or(Self::Tiny, |(_, room)| room)
    }

    /// What the bar takes besides the two titles, in points.
    fn taken(self) -> f32 {
        match self {
            Self::Tiny => 560.0,
            Self::Small => 675.0,
            Self::Middle => 800.0,
            Self::Large => 1090.0,
        }
    }
}

/// Draws the bar.
pub fn show(ui: &mut Ui, stage: &mut Stage, dock: &mut Dock, dialogs: &mut Dialogs, settings: &Settings) {
    ui.horizontal_centered(|ui| {
        let room = Room::of(ui);
        let roomy = room == Room::Large;
        ui.spacing_mut().item_spacing.x = if roomy { 8.0 } else { 5.0 };
        choosers(ui, stage, room);
        ui.add_space(if roomy { 24.0 } else { 4.0 });
        transport(ui, stage, roomy);
        ui.add_space(if roomy { 12.0 } else { 0.0 });
        if room >= Room::Middle {
            speed(ui, stage, roomy);
        }
        if room >= Room::Small {
            clock(ui, stage);
        }
        // By a name of its own, so that a menu stays open when the bar takes on another form.
        let place = UiBuilder::new().scope_id(Id::unique("bar menus")).layout(Layout::right_to_left(Align::Center));
        ui.scope_builder(place.max_rect(ui.available_rect_before_wrap()), |ui| menus(ui, stage, dock, dialogs, settings));
    });
}

/// A word with a caret that opens something below it.
fn opener(ui: &mut Ui, stage: &Stage, text: &str, size: f32, dot: bool, name: &str) -> Response {
    let galley = ui.painter().layout_no_wrap(text.into(), sans(size), stage.palette.text);
    let width = galley.size().x + 22.0 + if dot { 12.0 } else { 0.0 };
    let (rect, response) = ui.allocate_exact_size(vec2(width, 32.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    let at = Align2::LEFT_CENTER.align_size_within_rect(galley.size(), rect).min;
    let end = at.x + galley.size().x;
    ui.painter().galley(at, galley, stage.palette.text);
    if dot {
        ui.painter().circle_filled(eframe::egui::pos2(end + 9.0, rect.center().y), 3.0, stage.palette.accent);
    }
    let colour = if response.hovered() { stage.palette.text } else { stage.palette.soft };
    glyphs::caret_down(ui.painter(), rect.right_center() - vec2(8.0, 0.0), 5.0, colour, stage.palette.panel);
    focus_ring(ui, stage, &response, rect);
    response
}

fn choosers(ui: &mut Ui, stage: &mut Stage, room: Room) {
    let name = stage.bench.setup().words.title.as_deref().unwrap_or("Defaults");
    let title = stage.neuron().card().title;
    let width = |text: &str| ui.painter().layout_no_wrap(text.into(), sans(stage.sizes.title), stage.palette.text).size().x;
    // The model's title gives way to half of the room, that of the preset to the rest.
    let both = ui.available_width() - room.taken();
    let shown_model = elide(title, (both - width(name)).max(0.5 * both), &width);
    let shown_preset = elide(name, both - width(&shown_model), &width);
    let model = opener(ui, stage, &shown_model, stage.sizes.title, false, "Model").on_hover_text(title);
    Popup::menu(&model).show(|ui| {
        for neuron in crate::model::all() {
            let card = neuron.card();
            let chosen = card.id == stage.neuron().card().id;
            if ui.add(Button::selectable(chosen, card.title)).on_hover_text(card.summary).clicked() {
                stage.send(Command::Model(card.id));
            }
        }
    });
    let (rect, _) = ui.allocate_exact_size(vec2(1.0, 22.0), Sense::hover());
    glyphs::hairline_v(ui.painter(), rect.center().x, rect.y_range(), stage.palette.rule);
    let preset = opener(ui, stage, &shown_preset, stage.sizes.title, stage.bench.is_changed(), "Preset");
    let preset = preset.on_hover_text(if stage.bench.is_changed() { format!("{name} (changed)") } else { name.to_string() });
    if preset.clicked() {
        stage.look.search.clear();
        stage.look.search_opens = true;
    }
    Popup::menu(&preset).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| chooser::show(ui, stage));
    if sign_button(ui, stage, vec2(20.0, 28.0), glyphs::chevron_left, false, "Previous preset").clicked() {
        stage.send(Command::Neighbour(-1));
    }
    let (ids, place) = stage.bench.place();
    let text = place.map_or_else(|| format!("{} presets", ids.len()), |p| format!("{} of {}", p + 1, ids.len()));
    ui.label(RichText::new(text).size(stage.sizes.unit).color(stage.palette.muted));
    if sign_button(ui, stage, vec2(20.0, 28.0), glyphs::chevron_right, false, "Next preset").clicked() {
        stage.send(Command::Neighbour(1));
    }
}

/// As much of a title as fits.
fn elide(title: &str, room: f32, width: &impl Fn(&str) -> f32) -> String {
    if width(title) <= room {
        return title.to_string();
    }
    let cut = |most: usize| title.chars().take(most).collect::<String>().trim_end().to_string() + "…";
    (4..title.chars().count()).rev().map(cut).find(|text| width(text) <= room).unwrap_or_else(|| cut(4))
}

fn transport(ui: &mut Ui, stage: &mut Stage, roomy: bool) {
    let (small, large) = if roomy { (34.0, 40.0) } else { (28.0, 34.0) };
    if sign_button(ui, stage, vec2(small, 31.0), glyphs::restart, false, "Restart (R)").clicked() {
        stage.send(Command::Restart);
    }
    let playing = stage.bench.is_playing();
    let (sign, name): (super::widgets::Sign, _) = if playing { (glyphs::pause, "Pause (Space)") } else { (glyphs::play, "Play (Space)") };
    if sign_button(ui, stage, vec2(large, 31.0), sign, true, name).clicked() {
        stage.send(Command::Play(!playing));
    }
    if sign_button(ui, stage, vec2(small, 31.0), glyphs::step, false, "Step (.)").clicked() {
        stage.send(Command::Step);
    }
}

fn speed(ui: &mut Ui, stage: &mut Stage, roomy: bool) {
    if roomy {
        ui.label(RichText::new("Speed").size(stage.sizes.row).color(stage.palette.muted));
    }
    let width = if roomy { 120.0 } else { 52.0 };
    let (rect, _) = ui.allocate_exact_size(vec2(width, 28.0), Sense::hover());
    ui.painter().line_segment([rect.left_center(), rect.right_center()], eframe::egui::Stroke::new(2.0, stage.palette.axis));
    let mut child = ui.new_child(eframe::egui::UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center)));
    slider_handle(&mut child, stage.palette.soft);
    child.spacing_mut().slider_width = width;
    let mut value = stage.bench.speed();
    let response = child.add(Slider::new(&mut value, SPEEDS.0..=SPEEDS.1).logarithmic(true).show_value(false));
    response.widget_info(|| WidgetInfo::slider(true, value, "Speed"));
    if response.changed() {
        stage.send(Command::Speed(value));
    }
    let unit = stage.neuron().card().time_unit();
    let text = format!("{} {unit}/s", plot::figures(stage.bench.speed(), 2)).replace(" /s", " per s");
    response.on_hover_text("Model time per second of your time");
    ui.add_sized(
        vec2(if roomy { 70.0 } else { 62.0 }, 20.0),
        eframe::egui::Label::new(RichText::new(text).size(stage.sizes.row).color(stage.palette.soft)).halign(Align::LEFT),
    );
}

fn clock(ui: &mut Ui, stage: &Stage) {
    let (now, ..) = stage.bench.shown();
    super::math::label(ui, "t", stage.sizes.clock, stage.palette.muted);
    let text = thousands(&plot::number(now, 1));
    let unit = stage.neuron().card().time_unit();
    let width = |text: &str, size: f32| ui.painter().layout_no_wrap(text.into(), sans(size), stage.palette.text).size().x;
    // A long time pushes nothing aside but is given the room it needs.
    let size = if width(&text, stage.sizes.clock) > 72.0 { stage.sizes.body } else { stage.sizes.clock };
    let room = (width(&text, size) + 9.0 + width(unit, stage.sizes.unit)).max(104.0);
    let (rect, response) = ui.allocate_exact_size(vec2(room, 28.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("t {text} {unit}")));
    let drawn = ui.painter().text(rect.left_center(), Align2::LEFT_CENTER, text, sans(size), stage.palette.text);
    ui.painter().text(drawn.right_center() + vec2(7.0, 1.0), Align2::LEFT_CENTER, unit, sans(stage.sizes.unit), stage.palette.muted);
}

/// Groups the digits before the decimal point by threes.
fn thousands(text: &str) -> String {
    let (whole, rest) = text.split_once('.').map_or((text, ""), |(a, b)| (a, b));
    let digits: Vec<char> = whole.chars().collect();
    let mut out = String::new();
    for (k, digit) in digits.iter().enumerate() {
        if k > 0 && (digits.len() - k).is_multiple_of(3) && digits[k - 1].is_ascii_digit() {
            out.push('\u{2009}');
        }
        out.push(*digit);
    }
    if rest.is_empty() { out } else { format!("{out}.{rest}") }
}

fn menus(ui: &mut Ui, stage: &mut Stage, dock: &mut Dock, dialogs: &mut Dialogs, settings: &Settings) {
    let help = sign_button(ui, stage, vec2(24.0, 30.0), question, false, "Keys and gestures (?)");
    if help.clicked() {
        stage.look.keys_open = true;
    }
    if sign_button(ui, stage, vec2(30.0, 30.0), glyphs::theme_switch, false, "Dark or light").clicked() {
        let next =
            if ui.ctx().theme() == eframe::egui::Theme::Dark { eframe::egui::ThemePreference::Light } else { eframe::egui::ThemePreference::Dark };
        ui.ctx().set_theme(next);
    }
    let view = opener(ui, stage, "View", stage.sizes.body, false, "View");
    Popup::menu(&view).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| view_menu(ui, stage, dock));
    let experiment = opener(ui, stage, "Experiment", stage.sizes.body, false, "Experiment");
    Popup::menu(&experiment).show(|ui| {
        if views::experiments(ui, stage) {
            dock.reveal("experiment");
        }
    });
    let file = opener(ui, stage, "File", stage.sizes.body, false, "File");
    Popup::menu(&file).show(|ui| file_menu(ui, stage, dialogs, settings));
}

fn question(
    painter: &eframe::egui::Painter,
    center: eframe::egui::Pos2,
    _radius: f32,
    colour: eframe::egui::Color32,
    _ground: eframe::egui::Color32,
) {
    painter.text(center, Align2::CENTER_CENTER, "?", sans(16.0), colour);
}

fn view_menu(ui: &mut Ui, stage: &Stage, dock: &mut Dock) {
    let open = dock.open();
    for view in &views::VIEWS {
        let mut on = open.iter().any(|id| id == view.id);
        if ui.checkbox(&mut on, (view.title)(stage)).changed() {
            if on { dock.reveal(view.id) } else { dock.close(view.id) }
        }
    }
    if ui.button("Standard layout").clicked() {
        *dock = Dock::new(dock::standard());
    }
    if ui.button("Open every view").clicked() {
        *dock = Dock::new(dock::spread());
    }
    ui.separator();
    let scale = ui.ctx().zoom_factor();
    let mut projector = scale >= 1.5;
    if ui.checkbox(&mut projector, "Projector").on_hover_text("Everything half as large again").changed() {
        ui.ctx().set_zoom_factor(if projector { 1.5 } else { 1.0 });
    }
    ui.horizontal(|ui| {
        if ui.button("Smaller").clicked() {
            ui.ctx().set_zoom_factor((scale - 0.1).max(0.5));
        }
        ui.label(format!("{:.0} %", 100.0 * scale));
        if ui.button("Larger").clicked() {
            ui.ctx().set_zoom_factor((scale + 0.1).min(3.0));
        }
    });
}

fn file_menu(ui: &mut Ui, stage: &mut Stage, dialogs: &mut Dialogs, settings: &Settings) {
    if ui.button("Open preset…").clicked() {
        dialogs::open(stage, PathPurpose::Open);
    }
    if ui.button("Save preset as…").clicked() {
        dialogs::open(stage, PathPurpose::Save);
    }
    if ui.button("Export data or picture…").clicked() {
        dialogs::open(stage, PathPurpose::Export);
    }
    let (undo, redo) = stage.bench.can_undo_redo();
    ui.separator();
    if ui.add_enabled(undo, Button::new("Undo")).clicked() {
        stage.send(Command::Undo);
    }
    if ui.add_enabled(redo, Button::new("Redo")).clicked() {
        stage.send(Command::Redo);
    }
    if ui.add_enabled(stage.bench.is_changed(), Button::new("Revert all changes")).clicked() {
        stage.send(Command::Revert);
    }
    if ui.button("Run exactly its duration").clicked() {
        stage.send(Command::RunOnce);
    }
    if !settings.recent.is_empty() {
        ui.separator();
        for path in &settings.recent {
            let name = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
            if ui.button(name).on_hover_text(path.display().to_string()).clicked() {
                dialogs.choose(PathPurpose::Open, path.clone());
            }
        }
    }
}
