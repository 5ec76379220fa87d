/// Measurements. {@link org.strait.bench.Suite} is what {@code strait bench} finds: {@code kernels}
/// holds a class per case, {@code parse} the reader's, {@code peers} the same work in C and Python,
/// {@code run} the round-robin that times them side by side, {@code micro} the JMH benchmarks.
/// Start with {@link org.strait.bench.run.Bout}.
package org.strait.bench;
