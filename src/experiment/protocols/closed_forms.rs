//! Integrate-and-fire neurons against what can be written down: V under a step and after an input with a synapse, the firing
//! rate G, and the same neuron in normalised variables.
//!
//! ```text
//! step:      V(t) = E_L + R I (1 − e^(−t/τ))                  without a leak  V = V₀ + I t/C
//! synapse:   V(t) = E_L + (R w τ_s/(τ_s − τ)) (e^(−t/τ_s) − e^(−t/τ))           V = V₀ + (w τ_s/C)(1 − e^(−t/τ_s))
//! rate:      1/G  = t_ref + τ ln((R I + E_L − V_reset)/(R I + E_L − V_th))       1/G = t_ref + C (V_th − V_reset)/I
//! ```
//! Normalised, `v = (V − E_L)/(V_th − E_L)` rests at 0, fires at 1 and is driven by `v_in = R I/(V_th − E_L)`.
//!
//! Source: Gerstner, Kistler, Naud and Paninski 2014, *Neuronal Dynamics*, sec. 1.3 (doi 10.1017/CBO9781107447615).

use crate::experiment::Preparation;
use crate::experiment::drive::{Membrane, parameter};
use crate::experiment::protocol::{Bench, Experiment, choice, setting};
use crate::experiment::pulses::{amount, stride};
use crate::experiment::report::{Axis, Chart, Ink, Mark, Report, Series};
use crate::experiment::response::{Keep, Response, Trial};
use crate::experiment::statistics::{digits, float};
use crate::model::{Dynamics, Field};
use crate::stimulus::{Item, Synapse};

/// The experiment.
pub static EXPERIMENT: Experiment = Experiment {
    id: "closed_forms",
    title: "Simulation and formula",
    shows: "Does the simulation do what the solution on paper says, in volts and in normalised variables?",
    source: "Gerstner et al. 2014, Neuronal Dynamics, sec. 1.3",
    suits,
    settings,
    run,
};

/// Currents of the measured rates, over the least that fires; what they are called in ids.
const DRIVES: [(f64, &str); 6] = [(1.01, "1_01"), (1.1, "1_1"), (1.5, "1_5"), (2.0, "2"), (3.0, "3"), (5.0, "5")];

fn suits(neuron: &dyn Dynamics) -> Result<(), String> {
    Linear::of(neuron, &neuron.defaults())
        .map(|_| ())
        .ok_or_else(|| "it needs a neuron that can be solved on paper: integrate-and-fire, with a leak or without".into())
}

/// An integrate-and-fire neuron: V' = (rest − V)/tau + gain·I, the first term only with a leak.
#[derive(Clone, Copy)]
struct Linear {
    rest: f64,
    threshold: f64,
    reset: f64,
    hold: f64,
    /// Infinite without a leak.
    tau: f64,
    /// 1/C, or R/tau.
    gain: f64,
    /// The threshold stays where it is.
    is_plain: bool,
}

impl Linear {
    fn of(neuron: &dyn Dynamics, values: &[f64]) -> Option<Self> {
        let get = |id| parameter(neuron, values, id);
        if let Some(m) = Membrane::of(neuron, values) {
            let is_plain = get("delta_theta").is_none_or(|jump| jump == 0.0);
            return Some(Self { rest: m.rest, threshold: m.threshold, reset: m.reset, hold: m.hold, tau: m.tau, gain: m.r / m.tau, is_plain });
        }
        // A neuron of one variable with a capacitance, a threshold and nothing else has no leak.
        if neuron.params().len() != 4 {
            return None;
        }
        let (reset, threshold) = (get("V_reset")?, get("V_th")?);
        Some(Self { rest: reset, threshold, reset, hold: get("t_ref")?, tau: f64::INFINITY, gain: 1.0 / get("C")?, is_plain: true })
    }

    fn span(&self) -> f64 {
        self.threshold - self.rest
    }

    /// The unit of current in which drives are counted: the least that fires, or what fires in 20 ms without a leak.
    fn unit(&self) -> f64 {
        self.span() / (self.gain * if self.tau.is_finite() { self.tau } else { 20.0 })
    }

    /// V a time after it was at `from`, under a constant current.
    fn step(&self, from: f64, current: f64, t: f64) -> f64 {
        if self.tau.is_finite() {
            let goal = self.rest + self.gain * self.tau * current;
            from - (goal - from) * (-t / self.tau).exp_m1()
        } else {
            from + self.gain * current * t
        }
    }

    /// V above what it would be, a time after an input of this weight with this time constant.
    fn synapse(&self, weight: f64, tau: f64, t: f64) -> f64 {
        // (e^(−at) − e^(−bt))/(b − a), the same where a and b meet; 1/tau is 0 without a leak.
        let (leak, difference) = (1.0 / self.tau, 1.0 / self.tau - 1.0 / tau);
        let share = if (difference * t).abs() < 1e-9 { t } else { (difference * t).exp_m1() / difference };
        self.gain * weight * (-t * leak).exp() * share
    }

    /// Spikes per ms under a constant current.
    fn rate(&self, current: f64) -> f64 {
        let crossing = if self.tau.is_finite() {
            let goal = self.rest + self.gain * self.tau * current;
            if goal <= self.threshold {
                return 0.0;
            }
            self.tau * ((goal - self.reset) / (goal - self.threshold)).ln()
        } else {
            (self.threshold - self.reset) / (self.gain * current)
        };
        if crossing > 0.0 { 1.0 / (self.hold + crossing) } else { 0.0 }
    }
}

/// The same neuron with rest 0, threshold 1 and resistance (or capacitance) 1, and by what currents are multiplied for it.
fn normalised(prep: &Preparation, linear: &Linear) -> (Preparation, f64) {
    let mut same = prep.clone();
    let (rest, span) = (linear.rest, linear.span());
    for (value, field) in same.params.iter_mut().zip(prep.neuron.params()) {
        *value = match field.id {
            "E_L" | "V_th" | "V_reset" | "theta_0" => (*value - rest) / span,
            "delta_theta" => *value / span,
            "R" | "C" => 1.0,
            _ => *value,
        };
    }
    for x in &mut same.start {
        *x = (*x - rest) / span;
    }
    let scale = if linear.tau.is_finite() { linear.gain * linear.tau } else { linear.gain } / span;
    (same, scale)
}

fn settings(neuron: &'static dyn Dynamics) -> Vec<Field> {
    let card = neuron.card();
    let (usual, is_leaky) = Linear::of(neuron, &neuron.defaults()).map_or((1.0, true), |l| (l.unit(), l.tau.is_finite()));
    let limits = [card.current.min, card.current.max];
    vec![
        setting(
            "amplitude",
            "\\text{step}",
            card.current.unit,
            if is_leaky { 0.9 } else { 0.2 } * usual,
            limits,
            (-usual, 3.0 * usual),
            "Current of the step; in the unit of current, whatever the variables",
        ),
        setting("from", "\\text{from}", "ms", 10.0, [0.0, 1e5], (0.0, 50.0), "Onset of the step, and of the synaptic input"),
        setting(
            "weight",
            "\\text{input}",
            card.current.unit,
            2.0 * usual,
            limits,
            (-usual, 5.0 * usual),
            "Current that the synaptic input adds at once; in the unit of current, whatever the variables",
        ),
        setting("tau_syn", "\\tau_\\text{syn}", "ms", 5.0, [1e-3, 1e5], (0.5, 50.0), "Time constant with which that current decays"),
        setting("duration", "\\text{length}", "ms", 80.0, [1e-2, 1e5], (20.0, 300.0), "Length of the runs"),
        choice(
            "units",
            "\\text{variables}",
            &["physical", "normalised"],
            0.0,
            "What charts and errors are in: potentials as they are, or normalised, with rest 0 and threshold 1",
        ),
    ]
}

/// A run beside its formula, up to the first spike.
struct Compared {
    response: Response,
    formula: Vec<[f64; 2]>,
    error: f64,
}

fn compare(bench: &Bench, item: Item, formula: impl Fn(f64) -> f64) -> Compared {
    let duration = bench.setting("duration");
    let prep = &bench.subject.prep;
    let trial = Trial { current: 0.0, stimulus: &[item], seed: 1, duration };
    let stride = stride(duration, prep.dt, 2000.0);
    let response = prep.respond(&prep.start, &trial, Keep::Every(stride));
    // At the spike itself the trace has the values on both sides.
    let until = response.spikes.first().copied().unwrap_or(f64::INFINITY);
    let solved: Vec<[f64; 2]> = response.trace.iter().map(|p| p[0]).take_while(|t| *t < until).map(|t| [t, formula(t)]).collect();
    let error = response.trace.iter().zip(&solved).map(|(a, b)| (a[1] - b[1]).abs()).fold(0.0, f64::max);
    Compared { response, formula: solved, error }
}

/// Rate by the last interval of a run that is long enough for some; 0 if there are fewer than two spikes.
fn measured(prep: &Preparation, linear: &Linear, current: f64, watch: &Bench) -> f64 {
    let expected = linear.rate(current);
    let duration = if expected > 0.0 { 4.5 / expected } else { 1.0 };
    // A threshold that adapts settles within some of its own time constants.
    let settle = if linear.is_plain { 0.0 } else { 6.0 * parameter(prep.neuron, &prep.params, "tau_theta").unwrap_or(0.0) };
    let duration = (duration + settle).min(1e6 * prep.dt);
    if !watch.go_on(0.5) {
        return 0.0;
    }
    // From where a spike leaves it: the way there from elsewhere may take longer than some intervals.
    let mut reset = vec![0.0; prep.neuron.dim()];
    prep.neuron.steady(linear.reset, &prep.params, &mut reset);
    let spikes = prep.respond(&reset, &Trial { current, stimulus: &[], seed: 1, duration }, Keep::Spikes).spikes;
    match spikes.as_slice() {
        [.., a, b] => 1.0 / (b - a),
        _ => 0.0,
    }
}

fn run(bench: &Bench) -> Report {
    let prep = &bench.subject.prep;
    let Some(linear) = Linear::of(prep.neuron, &prep.params).filter(|l| l.span() > 0.0) else {
        bench.go_on(1.0);
        let mut report = Report::default();
        report.number("step_error", "Largest error, step", "", None);
        report.says.push("Its threshold is not above its rest, so there is nothing to write down".into());
        report.charts.push(Chart::new("step", "A step", Axis::new("time", "ms"), Axis::new("V", "mV")));
        return report;
    };
    let from = bench.setting("from");
    let (amplitude, weight, tau) = (bench.setting("amplitude"), bench.setting("weight"), bench.setting("tau_syn"));
    let start = prep.start.first().copied().unwrap_or(linear.rest);
    let before = |t: f64| linear.step(start, 0.0, t);
    let step =
        compare(
            bench,
            Item::Step { from, to: None, amplitude },
            |t| {
                if t <= from { before(t) } else { linear.step(before(from), amplitude, t - from) }
            },
        );
    let synapse = Synapse::Exponential { tau };
    let spike = Item::Spikes { times: Some(vec![from]), rate_hz: None, seed: None, weight, synapse };
    let input = compare(bench, spike, |t| before(t) + if t <= from { 0.0 } else { linear.synapse(weight, tau, t - from) });
    let rates = bench.map(DRIVES.len(), |k| measured(prep, &linear, DRIVES[k].0 * linear.unit(), bench));
    let shift = same_spikes(bench, &linear);
    let mut report = Report::default();
    let (unit, scale) = shown(bench, &linear);
    report.number("step_error", "Largest error, step", unit, Some(scale * step.error));
    report.number("input_error", "Largest error, input", unit, Some(scale * input.error));
    for ((drive, id), rate) in DRIVES.iter().zip(&rates) {
        report.number(format!("rate_{id}"), format!("Rate at {drive}\u{d7}"), "Hz", Some(1e3 * rate));
    }
    let apart = DRIVES.iter().zip(&rates).map(|((drive, _), rate)| 1e3 * (rate - linear.rate(drive * linear.unit())).abs()).fold(0.0, f64::max);
    report.number("rate_error", "Largest error of G", "Hz", linear.is_plain.then_some(apart));
    report.number("shift", "Spikes, normalised, off", "ms", shift.1);
    report.number("compared", "Spikes so compared", "", Some(float(shift.0)));
    charts(&mut report, bench, &linear, [&step, &input], &rates);
    sentences(&mut report, bench, &linear, [&step, &input], shift);
    report
}

/// The unit in which potentials are shown, and by what differences of them are multiplied for it.
fn shown(bench: &Bench, linear: &Linear) -> (&'static str, f64) {
    if bench.count("units") == 1 { ("", 1.0 / linear.span()) } else { (bench.potential_unit(), 1.0) }
}

/// How long spikes are compared in both sets of variables, in lengths of the runs.
const COMPARED: f64 = 3.0;

/// Spikes under a step well above threshold with an input on top, in both sets of variables: how many, and how far apart they lie.
fn same_spikes(bench: &Bench, linear: &Linear) -> (usize, Option<f64>) {
    let prep = &bench.subject.prep;
    let (other, scale) = normalised(prep, linear);
    let (from, tau) = (bench.setting("from"), bench.setting("tau_syn"));
    let items = |scale: f64| {
        let spike = Item::Spikes {
            times: Some(vec![3.0 * from]),
            rate_hz: None,
            seed: None,
            weight: scale * bench.setting("weight"),
            synapse: Synapse::Exponential { tau },
        };
        [Item::Step { from, to: None, amplitude: 2.0 * scale * linear.unit() }, spike]
    };
    let times = |prep: &Preparation, scale: f64| {
        let trial = Trial { current: 0.0, stimulus: &items(scale), seed: 1, duration: COMPARED * bench.setting("duration") };
        prep.respond(&prep.start, &trial, Keep::Spikes).spikes
    };
    let (a, b) = (times(prep, 1.0), times(&other, scale));
    if a.len() != b.len() || a.is_empty() {
        return (0, None);
    }
    (a.len(), Some(a.iter().zip(&b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)))
}

fn charts(report: &mut Report, bench: &Bench, linear: &Linear, runs: [&Compared; 2], rates: &[f64]) {
    let is_normalised = bench.count("units") == 1;
    let (unit, _) = shown(bench, linear);
    let show = |v: f64| if is_normalised { (v - linear.rest) / linear.span() } else { v };
    let points = |all: &[[f64; 2]]| all.iter().map(|p| [p[0], show(p[1])]).collect::<Vec<_>>();
    let names = [("step", "Under a step", "V, step"), ("input", "After one input", "V, input")];
    for ((id, title, label), run) in names.into_iter().zip(runs) {
        report.charts.push(
            Chart::new(id, title, Axis::new("time", "ms").over((0.0, bench.setting("duration"))), Axis::new(label, unit))
                .with(Series::new("threshold", "", Ink::Spike, Mark::Level, vec![[0.0, show(linear.threshold)]]))
                .with(Series::new("simulation", "simulation", Ink::Potential, Mark::Line, points(&run.response.trace)))
                .with(Series::new("formula", "formula", Ink::Plain, Mark::Dashed, points(&run.formula))),
        );
    }
    let card = bench.neuron().card();
    let (scale, label) = if is_normalised { (1.0, "v_in".to_string()) } else { (linear.unit(), "current".to_string()) };
    let curve = (0..=400).map(|k| 5.2 * f64::from(k) / 400.0).map(|d| [scale * d, 1e3 * linear.rate(d * linear.unit())]).collect();
    let dots = DRIVES.iter().zip(rates).map(|((d, _), r)| [scale * d, 1e3 * r]).collect();
    let name = if linear.is_plain { "G" } else { "G of a fixed threshold" };
    report.charts.push(
        Chart::new("rate", "Firing rate", Axis::new(label, if is_normalised { "" } else { card.current.unit }), Axis::new("rate", "Hz"))
            .with(Series::new("formula", name, Ink::Plain, Mark::Dashed, curve))
            .with(Series::new("measured", "measured", Ink::Cycle, Mark::Dots, dots)),
    );
}

fn sentences(report: &mut Report, bench: &Bench, linear: &Linear, runs: [&Compared; 2], shift: (usize, Option<f64>)) {
    let fired = runs.iter().any(|r| !r.response.spikes.is_empty());
    let (unit, scale) = shown(bench, linear);
    let error = scale * runs.iter().map(|r| r.error).fold(0.0, f64::max);
    let until = if fired { " up to the first spike" } else { "" };
    report.says.push(format!("Simulation and formula lie at most {} {unit} apart{until}", digits(error, 2)).replace("  ", " "));
    let length = amount(COMPARED * bench.setting("duration"), "ms");
    report.says.push(match shift {
        (count, Some(shift)) => format!(
            "In a run of its own, {length} at twice the current that just fires, normalised variables give the same {count} spikes, {} ms apart at most",
            digits(shift, 2)
        ),
        _ => format!("In {length} at twice the current that just fires there was no spike to compare with normalised variables"),
    });
    if unit.is_empty() {
        let current = bench.current_unit();
        report.says.push(format!("Charts and errors are normalised, rest 0 and threshold 1; the settings stay in {current} and ms"));
    }
    if !linear.is_plain {
        report.says.push("Its threshold grows with every spike, so that it fires more slowly than G says".into());
    }
}
