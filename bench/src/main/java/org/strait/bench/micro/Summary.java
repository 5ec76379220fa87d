package org.strait.bench.micro;

import java.io.PrintStream;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// Runs JMH with the command line of {@code org.openjdk.jmh.Main} and adds a table of rates: GB/s
/// and GFLOP/s.
public final class Summary {
  private Summary() {}

  /// Runs benchmarks.
  ///
  /// @param arguments as for JMH: a pattern, {@code -p size=L2}, {@code -p backend=simd}, {@code -f
  ///     1} …
  public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
    CommandLineOptions options = new CommandLineOptions(arguments);
    print(new Runner(new OptionsBuilder().parent(options).build()).run(), System.out);
  }

  /// Prints the table.
  static void print(Collection<RunResult> results, PrintStream out) {
    line(out, "benchmark", "backend", "size", "µs", "GB/s", "GFLOP/s");
    for (RunResult result : results) {
      String benchmark = result.getParams().getBenchmark();
      String size = result.getParams().getParam("size");
      double micros = result.getPrimaryResult().getScore();
      Amount amount = amount(benchmark);
      double n = Workbench.length(size);
      double side = Workbench.side(size);
      line(
          out,
          benchmark.substring(benchmark.lastIndexOf('.', benchmark.lastIndexOf('.') - 1) + 1),
          result.getParams().getParam("backend"),
          size,
          String.format(Locale.ROOT, "%.3f", micros),
          rate(amount.bytes() * n, micros),
          rate(amount.flops() * n + amount.cubeFlops() * side * side * side, micros));
    }
  }

  private static void line(PrintStream out, String... words) {
    out.println(String.format("%-46s %-10s %-8s %12s %10s %10s", (Object[]) words).stripTrailing());
  }

  /// 10⁹ a second, or nothing where nothing is counted.
  private static String rate(double amount, double micros) {
    return amount == 0 ? "" : String.format(Locale.ROOT, "%.2f", amount / micros * 1e-3);
  }

  private static Amount amount(String benchmark) {
    int dot = benchmark.lastIndexOf('.');
    try {
      for (Method method : Class.forName(benchmark.substring(0, dot)).getMethods()) {
        if (method.getName().equals(benchmark.substring(dot + 1))) {
          return method.getAnnotation(Amount.class);
        }
      }
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(benchmark + " ran, but its class is gone", e);
    }
    throw new IllegalStateException("no method " + benchmark);
  }
}
