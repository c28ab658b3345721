//! `bifurcation`: diagrams over one quantity as text, JSON or a table.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use serde_json::{Map, Value, json};

use super::args::Chosen;
use super::commands::named;
use super::interrupt::{self, Progress};
use super::output::{cannot_write, message, print, print_json};
use super::{Failure, setup};
use crate::analysis::diagram::{Care, Diagram, Kind, Special, diagram};
use crate::analysis::{Family, Over};
use crate::app::files::Draft;
use crate::model::{Card, Dynamics, Field};
use crate::preset::Setup;

/// Arguments of `bifurcation`.
#[derive(Args)]
pub struct Bifurcation {
    #[command(flatten)]
    pub chosen: Chosen,
    /// The quantity that is varied, `I` or a parameter, with its range
    #[arg(long, value_name = "ID=FROM:TO", value_parser = sweep, required = true)]
    pub over: Vec<Sweep>,
    /// Write the branches to this file
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// A quantity and its range, as written.
#[derive(Clone, Debug)]
pub struct Sweep {
    id: String,
    from: f64,
    to: f64,
}

fn sweep(text: &str) -> Result<Sweep, String> {
    let form = || format!("{text:?} is not ID=FROM:TO");
    let (id, range) = text.split_once('=').ok_or_else(form)?;
    let (from, to) = range.split_once(':').ok_or_else(form)?;
    let number = |text: &str| text.trim().parse::<f64>().map_err(|_| format!("{text:?} is not a number"));
    Ok(Sweep { id: id.trim().to_string(), from: number(from)?, to: number(to)? })
}

/// A checked quantity with its range.
pub struct Axis {
    pub over: Over,
    pub field: &'static Field,
    pub range: (f64, f64),
}

fn axis(setup: &Setup, sweep: &Sweep) -> Result<Axis, Failure> {
    let neuron = setup.neuron;
    let Some(over) = Over::find(neuron, &sweep.id) else {
        return Err(Failure::Input(format!("{:?} is neither I nor a parameter of {}: {}", sweep.id, neuron.card().id, Field::ids(neuron.params()))));
    };
    let field = over.field(neuron);
    for value in [sweep.from, sweep.to] {
        let mut changed = setup.clone();
        changed.set(&sweep.id, value).and_then(|()| changed.check()).map_err(|e| Failure::Input(e.to_string()))?;
    }
    if sweep.from >= sweep.to {
        return Err(Failure::Input(format!("--over {}={}:{}: FROM must be below TO", sweep.id, sweep.from, sweep.to)));
    }
    Ok(Axis { over, field, range: (sweep.from, sweep.to) })
}

/// Computes the diagram and prints it.
pub fn bifurcation(arguments: &Bifurcation) -> Result<ExitCode, Failure> {
    let setup = setup::open(&arguments.chosen)?.setup;
    let axes = arguments.over.iter().map(|sweep| axis(&setup, sweep)).collect::<Result<Vec<_>, _>>()?;
    match axes.as_slice() {
        [one] => one_parameter(&setup, one, arguments),
        [x, y] => super::parameter_map::two_parameters(&setup, x, y, arguments),
        _ => Err(Failure::Input(format!("--over was given {} times; one quantity gives a diagram, two give a map", axes.len()))),
    }
}

fn one_parameter(setup: &Setup, axis: &Axis, arguments: &Bifurcation) -> Result<ExitCode, Failure> {
    interrupt::listen();
    let draft = arguments.csv.as_deref().map(|path| Draft::new(path).map_err(|e| cannot_write(path, &e)).map(|draft| (draft, path))).transpose()?;
    let family = Family::new(setup.neuron, &setup.params, setup.current, axis.over);
    let mut progress = Progress::new();
    let begin = Instant::now();
    let found = diagram(&family, axis.range, Care::Settled, &mut |_| progress.update(0.5));
    let elapsed = begin.elapsed().as_secs_f64() * 1e3;
    drop(progress);
    if let Some((draft, path)) = draft {
        write_csv(draft, setup.neuron, axis, &found).map_err(|e| cannot_write(path, &e))?;
    }
    if arguments.json {
        print_json(&diagram_json(setup.neuron, axis, &found, elapsed))?;
    } else {
        print(&text(setup.neuron, axis, &found, arguments.csv.as_deref()))?;
    }
    if interrupt::requested() {
        message("interrupted");
        return Ok(ExitCode::from(1));
    }
    Ok(ExitCode::SUCCESS)
}

/// A number, or null where there is none.
fn number(x: f64) -> Value {
    if x.is_finite() { json!(x) } else { Value::Null }
}

fn special_json(neuron: &dyn Dynamics, point: &Special) -> Value {
    let per_second = neuron.card().per_second();
    let mut fields = Map::new();
    fields.insert("type".into(), json!(point.kind.id()));
    fields.insert("value".into(), json!(point.value));
    fields.insert("state".into(), named(neuron.states(), &point.state));
    fields.insert("error_estimate".into(), number(point.error));
    match point.kind {
        Kind::Hopf { first_lyapunov, frequency } => {
            fields.insert("criticality".into(), json!(point.kind.criticality()));
            fields.insert("first_lyapunov".into(), number(first_lyapunov));
            fields.insert("frequency".into(), number(frequency / std::f64::consts::TAU * per_second));
        }
        Kind::CycleFold { period, canard } => {
            fields.insert("period".into(), number(period));
            fields.insert("canard".into(), json!(canard));
        }
        Kind::PeriodDoubling { period } => {
            fields.insert("period".into(), number(period));
        }
        _ => {}
    }
    Value::Object(fields)
}

fn diagram_json(neuron: &dyn Dynamics, axis: &Axis, found: &Diagram, elapsed: f64) -> Value {
    let n = neuron.dim();
    let state = |x: &[f64]| named(neuron.states(), &x[..n]);
    let rests = found.rests.iter().map(|branch| {
        let points: Vec<Value> = branch.points.iter().map(|p| json!({ "value": p.value, "stable": p.stable, "state": state(&p.state) })).collect();
        json!({ "kind": "equilibrium", "points": points })
    });
    let cycles = found.cycles.iter().map(|branch| {
        let points: Vec<Value> = branch
            .orbits
            .iter()
            .zip(&branch.extents)
            .map(|(orbit, (low, high))| {
                json!({
                    "value": orbit.cycle.value, "stable": orbit.multipliers.is_stable(), "min": state(low), "max": state(high),
                    "period": orbit.cycle.period,
                })
            })
            .collect();
        json!({ "kind": "cycle", "points": points })
    });
    json!({
        "model": neuron.card().id,
        "over": { "id": axis.field.id, "from": axis.range.0, "to": axis.range.1 },
        "elapsed_ms": elapsed,
        "special_points": found.special.iter().map(|p| special_json(neuron, p)).collect::<Vec<_>>(),
        "branches": rests.chain(cycles).collect::<Vec<_>>(),
    })
}

fn write_csv(mut draft: Draft, neuron: &dyn Dynamics, axis: &Axis, found: &Diagram) -> std::io::Result<()> {
    let ids = |word: &str| neuron.states().iter().fold(String::new(), |all, f| all + "," + word + "_" + f.id);
    writeln!(draft, "branch,kind,{},stable,period{}{}", axis.field.id, ids("min"), ids("max"))?;
    let n = neuron.dim();
    let row = |x: &[f64]| x[..n].iter().fold(String::new(), |all, x| all + "," + &x.to_string());
    for (place, branch) in found.rests.iter().enumerate() {
        for p in &branch.points {
            writeln!(draft, "{place},equilibrium,{},{},{}{}", p.value, p.stable, row(&p.state), row(&p.state))?;
        }
    }
    for (place, branch) in found.cycles.iter().enumerate() {
        let place = place + found.rests.len();
        for (orbit, (low, high)) in branch.orbits.iter().zip(&branch.extents) {
            let cycle = &orbit.cycle;
            writeln!(draft, "{place},cycle,{},{},{}{}{}", cycle.value, orbit.multipliers.is_stable(), cycle.period, row(low), row(high))?;
        }
    }
    draft.finish()
}

fn text(neuron: &dyn Dynamics, axis: &Axis, found: &Diagram, csv: Option<&Path>) -> String {
    let card = neuron.card();
    let unit = if axis.field.unit.is_empty() { String::new() } else { format!(" {}", axis.field.unit) };
    let mut text = String::new();
    for point in &found.special {
        let _ =
            writeln!(text, "{} at {} = {} ± {:.1e}{unit}{}", point.kind.words(), axis.field.id, point.value, point.error, details(card, &point.kind));
    }
    if found.special.is_empty() {
        let _ = writeln!(text, "nothing changes for {} from {} to {}{unit}", axis.field.id, axis.range.0, axis.range.1);
    }
    let _ = writeln!(text, "{} branches of equilibria, {} of cycles", found.rests.len(), found.cycles.len());
    if let Some(path) = csv {
        let _ = writeln!(text, "branches are in {}", path.display());
    }
    text
}

fn details(card: &Card, kind: &Kind) -> String {
    let time = card.time_unit();
    match kind {
        Kind::Hopf { first_lyapunov, frequency } => {
            format!(" (l1 = {first_lyapunov:.5}, {:.5} {})", frequency / std::f64::consts::TAU * card.per_second(), card.rate_unit())
        }
        Kind::CycleFold { period, .. } | Kind::PeriodDoubling { period } => format!(" (period {period:.5} {time})").replace(" )", ")"),
        _ => String::new(),
    }
}
