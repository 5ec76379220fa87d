package org.strait.engine.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.strait.engine.compress.Codecs;
import org.strait.engine.compress.Compressor;
import org.strait.engine.compress.PayloadException;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.topology.Route;
import org.strait.engine.transport.Deadline;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// One DC's place in a {@link Tree}: takes its children's partial means, sends one to its parent,
/// takes the mean from it and passes it on. Encodes once per round, whatever its place; needs room
/// for one payload out and two of each neighbour, one sum, and, where payloads are corrections, one
/// memory of each child and one of the mean.
final class Branch {
  private final Membership members;
  private final Compressor compressor;
  private final CodecOps codec;
  private final LinkBytes links;
  private final HostMemory memory;
  private final long n;
  private final int dcs;
  private final int me;
  private final Slot piece; // own partial mean, or, in the root, the mean
  private final Codecs codecs;
  private final CRC32C crc = new CRC32C();
  private final Floats sum;
  private final Floats[] ofChildren; // what this DC holds of their partial means
  private final List<Floats> ofMean; // what all hold of the mean
  private Route route;

  Branch(
      Membership members,
      Compressor compressor,
      long n,
      LinkBytes links,
      CodecOps codec,
      HostMemory memory) {
    this.members = members;
    this.compressor = compressor;
    this.n = n;
    this.links = links;
    this.codec = codec;
    this.memory = memory;
    dcs = members.dcs();
    me = members.me();
    long maxPayloadBytes = compressor.maxPayloadBytes(n);
    piece = new Slot(memory);
    piece.room(maxPayloadBytes, maxPayloadBytes);
    codecs = new Codecs(n, compressor.maxKept(n), codec, memory);
    sum = memory.floats(n);
    ofChildren = new Floats[dcs];
    ofMean = compressor.accumulates() ? List.of(memory.floats(n)) : List.of();
    members.inbox().open(maxPayloadBytes, true);
  }

  /// From now on this is the tree.
  ///
  /// @param anew whether what is held of partial means, and residuals, begin at zero
  void stand(Route tree, boolean anew) {
    route = tree;
    for (int child : route.children(me)) {
      if (compressor.accumulates() && ofChildren[child] == null) {
        ofChildren[child] = memory.floats(n);
      }
    }
    if (anew) {
      beginMemoriesAnew();
    }
  }

  private void beginMemoriesAnew() {
    for (Floats held : ofChildren) {
      if (held != null) {
        held.fill(0);
      }
    }
    for (Floats held : compressor.memories()) {
      held.fill(0);
    }
    tellRoot();
  }

  /// The root's payloads correct what all hold of the mean.
  void tellRoot() {
    if (route.root() == me && !ofMean.isEmpty()) {
      compressor.receiversHold(ofMean.getFirst());
    }
  }

  /// Sends and passes on what this DC's place in the tree asks for; returns the encoded mean, null
  /// if somebody is lost or has given up.
  Slot send(Floats vector, double weight, Deadline deadline) {
    for (int child : route.children(me)) {
      if (awaited(child, MessageKind.PARTIAL, deadline) == null) {
        return null;
      }
    }
    double total = addChildren(vector, weight);
    boolean root = route.root() == me;
    if (root && !(total > 0 && total <= Double.MAX_VALUE)) {
      return null; // all find that out from the frames
    }
    long bytes = compressor.encode(sum, piece.payload());
    MessageKind kind = root ? MessageKind.MEAN : MessageKind.PARTIAL;
    FrameLayout.put(piece.head(), kind.code(), me, members.tick(), total, 0, 0, bytes);
    piece.seal(crc);
    Slot whole = piece;
    if (!root) {
      post(route.parent(me), piece);
      whole = awaited(route.parent(me), MessageKind.MEAN, deadline);
      if (whole == null) {
        return null;
      }
      whole.head().set(FrameLayout.U16, FrameLayout.FROM_OFFSET, (short) me);
      whole.sealHead(crc);
    }
    for (int child : route.children(me)) {
      post(child, whole);
    }
    return whole;
  }

  private Slot awaited(int from, MessageKind kind, Deadline deadline) {
    Slot came = members.awaitPiece(from, deadline);
    if (came != null && came.kind() != kind.code()) {
      throw new ExchangeException(
          "round "
              + members.round()
              + ": "
              + members.name(from)
              + " sent a "
              + FrameLayout.kindName(came.kind())
              + ", "
              + members.name(me)
              + " (here) expects a "
              + kind.word());
    }
    return came;
  }

  private void post(int to, Slot frame) {
    members.post(to, MessageKind.of(frame.kind()), members.round(), frame, frame.payloadBytes());
    links.add(to, LinkBytes.Kind.FRAMING, FrameLayout.HEADER_BYTES);
    links.add(to, LinkBytes.Kind.PAYLOAD, frame.payloadBytes());
  }

  /// Leaves the mean of this DC's vector and its children's partial means, added in DC order, in
  /// the sum; returns the sum of their weights.
  private double addChildren(Floats vector, double weight) {
    int[] children = route.children(me);
    if (children.length == 0) {
      sum.copyFrom(vector);
      return weight;
    }
    double total = 0;
    int next = 0;
    for (int p = 0; p < dcs; p++) {
      boolean child = next < children.length && children[next] == p;
      next += child ? 1 : 0;
      total += p == me ? weight : child ? ofChild(p).weight() : 0;
    }
    sum.fill(0);
    next = 0;
    for (int p = 0; p < dcs; p++) {
      if (p == me) {
        codec.addScaled(share(weight, total), vector, sum);
      } else if (next < children.length && children[next] == p) {
        next++;
        add(p, share(ofChild(p).weight(), total));
      }
    }
    return total;
  }

  private Slot ofChild(int p) {
    return members.inbox().pieces().of(p, members.tick());
  }

  private static float share(double weight, double total) {
    return total > 0 ? (float) (weight / total) : 0;
  }

  private void add(int child, float share) {
    Slot partial = ofChild(child);
    Floats held = ofChildren[child];
    if (held == null) {
      decode(partial, share, sum, child);
    } else {
      decode(partial, 1f, held, child);
      codec.addScaled(share, held, sum);
    }
  }

  private void decode(Slot from, float factor, Floats into, int dc) {
    Bytes payload = from.payload();
    try {
      codecs.addDecoded(payload, from.payloadBytes(), factor, into);
    } catch (PayloadException e) {
      String what = FrameLayout.kindName(from.kind());
      throw Operands.undecodable(members.round(), what, members.name(dc), e);
    }
  }

  /// Leaves the mean, as everybody decodes it, in the vector.
  ///
  /// @param mean what {@link #send} returned
  void take(Slot mean, Floats vector) {
    if (ofMean.isEmpty()) {
      vector.fill(0);
      decode(mean, 1f, vector, route.root());
    } else {
      decode(mean, 1f, ofMean.getFirst(), route.root());
      vector.copyFrom(ofMean.getFirst());
    }
  }

  /// What this DC alone holds, in a fixed order.
  List<Floats> memories() {
    List<Floats> list = new ArrayList<>(compressor.memories());
    for (int child : route.children(me)) {
      if (ofChildren[child] != null) {
        list.add(ofChildren[child]);
      }
    }
    return list;
  }

  /// What all DCs hold alike.
  List<Floats> sharedMemories() {
    return ofMean;
  }
}
