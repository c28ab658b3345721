//! Sections: where an orbit is cut.

use super::{Orbit, Point};
use crate::analysis::root::bracketed;

/// The set where normal·x + time·t = level, crossed upward.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Section<const N: usize> {
    /// Factor of each state.
    pub normal: [f64; N],
    /// Factor of time.
    pub time: f64,
    /// Value on the section.
    pub level: f64,
}

impl<const N: usize> Section<N> {
    /// Where state `index` rises (`sign` 1) or falls (−1) through `level`.
    #[must_use]
    pub fn of_state(index: usize, level: f64, sign: f64) -> Self {
        let mut normal = [0.0; N];
        if let Some(n) = normal.get_mut(index) {
            *n = sign;
        }
        Self { normal, time: 0.0, level: sign * level }
    }

    /// How far above the section a point lies.
    #[must_use]
    pub fn above(&self, at: &Point<N>) -> f64 {
        self.rise(at) - self.level
    }

    /// How fast that changes for these derivatives.
    #[must_use]
    pub fn rise(&self, along: &Point<N>) -> f64 {
        self.normal.iter().zip(&along.x).map(|(n, x)| n * x).sum::<f64>() + self.time * along.t
    }

    /// The part of a tangent at fixed time that lies in the section, for an orbit with derivatives `f` by time,
    /// and how much later the neighbour arrives. Not defined where the orbit grazes.
    #[must_use]
    pub fn project(&self, v: &[f64; N], f: &[f64; N]) -> ([f64; N], f64) {
        let dot = |a: &[f64; N]| self.normal.iter().zip(a).map(|(n, x)| n * x).sum::<f64>();
        let late = -dot(v) / (dot(f) + self.time);
        let mut inside = *v;
        for (v, f) in inside.iter_mut().zip(f) {
            *v += late * f;
        }
        (inside, late)
    }
}

impl<const N: usize> Orbit<'_, N> {
    /// If the last step has crossed the section upward, moves the orbit back on to it.
    pub(super) fn land(&mut self, section: &Section<N>) -> bool {
        let low = section.above(&self.last.from);
        let high = section.above(&self.at);
        let grazing = || section.rise(&self.last.k[0]) > 0.0 && section.rise(&self.last.k[6]) < 0.0;
        let (from, to) = match (low < 0.0, high >= 0.0) {
            (true, true) => ((0.0, low), (1.0, high)),
            // Up and down again within the step, or from below after having started above.
            (true, false) if grazing() => {
                let top = self.top(section);
                let most = section.above(&self.inside(top));
                if most < 0.0 {
                    return false;
                }
                ((0.0, low), (top, most))
            }
            _ => return false,
        };
        let part = bracketed(|part| section.above(&self.inside(part)), from, to);
        self.settle(section, part);
        true
    }

    /// The point of the last step that lies highest above a section.
    #[must_use]
    pub fn highest(&self, section: &Section<N>) -> Point<N> {
        self.inside(self.top(section))
    }

    /// Where inside the last step an orbit that goes up and down again is highest.
    fn top(&self, section: &Section<N>) -> f64 {
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..40 {
            let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
            if section.above(&self.inside(a)) < section.above(&self.inside(b)) { low = a } else { high = b }
        }
        0.5 * (low + high)
    }

    /// Newton's method on the length of the step, from a good guess.
    fn settle(&mut self, section: &Section<N>, part: f64) {
        let mut h = part * self.last.h;
        let whole = self.last.h;
        self.retake(h);
        for _ in 0..4 {
            let rise = section.rise(&self.last.k[6]);
            let change = -section.above(&self.at) / rise;
            if change.is_nan() || change.abs() > 0.1 * whole {
                return;
            }
            h += change;
            self.retake(h);
            if change.abs() <= 1e-13 * whole {
                return;
            }
        }
    }
}
