//! Tables of named quantities: one row says everything there is to say about a parameter or a state.

use crate::scalar::Scalar;

/// What a quantity is, which decides how views draw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Membrane potential.
    Potential,
    /// Slow recovery variable or activation of a potassium current.
    Recovery,
    /// Fast activation gate.
    Activation,
    /// Inactivation gate.
    Inactivation,
    /// Moving threshold.
    Threshold,
    /// Injected current.
    Input,
    /// Parameter shown at once.
    Parameter,
    /// Parameter folded away until asked for.
    Detail,
    /// Reversal potential, drawn as a line in the traces.
    Reversal,
    /// Spike threshold or peak, drawn as a line.
    Level,
    /// Value the potential is reset to, drawn as a line in the plane.
    Reset,
}

/// A name as it is read: files and the command line write it with underscores.
#[must_use]
pub fn in_words(name: &str) -> String {
    name.replace('_', " ")
}

/// One quantity: the only place where its name, unit and range stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Field {
    /// Stable ASCII id.
    pub id: &'static str,
    /// Symbol in the TeX subset that the window sets.
    pub symbol: &'static str,
    /// Unit, empty where there is none.
    pub unit: &'static str,
    /// Value when none is given.
    pub default: f64,
    /// Smallest allowed value.
    pub min: f64,
    /// Largest allowed value.
    pub max: f64,
    /// The stretch a slider shows before the user goes beyond it.
    pub shown: (f64, f64),
    /// What the quantity is.
    pub kind: Kind,
    /// Names of the values 0, 1, 2, … of a quantity that is a choice; empty for a number.
    pub choices: &'static [&'static str],
    /// True for a number that counts something and has no decimals.
    pub is_count: bool,
    /// One plain sentence on what it means.
    pub meaning: &'static str,
}

impl Field {
    /// Checks that `value` is a number inside the range, and for a choice a place in the list of names.
    ///
    /// # Errors
    /// A sentence that names the quantity, the value and what is allowed.
    pub fn check(&self, value: f64) -> Result<(), String> {
        if !self.choices.is_empty() {
            return match self.choice(value) {
                Some(_) => Ok(()),
                None => Err(self.refusal(&value.to_string())),
            };
        }
        if self.is_count && value.is_finite() && value.fract() != 0.0 {
            return Err(format!("{} = {value} is not a whole number", self.id));
        }
        if value.is_finite() && (self.min..=self.max).contains(&value) {
            return Ok(());
        }
        let unit = if self.unit.is_empty() { String::new() } else { format!(" {}", self.unit) };
        Err(format!("{} = {value} is outside {} to {}{unit}", self.id, self.min, self.max))
    }

    /// The name that `value` stands for; `None` if it is none of a choice.
    #[must_use]
    pub fn choice(&self, value: f64) -> Option<&'static str> {
        #[expect(clippy::cast_precision_loss, reason = "a list of names is short")]
        self.choices.iter().enumerate().find(|(place, _)| *place as f64 == value).map(|(_, name)| *name)
    }

    /// The value that `name` stands for.
    ///
    /// # Errors
    /// A sentence that says what is allowed, if it is none of the names or the quantity is a number.
    pub fn named(&self, name: &str) -> Result<f64, String> {
        #[expect(clippy::cast_precision_loss, reason = "a list of names is short")]
        let place = self.choices.iter().position(|choice| *choice == name).map(|place| place as f64);
        place.ok_or_else(|| self.refusal(&format!("{name:?}")))
    }

    /// The value a text says: a number, or a name where the quantity is a choice. Ranges are not looked at.
    ///
    /// # Errors
    /// A sentence that says what is allowed.
    pub fn read(&self, text: &str) -> Result<f64, String> {
        match text.parse() {
            Ok(number) if self.choices.is_empty() => Ok(number),
            _ => self.named(text),
        }
    }

    fn refusal(&self, given: &str) -> String {
        if self.choices.is_empty() {
            format!("{} = {given} is not a number", self.id)
        } else {
            format!("{} = {given} is not one of {}", self.id, self.choices.join(", "))
        }
    }

    /// The position of the field with this id in a table.
    #[must_use]
    pub fn position(table: &[Field], id: &str) -> Option<usize> {
        table.iter().position(|f| f.id == id)
    }

    /// The state that a phase plane shows over the potential: the slow one, else the second. [`crate::model::Card::window`] holds its range.
    #[must_use]
    pub fn recovery(states: &[Field]) -> usize {
        states.iter().position(|f| f.kind == Kind::Recovery).unwrap_or(1)
    }

    /// The ids of a table, separated by commas, for messages.
    #[must_use]
    pub fn ids(table: &[Field]) -> String {
        table.iter().map(|f| f.id).collect::<Vec<_>>().join(", ")
    }
}

/// A struct whose fields are the rows of a table, in order.
pub trait Fields<S: Scalar>: Copy {
    /// One row per field.
    const TABLE: &'static [Field];
    /// Reads the fields from a slice of the table's length.
    fn read(values: &[S]) -> Self;
    /// Writes the fields to a slice of the table's length.
    fn write(&self, out: &mut [S]);
    /// self + h·k, field by field: what a Runge–Kutta stage needs.
    #[must_use]
    fn plus(&self, h: S, k: &Self) -> Self;
    /// The same state with its first field replaced.
    #[must_use]
    fn with_first(&self, value: S) -> Self;
    /// The first field.
    fn first(&self) -> S;
}

/// Declares a table of quantities and the struct that carries their values.
///
/// Each row: `field: "id", "symbol", "unit", default, [min, max], [shown from, shown to], Kind, "meaning";`, for a choice with the
/// names of its values at the end: `…, "meaning", &["one", "other"];`
#[macro_export]
macro_rules! fields {
    (@choices) => { &[] };
    (@choices $choices:expr) => { $choices };
    ($(#[$doc:meta])* $vis:vis struct $name:ident {
        $first:ident: $id0:literal, $sym0:literal, $unit0:literal, $default0:expr, [$min0:expr, $max0:expr], [$lo0:expr, $hi0:expr], $kind0:ident, $meaning0:literal $(, $choices0:expr)?;
        $($field:ident: $id:literal, $sym:literal, $unit:literal, $default:expr, [$min:expr, $max:expr], [$lo:expr, $hi:expr], $kind:ident, $meaning:literal $(, $choices:expr)?;)*
    }) => {
        $(#[$doc])*
        #[allow(clippy::doc_markdown, reason = "a meaning is shown to users as it stands")]
        #[derive(Clone, Copy, Debug)]
        $vis struct $name<S> {
            #[doc = $meaning0]
            pub $first: S,
            $(#[doc = $meaning] pub $field: S,)*
        }
        impl<S: $crate::scalar::Scalar> $crate::model::Fields<S> for $name<S> {
            const TABLE: &'static [$crate::model::Field] = &[
                $crate::model::Field { id: $id0, symbol: $sym0, unit: $unit0, default: $default0, min: $min0, max: $max0, shown: ($lo0, $hi0), kind: $crate::model::Kind::$kind0, choices: $crate::fields!(@choices $($choices0)?), is_count: false, meaning: $meaning0 },
                $($crate::model::Field { id: $id, symbol: $sym, unit: $unit, default: $default, min: $min, max: $max, shown: ($lo, $hi), kind: $crate::model::Kind::$kind, choices: $crate::fields!(@choices $($choices)?), is_count: false, meaning: $meaning },)*
            ];
            #[inline(always)]
            fn read(values: &[S]) -> Self {
                // The erased layer checks lengths once; a shorter slice reads as zeros.
                match *values {
                    [$first, $($field,)* ..] => Self { $first, $($field,)* },
                    _ => Self { $first: S::from(0.0), $($field: S::from(0.0),)* },
                }
            }
            #[inline(always)]
            fn write(&self, out: &mut [S]) {
                let source = [self.$first, $(self.$field,)*];
                for (to, from) in out.iter_mut().zip(source) {
                    *to = from;
                }
            }
            #[inline(always)]
            fn plus(&self, h: S, k: &Self) -> Self {
                Self { $first: self.$first + h * k.$first, $($field: self.$field + h * k.$field,)* }
            }
            #[allow(clippy::needless_update, reason = "a table may have a single row")]
            #[inline(always)]
            fn with_first(&self, value: S) -> Self {
                Self { $first: value, ..*self }
            }
            #[inline(always)]
            fn first(&self) -> S {
                self.$first
            }
        }
    };
}
