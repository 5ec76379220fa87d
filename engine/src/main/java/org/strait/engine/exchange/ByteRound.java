package org.strait.engine.exchange;

import org.strait.engine.ledger.MessageKind;
import org.strait.engine.transport.Deadline;
import org.strait.memory.Bytes;
import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;

/// Bytes from every DC to every other one, in a tick of its own: what the DCs must know once,
/// beside the vectors of all rounds. Survives losses as those do: all that are left hold the
/// messages of the same DCs.
///
/// Where a message may be longer than those of the tick before, call {@link #exchange} with no
/// bytes first: a DC that is a tick ahead is then met by peers who know how much may come.
public final class ByteRound implements AutoCloseable {
  private final Membership members;
  private final MessageKind kind;
  private final long maxBytes;
  private final HostMemory memory;
  private final Deadline deadline;
  private final LinkBytes links;
  private final Frames frames;
  private final Doubles none;
  private long round;

  /// @param members stay the caller's
  /// @param kind what the messages are
  /// @param maxBytes most bytes of a message, in all DCs alike: more is refused before it is read
  /// @param deadline for each tick, where members are fixed
  /// @param parent owner of a child for the messages, freed when this is closed
  public ByteRound(
      Membership members, MessageKind kind, long maxBytes, Deadline deadline, HostMemory parent) {
    this.members = members;
    this.deadline = deadline;
    this.kind = kind;
    this.maxBytes = maxBytes;
    memory = parent.child(kind.word());
    links = new LinkBytes(members.dcs());
    frames = new Frames(members, maxBytes, links, memory);
    none = memory.doubles(0);
    round = members.round();
  }

  /// Where this DC's message is written before {@link #exchange}.
  public Bytes own() {
    return frames.ownPayload();
  }

  /// Sends the first bytes of {@link #own} to all others and takes theirs.
  ///
  /// @throws ExchangeException if a DC sends something else
  /// @throws org.strait.engine.transport.PeerLostException if a DC is lost that may not be
  /// @throws QuorumLostException if too few are left
  public void exchange(long bytes) {
    begin(bytes);
    frames.post(kind.code(), round, 0, none, bytes);
    end();
  }

  /// Sends the first bytes of {@link #own} to one DC, none to all others, and takes what they send
  /// here.
  ///
  /// @param to this DC to send nobody anything
  public void exchangeTo(int to, long bytes) {
    begin(bytes);
    frames.postTo(to, kind.code(), round, 0, none, bytes);
    end();
  }

  private void begin(long bytes) {
    if (bytes < 0 || bytes > maxBytes) {
      throw new IllegalArgumentException(bytes + " bytes, at most " + maxBytes + " announced");
    }
    round++;
    members.begin(kind.code(), round, 0, maxBytes, false);
  }

  private void end() {
    members.collect(deadline);
    members.flush(deadline);
  }

  /// Number of DCs.
  public int dcs() {
    return members.dcs();
  }

  /// This DC.
  public int me() {
    return members.me();
  }

  /// Name of a DC, for messages.
  public String name(int dc) {
    return members.name(dc);
  }

  /// Whether a DC's message came.
  public boolean counted(int dc) {
    return members.counted(dc);
  }

  /// The message of another DC in its first {@link #bytes}; valid until the next tick.
  public Bytes message(int dc) {
    return members.inbox().slot(dc, members.tick()).payload();
  }

  /// Length of another DC's message.
  public long bytes(int dc) {
    return members.inbox().slot(dc, members.tick()).payloadBytes();
  }

  /// Bytes posted so far.
  public LinkBytes links() {
    return links;
  }

  /// Frees the messages; links can still be read.
  @Override
  public void close() {
    memory.close();
  }
}
