package org.strait.launcher.progress;

import java.io.Console;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/// The one choice of a {@link ProgressView}.
public final class ProgressViews {
  private static final int DEFAULT_COLUMNS = 80;

  private ProgressViews() {}

  /// The view for a stream.
  ///
  /// @param kind `live`, `plain` or `none`; see {@link #kind}
  /// @param stream where it goes
  /// @param dcs names of the data centres in order
  /// @param rounds the bound on rounds
  /// @param nanoTime the clock
  public static ProgressView of(
      String kind, PrintStream stream, List<String> dcs, int rounds, LongSupplier nanoTime) {
    return switch (kind) {
      case "live" ->
          new ContinuedView(
              new LiveView(
                  text -> {
                    stream.print(text);
                    stream.flush();
                  },
                  nanoTime,
                  System.getenv("NO_COLOR") == null,
                  columns(System.getenv("COLUMNS")),
                  dcs,
                  rounds));
      case "plain" -> new ContinuedView(new PlainView(stream::println, nanoTime));
      case "none" -> new Silent();
      default ->
          throw new IllegalArgumentException(
              "unknown progress \"" + kind + "\"; known: live, plain, none");
    };
  }

  /// What suits: nothing if quiet, live on a terminal, else plain. Without a terminal
  /// `System.console()` is null or says so, depending on the JDK.
  public static String kind(boolean quiet) {
    if (quiet) {
      return "none";
    }
    boolean terminal = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    return terminal ? "live" : "plain";
  }

  private static int columns(String text) {
    return text != null && text.matches("[0-9]{2,4}") ? Integer.parseInt(text) : DEFAULT_COLUMNS;
  }

  /// Shows nothing.
  private static final class Silent implements ProgressView {
    @Override
    public void ready(int ready, int ranks) {
      // quiet
    }

    @Override
    public void round(
        String phase,
        String dc,
        int round,
        double objective,
        double seconds,
        long rows,
        long sentBytes) {
      // quiet
    }

    @Override
    public void note(String line) {
      // quiet
    }

    @Override
    public void finish() {
      // quiet
    }
  }
}
