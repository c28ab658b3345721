//! Textures as the painter keeps them, and how a texel is looked up.

use eframe::egui::{Color32, ColorImage, ImageData, Pos2, TextureFilter, TextureOptions, TextureWrapMode, epaint::ImageDelta};

/// Fractions of a texel that filtering tells apart, as on a GPU.
const SUBTEXELS: f32 = 256.0;

/// A texture: premultiplied texels, row by row from the top, never without one.
pub(super) struct Texture {
    texels: Vec<[u8; 4]>,
    width: usize,
    height: usize,
    options: TextureOptions,
}

impl Texture {
    /// A texture from a whole image; `None` if the image is empty or its size does not fit its pixels.
    pub fn new(delta: &ImageDelta) -> Option<Self> {
        let ImageData::Color(image) = &delta.image;
        let [width, height] = image.size;
        let texels: Vec<[u8; 4]> = image.pixels.iter().map(Color32::to_array).collect();
        (!texels.is_empty() && width.checked_mul(height) == Some(texels.len())).then_some(Self { texels, width, height, options: delta.options })
    }

    /// Overwrites the part of the texture that `delta` describes; what lies outside is ignored.
    pub fn patch(&mut self, [x, y]: [usize; 2], delta: &ImageDelta) {
        let ImageData::Color(image) = &delta.image;
        let image: &ColorImage = image;
        self.options = delta.options;
        let columns = image.size[0].min(self.width.saturating_sub(x));
        if columns == 0 {
            return;
        }
        let rows = self.texels.chunks_exact_mut(self.width).skip(y);
        for (row, pixels) in rows.zip(image.pixels.chunks_exact(image.size[0])) {
            for (texel, pixel) in row.iter_mut().skip(x).zip(&pixels[..columns]) {
                *texel = pixel.to_array();
            }
        }
    }

    /// Where normalised coordinates lie, in 1/256 texel from the centre of the first texel.
    #[expect(clippy::cast_precision_loss, reason = "texture sides are far below 2²⁴ texels")]
    pub fn locate(&self, uv: Pos2) -> [f32; 2] {
        // Nearest wants the texel below the point, linear the four centres around it.
        let shift = if self.nearest() { 0.0 } else { 0.5 };
        [(uv.x * self.width as f32 - shift) * SUBTEXELS, (uv.y * self.height as f32 - shift) * SUBTEXELS]
    }

    /// The filtered texel at a place given by [`Self::locate`], channels from 0 to 255.
    #[inline]
    pub fn sample(&self, [x, y]: [f32; 2]) -> [f32; 4] {
        let (x, y) = (whole(x), whole(y));
        let (column, row) = (x >> 8, y >> 8);
        let (fx, fy) = (x & 255, y & 255);
        if (fx == 0 && fy == 0) || self.nearest() {
            // Glyphs land here: egui lays them out on whole pixels.
            return self.texel(column, row).map(f32::from);
        }
        let taps = [
            (self.texel(column, row), (256 - fx) * (256 - fy)),
            (self.texel(column + 1, row), fx * (256 - fy)),
            (self.texel(column, row + 1), (256 - fx) * fy),
            (self.texel(column + 1, row + 1), fx * fy),
        ];
        let mut sum = [0_i32; 4];
        for (texel, weight) in taps {
            for (channel, value) in sum.iter_mut().zip(texel) {
                *channel += i32::from(value) * weight;
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "sums are at most 255·2¹⁶ < 2²⁴")]
        let filtered = sum.map(|channel| channel as f32 * (1.0 / 65_536.0));
        filtered
    }

    fn nearest(&self) -> bool {
        self.options.magnification == TextureFilter::Nearest
    }

    #[inline]
    fn texel(&self, column: i32, row: i32) -> [u8; 4] {
        let mode = self.options.wrap_mode;
        let index = wrap(row, self.height, mode) * self.width + wrap(column, self.width, mode);
        self.texels.get(index).copied().unwrap_or_default()
    }
}

/// Rounds to the nearest whole number; what is not a number becomes 0.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the cast is the rounding, and it saturates")]
fn whole(value: f32) -> i32 {
    // `f32::floor` is a library call on plain x86-64. A shift by one texel keeps the truncation
    // on the positive side everywhere a coordinate inside the texture can be.
    ((value + (SUBTEXELS + 0.5)) as i32).saturating_sub(256)
}

/// Brings a texel's index inside a side of `length` texels.
#[inline]
fn wrap(index: i32, length: usize, mode: TextureWrapMode) -> usize {
    let side = i32::try_from(length).unwrap_or(i32::MAX);
    let inside = match mode {
        TextureWrapMode::ClampToEdge => index.clamp(0, side - 1),
        TextureWrapMode::Repeat => index.rem_euclid(side),
        TextureWrapMode::MirroredRepeat => {
            let phase = i64::from(index).rem_euclid(2 * i64::from(side));
            let folded = phase.min(2 * i64::from(side) - 1 - phase);
            i32::try_from(folded).unwrap_or(0)
        }
    };
    usize::try_from(inside).unwrap_or(0)
}
