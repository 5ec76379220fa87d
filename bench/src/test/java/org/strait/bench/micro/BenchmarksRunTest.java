package org.strait.bench.micro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Runs every benchmark once, in this JVM, so that none of them rots.
class BenchmarksRunTest {
  @ParameterizedTest
  @CsvSource({
    "DenseOpsBenchmark, 21",
    "SparseOpsBenchmark, 6",
    "LossOpsBenchmark, 6",
    "UpdateOpsBenchmark, 6",
    "CodecOpsBenchmark, 14"
  })
  void everyBenchmarkOfTheFamilyRunsOnEveryBackend(String family, int results) throws Exception {
    Collection<RunResult> run =
        new Runner(
                new OptionsBuilder()
                    .include("\\." + family + "\\.")
                    .param("size", "L1")
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(5))
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();
    assertEquals(results, run.size());
    for (RunResult result : run) {
      assertTrue(result.getPrimaryResult().getScore() > 0, result.getParams().id());
    }
    ByteArrayOutputStream table = new ByteArrayOutputStream();
    Summary.print(run, new PrintStream(table, true, StandardCharsets.UTF_8));
    List<String> lines = table.toString(StandardCharsets.UTF_8).lines().toList();
    assertEquals(1 + results, lines.size());
    for (String line : lines.subList(1, lines.size())) {
      assertTrue(
          line.matches(family + "\\.\\w+ +\\w+ +L1 +[0-9.]+( +[0-9.]+){1,2}"), "no rate: " + line);
    }
  }
}
