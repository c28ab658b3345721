//! What each command does to the workbench.

use std::io::Write as _;
use std::path::Path;

use super::{Message, PulseShape, SPEEDS, Workbench, comfortable_speed, natural_pulse};
use crate::app::command::Command;
use crate::app::convention;
use crate::app::files::Draft;
use crate::app::history::{History, Moment};
use crate::app::normalised;
use crate::experiment::{Chosen, protocols};
use crate::model::{self, Field};
use crate::preset::{self, Setup};
use crate::stimulus::Item;

/// Pulses given by hand that are remembered.
const MOST_PULSES: usize = 32;
/// Orbits that are kept; the oldest makes room.
const MOST_ORBITS: usize = 8;

impl Workbench {
    /// Does what a command asks for.
    pub fn apply(&mut self, command: Command) {
        let before = self.moment();
        let topic = History::topic(&command);
        match self.change(command) {
            Ok(()) => {
                let after = self.moment();
                self.history.note(topic, &before, &after);
            }
            Err(text) => {
                self.message = Some(Message { text, is_error: true });
            }
        }
    }

    fn change(&mut self, command: Command) -> Result<(), String> {
        match command {
            Command::Undo => self.travel(History::undo),
            Command::Redo => self.travel(History::redo),
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
            Command::Convention => {
                let other = convention::other(&self.setup).or_else(|| normalised::other(&self.setup, &self.loaded));
                let other = other.ok_or("this model counts its potential one way only")?;
                other.check().map_err(|e| e.to_string())?;
                self.setup = other;
                self.recounts += 1;
                self.restart();
            }
            Command::Save(path) => self.save(&path)?,
            Command::ExportTrace(path) => self.export(&path)?,
            Command::Say(text, is_error) => self.message = Some(Message { text, is_error }),
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
            Command::Kick(by) => self.push(&[by]),
            Command::Push(by) => self.push(&by),
            Command::State(state) => self.put(&state)?,
            Command::Hold(state) => {
                self.put(&state)?;
                self.in_hand = true;
            }
            Command::Orbits(states) => self.keep_orbits(states)?,
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
            Command::Compare(ids) => next.words.compare = (!ids.is_empty()).then_some(ids),
            Command::Experiment(id) => next.experiment = self.choose(id)?,
            Command::Setting(index, value) => {
                let chosen = next.experiment.as_mut().ok_or("no experiment is chosen")?;
                let id = chosen.table.get(index).ok_or("there is no such setting")?.id;
                chosen.set(id, value)?;
            }
            Command::Place(index, times) => {
                let chosen = next.experiment.as_mut().ok_or("no experiment is chosen")?;
                let id = chosen.table.get(index).ok_or("there is no such setting")?.id;
                chosen.place(id, times)?;
            }
            Command::Revert => next = self.loaded.clone(),
            _ => {}
        }
        next.check().map_err(|e| e.to_string())?;
        let (runs_on, before) = (next.same_run(&self.setup), std::mem::replace(&mut self.setup, next));
        if !runs_on {
            self.retune();
            self.note_altered(&before);
        }
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
        self.touched = self.simulation.time();
        self.simulation.retune(&setup.params, setup.current, items.input(), setup.method, setup.dt);
        self.past.change(self.touched, &self.setup.params, self.trace.span().0);
        self.entering = Some(self.simulation.entering());
    }

    /// Keeps the time if parameters or the constant current are no longer those of the setup `before`.
    fn note_altered(&mut self, before: &Setup) {
        if before.params != self.setup.params || before.current.to_bits() != self.setup.current.to_bits() {
            self.altered = self.simulation.time();
        }
    }

    /// The experiment with this id, as the loaded preset has it or with its defaults for the present model.
    fn choose(&self, id: Option<&str>) -> Result<Option<Chosen>, String> {
        let Some(id) = id else { return Ok(None) };
        if let Some(kept) = self.loaded.experiment.as_ref().filter(|chosen| chosen.experiment.id == id) {
            return Ok(Some(kept.clone()));
        }
        let experiment = protocols::find(id).ok_or_else(|| format!("there is no experiment {id:?}"))?;
        Chosen::new(experiment, self.setup.neuron).map(Some)
    }

    fn load(&mut self, mut setup: Setup, preset_id: Option<String>) {
        self.loaded = setup.clone();
        self.preset_id = preset_id;
        // What is being done goes on with the next neuron, with settings in that neuron's units.
        if let (None, Some(before)) = (&setup.experiment, &self.setup.experiment) {
            let same_model = setup.neuron.card().id == self.setup.neuron.card().id;
            setup.experiment = if same_model { Some(before.clone()) } else { Chosen::new(before.experiment, setup.neuron).ok() };
        }
        self.setup = setup;
        self.message = None;
        self.loads += 1;
        self.orbits.clear();
        self.speed = comfortable_speed(&self.setup);
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

    fn moment(&self) -> Moment {
        Moment { setup: self.setup.clone(), orbits: self.orbits.clone() }
    }

    fn travel(&mut self, step: impl FnOnce(&mut History, &Moment) -> Option<Moment>) {
        let now = self.moment();
        let Some(Moment { setup, orbits }) = step(&mut self.history, &now) else { return };
        self.orbits = orbits;
        // What was said of a change does not outlive it.
        self.message = None;
        if setup == self.setup {
            // Only the orbits differ: the run, and the past that is looked at, stay as they are.
            return;
        }
        let same_model = setup.neuron.card().id == self.setup.neuron.card().id;
        let same_words = setup.words.title == self.setup.words.title && setup.words.source == self.setup.words.source;
        let counted = |setup: &Setup| (convention::shift(setup), normalised::is_normalised(setup));
        let same_zero = counted(&setup) == counted(&self.setup);
        let before = std::mem::replace(&mut self.setup, setup);
        if same_model && same_words && !same_zero {
            self.recounts += 1;
            self.restart();
        } else if same_model && same_words {
            self.retune();
            self.note_altered(&before);
        } else {
            let entry = preset::entries().iter().find(|e| e.file.model == self.setup.neuron.card().id && e.file.title == self.setup.words.title);
            self.preset_id = entry.map(|e| e.id.clone());
            self.loaded = self.preset_id.as_deref().and_then(preset::embedded).unwrap_or_else(|| Setup::of_model(self.setup.neuron));
            self.loads += 1;
            self.restart();
        }
    }

    fn save(&mut self, path: &Path) -> Result<(), String> {
        crate::app::files::write_whole(path, self.setup.to_json().as_bytes()).map_err(|e| format!("cannot write {}: {e}", path.display()))?;
        self.loaded = self.setup.clone();
        self.message = Some(Message { text: format!("Saved {}", path.display()), is_error: false });
        Ok(())
    }

    /// Writes the recorded past as rows of t, I and the states.
    fn export(&mut self, path: &Path) -> Result<(), String> {
        let refuse = |e: std::io::Error| format!("cannot write {}: {e}", path.display());
        let mut file = Draft::new(path).map_err(refuse)?;
        let ids = Field::ids(self.setup.neuron.states()).replace(", ", ",");
        writeln!(file, "t,I,{ids}").map_err(refuse)?;
        for index in 0..self.trace.len() {
            write!(file, "{},{}", self.trace.time(index), self.trace.value(index, 0)).map_err(refuse)?;
            for x in self.trace.state(index) {
                write!(file, ",{x}").map_err(refuse)?;
            }
            writeln!(file).map_err(refuse)?;
        }
        file.finish().map_err(refuse)?;
        self.message = Some(Message { text: format!("Wrote {} points to {}", self.trace.len(), path.display()), is_error: false });
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
        let later = self.trace.spikes().iter().rev().take_while(|spike| spike.t > t).count();
        let before = self.simulation.spikes().saturating_sub(later as u64);
        self.trace.cut_after(index);
        self.past.change(t, &self.setup.params, self.trace.span().0);
        self.altered = self.altered.min(t);
        self.simulation.rewind(t, &state);
        self.simulation.recount(before);
        if let Some(end) = self.held_until(t, &state) {
            self.simulation.hold_until(end);
        }
    }

    /// The end of the refractory period that the recorded `state` at `t` lies in, if it does: its V is then still
    /// exactly the one of the last reset before.
    pub(super) fn held_until(&self, t: f64, state: &[f64]) -> Option<f64> {
        let spikes = self.trace.spikes();
        let spike = spikes.get(spikes.partition_point(|s| s.t <= t).checked_sub(1)?)?;
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

    fn give_pulse(&mut self) {
        self.resume_here();
        let from = self.simulation.time();
        self.pulses.push(Item::Step { from, to: Some(from + self.pulse.width), amplitude: self.pulse.amplitude });
        if self.pulses.len() > MOST_PULSES {
            self.pulses.remove(0);
        }
        self.retune();
    }

    /// Moves the first states by these amounts, as far as their tables allow.
    fn push(&mut self, by: &[f64]) {
        self.resume_here();
        let mut state = self.simulation.state().to_vec();
        for ((x, by), field) in state.iter_mut().zip(by).zip(self.setup.neuron.states()) {
            *x = (*x + if by.is_finite() { *by } else { 0.0 }).clamp(field.min, field.max);
        }
        self.onto_places(&mut state);
        self.simulation.set_state(&state);
        self.touched = self.simulation.time();
        self.record();
    }

    fn put(&mut self, state: &[f64]) -> Result<(), String> {
        self.check_state(state)?;
        self.resume_here();
        let mut state = state.to_vec();
        self.onto_places(&mut state);
        self.simulation.set_state(&state);
        self.touched = self.simulation.time();
        self.entering = None;
        self.trace.put(self.touched, &state, self.simulation.entering());
        Ok(())
    }

    /// A chain of states has nothing between its places.
    fn onto_places(&self, state: &mut [f64]) {
        if let Some(first) = state.first_mut().filter(|_| !self.setup.neuron.places().is_empty()) {
            *first = first.round();
        }
    }

    fn keep_orbits(&mut self, mut states: Vec<Vec<f64>>) -> Result<(), String> {
        states.iter().try_for_each(|state| self.check_state(state))?;
        let spare = states.len().saturating_sub(MOST_ORBITS);
        states.drain(..spare);
        self.orbits = states;
        Ok(())
    }

    fn check_state(&self, state: &[f64]) -> Result<(), String> {
        for (field, value) in self.setup.neuron.states().iter().zip(state) {
            field.check(*value)?;
        }
        if state.len() != self.setup.neuron.dim() {
            return Err(format!("a state of {} has {} values", self.setup.neuron.card().id, self.setup.neuron.dim()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_of_states_is_never_put_between_its_places() {
        let mut bench = Workbench::new(preset::embedded("markov/beside_equation").expect("a preset"), None);
        for (command, place) in
            [(Command::State(vec![1.4, -0.5]), 1.0), (Command::Kick(0.6), 2.0), (Command::Kick(1.0), 2.0), (Command::Hold(vec![0.3, -1.0]), 0.0)]
        {
            let text = format!("{command:?}");
            bench.apply(command);
            assert_eq!(bench.shown().1[0], place, "{text}");
        }
    }
}
