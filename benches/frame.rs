//! A whole frame of the window at 1600×1000 while it plays: logic, egui and tessellation. The split is printed
//! before criterion's own figures.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use eframe::egui::{self, Context, Pos2, RawInput, Rect, vec2};
use neuron_playground::app::Command;
use neuron_playground::model;
use neuron_playground::preset::{self, Setup};
use neuron_playground::ui::App;

/// The window without a window.
struct Screen {
    ctx: Context,
    app: App,
    time: f64,
    /// A parameter that moves in every frame, and the value it moves about.
    dragged: Option<(usize, f64)>,
}

/// Time spent in the parts of a frame.
#[derive(Default)]
struct Split {
    logic: Duration,
    egui: Duration,
    tessellation: Duration,
    primitives: usize,
}

impl Screen {
    fn new(setup: Setup) -> Self {
        let ctx = Context::default();
        let app = App::new(&ctx, setup, None);
        Self { ctx, app, time: 0.0, dragged: None }
    }

    fn frame(&mut self, split: &mut Split) {
        self.time += 1.0 / 60.0;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(1600.0, 1000.0))),
            time: Some(self.time),
            predicted_dt: 1.0 / 60.0,
            ..RawInput::default()
        };
        if let Some((place, value)) = self.dragged {
            self.app.apply(Command::Param(place, value * (1.0 + 0.05 * (2.0 * self.time).sin())));
        }
        let mut logic = Duration::ZERO;
        let begin = Instant::now();
        let app = &mut self.app;
        let mut output = self.ctx.run_ui(input, |ui| {
            let start = Instant::now();
            app.logic(ui.ctx());
            logic += start.elapsed();
            app.content(ui);
        });
        let drawn = Instant::now();
        output.textures_delta.clear();
        let primitives = self.ctx.tessellate(output.shapes, 1.0);
        split.tessellation += drawn.elapsed();
        split.logic += logic;
        split.egui += (drawn - begin).saturating_sub(logic);
        split.primitives = primitives.iter().map(vertices).sum();
        black_box(primitives);
    }
}

fn vertices(primitive: &egui::ClippedPrimitive) -> usize {
    match &primitive.primitive {
        egui::epaint::Primitive::Mesh(mesh) => mesh.vertices.len(),
        egui::epaint::Primitive::Callback(_) => 0,
    }
}

/// What is measured besides a plain frame.
#[derive(Clone, Copy, PartialEq, Eq)]
enum With {
    Nothing,
    EveryView,
    /// The gallery in front, its thumbnails still being simulated.
    Gallery,
    /// Every view open and this parameter dragged in every frame; work beside the frame goes on meanwhile.
    Dragging(usize),
}

fn measure(c: &mut Criterion, name: &str, setup: Setup, history: f64, with: With) {
    let values = setup.params.clone();
    let mut screen = Screen::new(setup);
    if let With::Dragging(place) = with {
        screen.app.work_beside();
        screen.dragged = values.get(place).map(|value| (place, *value));
    }
    if with == With::Gallery {
        screen.app.show_view("gallery");
    } else if with != With::Nothing {
        screen.app.spread_views();
    }
    screen.app.run_to(history);
    screen.app.apply(Command::Play(true));
    let mut warm = Split::default();
    for _ in 0..if with == With::Gallery { 2 } else { 60 } {
        screen.frame(&mut warm);
    }
    let mut split = Split::default();
    let frames = 200;
    for _ in 0..frames {
        screen.frame(&mut split);
    }
    let ms = |d: Duration| d.as_secs_f64() * 1e3 / f64::from(frames);
    println!(
        "frame/{name}: logic {:.2} ms, egui {:.2} ms, tessellation {:.2} ms, {} vertices",
        ms(split.logic),
        ms(split.egui),
        ms(split.tessellation),
        split.primitives
    );
    c.benchmark_group("frame").sample_size(20).measurement_time(Duration::from_secs(2)).bench_function(name, |b| {
        b.iter(|| screen.frame(&mut Split::default()));
    });
}

/// A setup that fires.
fn lively(neuron: &'static dyn model::Dynamics) -> Setup {
    // Presets that open on an experiment hide the traces behind it.
    let plain = |e: &&preset::Entry| e.file.experiment.is_none() && e.file.compare.is_none();
    let presets = preset::entries().iter().filter(|e| e.file.model == neuron.card().id).filter(plain);
    let mut firing = presets.filter(|e| e.file.expect.as_ref().and_then(|x| x.spikes).is_some_and(|n| n > 3));
    firing.find_map(|e| preset::embedded(&e.id)).unwrap_or_else(|| Setup::of_model(neuron))
}

fn frames(c: &mut Criterion) {
    for neuron in model::all() {
        let setup = lively(*neuron);
        // What ten seconds of playing at the speed of its choice leave behind.
        let history = setup.duration;
        measure(c, neuron.card().id, setup.clone(), history, With::Nothing);
        measure(c, &format!("{}, every view", neuron.card().id), setup, history, With::EveryView);
    }
    let tonic = preset::embedded("izhikevich/tonic_spiking").expect("a preset of the library");
    measure(c, "gallery of the simple model", tonic, 100.0, With::Gallery);
    for (id, dragged) in [("hodgkin_huxley", "g_K"), ("persistent_sodium_potassium", "tau_n"), ("adex", "b")] {
        let neuron = model::find(id).expect("a model of the registry");
        let place = model::Field::position(neuron.params(), dragged).expect("a parameter of the model");
        let setup = lively(neuron);
        let history = setup.duration;
        measure(c, &format!("{id}, every view, {dragged} dragged"), setup, history, With::Dragging(place));
    }
    let mut setup = lively(model::find("hodgkin_huxley").expect("a model of the registry"));
    let history = 1e6 * setup.dt;
    measure(c, "hodgkin_huxley, a million points recorded", setup.clone(), history, With::Nothing);
    setup.duration = history;
    measure(c, "hodgkin_huxley, a million points in view", setup, history, With::Nothing);
}

criterion_group!(benches, frames);
criterion_main!(benches);
