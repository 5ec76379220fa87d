package org.strait.launcher.doctor;

import java.util.ArrayList;
import java.util.List;

/// The one list of checks.
public final class Checks {
  private Checks() {}

  /// What all checks find on a host, in the order of the list.
  public static List<Finding> all(Host host) {
    List<Finding> findings = new ArrayList<>();
    for (Check check :
        List.of(
            new JdkCheck(),
            new VectorsCheck(),
            new BlasCheck(),
            new CudaCheck(),
            new CoresCheck(),
            new MemoryCheck(),
            new FoldersCheck(),
            new NetworkCheck(),
            new MpiCheck(),
            new ClusterCheck())) {
      findings.addAll(check.look(host));
    }
    return findings;
  }
}
