package org.strait.launcher.worker;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.ConnectOptions;
import org.strait.engine.transport.JoinRefusedException;
import org.strait.engine.transport.PeerLostException;
import org.strait.engine.transport.Transport;
import org.strait.engine.transport.Transports;
import org.strait.engine.transport.tls.TlsIdentity;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.UserMistake;

/// A launch that has just begun asks gateways of other data centres whether they are in training
/// already: then it comes back.
final class ReturnCall {
  private static final int REACH_MILLIS = 1000;
  private static final double JOIN_SECONDS = 5;

  private final Job job;
  private final ConnectOptions connect;

  /// @param secret that all launches share
  /// @param tls who this side is, null for plain connections
  ReturnCall(Job job, String secret, TlsIdentity tls) {
    this.job = job;
    connect =
        ConnectOptions.defaults().withToken(secret).withTls(tls).withTimeoutSeconds(JOIN_SECONDS);
  }

  /// What a data centre says.
  ///
  /// @param answer null if it is not in training, or not heard of
  record Reply(JsonObject answer, long sentBytes) {}

  /// Asks one.
  ///
  /// @throws UserMistake if it is there and will not speak with this one
  Reply ask(int dc, JsonObject request) {
    InetSocketAddress there = ReturnTalk.address(job, dc);
    if (!listens(there)) {
      return new Reply(null, 0);
    }
    Group pair =
        ReturnTalk.group(
            job.geography().topology(),
            dc,
            job.geography().hereIndex(),
            job.geography().hereIndex());
    try {
      Transport joined =
          Transports.connect(pair, List.of(there, new InetSocketAddress("localhost", 0)), connect);
      try (ReturnTalk talk = new ReturnTalk(joined)) {
        talk.send(request);
        JsonObject answer = talk.receive();
        return new Reply(answer, talk.sentBytes());
      }
    } catch (JoinRefusedException e) {
      throw new UserMistake(e.getMessage(), "give all launches the same job, build and secret");
    } catch (RendezvousException | PeerLostException | IOException e) {
      System.getLogger(ReturnCall.class.getName())
          .log(System.Logger.Level.DEBUG, "no answer from " + there, e);
      return new Reply(null, 0);
    }
  }

  private static boolean listens(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(address.getHostString(), address.getPort()), REACH_MILLIS);
      return true;
    } catch (IOException e) {
      return false; // as most are before a training begins
    }
  }
}
