//! A current that grows to the same value quickly or slowly, and then stays: a slow rise may pass without a spike.
//!
//! Source: Hodgkin and Huxley 1952 (doi 10.1113/jphysiol.1952.sp004764); Hill 1936, *Proc R Soc B* 119:305
//! (doi 10.1098/rspb.1936.0012). The slopes that fire need not be all above one border: each band is refined.

use crate::experiment::protocol::{Bench, Experiment, setting, spiking_not_by_chance};
use crate::experiment::pulses::{amount, current, joined, round, sizes, spaced, stride, time, trials};
use crate::experiment::report::{Axis, Chart, Ink, Mark, Report, Series};
use crate::experiment::response::{Keep, Response};
use crate::experiment::statistics::float;
use crate::model::{Dynamics, Field, units};
use crate::stimulus::Item;

/// The experiment.
pub static EXPERIMENT: Experiment = Experiment {
    id: "accommodation",
    title: "Accommodation",
    shows: "Does it fire when a current rises slowly to where a sudden one would make it fire?",
    source: "Hill 1936, Proc R Soc B 119:305, doi:10.1098/rspb.1936.0012; Hodgkin & Huxley 1952, J Physiol 117:500, doi:10.1113/jphysiol.1952.sp004764",
    suits: spiking_not_by_chance,
    settings,
    run,
};

/// Relative precision of borders.
const PRECISION: f64 = 1e-6;
/// Traces that are drawn at most, of either outcome.
const DRAWN: usize = 6;

fn settings(neuron: &'static dyn Dynamics) -> Vec<Field> {
    let sizes = sizes(neuron);
    let last = round(2.0 * sizes.step);
    let slope = |id, symbol, default: f64, meaning| {
        setting(id, symbol, units::rise(neuron.card().current.unit), default, [1e-9, 1e6], (0.1 * default, 3.0 * default), meaning)
    };
    vec![
        current(neuron, "final", "\\text{final}", last, "Current that is reached and then held, on top of the holding current"),
        slope("from", "\\text{from slope}", last / (0.5 * neuron.card().duration), "Slowest rise"),
        slope("to", "\\text{to slope}", last / (5.0 * sizes.width), "Fastest rise"),
        trials(60.0, "Number of slopes that are tried; borders are refined between them"),
        time(neuron, "hold", "\\text{hold}", round(2.5 * sizes.wait), "How long the final current is held"),
    ]
}

fn run(bench: &Bench) -> Report {
    let rest = bench.subject.rest(0.0);
    let (last, hold) = (bench.setting("final"), bench.setting("hold"));
    let (from, to) = bench.ends();
    let slopes = spaced(from, to, bench.count("count"));
    let answer = |slope: f64, keep: fn(f64) -> Keep, dt: f64| {
        let rise = last.abs() / slope;
        let items = [Item::Ramp { from: 0.0, to: Some(rise), slope: slope * last.signum() }, Item::Step { from: rise, to: None, amplitude: last }];
        bench.subject.respond(&rest, &items, rise + hold, keep(dt / (rise + hold)))
    };
    let fires = |slope: f64| !answer(slope, |_| Keep::Spikes, 1.0).spikes.is_empty();
    let answers = bench.map(slopes.len(), |k| answer(slopes[k], |part| Keep::Every(stride(1.0, part, 300.0)), bench.subject.prep.dt));
    let fired: Vec<bool> = answers.iter().map(|r| !r.spikes.is_empty()).collect();
    let changes: Vec<f64> = (1..fired.len())
        .filter(|k| fired[*k] != fired[k - 1])
        .map(|k| bench.between(slopes[k - 1], slopes[k], PRECISION, |s| fires(s) == fired[k]))
        .collect();
    let is_restless = !bench.subject.respond(&rest, &[], last.abs() / slopes[0] + hold, Keep::Spikes).spikes.is_empty();
    let mut report = Report::default();
    let slope_unit = units::rise(bench.current_unit());
    let border = changes.first().copied().filter(|_| fired.first() == Some(&false));
    report.number("border", "Slowest that fires", slope_unit, border);
    report.number("border_time", "Its rise lasts", bench.time_unit(), border.map(|s| last.abs() / s));
    report.number("changes", "Changes of outcome", "", Some(float(changes.len())));
    for (k, s) in changes.iter().enumerate() {
        report.number(format!("change_{}", k + 1), format!("Change {} at", k + 1), slope_unit, Some(*s));
    }
    report.charts = charts(bench, &slopes, &answers, &changes);
    report.says = says(bench, &fired, &changes, is_restless);
    report
}

fn charts(bench: &Bench, slopes: &[f64], answers: &[Response], changes: &[f64]) -> Vec<Chart> {
    let potential = bench.potential_unit();
    let unit = units::rise(bench.current_unit());
    let pairs = |fired: bool| slopes.iter().zip(answers).filter(move |(_, r)| r.spikes.is_empty() != fired);
    let tops = |fired: bool| pairs(fired).map(|(s, r)| [*s, r.highest]).collect::<Vec<_>>();
    let outcome =
        Chart::new("response", "Highest potential against the slope", Axis::new("slope of the rise", unit), Axis::new("highest V", potential))
            .with(Series::new("silent", "no spike", Ink::Potential, Mark::Rings, tops(false)))
            .with(Series::new("fires", "fires", Ink::Spike, Mark::Dots, tops(true)))
            .with(Series::new("changes", "", Ink::Spike, Mark::Upright, changes.iter().map(|s| [*s, 0.0]).collect()));
    let few = |fired: bool| {
        let all: Vec<&Response> = pairs(fired).map(|(_, r)| r).collect();
        let step = all.len().div_ceil(DRAWN).max(1);
        joined(all.into_iter().step_by(step))
    };
    let traces = Chart::new("traces", "Answers to some of the slopes", Axis::new("time", bench.time_unit()), Axis::new("V", potential))
        .with(Series::new("fires", "fires", Ink::Spike, Mark::Thin, few(true)))
        .with(Series::new("silent", "no spike", Ink::Potential, Mark::Line, few(false)));
    vec![outcome, traces]
}

fn says(bench: &Bench, fired: &[bool], changes: &[f64], is_restless: bool) -> Vec<String> {
    let (current, time) = (bench.current_unit(), bench.time_unit());
    let last = bench.setting("final");
    let to = format!("{} (held for {})", amount(last, current), amount(bench.setting("hold"), time));
    if is_restless {
        return vec!["It fires without any rise: hold it at a current at which it rests".into()];
    }
    let (Some(first), Some(fastest)) = (fired.first(), fired.last()) else { return vec!["Nothing was tried".into()] };
    match (changes, first, fastest) {
        ([], true, _) => vec![format!("It fires at every slope on the way to {to}: none of these rises is slow enough to accommodate to")],
        ([], false, _) => vec![format!("It fires at none of these slopes on the way to {to}")],
        ([border], false, true) => {
            vec![format!("A rise to {to} that takes longer than {} passes without a spike: it accommodates", amount(last.abs() / border, time))]
        }
        _ => {
            let list: Vec<String> = changes.iter().map(|s| amount(*s, "")).collect();
            vec![format!(
                "On the way to {to} the outcome changes at slopes of {}, {} between the last two tried: there is no single border",
                list.join(", "),
                if *fastest { "to firing" } else { "to silence" }
            )]
        }
    }
}
