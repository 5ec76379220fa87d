package org.strait.launcher.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Folders that ranks write to: temporary files, libraries unpacked for this user, memory that
/// ranks of a host share.
final class FoldersCheck implements Check {
  private static final double MIB = 1L << 20;
  private static final double LEAST_TEMPORARY_MIB = 256;
  private static final double LEAST_SHARED_MIB = 256;

  @Override
  public List<Finding> look(Host host) {
    List<Finding> findings = new ArrayList<>();
    Path temporary = Path.of(host.property("java.io.tmpdir"));
    double free = freeMib(temporary);
    if (!Files.isWritable(temporary)) {
      findings.add(
          Finding.problem(
              "temporary files",
              temporary + " cannot be written",
              "set TMPDIR, and STRAIT_JAVA_OPTS=-Djava.io.tmpdir=DIR"));
    } else if (free < LEAST_TEMPORARY_MIB) {
      findings.add(
          Finding.note(
              "temporary files",
              String.format(Locale.ROOT, "%s has %.0f MiB left", temporary, free),
              "make room, or STRAIT_JAVA_OPTS=-Djava.io.tmpdir=DIR"));
    } else {
      findings.add(Finding.fine("temporary files", temporary + room(free)));
    }
    findings.add(libraries(host));
    findings.add(shared(host));
    return findings;
  }

  /// JavaCPP unpacks libraries into the home folder; they must be allowed to run there.
  private static Finding libraries(Host host) {
    String set = host.property("org.bytedeco.javacpp.cachedir");
    Path home = Path.of(host.property("user.home"));
    Path cache = set.isEmpty() ? home.resolve(".javacpp/cache") : Path.of(set);
    Path there = cache;
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    if (there == null || !Files.isWritable(there)) {
      return Finding.note(
          "unpacked libraries",
          cache + " cannot be written: OpenBLAS is then unpacked into the temporary folder",
          "STRAIT_JAVA_OPTS=-Dorg.bytedeco.javacpp.cachedir=DIR");
    }
    if (List.of(host.mount(there).split(",", -1)).contains("noexec")) {
      return Finding.note(
          "unpacked libraries",
          cache + " is on a file system without the right to run programs (noexec)",
          "STRAIT_JAVA_OPTS=-Dorg.bytedeco.javacpp.cachedir=DIR on another one");
    }
    return Finding.fine("unpacked libraries", cache.toString());
  }

  private static Finding shared(Host host) {
    Path shared = host.file("/dev/shm");
    if (!Files.isWritable(shared)) {
      return Finding.note(
          "shared memory",
          "no /dev/shm: ranks of a host share memory through temporary files",
          "containers: mount a tmpfs there (docker: --shm-size 2g)");
    }
    double free = freeMib(shared);
    return free < LEAST_SHARED_MIB
        ? Finding.note(
            "shared memory",
            String.format(Locale.ROOT, "/dev/shm has %.0f MiB left", free),
            "ranks need a few times the model there (docker: --shm-size 2g); --transport tcp needs"
                + " none")
        : Finding.fine("shared memory", "/dev/shm" + room(free));
  }

  private static String room(double mib) {
    return String.format(Locale.ROOT, ", %.1f GiB free", mib / 1024);
  }

  private static double freeMib(Path folder) {
    try {
      FileStore store = Files.getFileStore(folder);
      return store.getUsableSpace() / MIB;
    } catch (IOException e) {
      return 0;
    }
  }
}
