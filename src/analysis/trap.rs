//! Discs round stable equilibria of a plane that no orbit leaves.
//!
//! In z = x − x*, lengths in window widths, the linearisation `A` has the Lyapunov function `zᵀPz` with
//! `AᵀP + PA = −1`, in closed form for two variables. The largest ellipse `zᵀPz ≤ c` is taken on which, and on
//! smaller copies of which, `zᵀPz` falls along the full flow, and which lies below threshold. The fall is checked
//! at points of the ellipses, not proven between them. Cost: some hundred evaluations.

use super::equilibria::FixedPoint;
use super::linear::jacobian;
use super::orbit::System;

/// An ellipse round a stable equilibrium, entered for good.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trap {
    center: [f64; 2],
    scale: [f64; 2],
    /// P₁₁, P₁₂, P₂₂.
    form: [f64; 3],
    level: f64,
}

/// Directions, and sizes of the copies, at which the fall is checked.
const DIRECTIONS: u32 = 24;
const COPIES: [f64; 4] = [1.0, 0.7, 0.4, 0.1];
/// Largest and smallest half-width of the ellipse, in window widths.
const SIZES: (f64, f64) = (0.3, 1e-5);

impl Trap {
    /// The trap of an equilibrium that attracts (with `backward`: that repels); `None` if it does not, or only
    /// weakly beyond rounding, or lies above threshold.
    #[must_use]
    pub fn around(system: &System<2>, point: &FixedPoint, backward: bool) -> Option<Self> {
        let sign = if backward { -1.0 } else { 1.0 };
        let [v, w] = *point.state else { return None };
        let j = jacobian(system.neuron(), &point.state, system.params(), system.current());
        let scale = *system.scale();
        let [a, b, c, d] = *j else { return None };
        let (a, b, c, d) = (sign * a, sign * b * scale[1] / scale[0], sign * c * scale[0] / scale[1], sign * d);
        let (trace, det) = (a + d, a * d - b * c);
        if !(trace < 0.0 && det > 0.0) {
            return None;
        }
        // P = (det·1 + adj(A)ᵀ adj(A))/(−2 trace det), adj(A) = [d, −b; −c, a].
        let factor = -0.5 / (trace * det);
        let form = [factor * (det + d * d + c * c), -factor * (b * d + a * c), factor * (det + b * b + a * a)];
        // Half-width of zᵀPz = 1: one over the root of the smaller eigenvalue.
        let (half, gap) = (0.5 * (form[0] + form[2]), (0.5 * (form[0] - form[2])).hypot(form[1]));
        let width = 1.0 / (half - gap).max(f64::MIN_POSITIVE).sqrt();
        let mut size = SIZES.0;
        while size > SIZES.1 {
            let trap = Self { center: [v, w], scale, form, level: (size / width) * (size / width) };
            if trap.falls(system, sign) {
                return Some(trap);
            }
            size *= 0.6;
        }
        None
    }

    /// True if the state is inside.
    #[must_use]
    pub fn holds(&self, x: &[f64; 2]) -> bool {
        let z = [(x[0] - self.center[0]) / self.scale[0], (x[1] - self.center[1]) / self.scale[1]];
        self.form[0] * z[0] * z[0] + 2.0 * self.form[1] * z[0] * z[1] + self.form[2] * z[1] * z[1] <= self.level
    }

    /// The equilibrium.
    #[must_use]
    pub fn center(&self) -> &[f64; 2] {
        &self.center
    }

    /// A state on its rim, toward higher V.
    #[must_use]
    pub fn rim(&self) -> [f64; 2] {
        [self.center[0] + (self.level / self.form[0]).sqrt() * self.scale[0], self.center[1]]
    }

    fn falls(&self, system: &System<2>, sign: f64) -> bool {
        (0..DIRECTIONS).all(|k| {
            let (sin, cos) = (std::f64::consts::TAU * f64::from(k) / f64::from(DIRECTIONS)).sin_cos();
            let size = self.form[0] * cos * cos + 2.0 * self.form[1] * cos * sin + self.form[2] * sin * sin;
            let reach = (self.level / size).sqrt();
            COPIES.iter().all(|copy| {
                let z = [copy * reach * cos, copy * reach * sin];
                let x = [self.center[0] + z[0] * self.scale[0], self.center[1] + z[1] * self.scale[1]];
                let f = system.slope(&x);
                let dz = [sign * f[0] / self.scale[0], sign * f[1] / self.scale[1]];
                let fall = z[0] * (self.form[0] * dz[0] + self.form[1] * dz[1]) + z[1] * (self.form[1] * dz[0] + self.form[2] * dz[1]);
                fall < 0.0 && (!system.neuron().resets() || system.spike(&x) < 0.0)
            })
        })
    }
}
