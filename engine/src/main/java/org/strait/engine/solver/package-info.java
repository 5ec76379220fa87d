/// Solvers of convex problems over rows that many ranks hold, in float64: an objective that knows
/// its value, gradient and Hessian-vector products, and what minimises it. Rows are float32;
/// weights, margins and sums are float64, so that relative gaps of 1e-8 and far below can be
/// reached. May import {@code data}, {@code org.strait.memory} and {@code org.strait.kernels}; how
/// sums come together is the caller's ({@link org.strait.engine.solver.Sums}). Start with {@link
/// org.strait.engine.solver.Objective}.
package org.strait.engine.solver;
