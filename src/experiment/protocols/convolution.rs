//! Spike trains through synapses: every spike leaves the same current behind, the currents add up, and the neuron answers the sum.
//!
//! Source: Dayan and Abbott 2001, *Theoretical Neuroscience*, MIT Press, sec. 1.2 (the neural response function, a sum of deltas) and 5.8.

use crate::experiment::drive::{Membrane, arrivals, charge_unit, length, poisson, short, typical};
use crate::experiment::protocol::{BY_HAND, Bench, Experiment, choice, counted, setting};
use crate::experiment::protocols::synapse_filter::{area_to, filter};
use crate::experiment::pulses::stride;
use crate::experiment::report::{Axis, AxisNumbers, Chart, Handle, Ink, Mark, Report, Series};
use crate::experiment::response::Keep;
use crate::experiment::statistics::float;
use crate::model::{Dynamics, Field};
use crate::stimulus::{Input, Item, Synapse};

/// The experiment.
pub static EXPERIMENT: Experiment = Experiment {
    id: "convolution",
    title: "Spike trains through synapses",
    shows: "What current do three spike trains with weights of their own bring, and does the neuron fire at it?",
    source: "Dayan & Abbott 2001, Theoretical Neuroscience, sec. 1.2 and 5.8",
    suits: |_| Ok(()),
    settings,
    run,
};

const INKS: [Ink; 3] = [Ink::Recovery, Ink::Inactivation, Ink::Cycle];
/// Points of the sum, and of one current; currents beyond this many are not drawn singly.
const POINTS: usize = 1000;
const EACH: usize = 50;
/// Steps of the search for the highest current: each leaves two thirds of the way.
const SEARCH: usize = 40;
const SINGLE: usize = 300;
/// No train has more spikes than this.
const MOST: usize = 20_000;
/// Kinds of trains.
const KINDS: [&str; 5] = ["none", "regular", "speeding_up", "poisson", BY_HAND];
/// Ids of kind and weight of each train.
const TRAINS: [(&str, &str); 3] = [("kind_1", "w_1"), ("kind_2", "w_2"), ("kind_3", "w_3")];

fn settings(neuron: &'static dyn Dynamics) -> Vec<Field> {
    let card = neuron.card();
    let (time, rate_unit) = (card.time_unit(), card.rate_unit());
    let (tau, span) = (short(neuron, 5.0), length(neuron, 300.0, 20_000.0));
    // With spikes at twenty to a run their mean current is about half of what makes it fire.
    let rate = 20.0 / span * card.per_second();
    let usual = typical(neuron).abs() * Membrane::of(neuron, &neuron.defaults()).map_or(1.0, |_| 0.75);
    let weight = 0.5 * usual * span / 20.0;
    let limits = [-1e6, 1e6];
    let unit = charge_unit(card.current.unit);
    let kind = |id, symbol, default, meaning| choice(id, symbol, &KINDS, default, meaning);
    let w = |id, symbol, default, meaning| setting(id, symbol, unit, default, limits, (-3.0 * weight, 3.0 * weight), meaning);
    vec![
        kind("kind_1", "\\text{train 1}", 1.0, "Times of the first train"),
        w("w_1", "w_1", weight, "Weight of the first train: the charge that each of its spikes brings"),
        kind("kind_2", "\\text{train 2}", 2.0, "Times of the second train"),
        w("w_2", "w_2", weight, "Weight of the second train: the charge that each of its spikes brings"),
        kind("kind_3", "\\text{train 3}", 3.0, "Times of the third train"),
        w("w_3", "w_3", -0.5 * weight, "Weight of the third train; below 0 it inhibits"),
        setting("rate", "\\text{rate}", rate_unit, rate, [1e-9, 1e4], (0.1 * rate, 5.0 * rate), "Mean rate of each train"),
        counted("n", "n", 0.0, [0.0, 10.0], (0.0, 4.0), "Order of the current after a spike"),
        setting("tau", "\\tau", time, tau, [1e-3, 1e5], (0.2 * tau, 20.0 * tau), "Time constant of that current"),
        setting("duration", "\\text{length}", time, span, [1e-2, 1e5], (0.2 * span, 5.0 * span), "Length of the run"),
    ]
}

/// Times of a train by its kind: regular spikes from one interval on; or at the whole numbers of r t/4 + 3 r t²/(4 T), whose rate grows
/// from a quarter of r to seven quarters; or random; or placed by hand.
fn times(bench: &Bench, place: usize, (id, kind): (&str, usize)) -> Vec<f64> {
    let per_second = bench.neuron().card().per_second();
    let (rate, end) = (bench.setting("rate") / per_second, bench.setting("duration"));
    let numbers = 1..=MOST;
    match kind {
        1 => numbers.map(|k| float(k) / rate).take_while(|t| *t < end).collect(),
        2 => {
            let (a, b) = (0.25 * rate, 0.75 * rate / end);
            numbers.map(|k| (-a + (a * a + 4.0 * b * float(k)).sqrt()) / (2.0 * b)).take_while(|t| *t < end).collect()
        }
        3 => {
            let train = poisson(bench.setting("rate"), place as u64 + 1, (0.0, Synapse::Delta {}));
            let mut times = arrivals(&train, bench.subject.seed, per_second, end);
            times.truncate(MOST);
            times
        }
        4 => bench.placed(id).iter().copied().filter(|t| *t < end).collect(),
        _ => Vec::new(),
    }
}

fn run(bench: &Bench) -> Report {
    #[expect(clippy::cast_possible_truncation, reason = "an order of at most ten")]
    let order = bench.count("n") as u32;
    let (tau, end) = (bench.setting("tau"), bench.setting("duration"));
    let trains: Vec<(Vec<f64>, f64)> =
        TRAINS.iter().enumerate().map(|(k, (kind, w))| (times(bench, k, (kind, bench.count(kind))), bench.setting(w))).collect();
    let synapse = Synapse::Alpha { n: order, tau };
    let item = |(times, weight): &(Vec<f64>, f64)| Item::Spikes { times: Some(times.clone()), rate_hz: None, seed: None, weight: *weight, synapse };
    let items: Vec<Item> = trains.iter().map(item).collect();
    let mut input = Input::new(&items, bench.subject.seed, bench.subject.prep.dt, bench.neuron().card().per_second());
    let h = |t: f64| filter(bench.count("n"), tau, t);
    // Points lie between spikes, where the current is one number even if it jumps at them.
    let points: Vec<f64> = (0..POINTS).map(|k| end * (float(k) + 0.5) / float(POINTS)).collect();
    let sum: Vec<[f64; 2]> = points.iter().map(|t| [*t, input.current(*t, 0.0)]).collect();
    let shares = |t: f64| trains.iter().map(|(times, w)| w * times.iter().map(|s| h(t - s)).sum::<f64>()).sum::<f64>();
    // Every tenth point: adding up thousands of currents at each would take longer than the run.
    let error = sum.iter().step_by(10).map(|[t, i]| (shares(*t) - i).abs()).fold(0.0, f64::max);
    let keep = Keep::Every(stride(end, bench.subject.prep.dt, 2000.0));
    let response = if bench.go_on(0.3) { Some(bench.subject.respond(&bench.subject.rest(0.0), &items, end, keep)) } else { None };
    let (card, mut report) = (bench.neuron().card(), Report::default());
    let (highest, mean) = (highest(&mut input, &trains, &sum, tau), mean(bench, &trains));
    let spikes = response.as_ref().map(|r| r.spikes.len());
    report.number("spikes", "Output spikes", "", spikes.map(float));
    report.number("first", "First output spike", card.time_unit(), response.as_ref().and_then(|r| r.spikes.first().copied()));
    for (k, (times, _)) in trains.iter().enumerate() {
        report.number(format!("inputs_{}", k + 1), format!("Spikes of train {}", k + 1), "", Some(float(times.len())));
    }
    report.number("highest", "Highest current", card.current.unit, Some(highest));
    report.number("mean", "Mean current", card.current.unit, Some(mean));
    report.number("error", "Sum against its parts", card.current.unit, Some(error));
    report.charts = charts(bench, &trains, sum, &h);
    if let Some(response) = response {
        let unit = bench.neuron().states().first().map_or("", |f| f.unit);
        let ticks = response.spikes.iter().map(|t| [*t, 0.0]).collect();
        report.charts.push(
            Chart::new("v", "The neuron's answer", Axis::new("time", card.time_unit()).over((0.0, end)), Axis::new("V", unit))
                .with(Series::new("spikes", "spikes", Ink::Spike, Mark::Upright, ticks))
                .with(Series::new("v", "", Ink::Potential, Mark::Line, response.trace)),
        );
    }
    let total: usize = trains.iter().map(|t| t.0.len()).sum();
    report.says.push(match spikes {
        None => "The neuron was not run".into(),
        Some(0) => format!(
            "{total} input spike{} a current of {mean:.4} {} in the mean, and the neuron does not fire",
            if total == 1 { " brings" } else { "s bring" },
            card.current.unit
        )
        .replace("  ", " "),
        Some(1) if total == 1 => "The one input spike makes it fire once".into(),
        Some(1) => format!("Of {total} input spikes comes one output spike"),
        Some(n) => format!("Of {total} input spike{} come {n} output spikes", if total == 1 { "" } else { "s" }),
    });
    report
}

/// The highest current: right after or before a spike, where it may jump, or between the two points beside the highest one.
fn highest(input: &mut Input, trains: &[(Vec<f64>, f64)], sum: &[[f64; 2]], tau: f64) -> f64 {
    let beside = 1e-9 * tau;
    let spikes = trains.iter().flat_map(|(times, _)| times);
    let mut top = spikes.flat_map(|s| [s - beside, s + beside]).map(|t| input.current(t, 0.0)).fold(f64::NEG_INFINITY, f64::max);
    let best = (0..sum.len()).max_by(|a, b| sum[*a][1].total_cmp(&sum[*b][1])).unwrap_or_default();
    let (mut from, mut to) = (sum[best.saturating_sub(1)][0], sum[(best + 1).min(sum.len() - 1)][0]);
    for _ in 0..SEARCH {
        let thirds = [from + (to - from) / 3.0, to - (to - from) / 3.0];
        let [a, b] = thirds.map(|t| input.current(t, 0.0));
        top = top.max(a).max(b);
        if a < b { from = thirds[0] } else { to = thirds[1] }
    }
    sum.iter().map(|p| p[1]).fold(top, f64::max)
}

/// The mean current of the whole time, from the area of each filter up to its end.
fn mean(bench: &Bench, trains: &[(Vec<f64>, f64)]) -> f64 {
    let (n, tau, end) = (bench.count("n"), bench.setting("tau"), bench.setting("duration"));
    let area = |(times, w): &(Vec<f64>, f64)| w * times.iter().map(|s| area_to(n, tau, end - s)).sum::<f64>();
    trains.iter().map(area).sum::<f64>() / end
}

/// The trains, and their currents one by one under their sum.
fn charts(bench: &Bench, trains: &[(Vec<f64>, f64)], sum: Vec<[f64; 2]>, h: &dyn Fn(f64) -> f64) -> Vec<Chart> {
    let card = bench.neuron().card();
    let end = bench.setting("duration");
    let along = || Axis::new("time", card.time_unit()).over((0.0, end));
    let mut raster =
        Chart::new("trains", "The spike trains", along(), Axis::new("train", "").over((0.5, 3.5)).numbered(AxisNumbers::Whole(TRAINS.len() + 1)))
            .handled(Handle::Trains(TRAINS.map(|(kind, _)| kind).to_vec()));
    let mut currents = Chart::new("currents", "Currents and their sum", along(), Axis::new("current", card.current.unit));
    let lasts = bench.setting("tau") * (float(bench.count("n")) + 6.0);
    for (k, ((times, weight), ink)) in trains.iter().zip(INKS).enumerate() {
        let ticks = times.iter().map(|t| [*t, float(k + 1)]).collect();
        raster.series.push(Series::new(format!("train_{}", k + 1), "", ink, Mark::Raster, ticks));
        let single = |t: &f64| {
            let (from, to) = (*t, (t + lasts).min(end));
            let step = (to - from) / float(EACH);
            (0..=EACH).map(move |j| from + float(j) * step).map(move |at| [at, weight * h(at - from)]).chain([[to, f64::NAN]]).collect::<Vec<_>>()
        };
        let all = times.iter().take(SINGLE).flat_map(single).collect();
        currents.series.push(Series::new(format!("single_{}", k + 1), format!("train {}", k + 1), ink, Mark::Thin, all));
    }
    currents.series.push(Series::new("sum", "sum", Ink::Input, Mark::Line, sum));
    vec![raster, currents]
}
