//! The f–I curve of the present neuron, measured beside the frame, and what it says in words.

use super::jobs::{Desk, Slot};
use super::workbench::Workbench;
use crate::analysis::passage_rate;
use crate::experiment::{Class, Curve, Effort, Law, Onset, Span, curve};
use crate::sim::Method;

/// What is shown of a neuron's f–I curve.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FiCurve {
    /// The measured points and the onset, as far as they are known.
    pub curve: Curve,
    /// Currents and rates in closed form, for models that have one.
    pub closed_form: Vec<[f64; 2]>,
    /// Finer or further results are still to come.
    pub is_partial: bool,
}

/// What an f–I curve depends on.
#[derive(Clone, Debug, PartialEq)]
pub struct FiKey {
    model: &'static str,
    params: Vec<u64>,
    start: Vec<u64>,
    dt: u64,
    method: Method,
    range: (u64, u64),
}

impl FiKey {
    /// True if the curve is one of this model's.
    #[must_use]
    pub fn is_of(&self, model: &str) -> bool {
        self.model == model
    }
}

/// Where the f–I curve is measured.
pub type FiSlot = Slot<FiKey, FiCurve>;

/// Points of the first look and of the whole curve.
const POINTS: (usize, usize) = (17, 65);
/// Samples of the closed form.
const SAMPLES: usize = 257;
/// Threads that measure at once.
const THREADS: usize = 2;

/// Asks for the curve over `range` of currents, or gives it up where nobody looks.
pub fn refresh(slot: &mut FiSlot, bench: &Workbench, range: Option<(f64, f64)>) {
    slot.poll();
    let Some(range) = range.filter(|r| r.1 > r.0) else {
        return slot.rest();
    };
    let prep = bench.setup().preparation();
    let bits = |values: &[f64]| values.iter().map(|x| x.to_bits()).collect::<Vec<u64>>();
    let key = FiKey {
        model: prep.neuron.card().id,
        params: bits(&prep.params),
        start: bits(&prep.start),
        dt: prep.dt.to_bits(),
        method: prep.method,
        range: (range.0.to_bits(), range.1.to_bits()),
    };
    if !slot.wants(&key) {
        return;
    }
    slot.follow(key, move |desk: &Desk<FiCurve>| {
        let span = |count: usize| Span { from: range.0, to: range.1, count };
        let closed = span(SAMPLES);
        let per_second = prep.neuron.card().per_second();
        let sample = |current: f64| passage_rate(prep.neuron, &prep.params, current).map(|rate| [current, per_second * rate]);
        let closed_form: Vec<[f64; 2]> = (0..SAMPLES).map_while(|k| sample(closed.at(k))).collect();
        let send = |curve: Curve, is_partial| desk.send(FiCurve { curve, closed_form: closed_form.clone(), is_partial });
        let go_on = |_: f64| !desk.is_cancelled();
        send(curve(&prep, span(POINTS.0), Effort::GLANCE, THREADS, &go_on, &mut |_| ()), true);
        let whole = curve(&prep, span(POINTS.1), Effort::SCREEN, THREADS, &go_on, &mut |part| send(part.clone(), true));
        send(whole, false);
    });
}

/// The class of excitability in one sentence, and what it is read from in another.
#[must_use]
pub fn words(onset: &Onset, current_unit: &str, rate_unit: &str) -> (String, String) {
    let at = |x: f64, unit: &str| format!("{} {unit}", figures(x)).trim_end().to_string();
    let sentence = match (onset.class, onset.current) {
        (Some(Class::One), _) => "Class 1: the rate begins at zero".to_string(),
        (Some(Class::Two), _) => match (onset.rest_remains, onset.rest_ends, onset.jump, onset.law) {
            (true, Some(end), Some(jump), _) => format!("Class 2: raised, it jumps to {} at {}", at(jump, rate_unit), figures(end)),
            (true, ..) => "Class 2: the firing lies beside a stable rest".into(),
            (false, _, _, Some(Law::Finite(rate))) => format!("Class 2: the rate jumps to {}", at(rate, rate_unit)),
            (false, ..) => "Class 2: the rate begins with a jump".into(),
        },
        (Some(Class::Three), _) => "Class 3: a step is answered by spikes that die out".into(),
        (None, Some(from)) => format!("It fires from {} on, where the range begins or nearly so", at(from, current_unit)),
        (None, None) => "No firing in this range".into(),
    };
    let evidence = match (onset.law, onset.rest_remains) {
        (Some(Law::Inverse), _) => "Near the onset I₀ the period grows as 1/(I − I₀).".into(),
        (Some(Law::InverseRoot), false) => "The period grows as 1/√(I − I₀): saddle-node on a cycle.".into(),
        (Some(Law::InverseRoot), true) => "Lowered, its period grows as 1/√(I − I₀), beside a stable rest.".into(),
        (Some(Law::Logarithm), false) => "Near the onset I₀ the period grows as −ln(I − I₀).".into(),
        (Some(Law::Logarithm), true) => "Lowered, its period grows as −ln(I − I₀), beside a stable rest.".into(),
        (Some(Law::Finite(rate)), true) => format!("Lowered, firing ends at {}, beside a stable rest.", at(rate, rate_unit)),
        (Some(Law::Steep(rate)), _) => format!("Lowered, it falls steeply below {}: a canard explosion.", at(rate, rate_unit)),
        (Some(Law::Finite(_)), false) => "The period stays finite at the onset.".into(),
        (None, _) => String::new(),
    };
    (sentence, evidence)
}

/// A number with four significant figures.
fn figures(x: f64) -> String {
    let magnitude = if x == 0.0 { 0.0 } else { x.abs().log10().floor() };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 9")]
    let decimals = (3.0 - magnitude).clamp(0.0, 9.0) as usize;
    let text = format!("{x:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text };
    text.replace('-', "\u{2212}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preset::Setup;

    fn bench(id: &str) -> Workbench {
        Workbench::new(Setup::of_model(crate::model::find(id).expect("a model")), None)
    }

    #[test]
    fn the_curve_follows_the_neuron_and_is_measured_once() {
        let mut slot = FiSlot::default();
        let mut bench = bench("lif");
        refresh(&mut slot, &bench, Some((0.0, 6.0)));
        let first = slot.result().expect("a curve").clone();
        assert!(slot.is_current() && !first.is_partial);
        assert_eq!(first.curve.points.len(), POINTS.1);
        assert_eq!(first.closed_form.len(), SAMPLES);
        // The measured dots lie on the closed form.
        for (k, point) in first.curve.points.iter().enumerate() {
            let exact = first.closed_form[4 * k];
            assert!((point.current - exact[0]).abs() < 1e-12 && (point.rate.expect("a rate") - exact[1]).abs() < 1e-6 * exact[1].max(1.0));
        }
        bench.apply(crate::app::Command::Current(3.0));
        refresh(&mut slot, &bench, Some((0.0, 6.0)));
        assert_eq!(slot.result(), Some(&first), "the present current does not enter");
        bench.apply(crate::app::Command::Param(0, 20.0));
        refresh(&mut slot, &bench, Some((0.0, 6.0)));
        assert!(slot.is_current() && slot.result() != Some(&first));
        refresh(&mut slot, &bench, None);
        assert!(slot.result().is_some(), "the last curve stays while nobody looks");
    }

    #[test]
    fn the_class_is_said_with_its_evidence() {
        let onset = |class, law, rest_remains| Onset { current: Some(6.26), class: Some(class), law: Some(law), rest_remains, ..Onset::default() };
        let (class, why) = words(&onset(Class::Two, Law::Finite(50.1656), true), "nA", "Hz");
        assert_eq!(class, "Class 2: the firing lies beside a stable rest");
        assert!(why.contains("50.17 Hz"), "{why}");
        let jumps = Onset { rest_ends: Some(9.77542), jump: Some(67.71), ..onset(Class::Two, Law::Logarithm, true) };
        assert_eq!(words(&jumps, "nA", "Hz").0, "Class 2: raised, it jumps to 67.71 Hz at 9.775");
        assert_eq!(words(&onset(Class::Two, Law::Finite(20.0), false), "", "per unit time").0, "Class 2: the rate jumps to 20 per unit time");
        let (_, why) = words(&onset(Class::One, Law::InverseRoot, false), "nA", "Hz");
        assert!(why.contains("1/√(I − I₀)"), "{why}");
        assert_eq!(words(&Onset::default(), "nA", "Hz").0, "No firing in this range");
    }
}
