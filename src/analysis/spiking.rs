//! What a list of spike times says: rate, intervals, bursts.

/// What the recent spikes of a neuron show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Firing {
    /// No spike in the window.
    Silent,
    /// One spike, or too few to speak of a rhythm.
    Few(usize),
    /// Spikes at intervals that are all alike: the period.
    Tonic {
        /// Interval in ms.
        period: f64,
    },
    /// Groups of spikes separated by longer pauses.
    Bursting {
        /// Spikes in the last complete burst.
        spikes: usize,
        /// From the first spike of a burst to the first of the next, in ms.
        period: f64,
    },
    /// Intervals that are neither alike nor grouped.
    Irregular,
}

/// A pause is at least this many times the shortest interval for spikes to be called bursts.
const PAUSE: f64 = 2.5;
/// Intervals within this fraction of each other are alike.
const ALIKE: f64 = 0.02;

/// Describes spike times (in order, ms), the latest ones counting most.
#[must_use]
pub fn firing(times: &[f64]) -> Firing {
    if times.is_empty() {
        return Firing::Silent;
    }
    if times.len() < 4 {
        return Firing::Few(times.len());
    }
    let gaps: Vec<f64> = times.iter().zip(times.iter().skip(1)).map(|(a, b)| b - a).collect();
    let recent = &gaps[gaps.len().saturating_sub(12)..];
    if let Some(found) = bursts(times, recent) {
        return found;
    }
    let latest = &recent[recent.len().saturating_sub(2)..];
    let (low, high) = range(latest);
    if high <= low * (1.0 + ALIKE) {
        #[expect(clippy::cast_precision_loss, reason = "at most three intervals")]
        let count = latest.len() as f64;
        return Firing::Tonic { period: latest.iter().sum::<f64>() / count };
    }
    Firing::Irregular
}

fn bursts(times: &[f64], gaps: &[f64]) -> Option<Firing> {
    let (low, high) = range(gaps);
    if high < PAUSE * low {
        return None;
    }
    let border = (low * high).sqrt();
    // First spikes of bursts: those after a pause.
    let offset = times.len() - gaps.len();
    let starts: Vec<usize> = gaps.iter().enumerate().filter(|(_, gap)| **gap > border).map(|(k, _)| k + offset).collect();
    let (&last, &before) = (starts.last()?, starts.get(starts.len().checked_sub(2)?)?);
    let spikes = last - before;
    (spikes > 1).then(|| Firing::Bursting { spikes, period: times[last] - times[before] })
}

fn range(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, 0.0_f64), |(a, b), x| (a.min(*x), b.max(*x)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_intervals_are_tonic_and_grouped_ones_are_bursts() {
        let tonic: Vec<f64> = (0..10).map(|k| 5.0 + 16.0 * f64::from(k)).collect();
        assert_eq!(firing(&tonic), Firing::Tonic { period: 16.0 });
        let bursts: Vec<f64> = (0..5).flat_map(|b| (0..4).map(move |s| 121.0 * f64::from(b) + 3.0 * f64::from(s))).collect();
        assert_eq!(firing(&bursts), Firing::Bursting { spikes: 4, period: 121.0 });
        assert_eq!(firing(&[]), Firing::Silent);
        assert_eq!(firing(&[1.0]), Firing::Few(1));
    }
}
