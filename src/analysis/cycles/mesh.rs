//! The mesh of a periodic orbit: adapted so that every interval carries the same share of the error.

use super::basis::{DEGREE, NODES, values};
use super::space::{Cycle, Tangent};

/// Share of the mesh that is spread evenly in time whatever the orbit does.
const EVEN: f64 = 0.08;

/// Ends of `count` intervals that share the error monitor of the orbit equally: the monitor is the
/// (m+1)-th derivative to the power 1/(m+1) (de Boor 1974; Russell and Christiansen 1978, doi 10.1137/0715004).
pub fn adapted(cycle: &Cycle, n: usize, count: usize) -> Vec<f64> {
    let old = &cycle.mesh;
    let jumps = monitor(cycle, n);
    let total: f64 = jumps.iter().zip(old.windows(2)).map(|(m, e)| m * (e[1] - e[0])).sum();
    let floor = EVEN * total.max(1e-12);
    let share: Vec<f64> = jumps.iter().zip(old.windows(2)).map(|(m, e)| (m + floor) * (e[1] - e[0])).collect();
    let all: f64 = share.iter().sum();
    let mut mesh = Vec::with_capacity(count + 1);
    let (mut j, mut before) = (0, 0.0);
    for k in 0..=count {
        let goal = all * k as f64 / count as f64;
        while j + 1 < share.len() && before + share[j] < goal {
            before += share[j];
            j += 1;
        }
        let fraction = ((goal - before) / share[j]).clamp(0.0, 1.0);
        mesh.push(old[j] + fraction * (old[j + 1] - old[j]));
    }
    mesh[0] = 0.0;
    mesh[count] = 1.0;
    mesh
}

/// On each interval the size of the (m+1)-th derivative, to the power 1/(m+1), from the jumps of the m-th.
fn monitor(cycle: &Cycle, n: usize) -> Vec<f64> {
    let count = cycle.mesh.len() - 1;
    let highest = |j: usize, i: usize| {
        let h = (cycle.mesh[j + 1] - cycle.mesh[j]) / (NODES - 1) as f64;
        let u = |k: usize| cycle.nodes[(j * DEGREE + k) * n + i];
        (u(0) - 4.0 * u(1) + 6.0 * u(2) - 4.0 * u(3) + u(4)) / h.powi(4)
    };
    let jump = |a: usize, b: usize| {
        let width = |j: usize| cycle.mesh[j + 1] - cycle.mesh[j];
        let gap = 0.5 * (width(a) + width(b));
        (0..n).map(|i| ((highest(b, i) - highest(a, i)) / gap).powi(2)).sum::<f64>().sqrt()
    };
    let at_end: Vec<f64> = (0..count).map(|j| jump(j, (j + 1) % count)).collect();
    (0..count).map(|j| (0.5 * (at_end[j] + at_end[(j + count - 1) % count])).powf(0.2)).collect()
}

/// Where the nodes of one mesh stand in another: the way to carry what is known at the nodes.
pub struct Transfer(Vec<(usize, [f64; NODES])>);

impl Transfer {
    /// From one mesh to another.
    pub fn new(mesh: &[f64], to: &[f64]) -> Self {
        let mut j = 0;
        let nodes = to.windows(2).flat_map(|ends| (0..DEGREE).map(|k| ends[0] + (ends[1] - ends[0]) * k as f64 / DEGREE as f64));
        let place = |t: f64| {
            while j + 2 < mesh.len() && mesh[j + 1] < t {
                j += 1;
            }
            (j, values((t - mesh[j]) / (mesh[j + 1] - mesh[j])))
        };
        Self(nodes.chain([1.0]).map(place).collect())
    }

    /// Values at the nodes, in `n` dimensions, on the other mesh.
    pub fn carry(&self, nodes: &[f64], n: usize) -> Vec<f64> {
        let mut out = Vec::with_capacity(self.0.len() * n);
        for (j, row) in &self.0 {
            let old = &nodes[j * DEGREE * n..][..NODES * n];
            out.extend((0..n).map(|i| (0..NODES).map(|k| row[k] * old[k * n + i]).sum::<f64>()));
        }
        out
    }
}

/// Moves an orbit and its direction to an adapted mesh of `count` intervals.
pub fn adapt(cycle: &mut Cycle, tangent: &mut Tangent, n: usize, count: usize) {
    let mesh = adapted(cycle, n, count);
    let transfer = Transfer::new(&cycle.mesh, &mesh);
    cycle.nodes = transfer.carry(&cycle.nodes, n);
    tangent.nodes = transfer.carry(&tangent.nodes, n);
    cycle.mesh = mesh;
}
