/// The same work done by others: C compiled on the spot ({@link org.strait.bench.peers.Twins}),
/// OpenBLAS called without Strait, Python libraries. May import {@code org.strait.memory} and
/// {@code org.strait.kernels}.
package org.strait.bench.peers;
