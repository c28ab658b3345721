//! A leaky membrane left alone: V falls towards rest exponentially, to 1/e of its start after one time constant.
//!
//! ```text
//! tau V' = E_L − V,   V(0) = E_L + v₀:    V(t) − E_L = v₀ e^(−t/tau),   v₀/e at t = tau, v₀/2 at t = tau ln 2
//! ```
//! Times are read from the simulation, between two of its points as an exponential goes.
//!
//! Source: Gerstner, Kistler, Naud and Paninski 2014, *Neuronal Dynamics*, sec. 1.3.1 (doi 10.1017/CBO9781107447615).

use crate::experiment::drive::Membrane;
use crate::experiment::protocol::{Bench, Experiment, not_by_chance, setting};
use crate::experiment::pulses::{amount, stride};
use crate::experiment::report::{Axis, Chart, Ink, Mark, Report, Series};
use crate::experiment::response::{Keep, Trial};
use crate::experiment::statistics::float;
use crate::model::{Dynamics, Field};

/// The experiment.
pub static EXPERIMENT: Experiment = Experiment {
    id: "decay",
    title: "Exponential decay to 1/e",
    shows: "How does V decay when nothing drives it, and after what time is 1/e of its start left?",
    source: "Gerstner, Kistler, Naud & Paninski 2014, Neuronal Dynamics, sec. 1.3.1, doi:10.1017/CBO9781107447615",
    suits,
    settings,
    run,
};

/// Points of the drawn course.
const DRAWN: usize = 600;

fn suits(neuron: &dyn Dynamics) -> Result<(), String> {
    not_by_chance(neuron)?;
    let membrane = Membrane::of(neuron, &neuron.defaults());
    membrane.map(|_| ()).ok_or_else(|| "it needs a membrane that is nothing but a leak: a leaky integrate-and-fire neuron".into())
}

fn settings(neuron: &'static dyn Dynamics) -> Vec<Field> {
    let unit = neuron.states().first().map_or("", |f| f.unit);
    let span = Membrane::of(neuron, &neuron.defaults()).map_or(1.0, |m| m.threshold - m.rest);
    let shown = (-2.0 * span, 0.9 * span);
    vec![
        setting("start", "v_0", unit, 0.8 * span, [-1000.0, 1000.0], shown, "Where V begins, above rest; below 0 it rises to rest instead"),
        setting("span", "\\text{span}", "τ", 5.0, [1.0, 100.0], (2.0, 10.0), "How long it is followed, in time constants"),
    ]
}

/// When a course of one sign, given by its points, has fallen to `part` of its start.
fn falls_to(course: &[[f64; 2]], part: f64) -> Option<f64> {
    let level = course.first()?[1] * part;
    let pair = course.windows(2).find(|w| w[1][1].abs() <= level.abs())?;
    let ([t, a], [u, b]) = (pair[0], pair[1]);
    Some(t + (u - t) * (a / level).ln() / (a / b).ln())
}

fn run(bench: &Bench) -> Report {
    let prep = &bench.subject.prep;
    let mut report = Report::default();
    // A model without such a membrane has been refused.
    let Some(membrane) = Membrane::of(prep.neuron, &prep.params) else { return report };
    let (start, length) = (bench.setting("start"), bench.setting("span") * membrane.tau);
    let mut x = vec![0.0; prep.neuron.dim()];
    prep.neuron.steady(membrane.rest + start, &prep.params, &mut x);
    let trial = Trial { current: 0.0, stimulus: &[], seed: bench.subject.seed, duration: length };
    let response = bench.map(1, |_| prep.respond(&x, &trial, Keep::Every(1))).pop().unwrap_or_default();
    let course: Vec<[f64; 2]> = response.trace.iter().map(|p| [p[0], p[1] - membrane.rest]).collect();
    let formula = |t: f64| start * (-t / membrane.tau).exp();
    let fired = !response.spikes.is_empty() || membrane.rest + start >= membrane.threshold;
    let known = |value: Option<f64>| value.filter(|_| !fired && start != 0.0);
    let (e, half) = (known(falls_to(&course, (-1.0_f64).exp())), known(falls_to(&course, 0.5)));
    let (time, potential) = (bench.time_unit(), bench.potential_unit());
    report.number("tau", "Time constant", time, Some(membrane.tau));
    report.number("to_1_over_e", "1/e is left after", time, e);
    report.number("left", "1/e of the start", potential, Some(start / std::f64::consts::E));
    report.number("to_half", "Half is left after", time, half);
    let error = course.iter().map(|p| (p[1] - formula(p[0])).abs()).fold(0.0, f64::max);
    report.number("error", "Largest error", potential, known(Some(error)));
    let drawn = course.iter().step_by(stride(length, prep.dt, float(DRAWN))).copied().collect();
    let paper = (0..=DRAWN).map(|k| length * float(k) / float(DRAWN)).map(|t| [t, formula(t)]).collect();
    let left = start / std::f64::consts::E;
    let x = Axis::new("time", time).over((0.0, length));
    report.charts.push(
        Chart::new("decay", "V above rest", x, Axis::new("V \u{2212} E_L", potential).over((0.0, start)))
            .with(Series::new("level", "1/e of the start", Ink::Muted, Mark::Level, vec![[0.0, left]]))
            .with(Series::new("time", "\u{3c4}", Ink::Muted, Mark::Upright, vec![[membrane.tau, 0.0]]))
            .with(Series::new("simulation", "simulation", Ink::Potential, Mark::Line, drawn))
            .with(Series::new("formula", "v\u{2080} e^(\u{2212}t/\u{3c4})", Ink::Plain, Mark::Dashed, paper))
            .with(Series::new("marker", "", Ink::Spike, Mark::Dots, e.map(|t| [t, left]).into_iter().collect())),
    );
    report.says.push(match e {
        Some(t) => format!(
            "V \u{2212} E_L falls from {} to 1/e of it, {}, within {}: one time constant",
            amount(start, potential),
            amount(left, potential),
            amount(t, time)
        ),
        None if fired => "It begins above its threshold and fires: begin lower".into(),
        None => "It begins at rest, where nothing decays".into(),
    });
    report
}
