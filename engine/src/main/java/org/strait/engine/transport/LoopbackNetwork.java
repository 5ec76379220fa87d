package org.strait.engine.transport;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.strait.engine.topology.Group;
import org.strait.engine.topology.Member;
import org.strait.memory.HostMemory;

/// Joins ranks that are threads of one JVM. All of them share one network and join the same groups
/// on it; whatever was posted before a member joined waits for it. Close it after the transports.
/// Thread-safe.
public final class LoopbackNetwork implements AutoCloseable {
  /// Bytes that are under way between two members at most.
  static final long RING_BYTES = 128 << 10;

  /// What one group meets in.
  private static final class Room {
    final List<Member> members;
    final Ring[][] rings; // first index the writing, second the reading member
    final Bell[] bells;
    final boolean[] joined;

    Room(List<Member> members, HostMemory memory) {
      int n = members.size();
      this.members = members;
      rings = new Ring[n][n];
      bells = new Bell[n];
      joined = new boolean[n];
      for (int i = 0; i < n; i++) {
        bells[i] = new MonitorBell();
        for (int j = 0; j < n; j++) {
          rings[i][j] = ring(memory);
        }
      }
    }
  }

  private final HostMemory memory;
  private final Map<String, Room> rooms = new HashMap<>();

  /// A network with memory of its own.
  public LoopbackNetwork() {
    this(HostMemory.unlimited("network"));
  }

  /// A network whose rings count against somebody's memory.
  ///
  /// @param memory owner of the rings, {@value #RING_BYTES} bytes per ordered pair of
  ///     members that speak
  public LoopbackNetwork(HostMemory memory) {
    this.memory = memory.child("loopback");
  }

  /// The transport of one member of a group.
  ///
  /// @throws IllegalArgumentException if the member has joined before, or others joined a group of
  ///     the same name with other members
  public synchronized Transport join(Group group) {
    Room room = rooms.computeIfAbsent(group.name(), name -> new Room(group.members(), memory));
    if (!room.members.equals(group.members())) {
      throw new IllegalArgumentException(
          "group " + group.name() + " has members " + room.members + ", not " + group.members());
    }
    if (room.joined[group.me()]) {
      throw new IllegalArgumentException(
          "index " + group.me() + " has already joined group " + group.name());
    }
    room.joined[group.me()] = true;
    Traffic traffic = new Traffic(group.size());
    return new PipedTransport(
        group,
        traffic,
        new RingPipes(room.rings, room.bells, traffic, group.me(), member -> null),
        System::nanoTime);
  }

  static Ring ring(HostMemory memory) {
    return new Ring(
        memory.bytes(Ring.HEADER_BYTES).segment(),
        RING_BYTES,
        () -> memory.bytes(RING_BYTES).segment());
  }

  /// Frees the rings.
  @Override
  public void close() {
    memory.close();
  }
}
