//! The same stimulus into several neurons: the present one, and presets that stand beside it.

use serde_json::Value;

use super::convention::moved;
use super::derived::arrivals;
use super::jobs::{Desk, Runner, Slot};
use super::run::run;
use super::workbench::Workbench;
use crate::analysis::{Plane, nullclines};
use crate::experiment::report::{Axis, AxisNumbers, Chart, Ink, Mark, Series};
use crate::model::{Dynamics, Field, Kind};
use crate::preset::{self, Setup};
use crate::sim::Sink;

/// Neurons that can stand beside the present one.
pub const MOST: usize = 5;
/// Points of a drawn course.
const POINTS: f64 = 4_000.0;
/// The axis of a potential without a threshold spans at least this part of what the table shows.
const LEAST: f64 = 0.2;
/// Columns at which nullclines are sampled.
const COLUMNS: usize = 160;

/// One neuron of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// Title of preset and model.
    pub title: String,
    /// What may mislead, such as another unit of current; empty if nothing does.
    pub remark: String,
    /// Spike times in ms.
    pub spikes: Vec<f64>,
    /// V over time.
    pub course: Chart,
    /// What is added to the neuron's own current over time, and when spikes arrive at it; of the present neuron only, for all share it.
    pub input: Option<Chart>,
    /// Orbit and nullclines of the first two states, for models that have two.
    pub plane: Option<Chart>,
}

/// The comparison of the present setup, done beside the frame.
pub struct Comparison {
    slot: Slot<Setup, Vec<Compared>>,
}

impl Default for Comparison {
    fn default() -> Self {
        Self::new(Runner::default())
    }
}

impl Comparison {
    /// Nothing compared yet; `runner` says where work will run.
    #[must_use]
    pub fn new(runner: Runner) -> Self {
        Self { slot: Slot::new("The comparison", runner) }
    }

    /// Asks for the comparison, or gives it up where nobody looks.
    pub fn refresh(&mut self, bench: &Workbench, wanted: bool) {
        self.slot.poll();
        if !wanted {
            return self.slot.rest();
        }
        let setup = bench.setup();
        if !self.slot.wants(setup) {
            return;
        }
        let present = setup.clone();
        let others = beside(setup);
        self.slot.follow(setup.clone(), move |desk: &Desk<Vec<Compared>>| {
            let mut rows = vec![compared(&present, &present, true, desk)];
            desk.send(rows.clone());
            for other in others {
                if desk.is_cancelled() {
                    return;
                }
                let (title, guest) = match other {
                    Ok(guest) => (guest.title().to_string(), guest),
                    Err(why) => {
                        rows.push(Compared { remark: why, ..empty() });
                        continue;
                    }
                };
                let mut row = compared(&guest, &present, false, desk);
                row.title = if title == guest.neuron.card().title { title } else { format!("{title} \u{00b7} {}", guest.neuron.card().title) };
                rows.push(row);
            }
            desk.send(rows);
        });
    }

    /// The rows, the present neuron first, and whether they are up to date.
    #[must_use]
    pub fn slot(&self) -> &Slot<Setup, Vec<Compared>> {
        &self.slot
    }
}

fn empty() -> Compared {
    Compared {
        title: String::new(),
        remark: String::new(),
        spikes: Vec::new(),
        course: Chart::new("course", "", Axis::new("", ""), Axis::new("", "")),
        input: None,
        plane: None,
    }
}

/// The setups that the present one names, or for each why there is none.
fn beside(setup: &Setup) -> Vec<Result<Setup, String>> {
    setup.words.compare.iter().flatten().take(MOST).map(resolve).collect()
}

/// A preset by its id, a model by its id, or a preset written out.
///
/// # Errors
/// A sentence if it is none of these.
pub fn resolve(value: &Value) -> Result<Setup, String> {
    match value {
        Value::String(id) => {
            let model = crate::model::find(id).map(Setup::of_model);
            preset::embedded(id).or(model).ok_or_else(|| format!("{id:?} is neither a preset nor a model"))
        }
        Value::Object(_) => preset::parse(&value.to_string()).map_err(|e| e.to_string()),
        _ => Err("what stands beside a preset must be an id or a preset".into()),
    }
}

/// Keeps about as many points as are drawn.
struct Pen {
    stride: u64,
    seen: u64,
    /// The second state of the plane.
    second: usize,
    /// The state that is a threshold, in models where it moves.
    threshold: Option<usize>,
    course: Vec<[f64; 2]>,
    moving: Vec<[f64; 2]>,
    /// The entering current, where it is asked for.
    input: Option<Vec<[f64; 2]>>,
    orbit: Vec<[f64; 2]>,
}

impl Pen {
    fn put(&mut self, t: f64, x: &[f64]) {
        let (v, second) = (x.first().copied().unwrap_or(0.0), x.get(self.second).copied());
        self.course.push([t, v]);
        self.moving.extend(self.threshold.and_then(|k| x.get(k)).map(|y| [t, *y]));
        self.orbit.extend(second.map(|y| [v, y]));
    }
}

impl Sink for Pen {
    fn wants_current(&self) -> bool {
        self.input.is_some()
    }

    fn point(&mut self, t: f64, x: &[f64], current: f64) {
        if self.seen.is_multiple_of(self.stride) {
            self.put(t, x);
            self.input.iter_mut().for_each(|input| input.push([t, current]));
        }
        self.seen += 1;
    }

    fn spike(&mut self, t: f64, before: &[f64], after: &[f64]) {
        self.put(t, before);
        if before != after {
            // The jump is a jump in the plane and a line in time.
            self.orbit.push([f64::NAN, f64::NAN]);
            self.put(t, after);
        }
    }
}

/// Runs `guest` with its own holding current under the stimulus of `host`, for as long as the host's run.
fn compared(guest: &Setup, host: &Setup, shows_input: bool, desk: &Desk<Vec<Compared>>) -> Compared {
    let mut setup = guest.clone();
    setup.stimulus.clone_from(&host.stimulus);
    (setup.duration, setup.seed) = (host.duration, host.seed);
    setup.dt = setup.dt.min(setup.duration);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of steps")]
    let stride = (setup.duration / setup.dt / POINTS).ceil().max(1.0) as u64;
    let threshold = setup.neuron.states().iter().position(|f| f.kind == Kind::Threshold);
    let mut pen = Pen {
        stride,
        seen: 0,
        second: Field::recovery(setup.neuron.states()),
        threshold,
        course: Vec::new(),
        moving: Vec::new(),
        input: shows_input.then(Vec::new),
        orbit: Vec::new(),
    };
    let outcome = run(&setup, Some(&mut pen), &mut |_| !desk.is_cancelled());
    let (card, states) = (setup.neuron.card(), setup.neuron.states());
    let potential = states.first().map_or(("V", ""), |f| (f.id, f.unit));
    // Where the threshold moves, the level it comes back to is not what V must reach.
    let is_level = |field: &Field| field.kind == Kind::Level && threshold.is_none();
    let levels: Vec<[f64; 2]> = (setup.neuron.params().iter().zip(&setup.params)).filter(|(f, _)| is_level(f)).map(|(_, v)| [0.0, *v]).collect();
    let shown = states.first().map_or((0.0, 1.0), |f| moved(&setup, f.shown));
    // A threshold gives the scale; without one, what hardly moves is drawn so.
    let least = if levels.is_empty() && threshold.is_none() { LEAST * (shown.1 - shown.0) } else { 0.0 };
    let at_least = widened(pen.course.iter().chain(&levels).map(|p| p[1]), least);
    let places = setup.neuron.places().len();
    let numbers = if places > 0 { AxisNumbers::Whole(places) } else { AxisNumbers::Everywhere };
    let course = Chart::new(
        "course",
        card.title,
        Axis::new("", card.time_unit()).over((0.0, setup.duration)).shared(),
        Axis::new(potential.0, potential.1).over(at_least).numbered(numbers),
    )
    .with(Series::new("levels", "", Ink::Spike, Mark::Level, levels))
    .with(Series::new("threshold", "threshold", Ink::Spike, Mark::Dashed, pen.moving))
    .with(Series::new("V", "", Ink::Potential, Mark::Line, pen.course));
    let input = pen.input.map(|course| stimulus(&setup, course));
    let remark = remark(setup.neuron, host.neuron);
    let remark = outcome.stopped.filter(|_| !desk.is_cancelled()).map_or(remark, |stop| stop.reason.sentence().into());
    // A chain of states has no flow to draw.
    let has_plane = setup.neuron.dim() > 1 && setup.neuron.places().is_empty();
    let plane = has_plane.then(|| plane(&setup, pen.orbit));
    Compared { title: setup.title().to_string(), remark, spikes: outcome.spike_times, course, input, plane }
}

/// What its values stand for where they are places, and what its current is counted in if that of the `host` is not.
fn remark(neuron: &dyn Dynamics, host: &dyn Dynamics) -> String {
    let places: Vec<String> = neuron.places().iter().enumerate().map(|(k, place)| format!("{k} {place}")).collect();
    let (ours, theirs) = (host.card(), neuron.card());
    let name = |unit: &'static str| if unit.is_empty() { "no unit" } else { unit };
    let is_other = ours.current.unit != theirs.current.unit || ours.dimensionless != theirs.dimensionless;
    let unit = is_other.then(|| format!("current in {}, not {}", name(theirs.current.unit), name(ours.current.unit)));
    let places = (!places.is_empty()).then(|| places.join(", "));
    [places, unit].into_iter().flatten().collect::<Vec<_>>().join(" \u{b7} ")
}

/// What a run adds to the neuron's own current, with the spikes that arrive.
fn stimulus(setup: &Setup, entering: Vec<[f64; 2]>) -> Chart {
    let card = setup.neuron.card();
    let arriving = arrivals::planned(setup).into_iter().map(|t| [t, 0.0]).collect();
    let added = entering.into_iter().map(|[t, current]| [t, current - setup.current]).collect();
    Chart::new("input", "Stimulus", Axis::new("", card.time_unit()).over((0.0, setup.duration)), Axis::new("stimulus", card.current.unit))
        .with(Series::new("arrivals", "arriving spikes", Ink::Spike, Mark::Above, arriving))
        .with(Series::new("stimulus", "", Ink::Input, Mark::Line, added))
}

/// The range of these values, or one of this width about their middle if they span less.
fn widened(values: impl Iterator<Item = f64>, least: f64) -> (f64, f64) {
    let (low, high) = values.filter(|v| v.is_finite()).fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
    let lacking = (0.5 * (least - (high - low))).max(0.0);
    if low <= high { (low - lacking, high + lacking) } else { (0.0, least) }
}

/// The pieces of a line between two heights, parted by points that are no numbers.
fn clipped(line: &[[f64; 2]], (low, high): (f64, f64)) -> Vec<[f64; 2]> {
    let mut points = Vec::new();
    for pair in line.windows(2) {
        let [[x0, y0], [x1, y1]] = [pair[0], pair[1]];
        let at = |y: f64| [x0 + (y - y0) / (y1 - y0) * (x1 - x0), y];
        let cut = |[x, y]: [f64; 2]| {
            if y < low {
                at(low)
            } else if y > high {
                at(high)
            } else {
                [x, y]
            }
        };
        if (y0 < low && y1 < low) || (y0 > high && y1 > high) {
            points.push([f64::NAN, f64::NAN]);
        } else {
            points.extend([cut(pair[0]), cut(pair[1])]);
        }
    }
    points.push([f64::NAN, f64::NAN]);
    points
}

/// The orbit in the plane of the last state over V, with the nullclines at the holding current.
fn plane(setup: &Setup, orbit: Vec<[f64; 2]>) -> Chart {
    let (neuron, states) = (setup.neuron, setup.neuron.states());
    // What is shown holds the orbit, too.
    let reach = |k: usize| {
        let course = orbit.iter().filter_map(|p| p.get(k)).copied().filter(|x| x.is_finite());
        let window = neuron.card().window[k];
        course.fold(if k == 0 { moved(setup, window) } else { window }, |(low, high), x| (low.min(x), high.max(x)))
    };
    let window = [reach(0), reach(1)];
    let y = Field::recovery(states);
    let section = Plane::of(neuron, y, &setup.start());
    let lines = nullclines(neuron, &setup.params, setup.current, &section, window, COLUMNS);
    let broken = |lines: &[Vec<[f64; 2]>]| lines.iter().flat_map(|line| clipped(line, window[1])).collect();
    let name = |k: usize| states.get(k).map_or(("", ""), |f| (f.id, f.unit));
    Chart::new("plane", "Phase plane", Axis::new(name(0).0, name(0).1).over(window[0]), Axis::new(name(y).0, name(y).1).over(window[1]))
        .with(Series::new("V nullcline", "", Ink::Potential, Mark::Line, broken(&lines[0])))
        .with(Series::new("second nullcline", "", Ink::Recovery, Mark::Line, broken(&lines[1])))
        .with(Series::new("orbit", "", Ink::Plain, Mark::Thin, orbit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Command;
    use crate::stimulus::Item;

    #[test]
    fn the_same_input_reaches_every_neuron_of_a_comparison() {
        let setup = Setup::of_model(crate::model::find("lif").expect("a model"));
        let mut bench = Workbench::new(setup, None);
        bench.apply(Command::Stimulus(vec![Item::Step { from: 10.0, to: None, amplitude: 2.5 }]));
        bench.apply(Command::Compare(vec!["adaptive_lif".into(), "izhikevich/tonic_spiking".into(), "nobody".into()]));
        let mut comparison = Comparison::default();
        comparison.refresh(&bench, true);
        let rows = comparison.slot().result().expect("rows");
        assert_eq!(rows.len(), 4);
        // The plain neuron keeps its rhythm, the adapting one slows down under the same step.
        let intervals = |k: usize| rows[k].spikes.windows(2).map(|w| w[1] - w[0]).collect::<Vec<_>>();
        let (plain, adapting) = (intervals(0), intervals(1));
        assert!(plain.windows(2).all(|w| (w[0] - w[1]).abs() < 1e-6) && adapting[1] > adapting[0]);
        // A threshold that moves is drawn where it is, and V stays below it; one that stays is a level.
        let series_of = |chart: &Chart, id: &str| chart.series.iter().find(|s| s.id == id).map_or(Vec::new(), |s| s.points.clone());
        let series = |k: usize, id: &str| series_of(&rows[k].course, id);
        assert!(series(0, "threshold").is_empty() && series(0, "levels") == [[0.0, -50.0]]);
        assert!(series(1, "levels").is_empty() && series(1, "threshold").len() == series(1, "V").len());
        assert!(series(1, "V").iter().zip(&series(1, "threshold")).all(|(v, theta)| v[1] <= theta[1] + 1e-9));
        assert!(rows[2].remark.contains("mV/ms"), "{}", rows[2].remark);
        assert!(rows[3].remark.contains("neither"), "{}", rows[3].remark);
        let [chain, leaky] = ["markov", "lif"].map(|id| crate::model::find(id).expect("a model"));
        assert_eq!((remark(chain, leaky).as_str(), remark(leaky, chain).as_str()), ("0 rest, 1 firing, 2 refractory", ""));
        let stimulus = series_of(rows[0].input.as_ref().expect("a stimulus"), "stimulus");
        assert!(stimulus.iter().all(|p| (p[1] - if p[0] < 10.0 { 0.0 } else { 2.5 }).abs() < 1e-12 || p[0] == 10.0), "its own I is not part of it");
        bench.apply(Command::Undo);
        assert!(bench.setup().words.compare.is_none());
    }
}
