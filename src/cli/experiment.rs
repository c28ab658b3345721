//! `experiment` and `experiments`: protocols on a neuron, as numbers, tables and sentences.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use serde_json::{Map, Value, json};

use super::args::{Chosen as ChosenSetup, pair};
use super::commands::{field_json, named};
use super::interrupt::{self, SharedProgress};
use super::output::{self, cannot_write, message, print, print_json};
use super::{Failure, setup};
use crate::app::files::Draft;
use crate::experiment::report::{Chart, Report, Series};
use crate::experiment::statistics::significant;
use crate::experiment::{Chosen, Experiment as Protocol, protocols};
use crate::model;
use crate::preset::Setup;

/// Arguments of `experiment`.
#[derive(Args)]
pub struct Experiment {
    /// Id of the experiment; `neuron-playground experiments` lists them
    pub id: String,
    #[command(flatten)]
    pub chosen: ChosenSetup,
    /// Set a setting of the experiment
    #[arg(long, value_name = "ID=VALUE", value_parser = pair)]
    pub with: Vec<(String, String)>,
    /// Write the points of every chart to this file
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Lists the experiments; in JSON with their settings for the models they suit.
pub fn experiments(as_json: bool) -> Result<ExitCode, Failure> {
    if as_json {
        let all = protocols::EXPERIMENTS.iter().map(|e| {
            let suited = model::all().iter().filter(|m| (e.suits)(**m).is_ok());
            let settings: Map<String, Value> =
                suited.map(|m| (m.card().id.to_string(), Value::Array(e.table(*m).iter().map(field_json).collect()))).collect();
            json!({ "id": e.id, "title": e.title, "shows": e.shows, "source": e.source, "settings": settings })
        });
        print_json(&Value::Array(all.collect()))?;
    } else {
        let mut text = String::new();
        for e in protocols::EXPERIMENTS {
            let _ = writeln!(text, "{:<20} {}: {}", e.id, e.title, e.shows);
        }
        print(&text)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The experiment with its settings: those of the setup if it is about the same experiment, then those of the command line.
fn choose(setup: &Setup, arguments: &Experiment) -> Result<Chosen, Failure> {
    let ids = || protocols::EXPERIMENTS.iter().map(|e| e.id).collect::<Vec<_>>().join(", ");
    let protocol: &Protocol = protocols::find(&arguments.id)
        .ok_or_else(|| Failure::Input(format!("there is no experiment {:?}; the experiments are {}", arguments.id, ids())))?;
    let kept = setup.experiment.as_ref().filter(|chosen| chosen.experiment == protocol).cloned();
    let mut chosen = match kept {
        Some(chosen) => chosen,
        None => Chosen::new(protocol, setup.neuron).map_err(Failure::Input)?,
    };
    for (id, value) in &arguments.with {
        chosen.set_text(id, value).map_err(Failure::Input)?;
    }
    Ok(chosen)
}

/// Does the experiment and prints its report.
pub fn experiment(arguments: &Experiment) -> Result<ExitCode, Failure> {
    let setup = setup::open(&arguments.chosen)?.setup;
    let chosen = choose(&setup, arguments)?;
    interrupt::listen();
    let draft = output::draft(arguments.csv.as_deref())?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let progress = SharedProgress::new();
    let watch = |done| progress.update(done);
    let started = Instant::now();
    let (report, is_stopped) = chosen.run(&setup.subject(), threads, &watch);
    let elapsed = 1e3 * started.elapsed().as_secs_f64();
    drop(progress);
    if let Some((draft, path)) = draft {
        write(draft, &report).map_err(|e| cannot_write(path, &e))?;
    }
    if arguments.json {
        print_json(&report_json(&setup, &chosen, &report, elapsed))?;
    } else {
        print(&text(&report))?;
    }
    if is_stopped {
        message("interrupted");
    }
    Ok(ExitCode::from(u8::from(is_stopped)))
}

fn report_json(setup: &Setup, chosen: &Chosen, report: &Report, elapsed: f64) -> Value {
    let number = |x: f64| if x.is_finite() { json!(x) } else { Value::Null };
    let series = |s: &Series| {
        let points: Vec<Value> = s.points.iter().map(|[x, y]| json!({ "x": number(*x), "y": number(*y) })).collect();
        json!({ "id": s.id, "label": s.label, "points": points })
    };
    let chart = |c: &Chart| {
        json!({
            "id": c.id, "title": c.title,
            "x": { "label": c.x.label, "unit": c.x.unit }, "y": { "label": c.y.label, "unit": c.y.unit },
            "series": c.series.iter().map(series).collect::<Vec<_>>(),
        })
    };
    let results: Map<String, Value> = report.numbers.iter().map(|n| (n.id.clone(), n.value.map_or(Value::Null, number))).collect();
    json!({
        "experiment": chosen.experiment.id, "model": setup.neuron.card().id, "settings": named(&chosen.table, &chosen.values),
        "elapsed_ms": elapsed, "results": results,
        "numbers": report.numbers.iter().map(|n| json!({ "id": n.id, "label": n.label, "unit": n.unit, "value": n.value })).collect::<Vec<_>>(),
        "charts": report.charts.iter().map(chart).collect::<Vec<_>>(), "says": report.says,
    })
}

/// `chart,series,x,y`, one row per point; a value that does not exist is empty.
fn write(mut draft: Draft, report: &Report) -> std::io::Result<()> {
    writeln!(draft, "chart,series,x,y")?;
    let cell = |x: f64| if x.is_finite() { x.to_string() } else { String::new() };
    for chart in &report.charts {
        for series in &chart.series {
            for [x, y] in &series.points {
                writeln!(draft, "{},{},{},{}", chart.id, series.id, cell(*x), cell(*y))?;
            }
        }
    }
    draft.finish()
}

/// A number to be read: six figures. JSON and CSV have them all.
fn figures(x: f64) -> String {
    let rounded = significant(x, 6);
    if x != 0.0 && !(1e-4..1e9).contains(&x.abs()) { format!("{rounded:e}") } else { format!("{rounded}") }
}

fn text(report: &Report) -> String {
    let mut text = String::new();
    for n in &report.numbers {
        let value = n.value.map_or("-".to_string(), figures);
        let _ = writeln!(text, "{:<24} {:>22} {:<8} {}", n.id, value, n.unit, n.label);
    }
    for sentence in &report.says {
        let _ = writeln!(text, "{sentence}.");
    }
    text.replace("..\n", ".\n")
}
