//! The window's content: logic first, then drawing, commands between.

use std::num::NonZeroUsize;
use std::sync::Arc;

use eframe::egui::{self, CentralPanel, Color32, Context, CornerRadius, Frame, Margin, Panel, Ui};

use super::dock::{self, Dock};
use super::settings::Settings;
use super::stage::{Look, Stage};
use super::theme::{self, Palette, Sizes};
use super::trail::Trail;
use super::views::Turns;
use super::widgets::shown_range;
use super::{column, dialogs, glyphs, keys, status, top_bar};
use crate::analysis::Over;
use crate::app::jobs::Runner;
use crate::app::{Command, Derived, Thumbnails, Wanted, Workbench};
use crate::preset::{self, Setup};

/// Longest time in seconds that one frame lets pass, so that a hiccup does not become a leap.
const LONGEST_FRAME: f64 = 0.1;
/// Steps of thumbnails a frame may simulate.
const THUMBNAIL_STEPS: u64 = 4_000;
/// Seconds for which a message stays that refuses nothing.
const SAID_FOR: f64 = 20.0;
/// What a first start shows.
const FIRST_PRESET: &str = "izhikevich/tonic_spiking";

/// The window's content, shared by the window, `render` and the tests.
pub struct App {
    bench: Workbench,
    derived: Derived,
    thumbnails: Thumbnails,
    look: Look,
    dock: Dock,
    inbox: Vec<Command>,
    settings: Settings,
    /// Remember settings when the window closes; pictures and tests do not.
    remembers: bool,
    dialogs: dialogs::Dialogs,
    /// The message that is shown, and since when in s.
    said: Option<(String, f64)>,
}

impl App {
    /// Content on a setup; `preset_id` if it came from the library.
    #[must_use]
    pub fn new(ctx: &Context, setup: Setup, preset_id: Option<String>) -> Self {
        theme::install(ctx);
        // A second pass would see the same click again and do everything twice, and time would pass twice.
        ctx.options_mut(|o| o.max_passes = NonZeroUsize::MIN);
        Self {
            bench: Workbench::new(setup, preset_id),
            derived: Derived::default(),
            thumbnails: Thumbnails::default(),
            look: Look::default(),
            dock: Dock::new(dock::standard()),
            inbox: Vec::new(),
            settings: Settings::default(),
            remembers: false,
            dialogs: dialogs::Dialogs::default(),
            said: None,
        }
    }

    /// Content as the user left it, or on the first preset, playing.
    #[must_use]
    pub fn remembered(ctx: &Context, opened: Option<(Setup, Option<String>)>) -> Self {
        let settings = Settings::load();
        let (setup, id) = opened.or_else(|| settings.setup()).unwrap_or_else(first);
        let mut app = Self::new(ctx, setup, id);
        let window = ctx.clone();
        app.derived = Derived::new(Runner::Threads(Arc::new(move || window.request_repaint())));
        if let Some(layout) = settings.layout.as_ref().and_then(dock::remembered) {
            app.dock = Dock::new(layout);
        }
        app.look.hidden.clone_from(&settings.layers_off);
        ctx.set_theme(settings.theme());
        ctx.set_zoom_factor(settings.scale());
        app.settings = settings;
        app.remembers = true;
        app.bench.apply(Command::Play(true));
        app
    }

    /// The workbench, for tests and pictures.
    #[must_use]
    pub fn bench(&self) -> &Workbench {
        &self.bench
    }

    /// What follows from it.
    #[must_use]
    pub fn derived(&self) -> &Derived {
        &self.derived
    }

    /// Does a command at once, for tests and pictures.
    pub fn apply(&mut self, command: Command) {
        self.bench.apply(command);
    }

    /// Runs the neuron to a time at once, for tests and pictures.
    pub fn run_to(&mut self, t: f64) {
        self.bench.run_to(t);
    }

    /// The ids of the views that are open.
    #[must_use]
    pub fn open_views(&self) -> Vec<String> {
        self.dock.open()
    }

    /// Brings a view to the front, for tests and pictures.
    pub fn show_view(&mut self, id: &str) {
        self.dock.reveal(id);
        self.look.wanted_view = Some(id.to_string());
    }

    /// Opens every view at once.
    pub fn spread_views(&mut self) {
        self.dock = Dock::new(dock::spread());
    }

    /// Finishes every thumbnail that was asked for, for pictures.
    pub fn finish_thumbnails(&mut self) {
        while self.thumbnails.work(THUMBNAIL_STEPS) {}
    }

    /// From now on slow work goes beside the frame, as in the window itself.
    pub fn work_beside(&mut self) {
        self.derived = Derived::new(Runner::Threads(Arc::new(|| ())));
    }

    /// Changes only what is computed: commands, time, and what follows from them.
    pub fn logic(&mut self, ctx: &Context) {
        let dropped: Vec<Command> = ctx.input(|i| {
            let files = i.raw.dropped_files.iter();
            files.map(|file| dialogs::dropped(&**file)).collect()
        });
        self.inbox.extend(dropped);
        self.inbox.extend(self.dialogs.poll());
        for command in self.inbox.drain(..) {
            let file = if let Command::Open(path) | Command::Save(path) = &command { Some(path.clone()) } else { None };
            self.bench.apply(command);
            let refused = self.bench.message().is_some_and(|m| m.is_error);
            if let Some(path) = file.filter(|_| !refused) {
                self.settings.add_recent(path);
            }
        }
        let seconds = f64::from(ctx.input(|i| i.stable_dt)).min(LONGEST_FRAME);
        self.bench.advance(seconds);
        self.forget_ranges();
        // After a preset's own view, so that it is the one in front that was asked for.
        if let Some(view) = self.look.wanted_view.take() {
            self.dock.reveal(&view);
        }
        self.derived.refresh(&self.bench, self.look.portrait.as_ref());
        if let Some(span) = self.look.span {
            self.derived.refresh_plan(&self.bench, span);
        }
        let diagram = self.look.diagram_wanted.take().or_else(|| self.unseen_diagram());
        self.derived.refresh_diagrams(&self.bench, diagram);
        if let Some(sentence) = self.derived.crossing(&self.bench) {
            self.bench.apply(Command::Say(sentence, false));
        }
        self.let_go_of_message(ctx);
        self.derived.refresh_maps(&self.bench, self.look.map_wanted.take());
        self.derived.refresh_fi(&self.bench, self.look.fi_wanted.take());
        let wants = std::mem::take(&mut self.look.wants);
        self.derived.refresh_experiments(&self.bench, wants.experiment);
        self.derived.refresh_comparison(&self.bench, wants.comparison);
        self.derived.refresh_landscape(&self.bench, self.look.portrait.as_ref(), wants.map);
        let unfinished = self.thumbnails.work(THUMBNAIL_STEPS);
        if unfinished || self.bench.is_playing() {
            ctx.request_repaint();
        }
    }

    /// The diagram over I, which names what is crossed also where no view shows it, if that holds up no frame.
    fn unseen_diagram(&self) -> Option<Wanted> {
        let field = &self.bench.setup().neuron.card().current;
        let shown = || shown_range(field, [self.bench.setup().current, self.bench.loaded().current]);
        let range = self.look.over_ranges.get(field.id).copied().unwrap_or_else(shown);
        matches!(self.derived.runner(), Runner::Threads(_)).then_some((Over::Current, range))
    }

    /// What was said of the neuron is let go after a while, so that it does not outlive what it speaks of.
    fn let_go_of_message(&mut self, ctx: &Context) {
        let now = ctx.input(|i| i.time);
        let Some(message) = self.bench.message().filter(|m| !m.is_error) else {
            self.said = None;
            return;
        };
        match &self.said {
            Some((text, since)) if *text == message.text => {
                if now - since > SAID_FOR {
                    self.bench.apply(Command::Dismiss);
                }
            }
            _ => self.said = Some((message.text.clone(), now)),
        }
    }

    /// Ranges and windows that belong to another setup are let go.
    fn forget_ranges(&mut self) {
        let loaded = self.bench.loaded();
        let belongs_to = format!("{} {}", loaded.neuron.card().id, loaded.title());
        if self.look.belongs_to != belongs_to {
            self.look.belongs_to = belongs_to;
            self.look.turns = Turns::default();
            let about = loaded.experiment.as_ref().map(|_| "experiment");
            self.dock.loaded(about.or(loaded.words.compare.as_ref().map(|_| "compare")));
            self.look.ranges.clear();
            self.look.plane_window = None;
            self.look.over_ranges.clear();
            self.look.diagram_over = None;
            self.look.map_up = None;
            self.look.trail = Trail::default();
            self.look.fi_wanted = None;
            self.look.plane_y = None;
            self.look.time_span = None;
            self.look.time_end = None;
            self.look.portrait = None;
            self.look.span = None;
            self.look.strip = None;
            self.look.labels.clear();
            self.look.unfolded.clear();
        }
        // Counted another way the same neuron stands elsewhere on every axis of potential or current.
        let counted = self.bench.recounts();
        if std::mem::replace(&mut self.look.counted, counted) != counted {
            self.look.ranges.clear();
            self.look.plane_window = None;
            self.look.over_ranges.clear();
            self.look.trail = Trail::default();
            self.look.portrait = None;
            self.look.span = None;
        }
    }

    /// Draws everything and collects what the user wishes.
    pub fn content(&mut self, ui: &mut Ui) {
        self.look.pointed_before = self.look.pointed.take();
        let palette = Palette::of(ui.ctx());
        let sizes = Sizes::for_width(ui.available_width());
        let mut stage = Stage {
            bench: &self.bench,
            derived: &self.derived,
            thumbnails: &mut self.thumbnails,
            palette,
            sizes,
            look: &mut self.look,
            out: &mut self.inbox,
        };
        keys::handle(ui, &mut stage, &mut self.dock);
        let panel = |x: i8, y: i8| Frame::new().fill(palette.panel).inner_margin(Margin::symmetric(x, y));
        let bar = Panel::top("bar").exact_size(sizes.top_bar).resizable(false).show_separator_line(false).frame(panel(20, 0));
        let bar = bar.show(ui, |ui| top_bar::show(ui, &mut stage, &mut self.dock, &mut self.dialogs, &self.settings));
        let line = Panel::bottom("status").exact_size(sizes.status_line).resizable(false).show_separator_line(false).frame(panel(20, 0));
        let line = line.show(ui, |ui| status::show(ui, &mut stage));
        #[expect(clippy::cast_possible_truncation, reason = "a margin of 16 or 20 points")]
        let margin = sizes.column_margin as i8;
        let side = Panel::left("column").exact_size(sizes.column).resizable(false).show_separator_line(false).frame(panel(margin, 0));
        let side = side.show(ui, |ui| column::show(ui, &mut stage));
        CentralPanel::default().frame(Frame::new().fill(palette.ground)).show(ui, |ui| self.dock.show(ui, &mut stage));
        let painter = ui.painter();
        glyphs::hairline_h(painter, bar.response.rect.x_range(), bar.response.rect.bottom(), palette.rule);
        glyphs::hairline_h(painter, line.response.rect.x_range(), line.response.rect.top(), palette.rule);
        glyphs::hairline_v(painter, side.response.rect.right(), side.response.rect.y_range(), palette.rule);
        dialogs::show(ui, &mut stage, &mut self.dialogs);
        keys::list(ui, &mut stage);
        hovering_files(ui, palette);
        self.settings.note(ui.ctx());
    }
}

/// What a first start shows.
fn first() -> (Setup, Option<String>) {
    match preset::embedded(FIRST_PRESET) {
        Some(setup) => (setup, Some(FIRST_PRESET.to_string())),
        None => (Setup::of_model(crate::model::all()[0]), None),
    }
}

/// Says that a file can be dropped while one hovers above the window.
fn hovering_files(ui: &Ui, palette: Palette) {
    if ui.input(|i| i.raw.hovered_files.is_empty()) {
        return;
    }
    let painter = ui.ctx().layer_painter(egui::LayerId::new(egui::Order::Foreground, egui::Id::unique("drop")));
    let rect = ui.ctx().content_rect();
    painter.rect_filled(rect, CornerRadius::ZERO, Color32::from_black_alpha(140));
    painter.text(rect.center(), egui::Align2::CENTER_CENTER, "Drop a preset file to open it", theme::sans(24.0), palette.accent);
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.logic(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.content(ui);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        if self.remembers {
            self.settings.layers_off.clone_from(&self.look.hidden);
            self.settings.remember(&self.bench, self.dock.layout());
        }
    }
}
