package org.strait.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// {@code strait bench} as a process, as the start script starts it.
@Timeout(60)
class CommandTest {
  @TempDir Path folder;

  private record Ended(int status, String out, String err) {}

  private Ended strait(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-XX:+UseSerialGC", "-Xlog:disable"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("org.strait.launcher.Main", "bench"));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--out", folder.resolve("out").toString()));
    Path out = folder.resolve("stdout");
    Path err = folder.resolve("stderr");
    ProcessBuilder builder = new ProcessBuilder(command);
    // No compiler: these tests are about words.
    builder.environment().put("PATH", folder.toString());
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    try {
      assertTrue(process.waitFor(50, TimeUnit.SECONDS), "still running");
    } finally {
      process.destroyForcibly();
    }
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  @Test
  void jsonIsOneArrayAndProgressGoesToStandardError() throws Exception {
    Ended run =
        strait("kernels", "--quick", "--json", "--threads", "1", "--only", "dot l1,max-abs*");
    assertEquals(0, run.status, run.err);
    JsonArray rows = JsonParser.parseString(run.out).getAsJsonArray();
    assertTrue(rows.size() >= 2, run.out);
    assertTrue(run.err.contains("dot l1"), run.err);
    assertEquals(rows, JsonParser.parseString(Files.readString(folder.resolve("out/bench.json"))));
  }

  @Test
  void quietMeansTheTableOnly() throws Exception {
    Ended run = strait("kernels", "--quick", "-q", "--threads", "1", "--only", "dot l1");
    assertEquals(0, run.status, run.err);
    assertTrue(run.out.startsWith("case "), run.out);
    assertFalse(run.err.contains("dot l1"), run.err);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "kernel ! strait: unknown benchmark \"kernel\"; there are: allreduce, codec, geo, kernels, nets, parse, train, wan",
        "allreduce --engines tcp,vader ! strait: --engines: unknown engine \"vader\"; known: shared-",
        "allreduce --np 1 ! strait: --np: \"1\" is no number of ranks that can sum; write numbers",
        "allreduce --np 2,0 ! strait: --np: \"0\" is no number of ranks that can sum; write numbers",
        "allreduce --sizes 3B ! strait: --sizes: \"3B\" is no whole number of floats from 4B to 1GB",
        "allreduce --sizes 1KB,much ! strait: --sizes: \"much\" is no size; write sizes such as 1KB",
        "allreduce --sizes 1MB..1KB ! strait: --sizes: \"1MB..1KB\" is an empty range; write sizes",
        "allreduce --engines openmpi ! strait: --engines: openmpi cannot run here, no mpirun of Open",
        "allreduce --only 3KB ! strait: --only: no case matches \"3KB\"; there are: float32 4",
        "allreduce --threads 2 ! strait: --threads does not go with bench allreduce; say --np",
        "kernels --np 2 ! strait: --np, --sizes and --engines do not go with bench kernels; they",
        "kernels --quick --only dense,gemv ! strait: --only: no case matches \"gemv\"; there are: ",
        "kernels --threads 1,0 ! strait: --threads: \"0\" is no number of threads; write numbers",
        "train --data nowhere ! strait: there is no file nowhere; give files of LIBSVM text",
        "train --gap 0 ! strait: --gap: \"0\" is no number above 0; write for instance 1e-6",
        "train --dcs 2 ! strait: --dcs does not go with bench train; it belongs to bench geo",
        "wan --gap 1 ! strait: --gap does not go with bench wan; it belongs to bench geo and train",
        "kernels --backend simd-1 ! strait: --backend: unknown backend \"simd-1\"; known: auto",
      })
  void mistakesAreOneLine(String arguments, String line) throws Exception {
    Ended run = strait(arguments.split(" ", -1));
    assertEquals(2, run.status, run.err);
    List<String> complaints = run.err.lines().filter(said -> said.startsWith("strait: ")).toList();
    assertEquals(1, complaints.size(), run.err);
    assertTrue(complaints.getFirst().startsWith(line), run.err);
  }
}
