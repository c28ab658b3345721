//! What the length of a step does to a solution: Euler's and the Runge–Kutta method on exponential decay, and on the neuron.
//!
//! ```text
//! s' = −s/τ,  z = h/τ:   exact e^(−z),  Euler 1 − z,  Runge–Kutta 1 − z + z²/2 − z³/6 + z⁴/24   per step
//! ```
//! A method is stable while its factor stays within ±1: Euler to z = 2, Runge–Kutta to z = 2.785.
//!
//! Source: Hairer, Nørsett and Wanner 1993, *Solving Ordinary Differential Equations I*, Springer, ch. II
//! (doi 10.1007/978-3-540-78862-1); stability: Hairer and Wanner 1996, part II, sec. IV.2 (doi 10.1007/978-3-642-05221-7).

use crate::experiment::protocol::{Bench, Experiment, counted, not_by_chance, setting};
use crate::experiment::pulses::{amount, current, round, sizes, spaced, time};
use crate::experiment::report::{Axis, Chart, Ink, Mark, Report, Series};
use crate::experiment::response::{Keep, Response, Trial, pulse};
use crate::model::{Dynamics, Field};
use crate::sim::Method;

/// The experiment.
pub static EXPERIMENT: Experiment = Experiment {
    id: "step_size",
    title: "Length of a step",
    shows: "How does the error of a method grow with its step, and when does it run away?",
    source: "Hairer, Nørsett & Wanner 1993, Solving Ordinary Differential Equations I, doi:10.1007/978-3-540-78862-1",
    suits: not_by_chance,
    settings,
    run,
};

/// The two methods, with what they are called and how they are drawn.
const METHODS: [(Method, &str, &str, Ink, f64); 2] =
    [(Method::Euler, "euler", "Euler", Ink::Spike, 1.0), (Method::Rk4, "rk4", "Runge\u{2013}Kutta", Ink::Cycle, 4.0)];
/// Part of the time to the first spike over which trajectories are compared: the upstroke would turn errors of time into errors of V.
const CALM: f64 = 0.8;
/// Errors below this, in mV and ms, are rounding as much as anything.
const ROUNDING: f64 = 1e-11;
/// Orders are read from steps at least this many times shorter than the longest.
const SHORT: f64 = 4.0;

fn settings(neuron: &'static dyn Dynamics) -> Vec<Field> {
    let (card, sizes) = (neuron.card(), sizes(neuron));
    vec![
        setting("ratio", "h/\\tau", "", 0.8, [1e-3, 10.0], (0.05, 3.2), "Length of a step of the decay, in units of its time constant"),
        setting("span", "\\text{span}", "", 10.0, [1.0, 1000.0], (2.0, 40.0), "How long the decay is followed, in time constants"),
        current(neuron, "amplitude", "\\text{current}", round(3.0 * sizes.step), "Constant current into the neuron, on top of the holding current"),
        time(neuron, "duration", "\\text{duration}", sizes.wait, "How long the neuron is followed"),
        time(neuron, "largest", "\\text{largest}", 16.0 * card.dt, "Longest step on the neuron; the others are halves of it again and again"),
        counted("halvings", "\\text{halvings}", 7.0, [2.0, 12.0], (3.0, 10.0), "How often the longest step is halved"),
    ]
}

/// What a method is called where there is little room.
fn short(id: &str) -> &'static str {
    if id == "rk4" { "RK4" } else { "Euler" }
}

/// By what one step multiplies a decaying quantity.
fn factor(method: Method, z: f64) -> f64 {
    match method {
        Method::Rk4 => 1.0 - z * (1.0 - z / 2.0 * (1.0 - z / 3.0 * (1.0 - z / 4.0))),
        _ => 1.0 - z,
    }
}

/// The longest step, in time constants, at which nothing grows.
fn limit(bench: &Bench, method: Method) -> f64 {
    bench.between(1.0, 4.0, 1e-15, |z| factor(method, z).abs() > 1.0)
}

/// What a method gives for the decay from 1, step after step.
fn decay(method: Method, z: f64, span: f64) -> Vec<[f64; 2]> {
    let mut points = vec![[0.0, 1.0]];
    let growth = factor(method, z);
    while let Some([t, s]) = points.last().copied().filter(|p| p[0] + z <= span * (1.0 + 1e-12) && points.len() < 100_000) {
        points.push([t + z, s * growth]);
    }
    points
}

/// Errors of a method on the neuron at one step.
#[derive(Clone, Copy)]
struct Errors {
    dt: f64,
    /// Largest difference of V before the upstroke.
    trajectory: Option<f64>,
    /// Difference of the first spike time.
    spike: Option<f64>,
}

struct Trials<'a> {
    bench: &'a Bench<'a>,
    rest: Vec<f64>,
    duration: f64,
    largest: f64,
}

impl Trials<'_> {
    /// A run with the longest step halved so many times.
    fn respond(&self, method: Method, halvings: i32) -> Response {
        let subject = self.bench.subject;
        let mut prep = subject.prep.clone();
        (prep.method, prep.dt) = (method, self.dt(halvings));
        let items = [pulse(0.0, 2.0 * self.duration, self.bench.setting("amplitude"))];
        prep.respond(&self.rest, &Trial { current: subject.current, stimulus: &items, seed: subject.seed, duration: self.duration }, Keep::Every(1))
    }

    fn dt(&self, halvings: i32) -> f64 {
        self.largest * f64::powi(0.5, halvings)
    }

    fn errors(&self, method: Method, halvings: i32, truth: &Response, finest: i32) -> Errors {
        let response = self.respond(method, halvings);
        let first = |r: &Response| r.spikes.first().copied();
        let end = first(truth).map_or(self.duration, |t| CALM * t).min(first(&response).unwrap_or(f64::INFINITY));
        // Before the first spike the points are those of the grid, and the finer grid holds every point of the coarser.
        let stride = 1_usize << (finest - halvings).clamp(0, 30);
        let common = response.trace.iter().zip(truth.trace.iter().step_by(stride)).take_while(|(a, _)| a[0] <= end);
        let off = common.map(|(a, b)| (a[1] - b[1]).abs()).fold(0.0, |worst: f64, d| if d.is_finite() { worst.max(d) } else { f64::INFINITY });
        let has_stopped = response.trace.last().is_none_or(|p| p[0] < end - self.dt(halvings) || !p[1].is_finite());
        Errors {
            dt: self.dt(halvings),
            trajectory: Some(off).filter(|d| d.is_finite() && !has_stopped),
            spike: first(&response).zip(first(truth)).map(|(a, b)| (a - b).abs()),
        }
    }
}

/// The power of the step with which errors grow: least squares in logarithms.
fn order(errors: &[Errors], of: fn(&Errors) -> Option<f64>, largest: f64) -> Option<f64> {
    let usable = errors.iter().filter(|e| e.dt * SHORT <= largest * 1.000_001);
    let points: Vec<(f64, f64)> = usable.filter_map(|e| of(e).filter(|x| *x > ROUNDING).map(|x| (e.dt.ln(), x.ln()))).collect();
    if points.len() < 2 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "a dozen points")]
    let count = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |a, p| (a.0 + p.0 / count, a.1 + p.1 / count));
    let (xy, xx) = points.iter().fold((0.0, 0.0), |a, p| (a.0 + (p.0 - x) * (p.1 - y), a.1 + (p.0 - x).powi(2)));
    Some(xy / xx)
}

fn run(bench: &Bench) -> Report {
    let (z, span) = (bench.setting("ratio"), bench.setting("span"));
    let trials = Trials { bench, rest: bench.subject.rest(0.0), duration: bench.setting("duration"), largest: bench.setting("largest") };
    let halvings = i32::try_from(bench.count("halvings")).unwrap_or(7);
    // The truth is the better method at a step shorter still.
    let finest = halvings + 2;
    let truth = bench.map(1, |_| trials.respond(Method::Rk4, finest)).pop().unwrap_or_default();
    let count = bench.count("halvings") + 1;
    let all = bench.map(2 * count, |k| {
        let step = i32::try_from(k % count).unwrap_or(0);
        trials.errors(METHODS[k / count].0, step, &truth, finest)
    });
    let mut report = Report::default();
    let mut decays = Chart::new("decay", "Exponential decay", Axis::new("time / τ", "").over((0.0, span)), Axis::new("s", ""));
    let exact = spaced(0.0, span, 300).into_iter().map(|t| [t, (-t).exp()]).collect();
    decays = decays.with(Series::new("zero", "", Ink::Muted, Mark::Level, vec![[0.0, 0.0]]));
    decays = decays.with(Series::new("exact", "exact", Ink::Plain, Mark::Dashed, exact));
    for (method, id, name, ink, _) in METHODS {
        let points = decay(method, z, span);
        let off = points.iter().map(|p| (p[1] - (-p[0]).exp()).abs()).fold(0.0, f64::max);
        report.number(format!("{id}_error"), format!("{}: error", short(id)), "", Some(off));
        report.number(format!("{id}_factor"), format!("{}: factor", short(id)), "", Some(factor(method, z)));
        report.number(format!("{id}_limit"), format!("{}: limit", short(id)), "τ", Some(limit(bench, method)));
        decays = decays.with(Series::new(id, name, ink, Mark::Line, points.clone()));
        decays = decays.with(Series::new(format!("{id}_steps"), "", ink, Mark::Dots, points));
    }
    let parts: Vec<&[Errors]> = all.chunks(count).collect();
    let orders = |of: fn(&Errors) -> Option<f64>| [0, 1].map(|k| parts.get(k).and_then(|errors| order(errors, of, trials.largest)));
    let (trajectory, spike) = (orders(|e| e.trajectory), orders(|e| e.spike));
    for (k, (_, id, ..)) in METHODS.into_iter().enumerate() {
        report.number(format!("{id}_order"), format!("{}: order of V", short(id)), "", trajectory[k]);
        report.number(format!("{id}_spike_order"), format!("{}: of spike time", short(id)), "", spike[k]);
    }
    report.charts = vec![
        decays,
        errors(bench, "trajectory", "error of V before a spike", bench.potential_unit(), &parts, |e| e.trajectory),
        errors(bench, "spike", "error of the first spike time", bench.time_unit(), &parts, |e| e.spike),
    ];
    report.says = says(z, trajectory, spike);
    report
}

/// Errors against the step, both as powers of ten, with the slope each method is known to have.
fn errors(bench: &Bench, id: &str, what: &str, unit: &str, parts: &[&[Errors]], of: fn(&Errors) -> Option<f64>) -> Chart {
    let within = |unit: &str| if unit.is_empty() { String::new() } else { format!(" ({unit})") };
    let (x, y) =
        (format!("log\u{2081}\u{2080} of the step{}", within(bench.time_unit())), format!("log\u{2081}\u{2080} of the {what}{}", within(unit)));
    let mut chart = Chart::new(id, what, Axis::new(x, ""), Axis::new(y, ""));
    for (part, (_, id, name, ink, slope)) in parts.iter().zip(METHODS) {
        let points: Vec<[f64; 2]> = part.iter().filter_map(|e| of(e).filter(|x| *x > 0.01 * ROUNDING).map(|x| [e.dt.log10(), x.log10()])).collect();
        // The guide passes through the middle of the points.
        if let (Some(middle), Some(first), Some(last)) = (points.get(points.len() / 2), points.first(), points.last()) {
            let guide = [first, last].map(|p| [p[0], middle[1] + slope * (p[0] - middle[0])]).to_vec();
            chart = chart.with(Series::new(format!("{id}_guide"), "", Ink::Muted, Mark::Dashed, guide));
        }
        chart = chart.with(Series::new(format!("{id}_line"), "", ink, Mark::Thin, points.clone()));
        chart = chart.with(Series::new(id, format!("{name}, guide {slope}"), ink, Mark::Dots, points));
    }
    chart
}

fn says(z: f64, trajectory: [Option<f64>; 2], spike: [Option<f64>; 2]) -> Vec<String> {
    let how = |method: Method, name: &str| {
        let factor = factor(method, z);
        let does = match factor {
            f if f.abs() > 1.0 => "runs away",
            f if f.abs() == 1.0 => "neither grows nor decays",
            f if f < 0.0 => "decays, but jumps from side to side",
            _ => "decays",
        };
        format!("{name} {does} ({} a step)", amount(factor, ""))
    };
    let mut says = vec![format!("At h = {} τ {}; {}", amount(z, ""), how(Method::Euler, "Euler"), how(Method::Rk4, "Runge\u{2013}Kutta"))];
    let mut order = |what: &str, found: [Option<f64>; 2]| match found {
        [Some(euler), Some(rk4)] => {
            says.push(format!("The error of {what} goes with the step to the power {euler:.2} (Euler) and {rk4:.2} (Runge\u{2013}Kutta)"));
        }
        [Some(euler), None] => says
            .push(format!("The error of {what} goes with the step to the power {euler:.2} (Euler); that of Runge\u{2013}Kutta gives no order here")),
        [None, _] => says.push(format!("The error of {what} gives no order here")),
    };
    order("V before a spike", trajectory);
    order("the first spike time", spike);
    says
}
