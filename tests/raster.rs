//! The CPU painter and the pictures it makes, through their public interface.
#![cfg(feature = "gui")]

use eframe::egui::{
    self, ClippedPrimitive, Color32, ColorImage, Mesh, Pos2, Rect, TextureId, TextureOptions, TexturesDelta, epaint::ImageDelta, epaint::Primitive,
    epaint::Vertex, pos2,
};
use neuron_playground::ui::{
    offscreen::{Offscreen, OffscreenError, Pass, write_png},
    raster::{CpuPainter, Image},
};

const SIZE: [u32; 2] = [64, 48];
const BLACK: [u8; 4] = [0, 0, 0, 255];

/// A painter whose font texture is one white texel.
fn painter() -> CpuPainter {
    painter_with(&ColorImage::filled([1, 1], Color32::WHITE))
}

fn painter_with(image: &ColorImage) -> CpuPainter {
    let mut painter = CpuPainter::default();
    apply(&mut painter, ImageDelta::full(image.clone(), TextureOptions::LINEAR));
    painter
}

fn apply(painter: &mut CpuPainter, change: ImageDelta) {
    let mut delta = TexturesDelta::default();
    delta.push(TextureId::default(), change);
    painter.update_textures(&delta);
    delta.clear();
}

fn clipped(clip_rect: Rect, mesh: Mesh) -> ClippedPrimitive {
    ClippedPrimitive { clip_rect, primitive: Primitive::Mesh(mesh) }
}

fn triangles(corners: &[(f32, f32)], colour: Color32) -> Mesh {
    Mesh {
        indices: (0..u32::try_from(corners.len()).unwrap()).collect(),
        vertices: corners.iter().map(|&(x, y)| Vertex::untextured(pos2(x, y), colour)).collect(),
        texture_id: TextureId::default(),
    }
}

fn paint(mesh: Mesh) -> Image {
    painter().paint(SIZE, 1.0, Color32::BLACK, &[clipped(Rect::EVERYTHING, mesh)])
}

fn rectangle(rect: Rect, colour: Color32) -> Mesh {
    let mut mesh = Mesh::default();
    mesh.add_colored_rect(rect, colour);
    mesh
}

fn rect(x0: f32, y0: f32, x1: f32, y1: f32) -> Rect {
    Rect::from_min_max(pos2(x0, y0), pos2(x1, y1))
}

/// Every pixel is `inside` within the columns and rows given, and black elsewhere.
fn assert_block(image: &Image, columns: std::ops::Range<u32>, rows: std::ops::Range<u32>, inside: [u8; 4]) {
    for y in 0..image.height {
        for x in 0..image.width {
            let wanted = if columns.contains(&x) && rows.contains(&y) { inside } else { BLACK };
            assert_eq!(image.pixel(x, y), Some(wanted), "pixel {x}, {y}");
        }
    }
}

/// Numbers between 0 and 1 that look random and are the same in every run.
fn scatter() -> impl FnMut() -> f32 {
    let mut state = 0x9e37_79b9_u32;
    move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f32::from(u16::try_from(state >> 16).unwrap()) / 65_536.0
    }
}

#[test]
fn triangles_that_share_edges_paint_each_pixel_once() {
    // A fan around an inner point covers the image whole. Light is added, so that a pixel painted
    // twice shows 2 and a missed one 0. Some points lie on pixel centres, where ties are decided.
    let glow = Color32::from_rgba_premultiplied(1, 1, 1, 0);
    let mut next = scatter();
    for round in 0..200 {
        let (mut x, mut y) = (next() * 64.0, next() * 48.0);
        if round % 2 == 0 {
            (x, y) = (x.floor() + 0.5, y.floor() + 0.5);
        }
        let (k, l) = ((next() * 80.0).floor() + 0.5, (next() * 60.0).floor() + 0.5);
        let ring = [(-20.0, -10.0), (k, -8.5), (90.5, -8.5), (90.5, l), (80.0, 70.0), (-20.0, 70.5)];
        let mut corners = Vec::new();
        for (side, &from) in ring.iter().enumerate() {
            let to = ring[(side + 1) % ring.len()];
            // Both windings occur in what egui sends.
            corners.extend(if side % 2 == 0 { [from, to, (x, y)] } else { [to, from, (x, y)] });
        }
        let image = paint(triangles(&corners, glow));
        assert_block(&image, 0..64, 0..48, [1, 1, 1, 255]);
    }
}

#[test]
fn a_solid_rectangle_is_exact() {
    let red = Color32::from_rgb(200, 10, 30);
    let image = paint(rectangle(rect(3.0, 5.0, 20.0, 30.0), red));
    assert_block(&image, 3..20, 5..30, red.to_array());
    // A pixel counts when its centre is inside; a centre on the border belongs to the left and top.
    let image = paint(rectangle(rect(3.5, 5.51, 20.5, 30.49), red));
    assert_block(&image, 3..20, 6..30, red.to_array());
}

#[test]
fn points_are_scaled_to_pixels() {
    let mesh = rectangle(rect(1.0, 2.0, 10.0, 12.0), Color32::GREEN);
    let clip = rect(2.0, 0.0, 100.0, 100.0);
    let image = painter().paint(SIZE, 2.0, Color32::BLACK, &[clipped(clip, mesh)]);
    assert_block(&image, 4..20, 4..24, [0, 255, 0, 255]);
}

#[test]
fn the_clip_rectangle_is_rounded_to_pixels_and_honoured() {
    let mesh = || rectangle(rect(-50.0, -50.0, 500.0, 500.0), Color32::WHITE);
    let shown = |clip: Rect| painter().paint(SIZE, 1.0, Color32::BLACK, &[clipped(clip, mesh())]);
    assert_block(&shown(rect(9.6, 4.4, 30.4, 20.6)), 10..30, 4..21, [255; 4]);
    assert_block(&shown(rect(-9.0, -9.0, 7.0, 900.0)), 0..7, 0..48, [255; 4]);
    assert_block(&shown(rect(30.0, 30.0, 10.0, 10.0)), 0..0, 0..0, [255; 4]);
    assert_block(&shown(Rect::NOTHING), 0..0, 0..0, [255; 4]);
    assert_block(&shown(Rect::NAN), 0..0, 0..0, [255; 4]);
}

#[test]
fn blending_rounds_to_the_nearest_of_the_exact_sum() {
    for alpha in [1, 2, 63, 127, 128, 200, 254] {
        for below in 0..=255_u8 {
            let source = Color32::from_rgba_premultiplied(alpha / 2, alpha, 0, alpha);
            let exact = |above: u8| f64::from(above) + f64::from(below) * f64::from(255 - alpha) / 255.0;
            let primitives = [clipped(Rect::EVERYTHING, rectangle(rect(0.0, 0.0, 9.0, 9.0), source))];
            let image = painter().paint([2, 2], 1.0, Color32::from_gray(below), &primitives);
            let pixel = image.pixel(1, 1).unwrap();
            for (channel, above) in pixel.iter().zip([alpha / 2, alpha, 0]) {
                let off = (f64::from(*channel) - exact(above)).abs();
                assert!(off < 0.5, "{source:?} over {below}");
            }
            assert_eq!(pixel[3], 255);
        }
    }
}

#[test]
fn colours_run_from_corner_to_corner() {
    let mut mesh = rectangle(rect(0.0, 0.0, 64.0, 48.0), Color32::BLACK);
    for vertex in &mut mesh.vertices {
        if vertex.pos.x > 1.0 {
            vertex.color = Color32::from_rgb(255, 128, 0);
        }
    }
    let image = paint(mesh);
    for x in 0..64 {
        let share = (f64::from(x) + 0.5) / 64.0;
        let wanted = [255.0 * share, 128.0 * share, 0.0];
        for y in 0..48 {
            let pixel = image.pixel(x, y).unwrap();
            for (channel, wanted) in pixel.iter().zip(wanted) {
                assert!((f64::from(*channel) - wanted).abs() <= 0.51, "{pixel:?} at {x}, {y}");
            }
        }
    }
}

#[test]
fn a_texture_is_copied_texel_for_pixel_and_mixed_between() {
    let mut picture = ColorImage::filled([2, 2], Color32::BLACK);
    picture.pixels[1] = Color32::WHITE;
    let mut painter = painter_with(&picture);
    let show = |painter: &mut CpuPainter, x: f32| {
        let mut mesh = Mesh::default();
        let all = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
        mesh.add_rect_with_uv(rect(x, 0.0, x + 2.0, 2.0), all, Color32::WHITE);
        let image = painter.paint([4, 2], 1.0, Color32::BLACK, &[clipped(Rect::EVERYTHING, mesh)]);
        [0, 1, 2, 3].map(|column| image.pixel(column, 0).unwrap()[0])
    };
    assert_eq!(show(&mut painter, 1.0), [0, 0, 255, 0]);
    assert_eq!(show(&mut painter, 0.75), [0, 64, 255, 0]);
    let patch = ColorImage::filled([1, 1], Color32::from_gray(9));
    apply(&mut painter, ImageDelta::partial([0, 0], patch, TextureOptions::LINEAR));
    assert_eq!(show(&mut painter, 1.0), [0, 9, 255, 0]);
    let outside = ColorImage::filled([5, 5], Color32::from_gray(7));
    apply(&mut painter, ImageDelta::partial([1, 1], outside.clone(), TextureOptions::LINEAR));
    apply(&mut painter, ImageDelta::partial([9, 9], outside, TextureOptions::LINEAR));
    assert_eq!(show(&mut painter, 1.0), [0, 9, 255, 0]);
}

#[test]
fn a_freed_texture_is_no_longer_painted() {
    let mut painter = painter();
    let mut delta = TexturesDelta::default();
    delta.free(TextureId::default());
    painter.free_textures(&delta);
    delta.clear();
    let mesh = rectangle(rect(0.0, 0.0, 64.0, 48.0), Color32::WHITE);
    let image = painter.paint(SIZE, 1.0, Color32::BLACK, &[clipped(Rect::EVERYTHING, mesh)]);
    assert_block(&image, 0..0, 0..0, BLACK);
}

#[test]
fn broken_and_enormous_triangles_neither_panic_nor_hang() {
    let odd = [0.0, 10.3, -1e9, 1e9, 3e38, -3e38, f32::INFINITY, f32::NEG_INFINITY, f32::NAN, 1e-40];
    let mut next = scatter();
    let mut pick = || {
        let at = next();
        (1_u8..).zip(odd).find(|(tenth, _)| at < f32::from(*tenth) / 10.0).map_or(0.0, |(_, value)| value)
    };
    let mut primitives = Vec::new();
    for round in 0..2_000 {
        let mut mesh = triangles(&[(0.0, 0.0); 3], Color32::from_white_alpha(9));
        for vertex in &mut mesh.vertices {
            vertex.pos = pos2(pick(), pick());
            if round % 3 == 0 {
                vertex.uv = pos2(pick(), pick());
            }
            if round % 5 == 0 {
                vertex.color = Color32::from_gray(7);
            }
        }
        if round % 7 == 0 {
            mesh.indices.extend([0, 1, 9, 2]);
        }
        let clip = if round % 2 == 0 { Rect::EVERYTHING } else { rect(pick(), 0.0, 30.0, pick()) };
        primitives.push(clipped(clip, mesh));
    }
    let mut painter = painter();
    for scale in [1.0, 0.0, f32::NAN, f32::INFINITY, -2.0] {
        let image = painter.paint(SIZE, scale, Color32::BLACK, &primitives);
        assert_eq!(image.rgba.len(), 64 * 48 * 4);
    }
    let empty = painter.paint([0, 7], 1.0, Color32::BLACK, &primitives);
    assert!(empty.rgba.is_empty());
    // One corner far away: what is near is still right.
    let image = paint(triangles(&[(0.0, 0.0), (0.0, 1e12), (1e12, 0.0)], Color32::WHITE));
    assert_block(&image, 0..64, 0..48, [255; 4]);
    // No area: nothing.
    let image = paint(triangles(&[(0.0, 0.0), (30.0, 30.0), (60.0, 60.0)], Color32::WHITE));
    assert_block(&image, 0..0, 0..0, BLACK);
}

fn words(ui: &mut egui::Ui) {
    egui::CentralPanel::default().show(ui, |ui| ui.label("Membrane potential"));
}

#[test]
fn text_is_drawn_in_either_theme() {
    for (theme, text_is_lighter) in [(egui::Theme::Dark, true), (egui::Theme::Light, false)] {
        let mut offscreen = Offscreen::new([200, 40], theme).unwrap();
        let image = offscreen.run(Pass::still(3, 0.016), words);
        assert_eq!((image.width, image.height), (200, 40));
        let ground = image.pixel(199, 39).unwrap();
        let painted = image.rgba.as_chunks::<4>().0.iter();
        let contrast = painted.filter(|p| p[0].abs_diff(ground[0]) > 60 && (p[0] > ground[0]) == text_is_lighter);
        assert!((200..2_000).contains(&contrast.count()), "{theme:?}");
        assert!(image.rgba.as_chunks::<4>().0.iter().all(|p| p[3] == 255));
        let again = Offscreen::new([200, 40], theme).unwrap().run(Pass::still(3, 0.016), words);
        assert!(image == again, "the same passes must give the same picture");
    }
}

#[test]
fn injected_events_and_times_reach_the_interface() {
    let mut offscreen = Offscreen::new([120, 60], egui::Theme::Dark).unwrap();
    let press = |pressed| egui::Event::PointerButton {
        pos: pos2(30.0, 20.0),
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: egui::Modifiers::NONE,
    };
    let mut passes: Vec<Pass> = Pass::still(6, 0.5).collect();
    passes[3].events = vec![egui::Event::PointerMoved(pos2(30.0, 20.0))];
    passes[4].events = vec![press(true)];
    passes[5].events = vec![press(false)];
    let (mut clicks, mut times) = (0, Vec::new());
    offscreen.run(passes, |ui| {
        times.push(ui.input(|input| input.time));
        assert_eq!(ui.max_rect(), rect(0.0, 0.0, 120.0, 60.0));
        let button = egui::Button::new("Run");
        clicks += u32::from(ui.put(rect(0.0, 0.0, 60.0, 40.0), button).clicked());
    });
    assert_eq!(clicks, 1);
    assert_eq!(times, [0.0, 0.5, 1.0, 1.5, 2.0, 2.5]);
}

#[test]
fn a_size_without_pixels_or_beyond_reason_is_refused() {
    for size in [[0, 10], [10, 0], [20_000, 10], [10, u32::MAX]] {
        let refused = Offscreen::new(size, egui::Theme::Dark);
        assert!(matches!(refused, Err(OffscreenError::Size { .. })), "{size:?}");
    }
}

#[test]
fn a_png_file_holds_the_picture_and_leaves_nothing_beside_it() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("picture.png");
    let image = Offscreen::new([90, 30], egui::Theme::Light).unwrap().run(Pass::still(3, 0.1), words);
    std::fs::write(&path, "an older file").unwrap();
    write_png(&path, &image).unwrap();
    let read = image::open(&path).unwrap().into_rgba8();
    assert_eq!(read.dimensions(), (90, 30));
    assert_eq!(read.into_raw(), image.rgba);
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
}

#[test]
fn a_png_that_cannot_be_written_leaves_no_file() {
    let directory = tempfile::tempdir().unwrap();
    let mut image = paint(Mesh::default());
    let nowhere = directory.path().join("missing").join("picture.png");
    let refused = write_png(&nowhere, &image).unwrap_err();
    assert!(refused.to_string().contains("missing"), "{refused}");
    assert!(write_png(directory.path(), &image).is_err());
    image.rgba.pop();
    let path = directory.path().join("picture.png");
    assert!(matches!(write_png(&path, &image), Err(OffscreenError::Encode(_))));
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}
