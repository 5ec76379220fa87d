package org.strait.launcher.worker;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.strait.engine.rendezvous.Sockets;
import org.strait.engine.topology.Group;
import org.strait.engine.topology.Member;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Transport;
import org.strait.launcher.config.Job;
import org.strait.memory.Bytes;
import org.strait.memory.HostMemory;

/// One message each way between a data centre in training and a launch that wants to know whether
/// it comes back: a group of two at the gateway's port, the one in training first.
///
///     both ways   int length, little-endian, UTF-8 JSON of that length
final class ReturnTalk implements AutoCloseable {
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int MOST_BYTES = 1 << 25;
  private static final double SECONDS = 10;

  private final Transport transport;
  private final int other;

  /// @param transport of a group of {@link #group}; closed with this
  ReturnTalk(Transport transport) {
    this.transport = transport;
    other = 1 - transport.group().me();
  }

  /// The pair.
  ///
  /// @param here one of both data centres
  static Group group(Topology topology, int inTraining, int back, int here) {
    List<Member> gateways = topology.gatewayGroup(topology.gatewayOf(here)).members();
    return new Group(
        "is " + gateways.get(back).dc() + " back at " + gateways.get(inTraining).dc(),
        List.of(gateways.get(inTraining), gateways.get(back)),
        here == inTraining ? 0 : 1);
  }

  /// Where a data centre's gateway is met.
  static InetSocketAddress address(Job job, int dc) {
    String name = job.geography().topology().dcs().get(dc).name();
    return Sockets.parse(job.geography().gateways().get(name));
  }

  void send(JsonObject json) {
    byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
    try (HostMemory memory = HostMemory.unlimited("return")) {
      Bytes out = memory.bytes(Integer.BYTES + text.length);
      out.segment().set(U32, 0, text.length);
      MemorySegment.copy(text, 0, out.segment(), ValueLayout.JAVA_BYTE, Integer.BYTES, text.length);
      transport.post(other, out.segment());
      transport.drain(deadline());
    }
  }

  JsonObject receive() throws IOException {
    try (HostMemory memory = HostMemory.unlimited("return")) {
      Bytes head = memory.bytes(Integer.BYTES);
      transport.receive(other, head.segment(), deadline());
      int length = head.segment().get(U32, 0);
      if (length < 0 || length > MOST_BYTES) {
        throw new IOException("a message of " + length + " bytes");
      }
      Bytes text = memory.bytes(length);
      transport.receive(other, text.segment(), deadline());
      byte[] utf8 = text.segment().toArray(ValueLayout.JAVA_BYTE);
      return JsonParser.parseString(new String(utf8, StandardCharsets.UTF_8)).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new IOException("not a launch of strait", e);
    }
  }

  private static Deadline deadline() {
    return Deadline.seconds("coming back", SECONDS);
  }

  /// Bytes handed to the socket so far, handshakes included.
  long sentBytes() {
    return transport.traffic().bytesSent(other);
  }

  @Override
  public void close() {
    transport.close();
  }
}
