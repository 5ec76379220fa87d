package org.strait.engine.net;

import java.lang.foreign.MemorySegment;
import org.strait.engine.data.Batch;
import org.strait.kernels.Backend;
import org.strait.kernels.Matrix;
import org.strait.memory.Floats;

/// A net at work for one replica. Batches go through in chunks of so many rows; for each number of
/// rows that occurs there are stages of their own over the same memory, so that batches of
/// alternating sizes allocate nothing.
final class NetRun {
  private static final int KEPT = 8;

  /// Stages for one number of rows.
  private record Pass(
      int rows,
      Floats input,
      Floats labels,
      Floats counts,
      Stage stage,
      Matrix scores,
      Matrix slopes) {}

  private final Net net;
  private final Floats weights;
  private final Floats gradient;
  private final Floats memory;
  private final Backend backend;
  private final int chunkRows;
  private final Pass[] passes = new Pass[KEPT];
  private int oldest;
  private final Step step = new Step();
  private final RowInput rows;

  /// @param gradient null if there is no training
  /// @param memory to work in
  NetRun(Net net, Floats weights, Floats gradient, Floats memory, Backend backend, int chunkRows) {
    this.net = net;
    this.weights = weights;
    this.gradient = gradient;
    this.memory = memory;
    this.backend = backend;
    this.chunkRows = chunkRows;
    rows = new RowInput(net.input(), net.augmentation());
  }

  boolean isFor(Net other, Floats otherWeights, Floats otherGradient) {
    return net == other
        && weights == otherWeights
        && (otherGradient == null || gradient == otherGradient);
  }

  double lossAndGradient(Batch batch) {
    step.train(batch.seed(), batch.number());
    if (batch.rows() == 0) {
      gradient.segment().fill((byte) 0);
    }
    double loss = 0;
    for (int from = 0; from < batch.rows(); from += chunkRows) {
      Pass pass = forward(batch, from);
      loss += loss(pass, batch, from);
      pass.stage.backward(step);
    }
    return loss;
  }

  double loss(Batch batch) {
    step.evaluate();
    double loss = 0;
    for (int from = 0; from < batch.rows(); from += chunkRows) {
      Pass pass = forward(batch, from);
      loss += loss(pass, batch, from);
    }
    return loss;
  }

  /// @param scores one for each row and class
  void scores(Batch batch, Floats scores) {
    step.evaluate();
    for (int from = 0; from < batch.rows(); from += chunkRows) {
      Pass pass = forward(batch, from);
      copy(pass.scores.values(), 0, scores, (long) from * net.classes(), pass.scores.values());
    }
  }

  private double loss(Pass pass, Batch batch, int from) {
    copy(batch.labels(), from, pass.labels, 0, pass.labels);
    Floats counts = batch.weights() == null ? null : pass.counts;
    if (counts != null) {
      copy(batch.weights(), from, counts, 0, counts);
    }
    return net.lossOfScores().loss(pass.scores, pass.labels, counts, pass.slopes, backend.loss());
  }

  /// As much as there is in {@code all}.
  private static void copy(Floats from, long fromAt, Floats to, long toAt, Floats all) {
    MemorySegment.copy(
        from.segment(),
        fromAt * Floats.BYTES,
        to.segment(),
        toAt * Floats.BYTES,
        all.segment().byteSize());
  }

  private Pass forward(Batch batch, int from) {
    Pass pass = pass(Math.min(chunkRows, batch.rows() - from));
    step.begin(from);
    rows.fill(batch, from, pass.rows, pass.input, step, backend);
    pass.stage.forward(step);
    return pass;
  }

  private Pass pass(int count) {
    for (Pass pass : passes) {
      if (pass != null && pass.rows == count) {
        return pass;
      }
    }
    Place.Room room = new Place.Room(memory);
    Floats input = room.take((long) count * net.input().floats());
    Floats labels = room.take(count);
    Floats counts = room.take(count);
    Stage stage =
        net.layers()
            .stage(
                new Place(
                    1, count, net.input(), input, null, false, weights, gradient, backend, room));
    Pass made =
        new Pass(
            count,
            input,
            labels,
            counts,
            stage,
            Matrix.of(stage.output(), count, net.classes()),
            Matrix.of(stage.outputGradient(), count, net.classes()));
    passes[oldest] = made;
    oldest = (oldest + 1) % KEPT;
    return made;
  }
}
