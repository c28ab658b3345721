//! What the user chose, and the neuron that runs by it. Changed only by commands.

use std::path::PathBuf;

use super::command::Command;
use super::history::History;
use crate::model;
use crate::preset::{self, Setup};
use crate::sim::{Method, Simulation, Sink, Trace};
use crate::stimulus::Item;

/// Points of the past that are kept.
const MEMORY: usize = 1_000_000;
/// Steps per frame at most: longer runs slip in time rather than hold up the frame.
const MOST_STEPS_A_FRAME: f64 = 6_000.0;
/// Slowest and fastest speed in ms of model time per second.
pub const SPEEDS: (f64, f64) = (0.1, 5_000.0);
/// Pulses given by hand that are remembered.
const MOST_PULSES: usize = 32;

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
    playing: bool,
    speed: f64,
    /// Model time owed to the clock, in ms.
    owed: f64,
    /// Time at which a run of exactly one duration pauses.
    pause_at: f64,
    cursor: Option<f64>,
    pulses: Vec<Item>,
    pulse: PulseShape,
    message: Option<Message>,
    /// When the neuron or its input was last changed by hand, in ms.
    changed_at: f64,
}

impl Workbench {
    /// A workbench on this setup, paused at t = 0; `preset_id` if it came from the library.
    #[must_use]
    pub fn new(setup: Setup, preset_id: Option<String>) -> Self {
        let mut bench = Self {
            simulation: setup.simulation(),
            trace: Trace::new(setup.neuron.dim(), MEMORY),
            loaded: setup.clone(),
            preset_id,
            history: History::default(),
            playing: false,
            speed: comfortable_speed(&setup),
            owed: 0.0,
            pause_at: f64::INFINITY,
            cursor: None,
            pulses: Vec::new(),
            pulse: natural_pulse(&setup),
            message: None,
            changed_at: 0.0,
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
        !self.setup.same_run(&self.loaded)
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

    /// What to tell the user.
    #[must_use]
    pub fn message(&self) -> Option<&Message> {
        self.message.as_ref()
    }

    /// The time looked at while scrubbing; `None` at the newest point.
    #[must_use]
    pub fn cursor(&self) -> Option<f64> {
        self.cursor
    }

    /// When the neuron or its state was last changed by hand, in ms.
    #[must_use]
    pub fn changed_at(&self) -> f64 {
        self.changed_at
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
        (self.trace.time(index), self.trace.state(index), self.trace.value(index, 0))
    }

    /// True if there is something to take back, and something to make again.
    #[must_use]
    pub fn can_undo_redo(&self) -> (bool, bool) {
        (self.history.can_undo(), self.history.can_redo())
    }

    /// Lets `seconds` of real time pass.
    pub fn advance(&mut self, seconds: f64) {
        if !self.playing || self.cursor.is_some() {
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
        self.simulation.run(steps, Some(&mut self.trace));
        if let Some(stop) = self.simulation.stopped()
            && self.message.is_none()
        {
            self.message = Some(Message { text: stop.reason.sentence().into(), is_error: true });
        }
    }

    /// Does what a command asks for.
    pub fn apply(&mut self, command: Command) {
        let before = self.setup.clone();
        let topic = History::topic(&command);
        match self.change(command) {
            Ok(()) => self.history.note(topic, &before, &self.setup),
            Err(text) => {
                self.message = Some(Message { text, is_error: true });
            }
        }
    }

    fn change(&mut self, command: Command) -> Result<(), String> {
        match command {
            Command::Undo => self.travel(|history, now| history.undo(now)),
            Command::Redo => self.travel(|history, now| history.redo(now)),
            Command::Settle => self.history.settle(),
            Command::Dismiss => self.message = None,
            Command::Model(id) => {
                let neuron = model::find(id).ok_or_else(|| format!("there is no model {id:?}"))?;
                self.load(Setup::of_model(neuron), None);
            }
            Command::Preset(id) => {
                let setup = preset::embedded(&id).ok_or_else(|| format!("there is no preset {id:?}"))?;
                self.load(setup, Some(id));
            }
            Command::Neighbour(by) => self.load_neighbour(by),
            Command::Open(path) => {
                let setup = preset::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
                self.load(setup, None);
            }
            Command::Bytes { name, bytes } => {
                let setup = preset::parse_bytes(&bytes).map_err(|e| format!("{name}: {e}"))?;
                self.load(setup, None);
            }
            Command::Save(path) => self.save(&path)?,
            Command::Play(play) => self.play(play),
            Command::Step => self.step(),
            Command::Restart => self.restart(),
            Command::RunOnce => {
                self.restart();
                self.pause_at = self.setup.duration;
                self.playing = true;
            }
            Command::Speed(speed) if speed.is_nan() => {}
            Command::Speed(speed) => self.speed = speed.clamp(SPEEDS.0, SPEEDS.1),
            Command::Pulse => self.give_pulse(),
            Command::PulseShape(amplitude, width) => {
                if amplitude.is_finite() && width.is_finite() {
                    self.pulse = PulseShape { amplitude, width: width.max(self.setup.dt) };
                }
            }
            Command::Kick(by) => self.kick(by),
            Command::State(state) => self.put(&state)?,
            Command::Scrub(t) => self.scrub(t),
            other => self.edit(other)?,
        }
        Ok(())
    }

    /// Changes to the setup that keep the neuron running.
    fn edit(&mut self, command: Command) -> Result<(), String> {
        let mut next = self.setup.clone();
        let card = next.neuron.card();
        match command {
            Command::Param(index, value) => {
                let field = next.neuron.params().get(index).ok_or("there is no such parameter")?;
                field.check(value)?;
                next.params[index] = value;
            }
            Command::Current(value) => next.current = value,
            Command::Nudge(by) => next.current = (next.current + by).clamp(card.current.min, card.current.max),
            Command::Initial(index, value) => {
                if let Some(slot) = next.initial.get_mut(index) {
                    *slot = value;
                }
            }
            Command::Stimulus(items) => next.stimulus = items,
            Command::Dt(dt) => next.dt = dt,
            Command::Method(method) => next.method = method,
            Command::Seed(seed) => next.seed = seed,
            Command::Duration(duration) => next.duration = duration,
            Command::Revert => next = self.loaded.clone(),
            _ => {}
        }
        next.check().map_err(|e| e.to_string())?;
        self.setup = next;
        self.retune();
        if self.message.as_ref().is_some_and(|m| m.is_error) {
            self.message = None;
        }
        Ok(())
    }

    /// Lets the running neuron follow a changed setup.
    fn retune(&mut self) {
        if self.cursor.is_some() {
            self.resume_here();
        }
        let mut items = self.setup.clone();
        items.stimulus.extend(self.pulses.iter().cloned());
        let setup = &self.setup;
        self.changed_at = self.simulation.time();
        self.simulation.retune(&setup.params, setup.current, items.input(), setup.method, setup.dt);
    }

    fn load(&mut self, setup: Setup, preset_id: Option<String>) {
        let new_model = setup.neuron.card().id != self.setup.neuron.card().id;
        self.loaded = setup.clone();
        self.preset_id = preset_id;
        self.setup = setup;
        self.message = None;
        if new_model {
            self.speed = comfortable_speed(&self.setup);
        }
        self.pulse = natural_pulse(&self.setup);
        self.restart();
    }

    fn load_neighbour(&mut self, by: i32) {
        let (ids, place) = self.place();
        if ids.is_empty() {
            return;
        }
        let count = i32::try_from(ids.len()).unwrap_or(i32::MAX);
        let at = place.map_or(if by > 0 { -1 } else { 0 }, |p| i32::try_from(p).unwrap_or(0));
        let next = usize::try_from((at + by).rem_euclid(count)).unwrap_or(0);
        if let Some(setup) = preset::embedded(ids[next]) {
            self.load(setup, Some(ids[next].to_string()));
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

    fn travel(&mut self, step: impl FnOnce(&mut History, &Setup) -> Option<Setup>) {
        let Some(setup) = step(&mut self.history, &self.setup) else { return };
        let same_model = setup.neuron.card().id == self.setup.neuron.card().id;
        let same_words = setup.words == self.setup.words;
        self.setup = setup;
        if same_model && same_words {
            self.retune();
        } else {
            let entry = preset::entries().iter().find(|e| e.file.model == self.setup.neuron.card().id && e.file.title == self.setup.words.title);
            self.preset_id = entry.map(|e| e.id.clone());
            self.loaded = self.preset_id.as_deref().and_then(preset::embedded).unwrap_or_else(|| Setup::of_model(self.setup.neuron));
            self.restart();
        }
    }

    fn save(&mut self, path: &PathBuf) -> Result<(), String> {
        super::files::write_whole(path, self.setup.to_json().as_bytes()).map_err(|e| format!("cannot write {}: {e}", path.display()))?;
        self.loaded = self.setup.clone();
        self.message = Some(Message { text: format!("Saved {}", path.display()), is_error: false });
        Ok(())
    }

    fn play(&mut self, play: bool) {
        if play {
            self.resume_here();
        }
        self.playing = play;
        self.owed = 0.0;
    }

    fn step(&mut self) {
        self.playing = false;
        self.resume_here();
        self.run(1.0);
    }

    /// Makes the point looked at the newest: what comes after it will be recorded anew, and is the same again
    /// if nothing was changed.
    fn resume_here(&mut self) {
        let Some(cursor) = self.cursor.take() else { return };
        let index = self.trace.index_at(cursor).min(self.trace.len().saturating_sub(1));
        let (t, state) = (self.trace.time(index), self.trace.state(index));
        self.trace.cut_after(t);
        let held = self.held_until(t, &state);
        self.simulation.rewind(t, &state, held);
    }

    /// The end of the refractory period that the recorded `state` at `t` lies in, if it does: its V is then still
    /// exactly the one of the last reset.
    fn held_until(&self, t: f64, state: &[f64]) -> Option<f64> {
        let spike = self.trace.spikes().back()?;
        let unmoved = spike.after.first()?.to_bits() == state.first()?.to_bits();
        let hold = self.setup.neuron.reset(&mut spike.before.clone(), &self.setup.params)?;
        Some(spike.t + hold.0).filter(|end| unmoved && *end > t)
    }

    fn scrub(&mut self, t: Option<f64>) {
        let (from, to) = self.trace.span();
        self.cursor = t.map(|t| t.clamp(from, to)).filter(|t| *t < to);
        if self.cursor.is_some() {
            self.playing = false;
        }
    }

    /// Begins again at t = 0.
    fn restart(&mut self) {
        self.pulses.clear();
        self.simulation = self.setup.simulation();
        self.trace = Trace::new(self.setup.neuron.dim(), MEMORY);
        self.cursor = None;
        self.owed = 0.0;
        self.changed_at = 0.0;
        self.pause_at = f64::INFINITY;
        self.record();
    }

    /// Records the present point, which a hand has moved.
    fn record(&mut self) {
        let current = self.simulation.entering();
        self.trace.point(self.simulation.time(), self.simulation.state(), current);
    }

    fn give_pulse(&mut self) {
        self.resume_here();
        let from = self.simulation.time();
        self.pulses.push(Item::Step { from, to: Some(from + self.pulse.width), amplitude: self.pulse.amplitude });
        if self.pulses.len() > MOST_PULSES {
            self.pulses.remove(0);
        }
        self.retune();
    }

    fn kick(&mut self, by: f64) {
        self.resume_here();
        let mut state = self.simulation.state().to_vec();
        if let (Some(v), Some(field)) = (state.first_mut(), self.setup.neuron.states().first()) {
            *v = (*v + by).clamp(field.min, field.max);
        }
        self.simulation.set_state(&state);
        self.record();
    }

    fn put(&mut self, state: &[f64]) -> Result<(), String> {
        self.resume_here();
        for (field, value) in self.setup.neuron.states().iter().zip(state) {
            field.check(*value)?;
        }
        if state.len() != self.setup.neuron.dim() {
            return Err(format!("a state of {} has {} values", self.setup.neuron.card().id, self.setup.neuron.dim()));
        }
        self.simulation.set_state(state);
        self.record();
        Ok(())
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

/// A pulse that a neuron of this kind feels: a fifth of what its slider shows, for a hundredth of its run.
fn natural_pulse(setup: &Setup) -> PulseShape {
    let shown = setup.neuron.card().current.shown;
    let digits = |x: f64| {
        let unit = 10.0_f64.powf(x.abs().log10().floor());
        (x / unit).round() * unit
    };
    PulseShape { amplitude: digits(0.4 * shown.1), width: digits(0.01 * setup.duration) }
}
impl Workbench {
    /// True if the method can be used with this model.
    #[must_use]
    pub fn allows(&self, method: Method) -> bool {
        method != Method::EulerPublished || self.setup.neuron.card().published_euler
    }
}
