//! The artificial neuron: a weighted sum of inputs and a bias, turned into an output by an activation function.
//!
//! Source: `McCulloch` and Pitts 1943, Bulletin of Mathematical Biophysics 5:115 (doi 10.1007/BF02478259) for the unit; what the
//! functions are and where each comes from stands in `experiment/activation.rs`.

use crate::experiment::protocol::{Bench, Experiment, choice, setting};
use crate::experiment::report::{Axis, Chart, Ink, Mark, Report, Series};
use crate::experiment::statistics::float;
use crate::model::activation::Activation;
use crate::model::{Dynamics, Field, in_words};

/// The experiment.
pub static EXPERIMENT: Experiment = Experiment {
    id: "activations",
    title: "Activation functions",
    shows: "What does a unit of an artificial network make of its inputs, with one function or another?",
    source: "McCulloch & Pitts 1943, doi:10.1007/BF02478259; LaFosse et al. 2024, doi:10.1073/pnas.2318837121",
    suits: |_| Ok(()),
    settings,
    run,
};

const INKS: [Ink; 6] = [Ink::Potential, Ink::Recovery, Ink::Activation, Ink::Inactivation, Ink::Input, Ink::Cycle];
/// Half the width of the axis, and how high a curve is drawn: a rectified line would dwarf the others.
const HALF: f64 = 6.0;
const TOP: f64 = 3.0;
const POINTS: usize = 601;

fn settings(_: &'static dyn Dynamics) -> Vec<Field> {
    let input = |id, symbol, default, meaning| setting(id, symbol, "", default, [-1e3, 1e3], (-5.0, 5.0), meaning);
    vec![
        choice("f", "\\text{function}", Activation::NAMES, 0.0, "What the sum is turned into"),
        setting("shape", "\\text{shape}", "", 1.0, [0.0, 100.0], (0.0, 2.0), "How steep: the sum is multiplied by it"),
        input("b", "b", 0.0, "Bias: what is added to the weighted sum"),
        input("x_1", "x_1", 1.0, "First input"),
        input("w_1", "w_1", 1.5, "Weight of the first input"),
        input("x_2", "x_2", 1.0, "Second input"),
        input("w_2", "w_2", -1.0, "Weight of the second input; below 0 it inhibits"),
        input("x_3", "x_3", 0.0, "Third input"),
        input("w_3", "w_3", 1.0, "Weight of the third input"),
    ]
}

fn run(bench: &Bench) -> Report {
    let get = |id| bench.setting(id);
    let sum = get("w_1") * get("x_1") + get("w_2") * get("x_2") + get("w_3") * get("x_3");
    let (bias, shape) = (get("b"), get("shape"));
    let chosen = Activation::at(bench.setting("f"));
    let argument = |sum: f64| shape * (sum + bias);
    let (z, y) = (sum + bias, chosen.of(argument(sum)));
    let mut report = Report::default();
    report.number("z", "Sum w\u{b7}x + b", "", Some(z));
    report.number("y", "Output f(shape\u{b7}z)", "", Some(y));
    for f in Activation::ALL {
        report.number(format!("y_{}", f.id()), format!("With {}", in_words(f.id())), "", Some(f.of(argument(sum))));
    }
    let reach = HALF.max(1.1 * sum.abs());
    let place = |k: usize| reach * (2.0 * float(k) / float(POINTS - 1) - 1.0);
    let curve = |f: Activation| (0..POINTS).map(|k| [place(k), f.of(argument(place(k)))]).collect::<Vec<_>>();
    let output = Axis::new("output", "").up_to(TOP.max(1.05 * y));
    let mut chart = Chart::new("curves", "Activation functions", Axis::new("weighted sum of the inputs, without the bias", ""), output);
    for (f, ink) in Activation::ALL.into_iter().zip(INKS) {
        let mark = if f == chosen { Mark::Line } else { Mark::Dashed };
        chart.series.push(Series::new(f.id(), f.label(), ink, mark, curve(f)));
    }
    let ink = Activation::ALL.iter().position(|f| *f == chosen).and_then(|k| INKS.get(k)).copied().unwrap_or(Ink::Plain);
    chart.series.push(Series::new("sum", "", Ink::Muted, Mark::Upright, vec![[sum, 0.0]]));
    chart.series.push(Series::new("value", "", ink, Mark::Dots, vec![[sum, y]]));
    report.charts.push(chart);
    let (name, steep) = (in_words(chosen.id()), if shape == 1.0 { String::new() } else { format!("{shape} \u{b7} ") });
    report.says.push(format!("The inputs sum to {z:.4} with the bias; {name}({steep}{z:.4}) = {y:.4}"));
    if !bench.go_on(1.0) {
        report.says.push("It was stopped".into());
    }
    report
}
