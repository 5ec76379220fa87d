package org.strait.launcher.doctor;

import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/// Graphics processors, and what would be needed to compute on them.
final class CudaCheck implements Check {
  @Override
  public List<Finding> look(Host host) {
    boolean device = Files.exists(host.file("/dev/nvidia0"));
    Optional<String> driver =
        host.found("/proc/driver/nvidia/version", "Kernel Module\\D*(\\d+[.\\d]*)");
    if (!device) {
      return List.of(
          Finding.fine(
              "cuda",
              driver.isPresent()
                  ? "driver " + driver.get() + ", but no device is given to this process"
                  : "no NVIDIA device; ranks compute on the processor"));
    }
    return List.of(
        Finding.note(
            "cuda",
            "a device"
                + driver.map(v -> ", driver " + v).orElse("")
                + "; this build has no CUDA backend",
            "nothing: ranks compute on the processor"));
  }
}
