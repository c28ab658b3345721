//! A bracketed zero of a function of one variable.

/// The zero of `f` between `a` and `b`, where `f` has opposite signs, to rounding: bisection guarding the
/// secant (Illinois variant; Dowell and Jarratt 1971, doi 10.1007/BF01934364). At most 200 evaluations.
pub(super) fn bracketed(mut f: impl FnMut(f64) -> f64, a: (f64, f64), b: (f64, f64)) -> f64 {
    let (mut a, mut b) = (a, b);
    let mut side = 0;
    for count in 0..200 {
        if a.1 == 0.0 {
            return a.0;
        }
        if b.1 == 0.0 || (b.0 - a.0).abs() <= 4.0 * f64::EPSILON * a.0.abs().max(b.0.abs()) {
            return b.0;
        }
        let secant = (a.0 * b.1 - b.0 * a.1) / (b.1 - a.1);
        let inside = secant > a.0.min(b.0) && secant < a.0.max(b.0);
        // Every third step is a bisection, so that a curve with a sharp bend cannot stall the secant.
        let x = if inside && count % 3 != 2 { secant } else { 0.5 * (a.0 + b.0) };
        if x.to_bits() == a.0.to_bits() || x.to_bits() == b.0.to_bits() {
            return x;
        }
        let y = f(x);
        if (y > 0.0) == (b.1 > 0.0) {
            b = (x, y);
            a.1 *= if side == 1 { 0.5 } else { 1.0 };
            side = 1;
        } else {
            a = (x, y);
            b.1 *= if side == -1 { 0.5 } else { 1.0 };
            side = -1;
        }
    }
    b.0
}

#[cfg(test)]
mod tests {
    use super::bracketed;

    #[test]
    fn finds_zeros_of_smooth_and_of_steep_functions() {
        let f = |x: f64| x * x - 2.0;
        assert!((bracketed(f, (0.0, f(0.0)), (2.0, f(2.0))) - 2.0_f64.sqrt()).abs() < 1e-15);
        let g = |x: f64| (x / 0.01).exp() - 1e30;
        assert!((bracketed(g, (-10.0, g(-10.0)), (5.0, g(5.0))) - 0.01 * 1e30_f64.ln()).abs() < 1e-14);
    }
}
