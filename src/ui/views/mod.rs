//! The views of the dock. Adding one is one file and one line of [`VIEWS`].

mod anatomy;
mod balance;
mod bifurcation;
mod compare;
mod experiment;
mod fi;
mod gallery;
mod help;
mod i_line;
mod intervals;
mod iv;
mod labels;
mod parameter_map;
pub mod pin;
mod plane;
mod reduce;
mod scene;
mod spike_map;
mod trace_determinant;
mod traces;

pub use experiment::menu as experiments;
pub use plane::drop_here as keep_orbit_here;
pub use plane::turns::Turns;

use eframe::egui::text::LayoutJob;
use eframe::egui::{Align, Rect, Ui, vec2};

use super::stage::Stage;
use super::theme::sans;

/// A view: what it is called and how it is drawn.
pub struct View {
    /// Stable id, kept in the remembered layout.
    pub id: &'static str,
    /// Title on its tab.
    pub title: fn(&Stage) -> &'static str,
    /// Switches at the right of the tab bar, if it has any.
    pub switches: Option<fn(&mut Ui, &mut Stage)>,
    /// Draws it.
    pub show: fn(&mut Ui, &mut Stage),
}

/// Every view, in the order of the number keys.
pub static VIEWS: [View; 15] = [
    traces::VIEW,
    plane::VIEW,
    bifurcation::VIEW,
    fi::VIEW,
    trace_determinant::VIEW,
    parameter_map::VIEW,
    spike_map::VIEW,
    balance::VIEW,
    intervals::VIEW,
    experiment::VIEW,
    anatomy::VIEW,
    iv::VIEW,
    compare::VIEW,
    gallery::VIEW,
    help::VIEW,
];

/// The view with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static View> {
    VIEWS.iter().find(|v| v.id == id)
}

/// Says that a view has too little room for its picture.
fn too_small(ui: &Ui, stage: &Stage, room: Rect) {
    let words = "Too little room here: make it larger".to_string();
    let mut job = LayoutJob::simple(words, sans(stage.sizes.section), stage.palette.muted, (room.width() - 16.0).max(0.0));
    job.halign = Align::Center;
    let galley = ui.painter().layout_job(job);
    let at = room.center() - vec2(0.0, 0.5 * galley.size().y);
    ui.painter().with_clip_rect(room.intersect(ui.clip_rect())).galley(at, galley, stage.palette.muted);
}
