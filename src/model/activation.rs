//! Activation functions: the rate of a unit as a function of its total input.
//!
//! Each is written once, over any scalar, for `rate_unit` and for whoever draws them on top of each other.

use std::f64::consts::FRAC_PI_2;

use crate::scalar::{Scalar, logistic, positive_part, softplus};

/// A way from input to rate, both without unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// 1/(1 + e⁻ˣ), from 0 to 1 (Wilson and Cowan 1972, doi 10.1016/S0006-3495(72)86068-5).
    Logistic,
    /// arctan x, from −π/2 to π/2; its tails are heavier than those of tanh.
    Arctan,
    /// tanh x, from −1 to 1 (LeCun et al. 1998, Efficient BackProp, doi 10.1007/3-540-49430-8_2).
    Tanh,
    /// 1 from zero on, 0 below (McCulloch and Pitts 1943, doi 10.1007/BF02478259).
    Step,
    /// x above zero, else 0; it has no upper bound (Hahnloser et al. 2000, doi 10.1038/35016072).
    Relu,
    /// (softplus(10x) − softplus(10(x − 1)))/10, from 0 to 1: between a sigmoid and a rectified line. Below zero it rises
    /// supralinearly and suppression attenuates its answers, above it is linear, as cortical cells in awake mice are (LaFosse et
    /// al. 2024, doi 10.1073/pnas.2318837121; preprint 2023); that it saturates at 1, as soft as its foot, is our addition.
    /// Softplus: Dugas et al. 2001.
    SoftRamp,
}

/// How sharply the soft ramp turns at both ends.
const SHARPNESS: f64 = 10.0;

impl Activation {
    /// Every function, in the order of [`NAMES`](Self::NAMES).
    pub const ALL: [Self; 6] = [Self::Logistic, Self::Arctan, Self::Tanh, Self::Step, Self::Relu, Self::SoftRamp];

    /// The names that presets and the command line use.
    pub const NAMES: &'static [&'static str] = &["logistic", "arctan", "tanh", "step", "relu", "soft_ramp"];

    /// The function at a place of the list; the first where there is none.
    #[inline]
    #[must_use]
    pub fn at(place: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float that is no index is cut to one")]
        let place = place.round() as usize;
        Self::ALL.get(place).copied().unwrap_or(Self::Logistic)
    }

    /// The function's value at `x`.
    #[inline]
    pub fn of<S: Scalar>(self, x: S) -> S {
        match self {
            Self::Logistic => logistic(x),
            Self::Arctan => x.atan(),
            // The same as tanh x, with derivatives that are numbers however large x is.
            Self::Tanh => logistic(x * 2.0) * 2.0 - 1.0,
            Self::Step => S::from(if x.re() >= 0.0 { 1.0 } else { 0.0 }),
            Self::Relu => positive_part(x),
            // From its middle on by its symmetry, so that rounding cannot take it beyond 1.
            Self::SoftRamp if x.re() > 0.5 => -soft_foot(-x + 1.0) + 1.0,
            Self::SoftRamp => soft_foot(x),
        }
    }

    /// The name that presets and the command line use.
    #[must_use]
    pub fn id(self) -> &'static str {
        let place = Self::ALL.iter().position(|f| *f == self).unwrap_or(0);
        Self::NAMES.get(place).copied().unwrap_or("")
    }

    /// Name with the range of its values.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Logistic => "logistic 0\u{2026}1",
            Self::Arctan => "arctan ±π/2",
            Self::Tanh => "tanh ±1",
            Self::Step => "step 0, 1",
            Self::Relu => "ReLU 0\u{2026}∞",
            Self::SoftRamp => "soft ramp 0\u{2026}1",
        }
    }

    /// Infimum and supremum.
    #[must_use]
    pub fn range(self) -> (f64, f64) {
        match self {
            Self::Arctan => (-FRAC_PI_2, FRAC_PI_2),
            Self::Tanh => (-1.0, 1.0),
            Self::Relu => (0.0, f64::INFINITY),
            _ => (0.0, 1.0),
        }
    }
}

#[inline]
fn soft_foot<S: Scalar>(x: S) -> S {
    (softplus(x * SHARPNESS) - softplus((x - 1.0) * SHARPNESS)) / SHARPNESS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::D1;

    #[test]
    fn every_function_has_a_name_and_its_range() {
        assert_eq!(Activation::ALL.len(), Activation::NAMES.len());
        for (place, activation) in (0_u32..).zip(Activation::ALL) {
            assert_eq!(Activation::at(f64::from(place)), activation);
            let (low, high) = activation.range();
            let values: Vec<f64> = (-4000..=4000).map(|k| activation.of(f64::from(k) * 0.01)).collect();
            assert!(values.iter().all(|y| (low..=high).contains(y)), "{activation:?}");
            assert!(values.windows(2).all(|w| w[1] >= w[0] - 1e-15), "{activation:?} falls");
            assert!((values[0] - low).abs() < 0.03, "{activation:?} begins at {}", values[0]);
            if high.is_finite() {
                assert!((values[8000] - high).abs() < 0.03, "{activation:?} ends at {}", values[8000]);
            }
        }
    }

    #[test]
    fn slopes_at_zero_are_as_stated() {
        for (activation, slope) in [(Activation::Logistic, 0.25), (Activation::Arctan, 1.0), (Activation::Tanh, 1.0), (Activation::SoftRamp, 0.5)] {
            let y = activation.of(D1::new(0.0, 1.0));
            assert!((y.eps - slope).abs() < 1e-4, "{activation:?}: {}", y.eps);
        }
    }

    #[test]
    fn the_soft_ramp_is_supralinear_below_linear_inside_and_saturates() {
        let f = |x: f64| Activation::SoftRamp.of(x);
        assert!(f(-0.1) - f(-0.2) < f(0.0) - f(-0.1));
        assert!((f(0.6) - f(0.4) - 0.2).abs() < 0.01);
        assert!((f(0.5) - 0.5).abs() < 1e-15);
        assert!(1.0 - f(2.0) < 1e-4 && f(1000.0) <= 1.0 && f(-1000.0) == 0.0);
    }
}
