//! Undo and redo: the setups and kept orbits that were, with a drag counting as one change.

use super::command::Command;
use crate::preset::Setup;

/// Changes that are remembered.
const DEPTH: usize = 200;

/// What a change can be taken back to.
#[derive(Clone, PartialEq)]
pub struct Moment {
    /// The setup.
    pub setup: Setup,
    /// States through which orbits are kept.
    pub orbits: Vec<Vec<f64>>,
}

/// Past and future moments.
#[derive(Default)]
pub struct History {
    past: Vec<Moment>,
    future: Vec<Moment>,
    /// What the newest change was about; the same topic again belongs to the same change.
    topic: Option<String>,
}

impl History {
    /// What a command is about: changes of one topic in a row are one step for undo. `None` for commands that
    /// are themselves a step each.
    pub fn topic(command: &Command) -> Option<String> {
        match command {
            Command::Param(index, _) => Some(format!("parameter {index}")),
            Command::Current(_) | Command::Nudge(_) => Some("current".into()),
            Command::Initial(index, _) => Some(format!("initial {index}")),
            Command::Stimulus(_) => Some("stimulus".into()),
            Command::Setting(index, _) => Some(format!("setting {index}")),
            Command::Place(index, _) => Some(format!("train {index}")),
            Command::Dt(_) => Some("step".into()),
            Command::Duration(_) => Some("duration".into()),
            Command::Undo | Command::Redo => Some("travel".into()),
            _ => None,
        }
    }

    /// Remembers that a command turned `before` into `after`.
    pub fn note(&mut self, topic: Option<String>, before: &Moment, after: &Moment) {
        if topic.as_deref() == Some("travel") || before == after {
            return;
        }
        self.future.clear();
        if topic.is_some() && topic == self.topic {
            return;
        }
        self.topic = topic;
        self.past.push(before.clone());
        if self.past.len() > DEPTH {
            self.past.remove(0);
        }
    }

    /// The next change is a step of its own.
    pub fn settle(&mut self) {
        self.topic = None;
    }

    /// What was before the last change.
    pub fn undo(&mut self, now: &Moment) -> Option<Moment> {
        let before = self.past.pop()?;
        self.future.push(now.clone());
        self.topic = None;
        Some(before)
    }

    /// What was after the change that was taken back last.
    pub fn redo(&mut self, now: &Moment) -> Option<Moment> {
        let after = self.future.pop()?;
        self.past.push(now.clone());
        self.topic = None;
        Some(after)
    }

    /// True if a change can be taken back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// True if a change can be made again.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }
}
