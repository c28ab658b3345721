//! The current that is planned: what the stimulus will add up to, as far as no chance is in it.

use crate::app::workbench::Workbench;
use crate::stimulus::{Input, Item};

/// Points of the line at most: a train of more pulses than pixels is drawn as far as that goes.
const MOST: usize = 20_000;

/// What a strip of time asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// First and last time.
    pub time: (f64, f64),
    /// Intervals into which the time is divided.
    pub columns: u32,
}

/// The planned current with what it belongs to.
#[derive(Default)]
pub(super) struct Plan {
    key: Option<(Vec<Item>, u64, u64, Span)>,
    line: Vec<[f64; 2]>,
}

impl Plan {
    /// Brings the line up to date.
    pub(super) fn refresh(&mut self, bench: &Workbench, span: Span) {
        let setup = bench.setup();
        let items: Vec<Item> = setup.stimulus.iter().chain(bench.pulses()).filter(|item| item.is_drawn()).cloned().collect();
        let key = (items, setup.current.to_bits(), setup.dt.to_bits(), span);
        if self.key.as_ref() == Some(&key) {
            return;
        }
        let input = Input::new(&key.0, setup.seed, setup.dt, setup.neuron.card().per_second());
        self.line = line(input, setup.current, span);
        self.key = Some(key);
    }

    pub(super) fn line(&self) -> &[[f64; 2]] {
        &self.line
    }
}

/// Both sides of every jump, and the columns between.
fn line(mut input: Input, current: f64, span: Span) -> Vec<[f64; 2]> {
    let (from, to) = span.time;
    let each = (to - from) / f64::from(span.columns.max(1));
    let mut line = Vec::new();
    let mut t = from;
    while t < to && each > 0.0 && line.len() < MOST {
        let end = input.next_break(t).min(to);
        // A stretch shorter than rounding can tell would not move on.
        let inside = 0.5 * (t + end);
        if !(end > t && inside > t && inside < end) {
            break;
        }
        let parts = ((end - t) / each).ceil().clamp(1.0, f64::from(span.columns.max(1)));
        let mut k = 0.0;
        while k <= parts {
            let at = t + (end - t) * k / parts;
            let inside = at.clamp(t + 1e-6 * (end - t), end - 1e-6 * (end - t));
            line.push([at, current + input.drive(inside, at).at(0.0)]);
            k += 1.0;
        }
        t = end;
    }
    line
}
