package org.strait.engine.transport.mpj;

import java.io.File;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.strait.engine.rendezvous.Sockets;

/// One MPJ Express process as seen by one rank. MPJ keeps its state in statics, so every world gets
/// a class loader of its own and several may live in one JVM. MPJ's threads are daemons, because
/// the thread that starts them is one: a lost peer cannot keep the JVM alive.
final class MpjWorld implements AutoCloseable {
  private static final long FINALIZE_MILLIS = 2_000;

  private final URLClassLoader loader;
  private final String name;
  private final MethodHandle init;
  private final MethodHandle finish;
  private final Class<?> mpi;
  private final MethodType transfer;
  private final MethodHandle test;
  private final MethodHandle count;
  private MethodHandle isend;
  private MethodHandle irecv;
  private Object bytes;

  /// Loads MPJ without starting it.
  ///
  /// @param name for thread names
  /// @throws IllegalArgumentException if the jars are missing or not MPJ Express 0.44
  MpjWorld(List<Path> jars, String name) {
    this.name = name;
    for (Path jar : jars) {
      if (!new File(jar.toString()).isFile()) {
        throw new IllegalArgumentException("MPJ Express jar " + jar + " does not exist");
      }
    }
    loader =
        new URLClassLoader(
            jars.stream().map(MpjWorld::url).toArray(URL[]::new),
            ClassLoader.getPlatformClassLoader());
    MethodHandles.Lookup lookup = MethodHandles.publicLookup();
    try {
      mpi = loader.loadClass("mpi.MPI");
      Class<?> datatype = loader.loadClass("mpi.Datatype");
      Class<?> request = loader.loadClass("mpi.Request");
      Class<?> status = loader.loadClass("mpi.Status");
      transfer =
          MethodType.methodType(
              request, Object.class, int.class, int.class, datatype, int.class, int.class);
      init = lookup.findStatic(mpi, "Init", MethodType.methodType(String[].class, String[].class));
      finish = lookup.findStatic(mpi, "Finalize", MethodType.methodType(void.class));
      test =
          lookup
              .findVirtual(request, "Test", MethodType.methodType(status))
              .asType(MethodType.methodType(Object.class, Object.class));
      count =
          lookup
              .findVirtual(status, "Get_count", MethodType.methodType(int.class, datatype))
              .asType(MethodType.methodType(int.class, Object.class, Object.class));
    } catch (ReflectiveOperationException | NoClassDefFoundError e) {
      Sockets.closeQuietly(loader);
      throw new IllegalArgumentException(
          "transport mpj needs the jars of MPJ Express 0.44 (mpj.jar and log4j-1.2.jar; Debian:"
              + " libmpj-java, liblog4j1.2-java), got "
              + jars,
          e);
    }
  }

  /// Runs MPI.Init with the niodev device; false if it has not come back in time.
  boolean start(int rank, String configuration, long timeoutNanos) throws IOException {
    String[] arguments = {Integer.toString(rank), configuration, "niodev"};
    if (!onDaemon("init", () -> init.invoke(arguments), timeoutNanos / 1_000_000)) {
      return false;
    }
    try {
      Object world = mpi.getField("COMM_WORLD").get(null);
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      MethodType erased =
          transfer.changeReturnType(Object.class).changeParameterType(3, Object.class);
      isend = lookup.findVirtual(world.getClass(), "Isend", transfer).bindTo(world).asType(erased);
      irecv = lookup.findVirtual(world.getClass(), "Irecv", transfer).bindTo(world).asType(erased);
      bytes = mpi.getField("BYTE").get(null);
      return true;
    } catch (ReflectiveOperationException e) {
      throw new IOException("not MPJ Express 0.44", e);
    }
  }

  /// Begins to send the first n bytes; returns MPJ's request.
  Object isend(byte[] data, int n, int to, int tag) throws IOException {
    try {
      return (Object) isend.invokeExact((Object) data, 0, n, bytes, to, tag);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /// Begins to receive at most as many bytes as the array has; returns MPJ's request.
  Object irecv(byte[] data, int from, int tag) throws IOException {
    try {
      return (Object) irecv.invokeExact((Object) data, 0, data.length, bytes, from, tag);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /// MPJ's status if the request is complete, else null.
  Object test(Object request) throws IOException {
    try {
      return (Object) test.invokeExact(request);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /// Bytes that a completed receive brought.
  int count(Object status) throws IOException {
    try {
      return (int) count.invokeExact(status, bytes);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /// MPI.Finalize, which may wait for peers that are gone, so it gets two seconds.
  @Override
  public void close() {
    try {
      onDaemon("finalize", () -> finish.invoke(), FINALIZE_MILLIS);
    } catch (IOException e) {
      System.getLogger(MpjWorld.class.getName()).log(System.Logger.Level.DEBUG, "Finalize", e);
    }
    Sockets.closeQuietly(loader);
  }

  /// Frees the class loader of a world that never started.
  void discard() {
    Sockets.closeQuietly(loader);
  }

  @FunctionalInterface
  private interface Call {
    Object run() throws Throwable;
  }

  private boolean onDaemon(String what, Call call, long timeoutMillis) throws IOException {
    AtomicReference<Throwable> failed = new AtomicReference<>();
    Thread thread =
        Thread.ofPlatform()
            .name("strait-mpj-" + what + "-" + name)
            .daemon()
            .unstarted(
                () -> {
                  try {
                    call.run();
                  } catch (Throwable e) {
                    failed.set(e);
                  }
                });
    thread.setContextClassLoader(loader);
    thread.start();
    try {
      thread.join(Math.max(1, timeoutMillis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    if (failed.get() != null) {
      throw failure(failed.get());
    }
    return !thread.isAlive();
  }

  private static IOException failure(Throwable e) {
    if (e instanceof Error error && !(e instanceof LinkageError)) {
      throw error;
    }
    return new IOException("MPJ Express: " + (e.getMessage() == null ? e : e.getMessage()), e);
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("not a jar: " + jar, e);
    }
  }
}
