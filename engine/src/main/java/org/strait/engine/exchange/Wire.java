package org.strait.engine.exchange;

import java.lang.foreign.MemorySegment;
import org.strait.engine.ledger.Ledger;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.PeerLostException;
import org.strait.engine.transport.Transport;
import org.strait.memory.HostMemory;

/// Messages to and from other gateways. Who is met lost is noted in the roster, or, if no loss may
/// be survived, thrown. Only {@link #beat} is called by another thread.
final class Wire implements AutoCloseable {
  private final Transport transport;
  private final Ledger ledger;
  private final Roster roster;
  private final Inbox inbox;
  private final LinkBytes links;
  private final boolean fixed;
  private final Beats beats;
  private final Object posting = new Object();

  /// @param fixed whether every loss is thrown, and nobody beats
  /// @param beatNanos how long a peer gets nothing before it gets a beat
  Wire(
      Transport transport,
      Ledger ledger,
      Roster roster,
      Inbox inbox,
      boolean fixed,
      long beatNanos,
      HostMemory memory) {
    this.transport = transport;
    this.ledger = ledger;
    this.roster = roster;
    this.inbox = inbox;
    this.fixed = fixed;
    links = new LinkBytes(roster.dcs());
    beats = fixed ? null : new Beats(this, roster.dcs(), roster.me(), beatNanos, memory);
  }

  void startBeats() {
    beats.start();
  }

  Transport transport() {
    return transport;
  }

  /// Bytes of messages that belong to no stream.
  LinkBytes links() {
    return links;
  }

  /// Runs something while nothing is posted.
  void quietly(Runnable body) {
    synchronized (posting) {
      body.run();
    }
  }

  /// Posts one message; a peer that is gone is found out when it is waited for.
  void post(int to, MessageKind kind, long ofRound, Slot frame, long payloadBytes) {
    long headBytes = frame.wireBytes();
    synchronized (posting) {
      try {
        transport.post(to, frame.wire(), 0, headBytes);
        if (payloadBytes > 0) {
          transport.post(to, frame.payload().segment(), 0, payloadBytes);
        }
      } catch (PeerLostException e) {
        if (fixed) {
          throw e;
        }
        roster.suspect(to, e);
        return;
      }
      ledger.sent(to, kind, ofRound, headBytes + payloadBytes);
      if (beats != null) {
        beats.posted(to);
      }
    }
  }

  /// Posts a header that announces bytes, noted as a message of its own, since it may be all that
  /// leaves; then the bytes.
  ///
  /// @param bytes must not change until they are flushed
  void post(int to, MessageKind kind, LinkBytes.Kind count, Slot header, MemorySegment bytes) {
    synchronized (posting) {
      post(to, kind, roster.round(), header, 0);
      links.add(to, count, header.wireBytes());
      try {
        transport.post(to, bytes);
      } catch (PeerLostException e) {
        roster.suspect(to, e);
        return;
      }
      ledger.sent(to, kind, roster.round(), bytes.byteSize());
      links.add(to, count, bytes.byteSize());
    }
  }

  /// Posts a header that announces a frame, noted likewise; then the frame.
  void postInside(int to, MessageKind kind, LinkBytes.Kind count, Slot header, Slot frame) {
    synchronized (posting) {
      post(to, kind, roster.round(), header, 0);
      links.add(to, count, header.wireBytes());
      post(to, kind, roster.round(), frame, frame.payloadBytes());
      links.add(to, count, frame.wireBytes() + frame.payloadBytes());
    }
  }

  /// Sends a sign of life; called by the thread that beats.
  void beat(int to, Slot frame) {
    synchronized (posting) {
      if (roster.present(to)) {
        try {
          transport.post(to, frame.wire(), 0, frame.wireBytes());
          ledger.sent(to, MessageKind.BEAT, 0, frame.wireBytes());
          links.add(to, LinkBytes.Kind.BEAT, frame.wireBytes());
          beats.posted(to);
        } catch (PeerLostException | IllegalStateException e) {
          beats.posted(to); // whoever waits for it finds out
        }
      }
    }
  }

  /// Waits until what was posted may be overwritten, or has been handed to the wire.
  void move(boolean ontoTheWire, Deadline deadline) {
    boolean moved = false;
    while (!moved) {
      try {
        if (ontoTheWire) {
          transport.drain(deadline);
        } else {
          transport.flush(deadline);
        }
        moved = true;
      } catch (PeerLostException e) {
        if (fixed) {
          throw e;
        }
        int lost = roster.index(e);
        roster.suspect(lost, e);
        transport.drop(lost); // the next tick agrees on it
      }
    }
  }

  /// Reads one message of a DC. False if somebody is lost, or a DC says so.
  boolean step(int p, Deadline deadline) {
    try {
      MessageKind kind = inbox.read(p, deadline);
      if (kind == MessageKind.SNAPSHOT) {
        throw new ExchangeException(
            "round " + roster.round() + ": " + roster.name(p) + " sent a snapshot");
      }
    } catch (PeerLostException e) {
      if (fixed) {
        throw e;
      }
      roster.suspect(p, e);
    }
    return news() && !inbox.report(p).there();
  }

  /// Takes over losses that were met while others were read; false if there are any.
  boolean news() {
    for (int p = 0; p < roster.dcs(); p++) {
      PeerLostException loss = inbox.takeNews(p);
      if (loss != null) {
        roster.suspect(p, loss);
      }
    }
    return roster.whole();
  }

  @Override
  public void close() {
    if (beats != null) {
      beats.close();
    }
  }
}
