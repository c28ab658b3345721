//! The experiment of a preset: from the file to a checked choice and back.

use serde_json::{Map, Value};

use super::file::Experiment;
use super::{Error, Setup, brief};
use crate::experiment::{Chosen, protocols};
use crate::model::{Dynamics, Field};

/// The experiment a file names, checked against its table; `None` if there is none or this version does not know it.
pub(super) fn chosen(written: Option<&Experiment>, neuron: &'static dyn Dynamics) -> Result<Option<Chosen>, Error> {
    let Some(written) = written else { return Ok(None) };
    let Some(experiment) = protocols::find(&written.id) else { return Ok(None) };
    let refuse = |sentence: String| Error::Value(format!("experiment: {sentence}"));
    let mut chosen = Chosen::new(experiment, neuron).map_err(refuse)?;
    match &written.settings {
        None | Some(Value::Null) => {}
        Some(Value::Object(settings)) => {
            for (id, value) in settings {
                let set = match value {
                    Value::Number(number) => chosen.set(id, number.as_f64().unwrap_or(f64::NAN)),
                    Value::String(name) => chosen.set_text(id, &brief(name)),
                    Value::Array(times) => match times.iter().map(Value::as_f64).collect() {
                        Some(times) => chosen.place(id, times),
                        None => Err(format!("setting {:?} must be a list of numbers only", brief(id))),
                    },
                    _ => Err(format!("setting {:?} must be a number or a name, or for a train a list of times", brief(id))),
                };
                set.map_err(refuse)?;
            }
        }
        Some(_) => return Err(refuse("settings must be an object of names and numbers".into())),
    }
    Ok(Some(chosen))
}

/// The choice as a file says it, every setting written out; a train placed by hand as the list of its times.
pub(super) fn written(chosen: &Chosen) -> Experiment {
    let written = |(f, v): (&Field, &f64)| (f.id.to_string(), chosen.placed(f.id).map_or_else(|| value(f, *v), Value::from));
    let settings: Map<String, Value> = chosen.table.iter().zip(&chosen.values).map(written).collect();
    Experiment { id: chosen.experiment.id.to_string(), settings: Some(Value::Object(settings)) }
}

/// A value as it is written: a choice by its name.
fn value(field: &Field, value: f64) -> Value {
    field.choice(value).map_or_else(|| Value::from(value), Value::from)
}

/// Results can be expected only of an experiment, and their bounds must be in order.
pub(super) fn check(setup: &Setup) -> Result<(), Error> {
    let Some(results) = setup.words.expect.as_ref().and_then(|e| e.results.as_ref()) else { return Ok(()) };
    if setup.experiment.is_none() {
        return Err(Error::Value("expect: results needs an experiment that this version knows".into()));
    }
    for (id, bounds) in results {
        if let Some([low, high]) = bounds
            && !(low.is_finite() && high.is_finite() && low <= high)
        {
            return Err(Error::Value(format!("expect: results: {:?} must be [lowest, highest] or null", brief(id))));
        }
    }
    Ok(())
}
