//! The core in numbers: a Runge–Kutta step of every model, all equilibria of every model, and long runs
//! beside the same runs in plain C.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use neuron_playground::analysis::branches::{Window, rest_branches};
use neuron_playground::analysis::diagram::{Care, diagram, recorrect};
use neuron_playground::analysis::{Family, Frame, Over, SpikeMap, equilibria, portray};
use neuron_playground::model::{self, Dynamics};
use neuron_playground::sim::{Method, Simulation};
use neuron_playground::stimulus::Input;

/// Steps of one timed run.
const STEPS: u64 = 20_000;

/// Currents at which the defaults fire, where the middle of what the slider shows is no good.
fn driving(neuron: &dyn Dynamics) -> f64 {
    let (low, high) = neuron.card().current.shown;
    low + 0.6 * (high - low)
}

fn simulation(neuron: &'static dyn Dynamics, current: f64, dt: f64) -> Simulation {
    let p = neuron.defaults();
    let mut x = vec![0.0; neuron.dim()];
    neuron.steady(neuron.start(&p), &p, &mut x);
    Simulation::new(neuron, &p, current, Input::new(&[], 1, dt, 1000.0), Method::Rk4, dt, &x)
}

fn step(c: &mut Criterion) {
    let mut group = c.benchmark_group("step");
    group.throughput(Throughput::Elements(STEPS)).sample_size(20);
    for neuron in model::all() {
        let start = simulation(*neuron, driving(*neuron), neuron.card().dt);
        group.bench_function(neuron.card().id, |b| {
            b.iter_batched_ref(|| start.clone(), |run| run.run(STEPS, None), criterion::BatchSize::SmallInput);
        });
    }
    group.finish();
}

fn fixed_points(c: &mut Criterion) {
    let mut group = c.benchmark_group("fixed_points");
    group.sample_size(20);
    for neuron in model::all() {
        let p = neuron.defaults();
        group.bench_function(neuron.card().id, |b| b.iter(|| equilibria(*neuron, black_box(&p), black_box(1.0))));
    }
    group.finish();
}

/// Models that `reference/rk4.c` has too: id, step in ms, current.
const COMPARED: [(&str, f64, f64); 3] = [("hodgkin_huxley", 0.01, 10.0), ("persistent_sodium_potassium", 0.005, 10.0), ("izhikevich", 0.02, 14.0)];
/// Steps of a long run, and how many times each is timed; the fastest counts.
const LONG: u64 = 1_000_000;
const ROUNDS: usize = 7;

/// Prints our time per step of a long run beside that of plain C, the two timed in turns.
fn reference(_: &mut Criterion) {
    let Some(program) = compiled() else {
        println!("reference: no C compiler found (`cc`), so there is nothing to compare with");
        return;
    };
    println!("reference: long runs against plain C (cc -O3), {LONG} steps, best of {ROUNDS}");
    for (id, dt, current) in COMPARED {
        let Some(neuron) = model::find(id) else { continue };
        let (mut ours, mut theirs) = (f64::INFINITY, f64::INFINITY);
        for _ in 0..ROUNDS {
            let Some(c) = plain_c(&program, id, dt, current) else {
                println!("reference: {} {id} failed", program.display());
                return;
            };
            theirs = theirs.min(c);
            let mut run = simulation(neuron, current, dt);
            let begin = Instant::now();
            run.run(LONG, None);
            black_box(run.state());
            #[expect(clippy::cast_precision_loss, reason = "a million is exact")]
            let each = begin.elapsed().as_secs_f64() * 1e9 / LONG as f64;
            ours = ours.min(each);
        }
        println!("reference/{id}: ours {ours:.1} ns/step, C {theirs:.1} ns/step, ratio {:.2}", ours / theirs);
    }
}

fn plain_c(program: &Path, id: &str, dt: f64, current: f64) -> Option<f64> {
    let output = Command::new(program).args([id, &LONG.to_string(), &dt.to_string(), &current.to_string()]).output().ok()?;
    String::from_utf8(output.stdout).ok()?.split_whitespace().next()?.parse().ok()
}

/// Compiles the C reference into the target directory.
fn compiled() -> Option<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/reference/rk4.c");
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let program = folder.join("rk4");
    let status = Command::new("cc").args(["-O3", "-o"]).arg(&program).arg(source).arg("-lm").status().ok()?;
    status.success().then_some(program)
}

/// Models whose whole diagram over I is timed, with its range.
const DIAGRAMS: [(&str, (f64, f64)); 3] =
    [("hodgkin_huxley", (0.0, 200.0)), ("persistent_sodium_potassium", (0.0, 250.0)), ("fitzhugh_nagumo_classic", (0.0, 2.0))];

fn bifurcation(c: &mut Criterion) {
    let mut group = c.benchmark_group("bifurcation");
    group.sample_size(20);
    for (id, range) in DIAGRAMS {
        let Some(neuron) = model::find(id) else { continue };
        let family = Family::new(neuron, &neuron.defaults(), 0.0, Over::Current);
        if id != "fitzhugh_nagumo_classic" {
            // A move of another parameter by one per cent.
            let before = diagram(&family, range, Care::Live, &mut |_| true);
            let mut p = neuron.defaults();
            p.iter_mut().skip(1).take(1).for_each(|g| *g *= 1.01);
            let moved = Family::new(neuron, &p, 0.0, Over::Current);
            assert!(recorrect(&before, &moved).is_some());
            group.bench_function(format!("{id}/recorrect"), |b| b.iter(|| recorrect(black_box(&before), &moved)));
        }
        for (name, care) in [(id.to_string(), Care::Live), (format!("{id}/settled"), Care::Settled)] {
            group.bench_function(name, |b| b.iter(|| diagram(black_box(&family), range, care, &mut |_| true)));
        }
    }
    group.finish();
}

fn rest_curves(c: &mut Criterion) {
    let mut group = c.benchmark_group("equilibria");
    group.sample_size(20);
    for (id, range) in DIAGRAMS {
        let Some(neuron) = model::find(id) else { continue };
        let mut family = Family::new(neuron, &neuron.defaults(), 0.0, Over::Current);
        let window = Window { value: range, potential: 100.0 };
        group.bench_function(id, |b| b.iter(|| rest_branches(black_box(&mut family), &window)));
    }
    group.finish();
}

/// The spike maps with 64 nodes of models that fire: id, current.
const MAPS: [(&str, f64); 4] = [("izhikevich", 10.0), ("izhikevich_2007", 100.0), ("adex", 800.0), ("adaptive_lif", 2.5)];

fn spike_map(c: &mut Criterion) {
    let mut group = c.benchmark_group("spike_map");
    group.sample_size(20);
    for (id, current) in MAPS {
        let Some(neuron) = model::find(id) else { continue };
        let p = neuron.defaults();
        group.bench_function(id, |b| b.iter(|| SpikeMap::new(neuron, black_box(&p), black_box(current), 64, &[])));
    }
    group.finish();
}

/// Manifolds, cycles and basins in the plane: id, current.
const PLANES: [(&str, f64); 4] = [("izhikevich", 2.0), ("adex", 400.0), ("fitzhugh_nagumo_classic", 0.5), ("persistent_sodium_potassium", 4.0)];

fn portrait(c: &mut Criterion) {
    let mut group = c.benchmark_group("portrait");
    group.sample_size(20);
    for (id, current) in PLANES {
        let Some(neuron) = model::find(id) else { continue };
        let p = neuron.defaults();
        let points = equilibria(neuron, &p, current).points;
        let frame = Frame { window: neuron.card().window, piece: 0.004 };
        group.bench_function(id, |b| b.iter(|| portray(neuron, black_box(&p), current, &points, &frame)));
    }
    group.finish();
}

criterion_group!(benches, reference, step, fixed_points, rest_curves, bifurcation, spike_map, portrait);
criterion_main!(benches);
