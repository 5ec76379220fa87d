package org.strait.launcher.worker;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.strait.kernels.BackendUnavailableException;
import org.strait.kernels.calibration.Measurement;

/// The process that measures one backend, with the flags that ranks have.
public final class KernelMeasure {
  private KernelMeasure() {}

  /// Prints the figures; returns the exit status of the process.
  ///
  /// @param args name of the backend
  public static int run(String[] args) {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    try {
      Measurement.run(args[0], out::println);
      out.flush();
      return 0;
    } catch (BackendUnavailableException e) {
      return 2;
    }
  }
}
