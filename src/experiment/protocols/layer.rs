//! A layer of an artificial network: three inputs and an always-on unit, two outputs, y = f(W x + b).
//!
//! Source: Rosenblatt 1958, Psychological Review 65:386 (doi 10.1037/h0042519). The bias is the weight of a unit that is always 1.

use crate::experiment::protocol::{Bench, Experiment, choice, setting};
use crate::experiment::report::{Axis, Chart, Ink, Mark, Report, Series};
use crate::experiment::statistics::float;
use crate::model::activation::Activation;
use crate::model::{Dynamics, Field, in_words};

/// The experiment.
pub static EXPERIMENT: Experiment = Experiment {
    id: "layer",
    title: "A layer of units",
    shows: "What do two units make of the same three inputs, each with weights of its own?",
    source: "Rosenblatt 1958, doi:10.1037/h0042519",
    suits: |_| Ok(()),
    settings,
    run,
};

/// Ids of the weights: one row per output, one column per input, the always-on unit last.
const WEIGHTS: [[&str; 4]; 2] = [["w_11", "w_12", "w_13", "b_1"], ["w_21", "w_22", "w_23", "b_2"]];

fn settings(_: &'static dyn Dynamics) -> Vec<Field> {
    let input = |id, symbol, default, meaning| setting(id, symbol, "", default, [-1e3, 1e3], (-3.0, 3.0), meaning);
    vec![
        input("x_1", "x_1", 1.0, "First input"),
        input("x_2", "x_2", 0.5, "Second input"),
        input("x_3", "x_3", -1.0, "Third input"),
        input("w_11", "w_{11}", 1.0, "Weight to output 1 from input 1"),
        input("w_12", "w_{12}", -2.0, "Weight to output 1 from input 2"),
        input("w_13", "w_{13}", 0.5, "Weight to output 1 from input 3"),
        input("b_1", "b_1", 1.0, "Bias of output 1: the weight of a unit that is always 1"),
        input("w_21", "w_{21}", -1.0, "Weight to output 2 from input 1"),
        input("w_22", "w_{22}", 1.0, "Weight to output 2 from input 2"),
        input("w_23", "w_{23}", -1.5, "Weight to output 2 from input 3"),
        input("b_2", "b_2", 0.0, "Bias of output 2: the weight of a unit that is always 1"),
        choice("f", "\\text{function}", Activation::NAMES, 0.0, "What the sum is turned into"),
    ]
}

fn run(bench: &Bench) -> Report {
    let inputs = [bench.setting("x_1"), bench.setting("x_2"), bench.setting("x_3"), 1.0];
    let f = Activation::at(bench.setting("f"));
    let shares = WEIGHTS.map(|row| std::array::from_fn::<f64, 4, _>(|j| bench.setting(row[j]) * inputs[j]));
    let sums = shares.map(|row| row.iter().sum::<f64>());
    let outputs = sums.map(|z| f.of(z));
    let mut report = Report::default();
    for (k, z) in sums.iter().enumerate() {
        report.number(format!("z_{}", k + 1), format!("Sum of output {}", k + 1), "", Some(*z));
    }
    for (k, y) in outputs.iter().enumerate() {
        report.number(format!("y_{}", k + 1), format!("Output {}", k + 1), "", Some(*y));
    }
    let bars = |values: &[f64]| values.iter().enumerate().map(|(k, v)| [float(k + 1), *v]).collect::<Vec<_>>();
    let chart = |id: &str, title: &str, label: &str, count: usize, y: &str| {
        Chart::new(id, title, Axis::new(label, "").over((0.5, float(count) + 0.5)), Axis::new(y, ""))
    };
    let zero = || Series::new("zero", "", Ink::Muted, Mark::Level, vec![[0.0, 0.0]]);
    report
        .charts
        .push(chart("x", "Inputs", "input; 4 is always on", 4, "x").with(Series::new("x", "", Ink::Input, Mark::Bars, bars(&inputs))).with(zero()));
    for (k, (row, ink)) in shares.iter().zip([Ink::Potential, Ink::Recovery]).enumerate() {
        let name = format!("w x to output {}", k + 1);
        let shares = chart(&format!("shares_{}", k + 1), &name, "from input", 4, &name).with(Series::new("share", "", ink, Mark::Bars, bars(row)));
        report
            .charts
            .push(shares.with(Series::new("sum", format!("sum z = {:.3}", sums[k]), Ink::Plain, Mark::Level, vec![[0.0, sums[k]]])).with(zero()));
    }
    report.charts.push(chart("y", "Outputs", "output", 4, "y").with(Series::new("y", "", Ink::Cycle, Mark::Bars, bars(&outputs))).with(zero()));
    report.says.push(format!("The sums {:.4} and {:.4} become {:.4} and {:.4} by {}", sums[0], sums[1], outputs[0], outputs[1], in_words(f.id())));
    if !bench.go_on(1.0) {
        report.says.push("It was stopped".into());
    }
    report
}
