package org.strait.engine.transport;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/// Stretches of memory posted to one member, first in, first out; the first may be partly written.
/// Grows to the most that was ever queued and allocates nothing after that.
final class Outbox {
  private final int to;
  private final ReentrantLock lock = new ReentrantLock();
  private MemorySegment[] data = new MemorySegment[16];
  private long[] at = new long[16];
  private long[] end = new long[16];
  private int head;
  private volatile int count;

  Outbox(int to) {
    this.to = to;
  }

  boolean isEmpty() {
    return count == 0;
  }

  void add(MemorySegment segment, long offset, long bytes) {
    lock.lock();
    try {
      if (count == data.length) {
        grow();
      }
      int slot = (head + count) & (data.length - 1);
      data[slot] = segment;
      at[slot] = offset;
      end[slot] = offset + bytes;
      countTo(count + 1);
    } finally {
      lock.unlock();
    }
  }

  /// Writes what the sink takes now and returns the bytes; 0 if another thread is writing.
  long push(Sink sink) throws IOException {
    if (!lock.tryLock()) {
      return 0;
    }
    try {
      long moved = 0;
      while (count > 0) {
        long taken = at[head] == end[head] ? 0 : sink.write(to, data[head], at[head], end[head]);
        at[head] += taken;
        moved += taken;
        if (at[head] < end[head]) {
          if (taken == 0) {
            break;
          }
          continue;
        }
        data[head] = null;
        head = (head + 1) & (data.length - 1);
        countTo(count - 1);
      }
      return moved;
    } finally {
      lock.unlock();
    }
  }

  void clear() {
    lock.lock();
    try {
      Arrays.fill(data, null);
      countTo(0);
    } finally {
      lock.unlock();
    }
  }

  // The count is written under the lock only; it is volatile for isEmpty.
  private void countTo(int n) {
    count = n;
  }

  private void grow() {
    int capacity = data.length;
    MemorySegment[] moreData = new MemorySegment[2 * capacity];
    long[] moreAt = new long[2 * capacity];
    long[] moreEnd = new long[2 * capacity];
    for (int i = 0; i < capacity; i++) {
      int slot = (head + i) & (capacity - 1);
      moreData[i] = data[slot];
      moreAt[i] = at[slot];
      moreEnd[i] = end[slot];
    }
    data = moreData;
    at = moreAt;
    end = moreEnd;
    head = 0;
  }
}
