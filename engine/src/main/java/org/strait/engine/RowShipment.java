package org.strait.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.RowArchive;
import org.strait.engine.exchange.ByteRound;
import org.strait.engine.exchange.ExchangeException;
import org.strait.engine.exchange.LinkBytes;
import org.strait.engine.ledger.MessageKind;
import org.strait.kernels.Csr;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;
import org.strait.memory.Longs;

/// Sends the rows of all data centres but one to that one, compressed: what everything else here is
/// there to avoid. For the solver that centralises only, to compare with, or where it is allowed
/// and pays. Whoever calls it must have asked every data centre's operator.
///
/// First all DCs tell each other numbers of rows, entries and bytes; the DC that trains is then the
/// same in all of them. Rows follow in pieces, in messages of kind {@link MessageKind#ROWS}: each
/// tick takes one piece of each sender, and frames without a payload go to all others, since a tick
/// needs frames of all.
public final class RowShipment {
  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Bytes of a piece, at most.
  private static final long PIECE = 4L << 20;

  /// Numbers that are told of each rank: rows, entries, bytes of the archive.
  private static final int FIGURES = 3;

  private static final int ROWS = 0;
  private static final int ENTRIES = 1;
  private static final int BYTES = 2;

  private final Session session;
  private final Dataset own;
  private final HostMemory memory;
  private final int dcs;
  private final int[] ranks;
  private final Longs figures;

  /// What became of this rank's rows.
  ///
  /// @param rows that this rank trains on: none where rows were sent away
  /// @param site the DC that trains
  /// @param sent rows that left this DC, said by its gateway; 0 on other ranks
  /// @param counts messages about numbers of rows; null on ranks that are not gateways
  /// @param pieces messages with rows; null likewise
  public record Shipped(Dataset rows, int site, long sent, LinkBytes counts, LinkBytes pieces) {}

  private RowShipment(Session session, Dataset own, HostMemory memory, HostMemory scratch) {
    this.session = session;
    this.own = own;
    this.memory = memory;
    dcs = session.topology().dcs().size();
    ranks = session.topology().dcs().stream().mapToInt(dc -> dc.ranks()).toArray();
    figures = scratch.longs((long) FIGURES * session.topology().size());
  }

  /// Sends this rank's rows, or takes those of others. All ranks of all DCs call it.
  ///
  /// @param own this rank's rows, with the number of features that all agreed on
  /// @param site the DC that trains; -1 for the one with most rows
  /// @param memory owner of the rows that come
  public static Shipped ship(Session session, Dataset own, int site, HostMemory memory) {
    int dcs = session.topology().dcs().size();
    if (dcs == 1) {
      return new Shipped(own, 0, 0, null, null);
    }
    if (site >= dcs) {
      throw new IllegalArgumentException("data centre " + site + " of " + dcs);
    }
    try (HostMemory scratch = HostMemory.unlimited("rows on their way")) {
      // Weights of rows travel as one column more, of which all values are stored.
      boolean weighted = own.weights() != null;
      Dataset whole = weighted ? own.withColumn(own.weights(), scratch) : own;
      Shipped all = new RowShipment(session, whole, memory, scratch).ship(site, scratch);
      if (!weighted) {
        return all;
      }
      return new Shipped(
          all.rows().columnAsWeights(own.features(), memory),
          all.site(),
          all.sent(),
          all.counts(),
          all.pieces());
    }
  }

  private Shipped ship(int asked, HostMemory scratch) {
    List<Bytes> archives = packedInside(scratch);
    LinkBytes counts = null;
    if (session.isGateway()) {
      counts = tellFigures(scratch);
    }
    session.fromGateway(figures.segment());
    int site = asked >= 0 ? asked : largest();
    boolean here = site == session.dc();
    Bytes[] came = new Bytes[dcs];
    for (int dc = 0; here && dc < dcs; dc++) {
      came[dc] = dc == site ? null : scratch.bytes(sum(dc, BYTES));
    }
    LinkBytes pieces = null;
    if (session.isGateway()) {
      pieces = sendPieces(archives, site, came, scratch);
    }
    if (!here) {
      long sent = session.isGateway() ? sum(session.dc(), ROWS) : 0;
      return new Shipped(own.slice(0, 0), site, sent, counts, pieces);
    }
    List<Dataset> parts = new ArrayList<>();
    parts.add(own);
    for (int dc = 0; dc < dcs; dc++) {
      if (came[dc] != null && came[dc].length() > 0) {
        session.fromGateway(came[dc].segment());
        share(dc, came[dc], parts, scratch);
      }
    }
    return new Shipped(joined(parts), site, 0, counts, pieces);
  }

  /// The archives of all ranks of this DC, in each of them; their figures are noted.
  private List<Bytes> packedInside(HostMemory scratch) {
    Bytes mine = pack(scratch);
    List<Bytes> archives = new ArrayList<>();
    int first = session.topology().gatewayOf(session.dc());
    for (int member = 0; member < ranks[session.dc()]; member++) {
      boolean me = first + member == session.rank();
      Longs numbers = figures.slice((long) FIGURES * (first + member), FIGURES);
      if (me) {
        numbers.set(ROWS, own.rows());
        numbers.set(ENTRIES, own.entries());
        numbers.set(BYTES, mine.length());
      }
      inside(numbers.segment(), member);
      Bytes archive = me ? mine : scratch.bytes(numbers.get(BYTES));
      inside(archive.segment(), member);
      archives.add(archive);
    }
    return archives;
  }

  private void inside(MemorySegment data, int member) {
    session.collectives().broadcast(data, member, session.deadline("rows inside the data centre"));
  }

  private Bytes pack(HostMemory scratch) {
    Pieces out = new Pieces(scratch);
    try {
      RowArchive.write(own, out);
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot be written", e);
    }
    return out.whole();
  }

  /// Gateways tell each other the figures of all their ranks.
  private LinkBytes tellFigures(HostMemory scratch) {
    long most = 0;
    for (int count : ranks) {
      most = Math.max(most, (long) FIGURES * Longs.BYTES * count);
    }
    try (ByteRound round = session.byteRound(MessageKind.AGREEMENT, most, scratch)) {
      round.exchange(0); // says how long what follows may be
      Longs mine = of(round.me());
      for (long i = 0; i < mine.length(); i++) {
        round.own().segment().set(U64, i * Longs.BYTES, mine.get(i));
      }
      round.exchange(mine.length() * Longs.BYTES);
      for (int dc = 0; dc < dcs; dc++) {
        Longs theirs = of(dc);
        if (dc == round.me()) {
          continue;
        }
        if (round.bytes(dc) != theirs.length() * Longs.BYTES) {
          throw new ExchangeException(
              round.name(dc) + " told numbers of rows in " + round.bytes(dc) + " bytes");
        }
        for (long i = 0; i < theirs.length(); i++) {
          long number = round.message(dc).segment().get(U64, i * Longs.BYTES);
          if (number < 0 || (i % FIGURES == ROWS && number > Integer.MAX_VALUE)) {
            throw new ExchangeException(round.name(dc) + " told of " + number + " rows");
          }
          theirs.set(i, number);
        }
      }
      return round.links();
    }
  }

  /// Every DC but one sends its archives, one after the other, in pieces.
  private LinkBytes sendPieces(List<Bytes> archives, int site, Bytes[] came, HostMemory scratch) {
    long longest = 0;
    for (int dc = 0; dc < dcs; dc++) {
      longest = dc == site ? longest : Math.max(longest, sum(dc, BYTES));
    }
    long most = Math.min(PIECE, longest);
    Bytes mine = scratch.bytes(sum(session.dc(), BYTES));
    long at = 0;
    for (Bytes archive : archives) {
      mine.slice(at, archive.length()).copyFrom(archive);
      at += archive.length();
    }
    try (ByteRound round = session.byteRound(MessageKind.ROWS, most, scratch)) {
      round.exchange(0);
      for (long from = 0; from < longest; from += most) {
        long bytes = session.dc() == site ? 0 : piece(mine.length(), from, most);
        if (bytes > 0) {
          round.own().slice(0, bytes).copyFrom(mine.slice(from, bytes));
        }
        round.exchangeTo(site, bytes);
        for (int dc = 0; dc < dcs; dc++) {
          if (dc != round.me()) {
            take(round, dc, came[dc], from, most);
          }
        }
      }
      return round.links();
    }
  }

  private static void take(ByteRound round, int dc, Bytes into, long from, long most) {
    long expected = into == null ? 0 : piece(into.length(), from, most);
    if (round.bytes(dc) != expected) {
      throw new ExchangeException(
          round.name(dc) + " sent " + round.bytes(dc) + " bytes of rows, expected " + expected);
    }
    if (expected > 0) {
      into.slice(from, expected).copyFrom(round.message(dc).slice(0, expected));
    }
  }

  private static long piece(long length, long from, long most) {
    return Math.max(0, Math.min(most, length - from));
  }

  /// Takes this rank's share of a DC's rows.
  private void share(int dc, Bytes archives, List<Dataset> parts, HostMemory scratch) {
    String name = session.topology().dcs().get(dc).name();
    int members = ranks[session.dc()];
    int me = session.rank() - session.topology().gatewayOf(session.dc());
    Longs numbers = of(dc);
    long at = 0;
    for (int i = 0; i < ranks[dc]; i++) {
      long bytes = numbers.get((long) FIGURES * i + BYTES);
      int rows = (int) numbers.get((long) FIGURES * i + ROWS);
      try {
        Dataset whole =
            RowArchive.read(
                new Reader(archives.slice(at, bytes)),
                "rows of " + name,
                rows,
                numbers.get((long) FIGURES * i + ENTRIES),
                own.features(),
                scratch);
        int from = (int) ((long) rows * me / members);
        parts.add(whole.slice(from, (int) ((long) rows * (me + 1) / members) - from));
      } catch (IOException e) {
        throw new ExchangeException("cannot read the rows of " + name + ": " + e.getMessage(), e);
      }
      at += bytes;
    }
  }

  private Dataset joined(List<Dataset> parts) {
    long entries = 0;
    long rows = 0;
    for (Dataset part : parts) {
      entries += part.entries();
      rows += part.rows();
    }
    if (rows > Integer.MAX_VALUE - 8) {
      throw new ExchangeException(rows + " rows come together in one rank: give it more ranks");
    }
    Longs start = memory.longs(rows + 1);
    Ints index = memory.ints(entries);
    Floats value = memory.floats(entries);
    Floats labels = memory.floats(rows);
    long at = 0;
    long row = 0;
    for (Dataset part : parts) {
      Csr matrix = part.matrix();
      long from = matrix.rowStart().get(0);
      index.slice(at, part.entries()).copyFrom(matrix.index().slice(from, part.entries()));
      value.slice(at, part.entries()).copyFrom(matrix.value().slice(from, part.entries()));
      labels.slice(row, part.rows()).copyFrom(part.labels());
      for (int r = 0; r < part.rows(); r++) {
        start.set(row + r + 1, at + matrix.rowStart().get(r + 1L) - from);
      }
      at += part.entries();
      row += part.rows();
    }
    return new Dataset(
        "rows of all data centres",
        new Csr((int) rows, own.features(), start, index, value),
        labels);
  }

  private int largest() {
    int largest = 0;
    for (int dc = 1; dc < dcs; dc++) {
      largest = sum(dc, ROWS) > sum(largest, ROWS) ? dc : largest;
    }
    return largest;
  }

  private Longs of(int dc) {
    return figures.slice(
        (long) FIGURES * session.topology().gatewayOf(dc), (long) FIGURES * ranks[dc]);
  }

  private long sum(int dc, int figure) {
    Longs numbers = of(dc);
    long sum = 0;
    for (int i = 0; i < ranks[dc]; i++) {
      sum += numbers.get((long) FIGURES * i + figure);
    }
    return sum;
  }

  /// What is written, in memory that grows.
  private static final class Pieces extends OutputStream {
    private final HostMemory scratch;
    private Bytes room;
    private long filled;

    Pieces(HostMemory scratch) {
      this.scratch = scratch;
      room = scratch.bytes(1 << 16);
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] block, int from, int count) {
      if (filled + count > room.length()) {
        Bytes larger = scratch.bytes(2 * (filled + count));
        larger.slice(0, filled).copyFrom(room.slice(0, filled));
        room = larger;
      }
      MemorySegment.copy(block, from, room.segment(), ValueLayout.JAVA_BYTE, filled, count);
      filled += count;
    }

    Bytes whole() {
      return room.slice(0, filled);
    }
  }

  /// Bytes as a stream.
  private static final class Reader extends InputStream {
    private final MemorySegment bytes;
    private long at;

    Reader(Bytes bytes) {
      this.bytes = bytes.segment();
    }

    @Override
    public int read() {
      return at < bytes.byteSize() ? bytes.get(ValueLayout.JAVA_BYTE, at++) & 255 : -1;
    }

    @Override
    public int read(byte[] block, int from, int count) {
      int taken = (int) Math.min(count, bytes.byteSize() - at);
      if (taken <= 0) {
        return count == 0 ? 0 : -1;
      }
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, block, from, taken);
      at += taken;
      return taken;
    }
  }
}
