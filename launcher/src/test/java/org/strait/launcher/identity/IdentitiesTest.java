package org.strait.launcher.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.launcher.config.UserMistake;

/// Environments as the launchers make them (Open MPI 4.1, MPICH 4.0, Slurm 22.05), and broken ones.
class IdentitiesTest {
  private static final Ancestors PROCESS =
      new Ancestors(
          900,
          List.of(
              new Ancestors.Parent(800, "/bin/sh"),
              new Ancestors.Parent(700, "/usr/bin/hydra_pmi_proxy"),
              new Ancestors.Parent(600, "/usr/bin/mpiexec.hydra")));

  private static Map<String, String> env(String words) {
    Map<String, String> env = new HashMap<>();
    for (String word : words.split(" ", -1)) {
      env.put(word.split("=", 2)[0], word.split("=", 2)[1]);
    }
    return env;
  }

  private static Optional<Identity> find(String words) {
    return Identities.find(env(words), Optional.empty(), "vm", PROCESS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "STRAIT_RANK=3 STRAIT_SIZE=4 STRAIT_LOCAL_RANK=1 STRAIT_LOCAL_SIZE=2 STRAIT_HOST=b"
            + " STRAIT_STORE=a:1 ! 3 4 b 1 2 strait launch strait-a:1",
        "OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_LOCAL_RANK=1"
            + " OMPI_COMM_WORLD_LOCAL_SIZE=2 PMIX_NAMESPACE=921174017"
            + " OMPI_MCA_orte_hnp_uri=9.0;tcp://h:1 ! 1 2 vm 1 2 Open MPI openmpi-921174017",
        "PMI_RANK=1 PMI_SIZE=2 MPI_LOCALRANKID=1 MPI_LOCALNRANKS=2 PMI_FD=6 !"
            + " 1 2 vm 1 2 MPICH pmi-700",
        "SLURM_PROCID=3 SLURM_NTASKS=4 SLURM_STEP_ID=7 SLURM_JOB_ID=5 SLURM_LOCALID=1 SLURM_NODEID=1"
            + " SLURM_STEP_TASKS_PER_NODE=2(x2) SLURM_TASKS_PER_NODE=9 ! 3 4 vm 1 2 Slurm slurm-5.7",
        // srun --mpi=pmi2: the same rank, said twice; Slurm says on which host.
        "PMI_RANK=3 PMI_SIZE=4 SLURM_PROCID=3 SLURM_NTASKS=4 SLURM_STEP_ID=7 SLURM_JOB_ID=5"
            + " SLURM_LOCALID=0 SLURM_NODEID=2 SLURM_TASKS_PER_NODE=2,1(x2) ! 3 4 vm 0 1 Slurm slurm-5.7",
        // mpirun inside an allocation: Slurm's numbers are those of mpirun's own daemons.
        "OMPI_COMM_WORLD_RANK=3 OMPI_COMM_WORLD_SIZE=4 OMPI_COMM_WORLD_LOCAL_RANK=1"
            + " OMPI_COMM_WORLD_LOCAL_SIZE=2 PMIX_NAMESPACE=8 SLURM_PROCID=1 SLURM_NTASKS=2"
            + " SLURM_STEP_ID=0 SLURM_JOB_ID=5 ! 3 4 vm 1 2 Open MPI openmpi-8",
        "SLURM_PROCID=0 SLURM_NTASKS=1 SLURM_STEP_ID=0 SLURM_JOB_ID=5 SLURM_TASKS_PER_NODE=1 !"
            + " 0 1 vm 0 1 Slurm slurm-5.0",
      })
  void everyLauncherIsUnderstood(String words, String expected) {
    Identity me = find(words).orElseThrow();
    assertEquals(
        expected,
        me.rank()
            + " "
            + me.size()
            + " "
            + me.host()
            + " "
            + me.localRank()
            + " "
            + me.localSize()
            + " "
            + me.by()
            + " "
            + me.job());
    assertEquals(me.localSize() == me.size(), me.oneHost());
  }

  @ParameterizedTest
  @CsvSource({
    "HOME=/root",
    // A batch script, a shell in an allocation, and the batch step's own number.
    "SLURM_PROCID=0 SLURM_NTASKS=2 SLURM_JOB_ID=2 SLURM_TASKS_PER_NODE=2",
    "SLURM_NTASKS=2 SLURM_JOB_ID=2",
    "SLURM_PROCID=0 SLURM_NTASKS=2 SLURM_JOB_ID=2 SLURM_STEP_ID=4294967291 SLURM_TASKS_PER_NODE=2",
  })
  void processesThatAreNoRanks(String words) {
    assertTrue(find(words).isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "OMPI_COMM_WORLD_RANK=4 OMPI_COMM_WORLD_SIZE=4 ! Open MPI says that this is rank 4 of 4;"
            + " ranks are numbered from 0: check the environment of this process",
        "PMI_RANK=1 ! PMI_RANK is set, but PMI_SIZE is not; start through the launcher, or unset"
            + " PMI_RANK",
        "STRAIT_RANK=x STRAIT_SIZE=2 ! STRAIT_RANK is \"x\", not a number; start through the"
            + " launcher, or unset it",
        "STRAIT_RANK=0 STRAIT_SIZE=2 OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2 !"
            + " this process is rank 0 of 2 (strait launch) and rank 1 of 2 (Open MPI); start it"
            + " through one launcher, or unset the variables of the other",
        "STRAIT_RANK=0 STRAIT_SIZE=2 STRAIT_LOCAL_RANK=0 STRAIT_LOCAL_SIZE=3 ! strait launch says"
            + " that this is rank 0 of 3 on its host, of 2 in all; check the environment of this"
            + " process",
      })
  void contradictionsAreMistakes(String words, String message) {
    assertEquals(message, assertThrows(UserMistake.class, () -> find(words)).getMessage());
  }

  @Test
  void mpjExpressComesByArguments() {
    MpjArguments multicore = MpjArguments.of("2", "4", "smpdev", "train", "a b").orElseThrow();
    assertEquals(List.of("train", "a b"), multicore.rest());
    Identity me = Identities.find(Map.of(), Optional.of(multicore), "vm", PROCESS).orElseThrow();
    assertEquals(new Identity(2, 4, "vm", 2, 4, "MPJ Express", "mpj-900"), me);
    String configuration =
        "#Number of Processes;3;#Protocol Switch Limit;131072;#Server Name;h;#Server Port;40002";
    MpjArguments cluster = MpjArguments.of("1", configuration, "niodev", "train").orElseThrow();
    Identity other = Identities.find(Map.of(), Optional.of(cluster), "vm", PROCESS).orElseThrow();
    assertEquals(3, other.size());
    assertFalse(other.oneHost(), "MPJ does not say where ranks are");
    assertTrue(MpjArguments.of("train", "--rows", "5").isEmpty());
    assertTrue(MpjArguments.of("1", "2", "train").isEmpty());
    assertEquals(
        "MPJ Express device hybdev is not supported; use mpjrun -dev multicore, or -dev niodev with"
            + " a machines file",
        assertThrows(
                UserMistake.class,
                () -> MpjArguments.of("0", "2", "hybdev", "4", "2", "0", "c", "niodev", "train"))
            .getMessage());
    assertThrows(UserMistake.class, () -> MpjArguments.of("0", "nonsense", "niodev", "train"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "node7 ! node7",
        "a,b ! a",
        "dc1n[1-2] ! dc1n1",
        "dc1n[001-128,200],x ! dc1n001",
        "login,dc[1-2] ! login",
        "r[3,5]n1 ! r3n1",
        "n[1-4]-ib,x ! n1-ib"
      })
  void firstHostOfASlurmList(String list, String first) {
    assertEquals(first, SlurmNodes.first(list));
  }

  @Test
  void slurmNumbersByHost() {
    assertEquals(2, SlurmNodes.numberOf("2(x2),1", 1));
    assertEquals(1, SlurmNodes.numberOf("2(x2),1", 2));
    assertEquals(0, SlurmNodes.numberOf("2(x2),1", 3));
    assertEquals(0, SlurmNodes.numberOf("", 0));
  }

  @Test
  void theLauncherIsTheNearestAncestorThatIsOne() {
    long self = ProcessHandle.current().pid();
    Ancestors under =
        new Ancestors(
            1,
            List.of(
                new Ancestors.Parent(99_999_999, "/bin/sh"),
                new Ancestors.Parent(self, "/usr/bin/orted")));
    assertEquals(self, under.launcher(false).orElseThrow().pid());
    assertTrue(under.launcher(true).isEmpty(), "the parent is gone");
    assertTrue(new Ancestors(1, List.of()).launcher(false).isEmpty());
  }
}
