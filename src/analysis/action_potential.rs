//! The phases of an action potential, found in a recorded course of V.

/// A phase of the action potential, in the order in which they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// At rest, or nearly.
    Rest,
    /// V leaves rest, or comes up from the undershoot, towards the threshold.
    Depolarisation,
    /// The upstroke: sodium rushes in.
    Rising,
    /// Near the highest V: sodium inactivates, potassium opens.
    Peak,
    /// V falls: potassium leaves.
    Falling,
    /// V below rest: potassium channels close slowly.
    Undershoot,
}

impl Phase {
    /// Every phase.
    pub const ALL: [Self; 6] = [Self::Rest, Self::Depolarisation, Self::Rising, Self::Peak, Self::Falling, Self::Undershoot];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rest => "rest",
            Self::Depolarisation => "depolarisation",
            Self::Rising => "rising phase",
            Self::Peak => "peak",
            Self::Falling => "falling phase",
            Self::Undershoot => "undershoot",
        }
    }

    /// What the membrane does in it, in one sentence.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Rest => "The currents balance: what leaks in leaves again",
            Self::Depolarisation => "Input charges the membrane; the first sodium channels open",
            Self::Rising => "Sodium in opens more sodium channels: V runs away upward",
            Self::Peak => "Sodium channels inactivate while potassium channels open",
            Self::Falling => "Potassium out pulls V down; sodium channels are still inactivated",
            Self::Undershoot => "Potassium channels are slow to close, V lies below rest: the neuron is refractory",
        }
    }
}

/// A stretch of time in one phase.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// Start in ms.
    pub from: f64,
    /// End in ms.
    pub to: f64,
    /// The phase.
    pub phase: Phase,
}

/// The upstroke begins where the part of V̇ that the channels drive passes this, in mV/ms: the usual operational threshold
/// (Sekerli et al. 2004, doi 10.1109/TBME.2004.827531), without what the electrode adds.
const UPSTROKE: f64 = 10.0;
/// The peak is where V lies within this part of the spike's height below its highest point.
const PEAK: f64 = 0.08;
/// V is at rest within so many mV of it.
const AT_REST: f64 = 1.0;

/// Divides samples of (t, V, V̇, the part of V̇ that the channels drive) in ms, mV and mV/ms into phases. `rest` is the resting potential and `level` the potential that a
/// spike must reach. Samples without a spike are rest and depolarisation only.
#[must_use]
pub fn phases(samples: &[[f64; 4]], rest: f64, level: f64) -> Vec<Stretch> {
    let mut of: Vec<Phase> = samples.iter().map(|s| if (s[1] - rest).abs() < AT_REST { Phase::Rest } else { Phase::Depolarisation }).collect();
    let mut k = 0;
    while let Some(crossing) = (k..samples.len()).find(|j| samples[*j][1] >= level) {
        let end = (crossing..samples.len()).find(|j| samples[*j][1] < level).unwrap_or(samples.len());
        let top = (crossing..end).max_by(|a, b| samples[*a][1].total_cmp(&samples[*b][1])).unwrap_or(crossing);
        let start = (k..crossing).rev().find(|j| samples[*j][3] < UPSTROKE).map_or(k, |j| j + 1);
        let plateau = samples[top][1] - PEAK * (samples[top][1] - rest).abs();
        let is_high = |j: &usize| samples[*j][1] >= plateau;
        let (first, last) =
            ((start..top).rev().take_while(is_high).last().unwrap_or(top), (top..samples.len()).take_while(is_high).last().unwrap_or(top));
        of[start..first].fill(Phase::Rising);
        of[first..=last].fill(Phase::Peak);
        // Down to rest, or to where V turns up again before it gets there.
        let falls = |j: &usize| samples[*j][1] > rest && samples[*j][2] < 0.0;
        let bottom = (last + 1..samples.len()).take_while(falls).last().unwrap_or(last);
        of[(last + 1).min(samples.len())..=bottom.max(last)].fill(Phase::Falling);
        let is_below = |j: &usize| samples[*j][1] < rest - 0.25 * AT_REST;
        let after = (bottom + 1..samples.len()).take_while(is_below).last().unwrap_or(bottom);
        of[(bottom + 1).min(samples.len())..=after.max(bottom)].fill(Phase::Undershoot);
        k = after.max(end).max(crossing + 1);
    }
    joined(samples, &of)
}

/// Neighbouring samples of one phase as stretches.
fn joined(samples: &[[f64; 4]], of: &[Phase]) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for (sample, phase) in samples.iter().zip(of) {
        match stretches.last_mut() {
            Some(last) if last.phase == *phase => last.to = sample[0],
            Some(last) => {
                last.to = sample[0];
                stretches.push(Stretch { from: sample[0], to: sample[0], phase: *phase });
            }
            None => stretches.push(Stretch { from: sample[0], to: sample[0], phase: *phase }),
        }
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model;
    use crate::sim::{Method, Simulation};
    use crate::stimulus::{Input, Item};

    #[test]
    fn one_spike_of_the_squid_axon_goes_through_all_phases_in_turn() {
        let neuron = model::find("hodgkin_huxley").expect("a model");
        let params = neuron.defaults();
        let rest = &crate::analysis::equilibria(neuron, &params, 0.0).points[0].state;
        let pulse = Item::Step { from: 5.0, to: Some(6.0), amplitude: 20.0 };
        let mut run = Simulation::new(neuron, &params, 0.0, Input::new(&[pulse], 1, 0.01, 1000.0), Method::Rk4, 0.01, rest);
        let mut samples = Vec::new();
        let mut slope = [0.0; 4];
        while run.time() < 60.0 {
            run.run(5, None);
            let current = run.entering();
            neuron.rhs(run.state(), &params, current, &mut slope);
            // C is 1 µF/cm²: what the electrode adds to the slope is the current itself.
            samples.push([run.time(), run.state()[0], slope[0], slope[0] - current]);
        }
        let found = phases(&samples, rest[0], 0.0);
        let order: Vec<Phase> = found.iter().map(|s| s.phase).collect();
        assert_eq!(order[..6], Phase::ALL, "{found:?}");
        assert!(found.windows(2).all(|w| w[0].to == w[1].from && w[0].to > w[0].from));
        assert!((found[0].to - 5.1).abs() < 0.2, "the input begins at 5 ms: {:?}", found[0]);
        let undershoot = found[5];
        assert!(undershoot.to - undershoot.from > 3.0, "{undershoot:?}");
    }

    #[test]
    fn a_course_without_a_spike_has_no_phase_of_one() {
        let samples: Vec<[f64; 4]> = (0..100).map(|k| [f64::from(k), -65.0 + 5.0 * (0.1 * f64::from(k)).sin(), 0.5, 0.5]).collect();
        assert!(phases(&samples, -65.0, 0.0).iter().all(|s| s.phase <= Phase::Depolarisation));
        assert!(phases(&[], -65.0, 0.0).is_empty());
    }
}
