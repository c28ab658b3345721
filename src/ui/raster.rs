//! A small CPU painter for egui's output, used for pictures without a screen and by the tests.
//!
//! It follows the rules that reproduce egui's GPU painters: positions snapped to 1/256 pixel,
//! integer edges with the top-left rule, vertex colour times bilinear texel, everything
//! premultiplied in gamma space, `dst = src + dst·(1 − a)` rounded once to 8 bits, and clip
//! rectangles rounded to whole pixels. Paint callbacks and textures it was never given are left
//! out; mipmaps and the minification filter are ignored. The same input gives the same bytes on
//! every machine.

mod spans;
mod texture;

use std::collections::HashMap;

use eframe::egui::{ClippedPrimitive, Color32, Mesh, Rect, TextureId, TexturesDelta, epaint::Primitive, epaint::Vertex};

use spans::{Clip, Corner, Spans, doubled_area};
use texture::Texture;

/// A picture: premultiplied RGBA, 8 bits a channel, row by row from the top.
///
/// `rgba` holds `width · height · 4` bytes. It is opaque wherever the clear colour was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Columns of pixels.
    pub width: u32,
    /// Rows of pixels.
    pub height: u32,
    /// The pixels.
    pub rgba: Vec<u8>,
}

impl Image {
    /// The pixel in column `x` and row `y`, or `None` outside the picture.
    #[must_use]
    pub fn pixel(&self, x: u32, y: u32) -> Option<[u8; 4]> {
        if x >= self.width || y >= self.height {
            return None;
        }
        let index = usize::try_from(u64::from(y) * u64::from(self.width) + u64::from(x)).ok()?;
        self.rgba.as_chunks::<4>().0.get(index).copied()
    }
}

/// Paints tessellated egui output into memory, keeping textures from frame to frame.
#[derive(Default)]
pub struct CpuPainter {
    textures: HashMap<TextureId, Texture>,
}

impl CpuPainter {
    /// Takes over new and changed textures; call it before [`Self::paint`].
    ///
    /// The delta itself is left as it is: egui panics in debug builds if it is dropped uncleared.
    pub fn update_textures(&mut self, delta: &TexturesDelta) {
        // Textures do not depend on each other, so the order of the map does not matter.
        for (id, changes) in &delta.set {
            for change in changes {
                match change.pos {
                    Some(position) => {
                        if let Some(texture) = self.textures.get_mut(id) {
                            texture.patch(position, change);
                        }
                    }
                    None => match Texture::new(change) {
                        Some(texture) => {
                            self.textures.insert(*id, texture);
                        }
                        None => {
                            self.textures.remove(id);
                        }
                    },
                }
            }
        }
    }

    /// Forgets the textures egui no longer needs; call it after [`Self::paint`].
    pub fn free_textures(&mut self, delta: &TexturesDelta) {
        for id in &delta.free {
            self.textures.remove(id);
        }
    }

    /// Paints one frame of `size` pixels (columns, rows) over the colour `clear`.
    ///
    /// `pixels_per_point` is the one the primitives were tessellated with. Corners that are not
    /// numbers, indices out of range and triangles without area are passed over. The picture must
    /// fit into memory: 4 bytes a pixel.
    #[must_use]
    pub fn paint(&mut self, size: [u32; 2], pixels_per_point: f32, clear: Color32, primitives: &[ClippedPrimitive]) -> Image {
        let [width, height] = size;
        let columns = width as usize;
        let mut canvas = Canvas { pixels: vec![clear.to_array(); columns * height as usize], columns };
        for ClippedPrimitive { clip_rect, primitive } in primitives {
            let Primitive::Mesh(mesh) = primitive else {
                continue; // a callback needs a GPU
            };
            let clip = clip_to_pixels(*clip_rect, pixels_per_point, size);
            if clip.left >= clip.right || clip.top >= clip.bottom {
                continue;
            }
            if let Some(texture) = self.textures.get(&mesh.texture_id) {
                canvas.mesh(mesh, texture, pixels_per_point, &clip);
            }
        }
        Image { width, height, rgba: canvas.pixels.into_flattened() }
    }
}

/// Rounds a clip rectangle in points to whole pixels inside the image.
fn clip_to_pixels(rect: Rect, pixels_per_point: f32, [width, height]: [u32; 2]) -> Clip {
    #[expect(clippy::cast_possible_truncation, reason = "saturates, and is clamped to the image right after")]
    let pixel = |points: f32, low: i64, side: u32| ((points * pixels_per_point).round() as i64).clamp(low, i64::from(side));
    let left = pixel(rect.min.x, 0, width);
    let top = pixel(rect.min.y, 0, height);
    Clip { left, right: pixel(rect.max.x, left, width), top, bottom: pixel(rect.max.y, top, height) }
}

struct Canvas {
    pixels: Vec<[u8; 4]>,
    columns: usize,
}

impl Canvas {
    fn mesh(&mut self, mesh: &Mesh, texture: &Texture, pixels_per_point: f32, clip: &Clip) {
        let vertex = |index: u32| mesh.vertices.get(index as usize);
        for &[a, b, c] in mesh.indices.as_chunks::<3>().0 {
            let (Some(a), Some(b), Some(c)) = (vertex(a), vertex(b), vertex(c)) else {
                continue;
            };
            self.triangle([a, b, c], texture, pixels_per_point, clip);
        }
    }

    /// Finds the spans of a triangle and fills them in the cheapest way its corners allow.
    fn triangle(&mut self, mut vertices: [&Vertex; 3], texture: &Texture, pixels_per_point: f32, clip: &Clip) {
        let snap = |v: &Vertex| Corner::snap(v.pos.x * pixels_per_point, v.pos.y * pixels_per_point);
        let [Some(a), Some(b), Some(c)] = vertices.map(snap) else {
            return;
        };
        let mut corners = [a, b, c];
        let mut area = doubled_area(&corners);
        if area == 0 {
            return;
        }
        if area < 0 {
            // egui winds its triangles either way; the spans want them clockwise.
            corners.swap(1, 2);
            vertices.swap(1, 2);
            area = -area;
        }
        let Some(spans) = Spans::new(&corners, clip) else {
            return;
        };
        let [first, second, third] = vertices.map(|v| v.color);
        let one_colour = first == second && first == third;
        let [uv, ..] = vertices.map(|v| v.uv);
        if vertices.iter().any(|v| v.uv != uv) {
            let colours = Plane::new(&corners, area, vertices.map(|v| channels(v.color)));
            let places = Plane::new(&corners, area, vertices.map(|v| texture.locate(v.uv)));
            self.textured(spans, (!one_colour).then_some(&colours), channels(first), &places, texture);
            return;
        }
        let texel = texture.sample(texture.locate(uv));
        if one_colour && texel == [255.0; 4] {
            self.solid(spans, first);
            return;
        }
        let tinted = vertices.map(|v| multiply(channels(v.color), texel));
        self.shaded(spans, &Plane::new(&corners, area, tinted));
    }

    fn span(&mut self, row: usize, columns: std::ops::Range<usize>) -> &mut [[u8; 4]] {
        let start = row * self.columns;
        self.pixels.get_mut(start + columns.start..start + columns.end).unwrap_or_default()
    }

    /// One colour: most of a frame's pixels.
    fn solid(&mut self, spans: Spans, colour: Color32) {
        let source = colour.to_array();
        match source {
            [0, 0, 0, 0] => {}
            [_, _, _, 255] => {
                for (row, columns) in spans {
                    self.span(row, columns).fill(source);
                }
            }
            [_, _, _, alpha] => {
                let rest = 255 - u16::from(alpha);
                for (row, columns) in spans {
                    for pixel in self.span(row, columns) {
                        for (channel, above) in pixel.iter_mut().zip(source) {
                            *channel = above.saturating_add(scale(*channel, rest));
                        }
                    }
                }
            }
        }
    }

    /// Colours that run from corner to corner: feathered edges, shadows, gradients.
    fn shaded(&mut self, spans: Spans, colours: &Plane<4>) {
        for (row, columns) in spans {
            let line = colours.row(row, columns.start);
            let mut step = 0.0;
            for pixel in self.span(row, columns) {
                blend(pixel, line.after(step));
                step += 1.0;
            }
        }
    }

    /// Texture times colour: text and pictures. `colours` is given where the corners differ.
    fn textured(&mut self, spans: Spans, colours: Option<&Plane<4>>, colour: [f32; 4], places: &Plane<2>, texture: &Texture) {
        for (row, columns) in spans {
            let place = places.row(row, columns.start);
            let tint = colours.map(|plane| plane.row(row, columns.start));
            let mut step = 0.0;
            for pixel in self.span(row, columns) {
                let texel = texture.sample(place.after(step));
                if texel != [0.0; 4] {
                    let colour = tint.as_ref().map_or(colour, |line| line.after(step));
                    blend(pixel, multiply(colour, texel));
                }
                step += 1.0;
            }
        }
    }
}

/// Values that run linearly over a triangle, given at its corners.
struct Plane<const N: usize> {
    origin: Corner,
    value: [f64; N],
    /// Change per pixel to the right and per pixel down.
    right: [f64; N],
    down: [f64; N],
}

impl<const N: usize> Plane<N> {
    /// `area` is twice the signed area of the corners, in steps² of the grid.
    fn new(corners: &[Corner; 3], area: i64, values: [[f32; N]; 3]) -> Self {
        let [a, b, c] = corners;
        let [value, second, third] = values.map(|at| at.map(f64::from));
        let d = |p: i32, q: i32| f64::from(p) - f64::from(q);
        #[expect(clippy::cast_precision_loss, reason = "a relative error of 2⁻⁵³ is none here")]
        let per_pixel = 256.0 / area as f64;
        let slope = |one: f64, two: f64| std::array::from_fn(|k| ((second[k] - value[k]) * one - (third[k] - value[k]) * two) * per_pixel);
        Self { origin: *a, value, right: slope(d(c.y, a.y), d(b.y, a.y)), down: slope(-d(c.x, a.x), -d(b.x, a.x)) }
    }

    /// The values along a row of pixel centres, from `column` on.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "rows and columns are small, and f32 is fine enough for 8 bits and 1/256 texel"
    )]
    fn row(&self, row: usize, column: usize) -> Line<N> {
        let x = column as f64 + 0.5 - f64::from(self.origin.x) / 256.0;
        let y = row as f64 + 0.5 - f64::from(self.origin.y) / 256.0;
        Line {
            start: std::array::from_fn(|k| (self.value[k] + self.right[k] * x + self.down[k] * y) as f32),
            step: self.right.map(|change| change as f32),
        }
    }
}

/// Values along a row of pixels.
struct Line<const N: usize> {
    start: [f32; N],
    step: [f32; N],
}

impl<const N: usize> Line<N> {
    /// The values so many pixels on; multiplied, not summed up, so that no error gathers.
    #[inline]
    fn after(&self, pixels: f32) -> [f32; N] {
        std::array::from_fn(|k| self.start[k] + self.step[k] * pixels)
    }
}

fn channels(colour: Color32) -> [f32; 4] {
    colour.to_array().map(f32::from)
}

/// Product of two colours with channels from 0 to 255.
#[inline]
fn multiply(a: [f32; 4], b: [f32; 4]) -> [f32; 4] {
    std::array::from_fn(|k| a[k] * b[k] * (1.0 / 255.0))
}

/// `value · factor / 255`, rounded to nearest; both are at most 255.
#[inline]
fn scale(value: u8, factor: u16) -> u8 {
    let shifted = u16::from(value) * factor + 128;
    ((shifted + (shifted >> 8)) >> 8) as u8
}

/// Lays a premultiplied colour over a pixel and rounds once.
#[inline]
fn blend(pixel: &mut [u8; 4], source: [f32; 4]) {
    let rest = (1.0 - source[3] * (1.0 / 255.0)).clamp(0.0, 1.0);
    for (channel, above) in pixel.iter_mut().zip(source) {
        let sum = above + f32::from(*channel) * rest + 0.5;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast is the rounding, and it saturates")]
        let rounded = sum as u8;
        *channel = rounded;
    }
}
