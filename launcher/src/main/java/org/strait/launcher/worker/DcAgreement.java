package org.strait.launcher.worker;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
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
///     there       {"dc": …, "secret": SHA-256 of it, "build": …, "job": {…}, "facts": "…"}
///     back        {"facts": [one per data centre, in order]} | {"refused": "why"}
final class DcAgreement {
  /// How long a launch waits for the others: people start them by hand.
  static final long PATIENCE_NANOS = 1_800_000_000_000L;

  private static final String REMEDY = "give all launches the same job, build and secret";
  private static final long STRANGER_NANOS = 5_000_000_000L;
  private static final long RETRY_NANOS = 200_000_000L;
  private static final long POLL_NANOS = 2_000_000L;

  private final Job job;
  private final int me;
  private final String secret;
  private final String build;
  private final TlsIdentity tls;
  private final Consumer<String> notes;
  private final long[] sentBytes;

  /// @param secret that the users of all launches have agreed on; may be empty
  /// @param build of strait that this launch runs
  /// @param tls what this gateway shows and trusts, null if connections are not encrypted
  /// @param notes for people: who is waited for, and who was sent away
  DcAgreement(Job job, String secret, String build, TlsIdentity tls, Consumer<String> notes) {
    this.job = job;
    this.me = job.geography().hereIndex();
    this.secret = digest(secret);
    this.build = build;
    this.tls = tls;
    this.notes = notes;
    sentBytes = new long[job.geography().topology().dcs().size()];
  }

  /// Bytes sent to a data centre so far.
  long sentBytes(int dc) {
    return sentBytes[dc];
  }

  /// Gives this data centre's facts and returns those of all others.
  ///
  /// @throws UserMistake if another launch has another job, build or secret, or none came
  List<String> exchange(String facts) {
    try {
      List<String> all = new ArrayList<>(me == 0 ? serve(facts) : ask(facts));
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

  private List<String> serve(String facts) throws IOException {
    int dcs = sentBytes.length;
    String[] all = new String[dcs];
    all[0] = facts;
    AgreementLine[] lines = new AgreementLine[dcs];
    InetSocketAddress own =
        Sockets.parse(job.geography().binds().getOrDefault(name(0), address(0)));
    note("waiting for the launches of " + missing(all) + " at " + address(0));
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    try (ServerSocketChannel server =
        Sockets.listen(own.getHostString(), own.getPort(), 2 * dcs + 16)) {
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
        } else {
          LockSupport.parkNanos(POLL_NANOS);
        }
      }
      JsonObject answer = new JsonObject();
      JsonArray array = new JsonArray();
      for (String text : all) {
        array.add(text);
      }
      answer.add("facts", array);
      for (int dc = 1; dc < dcs; dc++) {
        lines[dc].send(answer, soon());
        sentBytes[dc] += lines[dc].sentBytes();
      }
      return List.of(all);
    } finally {
      for (AgreementLine line : lines) {
        Sockets.closeQuietly(line);
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
        note("sent " + line.remote() + " away: " + words(e));
      }
      return -1; // a gateway that is ahead, or a port scanner
    }
    String dc = text(theirs, "dc");
    int index = job.geography().topology().dcs().stream().map(d -> d.name()).toList().indexOf(dc);
    Optional<String> other = line.otherName(dc);
    if (other.isPresent()) {
      String why = otherName(dc, line.remote(), other.get());
      note("sent " + line.remote() + " away: " + why);
      line.send(refusal(why), soon());
      return -1;
    }
    String why = index > 0 ? difference(theirs, dc) : "there is no data centre \"" + dc + "\" here";
    if (why.isEmpty() && all[index] != null) {
      why = "another launch of " + dc + " is there already";
    }
    if (!why.isEmpty()) {
      JsonObject refusal = refusal(why);
      line.send(refusal, soon());
      if (index > 0 && all[index] == null) {
        sentBytes[index] += line.sentBytes();
        for (int o = 1; o < lines.length; o++) {
          if (lines[o] != null) {
            lines[o].send(refusal, soon());
          }
        }
        throw new UserMistake(why, REMEDY);
      }
      return -1;
    }
    note(dc + " is there");
    all[index] = text(theirs, "facts");
    lines[index] = line;
    return index;
  }

  private static JsonObject refusal(String why) {
    JsonObject refusal = new JsonObject();
    refusal.addProperty("refused", why);
    return refusal;
  }

  private static String otherName(String dc, String at, String names) {
    return "the launch at " + at + " says it is " + dc + ", its certificate is for " + names;
  }

  private String words(IOException e) {
    return e instanceof PlainPeerException || tls == null ? e.getMessage() : TlsWords.of(e, tls);
  }

  private String difference(JsonObject theirs, String dc) {
    if (!MessageDigest.isEqual(
        text(theirs, "secret").getBytes(StandardCharsets.UTF_8),
        secret.getBytes(StandardCharsets.UTF_8))) {
      return "the launches of " + name(0) + " and " + dc + " have different STRAIT_WAN_TOKEN";
    }
    if (!text(theirs, "build").equals(build)) {
      return dc + " runs strait " + text(theirs, "build") + ", " + name(0) + " runs " + build;
    }
    JsonObject job1 = JobWords.of(job);
    JsonObject job2 = theirs.getAsJsonObject("job");
    for (Map.Entry<String, JsonElement> entry : job1.entrySet()) {
      if (!entry.getValue().equals(job2.get(entry.getKey()))) {
        return "the launch of "
            + dc
            + " has "
            + entry.getKey()
            + " "
            + shown(job2, entry.getKey())
            + ", that of "
            + name(0)
            + " has "
            + shown(job1, entry.getKey());
      }
    }
    for (String key : job2.keySet()) {
      if (!job1.has(key)) {
        return "the launch of "
            + dc
            + " has "
            + key
            + " "
            + shown(job2, key)
            + ", that of "
            + name(0)
            + " leaves it out";
      }
    }
    return "";
  }

  private static String shown(JsonObject job, String key) {
    return job.has(key) ? job.get(key).getAsString() : "left out";
  }

  private List<String> ask(String facts) throws IOException {
    JsonObject mine = new JsonObject();
    mine.addProperty("dc", name(me));
    mine.addProperty("secret", secret);
    mine.addProperty("build", build);
    mine.add("job", JobWords.of(job));
    mine.addProperty("facts", facts);
    try (AgreementLine line = connect()) {
      Optional<String> other = line.otherName(name(0));
      if (other.isPresent()) {
        throw new UserMistake(
            otherName(name(0), line.remote(), other.get()),
            "compare gateway: in the topology with the certificates");
      }
      JsonObject answer;
      try {
        line.send(mine, soon());
        sentBytes[0] += line.sentBytes();
        answer = line.receive(System.nanoTime() + PATIENCE_NANOS);
      } catch (IOException e) {
        throw refused(line.remote(), e);
      }
      if (answer.has("refused")) {
        throw new UserMistake(text(answer, "refused"), REMEDY);
      }
      List<String> all = new ArrayList<>();
      answer.getAsJsonArray("facts").forEach(text -> all.add(text.getAsString()));
      if (all.size() != sentBytes.length) {
        throw new IOException(all.size() + " answers for " + sentBytes.length + " data centres");
      }
      return all;
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
                  + words(e)));
    }
    return e;
  }

  private AgreementLine connect() throws IOException {
    InetSocketAddress there = Sockets.parse(address(0));
    long startNanos = System.nanoTime();
    String why = "";
    boolean told = false;
    while (System.nanoTime() - startNanos < PATIENCE_NANOS) {
      try {
        return AgreementLine.connect(there, tls, STRANGER_NANOS);
      } catch (IOException e) {
        why = refused(address(0), e).getMessage();
      }
      if (!told) {
        note("waiting for the launch of " + name(0) + " at " + address(0));
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

  private void note(String text) {
    notes.accept(text);
  }

  private String name(int dc) {
    return job.geography().topology().dcs().get(dc).name();
  }

  private String address(int dc) {
    return job.geography().gateways().get(name(dc));
  }

  private static String text(JsonObject json, String key) {
    return json.has(key) && json.get(key).isJsonPrimitive() ? json.get(key).getAsString() : "";
  }

  private static String digest(String text) {
    try {
      byte[] bytes = ("strait agreement " + text).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
