package org.strait.engine.transport.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.ConnectOptions;
import org.strait.engine.transport.Transports;

/// What is found out before MPI is initialised.
class MpiLibraryTest {
  private static String refused(Class<? extends RuntimeException> type, String library) {
    try (MemoryStore store = new MemoryStore()) {
      ConnectOptions options = ConnectOptions.defaults().withMpiLibrary(library);
      return assertThrows(
              type, () -> Transports.connect("mpi", Group.of("g", 2, 1), store, options).close())
          .getMessage();
    }
  }

  @Test
  void aRankThatMpirunHasNotStartedIsRefused() {
    Assumptions.assumeTrue(
        MpiEnvironment.of(System.getenv()).isEmpty(), "this JVM was started by mpirun");
    assertEquals(
        "transport mpi: rank 1 (local) was not started by mpirun, mpiexec or srun; start all ranks"
            + " of group g with one of them",
        refused(RendezvousException.class, ""));
  }

  @Test
  void aMissingLibraryIsNamed() {
    assertEquals(
        "transport mpi: there is no MPI library /nowhere/libmpi.so; install one (Debian:"
            + " libopenmpi3 or libmpich12), or give its path",
        refused(IllegalArgumentException.class, "/nowhere/libmpi.so"));
  }

  @Test
  void anotherLibraryIsNamed() {
    Assumptions.assumeTrue(
        System.getProperty("os.name").equals("Linux"), "needs the name of a system library");
    assertEquals(
        "transport mpi: libm.so.6 is no MPI 3 library: it has no MPI_Get_library_version",
        refused(IllegalArgumentException.class, "libm.so.6"));
  }

  @Test
  void kindsAreToldByWhatLibrariesSay() {
    assertEquals(MpiKind.OPEN_MPI, MpiKind.of("Open MPI v4.1.4, package: Debian", false));
    assertEquals(MpiKind.MPICH, MpiKind.of("MPICH Version: 4.0.2", false));
    assertEquals(MpiKind.MPICH, MpiKind.of("Intel(R) MPI Library 2021.9", false));
    assertEquals(MpiKind.MPICH, MpiKind.of("CRAY MPICH version 8.1", false));
    assertEquals(MpiKind.STANDARD, MpiKind.of("MPICH Version: 5.0.0", true));
    assertEquals(MpiKind.STANDARD, MpiKind.of("Open MPI v6.0.0", true));
    assertNull(MpiKind.of("IBM PE", false));
  }

  @Test
  void identitiesComeFromTheEnvironment() {
    assertEquals(Optional.empty(), MpiEnvironment.of(Map.of("PATH", "/bin")));
    assertEquals(
        Optional.of(new MpiEnvironment("mpirun of Open MPI", 3, 4, 1)),
        MpiEnvironment.of(
            Map.of(
                "OMPI_COMM_WORLD_RANK", "3",
                "OMPI_COMM_WORLD_SIZE", "4",
                "OMPI_COMM_WORLD_LOCAL_RANK", "1",
                "SLURM_PROCID", "0",
                "SLURM_STEP_NUM_TASKS", "1")));
    assertEquals(
        Optional.of(new MpiEnvironment("mpiexec (PMI)", 1, 2, -1)),
        MpiEnvironment.of(Map.of("PMI_RANK", "1", "PMI_SIZE", "2")));
    assertEquals(
        Optional.of(new MpiEnvironment("srun", 5, 8, 1)),
        MpiEnvironment.of(
            Map.of("SLURM_PROCID", "5", "SLURM_STEP_NUM_TASKS", "8", "SLURM_LOCALID", "1")));
    // A batch script is no step.
    assertEquals(
        Optional.empty(), MpiEnvironment.of(Map.of("SLURM_PROCID", "0", "SLURM_NTASKS", "8")));
    assertEquals(Optional.empty(), MpiEnvironment.of(Map.of("PMI_RANK", "one", "PMI_SIZE", "2")));
  }
}
