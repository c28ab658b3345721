//! A trial step, and the search for the step that ends exactly at a spike.

use super::Simulation;
use crate::sim::Method;

impl Simulation {
    /// Writes the state `step` ms after `t` to `trial`.
    pub(super) fn try_step(&mut self, t: f64, step: f64, inside: f64, held: bool) {
        let start = self.drive(inside, t);
        self.trial.clone_from(&self.x);
        match self.method {
            Method::Rk4 => {
                let drive = [start, self.drive(inside, t + 0.5 * step), self.drive(inside, t + step)];
                self.neuron.rk4(&mut self.trial, &self.params, &drive, step, held);
            }
            Method::Euler | Method::EulerPublished => {
                let mut slope = [0.0; 8];
                let slope = &mut slope[..self.x.len().min(8)];
                let v = self.x.first().copied().unwrap_or(0.0);
                self.neuron.rhs(&self.x, &self.params, start.at(v), slope);
                let frozen = if held { self.neuron.held() } else { 0 };
                if let (Some(v), Some(dv)) = (self.trial.first_mut(), slope.first()) {
                    *v += if held { 0.0 } else { step * dv };
                }
                if self.method == Method::EulerPublished {
                    let v = self.trial.first().copied().unwrap_or(0.0);
                    self.neuron.rhs(&self.trial, &self.params, start.at(v), slope);
                }
                for (x, dx) in self.trial.iter_mut().zip(&*slope).skip(frozen.max(1)) {
                    *x += step * dx;
                }
            }
        }
    }

    /// The step length at which the spike function is zero, by regula falsi with the Illinois safeguard
    /// (Dowell and Jarratt 1971) on whole Runge–Kutta steps; leaves the state there in `trial`.
    pub(super) fn locate(&mut self, t: f64, step: f64, inside: f64) -> f64 {
        let mut low = (0.0, self.neuron.spike(&self.x, &self.params).min(0.0));
        let mut high = (step, self.neuron.spike(&self.trial, &self.params));
        let mut side = 0;
        for _ in 0..60 {
            if high.1 == 0.0 || high.0 - low.0 <= 1e-15 * step {
                break;
            }
            let guess = (low.0 * high.1 - high.0 * low.1) / (high.1 - low.1);
            let guess = if guess > low.0 && guess < high.0 { guess } else { 0.5 * (low.0 + high.0) };
            self.try_step(t, guess, inside, false);
            let level = self.neuron.spike(&self.trial, &self.params);
            if level >= 0.0 {
                high = (guess, level);
                low.1 *= if side == 1 { 0.5 } else { 1.0 };
                side = 1;
            } else {
                low = (guess, level);
                high.1 *= if side == -1 { 0.5 } else { 1.0 };
                side = -1;
            }
        }
        self.try_step(t, high.0, inside, false);
        high.0
    }
}
