package org.strait.launcher.worker;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.strait.engine.rendezvous.Sockets;
import org.strait.engine.transport.tls.PlainPeerException;
import org.strait.engine.transport.tls.TlsIdentity;
import org.strait.engine.transport.tls.TlsWords;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.UserMistake;

/// Launches of one data centre each agree, before their gateways connect for good: every gateway
/// sends one message to the first data centre's and gets one back. The job must be the same; what
/// is shared are numbers of rows and features and the set of labels. Every byte is counted.
///
///     both ways   int magic "STRA", int length, UTF-8 JSON of that length
///
/// {@link AgreementWords} has the words. A launch that finds others in training asks one of them
/// the same ({@link ReturnCall}), and comes back to that training. Before a training no gateway but
/// the first one's listens, so nobody takes a beginning for a return.
final class DcAgreement {
  /// How long a launch waits for the others: people start them by hand.
  static final long PATIENCE_NANOS = 1_800_000_000_000L;

  private static final String UNHEARD = "; nobody is in training yet";
  private static final long STRANGER_NANOS = 5_000_000_000L;
  private static final long RETRY_NANOS = 200_000_000L;
  private static final long CALL_NANOS = 1_000_000_000L;
  private static final long POLL_NANOS = 2_000_000L;

  private final Job job;
  private final int me;
  private final AgreementWords words;
  private final TlsIdentity tls;
  private final Consumer<String> notes;
  private final long[] sentBytes;
  private final String[] facts;
  private final ReturnCall call;
  private String said = "";
  private boolean comesBack;

  /// @param secret that the users of all launches have agreed on; may be empty
  /// @param build of strait that this launch runs
  /// @param tls what this gateway shows and trusts, null if connections are not encrypted
  /// @param notes for people: who is waited for, and who was sent away
  DcAgreement(Job job, String secret, String build, TlsIdentity tls, Consumer<String> notes) {
    this.job = job;
    this.me = job.geography().hereIndex();
    words = new AgreementWords(job, secret, build);
    this.tls = tls;
    this.notes = notes;
    sentBytes = new long[job.geography().topology().dcs().size()];
    facts = new String[sentBytes.length];
    call = new ReturnCall(job, secret, tls);
  }

  /// Bytes sent to a data centre so far.
  synchronized long sentBytes(int dc) {
    return sentBytes[dc];
  }

  /// So many bytes more were sent to a data centre.
  synchronized void sent(int dc, long bytes) {
    sentBytes[dc] += bytes;
  }

  /// Whether the others are in training already, and this data centre comes back to it.
  boolean comesBack() {
    return comesBack;
  }

  /// Gives this data centre's facts and returns those of all others.
  ///
  /// @throws UserMistake if another launch has another job, build or secret, or none came
  List<String> exchange(String own) {
    try {
      List<String> all = new ArrayList<>(me == 0 ? serve(own) : ask(own));
      all.toArray(facts);
      all.remove(me);
      return all;
    } catch (IOException e) {
      throw new UserMistake(
          "data centre "
              + name(0)
              + " at "
              + address(0)
              + " broke the agreement off: "
              + e.getMessage(),
          "see what its launch says");
    }
  }

  /// What to say to a launch that begins while this one is in training.
  ///
  /// @param counted whether its data centre still takes part here
  /// @param closedBecause why nobody can come back; empty if one can
  JsonObject welcomeBack(int dc, JsonObject theirs, boolean counted, String closedBecause) {
    return words.welcomeBack(name(dc), theirs, facts, dc, counted, closedBecause);
  }

  /// Asks a data centre whether it is in training, and what all there have agreed on: null if it is
  /// not, nothing if this launch is to ask again.
  private List<String> inTraining(int dc, JsonObject request) throws IOException {
    ReturnCall.Reply reply = call.ask(dc, request);
    sent(dc, reply.sentBytes());
    if (reply.answer() == null) {
      return null;
    }
    List<String> all = facts(reply.answer());
    if (!all.isEmpty()) {
      comesBack = true;
      note(name(dc) + " is in training; " + name(me) + " comes back to it");
    }
    return all;
  }

  /// Everybody's facts in an answer; nothing if this launch is to ask again.
  private List<String> facts(JsonObject answer) throws IOException {
    String why = AgreementWords.text(answer, "later");
    if (why.isEmpty()) {
      return AgreementWords.facts(answer, sentBytes.length);
    }
    if (!why.equals(said)) {
      said = why;
      note("waiting: " + why);
    }
    return List.of();
  }

  private List<String> serve(String own) throws IOException {
    int dcs = sentBytes.length;
    String[] all = new String[dcs];
    all[0] = own;
    JsonObject request = words.request(own);
    int asked = 0;
    long nextCall = System.nanoTime();
    AgreementLine[] lines = new AgreementLine[dcs];
    InetSocketAddress bind =
        Sockets.parse(job.geography().binds().getOrDefault(name(0), address(0)));
    note("waiting for the launches of " + missing(all) + " at " + address(0) + UNHEARD);
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    try (ServerSocketChannel server =
        Sockets.listen(bind.getHostString(), bind.getPort(), 2 * dcs + 16)) {
      while (!missing(all).isEmpty()) {
        SocketChannel socket = server.accept();
        if (socket != null) {
          AgreementLine line = AgreementLine.accepted(socket, tls);
          if (admit(line, all, lines) < 0) {
            Sockets.closeQuietly(line);
          }
        } else if (System.nanoTime() - deadline >= 0) {
          throw new UserMistake(
              "no launch of "
                  + missing(all)
                  + " came to "
                  + address(0)
                  + " within "
                  + PATIENCE_NANOS / 1_000_000_000L
                  + " s",
              "start one launch for each data centre");
        } else if (System.nanoTime() - nextCall >= 0) {
          asked = asked % (dcs - 1) + 1;
          List<String> back = lines[asked] == null ? inTraining(asked, request) : null;
          if (back != null && !back.isEmpty()) {
            tell(lines, AgreementWords.later(name(asked) + " is in training"));
            return back;
          }
          nextCall = System.nanoTime() + CALL_NANOS / (dcs - 1);
        } else {
          LockSupport.parkNanos(POLL_NANOS);
        }
      }
      tell(lines, AgreementWords.answer(all));
      return List.of(all);
    } finally {
      for (AgreementLine line : lines) {
        Sockets.closeQuietly(line);
      }
    }
  }

  private void tell(AgreementLine[] lines, JsonObject answer) throws IOException {
    for (int dc = 1; dc < lines.length; dc++) {
      if (lines[dc] != null) {
        lines[dc].send(answer, soon());
        sent(dc, lines[dc].sentBytes());
      }
    }
  }

  private static long soon() {
    return System.nanoTime() + STRANGER_NANOS;
  }

  private String missing(String[] all) {
    List<String> names = new ArrayList<>();
    for (int dc = 0; dc < all.length; dc++) {
      if (all[dc] == null) {
        names.add(name(dc));
      }
    }
    return String.join(", ", names);
  }

  /// Index of the data centre that came, -1 for a stranger.
  private int admit(AgreementLine line, String[] all, AgreementLine[] lines) throws IOException {
    JsonObject theirs;
    try {
      line.secure(soon());
      theirs = line.receive(soon());
    } catch (IOException e) {
      if (tls != null && (TlsWords.isFinal(e) || e instanceof PlainPeerException)) {
        note("sent " + line.remote() + " away: " + shown(e));
      }
      return -1; // a gateway that is ahead, or a port scanner
    }
    String dc = AgreementWords.text(theirs, "dc");
    int index = job.geography().topology().dcs().stream().map(d -> d.name()).toList().indexOf(dc);
    Optional<String> other = line.otherName(dc);
    if (other.isPresent()) {
      String why = otherName(dc, line.remote(), other.get());
      note("sent " + line.remote() + " away: " + why);
      line.send(AgreementWords.refusal(why), soon());
      return -1;
    }
    String why =
        index > 0 ? words.difference(theirs, dc) : "there is no data centre \"" + dc + "\" here";
    if (why.isEmpty() && all[index] != null) {
      why = "another launch of " + dc + " is there already";
    }
    if (!why.isEmpty()) {
      JsonObject refusal = AgreementWords.refusal(why);
      line.send(refusal, soon());
      if (index > 0 && all[index] == null) {
        sent(index, line.sentBytes());
        for (int o = 1; o < lines.length; o++) {
          if (lines[o] != null) {
            lines[o].send(refusal, soon());
          }
        }
        throw new UserMistake(why, AgreementWords.REMEDY);
      }
      return -1;
    }
    note(dc + " is there");
    all[index] = AgreementWords.text(theirs, "facts");
    lines[index] = line;
    return index;
  }

  private static String otherName(String dc, String at, String names) {
    return "the launch at " + at + " says it is " + dc + ", its certificate is for " + names;
  }

  private String shown(IOException e) {
    return e instanceof PlainPeerException || tls == null ? e.getMessage() : TlsWords.of(e, tls);
  }

  /// Asks the first data centre; while it is not there, the others, who may be in training.
  private List<String> ask(String own) throws IOException {
    JsonObject mine = words.request(own);
    InetSocketAddress first = Sockets.parse(address(0));
    long startNanos = System.nanoTime();
    String why = "";
    boolean told = false;
    while (System.nanoTime() - startNanos < PATIENCE_NANOS) {
      AgreementLine line = null;
      try {
        line = AgreementLine.connect(first, tls, STRANGER_NANOS);
      } catch (IOException e) {
        why = refused(address(0), e).getMessage();
      }
      List<String> all = line == null ? null : agree(line, mine);
      for (int dc = 1; all == null && dc < sentBytes.length; dc++) {
        all = dc == me ? null : inTraining(dc, mine);
      }
      if (all != null && !all.isEmpty()) {
        return all;
      }
      if (!told && all == null) {
        note("waiting for the launch of " + name(0) + " at " + address(0) + UNHEARD);
        told = true;
      }
      LockSupport.parkNanos(RETRY_NANOS);
    }
    throw new UserMistake(
        "no launch of "
            + name(0)
            + " at "
            + address(0)
            + " within "
            + PATIENCE_NANOS / 1_000_000_000L
            + " s ("
            + why
            + ")",
        "start one launch for each data centre, and check gateway: of " + name(0));
  }

  /// Agrees with whoever listens where the first data centre should; nothing if this launch is to
  /// ask again.
  private List<String> agree(AgreementLine line, JsonObject mine) throws IOException {
    try (line) {
      Optional<String> other = line.otherName(name(0));
      if (other.isPresent()) {
        throw new UserMistake(
            otherName(name(0), line.remote(), other.get()),
            "compare gateway: in the topology with the certificates");
      }
      line.send(mine, soon());
      return facts(line.receive(System.nanoTime() + PATIENCE_NANOS));
    } catch (IOException e) {
      IOException broken = refused(line.remote(), e);
      List<String> back = inTraining(0, mine); // a gateway in training does not know this line
      if (back == null) {
        throw broken;
      }
      return back;
    } finally {
      sent(0, line.sentBytes());
    }
  }

  /// A mistake, if it is for good and not the network's.
  private IOException refused(String remote, IOException e) {
    if (e instanceof PlainPeerException || (tls != null && TlsWords.isFinal(e))) {
      throw UserMistake.of(
          new IllegalStateException(
              "the launch of "
                  + name(0)
                  + " at "
                  + remote
                  + " and this one do not connect: "
                  + shown(e)));
    }
    return e;
  }

  private void note(String text) {
    notes.accept(text);
  }

  private String name(int dc) {
    return job.geography().topology().dcs().get(dc).name();
  }

  private String address(int dc) {
    return job.geography().gateways().get(name(dc));
  }
}
