package org.strait.engine.ledger;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// A ledger in a file. A thread (strait-ledger) hashes and writes; the step only leaves five
/// numbers in a ring. If the ring is full the step waits for the thread, so that nothing is ever
/// missing.
public final class FileLedger implements Ledger {
  private static final int ENTRIES = 8192;
  private static final int FIELDS = 5;
  private static final int LINE_BYTES = 150;

  private final Path file;
  private final List<String> dcs;
  private final BufferedWriter out;
  private final LedgerLine chain = new LedgerLine();
  private final long[] ring = new long[ENTRIES * FIELDS];
  private final Deque<String> phases = new ArrayDeque<>();
  private final long startNanos = System.nanoTime();
  private final Thread thread;
  private int head;
  private int count;
  private boolean closed;
  private IOException failure;
  private long line;
  private long messages; // the thread's; others read it when that has failed or ended
  private long bytes;
  private volatile String lastChain = "";

  /// Begins a ledger; the file must not exist.
  ///
  /// @param dc name of the data centre that messages leave
  /// @param dcs names of all, by number
  /// @throws IOException if the file cannot be made
  public FileLedger(Path file, String dc, List<String> dcs) throws IOException {
    this.file = file;
    this.dcs = List.copyOf(dcs);
    Files.createDirectories(file.toAbsolutePath().getParent());
    out =
        Files.newBufferedWriter(
            file, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      write("{\"ledger\":" + LedgerLine.VERSION + ",\"dc\":" + LedgerLine.quoted(dc));
      out.flush();
    } catch (IOException e) {
      throw refused(e);
    }
    thread = Thread.ofPlatform().name("strait-ledger").daemon().start(this::run);
  }

  @Override
  public void sent(int to, MessageKind kind, long round, long messageBytes) {
    put(to, kind.code(), round, messageBytes);
  }

  @Override
  public synchronized void phase(String name) {
    phases.add(name);
    put(-1, 0, 0, 0);
  }

  private synchronized void put(int to, int kind, long round, long messageBytes) {
    waitForRoom();
    if (closed) {
      throw new IllegalStateException("ledger " + file + " is closed");
    }
    int at = (head + count) % ENTRIES * FIELDS;
    ring[at] = to;
    ring[at + 1] = kind;
    ring[at + 2] = round;
    ring[at + 3] = messageBytes;
    ring[at + 4] = System.nanoTime() - startNanos;
    if (count++ == 0) {
      notifyAll();
    }
  }

  private synchronized void waitForRoom() {
    boolean interrupted = false;
    while (count == ENTRIES && failure == null) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw refused(failure);
    }
  }

  /// The run must end: what leaves without a line in the ledger would never be known of.
  private LedgerException refused(IOException e) {
    return new LedgerException(
        "cannot write the ledger "
            + file
            + " ("
            + e.getMessage()
            + "), which takes about "
            + LINE_BYTES
            + " bytes a message and has "
            + messages
            + "; make room, then go on with --resume",
        e);
  }

  /// Hash of the last line; complete after {@link #close}.
  public String lastChain() {
    return lastChain;
  }

  /// Writes the last line.
  ///
  /// @throws LedgerException if the ledger is not whole
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try (out) {
      thread.join();
      if (failure != null) {
        throw refused(failure);
      }
      write("{\"end\":true,\"messages\":" + messages + ",\"bytes\":" + bytes);
    } catch (IOException e) {
      throw refused(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long[] batch = new long[ring.length];
    try {
      for (int taken = take(batch); taken >= 0; taken = take(batch)) {
        for (int i = 0; i < taken; i++) {
          entry(batch, i * FIELDS);
        }
        out.flush();
      }
    } catch (IOException e) {
      synchronized (this) {
        failure = e;
        notifyAll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Number of entries copied; -1 at the end.
  private synchronized int take(long[] batch) throws InterruptedException {
    while (count == 0 && !closed) {
      wait();
    }
    if (count == 0) {
      return -1;
    }
    int taken = count;
    for (int i = 0; i < taken; i++) {
      System.arraycopy(ring, (head + i) % ENTRIES * FIELDS, batch, i * FIELDS, FIELDS);
    }
    head = (head + taken) % ENTRIES;
    count = 0;
    notifyAll();
    return taken;
  }

  private void entry(long[] batch, int at) throws IOException {
    if (batch[at] < 0) {
      String name;
      synchronized (this) {
        name = phases.remove();
      }
      write("{\"phase\":" + LedgerLine.quoted(name));
      return;
    }
    messages++;
    bytes += batch[at + 3];
    write(
        "{\"n\":"
            + line
            + ",\"ms\":"
            + batch[at + 4] / 1_000_000
            + ",\"to\":"
            + LedgerLine.quoted(dcs.get((int) batch[at]))
            + ",\"kind\":\""
            + MessageKind.of((int) batch[at + 1]).word()
            + "\",\"round\":"
            + batch[at + 2]
            + ",\"bytes\":"
            + batch[at + 3]);
  }

  private void write(String text) throws IOException {
    String whole = chain.line(text);
    out.write(whole);
    line++;
    lastChain =
        whole.substring(whole.length() - 3 - 2 * LedgerLine.CHAIN_BYTES, whole.length() - 3);
  }
}
