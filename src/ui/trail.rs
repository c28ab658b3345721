//! Where moving dots came from, and what they crossed on the way: traces and determinants of equilibria while a
//! slider moves.

use std::collections::VecDeque;

/// For how long in seconds a trail and a mark stay.
const STAYS: (f64, f64) = (1.5, 4.0);
/// A move longer than this part of the window is a leap and leaves no trail.
const LEAP: f64 = 0.3;
/// Moves that are remembered at most.
const MOST: usize = 240;

/// What a dot met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Δ = 0: two equilibria meet, or an eigenvalue passes zero.
    SaddleNode,
    /// τ = 0 with Δ > 0: a pair of eigenvalues passes the imaginary axis.
    Hopf,
}

impl Event {
    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SaddleNode => "saddle-node",
            Self::Hopf => "Andronov–Hopf",
        }
    }
}

/// An event, where and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// What it was.
    pub event: Event,
    /// Trace and determinant.
    pub at: [f64; 2],
    /// Seconds of the window's clock.
    pub time: f64,
}

/// The recent past of a set of dots (τ, Δ), matched by their order.
#[derive(Clone, Debug, Default)]
pub struct Trail {
    past: VecDeque<(f64, Vec<[f64; 2]>)>,
    marks: Vec<Mark>,
}

impl Trail {
    /// Takes in where the dots are at time `now`, in seconds; `window` is the extent of both axes. True while something
    /// is still to fade.
    pub fn note(&mut self, now: f64, points: &[[f64; 2]], window: [f64; 2]) -> bool {
        self.marks.retain(|mark| now - mark.time < STAYS.1);
        while self.past.len() > MOST || (self.past.len() > 1 && self.past.front().is_some_and(|(t, _)| now - t > STAYS.0)) {
            self.past.pop_front();
        }
        let is_lone = self.past.len() == 1;
        match self.past.back_mut() {
            Some((time, last)) if last == points => {
                if is_lone {
                    *time = now;
                }
            }
            last => {
                if let Some((_, last)) = last {
                    let events = if last.len() == points.len() { crossings(last, points, window) } else { meetings(last, points, window) };
                    self.marks.extend(events.into_iter().map(|(event, at)| Mark { event, at, time: now }));
                }
                self.past.push_back((now, points.to_vec()));
            }
        }
        self.past.len() > 1 || !self.marks.is_empty()
    }

    /// The way of each dot, oldest place first, as far as it was gone without a leap.
    #[must_use]
    pub fn ways(&self, window: [f64; 2]) -> Vec<Vec<[f64; 2]>> {
        let Some((_, newest)) = self.past.back() else { return Vec::new() };
        let way = |k: usize| {
            let mut way = vec![newest[k]];
            for (_, earlier) in self.past.iter().rev().skip(1) {
                let before = earlier.get(k).filter(|_| earlier.len() == newest.len());
                let Some(before) = before.filter(|p| way.last().is_some_and(|l| !is_leap(l, p, window))) else { break };
                way.push(*before);
            }
            way.reverse();
            way
        };
        (0..newest.len()).map(way).collect()
    }

    /// What was crossed recently, with the strength at which to show it, from 1 to 0.
    pub fn marks(&self, now: f64) -> impl Iterator<Item = (&Mark, f64)> {
        self.marks.iter().map(move |mark| (mark, (2.0 - 2.0 * (now - mark.time) / STAYS.1).clamp(0.0, 1.0)))
    }
}

fn is_leap(a: &[f64; 2], b: &[f64; 2], window: [f64; 2]) -> bool {
    (0..2).any(|k| (a[k] - b[k]).abs() > LEAP * window[k])
}

/// Axes crossed by dots that all stayed.
fn crossings(before: &[[f64; 2]], after: &[[f64; 2]], window: [f64; 2]) -> Vec<(Event, [f64; 2])> {
    let mut found = Vec::new();
    for (a, b) in before.iter().zip(after).filter(|(a, b)| !is_leap(a, b, window)) {
        let at_zero = |k: usize| {
            let part = a[k] / (a[k] - b[k]);
            [a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])]
        };
        if (a[1] > 0.0) != (b[1] > 0.0) {
            found.push((Event::SaddleNode, at_zero(1)));
        }
        if (a[0] > 0.0) != (b[0] > 0.0) && at_zero(0)[1] > 0.0 {
            found.push((Event::Hopf, at_zero(0)));
        }
    }
    found
}

/// Where two dots met and vanished, or appeared: neighbours on either side of Δ = 0, both near it.
fn meetings(before: &[[f64; 2]], after: &[[f64; 2]], window: [f64; 2]) -> Vec<(Event, [f64; 2])> {
    let more = if before.len() > after.len() { before } else { after };
    let gap = |pair: &&[[f64; 2]]| pair[0][1].abs().max(pair[1][1].abs());
    let meeting = more.windows(2).filter(|w| (w[0][1] > 0.0) != (w[1][1] > 0.0)).min_by(|a, b| gap(a).total_cmp(&gap(b)));
    let meeting = meeting.filter(|pair| gap(pair) < LEAP * window[1] && !is_leap(&pair[0], &pair[1], window));
    meeting.map(|pair| (Event::SaddleNode, [0.5 * (pair[0][0] + pair[1][0]), 0.0])).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: [f64; 2] = [2.0, 2.0];

    fn events(trail: &Trail) -> Vec<Event> {
        trail.marks.iter().map(|m| m.event).collect()
    }

    #[test]
    fn a_dot_that_passes_an_axis_leaves_a_mark_and_one_that_leaps_does_not() {
        let mut trail = Trail::default();
        trail.note(0.0, &[[-0.1, 0.5]], WINDOW);
        trail.note(0.1, &[[0.1, 0.5]], WINDOW);
        assert_eq!(events(&trail), [Event::Hopf]);
        assert!(trail.marks[0].at[0].abs() < 1e-12);
        trail.note(0.2, &[[0.1, -0.05]], WINDOW);
        assert_eq!(events(&trail), [Event::Hopf, Event::SaddleNode]);
        trail.note(0.3, &[[-0.1, -0.05]], WINDOW);
        assert_eq!(events(&trail).len(), 2, "a neutral saddle is no bifurcation");
        trail.note(0.4, &[[-0.1, 1.5]], WINDOW);
        assert_eq!(events(&trail).len(), 2, "a leap tells nothing of what lies between");
    }

    #[test]
    fn two_dots_that_meet_leave_a_saddle_node() {
        let mut trail = Trail::default();
        trail.note(0.0, &[[-0.5, 0.1], [-0.4, -0.1], [1.0, 1.0]], WINDOW);
        trail.note(0.1, &[[1.0, 1.0]], WINDOW);
        assert_eq!(trail.marks[0].event, Event::SaddleNode);
        assert!((trail.marks[0].at[0] + 0.45).abs() < 1e-12 && trail.marks[0].at[1] == 0.0);
    }

    #[test]
    fn a_trail_follows_while_the_dot_moves_and_fades_when_it_stops() {
        let mut trail = Trail::default();
        for k in 0..10 {
            trail.note(0.1 * f64::from(k), &[[0.01 * f64::from(k), 0.5]], WINDOW);
        }
        assert_eq!(trail.ways(WINDOW)[0].len(), 10);
        assert!(!trail.note(9.0, &[[0.09, 0.5]], WINDOW));
        assert_eq!(trail.ways(WINDOW), vec![vec![[0.09, 0.5]]]);
    }
}
