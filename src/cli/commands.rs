//! One function per command.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::{Map, Value, json};

use super::args::{Arguments, Command, RenderArguments, Simulate};
use super::interrupt::{self, Progress};
use super::output::{print, print_json};
use super::table::Rows;
use super::{Failure, Opened, Render, Request, setup};
use crate::analysis::equilibria;
use crate::app::check::problems;
use crate::app::run::{mean_rate, run};
use crate::model::{self, Field};
use crate::preset::{self, Setup};
use crate::sim::{Method, Sink, Stop};

/// Answers a command, or says what remains to be drawn.
pub fn answer(args: Arguments) -> Result<Request, Failure> {
    let code = match args.command {
        None => return window(args.setup, args.changes),
        Some(Command::Models { json }) => models(json),
        Some(Command::Presets { json }) => presets(json),
        Some(Command::Simulate(arguments)) => simulate(&arguments),
        Some(Command::Analyze { chosen, json }) => setup::open(&chosen).and_then(|opened| analyze(&opened.setup, json)),
        Some(Command::Bifurcation(arguments)) => super::bifurcation::bifurcation(&arguments),
        Some(Command::Fi(arguments)) => super::fi::fi(&arguments),
        Some(Command::Experiments { json }) => super::experiment::experiments(json),
        Some(Command::Experiment(arguments)) => super::experiment::experiment(&arguments),
        Some(Command::Render(arguments)) => return render(&arguments),
        Some(Command::Check { files, json }) => check(&files, json),
    }?;
    Ok(Request::Done(code))
}

fn window(name: Option<String>, changes: super::args::Changes) -> Result<Request, Failure> {
    match name {
        None if changes.set.is_empty() && changes.init.is_empty() => Ok(Request::Window(None)),
        None => Err(Failure::Input("--set and --init need a SETUP to change".into())),
        Some(name) => Ok(Request::Window(Some(Box::new(setup::open(&super::args::Chosen { setup: name, changes })?)))),
    }
}

fn render(arguments: &RenderArguments) -> Result<Request, Failure> {
    let opened: Opened = setup::open(&arguments.chosen)?;
    if let Some(at) = arguments.at {
        let steps = at / opened.setup.dt;
        if !(at.is_finite() && at >= 0.0 && steps <= preset::MOST_STEPS) {
            return Err(Failure::Input(format!("--at {at} must be 0 or more and at most 1e8 steps away")));
        }
    }
    Ok(Request::Render(Box::new(Render {
        opened,
        out: arguments.out.clone(),
        size: arguments.size,
        at: arguments.at,
        view: arguments.view.clone(),
        dark: arguments.theme == "dark",
    })))
}

pub fn field_json(field: &Field) -> Value {
    if let Some(name) = field.choice(field.default) {
        return json!({
            "id": field.id, "symbol": field.symbol, "unit": field.unit, "default": name,
            "min": null, "max": null, "choices": field.choices, "meaning": field.meaning,
        });
    }
    json!({
        "id": field.id, "symbol": field.symbol, "unit": field.unit, "default": field.default,
        "min": field.min, "max": field.max, "meaning": field.meaning,
    })
}

fn models(as_json: bool) -> Result<ExitCode, Failure> {
    if as_json {
        let all: Vec<Value> = model::all()
            .iter()
            .map(|m| {
                let card = m.card();
                let table = |fields: &[Field]| fields.iter().map(field_json).collect::<Vec<_>>();
                json!({
                    "id": card.id, "title": card.title, "summary": card.summary,
                    "equations": card.equations, "at_spike": card.at_spike,
                    "states": table(m.states()), "parameters": table(m.params()),
                    "I": { "unit": card.current.unit, "default": card.current.default, "min": card.current.min, "max": card.current.max },
                    "dt": card.dt, "duration": card.duration,
                    "references": card.references.iter().map(|r| json!({ "text": r.text, "doi": r.doi })).collect::<Vec<_>>(),
                })
            })
            .collect();
        print_json(&Value::Array(all))?;
    } else {
        let mut text = String::new();
        for m in model::all() {
            let card = m.card();
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{:<28} {}: {}\n    parameters {}", card.id, card.title, card.summary, Field::ids(m.params()));
        }
        print(&text)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn presets(as_json: bool) -> Result<ExitCode, Failure> {
    let entries = preset::entries();
    if as_json {
        let all = entries
            .iter()
            .map(|e| json!({ "id": e.id, "model": e.file.model, "title": e.file.title, "shows": e.file.shows, "source": e.file.source }))
            .collect();
        print_json(&Value::Array(all))?;
    } else {
        let mut text = String::new();
        for entry in entries {
            let _ = writeln!(text, "{:<52} {}", entry.id, entry.file.title.as_deref().unwrap_or(""));
        }
        print(&text)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn stop_json(stopped: Option<Stop>) -> Value {
    stopped.map_or(Value::Null, |stop| json!({ "reason": stop.reason.id(), "time": stop.time }))
}

pub fn named(fields: &[Field], values: &[f64]) -> Value {
    let value = |field: &Field, value: f64| field.choice(value).map_or_else(|| json!(value), Value::from);
    Value::Object(fields.iter().zip(values).map(|(f, v)| (f.id.to_string(), value(f, *v))).collect::<Map<_, _>>())
}

fn simulate(arguments: &Simulate) -> Result<ExitCode, Failure> {
    let mut setup = setup::open(&arguments.chosen)?.setup;
    setup.duration = arguments.duration.unwrap_or(setup.duration);
    setup.dt = arguments.dt.unwrap_or(setup.dt);
    setup.seed = arguments.seed.unwrap_or(setup.seed);
    if let Some(id) = &arguments.method {
        setup.method = Method::find(id).ok_or_else(|| Failure::Input(format!("method {id:?} is not one of rk4, euler, euler_published")))?;
    }
    setup.check().map_err(|e| Failure::Input(e.to_string()))?;
    interrupt::listen();
    let mut rows = arguments.csv.as_deref().map(|path| Rows::new(path, setup.neuron)).transpose()?;
    let mut progress = Progress::new();
    let outcome = run(&setup, rows.as_mut().map(|rows| rows as &mut dyn Sink), &mut |fraction| progress.update(fraction));
    drop(progress);
    if let Some(rows) = rows {
        rows.finish()?;
    }
    let card = setup.neuron.card();
    if arguments.json {
        print_json(&json!({
            "model": card.id, "dt": setup.dt, "duration": setup.duration, "method": setup.method.id(),
            "spike_times": outcome.spike_times, "final_state": named(setup.neuron.states(), &outcome.final_state),
            "stopped": stop_json(outcome.stopped),
        }))?;
    } else {
        let count = outcome.spike_times.len();
        let mut text = format!("{count} spike{} in {} {}", if count == 1 { "" } else { "s" }, setup.duration, card.time_unit());
        let rate = mean_rate(&outcome.spike_times, card.per_second());
        if rate > 0.0 {
            let _ = write!(text, ", {rate:.4} {} from the first to the last", card.rate_unit());
        }
        text = text.trim_end().to_string() + "\n";
        for t in &outcome.spike_times {
            let _ = writeln!(text, "{t}");
        }
        print(&text)?;
    }
    Ok(outcome.stopped.map_or(ExitCode::SUCCESS, |stop| {
        super::output::message(&format!("stopped: {} at {} {}: {}", stop.reason.id(), stop.time, card.time_unit(), stop.reason.sentence()));
        ExitCode::from(1)
    }))
}

fn analyze(setup: &Setup, as_json: bool) -> Result<ExitCode, Failure> {
    let found = equilibria(setup.neuron, &setup.params, setup.current);
    let states = setup.neuron.states();
    if as_json {
        let points: Vec<Value> = found
            .points
            .iter()
            .map(|point| {
                json!({
                    "state": named(states, &point.state),
                    "eigenvalues": point.eigenvalues.iter().map(|e| json!({ "re": e.re, "im": e.im })).collect::<Vec<_>>(),
                    "type": point.kind.id(), "stable": point.kind.is_stable(), "virtual": point.is_virtual,
                })
            })
            .collect();
        print_json(&json!({ "model": setup.neuron.card().id, "I": setup.current, "fixed_points": points, "degenerate": found.degenerate }))?;
    } else {
        let mut text = match (found.degenerate, found.points.len()) {
            (true, _) => "equilibria fill a curve\n".to_string(),
            (false, 0) => "no equilibrium\n".to_string(),
            _ => String::new(),
        };
        for point in &found.points {
            let state: Vec<String> = states.iter().zip(&point.state).map(|(f, x)| format!("{} = {x}", f.id)).collect();
            let values: Vec<String> = point.eigenvalues.iter().map(|e| format!("{:+.6}{:+.6}i", e.re, e.im)).collect();
            let beyond = if point.is_virtual { " (virtual: above the firing level)" } else { "" };
            let _ = writeln!(text, "{}{beyond}: {}; eigenvalues {}", point.kind.id(), state.join(", "), values.join(", "));
        }
        print(&text)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn check(files: &[PathBuf], as_json: bool) -> Result<ExitCode, Failure> {
    interrupt::listen();
    let mut rows = Vec::new();
    let mut text = String::new();
    let (mut invalid, mut failed) = (false, false);
    for path in files {
        if interrupt::requested() {
            failed = true;
            super::output::message("interrupted");
            break;
        }
        let problems = match preset::read(path) {
            Ok(setup) => {
                let found = problems(&setup, &mut |_| !interrupt::requested());
                failed |= !found.is_empty();
                found
            }
            Err(error) => {
                invalid = true;
                if as_json {
                    super::output::message(&format!("error: {}: {error}", path.display()));
                }
                vec![error.to_string()]
            }
        };
        let _ = writeln!(text, "{}: {}", path.display(), if problems.is_empty() { "ok" } else { "failed" });
        for problem in &problems {
            let _ = writeln!(text, "    {problem}");
        }
        rows.push(json!({ "file": path.display().to_string(), "ok": problems.is_empty(), "problems": problems }));
    }
    if as_json {
        print_json(&Value::Array(rows))?;
    } else {
        print(&text)?;
    }
    Ok(if invalid { ExitCode::from(2) } else { ExitCode::from(u8::from(failed)) })
}
