package org.strait.launcher.meet;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import org.strait.launcher.start.Crew;
import org.strait.launcher.start.Death;
import org.strait.launcher.start.Outcome;
import org.strait.launcher.start.RankListener;

/// The ranks of a launch that somebody else made, as rank 0 sees them: its own, on a thread of this
/// process, and those that its {@link Leader} let in. It cannot end the others, only stop waiting
/// for them: they end themselves when rank 0 says good-bye or is gone.
public final class LaunchedCrew implements Crew {
  /// The end of one rank, numbered within the launch; -1 wakes the crew for an interrupt.
  private record Exit(int rank, int status, List<String> lastLines) {}

  private final int size;
  private final int first;
  private final IntFunction<String> labels;
  private final RankListener listener;
  private final Consumer<Death> onDeath;
  private final Duration grace;
  private final BlockingQueue<Exit> exits = new LinkedBlockingQueue<>();
  private volatile boolean interrupted;

  /// @param size ranks of the launch
  /// @param first what rank 0 of the launch is among all ranks of the job
  /// @param labels names a rank of the job in messages
  /// @param listener what ranks say goes here
  /// @param onDeath told who died
  /// @param grace what the others get to end by themselves
  public LaunchedCrew(
      int size,
      int first,
      IntFunction<String> labels,
      RankListener listener,
      Consumer<Death> onDeath,
      Duration grace) {
    this.size = size;
    this.first = first;
    this.labels = labels;
    this.listener = listener;
    this.onDeath = onDeath;
    this.grace = grace;
  }

  /// Lets all ranks begin.
  ///
  /// @param welcome what the others are told
  /// @param own rank 0's own work; returns its status
  public void begin(Leader leader, JsonObject welcome, IntSupplier own) {
    leader.begin(
        welcome,
        new Leader.Ear() {
          @Override
          public void line(int rank, String line) {
            if (!listener.output(first + rank, line)) {
              listener.log(first + rank, line);
            }
          }

          @Override
          public void left(int rank, int status, List<String> lastLines) {
            exits.add(new Exit(rank, status, lastLines));
          }
        });
    Thread.ofPlatform()
        .daemon()
        .name("strait-rank-0")
        .start(() -> exits.add(new Exit(0, own.getAsInt(), List.of())));
  }

  @Override
  public void interrupt() {
    interrupted = true;
    exits.add(new Exit(-1, 0, List.of()));
  }

  @Override
  public void silent(int rank) {
    exits.add(new Exit(rank - first, Death.SILENT, List.of()));
  }

  @Override
  public Outcome await() throws InterruptedException {
    List<Integer> statuses = new ArrayList<>(Collections.nCopies(size, -1));
    BitSet gone = new BitSet(size);
    int alive = size;
    Death cause = null;
    long deadline = Long.MAX_VALUE;
    while (alive > 0) {
      Exit exit =
          deadline == Long.MAX_VALUE
              ? exits.take()
              : exits.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      if (exit == null || exit.rank() < 0) {
        break;
      }
      if (gone.get(exit.rank())) {
        continue; // given up before
      }
      gone.set(exit.rank());
      alive--;
      statuses.set(exit.rank(), exit.status());
      if (exit.status() == 0) {
        continue;
      }
      int rank = first + exit.rank();
      Death death =
          new Death(
              rank,
              labels.apply(rank),
              exit.status(),
              listener.blamesPeer(rank),
              listener.phase(rank),
              exit.lastLines());
      if (cause == null || (cause.blamesPeer() && !death.blamesPeer())) {
        cause = death;
        onDeath.accept(death);
      }
      if (deadline == Long.MAX_VALUE) {
        // Those who wait for a stopped rank hear nothing until this one says good-bye.
        boolean now = listener.blamesUser(rank) || exit.status() == Death.SILENT;
        deadline = System.nanoTime() + (now ? 0 : grace.toNanos());
      }
    }
    // A launcher interrupts all ranks when one has died: that death is the news.
    boolean stopped = interrupted && (cause == null || cause.blamesPeer());
    return new Outcome(stopped, stopped ? Optional.empty() : Optional.ofNullable(cause), statuses);
  }
}
