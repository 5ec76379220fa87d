package org.strait.engine.exchange;

import java.util.Arrays;
import java.util.List;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.PeerLostException;

/// Who is there, who is lost and why, and who counts, as one gateway sees it; and how far it is.
/// Shared by all that deal with membership. Written by the thread that exchanges only; others read
/// {@link #present}.
final class Roster {
  private final Group group;
  private final String[] names;
  private final int me;
  private final boolean[] there;
  private final boolean[] present;
  private final boolean[] broke;
  private final boolean[] counted;
  private final long[] lastTick;
  private final String[] whyLost;
  private long tick;
  private long round;
  private long changes;
  private int admitted = -1;

  /// Everybody is there.
  Roster(Group group) {
    this.group = group;
    me = group.me();
    names = group.members().stream().map(m -> m.dc()).toArray(String[]::new);
    if (names.length > FrameLayout.MAX_DCS) {
      throw new IllegalArgumentException(
          names.length + " data centres, at most " + FrameLayout.MAX_DCS + " can exchange");
    }
    there = new boolean[names.length];
    present = new boolean[names.length];
    broke = new boolean[names.length];
    counted = new boolean[names.length];
    lastTick = new long[names.length];
    whyLost = new String[names.length];
    Arrays.fill(there, true);
    Arrays.fill(present, true);
    Arrays.fill(counted, true);
  }

  int dcs() {
    return names.length;
  }

  int me() {
    return me;
  }

  String name(int dc) {
    return names[dc];
  }

  String[] names() {
    return names;
  }

  int index(PeerLostException e) {
    return group.members().indexOf(e.peer());
  }

  /// The tick that is collected, or was last.
  long tick() {
    return tick;
  }

  /// Its stream's round.
  long round() {
    return round;
  }

  void next(long ofRound) {
    tick++;
    round = ofRound;
    admitted = -1;
  }

  /// Whether a DC takes part, by what all agreed on.
  boolean there(int dc) {
    return there[dc];
  }

  /// Whether a DC takes part and is not believed lost.
  boolean present(int dc) {
    return present[dc];
  }

  /// By DC; not to be modified.
  boolean[] present() {
    return present;
  }

  /// Whether all that take part are believed to be there.
  boolean whole() {
    return Arrays.equals(there, present);
  }

  /// Number of DCs that take part and are not believed lost.
  int left() {
    return count(present);
  }

  boolean broke(int dc) {
    return broke[dc] || !present[dc];
  }

  String whyLost(int dc) {
    return whyLost[dc];
  }

  /// A DC is believed lost, until all agree.
  void suspect(int dc, PeerLostException e) {
    suspect(
        dc,
        e.why()
            + (e.waitedNanos() > 1_000_000_000L
                ? String.format(" (waited %.1f s)", e.waitedNanos() / 1e9)
                : ""));
  }

  void suspect(int dc, String why) {
    if (present[dc]) {
      present[dc] = false;
      whyLost[dc] = why;
    }
  }

  /// All agree that a DC is lost.
  ///
  /// @param last its last frame that counts
  void lose(int dc, long last) {
    there[dc] = false;
    broke[dc] = true;
    lastTick[dc] = last;
  }

  /// A DC's frame in the tick counts, or does not. All frames that count are here.
  void count() {
    boolean changed = false;
    for (int p = 0; p < names.length; p++) {
      boolean counts = p == me || there[p] || lastTick[p] >= tick;
      changed |= counts != counted[p];
      counted[p] = counts;
    }
    changes += changed ? 1 : 0;
  }

  /// Whether a DC's frame counted in the tick that was collected last; before the first, all.
  boolean counted(int dc) {
    return counted[dc];
  }

  /// Whether those that count are those that are there.
  boolean asCounted() {
    return Arrays.equals(counted, present);
  }

  /// Number of DCs that count.
  int parties() {
    return count(counted);
  }

  /// How often the DCs that count have changed.
  long changes() {
    return changes;
  }

  /// The DC that takes part from the next tick on, since the last one; -1 for none.
  int admitted() {
    return admitted;
  }

  void admit(int dc) {
    admitted = dc;
    there[dc] = true;
    present[dc] = true;
  }

  void expelAdmitted() {
    there[admitted] = false;
    present[admitted] = false;
    lastTick[admitted] = tick;
    admitted = -1;
  }

  /// The lowest-numbered DC that takes part, but for one that was just admitted.
  int lowest() {
    for (int p = 0; p < names.length; p++) {
      if (there[p] && p != admitted) {
        return p;
      }
    }
    throw new IllegalStateException("nobody takes part");
  }

  /// Only these are connected.
  void outside(List<Integer> connected) {
    for (int p = 0; p < names.length; p++) {
      present[p] = p == me || connected.contains(p);
      there[p] = present[p];
    }
  }

  /// What a DC that comes back must know: tick, round, changes, who takes part, who counted last,
  /// and the last frame of each.
  double[] numbers() {
    int dcs = names.length;
    double[] numbers = new double[3 + 3 * dcs];
    numbers[0] = tick;
    numbers[1] = round;
    numbers[2] = changes;
    for (int p = 0; p < dcs; p++) {
      numbers[3 + p] = there[p] ? 1 : 0;
      numbers[3 + dcs + p] = counted[p] ? 1 : 0;
      numbers[3 + 2 * dcs + p] = there[p] ? tick : lastTick[p];
    }
    return numbers;
  }

  /// Takes over what {@link #numbers} said.
  ///
  /// @throws IllegalArgumentException if they are not such numbers
  void restore(double[] numbers, Inbox inbox) {
    int dcs = names.length;
    if (numbers.length != 3 + 3 * dcs || numbers[3 + me] == 0) {
      throw new IllegalArgumentException("numbers of other members");
    }
    tick = (long) numbers[0];
    round = (long) numbers[1];
    changes = (long) numbers[2];
    for (int p = 0; p < dcs; p++) {
      there[p] = numbers[3 + p] != 0;
      // One that was lost while this DC waited is found out at the first tick.
      present[p] = there[p] && present[p];
      counted[p] = numbers[3 + dcs + p] != 0;
      lastTick[p] = (long) numbers[3 + 2 * dcs + p];
      inbox.startAt(p, lastTick[p]);
    }
  }

  private static int count(boolean[] some) {
    int count = 0;
    for (boolean one : some) {
      count += one ? 1 : 0;
    }
    return count;
  }
}
