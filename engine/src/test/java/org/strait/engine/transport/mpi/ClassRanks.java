package org.strait.engine.transport.mpi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.strait.engine.transport.Fabric;

/// The {@link RemoteRanks} of a test class: started before its first test, ended after its last.
public final class ClassRanks implements BeforeAllCallback, AfterAllCallback {
  private final MpiStarter starter;
  private final int size;
  private Path folder;
  private RemoteRanks ranks;

  /// @param size processes
  public ClassRanks(MpiStarter starter, int size) {
    this.starter = starter;
    this.size = size;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    MpiStarter there = starter.require();
    folder = Files.createTempDirectory("strait-mpi");
    ranks = new RemoteRanks(there, size, folder);
  }

  /// A fabric for one test.
  public Fabric fabric() {
    return ranks.fabric();
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    if (ranks != null) {
      ranks.close();
    }
    if (folder != null) {
      List<Path> left;
      try (Stream<Path> files = Files.walk(folder)) {
        left = files.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
    }
  }
}
