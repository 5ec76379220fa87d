/// Native MPI as a transport, called through java.lang.foreign: nothing to compile, the library is
/// found at run time (Open MPI 4 and 5, MPICH 4 and what has its ABI, libraries of the standard ABI
/// of MPI 5). Ranks are started by mpirun or srun. Point to point for streams of bytes, MPI's own
/// collectives for reductions, in place on native memory. MPI belongs to the process: it can be
/// initialised once, and ends with the process. May import {@code transport}, {@code rendezvous}
/// and {@code topology}. Start with {@link org.strait.engine.transport.mpi.MpiTransport}.
package org.strait.engine.transport.mpi;
