package org.strait.launcher.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.strait.launcher.config.UserMistake;

/// The one place that finds out whether this process is a rank of a launch, and of whose.
public final class Identities {
  /// Number of this rank, set by `strait launch`.
  public static final String RANK = "STRAIT_RANK";

  /// Number of ranks, set by `strait launch`.
  public static final String SIZE = "STRAIT_SIZE";

  /// Number of this rank on its host, set by `strait launch`.
  public static final String LOCAL_RANK = "STRAIT_LOCAL_RANK";

  /// Ranks on this host, set by `strait launch`.
  public static final String LOCAL_SIZE = "STRAIT_LOCAL_SIZE";

  /// Name under which other hosts reach this one, set by `strait launch`.
  public static final String HOST = "STRAIT_HOST";

  /// What tells a rank of another launcher apart; `strait launch` takes them out of the environment
  /// of its ranks.
  public static final List<String> FOREIGN =
      List.of("OMPI_COMM_WORLD_RANK", "PMI_RANK", "SLURM_PROCID");

  // Steps of the batch script itself and of other things that are no ranks have the last numbers.
  private static final long LAST_STEP = 0xfffffff0L;

  private Identities() {}

  /// Who this process is; empty if it is no rank of a launch. The innermost launcher counts: what
  /// Slurm says about an mpirun in its allocation is about the allocation.
  ///
  /// @param environment variables of the process
  /// @param mpj what MPJ Express put before the arguments
  /// @param host name of this machine
  /// @param process number of this process, and of its ancestors from the nearest on
  /// @throws UserMistake if what launchers say contradicts itself
  public static Optional<Identity> find(
      Map<String, String> environment, Optional<MpjArguments> mpj, String host, Ancestors process) {
    Variables variables = new Variables(environment);
    List<Identity> found = new ArrayList<>();
    own(variables, host).ifPresent(found::add);
    mpj.map(m -> mpj(m, host, process)).ifPresent(found::add);
    openMpi(variables, host).ifPresent(found::add);
    pmi(variables, host, process).ifPresent(found::add);
    for (Identity other : found) {
      if (other.rank() != found.getFirst().rank() || other.size() != found.getFirst().size()) {
        throw new UserMistake(
            "this process is " + found.getFirst().label() + " and " + other.label(),
            "start it through one launcher, or unset the variables of the other");
      }
    }
    Optional<Identity> slurm = slurm(variables, host);
    boolean bySlurm =
        slurm.isPresent()
            && (found.isEmpty()
                || (found.size() == 1
                    && found.getFirst().localSize() == 0
                    && found.getFirst().rank() == slurm.get().rank()
                    && found.getFirst().size() == slurm.get().size()));
    return bySlurm ? slurm : found.stream().findFirst();
  }

  private static Optional<Identity> own(Variables variables, String host) {
    if (!variables.has(RANK)) {
      return Optional.empty();
    }
    return Optional.of(
        new Identity(
            variables.needed(RANK, RANK),
            variables.needed(SIZE, RANK),
            variables.has(HOST) ? variables.text(HOST) : host,
            variables.number(LOCAL_RANK).orElse(0),
            variables.number(LOCAL_SIZE).orElse(0),
            "strait launch",
            "strait-" + variables.first("STRAIT_STORE")));
  }

  private static Identity mpj(MpjArguments mpj, String host, Ancestors process) {
    return new Identity(
        mpj.rank(),
        mpj.size(),
        host,
        mpj.multicore() ? mpj.rank() : 0,
        mpj.multicore() ? mpj.size() : 0,
        "MPJ Express",
        mpj.multicore() ? "mpj-" + process.pid() : "mpj-" + mpj.configuration());
  }

  private static Optional<Identity> openMpi(Variables variables, String host) {
    String rank = "OMPI_COMM_WORLD_RANK";
    if (!variables.has(rank)) {
      return Optional.empty();
    }
    return Optional.of(
        new Identity(
            variables.needed(rank, rank),
            variables.needed("OMPI_COMM_WORLD_SIZE", rank),
            host,
            variables.number("OMPI_COMM_WORLD_LOCAL_RANK").orElse(0),
            variables.number("OMPI_COMM_WORLD_LOCAL_SIZE").orElse(0),
            "Open MPI",
            "openmpi-"
                + variables.first(
                    "PMIX_NAMESPACE", "OMPI_MCA_ess_base_jobid", "OMPI_MCA_orte_hnp_uri")));
  }

  /// MPICH, Intel MPI and others with its process manager. Hydra names no job: the process that
  /// started all ranks of this host stands for it.
  private static Optional<Identity> pmi(Variables variables, String host, Ancestors process) {
    String rank = "PMI_RANK";
    if (!variables.has(rank)) {
      return Optional.empty();
    }
    return Optional.of(
        new Identity(
            variables.needed(rank, rank),
            variables.needed("PMI_SIZE", rank),
            host,
            variables.number("MPI_LOCALRANKID").orElse(0),
            variables.number("MPI_LOCALNRANKS").orElse(0),
            "MPICH",
            "pmi-" + variables.first("PMI_ID", "PMI_JOBID") + process.named("pmi_proxy")));
  }

  private static Optional<Identity> slurm(Variables variables, String host) {
    String rank = "SLURM_PROCID";
    String step = variables.first("SLURM_STEP_ID", "SLURM_STEPID");
    if (!variables.has(rank) || !step.matches("\\d{1,10}") || Long.parseLong(step) >= LAST_STEP) {
      return Optional.empty();
    }
    String tasks = variables.first("SLURM_STEP_TASKS_PER_NODE", "SLURM_TASKS_PER_NODE");
    String size = variables.has("SLURM_STEP_NUM_TASKS") ? "SLURM_STEP_NUM_TASKS" : "SLURM_NTASKS";
    return Optional.of(
        new Identity(
            variables.needed(rank, rank),
            variables.needed(size, rank),
            host,
            variables.number("SLURM_LOCALID").orElse(0),
            SlurmNodes.numberOf(tasks, variables.number("SLURM_NODEID").orElse(0)),
            "Slurm",
            String.format(
                Locale.ROOT, "slurm-%s.%s", variables.first("SLURM_JOB_ID", "SLURM_JOBID"), step)));
  }
}
