package org.strait.launcher.doctor;

import java.util.List;

/// Looks at one part of a machine. Changes nothing and starts nothing.
interface Check {
  /// What it found, the most important first; never empty.
  List<Finding> look(Host host);
}
