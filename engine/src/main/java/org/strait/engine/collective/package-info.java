/// Exact reductions inside a group, MPI-style: the same bits on every member. May import {@code
/// transport}, {@code topology}, {@code org.strait.memory} and {@code org.strait.kernels}. Start
/// with {@link org.strait.engine.collective.Collectives}.
package org.strait.engine.collective;
