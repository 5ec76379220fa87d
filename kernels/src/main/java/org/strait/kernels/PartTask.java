package org.strait.kernels;

/// Work in parts, which may run at the same time; see {@link Backend#run}.
@FunctionalInterface
public interface PartTask {
  /// Does one part.
  ///
  /// @param part number of the part, from 0
  /// @param worker number of the thread that runs it, from 0, for its own scratch
  void run(int part, int worker);
}
