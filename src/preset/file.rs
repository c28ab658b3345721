//! The preset file as it is written, field by field.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::sweep::{SpecialPoint, Sweep};
use super::{Error, brief};
use crate::model::Field;
use crate::sim::{Method, Reason};
use crate::stimulus::Item;

/// The content of a preset file. Only `schema` and `model` are required.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Version of the format: 1.
    pub schema: u64,
    /// Model id.
    pub model: String,
    /// Short title in sentence case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What to look at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shows: Option<String>,
    /// Where the values come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Longer explanation, Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Parameters that depart from the defaults.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Values>,
    /// States at t = 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initial: Option<Values>,
    /// Constant current.
    #[serde(rename = "I", default, skip_serializing_if = "Option::is_none")]
    pub current: Option<f64>,
    /// What is added to the constant current.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stimulus: Option<Vec<Item>>,
    /// Length of the run in ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<f64>,
    /// Step in ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dt: Option<f64>,
    /// How a step is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    /// Seed of the run's random numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// How the window showed it; open, kept and never refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view: Option<Value>,
    /// What a run must give.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<Expect>,
    /// An experiment and its settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experiment: Option<Experiment>,
    /// Presets to stand beside this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compare: Option<Vec<Value>>,
    /// What a lesson shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lesson: Option<Lesson>,
}

/// An experiment by id, with its settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Experiment {
    /// Id of the experiment.
    pub id: String,
    /// Its settings, open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<Value>,
}

/// What a lesson shows of the panel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lesson {
    /// Ids of the sliders that are shown.
    pub sliders: Vec<String>,
}

/// What `check` verifies; every field is optional.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// Exact number of spikes in 0 < t ≤ duration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spikes: Option<u64>,
    /// The first spike times in ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spike_times: Option<Vec<f64>>,
    /// How far a spike time may be off, in ms; 0.05 if omitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<f64>,
    /// Bounds of (n − 1)/(tₙ − t₁) in Hz.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<[f64; 2]>,
    /// The types of all equilibria, stimulus ignored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_points: Option<Vec<String>>,
    /// Why the run stops; null and omitted both mean that it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Reason>,
    /// Points that the bifurcation diagram over `over` must have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub special_points: Option<Vec<SpecialPoint>>,
    /// The quantity of that diagram.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<Sweep>,
    /// Bounds of numbers that the preset's experiment answers with, by their ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub results: Option<BTreeMap<String, Bounds>>,
}

/// Lowest and highest allowed value of a result; null where there must be no value.
pub type Bounds = Option<[f64; 2]>;

/// More names than any model has parameters or states.
const MOST_VALUES: usize = 1000;

/// A value as it is written.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// A number.
    Number(f64),
    /// The name of a choice.
    Name(String),
}

impl Given {
    /// How `value` of a quantity is written.
    pub(super) fn value(field: &Field, value: f64) -> Self {
        field.choice(value).map_or(Self::Number(value), |name| Self::Name(name.to_string()))
    }

    /// What it means for a quantity.
    pub(super) fn of(&self, field: &Field) -> Result<f64, Error> {
        match self {
            Self::Name(name) => field.named(&brief(name)).map_err(Error::Value),
            // A choice is written by name; its place in the list is nobody's business.
            Self::Number(x) if !field.choices.is_empty() => {
                Err(Error::Value(format!("{} = {x} is not one of {}", field.id, field.choices.join(", "))))
            }
            Self::Number(x) => Ok(*x),
        }
    }
}

impl Serialize for Given {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(x) => serializer.serialize_f64(*x),
            Self::Name(name) => serializer.serialize_str(name),
        }
    }
}

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        #[expect(clippy::cast_precision_loss, reason = "a number of the file is a double")]
        impl Visitor<'_> for Either {
            type Value = Given;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a number, or the name of a choice")
            }
            fn visit_f64<E: de::Error>(self, x: f64) -> Result<Given, E> {
                Ok(Given::Number(x))
            }
            fn visit_i64<E: de::Error>(self, x: i64) -> Result<Given, E> {
                Ok(Given::Number(x as f64))
            }
            fn visit_u64<E: de::Error>(self, x: u64) -> Result<Given, E> {
                Ok(Given::Number(x as f64))
            }
            fn visit_str<E: de::Error>(self, name: &str) -> Result<Given, E> {
                Ok(Given::Name(name.to_string()))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// Named values in the order they are written; a name may stand only once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values(pub Vec<(String, Given)>);

impl Serialize for Values {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (id, value) in &self.0 {
            map.serialize_entry(id, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Named;
        impl<'de> Visitor<'de> for Named {
            type Value = Values;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object of names and values")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Values, A::Error> {
                let mut values: Vec<(String, Given)> = Vec::new();
                while let Some((id, value)) = map.next_entry::<String, Given>()? {
                    if values.len() >= MOST_VALUES {
                        return Err(de::Error::custom(format!("more than {MOST_VALUES} values: no model has so many")));
                    }
                    if values.iter().any(|(known, _)| *known == id) {
                        return Err(de::Error::custom(format!("duplicate field `{id}`")));
                    }
                    values.push((id, value));
                }
                Ok(Values(values))
            }
        }
        deserializer.deserialize_map(Named)
    }
}
