//! Weights as a grid: settings named `w_ij` stand in row i and column j, biases `b_i` in a last column for the unit that is always on.

use eframe::egui::{DragValue, Pos2, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::app::Command;
use crate::experiment::Chosen;
use crate::ui::math::Formula;
use crate::ui::plot::plain;
use crate::ui::stage::Stage;

/// Height of a cell and of the row of names above, and width of the names at the left.
const CELL: f32 = 24.0;
const NAMES: f32 = 22.0;

/// Row and column of a setting in the grid; `None` for settings that are no weights.
#[must_use]
pub fn place(id: &str) -> Option<(usize, usize)> {
    let digit = |c: u8| c.is_ascii_digit().then(|| usize::from(c - b'0')).filter(|d| *d > 0);
    match id.as_bytes() {
        [b'w', b'_', row, column] => Some((digit(*row)? - 1, digit(*column)? - 1)),
        [b'b', b'_', row] => Some((digit(*row)? - 1, usize::MAX)),
        _ => None,
    }
}

/// Draws the grid, if the experiment has one: drag a cell sideways, or type into it.
pub fn show(ui: &mut Ui, stage: &mut Stage, chosen: &Chosen) {
    let cells: Vec<(usize, usize, usize)> =
        chosen.table.iter().enumerate().filter_map(|(index, f)| place(f.id).map(|(row, column)| (index, row, column))).collect();
    let inputs = cells.iter().filter(|c| c.2 != usize::MAX).map(|c| c.2 + 1).max().unwrap_or(0);
    let outputs = cells.iter().map(|c| c.1 + 1).max().unwrap_or(0);
    if inputs < 2 || outputs == 0 {
        return;
    }
    #[expect(clippy::cast_precision_loss, reason = "a few units")]
    let height = (outputs as f32 + 1.0) * CELL;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    #[expect(clippy::cast_precision_loss, reason = "a few units")]
    let width = (rect.width() - NAMES) / (inputs as f32 + 1.0);
    #[expect(clippy::cast_precision_loss, reason = "a few units")]
    let corner = |row: usize, column: usize| pos2(rect.left() + NAMES + column as f32 * width, rect.top() + (row as f32 + 1.0) * CELL);
    let name = |at: Pos2, text: String| {
        let formula = Formula::layout(ui.ctx(), &text, stage.sizes.math_plot, stage.palette.muted, &|_| None);
        formula.paint(ui.painter(), at - 0.5 * formula.size());
    };
    for column in 0..=inputs {
        let text = if column == inputs { "1".to_string() } else { format!("x_{}", column + 1) };
        name(corner(0, column) + vec2(0.5 * width, -0.5 * CELL), text);
    }
    for row in 0..outputs {
        name(pos2(rect.left() + 0.5 * NAMES, corner(row, 0).y + 0.5 * CELL), format!("y_{}", row + 1));
    }
    let largest = cells.iter().filter_map(|c| chosen.values.get(c.0)).fold(1e-9, |a: f64, w| a.max(w.abs()));
    for (index, row, column) in cells {
        let at = Rect::from_min_size(corner(row, column.min(inputs)), vec2(width, CELL)).shrink(1.0);
        cell(ui, stage, chosen, index, at, largest);
    }
}

/// One weight: its sign is its colour, its size the strength of that.
fn cell(ui: &mut Ui, stage: &mut Stage, chosen: &Chosen, index: usize, at: Rect, largest: f64) {
    let (Some(field), Some(value)) = (chosen.table.get(index), chosen.values.get(index)) else { return };
    let mut value = *value;
    let ink = if value < 0.0 { stage.palette.spike } else { stage.palette.input };
    #[expect(clippy::cast_possible_truncation, reason = "a fraction")]
    let strength = (value.abs() / largest) as f32;
    ui.painter().rect_filled(at, 2.0, ink.gamma_multiply(0.1 + 0.4 * strength));
    let mut child = ui.new_child(UiBuilder::new().max_rect(at));
    child.visuals_mut().widgets.inactive.weak_bg_fill = eframe::egui::Color32::TRANSPARENT;
    let drag = DragValue::new(&mut value).speed(0.02).range(field.min..=field.max).max_decimals(3).custom_formatter(|x, _| plain(x));
    let response = child.add_sized(at.size(), drag);
    response.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, field.id));
    if response.changed() {
        stage.send(Command::Setting(index, value.clamp(field.min, field.max)));
    }
    if response.drag_stopped() || response.lost_focus() {
        stage.send(Command::Settle);
    }
    response.on_hover_text(field.meaning);
}
