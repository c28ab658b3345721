//! Lowest and highest values on an orbit.

use super::basis::{DEGREE, NODES, values};
use super::space::{Cycle, Scales};
use crate::analysis::family::{MOST_STATES, Vector};

/// Points at which the polynomials beside the extreme node are looked at.
const LOOKS: u32 = 16;

/// Lowest and highest value of each state on an orbit, in the units of the states.
#[must_use]
pub fn extent(cycle: &Cycle, n: usize, scales: &Scales) -> (Vector, Vector) {
    let (mut low, mut high) = ([0.0; MOST_STATES], [0.0; MOST_STATES]);
    for i in 0..n {
        high[i] = highest(cycle, n, i, 1.0) * scales.state[i];
        low[i] = -highest(cycle, n, i, -1.0) * scales.state[i];
    }
    (low, high)
}

/// Highest value of sign·uᵢ: the best node, then a parabola through the best of the polynomials beside it.
fn highest(cycle: &Cycle, n: usize, i: usize, sign: f64) -> f64 {
    let node = |q: usize| sign * cycle.nodes[q * n + i];
    let last = cycle.nodes.len() / n - 1;
    let best = (0..=last).max_by(|a, b| node(*a).total_cmp(&node(*b))).unwrap_or(0);
    let count = cycle.mesh.len() - 1;
    // The orbit is closed: beside its first interval stands its last.
    let j = (best / DEGREE).min(count - 1);
    let beside = if best % DEGREE == 0 { (j + count - 1) % count } else { j };
    let mut top = node(best);
    for j in [beside, j] {
        let value = |k: u32| {
            let row = values(f64::from(k) / f64::from(LOOKS));
            (0..NODES).map(|l| row[l] * node(j * DEGREE + l)).sum::<f64>()
        };
        let values: Vec<f64> = (0..=LOOKS).map(value).collect();
        for w in values.windows(3) {
            if w[1] >= w[0] && w[1] >= w[2] {
                let bend = w[0] - 2.0 * w[1] + w[2];
                let rise = if bend < 0.0 { -(w[2] - w[0]).powi(2) / (8.0 * bend) } else { 0.0 };
                top = top.max(w[1] + rise);
            }
        }
    }
    top
}
