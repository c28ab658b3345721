//! `fi`: the f–I curve as a table.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;
use serde_json::json;

use super::args::Chosen;
use super::interrupt::{self, SharedProgress};
use super::output::{self, cannot_write, message, print};
use super::{Failure, setup};
use crate::app::files::Draft;
use crate::experiment::{Class, Curve, Effort, Onset, Point, Span, curve};
use crate::model::Card;
use crate::preset::Setup;

/// Arguments of `fi`.
#[derive(Args)]
pub struct Fi {
    #[command(flatten)]
    pub chosen: Chosen,
    /// The currents: the lowest, the highest and how many
    #[arg(long, value_name = "I=FROM:TO:COUNT", value_parser = over)]
    pub over: Over,
    /// Write the points to this file
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// What is swept, as it was written.
#[derive(Clone, Debug)]
pub struct Over {
    id: String,
    from: f64,
    to: f64,
    count: u64,
}

/// Fewest and most points of a sweep.
const COUNTS: std::ops::RangeInclusive<u64> = 2..=1_000_000;

fn over(text: &str) -> Result<Over, String> {
    let form = || format!("{text:?} is not I=FROM:TO:COUNT");
    let (id, range) = text.split_once('=').ok_or_else(form)?;
    let parts: Vec<&str> = range.split(':').map(str::trim).collect();
    let [from, to, count] = parts.as_slice() else { return Err(form()) };
    let number = |text: &str| text.parse::<f64>().map_err(|_| format!("{text:?} is not a number"));
    let (from, to) = (number(from)?, number(to)?);
    let count =
        count.parse::<u64>().map_err(|_| format!("COUNT is {count:?}; it must be a whole number from {} to {}", COUNTS.start(), COUNTS.end()))?;
    Ok(Over { id: id.trim().to_string(), from, to, count })
}

fn span(over: &Over, setup: &Setup) -> Result<Span, Failure> {
    let refuse = |sentence: String| Err(Failure::Input(sentence));
    let field = &setup.neuron.card().current;
    if over.id != field.id {
        return refuse(format!("fi goes over {}, not over {:?}", field.id, over.id));
    }
    for value in [over.from, over.to] {
        field.check(value).map_err(Failure::Input)?;
    }
    if over.from >= over.to {
        return refuse(format!("--over {}={}:{}: FROM must be below TO", over.id, over.from, over.to));
    }
    match usize::try_from(over.count) {
        Ok(count) if COUNTS.contains(&over.count) => Ok(Span { from: over.from, to: over.to, count }),
        _ => refuse(format!("COUNT = {} must be from {} to {}", over.count, COUNTS.start(), COUNTS.end())),
    }
}

/// The JSON of a curve, written field by field: there may be a million points.
#[derive(Serialize)]
struct Table {
    model: &'static str,
    over: serde_json::Value,
    points: Vec<Row>,
    onset: Option<f64>,
    onset_error: Option<f64>,
    class: Option<u8>,
}

/// One point in JSON.
#[derive(Serialize)]
struct Row {
    #[serde(rename = "I")]
    current: f64,
    rate: Option<f64>,
    rate_up: Option<f64>,
    rate_down: Option<f64>,
    cycle_frequency: Option<f64>,
}

impl Row {
    fn of(p: &Point) -> Self {
        Self { current: p.current, rate: p.rate, rate_up: p.rate_up, rate_down: p.rate_down, cycle_frequency: p.cycle_frequency }
    }
}

/// Measures the curve and prints it.
pub fn fi(arguments: &Fi) -> Result<ExitCode, Failure> {
    let setup = setup::open(&arguments.chosen)?.setup;
    let span = span(&arguments.over, &setup)?;
    interrupt::listen();
    let draft = output::draft(arguments.csv.as_deref())?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let progress = SharedProgress::new();
    let watch = |done| progress.update(done);
    let found = curve(&setup.preparation(), span, Effort::FULL, threads, &watch, &mut |_| ());
    drop(progress);
    let points: Vec<&Point> = found.points.iter().filter(|p| p.is_measured || !found.is_interrupted).collect();
    if let Some((draft, path)) = draft {
        write(draft, &points).map_err(|e| cannot_write(path, &e))?;
    }
    let card = setup.neuron.card();
    let onset = found.onset.clone().unwrap_or_default();
    if arguments.json {
        let table = Table {
            model: card.id,
            over: json!({ "id": card.current.id, "from": span.from, "to": span.to, "count": span.count }),
            points: points.iter().map(|p| Row::of(p)).collect(),
            onset: onset.current,
            onset_error: onset.current.map(|_| onset.error),
            class: onset.class.map(Class::number),
        };
        print(&serde_json::to_string_pretty(&table).map_err(|e| Failure::Run(format!("cannot write JSON: {e}")))?)?;
    } else {
        print(&text(card, &points, &found))?;
    }
    if found.is_interrupted {
        message("interrupted");
    }
    Ok(ExitCode::from(u8::from(found.is_interrupted)))
}

fn write(mut draft: Draft, points: &[&Point]) -> std::io::Result<()> {
    writeln!(draft, "I,rate,rate_up,rate_down,cycle_frequency")?;
    for p in points {
        write!(draft, "{}", p.current)?;
        for value in readings(p) {
            match value {
                Some(value) => write!(draft, ",{value}")?,
                None => write!(draft, ",")?,
            }
        }
        writeln!(draft)?;
    }
    draft.finish()
}

fn readings(p: &Point) -> [Option<f64>; 4] {
    [p.rate, p.rate_up, p.rate_down, p.cycle_frequency]
}

fn text(card: &Card, points: &[&Point], found: &Curve) -> String {
    let mut text = format!("{:>14} {:>14} {:>14} {:>14} {:>16}\n", "I", "rate", "rate_up", "rate_down", "cycle_frequency");
    for p in points {
        let _ = write!(text, "{:>14.6}", p.current);
        for (value, width) in readings(p).into_iter().zip([14, 14, 14, 16]) {
            let value = value.map_or("-".to_string(), |x| format!("{x:.6}"));
            let _ = write!(text, " {value:>width$}");
        }
        text.push('\n');
    }
    if let Some(onset) = &found.onset {
        let _ = writeln!(text, "{}", summary(card, onset));
    }
    text
}

fn summary(card: &Card, onset: &Onset) -> String {
    let class = onset.class.map_or(String::new(), |class| format!(", class {}", class.number()));
    match onset.current {
        Some(current) => format!("onset {current} {}{class}", card.current.unit).replace(" ,", ","),
        None => format!("no sustained firing in this range{class}"),
    }
}

#[cfg(test)]
mod tests {
    use super::over;

    #[test]
    fn a_sweep_is_written_as_id_from_to_count() {
        let read = over("I=-1:2.5:7").expect("well formed");
        assert_eq!((read.id.as_str(), read.from, read.to, read.count), ("I", -1.0, 2.5, 7));
        for wrong in ["I", "I=1:2", "I=1:2:3:4", "I=a:2:3", "I=1:2:3.5", "I=1:2:-3", ""] {
            assert!(over(wrong).is_err(), "{wrong}");
        }
    }
}
