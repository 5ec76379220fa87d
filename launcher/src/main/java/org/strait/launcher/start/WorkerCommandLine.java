package org.strait.launcher.start;

import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The command that starts one rank of a training job: the running JVM's binary and class path,
/// then `worker --rank R --size N --store HOST:PORT --job FILE --out DIR`. The store's token is in
/// the environment (`STRAIT_TOKEN`): arguments are visible to every user of the machine.
public final class WorkerCommandLine {
  /// Environment variable with the store's token.
  public static final String TOKEN = "STRAIT_TOKEN";

  /// Environment variable with more JVM flags, separated by blanks; the start script gives them to
  /// the launcher's own JVM too.
  public static final String JAVA_OPTIONS = "STRAIT_JAVA_OPTS";

  private static final long MIB = 1L << 20;

  private WorkerCommandLine() {}

  /// The ranks of a job of `dcOfRank.size()` ranks.
  ///
  /// @param dcOfRank name of the data centre of each rank
  /// @param store where ranks find each other
  /// @param job file with the job as JSON
  /// @param out folder of the run
  public static List<RankSpec> ranks(List<String> dcOfRank, StoreHost store, Path job, Path out) {
    int size = dcOfRank.size();
    long heapBytes = heapBytes(size);
    List<RankSpec> specs = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      List<String> command = new ArrayList<>();
      command.add(java());
      command.addAll(kernelFlags());
      command.addAll(jvmFlags(heapBytes, out.resolve("logs"), rank));
      command.addAll(userFlags(System.getenv(JAVA_OPTIONS)));
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.add("org.strait.launcher.Main");
      command.addAll(List.of("worker", "--rank", "" + rank, "--size", "" + size));
      command.addAll(List.of("--store", store.host() + ":" + store.port()));
      command.addAll(List.of("--job", job.toString(), "--out", out.toString()));
      specs.add(
          new RankSpec(
              rank,
              dcOfRank.get(rank),
              command,
              Map.of(
                  TOKEN,
                  store.token(),
                  // OpenBLAS would else start threads for all cores in every rank. It computes in
                  // the thread that calls it; a rank's own threads cut the work.
                  "OPENBLAS_NUM_THREADS",
                  "1")));
    }
    return specs;
  }

  /// The command that measures one backend in a JVM like a rank's.
  public static List<String> measure(String backend) {
    List<String> command = new ArrayList<>(List.of(java()));
    command.addAll(kernelFlags());
    command.addAll(userFlags(System.getenv(JAVA_OPTIONS)));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("org.strait.launcher.Main", "measure", backend));
    return command;
  }

  /// The binary of the running JVM.
  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /// The jar with the launcher's classes, whose manifest names all other jars; the running class
  /// path if they are in no jar.
  static String jar() {
    try {
      Path classes =
          Path.of(
              WorkerCommandLine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Files.isRegularFile(classes)
          ? classes.toString()
          : System.getProperty("java.class.path");
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /// @param text of the environment variable, or null
  private static List<String> userFlags(String text) {
    return text == null || text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
  }

  private static List<String> jvmFlags(long heapBytes, Path logs, int rank) {
    List<String> flags = new ArrayList<>();
    flags.add("-Xms32m");
    flags.add("-Xmx" + heapBytes / MIB + "m");
    flags.add("-XX:MaxDirectMemorySize=256m");
    flags.add("-XX:+ExitOnOutOfMemoryError");
    flags.add("-XX:ErrorFile=" + logs.resolve("rank-" + rank + ".hs_err.log"));
    flags.addAll(archiveFlags(rank));
    return flags;
  }

  /// What the speed of kernels depends on. Standard output belongs to events and figures: whatever
  /// the JVM has to say goes to standard error.
  private static List<String> kernelFlags() {
    return List.of(
        "--add-modules",
        "jdk.incubator.vector",
        "--enable-native-access=ALL-UNNAMED",
        "-XX:+UseSerialGC",
        "-XX:-UsePerfData",
        "-Xlog:disable",
        "-XX:+DisplayVMOutputToStderr");
  }

  /// Class data sharing: loaded classes come from an archive that the first run's rank 0 leaves
  /// behind at its end. A stale or broken archive is ignored by the JVM.
  private static List<String> archiveFlags(int rank) {
    String archive = System.getProperty("strait.archive", "");
    List<String> flags = new ArrayList<>();
    boolean there = !archive.isEmpty() && Files.isReadable(Path.of(archive));
    if (there || (rank == 0 && !archive.isEmpty())) {
      flags.add("-XX:SharedArchiveFile=" + archive);
    }
    if (!there && rank == 0 && !archive.isEmpty()) {
      flags.add("-XX:+AutoCreateSharedArchive");
    }
    return flags;
  }

  /// A quarter of the machine's memory shared by all ranks, 256 MiB to 4 GiB each: rows and vectors
  /// live outside the heap.
  private static long heapBytes(int ranks) {
    long physical =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : 4096 * MIB;
    return Math.clamp(physical / 4 / ranks, 256 * MIB, 4096 * MIB);
  }
}
