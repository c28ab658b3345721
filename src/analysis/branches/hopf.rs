//! Hopf points: the test that finds them, their eigenvector and their first Lyapunov coefficient.

use nalgebra::{Complex, DMatrix, DVector};

use crate::analysis::family::{Family, MOST_STATES, Matrix, Vector};
use crate::scalar::D3;

type C = Complex<f64>;

/// Coefficients c₁ … cₙ of det(λ − J) = λⁿ + c₁λⁿ⁻¹ + …, by the method of Faddeev and Le Verrier; zeros beyond n.
#[must_use]
pub fn characteristic(j: &Matrix, n: usize) -> Vector {
    let mut c = [0.0; MOST_STATES];
    let mut m = [[0.0; MOST_STATES]; MOST_STATES];
    let mut before = 1.0;
    for (k, coefficient) in c.iter_mut().enumerate().take(n) {
        // M ← J M + c I, c ← −tr(J M)/(k + 1)
        let mut next = [[0.0; MOST_STATES]; MOST_STATES];
        for (r, row) in next.iter_mut().enumerate().take(n) {
            for (col, x) in row.iter_mut().enumerate().take(n) {
                *x = (0..n).map(|l| j[r][l] * m[l][col]).sum::<f64>() + if r == col { before } else { 0.0 };
            }
        }
        m = next;
        let trace: f64 = (0..n).map(|r| (0..n).map(|l| j[r][l] * m[l][r]).sum::<f64>()).sum();
        *coefficient = -trace / (k + 1) as f64;
        before = *coefficient;
    }
    c
}

/// The test function of Hopf points, zero where two eigenvalues add to zero, and the square of their
/// frequency there: only where that is positive is it a Hopf point, else a neutral saddle.
///
/// n = 2: c₁ and c₂; n = 3: c₁c₂ − c₃ and c₂; n = 4: c₁c₂c₃ − c₃² − c₁²c₄ and c₃/c₁ (Kuznetsov 2004, ch. 10).
#[must_use]
pub fn test(c: &Vector, n: usize) -> (f64, f64) {
    match n {
        2 => (c[0], c[1]),
        3 => (c[0] * c[1] - c[2], c[1]),
        4 => (c[0] * c[1] * c[2] - c[2] * c[2] - c[0] * c[0] * c[3], c[2] / c[0]),
        _ => (1.0, -1.0),
    }
}

/// What there is to know about a Hopf point.
#[derive(Clone, Copy, Debug)]
pub struct Hopf {
    /// ω in rad/ms.
    pub frequency: f64,
    /// Real part of the eigenvector q, ⟨q, q⟩ = 1, in the units of the states.
    pub real: Vector,
    /// Its imaginary part.
    pub imaginary: Vector,
    /// First Lyapunov coefficient: negative where stable cycles are born (supercritical).
    pub first_lyapunov: f64,
}

/// Eigenvector and first Lyapunov coefficient of an equilibrium with eigenvalues ±iω:
///
/// l₁ = Re[⟨p, C(q,q,q̄)⟩ − 2⟨p, B(q, A⁻¹B(q,q̄))⟩ + ⟨p, B(q̄, (2iω − A)⁻¹B(q,q))⟩]/(2ω) with ⟨p,q⟩ = 1
/// (Kuznetsov 2004, *Elements of Applied Bifurcation Theory*, eq. 5.62, doi 10.1007/978-1-4757-3978-7).
/// B and C come from exact directional derivatives by polarisation.
#[must_use]
pub fn hopf(family: &mut Family, x: &[f64], value: f64, frequency: f64) -> Option<Hopf> {
    let n = family.dim();
    let local = family.local(x, value);
    let a = DMatrix::from_fn(n, n, |r, c| C::new(local.by_state[r][c], 0.0));
    let i_omega = C::new(0.0, frequency);
    let q = null_vector(&(&a - DMatrix::identity(n, n) * i_omega))?;
    let p = null_vector(&(a.transpose() + DMatrix::identity(n, n) * i_omega))?;
    let q = &q / C::new(q.norm(), 0.0);
    // ⟨p, q⟩ = Σ p̄ᵢ qᵢ = 1
    let p = &p / p.dotc(&q).conj();
    let (re, im) = (real(&q.map(|z| C::new(z.re, 0.0))), real(&q.map(|z| C::new(z.im, 0.0))));
    let mut forms = Forms { family, x, value, n };
    let (rr, ii) = (forms.second(&re, &re), forms.second(&im, &im));
    let ri = forms.second(&re, &im);
    let b_conj = &rr + &ii;
    let b_qq = DVector::from_fn(n, |k, _| C::new(rr[k].re - ii[k].re, 2.0 * ri[k].re));
    let h11 = a.clone().lu().solve(&b_conj)?;
    let h20 = (DMatrix::identity(n, n) * (i_omega * 2.0) - &a).lu().solve(&b_qq)?;
    // B(q, h) for real h and B(q̄, h) for complex h, by bilinearity.
    let h11 = real(&h11);
    let first = complex(&forms.second(&re, &h11), &forms.second(&im, &h11));
    let (hr, hi) = (real(&h20), real(&h20.map(|z| C::new(z.im, 0.0))));
    let (rhr, ihi, rhi, ihr) = (forms.second(&re, &hr), forms.second(&im, &hi), forms.second(&re, &hi), forms.second(&im, &hr));
    let second = DVector::from_fn(n, |k, _| C::new(rhr[k].re + ihi[k].re, rhi[k].re - ihr[k].re));
    let third = complex(&(forms.third(&re) + forms.mixed(&re, &im)), &(forms.mixed(&im, &re) + forms.third(&im)));
    let sum = p.dotc(&third) - p.dotc(&first) * C::new(2.0, 0.0) + p.dotc(&second);
    Some(Hopf { frequency, real: re, imaginary: im, first_lyapunov: sum.re / (2.0 * frequency) })
}

fn real(v: &DVector<C>) -> Vector {
    let mut out = [0.0; MOST_STATES];
    for (to, from) in out.iter_mut().zip(v.iter()) {
        *to = from.re;
    }
    out
}

fn complex(re: &DVector<C>, im: &DVector<C>) -> DVector<C> {
    DVector::from_fn(re.len(), |k, _| C::new(re[k].re, im[k].re))
}

/// A vector that a nearly singular matrix maps to nearly nothing, by inverse iteration.
pub fn null_vector(m: &DMatrix<C>) -> Option<DVector<C>> {
    let n = m.nrows();
    let size = m.norm();
    // A shift far below any eigenvalue that matters keeps the factorisation regular.
    let lu = (m + DMatrix::identity(n, n) * C::new(1e-13 * size, 1e-13 * size)).lu();
    let mut v = DVector::from_fn(n, |k, _| C::new(1.0 + 0.3 * k as f64, 0.2));
    for _ in 0..4 {
        v = lu.solve(&v)?;
        let length = v.norm();
        if !(length.is_finite() && length > 0.0) {
            return None;
        }
        v /= C::new(length, 0.0);
    }
    Some(v)
}

/// Multilinear forms of the vector field at a point.
struct Forms<'f, 'a, 'x> {
    family: &'f mut Family<'a>,
    x: &'x [f64],
    value: f64,
    n: usize,
}

impl Forms<'_, '_, '_> {
    /// Second and third derivative along `v`.
    fn along(&mut self, v: &Vector) -> (Vector, Vector) {
        let rate = self.family.third(self.x, v, self.value);
        (rate.map(|r: D3| r.v2), rate.map(|r| r.v3))
    }

    fn sum(u: &Vector, v: &Vector, sign: f64) -> Vector {
        std::array::from_fn(|k| u[k] + sign * v[k])
    }

    fn vector(&self, f: impl Fn(usize) -> f64) -> DVector<C> {
        DVector::from_fn(self.n, |k, _| C::new(f(k), 0.0))
    }

    /// B(u, v) = ¼ [D²(u + v) − D²(u − v)].
    fn second(&mut self, u: &Vector, v: &Vector) -> DVector<C> {
        let (plus, _) = self.along(&Self::sum(u, v, 1.0));
        let (minus, _) = self.along(&Self::sum(u, v, -1.0));
        self.vector(|k| 0.25 * (plus[k] - minus[k]))
    }

    /// C(u, u, u).
    fn third(&mut self, u: &Vector) -> DVector<C> {
        let (_, d) = self.along(u);
        self.vector(|k| d[k])
    }

    /// C(u, v, v) = ⅙ [D³(u + v) + D³(u − v) − 2 D³(u)].
    fn mixed(&mut self, u: &Vector, v: &Vector) -> DVector<C> {
        let (_, plus) = self.along(&Self::sum(u, v, 1.0));
        let (_, minus) = self.along(&Self::sum(u, v, -1.0));
        let (_, alone) = self.along(u);
        self.vector(|k| (plus[k] + minus[k] - 2.0 * alone[k]) / 6.0)
    }
}
