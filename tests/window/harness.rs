//! The window without a screen: it is driven by pointer and keys, found by accessible names, and drawn by the
//! CPU painter.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui::{
    self, Event, FullOutput, Key, Modifiers, Pos2, Rect, Shape, TexturesDelta, Theme, Vec2, accesskit::Role, epaint::ClippedShape, pos2,
};
use egui_kittest::{Harness, Node, TestRenderer, kittest::NodeT, kittest::Queryable};
use neuron_playground::app::{Command, Workbench};
use neuron_playground::preset::{self, Setup};
use neuron_playground::ui::{App, raster::CpuPainter};

/// The window of a test.
pub type Window = Harness<'static, App>;

/// The size the window opens with, and the smallest one it must be at ease with.
pub const LARGE: [f32; 2] = [1600.0, 1000.0];
pub const SMALL: [f32; 2] = [1100.0, 700.0];

/// Ctrl, as a keyboard under X11 or Windows reports it.
pub const CTRL: Modifiers = Modifiers { alt: false, ctrl: true, shift: false, mac_cmd: false, command: true };
pub const CTRL_SHIFT: Modifiers = Modifiers { shift: true, ..CTRL };

#[derive(Default)]
struct CpuRenderer(CpuPainter);

impl TestRenderer for CpuRenderer {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        self.0.update_textures(delta);
        self.0.free_textures(delta);
        delta.clear();
    }

    fn render(&mut self, ctx: &egui::Context, output: &FullOutput) -> Result<image::RgbaImage, String> {
        let primitives = ctx.tessellate(output.shapes.clone(), output.pixels_per_point);
        let size = ctx.content_rect().size() * output.pixels_per_point;
        let image = self.0.paint([size.x.round() as u32, size.y.round() as u32], output.pixels_per_point, egui::Color32::BLACK, &primitives);
        image::RgbaImage::from_raw(image.width, image.height, image.rgba).ok_or_else(|| "the picture does not fit its size".into())
    }
}

/// The window on a setup, paused at t = 0.
pub fn window_on(setup: Setup, id: Option<&str>, size: [f32; 2], theme: Theme) -> Window {
    build(setup, id, size, theme, "bifurcation")
}

fn build(setup: Setup, id: Option<&str>, size: [f32; 2], theme: Theme, front: &str) -> Window {
    let id = id.map(str::to_string);
    let mut window = Harness::builder()
        .with_size(size)
        .with_theme(theme)
        .with_step_dt(1.0 / 60.0)
        .with_max_steps(200)
        .with_render_cursor(false)
        .renderer(CpuRenderer::default())
        .build_eframe(|cc| {
            let mut app = App::new(&cc.egui_ctx, setup, id);
            app.show_view(front);
            app
        });
    window.run_steps(2);
    window
}

/// A view that costs next to nothing, so that tests of other things need not wait for diagrams.
const QUICK: &str = "trace_determinant";

/// The window on a preset of the library, paused at t = 0.
pub fn window(id: &str) -> Window {
    let setup = preset::embedded(id).unwrap_or_else(|| panic!("no preset {id}"));
    build(setup, Some(id), LARGE, Theme::Dark, QUICK)
}

/// The window on a model's defaults.
pub fn window_of(model: &str) -> Window {
    let neuron = neuron_playground::model::find(model).unwrap_or_else(|| panic!("no model {model}"));
    build(Setup::of_model(neuron), None, LARGE, Theme::Dark, QUICK)
}

/// What a test asks the window.
pub trait Asked {
    fn bench(&self) -> &Workbench;
    fn send(&mut self, command: Command);
    fn param(&self, id: &str) -> f64;
    fn v(&self) -> f64;
    fn message(&self) -> Option<(String, bool)>;
    fn texts(&self) -> Vec<String>;
    fn shows(&self, text: &str) -> bool;
    fn area(&self, name: &str) -> Rect;
    fn button<'a>(&'a self, name: &'a str) -> Node<'a>;
    fn press(&mut self, key: Key);
    fn press_with(&mut self, modifiers: Modifiers, key: Key);
    fn click_at(&mut self, at: Pos2);
    fn double_click_at(&mut self, at: Pos2);
    fn drag(&mut self, from: Pos2, to: Pos2);
    fn push(&mut self, name: &str);
    fn type_into(&mut self, name: &str, text: &str);
    fn scroll_at(&mut self, at: Pos2, points: f32);
    fn dropped(&mut self, path: &Path, bytes: &[u8]);
}

impl Asked for Window {
    fn bench(&self) -> &Workbench {
        self.state().bench()
    }

    /// Does a command as if a panel had sent it.
    fn send(&mut self, command: Command) {
        self.state_mut().apply(command);
        self.run_steps(2);
    }

    /// The value of a parameter.
    fn param(&self, id: &str) -> f64 {
        let setup = self.bench().setup();
        let index = setup.neuron.params().iter().position(|f| f.id == id).unwrap_or_else(|| panic!("no parameter {id}"));
        setup.params[index]
    }

    /// The potential now.
    fn v(&self) -> f64 {
        self.bench().simulation().state()[0]
    }

    /// What the user is told, and whether it is an error.
    fn message(&self) -> Option<(String, bool)> {
        self.bench().message().map(|m| (m.text.clone(), m.is_error))
    }

    /// Every text on the screen, painted or in a widget.
    fn texts(&self) -> Vec<String> {
        let mut texts = Vec::new();
        for ClippedShape { shape, .. } in &self.output().shapes {
            collect(shape, &mut texts);
        }
        texts
    }

    /// True if a text with this part is on the screen.
    fn shows(&self, text: &str) -> bool {
        self.texts().iter().any(|t| t.contains(text))
    }

    /// The place of the interactive picture with this name.
    fn area(&self, name: &str) -> Rect {
        self.get_by_role_and_label(Role::Image, name).rect()
    }

    fn button<'a>(&'a self, name: &'a str) -> Node<'a> {
        self.get_by_role_and_label(Role::Button, name)
    }

    fn press(&mut self, key: Key) {
        self.key_press(key);
        self.step();
        self.step();
    }

    fn press_with(&mut self, modifiers: Modifiers, key: Key) {
        self.key_press_modifiers(modifiers, key);
        self.step();
        self.step();
    }

    fn click_at(&mut self, at: Pos2) {
        self.hover_at(at);
        self.drag_at(at);
        self.drop_at(at);
        self.step();
        // A second click soon after would be a double click.
        self.run_steps(30);
    }

    fn double_click_at(&mut self, at: Pos2) {
        self.hover_at(at);
        for _ in 0..2 {
            self.drag_at(at);
            self.event(Event::PointerButton { pos: at, button: egui::PointerButton::Primary, pressed: false, modifiers: Modifiers::NONE });
        }
        self.step();
        self.run_steps(30);
    }

    /// Drags in ten moves.
    fn drag(&mut self, from: Pos2, to: Pos2) {
        self.hover_at(from);
        self.drag_at(from);
        for k in 1..=10 {
            self.hover_at(from + (to - from) * (k as f32 / 10.0));
        }
        self.drop_at(to);
        self.step();
        self.run_steps(2);
    }

    /// Clicks a button by its name.
    fn push(&mut self, name: &str) {
        self.button(name).click();
        self.step();
        self.remove_cursor();
        self.run_steps(2);
    }

    /// Clicks the number with this name, types a new one and presses Enter.
    fn type_into(&mut self, name: &str, text: &str) {
        self.get_by_role_and_label(Role::SpinButton, name).click();
        self.step();
        self.run_steps(2);
        self.event(Event::Text(text.into()));
        self.step();
        self.press(Key::Enter);
        self.remove_cursor();
        self.run_steps(30);
    }

    fn scroll_at(&mut self, at: Pos2, points: f32) {
        self.hover_at(at);
        self.event(wheel(points));
        self.step();
        self.run_steps(30);
    }

    /// Drops a file on the window.
    fn dropped(&mut self, path: &Path, bytes: &[u8]) {
        let file = Dropped { path: path.into(), bytes: bytes.to_vec() };
        self.input_mut().dropped_files.push(Arc::new(file));
        self.run_steps(3);
    }
}

fn wheel(points: f32) -> Event {
    Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: Vec2::new(0.0, points),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    }
}

/// A file that is dropped on the window.
#[derive(Debug)]
struct Dropped {
    path: PathBuf,
    bytes: Vec<u8>,
}

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.path
    }
    fn bytes(&self) -> Result<Vec<u8>, String> {
        Ok(self.bytes.clone())
    }
}

/// Every text on the screen with the place where it is drawn, each once, halos left out.
pub fn placed_texts(window: &Window) -> Vec<(String, Rect)> {
    let mut placed: Vec<(String, Rect)> = Vec::new();
    for ClippedShape { shape, clip_rect, .. } in &window.output().shapes {
        if let Shape::Text(text) = shape {
            let rect = text.visual_bounding_rect();
            let near = |(other, at): &(String, Rect)| *other == text.galley.text() && at.center().distance(rect.center()) < 4.0;
            if clip_rect.intersects(rect) && !placed.iter().any(near) {
                placed.push((text.galley.text().to_string(), rect));
            }
        }
    }
    placed
}

fn collect(shape: &Shape, texts: &mut Vec<String>) {
    match shape {
        Shape::Text(text) => texts.push(text.galley.text().to_string()),
        Shape::Vec(shapes) => shapes.iter().for_each(|s| collect(s, texts)),
        _ => {}
    }
}

/// True if every coordinate that is drawn is a number.
pub fn is_finite(shape: &Shape) -> bool {
    let rect = |r: Rect| r.min.is_finite() && r.max.is_finite();
    match shape {
        Shape::Noop | Shape::Callback(_) | Shape::Band(_) => true,
        Shape::Vec(shapes) => shapes.iter().all(is_finite),
        Shape::Circle(c) => c.center.is_finite() && c.radius.is_finite(),
        Shape::Ellipse(e) => e.center.is_finite(),
        Shape::LineSegment { points, .. } => points.iter().all(|p| p.is_finite()),
        Shape::Path(path) => path.points.iter().all(|p| p.is_finite()),
        Shape::Rect(r) => rect(r.rect),
        Shape::Text(text) => text.pos.is_finite(),
        Shape::Mesh(mesh) => mesh.vertices.iter().all(|v| v.pos.is_finite()),
        Shape::QuadraticBezier(curve) => curve.points.iter().all(|p| p.is_finite()),
        Shape::CubicBezier(curve) => curve.points.iter().all(|p| p.is_finite()),
    }
}

/// The place in a rectangle at these parts of its width and height.
pub fn within(rect: Rect, across: f32, down: f32) -> Pos2 {
    pos2(rect.left() + across * rect.width(), rect.top() + down * rect.height())
}

/// The bits of a state, for comparisons without tolerance.
pub fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|x| x.to_bits()).collect()
}

/// Role, name and place of everything that assistive technology can act on.
pub fn widgets(window: &Window) -> Vec<(Role, String, Rect)> {
    let acts = |role: Role| {
        matches!(role, Role::Button | Role::Slider | Role::SpinButton | Role::CheckBox | Role::TextInput | Role::RadioButton | Role::ComboBox)
    };
    let nodes = window.root().children_recursive().filter(|n| acts(n.accesskit_node().role()));
    nodes.map(|n| (n.accesskit_node().role(), n.accesskit_node().label().unwrap_or_default(), n.rect())).collect()
}
