//! What is drawn: the window, its panels and views, and the CPU painter behind pictures and tests. Panels
//! read the workbench and send commands; nothing here computes dynamics.

mod app;
mod chooser;
mod column;
mod dialogs;
mod dock;
mod equation_values;
pub mod glyphs;
mod keys;
pub mod math;
pub mod offscreen;
mod plot;
mod prose;
pub mod raster;
mod settings;
mod stage;
mod status;
pub mod theme;
mod times_field;
mod top_bar;
mod trail;
mod views;
mod widgets;

pub use app::App;

use std::process::ExitCode;

use eframe::egui;

use crate::cli::{Failure, Opened, Render};
use crate::preset;
use offscreen::{Offscreen, Pass};

/// The ids of all views, in the order of the number keys.
pub fn view_ids() -> impl Iterator<Item = &'static str> {
    views::VIEWS.iter().map(|view| view.id)
}

/// Passes before a picture is taken: the first ones only measure.
const PASSES: u32 = 4;

/// Opens the window and stays until it is closed.
#[must_use]
pub fn window(opened: Option<Opened>) -> ExitCode {
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_inner_size([1600.0, 1000.0])
            .with_min_inner_size([800.0, 560.0])
            .with_title("Neuron playground")
            .with_app_id("neuron-playground")
            .with_icon(icon()),
        ..Default::default()
    };
    let opened = opened.map(|o| with_id(&o));
    let outcome = eframe::run_native("neuron-playground", options, Box::new(|cc| Ok(Box::new(App::remembered(&cc.egui_ctx, opened)))));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let why = plainly(&error.to_string());
            Failure::Run(format!("cannot open a window ({why}); without a display use `neuron-playground render SETUP --out FILE.png`")).report()
        }
    }
}

/// What the window system said, on one line and without where in its source it said it.
fn plainly(error: &str) -> String {
    let said = error.rsplit_once(".rs:").and_then(|(_, rest)| rest.split_once(": ")).map_or(error, |(_, said)| said);
    said.trim_end_matches('.').replace('\n', " ")
}

/// The icon, or none if it cannot be decoded.
fn icon() -> egui::IconData {
    let mut icon = egui::IconData::default();
    let bytes = include_bytes!("../../assets/icon.png").as_slice();
    if let Ok(mut reader) = png::Decoder::new(std::io::Cursor::new(bytes)).read_info() {
        let mut rgba = vec![0; reader.output_buffer_size().unwrap_or(0)];
        if let Ok(info) = reader.next_frame(&mut rgba) {
            icon = egui::IconData { rgba, width: info.width, height: info.height };
        }
    }
    icon
}

/// A setup with its id, if its name is one of the library and nothing was changed on the way.
fn with_id(opened: &Opened) -> (preset::Setup, Option<String>) {
    let known = preset::entries().iter().any(|e| e.id == opened.name);
    (opened.setup.clone(), known.then(|| opened.name.clone()))
}

/// Draws the window to a PNG file, without a display.
#[must_use]
pub fn render(render: &Render) -> ExitCode {
    let theme = if render.dark { egui::Theme::Dark } else { egui::Theme::Light };
    if let Some(id) = render.view.as_deref().filter(|id| views::find(id).is_none()) {
        let known = views::VIEWS.iter().map(|view| view.id).collect::<Vec<_>>().join(", ");
        return Failure::Input(format!("--view {id:?} is not one of {known}")).report();
    }
    let drawn = picture(&render.opened, render.at, render.view.as_deref(), [render.size.width, render.size.height], theme)
        .and_then(|image| offscreen::write_png(&render.out, &image));
    match drawn {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => Failure::Run(error.to_string()).report(),
    }
}

/// The window on a setup at time `at` (its duration if not given), with `view` in front, as an image.
///
/// # Errors
/// If the size is not one an image can have.
pub fn picture(
    opened: &Opened,
    at: Option<f64>,
    view: Option<&str>,
    size: [u32; 2],
    theme: egui::Theme,
) -> Result<raster::Image, offscreen::OffscreenError> {
    let mut screen = Offscreen::new(size, theme)?;
    let (setup, id) = with_id(opened);
    let end = at.unwrap_or(setup.duration);
    let mut app = App::new(screen.context(), setup, id);
    if let Some(id) = view {
        app.show_view(id);
    }
    app.run_to(end);
    Ok(screen.run(Pass::still(PASSES, 1.0 / 60.0), |ui| {
        app.logic(ui.ctx());
        app.finish_thumbnails();
        app.content(ui);
    }))
}
