package org.strait.launcher.bench;

import java.io.IOException;
import java.util.SortedMap;

/// The measurements of {@code strait bench}.
public interface BenchSuite {
  /// What can be measured, each with a line for the help.
  SortedMap<String, String> benches();

  /// Measures.
  ///
  /// @throws org.strait.launcher.config.UserMistake if the request names what is not there
  BenchResult run(BenchRequest request) throws IOException;
}
