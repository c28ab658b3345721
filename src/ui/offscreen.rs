//! Runs interface code without a window and turns the result into a picture or a PNG file.

use std::{
    io,
    path::{Path, PathBuf},
};

use eframe::egui;

use super::raster::{CpuPainter, Image};

/// Longest side of a picture in pixels; more is a typing error rather than a wish, and
/// its square would not fit into memory.
pub const LONGEST_SIDE: u32 = 16_384;

/// Pixels per point of every picture, so that they do not depend on the machine's screen.
const PIXELS_PER_POINT: f32 = 1.0;

/// Why there is no picture, or no file.
#[derive(Debug, thiserror::Error)]
pub enum OffscreenError {
    /// The size asked for has no pixels or too many.
    #[error("a picture of {width}x{height} pixels is not possible: each side must be 1 to {LONGEST_SIDE}")]
    Size {
        /// Columns asked for.
        width: u32,
        /// Rows asked for.
        height: u32,
    },
    /// The picture cannot be put into PNG form.
    #[error("cannot encode the picture as PNG: {0}")]
    Encode(#[from] png::EncodingError),
    /// The file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file asked for.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

/// One pass of the interface: when it happens, and what the user does just before it.
#[derive(Clone, Debug, Default)]
pub struct Pass {
    /// Time egui is told, in seconds; from pass to pass it must not fall.
    pub time_s: f64,
    /// Injected input, in points from the top left corner.
    pub events: Vec<egui::Event>,
}

impl Pass {
    /// A pass at `time_s` in which the user does nothing.
    #[must_use]
    pub fn at(time_s: f64) -> Self {
        Self { time_s, events: Vec::new() }
    }

    /// `count` passes without input, `step_s` apart, the first at time 0.
    ///
    /// egui needs about three to settle: the first ones only measure.
    pub fn still(count: u32, step_s: f64) -> impl Iterator<Item = Self> {
        (0..count).map(move |k| Self::at(f64::from(k) * step_s))
    }
}

/// An interface without a window: an egui context and a painter that live from run to run.
///
/// Animations take no time and the text cursor does not blink, so the same passes give the same
/// picture.
pub struct Offscreen {
    context: egui::Context,
    painter: CpuPainter,
    size: [u32; 2],
}

impl Offscreen {
    /// An interface of `size` pixels (columns, rows), at 1 pixel per point.
    ///
    /// # Errors
    /// [`OffscreenError::Size`] if a side is 0 or longer than [`LONGEST_SIDE`].
    pub fn new(size: [u32; 2], theme: egui::Theme) -> Result<Self, OffscreenError> {
        let [width, height] = size;
        if size.iter().any(|side| !(1..=LONGEST_SIDE).contains(side)) {
            return Err(OffscreenError::Size { width, height });
        }
        let context = egui::Context::default();
        context.set_theme(theme);
        Ok(Self { context, painter: CpuPainter::default(), size })
    }

    /// The context, to install fonts and styles before the first run.
    #[must_use]
    pub fn context(&self) -> &egui::Context {
        &self.context
    }

    /// Runs `content` once per pass and returns the picture after the last one.
    ///
    /// `content` gets a bare root `Ui`, as in the window, and is called again within a pass if it
    /// requests a discard. Memory (focus, open menus, scroll positions) and time carry over from
    /// an earlier run. Without any pass the picture shows the background alone.
    pub fn run(&mut self, passes: impl IntoIterator<Item = Pass>, mut content: impl FnMut(&mut egui::Ui)) -> Image {
        let mut shapes = Vec::new();
        let mut pixels_per_point = PIXELS_PER_POINT;
        let mut free = egui::TexturesDelta::default();
        for pass in passes {
            self.free(&mut free);
            hold_still(&self.context);
            let mut output = self.context.run_ui(self.input(pass), &mut content);
            self.painter.update_textures(&output.textures_delta);
            // The frame may still show a texture that it gives up.
            free = std::mem::take(&mut output.textures_delta);
            shapes = output.shapes;
            pixels_per_point = output.pixels_per_point;
        }
        let primitives = self.context.tessellate(shapes, pixels_per_point);
        let background = self.context.global_style().visuals.panel_fill.to_opaque();
        let image = self.painter.paint(self.size, pixels_per_point, background, &primitives);
        self.free(&mut free);
        image
    }

    fn free(&mut self, delta: &mut egui::TexturesDelta) {
        self.painter.free_textures(delta);
        delta.clear();
    }

    fn input(&self, pass: Pass) -> egui::RawInput {
        // The screen is given in points, and the content may have zoomed.
        let points_per_pixel = 1.0 / (PIXELS_PER_POINT * self.context.zoom_factor());
        #[expect(clippy::cast_precision_loss, reason = "sides are at most LONGEST_SIDE, exact in f32")]
        let [width, height] = self.size.map(|side| side as f32 * points_per_pixel);
        let mut input = egui::RawInput {
            screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(width, height))),
            time: Some(pass.time_s),
            events: pass.events,
            ..Default::default()
        };
        input.viewports.entry(egui::ViewportId::ROOT).or_default().native_pixels_per_point = Some(PIXELS_PER_POINT);
        input
    }
}

/// Takes out of the styles what would make a picture depend on when it is taken.
fn hold_still(context: &egui::Context) {
    // Before every pass, because the content may have brought a style of its own.
    context.all_styles_mut(|style| {
        style.animation_time = 0.0;
        style.visuals.text_cursor.blink = false;
    });
}

/// Writes a picture as PNG; the file appears whole or not at all.
///
/// The bytes go into a temporary file in the same directory, which then takes the place of `path`.
/// What is not a regular file (a pipe, a terminal) is written to directly.
///
/// # Errors
/// [`OffscreenError::Encode`] for a picture whose bytes do not fit its size, and
/// [`OffscreenError::Write`] if the directory or the file cannot be written; a file that was there
/// before is then unchanged.
pub fn write_png(path: &Path, image: &Image) -> Result<(), OffscreenError> {
    let bytes = encode(image)?;
    crate::app::files::write_whole(path, &bytes).map_err(|source| OffscreenError::Write { path: path.to_owned(), source })
}

fn encode(image: &Image) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, image.width, image.height);
    encoder.set_depth(png::BitDepth::Eight);
    // Opaque pictures need no alpha, which saves a seventh of the file.
    let opaque = image.rgba.iter().skip(3).step_by(4).all(|alpha| *alpha == u8::MAX);
    encoder.set_color(if opaque { png::ColorType::Rgb } else { png::ColorType::Rgba });
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&if opaque { without_alpha(&image.rgba) } else { unmultiplied(&image.rgba) })?;
    writer.finish()?;
    Ok(bytes)
}

fn without_alpha(rgba: &[u8]) -> Vec<u8> {
    rgba.chunks_exact(4).flat_map(|pixel| pixel.iter().take(3)).copied().collect()
}

/// PNG wants colours that are not multiplied with their alpha; opaque ones are the same in both.
fn unmultiplied(rgba: &[u8]) -> Vec<u8> {
    let mut bytes = rgba.to_vec();
    for pixel in bytes.as_chunks_mut::<4>().0 {
        if let [r, g, b, 0..=254] = *pixel {
            let alpha = pixel[3];
            *pixel = egui::Color32::from_rgba_premultiplied(r, g, b, alpha).to_srgba_unmultiplied();
        }
    }
    bytes
}
