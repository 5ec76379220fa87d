package org.strait.engine.net;

import java.lang.foreign.MemorySegment;
import org.strait.kernels.PartTask;
import org.strait.memory.Floats;

/// The frame of stages that work on each number by itself: over the input if it is theirs, else
/// beside it. Work is shared out by rows.
abstract class Elementwise implements Stage {
  private static final int FLOATS_A_PART = 1 << 14;

  final Place place;
  final int rowFloats;
  private final int parts;
  private final Floats output;
  private final Floats outputGradient;
  private final PartTask forwardPart = this::forwardPart;
  private final PartTask backwardPart = this::backwardPart;
  private Step step;

  /// @param over whether the output may lie over the input
  Elementwise(Place place, boolean over) {
    this.place = place;
    rowFloats = place.shape().floats();
    parts = Math.clamp((long) place.rows() * rowFloats / FLOATS_A_PART, 1, 16);
    boolean inPlace = over && place.owned() && place.inputGradient() != null;
    output = inPlace ? place.input() : place.take((long) place.rows() * rowFloats);
    outputGradient = inPlace ? place.inputGradient() : place.take(output.length());
  }

  /// What such a stage takes at most.
  static long floats(Shape input, int rows, boolean inPlace) {
    return inPlace ? 0 : 2 * Place.Room.padded((long) rows * input.floats());
  }

  /// Computes a row's output. Modified: output from {@code at} on.
  abstract void forward(Step current, int row, long at);

  /// Multiplies with the derivative of a row's output. Modified: gradient from {@code at} on, which
  /// holds the derivative by the output and then that by the input.
  abstract void backward(Step current, int row, long at, Floats gradient);

  @Override
  public final Floats output() {
    return output;
  }

  @Override
  public final Floats outputGradient() {
    return outputGradient;
  }

  @Override
  public final void forward(Step current) {
    step = current;
    place.backend().run(parts, forwardPart);
  }

  private void forwardPart(int part, int worker) {
    for (int r = border(part); r < border(part + 1); r++) {
      forward(step, r, (long) r * rowFloats);
    }
  }

  @Override
  public final void backward(Step current) {
    if (place.inputGradient() == null) {
      return;
    }
    step = current;
    place.backend().run(parts, backwardPart);
  }

  private void backwardPart(int part, int worker) {
    Floats dx = place.inputGradient();
    for (int r = border(part); r < border(part + 1); r++) {
      long at = (long) r * rowFloats;
      if (dx != outputGradient) {
        copy(outputGradient, dx, at);
      }
      backward(step, r, at, dx);
    }
  }

  /// Copies a row.
  final void copy(Floats from, Floats to, long at) {
    MemorySegment.copy(
        from.segment(),
        at * Floats.BYTES,
        to.segment(),
        at * Floats.BYTES,
        rowFloats * Floats.BYTES);
  }

  private int border(int part) {
    return place.border(parts, part);
  }
}
