//! Stable and unstable manifolds of the saddles of planar models.
//!
//! The manifold of an eigenvalue λ with eigenvector v is x* + s v + s² c + …; inserted into the flow,
//! (2λ − A) c = ½ B(v, v), with B the second derivative of the field, taken exactly. Orbits start on this
//! parabola 10⁻⁴ of a window away from the saddle, where what is left out is of the third order (10⁻¹² of a
//! window), and follow the flow, the stable ones backward (Krauskopf et al. 2005, Int J Bifurcation Chaos
//! 15:763, doi 10.1142/S0218127405012533, for surveys of harder cases). The stable manifold is the separatrix:
//! the border between orbits that come to rest and those that fire.

use super::equilibria::FixedPoint;
use super::linear::{Type, jacobian};
use super::orbit::System;
use crate::scalar::D3;

/// Distance from the saddle at which manifolds start, in window widths.
const START: f64 = 1e-4;

/// Where the four branches of a saddle's manifolds start, and the two rates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Departures {
    /// On the two halves of the unstable manifold: toward higher V first.
    pub unstable: [[f64; 2]; 2],
    /// On the two halves of the stable manifold: toward higher V first.
    pub stable: [[f64; 2]; 2],
    /// The positive eigenvalue in 1/ms.
    pub growth: f64,
    /// The negative eigenvalue in 1/ms.
    pub decay: f64,
}

/// The starts of a saddle's manifolds; `None` if the point is no saddle.
#[must_use]
pub fn departures(system: &System<2>, saddle: &FixedPoint) -> Option<Departures> {
    let (Type::Saddle, [growth, decay], [v, w]) = (saddle.kind, &*saddle.eigenvalues, &*saddle.state) else { return None };
    let x = [*v, *w];
    let j = jacobian(system.neuron(), &x, system.params(), system.current());
    let half = |rate: f64| starts(system, &x, &j, rate);
    Some(Departures { unstable: half(growth.re)?, stable: half(decay.re)?, growth: growth.re, decay: decay.re })
}

/// Two points on the parabola of the manifold of eigenvalue `rate`.
fn starts(system: &System<2>, x: &[f64; 2], j: &[f64], rate: f64) -> Option<[[f64; 2]; 2]> {
    let [a, b, c, d] = *j else { return None };
    let scale = system.scale();
    // Of the two rows of A − λ the larger one, in window widths, gives the eigenvector.
    let rows = [[b, rate - a], [rate - d, c]];
    let v = *rows.iter().max_by(|p, q| system.length(p).total_cmp(&system.length(q)))?;
    let size = system.length(&v).copysign(if v[0] == 0.0 { v[1] } else { v[0] });
    let v = [v[0] / size, v[1] / size];
    let bend = curvature(system, x, &v);
    let (m, n) = (2.0 * rate - a, 2.0 * rate - d);
    let det = m * n - b * c;
    let bend = [0.5 * (n * bend[0] + b * bend[1]) / det, 0.5 * (c * bend[0] + m * bend[1]) / det];
    let at = |s: f64| [x[0] + s * v[0] + s * s * bend[0], x[1] + s * v[1] + s * s * bend[1]];
    // Where the manifold bends sharply the start comes closer.
    let start = START.min(0.01 / (system.length(&bend)).max(1e-3));
    (det != 0.0 && v.iter().chain(&bend).all(|c| c.is_finite()) && scale[0] > 0.0).then(|| [at(start), at(-start)])
}

/// B(v, v): the second derivative of the field in direction `v`.
fn curvature(system: &System<2>, x: &[f64; 2], v: &[f64; 2]) -> [f64; 2] {
    let p: Vec<D3> = system.params().iter().map(|p| D3::from(*p)).collect();
    let state = [D3::new(x[0], v[0], 0.0, 0.0), D3::new(x[1], v[1], 0.0, 0.0)];
    let mut out = [D3::from(0.0); 2];
    system.neuron().rhs_d3(&state, &p, D3::from(system.current()), &mut out);
    out.map(|d| d.v2)
}
