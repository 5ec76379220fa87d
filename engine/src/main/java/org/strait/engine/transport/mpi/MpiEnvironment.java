package org.strait.engine.transport.mpi;

import java.util.Map;
import java.util.Optional;

/// What the program that started this process says about it, through environment variables.
///
/// @param starter who that was, for messages
/// @param rank number of this process among those started together
/// @param size how many were started together
/// @param localRank number among those on this machine, or -1 if it is not said
public record MpiEnvironment(String starter, int rank, int size, int localRank) {
  /// What the variables of Open MPI's mpirun, of PMI (MPICH's and Intel's mpiexec, srun --mpi=pmi2)
  /// or of a Slurm step say; empty if there are none. The first of these wins, since mpirun may run
  /// inside a Slurm job.
  public static Optional<MpiEnvironment> of(Map<String, String> environment) {
    return read(
            environment,
            "mpirun of Open MPI",
            "OMPI_COMM_WORLD_RANK",
            "OMPI_COMM_WORLD_SIZE",
            "OMPI_COMM_WORLD_LOCAL_RANK")
        .or(() -> read(environment, "mpiexec (PMI)", "PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID"))
        .or(
            () ->
                read(environment, "srun", "SLURM_PROCID", "SLURM_STEP_NUM_TASKS", "SLURM_LOCALID"));
  }

  private static Optional<MpiEnvironment> read(
      Map<String, String> environment, String starter, String rank, String size, String local) {
    int r = number(environment, rank);
    int n = number(environment, size);
    return r < 0 || n < 1
        ? Optional.empty()
        : Optional.of(new MpiEnvironment(starter, r, n, number(environment, local)));
  }

  private static int number(Map<String, String> environment, String name) {
    String value = environment.getOrDefault(name, "");
    return value.matches("\\d{1,9}") ? Integer.parseInt(value) : -1;
  }
}
