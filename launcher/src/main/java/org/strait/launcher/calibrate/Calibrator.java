package org.strait.launcher.calibrate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.strait.kernels.calibration.Calibration;
import org.strait.kernels.calibration.Cost;
import org.strait.kernels.calibration.Work;
import org.strait.kernels.calibration.Workload;
import org.strait.launcher.start.WorkerCommandLine;

/// Gets the figures that `--backend auto` decides by: those kept from before, or measured now, once
/// for all ranks.
public final class Calibrator {
  /// In this order; a width that `simd` turned out to be is not measured again.
  private static final List<String> BACKENDS =
      List.of("scalar", "simd", "openblas", "simd-256", "simd-128");

  /// Measuring takes some seconds, once: a job must have this much to do with plain loops before it
  /// is measured for unasked.
  private static final double WORTH_SECONDS = 60;

  private static final long MOST_SECONDS = 60;

  private final CalibrationFile file;
  private final Function<String, List<String>> command;
  private final Consumer<String> notes;

  Calibrator(CalibrationFile file, Function<String, List<String>> command, Consumer<String> notes) {
    this.file = file;
    this.command = command;
    this.notes = notes;
  }

  /// Of this machine and this user.
  ///
  /// @param version of Strait
  /// @param notes gets a line about what could not be read, written or measured
  public static Calibrator real(String version, Consumer<String> notes) {
    Map<String, String> environment = System.getenv();
    List<String> machine = Machine.lines(version, environment.get(WorkerCommandLine.JAVA_OPTIONS));
    return new Calibrator(
        new CalibrationFile(CalibrationFile.in(environment), machine, notes),
        WorkerCommandLine::measure,
        notes);
  }

  /// Where figures are kept.
  public String path() {
    return file.path().toString();
  }

  /// Figures for a job: kept ones, or measured now if the job is worth it.
  ///
  /// @param work of one rank, roughly
  public Optional<Calibration> forJob(Work work) {
    Optional<Calibration> kept = file.read();
    if (kept.isPresent() || plainSeconds(work) < WORTH_SECONDS) {
      return kept;
    }
    notes.accept("measuring this machine's kernels, once, some seconds ...");
    return measure();
  }

  private static double plainSeconds(Work work) {
    double seconds = 0;
    for (Workload kind : Workload.values()) {
      seconds += new Cost(0, Calibration.typicalScalarNanos(kind)).seconds(work.of(kind), 1);
    }
    return seconds;
  }

  /// Measures now and keeps the figures; empty if not even plain loops could be measured.
  public Optional<Calibration> measure() {
    Set<String> lines = new LinkedHashSet<>();
    Set<String> measured = new LinkedHashSet<>();
    for (String backend : BACKENDS) {
      if (!measured.contains(backend)) {
        List<String> said = run(backend);
        said.forEach(line -> measured.add(line.split(" ", 2)[0]));
        lines.addAll(said);
      }
    }
    try {
      Calibration calibration =
          Calibration.parse(CalibrationFile.ORIGIN, String.join("\n", lines) + "\n");
      file.write(calibration);
      return Optional.of(calibration);
    } catch (IllegalArgumentException e) {
      notes.accept("this machine's kernels could not be measured (" + e.getMessage() + ")");
      return Optional.empty();
    }
  }

  /// What the measuring process of a backend says; nothing if the backend cannot run here.
  private List<String> run(String backend) {
    try {
      Process process =
          new ProcessBuilder(command.apply(backend))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        process.getOutputStream().close();
        List<String> lines = new ArrayList<>();
        try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
          reader.lines().forEach(lines::add);
        }
        boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
        return ended && process.exitValue() == 0 ? lines : List.of();
      } finally {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }
}
