//! Labels of points: beside their point where there is room, further away on a leader where points lie close. Labels of curves at the
//! edge of a plot, in rows.

use eframe::egui::{Painter, Pos2, Rect, Stroke, Vec2, vec2};

use crate::ui::stage::Stage;

/// Half the extent of a sign, which labels of other points keep clear of.
const SIGN: f32 = 8.5;
/// How far from its point a label may stand, in points.
const REACHES: [f32; 4] = [9.0, 14.0, 24.0, 38.0];
/// Labels that stand side by side are this far apart at least, so that they read as two.
const WORD: f32 = 5.0;
/// A label further from its point than this gets a leader.
const APART: f32 = 18.0;

/// A place for the label of every point, in order: the first that covers no other sign, no other label and nothing in `words`, and whose
/// leader crosses neither another nor words.
#[must_use]
pub fn place(points: &[Pos2], sizes: &[Vec2], inside: Rect, words: &[Rect]) -> Vec<Rect> {
    place_clear(points, sizes, inside, words, &[])
}

/// As [`place`], and of those places the first that the fewest `curves` strike through.
#[must_use]
pub fn place_clear(points: &[Pos2], sizes: &[Vec2], inside: Rect, words: &[Rect], curves: &[Vec<Pos2>]) -> Vec<Rect> {
    let mut placed: Vec<Rect> = Vec::new();
    for (index, (at, size)) in points.iter().zip(sizes).enumerate() {
        let signs = points.iter().enumerate().filter(|(k, _)| *k != index).map(|(_, p)| Rect::from_center_size(*p, Vec2::splat(2.0 * SIGN)));
        let taken: Vec<Rect> = signs.chain(placed.iter().chain(words).copied()).collect();
        let candidates = candidates(*at, *size, index % 2 == 0);
        let free = |rect: &&Rect| inside.expand(6.0).contains_rect(**rect) && !taken.iter().any(|t| t.intersects(rect.expand2(vec2(WORD, 1.0))));
        let straight = |rect: &&Rect| {
            let leader = [*at, rect.clamp(*at)];
            let crosses_others = points.iter().zip(&placed).any(|(p, label)| cross(leader, [*p, label.clamp(*p)]));
            !crosses_others && !words.iter().any(|word| strikes(&leader, *word))
        };
        let struck = |rect: &&Rect| curves.iter().filter(|curve| strikes(curve, **rect)).count();
        let found = candidates.iter().filter(|r| free(r) && straight(r)).min_by_key(struck).or_else(|| candidates.iter().find(free));
        placed.extend(found.or(candidates.first()).copied());
    }
    placed
}

/// Places round a point, the best first: two corners, straight above and below, the other corners, ever further away.
fn candidates(at: Pos2, size: Vec2, below: bool) -> Vec<Rect> {
    let order = if below { [(1.0, 1.0), (-1.0, -1.0)] } else { [(-1.0, -1.0), (1.0, 1.0)] };
    let ways = [order[0], order[1], (0.0, -1.0), (0.0, 1.0), (1.0, -1.0), (-1.0, 1.0)];
    let along = |way: f32, reach: f32, length: f32| 0.5 * (way * (2.0 * reach + length) - length);
    let places = REACHES.into_iter().flat_map(|reach| ways.map(|way| (reach, way)));
    // What is wide may have to stand a little aside.
    let aside = [(0.5, -1.0), (0.5, 1.0), (-0.5, -1.0), (-0.5, 1.0), (1.0, 0.0), (-1.0, 0.0)];
    let aside = REACHES.into_iter().flat_map(|reach| aside.map(|way| (reach, way)));
    let place = |(reach, (x, y))| Rect::from_min_size(at + vec2(along(x, reach, size.x), along(y, reach, size.y)), size);
    places.chain(aside).map(place).collect()
}

/// True if a curve runs through a label.
#[must_use]
pub fn strikes(curve: &[Pos2], label: Rect) -> bool {
    let diagonals = [[label.left_top(), label.right_bottom()], [label.left_bottom(), label.right_top()]];
    curve.windows(2).any(|w| label.contains(w[0]) || label.contains(w[1]) || diagonals.iter().any(|d| cross([w[0], w[1]], *d)))
}

/// True if two segments cross.
fn cross([a, b]: [Pos2; 2], [c, d]: [Pos2; 2]) -> bool {
    let side = |p: Pos2, q: Pos2, r: Pos2| (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x) > 0.0;
    a.distance_sq(b) > 1.0 && c.distance_sq(d) > 1.0 && side(a, b, c) != side(a, b, d) && side(c, d, a) != side(c, d, b)
}

/// Least and usual distance of rows at the edge of a plot.
pub const ROWS: (f32, f32) = (14.0, 17.0);

/// The distance of `count` rows that have this height between the first and the last.
#[must_use]
pub fn row_gap(height: f32, count: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "a few rows")]
    let gaps = count.saturating_sub(1).max(1) as f32;
    if count < 2 { ROWS.1 } else { (height / gaps).clamp(ROWS.0, ROWS.1) }
}

/// How far a row stays from what is taken.
const TAKEN: f32 = 14.5;

/// Places of rows at the edge of a plot for labels that want to stand at these heights, sorted downward: `gap` apart, clear of what is
/// `taken`, and, where there is room, none below `bottom`.
#[must_use]
pub fn rows(wanted: &[f32], taken: &[f32], gap: f32, bottom: f32) -> Vec<f32> {
    let mut places: Vec<f32> = Vec::with_capacity(wanted.len());
    for y in wanted {
        let lowest = places.last().map_or(f32::NEG_INFINITY, |last| last + gap);
        let from = y.max(lowest);
        let is_free = |at: &f32| *at >= lowest && taken.iter().all(|t| (t - at).abs() >= TAKEN);
        // What is above a line stays above its label where the two sides are as far.
        let beside = taken.iter().flat_map(|t| [t - TAKEN - 0.5, t + TAKEN + 0.5]);
        let cost = |at: f32| (at - from).abs() + if at > bottom { 1e3 } else { 0.0 };
        let free = std::iter::once(from).chain(beside).filter(is_free);
        places.push(free.min_by(|a, b| cost(*a).total_cmp(&cost(*b))).unwrap_or(from));
    }
    if taken.is_empty() && places.len() > 1 {
        let mut most = bottom;
        for at in places.iter_mut().rev() {
            *at = at.min(most);
            most = *at - gap;
        }
    }
    places
}

/// The line from a point to a label that stands apart from it.
pub fn leader(painter: &Painter, stage: &Stage, at: Pos2, label: Rect) {
    let end = label.clamp(at);
    if end.distance(at) > APART {
        painter.line_segment([at, end], Stroke::new(1.0, stage.palette.axis));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::pos2;

    #[test]
    fn labels_of_points_that_lie_close_do_not_touch() {
        let inside = Rect::from_min_max(pos2(0.0, 0.0), pos2(400.0, 300.0));
        for gap in [0.0, 3.0, 8.0, 15.0, 30.0] {
            for y in [150.0, 290.0] {
                let points: Vec<Pos2> = (0..3_u8).map(|k| pos2(200.0 + gap * f32::from(k), y)).collect();
                let labels = place(&points, &[vec2(70.0, 15.0); 3], inside, &[]);
                for (a, b) in [(0, 1), (0, 2), (1, 2)] {
                    assert!(!labels[a].intersects(labels[b]), "{gap}: {labels:?}");
                }
            }
        }
    }

    #[test]
    fn a_label_stands_where_no_curve_strikes_it_through_if_there_is_such_a_place() {
        let inside = Rect::from_min_max(pos2(0.0, 0.0), pos2(400.0, 300.0));
        let (at, size) = (pos2(200.0, 150.0), vec2(70.0, 15.0));
        let plain = place(&[at], &[size], inside, &[])[0];
        let through = vec![pos2(plain.left() - 50.0, plain.center().y - 3.0), pos2(plain.right() + 50.0, plain.center().y + 3.0)];
        let within = vec![plain.center(), plain.center() + vec2(0.5, 0.0)];
        for curve in [through, within] {
            assert!(strikes(&curve, plain));
            let clear = place_clear(&[at], &[size], inside, &[], std::slice::from_ref(&curve))[0];
            assert!(!strikes(&curve, clear) && clear.center().distance(at) < 80.0, "{clear:?}");
        }
    }

    #[test]
    fn values_at_the_edge_keep_their_distance_and_stay_in_their_strip() {
        let places = rows(&[100.0, 128.0, 129.0], &[], 14.0, 130.0);
        assert_eq!(places, [100.0, 116.0, 130.0]);
        assert!(rows(&[99.0], &[100.0], 17.0, 200.0)[0] <= 85.0, "above the line it is above");
        assert_eq!(rows(&[115.0], &[112.0, 128.0], 17.0, 133.0), [97.0], "nothing leaves the strip while there is room in it");
        assert_eq!((row_gap(26.0, 3), row_gap(90.0, 3), row_gap(10.0, 1)), (14.0, 17.0, 17.0));
    }

    #[test]
    fn a_label_stays_inside_the_view() {
        let inside = Rect::from_min_max(pos2(0.0, 0.0), pos2(400.0, 300.0));
        let labels = place(&[pos2(395.0, 295.0)], &[vec2(70.0, 15.0)], inside, &[]);
        assert!(inside.contains_rect(labels[0]), "{labels:?}");
    }
}
