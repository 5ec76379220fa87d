package org.strait.bench.run;

import java.util.List;

/// One piece of work and those who do it in turns.
///
/// @param name of the case
/// @param threads threads that each contender may use
/// @param work how much a call does
/// @param expected what a call has to leave behind
/// @param tolerance see {@link Outcome#difference}
/// @param contenders at least one
public record Bout(
    String name,
    int threads,
    Work work,
    Outcome expected,
    double tolerance,
    List<Contender> contenders) {}
