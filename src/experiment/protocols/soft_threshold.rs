//! A neuron with a soft threshold held at one potential after another: how often does it fire, and how likely within a moment?
//!
//! ```text
//! hazard ρ(V) = ρ₀ e^((V − V_th)/Δ_V),   chance to fire within a window w at a constant V:  1 − e^(−ρ w)
//! ```
//! V is held by setting leak and reset to it, without refractoriness, so that spikes come as a Poisson train of rate ρ(V). What is measured
//! is counted in one long run at each potential; the standard errors are √n of a count n and that of a share of independent windows.
//!
//! Source: Gerstner, Kistler, Naud and Paninski 2014, *Neuronal Dynamics*, sec. 9.1 (doi 10.1017/CBO9781107447615).

use crate::experiment::drive::{Membrane, parameter};
use crate::experiment::protocol::{Bench, Experiment, counted, setting};
use crate::experiment::pulses::{amount, spaced};
use crate::experiment::report::{Axis, Chart, Ink, Mark, Report, Series};
use crate::experiment::response::{Keep, Trial};
use crate::experiment::statistics::float;
use crate::model::{Dynamics, Field};

/// The experiment.
pub static EXPERIMENT: Experiment = Experiment {
    id: "soft_threshold",
    title: "Soft threshold",
    shows: "How often does it fire at each potential, and how likely within a moment?",
    source: "Gerstner, Kistler, Naud & Paninski 2014, Neuronal Dynamics, sec. 9.1, doi:10.1017/CBO9781107447615",
    suits,
    settings,
    run,
};

/// Points of the formula's curve.
const POINTS: usize = 200;

fn suits(neuron: &dyn Dynamics) -> Result<(), String> {
    let hazard = Hazard::of(neuron, &neuron.defaults());
    hazard.map(|_| ()).ok_or_else(|| "it needs a neuron whose chance to fire grows with V: one with a soft threshold".into())
}

/// The hazard as a function of V.
#[derive(Clone, Copy)]
struct Hazard {
    at_threshold: f64,
    threshold: f64,
    softness: f64,
}

impl Hazard {
    fn of(neuron: &dyn Dynamics, values: &[f64]) -> Option<Self> {
        let get = |id| parameter(neuron, values, id);
        Some(Self { at_threshold: get("rho_0")?, threshold: get("V_th")?, softness: get("Delta_V")? })
    }

    fn at(&self, v: f64) -> f64 {
        self.at_threshold * ((v - self.threshold) / self.softness).exp()
    }

    fn chance(&self, v: f64, window: f64) -> f64 {
        -(-window * self.at(v)).exp_m1()
    }
}

fn settings(neuron: &'static dyn Dynamics) -> Vec<Field> {
    let unit = neuron.states().first().map_or("", |f| f.unit);
    let (middle, soft) = Hazard::of(neuron, &neuron.defaults()).map_or((0.0, 1.0), |h| (h.threshold, h.softness));
    let shown = (middle - 10.0 * soft, middle + 5.0 * soft);
    vec![
        setting("from", "\\text{from}", unit, middle - 4.0 * soft, [-1000.0, 1000.0], shown, "Lowest potential at which it is held"),
        setting("to", "\\text{to}", unit, middle + 4.0 * soft, [-1000.0, 1000.0], shown, "Highest potential at which it is held"),
        counted("count", "\\text{potentials}", 17.0, [2.0, 200.0], (5.0, 40.0), "Number of potentials"),
        setting("window", "\\text{window}", "ms", 1.0, [0.01, 100.0], (0.1, 10.0), "The moment within which a spike counts"),
        setting("length", "\\text{length}", "ms", 2000.0, [10.0, 1e5], (200.0, 20_000.0), "How long it is held at each potential"),
    ]
}

/// What was counted at one potential: rate and share of windows with a spike, each with its standard error.
struct Counted {
    rate: [f64; 2],
    share: [f64; 2],
}

/// Holds V and counts.
fn count(bench: &Bench, v: f64, seed: u64) -> Counted {
    let (window, length) = (bench.setting("window"), bench.setting("length"));
    let mut prep = bench.subject.prep.clone();
    for (value, field) in prep.params.iter_mut().zip(prep.neuron.params()) {
        match field.id {
            "E_L" | "V_reset" => *value = v,
            "t_ref" => *value = 0.0,
            _ => {}
        }
    }
    prep.start = vec![0.0; prep.neuron.dim()];
    prep.neuron.steady(v, &prep.params, &mut prep.start);
    let spikes = prep.respond(&prep.start, &Trial { current: 0.0, stimulus: &[], seed, duration: length }, Keep::Spikes).spikes;
    let windows = (length / window).floor().max(1.0);
    let mut seen: Vec<f64> = spikes.iter().map(|t| (t / window).floor()).filter(|k| *k < windows).collect();
    seen.dedup();
    let (n, share) = (float(spikes.len()), float(seen.len()) / windows);
    Counted { rate: [n / length, n.sqrt() / length], share: [share, (share * (1.0 - share) / windows).sqrt()] }
}

fn run(bench: &Bench) -> Report {
    let neuron = bench.neuron();
    let params = &bench.subject.prep.params;
    let mut report = Report::default();
    // A model without a hazard has been refused.
    let Some((hazard, membrane)) = Hazard::of(neuron, params).zip(Membrane::of(neuron, params)) else { return report };
    let (from, to) = bench.ends();
    let levels = spaced(from, to, bench.count("count"));
    let seed = bench.subject.seed;
    let counted = bench.map(levels.len(), |k| count(bench, levels[k], seed.wrapping_add(k as u64)));
    let present = membrane.rest + membrane.r * bench.subject.current;
    let here = count(bench, present, seed.wrapping_add(levels.len() as u64));
    let (window, potential) = (bench.setting("window"), bench.potential_unit());
    report.number("v", "V at this current", potential, Some(present));
    report.number("hazard", "Hazard there", "1/ms", Some(hazard.at(present)));
    report.number("rate", "Spikes per ms, counted", "1/ms", Some(here.rate[0]));
    report.number("rate_error", "its standard error", "1/ms", Some(here.rate[1]));
    report.number("chance", "Chance within window", "", Some(hazard.chance(present, window)));
    report.number("share", "Share of windows", "", Some(here.share[0]));
    report.number("share_error", "its standard error", "", Some(here.share[1]));
    let within = amount(window, "ms");
    let chart = |id: &str, title: String, y: Axis, formula: &dyn Fn(f64) -> f64, of: fn(&Counted) -> f64| {
        let curve = spaced(from, to, POINTS).into_iter().map(|v| [v, formula(v)]).collect();
        let dots = levels.iter().zip(&counted).map(|(v, c)| [*v, of(c)]).collect();
        let x = Axis::new("V at which it is held", potential).over((from.min(present), to.max(present)));
        Chart::new(id, title, x, y)
            .with(Series::new("threshold", "V_th", Ink::Spike, Mark::Upright, vec![[hazard.threshold, 0.0]]))
            .with(Series::new("present", "V at this current", Ink::Potential, Mark::Upright, vec![[present, 0.0]]))
            .with(Series::new("formula", "formula", Ink::Plain, Mark::Dashed, curve))
            .with(Series::new("counted", "counted", Ink::Cycle, Mark::Dots, dots))
    };
    let (rate, chance) = (Axis::new("hazard", "1/ms").over((0.0, 0.0)), Axis::new(format!("chance within {within}"), "").over((0.0, 1.0)));
    report.charts = vec![
        chart("hazard", "Hazard of a spike against V".into(), rate, &|v| hazard.at(v), |c| c.rate[0]),
        chart("chance", format!("Chance to fire within {within}"), chance, &|v| hazard.chance(v, window), |c| c.share[0]),
    ];
    report.says = vec![
        format!(
            "This current takes it to {}: there it fires within {within} with a chance of {}; counted {} of all windows",
            amount(present, potential),
            amount(hazard.chance(present, window), ""),
            amount(here.share[0], "")
        ),
        format!(
            "No potential is the threshold: the hazard grows e-fold over every {}, and is {} at V_th",
            amount(hazard.softness, potential),
            amount(hazard.at_threshold, "per ms")
        ),
    ];
    report
}
