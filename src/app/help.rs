//! The help inside: one page per model and per idea, each with three steps to try.
//!
//! A page is `assets/help/<id>.md`: a title, text, and under `## Try` a list of links whose targets are actions joined by `&`:
//! `preset=ID` or `model=ID`, then `set.ID=VALUE`, `experiment=ID`, `with.SETTING=VALUE`, `compare=ID`, `view=ID`.

use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use serde_json::Value;

use crate::app::Command;
use crate::experiment::{Chosen, protocols};
use crate::model::{self, Field};
use crate::preset::{self, Setup};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/help");

/// A page.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Its id: that of a model, or of an idea.
    pub id: String,
    /// Title in sentence case.
    pub title: String,
    /// What it says, in Markdown.
    pub text: String,
    /// What to try.
    pub steps: Vec<Step>,
}

/// Something to try.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What to do and what to look for.
    pub words: String,
    /// What a press of the button does.
    pub actions: String,
}

/// Every page: models in the order of their menu, then ideas by title.
static PAGES: LazyLock<Vec<Page>> = LazyLock::new(|| {
    let mut pages: Vec<Page> = FILES.files().filter_map(page).collect();
    let rank = |page: &Page| model::all().iter().position(|m| m.card().id == page.id).unwrap_or(usize::MAX);
    pages.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.title.cmp(&b.title)));
    pages
});

/// Every page: models first, then ideas.
#[must_use]
pub fn pages() -> &'static [Page] {
    &PAGES
}

/// The page with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Page> {
    pages().iter().find(|page| page.id == id)
}

fn page(file: &'static include_dir::File<'static>) -> Option<Page> {
    let id = file.path().file_stem()?.to_str()?.to_string();
    let (title, rest) = file.contents_utf8()?.strip_prefix("# ")?.split_once('\n')?;
    let (text, list) = rest.split_once("## Try").unwrap_or((rest, ""));
    let steps = list.lines().filter_map(step).collect();
    Some(Page { id, title: title.trim().into(), text: text.trim().into(), steps })
}

/// `1. [words](actions)`.
fn step(line: &str) -> Option<Step> {
    let (_, link) = line.split_once(". [")?;
    let (words, actions) = link.rsplit_once("](")?;
    Some(Step { words: words.into(), actions: actions.trim_end().strip_suffix(')')?.into() })
}

impl Step {
    /// The model it leaves one on.
    #[must_use]
    pub fn model(&self) -> Option<&'static str> {
        let (verb, object) = self.actions.split('&').next()?.split_once('=')?;
        match verb {
            "preset" => preset::embedded(object).map(|setup| setup.neuron.card().id),
            "model" => model::find(object).map(|neuron| neuron.card().id),
            _ => None,
        }
    }

    /// The commands of the step, and the view it brings to the front.
    ///
    /// # Errors
    /// A sentence on the action that cannot be done.
    pub fn plan(&self) -> Result<(Vec<Command>, Option<String>), String> {
        let mut plan = Plan::default();
        for action in self.actions.split('&') {
            let (verb, object) = action.split_once('=').ok_or_else(|| format!("{action:?} is no action"))?;
            plan.add(verb, object)?;
        }
        Ok((plan.commands, plan.view))
    }
}

/// The commands so far, and what the setup will be after them.
#[derive(Default)]
struct Plan {
    commands: Vec<Command>,
    view: Option<String>,
    setup: Option<Setup>,
    chosen: Option<Chosen>,
}

impl Plan {
    fn add(&mut self, verb: &str, object: &str) -> Result<(), String> {
        match verb.split_once('.') {
            None if verb == "preset" => {
                self.setup = Some(preset::embedded(object).ok_or_else(|| format!("there is no preset {object:?}"))?);
                self.commands.push(Command::Preset(object.into()));
            }
            None if verb == "model" => {
                let neuron = model::find(object).ok_or_else(|| format!("there is no model {object:?}"))?;
                self.setup = Some(Setup::of_model(neuron));
                self.commands.push(Command::Model(neuron.card().id));
            }
            None if verb == "view" => self.view = Some(object.into()),
            None if verb == "compare" => {
                super::compare::resolve(&Value::from(object))?;
                self.commands.push(Command::Compare(vec![object.into()]));
                self.view.get_or_insert_with(|| "compare".into());
            }
            None if verb == "experiment" => {
                let experiment = protocols::find(object).ok_or_else(|| format!("there is no experiment {object:?}"))?;
                self.chosen = Some(Chosen::new(experiment, self.setup()?.neuron)?);
                self.commands.push(Command::Experiment(Some(experiment.id)));
                self.view = Some("experiment".into());
            }
            Some(("set", id)) => self.set(id, object)?,
            Some(("with", id)) => {
                let chosen = self.chosen.as_mut().ok_or("a setting needs an experiment before it")?;
                chosen.set_text(id, object)?;
                let place = Field::position(&chosen.table, id).unwrap_or(0);
                self.commands.push(Command::Setting(place, chosen.values[place]));
            }
            _ => return Err(format!("{verb:?} is no action")),
        }
        Ok(())
    }

    fn setup(&mut self) -> Result<&mut Setup, String> {
        self.setup.as_mut().ok_or_else(|| "a step begins with a preset or a model".into())
    }

    fn set(&mut self, id: &str, text: &str) -> Result<(), String> {
        let setup = self.setup()?;
        setup.set_text(id, text).map_err(|e| e.to_string())?;
        let command = match Field::position(setup.neuron.params(), id) {
            Some(index) => Command::Param(index, setup.params[index]),
            None => Command::Current(setup.current),
        };
        self.commands.push(command);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_has_a_page_and_every_page_three_steps_that_can_be_done() {
        for neuron in model::all() {
            assert!(find(neuron.card().id).is_some(), "no page on {}", neuron.card().id);
        }
        for page in pages() {
            assert_eq!(page.steps.len(), 3, "{}", page.id);
            assert!(page.text.len() > 200 && !page.title.ends_with('.'), "{}", page.id);
            for step in &page.steps {
                assert!(step.words.len() > 20 && !step.words.ends_with('.'), "{}: {}", page.id, step.words);
                if let Err(why) = step.plan() {
                    panic!("{}: {}: {why}", page.id, step.actions);
                }
            }
        }
    }

    #[test]
    fn a_step_that_cannot_be_done_says_why() {
        let plan = |actions: &str| Step { words: String::new(), actions: actions.into() }.plan();
        assert!(plan("preset=nobody/home").unwrap_err().contains("no preset"));
        assert!(plan("set.I=3").unwrap_err().contains("begins with"));
        assert!(plan("model=lif&set.nothing=3").unwrap_err().contains("no parameter"));
        assert!(plan("model=lif&dance=3").unwrap_err().contains("no action"));
        let (commands, view) = plan("model=lif&set.I=2.5&view=fi").expect("a plan");
        assert_eq!((commands.len(), view.as_deref()), (2, Some("fi")));
    }
}
