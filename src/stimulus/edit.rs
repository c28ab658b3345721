//! Changing an item as a whole: where it lies in time, how long it acts, how strong it is.

use super::{Item, Synapse};

/// After so many time constants nothing is left of a decay that anyone could see.
const FADED: f64 = 10.0;

impl Item {
    /// When the item acts: from its start to its end, which may be never.
    #[must_use]
    pub fn span(&self) -> (f64, f64) {
        let end = |to: Option<f64>| to.unwrap_or(f64::INFINITY);
        let ends = |times: &[f64]| (times.first().copied().unwrap_or(0.0), times.last().copied().unwrap_or(0.0));
        match self {
            Self::Step { from, to, .. }
            | Self::Ramp { from, to, .. }
            | Self::Sine { from, to, .. }
            | Self::OuNoise { from, to, .. }
            | Self::WhiteNoise { from, to, .. } => (*from, end(*to)),
            Self::Chirp { from, to, .. } => (*from, *to),
            Self::PulseTrain { from, width, period, count, .. } => {
                #[expect(clippy::cast_precision_loss, reason = "beyond 2⁵³ pulses no run can tell the difference")]
                let last = count.saturating_sub(1) as f64;
                (*from, from + last * period + width)
            }
            Self::Samples { times, .. } | Self::Spikes { times: Some(times), .. } => ends(times),
            Self::Spikes { .. } => (0.0, f64::INFINITY),
        }
    }

    /// When nothing is left of what the item adds: at its end, or once its last spike has died away.
    #[must_use]
    pub fn fades(&self) -> f64 {
        let after = match self {
            Self::Spikes { synapse: Synapse::Exponential { tau } | Synapse::Conductance { tau, .. }, .. } => FADED * tau,
            Self::Spikes { synapse: Synapse::Alpha { n, tau }, .. } => (FADED + f64::from(*n)) * tau,
            _ => 0.0,
        };
        self.span().1 + after
    }

    /// Moves the whole item in time.
    pub fn shift(&mut self, by: f64) {
        match self {
            Self::Step { from, to, .. }
            | Self::Ramp { from, to, .. }
            | Self::Sine { from, to, .. }
            | Self::OuNoise { from, to, .. }
            | Self::WhiteNoise { from, to, .. } => {
                *from += by;
                if let Some(to) = to {
                    *to += by;
                }
            }
            Self::Chirp { from, to, .. } => (*from, *to) = (*from + by, *to + by),
            Self::PulseTrain { from, .. } => *from += by,
            Self::Samples { times, .. } | Self::Spikes { times: Some(times), .. } => {
                for time in times {
                    *time += by;
                }
            }
            Self::Spikes { .. } => {}
        }
    }

    /// The end of the item, if it has one that can be set.
    pub fn end_mut(&mut self) -> Option<&mut f64> {
        match self {
            Self::Step { to, .. } | Self::Ramp { to, .. } | Self::Sine { to, .. } | Self::OuNoise { to, .. } | Self::WhiteNoise { to, .. } => {
                to.as_mut()
            }
            Self::Chirp { to, .. } => Some(to),
            Self::PulseTrain { .. } | Self::Samples { .. } | Self::Spikes { .. } => None,
        }
    }

    /// Makes the item stronger by a current: a ramp so that it is that much higher at time `at`, samples all by the
    /// same. A standard deviation does not fall below zero. False where the strength is no current.
    pub fn raise(&mut self, by: f64, at: f64) -> bool {
        match self {
            Self::Step { amplitude, .. } | Self::PulseTrain { amplitude, .. } | Self::Sine { amplitude, .. } | Self::Chirp { amplitude, .. } => {
                *amplitude += by;
            }
            Self::Ramp { from, slope, .. } if at > *from => *slope += by / (at - *from),
            Self::OuNoise { sd, .. } => *sd = (*sd + by).max(0.0),
            Self::Samples { values, .. } => {
                for value in values {
                    *value += by;
                }
            }
            Self::Ramp { .. } | Self::WhiteNoise { .. } | Self::Spikes { .. } => return false,
        }
        true
    }

    /// True if what the item does can be drawn before it is run: it is a current, and no chance is in it.
    #[must_use]
    pub fn is_drawn(&self) -> bool {
        use super::Synapse;
        match self {
            Self::OuNoise { .. } | Self::WhiteNoise { .. } => false,
            Self::Spikes { times, synapse, .. } => times.is_some() && matches!(synapse, Synapse::Exponential { .. } | Synapse::Alpha { .. }),
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_kind() -> Vec<Item> {
        let file = include_str!("../../tests/presets/everything.json");
        let json: serde_json::Value = serde_json::from_str(file).unwrap();
        serde_json::from_value(json["stimulus"].clone()).unwrap()
    }

    #[test]
    fn shifting_moves_start_and_end_by_the_same() {
        let kinds = every_kind();
        assert!(kinds.len() >= 9);
        for mut item in kinds {
            let before = item.span();
            item.shift(7.0);
            let after = item.span();
            if matches!(item, Item::Spikes { times: None, .. }) {
                assert_eq!(before, after);
                continue;
            }
            assert!((after.0 - before.0 - 7.0).abs() < 1e-9, "{item:?}");
            assert!(after.1 == before.1 || (after.1 - before.1 - 7.0).abs() < 1e-9, "{item:?}");
            assert!(item.check(1).is_ok());
        }
    }

    #[test]
    fn a_ramp_is_raised_at_the_time_asked_for() {
        let mut ramp = Item::Ramp { from: 10.0, to: None, slope: 1.0 };
        assert!(ramp.raise(5.0, 20.0));
        assert_eq!(ramp, Item::Ramp { from: 10.0, to: None, slope: 1.5 });
        assert!(!ramp.raise(5.0, 10.0), "at its foot a ramp has no height");
    }
}
