package org.strait.launcher.worker;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.strait.engine.rendezvous.Sockets;
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

  private static final int MAGIC = 0x53545241;
  private static final int MOST_BYTES = 1 << 20;
  private static final int STRANGER_MILLIS = 5_000;
  private static final long RETRY_NANOS = 200_000_000L;
  private static final int HEAD_BYTES = 8;

  private final Job job;
  private final int me;
  private final String secret;
  private final String build;
  private final Consumer<String> notes;
  private final long[] sentBytes;

  /// @param secret that the users of all launches have agreed on; may be empty
  /// @param build of strait that this launch runs
  /// @param notes for people: who is waited for
  DcAgreement(Job job, String secret, String build, Consumer<String> notes) {
    this.job = job;
    this.me = job.geography().hereIndex();
    this.secret = digest(secret);
    this.build = build;
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
    Socket[] sockets = new Socket[dcs];
    InetSocketAddress own = Sockets.parse(address(0));
    note("waiting for the launches of " + missing(all) + " at " + address(0));
    try (ServerSocket server =
        Sockets.serverSocket(own.getHostString(), own.getPort(), 2 * dcs + 16)) {
      server.setSoTimeout((int) (PATIENCE_NANOS / 1_000_000));
      while (!missing(all).isEmpty()) {
        Socket socket = server.accept();
        int dc = admit(socket, all, sockets);
        if (dc < 0) {
          Sockets.closeQuietly(socket);
        }
      }
      JsonObject answer = new JsonObject();
      JsonArray array = new JsonArray();
      for (String text : all) {
        array.add(text);
      }
      answer.add("facts", array);
      for (int dc = 1; dc < dcs; dc++) {
        sentBytes[dc] += send(sockets[dc], answer);
      }
      return List.of(all);
    } catch (java.net.SocketTimeoutException e) {
      throw new UserMistake(
          "no launch of "
              + missing(all)
              + " came to "
              + address(0)
              + " within "
              + PATIENCE_NANOS / 1_000_000_000L
              + " s",
          "start one launch for each data centre");
    } finally {
      for (Socket socket : sockets) {
        Sockets.closeQuietly(socket);
      }
    }
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
  private int admit(Socket socket, String[] all, Socket[] sockets) throws IOException {
    JsonObject theirs;
    try {
      socket.setSoTimeout(STRANGER_MILLIS);
      theirs = receive(socket);
    } catch (IOException e) {
      return -1; // a gateway that is ahead, or a port scanner
    }
    String dc = text(theirs, "dc");
    int index = job.geography().topology().dcs().stream().map(d -> d.name()).toList().indexOf(dc);
    String why = index > 0 ? difference(theirs, dc) : "there is no data centre \"" + dc + "\" here";
    if (why.isEmpty() && all[index] != null) {
      why = "another launch of " + dc + " is there already";
    }
    if (!why.isEmpty()) {
      JsonObject refusal = new JsonObject();
      refusal.addProperty("refused", why);
      long bytes = send(socket, refusal);
      if (index > 0 && all[index] == null) {
        sentBytes[index] += bytes;
        for (int other = 1; other < sockets.length; other++) {
          sentBytes[other] += sockets[other] == null ? 0 : send(sockets[other], refusal);
        }
        throw new UserMistake(why, "give all launches the same job, build and secret");
      }
      return -1;
    }
    note(dc + " is there");
    all[index] = text(theirs, "facts");
    sockets[index] = socket;
    return index;
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
    try (Socket socket = connect()) {
      sentBytes[0] += send(socket, mine);
      socket.setSoTimeout((int) (PATIENCE_NANOS / 1_000_000));
      JsonObject answer = receive(socket);
      if (answer.has("refused")) {
        throw new UserMistake(
            text(answer, "refused"), "give all launches the same job, build and secret");
      }
      List<String> all = new ArrayList<>();
      answer.getAsJsonArray("facts").forEach(text -> all.add(text.getAsString()));
      if (all.size() != sentBytes.length) {
        throw new IOException(all.size() + " answers for " + sentBytes.length + " data centres");
      }
      return all;
    }
  }

  private Socket connect() {
    InetSocketAddress there = Sockets.parse(address(0));
    long startNanos = System.nanoTime();
    String why = "";
    boolean told = false;
    while (System.nanoTime() - startNanos < PATIENCE_NANOS) {
      Socket socket = new Socket();
      try {
        socket.connect(
            new InetSocketAddress(there.getHostString(), there.getPort()), STRANGER_MILLIS);
        return socket;
      } catch (IOException e) {
        Sockets.closeQuietly(socket);
        why = e.getMessage();
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

  private static long send(Socket socket, JsonObject json) throws IOException {
    byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
    DataOutputStream out =
        new DataOutputStream(new java.io.BufferedOutputStream(socket.getOutputStream()));
    out.writeInt(MAGIC);
    out.writeInt(text.length);
    out.write(text);
    out.flush();
    return HEAD_BYTES + (long) text.length;
  }

  private static JsonObject receive(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    if (in.readInt() != MAGIC) {
      throw new IOException("not a launch of strait");
    }
    int length = in.readInt();
    if (length < 0 || length > MOST_BYTES) {
      throw new IOException("a message of " + length + " bytes");
    }
    byte[] text = in.readNBytes(length);
    try {
      return JsonParser.parseString(new String(text, StandardCharsets.UTF_8)).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new IOException("not a launch of strait", e);
    }
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
