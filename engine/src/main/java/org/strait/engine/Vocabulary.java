package org.strait.engine;

import org.strait.engine.compress.FeatureSetCode;
import org.strait.engine.compress.PayloadException;
import org.strait.engine.data.Dataset;
import org.strait.engine.exchange.ExchangeException;
import org.strait.engine.exchange.Star;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.transport.Deadline;
import org.strait.kernels.Csr;
import org.strait.memory.Bytes;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// Which of its features a data centre shares with others, agreed on through a hub: a leaf tells
/// the hub its features and learns which of them somebody else has, nothing of the others'. The hub
/// knows all sets. Local coordinates are the shared ones, ascending, then its own; the hub's shared
/// ones are those of all.
final class Vocabulary {
  private final int features;
  private final Ints places;
  private final Ints owners;
  private final Ints[] lists;
  private final Ints[] maps;
  private Ints list;
  private int shared;
  private int own;

  private Vocabulary(int features, int dcs, boolean hub, HostMemory memory) {
    this.features = features;
    places = memory.ints(features);
    owners = memory.ints(hub ? features : 0);
    lists = new Ints[dcs];
    maps = new Ints[dcs];
  }

  /// All ranks of all DCs call it.
  ///
  /// @param star null on ranks that are not gateways, and if there is only one DC
  /// @param hub whether this DC is the hub, or the only one
  static Vocabulary agree(
      Session session, Star star, boolean hub, Dataset rows, HostMemory memory) {
    int features = rows.features();
    int dcs = session.topology().dcs().size();
    Vocabulary vocabulary = new Vocabulary(features, dcs, hub && session.isGateway(), memory);
    try (HostMemory scratch = HostMemory.unlimited("features")) {
      Floats present = scratch.floats(features);
      Csr matrix = rows.matrix();
      long from = matrix.rowStart().get(0);
      for (long i = from; i < from + matrix.entries(); i++) {
        present.set(matrix.index().get(i), 1);
      }
      session.sumInside(present);
      Ints counts = memory.ints(2);
      if (session.isGateway()) {
        Ints mine = list(present, memory);
        Deadline deadline = session.deadline("agreement on features");
        FeatureSetCode code = new FeatureSetCode(features, session.backend().codec(), scratch);
        if (star == null) {
          vocabulary.alone(mine);
        } else if (hub) {
          vocabulary.asHub(session, star, code, mine, deadline, memory, scratch);
        } else {
          vocabulary.asLeaf(session, star, code, mine, deadline, scratch);
        }
        vocabulary.list = mine;
        counts.set(0, vocabulary.shared);
        counts.set(1, vocabulary.own);
      }
      session.fromGateway(counts.segment());
      session.fromGateway(vocabulary.places.segment());
      vocabulary.shared = counts.get(0);
      vocabulary.own = counts.get(1);
      return vocabulary;
    }
  }

  private static Ints list(Floats present, HostMemory memory) {
    long count = 0;
    for (long f = 0; f < present.length(); f++) {
      count += present.get(f) > 0 ? 1 : 0;
    }
    Ints list = memory.ints(count);
    long next = 0;
    for (int f = 0; f < present.length(); f++) {
      if (present.get(f) > 0) {
        list.set(next++, f);
      }
    }
    return list;
  }

  /// One DC alone: all its features are the hub's to search over.
  private void alone(Ints mine) {
    for (long i = 0; i < mine.length(); i++) {
      owners.set(mine.get(i), Support.MANY);
    }
    place(0);
  }

  private void asHub(
      Session session,
      Star star,
      FeatureSetCode code,
      Ints mine,
      Deadline deadline,
      HostMemory memory,
      HostMemory scratch) {
    add(mine, star.me());
    Ints room = scratch.ints(features);
    for (int p = 0; p < star.dcs(); p++) {
      if (p != star.me()) {
        star.await(p, 0, deadline);
        long count = read(star, p, code, room);
        lists[p] = memory.ints(count);
        lists[p].copyFrom(room.slice(0, count));
        add(lists[p], p);
      }
    }
    place(star.me() + 1);
    Doubles none = scratch.doubles(0);
    star.begin(false);
    for (int p = 0; p < star.dcs(); p++) {
      if (p != star.me()) {
        answer(session, star, p, room, none, memory);
      }
    }
    star.flush(deadline);
  }

  private void answer(
      Session session, Star star, int p, Ints room, Doubles none, HostMemory memory) {
    long both = 0;
    for (long i = 0; i < lists[p].length(); i++) {
      if (owners.get(lists[p].get(i)) == Support.MANY) {
        room.set(both++, (int) i);
      }
    }
    maps[p] = memory.ints(both);
    for (long i = 0; i < both; i++) {
      maps[p].set(i, places.get(lists[p].get(room.get(i))));
    }
    long bytes = 0;
    if (lists[p].length() > 0) {
      try (HostMemory codes = HostMemory.unlimited("ordinals")) {
        int universe = (int) lists[p].length();
        FeatureSetCode ordinals = new FeatureSetCode(universe, session.backend().codec(), codes);
        bytes = ordinals.write(room, both, star.room(p, ordinals.maxBytes()));
      }
    }
    star.send(p, MessageKind.FEATURES, none, bytes);
  }

  private void asLeaf(
      Session session,
      Star star,
      FeatureSetCode code,
      Ints mine,
      Deadline deadline,
      HostMemory scratch) {
    int hub = star.hub();
    long bytes = code.write(mine, mine.length(), star.room(hub, code.maxBytes()));
    star.begin(false);
    star.send(hub, MessageKind.FEATURES, scratch.doubles(0), bytes);
    star.flush(deadline);
    star.await(hub, 0, deadline);
    Ints ordinals = scratch.ints(mine.length());
    long both = 0;
    if (mine.length() > 0) {
      int universe = (int) mine.length();
      both =
          read(
              star,
              hub,
              new FeatureSetCode(universe, session.backend().codec(), scratch),
              ordinals);
    }
    shared = (int) both;
    own = (int) (mine.length() - both);
    clear();
    long next = 0;
    int nextOwn = shared;
    for (long i = 0; i < mine.length(); i++) {
      boolean isShared = next < both && ordinals.get(next) == i;
      places.set(mine.get(i), isShared ? (int) next++ : nextOwn++);
    }
  }

  private static long read(Star star, int p, FeatureSetCode code, Ints into) {
    try {
      return code.read(star.payload(p), star.bytes(p), into);
    } catch (PayloadException e) {
      throw new ExchangeException(
          "cannot read which features " + star.name(p) + " has: " + e.getMessage(), e);
    }
  }

  private void add(Ints some, int dc) {
    for (long i = 0; i < some.length(); i++) {
      int f = some.get(i);
      owners.set(f, owners.get(f) == Support.NOBODY ? dc + 1 : Support.MANY);
    }
  }

  private void clear() {
    for (long f = 0; f < features; f++) {
      places.set(f, -1);
    }
  }

  /// The hub's places: what two or more have, then its own.
  private void place(int me) {
    clear();
    int next = 0;
    for (int f = 0; f < features; f++) {
      if (owners.get(f) == Support.MANY) {
        places.set(f, next++);
      }
    }
    shared = next;
    for (int f = 0; f < features; f++) {
      if (owners.get(f) == me && me > 0) {
        places.set(f, next++);
      }
    }
    own = next - shared;
  }

  /// Coordinates that others have too; in the hub, that two or more have.
  int shared() {
    return shared;
  }

  /// Whether only this DC has a feature; one that nobody has is nobody's.
  boolean ownsAlone(int feature) {
    return places.get(feature) >= shared;
  }

  /// Coordinates of this DC alone.
  int own() {
    return own;
  }

  /// Which of the hub's shared coordinates a leaf has; known to the hub's gateway.
  Ints map(int leaf) {
    return maps[leaf];
  }

  /// This DC's rows in its coordinates.
  Dataset local(Dataset rows, HostMemory memory) {
    return rows.renumbered(places, shared, shared + own, memory);
  }

  /// Features that a leaf does not have and somebody has, ascending; in the hub's gateway.
  Ints missing(int leaf, HostMemory memory) {
    Ints mark = memory.ints(features);
    for (long i = 0; i < lists[leaf].length(); i++) {
      mark.set(lists[leaf].get(i), 1);
    }
    Ints missing = memory.ints(features);
    long count = 0;
    for (int f = 0; f < features; f++) {
      if (mark.get(f) == 0 && owners.get(f) != Support.NOBODY) {
        missing.set(count++, f);
      }
    }
    return missing.slice(0, count);
  }

  /// Numbers of local coordinates → numbers of features. Modified: of the features that are here.
  void spread(Ints local, Ints whole) {
    for (long f = 0; f < features; f++) {
      if (places.get(f) >= 0) {
        whole.set(f, local.get(places.get(f)));
      }
    }
  }

  /// Numbers of a leaf's own coordinates → numbers of features, in the hub's gateway.
  void spreadOwn(int leaf, Ints numbers, Ints whole) {
    long next = 0;
    for (long i = 0; i < lists[leaf].length(); i++) {
      int f = lists[leaf].get(i);
      if (owners.get(f) == leaf + 1) {
        whole.set(f, numbers.get(next++));
      }
    }
  }

  /// Own coordinates of a leaf; known to the hub's gateway.
  long own(int leaf) {
    return lists[leaf].length() - maps[leaf].length();
  }

  /// For people: how many features travel.
  String line() {
    return features + " features: " + shared + " shared, " + own + " its own";
  }

  /// Features of this DC; in gateways.
  Ints list() {
    return list;
  }

  int features() {
    return features;
  }

  /// Room for any of its letters.
  static long maxBytes(int features, HostMemory scratch, Session session) {
    return new FeatureSetCode(features, session.backend().codec(), scratch).maxBytes()
        + Bytes.BYTES;
  }
}
