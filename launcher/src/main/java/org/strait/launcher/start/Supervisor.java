package org.strait.launcher.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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
  private final Set<String> lostDcs = new HashSet<>();
  private volatile boolean survives;
  private volatile boolean interrupted;
  private int alive;
  private boolean over;

  /// @param listener what ranks say goes here
  /// @param onDeath told who died, as soon as it is known; a second time if a later finding is
  ///     nearer to the cause
  /// @param grace what the others get to end by themselves
  public Supervisor(RankListener listener, Consumer<Death> onDeath, Duration grace) {
    this.listener = listener;
    this.onDeath = onDeath;
    this.grace = grace;
  }

  /// From now on the death of a rank ends the ranks of its data centre only, once all ranks are in
  /// their rounds: those of the others decide by their quorum.
  public Supervisor surviving() {
    survives = true;
    return this;
  }

  /// Starts all ranks; their logs go to `rank-N.log` in the folder.
  ///
  /// @throws IOException if one cannot be started; then none is left running
  public synchronized void start(List<RankSpec> specs, Path logs) throws IOException {
    Files.createDirectories(logs);
    try {
      for (RankSpec spec : specs) {
        int index = ranks.size();
        RankProcess rank = RankProcess.start(spec, listener, logs);
        ranks.add(rank);
        alive++;
        watches.add(
            rank.process().onExit().thenAccept(p -> exits.add(new Exit(index, p.exitValue()))));
      }
    } catch (IOException e) {
      ranks.forEach(rank -> rank.process().destroyForcibly());
      throw e;
    }
  }

  /// Starts the ranks of a data centre again; false if all others have ended meanwhile.
  public synchronized boolean again(List<RankSpec> specs, Path logs) throws IOException {
    if (over) {
      return false;
    }
    lostDcs.remove(specs.getFirst().dc());
    start(specs, logs);
    return true;
  }

  /// Kills the ranks of a data centre.
  public synchronized void kill(String dc) {
    for (RankProcess rank : ranks) {
      if (rank.spec().dc().equals(dc)) {
        rank.process().toHandle().destroyForcibly();
      }
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
    for (RankProcess process : all()) {
      if (process.spec().rank() == rank) {
        process.process().toHandle().destroyForcibly();
      }
    }
  }

  /// Process ids, in the order of the list.
  public List<Long> pids() {
    return all().stream().map(rank -> rank.process().pid()).toList();
  }

  @Override
  public Outcome await() throws InterruptedException {
    Map<Integer, Integer> statuses = new TreeMap<>();
    Death cause = null;
    long deadline = Long.MAX_VALUE;
    boolean stopping = false;
    try {
      while (left() > 0) {
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
        statuses.put(exit.index(), exit.status());
        RankProcess rank = ended(exit.index());
        rank.drain();
        if (exit.status() == 0 || stopping || isOfLostDc(rank)) {
          continue;
        }
        Death death = death(exit);
        if (cause == null || (cause.blamesPeer() && !death.blamesPeer())) {
          cause = death;
          onDeath.accept(death);
        }
        if (deadline == Long.MAX_VALUE && !loses(rank)) {
          deadline = System.nanoTime() + (listener.blamesUser(death.rank()) ? 0 : grace.toNanos());
        }
      }
    } finally {
      all().forEach(rank -> rank.process().destroyForcibly());
      all().forEach(RankProcess::closeLog);
    }
    return new Outcome(
        interrupted,
        interrupted || survived(statuses) ? Optional.empty() : Optional.ofNullable(cause),
        List.copyOf(statuses.values()));
  }

  private synchronized int left() {
    over = alive == 0;
    return alive;
  }

  private synchronized RankProcess ended(int index) {
    alive--;
    return ranks.get(index);
  }

  private synchronized List<RankProcess> all() {
    return List.copyOf(ranks);
  }

  private synchronized boolean isOfLostDc(RankProcess rank) {
    return lostDcs.contains(rank.spec().dc());
  }

  /// Gives up the data centre of a rank that died, if the others can go on.
  private synchronized boolean loses(RankProcess rank) {
    boolean alone = ranks.stream().allMatch(r -> r.spec().dc().equals(rank.spec().dc()));
    boolean begun = ranks.stream().allMatch(r -> listener.inRounds(r.spec().rank()));
    if (!survives || alone || !begun || listener.blamesUser(rank.spec().rank())) {
      return false;
    }
    lostDcs.add(rank.spec().dc());
    kill(rank.spec().dc());
    return true;
  }

  /// Whether some data centre came to its end with all ranks that were started for it last.
  private synchronized boolean survived(Map<Integer, Integer> statuses) {
    Map<String, Boolean> wellByDc = new TreeMap<>();
    Map<Integer, Integer> lastOfRank = new TreeMap<>();
    for (int i = 0; i < ranks.size(); i++) {
      lastOfRank.put(ranks.get(i).spec().rank(), i);
    }
    for (int index : lastOfRank.values()) {
      boolean well = statuses.getOrDefault(index, -1) == 0;
      wellByDc.merge(ranks.get(index).spec().dc(), well, Boolean::logicalAnd);
    }
    return survives && wellByDc.containsValue(true);
  }

  private Exit next(long deadline) throws InterruptedException {
    if (deadline == Long.MAX_VALUE) {
      return exits.take();
    }
    return exits.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
  }

  /// Through the handles: `Process.destroy` would also close the streams, and last words be lost.
  private void signal(boolean kill) {
    for (RankProcess rank : all()) {
      ProcessHandle handle = rank.process().toHandle();
      boolean asked = kill ? handle.destroyForcibly() : handle.destroy();
      assert asked || !handle.isAlive() : "no permission to end " + rank.spec().label();
    }
  }

  private Death death(Exit exit) {
    RankProcess rank = all().get(exit.index());
    return new Death(
        rank.spec().rank(),
        rank.spec().label(),
        silent.contains(rank.spec().rank()) ? Death.SILENT : exit.status(),
        listener.blamesPeer(rank.spec().rank()),
        listener.phase(rank.spec().rank()),
        rank.lastLines());
  }
}
