//! What the user chose, and the neuron that runs by it. Changed only by commands.

mod change;
mod past;

pub use past::Past;

use super::history::History;
use crate::preset::{self, Setup};
use crate::sim::{Method, Simulation, Sink, Trace};
use crate::stimulus::Item;

/// Points of the past that are kept.
const MEMORY: usize = 1_000_000;
/// Steps per frame at most: longer runs slip in time rather than hold up the frame.
const MOST_STEPS_A_FRAME: f64 = 6_000.0;
/// Slowest and fastest speed in ms of model time per second.
pub const SPEEDS: (f64, f64) = (0.1, 5_000.0);

/// Something to tell the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// One sentence.
    pub text: String,
    /// True if something was refused.
    pub is_error: bool,
}

/// A pulse given by hand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PulseShape {
    /// Current.
    pub amplitude: f64,
    /// Length in ms.
    pub width: f64,
}

/// The running program without a face.
pub struct Workbench {
    setup: Setup,
    /// The setup as it was loaded: what a changed value returns to.
    loaded: Setup,
    /// Id in the library, if it came from there.
    preset_id: Option<String>,
    history: History,
    simulation: Simulation,
    trace: Trace,
    past: Past,
    playing: bool,
    /// A hand holds the state in this frame.
    in_hand: bool,
    speed: f64,
    /// Model time owed to the clock, in ms.
    owed: f64,
    /// Time at which a run of exactly one duration pauses.
    pause_at: f64,
    cursor: Option<f64>,
    /// What enters at the newest point, where it was changed after that point was recorded.
    entering: Option<f64>,
    pulses: Vec<Item>,
    /// States through which orbits are kept in the plane.
    orbits: Vec<Vec<f64>>,
    pulse: PulseShape,
    message: Option<Message>,
    /// How many setups have been loaded.
    loads: u64,
    /// How often potentials or currents have come to be counted another way.
    recounts: u64,
    /// Model time at which a hand last changed what the neuron does.
    touched: f64,
    /// Model time at which parameters or the constant current last changed.
    altered: f64,
}

impl Workbench {
    /// A workbench on this setup, paused at t = 0; `preset_id` if it came from the library.
    #[must_use]
    pub fn new(setup: Setup, preset_id: Option<String>) -> Self {
        let mut bench = Self {
            simulation: setup.simulation(),
            trace: Trace::new(setup.neuron.dim(), MEMORY),
            past: Past::new(&setup.params),
            loaded: setup.clone(),
            preset_id,
            history: History::default(),
            playing: false,
            in_hand: false,
            speed: comfortable_speed(&setup),
            owed: 0.0,
            pause_at: f64::INFINITY,
            cursor: None,
            entering: None,
            pulses: Vec::new(),
            orbits: Vec::new(),
            pulse: natural_pulse(&setup),
            message: None,
            loads: 0,
            recounts: 0,
            touched: 0.0,
            altered: 0.0,
            setup,
        };
        bench.restart();
        bench
    }

    /// The present setup.
    #[must_use]
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The setup as it was loaded.
    #[must_use]
    pub fn loaded(&self) -> &Setup {
        &self.loaded
    }

    /// Id in the library of what was loaded.
    #[must_use]
    pub fn preset_id(&self) -> Option<&str> {
        self.preset_id.as_deref()
    }

    /// True if something differs from what was loaded.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        let experiment = &self.loaded.experiment;
        !self.setup.same_run(&self.loaded) || (experiment.is_some() && self.setup.experiment != *experiment)
    }

    /// The running neuron.
    #[must_use]
    pub fn simulation(&self) -> &Simulation {
        &self.simulation
    }

    /// The recorded past.
    #[must_use]
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The parameters with which the past was made.
    #[must_use]
    pub fn past(&self) -> &Past {
        &self.past
    }

    /// True while time runs.
    #[must_use]
    pub fn is_playing(&self) -> bool {
        self.playing
    }

    /// Model time per real second in ms/s.
    #[must_use]
    pub fn speed(&self) -> f64 {
        self.speed
    }

    /// The pulse that a command gives.
    #[must_use]
    pub fn pulse(&self) -> PulseShape {
        self.pulse
    }

    /// The pulses given by hand since the start, as stimulus items.
    #[must_use]
    pub fn pulses(&self) -> &[Item] {
        &self.pulses
    }

    /// States through which orbits are kept in the plane, oldest first.
    #[must_use]
    pub fn orbits(&self) -> &[Vec<f64>] {
        &self.orbits
    }

    /// What to tell the user.
    #[must_use]
    pub fn message(&self) -> Option<&Message> {
        self.message.as_ref()
    }

    /// A number that changes whenever another setup is loaded.
    #[must_use]
    pub fn loads(&self) -> u64 {
        self.loads
    }

    /// How often potentials or currents have come to be counted another way.
    #[must_use]
    pub fn recounts(&self) -> u64 {
        self.recounts
    }

    /// The model time since when the neuron has been left alone at time `now`: no hand has changed or pushed it, and no part of the
    /// stimulus has begun or ended.
    #[must_use]
    pub fn undisturbed_since(&self, now: f64) -> f64 {
        let edges = self.setup.stimulus.iter().chain(&self.pulses).flat_map(|item| [item.span().0, item.fades()]);
        edges.filter(|t| *t <= now).fold(self.touched.min(now), f64::max)
    }

    /// The model time at which parameters or the constant current last changed: what was recorded before belongs to other values.
    #[must_use]
    pub fn altered(&self) -> f64 {
        self.altered
    }

    /// The time looked at while scrubbing; `None` at the newest point.
    #[must_use]
    pub fn cursor(&self) -> Option<f64> {
        self.cursor
    }

    /// The held point that views show: the newest, or the one scrubbed to.
    #[must_use]
    pub fn shown_index(&self) -> usize {
        let last = self.trace.len().saturating_sub(1);
        self.cursor.map_or(last, |t| self.trace.index_at(t).min(last))
    }

    /// Time, state and entering current that views show.
    #[must_use]
    pub fn shown(&self) -> (f64, Vec<f64>, f64) {
        let index = self.shown_index();
        let changed = self.entering.filter(|_| self.cursor.is_none());
        (self.trace.time(index), self.trace.state(index), changed.unwrap_or_else(|| self.trace.value(index, 0)))
    }

    /// How many of the first states are held at the point that views show, because the neuron is refractory.
    #[must_use]
    pub fn held(&self) -> usize {
        let (t, state, _) = self.shown();
        self.held_until(t, &state).map_or(0, |_| self.setup.neuron.held())
    }

    /// True if there is something to take back, and something to make again.
    #[must_use]
    pub fn can_undo_redo(&self) -> (bool, bool) {
        (self.history.can_undo(), self.history.can_redo())
    }

    /// Lets `seconds` of real time pass; none passes for a neuron in the hand.
    pub fn advance(&mut self, seconds: f64) {
        if std::mem::take(&mut self.in_hand) || !self.playing || self.cursor.is_some() {
            return;
        }
        self.owed += seconds * self.speed;
        let due = (self.owed / self.setup.dt).floor();
        let steps = due.clamp(0.0, MOST_STEPS_A_FRAME);
        self.owed = if due > steps { 0.0 } else { self.owed - due * self.setup.dt };
        self.run(steps);
        if self.simulation.stopped().is_some() || self.simulation.time() >= self.pause_at - 1e-9 {
            self.playing = false;
            self.pause_at = f64::INFINITY;
        }
    }

    /// Goes to time `t` at once, for pictures and tests.
    pub fn run_to(&mut self, t: f64) {
        self.run(((t - self.simulation.time()) / self.setup.dt).round());
    }

    fn run(&mut self, steps: f64) {
        let left = ((self.pause_at - self.simulation.time()) / self.setup.dt).round();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative, and bounded by the caller")]
        let steps = steps.min(left).max(0.0) as u64;
        if steps > 0 {
            self.entering = None;
        }
        self.simulation.run(steps, Some(&mut self.trace));
        if let Some(stop) = self.simulation.stopped()
            && self.message.is_none()
        {
            self.message = Some(Message { text: stop.reason.sentence().into(), is_error: true });
        }
    }

    /// The presets of this model, and the place of the loaded one among them.
    #[must_use]
    pub fn place(&self) -> (Vec<&'static str>, Option<usize>) {
        let model = self.setup.neuron.card().id;
        let ids: Vec<&str> = preset::entries().iter().filter(|e| e.file.model == model).map(|e| e.id.as_str()).collect();
        let place = self.preset_id.as_deref().and_then(|id| ids.iter().position(|x| *x == id));
        (ids, place)
    }

    /// Begins again at t = 0.
    fn restart(&mut self) {
        self.pulses.clear();
        self.simulation = self.setup.simulation();
        self.trace = Trace::new(self.setup.neuron.dim(), MEMORY);
        self.past = Past::new(&self.setup.params);
        self.cursor = None;
        self.owed = 0.0;
        self.pause_at = f64::INFINITY;
        (self.touched, self.altered) = (0.0, 0.0);
        self.record();
    }

    /// Records the present point, which a hand has moved.
    fn record(&mut self) {
        let current = self.simulation.entering();
        self.entering = None;
        self.trace.point(self.simulation.time(), self.simulation.state(), current);
    }
}

/// A speed at which the run of a setup takes about ten seconds.
fn comfortable_speed(setup: &Setup) -> f64 {
    let wanted = setup.duration / 10.0;
    let decade = 10.0_f64.powf(wanted.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0];
    let chosen = steps.into_iter().map(|s| s * decade).rfind(|s| *s <= wanted * 1.0001).unwrap_or(decade);
    chosen.clamp(SPEEDS.0, SPEEDS.1)
}

/// A pulse that a neuron of this kind feels: most of what its slider shows, for a fiftieth of its run.
fn natural_pulse(setup: &Setup) -> PulseShape {
    let shown = setup.neuron.card().current.shown;
    let digits = |x: f64| {
        let unit = 10.0_f64.powf(x.abs().log10().floor());
        (x / unit).round() * unit
    };
    PulseShape { amplitude: digits(0.8 * shown.1), width: digits(0.02 * setup.duration) }
}
impl Workbench {
    /// True if the method can be used with this model.
    #[must_use]
    pub fn allows(&self, method: Method) -> bool {
        method != Method::EulerPublished || self.setup.neuron.card().published_euler
    }
}
