package org.strait.engine;

/// How a training ended.
///
/// @param reason one of {@code target reached}, {@code tolerance reached}, {@code round limit}
/// @param converged whether what was asked for was reached
/// @param rounds exchanges between DCs
/// @param seconds from the first step's beginning to the last one's end
/// @param objective exact mean loss over all rows of all DCs plus regularisation, of the weights
///     that the replica holds
/// @param loss exact mean loss over all rows
/// @param rows rows that this DC processed
/// @param gradientSeconds of those that this rank spent on its own rows; the rest it exchanged and
///     waited
public record TrainingReport(
    String reason,
    boolean converged,
    long rounds,
    double seconds,
    double objective,
    double loss,
    long rows,
    double gradientSeconds) {}
