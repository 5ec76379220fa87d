package org.strait.engine.transport.mpi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/// The programs that start MPI's processes, under the names of Debian's packages. Where one is
/// missing, tests skip and say why; where CI=true they fail.
@SuppressWarnings("ImmutableEnumChecker") // lists are of List.of
public enum MpiStarter {
  OPEN_MPI("mpirun.openmpi", "openmpi-bin", List.of("--oversubscribe", "--bind-to", "none")),
  MPICH("mpiexec.mpich", "mpich", List.of());

  private static final long LIMIT_SECONDS = 120;

  private final String program;
  private final String debianPackage;
  private final List<String> options;

  MpiStarter(String program, String debianPackage, List<String> options) {
    this.program = program;
    this.debianPackage = debianPackage;
    this.options = options;
  }

  /// What a job left behind.
  ///
  /// @param out standard output and standard error of all processes
  public record Ended(int status, String out) {
    /// What follows a word at the beginning of a line, for every line that begins with it, sorted.
    public List<String> after(String word) {
      return out.lines()
          .filter(line -> line.startsWith(word + " "))
          .map(line -> line.substring(word.length() + 1))
          .sorted()
          .toList();
    }
  }

  /// Skips the test if the program is missing.
  public MpiStarter require() {
    for (String folder : System.getenv("PATH").split(":", -1)) {
      if (Files.isExecutable(Path.of(folder, program))) {
        return this;
      }
    }
    String why = "no " + program + " on the PATH (Debian: apt-get install " + debianPackage + ")";
    if ("true".equals(System.getenv("CI"))) {
      Assertions.fail(why);
    }
    Assumptions.abort(why);
    return this;
  }

  /// Starts n Java processes, with their output in a file.
  public Process start(int n, Path output, Class<?> main, Object... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(program, "-np", Integer.toString(n)));
    command.addAll(options);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-Xshare:auto"));
    command.add("--add-modules=jdk.incubator.vector");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    for (Object argument : arguments) {
      command.add(String.valueOf(argument));
    }
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .putAll(Map.of("OMPI_ALLOW_RUN_AS_ROOT", "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"));
    return builder.redirectOutput(output.toFile()).start();
  }

  /// Runs n Java processes to their end.
  public Ended run(int n, Path output, Class<?> main, Object... arguments)
      throws IOException, InterruptedException {
    return await(start(n, output, main, arguments), output);
  }

  /// Waits for a job's end.
  public static Ended await(Process job, Path output) throws IOException, InterruptedException {
    if (!job.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      job.destroy();
      throw new AssertionError("the job hangs: " + Files.readString(output));
    }
    return new Ended(job.exitValue(), Files.readString(output));
  }
}
