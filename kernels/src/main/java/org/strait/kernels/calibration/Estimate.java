package org.strait.kernels.calibration;

/// What {@code auto} decides by.
///
/// @param calibration what kernels cost
/// @param work what one rank has to do
public record Estimate(Calibration calibration, Work work) {}
