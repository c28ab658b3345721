//! What a neuron passes whose parameter moves across a special point, told for the side it comes from.

use super::{Diagram, Kind, Special};

/// How many there are at one value.
struct Counts {
    rests: usize,
    stable: usize,
    cycles: usize,
}

/// What happens on the way from one value to another across this point, in a sentence.
#[must_use]
pub fn passing(diagram: &Diagram, point: &Special, from: f64, to: f64) -> &'static str {
    let others = diagram.special.iter().map(|p| (p.value - point.value).abs()).filter(|gap| *gap > 0.0);
    let beside = 0.25 * others.fold((to - point.value).abs().min((from - point.value).abs()), f64::min);
    let step = beside.copysign(to - from);
    let (before, after) = (counts(diagram, point.value - step), counts(diagram, point.value + step));
    let forwards = match point.kind {
        Kind::SaddleNode | Kind::SaddleNodeOnCircle => before.rests > after.rests,
        Kind::Hopf { .. } if before.stable == after.stable => return "a small cycle grows from a rest that is unstable on both sides.",
        Kind::Hopf { .. } => before.stable > after.stable,
        Kind::CycleFold { .. } | Kind::Homoclinic => before.cycles >= after.cycles,
        _ => true,
    };
    if forwards { point.kind.story() } else { point.kind.story_backwards() }
}

fn counts(diagram: &Diagram, value: f64) -> Counts {
    let between = |a: f64, b: f64| (a - value) * (b - value) < 0.0;
    let rests = || diagram.rests.iter().flat_map(|b| b.points.windows(2)).filter(|w| between(w[0].value, w[1].value));
    let cycles = diagram.cycles.iter().flat_map(|b| b.orbits.windows(2)).filter(|w| between(w[0].cycle.value, w[1].cycle.value));
    Counts { rests: rests().count(), stable: rests().filter(|w| w[0].stable && w[1].stable).count(), cycles: cycles.count() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::diagram::{Care, diagram};
    use crate::analysis::{Family, Over};
    use crate::model;

    #[test]
    fn a_point_is_told_for_the_side_one_comes_from() {
        let neuron = model::find("hodgkin_huxley").expect("a model");
        let family = Family::new(neuron, &neuron.defaults(), 0.0, Over::Current);
        let found = diagram(&family, (0.0, 200.0), Care::Live, &mut |_| true);
        for point in &found.special {
            let told = |from: f64, to: f64| passing(&found, point, from, to);
            let (up, down) = (told(point.value - 0.5, point.value + 0.5), told(point.value + 0.5, point.value - 0.5));
            match point.kind {
                Kind::Hopf { .. } if point.value < 100.0 => assert!(up == point.kind.story() && down == point.kind.story_backwards()),
                // At the upper point rest is stable above.
                Kind::Hopf { .. } => assert!(up == point.kind.story_backwards() && down == point.kind.story()),
                // The lowest fold: cycles exist above it only.
                Kind::CycleFold { .. } if point.value < 7.0 => assert!(up == point.kind.story_backwards() && down == point.kind.story()),
                _ => {}
            }
        }
        assert!(found.special.len() > 3);
    }
}
