package org.strait.launcher.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// OpenBLAS, which comes as a jar for each platform and is unpacked into a folder of the user.
final class BlasCheck implements Check {
  private static final Set<String> THREADS = Set.of("", "1");

  @Override
  public List<Finding> look(Host host) {
    String platform = "linux-" + (host.property("os.arch").equals("aarch64") ? "arm64" : "x86_64");
    Optional<String> jar =
        Stream.of(host.jars().split(":", -1))
            .map(entry -> Path.of(entry).getFileName())
            .filter(name -> name != null && name.toString().startsWith("openblas-"))
            .map(Path::toString)
            .filter(name -> name.contains(platform))
            .findFirst();
    if (jar.isEmpty()) {
      return List.of(
          Finding.note(
              "openblas",
              "no library for "
                  + platform
                  + " came with this build; matrices are multiplied by our"
                  + " own kernels",
              "nothing for linear models; for nets add org.bytedeco:openblas with classifier "
                  + platform));
    }
    if (Files.exists(host.file("/lib/ld-musl-x86_64.so.1"))
        || Files.exists(host.file("/lib/ld-musl-aarch64.so.1"))) {
      return List.of(
          Finding.note(
              "openblas",
              "this system's C library is musl, OpenBLAS needs glibc",
              "take an image with glibc, such as Debian"));
    }
    if (!THREADS.contains(host.variable("OPENBLAS_NUM_THREADS"))) {
      return List.of(
          Finding.note(
              "openblas",
              jar.get()
                  + "; OPENBLAS_NUM_THREADS="
                  + host.variable("OPENBLAS_NUM_THREADS")
                  + " makes every thread of a rank start as many",
              "unset it; --threads says how many threads a rank has"));
    }
    return List.of(Finding.fine("openblas", jar.get()));
  }
}
