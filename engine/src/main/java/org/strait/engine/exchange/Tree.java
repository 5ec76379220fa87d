package org.strait.engine.exchange;

import java.util.List;
import org.strait.engine.compress.Compressor;
import org.strait.engine.topology.Route;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Transport;
import org.strait.kernels.CodecOps;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Along a tree of DCs; a hub is a tree of depth one. Partial means travel to the root, each
/// encoded once by who sends it; the root encodes the mean of all, and that one payload travels
/// back to everybody. All, the root included, take what it decodes to, so all leave with the same
/// bits.
///
/// A round is one *tick* of {@link Membership}, or several. In each, a DC waits for the partial
/// means of its children, sends its own to its parent, waits for the mean, passes it on, and then
/// posts the tick's frame to everybody: weight, scalars, and the checksum of the mean that it
/// holds, or nothing, if it could not get one. The round is done if every DC that was to take part
/// counts in the tick and holds the mean; else all repeat it in the next tick, with those that
/// count.
///
/// Why this survives losses. *Same decision*: it depends on the frames of the tick that count, and
/// on who counted in the tick before, and all survivors have agreed on both. Nobody takes the mean
/// before. *Same tree*: it is made of who counted in the tick before; a DC that knows of a loss
/// since, or has just let one in, gives the tick up at once. *No circle of waiting*: a DC waits for
/// children that have sent nothing, those for children of their own, and for the mean only when its
/// own partial mean is sent, so every chain of waiting ends at one who waits for none in the tree.
/// That one is lost, which is found out; or has posted its frame, which ends the waiting for it; or
/// is a tick behind: then it agrees on a loss, and has sent its view, which ends the waiting too;
/// or it waits for a frame of that tick, which comes, or whose sender is lost. *An end*: a tick is
/// only given up for a change of who is there, and the next one has it in its tree, or the one
/// after. *Same memories*: whenever somebody else counts, or a tick was given up, senders and
/// receivers of partial means begin theirs anew, and the root's memory becomes what all hold of the
/// mean.
final class Tree implements Exchange {
  private static final int CHECKSUM_BYTES = 4;

  private final Membership members;
  private final boolean ownsMembers;
  private final Transport transport;
  private final Route all;
  private final Compressor compressor;
  private final HostMemory memory;
  private final LinkBytes links;
  private final Frames frames;
  private final long n;
  private final int dcs;
  private final int me;
  private final boolean admits;
  private final RoundReport report = new RoundReport();
  private final Branch branch;
  private final ScalarSums sums;
  private final String name;
  private final boolean[] plan;
  private Route route;
  private Slot mean;
  private long seenChanges;
  private long round;
  private boolean failed;

  /// Agrees with every peer on protocol, route, vector length, compressor and settings.
  ///
  /// @param all the route if nobody is lost; no mesh
  /// @param ownsMembers whether the members are closed with this
  /// @param admits whether a DC may come back between two rounds
  /// @param comesBack whether this DC does: then there is nothing to agree on, the state says it
  /// @throws ExchangeException in every DC, if two disagree
  Tree(
      Route all,
      Membership members,
      boolean ownsMembers,
      Compressor compressor,
      long n,
      String settings,
      CodecOps codec,
      boolean admits,
      boolean comesBack,
      HostMemory parent,
      Deadline deadline) {
    this.all = all;
    this.members = members;
    this.ownsMembers = ownsMembers;
    this.transport = members.transport();
    this.compressor = compressor;
    this.n = n;
    this.admits = admits;
    dcs = members.dcs();
    me = members.me();
    String way = all.describe(members.names());
    name = way + " " + compressor.name();
    memory = parent.child(all.name() + " exchange");
    boolean agreed = false;
    try {
      links = new LinkBytes(dcs);
      frames = new Frames(members, CHECKSUM_BYTES, links, memory);
      branch = new Branch(members, compressor, n, links, codec, memory);
      sums = new ScalarSums(members, memory);
      if (!comesBack) {
        String both = settings + " " + way;
        Hello hello = new Hello(members.name(me), dcs, n, compressor.name(), both);
        frames.greet(hello, sums.none(), deadline);
      }
      plan = new boolean[dcs];
      plan();
      agreed = true;
    } finally {
      if (!agreed) {
        memory.close();
      }
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public RoundReport average(Floats vector, double weight, Doubles scalars, Deadline deadline) {
    Operands.check(n, vector, weight, scalars);
    if (failed) {
      throw new IllegalStateException(
          "this exchange failed in round " + round + "; open a new one");
    }
    long sentBefore = transport.traffic().bytesSent();
    long receivedBefore = transport.traffic().bytesReceived();
    round++;
    failed = true;
    boolean withVector = vector.length() > 0;
    while (!tick(withVector ? vector : null, weight, scalars, deadline)) {
      seenChanges = -1; // memories of what was given up are not alike
    }
    members.end();
    if (withVector) {
      branch.take(mean, vector);
    }
    scalars.copyFrom(sums.sums());
    failed = false;
    report.set(
        round,
        members.parties(),
        transport.traffic().bytesSent() - sentBefore,
        transport.traffic().bytesReceived() - receivedBefore,
        compressor.residualNorm());
    return report;
  }

  /// One attempt. True if all that count hold the mean, or none was due.
  ///
  /// @param vector null in a round of scalars only. Not modified
  private boolean tick(Floats vector, double weight, Doubles scalars, Deadline deadline) {
    int kind = vector == null ? FrameLayout.SCALARS : FrameLayout.VECTOR;
    int most = vector == null ? 0 : CHECKSUM_BYTES;
    members.begin(kind, round, scalars.length(), most, admits);
    mean = null;
    if (vector != null) {
      plan();
      mean = members.asCounted() ? branch.send(vector, weight, deadline) : null;
    }
    if (mean != null) {
      frames.ownPayload().segment().set(FrameLayout.U32, 0, mean.bodyCrc());
    }
    frames.post(kind, round, weight, scalars, mean == null ? 0 : CHECKSUM_BYTES);
    members.collect(deadline);
    double total = sums.addUp(weight, scalars);
    members.flush(deadline);
    if (vector == null) {
      return true;
    }
    Operands.checkTotal(round, total);
    return allHoldTheMean();
  }

  /// The tree of those that counted in the last tick. When they, or what they hold, may not be what
  /// this exchange last saw, memories begin anew.
  private void plan() {
    if (route != null && seenChanges == members.changes()) {
      return;
    }
    for (int p = 0; p < dcs; p++) {
      plan[p] = members.counted(p);
    }
    boolean first = route == null;
    route = all.among(plan);
    seenChanges = members.changes();
    // One that comes back takes part in the tick, and in the next tree.
    if (plan[me]) {
      branch.stand(route, !first);
    }
  }

  /// Whether the round is done, by what the frames of the tick say.
  private boolean allHoldTheMean() {
    boolean done = mean != null;
    for (int p = 0; p < dcs; p++) {
      done &= members.counted(p) == plan[p];
      if (p != me && members.counted(p)) {
        done &= frame(p).payloadBytes() == CHECKSUM_BYTES;
      }
    }
    for (int p = 0; p < dcs && done; p++) {
      int theirs = p == me || !plan[p] ? mean.bodyCrc() : checksum(p);
      if (theirs != mean.bodyCrc()) {
        throw new ExchangeException(
            String.format(
                "round %d: %s holds a mean with checksum %08x, %s (here) one with %08x",
                round, members.name(p), theirs, members.name(me), mean.bodyCrc()));
      }
    }
    return done;
  }

  private int checksum(int p) {
    return frame(p).payload().segment().get(FrameLayout.U32, 0);
  }

  private Slot frame(int p) {
    return members.inbox().slot(p, members.tick());
  }

  @Override
  public void tolerate(double residualNorm) {
    compressor.tolerate(residualNorm);
  }

  @Override
  public LinkBytes links() {
    return links;
  }

  @Override
  public List<Floats> memories() {
    return branch.memories();
  }

  @Override
  public List<Floats> sharedMemories() {
    return branch.sharedMemories();
  }

  @Override
  public void restored() {
    branch.tellRoot();
  }

  @Override
  public Membership members() {
    return members;
  }

  @Override
  public void resumeAt(long doneRounds) {
    round = doneRounds;
  }

  @Override
  public void close() {
    memory.close();
    if (ownsMembers) {
      members.close();
    }
  }
}
