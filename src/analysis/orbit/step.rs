//! One step of Dormand and Prince, its error, and the state inside it.

use super::{Orbit, Point, Tangent};

/// Nodes of the method's table.
const A2: [f64; 1] = [1.0 / 5.0];
const A3: [f64; 2] = [3.0 / 40.0, 9.0 / 40.0];
const A4: [f64; 3] = [44.0 / 45.0, -56.0 / 15.0, 32.0 / 9.0];
const A5: [f64; 4] = [19_372.0 / 6561.0, -25_360.0 / 2187.0, 64_448.0 / 6561.0, -212.0 / 729.0];
const A6: [f64; 5] = [9017.0 / 3168.0, -355.0 / 33.0, 46_732.0 / 5247.0, 49.0 / 176.0, -5103.0 / 18_656.0];
/// Weights of the fifth-order end; the second stage has none.
const B: [f64; 6] = [35.0 / 384.0, 0.0, 500.0 / 1113.0, 125.0 / 192.0, -2187.0 / 6784.0, 11.0 / 84.0];
/// Fifth minus fourth order.
const E: [f64; 7] = [71.0 / 57_600.0, 0.0, -71.0 / 16_695.0, 71.0 / 1920.0, -17_253.0 / 339_200.0, 22.0 / 525.0, -1.0 / 40.0];
/// Fifth coefficient of the continuous extension.
const D: [f64; 7] = [
    -12_715_105_075.0 / 11_282_082_432.0,
    0.0,
    87_487_479_700.0 / 32_700_410_799.0,
    -10_690_763_975.0 / 1_880_347_072.0,
    701_980_252_875.0 / 199_316_789_632.0,
    -1_453_857_185.0 / 822_651_844.0,
    69_997_945.0 / 29_380_423.0,
];

/// The last step: where it began, its length in s, and the slopes in s at its seven stages.
#[derive(Clone, Copy)]
pub(super) struct Last<const N: usize> {
    pub from: Point<N>,
    pub h: f64,
    pub k: [Point<N>; 7],
}

impl<const N: usize> Last<N> {
    /// No step yet.
    pub fn at(from: Point<N>) -> Self {
        let zero = Point { x: [0.0; N], v: [0.0; N], t: 0.0 };
        Self { from, h: 0.0, k: [zero; 7] }
    }
}

impl<const N: usize> Point<N> {
    fn is_finite(&self) -> bool {
        self.x.iter().chain(&self.v).all(|x| x.is_finite()) && self.t.is_finite()
    }
}

/// from + h Σ aₖ kₖ.
#[inline(always)]
fn sum<const N: usize, const M: usize>(from: &Point<N>, h: f64, a: &[f64; M], k: &[Point<N>; 7], tangent: bool) -> Point<N> {
    let mut to = *from;
    for m in 0..M {
        let f = h * a[m];
        for n in 0..N {
            to.x[n] += f * k[m].x[n];
        }
        if tangent {
            for n in 0..N {
                to.v[n] += f * k[m].v[n];
            }
        }
        to.t += f * k[m].t;
    }
    to
}

impl<const N: usize> Orbit<'_, N> {
    /// Derivatives by s.
    #[inline(always)]
    pub(super) fn rate(&self, at: &Point<N>) -> Point<N> {
        let (mut x, mut v) = match self.tangent {
            Tangent::None => (self.system.slope(&at.x), [0.0; N]),
            Tangent::EqualTime => self.system.slope_along(&at.x, &at.v),
            Tangent::EqualV => {
                let mut beside = at.v;
                beside[0] = 0.0;
                let (x, mut v) = self.system.slope_along(&at.x, &beside);
                // V' of the neighbour differs, so it needs another time to the same V, in which the rest moves.
                let late = -v[0] / x[0];
                v.iter_mut().zip(&x).for_each(|(v, x)| *v += late * x);
                v[0] = late;
                (x, v)
            }
        };
        if self.manner.held {
            x[0] = 0.0;
            v[0] = 0.0;
        }
        let sign = if self.manner.backward { -1.0 } else { 1.0 };
        let factor = sign / (1.0 + self.system.square(&x)).sqrt();
        x.iter_mut().chain(&mut v).for_each(|d| *d *= factor);
        Point { x, v, t: factor }
    }

    /// The end of a step of length `h` from where the last one began, with its stages. The slope at its start
    /// must stand in `k[0]`.
    #[inline(always)]
    fn attempt(&mut self, h: f64) -> Point<N> {
        let from = self.last.from;
        let tangent = self.tangent != Tangent::None;
        self.last.h = h;
        self.last.k[1] = self.rate(&sum(&from, h, &A2, &self.last.k, tangent));
        self.last.k[2] = self.rate(&sum(&from, h, &A3, &self.last.k, tangent));
        self.last.k[3] = self.rate(&sum(&from, h, &A4, &self.last.k, tangent));
        self.last.k[4] = self.rate(&sum(&from, h, &A5, &self.last.k, tangent));
        self.last.k[5] = self.rate(&sum(&from, h, &A6, &self.last.k, tangent));
        let to = sum(&from, h, &B, &self.last.k, tangent);
        self.last.k[6] = self.rate(&to);
        to
    }

    /// Local error of the last attempt, 1 where it is as large as allowed.
    #[inline(always)]
    fn error(&self, to: &Point<N>) -> f64 {
        let zero = Point { x: [0.0; N], v: [0.0; N], t: 0.0 };
        let off = sum(&zero, self.last.h, &E, &self.last.k, self.tangent != Tangent::None);
        let mut worst = 0.0_f64;
        for n in 0..N {
            worst = worst.max(off.x[n].abs() / self.system.scale[n].max(to.x[n].abs()));
        }
        worst = worst.max(off.t.abs() / to.t.abs().max(1.0));
        if self.tangent != Tangent::None {
            // The tangent need not be followed as closely as the orbit that carries it.
            let size = self.system.length(&to.v).max(self.system.length(&self.last.from.v));
            worst = worst.max(0.1 * self.system.length(&off.v) / size.max(f64::MIN_POSITIVE));
        }
        worst / self.manner.tolerance
    }

    /// By how much the next step may be longer. Where the error grows from step to step, as on an upstroke, the
    /// trend goes on (Gustafsson 1994, doi 10.1145/198429.198437), so that few steps are refused.
    fn growth(&self, h: f64, error: f64) -> f64 {
        let root = error.powf(-0.2);
        let trend = self.past.map_or(root, |(h_past, past)| root * (h / h_past) * (past / error).powf(0.2));
        (0.9 * root.min(trend)).clamp(0.2, 5.0)
    }

    /// Takes one accepted step; false where the orbit leaves the numbers.
    pub(super) fn advance(&mut self) -> bool {
        let slope = self.last.k[6];
        self.last.from = self.at;
        let mut h = self.h;
        for _ in 0..60 {
            self.last.k[0] = slope;
            let to = self.attempt(h);
            let error = self.error(&to);
            if error <= 1.0 && to.is_finite() && self.last.k[6].is_finite() {
                self.at = to;
                self.steps += 1;
                self.h = h * self.growth(h, error.max(1e-8));
                self.past = Some((h, error.max(1e-8)));
                return true;
            }
            h *= if error.is_finite() { (0.9 * error.powf(-0.2)).clamp(0.1, 0.9) } else { 0.1 };
        }
        false
    }

    /// The point a fraction `part` of the last step in, by the continuous extension of order four.
    #[must_use]
    pub fn inside(&self, part: f64) -> Point<N> {
        let Last { from, h, k } = &self.last;
        let zero = Point { x: [0.0; N], v: [0.0; N], t: 0.0 };
        let bend = sum(&zero, *h, &D, k, self.tangent != Tangent::None);
        let blend = |from: f64, to: f64, first: f64, last: f64, bend: f64| {
            let whole = to - from;
            let lean = h * first - whole;
            from + part * (whole + (1.0 - part) * (lean + part * (whole - h * last - lean + (1.0 - part) * bend)))
        };
        let (first, last) = (&k[0], &k[6]);
        let mut point = *from;
        for n in 0..N {
            point.x[n] = blend(from.x[n], self.at.x[n], first.x[n], last.x[n], bend.x[n]);
            point.v[n] = blend(from.v[n], self.at.v[n], first.v[n], last.v[n], bend.v[n]);
        }
        point.t = blend(from.t, self.at.t, first.t, last.t, bend.t);
        point
    }

    /// Ends the last step earlier or later, `h` after it began.
    pub(super) fn retake(&mut self, h: f64) {
        self.at = self.attempt(h);
    }
}
