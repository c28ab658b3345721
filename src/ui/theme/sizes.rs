//! Lengths, type sizes and line styles.

use eframe::egui::{Color32, Stroke};

/// Strength of what belongs to values that have changed since: shown until it is done anew.
pub const STALE: f32 = 0.45;

/// Width and dash of a drawn line, in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// Stroke width.
    pub width: f32,
    /// Lengths of dash and gap; `None` for a solid line.
    pub dash: Option<(f32, f32)>,
}

impl Line {
    const fn solid(width: f32) -> Self {
        Self { width, dash: None }
    }

    const fn dashed(width: f32, dash: f32, gap: f32) -> Self {
        Self { width, dash: Some((dash, gap)) }
    }

    /// The stroke of this line in a colour.
    #[must_use]
    pub fn stroke(&self, color: Color32) -> Stroke {
        Stroke::new(self.width, color)
    }
}

/// Lengths and type sizes in points at scale 1; Projector enlarges all of them
/// together through egui's zoom factor.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the field names are the table of sizes")]
pub struct Sizes {
    pub top_bar: f32,
    pub status_line: f32,
    pub column: f32,
    pub column_margin: f32,
    pub view_header: f32,
    pub gutter_symbol: f32,
    pub gutter_ticks: f32,
    pub gutter_right: f32,
    pub slider_row: f32,
    pub slider_row_dense: f32,
    pub slider_symbol: f32,
    pub readout_row: f32,
    pub section_above: f32,
    pub section_below: f32,
    pub button_radius: u8,
    pub tag_height: f32,
    pub hairline: f32,
    pub state_radius: f32,
    pub state_ring: f32,
    pub live_dot: f32,
    pub special_point: f32,
    pub special_ring: f32,
    pub broken_axis_strip: f32,
    pub title: f32,
    pub clock: f32,
    pub heading: f32,
    pub body: f32,
    pub row: f32,
    pub section: f32,
    pub unit: f32,
    pub tick: f32,
    pub live: f32,
    pub math_equation: f32,
    pub math_slider: f32,
    pub math_axis: f32,
    pub math_plot: f32,
    pub trace: Line,
    pub nullcline: Line,
    pub branch: Line,
    pub branch_unstable: Line,
    pub cycle_unstable: Line,
    pub separatrix: Line,
    pub reset: Line,
    pub input_line: Line,
}

impl Sizes {
    /// Sizes of a roomy window.
    pub const NORMAL: Self = Self {
        top_bar: 52.0,
        status_line: 34.0,
        column: 304.0,
        column_margin: 20.0,
        view_header: 29.0,
        gutter_symbol: 24.0,
        gutter_ticks: 52.0,
        gutter_right: 100.0,
        slider_row: 30.0,
        slider_row_dense: 28.0,
        slider_symbol: 44.0,
        readout_row: 24.0,
        section_above: 20.0,
        section_below: 24.0,
        button_radius: 5,
        tag_height: 22.0,
        hairline: 1.0,
        state_radius: 6.5,
        state_ring: 1.5,
        live_dot: 4.0,
        special_point: 4.5,
        special_ring: 1.6,
        broken_axis_strip: 64.0,
        title: 16.0,
        clock: 18.0,
        heading: 15.0,
        body: 14.5,
        row: 14.0,
        section: 13.0,
        unit: 12.5,
        tick: 12.0,
        live: 11.5,
        math_equation: 18.5,
        math_slider: 17.5,
        math_axis: 19.0,
        math_plot: 17.0,
        trace: Line::solid(1.5),
        nullcline: Line::solid(2.0),
        branch: Line::solid(2.2),
        branch_unstable: Line::dashed(1.8, 6.0, 4.0),
        cycle_unstable: Line::dashed(1.9, 3.0, 3.0),
        separatrix: Line::dashed(2.4, 8.0, 7.0),
        reset: Line::dashed(1.3, 2.0, 4.0),
        input_line: Line::solid(2.0),
    };

    /// Sizes of a small window, about 1100 points wide.
    pub const SMALL: Self = Self {
        column: 252.0,
        column_margin: 16.0,
        slider_row: 27.0,
        slider_row_dense: 27.0,
        gutter_right: 96.0,
        math_equation: 15.0,
        ..Self::NORMAL
    };

    /// Sizes for a window of this width in points.
    #[must_use]
    pub fn for_width(width: f32) -> &'static Self {
        if width < 1280.0 { &Self::SMALL } else { &Self::NORMAL }
    }

    /// Height of one slider row when a section holds `rows` of them.
    #[must_use]
    pub fn slider_row_of(&self, rows: usize) -> f32 {
        if rows > 5 { self.slider_row_dense } else { self.slider_row }
    }
}
