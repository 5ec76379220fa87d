package org.strait.launcher.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Message passing engines that `strait launch` and the transports can use; none is needed.
final class MpiCheck implements Check {
  @Override
  public List<Finding> look(Host host) {
    List<String> found = new ArrayList<>();
    host.program("mpirun").ifPresent(path -> found.add("mpirun (" + real(path) + ")"));
    host.library("libmpi.so.40", "libmpi.so.80").ifPresent(path -> found.add("Open MPI " + path));
    host.library("libmpich.so.12", "libmpi.so.12").ifPresent(path -> found.add("MPICH " + path));
    String home = host.variable("MPJ_HOME");
    if (!home.isEmpty() && !Files.exists(Path.of(home, "lib", "mpj.jar"))) {
      return List.of(
          Finding.problem(
              "mpi",
              "MPJ_HOME is " + home + ", where there is no lib/mpj.jar",
              "set it to the folder of MPJ Express, or unset it"));
    }
    if (!home.isEmpty() || Files.exists(host.file("/usr/share/mpj/lib/starter.jar"))) {
      found.add("MPJ Express" + (home.isEmpty() ? "" : " " + home));
    }
    return List.of(
        Finding.fine(
            "mpi",
            found.isEmpty()
                ? "no MPI; ranks are started and connected by strait itself"
                : String.join(", ", found)));
  }

  private static String real(Path path) {
    try {
      return path.toRealPath().getFileName().toString();
    } catch (IOException e) {
      return path.toString();
    }
  }
}
