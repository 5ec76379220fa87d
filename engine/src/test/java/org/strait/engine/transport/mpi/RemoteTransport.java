package org.strait.engine.transport.mpi;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Optional;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.GroupCollectives;
import org.strait.engine.transport.Traffic;
import org.strait.engine.transport.Transport;

/// A transport in a {@link RankServer}. Every calling thread has a connection of its own, so calls
/// that wait do not hold up others.
@SuppressWarnings("EnumOrdinal") // both ends are of one build
final class RemoteTransport implements Transport, GroupCollectives {
  private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

  private record Line(DataInputStream in, DataOutputStream out) {}

  @FunctionalInterface
  private interface Arguments {
    void write(DataOutputStream out) throws IOException;
  }

  @FunctionalInterface
  private interface Result<T> {
    T read(DataInputStream in) throws IOException;
  }

  private final Group group;
  private final int id;
  private final ThreadLocal<Line> lines;

  RemoteTransport(int port, Group group, Path store) {
    this.group = group;
    this.lines = ThreadLocal.withInitial(() -> connect(port));
    this.id =
        call(
            RankProtocol.Call.JOIN,
            out -> {
              out.writeUTF(store.toString());
              out.writeUTF(group.name());
              out.writeInt(group.size());
              out.writeInt(group.me());
            },
            DataInputStream::readInt);
  }

  private static Line connect(int port) {
    try {
      // Ends with the rank.
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      return new Line(
          new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16)),
          new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 16)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private <T> T call(RankProtocol.Call call, Arguments arguments, Result<T> result) {
    Line line = lines.get();
    try {
      line.out.writeByte(call.ordinal());
      if (call != RankProtocol.Call.JOIN) {
        line.out.writeInt(id);
      }
      arguments.write(line.out);
      line.out.flush();
      if (!line.in.readBoolean()) {
        throw RankProtocol.readException(line.in);
      }
      return result.read(line.in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Group group() {
    return group;
  }

  @Override
  public void post(int to, MemorySegment data, long offset, long bytes) {
    boolean valid = offset >= 0 && bytes >= 0 && offset + bytes <= data.byteSize();
    call(
        RankProtocol.Call.POST,
        out -> {
          out.writeInt(to);
          out.writeLong(offset);
          out.writeLong(bytes);
          out.writeLong(data.byteSize());
          write(out, valid ? data.asSlice(offset, bytes) : NOTHING);
        },
        in -> null);
  }

  @Override
  public void receive(int from, MemorySegment into, long offset, long bytes, Deadline deadline) {
    call(
        RankProtocol.Call.RECEIVE,
        out -> {
          out.writeInt(from);
          out.writeLong(bytes);
          RankProtocol.write(out, deadline);
        },
        in -> {
          read(in, into.asSlice(offset, bytes));
          if (!in.readBoolean()) {
            throw RankProtocol.readException(in);
          }
          return null;
        });
  }

  @Override
  public void flush(int to, Deadline deadline) {
    call(
        RankProtocol.Call.FLUSH,
        out -> {
          out.writeInt(to);
          RankProtocol.write(out, deadline);
        },
        in -> null);
  }

  @Override
  public void flush(Deadline deadline) {
    call(RankProtocol.Call.FLUSH_ALL, out -> RankProtocol.write(out, deadline), in -> null);
  }

  @Override
  public Traffic traffic() {
    return call(
        RankProtocol.Call.TRAFFIC,
        out -> {},
        in -> {
          Traffic traffic = new Traffic(group.size());
          for (int i = 0; i < group.size(); i++) {
            traffic.addSent(i, in.readLong());
            traffic.addReceived(i, in.readLong());
            for (long posts = in.readLong(); posts > 0; posts--) {
              traffic.addPost(i);
            }
          }
          return traffic;
        });
  }

  @Override
  public void close() {
    call(RankProtocol.Call.CLOSE, out -> {}, in -> null);
  }

  @Override
  public Optional<GroupCollectives> groupCollectives() {
    return Optional.of(this);
  }

  @Override
  public void allReduce(
      MemorySegment data, Element element, Reduction reduction, Deadline deadline) {
    together(RankProtocol.Call.ALL_REDUCE, deadline, element, reduction, 0, data, NOTHING);
  }

  @Override
  public void reduceScatter(
      MemorySegment all,
      MemorySegment mine,
      Element element,
      Reduction reduction,
      Deadline deadline) {
    together(RankProtocol.Call.REDUCE_SCATTER, deadline, element, reduction, 0, mine, all);
  }

  @Override
  public void allGather(MemorySegment mine, MemorySegment all, Deadline deadline) {
    together(RankProtocol.Call.ALL_GATHER, deadline, Element.INT32, Reduction.SUM, 0, mine, all);
  }

  @Override
  public void broadcast(MemorySegment data, int root, Deadline deadline) {
    together(
        RankProtocol.Call.BROADCAST, deadline, Element.INT32, Reduction.SUM, root, data, NOTHING);
  }

  @Override
  public void barrier(Deadline deadline) {
    together(
        RankProtocol.Call.BARRIER, deadline, Element.INT32, Reduction.SUM, 0, NOTHING, NOTHING);
  }

  private void together(
      RankProtocol.Call call,
      Deadline deadline,
      Element element,
      Reduction reduction,
      int root,
      MemorySegment data,
      MemorySegment other) {
    call(
        call,
        out -> {
          RankProtocol.write(out, deadline);
          out.writeByte(element.ordinal());
          out.writeByte(reduction.ordinal());
          out.writeInt(root);
          write(out, data);
          write(out, other);
        },
        in -> {
          read(in, data);
          return read(in, other);
        });
  }

  private static void write(DataOutputStream out, MemorySegment data) throws IOException {
    out.writeInt((int) data.byteSize());
    out.write(data.toArray(ValueLayout.JAVA_BYTE));
  }

  private static Void read(DataInputStream in, MemorySegment into) throws IOException {
    byte[] bytes = in.readNBytes(in.readInt());
    MemorySegment.copy(bytes, 0, into, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return null;
  }
}
