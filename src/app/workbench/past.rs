//! The parameters that a run has had: the recorded past was made with those, not with the present ones.

use std::collections::VecDeque;

/// Values of the parameters, each with the time in ms from which on they held, oldest first; never empty.
#[derive(Clone, Debug)]
pub struct Past {
    held: VecDeque<(f64, Vec<f64>)>,
}

impl Past {
    /// A run that begins at t = 0 with these parameters.
    #[must_use]
    pub fn new(params: &[f64]) -> Self {
        Self { held: VecDeque::from([(0.0, params.to_vec())]) }
    }

    /// From `t` on these hold. What was to hold later is forgotten, and so is what no longer held at `oldest`.
    pub(super) fn change(&mut self, t: f64, params: &[f64], oldest: f64) {
        while self.held.back().is_some_and(|(from, _)| *from >= t) {
            self.held.pop_back();
        }
        while self.held.get(1).is_some_and(|(from, _)| *from <= oldest) {
            self.held.pop_front();
        }
        if self.held.back().is_none_or(|(_, before)| before != params) {
            self.held.push_back((t, params.to_vec()));
        }
    }

    /// The parameters with which what was recorded at `t` goes on.
    #[must_use]
    pub fn at(&self, t: f64) -> &[f64] {
        let place = self.held.partition_point(|(from, _)| *from <= t).saturating_sub(1);
        self.held.get(place).map_or(&[], |(_, params)| params)
    }

    /// The values of one parameter, each with the time from which on it had it, oldest first.
    pub fn of(&self, index: usize) -> impl Iterator<Item = (f64, f64)> + '_ {
        let mut last = None;
        let all = self.held.iter().filter_map(move |(from, params)| Some((*from, *params.get(index)?)));
        all.filter(move |(_, value)| last.replace(value.to_bits()) != Some(value.to_bits()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_past_keeps_the_parameters_it_was_made_with() {
        let mut past = Past::new(&[1.0, 5.0]);
        past.change(10.0, &[2.0, 5.0], 0.0);
        past.change(20.0, &[2.0, 6.0], 0.0);
        past.change(20.0, &[2.0, 7.0], 0.0);
        past.change(25.0, &[2.0, 7.0], 0.0);
        let at: Vec<&[f64]> = [-1.0, 9.9, 10.0, 19.0, 20.0, 99.0].iter().map(|t| past.at(*t)).collect();
        assert_eq!(at, [[1.0, 5.0], [1.0, 5.0], [2.0, 5.0], [2.0, 5.0], [2.0, 7.0], [2.0, 7.0]]);
        assert_eq!(past.of(0).collect::<Vec<_>>(), [(0.0, 1.0), (10.0, 2.0)]);
        assert_eq!(past.of(1).collect::<Vec<_>>(), [(0.0, 5.0), (20.0, 7.0)]);
        past.change(15.0, &[3.0, 5.0], 12.0);
        assert_eq!(past.of(0).collect::<Vec<_>>(), [(10.0, 2.0), (15.0, 3.0)], "another future, and a past that is forgotten");
    }
}
