package org.strait.bench.allreduce;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import org.strait.engine.rendezvous.Sockets;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.transport.mpj.MpjPortExchange;

/// MPJ Express's own Allreduce, device niodev, started without its daemons. Only from offset 0:
/// elsewhere it is wrong.
final class MpjExpress {
  private static final long START_NANOS = 60_000_000_000L;

  private final MethodHandle allreduce;
  private final MethodHandle barrier;
  private final MethodHandle finish;

  private MpjExpress(MethodHandle allreduce, MethodHandle barrier, MethodHandle finish) {
    this.allreduce = allreduce;
    this.barrier = barrier;
    this.finish = finish;
  }

  /// Joins all ranks.
  ///
  /// @param jars mpj.jar and log4j-1.2.jar
  static MpjExpress join(List<Path> jars, int me, int ranks, Store store) {
    try (MpjPortExchange ports =
        me == 0 ? new MpjPortExchange("127.0.0.1", List.of(), ranks, "bench") : null) {
      if (ports != null) {
        store.set("mpj-express", "127.0.0.1:" + ports.port());
      }
      InetSocketAddress server = Sockets.parse(store.get("mpj-express", START_NANOS));
      String configuration =
          String.format(
              "#Number of Processes;%d;#Protocol Switch Limit;131072;#Server Name;%s;#Server"
                  + " Port;%d",
              ranks, server.getHostString(), server.getPort());
      ClassLoader loader =
          new URLClassLoader(
              jars.stream().map(MpjExpress::url).toArray(URL[]::new),
              ClassLoader.getPlatformClassLoader());
      Thread.currentThread().setContextClassLoader(loader);
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      Class<?> mpi = loader.loadClass("mpi.MPI");
      String[] arguments = {Integer.toString(me), configuration, "niodev"};
      Object unused =
          lookup
              .findStatic(mpi, "Init", MethodType.methodType(String[].class, String[].class))
              .invoke(arguments);
      Object world = mpi.getField("COMM_WORLD").get(null);
      Class<?> type = loader.loadClass("mpi.Datatype");
      MethodType reduction =
          MethodType.methodType(
              void.class,
              Object.class,
              int.class,
              Object.class,
              int.class,
              int.class,
              type,
              loader.loadClass("mpi.Op"));
      return new MpjExpress(
          MethodHandles.insertArguments(
              lookup.findVirtual(world.getClass(), "Allreduce", reduction).bindTo(world),
              5,
              mpi.getField("FLOAT").get(null),
              mpi.getField("SUM").get(null)),
          lookup
              .findVirtual(world.getClass(), "Barrier", MethodType.methodType(void.class))
              .bindTo(world),
          lookup.findStatic(mpi, "Finalize", MethodType.methodType(void.class)));
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /// Replaces the array by its sum over all ranks.
  void sum(float[] vector) {
    try {
      allreduce.invoke(vector, 0, vector, 0, vector.length);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /// Returns when every rank has called it.
  void barrier() {
    try {
      barrier.invoke();
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /// Ends MPJ Express.
  void close() {
    try {
      finish.invoke();
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  private static IllegalStateException failure(Throwable e) {
    return new IllegalStateException("MPJ Express: " + e, e);
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("not a jar: " + jar, e);
    }
  }
}
