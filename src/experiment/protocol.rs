//! What all experiments have in common: a subject, a table of settings, a way to be stopped, and a report.
//!
//! An experiment is one file in `protocols` and one line of its registry. Window, command line and presets read the
//! same table of settings and draw or print the same report, so that none of them knows one experiment from another.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;

use super::Preparation;
use super::report::Report;
use super::statistics::significant;
use crate::model::{Dynamics, Field, Kind};
use crate::stimulus::Item;

/// The neuron under study, with everything its setup says about a run.
#[derive(Clone)]
pub struct Subject {
    /// The neuron.
    pub prep: Preparation,
    /// Constant current.
    pub current: f64,
    /// What is added to it in a plain run; most experiments bring their own.
    pub stimulus: Vec<Item>,
    /// Length of a plain run in ms.
    pub duration: f64,
    /// Seed of the random numbers.
    pub seed: u64,
}

/// One experiment.
pub struct Experiment {
    /// Stable ASCII id.
    pub id: &'static str,
    /// Name in sentence case.
    pub title: &'static str,
    /// What it asks, in one sentence.
    pub shows: &'static str,
    /// Where the protocol comes from.
    pub source: &'static str,
    /// Whether it can be done with a model; the sentence says what it needs.
    pub suits: fn(&dyn Dynamics) -> Result<(), String>,
    /// The table of its settings for a model: units and defaults are that model's.
    pub settings: fn(&'static dyn Dynamics) -> Vec<Field>,
    /// Does it.
    pub run: fn(&Bench) -> Report,
}

impl Experiment {
    /// The table of its settings for a model, with defaults of four figures: more would claim a meaning that they do not have.
    #[must_use]
    pub fn table(&self, neuron: &'static dyn Dynamics) -> Vec<Field> {
        let rounded = |f: Field| Field { default: significant(f.default, 4).clamp(f.min, f.max), ..f };
        (self.settings)(neuron).into_iter().map(rounded).collect()
    }
}

impl PartialEq for Experiment {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl std::fmt::Debug for Experiment {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(self.id)
    }
}

/// For experiments that count spikes.
///
/// # Errors
/// A sentence for units that have none.
pub fn spiking(neuron: &dyn Dynamics) -> Result<(), String> {
    if neuron.fires() { Ok(()) } else { Err(format!("{} has no spikes, which this counts", neuron.card().id)) }
}

/// For experiments that ask which stimulus makes a neuron fire.
///
/// # Errors
/// A sentence for units without spikes and for neurons that fire by chance.
pub fn spiking_not_by_chance(neuron: &dyn Dynamics) -> Result<(), String> {
    spiking(neuron)?;
    not_by_chance(neuron)
}

/// For experiments that ask what the same stimulus does again.
///
/// # Errors
/// A sentence for neurons that fire by chance.
pub fn not_by_chance(neuron: &dyn Dynamics) -> Result<(), String> {
    match neuron.chance() {
        None => Ok(()),
        Some(_) => Err(format!("{} fires by chance: the same stimulus does something else each time", neuron.card().id)),
    }
}

/// A row of a table of settings. Slider ranges are `shown`, hard limits are `range`.
#[must_use]
pub const fn setting(
    id: &'static str,
    symbol: &'static str,
    unit: &'static str,
    default: f64,
    range: [f64; 2],
    shown: (f64, f64),
    meaning: &'static str,
) -> Field {
    Field { id, symbol, unit, default, min: range[0], max: range[1], shown, kind: Kind::Parameter, choices: &[], is_count: false, meaning }
}

/// A row of a table of settings that counts something: a whole number.
#[must_use]
pub const fn counted(id: &'static str, symbol: &'static str, default: f64, range: [f64; 2], shown: (f64, f64), meaning: &'static str) -> Field {
    Field { is_count: true, ..setting(id, symbol, "", default, range, shown, meaning) }
}

/// A row of a table of settings that is a choice between names; its value, and `default`, is the place in the list.
#[must_use]
pub const fn choice(id: &'static str, symbol: &'static str, choices: &'static [&'static str], default: f64, meaning: &'static str) -> Field {
    Field { id, symbol, unit: "", default, min: 0.0, max: 1e3, shown: (0.0, 1.0), kind: Kind::Parameter, choices, is_count: false, meaning }
}

/// The name that a choice between kinds of spike trains has for times placed by hand.
pub const BY_HAND: &str = "by_hand";
/// A hand places at most so many spikes in a train.
const MOST_PLACED: usize = 1000;

/// An experiment about to be done: subject, settings, helpers, and the wish to stop.
pub struct Bench<'a> {
    /// The neuron under study.
    pub subject: &'a Subject,
    table: &'a [Field],
    values: &'a [f64],
    placed: &'a BTreeMap<String, Vec<f64>>,
    /// Threads that may work at once.
    threads: usize,
    /// Told the fraction done; false once nobody waits any longer.
    watch: &'a (dyn Fn(f64) -> bool + Sync),
    stopped: AtomicBool,
    /// The largest fraction told so far, as bits: those of positive numbers are in their order.
    done: AtomicU64,
}

impl Bench<'_> {
    /// The neuron model.
    #[must_use]
    pub fn neuron(&self) -> &'static dyn Dynamics {
        self.subject.prep.neuron
    }

    /// The value of a setting.
    ///
    /// A setting that the table does not have reads as NaN, which a test over the sources of all experiments finds.
    #[must_use]
    pub fn setting(&self, id: &str) -> f64 {
        Field::position(self.table, id).and_then(|k| self.values.get(k)).copied().unwrap_or(f64::NAN)
    }

    /// A setting that counts something.
    #[must_use]
    pub fn count(&self, id: &str) -> usize {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "settings are inside their tables")]
        let count = self.setting(id).round().clamp(0.0, 1e6) as usize;
        count
    }

    /// The times in ms that were placed by hand for a choice between kinds of trains, in order.
    #[must_use]
    pub fn placed(&self, id: &str) -> &[f64] {
        self.placed.get(id).map_or(&[], Vec::as_slice)
    }

    /// False once the work should end; `done` is the fraction behind it, 0 where it is not known. What is told never falls.
    pub fn go_on(&self, done: f64) -> bool {
        let bits = done.max(0.0).to_bits();
        let done = f64::from_bits(self.done.fetch_max(bits, Ordering::Relaxed).max(bits));
        let wanted = !self.stopped.load(Ordering::Relaxed) && (self.watch)(done);
        if !wanted {
            self.stopped.store(true, Ordering::Relaxed);
        }
        wanted
    }

    /// Does `count` independent pieces of work on the threads there are. Results come in order, whatever the number of
    /// threads; pieces not reached before the work was stopped are missing at the end.
    pub fn map<T: Send>(&self, count: usize, piece: impl Fn(usize) -> T + Sync) -> Vec<T> {
        let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let work = || {
            let mut mine = Vec::new();
            loop {
                let k = next.fetch_add(1, Ordering::Relaxed);
                #[expect(clippy::cast_precision_loss, reason = "at most some thousand pieces")]
                let part = done.load(Ordering::Relaxed) as f64 / count.max(1) as f64;
                if k >= count || !self.go_on(part) {
                    return mine;
                }
                mine.push((k, piece(k)));
                done.fetch_add(1, Ordering::Relaxed);
            }
        };
        let mut all = if self.threads < 2 || count < 2 {
            work()
        } else {
            thread::scope(|scope| {
                let others: Vec<_> = (1..self.threads.min(count)).map(|_| scope.spawn(work)).collect();
                let mut all = work();
                for other in others {
                    // A panic on another thread goes on in this one, where the caller's guard waits for it.
                    all.extend(other.join().unwrap_or_else(|payload| std::panic::resume_unwind(payload)));
                }
                all
            })
        };
        all.sort_by_key(|(k, _)| *k);
        // A gap would shift what comes after it.
        all.into_iter().enumerate().take_while(|(place, (k, _))| place == k).map(|(_, (_, piece))| piece).collect()
    }
}

/// An experiment chosen for a model, with a value for each setting: what a preset keeps.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// Which.
    pub experiment: &'static Experiment,
    /// Its table for the model.
    pub table: Vec<Field>,
    /// One value per row.
    pub values: Vec<f64>,
    /// Times in ms that were placed by hand, by the choice they belong to.
    pub placed: BTreeMap<String, Vec<f64>>,
}

impl Chosen {
    /// An experiment with its defaults for a model.
    ///
    /// # Errors
    /// A sentence if it cannot be done with this model.
    pub fn new(experiment: &'static Experiment, neuron: &'static dyn Dynamics) -> Result<Self, String> {
        (experiment.suits)(neuron)?;
        let table = experiment.table(neuron);
        let values = table.iter().map(|field| field.default).collect();
        Ok(Self { experiment, table, values, placed: BTreeMap::new() })
    }

    /// Sets one setting from text: a number, or where the setting is a choice a name or, for a train placed by hand, times with commas.
    ///
    /// # Errors
    /// A sentence if there is no such setting or the value is not allowed.
    pub fn set_text(&mut self, id: &str, text: &str) -> Result<(), String> {
        let field = self.field(id)?;
        if field.choices.contains(&BY_HAND)
            && let Ok(times) = text.split(',').map(|t| t.trim().parse()).collect::<Result<Vec<f64>, _>>()
        {
            return self.place(id, times);
        }
        let value = field.read(text)?;
        self.set(id, value)
    }

    /// Places the spikes of a train by hand, at these times in ms.
    ///
    /// # Errors
    /// A sentence if there is no such train or a time is not allowed.
    pub fn place(&mut self, id: &str, mut times: Vec<f64>) -> Result<(), String> {
        let field = self.field(id)?;
        let by_hand = field.named(BY_HAND).map_err(|_| format!("{id} is no spike train: it takes no list of times"))?;
        if let Some(t) = times.iter().find(|t| !(t.is_finite() && **t >= 0.0)) {
            return Err(format!("{id}: a spike at {t} ms is not after the start"));
        }
        if times.len() > MOST_PLACED {
            return Err(format!("{id}: {} spikes are more than the {MOST_PLACED} that can be placed by hand", times.len()));
        }
        times.sort_by(f64::total_cmp);
        self.placed.insert(id.to_string(), times);
        self.set(id, by_hand)
    }

    /// The times placed by hand for a train, if that is where its spikes come from.
    #[must_use]
    pub fn placed(&self, id: &str) -> Option<&[f64]> {
        let place = Field::position(&self.table, id)?;
        let is_by_hand = self.table.get(place)?.choice(*self.values.get(place)?) == Some(BY_HAND);
        is_by_hand.then(|| self.placed.get(id).map_or(&[] as &[f64], Vec::as_slice))
    }

    fn field(&self, id: &str) -> Result<&Field, String> {
        let names = || Field::ids(&self.table);
        let found = self.table.iter().find(|field| field.id == id);
        found.ok_or_else(|| format!("{} has no setting {id:?}; its settings are {}", self.experiment.id, names()))
    }

    /// Sets one setting.
    ///
    /// # Errors
    /// A sentence if there is no such setting or the value is not allowed.
    pub fn set(&mut self, id: &str, value: f64) -> Result<(), String> {
        self.field(id)?.check(value)?;
        for (field, slot) in self.table.iter().zip(&mut self.values) {
            if field.id == id {
                *slot = value;
            }
        }
        Ok(())
    }

    /// Does the experiment on up to `threads` threads. `watch` is told the fraction done and stops the work by returning
    /// false; the flag says whether it was stopped, and the report then holds what was found until then.
    #[must_use]
    pub fn run(&self, subject: &Subject, threads: usize, watch: &(dyn Fn(f64) -> bool + Sync)) -> (Report, bool) {
        let (stopped, done) = (AtomicBool::new(false), AtomicU64::new(0));
        let bench = Bench { subject, table: &self.table, values: &self.values, placed: &self.placed, threads, watch, stopped, done };
        let report = (self.experiment.run)(&bench);
        (report, bench.stopped.into_inner())
    }
}
