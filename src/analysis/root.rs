//! A bracketed zero of a function of one variable.

/// Two places between which a function vanishes, with its values there, and the place before: what tells where to look
/// next (Chandrupatla 1997, doi 10.1016/S0965-9978(96)00051-8).
pub(super) struct Bracket {
    latest: (f64, f64),
    opposite: (f64, f64),
    before: Option<(f64, f64)>,
}

impl Bracket {
    /// From two places at which the function has opposite signs.
    pub(super) fn new(a: (f64, f64), b: (f64, f64)) -> Self {
        Self { latest: a, opposite: b, before: None }
    }

    /// Where to look next, at least `apart` from both ends: by inverse quadratic interpolation where the three values lie so that it
    /// can be trusted, else in the middle; the first time on the secant.
    pub(super) fn guess(&self, apart: f64) -> f64 {
        let ((x1, f1), (x2, f2)) = (self.latest, self.opposite);
        let share = match self.before {
            None => f1 / (f1 - f2),
            Some((x3, f3)) => {
                let (xi, phi) = ((x1 - x2) / (x3 - x2), (f1 - f2) / (f3 - f2));
                if phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi {
                    f1 / (f2 - f1) * f3 / (f2 - f3) + (x3 - x1) / (x2 - x1) * f1 / (f3 - f1) * f2 / (f3 - f2)
                } else {
                    0.5
                }
            }
        };
        let least = (apart / (x2 - x1).abs()).min(0.5);
        let share = if share.is_finite() { share.clamp(least, 1.0 - least) } else { 0.5 };
        x1 + share * (x2 - x1)
    }

    /// Takes in the value `f` at `x`.
    pub(super) fn narrow(&mut self, x: f64, f: f64) {
        if (f > 0.0) == (self.latest.1 > 0.0) {
            self.before = Some(self.latest);
        } else {
            self.before = Some(std::mem::replace(&mut self.opposite, self.latest));
        }
        self.latest = (x, f);
    }

    /// Width of what is left.
    pub(super) fn width(&self) -> f64 {
        (self.opposite.0 - self.latest.0).abs()
    }
}

/// The zero of `f` between `a` and `b`, where `f` has opposite signs, to rounding. At most 200 evaluations.
pub(super) fn bracketed(mut f: impl FnMut(f64) -> f64, a: (f64, f64), b: (f64, f64)) -> f64 {
    let nearer = |a: (f64, f64), b: (f64, f64)| if a.1.abs() < b.1.abs() { a.0 } else { b.0 };
    let mut bracket = Bracket::new(a, b);
    for _ in 0..200 {
        let best = nearer(bracket.latest, bracket.opposite);
        let rounding = 2.0 * f64::EPSILON * best.abs();
        if bracket.latest.1 == 0.0 || bracket.opposite.1 == 0.0 || bracket.width() <= 2.0 * rounding {
            return best;
        }
        let x = bracket.guess(rounding);
        if x.to_bits() == bracket.latest.0.to_bits() || x.to_bits() == bracket.opposite.0.to_bits() {
            return best;
        }
        bracket.narrow(x, f(x));
    }
    nearer(bracket.latest, bracket.opposite)
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
