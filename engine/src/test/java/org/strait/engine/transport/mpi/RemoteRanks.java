package org.strait.engine.transport.mpi;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.Fabric;
import org.strait.engine.transport.Transport;

/// An MPI job of {@link RankServer}s, for all tests of a class. Member i of a group is process i of
/// the job.
final class RemoteRanks implements AutoCloseable {
  private static final int START_MILLIS = 60_000;

  private final Path folder;
  private final Process job;
  private final Socket[] controls;
  private final int[] ports;
  private final AtomicInteger stores = new AtomicInteger();

  /// Starts n processes.
  ///
  /// @param folder for output and stores
  RemoteRanks(MpiStarter starter, int n, Path folder) throws IOException {
    this.folder = folder;
    controls = new Socket[n];
    ports = new int[n];
    Path output = folder.resolve("job.log");
    try (ServerSocket server = new ServerSocket(0, n, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout(START_MILLIS);
      job = starter.start(n, output, RankServer.class, server.getLocalPort());
      for (int i = 0; i < n; i++) {
        Socket control = server.accept();
        DataInputStream in = new DataInputStream(control.getInputStream());
        int rank = in.readInt();
        controls[rank] = control;
        ports[rank] = in.readInt();
      }
    } catch (IOException e) {
      throw new IOException(e.getMessage() + ": " + Files.readString(output), e);
    }
  }

  /// A fabric for one test: the job lives on when it is closed.
  public Fabric fabric() {
    Path store = folder.resolve("store" + stores.incrementAndGet());
    try {
      Files.createDirectory(store);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Fabric() {
      @Override
      public Transport join(Group group) {
        return new RemoteTransport(ports[group.me()], group, store);
      }

      @Override
      public void close() {
        // the store's folder goes with the test's
      }
    };
  }

  /// Ends the job.
  @Override
  public void close() throws IOException {
    for (Socket control : controls) {
      control.close();
    }
    try {
      if (!job.waitFor(30, TimeUnit.SECONDS)) {
        job.destroy();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      job.destroy();
    }
  }
}
