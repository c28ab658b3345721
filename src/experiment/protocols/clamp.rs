//! The potential is held, stepped to a test potential, and the current that holds it there is read: the voltage clamp.
//!
//! At a constant potential every gate obeys a linear equation, x' = a − b x, so its course is an exact exponential with x_∞ = a/b and
//! τ = 1/b. These, and the current through each conductance, are read from the model's equations by [`Membrane`]; nothing about any
//! model is written here. The current that charges the membrane at the step, infinitely brief under an ideal clamp, is left out.
//!
//! Source: Hodgkin, Huxley and Katz 1952 (doi 10.1113/jphysiol.1952.sp004716); Hodgkin and Huxley 1952
//! (doi 10.1113/jphysiol.1952.sp004717) for the separation into currents.

use crate::analysis::{Membrane, channels};
use crate::experiment::protocol::{Bench, Experiment, counted, setting};
use crate::experiment::pulses::{amount, spaced, time};
use crate::experiment::report::{Axis, Chart, Ink, Mark, Report, Series};
use crate::model::{Dynamics, Field};

/// The experiment.
pub static EXPERIMENT: Experiment = Experiment {
    id: "clamp",
    title: "Voltage clamp",
    shows: "Which currents flow when the potential is stepped to a value and held there?",
    source: "Hodgkin, Huxley & Katz 1952, J Physiol 116:424, doi:10.1113/jphysiol.1952.sp004716; Hodgkin & Huxley 1952, doi:10.1113/jphysiol.1952.sp004717",
    suits,
    settings,
    run,
};

/// Points in time of each course.
const POINTS: usize = 400;
/// Potentials at which the deepest current is sought, and how often the stretch found is narrowed by a golden section.
const FINE: usize = 101;
const SECTIONS: u32 = 24;
/// The golden section.
const GOLDEN: f64 = 0.618_033_988_749_894_8;
/// Conductances whose blocking has a setting, with what it is called.
const BLOCKED: [(&str, &str, &str, &str); 2] = [
    ("g_Na", "left_Na", "\\text{Na left}", "Part of the sodium conductance that a blocker such as tetrodotoxin leaves"),
    ("g_K", "left_K", "\\text{K left}", "Part of the potassium conductance that a blocker such as tetraethylammonium leaves"),
];

fn suits(neuron: &dyn Dynamics) -> Result<(), String> {
    if channels(neuron).len() < 2 {
        return Err(format!("A voltage clamp separates currents by their conductances; {} has not two of them", neuron.card().title));
    }
    Ok(())
}

fn settings(neuron: &'static dyn Dynamics) -> Vec<Field> {
    let potential = neuron.states().first().copied();
    let unit = potential.map_or("", |f| f.unit);
    let rest = neuron.start(&neuron.defaults());
    let range = potential.map_or([-1000.0, 1000.0], |f| [f.min, f.max]);
    let level = |id, symbol, default: f64, meaning| setting(id, symbol, unit, default, range, (rest - 60.0, rest + 140.0), meaning);
    let mut table = vec![
        level("hold", "\\text{hold}", rest, "Potential at which it is held before the step"),
        level("test", "\\text{test}", rest + 65.0, "Test potential whose currents are looked at closely"),
        level("from", "\\text{from}", rest - 20.0, "Lowest test potential"),
        level("to", "\\text{to}", rest + 130.0, "Highest test potential"),
        counted("count", "\\text{steps}", 16.0, [2.0, 400.0], (4.0, 60.0), "Number of test potentials"),
        time(neuron, "duration", "\\text{duration}", 0.05 * neuron.card().duration, "How long the test potential is held"),
    ];
    for (_, id, symbol, meaning) in BLOCKED.into_iter().filter(|b| Field::position(neuron.params(), b.0).is_some()) {
        table.push(setting(id, symbol, "", 1.0, [0.0, 10.0], (0.0, 1.0), meaning));
    }
    table
}

/// The course of every state but the potential at a constant potential: where it starts, where it goes, how fast.
struct Course {
    v: f64,
    start: Vec<f64>,
    end: Vec<f64>,
    tau: Vec<f64>,
    /// Every state but the potential is a gate, whose course is exact.
    is_exact: bool,
}

impl Course {
    /// From the state `start` on at potential `v`.
    fn of(membrane: &mut Membrane, start: &[f64], v: f64) -> Self {
        let (mut end, mut tau, mut is_exact) = (vec![v], vec![1.0], true);
        for (k, from) in start.iter().enumerate().skip(1) {
            let kinetics = membrane.kinetics(k, v);
            is_exact &= kinetics.is_some();
            // What is no gate is drawn as if it stayed.
            let (steady, time) = kinetics.unwrap_or((*from, f64::INFINITY));
            end.push(steady);
            tau.push(time);
        }
        Self { v, start: start.to_vec(), end, tau, is_exact }
    }

    fn state(&self, t: f64) -> Vec<f64> {
        let gates = (1..self.start.len()).map(|k| self.end[k] + (self.start[k] - self.end[k]) * (-t / self.tau[k]).exp());
        std::iter::once(self.v).chain(gates).collect()
    }
}

/// What flowed at one test potential.
struct Step {
    v: f64,
    /// Time and current.
    current: Vec<[f64; 2]>,
    /// Time and current of each conductance.
    through: Vec<Vec<[f64; 2]>>,
    /// Time and value of the lowest current.
    lowest: [f64; 2],
    course: Course,
}

impl Step {
    fn last(&self) -> f64 {
        self.current.last().map_or(0.0, |p| p[1])
    }
}

/// Where the current after the step is lowest: the lowest point, refined by golden sections between its neighbours.
fn lowest(membrane: &mut Membrane, course: &Course, current: &[[f64; 2]]) -> [f64; 2] {
    // The first two points are those at the holding potential.
    let after = current.get(2..).unwrap_or_default();
    let Some(place) = (0..after.len()).min_by(|a, b| after[*a][1].total_cmp(&after[*b][1])) else { return [0.0, 0.0] };
    let (mut a, mut b) = (after[place.saturating_sub(1)][0], after[(place + 1).min(after.len() - 1)][0]);
    // What holds the potential is what would charge the membrane, the other way.
    let mut value = |t: f64| -membrane.charging(&course.state(t), 0.0);
    for _ in 0..40 {
        let part = (b - a) * GOLDEN;
        if value(b - part) < value(a + part) {
            b = a + part;
        } else {
            a = b - part;
        }
    }
    let t = 0.5 * (a + b);
    if value(t) < after[place][1] { [t, value(t)] } else { after[place] }
}

fn step(neuron: &dyn Dynamics, params: &[f64], hold: f64, v: f64, duration: f64) -> Option<Step> {
    let mut membrane = Membrane::new(neuron, params)?;
    let mut held = vec![0.0; neuron.dim()];
    neuron.steady(hold, params, &mut held);
    let course = Course::of(&mut membrane, &held, v);
    // Points crowd where the fast gates move: their times are squares.
    let times = spaced(0.0, 1.0, POINTS).into_iter().map(|part| duration * part * part);
    let states: Vec<(f64, Vec<f64>)> =
        [(-0.05 * duration, held.clone()), (0.0, held)].into_iter().chain(times.map(|t| (t, course.state(t)))).collect();
    let mut trace = |of: &dyn Fn(&mut Membrane, &[f64]) -> f64| states.iter().map(|(t, x)| [*t, of(&mut membrane, x)]).collect::<Vec<_>>();
    let current = trace(&|m, x| -m.charging(x, 0.0));
    let through = (0..channels(neuron).len()).map(|k| trace(&|m, x| m.flow(k, x).current)).collect();
    let lowest = lowest(&mut membrane, &course, &current);
    Some(Step { v, current, through, lowest, course })
}

/// The deepest inward current between the lowest and the highest test potential, and where it flows: potentials are tried finely, then
/// golden sections go between the neighbours of the deepest. What is found is no shallower than at any of the `tried` potentials.
fn deepest(bench: &Bench, inward: impl Fn(f64) -> f64 + Sync, tried: &[[f64; 2]]) -> Option<[f64; 2]> {
    let (from, to) = bench.ends();
    let levels = spaced(from, to, FINE);
    let found = bench.map(levels.len(), |k| inward(levels[k]));
    let place = (0..found.len()).min_by(|a, b| found[*a].total_cmp(&found[*b]))?;
    let (mut a, mut b) = (levels[place.saturating_sub(1)], levels[(place + 1).min(levels.len() - 1)]);
    for _ in 0..SECTIONS {
        let part = (b - a) * GOLDEN;
        if inward(b - part) < inward(a + part) {
            b = a + part;
        } else {
            a = b - part;
        }
    }
    let v = 0.5 * (a + b);
    let refined = [[v, inward(v)], [levels[place], found[place]]];
    let inside = tried.iter().copied().filter(|p| (from..=to).contains(&p[0]));
    refined.into_iter().chain(inside).min_by(|a, b| a[1].total_cmp(&b[1])).filter(|p| p[1] < 0.0)
}

fn run(bench: &Bench) -> Report {
    let neuron = bench.neuron();
    let mut params = bench.subject.prep.params.clone();
    for (conductance, id, ..) in BLOCKED {
        if let Some(k) = Field::position(neuron.params(), conductance) {
            params[k] *= bench.setting(id);
        }
    }
    let (hold, duration) = (bench.setting("hold"), bench.setting("duration"));
    let levels = spaced(bench.setting("from"), bench.setting("to"), bench.count("count"));
    let mut report = Report::default();
    let steps: Vec<Step> = bench.map(levels.len(), |k| step(neuron, &params, hold, levels[k], duration)).into_iter().flatten().collect();
    // A model without channels has been refused.
    let Some(probe) = step(neuron, &params, hold, bench.setting("test"), duration) else { return report };
    let (current, time, potential) = (bench.current_unit(), bench.time_unit(), bench.potential_unit());
    let tried: Vec<[f64; 2]> = steps.iter().chain([&probe]).map(|s| [s.v, s.lowest[1]]).collect();
    let deepest = deepest(bench, |v| step(neuron, &params, hold, v, duration).map_or(0.0, |s| s.lowest[1]), &tried);
    report.number("inward", "Deepest inward", current, deepest.map(|p| p[1]));
    report.number("inward_at", "At test potential", potential, deepest.map(|p| p[0]));
    let [at, low] = probe.lowest;
    report.number("test_inward", "Inward at this test", current, Some(low).filter(|i| *i < 0.0));
    report.number("test_time", "Its time", time, Some(at).filter(|_| low < 0.0));
    report.number("test_end", "At the end of it", current, Some(probe.last()));
    for k in 1..neuron.dim() {
        let id = neuron.states()[k].id;
        report.number(format!("{id}_end"), format!("{id} goes to"), "", Some(probe.course.end[k]));
        report.number(format!("{id}_tau"), format!("{id} in the time"), time, Some(probe.course.tau[k]));
    }
    let sums = probe.current.iter().enumerate().map(|(j, p)| (p[1] - probe.through.iter().map(|c| c[j][1]).sum::<f64>()).abs());
    let rest = sums.fold(0.0, f64::max);
    let largest = probe.current.iter().map(|p| p[1].abs()).fold(0.0, f64::max);
    report.charts = vec![courses(bench, &steps), curves(bench, &steps, deepest), separated(bench, &probe)];
    report.says = says(bench, deepest, &steps, &probe, rest > 1e-6 * largest);
    report
}

fn ink(neuron: &dyn Dynamics, conductance: usize) -> Ink {
    match neuron.params()[conductance].id {
        "g_Na" => Ink::Inactivation,
        "g_L" => Ink::Muted,
        _ => Ink::Recovery,
    }
}

/// The name of a current, from that of its conductance.
fn name(neuron: &dyn Dynamics, conductance: usize) -> String {
    neuron.params()[conductance].id.replacen('g', "I", 1)
}

fn courses(bench: &Bench, steps: &[Step]) -> Chart {
    let mut points = Vec::new();
    for step in steps {
        points.extend_from_slice(&step.current);
        points.push([0.0, f64::NAN]);
    }
    Chart::new(
        "currents",
        "Clamp current at every test potential",
        Axis::new("time from the step", bench.time_unit()),
        Axis::new("current", bench.current_unit()),
    )
    .with(Series::new("current", "all test potentials", Ink::Input, Mark::Thin, points))
}

fn curves(bench: &Bench, steps: &[Step], deepest: Option<[f64; 2]>) -> Chart {
    let points = |of: &dyn Fn(&Step) -> f64| steps.iter().map(|s| [s.v, of(s)]).collect::<Vec<_>>();
    let inward = points(&|s| s.lowest[1]);
    // The line goes through the deepest point, which may lie between two steps.
    let mut line: Vec<[f64; 2]> = inward.iter().copied().chain(deepest).collect();
    line.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let steady = points(&Step::last);
    Chart::new(
        "i_v",
        "Current against the test potential",
        Axis::new("test potential", bench.potential_unit()),
        Axis::new("current", bench.current_unit()),
    )
    .with(Series::new("zero", "", Ink::Muted, Mark::Level, vec![[0.0, 0.0]]))
    .with(Series::new("inward", "lowest", Ink::Inactivation, Mark::Line, line))
    .with(Series::new("inward_dots", "", Ink::Inactivation, Mark::Dots, inward))
    .with(Series::new("steady", "at the end", Ink::Recovery, Mark::Line, steady.clone()))
    .with(Series::new("steady_dots", "", Ink::Recovery, Mark::Dots, steady))
}

fn separated(bench: &Bench, probe: &Step) -> Chart {
    let neuron = bench.neuron();
    let title = format!("Currents at {}", amount(probe.v, bench.potential_unit()));
    let y = Axis::new(format!("at V = {}", amount(probe.v, bench.potential_unit())), bench.current_unit());
    let mut chart = Chart::new("separated", title, Axis::new("time from the step", bench.time_unit()), y);
    // The names of the last ones are those there is room for: the leak first, sodium and its like last.
    let mut carriers: Vec<(usize, usize)> = channels(neuron).iter().map(|c| c.conductance).enumerate().collect();
    carriers.sort_by_key(|(_, k)| match ink(neuron, *k) {
        Ink::Muted => 0,
        Ink::Recovery => 1,
        _ => 2,
    });
    for (place, k) in carriers {
        let id = name(neuron, k);
        chart = chart.with(Series::new(id.clone(), id, ink(neuron, k), Mark::Line, probe.through[place].clone()));
    }
    chart.with(Series::new("total", "total", Ink::Input, Mark::Dashed, probe.current.clone()))
}

fn says(bench: &Bench, deepest: Option<[f64; 2]>, steps: &[Step], probe: &Step, has_rest: bool) -> Vec<String> {
    let (current, potential) = (bench.current_unit(), bench.potential_unit());
    let (from, to) = bench.ends();
    let mut says = vec![match deepest {
        Some([v, i]) => format!(
            "Of all potentials from {} to {} the current is most inward at {}: {}",
            amount(from, potential),
            amount(to, potential),
            amount(v, potential),
            amount(i, current)
        ),
        None => "No inward current flows at any of these potentials".into(),
    }];
    let end = probe.last();
    let way = if end > 0.0 { "outward" } else { "inward" };
    let inward = if probe.lowest[1] < 0.0 { format!("it is {} at most inward and ", amount(probe.lowest[1], current)) } else { "it ".into() };
    says.push(format!(
        "At {} {inward}ends {way}, at {}; the brief current that charges the membrane is left out",
        amount(probe.v, potential),
        amount(end, current)
    ));
    if has_rest {
        says.push("A part of the current flows through none of the conductances that are drawn".into());
    }
    if steps.iter().chain([probe]).any(|s| !s.course.is_exact) {
        says.push("A gate of this model is not linear at a constant potential: its course is not exact here".into());
    }
    says
}
