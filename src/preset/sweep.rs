//! A quantity with a range, and the special points a preset expects in it.

use std::fmt;
use std::str::FromStr;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::{Error, Setup, brief};
use crate::analysis::Over;
use crate::analysis::diagram::KINDS;
use crate::model::Field;

/// A quantity and the range it is varied over: in a preset an object, or text of the form `ID=FROM:TO`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sweep {
    /// `I` or the id of a parameter.
    pub id: String,
    /// Lower end.
    pub from: f64,
    /// Upper end.
    pub to: f64,
}

/// A special point that a diagram must have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpecialPoint {
    /// What happens, by the word of the JSON output.
    #[serde(rename = "type")]
    pub kind: String,
    /// The value of the varied quantity.
    pub value: f64,
    /// How far it may be off; a ten-thousandth of the range if omitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<f64>,
}

/// How far a special point may be off, in widths of the range, when a preset does not say.
const TOLERANCE: f64 = 1e-4;

impl Sweep {
    /// The width of the range.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.to - self.from
    }

    /// The quantity that is varied, if the sweep makes sense for a setup: a known id, a range inside its table.
    ///
    /// # Errors
    /// [`Error`] with a sentence on what does not fit.
    pub fn check(&self, setup: &Setup) -> Result<Over, Error> {
        let neuron = setup.neuron;
        let (model, params) = (neuron.card().id, neuron.params());
        let over = Over::find(neuron, &self.id)
            .ok_or_else(|| Error::Value(format!("{:?} is neither I nor a parameter of {model}: {}", brief(&self.id), Field::ids(params))))?;
        let choices = over.field(neuron).choices;
        if !choices.is_empty() {
            return Err(Error::Value(format!("{} is a choice of {} and has no range", self.id, choices.join(", "))));
        }
        for value in [self.from, self.to] {
            let mut changed = setup.clone();
            changed.set(&self.id, value)?;
            neuron.check(&changed.params).map_err(Error::Value)?;
        }
        if self.from >= self.to {
            return Err(Error::Value(format!("over {self}: FROM must be below TO")));
        }
        Ok(over)
    }
}

impl SpecialPoint {
    /// How far it may be off in a diagram over `sweep`.
    #[must_use]
    pub fn tolerance(&self, sweep: &Sweep) -> f64 {
        self.tolerance.unwrap_or(TOLERANCE * sweep.width())
    }

    /// Checks that it can be looked for in a diagram over `sweep`.
    pub(super) fn check(&self, sweep: &Sweep) -> Result<(), Error> {
        let refuse = |sentence: String| Err(Error::Value(format!("expect: special_points: {sentence}")));
        if !KINDS.contains(&self.kind.as_str()) {
            return refuse(format!("type {:?} is not one of {}", brief(&self.kind), KINDS.join(", ")));
        }
        if !(self.value >= sweep.from && self.value <= sweep.to) {
            return refuse(format!("{} at {} lies outside {} to {}", self.kind, self.value, sweep.from, sweep.to));
        }
        match self.tolerance {
            Some(tolerance) if !(tolerance.is_finite() && tolerance >= 0.0) => refuse(format!("tolerance = {tolerance} must be 0 or more")),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Sweep {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}={}:{}", self.id, self.from, self.to)
    }
}

impl FromStr for Sweep {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = || format!("{:?} is not ID=FROM:TO", brief(text));
        let (id, range) = text.split_once('=').ok_or_else(form)?;
        let (from, to) = range.split_once(':').ok_or_else(form)?;
        let number = |text: &str| text.trim().parse::<f64>().map_err(|_| format!("{:?} is not a number", brief(text)));
        Ok(Self { id: id.trim().to_string(), from: number(from)?, to: number(to)? })
    }
}

impl<'de> Deserialize<'de> for Sweep {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Fields {
            id: String,
            from: f64,
            to: f64,
        }
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Sweep;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object of id, from and to, or text like \"I=0:10\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Sweep, E> {
                text.parse().map_err(E::custom)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Sweep, A::Error> {
                let Fields { id, from, to } = Fields::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Sweep { id, from, to })
            }
        }
        deserializer.deserialize_any(Either)
    }
}
