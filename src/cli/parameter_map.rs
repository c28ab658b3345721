//! `bifurcation` over two quantities: the map of both as text, JSON or a table.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use serde_json::{Value, json};

use super::Failure;
use super::bifurcation::{Axis, Bifurcation};
use super::interrupt::{self, SharedProgress};
use super::output::{self, cannot_write, message, print, print_json};
use crate::analysis::diagram::Care;
use crate::analysis::parameter_map::{Field, ParameterMap, cycle_curves, equilibrium_curves};
use crate::app::files::Draft;
use crate::preset::Setup;

/// Slices on which curves of cycles are looked for.
const SLICES: usize = 41;

/// Computes the map and prints it.
pub fn two_parameters(setup: &Setup, x: &Axis, y: &Axis, arguments: &Bifurcation) -> Result<ExitCode, Failure> {
    interrupt::listen();
    let draft = output::draft(arguments.csv.as_deref())?;
    let field =
        Field { neuron: setup.neuron, params: setup.params.clone(), current: setup.current, over: [x.over, y.over], range: [x.range, y.range] };
    let progress = SharedProgress::new();
    let stop = AtomicBool::new(false);
    let begin = Instant::now();
    let mut map = equilibrium_curves(&field);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (curves, special) = cycle_curves(&field, Care::Settled, SLICES, threads, &stop, &|done| {
        if !progress.update(done) {
            stop.store(true, Ordering::Relaxed);
        }
    });
    drop(progress);
    map.curves.extend(curves);
    map.special.extend(special);
    map.special.sort_by(|a, b| a.x.total_cmp(&b.x));
    let elapsed = begin.elapsed().as_secs_f64() * 1e3;
    if let Some((draft, path)) = draft {
        write_csv(draft, &map, [x.field.id, y.field.id]).map_err(|e| cannot_write(path, &e))?;
    }
    if arguments.json {
        print_json(&map_json(setup, x, y, &map, elapsed))?;
    } else {
        print(&text(&map, [x.field.id, y.field.id]))?;
    }
    if interrupt::requested() {
        message("interrupted");
        return Ok(ExitCode::from(1));
    }
    Ok(ExitCode::SUCCESS)
}

fn map_json(setup: &Setup, x: &Axis, y: &Axis, map: &ParameterMap, elapsed: f64) -> Value {
    let over = |axis: &Axis| json!({ "id": axis.field.id, "from": axis.range.0, "to": axis.range.1 });
    let curves: Vec<Value> = map
        .curves
        .iter()
        .map(|curve| {
            let points: Vec<Value> = curve.points.iter().map(|p| json!({ "x": p.x, "y": p.y })).collect();
            json!({ "type": curve.kind.id(), "points": points })
        })
        .collect();
    let special: Vec<Value> = map.special.iter().map(|p| json!({ "type": p.kind.id(), "x": p.x, "y": p.y, "error_estimate": p.error })).collect();
    json!({
        "model": setup.neuron.card().id, "over": [over(x), over(y)], "elapsed_ms": elapsed, "curves": curves, "special_points": special,
    })
}

fn write_csv(mut draft: Draft, map: &ParameterMap, ids: [&str; 2]) -> std::io::Result<()> {
    writeln!(draft, "curve,type,{},{}", ids[0], ids[1])?;
    for (place, curve) in map.curves.iter().enumerate() {
        for p in &curve.points {
            writeln!(draft, "{place},{},{},{}", curve.kind.id(), p.x, p.y)?;
        }
    }
    draft.finish()
}

fn text(map: &ParameterMap, ids: [&str; 2]) -> String {
    let mut text = String::new();
    for curve in &map.curves {
        let (first, last) = (curve.points.first(), curve.points.last());
        if let (Some(a), Some(b)) = (first, last) {
            let ends = format!("({}, {}) to ({}, {})", a.x, a.y, b.x, b.y);
            let _ = writeln!(text, "{} curve in ({}, {}) from {ends}, {} points", curve.kind.id(), ids[0], ids[1], curve.points.len());
        }
    }
    for p in &map.special {
        let _ = writeln!(text, "{} at {} = {}, {} = {} (± {:.1e} of the ranges)", p.kind.id(), ids[0], p.x, ids[1], p.y, p.error);
    }
    if text.is_empty() {
        text.push_str("nothing changes in this range\n");
    }
    text
}
