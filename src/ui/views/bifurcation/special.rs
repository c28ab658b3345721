//! Special points and their labels.

use eframe::egui::{Color32, Pos2, Rect, Stroke, Ui, Vec2, pos2, vec2};

use super::branches;
use super::scene::Scene;
use crate::analysis::diagram::{Kind, Special};
use crate::ui::glyphs::halo_text;
use crate::ui::plot::{Axes, short};
use crate::ui::stage::Stage;
use crate::ui::theme::sans;
use crate::ui::views::labels;

/// The place of a special point on screen, if it is in sight.
pub fn place(axes: &Axes, point: &Special) -> Option<Pos2> {
    let at = axes.screen([point.value, point.state[0]]);
    axes.rect.expand(1.0).contains(at).then_some(at)
}

/// A label in a few words: what it is, and where.
fn words(point: &Special) -> String {
    // What cannot be told from zero is said to be zero.
    let value = short(if point.value.abs() <= point.error && point.error.is_finite() { 0.0 } else { point.value }, 5);
    match point.kind {
        Kind::SaddleNode => format!("fold {value}"),
        Kind::SaddleNodeOnCircle => format!("fold on circle {value}"),
        Kind::BranchPoint => format!("branches cross {value}"),
        Kind::Hopf { .. } => format!("Hopf {value}, {}", point.kind.criticality().unwrap_or_default()),
        Kind::CycleFold { canard: true, .. } => format!("canard explosion {value}"),
        Kind::CycleFold { .. } => format!("cycle fold {value}"),
        Kind::PeriodDoubling { .. } => format!("doubling {value}"),
        Kind::Homoclinic => format!("homoclinic {value}"),
        Kind::FiringOnset => format!("onset of firing {value}"),
        Kind::SpikeCountBorder { .. } => match point.pattern.map(|p| p.spikes) {
            Some([Some(a), Some(b)]) => format!("{a} | {b} spikes {value}"),
            _ => format!("spikes change {value}"),
        },
    }
}

/// The words of points that stand at the same place: two of them, and how many more there are.
fn together(group: &[&Special]) -> String {
    let said: Vec<String> = group.iter().take(2).map(|p| words(p)).collect();
    let more = group.len().saturating_sub(said.len());
    if more > 0 { format!("{} and {more} more", said.join(", ")) } else { said.join(", ") }
}

/// More changes of a firing pattern than this in sight, onsets apart, are ticks without words.
const MOST_CHANGES: usize = 3;

/// True for what happens to a firing pattern between its onsets.
fn is_change(point: &Special) -> bool {
    point.pattern.is_some() && !matches!(point.kind, Kind::FiringOnset | Kind::SaddleNodeOnCircle)
}

/// Draws all special points in sight, their labels clear of other `words` and, if that can be, of branches and the line at `present`. Those
/// of cycles fade while they are not confirmed or not of these parameters.
pub fn show(ui: &Ui, stage: &Stage, axes: &Axes, scene: &Scene, present: f64, (strength, words): (f32, &[Rect])) {
    let font = sans(stage.sizes.unit);
    let seen: Vec<(&Special, Pos2)> = scene.special.iter().filter_map(|p| Some((p, place(axes, p)?))).collect();
    let changes = seen.iter().filter(|(p, _)| is_change(p)).count();
    // Where points crowd, one label speaks for them.
    let mut groups: Vec<(Vec<&Special>, Pos2)> = Vec::new();
    for (point, at) in seen {
        if is_change(point) && changes > MOST_CHANGES {
            // A row of them would drown in words: ticks show where they are, and the card of each says more.
            let colour = stage.palette.cycle.gamma_multiply(strength);
            ui.painter().line_segment([at - vec2(0.0, 5.0), at + vec2(0.0, 5.0)], Stroke::new(1.0, colour));
            continue;
        }
        match groups.iter_mut().find(|(_, place)| place.distance(at) < 7.0) {
            Some((group, _)) => group.push(point),
            None => groups.push((vec![point], at)),
        }
    }
    let texts: Vec<String> = groups.iter().map(|(group, _)| together(group)).collect();
    let sizes: Vec<Vec2> = texts.iter().map(|t| ui.painter().layout_no_wrap(t.clone(), font.clone(), Color32::WHITE).size()).collect();
    let places: Vec<Pos2> = groups.iter().map(|g| g.1).collect();
    let line = axes.screen_x(present);
    let mut curves = branches::paths(axes, scene);
    curves.push(vec![pos2(line, axes.rect.top()), pos2(line, axes.rect.bottom())]);
    // Left of the plot are the numbers of its axis.
    let inside = axes.rect.with_min_x(axes.rect.left() + 8.0);
    let labels = labels::place_clear(&places, &sizes, inside, words, &curves);
    let mut taken = words.to_vec();
    for (((group, at), text), label) in groups.iter().zip(texts).zip(labels) {
        let on_rest = group
            .iter()
            .any(|p| p.error.is_finite() && matches!(p.kind, Kind::SaddleNode | Kind::SaddleNodeOnCircle | Kind::BranchPoint | Kind::Hopf { .. }));
        let strength = if on_rest { 1.0 } else { strength * if scene.is_settled { 1.0 } else { 0.75 } };
        let colour = if on_rest { stage.palette.text } else { stage.palette.cycle }.gamma_multiply(strength);
        ui.painter().circle(*at, stage.sizes.special_point, stage.palette.ground, Stroke::new(stage.sizes.special_ring, colour));
        // In a narrow view a label that does not fit, or would touch another, stays away; the card of the point says the same.
        if !axes.rect.expand(8.0).contains_rect(label) || taken.iter().any(|t| t.intersects(label)) {
            continue;
        }
        taken.push(label);
        labels::leader(ui.painter(), stage, *at, label);
        if curves.iter().any(|curve| labels::strikes(curve, label)) {
            ui.painter().rect_filled(label.expand2(vec2(2.0, 0.0)), 3.0, stage.palette.ground.gamma_multiply(0.85));
        }
        halo_text(ui.painter(), label.min, eframe::egui::Align2::LEFT_TOP, text, font.clone(), colour, stage.palette.ground);
    }
}
