package org.strait.engine.transport.mpi;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.strait.engine.rendezvous.FileStore;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.ConnectOptions;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.GroupCollectives;
import org.strait.engine.transport.GroupCollectives.Element;
import org.strait.engine.transport.GroupCollectives.Reduction;
import org.strait.engine.transport.Transport;
import org.strait.engine.transport.Transports;

/// A process of an MPI job that does what a test in another process says, so that the contracts of
/// transports and collectives, whose ranks are threads, run on real ranks. Tells its number and
/// port to the port given, serves each connection with a thread, and ends with the test.
@SuppressWarnings("EnumOrdinal") // both ends are of one build
final class RankServer {
  private static final long START_NANOS = 60_000_000_000L;

  private final List<Transport> transports = Collections.synchronizedList(new ArrayList<>());

  /// Memory of a post that may not have been sent yet.
  private record Posted(Transport transport, int to, MemorySegment data) {}

  private final Queue<Posted> posted = new ConcurrentLinkedQueue<>();

  private RankServer() {}

  public static void main(String[] args) throws IOException {
    InetAddress local = InetAddress.getLoopbackAddress();
    // All processes of a job take part in this, whichever groups they join later.
    MpiProcess process = MpiProcess.start("", MpiEnvironment.of(System.getenv()), START_NANOS);
    try (ServerSocket server = new ServerSocket(0, 50, local);
        Socket control = new Socket(local, Integer.parseInt(args[0]))) {
      DataOutputStream out = new DataOutputStream(control.getOutputStream());
      out.writeInt(process.rank());
      out.writeInt(server.getLocalPort());
      RankServer ranks = new RankServer();
      Thread.ofPlatform().daemon().start(() -> ranks.accept(server));
      while (control.getInputStream().read() >= 0) {
        // the test says nothing; the end of the stream is the end of it
      }
    }
    System.exit(0);
  }

  private void accept(ServerSocket server) {
    try {
      while (true) {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        Thread.ofPlatform().daemon().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // the end
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      DataInputStream in =
          new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 16));
      while (true) {
        RankProtocol.Call call = RankProtocol.Call.values()[in.readByte()];
        try {
          answer(call, in, out);
        } catch (RuntimeException e) {
          out.writeBoolean(false);
          RankProtocol.write(out, e);
        } catch (Error e) {
          out.writeBoolean(false);
          RankProtocol.write(out, new IllegalStateException(e.toString(), e));
        }
        out.flush();
      }
    } catch (IOException e) {
      // the test has gone
    }
  }

  private void answer(RankProtocol.Call call, DataInputStream in, DataOutputStream out)
      throws IOException {
    if (call == RankProtocol.Call.JOIN) {
      Path store = Path.of(in.readUTF());
      Group group = Group.of(in.readUTF(), in.readInt(), in.readInt());
      Transport transport =
          Transports.connect(
              "mpi", group, new FileStore(store), ConnectOptions.defaults().withTimeoutSeconds(30));
      synchronized (transports) {
        transports.add(transport);
        out.writeBoolean(true);
        out.writeInt(transports.size() - 1);
      }
      return;
    }
    Transport transport = transports.get(in.readInt());
    switch (call) {
      case POST -> {
        int to = in.readInt();
        long offset = in.readLong();
        long bytes = in.readLong();
        long size = in.readLong();
        boolean valid = offset >= 0 && bytes >= 0 && offset + bytes <= size;
        // Of a long vector only what is sent, and it begins at another address than the memory.
        long at = valid ? offset % 64 : offset;
        MemorySegment data = Arena.ofAuto().allocate(Math.max(1, valid ? at + bytes : size));
        read(in, data, at);
        posted.add(new Posted(transport, to, data));
        transport.post(to, data, at, bytes);
        out.writeBoolean(true);
      }
      case RECEIVE -> {
        int from = in.readInt();
        long bytes = in.readLong();
        MemorySegment data = Arena.ofAuto().allocate(Math.max(1, bytes));
        RuntimeException failure = null;
        try {
          transport.receive(from, data, 0, bytes, RankProtocol.readDeadline(in));
        } catch (RuntimeException e) {
          failure = e;
        }
        // What has come belongs to the test, whether it was all or not.
        out.writeBoolean(true);
        write(out, data, bytes);
        out.writeBoolean(failure == null);
        if (failure != null) {
          RankProtocol.write(out, failure);
        }
      }
      case FLUSH -> {
        int to = in.readInt();
        transport.flush(to, RankProtocol.readDeadline(in));
        posted.removeIf(post -> post.transport == transport && post.to == to);
        out.writeBoolean(true);
      }
      case FLUSH_ALL -> {
        transport.flush(RankProtocol.readDeadline(in));
        posted.removeIf(post -> post.transport == transport);
        out.writeBoolean(true);
      }
      case TRAFFIC -> {
        out.writeBoolean(true);
        for (int i = 0; i < transport.group().size(); i++) {
          out.writeLong(transport.traffic().bytesSent(i));
          out.writeLong(transport.traffic().bytesReceived(i));
          out.writeLong(transport.traffic().posts(i));
        }
      }
      case CLOSE -> {
        transport.close();
        out.writeBoolean(true);
      }
      default -> together(call, transport.groupCollectives().orElseThrow(), in, out);
    }
  }

  private static void together(
      RankProtocol.Call call, GroupCollectives whole, DataInputStream in, DataOutputStream out)
      throws IOException {
    Deadline deadline = RankProtocol.readDeadline(in);
    Element element = Element.values()[in.readByte()];
    Reduction reduction = Reduction.values()[in.readByte()];
    int root = in.readInt();
    MemorySegment data = segment(in);
    MemorySegment other = segment(in);
    switch (call) {
      case ALL_REDUCE -> whole.allReduce(data, element, reduction, deadline);
      case REDUCE_SCATTER -> whole.reduceScatter(other, data, element, reduction, deadline);
      case ALL_GATHER -> whole.allGather(data, other, deadline);
      case BROADCAST -> whole.broadcast(data, root, deadline);
      case BARRIER -> whole.barrier(deadline);
      default -> throw new IllegalArgumentException(call.name());
    }
    out.writeBoolean(true);
    write(out, data, data.byteSize());
    write(out, other, other.byteSize());
  }

  private static MemorySegment segment(DataInputStream in) throws IOException {
    int bytes = in.readInt();
    MemorySegment data = Arena.ofAuto().allocate(Math.max(8, bytes), 8).asSlice(0, bytes);
    MemorySegment.copy(in.readNBytes(bytes), 0, data, ValueLayout.JAVA_BYTE, 0, bytes);
    return data;
  }

  private static void read(DataInputStream in, MemorySegment into, long offset) throws IOException {
    byte[] bytes = in.readNBytes(in.readInt());
    if (bytes.length > 0) {
      MemorySegment.copy(bytes, 0, into, ValueLayout.JAVA_BYTE, offset, bytes.length);
    }
  }

  private static void write(DataOutputStream out, MemorySegment data, long bytes)
      throws IOException {
    out.writeInt((int) bytes);
    out.write(data.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE));
  }
}
