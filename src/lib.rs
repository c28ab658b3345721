//! Neuron playground.
