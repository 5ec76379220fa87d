/// Threads of one rank. {@link org.strait.kernels.team.TeamBackend} cuts an operation into parts by
/// its shape alone, {@link org.strait.kernels.team.Team} runs the parts, and sums are added in the
/// order of the parts: the bits do not depend on the number of threads. May import {@code
/// org.strait.kernels} and {@code org.strait.memory}.
package org.strait.kernels.team;
