package org.strait.launcher.worker;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.strait.engine.Session;
import org.strait.engine.ledger.Ledger;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.ConnectOptions;
import org.strait.engine.transport.GatewayListener;
import org.strait.engine.transport.PeerLostException;
import org.strait.launcher.config.Job;

/// Answers launches of other data centres that begin while this one is in training: what all have
/// agreed on, that this one still counts them, or why they cannot come back. A thread
/// (strait-return-desk) of the gateway looks twice a second who has knocked.
final class ReturnDesk implements AutoCloseable {
  private static final long LOOK_NANOS = 500_000_000L;
  private static final double JOIN_SECONDS = 5;

  private final Job job;
  private final Session session;
  private final GatewayListener listener;
  private final ConnectOptions connect;
  private final DcAgreement agreement;
  private final Ledger ledger;
  private final Thread thread;
  private volatile String closedBecause;
  private volatile boolean closed;

  /// @param session of a gateway that listens
  /// @param connect with the secret of all launches
  /// @param closedBecause why nobody can come back to this training; empty if one can
  ReturnDesk(
      Job job,
      Session session,
      GatewayListener listener,
      ConnectOptions connect,
      DcAgreement agreement,
      Ledger ledger,
      String closedBecause) {
    this.job = job;
    this.session = session;
    this.listener = listener;
    this.connect = connect.withTimeoutSeconds(JOIN_SECONDS);
    this.agreement = agreement;
    this.ledger = ledger;
    this.closedBecause = closedBecause;
    thread = Thread.ofPlatform().name("strait-return-desk").daemon().start(this::run);
  }

  /// From now on nobody can come back.
  void close(String because) {
    closedBecause = because;
  }

  private void run() {
    int me = session.dc();
    while (!closed) {
      for (int dc = 0; dc < session.topology().dcs().size() && !closed; dc++) {
        Group pair = dc == me ? null : ReturnTalk.group(session.topology(), me, dc, me);
        if (pair != null && listener.knocks(pair)) {
          answer(dc, pair);
        }
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private void answer(int dc, Group pair) {
    List<InetSocketAddress> addresses =
        List.of(ReturnTalk.address(job, session.dc()), ReturnTalk.address(job, dc));
    try (ReturnTalk talk = new ReturnTalk(listener.join(pair, addresses, connect))) {
      JsonObject request = talk.receive();
      talk.send(agreement.welcomeBack(dc, request, session.wanIsThere(dc), closedBecause));
      session.quietly(
          () -> {
            agreement.sent(dc, talk.sentBytes());
            ledger.sent(dc, MessageKind.AGREEMENT, 0, talk.sentBytes());
          });
    } catch (RendezvousException | PeerLostException | IOException | IllegalStateException e) {
      // It went away again, or this training ends.
      System.getLogger(ReturnDesk.class.getName())
          .log(System.Logger.Level.DEBUG, "data centre " + dc + " asked and left", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
