package org.strait.engine.adapt;

/// What all data centres agree on about the rounds since the last sample, each figure per round.
///
/// @param computeSeconds of the data centre that computes longest between two exchanges; 0 if
///     nobody knows
/// @param exchangeSeconds that a round takes beyond that: of the data centre that spends least in
///     the exchange, since all others also wait for the slowest to compute
/// @param delaySeconds what a round without bytes would take, by the links' figures
/// @param secondsPerByte what each byte of a payload adds, by the links' figures; 0 if nobody knows
/// @param payloadBytes of the data centre whose payloads are longest
/// @param error how far the mean of what travelled is from the dense one, relative to it; NaN if
///     they were not compared
public record Figures(
    double computeSeconds,
    double exchangeSeconds,
    double delaySeconds,
    double secondsPerByte,
    double payloadBytes,
    double error) {}
