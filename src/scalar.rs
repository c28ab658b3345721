//! Numbers that carry derivatives, and functions that stay exact where their formula reads 0/0.
//!
//! A model's equations are written once over [`Scalar`]. Evaluated with `f64` they give values, with
//! [`D1`] exact first derivatives along one direction, with [`D3`] directional derivatives up to third
//! order (Griewank and Walther, *Evaluating Derivatives*, 2008).

pub use num_dual::DualNum;

/// A number the equations of a model can be evaluated with.
pub trait Scalar: DualNum<Primitive = f64> + Copy + Send + Sync {}
impl<T: DualNum<Primitive = f64> + Copy + Send + Sync> Scalar for T {}

/// Value and first derivative along one direction.
pub type D1 = num_dual::Dual64;
/// Value and the first three derivatives along one direction.
pub type D3 = num_dual::Dual3_64;

/// Half-width of the interval round zero in which [`exprelr`] uses its series.
const SERIES: f64 = 0.3;

/// x/(eˣ − 1), the reciprocal relative exponential, with value 1 at the removable singularity x = 0.
#[inline]
pub fn exprelr<S: Scalar>(x: S) -> S {
    if x.re().abs() < SERIES { exprelr_series(x) } else { x / x.exp_m1() }
}

/// [`exprelr`] when eˣ is already known, so that several rates can share one exponential.
#[inline]
pub fn exprelr_from_exp<S: Scalar>(x: S, exp_x: S) -> S {
    if x.re().abs() < SERIES { exprelr_series(x) } else { x / (exp_x - 1.0) }
}

/// Bernoulli series of x/(eˣ − 1) up to x¹²: exact to rounding, with its derivatives, for |x| < 0.3.
/// A constant or linear branch would give a right value and wrong derivatives.
#[inline]
fn exprelr_series<S: Scalar>(x: S) -> S {
    let y = x * x;
    let even = y * (691.0 / -1_307_674_368_000.0) + 1.0 / 47_900_160.0;
    let even = y * even - 1.0 / 1_209_600.0;
    let even = y * even + 1.0 / 30_240.0;
    let even = y * even - 1.0 / 720.0;
    let even = y * even + 1.0 / 12.0;
    y * even - x * 0.5 + 1.0
}

/// 1/(1 + e⁻ˣ), the logistic function, without overflow on either side.
#[inline]
pub fn logistic<S: Scalar>(x: S) -> S {
    if x.re() >= 0.0 {
        ((-x).exp() + 1.0).recip()
    } else {
        let e = x.exp();
        e / (e + 1.0)
    }
}

/// Where [`steep_exp`] becomes a line.
const STEEPEST: f64 = 30.0;

/// eˣ up to x = 30, from there on its tangent: a rate that grows exponentially stays a number however far it is driven. With any
/// rate worth the name, an event whose rate is e³⁰ times as large follows at once.
#[inline]
pub fn steep_exp<S: Scalar>(x: S) -> S {
    if x.re() <= STEEPEST { x.exp() } else { (x - (STEEPEST - 1.0)) * STEEPEST.exp() }
}

/// ln(1 + eˣ), the softplus function (Dugas et al. 2001), without overflow.
#[inline]
pub fn softplus<S: Scalar>(x: S) -> S {
    if x.re() > 0.0 { x + (-x).exp().ln_1p() } else { x.exp().ln_1p() }
}

/// x above zero, else 0: the linear threshold function. Its derivative at zero is taken from below.
#[inline]
pub fn positive_part<S: Scalar>(x: S) -> S {
    if x.re() > 0.0 { x } else { S::from(0.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exprelr_and_its_derivatives_are_continuous_across_the_switch() {
        for x in [-0.3, 0.3] {
            let (below, above) = (D3::new(x * (1.0 - 1e-13), 1.0, 0.0, 0.0), D3::new(x * (1.0 + 1e-13), 1.0, 0.0, 0.0));
            let (a, b) = (exprelr(below), exprelr(above));
            assert!((a.re - b.re).abs() < 1e-12);
            assert!((a.v1 - b.v1).abs() < 1e-12);
            assert!((a.v2 - b.v2).abs() < 1e-11);
            assert!((a.v3 - b.v3).abs() < 1e-9);
        }
    }

    #[test]
    fn exprelr_at_zero_has_the_bernoulli_derivatives() {
        let y = exprelr(D3::new(0.0, 1.0, 0.0, 0.0));
        assert_eq!((y.re, y.v1), (1.0, -0.5));
        assert!((y.v2 - 1.0 / 6.0).abs() < 1e-15);
        assert!(y.v3.abs() < 1e-15);
    }

    #[test]
    fn logistic_is_finite_with_finite_derivatives_far_out() {
        for x in [-1e6, -800.0, 0.0, 800.0, 1e6] {
            let y = logistic(D3::new(x, 1.0, 0.0, 0.0));
            assert!(y.re.is_finite() && y.v1.is_finite() && y.v2.is_finite() && y.v3.is_finite());
        }
        assert_eq!(logistic(0.0), 0.5);
    }
}
