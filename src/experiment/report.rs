//! What an experiment found: numbers, charts and sentences, in model units, for views, text and files alike.

/// A number an experiment answers with.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// Stable id, under which presets expect it and JSON prints it.
    pub id: String,
    /// What it is, in words.
    pub label: String,
    /// Unit, empty where there is none.
    pub unit: &'static str,
    /// The value; `None` where there is none.
    pub value: Option<f64>,
}

/// An axis of a chart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Axis {
    /// What is counted along it.
    pub label: String,
    /// Unit, empty where there is none.
    pub unit: &'static str,
    /// Range that must be shown; what the points need is added to it.
    pub range: Option<(f64, f64)>,
    /// What lies above this is not shown.
    pub top: Option<f64>,
    /// Its numbers stand at another chart, right below.
    pub is_shared: bool,
    /// Where numbers stand along it.
    pub numbers: AxisNumbers,
}

impl Axis {
    /// An axis whose range follows its points.
    #[must_use]
    pub fn new(label: impl Into<String>, unit: &'static str) -> Self {
        Self { label: label.into(), unit, range: None, top: None, is_shared: false, numbers: AxisNumbers::Everywhere }
    }

    /// The same axis, showing at least this range.
    #[must_use]
    pub fn over(self, range: (f64, f64)) -> Self {
        Self { range: Some(range), ..self }
    }

    /// The same axis, which ends here however far its points go.
    #[must_use]
    pub fn up_to(self, top: f64) -> Self {
        Self { top: Some(top), ..self }
    }

    /// The same axis with numbers at these places only.
    #[must_use]
    pub fn numbered(self, numbers: AxisNumbers) -> Self {
        Self { numbers, ..self }
    }

    /// The same axis, with its numbers at the chart below.
    #[must_use]
    pub fn shared(self) -> Self {
        Self { is_shared: true, ..self }
    }
}

/// Where numbers stand along an axis.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum AxisNumbers {
    /// At round values.
    #[default]
    Everywhere,
    /// At 0, 1, … below this: there is nothing between.
    Whole(usize),
    /// At round values up to this: what lies above is counted otherwise.
    UpTo(f64),
}

/// Which quantity a series is of: it is drawn in that quantity's colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Membrane potential.
    Potential,
    /// Recovery variable, potassium.
    Recovery,
    /// Activation gate.
    Activation,
    /// Inactivation gate.
    Inactivation,
    /// Injected current.
    Input,
    /// Spikes and thresholds.
    Spike,
    /// Firing.
    Cycle,
    /// What stands beside: references, other trials.
    Muted,
    /// The main thing where it is no quantity of the neuron.
    Plain,
}

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A solid line.
    Line,
    /// A dashed line: a prediction, a formula.
    Dashed,
    /// A thin, translucent line: one of many.
    Thin,
    /// Filled dots.
    Dots,
    /// Open dots: what did not happen.
    Rings,
    /// Bars from zero, as wide as points are apart.
    Bars,
    /// Short upright ticks, y counting the rows.
    Raster,
    /// An upright line across the chart at each x.
    Upright,
    /// A level line across the chart at each y.
    Level,
    /// A small arrow at the top edge at each x: what lies above the scale.
    Above,
}

/// Points that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Stable id within its chart.
    pub id: String,
    /// What it is, in words; empty if it needs none.
    pub label: String,
    /// Whose colour it wears.
    pub ink: Ink,
    /// How it is drawn.
    pub mark: Mark,
    /// x and y; a NaN y breaks a line.
    pub points: Vec<[f64; 2]>,
}

impl Series {
    /// A labelled series.
    #[must_use]
    pub fn new(id: impl Into<String>, label: impl Into<String>, ink: Ink, mark: Mark, points: Vec<[f64; 2]>) -> Self {
        Self { id: id.into(), label: label.into(), ink, mark, points }
    }
}

/// What a hand can change in a chart.
#[derive(Clone, Debug, PartialEq)]
pub enum Handle {
    /// Spikes are placed, moved and taken away along x: the k-th series is the train of the k-th of these choices, in row k + 1.
    Trains(Vec<&'static str>),
    /// The upright line of this id stands at the setting of the same id and is dragged along x.
    Setting(&'static str),
}

/// A picture of some series on shared axes.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// Stable id.
    pub id: String,
    /// What is seen, in a few words.
    pub title: String,
    /// Horizontal axis.
    pub x: Axis,
    /// Vertical axis.
    pub y: Axis,
    /// What is drawn, first below.
    pub series: Vec<Series>,
    /// What can be changed in it by hand.
    pub handle: Option<Handle>,
}

impl Chart {
    /// A chart without series.
    #[must_use]
    pub fn new(id: impl Into<String>, title: impl Into<String>, x: Axis, y: Axis) -> Self {
        Self { id: id.into(), title: title.into(), x, y, series: Vec::new(), handle: None }
    }

    /// The chart with one more series.
    #[must_use]
    pub fn with(mut self, series: Series) -> Self {
        self.series.push(series);
        self
    }

    /// The chart with something a hand can change.
    #[must_use]
    pub fn handled(self, handle: Handle) -> Self {
        Self { handle: Some(handle), ..self }
    }
}

/// All that an experiment found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// What it comes to, the most important first.
    pub numbers: Vec<Number>,
    /// What it looks like.
    pub charts: Vec<Chart>,
    /// What it means, in plain sentences.
    pub says: Vec<String>,
}

impl Report {
    /// Adds a number.
    pub fn number(&mut self, id: impl Into<String>, label: impl Into<String>, unit: &'static str, value: Option<f64>) {
        self.numbers.push(Number { id: id.into(), label: label.into(), unit, value: value.filter(|x| x.is_finite()) });
    }

    /// The value under this id, if it was found.
    #[must_use]
    pub fn value(&self, id: &str) -> Option<f64> {
        self.numbers.iter().find(|n| n.id == id).and_then(|n| n.value)
    }

    /// The series of this chart with this id.
    #[must_use]
    pub fn series(&self, chart: &str, id: &str) -> Option<&Series> {
        self.charts.iter().find(|c| c.id == chart).and_then(|c| c.series.iter().find(|s| s.id == id))
    }
}
