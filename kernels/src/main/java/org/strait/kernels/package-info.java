/// What a replica computes with: a {@link org.strait.kernels.Backend} is five families of
/// operations over runs of native memory. {@link org.strait.kernels.Backends} makes the one choice
/// and says why. The plain loops in {@code org.strait.kernels.scalar} are the specification; every
/// other backend passes the same contract tests. May import {@code org.strait.memory}. Start with
/// {@link org.strait.kernels.Backend}.
package org.strait.kernels;
