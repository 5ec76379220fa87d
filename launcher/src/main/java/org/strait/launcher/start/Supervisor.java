package org.strait.launcher.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Runs a set of ranks to their common end. When one dies, the others get a grace period to end by
/// themselves, then SIGTERM, then SIGKILL. The cause is the first death of a rank that does not
/// blame a peer: a rank that lost its peer may well be seen dead before the peer is.
public final class Supervisor implements Crew {
  private static final Duration TERM_TO_KILL = Duration.ofSeconds(2);

  /// The end of one process, by its place in the list; -1 wakes the supervisor for an interrupt.
  private record Exit(int index, int status) {}

  private final RankListener listener;
  private final Consumer<Death> onDeath;
  private final Duration grace;
  private final List<RankProcess> ranks = new ArrayList<>();
  private final BlockingQueue<Exit> exits = new LinkedBlockingQueue<>();
  private final List<CompletableFuture<Void>> watches = new ArrayList<>();
  private final Set<Integer> silent = ConcurrentHashMap.newKeySet();
  private volatile boolean interrupted;

  /// @param listener what ranks say goes here
  /// @param onDeath told who died, as soon as it is known; a second time if a later finding is
  ///     nearer to the cause
  /// @param grace what the others get to end by themselves
  public Supervisor(RankListener listener, Consumer<Death> onDeath, Duration grace) {
    this.listener = listener;
    this.onDeath = onDeath;
    this.grace = grace;
  }

  /// Starts all ranks; their logs go to `rank-N.log` in the folder.
  ///
  /// @throws IOException if one cannot be started; then none is left running
  public void start(List<RankSpec> specs, Path logs) throws IOException {
    Files.createDirectories(logs);
    try {
      for (RankSpec spec : specs) {
        int index = ranks.size();
        RankProcess rank = RankProcess.start(spec, listener, logs);
        ranks.add(rank);
        watches.add(
            rank.process().onExit().thenAccept(p -> exits.add(new Exit(index, p.exitValue()))));
      }
    } catch (IOException e) {
      ranks.forEach(rank -> rank.process().destroyForcibly());
      throw e;
    }
  }

  /// Asks for an early end; {@link #await} then ends all ranks and returns.
  @Override
  public void interrupt() {
    interrupted = true;
    exits.add(new Exit(-1, 0));
  }

  @Override
  public void silent(int rank) {
    silent.add(rank);
    for (RankProcess process : ranks) {
      if (process.spec().rank() == rank) {
        process.process().toHandle().destroyForcibly();
      }
    }
  }

  /// Process ids, in the order of the list.
  public List<Long> pids() {
    return ranks.stream().map(rank -> rank.process().pid()).toList();
  }

  @Override
  public Outcome await() throws InterruptedException {
    List<Integer> statuses = new ArrayList<>(Collections.nCopies(ranks.size(), 0));
    int alive = ranks.size();
    Death cause = null;
    long deadline = Long.MAX_VALUE;
    boolean stopping = false;
    try {
      while (alive > 0) {
        Exit exit = next(deadline);
        if (exit == null || (exit.index() < 0 && !stopping)) {
          signal(stopping);
          deadline = System.nanoTime() + TERM_TO_KILL.toNanos();
          stopping = true;
          continue;
        }
        if (exit.index() < 0) {
          continue;
        }
        alive--;
        statuses.set(exit.index(), exit.status());
        ranks.get(exit.index()).drain();
        if (exit.status() == 0 || stopping) {
          continue;
        }
        Death death = death(exit);
        if (cause == null || (cause.blamesPeer() && !death.blamesPeer())) {
          cause = death;
          onDeath.accept(death);
        }
        if (deadline == Long.MAX_VALUE) {
          deadline = System.nanoTime() + (listener.blamesUser(death.rank()) ? 0 : grace.toNanos());
        }
      }
    } finally {
      ranks.forEach(rank -> rank.process().destroyForcibly());
      ranks.forEach(RankProcess::closeLog);
    }
    return new Outcome(
        interrupted, interrupted ? Optional.empty() : Optional.ofNullable(cause), statuses);
  }

  private Exit next(long deadline) throws InterruptedException {
    if (deadline == Long.MAX_VALUE) {
      return exits.take();
    }
    return exits.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
  }

  /// Through the handles: `Process.destroy` would also close the streams, and last words be lost.
  private void signal(boolean kill) {
    for (RankProcess rank : ranks) {
      ProcessHandle handle = rank.process().toHandle();
      boolean asked = kill ? handle.destroyForcibly() : handle.destroy();
      assert asked || !handle.isAlive() : "no permission to end " + rank.spec().label();
    }
  }

  private Death death(Exit exit) {
    RankProcess rank = ranks.get(exit.index());
    return new Death(
        rank.spec().rank(),
        rank.spec().label(),
        silent.contains(rank.spec().rank()) ? Death.SILENT : exit.status(),
        listener.blamesPeer(rank.spec().rank()),
        listener.phase(rank.spec().rank()),
        rank.lastLines());
  }
}
