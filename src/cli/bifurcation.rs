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
use super::output::{self, cannot_write, message, print, print_json};
use super::{Failure, setup};
use crate::analysis::Over;
use crate::analysis::diagram::{Care, Diagram, Kind, Special, complete};
use crate::app::files::Draft;
use crate::model::{Card, Dynamics, Field};
use crate::preset::{Setup, Sweep};

/// Arguments of `bifurcation`.
#[derive(Args)]
pub struct Bifurcation {
    #[command(flatten)]
    pub chosen: Chosen,
    /// The quantity that is varied, `I` or a parameter, with its range
    #[arg(long, value_name = "ID=FROM:TO", required = true)]
    pub over: Vec<Sweep>,
    /// Write the branches to this file
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// A checked quantity with its range.
pub struct Axis {
    pub over: Over,
    pub field: &'static Field,
    pub range: (f64, f64),
}

fn axis(setup: &Setup, sweep: &Sweep) -> Result<Axis, Failure> {
    let over = sweep.check(setup).map_err(|e| Failure::Input(e.to_string()))?;
    Ok(Axis { over, field: over.field(setup.neuron), range: (sweep.from, sweep.to) })
}

/// Computes the diagram and prints it.
pub fn bifurcation(arguments: &Bifurcation) -> Result<ExitCode, Failure> {
    let setup = setup::open(&arguments.chosen)?.setup;
    let axes = arguments.over.iter().map(|sweep| axis(&setup, sweep)).collect::<Result<Vec<_>, _>>()?;
    match axes.as_slice() {
        [one] => one_parameter(&setup, one, arguments),
        [x, y] if x.over == y.over => Err(Failure::Input(format!("both --over name {}; they must be two quantities", x.field.id))),
        [x, y] => super::parameter_map::two_parameters(&setup, x, y, arguments),
        more => Err(Failure::Input(format!("--over was given {} times; at most two are allowed", more.len()))),
    }
}

fn one_parameter(setup: &Setup, axis: &Axis, arguments: &Bifurcation) -> Result<ExitCode, Failure> {
    interrupt::listen();
    let draft = output::draft(arguments.csv.as_deref())?;
    let family = setup.family(axis.over);
    let mut progress = Progress::new();
    let begin = Instant::now();
    let found = complete(&family, axis.range, Care::Settled, &mut |part| progress.update(part));
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
        Kind::CycleFold { period, canard, .. } => {
            fields.insert("period".into(), number(period));
            fields.insert("canard".into(), json!(canard));
        }
        Kind::PeriodDoubling { period } | Kind::SpikeCountBorder { period } => {
            fields.insert("period".into(), number(period));
        }
        _ => {}
    }
    if let Some(pattern) = point.pattern {
        fields.insert("spikes".into(), json!(pattern.spikes));
        fields.insert("how".into(), json!(pattern.how));
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
    let patterns = found.firing.iter().map(|branch| {
        let points: Vec<Value> = branch
            .points
            .iter()
            .map(|p| {
                json!({
                    "value": p.value, "stable": true, "min": state(&p.low), "max": state(&p.high), "period": number(p.period), "spikes": p.spikes,
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
        "branches": rests.chain(cycles).chain(patterns).collect::<Vec<_>>(),
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
    for (place, branch) in found.firing.iter().enumerate() {
        let place = place + found.rests.len() + found.cycles.len();
        for p in &branch.points {
            // As null in JSON: a period that is beyond all numbers stays empty.
            let period = if p.period.is_finite() { p.period.to_string() } else { String::new() };
            writeln!(draft, "{place},cycle,{},true,{period}{}{}", p.value, row(&p.low), row(&p.high))?;
        }
    }
    draft.finish()
}

fn text(neuron: &dyn Dynamics, axis: &Axis, found: &Diagram, csv: Option<&Path>) -> String {
    let card = neuron.card();
    let unit = if axis.field.unit.is_empty() { String::new() } else { format!(" {}", axis.field.unit) };
    let mut text = String::new();
    for point in &found.special {
        let more = details(card, point);
        let _ = writeln!(text, "{} at {} = {} ± {:.1e}{unit}{more}", point.kind.words(), axis.field.id, point.value, point.error);
    }
    if found.special.is_empty() {
        let _ = writeln!(text, "nothing changes for {} from {} to {}{unit}", axis.field.id, axis.range.0, axis.range.1);
    }
    let rests = if found.rests.len() == 1 { "branch" } else { "branches" };
    let _ = write!(text, "{} {rests} of equilibria, {} of cycles", found.rests.len(), found.cycles.len());
    if neuron.resets() {
        let _ = write!(text, ", {} of firing patterns", found.firing.len());
    }
    text.push('\n');
    if let Some(path) = csv {
        let _ = writeln!(text, "branches are in {}", path.display());
    }
    text
}

fn details(card: &Card, point: &Special) -> String {
    let mut parts = Vec::new();
    match point.kind {
        Kind::Hopf { first_lyapunov, frequency } => {
            parts.push(format!("l1 = {first_lyapunov:.5}"));
            parts.push(format!("{:.5} {}", frequency / std::f64::consts::TAU * card.per_second(), card.rate_unit()));
        }
        Kind::CycleFold { period, .. } | Kind::PeriodDoubling { period } | Kind::SpikeCountBorder { period } => {
            parts.push(format!("period {period:.5} {}", card.time_unit()));
        }
        _ => {}
    }
    if let Some(pattern) = point.pattern {
        let [below, above] = pattern.spikes.map(|n| n.map_or("irregular".into(), |n| n.to_string()));
        parts.push(format!("spikes a period: {below} below, {above} above"));
    }
    let parts: Vec<&str> = parts.iter().map(|part| part.trim_end()).collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}
