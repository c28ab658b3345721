//! What a chart says at the pointer: the values of a point close by, or of every curve above and below it.

use eframe::egui::Pos2;

use crate::experiment::report::{Axis, Chart, Mark, Series};
use crate::ui::plot::{Axes, short};

/// How near in points the pointer must be for a point's values to be shown.
const NEAR: f32 = 14.0;
/// More curves than this are not listed.
const MANY: usize = 8;

/// The lines of the readout; none where nothing is to be read.
#[must_use]
pub fn words(chart: &Chart, axes: &Axes, at: Pos2) -> Option<Vec<String>> {
    near(chart, axes, at).or_else(|| across(chart, axes.model(at)[0]))
}

fn value(axis: &Axis, label: &str, x: f64) -> String {
    format!("{label} {} {}", short(x, 4), axis.unit).trim().to_string()
}

/// The values of the point nearest to the pointer.
fn near(chart: &Chart, axes: &Axes, at: Pos2) -> Option<Vec<String>> {
    let apart = |s: &&Series| matches!(s.mark, Mark::Dots | Mark::Rings | Mark::Bars | Mark::Raster);
    let points = chart.series.iter().filter(apart).flat_map(|s| s.points.iter().map(move |p| (s, p)));
    let distance = |p: &[f64; 2]| axes.screen(*p).distance(at);
    let (series, point) = points.filter(|(_, p)| p[1].is_finite()).min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)))?;
    if distance(point) > NEAR {
        return None;
    }
    let own = (!series.label.is_empty()).then(|| series.label.clone());
    let both = [value(&chart.x, &chart.x.label, point[0]), value(&chart.y, &chart.y.label, point[1])];
    Some(own.into_iter().chain(both).collect())
}

/// The values of all curves near `x`, where the first of them was computed; none where no curve is a function of it.
fn across(chart: &Chart, x: f64) -> Option<Vec<String>> {
    let curves = || chart.series.iter().filter(|s| matches!(s.mark, Mark::Line | Mark::Dashed));
    let known = curves().find(|s| at(&s.points, x).is_some())?.points.iter().map(|p| p[0]);
    let x = known.min_by(|a, b| (a - x).abs().total_cmp(&(b - x).abs()))?;
    let values: Vec<String> = curves()
        .filter_map(|s| {
            let label = if s.label.is_empty() { chart.y.label.clone() } else { format!("{}:", s.label) };
            Some(value(&chart.y, &label, at(&s.points, x)?))
        })
        .collect();
    let first = value(&chart.x, &chart.x.label, x);
    (1..=MANY).contains(&values.len()).then(|| std::iter::once(first).chain(values).collect())
}

/// The value of a curve at `x`, straight between its points; none beyond its ends, in its gaps, and where x runs back.
fn at(points: &[[f64; 2]], x: f64) -> Option<f64> {
    if !points.is_sorted_by(|a, b| a[0] <= b[0]) {
        return None;
    }
    let next = points.partition_point(|p| p[0] <= x);
    let (a, b) = (points.get(next.checked_sub(1)?)?, points.get(next));
    let Some(b) = b else { return (a[0] >= x).then_some(a[1]) };
    let y = a[1] + (x - a[0]) / (b[0] - a[0]) * (b[1] - a[1]);
    y.is_finite().then_some(y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_read_between_its_points_and_nowhere_else() {
        let line = [[0.0, 1.0], [2.0, 3.0], [2.0, 7.0], [4.0, 9.0], [5.0, f64::NAN]];
        assert_eq!(at(&line, 0.5), Some(1.5));
        assert_eq!(at(&line, 2.0), Some(7.0), "after the jump");
        assert_eq!((at(&line, -0.1), at(&line, 4.5), at(&line[..4], 4.1)), (None, None, None));
        assert_eq!(at(&line[..4], 4.0), Some(9.0));
        assert_eq!(at(&[[0.0, 0.0], [1.0, 1.0], [0.5, 2.0]], 0.2), None, "an orbit is no curve over x");
    }
}
