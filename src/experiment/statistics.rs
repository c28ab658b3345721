//! Numbers from samples, each with its standard error, and how well spike trains agree.

/// Mean and spread of independent values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// How many values.
    pub count: usize,
    /// Their mean, NaN if there are none.
    pub mean: f64,
    /// Unbiased variance, NaN if there are fewer than two.
    pub variance: f64,
}

impl Sample {
    /// What a list of values says; the two passes keep the variance exact to rounding.
    #[must_use]
    pub fn of(values: &[f64]) -> Self {
        let n = float(values.len());
        let mean = if values.is_empty() { f64::NAN } else { values.iter().sum::<f64>() / n };
        let squares: f64 = values.iter().map(|x| (x - mean).powi(2)).sum();
        Self { count: values.len(), mean, variance: if values.len() > 1 { squares / (n - 1.0) } else { f64::NAN } }
    }

    /// Standard deviation.
    #[must_use]
    pub fn sd(&self) -> f64 {
        self.variance.sqrt()
    }

    /// Standard error of the mean.
    #[must_use]
    pub fn sem(&self) -> f64 {
        (self.variance / float(self.count)).sqrt()
    }

    /// Coefficient of variation: standard deviation over mean.
    #[must_use]
    pub fn cv(&self) -> f64 {
        self.sd() / self.mean
    }

    /// Fano factor: variance over mean.
    #[must_use]
    pub fn fano(&self) -> f64 {
        self.variance / self.mean
    }
}

/// A number rounded to so many significant figures, at least one.
#[must_use]
pub fn significant(x: f64, figures: usize) -> f64 {
    format!("{x:.*e}", figures.saturating_sub(1)).parse().unwrap_or(x)
}

/// A count as a number to calculate with.
#[must_use]
pub fn float(count: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2⁵³")]
    let x = count as f64;
    x
}

/// A number in words with so many significant digits.
#[must_use]
pub fn digits(x: f64, count: i32) -> String {
    if x == 0.0 || !x.is_finite() {
        return format!("{x:.0}");
    }
    #[expect(clippy::cast_possible_truncation, reason = "the exponent of a double is below 400")]
    let places = count - 1 - x.abs().log10().floor() as i32;
    match usize::try_from(places.max(0)) {
        Ok(places) if places <= 9 => format!("{x:.places$}"),
        _ => format!("{x:.2e}"),
    }
}

/// How much more often than by chance the spikes of two trains fall within `precision` of each other: 1 if all do, 0
/// as often as in a Poisson train of the same rate. Times are in order and inside a window of length `span`; `None` if both
/// trains are empty, or so dense that chance leaves nothing to find.
///
/// Γ = (N − 2νΔN₁)/(½(N₁ + N₂)) · 1/(1 − 2νΔ), with ν the rate of the second train: Kistler, Gerstner and van Hemmen 1997,
/// Neural Computation 9:1015 (doi 10.1162/neco.1997.9.5.1015). Each spike is part of at most one coincidence.
#[must_use]
pub fn coincidence(first: &[f64], second: &[f64], span: f64, precision: f64) -> Option<f64> {
    let (n, m) = (float(first.len()), float(second.len()));
    let chance = 2.0 * precision * m / span;
    if n + m == 0.0 || chance >= 1.0 {
        return None;
    }
    let (mut together, mut i, mut j) = (0.0, 0, 0);
    while let (Some(a), Some(b)) = (first.get(i), second.get(j)) {
        if (a - b).abs() <= precision {
            together += 1.0;
            i += 1;
            j += 1;
        } else if a < b {
            i += 1;
        } else {
            j += 1;
        }
    }
    Some((together - chance * n) / (0.5 * (n + m)) / (1.0 - chance))
}

/// [`coincidence`], averaged over all ordered pairs of trains, of which only the spikes at `from ≤ t < to` count; `None` if it
/// is not defined for any pair.
#[must_use]
pub fn agreement(trains: &[&[f64]], (from, to): (f64, f64), precision: f64) -> Option<f64> {
    let inside = |train: &'_ [f64]| train.partition_point(|t| *t < from)..train.partition_point(|t| *t < to);
    let trains: Vec<&[f64]> = trains.iter().map(|t| t.get(inside(t)).unwrap_or(&[])).collect();
    let places = || 0..trains.len();
    let pairs = places().flat_map(|a| places().filter(move |b| *b != a).map(move |b| (a, b)));
    let found: Vec<f64> = pairs.filter_map(|(a, b)| coincidence(trains[a], trains[b], to - from, precision)).collect();
    if found.is_empty() { None } else { Some(Sample::of(&found).mean) }
}

/// Shares of values in bins of one width from `from` on, as heights of a density: middle of the bin, share over width.
#[must_use]
pub fn density(values: &[f64], from: f64, width: f64, bins: usize) -> Vec<[f64; 2]> {
    let mut counts = vec![0.0; bins];
    for value in values {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates, and bins are asked for by place")]
        let place = ((value - from) / width).floor() as usize;
        if let Some(count) = counts.get_mut(place).filter(|_| *value >= from) {
            *count += 1.0;
        }
    }
    let height = 1.0 / (float(values.len()).max(1.0) * width);
    counts.iter().enumerate().map(|(k, n)| [from + (float(k) + 0.5) * width, n * height]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_knows_its_mean_variance_and_error() {
        let sample = Sample::of(&[1.0, 2.0, 3.0, 4.0]);
        assert_eq!((sample.mean, sample.variance), (2.5, 5.0 / 3.0));
        assert!((sample.sem() - (5.0_f64 / 12.0).sqrt()).abs() < 1e-15);
        assert!(Sample::of(&[]).mean.is_nan() && Sample::of(&[1.0]).sem().is_nan());
    }

    #[test]
    fn digits_are_those_that_count() {
        let words = [(0.0, "0"), (1234.5678, "1235"), (-0.001_234_567, "-0.001235"), (9.0, "9.000"), (1e-20, "1.00e-20")];
        for (x, expected) in words {
            assert_eq!(digits(x, 4), expected);
        }
    }

    #[test]
    fn equal_trains_agree_fully_and_trains_of_chance_not_at_all() {
        let train: Vec<f64> = (0..20).map(|k| 500.0 + 21.0 * f64::from(k)).collect();
        let shifted: Vec<f64> = train.iter().map(|t| t + 10.0).collect();
        let full = agreement(&[&train, &train], (500.0, 950.0), 2.0);
        assert!((full.expect("both fire") - 1.0).abs() < 1e-12);
        // No coincidence at all is less than chance: −2νΔ/(1 − 2νΔ), here with 2νΔ = 80/450 = 8/45.
        let never = coincidence(&train, &shifted, 450.0, 2.0).expect("both fire");
        assert!((never + 8.0 / 37.0).abs() < 1e-12, "{never}");
        assert_eq!(agreement(&[&[], &[]], (0.0, 1.0), 0.1), None);
    }

    #[test]
    fn a_spike_is_part_of_one_coincidence_only() {
        let value = coincidence(&[1.0], &[0.5, 1.0, 1.5], 1e9, 1.0).expect("both fire");
        assert!((value - 0.5).abs() < 1e-6);
    }
}
