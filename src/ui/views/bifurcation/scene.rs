//! What the diagram shows, in model units.

use eframe::egui::{Align2, Pos2, Rect, Ui, pos2};

use super::branches;
use crate::analysis::Over;
use crate::analysis::branches::Rest;
use crate::analysis::diagram::{Diagram, Ending, FiringBranch, FiringPoint, Kind, Special};
use crate::ui::glyphs::halo_text;
use crate::ui::plot::Axes;
use crate::ui::stage::Stage;
use crate::ui::theme::sans;
use crate::ui::views::{i_line, labels};

/// What a tint says.
const BOTH: &str = "both stable";

/// A stretch of a branch of equilibria with one stability.
pub struct RestLine<'a> {
    /// Its points.
    pub points: &'a [Rest],
    /// Its stability.
    pub stable: bool,
}

/// A point of a branch of cycles.
#[derive(Clone, Copy)]
pub struct CyclePoint {
    /// The varied quantity.
    pub value: f64,
    /// Lowest and highest potential.
    pub v: (f64, f64),
    /// Cycles per second, or per unit time.
    pub rate: f64,
    /// Place of the orbit in its branch; none at a Hopf point.
    pub orbit: Option<usize>,
}

/// A stretch of a branch of cycles with one stability.
pub struct CycleLine {
    /// Its points.
    pub points: Vec<CyclePoint>,
    /// Its stability.
    pub stable: bool,
    /// Place of the branch in the diagram.
    pub branch: usize,
    /// Spikes of a period, if it is a firing pattern of a reset model; only the lowest potential is drawn.
    pub spikes: Option<usize>,
}

/// Everything that is drawn.
pub struct Scene<'a> {
    /// Equilibria at the present parameters.
    pub rests: Vec<RestLine<'a>>,
    /// Cycles of the newest diagram.
    pub cycles: Vec<CycleLine>,
    /// Special points: those of equilibria are of the present parameters.
    pub special: Vec<Special>,
    /// The newest diagram.
    pub diagram: Option<&'a Diagram>,
    /// Points of the diagram are confirmed on finer meshes.
    pub is_settled: bool,
    /// Firing patterns belong to the diagram's parameters.
    pub has_firing: bool,
}

impl<'a> Scene<'a> {
    /// What there is to draw over a quantity.
    pub fn of(stage: &Stage<'a>, over: Over) -> Self {
        let diagrams = stage.derived.diagrams();
        let shown = diagrams.shown().filter(|s| s.diagram.over == over);
        let diagram = shown.map(|s| &*s.diagram);
        let rests: Vec<RestLine> = diagrams.rests().iter().flat_map(|b| b.points.chunk_by(|x, y| x.stable == y.stable)).filter_map(line).collect();
        let per_second = stage.neuron().card().per_second();
        let mut cycles = diagram.map_or_else(Vec::new, |d| cycle_lines(d, per_second));
        cycles.extend(diagram.iter().flat_map(|d| &d.firing).map(|branch| firing_line(branch, per_second)));
        let mut special: Vec<Special> = diagrams.rests().iter().flat_map(|b| &b.marks).map(Special::from).collect();
        if let Some(diagram) = diagram {
            // The equilibria may be of newer parameters than the diagram.
            for circle in diagram.special.iter().filter(|p| p.kind == Kind::SaddleNodeOnCircle) {
                let off = |p: &Special| (p.value - circle.value).abs();
                let folds = special.iter_mut().filter(|p| p.kind == Kind::SaddleNode && off(p) < 0.02 * diagram.scales.value);
                if let Some(nearest) = folds.min_by(|a, b| off(a).total_cmp(&off(b))) {
                    nearest.kind = Kind::SaddleNodeOnCircle;
                }
            }
            special.extend(diagram.special.iter().filter(|p| {
                matches!(
                    p.kind,
                    Kind::CycleFold { .. } | Kind::PeriodDoubling { .. } | Kind::Homoclinic | Kind::FiringOnset | Kind::SpikeCountBorder { .. }
                )
            }));
        }
        on_firing(&mut special, diagram);
        Self { rests, cycles, special, diagram, is_settled: shown.is_some_and(|s| s.is_settled), has_firing: shown.is_some_and(|s| s.has_firing) }
    }

    /// Stretches of the varied quantity on which a stable rest and a stable cycle coexist.
    pub fn coexistence(&self, (low, high): (f64, f64)) -> Vec<(f64, f64)> {
        let mut borders: Vec<f64> = self.special.iter().map(|p| p.value).filter(|v| *v > low && *v < high).collect();
        borders.extend([low, high]);
        borders.sort_by(f64::total_cmp);
        let crosses = |a: f64, b: f64, at: f64| (a - at) * (b - at) <= 0.0;
        let both = |at: f64| {
            let rest = self.rests.iter().filter(|l| l.stable).any(|l| l.points.windows(2).any(|w| crosses(w[0].value, w[1].value, at)));
            rest && self.cycles.iter().filter(|l| l.stable).any(|l| l.points.windows(2).any(|w| crosses(w[0].value, w[1].value, at)))
        };
        let mut found: Vec<(f64, f64)> = Vec::new();
        for pair in borders.windows(2).filter(|w| w[1] > w[0] && both(0.5 * (w[0] + w[1]))) {
            match found.last_mut() {
                Some(last) if last.1 == pair[0] => last.1 = pair[1],
                _ => found.push((pair[0], pair[1])),
            }
        }
        found
    }

    /// Tints where rest and firing are both stable; returns where the words for it stand.
    pub fn paint_coexistence(&self, ui: &Ui, stage: &Stage, over: Over, axes: &Axes, bottom: f32) -> Vec<Rect> {
        let mut words = Vec::new();
        let line = axes.screen_x(i_line::value_of(stage.bench.setup(), over));
        let bands = self.coexistence(axes.x);
        let curves = if bands.is_empty() { Vec::new() } else { branches::paths(axes, self) };
        let widest = bands.iter().map(|b| b.1 - b.0).fold(0.0, f64::max);
        for (from, to) in bands {
            let (x0, x1) = (axes.screen_x(from), axes.screen_x(to));
            let band = Rect::from_min_max(pos2(x0, axes.rect.top()), pos2(x1.max(x0 + 1.0), bottom));
            ui.painter().rect_filled(band, 0.0, stage.palette.cycle.gamma_multiply(0.1));
            if to - from < widest {
                continue;
            }
            // Beside the tint, at the left where the line of the present would strike it through.
            let is_struck = (x1..x1 + 75.0).contains(&line) && x0 - 75.0 > axes.rect.left();
            let (at, anchor) = if x1 + 70.0 < axes.rect.right() && !is_struck { (x1 + 5.0, Align2::LEFT_TOP) } else { (x0 - 5.0, Align2::RIGHT_TOP) };
            let font = sans(stage.sizes.unit);
            // At the top, or lower where a branch would strike it through there.
            let size = ui.painter().layout_no_wrap(BOTH.into(), font.clone(), stage.palette.cycle).size();
            let rows = (0..6_u8).map(|row| pos2(at, axes.rect.top() + 2.0 + f32::from(row) * size.y));
            let is_clear = |at: &Pos2| !curves.iter().any(|curve| labels::strikes(curve, anchor.anchor_size(*at, size)));
            let at = rows.clone().find(is_clear).or_else(|| rows.clone().next()).unwrap_or_default();
            words.push(halo_text(ui.painter(), at, anchor, BOTH, font, stage.palette.cycle, stage.palette.ground));
        }
        words
    }
}

/// Points of firing patterns stand on the line that is drawn of them: the lowest potential.
fn on_firing(special: &mut [Special], diagram: Option<&Diagram>) {
    let points: Vec<&FiringPoint> = diagram.iter().flat_map(|d| &d.firing).flat_map(|b| &b.points).collect();
    for point in special.iter_mut().filter(|p| p.pattern.is_some() && p.kind != Kind::SaddleNodeOnCircle) {
        let nearest = points.iter().min_by(|a, b| (a.value - point.value).abs().total_cmp(&(b.value - point.value).abs()));
        if let Some(nearest) = nearest {
            point.state[0] = nearest.low[0];
        }
    }
}

fn line(points: &[Rest]) -> Option<RestLine<'_>> {
    Some(RestLine { stable: points.first()?.stable, points })
}

/// Branches of cycles cut where their stability changes, joined to the Hopf points at their ends.
fn cycle_lines(diagram: &Diagram, per_second: f64) -> Vec<CycleLine> {
    let mut lines = Vec::new();
    for (branch, cycles) in diagram.cycles.iter().enumerate() {
        let points: Vec<(CyclePoint, bool)> = cycles
            .orbits
            .iter()
            .zip(&cycles.extents)
            .enumerate()
            .map(|(place, (orbit, (low, high)))| {
                let point = CyclePoint { value: orbit.cycle.value, v: (low[0], high[0]), rate: per_second / orbit.cycle.period, orbit: Some(place) };
                (point, orbit.multipliers.is_stable())
            })
            .collect();
        let mut parts: Vec<CycleLine> = Vec::new();
        for pair in points.windows(2) {
            // A stretch between two orbits is as stable as both; between different ones a special point stands.
            let stable = pair[0].1 && pair[1].1;
            match parts.last_mut() {
                Some(part) if part.stable == stable => part.points.push(pair[1].0),
                _ => parts.push(CycleLine { points: vec![pair[0].0, pair[1].0], stable, branch, spikes: None }),
            }
        }
        for (place, end) in cycles.ends.iter().enumerate() {
            let Ending::Hopf(value) = end else { continue };
            let mark = diagram.special.iter().find(|p| matches!(p.kind, Kind::Hopf { .. }) && (p.value - value).abs() <= 1e-9 * diagram.scales.value);
            let (Some(mark), Some(part)) = (mark, if place == 0 { parts.first_mut() } else { parts.last_mut() }) else { continue };
            let Kind::Hopf { frequency, .. } = mark.kind else { continue };
            let rate = per_second * frequency / std::f64::consts::TAU;
            let at = CyclePoint { value: mark.value, v: (mark.state[0], mark.state[0]), rate, orbit: None };
            if place == 0 {
                part.points.insert(0, at);
            } else {
                part.points.push(at);
            }
        }
        lines.extend(parts);
    }
    lines
}

/// A firing pattern of a reset model. Its highest potential is the peak, whatever it does: the lowest tells.
fn firing_line(branch: &FiringBranch, per_second: f64) -> CycleLine {
    let point = |p: &FiringPoint| {
        #[expect(clippy::cast_precision_loss, reason = "a few spikes")]
        let rate = per_second * p.spikes as f64 / p.period;
        CyclePoint { value: p.value, v: (p.low[0], p.low[0]), rate, orbit: None }
    };
    let spikes = branch.points.first().map(|p| p.spikes);
    CycleLine { points: branch.points.iter().map(point).collect(), stable: true, branch: usize::MAX, spikes }
}

/// Held range of potentials: it grows at once, and shrinks when less than half of it is used.
pub fn potentials(stage: &mut Stage, scene: &Scene) -> (f64, f64) {
    let rests = scene.rests.iter().flat_map(|l| l.points).map(|p| p.state[0]);
    let cycles = scene.cycles.iter().flat_map(|l| &l.points).flat_map(|p| [p.v.0, p.v.1]);
    let shown = stage.neuron().states().first().map_or((0.0, 1.0), |f| f.shown);
    // A branch may go on for ever, as the rests of a perfect integrator do: what is far from anything seen does not count.
    let far = 3.0 * (shown.1 - shown.0);
    let near = |v: &f64| (shown.0 - far..=shown.1 + far).contains(v);
    let (low, high) = rests.chain(cycles).filter(near).fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
    if low > high {
        return shown;
    }
    let margin = (0.08 * (high - low)).max(0.02 * (shown.1 - shown.0));
    let wanted = (low - margin, high + margin);
    let slot = stage.look.ranges.entry("bifurcation".into()).or_insert(wanted);
    let used = (wanted.1 - wanted.0) / (slot.1 - slot.0);
    if low < slot.0 || high > slot.1 || used < 0.5 {
        *slot = wanted;
    }
    *slot
}
