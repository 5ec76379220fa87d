/// Who this process is among the ranks of a launch that somebody else made: Strait's own launcher,
/// Open MPI, MPICH, Slurm or MPJ Express. May import {@code org.strait.launcher.config}. Start with
/// {@link org.strait.launcher.identity.Identities}.
package org.strait.launcher.identity;
