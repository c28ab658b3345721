//! Which pixels a triangle covers, one run of columns a row.
//!
//! Corners sit on a grid of 1/256 pixel and every edge is evaluated in exact integers with the
//! top-left rule, so two triangles that share an edge paint each pixel along it once.
//! An edge's crossing moves from row to row by a whole quotient and a remainder:
//! after the set-up there is no division, and nothing drifts.

use std::ops::Range;

/// Grid steps in a pixel.
const SUBPIXELS: i16 = 256;

/// From a pixel's corner to its centre, where coverage is decided.
const HALF: i16 = SUBPIXELS / 2;

/// Farthest corner that is kept as it is (two million pixels away, 2²⁹ steps): the product of two
/// differences then stays below 2⁶¹. Nearer to the edge of `i64` an edge function could overflow.
const FARTHEST: f32 = 536_870_912.0;

/// A corner of a triangle in 1/256 pixel.
#[derive(Clone, Copy)]
pub(super) struct Corner {
    pub x: i32,
    pub y: i32,
}

impl Corner {
    /// Snaps a position in pixels to the grid; `None` if it is not a number.
    pub fn snap(x_px: f32, y_px: f32) -> Option<Self> {
        #[expect(clippy::cast_possible_truncation, reason = "the value is whole and clamped to ±2²⁹")]
        let steps = |px: f32| {
            let exact = (px * f32::from(SUBPIXELS)).clamp(-FARTHEST, FARTHEST);
            // `f32::round` is a library call on plain x86-64; this is not.
            (exact + 0.5_f32.copysign(exact)) as i32
        };
        (!x_px.is_nan() && !y_px.is_nan()).then(|| Self { x: steps(x_px), y: steps(y_px) })
    }
}

/// Rows and columns that may be painted; both ends lie inside the image.
#[derive(Clone, Copy)]
pub(super) struct Clip {
    pub left: i64,
    pub right: i64,
    pub top: i64,
    pub bottom: i64,
}

/// Twice the signed area of a triangle in steps²: positive when the corners run clockwise on screen.
pub(super) fn doubled_area([a, b, c]: &[Corner; 3]) -> i64 {
    let d = |p: i32, q: i32| i64::from(p) - i64::from(q);
    d(b.x, a.x) * d(c.y, a.y) - d(b.y, a.y) * d(c.x, a.x)
}

/// One edge on its way down the rows.
#[derive(Clone, Copy)]
struct Edge {
    /// Whether the edge bounds the covered columns on their left.
    on_left: bool,
    /// ⌊E/|a|⌋ with E the edge function in column 0 and a its change per column.
    quotient: i64,
    remainder: i64,
    divisor: i64,
    quotient_step: i64,
    remainder_step: i64,
}

impl Edge {
    fn new(from: Corner, to: Corner, first_row: i64) -> Self {
        let dx = i64::from(to.x) - i64::from(from.x);
        let dy = i64::from(to.y) - i64::from(from.y);
        let pixel = i64::from(SUBPIXELS);
        if dy == 0 {
            // Horizontal: the range of rows has settled it already, so it bounds no column.
            return Self { on_left: true, quotient: i64::from(i32::MAX), remainder: 0, divisor: 1, quotient_step: 0, remainder_step: 0 };
        }
        let on_left = dy < 0;
        let y = first_row * pixel + i64::from(HALF) - i64::from(from.y);
        let x = i64::from(HALF) - i64::from(from.x);
        // A centre exactly on the edge belongs to the triangle on the edge's right.
        let inside = dx * y - dy * x - i64::from(!on_left);
        let divisor = dy.abs() * pixel;
        Self {
            on_left,
            quotient: inside.div_euclid(divisor),
            remainder: inside.rem_euclid(divisor),
            divisor,
            quotient_step: (dx * pixel).div_euclid(divisor),
            remainder_step: (dx * pixel).rem_euclid(divisor),
        }
    }

    fn next_row(&mut self) {
        self.quotient += self.quotient_step;
        self.remainder += self.remainder_step;
        if self.remainder >= self.divisor {
            self.remainder -= self.divisor;
            self.quotient += 1;
        }
    }
}

/// The covered columns of each row, from top to bottom; rows without any are left out.
pub(super) struct Spans {
    edges: [Edge; 3],
    row: i64,
    end: i64,
    left: i64,
    right: i64,
}

impl Spans {
    /// Spans of a clockwise triangle inside `clip`; `None` if its box holds no pixel centre.
    pub fn new(corners: &[Corner; 3], clip: &Clip) -> Option<Self> {
        let [a, b, c] = *corners;
        let (top, bottom) = first_and_end(a.y, b.y, c.y);
        let (left, right) = first_and_end(a.x, b.x, c.x);
        let row = top.max(clip.top);
        let end = bottom.min(clip.bottom);
        let (left, right) = (left.max(clip.left), right.min(clip.right));
        (row < end && left < right).then(|| Self { edges: [Edge::new(a, b, row), Edge::new(b, c, row), Edge::new(c, a, row)], row, end, left, right })
    }
}

/// The first pixel whose centre is at or after the least of three coordinates, and the first at or
/// after the greatest.
fn first_and_end(a: i32, b: i32, c: i32) -> (i64, i64) {
    let first_at_or_after = |s: i32| {
        // Rounding up is rounding down with all but one step of a pixel added.
        let shifted = i64::from(s) - i64::from(HALF) + i64::from(SUBPIXELS - 1);
        shifted.div_euclid(i64::from(SUBPIXELS))
    };
    (first_at_or_after(a.min(b).min(c)), first_at_or_after(a.max(b).max(c)))
}

impl Iterator for Spans {
    type Item = (usize, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        while self.row < self.end {
            let row = self.row;
            let (mut left, mut right) = (self.left, self.right);
            for edge in &mut self.edges {
                if edge.on_left {
                    left = left.max(-edge.quotient);
                } else {
                    right = right.min(edge.quotient + 1);
                }
                edge.next_row();
            }
            self.row += 1;
            if left < right {
                let row = usize::try_from(row).ok()?;
                let columns = usize::try_from(left).ok()?..usize::try_from(right).ok()?;
                return Some((row, columns));
            }
        }
        None
    }
}
