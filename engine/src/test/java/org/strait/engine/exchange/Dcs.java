package org.strait.engine.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.strait.engine.compress.Compressor;
import org.strait.engine.compress.Compressors;
import org.strait.engine.compress.TestCodec;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Transport;
import org.strait.memory.HostMemory;

/// Runs one piece of code per DC, each in its own thread.
final class Dcs {
  static final Deadline DEADLINE = Deadline.seconds("test exchange", 20);

  private Dcs() {}

  /// What one DC does.
  interface Body<T> {
    T run(int dc, Transport transport, HostMemory memory) throws Exception;
  }

  /// Results in DC order; a DC that throws has its exception instead. Transports stay open until
  /// all are done, so that a DC that failed first is not another one's lost peer.
  static List<Object> each(int dcs, Body<?> body) throws InterruptedException, TimeoutException {
    Transport[] transports = TestTransport.mesh(dcs);
    List<Object> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(dcs)) {
      List<Future<Object>> futures = new ArrayList<>();
      for (int i = 0; i < dcs; i++) {
        int dc = i;
        futures.add(
            threads.submit(
                () -> {
                  try (HostMemory memory = HostMemory.unlimited("dc" + (dc + 1))) {
                    return body.run(dc, transports[dc], memory);
                  }
                }));
      }
      for (Future<Object> future : futures) {
        try {
          results.add(future.get(60, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
          results.add(e.getCause());
        }
      }
    } finally {
      for (Transport transport : transports) {
        transport.close();
      }
    }
    return results;
  }

  /// Opens a mesh with a compressor of its own.
  static Exchange mesh(String spec, long n, Transport transport, HostMemory memory) {
    return open("mesh", spec, n, transport, memory);
  }

  /// Opens an exchange with a compressor of its own.
  static Exchange open(String name, String spec, long n, Transport transport, HostMemory memory) {
    Compressor compressor = Compressors.parse(spec, n, TestCodec.ops(), memory);
    return Exchanges.open(
        name, transport, compressor, n, "settings 1", TestCodec.ops(), memory, DEADLINE);
  }
}
