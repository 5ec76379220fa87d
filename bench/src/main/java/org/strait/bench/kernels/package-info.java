/// {@code strait bench kernels}: one class per case, each with Strait's way and the peers'. {@link
/// org.strait.bench.kernels.KernelCases} lists them.
package org.strait.bench.kernels;
