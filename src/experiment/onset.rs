//! Where sustained firing begins, and how: the class of excitability.
//!
//! The lowest current of the grid at which the neuron fires for good (from its start state or followed up or down)
//! is refined by bisection: the firing is followed down until it is lost (for one variable the closed form decides). How it is lost shows in the period T a
//! little above: at distances δ from the onset that shrink by four, successive increments of T have a ratio that
//! tells the law whatever its constants,
//!
//! | law | ratio | where |
//! |---|---|---|
//! | T ∝ 1/δ | 4 | a perfect integrator |
//! | T ∝ 1/√δ | 2 | a saddle-node on the cycle |
//! | T ∝ −ln δ | 1 | a saddle on the cycle, a leaky integrator |
//! | T → T₀, as √δ or δ | 1/2, 1/4 | a fold of cycles, a Hopf point |
//!
//! Class 1 (Hodgkin 1948; Izhikevich 2007, sec. 7.1) is a rate that begins at zero when the current rises slowly: the
//! rate falls to zero at the onset and no stable rest is left beside the firing. Otherwise the rate begins with a jump:
//! class 2. Class 3 is a neuron that only ever fires a few spikes when the current is switched on.

use super::fi::{Chain, Fresh, Span};
use super::follow::{follow, rest_end};
use super::settle::{Effort, Outcome, settle};
use super::{GoOn, Preparation};
use crate::analysis::{Eigenvalue, equilibria, passage_rate};

/// How firing begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// At rate zero.
    One,
    /// With a jump.
    Two,
    /// Never for good, though spikes answer a step.
    Three,
}

impl Class {
    /// 1, 2 or 3.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Three => 3,
        }
    }
}

/// How the period behaves just above the onset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Law {
    /// T ∝ 1/(I − I₀).
    Inverse,
    /// T ∝ 1/√(I − I₀).
    InverseRoot,
    /// T ∝ −ln(I − I₀).
    Logarithm,
    /// T stays finite: firing begins at this rate.
    Finite(f64),
    /// T stays finite, but the rate falls so steeply that its end is only known to be below this rate: a canard explosion.
    Steep(f64),
}

impl Law {
    /// The lowest rate of the firing that is known.
    #[must_use]
    pub fn lowest_rate(self) -> f64 {
        match self {
            Self::Finite(rate) | Self::Steep(rate) => rate,
            Self::Inverse | Self::InverseRoot | Self::Logarithm => 0.0,
        }
    }
}

/// Where firing begins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Onset {
    /// The lowest current of sustained firing; the lowest of the range if it fires there already.
    pub current: Option<f64>,
    /// How far off it may be.
    pub error: f64,
    /// The class of excitability, where the range shows it.
    pub class: Option<Class>,
    /// How the period behaves just above the onset.
    pub law: Option<Law>,
    /// A stable rest remains beside the firing just above the onset.
    pub rest_remains: bool,
    /// Where that rest is lost when the current rises further; `None` if not in this range.
    pub rest_ends: Option<f64>,
    /// The rate to which the neuron jumps there.
    pub jump: Option<f64>,
    /// Currents and rates that were measured close above the onset, the nearest first.
    pub near: Vec<(f64, f64)>,
}

/// The furthest distance from the onset at which the period is looked at, as a part of the range.
const FURTHEST: f64 = 1e-2;
/// The onset is bracketed to this part of the range where the rate is known in closed form.
const EXACT: f64 = 1e-12;
/// The nearest such distance is this many times what the onset may be off by.
const CLEAR: f64 = 20.0;
/// A measured gain in period and that which an eigenvalue explains may differ by this part.
const ALIKE: f64 = 0.4;
/// A step in the current down to this part of the range is taken again in parts if the cycle is lost.
const COARSE: f64 = 1e-3;

/// Finds the onset from the readings of a whole grid; `None` if stopped by `go_on`.
pub(super) fn find(
    prep: &Preparation,
    span: Span,
    fresh: &Fresh,
    (up, down): (&Chain, &Chain),
    (effort, border): (Effort, f64),
    go_on: GoOn,
) -> Option<Onset> {
    let followed = [up, down].into_iter().filter_map(|chain| chain.lowest.as_ref());
    let Some((k, firing)) = followed.chain(fresh.lowest.as_ref()).min_by_key(|(k, _)| *k) else {
        return Some(Onset { class: fresh.has_spikes().then_some(Class::Three), ..Onset::default() });
    };
    let Some(below) = k.checked_sub(1) else {
        return Some(Onset { current: Some(span.from), ..Onset::default() });
    };
    let width = span.to - span.from;
    if let Some(found) = by_passage(prep, span, below, border) {
        return Some(found);
    }
    let (mut low, mut high) = (span.at(below), (span.at(*k), firing.clone()));
    while high.0 - low > border * width {
        let middle = low + 0.5 * (high.0 - low);
        if middle <= low || middle >= high.0 {
            break;
        }
        let outcome = if high.0 - middle > COARSE * width {
            follow(prep, &high.1, (high.0, middle), effort, go_on)?
        } else {
            settle(prep, middle, &high.1.state, effort, go_on)?
        };
        if outcome.fires() {
            high = (middle, outcome);
        } else {
            low = middle;
        }
    }
    let distances: Vec<f64> = distances(border).map(|d| d * width).collect();
    let periods = periods(prep, span, (0.5 * (low + high.0), &high), &distances, effort, go_on)?;
    let law = law(&periods, prep.neuron.card().per_second()).map(|law| vouched(law, prep, &high, &periods));
    let above = high.0 + distances.first().copied().unwrap_or(0.0);
    let near = near(0.5 * (low + high.0), &distances, &periods, prep);
    let rest_remains = rest_remains(prep, span, *k, up, above, effort, go_on)?;
    let rises = up.lowest.as_ref().zip(up.below.as_ref()).filter(|_| rest_remains);
    let rest_ends = rises.and_then(|((first, _), below)| rest_end(prep, below, (span.at(first.saturating_sub(1)), span.at(*first))));
    let jump = match rises.zip(rest_ends) {
        Some((((first, firing), _), end)) => follow(prep, firing, (span.at(*first), end), effort, go_on)?.rate,
        None => None,
    };
    let class = law.map(|law| if rest_remains || law.lowest_rate() > 0.0 { Class::Two } else { Class::One });
    Some(Onset { current: Some(high.0), error: high.0 - low, class, law, rest_remains, rest_ends, jump, near })
}

/// Distances from the onset at which the period is looked at, as parts of the range: the nearest first, and well clear
/// of what the onset may be off by.
fn distances(border: f64) -> impl Iterator<Item = f64> {
    let all = (0..12).map(|k| FURTHEST * 0.25_f64.powi(k)).take_while(move |d| *d > CLEAR * border);
    all.collect::<Vec<f64>>().into_iter().rev()
}

/// Periods of the firing above the onset at `zero`, at these distances.
fn periods(prep: &Preparation, span: Span, (zero, high): (f64, &(f64, Outcome)), distances: &[f64], effort: Effort, go_on: GoOn) -> Option<Vec<f64>> {
    let (mut at, mut outcome) = (high.0, high.1.clone());
    // From near to far, so that the firing is followed and never lost.
    let mut periods = Vec::new();
    for current in distances.iter().map(|d| zero + d).take_while(|current| *current <= span.to) {
        outcome = follow(prep, &outcome, (at, current), effort, go_on)?;
        at = current;
        match outcome.rate {
            Some(rate) if rate > 0.0 => periods.push(prep.neuron.card().per_second() / rate),
            _ => break,
        }
    }
    Some(periods)
}

/// Currents and rates at these distances above the onset.
fn near(zero: f64, distances: &[f64], periods: &[f64], prep: &Preparation) -> Vec<(f64, f64)> {
    distances.iter().zip(periods).map(|(d, period)| (zero + d, prep.neuron.card().per_second() / period)).collect()
}

/// The onset of a one-variable model, whose rate is known in closed form however slow it is.
fn by_passage(prep: &Preparation, span: Span, below: usize, border: f64) -> Option<Onset> {
    let rate = |current: f64| passage_rate(prep.neuron, &prep.params, current);
    let (mut low, mut high) = (span.at(below), span.at(below + 1));
    let fires = rate(high)? > 0.0 && rate(low)? <= 0.0;
    while fires && high - low > EXACT * (span.to - span.from) {
        let middle = low + 0.5 * (high - low);
        *(if rate(middle)? > 0.0 { &mut high } else { &mut low }) = middle;
    }
    let zero = 0.5 * (low + high);
    let distances: Vec<f64> = distances(border).map(|d| d * (span.to - span.from)).take_while(|d| zero + d <= span.to).collect();
    let periods: Option<Vec<f64>> = distances.iter().map(|d| rate(zero + d).map(f64::recip)).collect();
    let periods = periods?;
    let law = law(&periods, prep.neuron.card().per_second());
    let near = near(zero, &distances, &periods, prep);
    let class = law.map(|law| if law.lowest_rate() > 0.0 { Class::Two } else { Class::One });
    fires.then_some(Onset { current: Some(high), error: high - low, class, law, rest_remains: false, rest_ends: None, jump: None, near })
}

/// The law that such periods follow; none can be read from fewer than four.
fn law(periods: &[f64], per_second: f64) -> Option<Law> {
    if periods.len() < 4 {
        return None;
    }
    let steps: Vec<f64> = periods.windows(2).map(|w| w[0] - w[1]).collect();
    let mut ratios: Vec<f64> = steps.windows(2).take(3).map(|w| w[0] / w[1]).collect();
    ratios.sort_by(f64::total_cmp);
    let ratio = ratios.get(ratios.len() / 2).copied()?;
    Some(match ratio {
        r if r > 2.83 => Law::Inverse,
        r if r > 1.41 => Law::InverseRoot,
        r if r > 0.71 => Law::Logarithm,
        r => {
            // What is still to come of a geometric series, where it is one.
            let rest = if r > 0.0 { steps.first().copied()? * r / (1.0 - r) } else { 0.0 };
            Law::Finite(per_second / (periods.first().copied()? + rest))
        }
    })
}

/// A logarithm only where an equilibrium explains it: near one that attracts or repels as e^(λt) the period gains ln 4/|λ| each time the
/// distance falls to a quarter. In a canard explosion periods may grow alike over the distances looked at, and yet end.
fn vouched(law: Law, prep: &Preparation, (onset, firing): &(f64, Outcome), periods: &[f64]) -> Law {
    let [nearest, next, ..] = periods else { return law };
    let gained = nearest - next;
    let explains = |e: &Eigenvalue| e.im == 0.0 && (gained * e.re.abs() / 4.0_f64.ln() - 1.0).abs() < ALIKE;
    let known = || equilibria(prep.neuron, &prep.params, *onset);
    if law != Law::Logarithm || known().points.iter().any(|point| point.eigenvalues.iter().any(explains)) {
        return law;
    }
    // The last firing that was followed down lies closest to its end.
    Law::Steep(firing.rate.unwrap_or(prep.neuron.card().per_second() / nearest))
}

/// True if the rest below the onset, followed up, is still there just above it.
fn rest_remains(prep: &Preparation, span: Span, k: usize, chain: &Chain, above: f64, effort: Effort, go_on: GoOn) -> Option<bool> {
    let first = chain.lowest.as_ref().map_or(span.count, |(first, _)| *first);
    if first > k {
        return Some(true);
    }
    let (Some(below), true) = (&chain.below, first == k) else { return Some(false) };
    let end = follow(prep, below, (span.at(k.saturating_sub(1)), above.min(span.at(k))), effort, go_on)?;
    Some(!end.fires())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_law_is_recognised_from_its_periods() {
        let at = |period: fn(f64) -> f64| (0..6).map(|k| period(1e-5 * 4.0_f64.powi(k))).collect::<Vec<f64>>();
        assert_eq!(law(&at(|d| 3.0 + 0.7 / d), 1000.0), Some(Law::Inverse));
        assert_eq!(law(&at(|d| 3.0 + 0.7 / d.sqrt()), 1000.0), Some(Law::InverseRoot));
        assert_eq!(law(&at(|d| 3.0 - 7.0 * d.ln()), 1000.0), Some(Law::Logarithm));
        for finite in [at(|d| 20.0 - 9.0 * d.sqrt()), at(|d| 20.0 - 40.0 * d)] {
            let Some(Law::Finite(rate)) = law(&finite, 1000.0) else { panic!("{finite:?}") };
            assert!((rate - 50.0).abs() < 1e-3, "{rate}");
        }
        assert_eq!(law(&[1.0, 2.0, 3.0], 1000.0), None);
    }
}
