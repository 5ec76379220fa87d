package org.strait.launcher.meet;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.strait.engine.rendezvous.Sockets;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.identity.Build;
import org.strait.launcher.identity.Identity;
import org.strait.launcher.start.Silence;

/// A rank other than 0 on its way to rank 0, and then in its hands.
public final class Follower implements AutoCloseable {
  private static final long FIRST_RETRY_NANOS = 5_000_000L;
  private static final long LAST_RETRY_NANOS = 200_000_000L;
  private static final long BYE_SECONDS = 30;

  /// Rank 0 sent this rank away; rank 0 says why to the user.
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String why) {
      super(why);
    }
  }

  private final Talk talk;
  private final JsonObject welcome;
  private final Silence silence = new Silence();
  private final CompletableFuture<Integer> bye = new CompletableFuture<>();
  private volatile boolean leaving;

  private Follower(Talk talk, JsonObject welcome) {
    this.talk = talk;
    this.welcome = welcome;
  }

  /// Finds rank 0 and waits until all ranks are there.
  ///
  /// @param patience how long to look for rank 0, and then how long it may wait for others
  /// @throws RefusedException if rank 0 sends this rank away
  /// @throws UserMistake if there is no rank 0
  public static Follower join(
      Meeting meeting, Identity me, Build build, String command, Duration patience)
      throws RefusedException {
    long deadline = System.nanoTime() + patience.toNanos();
    String trouble = "nobody has said where it is";
    long retryNanos = FIRST_RETRY_NANOS;
    while (System.nanoTime() < deadline) {
      for (Place place : meeting.look()) {
        try {
          Follower follower = ask(place, me, build, command, patience);
          if (follower != null) {
            return follower;
          }
          trouble = place + " has another command, or another secret";
        } catch (IOException e) {
          trouble = place + ": " + e.getMessage();
        }
      }
      LockSupport.parkNanos(retryNanos);
      retryNanos = Math.min(2 * retryNanos, LAST_RETRY_NANOS);
    }
    throw new UserMistake(
        me.label()
            + " found no rank 0 by "
            + meeting.where()
            + " within "
            + patience.toSeconds()
            + " s ("
            + trouble
            + ")",
        "all ranks must run the same command; --rendezvous HOST:PORT says where rank 0 is");
  }

  /// In the hands of rank 0, or null if this is not the right one.
  private static Follower ask(
      Place place, Identity me, Build build, String command, Duration patience)
      throws IOException, RefusedException {
    Talk talk = Talk.to(place);
    boolean welcome = false;
    try {
      talk.send(Leader.hello(me, build, command, place.token()));
      talk.patience(Talk.CONNECT_MILLIS);
      JsonObject answer = talk.read();
      if (answer != null && answer.has("come")) {
        talk.patience((int) patience.plusSeconds(10).toMillis());
        answer = talk.read();
      }
      if (answer != null && answer.has("refused")) {
        talk.patience(Talk.CONNECT_MILLIS);
        // Rank 0 closes when it has told the user: a launcher may end all ranks with the first.
        talk.line();
        throw new RefusedException(answer.get("refused").getAsString());
      }
      if (answer == null || !answer.has("welcome")) {
        return null;
      }
      talk.patience(0);
      welcome = true;
      return new Follower(talk, answer.getAsJsonObject("welcome"));
    } finally {
      if (!welcome) {
        Sockets.closeQuietly(talk);
      }
    }
  }

  /// What rank 0 says to all.
  public JsonObject welcome() {
    return welcome;
  }

  /// Address of this side of the connection.
  public java.net.InetAddress ownAddress() {
    return talk.own();
  }

  /// From now on, rank 0 may end this rank.
  ///
  /// @param end called, once, when rank 0 says so (with its status) or is gone (with -1), on
  ///     another thread; not after {@link #leave} began
  public void obey(IntConsumer end) {
    var _ =
        bye.whenComplete(
            (status, lost) -> {
              if (!leaving) {
                end.accept(lost == null ? status : -1);
              }
            });
    silence.heard(0);
    Silence.Watch watch =
        silence.watch(_ -> bye.completeExceptionally(new IOException("rank 0 fell silent")));
    var _ = bye.whenComplete((_, _) -> watch.close());
    Thread.ofPlatform().daemon().name("strait-follower").start(this::listen);
  }

  private void listen() {
    try {
      for (JsonObject words = talk.read(); words != null; words = talk.read()) {
        silence.heard(0);
        if (words.has("bye")) {
          bye.complete(words.get("bye").getAsInt());
          return;
        }
      }
      bye.completeExceptionally(new IOException("rank 0 closed the connection"));
    } catch (IOException e) {
      bye.completeExceptionally(e);
    }
  }

  /// Tells rank 0 something; if it is gone, {@link #obey} knows.
  public void line(String line) {
    try {
      talk.send(line);
    } catch (IOException e) {
      System.getLogger(Follower.class.getName()).log(System.Logger.Level.DEBUG, "line", e);
    }
  }

  /// Tells rank 0 how this rank ended and waits until it says good-bye.
  ///
  /// @return the status that rank 0 wants, or this rank's own if rank 0 does not answer
  public int leave(int status, List<String> lastLines) {
    leaving = true;
    try {
      talk.send(Leader.exit(status, lastLines));
      return bye.get(BYE_SECONDS, TimeUnit.SECONDS);
    } catch (IOException | ExecutionException | TimeoutException e) {
      return status;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return status;
    }
  }

  @Override
  public void close() {
    Sockets.closeQuietly(talk);
  }
}
