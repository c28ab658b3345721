//! Draws the icon, `assets/icon.svg` and `assets/icon.png`: a spike of the Hodgkin–Huxley model over a cubic
//! nullcline. Run it with `cargo run --release --locked --example icon`.

use std::error::Error;
use std::fmt::Write;
use std::path::Path;

use neuron_playground::preset;
use neuron_playground::sim::Trace;
use neuron_playground::ui::offscreen::write_png;
use neuron_playground::ui::raster::Image;

const SIDE: u32 = 256;
const CORNER: f64 = 56.0;
const GROUND: [f64; 3] = [18.0, 21.0, 26.0];

/// A line with its colour and width.
struct Stroke {
    points: Vec<[f64; 2]>,
    colour: [f64; 3],
    width: f64,
}

/// A cubic nullcline, w = v − v³/3, from end to end of the picture.
fn nullcline() -> Stroke {
    let points = (0..=60).map(|k| f64::from(k) / 60.0).map(|s| {
        let v = 4.1 * s - 2.05;
        [26.0 + 204.0 * s, 140.0 - 62.0 * (v - v * v * v / 3.0)]
    });
    Stroke { points: points.collect(), colour: [242.0, 180.0, 58.0], width: 9.0 }
}

/// The action potential of a preset, as the simulator records it.
fn spike() -> Result<Stroke, Box<dyn Error>> {
    let setup = preset::embedded("hodgkin_huxley/action_potential").ok_or("the preset is gone")?;
    let mut trace = Trace::new(setup.neuron.dim(), 100_000);
    let mut simulation = setup.simulation();
    simulation.run_until(setup.duration, Some(&mut trace));
    let peak = trace.spikes().front().ok_or("no spike")?.t;
    let points = (0..trace.len()).map(|k| (trace.time(k) - peak, trace.value(k, 1))).filter(|(t, _)| (-4.2..9.0).contains(t));
    let points = points.step_by(8).map(|(t, v)| [26.0 + 204.0 * (t + 4.2) / 13.2, 132.0 - 1.08 * (v + 20.0)]);
    Ok(Stroke { points: points.collect(), colour: [91.0, 184.0, 240.0], width: 14.0 })
}

/// Distance from a point to a line of segments.
fn distance([x, y]: [f64; 2], points: &[[f64; 2]]) -> f64 {
    let to_segment = |(a, b): (&[f64; 2], &[f64; 2])| {
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let s = (((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy).max(1e-12)).clamp(0.0, 1.0);
        (x - a[0] - s * dx).hypot(y - a[1] - s * dy)
    };
    points.iter().zip(points.iter().skip(1)).map(to_segment).fold(f64::INFINITY, f64::min)
}

/// How much of a pixel lies inside an edge `depth` pixels away.
fn cover(depth: f64) -> f64 {
    (depth + 0.5).clamp(0.0, 1.0)
}

fn picture(strokes: &[Stroke]) -> Image {
    let half = f64::from(SIDE) / 2.0;
    let mut rgba = Vec::new();
    for at in (0..SIDE).flat_map(|y| (0..SIDE).map(move |x| [f64::from(x) + 0.5, f64::from(y) + 0.5])) {
        let [dx, dy] = at.map(|c| ((c - half).abs() - half + CORNER).max(0.0));
        let alpha = cover(CORNER - dx.hypot(dy));
        let colour = strokes.iter().fold(GROUND, |below, stroke| {
            let share = cover(stroke.width / 2.0 - distance(at, &stroke.points));
            std::array::from_fn(|k| below[k] + share * (stroke.colour[k] - below[k]))
        });
        // Images are premultiplied.
        let [r, g, b] = colour.map(|c| c * alpha);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
        rgba.extend([r, g, b, 255.0 * alpha].map(|c| c.round() as u8));
    }
    Image { width: SIDE, height: SIDE, rgba }
}

fn vector(strokes: &[Stroke]) -> String {
    let hex = |colour: &[f64; 3]| format!("rgb({},{},{})", colour[0], colour[1], colour[2]);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {SIDE} {SIDE}\">\n<rect width=\"{SIDE}\" height=\"{SIDE}\" rx=\"{CORNER}\" fill=\"{}\"/>\n",
        hex(&GROUND)
    );
    for stroke in strokes {
        let points: Vec<String> = stroke.points.iter().map(|[x, y]| format!("{x:.1},{y:.1}")).collect();
        let style = format!("fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"", hex(&stroke.colour), stroke.width);
        // Writing to a string cannot fail.
        let _ = writeln!(svg, "<polyline {style} stroke-linecap=\"round\" stroke-linejoin=\"round\" points=\"{}\"/>", points.join(" "));
    }
    svg + "</svg>\n"
}

fn main() -> Result<(), Box<dyn Error>> {
    let strokes = [nullcline(), spike()?];
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    std::fs::write(assets.join("icon.svg"), vector(&strokes))?;
    write_png(&assets.join("icon.png"), &picture(&strokes))?;
    Ok(())
}
