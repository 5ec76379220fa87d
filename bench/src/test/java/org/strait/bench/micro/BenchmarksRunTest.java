package org.strait.bench.micro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
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
    "DenseOpsBenchmark, 18",
    "SparseOpsBenchmark, 4",
    "LossOpsBenchmark, 6",
    "UpdateOpsBenchmark, 6",
    "CodecOpsBenchmark, 14"
  })
  void everyBenchmarkOfTheFamilyRunsOnEveryBackend(String family, int results) throws Exception {
    Collection<RunResult> run =
        new Runner(
                new OptionsBuilder()
                    .include("\\." + family + "\\.")
                    .param("size", "cache")
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
  }
}
