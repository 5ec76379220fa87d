package org.strait.engine.net;

import java.lang.foreign.MemorySegment;
import org.strait.engine.data.Batch;
import org.strait.engine.data.Draws;
import org.strait.kernels.Backend;
import org.strait.kernels.Csr;
import org.strait.kernels.Matrix;
import org.strait.kernels.PartTask;
import org.strait.memory.Floats;

/// Puts rows of a batch, dense or sparse, where a net begins, and in training changes them as the
/// augmentation says.
final class RowInput {
  private static final int MOST_PARTS = 16;

  private final Shape shape;
  private final Augmentation augmentation;
  private final Draws[] draws = new Draws[MOST_PARTS];
  private final PartTask part = this::part;
  private Batch batch;
  private Floats input;
  private Step step;
  private int from;
  private int count;
  private int parts;

  /// @param augmentation null for none
  RowInput(Shape shape, Augmentation augmentation) {
    this.shape = shape;
    this.augmentation = augmentation;
    for (int i = 0; i < MOST_PARTS; i++) {
      draws[i] = new Draws();
    }
  }

  /// Modified: run.
  void fill(Batch newBatch, int first, int rows, Floats run, Step current, Backend backend) {
    batch = newBatch;
    from = first;
    count = rows;
    input = run;
    step = current;
    parts = Math.clamp((long) rows * shape.floats() / (1 << 15), 1, MOST_PARTS);
    backend.run(parts, part);
  }

  private void part(int number, int worker) {
    int width = shape.floats();
    boolean changes = augmentation != null && step.training();
    for (int r = (int) ((long) count * number / parts);
        r < (int) ((long) count * (number + 1) / parts);
        r++) {
      long at = (long) r * width;
      row(from + r, at, width);
      if (changes) {
        draws[number].key(step.seed(-1), step.number(), step.firstRow() + r);
        augmentation.change(shape, input, at, draws[number]);
      }
    }
  }

  private void row(int r, long at, int width) {
    Matrix dense = batch.dense();
    if (dense != null) {
      MemorySegment.copy(
          dense.values().segment(),
          (long) r * dense.stride() * Floats.BYTES,
          input.segment(),
          at * Floats.BYTES,
          width * Floats.BYTES);
      return;
    }
    for (int i = 0; i < width; i++) {
      input.set(at + i, 0);
    }
    Csr rows = batch.matrix();
    long end = rows.rowStart().get(r + 1L);
    for (long i = rows.rowStart().get(r); i < end; i++) {
      input.set(at + rows.index().get(i), rows.value().get(i));
    }
  }
}
