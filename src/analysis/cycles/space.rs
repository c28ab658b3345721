//! The space in which cycles live: orbits on a mesh, directions between them, and the units of both.

use super::basis::{DEGREE, WEIGHTS};
use crate::analysis::family::{MOST_STATES, Vector};

/// A periodic orbit on its mesh.
#[derive(Clone, Debug, Default)]
pub struct Cycle {
    /// The varied quantity.
    pub value: f64,
    /// Period in ms.
    pub period: f64,
    /// Ends of the mesh intervals, from 0 to 1.
    pub mesh: Vec<f64>,
    /// States at the nodes in units of their scales, node after node.
    pub nodes: Vec<f64>,
}

/// A direction in the space of cycles, of unit length.
#[derive(Clone, Debug, Default)]
pub struct Tangent {
    /// Change of the nodes.
    pub nodes: Vec<f64>,
    /// Relative change of the period; it has no weight in the length.
    pub period: f64,
    /// Change of the varied quantity in units of its scale.
    pub value: f64,
}

impl Tangent {
    /// Multiplies the direction by a factor: 1/length makes it a unit, −1 turns it round.
    pub fn scale(&mut self, factor: f64) {
        self.nodes.iter_mut().for_each(|x| *x *= factor);
        self.period *= factor;
        self.value *= factor;
    }

    /// Adds so many times another direction on the same mesh.
    pub fn add(&mut self, other: &Self, times: f64) {
        self.nodes.iter_mut().zip(&other.nodes).for_each(|(x, y)| *x += times * y);
        self.period += times * other.period;
        self.value += times * other.value;
    }

    /// Makes the direction one of unit length on a mesh in `n` dimensions and returns the length it had.
    pub fn normalise(&mut self, mesh: &[f64], n: usize) -> f64 {
        let length = norm(self, mesh, n);
        self.scale(1.0 / length);
        length
    }
}

/// Units in which differences are measured.
#[derive(Clone, Copy, Debug)]
pub struct Scales {
    /// Of the states.
    pub state: [f64; MOST_STATES],
    /// Of the varied quantity.
    pub value: f64,
}

impl Scales {
    /// The state at a node, in its own units, padded with zeros.
    #[must_use]
    pub fn model(&self, node: &[f64]) -> Vector {
        std::array::from_fn(|i| node.get(i).map_or(0.0, |u| u * self.state[i]))
    }
}

/// Length of a direction: root mean square over the orbit, and the varied quantity.
pub fn norm(t: &Tangent, mesh: &[f64], n: usize) -> f64 {
    product(t, t, mesh, n).sqrt()
}

/// Inner product of two directions on the same mesh.
pub fn product(a: &Tangent, b: &Tangent, mesh: &[f64], n: usize) -> f64 {
    let mut sum = a.value * b.value;
    for (j, ends) in mesh.windows(2).enumerate() {
        let h = ends[1] - ends[0];
        for (k, weight) in WEIGHTS.iter().enumerate() {
            let at = (j * DEGREE + k) * n;
            let here: f64 = a.nodes[at..at + n].iter().zip(&b.nodes[at..at + n]).map(|(x, y)| x * y).sum();
            sum += h * weight * here;
        }
    }
    sum
}
