package org.strait.engine.data;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// A stream, read (and, if it is compressed, inflated) by a thread of its own while others scan.
final class StreamBlocks implements TextBlocks {
  private final InputStream in;
  private final boolean owned;
  private final BlockingQueue<TextBlock> full;
  private final BlockingQueue<TextBlock> empty;
  private final TextBlock end = new TextBlock();
  private final Thread reader;
  private boolean ended;
  private int progress;
  private Throwable failure;

  /// @param in what to read
  /// @param threads how many will take blocks
  /// @param owned whether to close the stream at the end
  StreamBlocks(InputStream in, int threads, boolean owned) {
    this.in = in;
    this.owned = owned;
    int blocks = threads + 2;
    full = new ArrayBlockingQueue<>(blocks + 1);
    empty = new ArrayBlockingQueue<>(blocks);
    for (int i = 0; i < blocks; i++) {
      empty.add(new TextBlock());
    }
    reader = Thread.ofPlatform().name("strait-read").daemon().start(this::readAll);
  }

  @Override
  public TextBlock next(TextBlock used) throws IOException {
    if (used != null) {
      empty.add(used);
    }
    TextBlock block;
    try {
      block = full.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while reading", e);
    }
    if (block != end) {
      return block;
    }
    full.add(end); // for the other threads
    switch (failure) {
      case null -> {
        return null;
      }
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() {
    reader.interrupt();
    boolean interrupted = false;
    while (reader.isAlive()) {
      try {
        reader.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (owned) {
      try {
        in.close();
      } catch (IOException e) {
        throw new IllegalStateException("a stream that was only read does not close", e);
      }
    }
  }

  private void readAll() {
    try {
      cut();
    } catch (InterruptedException e) {
      return; // closed: nobody waits for more
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      failure = e;
    }
    full.add(end);
  }

  /// Fills blocks and cuts each after its last line end; the rest begins the next one.
  private void cut() throws IOException, InterruptedException {
    TextBlock block = empty.take();
    int filled = 0;
    for (int number = 0; !ended; number++) {
      int searched = 0;
      int cut = 0;
      IOException broken = null;
      while (cut == 0 && !ended) {
        if (filled > TextBlock.LONGEST_LINE) {
          throw TextBlocks.endlessLine(block, 0);
        }
        block.room(filled < TextBlock.BYTES ? TextBlock.BYTES : filled + 1);
        try {
          filled = fill(block, filled);
        } catch (IOException e) {
          broken = e;
          ended = true;
          filled = progress;
        }
        cut = block.lastLineEnd(searched, filled) + 1;
        searched = filled;
      }
      if (ended && broken == null) {
        cut = filled;
      }
      TextBlock rest = empty.take();
      int left = filled - cut;
      rest.room(left);
      System.arraycopy(block.bytes, cut, rest.bytes, 0, left);
      block.set(number, 0, cut);
      full.put(block);
      if (broken != null) {
        throw broken;
      }
      block = rest;
      filled = left;
    }
  }

  /// Reads until the block is full or the stream ends; returns the new end.
  private int fill(TextBlock block, int from) throws IOException {
    progress = from;
    while (progress < block.capacity()) {
      int count = in.read(block.bytes, progress, block.capacity() - progress);
      if (count < 0) {
        ended = true;
        break;
      }
      progress += count;
    }
    return progress;
  }
}
