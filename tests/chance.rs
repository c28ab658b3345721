//! Neurons that fire by chance: their statistics against theory, and that chance is a function of the seed.
//!
//! Seeds are fixed, so that these tests never flicker. Bounds are four standard errors, or the Kolmogorov–Smirnov
//! statistic at the level of one in a thousand (√n·D < 1.95).

#![expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of some thousands")]

mod common;

use common::{Spikes, find};
use neuron_playground::app::{Command, Workbench};
use neuron_playground::preset::Setup;
use neuron_playground::sim::Sink;
use neuron_playground::stimulus::Item;

fn setup(id: &str, changes: &[(&str, f64)], seed: u64) -> Setup {
    let mut setup = Setup::of_model(find(id));
    for (id, value) in changes {
        setup.set(id, *value).unwrap();
    }
    setup.seed = seed;
    setup
}

fn spikes(setup: &Setup, end: f64) -> Vec<f64> {
    let mut run = setup.simulation();
    let mut spikes = Spikes::default();
    run.run_until(end, Some(&mut spikes));
    assert_eq!(run.stopped(), None);
    spikes.times
}

fn intervals(times: &[f64]) -> Vec<f64> {
    times.windows(2).map(|w| w[1] - w[0]).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn variance(values: &[f64]) -> f64 {
    let m = mean(values);
    values.iter().map(|x| (x - m).powi(2)).sum::<f64>() / (values.len() - 1) as f64
}

/// √n times the largest distance between the sample and the exponential distribution with this mean.
fn kolmogorov(values: &[f64], mean: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len() as f64;
    let off = sorted.iter().enumerate().map(|(k, x)| {
        let expected = -(-x / mean).exp_m1();
        (expected - k as f64 / n).abs().max((expected - (k + 1) as f64 / n).abs())
    });
    off.fold(0.0, f64::max) * n.sqrt()
}

fn is_exponential(values: &[f64], expected: f64) {
    let n = (values.len() as f64).sqrt();
    assert!((mean(values) / expected - 1.0).abs() < 4.0 / n, "mean {} for {expected}", mean(values));
    let cv = variance(values).sqrt() / mean(values);
    assert!((cv - 1.0).abs() < 4.0 / n, "CV {cv}");
    let d = kolmogorov(values, expected);
    assert!(d < 1.95, "√n·D = {d}");
}

#[test]
fn poisson_intervals_are_exponential_at_every_rate() {
    for (rate, seed) in [(10.0, 1), (40.0, 2), (100.0, 3), (200.0, 4)] {
        let times = spikes(&setup("poisson", &[("rate", rate)], seed), 5e6 / rate);
        is_exponential(&intervals(&times), 1000.0 / rate);
    }
}

#[test]
fn poisson_counts_have_the_mean_and_a_fano_factor_of_one() {
    let times = spikes(&setup("poisson", &[("rate", 100.0)], 7), 1e6);
    let mut counts = vec![0.0; 10_000];
    for t in times {
        counts[(t / 100.0) as usize] += 1.0;
    }
    // 10⁴ counts of mean 10: standard errors √(10/10⁴) and √(2/10⁴).
    assert!((mean(&counts) - 10.0).abs() < 4.0 * 0.0316, "mean {}", mean(&counts));
    let fano = variance(&counts) / mean(&counts);
    assert!((fano - 1.0).abs() < 4.0 * 0.0142, "Fano factor {fano}");
}

#[test]
fn a_changing_input_makes_the_inhomogeneous_process() {
    let mut setup = setup("poisson", &[("rate", 50.0)], 5);
    setup.stimulus = vec![Item::Sine { from: 0.0, to: None, amplitude: 45.0, frequency_hz: 2.0, phase: 0.0 }];
    let times = spikes(&setup, 100_000.0);
    // Rescaled by the integrated rate, intervals are exponential with mean 1.
    let omega = std::f64::consts::TAU * 2.0 / 1000.0;
    let passed: Vec<f64> = times.iter().map(|t| 0.05 * t + 0.045 * (1.0 - (omega * t).cos()) / omega).collect();
    is_exponential(&intervals(&passed), 1.0);
    // Twice as many and more come in the half of the cycle with the higher rate: (50 + 90/π)/(50 − 90/π) times as many.
    let high = times.iter().filter(|t| (*t * 0.002).fract() < 0.5).count() as f64;
    let share = high / times.len() as f64;
    assert!((share - 0.786_48).abs() < 4.0 * (0.168 / times.len() as f64).sqrt(), "{share}");
}

#[test]
fn spike_times_do_not_depend_on_the_step_or_on_how_the_run_is_cut() {
    for (id, end) in [("poisson", 2000.0), ("markov", 2000.0), ("lif_escape", 2000.0)] {
        let mut setup = setup(id, &[("I", 2.0)], 3);
        let reference = spikes(&setup, end);
        assert!(reference.len() > 30, "{id}: {}", reference.len());
        for dt in [0.5 * setup.dt, 0.37 * setup.dt] {
            setup.dt = dt;
            let times = spikes(&setup, end);
            assert_eq!(times.len(), reference.len(), "{id}");
            // Chance is exact; what the leak does within a step has the error of the method.
            for (a, b) in times.iter().zip(&reference) {
                assert!((a - b).abs() < 1e-5, "{id}: {a} and {b}");
            }
        }
        setup.dt = setup.neuron.card().dt;
        let (mut run, mut pieces) = (setup.simulation(), Watching::default());
        while run.time() < end - 1e-9 {
            run.run(7, Some(&mut pieces));
        }
        assert!(pieces.0.iter().filter(|t| **t <= end).eq(reference.iter()), "{id} depends on who watches");
    }
}

/// A sink that looks at every point, so that steps are taken one by one.
#[derive(Default)]
struct Watching(Vec<f64>);

impl Sink for Watching {
    fn point(&mut self, _t: f64, _x: &[f64], _current: f64) {}
    fn spike(&mut self, t: f64, _before: &[f64], _after: &[f64]) {
        self.0.push(t);
    }
}

#[test]
fn another_seed_is_another_run_and_the_same_seed_the_same() {
    for id in ["poisson", "markov", "lif_escape"] {
        let run = |seed| spikes(&setup(id, &[("I", 2.0)], seed), 1000.0);
        assert_eq!(run(1), run(1), "{id}");
        assert_ne!(run(1), run(2), "{id}");
    }
}

/// Takes the shares of time in each state.
#[derive(Default)]
struct Occupancy {
    counts: [f64; 3],
    spikes: Vec<f64>,
}

impl Sink for Occupancy {
    fn point(&mut self, _t: f64, x: &[f64], _current: f64) {
        self.counts[x[0] as usize] += 1.0;
    }
    fn spike(&mut self, t: f64, before: &[f64], after: &[f64]) {
        assert_eq!((before[0], after[0]), (0.0, 1.0), "a spike is the entry into firing");
        self.spikes.push(t);
    }
}

#[test]
fn the_markov_chain_stays_in_its_states_for_their_stationary_shares() {
    for (current, seed) in [(0.0, 1), (1.0, 2)] {
        let setup = setup("markov", &[("I", current)], seed);
        let stays = [20.0 * f64::exp(-current), 1.0, 5.0];
        let cycle: f64 = stays.iter().sum();
        let cycles = 10_000.0;
        let mut seen = Occupancy::default();
        setup.simulation().run_until(cycles * cycle, Some(&mut seen));
        let total: f64 = seen.counts.iter().sum();
        for (count, stay) in seen.counts.iter().zip(stays) {
            // By the delta method over cycles: the stay varies by itself, and the others in the denominator.
            let share = stay / cycle;
            let others: f64 = stays.iter().map(|s| s * s).sum::<f64>() - stay * stay;
            let error = ((1.0 - share).powi(2) * stay * stay + share * share * others).sqrt() / cycle / cycles.sqrt();
            assert!((count / total - share).abs() < 4.0 * error, "{} for {share} ± {error}", count / total);
        }
        let found = intervals(&seen.spikes);
        let error = stays.iter().map(|s| s * s).sum::<f64>().sqrt() / cycles.sqrt();
        assert!((mean(&found) - cycle).abs() < 4.0 * error, "{} for {cycle} ± {error}", mean(&found));
    }
}

#[test]
fn at_a_constant_potential_the_soft_threshold_gives_exponential_intervals_after_the_refractory_period() {
    // Reset to where the leak pulls, V never moves.
    for (v, t_ref, seed) in [(-46.0, 0.0, 1), (-54.0, 0.0, 2), (-46.0, 3.7, 3)] {
        let changes = [("E_L", v), ("V_reset", v), ("t_ref", t_ref)];
        let mut setup = setup("lif_escape", &changes, seed);
        setup.initial[0] = Some(v);
        let hazard = 0.05 * ((v + 50.0) / 4.0_f64).exp();
        let times = spikes(&setup, 10_000.0 / hazard);
        let rests: Vec<f64> = intervals(&times).iter().map(|t| t - t_ref).collect();
        assert!(rests.iter().all(|t| *t > -1e-9), "no spike within the refractory period");
        is_exponential(&rests, 1.0 / hazard);
    }
}

#[test]
fn a_threshold_that_hardens_becomes_that_of_the_leaky_integrate_and_fire_neuron() {
    let soft = spikes(&setup("lif_escape", &[("I", 3.0), ("Delta_V", 0.01), ("rho_0", 1.0)], 1), 200.0);
    let hard = spikes(&setup("lif", &[("I", 3.0)], 1), 200.0);
    assert_eq!(soft.len(), hard.len());
    for (a, b) in intervals(&soft).iter().zip(&intervals(&hard)) {
        assert!((a - b).abs() < 0.2, "{a} and {b}");
    }
}

#[test]
fn scrubbing_back_and_going_on_gives_the_same_spikes() {
    for id in ["poisson", "markov", "lif_escape"] {
        let mut bench = Workbench::new(setup(id, &[("I", 2.0)], 9), None);
        bench.run_to(800.0);
        let times = |bench: &Workbench| bench.trace().spikes().iter().map(|s| s.t).collect::<Vec<f64>>();
        let first = times(&bench);
        assert!(first.len() > 10, "{id}");
        for back in [612.5, 155.0, 0.0] {
            bench.apply(Command::Scrub(Some(back)));
            bench.apply(Command::Play(true));
            bench.apply(Command::Play(false));
            assert!(bench.simulation().time() <= back + 1.0, "{id}");
            bench.run_to(800.0);
            assert_eq!(times(&bench), first, "{id} from {back}");
        }
    }
}

#[test]
fn there_is_nothing_at_rest_where_chance_rules() {
    for id in ["poisson", "markov", "lif_escape"] {
        let setup = Setup::of_model(find(id));
        let found = neuron_playground::analysis::equilibria(setup.neuron, &setup.params, setup.current);
        assert!(found.points.is_empty() && !found.degenerate, "{id}");
    }
}
