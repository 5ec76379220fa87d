package org.strait.kernels.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MeasurementTest {
  /// Vectors are measured by processes of their own: here they would spoil other tests' JVM.
  @Test
  void everyKindOfWorkGetsAFigure() throws Exception {
    List<String> lines = new ArrayList<>();
    Measurement.run("scalar", lines::add);
    Calibration measured = Calibration.parse("test", String.join("\n", lines));
    assertEquals(Set.of("scalar"), measured.backends());
    for (Workload kind : Workload.values()) {
      double nanos = measured.cost("scalar", kind).orElseThrow().nanosPerElement();
      assertTrue(nanos > 0, kind + " " + nanos);
    }
  }
}
