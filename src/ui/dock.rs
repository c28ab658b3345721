//! The dock: views in tabs and splits that can be dragged, closed and opened again; one of them may fill the stage alone.

use eframe::egui::{
    Button, Color32, CornerRadius, CursorIcon, Id, Rect, Response, RichText, Role, Sense, Stroke, Style, Ui, Vec2, Visuals, WidgetInfo, WidgetText,
    pos2, style::ScrollAnimation, vec2,
};
use egui_tiles::{Behavior, Container, Linear, LinearDir, SimplificationOptions, TabState, Tile, TileId, Tiles, Tree, UiResponse};

use super::stage::Stage;
use super::theme::sans;
use super::widgets::sign_button;
use super::{glyphs, views};

/// The layout of views, by their ids.
pub type Layout = Tree<String>;

/// Room at either side of a tab's title, and at the left of the first, which stands above the symbols of its view; in points.
const TAB_MARGIN: f32 = 10.0;
const FIRST_MARGIN: f32 = 24.0;

/// Names of the dock and of a view alone, which salt their widgets.
const NAME: &str = "views";
const ALONE: &str = "view alone";

/// In a stage lower than this, in points, two rows of views leave too little to one that needs width.
const LOW: f32 = 760.0;

/// The views: how the user laid them out, and which of them fills the stage, if one does. The layout stays as it is meanwhile.
pub struct Dock {
    layout: Layout,
    /// The view that fills the stage alone.
    alone: Option<String>,
    /// The view that was brought to the front since the last frame: the next one knows whether it has to fill the stage.
    revealed: Option<String>,
    /// The view last pointed at or brought to the front, which is the one that the key means.
    at_hand: String,
}

impl Dock {
    /// A dock with this layout.
    #[must_use]
    pub fn new(layout: Layout) -> Self {
        Self { layout, alone: None, revealed: None, at_hand: "traces".into() }
    }

    /// The layout, also of the views behind one that fills the stage.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The ids of the views that are open.
    #[must_use]
    pub fn open(&self) -> Vec<String> {
        open(&self.layout)
    }

    /// Brings a view to the front. In a low window one that needs width fills the stage; any other gives the layout back.
    pub fn reveal(&mut self, id: &str) {
        reveal(&mut self.layout, id);
        self.revealed = Some(id.into());
    }

    /// Closes a view.
    pub fn close(&mut self, id: &str) {
        close(&mut self.layout, id);
        self.alone.take_if(|alone| alone == id);
    }

    /// Another setup was loaded: the view it is about comes to the front; if there is none, a wide view gives the layout back.
    pub fn loaded(&mut self, about: Option<&str>) {
        match about {
            Some(id) => self.reveal(id),
            None => drop(self.alone.take_if(|alone| WIDE.contains(&alone.as_str()))),
        }
    }

    /// Gives the layout back if a view fills the stage; tells whether one did.
    pub fn show_all(&mut self) -> bool {
        self.alone.take().is_some()
    }

    /// Lets the view at hand fill the stage, or gives the layout back.
    pub fn toggle(&mut self) {
        if !self.show_all() {
            let open = self.open();
            let at_hand = open.iter().find(|id| **id == self.at_hand).or(open.first());
            self.alone = at_hand.cloned();
        }
    }

    /// Draws the views.
    pub fn show(&mut self, ui: &mut Ui, stage: &mut Stage) {
        if let Some(id) = self.revealed.take() {
            let fills = WIDE.contains(&id.as_str()) && ui.available_height() < LOW;
            self.at_hand.clone_from(&id);
            self.alone = Some(id).filter(|id| fills || self.alone.as_ref() == Some(id));
        }
        let mut views = Views { stage, is_alone: self.alone.is_some(), pointed: None, toggled: false };
        match &self.alone {
            Some(id) => Tree::new_tabs(Id::unique(ALONE), vec![id.clone()]).ui(&mut views, ui),
            None => self.layout.ui(&mut views, ui),
        }
        let Views { pointed, toggled, .. } = views;
        if let Some(id) = pointed {
            self.at_hand = id;
        }
        if toggled {
            self.toggle();
        }
    }
}

/// Traces above; below, the plane beside the other views in tabs.
#[must_use]
pub fn standard() -> Layout {
    arranged(&[&["plane"], &["bifurcation", "fi", "trace_determinant", "parameter_map", "spike_map"]])
}

/// Every view, those that need width in tabs beside the traces above, most others side by side in two rows below.
#[must_use]
pub fn spread() -> Layout {
    let mut layout = arranged(&[&["plane"], &["bifurcation"], &["parameter_map"], &["trace_determinant"]]);
    let tabs: [&[&str]; 4] = [&["fi"], &["spike_map"], &["balance", "iv"], &["intervals", "help"]];
    let tabs = tabs.map(|ids| {
        let panes = ids.iter().map(|id| layout.tiles.insert_pane((*id).to_string())).collect();
        layout.tiles.insert_tab_tile(panes)
    });
    let row = layout.tiles.insert_horizontal_tile(tabs.to_vec());
    if let Some(Tile::Container(root)) = layout.root.and_then(|root| layout.tiles.get_mut(root)) {
        root.add_child(row);
    }
    for id in WIDE {
        reveal(&mut layout, id);
    }
    reveal(&mut layout, "traces");
    layout
}

/// Traces above and these groups of tabs below.
fn arranged(groups: &[&[&str]]) -> Layout {
    let mut tiles = Tiles::default();
    let mut tabs = |ids: &[&str]| {
        let panes = ids.iter().map(|id| tiles.insert_pane((*id).to_string())).collect();
        tiles.insert_tab_tile(panes)
    };
    let traces = tabs(&["traces"]);
    let groups: Vec<TileId> = groups.iter().map(|ids| tabs(ids)).collect();
    let first = groups.first().copied();
    let mut below = Linear::new(LinearDir::Horizontal, groups);
    if let Some(first) = first {
        below.shares.set_share(first, 1.28);
    }
    let below = tiles.insert_new(Tile::Container(Container::Linear(below)));
    let mut all = Linear::new(LinearDir::Vertical, vec![traces, below]);
    all.shares.set_share(below, 1.25);
    let root = tiles.insert_new(Tile::Container(Container::Linear(all)));
    Tree::new(Id::unique(NAME), root, tiles)
}

/// A remembered layout, unless it names views that no longer exist.
#[must_use]
pub fn remembered(json: &serde_json::Value) -> Option<Layout> {
    let tree: Layout = serde_json::from_value(json.clone()).ok()?;
    let known = tree.tiles.tiles().all(|tile| !matches!(tile, Tile::Pane(id) if views::find(id).is_none()));
    (known && tree.root().is_some()).then_some(tree)
}

/// The ids of the views that are open.
fn open(layout: &Layout) -> Vec<String> {
    layout.tiles.tiles().filter_map(|tile| if let Tile::Pane(id) = tile { Some(id.clone()) } else { None }).collect()
}

/// Views that need width: they open beside the traces.
const WIDE: [&str; 4] = ["experiment", "anatomy", "compare", "gallery"];

/// Brings a view to the front. A closed one opens as a tab where most tabs are, a wide one beside the traces.
fn reveal(layout: &mut Layout, id: &str) {
    let found = layout.tiles.iter().find(|(_, tile)| matches!(tile, Tile::Pane(pane) if pane == id)).map(|(tile, _)| *tile);
    let tile = found.unwrap_or_else(|| {
        let pane = layout.tiles.insert_pane(id.to_string());
        let is_traces = |tile: &TileId| matches!(layout.tiles.get(*tile), Some(Tile::Pane(pane)) if pane == "traces");
        let tabs = layout.tiles.iter().filter_map(|(tile, content)| match content {
            Tile::Container(Container::Tabs(tabs)) if layout.tiles.is_visible(*tile) => {
                let is_wide = WIDE.contains(&id) && tabs.children.iter().any(is_traces);
                Some(((is_wide, tabs.children.len()), *tile))
            }
            _ => None,
        });
        let group = tabs.max_by_key(|(rank, tile)| (*rank, tile.0)).map(|(_, tile)| tile);
        let group = group.and_then(|tile| layout.tiles.get_mut(tile));
        if let Some(Tile::Container(group)) = group {
            group.add_child(pane);
        } else {
            let tab = layout.tiles.insert_tab_tile(vec![pane]);
            layout.root = Some(layout.root.map_or(tab, |root| layout.tiles.insert_vertical_tile(vec![root, tab])));
        }
        pane
    });
    layout.make_active(|candidate, _| candidate == tile);
}

/// Closes a view.
fn close(layout: &mut Layout, id: &str) {
    let found = layout.tiles.iter().find(|(_, tile)| matches!(tile, Tile::Pane(pane) if pane == id)).map(|(tile, _)| *tile);
    if let Some(tile) = found {
        layout.remove_recursively(tile);
    }
}

struct Views<'s, 'a> {
    stage: &'s mut Stage<'a>,
    /// One view fills the stage.
    is_alone: bool,
    /// The view at the pointer, or the one whose tab was pressed.
    pointed: Option<String>,
    /// That view is to fill the stage, or no longer to do so.
    toggled: bool,
}

impl Views<'_, '_> {
    /// The button that lets a view fill the stage, or gives the layout back.
    fn fill_button(&mut self, ui: &mut Ui, id: &str) {
        let pressed = if self.is_alone {
            ui.add_space(16.0);
            let words = RichText::new("Show all views").size(self.stage.sizes.section).color(self.stage.palette.soft);
            ui.add(Button::new(words)).on_hover_text("The other views again (F or Escape)")
        } else {
            let title = views::find(id).map_or("", |view| (view.title)(self.stage));
            ui.add_space(6.0);
            sign_button(ui, self.stage, vec2(20.0, 24.0), glyphs::corners, false, &format!("Fill the window: {title}"))
                .on_hover_text("This view alone (F, or double-click its tab)")
        };
        if pressed.clicked() {
            self.pointed = Some(id.into());
            self.toggled = true;
        }
    }
}

impl Behavior<String> for Views<'_, '_> {
    fn pane_ui(&mut self, ui: &mut Ui, _tile: TileId, pane: &mut String) -> UiResponse {
        ui.painter().rect_filled(ui.max_rect(), CornerRadius::ZERO, self.stage.palette.ground);
        if ui.rect_contains_pointer(ui.max_rect()) {
            self.pointed = Some(pane.clone());
        }
        if let Some(view) = views::find(pane) {
            (view.show)(ui, self.stage);
        }
        UiResponse::None
    }

    fn tab_title_for_pane(&mut self, pane: &String) -> WidgetText {
        let title = views::find(pane).map_or("", |view| (view.title)(self.stage));
        title.into()
    }

    fn top_bar_right_ui(&mut self, tiles: &Tiles<String>, ui: &mut Ui, _tile: TileId, tabs: &egui_tiles::Tabs, _scroll: &mut f32) {
        let Some(Tile::Pane(id)) = tabs.active.and_then(|active| tiles.get(active)) else { return };
        let room = ui.available_width();
        self.fill_button(ui, id);
        if let Some(switches) = views::find(id).and_then(|view| view.switches) {
            let titles = tabs.children.iter().filter_map(|tile| if let Some(Tile::Pane(id)) = tiles.get(*tile) { views::find(id) } else { None });
            let width =
                |title: &str| ui.painter().layout_no_wrap(title.into(), sans(self.stage.sizes.heading), Color32::WHITE).size().x + 2.0 * TAB_MARGIN;
            let taken: f32 = titles.map(|view| width((view.title)(self.stage))).sum();
            self.stage.look.bar_room = room - taken - FIRST_MARGIN + TAB_MARGIN;
            switches(ui, self.stage);
        }
    }

    fn tab_bar_height(&self, _style: &Style) -> f32 {
        40.0
    }

    fn gap_width(&self, _style: &Style) -> f32 {
        1.0
    }

    fn min_size(&self) -> f32 {
        120.0
    }

    fn simplification_options(&self) -> SimplificationOptions {
        SimplificationOptions { all_panes_must_have_tabs: true, ..SimplificationOptions::default() }
    }

    fn tab_bar_color(&self, _visuals: &Visuals) -> Color32 {
        self.stage.palette.ground
    }

    fn tab_bar_hline_stroke(&self, _visuals: &Visuals) -> Stroke {
        Stroke::NONE
    }

    fn tab_ui(&mut self, tiles: &mut Tiles<String>, ui: &mut Ui, id: Id, tile: TileId, state: &TabState) -> Response {
        let Some(Tile::Pane(pane)) = tiles.get(tile) else { return ui.allocate_response(Vec2::ZERO, Sense::hover()) };
        let title = views::find(pane).map_or("", |view| (view.title)(self.stage));
        let (pane, palette) = (pane.clone(), self.stage.palette);
        let group = tiles.parent_of(tile).and_then(|p| tiles.get_container(p));
        let lone = group.is_none_or(|c| c.num_children() < 2);
        let is_first = group.is_none_or(|c| c.children().next() == Some(&tile));
        let margin = if is_first { FIRST_MARGIN } else { TAB_MARGIN };
        let colour = if state.active { palette.text } else { palette.muted };
        let galley = ui.painter().layout_no_wrap(title.into(), sans(self.stage.sizes.heading), colour);
        let size = vec2(margin + galley.size().x + TAB_MARGIN, ui.available_height());
        let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
        let response = ui.interact(rect, id, Sense::click_and_drag()).on_hover_cursor(CursorIcon::Grab);
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, state.active, title));
        let text = pos2(rect.left() + margin, rect.center().y - 0.5 * galley.size().y + 2.0);
        let line = Rect::from_min_size(pos2(text.x, rect.bottom() - 7.0), vec2(galley.size().x, 2.0));
        ui.painter().galley(text, galley, colour);
        if state.active && !lone {
            ui.painter().rect_filled(line, 0.0, palette.text);
        }
        // A tab that has come to the front, or whose bar has changed its width, is brought wholly into sight.
        let room = if state.active { ui.clip_rect().width() } else { 0.0 };
        let before = ui.data(|d| d.get_temp::<f32>(id)).unwrap_or(0.0);
        if state.active && (room - before).abs() > 0.5 {
            ui.scroll_to_rect_animation(rect, None, ScrollAnimation::none());
        }
        ui.data_mut(|d| d.insert_temp(id, room));
        if response.middle_clicked() && tiles.tiles().filter(|t| matches!(t, Tile::Pane(_))).count() > 1 {
            tiles.remove(tile);
        }
        if response.clicked() {
            self.pointed = Some(pane);
            self.toggled = response.double_clicked();
        }
        response.on_hover_text(if self.is_alone {
            "Double-click to show all views"
        } else {
            "Drag to move or split, double-click to fill the window, middle-click to close"
        })
    }

    fn resize_stroke(&self, _style: &Style, state: egui_tiles::ResizeState) -> Stroke {
        match state {
            egui_tiles::ResizeState::Idle => Stroke::new(1.0, self.stage.palette.rule),
            _ => Stroke::new(2.0, self.stage.palette.accent),
        }
    }
}
