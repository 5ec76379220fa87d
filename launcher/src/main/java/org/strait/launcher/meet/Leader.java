package org.strait.launcher.meet;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.rendezvous.Sockets;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.identity.Build;
import org.strait.launcher.identity.Identity;

/// Rank 0 as the others see it: lets every rank of the launch in once, provided that it runs the
/// same command on the same build, and hears what they say until they leave.
public final class Leader implements AutoCloseable {
  private static final int HELLO_MILLIS = 5_000;
  private static final long BEAT_MILLIS = 1000;
  private static final int TOKEN_BYTES = 16;
  private static final Duration REFUSING = Duration.ofSeconds(3);

  /// Hears what ranks say, on one thread for each.
  public interface Ear {
    /// A rank wrote a line.
    void line(int rank, String line);

    /// A rank ended.
    ///
    /// @param status what it said last; -1 if its connection broke without a word
    void left(int rank, int status, List<String> lastLines);
  }

  private final Meeting meeting;
  private final Identity me;
  private final Build build;
  private final String command;
  private final String token;
  private final ServerSocket server;
  private final Map<Integer, Talk> ranks = new TreeMap<>();
  private final Map<Integer, String> hosts = new TreeMap<>();
  private final Set<Integer> told = new HashSet<>();
  private Ear ear;
  private UserMistake mistake;
  private boolean started;
  private boolean closed;

  private Leader(Meeting meeting, Identity me, Build build, String command) {
    this.meeting = meeting;
    this.me = me;
    this.build = build;
    this.command = command;
    byte[] secret = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(secret);
    token = meeting.token().isEmpty() ? HexFormat.of().formatHex(secret) : meeting.token();
    server = listen(meeting);
  }

  /// Begins to lead.
  ///
  /// @param command digest of the arguments, which all ranks must have in common
  /// @throws UserMistake if no port can be had, or another command has the meeting point
  public static Leader open(Meeting meeting, Identity me, Build build, String command) {
    Leader leader = new Leader(meeting, me, build, command);
    Thread.ofPlatform().daemon().name("strait-leader").start(leader::accept);
    boolean announced = false;
    try {
      meeting.announce(new Place(leader.host(), leader.server.getLocalPort(), leader.token));
      announced = true;
      return leader;
    } finally {
      if (!announced) {
        Sockets.closeQuietly(leader.server);
      }
    }
  }

  private static ServerSocket listen(Meeting meeting) {
    RendezvousException last = null;
    for (int port : meeting.ports()) {
      try {
        return Sockets.serverSocket(meeting.bind(), port, 256);
      } catch (RendezvousException e) {
        if (!(e.getCause() instanceof BindException)) {
          throw UserMistake.of(e);
        }
        last = e;
      }
    }
    throw UserMistake.of(last);
  }

  /// Address of rank 0, as others reach it.
  public String host() {
    return meeting.bind().equals("0.0.0.0") ? Addresses.own(me.host()) : meeting.bind();
  }

  /// Secret of the launch.
  public String token() {
    return token;
  }

  /// Waits until every rank has come.
  ///
  /// @param patience longest time
  /// @throws UserMistake if they do not come, or one is not what it should be; all have been told
  public synchronized void gather(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (ranks.size() < me.size() - 1 && mistake == null) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        mistake =
            new UserMistake(
                missing()
                    + " of "
                    + me.size()
                    + " did not come to rank 0 at "
                    + host()
                    + ":"
                    + server.getLocalPort()
                    + " within "
                    + patience.toSeconds()
                    + " s",
                "all ranks must run the same command; see what they printed");
      } else {
        wait(left);
      }
    }
    if (mistake != null) {
      throw refuse(mistake);
    }
    started = true;
  }

  private String missing() {
    List<String> missing = new ArrayList<>();
    for (int rank = 1; rank < me.size(); rank++) {
      if (!ranks.containsKey(rank)) {
        missing.add("" + rank);
      }
    }
    return (missing.size() == 1 ? "rank " : "ranks ") + String.join(", ", missing);
  }

  /// Tells all ranks, also those that are still to come within three seconds, that nothing will be
  /// done.
  public synchronized UserMistake refuse(UserMistake why) throws InterruptedException {
    mistake = why;
    ranks.forEach(this::refuse);
    long deadline = System.nanoTime() + REFUSING.toNanos();
    for (long left = REFUSING.toMillis();
        told.size() < me.size() - 1 && left > 0;
        left = (deadline - System.nanoTime()) / 1_000_000) {
      wait(left);
    }
    return why;
  }

  private void refuse(int rank, Talk talk) {
    if (!told.add(rank)) {
      return; // it waits for the end of the connection
    }
    JsonObject words = new JsonObject();
    words.addProperty("refused", mistake.getMessage());
    try {
      talk.send(words);
    } catch (IOException e) {
      // It is gone, which is what it is told to be.
    }
    notifyAll();
  }

  /// Lets all ranks begin, and from now on passes on what they say.
  public synchronized void begin(JsonObject welcome, Ear listener) {
    ear = listener;
    JsonObject words = new JsonObject();
    words.add("welcome", welcome);
    ranks.forEach((rank, talk) -> say(talk, words));
    notifyAll();
    Thread.ofPlatform().daemon().name("strait-leader-pulse").start(this::beat);
  }

  /// Says every second that rank 0 is alive.
  private synchronized void beat() {
    JsonObject words = new JsonObject();
    words.addProperty("beat", true);
    try {
      while (!closed) {
        ranks.values().forEach(talk -> say(talk, words));
        wait(BEAT_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void say(Talk talk, JsonObject words) {
    try {
      talk.send(words);
    } catch (IOException e) {
      // Its reader sees the end too, and tells.
    }
  }

  /// Host of a rank.
  public synchronized String host(int rank) {
    return hosts.getOrDefault(rank, me.host());
  }

  /// How many ranks each host has, as far as they have come.
  public synchronized Map<String, Integer> ranksByHost() {
    Map<String, Integer> counts = new TreeMap<>(Map.of(me.host(), 1));
    hosts.values().forEach(host -> counts.merge(host, 1, Integer::sum));
    return counts;
  }

  /// How many ranks a host has, as far as they have come.
  public int ranksOn(String host) {
    return ranksByHost().getOrDefault(host, 0);
  }

  /// Lets all ranks go: each ends with this status.
  public synchronized void bye(int status) {
    meeting.close();
    JsonObject words = new JsonObject();
    words.addProperty("bye", status);
    ranks.values().forEach(talk -> say(talk, words));
  }

  @Override
  public synchronized void close() {
    closed = true;
    meeting.close();
    Sockets.closeQuietly(server);
    ranks.values().forEach(Sockets::closeQuietly);
    notifyAll();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofPlatform()
            .daemon()
            .name("strait-leader-" + socket.getPort())
            .start(() -> serve(socket));
      } catch (IOException e) {
        System.getLogger(Leader.class.getName()).log(System.Logger.Level.DEBUG, "accept", e);
      }
    }
  }

  private void serve(Socket socket) {
    int rank = -1;
    try (socket;
        Talk talk = new Talk(socket)) {
      talk.patience(HELLO_MILLIS);
      rank = admit(talk, talk.read());
      if (rank > 0) {
        talk.patience(0);
        hear(rank, talk);
      }
    } catch (IOException | RuntimeException e) {
      System.getLogger(Leader.class.getName()).log(System.Logger.Level.DEBUG, "rank " + rank, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void hear(int rank, Talk talk) throws InterruptedException {
    int status = -1;
    List<String> log = new ArrayList<>();
    try {
      for (String line = talk.line(); line != null && status < 0; ) {
        Ear listener = awaitEar();
        JsonObject words = line.startsWith("{\"exit\"") ? Talk.parse(line) : null;
        if (words == null) {
          listener.line(rank, line);
          line = talk.line();
        } else {
          for (JsonElement last : words.getAsJsonArray("log")) {
            log.add(last.getAsString());
          }
          status = words.get("exit").getAsInt();
        }
      }
    } catch (IOException e) {
      log.add("connection to rank 0: " + e.getMessage());
    }
    boolean early;
    synchronized (this) {
      early = ear == null && !closed;
      if (early && mistake == null) {
        mistake =
            new UserMistake(
                "rank " + rank + " on " + hosts.get(rank) + " went away before the start",
                "see what it printed");
      }
      notifyAll();
    }
    if (!early) {
      awaitEar().left(rank, status, log);
      // Its connection stays open until the end of the run: it waits for bye.
      synchronized (this) {
        while (!closed) {
          wait();
        }
      }
    }
  }

  private synchronized Ear awaitEar() throws InterruptedException {
    while (ear == null) {
      if (closed) {
        throw new InterruptedException();
      }
      wait();
    }
    return ear;
  }

  /// The rank that a newcomer is, 0 if it was sent away.
  private synchronized int admit(Talk talk, JsonObject hello) throws IOException {
    if (hello == null || !hello.has("token") || !sameToken(hello.get("token").getAsString())) {
      return 0;
    }
    int rank = hello.has("rank") ? hello.get("rank").getAsInt() : 0;
    if (rank < 1 || closed || started || ranks.containsKey(rank)) {
      JsonObject again = new JsonObject();
      again.addProperty("again", true);
      talk.send(again);
      return 0;
    }
    String host = hello.get("host").getAsString();
    if (mistake == null) {
      mistake = judge(rank, host, hello);
    }
    JsonObject come = new JsonObject();
    come.addProperty("come", true);
    talk.send(come);
    ranks.put(rank, talk);
    hosts.put(rank, host);
    if (mistake != null) {
      refuse(rank, talk);
    }
    notifyAll();
    return rank;
  }

  private boolean sameToken(String theirs) {
    return MessageDigest.isEqual(
        theirs.getBytes(java.nio.charset.StandardCharsets.UTF_8),
        token.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private UserMistake judge(int rank, String host, JsonObject hello) {
    String who = "rank " + rank + " on " + host;
    String theirs = hello.get("build").getAsString();
    if (!theirs.equals(build.toString())) {
      return new UserMistake(
          who + " runs " + theirs + ", rank 0 on " + me.host() + " runs " + build,
          "install the same on all hosts");
    }
    int size = hello.get("size").getAsInt();
    if (size != me.size()) {
      return new UserMistake(
          who + " is one of " + size + ", rank 0 one of " + me.size(),
          "start all ranks by one launch");
    }
    return hello.get("command").getAsString().equals(command)
        ? null
        : new UserMistake(
            who + " was given other arguments than rank 0", "give all ranks the same command");
  }

  /// What a rank says when it comes.
  static JsonObject hello(Identity who, Build build, String command, String token) {
    JsonObject hello = new JsonObject();
    hello.addProperty("strait", Talk.VERSION);
    hello.addProperty("token", token);
    hello.addProperty("rank", who.rank());
    hello.addProperty("size", who.size());
    hello.addProperty("host", who.host());
    hello.addProperty("build", build.toString());
    hello.addProperty("command", command);
    return hello;
  }

  /// What a rank says when it goes.
  static JsonObject exit(int status, List<String> lastLines) {
    JsonObject exit = new JsonObject();
    exit.addProperty("exit", status);
    JsonArray log = new JsonArray();
    lastLines.forEach(log::add);
    exit.add("log", log);
    return exit;
  }
}
