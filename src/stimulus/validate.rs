//! What a stimulus item must satisfy before anything is computed from it.

use super::{Item, Synapse};

/// Why an item is refused: what is wrong, where, and what is allowed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("stimulus {place}: {what}")]
pub struct Problem {
    /// Place in the list, counted from 1.
    pub place: usize,
    /// A sentence that names the value and what is allowed.
    pub what: String,
}

/// Largest order of an alpha synapse.
const HIGHEST_ORDER: u32 = 20;
/// Largest Poisson rate in Hz: more would be more events than steps.
const FASTEST_HZ: f64 = 1e6;

impl Item {
    /// Checks one item; `place` counts from 1 and is only for the message.
    ///
    /// # Errors
    /// A [`Problem`] when a number is not finite or outside what is allowed.
    pub fn check(&self, place: usize) -> Result<(), Problem> {
        self.find_problem().map_or(Ok(()), |what| Err(Problem { place, what }))
    }

    /// About how many pulses or presynaptic spikes fall into a run of `duration`, each of which divides a step.
    #[must_use]
    pub fn events(&self, duration: f64, per_second: f64) -> f64 {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "only the order of magnitude matters")]
            Self::PulseTrain { from, period, count, .. } => (*count as f64).min(((duration - from) / period).max(0.0)),
            Self::Spikes { rate_hz: Some(rate), .. } => rate / per_second * duration,
            _ => 0.0,
        }
    }

    fn find_problem(&self) -> Option<String> {
        match self {
            Self::Step { from, to, amplitude } => finite("amplitude", *amplitude).or_else(|| span(*from, *to)),
            Self::Ramp { from, to, slope } => finite("slope", *slope).or_else(|| span(*from, *to)),
            Self::PulseTrain { from, width, period, amplitude, .. } => finite("from", *from)
                .or_else(|| positive("width", *width))
                .or_else(|| positive("period", *period))
                .or_else(|| finite("amplitude", *amplitude)),
            Self::Sine { from, to, amplitude, frequency_hz, phase } => finite("amplitude", *amplitude)
                .or_else(|| finite("frequency_hz", *frequency_hz))
                .or_else(|| finite("phase", *phase))
                .or_else(|| span(*from, *to)),
            Self::Chirp { from, to, amplitude, start_hz, end_hz } => finite("amplitude", *amplitude)
                .or_else(|| finite("start_hz", *start_hz))
                .or_else(|| finite("end_hz", *end_hz))
                .or_else(|| span(*from, Some(*to))),
            Self::OuNoise { from, to, mean, sd, tau, .. } => {
                finite("mean", *mean).or_else(|| not_negative("sd", *sd)).or_else(|| positive("tau", *tau)).or_else(|| span(*from, *to))
            }
            Self::WhiteNoise { from, to, sd, .. } => not_negative("sd", *sd).or_else(|| span(*from, *to)),
            Self::Samples { times, values } => samples(times, values),
            Self::Spikes { times, rate_hz, weight, synapse, .. } => {
                finite("weight", *weight).or_else(|| spikes(times.as_deref(), *rate_hz)).or_else(|| synapse.find_problem())
            }
        }
    }
}

impl Synapse {
    fn find_problem(&self) -> Option<String> {
        match *self {
            Self::Delta {} => None,
            Self::Exponential { tau } => positive("tau", tau),
            Self::Alpha { n, tau } => (n > HIGHEST_ORDER).then(|| format!("n = {n} is above {HIGHEST_ORDER}")).or_else(|| positive("tau", tau)),
            Self::Conductance { tau, reversal } => positive("tau", tau).or_else(|| finite("reversal", reversal)),
        }
    }
}

fn finite(name: &str, value: f64) -> Option<String> {
    (!value.is_finite()).then(|| format!("{name} = {value} must be a finite number"))
}

fn positive(name: &str, value: f64) -> Option<String> {
    (!(value.is_finite() && value > 0.0)).then(|| format!("{name} = {value} must be above 0"))
}

fn not_negative(name: &str, value: f64) -> Option<String> {
    (!(value.is_finite() && value >= 0.0)).then(|| format!("{name} = {value} must be 0 or more"))
}

fn span(from: f64, to: Option<f64>) -> Option<String> {
    finite("from", from).or_else(|| {
        let to = to?;
        (!(to.is_finite() && from < to)).then(|| format!("from = {from} must be below to = {to}"))
    })
}

fn samples(times: &[f64], values: &[f64]) -> Option<String> {
    if times.len() != values.len() {
        return Some(format!("{} times but {} values: each time needs one value", times.len(), values.len()));
    }
    if times.is_empty() {
        return Some("times is empty: at least one sample is needed".into());
    }
    times.iter().chain(values).find_map(|x| finite("a sample", *x)).or_else(|| {
        let (a, b) = times.iter().zip(times.iter().skip(1)).find(|(a, b)| a >= b)?;
        Some(format!("sample times must increase, but {b} follows {a}"))
    })
}

fn spikes(times: Option<&[f64]>, rate_hz: Option<f64>) -> Option<String> {
    match (times, rate_hz) {
        (Some(times), None) => times.iter().find_map(|t| finite("a spike time", *t)).or_else(|| {
            let (a, b) = times.iter().zip(times.iter().skip(1)).find(|(a, b)| a > b)?;
            Some(format!("spike times must be in order, but {b} follows {a}"))
        }),
        (None, Some(rate)) => {
            (!(rate.is_finite() && (0.0..=FASTEST_HZ).contains(&rate))).then(|| format!("rate_hz = {rate} is outside 0 to {FASTEST_HZ}"))
        }
        _ => Some("give either times or rate_hz".into()),
    }
}
