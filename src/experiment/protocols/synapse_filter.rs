//! The current after one presynaptic spike, h(t) = tⁿ e^(−t/τ)/(n! τ^(n+1)): its area, the equations it solves, and the answer to a
//! rectangular pulse of area 1 that is made ever narrower.
//!
//! h is the end of a chain of n + 1 equal leaky stages, τ sₖ' = sₖ₋₁ − sₖ with s₋₁ = 0, τ s₀(0) = 1, so for n = 0 it solves τ s' = −s. A
//! pulse of width w and area 1 gives (H(t) − H(t − w))/w, where H(t) = 1 − e^(−t/τ) Σ_{k≤n} (t/τ)ᵏ/k! is the area of h up to t.
//!
//! Source: Eliasmith and Anderson 2003, *Neural Engineering*, MIT Press, sec. 2.2 (n = 0); Destexhe, Mainen and Sejnowski 1994,
//! J. Comput. Neurosci. 1:195 (doi 10.1007/BF00961734) for functions of this kind.

use crate::experiment::drive::short;
use crate::experiment::protocol::{Bench, Experiment, counted, setting};
use crate::experiment::report::{Axis, Chart, Ink, Mark, Report, Series};
use crate::experiment::statistics::{float, significant};
use crate::model::{Dynamics, Field};

/// The experiment.
pub static EXPERIMENT: Experiment = Experiment {
    id: "synapse_filter",
    title: "What one spike leaves behind",
    shows: "What current follows one spike, what equation does it solve, and what does a short pulse have in common with it?",
    source: "Destexhe, Mainen & Sejnowski 1994, doi:10.1007/BF00961734",
    suits: |_| Ok(()),
    settings,
    run,
};

/// Intervals of the quadrature; Simpson's rule then errs by about 10⁻¹⁰ where h falls at once.
const INTERVALS: usize = 8000;
/// Points of a drawn curve.
const POINTS: usize = 400;
/// The widest pulse is halved so many times.
const HALVINGS: i32 = 5;

fn settings(neuron: &'static dyn Dynamics) -> Vec<Field> {
    let time = neuron.card().time_unit();
    let (tau, width, step) = (short(neuron, 10.0), short(neuron, 32.0), short(neuron, 1.0));
    vec![
        counted("n", "n", 1.0, [0.0, 10.0], (0.0, 5.0), "Order: the number of stages before the last"),
        setting("tau", "\\tau", time, tau, [1e-3, 1e5], (0.5 * tau, 30.0 * tau), "Time constant of each stage"),
        setting("step", "\\text{step}", time, step, [1e-4, 1e4], (0.01 * step, 10.0 * step), "Step with which the equations are solved"),
        setting(
            "width",
            "\\text{width}",
            time,
            width,
            [1e-3, 1e5],
            (0.1 * width, 3.0 * width),
            "Width of the widest pulse of area 1; it is halved five times",
        ),
    ]
}

/// h(t), in 1/ms.
pub(super) fn filter(n: usize, tau: f64, t: f64) -> f64 {
    if t < 0.0 {
        return 0.0;
    }
    // One factor at a time, so that no power overflows.
    (1..=n).fold((-t / tau).exp() / tau, |h, k| h * t / (tau * float(k)))
}

/// The area of h up to `t`.
pub(super) fn area_to(n: usize, tau: f64, t: f64) -> f64 {
    if t <= 0.0 {
        return 0.0;
    }
    let terms = (0..=n).scan(1.0, |term, k| {
        *term *= if k == 0 { 1.0 } else { t / (tau * float(k)) };
        Some(*term)
    });
    1.0 - (-t / tau).exp() * terms.sum::<f64>()
}

/// ∫ |p − h| over all times, where p is the answer to a pulse of width `w` and area 1. Both have area 1 and p, the mean of h over the
/// last `w`, crosses h once, upward, within `w` after the peak of h: the integral is twice that of h − p up to there.
fn apart(n: usize, tau: f64, w: f64) -> f64 {
    // The area of `area_to`: t H − (n + 1) τ H of one stage more.
    let twice = |t: f64| t * area_to(n, tau, t) - tau * float(n + 1) * area_to(n + 1, tau, t);
    let answer = |t: f64| (area_to(n, tau, t) - area_to(n, tau, t - w)) / w;
    let (mut low, mut high) = (tau * float(n), tau * float(n) + w);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if answer(middle) < filter(n, tau, middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    let before = |t: f64| if t > 0.0 { twice(t) } else { 0.0 };
    2.0 * (area_to(n, tau, high) - (before(high) - before(high - w)) / w)
}

/// ∫ f from 0 to `end` by Simpson's rule.
pub(super) fn integral(f: impl Fn(f64) -> f64, end: f64) -> f64 {
    let h = end / float(INTERVALS);
    let weight = |k: usize| {
        if k == 0 || k == INTERVALS {
            1.0
        } else if k % 2 == 1 {
            4.0
        } else {
            2.0
        }
    };
    (0..=INTERVALS).map(|k| weight(k) * f(float(k) * h)).sum::<f64>() * h / 3.0
}

/// The chain of stages by classical Runge–Kutta, up to `end`: time and the last stage.
fn chain(n: usize, tau: f64, step: f64, end: f64) -> Vec<[f64; 2]> {
    let slope = |s: &[f64]| -> Vec<f64> { (0..=n).map(|k| (if k == 0 { 0.0 } else { s[k - 1] } - s[k]) / tau).collect() };
    let plus = |s: &[f64], h: f64, d: &[f64]| -> Vec<f64> { s.iter().zip(d).map(|(s, d)| s + h * d).collect() };
    let mut s = vec![0.0; n + 1];
    s[0] = 1.0 / tau;
    let (mut t, mut points) = (0.0, vec![[0.0, s[n]]]);
    while t + step <= end * (1.0 + 1e-12) {
        let k1 = slope(&s);
        let k2 = slope(&plus(&s, 0.5 * step, &k1));
        let k3 = slope(&plus(&s, 0.5 * step, &k2));
        let k4 = slope(&plus(&s, step, &k3));
        for (j, s) in s.iter_mut().enumerate() {
            *s += step / 6.0 * (k1[j] + 2.0 * (k2[j] + k3[j]) + k4[j]);
        }
        t += step;
        points.push([t, s[n]]);
    }
    points
}

fn run(bench: &Bench) -> Report {
    let (n, tau, width) = (bench.count("n"), bench.setting("tau"), bench.setting("width"));
    let end = tau * (float(n) + 8.0);
    // Beyond this h is below e⁻⁵⁰ of what it was; a step so small that nobody could wait for it is lengthened.
    let (far, step) = (tau * (3.0 * float(n) + 60.0), bench.setting("step").clamp(end / 1e5, end));
    let area = integral(|t| filter(n, tau, t), far);
    let peak = filter(n, tau, float(n) * tau);
    let solved = chain(n, tau, step, end);
    let error = solved.iter().map(|[t, s]| (s - filter(n, tau, *t)).abs()).fold(0.0, f64::max);
    let pulse = |w: f64, t: f64| (area_to(n, tau, t) - area_to(n, tau, t - w)) / w;
    let mut report = Report::default();
    report.number("area", "Area by quadrature", "", Some(area));
    let time = bench.neuron().card().time_unit();
    report.number("peak_time", "Peak at", time, Some(float(n) * tau));
    report.number("peak", "Peak", if time.is_empty() { "" } else { "1/ms" }, Some(peak));
    report.number("error", "Largest error of ODE", if time.is_empty() { "" } else { "1/ms" }, Some(error));
    let widths: Vec<f64> = (0..=HALVINGS).map(|k| width * 0.5_f64.powi(k)).collect();
    let apart: Vec<f64> = widths.iter().map(|w| apart(n, tau, *w)).collect();
    report.number("apart_widest", "Apart, widest pulse", "", apart.first().copied());
    report.number("apart_narrowest", "Apart, narrowest", "", apart.last().copied());
    let times = || (0..=POINTS).map(|k| end * float(k) / float(POINTS));
    let axis = || Axis::new("time since the spike", time).over((0.0, end));
    let unit = if time.is_empty() { "" } else { "1/ms" };
    let curve: Vec<[f64; 2]> = times().map(|t| [t, filter(n, tau, t)]).collect();
    let (stride, stages) = ((solved.len() / 40).max(1), if n == 0 { "\u{3c4} s' = \u{2212}s" } else { "chain of equations" });
    let dots = solved.iter().step_by(stride).copied().collect();
    report.charts.push(
        Chart::new("filter", "The current after one spike", axis(), Axis::new("h", unit))
            .with(Series::new("formula", "formula", Ink::Input, Mark::Line, curve.clone()))
            .with(Series::new("equation", stages, Ink::Spike, Mark::Rings, dots)),
    );
    let so_far = times().map(|t| [t, area_to(n, tau, t)]).collect();
    let whole = Series::new("one", "", Ink::Muted, Mark::Level, vec![[0.0, 1.0]]);
    report.charts.push(
        Chart::new("area", "Area so far", axis(), Axis::new("area so far", ""))
            .with(Series::new("area", "", Ink::Plain, Mark::Line, so_far))
            .with(whole),
    );
    let mut pulses = Chart::new("pulses", "Answers to pulses of area 1", axis(), Axis::new("pulses of area 1", unit));
    for (k, w) in widths.iter().enumerate() {
        let answer = times().map(|t| [t, pulse(*w, t)]).collect();
        pulses.series.push(Series::new(format!("width_{}", k + 1), if k == 0 { "answers" } else { "" }, Ink::Recovery, Mark::Thin, answer));
    }
    pulses.series.push(Series::new("filter", "h", Ink::Input, Mark::Line, curve));
    report.charts.push(pulses);
    let ends = [(width, apart.first()), (widths.last().copied().unwrap_or(width), apart.last())].map(|(w, a)| (w, a.copied().unwrap_or(0.0)));
    report.says.push(format!("The area is {area:.6}: n and \u{3c4} say when the charge comes, not how much"));
    report.says.push(
        format!(
            "A pulse of area 1 that lasts {} {time} leaves an answer whose curve encloses an area of {:.4} with h; halved five times, to {} {time}, {:.4}",
            significant(ends[0].0, 4),
            ends[0].1,
            significant(ends[1].0, 4),
            ends[1].1
        )
        .replace("  ", " ")
        .replace(" ,", ","),
    );
    if !bench.go_on(1.0) {
        report.says.push("It was stopped".into());
    }
    report
}
