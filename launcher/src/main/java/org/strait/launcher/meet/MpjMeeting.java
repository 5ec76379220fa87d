package org.strait.launcher.meet;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.identity.MpjArguments;

/// MPJ Express's own messages: MPI.Init, then rank 0 sends every other rank the place. Nothing else
/// goes over MPJ here. MPI.Init returns when all ranks called it; MPI.Finalize is not called,
/// because a rank that died would make it wait for ever.
final class MpjMeeting implements Meeting {
  private static final int TAG = 1;
  private static final int PLACE_BYTES = 512;

  private final String bind;
  private final int rank;
  private final int size;
  private final Object world;
  private final Object bytes;
  private final MethodHandle send;
  private final MethodHandle receive;
  private CompletableFuture<Place> told;

  /// Joins MPJ's world.
  ///
  /// @param loader a class loader that has mpi.MPI
  MpjMeeting(String bind, MpjArguments arguments, ClassLoader loader) {
    this.bind = bind;
    rank = arguments.rank();
    size = arguments.size();
    try {
      Class<?> mpi = loader.loadClass("mpi.MPI");
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      lookup
          .findStatic(mpi, "Init", MethodType.methodType(String[].class, String[].class))
          .invoke(arguments.forInit());
      world = mpi.getField("COMM_WORLD").get(null);
      bytes = mpi.getField("BYTE").get(null);
      Class<?> datatype = loader.loadClass("mpi.Datatype");
      MethodType transfer =
          MethodType.methodType(
              void.class, Object.class, int.class, int.class, datatype, int.class, int.class);
      send = lookup.findVirtual(world.getClass(), "Send", transfer);
      receive =
          lookup.findVirtual(
              world.getClass(), "Recv", transfer.changeReturnType(loader.loadClass("mpi.Status")));
    } catch (Throwable e) {
      throw mistake(e);
    }
  }

  private static UserMistake mistake(Throwable e) {
    if (e instanceof Error error && !(e instanceof LinkageError)) {
      throw error;
    }
    return new UserMistake(
        "MPJ Express did not come up: " + (e.getMessage() == null ? e : e.getMessage()),
        "check mpjrun with a program of its own first");
  }

  @Override
  public String bind() {
    return bind;
  }

  @Override
  public void announce(Place place) {
    byte[] text = Arrays.copyOf(place.text().getBytes(StandardCharsets.UTF_8), PLACE_BYTES);
    try {
      for (int to = 0; to < size; to++) {
        if (to != rank) {
          send.invoke(world, (Object) text, 0, text.length, bytes, to, TAG);
        }
      }
    } catch (Throwable e) {
      throw mistake(e);
    }
  }

  @Override
  public List<Place> look() {
    if (told == null) {
      told = new CompletableFuture<>();
      Thread.ofPlatform().daemon().name("strait-mpj-place").start(this::listen);
    }
    try {
      return told.isDone() ? List.of(told.get()) : List.of();
    } catch (ExecutionException e) {
      throw mistake(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private void listen() {
    byte[] text = new byte[PLACE_BYTES];
    try {
      receive.invoke(world, (Object) text, 0, text.length, bytes, 0, TAG);
      Optional<Place> place =
          Place.parse(new String(text, StandardCharsets.UTF_8).replace("\0", ""));
      told.complete(place.orElseThrow());
    } catch (Throwable e) {
      told.completeExceptionally(e);
    }
  }

  @Override
  public String where() {
    return "a message of MPJ Express";
  }

  @Override
  public void close() {
    // See above: no MPI.Finalize.
  }
}
