//! A checked choice of model, values, stimulus and run: what a preset says, ready to be used.

use super::file::{Expect, Experiment, File, Given, Lesson, Values};
use super::{Error, Value, brief};
use crate::analysis::{Family, Over};
use crate::experiment::{Chosen, Preparation, Subject};
use crate::model::{self, Dynamics, Field};
use crate::sim::{Method, Simulation};
use crate::stimulus::{Input, Item};

/// A run may have at most this many steps.
pub const MOST_STEPS: f64 = 1e8;

/// Everything that defines a run and how it is shown. Values are always inside the model's tables.
#[derive(Clone)]
pub struct Setup {
    /// The model.
    pub neuron: &'static dyn Dynamics,
    /// One value per parameter.
    pub params: Vec<f64>,
    /// Given initial states; `None` takes the table's V, or the steady value there.
    pub initial: Vec<Option<f64>>,
    /// Constant current.
    pub current: f64,
    /// What is added to it.
    pub stimulus: Vec<Item>,
    /// Length of a run in ms.
    pub duration: f64,
    /// Step in ms.
    pub dt: f64,
    /// How a step is taken.
    pub method: Method,
    /// Seed of the run's random numbers.
    pub seed: u64,
    /// What is done with the neuron beside its plain run.
    pub experiment: Option<Chosen>,
    /// What is said about it and kept with it.
    pub words: Words,
}

/// The parts of a preset that do not change what is computed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Words {
    /// Short title.
    pub title: Option<String>,
    /// What to look at.
    pub shows: Option<String>,
    /// Where the values come from.
    pub source: Option<String>,
    /// Longer explanation, Markdown.
    pub notes: Option<String>,
    /// How the window showed it.
    pub view: Option<Value>,
    /// What a run must give.
    pub expect: Option<Expect>,
    /// An experiment that this version does not know: kept as it is written.
    pub experiment: Option<Experiment>,
    /// Presets to stand beside this one.
    pub compare: Option<Vec<Value>>,
    /// What a lesson shows.
    pub lesson: Option<Lesson>,
}

impl PartialEq for Setup {
    fn eq(&self, other: &Self) -> bool {
        self.same_run(other) && self.experiment == other.experiment && self.words == other.words
    }
}

fn invalid(sentence: impl Into<String>) -> Error {
    Error::Value(sentence.into())
}

impl Setup {
    /// A model with everything at its default.
    #[must_use]
    pub fn of_model(neuron: &'static dyn Dynamics) -> Self {
        let card = neuron.card();
        Self {
            neuron,
            params: neuron.defaults(),
            initial: vec![None; neuron.dim()],
            current: card.current.default,
            stimulus: Vec::new(),
            duration: card.duration,
            dt: card.dt,
            method: Method::Rk4,
            seed: 1,
            experiment: None,
            words: Words::default(),
        }
    }

    /// Checks a file's content against the model's tables.
    ///
    /// # Errors
    /// [`Error`] with a sentence for the user.
    pub fn from_file(file: File) -> Result<Self, Error> {
        if file.schema != 1 {
            return Err(invalid(format!("schema {} is not known; this version reads schema 1", file.schema)));
        }
        let neuron = model::find(&file.model)
            .ok_or_else(|| Error::Model(brief(&file.model), model::all().iter().map(|m| m.card().id).collect::<Vec<_>>().join(", ")))?;
        let mut setup = Self::of_model(neuron);
        for (id, value) in file.parameters.unwrap_or_default().0 {
            let index = Field::position(neuron.params(), &id).ok_or_else(|| {
                invalid(format!("{} has no parameter {:?}; its parameters are {}", file.model, brief(&id), Field::ids(neuron.params())))
            })?;
            setup.params[index] = value.of(&neuron.params()[index])?;
        }
        for (id, value) in file.initial.unwrap_or_default().0 {
            let known = Field::position(neuron.states(), &id).and_then(|index| neuron.states().get(index));
            let value = known.map_or(Ok(0.0), |field| value.of(field))?;
            setup.init(&id, value)?;
        }
        setup.current = file.current.unwrap_or(setup.current);
        setup.stimulus = file.stimulus.unwrap_or_default();
        setup.duration = file.duration.unwrap_or(setup.duration);
        setup.dt = file.dt.unwrap_or_else(|| setup.dt.min(setup.duration));
        setup.method = file.method.unwrap_or_default();
        setup.seed = file.seed.unwrap_or(setup.seed);
        setup.experiment = super::experiment::chosen(file.experiment.as_ref(), neuron)?;
        setup.words = Words {
            title: file.title,
            shows: file.shows,
            source: file.source,
            notes: file.notes,
            view: file.view,
            expect: file.expect,
            experiment: file.experiment.filter(|_| setup.experiment.is_none()),
            compare: file.compare,
            lesson: file.lesson,
        };
        setup.check()?;
        setup.check_diagram()?;
        super::experiment::check(&setup)?;
        Ok(setup)
    }

    /// The file that says the same, every parameter written out.
    #[must_use]
    pub fn to_file(&self) -> File {
        let named = |(field, value): (&Field, &f64)| (field.id.to_string(), Given::value(field, *value));
        let parameters = self.neuron.params().iter().zip(&self.params).map(named).collect();
        let initial: Vec<(String, Given)> =
            self.neuron.states().iter().zip(&self.initial).filter_map(|(f, v)| Some((f.id.to_string(), Given::Number((*v)?)))).collect();
        let words = self.words.clone();
        File {
            schema: 1,
            model: self.neuron.card().id.to_string(),
            title: words.title,
            shows: words.shows,
            source: words.source,
            notes: words.notes,
            parameters: Some(Values(parameters)),
            initial: (!initial.is_empty()).then_some(Values(initial)),
            current: Some(self.current),
            stimulus: (!self.stimulus.is_empty()).then(|| self.stimulus.clone()),
            duration: Some(self.duration),
            dt: Some(self.dt),
            method: (self.method != Method::Rk4).then_some(self.method),
            seed: (self.seed != 1).then_some(self.seed),
            view: words.view,
            expect: words.expect,
            experiment: self.experiment.as_ref().map(super::experiment::written).or(words.experiment),
            compare: words.compare,
            lesson: words.lesson,
        }
    }

    /// The preset as text.
    #[must_use]
    pub fn to_json(&self) -> String {
        // A `File` has string keys and finite numbers only, so serialisation cannot fail.
        serde_json::to_string_pretty(&self.to_file()).map_or_else(|_| String::new(), |text| text + "\n")
    }

    /// True if both define the same run.
    #[must_use]
    pub fn same_run(&self, other: &Self) -> bool {
        let key = |s: &Self| (s.neuron.card().id, s.method, s.seed, s.current.to_bits(), s.duration.to_bits(), s.dt.to_bits());
        key(self) == key(other) && self.params == other.params && self.initial == other.initial && self.stimulus == other.stimulus
    }

    /// Sets a parameter or `I` by id.
    ///
    /// # Errors
    /// [`Error`] if there is no such id or the value is out of range.
    pub fn set(&mut self, id: &str, value: f64) -> Result<(), Error> {
        let card = self.neuron.card();
        if id == card.current.id {
            card.current.check(value).map_err(invalid)?;
            self.current = value;
            return Ok(());
        }
        let index = Field::position(self.neuron.params(), id)
            .ok_or_else(|| invalid(format!("{} has no parameter {id:?}; allowed are I, {}", card.id, Field::ids(self.neuron.params()))))?;
        self.neuron.params()[index].check(value).map_err(invalid)?;
        self.params[index] = value;
        Ok(())
    }

    /// Sets a parameter or `I` by id from text: a number, or a name where the quantity is a choice.
    ///
    /// # Errors
    /// [`Error`] if there is no such id or the value is not allowed.
    pub fn set_text(&mut self, id: &str, text: &str) -> Result<(), Error> {
        let table = self.neuron.params();
        let field = Field::position(table, id).map_or(&self.neuron.card().current, |index| &table[index]);
        // An id that nothing has is refused where it is set.
        let value = if id == field.id { field.read(text).map_err(|e| invalid(brief(&e)))? } else { 0.0 };
        self.set(id, value)
    }

    /// Sets an initial state by id.
    ///
    /// # Errors
    /// [`Error`] if there is no such state or the value is out of range.
    pub fn init(&mut self, id: &str, value: f64) -> Result<(), Error> {
        let states = self.neuron.states();
        let index = Field::position(states, id)
            .ok_or_else(|| invalid(format!("{} has no state {:?}; its states are {}", self.neuron.card().id, brief(id), Field::ids(states))))?;
        states[index].check(value).map_err(invalid)?;
        self.initial[index] = Some(value);
        Ok(())
    }

    /// Checks everything that must hold before a run.
    ///
    /// # Errors
    /// [`Error`] with a sentence on the first thing that does not.
    pub fn check(&self) -> Result<(), Error> {
        for (field, value) in self.neuron.params().iter().zip(&self.params) {
            field.check(*value).map_err(invalid)?;
        }
        self.neuron.card().current.check(self.current).map_err(invalid)?;
        self.neuron.check(&self.params).map_err(invalid)?;
        for (place, item) in self.stimulus.iter().enumerate() {
            item.check(place + 1).map_err(|problem| invalid(problem.to_string()))?;
        }
        self.check_time()?;
        for (place, item) in self.stimulus.iter().enumerate() {
            let events = item.events(self.duration, self.neuron.card().per_second());
            if events > MOST_STEPS {
                return Err(invalid(format!("stimulus {}: {events:.3e} pulses or spikes within the duration; at most 1e8 are allowed", place + 1)));
            }
        }
        if self.method == Method::EulerPublished && !self.neuron.card().published_euler {
            return Err(invalid(format!("method euler_published is for the Izhikevich forms; {} takes rk4 or euler", self.neuron.card().id)));
        }
        self.check_words()
    }

    fn check_time(&self) -> Result<(), Error> {
        let (dt, duration) = (self.dt, self.duration);
        if !(duration.is_finite() && duration > 0.0) {
            return Err(invalid(format!("duration = {duration} must be above 0")));
        }
        if !(dt.is_finite() && dt > 0.0 && dt <= duration) {
            return Err(invalid(format!("dt = {dt} must be above 0 and not above the duration, {duration}")));
        }
        if duration / dt > MOST_STEPS * (1.0 + 1e-9) {
            return Err(invalid(format!("duration {duration} over dt {dt} makes {:.3e} steps; at most 1e8 are allowed", duration / dt)));
        }
        Ok(())
    }

    fn check_words(&self) -> Result<(), Error> {
        let Some(expect) = &self.words.expect else { return Ok(()) };
        let numbers = expect.spike_times.iter().flatten().chain(expect.rate.iter().flatten()).chain(&expect.tolerance);
        if let Some(x) = numbers.into_iter().find(|x| !x.is_finite()) {
            return Err(invalid(format!("expect: {x} must be a finite number")));
        }
        match expect.tolerance {
            Some(tolerance) if tolerance < 0.0 => Err(invalid(format!("expect: tolerance = {tolerance} must be 0 or more"))),
            _ => Ok(()),
        }
    }

    /// Checks what is expected of a bifurcation diagram.
    fn check_diagram(&self) -> Result<(), Error> {
        let Some(expect) = &self.words.expect else { return Ok(()) };
        let Some(sweep) = &expect.over else {
            return match expect.special_points {
                Some(_) => Err(invalid("expect: special_points needs over, the quantity and range of the diagram, such as \"I=0:10\"")),
                None => Ok(()),
            };
        };
        sweep.check(self).map_err(|e| invalid(format!("expect: over: {e}")))?;
        expect.special_points.iter().flatten().try_for_each(|point| point.check(sweep))
    }

    /// The state at t = 0.
    #[must_use]
    pub fn start(&self) -> Vec<f64> {
        let v = self.initial.first().copied().flatten().unwrap_or_else(|| self.neuron.start(&self.params));
        let mut x = vec![0.0; self.neuron.dim()];
        self.neuron.steady(v, &self.params, &mut x);
        for (x, given) in x.iter_mut().zip(&self.initial) {
            *x = given.unwrap_or(*x);
        }
        if let Some(place) = self.neuron.chance()
            && self.initial.get(place).is_some_and(Option::is_none)
        {
            let first = crate::stimulus::chance(self.seed, 0, self.neuron.leg(&x));
            x.iter_mut().skip(place).take(1).for_each(|h| *h = -first);
        }
        x
    }

    /// The stimulus made ready for stepping.
    #[must_use]
    pub fn input(&self) -> Input {
        Input::new(&self.stimulus, self.seed, self.dt, self.neuron.card().per_second())
    }

    /// The run at t = 0.
    #[must_use]
    pub fn simulation(&self) -> Simulation {
        Simulation::new(self.neuron, &self.params, self.current, self.input(), self.method, self.dt, &self.start())
    }

    /// The neuron made ready for experiments, which bring their own input.
    #[must_use]
    pub fn preparation(&self) -> Preparation {
        Preparation { neuron: self.neuron, params: self.params.clone(), start: self.start(), dt: self.dt, method: self.method }
    }

    /// The neuron made ready for an experiment, with everything the setup says about a run.
    #[must_use]
    pub fn subject(&self) -> Subject {
        Subject { prep: self.preparation(), current: self.current, stimulus: self.stimulus.clone(), duration: self.duration, seed: self.seed }
    }

    /// The family of models with one quantity of this one varied.
    #[must_use]
    pub fn family(&self, over: Over) -> Family<'static> {
        Family::new(self.neuron, &self.params, self.current, over)
    }

    /// What the setup is called: its title, or the model's.
    #[must_use]
    pub fn title(&self) -> &str {
        self.words.title.as_deref().unwrap_or(self.neuron.card().title)
    }
}
