//! White noise through a neuron below threshold, with two steps; and Ornstein–Uhlenbeck noise measured against what was asked for.
//!
//! White noise of strength σ adds σ√Δ·N to the integral of the current over Δ, so that nothing depends on the step. Near a stable
//! rest V' = A V + b σξ has the covariance S of A S + S Aᵀ + σ² b bᵀ = 0, for a passive membrane σ²R²/(2τ). With a fixed spread per
//! step instead, the variance falls with the step.
//!
//! Where noise drives a leaky integrate-and-fire neuron over its threshold, its mean interval is that of Siegert 1951, Phys. Rev. 81:617
//! (doi 10.1103/PhysRev.81.617), in the form of Brunel and Hakim 1999, Neural Computation 11:1621 (doi 10.1162/089976699300016179):
//! 1/r = `t_ref` + τ ∫₀^∞ e^(−y²) (e^(2by) − e^(2ay))/y dy with b and a threshold and reset, counted from the mean in units of σR/√τ. A
//! simulation sees the noise only once a step and overlooks short crossings: as if the threshold were 0.583 σR√Δ/τ higher.
//!
//! Sources: Gerstner, Kistler, Naud and Paninski 2014, *Neuronal Dynamics*, sec. 8.1 (doi 10.1017/CBO9781107447615); Gillespie 1996, Phys.
//! Rev. E 54:2084 (doi 10.1103/PhysRevE.54.2084) for the Ornstein–Uhlenbeck process.

use nalgebra::{DMatrix, DVector};

use crate::analysis::equilibria;
use crate::experiment::Preparation;
use crate::experiment::drive::{Membrane, length, noise_unit, short, typical};
use crate::experiment::protocol::{Bench, Experiment, counted, setting};
use crate::experiment::protocols::synapse_filter::integral;
use crate::experiment::pulses::stride;
use crate::experiment::report::{Axis, Chart, Ink, Mark, Report, Series};
use crate::experiment::response::{Keep, Trial};
use crate::experiment::statistics::{Sample, density, digits, float};
use crate::model::{Dynamics, Field};
use crate::stimulus::{Input, Item};

/// The experiment.
pub static EXPERIMENT: Experiment = Experiment {
    id: "noise",
    title: "Noise and the step",
    shows: "Is noise the same noise when the step is smaller, and is coloured noise what was asked for?",
    source: "Gerstner et al. 2014, Neuronal Dynamics, sec. 8.1; Gillespie 1996, doi:10.1103/PhysRevE.54.2084",
    suits,
    settings,
    run,
};

/// Lags, in correlation times, up to which the correlation of the coloured noise is shown, and points on the way.
const LAGS: (f64, usize) = (4.0, 16);
/// Points of a trace that is drawn, bins of the distribution, and half its width in standard deviations.
const POINTS: f64 = 600.0;
const BINS: usize = 40;
const WIDE: f64 = 4.0;

fn suits(neuron: &dyn Dynamics) -> Result<(), String> {
    let params = neuron.defaults();
    let mut x = vec![0.0; neuron.dim()];
    neuron.steady(neuron.start(&params), &params, &mut x);
    let has_leak = neuron.linearise(&x, &params, 0.0, None).by_state[0][0] != 0.0;
    if has_leak { Ok(()) } else { Err("it needs a neuron with a leak: without one V spreads for ever".into()) }
}

fn settings(neuron: &'static dyn Dynamics) -> Vec<Field> {
    let card = neuron.card();
    let (unit, time, most) = (card.current.unit, card.time_unit(), card.current.max);
    // A spread of V of a tenth of the way to threshold, or one weak enough for the equations to be straight.
    let sd = match Membrane::of(neuron, &neuron.defaults()) {
        Some(m) => 0.1 * m.rheobase() * (2.0 * m.tau).sqrt(),
        None => 0.02 * typical(neuron).abs(),
    };
    let step = card.dt * if neuron.resets() { 4.0 } else { 2.0 };
    let span = length(neuron, 400.0, 6000.0);
    let tau = short(neuron, 3.0);
    vec![
        setting(
            "sd",
            "\\sigma",
            noise_unit(unit),
            sd,
            [0.0, most],
            (0.0, 5.0 * sd),
            "Strength of the white noise: its integral over a time T has the spread \u{3c3}\u{221a}T",
        ),
        setting("step", "\\text{step}", time, step, [1e-6, 10.0], (0.1 * step, 4.0 * step), "The longer step; the shorter one is a quarter of it"),
        counted("trials", "\\text{trials}", 10.0, [4.0, 2000.0], (4.0, 100.0), "Number of trials, each with noise of its own"),
        setting("length", "\\text{length}", time, span, [1e-2, 1e5], (0.1 * span, 5.0 * span), "Length of a trial; its first quarter does not count"),
        setting("ou_mean", "\\text{OU mean}", unit, 0.0, [-most, most], (-5.0 * sd, 5.0 * sd), "Mean of the coloured noise"),
        setting("ou_sd", "\\text{OU s.d.}", unit, sd, [0.0, most], (0.0, 5.0 * sd), "Standard deviation of the coloured noise"),
        setting("ou_tau", "\\text{OU time}", time, tau, [1e-3, 1e4], (0.2 * tau, 10.0 * tau), "Correlation time of the coloured noise"),
    ]
}

/// The state about which V would spread if the neuron did not fire: the stable equilibrium nearest to where it begins, also one that lies
/// above threshold; `None` if there is none.
fn free(bench: &Bench, start: &[f64]) -> Option<Vec<f64>> {
    let prep = &bench.subject.prep;
    let far = |x: &[f64]| x.iter().zip(start).map(|(a, b)| (a - b).abs()).next().unwrap_or(0.0);
    let stable = equilibria(prep.neuron, &prep.params, bench.subject.current).points.into_iter().filter(|p| p.kind.is_stable());
    stable.map(|p| p.state).min_by(|a, b| far(a).total_cmp(&far(b)))
}

/// The variance of V that the linearised equations give at rest; `None` if the rest is not stable.
fn predicted(prep: &Preparation, rest: &[f64], current: f64, sd: f64) -> Option<f64> {
    let local = prep.neuron.linearise(rest, &prep.params, current, None);
    let n = rest.len();
    let a = DMatrix::from_fn(n, n, |i, j| local.by_state[i][j]);
    let spread = DVector::from_fn(n * n, |k, _| -sd * sd * local.by_value[k / n] * local.by_value[k % n]);
    let one = DMatrix::<f64>::identity(n, n);
    // The equation for S, its rows written one after the other.
    let s = (a.kronecker(&one) + one.kronecker(&a)).lu().solve(&spread)?;
    s.iter().next().copied().filter(|v| *v >= 0.0 && v.is_finite())
}

/// Spikes per ms of a leaky neuron with a fixed threshold under white noise without any step; `None` for other neurons.
fn siegert(prep: &Preparation, current: f64, sd: f64) -> Option<f64> {
    let m = Membrane::of(prep.neuron, &prep.params).filter(|_| prep.neuron.dim() == 1)?;
    let spread = sd * m.r / m.tau.sqrt();
    let place = |v: f64| (v - m.rest - m.r * current) / spread;
    let (b, a) = (place(m.threshold), place(m.reset));
    // Beyond this the integral is too large for numbers, and the neuron as good as silent.
    if spread <= 0.0 || !(a < b && b < 20.0) {
        return None;
    }
    let growth = |y: f64| if y < 1e-9 { 2.0 * (b - a) } else { ((-y * y + 2.0 * b * y).exp() - (-y * y + 2.0 * a * y).exp()) / y };
    Some(1.0 / (m.hold + m.tau * integral(growth, b.max(0.0) + 10.0)))
}

/// What the trials with one step gave.
struct Runs {
    /// Variance of V about the mean of all trials, one value per trial.
    variances: Vec<f64>,
    /// Values of V at the times that count.
    values: Vec<f64>,
    /// V of the first trial.
    trace: Vec<[f64; 2]>,
    spikes: usize,
    /// Firing rate, one value per trial, in 1/ms.
    rates: Vec<f64>,
}

impl Runs {
    fn of(bench: &Bench, rest: &[f64], step: f64, sd: f64) -> Self {
        let mut prep = bench.subject.prep.clone();
        prep.dt = step;
        let duration = bench.setting("length");
        let stride = stride(duration, step, POINTS);
        let responses = bench.map(bench.count("trials"), |k| {
            let noise = [Item::WhiteNoise { from: 0.0, to: None, sd, seed: k as u64 + 1 }];
            let trial = Trial { current: bench.subject.current, stimulus: &noise, seed: bench.subject.seed, duration };
            prep.respond(rest, &trial, Keep::Every(stride))
        });
        let counted = |trace: &[[f64; 2]]| trace.iter().filter(|p| p[0] > 0.25 * duration).map(|p| p[1]).collect::<Vec<_>>();
        let each: Vec<Vec<f64>> = responses.iter().map(|r| counted(&r.trace)).collect();
        let values: Vec<f64> = each.iter().flatten().copied().collect();
        let mean = Sample::of(&values).mean;
        let variances = each.iter().map(|v| v.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / float(v.len().max(1))).collect();
        let counts = responses.iter().map(|r| r.spikes.iter().filter(|t| **t > 0.25 * duration).count());
        let rates = counts.map(|n| float(n) / (0.75 * duration)).collect();
        let spikes = responses.iter().map(|r| r.spikes.len()).sum();
        Self { variances, values, trace: responses.into_iter().next().map(|r| r.trace).unwrap_or_default(), spikes, rates }
    }
}

/// What coloured noise was found to be: mean, standard deviation, and correlations at lags, each over trials.
struct Coloured {
    mean: Sample,
    sd: f64,
    sd_error: f64,
    tau: Option<f64>,
    tau_error: Option<f64>,
    correlation: Vec<[f64; 2]>,
}

impl Coloured {
    fn of(bench: &Bench) -> Self {
        let (mean, sd, tau) = (bench.setting("ou_mean"), bench.setting("ou_sd"), bench.setting("ou_tau"));
        let lag = LAGS.0 * tau / float(LAGS.1);
        let points = 1000 + LAGS.1;
        // One lattice step per point read: the noise is exact there, whatever the step.
        let trials = bench.map(bench.count("trials"), |k| {
            let item = Item::OuNoise { from: 0.0, to: None, mean, sd, tau, seed: k as u64 + 1 };
            let mut input = Input::new(&[item], bench.subject.seed, lag, 1000.0);
            let values: Vec<f64> = (0..points).map(|k| input.current(float(k) * lag, 0.0) - mean).collect();
            let product = |shift: usize| {
                let count = points - shift;
                values.iter().zip(values.iter().skip(shift)).map(|(a, b)| a * b).sum::<f64>() / float(count)
            };
            (values.iter().sum::<f64>() / float(points) + mean, (0..=LAGS.1).map(product).collect::<Vec<f64>>())
        });
        let column = |j: usize| -> Vec<f64> { trials.iter().filter_map(|(_, p)| p.get(j)).copied().collect() };
        let power = Sample::of(&column(0));
        let correlation: Vec<[f64; 2]> = (0..=LAGS.1).map(|j| [float(j) * lag, Sample::of(&column(j)).mean / power.mean]).collect();
        // At one correlation time the logarithm is well away from both 0 and the noise.
        let at = LAGS.1 / 4;
        let ratio = correlation.get(at).map_or(f64::NAN, |p| p[1]);
        let rest: Vec<f64> = column(at).iter().zip(column(0)).map(|(c, p)| (c - ratio * p) / power.mean).collect();
        let found = (0.0 < ratio && ratio < 1.0).then(|| -float(at) * lag / ratio.ln());
        // d tau/d ratio = tau²/(lag·ratio).
        let tau_error = found.map(|tau| Sample::of(&rest).sem() * tau * tau / (float(at) * lag * ratio));
        let sd = power.mean.sqrt();
        Self {
            mean: Sample::of(&trials.iter().map(|t| t.0).collect::<Vec<_>>()),
            sd,
            sd_error: 0.5 * power.sem() / sd,
            tau: found,
            tau_error,
            correlation,
        }
    }
}

fn run(bench: &Bench) -> Report {
    let rest = bench.subject.rest(0.0);
    let (step, sd) = (bench.setting("step"), bench.setting("sd"));
    let coarse = Runs::of(bench, &rest, step, sd);
    let fine = Runs::of(bench, &rest, 0.25 * step, sd);
    // The same random numbers, their spread per step kept when steps are a quarter: half the strength.
    let naive = Runs::of(bench, &rest, 0.25 * step, 0.5 * sd);
    let coloured = Coloured::of(bench);
    let free = free(bench, &rest);
    let formula = free.as_ref().and_then(|x| predicted(&bench.subject.prep, x, bench.subject.current, sd));
    let mut report = Report::default();
    let unit = if bench.neuron().states().first().is_some_and(|f| f.unit == "mV") { "mV²" } else { "" };
    let (a, b, c) = (Sample::of(&coarse.variances), Sample::of(&fine.variances), Sample::of(&naive.variances));
    report.number("formula", "Variance, formula", unit, formula);
    report.number("coarse", "Variance, step", unit, Some(a.mean));
    report.number("coarse_error", "its standard error", unit, Some(a.sem()));
    report.number("fine", "Variance, step/4", unit, Some(b.mean));
    report.number("fine_error", "its standard error", unit, Some(b.sem()));
    report.number("naive", "step/4, not scaled", unit, Some(c.mean));
    let (card, time) = (bench.neuron().card(), bench.neuron().card().time_unit());
    report.number("ou_mean", "OU mean", card.current.unit, Some(coloured.mean.mean));
    report.number("ou_mean_error", "its standard error", card.current.unit, Some(coloured.mean.sem()));
    report.number("ou_sd", "OU s.d.", card.current.unit, Some(coloured.sd));
    report.number("ou_sd_error", "its standard error", card.current.unit, Some(coloured.sd_error));
    report.number("ou_tau", "OU correlation time", time, coloured.tau);
    report.number("ou_tau_error", "its standard error", time, coloured.tau_error);
    let spikes = coarse.spikes + fine.spikes;
    report.number("spikes", "Spikes of all trials", "", Some(float(spikes)));
    let (rate, per_second) = (Sample::of(&fine.rates), card.per_second());
    report.number("rate", "Rate, step/4", card.rate_unit(), Some(per_second * rate.mean));
    report.number("rate_error", "its standard error", card.rate_unit(), Some(per_second * rate.sem()));
    let expected = siegert(&bench.subject.prep, bench.subject.current, sd).map(|r| per_second * r);
    report.number("rate_formula", "Rate by Siegert", card.rate_unit(), expected);
    let mean = free.and_then(|x| x.first().copied());
    charts(&mut report, bench, [&coarse, &fine, &naive], &coloured, mean.zip(formula));
    report.says = sentences(formula, [a, b, c], spikes > 0);
    if let (Some(expected), true) = (expected, spikes > 0) {
        let found = format!("{} \u{b1} {}", digits(per_second * rate.mean, 3), digits(per_second * rate.sem(), 2));
        let unit = card.rate_unit();
        report.says.push(format!("It fires at {found} {unit}; noise that knows no step would make it {}", digits(expected, 3)));
    }
    report
}

fn charts(report: &mut Report, bench: &Bench, [coarse, fine, naive]: [&Runs; 3], coloured: &Coloured, formula: Option<(f64, f64)>) {
    let time = bench.neuron().card().time_unit();
    let unit = bench.neuron().states().first().map_or("", |f| f.unit);
    let all = Sample::of(&coarse.values);
    let sd = formula.map_or(all.sd(), |(_, variance)| variance.sqrt()).max(1e-12);
    let from = all.mean - WIDE * sd;
    let shares = |runs: &Runs| density(&runs.values, from, 2.0 * WIDE * sd / float(BINS), BINS);
    let gauss = |x: f64, s: f64| (-0.5 * (x / s).powi(2)).exp() / (s * std::f64::consts::TAU.sqrt());
    // About the mean that it has without spikes, for it is of V without spikes.
    let about = |mean: f64| (0..=200).map(|k| (f64::from(k) / 100.0 - 1.0) * WIDE * sd).map(|x| [mean + x, gauss(x, sd)]).collect();
    let curve = formula.map_or_else(Vec::new, |(mean, _)| about(mean));
    let words = if coarse.spikes + fine.spikes > 0 { "if it did not fire" } else { "formula" };
    let distribution = Chart::new("distribution", "Distribution of V", Axis::new("V", unit), Axis::new("density of V", ""))
        .with(Series::new("fine", "step/4", Ink::Potential, Mark::Bars, shares(fine)))
        .with(Series::new("coarse", "step", Ink::Plain, Mark::Rings, shares(coarse)))
        .with(Series::new("naive", "step/4, not scaled", Ink::Muted, Mark::Thin, shares(naive)))
        .with(Series::new("formula", words, Ink::Plain, Mark::Dashed, curve));
    let traces = Chart::new("traces", "The same noise with either step", Axis::new("time", time), Axis::new("V", unit))
        .with(Series::new("naive", "not scaled", Ink::Muted, Mark::Thin, naive.trace.clone()))
        .with(Series::new("fine", "step/4", Ink::Potential, Mark::Line, fine.trace.clone()))
        .with(Series::new("coarse", "step", Ink::Plain, Mark::Dashed, coarse.trace.clone()));
    let tau = bench.setting("ou_tau");
    let decay = (0..=100).map(|k| LAGS.0 * tau * f64::from(k) / 100.0).map(|t| [t, (-t / tau).exp()]).collect();
    let correlation = Chart::new("correlation", "Correlation of the coloured noise", Axis::new("lag", time), Axis::new("OU correlation", ""))
        .with(Series::new("formula", "formula", Ink::Plain, Mark::Dashed, decay))
        .with(Series::new("found", "found", Ink::Input, Mark::Dots, coloured.correlation.clone()));
    report.charts = vec![distribution, traces, correlation];
}

fn sentences(formula: Option<f64>, [coarse, fine, naive]: [Sample; 3], fires: bool) -> Vec<String> {
    let mut says = Vec::new();
    if !(coarse.mean.is_finite() && fine.mean.is_finite()) {
        says.push("Nothing was measured".into());
        return says;
    }
    let words = |x: f64| digits(x, 3);
    let with_error = |s: Sample| format!("{} \u{b1} {}", words(s.mean), digits(s.sem(), 2));
    let (coarse, fine, naive) = (with_error(coarse), with_error(fine), words(naive.mean));
    let by_formula = match formula {
        Some(x) if fires => format!("it fires, else it would be {}", words(x)),
        Some(x) => format!("by formula {}", words(x)),
        None => "without a stable rest there is no formula".into(),
    };
    says.push(format!("V has the variance {coarse} with the step, {fine} with a quarter of it; {by_formula}"));
    says.push(format!("With a fixed spread per step a quarter of it would give {naive}"));
    says
}
