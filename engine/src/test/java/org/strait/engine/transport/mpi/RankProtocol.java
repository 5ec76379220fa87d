package org.strait.engine.transport.mpi;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.strait.engine.topology.Member;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.PeerLostException;

/// How a test calls a transport that lives in another process: an operation, the number of the
/// transport, arguments; then whether it worked, and what came of it.
final class RankProtocol {
  enum Call {
    JOIN,
    POST,
    RECEIVE,
    FLUSH,
    FLUSH_ALL,
    TRAFFIC,
    CLOSE,
    ALL_REDUCE,
    REDUCE_SCATTER,
    ALL_GATHER,
    BROADCAST,
    BARRIER
  }

  private RankProtocol() {}

  static void write(DataOutputStream out, Deadline deadline) throws IOException {
    out.writeUTF(deadline.phase());
    out.writeLong(deadline.idleNanos());
  }

  static Deadline readDeadline(DataInputStream in) throws IOException {
    return new Deadline(in.readUTF(), in.readLong());
  }

  static void write(DataOutputStream out, RuntimeException e) throws IOException {
    if (e instanceof PeerLostException lost) {
      out.writeUTF("lost");
      out.writeInt(lost.peer().rank());
      out.writeUTF(lost.peer().dc());
      out.writeUTF(lost.phase());
      out.writeLong(lost.waitedNanos());
      out.writeUTF(lost.why());
      return;
    }
    out.writeUTF(e.getClass().getName());
    out.writeUTF(String.valueOf(e.getMessage()));
  }

  static RuntimeException readException(DataInputStream in) throws IOException {
    String type = in.readUTF();
    if (type.equals("lost")) {
      Member member = new Member(in.readInt(), in.readUTF());
      return new PeerLostException(member, in.readUTF(), in.readLong(), in.readUTF());
    }
    String message = in.readUTF();
    return switch (type) {
      case "java.lang.IllegalArgumentException" -> new IllegalArgumentException(message);
      case "java.lang.IndexOutOfBoundsException" -> new IndexOutOfBoundsException(message);
      default -> new IllegalStateException(type + ": " + message);
    };
  }
}
