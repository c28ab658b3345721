//! What the window remembers from one start to the next, in the platform's folder for settings.

use std::collections::BTreeSet;
use std::path::PathBuf;

use eframe::egui::{Context, ThemePreference};
use serde::{Deserialize, Serialize};

use super::dock::Layout;
use super::stage::Layer;
use crate::app::{Workbench, files};
use crate::preset::{self, Setup};

/// Recent files that are remembered.
const RECENT: usize = 8;

/// The remembered settings.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The layout of the views.
    pub layout: Option<serde_json::Value>,
    /// Layers switched off.
    pub layers_off: BTreeSet<Layer>,
    /// `light` or `dark`.
    theme: Option<String>,
    /// Scale of everything.
    scale: Option<f32>,
    /// The setup at the end, so that unsaved changes are not lost.
    last: Option<serde_json::Value>,
    /// Id in the library it came from.
    last_id: Option<String>,
    /// Files opened or saved, newest first.
    pub recent: Vec<PathBuf>,
}

impl Settings {
    fn path() -> Option<PathBuf> {
        directories::ProjectDirs::from("", "", "neuron-playground").map(|dirs| dirs.config_dir().join("settings.json"))
    }

    /// Reads the settings; whatever cannot be read is as on a first start.
    #[must_use]
    pub fn load() -> Self {
        let text = Self::path().and_then(|path| std::fs::read_to_string(path).ok());
        text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }

    /// The setup that was open at the end.
    #[must_use]
    pub fn setup(&self) -> Option<(Setup, Option<String>)> {
        let setup = preset::parse(&self.last.as_ref()?.to_string()).ok()?;
        Some((setup, self.last_id.clone()))
    }

    /// The remembered theme.
    #[must_use]
    pub fn theme(&self) -> ThemePreference {
        match self.theme.as_deref() {
            Some("light") => ThemePreference::Light,
            _ => ThemePreference::Dark,
        }
    }

    /// The remembered scale.
    #[must_use]
    pub fn scale(&self) -> f32 {
        self.scale.filter(|s| (0.5..=3.0).contains(s)).unwrap_or(1.0)
    }

    /// Remembers a file as the most recent one.
    pub fn add_recent(&mut self, path: PathBuf) {
        self.recent.retain(|known| *known != path);
        self.recent.insert(0, path);
        self.recent.truncate(RECENT);
    }

    /// Notes theme and scale, which live in the context.
    pub fn note(&mut self, ctx: &Context) {
        self.theme = Some(if ctx.theme() == eframe::egui::Theme::Light { "light" } else { "dark" }.into());
        self.scale = Some(ctx.zoom_factor());
    }

    /// Writes everything down. A failure is nobody's fault at the very end and loses only comfort.
    pub fn remember(&mut self, bench: &Workbench, layout: &Layout) {
        self.layout = serde_json::to_value(layout).ok();
        self.last = serde_json::to_value(bench.setup().to_file()).ok();
        self.last_id = bench.preset_id().map(str::to_string);
        let Some(path) = Self::path() else { return };
        if let (Some(folder), Ok(text)) = (path.parent(), serde_json::to_string_pretty(self)) {
            let _ = std::fs::create_dir_all(folder);
            let _ = files::write_whole(&path, text.as_bytes());
        }
    }
}
