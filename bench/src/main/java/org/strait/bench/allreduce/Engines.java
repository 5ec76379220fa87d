package org.strait.bench.allreduce;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.strait.engine.collective.Collectives;
import org.strait.launcher.bench.BenchRequest;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.start.WorkerCommandLine;

/// The engines and peers by name: which are on this machine, and how their ranks are started.
final class Engines {
  /// Stands for all peers.
  static final String PEERS = "peers";

  private static final List<String> OURS =
      List.of("shared-memory", "tcp", "unix", "loopback", "mpj", "mpi-openmpi", "mpi-mpich");
  private static final List<String> OTHERS =
      List.of("openmpi", "openmpi-tcp", "mpich", RankMain.MPJ_EXPRESS, "gloo");

  /// Peers in C that use the host's memory.
  private static final List<String> MEMORY = List.of("C Open MPI shm", "C MPICH");

  /// Peers over sockets.
  private static final List<String> SOCKETS = List.of("C Open MPI tcp", "Gloo");

  private static final List<String> OPEN_MPI = List.of("--oversubscribe", "--bind-to", "none");
  private static final long COMPILE_SECONDS = 60;
  private static final long MIB = 1L << 20;

  private final BenchRequest request;
  private final long mostBytes;
  private final Map<String, Optional<Path>> found = new LinkedHashMap<>();
  private final List<Path> mpjJars = Installed.mpjJars(System.getenv("MPJ_HOME"));

  /// @param mostBytes the largest vector
  Engines(BenchRequest request, long mostBytes) {
    this.request = request;
    this.mostBytes = mostBytes;
  }

  /// The names to measure and, for each, whether the user named it.
  ///
  /// @param text as the user wrote it, or empty for all
  /// @throws UserMistake if a name is unknown
  static Map<String, Boolean> choose(Optional<String> text) {
    Map<String, Boolean> chosen = new LinkedHashMap<>();
    if (text.isEmpty()) {
      OURS.forEach(name -> chosen.put(name, false));
      OTHERS.forEach(name -> chosen.put(name, false));
      return chosen;
    }
    for (String word : text.get().split(",", -1)) {
      String name = word.strip();
      if (name.equals(PEERS)) {
        OTHERS.forEach(other -> chosen.putIfAbsent(other, false));
      } else if (OURS.contains(engine(name)) || OTHERS.contains(name)) {
        checkAlgorithm(name);
        chosen.put(name, true);
      } else {
        Set<String> known = new LinkedHashSet<>(OURS);
        known.add(PEERS);
        known.addAll(OTHERS);
        throw new UserMistake(
            "--engines: unknown engine \"" + name + "\"", "known: " + String.join(", ", known));
      }
    }
    return chosen;
  }

  private static void checkAlgorithm(String name) {
    if (!Collectives.names().contains(algorithm(name).split(":", 2)[0])) {
      throw new UserMistake(
          "--engines: " + name + " names an unknown algorithm",
          "known: " + String.join(", ", Collectives.names()));
    }
  }

  /// The engine in {@code tcp:halving}.
  static String engine(String name) {
    return name.split(":", 2)[0];
  }

  /// The algorithm in {@code tcp:halving}; {@code auto} if none is named.
  static String algorithm(String name) {
    return name.contains(":") ? name.substring(name.indexOf(':') + 1) : "auto";
  }

  /// Whether an engine is somebody else's.
  static boolean peer(String name) {
    return OTHERS.contains(name);
  }

  /// Bytes that a rank of an engine takes, about.
  static long bytesPerRank(String name, long mostBytes) {
    return switch (engine(name)) {
      case "shared-memory" -> 2 * mostBytes + 150 * MIB;
      case "gloo" -> 3 * mostBytes + 250 * MIB;
      case RankMain.MPJ_EXPRESS -> 4 * Math.min(mostBytes, 64 * MIB) + 150 * MIB;
      default -> mostBytes + (peer(name) ? 50 : 150) * MIB;
    };
  }

  /// Why an engine cannot run here; empty if it can.
  Optional<String> missing(String name) throws IOException {
    return switch (engine(name)) {
      case "shared-memory", "tcp", "unix", "loopback" -> Optional.empty();
      case "mpj", RankMain.MPJ_EXPRESS ->
          mpjJars.isEmpty()
              ? Optional.of(
                  "there are no mpj.jar and log4j-1.2.jar in MPJ_HOME/lib or /usr/share/java"
                      + " (Debian: apt-get install libmpj-java liblog4j1.2-java)")
              : Optional.empty();
      case "mpi-openmpi" -> openMpi().isEmpty() ? noOpenMpi() : Optional.empty();
      case "mpi-mpich" -> mpich().isEmpty() ? noMpich() : Optional.empty();
      case "openmpi", "openmpi-tcp" ->
          openMpi().isEmpty() ? noOpenMpi() : uncompiled(openMpi().get(), "libopenmpi-dev");
      case "mpich" -> mpich().isEmpty() ? noMpich() : uncompiled(mpich().get(), "libmpich-dev");
      case "gloo" ->
          gloo().isEmpty()
              ? Optional.of(
                  "no python3 in PATH has torch.distributed (Debian: apt-get install"
                      + " python3-torch)")
              : Optional.empty();
      default -> throw new IllegalArgumentException("unknown engine \"" + name + "\"");
    };
  }

  private static Optional<String> noOpenMpi() {
    return Optional.of("no mpirun of Open MPI in PATH (Debian: apt-get install openmpi-bin)");
  }

  private static Optional<String> noMpich() {
    return Optional.of("no mpiexec of MPICH in PATH (Debian: apt-get install mpich)");
  }

  private Optional<Path> openMpi() {
    return found.computeIfAbsent(
        "openmpi",
        key ->
            Installed.starter(
                request.searchPath(),
                List.of("mpirun.openmpi", "mpirun", "mpiexec"),
                List.of("Open MPI", "OpenRTE")));
  }

  private Optional<Path> mpich() {
    return found.computeIfAbsent(
        "mpich",
        key ->
            Installed.starter(
                request.searchPath(),
                List.of("mpiexec.mpich", "mpiexec.hydra", "mpiexec", "mpirun"),
                List.of("HYDRA", "Hydra")));
  }

  private Optional<Path> gloo() {
    return found.computeIfAbsent("gloo", key -> Installed.gloo(request.searchPath()));
  }

  private Path program(Path starter) {
    return request.folder().resolve("allreduce-" + starter.getFileName());
  }

  /// Compiles our C file with an MPI's compiler, once.
  private Optional<String> uncompiled(Path starter, String debianPackage) throws IOException {
    Path program = program(starter);
    if (Files.exists(program)) {
      return Optional.empty();
    }
    Optional<Path> compiler = Installed.compilerOf(starter);
    if (compiler.isEmpty()) {
      return Optional.of(
          "there is no mpicc beside "
              + starter
              + " (Debian: apt-get install "
              + debianPackage
              + ")");
    }
    Path source = resource("allreduce.c");
    Path log = request.folder().resolve("mpicc.log");
    Process process =
        new ProcessBuilder(
                compiler.get().toString(),
                "-O3",
                "-march=native",
                "-w",
                "-o",
                program.toString(),
                source.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (process.waitFor(COMPILE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0) {
        return Optional.empty();
      }
      return Optional.of(compiler.get() + " cannot compile our C file, see " + log);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    } finally {
      process.destroyForcibly();
    }
  }

  private Path resource(String name) throws IOException {
    Path file = request.folder().resolve(name);
    try (InputStream in = Engines.class.getResourceAsStream(name)) {
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  /// The commands that start an engine's ranks.
  ///
  /// @param meet folder of its own, where ranks meet
  List<List<String>> commands(String name, Crew crew, Path meet) throws IOException {
    return switch (engine(name)) {
      case "shared-memory", "tcp", "unix" -> java(name, crew, meet, List.of());
      case "mpj", RankMain.MPJ_EXPRESS -> java(name, crew, meet, mpjJars);
      case "loopback" -> List.of(rank(name, "threads", crew, meet, List.of()));
      case "mpi-openmpi" ->
          List.of(
              by(
                  openMpi(),
                  crew,
                  openMpiOver("self,vader"),
                  rank("mpi:" + algorithm(name), "mpi", crew, meet, List.of())));
      case "mpi-mpich" ->
          List.of(
              by(
                  mpich(),
                  crew,
                  List.of(),
                  rank("mpi:" + algorithm(name), "mpi", crew, meet, List.of())));
      case "openmpi" -> List.of(by(openMpi(), crew, openMpiOver("self,vader"), c(openMpi(), crew)));
      case "openmpi-tcp" ->
          List.of(by(openMpi(), crew, openMpiOver("self,tcp"), c(openMpi(), crew)));
      case "mpich" -> List.of(by(mpich(), crew, List.of(), c(mpich(), crew)));
      case "gloo" -> {
        String script = resource("gloo.py").toString();
        List<List<String>> commands = new ArrayList<>();
        for (int r = 0; r < crew.ranks(); r++) {
          commands.add(
              List.of(
                  gloo().orElseThrow().toString(),
                  script,
                  "" + crew.port(),
                  "" + r,
                  "" + crew.ranks(),
                  "" + mostBytes,
                  meet.resolve("gloo").toString()));
        }
        yield commands;
      }
      default -> throw new IllegalArgumentException("unknown engine \"" + name + "\"");
    };
  }

  /// What takes turns once a crew is there.
  List<Contestant> contestants(String name, Crew crew) {
    long all = Long.MAX_VALUE;
    return switch (engine(name)) {
      case "shared-memory" ->
          List.of(
              new Contestant("strait " + name, crew, RankMain.SHARED, false, MEMORY, all),
              new Contestant(
                  "strait " + name + ", staged", crew, RankMain.PRIVATE, false, MEMORY, all),
              new Contestant("memory limit", crew, RankMain.LIMIT, false, List.of(), all));
      case "loopback" -> List.of(ours(name, crew, MEMORY));
      case "tcp", "unix" -> List.of(ours(name, crew, SOCKETS));
      case "mpj" -> List.of(ours(name, crew, List.of("MPJ Express Allreduce")));
      case "mpi-openmpi" -> List.of(ours(name, crew, List.of("C Open MPI shm")));
      case "mpi-mpich" -> List.of(ours(name, crew, List.of("C MPICH")));
      case "openmpi" -> List.of(other("C Open MPI shm", crew, all));
      case "openmpi-tcp" -> List.of(other("C Open MPI tcp", crew, all));
      case "mpich" -> List.of(other("C MPICH", crew, all));
      // Its buffers take several times the vector.
      case RankMain.MPJ_EXPRESS -> List.of(other("MPJ Express Allreduce", crew, 64 * MIB));
      case "gloo" -> List.of(other("Gloo", crew, all));
      default -> throw new IllegalArgumentException("unknown engine \"" + name + "\"");
    };
  }

  private static Contestant ours(String name, Crew crew, List<String> rivals) {
    return new Contestant("strait " + name, crew, RankMain.PRIVATE, false, rivals, Long.MAX_VALUE);
  }

  private static Contestant other(String who, Crew crew, long mostBytes) {
    return new Contestant(who, crew, RankMain.PRIVATE, true, List.of(), mostBytes);
  }

  private List<List<String>> java(String name, Crew crew, Path meet, List<Path> jars) {
    List<List<String>> commands = new ArrayList<>();
    for (int r = 0; r < crew.ranks(); r++) {
      commands.add(rank(name, "" + r, crew, meet, jars));
    }
    return commands;
  }

  private List<String> rank(String engine, String rank, Crew crew, Path meet, List<Path> jars) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules=jdk.incubator.vector"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC"));
    command.addAll(List.of("-XX:-UsePerfData", "-Xlog:disable", "-XX:+DisplayVMOutputToStderr"));
    String flags = System.getenv(WorkerCommandLine.JAVA_OPTIONS);
    if (flags != null && !flags.isBlank()) {
      command.addAll(List.of(flags.strip().split("\\s+")));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(RankMain.class.getName(), "" + crew.port(), engine, rank));
    command.addAll(List.of("" + crew.ranks(), "" + mostBytes, meet.toString()));
    command.add(request.backend());
    jars.forEach(jar -> command.add(jar.toString()));
    return command;
  }

  private List<String> c(Optional<Path> starter, Crew crew) {
    return List.of(program(starter.orElseThrow()).toString(), "" + crew.port(), "" + mostBytes);
  }

  private static List<String> openMpiOver(String btl) {
    List<String> options = new ArrayList<>(OPEN_MPI);
    options.addAll(List.of("--mca", "pml", "ob1", "--mca", "btl", btl));
    options.addAll(List.of("--mca", "btl_tcp_if_include", "lo"));
    return options;
  }

  private static List<String> by(
      Optional<Path> starter, Crew crew, List<String> options, List<String> program) {
    List<String> command =
        new ArrayList<>(List.of(starter.orElseThrow().toString(), "-np", "" + crew.ranks()));
    command.addAll(options);
    command.addAll(program);
    return command;
  }
}
