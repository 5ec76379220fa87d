/// Vector API twins of the scalar loops, for a width of 128, 256 or 512 bits. The compiler needs
/// the width to be a constant, so {@link org.strait.kernels.Backends} loads this package once per
/// width, each time in a class loader of its own; {@link org.strait.kernels.simd.Lanes} holds what
/// follows from the width. Every sum of lanes is folded in a written-down order and exp and log are
/// polynomials of our own, because the JVM's reductions and vector mathematics give other bits
/// before and after compilation. May import {@code org.strait.kernels}, {@code
/// org.strait.kernels.scalar}, {@code org.strait.kernels.team} and {@code org.strait.memory}; never
/// named by other code, because the incubator module may be absent.
package org.strait.kernels.simd;
