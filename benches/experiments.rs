//! Experiments as a window asks for them: the whole protocol with the settings of a preset, on the threads there are.

use criterion::{Criterion, criterion_group, criterion_main};
use neuron_playground::preset;

/// What is timed, and the preset that holds its settings.
const TIMED: [(&str, &str); 5] = [
    ("reliability", "lif/reliability"),
    ("gap_scan", "hodgkin_huxley/gap_scan"),
    ("input_output", "lif/rate_in_rate_out"),
    ("noise", "lif/white_noise"),
    ("closed_forms", "lif/closed_forms"),
];

fn experiments(c: &mut Criterion) {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut group = c.benchmark_group("experiment");
    group.sample_size(10);
    for (name, id) in TIMED {
        let Some(setup) = preset::embedded(id) else { continue };
        let (subject, Some(chosen)) = (setup.subject(), &setup.experiment) else { continue };
        group.bench_function(name, |b| b.iter(|| chosen.run(&subject, threads, &|_| true)));
    }
    group.finish();
}

criterion_group!(benches, experiments);
criterion_main!(benches);
