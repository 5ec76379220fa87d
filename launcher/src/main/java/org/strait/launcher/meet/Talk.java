package org.strait.launcher.meet;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// One connection between a rank and rank 0: JSON objects, one a line, UTF-8.
///
///     rank:    {"strait": 1, "token": …, "rank": …, "size": …, "host": …, "build": …,
///               "command": …}
///     rank 0:  {"come": true} at once | {"again": true}: not now | {"refused": "why"}
///     rank 0:  {"welcome": {…}} once all are there | {"refused": "why"}
///     rank:    events of the training, then {"exit": status, "log": [last lines]}
///     rank 0:  {"beat": true} every second: it is alive
///     rank 0:  {"bye": status} when the record is written
final class Talk implements Closeable {
  static final int VERSION = 1;

  // A line carries a job or a curve, never rows.
  private static final int MOST_BYTES = 64 << 20;
  static final int CONNECT_MILLIS = 5_000;

  private final Gson gson = new GsonBuilder().serializeNulls().create();
  private final Socket socket;
  private final InputStream in;

  Talk(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setKeepAlive(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /// Connects to rank 0.
  static Talk to(Place place) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(place.host(), place.port()), CONNECT_MILLIS);
      return new Talk(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /// Whether a rank 0 of that launch listens there.
  static boolean answers(Place place) {
    try (Talk talk = to(place)) {
      talk.patience(CONNECT_MILLIS);
      JsonObject hello = new JsonObject();
      hello.addProperty("strait", VERSION);
      hello.addProperty("token", place.token());
      talk.send(hello);
      return talk.read() != null;
    } catch (IOException e) {
      return false;
    }
  }

  /// Longest silence of the other side; 0 for any.
  void patience(int millis) throws IOException {
    socket.setSoTimeout(millis);
  }

  /// Address of this side, as the route to the other side has it.
  java.net.InetAddress own() {
    return socket.getLocalAddress();
  }

  synchronized void send(JsonObject words) throws IOException {
    send(gson.toJson(words));
  }

  synchronized void send(String line) throws IOException {
    socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /// The next line; null at the end.
  String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return null;
      }
      line.write(b);
      if (line.size() > MOST_BYTES) {
        throw new IOException("a line without an end");
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  /// The next object; null at the end.
  JsonObject read() throws IOException {
    String line = line();
    return line == null ? null : parse(line);
  }

  static JsonObject parse(String line) throws IOException {
    try {
      JsonElement json = JsonParser.parseString(line);
      if (json.isJsonObject()) {
        return json.getAsJsonObject();
      }
    } catch (JsonParseException e) {
      throw new IOException("not a rank of strait", e);
    }
    throw new IOException("not a rank of strait");
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
