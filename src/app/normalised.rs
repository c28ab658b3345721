//! The leaky integrate-and-fire neuron in normalised variables: v = (V − `E_L`)/(`V_th` − `E_L`), which rests at 0 and fires at 1, driven by
//! `v_in` = R I/(`V_th` − `E_L`); and back into millivolts and nanoamperes. Times stay, so that it is the same neuron.

use crate::experiment::statistics::significant;
use crate::model::{Dynamics, Field};
use crate::preset::Setup;
use crate::stimulus::{Item, Synapse};

/// Parameters of the neuron this is for; another one with more of them would have to say how those are scaled.
const PARAMETERS: [&str; 6] = ["tau_m", "R", "E_L", "V_th", "V_reset", "t_ref"];
/// Figures of a value that has been scaled: enough for the same spike times, and few enough that round values come back round.
const FIGURES: usize = 14;

/// What a leaky neuron is measured by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// `E_L`, in mV.
    pub rest: f64,
    /// From rest to threshold, in mV.
    pub span: f64,
    /// R, in MΩ.
    pub resistance: f64,
}

/// Rest 0, threshold 1, and a current that is `v_in`.
const NORMALISED: Scale = Scale { rest: 0.0, span: 1.0, resistance: 1.0 };

/// The scale of a leaky integrate-and-fire neuron whose threshold lies above its rest.
#[must_use]
pub fn scale(setup: &Setup) -> Option<Scale> {
    scale_of(setup.neuron, &setup.params)
}

fn scale_of(neuron: &dyn Dynamics, params: &[f64]) -> Option<Scale> {
    let table = neuron.params();
    if table.len() != PARAMETERS.len() || table.iter().zip(PARAMETERS).any(|(field, id)| field.id != id) {
        return None;
    }
    let value = |id: &str| params.get(Field::position(table, id)?).copied();
    let rest = value("E_L")?;
    Some(Scale { rest, span: value("V_th")? - rest, resistance: value("R")? }).filter(|scale| scale.span > 0.0)
}

/// True if the variables of this neuron are normalised; `None` if it has no such form.
#[must_use]
pub fn is_normalised(setup: &Setup) -> Option<bool> {
    scale(setup).map(|scale| scale == NORMALISED)
}

/// The same neuron in the other variables: normalised, or in those that `loaded` has. Where that is normalised as well, in the model's own.
#[must_use]
pub fn other(setup: &Setup, loaded: &Setup) -> Option<Setup> {
    let before = scale(setup)?;
    if before != NORMALISED {
        return Some(scaled(setup, before, NORMALISED));
    }
    let own: Vec<f64> = setup.neuron.params().iter().map(|field| field.default).collect();
    let physical = scale(loaded).filter(|scale| *scale != NORMALISED).or_else(|| scale_of(setup.neuron, &own))?;
    Some(scaled(setup, before, physical))
}

fn scaled(setup: &Setup, before: Scale, after: Scale) -> Setup {
    let tidy = |x: f64| significant(x, FIGURES);
    let jump = |x: f64| tidy(x * after.span / before.span);
    let potential = |v: f64| tidy(after.rest + (v - before.rest) * after.span / before.span);
    let current = |i: f64| tidy(i * before.resistance / after.resistance * after.span / before.span);
    let mut next = setup.clone();
    for (id, value) in PARAMETERS.iter().zip(&mut next.params) {
        match *id {
            "R" => *value = after.resistance,
            "E_L" => *value = after.rest,
            "V_th" => *value = after.rest + after.span,
            "V_reset" => *value = potential(*value),
            _ => {}
        }
    }
    next.initial = setup.start().into_iter().map(|v| Some(potential(v))).collect();
    next.current = current(setup.current);
    for item in &mut next.stimulus {
        match item {
            Item::Ramp { slope: x, .. }
            | Item::Step { amplitude: x, .. }
            | Item::PulseTrain { amplitude: x, .. }
            | Item::Sine { amplitude: x, .. }
            | Item::Chirp { amplitude: x, .. }
            | Item::WhiteNoise { sd: x, .. } => *x = current(*x),
            Item::OuNoise { mean, sd, .. } => (*mean, *sd) = (current(*mean), current(*sd)),
            Item::Samples { values, .. } => values.iter_mut().for_each(|x| *x = current(*x)),
            Item::Spikes { weight, synapse, .. } => match synapse {
                Synapse::Delta {} => *weight = jump(*weight),
                Synapse::Exponential { .. } | Synapse::Alpha { .. } => *weight = current(*weight),
                Synapse::Conductance { reversal, .. } => {
                    *weight = tidy(*weight * before.resistance / after.resistance);
                    *reversal = potential(*reversal);
                }
            },
        }
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::run::run;
    use crate::preset;

    fn setups() -> Vec<Setup> {
        let of = |text: &str| preset::parse(text).expect("a setup");
        let mut all: Vec<Setup> = preset::entries().iter().filter(|e| e.file.model == "lif").filter_map(|e| preset::embedded(&e.id)).collect();
        for item in [
            r#"{"kind": "step", "from": 5, "amplitude": 3}"#,
            r#"{"kind": "ramp", "from": 5, "slope": 0.03}"#,
            r#"{"kind": "pulse_train", "from": 5, "width": 3, "period": 20, "count": 8, "amplitude": 7}"#,
            r#"{"kind": "sine", "from": 0, "amplitude": 4, "frequency_hz": 20, "phase": 0}"#,
            r#"{"kind": "chirp", "from": 0, "to": 180, "amplitude": 5, "start_hz": 2, "end_hz": 40}"#,
            r#"{"kind": "ou_noise", "from": 0, "mean": 2, "sd": 2, "tau": 5, "seed": 3}"#,
            r#"{"kind": "white_noise", "from": 0, "sd": 5, "seed": 3}"#,
            r#"{"kind": "samples", "times": [0, 50, 100], "values": [0, 4, 3]}"#,
            r#"{"kind": "spikes", "rate_hz": 300, "seed": 1, "weight": 6, "synapse": {"kind": "delta"}}"#,
            r#"{"kind": "spikes", "rate_hz": 300, "seed": 1, "weight": 3, "synapse": {"kind": "exponential", "tau": 4}}"#,
            r#"{"kind": "spikes", "rate_hz": 300, "seed": 1, "weight": 9, "synapse": {"kind": "alpha", "n": 1, "tau": 4}}"#,
            r#"{"kind": "spikes", "rate_hz": 300, "seed": 1, "weight": 0.05, "synapse": {"kind": "conductance", "tau": 4, "reversal": 0}}"#,
        ] {
            all.push(of(&format!(r#"{{"schema": 1, "model": "lif", "parameters": {{"V_reset": -62}}, "I": 0.9, "stimulus": [{item}]}}"#)));
        }
        all
    }

    #[test]
    fn physical_and_normalised_variables_give_identical_spike_times() {
        let times = |setup: &Setup| run(setup, None, &mut |_| true).spike_times;
        let mut spikes = 0;
        for setup in setups().into_iter().filter(|setup| setup.duration < 2000.0) {
            let turned = other(&setup, &setup).expect("the other variables");
            assert!(turned.check().is_ok(), "{}: {:?}", setup.title(), turned.check());
            assert_ne!(is_normalised(&turned), is_normalised(&setup));
            let back = other(&turned, &setup).expect("and back");
            for same in [&turned, &back] {
                let (a, b) = (times(&setup), times(same));
                assert_eq!(a.len(), b.len(), "{} {:?}", setup.title(), setup.stimulus);
                let apart = a.iter().zip(&b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
                assert!(apart < 1e-9, "{} {:?}: {apart} ms", setup.title(), setup.stimulus);
                spikes += a.len();
            }
        }
        assert!(spikes > 200, "{spikes}");
    }

    #[test]
    fn in_normalised_variables_rest_is_zero_threshold_one_and_the_current_is_v_in() {
        let setup = preset::embedded("lif/playground_default").expect("a preset");
        let scale = scale(&setup).expect("a scale");
        let turned = other(&setup, &setup).expect("normalised");
        assert_eq!(turned.params, [setup.params[0], 1.0, 0.0, 1.0, (setup.params[4] - scale.rest) / scale.span, setup.params[5]]);
        assert!((turned.current - scale.resistance * setup.current / scale.span).abs() < 1e-13);
        let back = other(&turned, &setup).expect("and back");
        assert_eq!((back.params, back.current), (setup.params.clone(), setup.current));
        assert!(is_normalised(&preset::embedded("hodgkin_huxley/rest").expect("a preset")).is_none());
    }
}
