//! Activation functions of rate units: what a weighted sum is turned into. None of them has a unit.

/// Where the saturating softplus levels off.
const CEILING: f64 = 4.0;

/// f in y = f(w·x + b).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// 1/(1 + e^(−z)).
    Logistic,
    /// arctan z.
    Arctan,
    /// tanh z.
    Tanh,
    /// 1 from z = 0 on, 0 below (`McCulloch` and Pitts 1943, doi 10.1007/BF02478259).
    Step,
    /// max(0, z).
    Relu,
    /// Softplus with a ceiling: supralinear, then nearly straight, then levelling off, as recorded cells do.
    Saturating,
}

impl Activation {
    /// All of them, in the order in which settings number them.
    pub const ALL: [Self; 6] = [Self::Logistic, Self::Arctan, Self::Tanh, Self::Step, Self::Relu, Self::Saturating];

    /// The function a setting names by its number; the last one beyond the end.
    #[must_use]
    pub fn numbered(number: usize) -> Self {
        Self::ALL.get(number).copied().unwrap_or(Self::Saturating)
    }

    /// Stable ASCII id.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Logistic => "logistic",
            Self::Arctan => "arctan",
            Self::Tanh => "tanh",
            Self::Step => "step",
            Self::Relu => "relu",
            Self::Saturating => "saturating",
        }
    }

    /// Name with the range of its values.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Logistic => "logistic 0…1",
            Self::Arctan => "arctan ±π/2",
            Self::Tanh => "tanh ±1",
            Self::Step => "step 0, 1",
            Self::Relu => "ReLU 0…∞",
            Self::Saturating => "saturating 0…4",
        }
    }

    /// f(z).
    #[must_use]
    pub fn value(self, z: f64) -> f64 {
        match self {
            Self::Logistic => logistic(z),
            Self::Arctan => z.atan(),
            Self::Tanh => z.tanh(),
            Self::Step => step(z),
            Self::Relu => relu(z),
            Self::Saturating => saturating(z),
        }
    }
}

/// 1/(1 + e^(−z)), which is 0 far below and 1 far above.
#[must_use]
pub fn logistic(z: f64) -> f64 {
    1.0 / (1.0 + (-z).exp())
}

/// 1 from z = 0 on, 0 below.
#[must_use]
pub fn step(z: f64) -> f64 {
    if z >= 0.0 { 1.0 } else { 0.0 }
}

/// The larger of 0 and z.
#[must_use]
pub fn relu(z: f64) -> f64 {
    z.max(0.0)
}

/// ln(1 + eᶻ), a rectified line with a rounded corner.
#[must_use]
pub fn softplus(z: f64) -> f64 {
    // Without the larger part taken out, eᶻ would overflow.
    z.max(0.0) + (-z.abs()).exp().ln_1p()
}

/// s/(1 + s/4) with s the softplus of z: between a sigmoid and a rectified line. Cells of mouse visual cortex are supralinear, then linear
/// over their usual range (`LaFosse` et al. 2024, doi 10.1073/pnas.2318837121); where they level off is our choice.
#[must_use]
pub fn saturating(z: f64) -> f64 {
    let s = softplus(z);
    s / (1.0 + s / CEILING)
}

#[cfg(test)]
mod tests {
    use std::f64::consts::FRAC_PI_4;

    use super::*;

    #[test]
    fn every_activation_has_its_values_and_stays_finite() {
        let at = |f: Activation| [-1.0, 0.0, 1.0].map(|z| f.value(z));
        let close = |a: [f64; 3], b: [f64; 3]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12);
        assert!(close(at(Activation::Logistic), [0.268_941_421_369_995, 0.5, 0.731_058_578_630_005]));
        assert!(close(at(Activation::Arctan), [-FRAC_PI_4, 0.0, FRAC_PI_4]));
        assert!(close(at(Activation::Tanh), [-0.761_594_155_955_765, 0.0, 0.761_594_155_955_765]));
        assert!(close(at(Activation::Step), [0.0, 1.0, 1.0]));
        assert!(close(at(Activation::Relu), [0.0, 0.0, 1.0]));
        assert!((saturating(0.0) - 2.0_f64.ln() / (1.0 + 0.25 * 2.0_f64.ln())).abs() < 1e-15);
        for f in Activation::ALL {
            assert!(f.value(1e6).is_finite() && f.value(-1e6).is_finite(), "{}", f.id());
            assert!((-40..40).all(|k| f.value(0.1 * f64::from(k)) <= f.value(0.1 * f64::from(k + 1))), "{} falls", f.id());
        }
    }
}
