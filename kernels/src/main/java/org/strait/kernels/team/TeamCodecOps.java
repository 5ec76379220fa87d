package org.strait.kernels.team;

import org.strait.kernels.CodecOps;
import org.strait.kernels.DenseOps;
import org.strait.kernels.Half;
import org.strait.kernels.Lengths;
import org.strait.kernels.Levels;
import org.strait.kernels.PackedCodes;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.Ints;

/// Selection, quantisation and halves by a team. What is found is exact, so that the cut does not
/// show in it; blocks and groups of codes are never cut.
final class TeamCodecOps implements CodecOps {
  /// Fewest elements of a part.
  private static final long LEAST = 1 << 15;

  /// Parts of runs without blocks begin on a cache line of the range.
  private static final long UNIT = 16;

  private enum Work {
    QUANTIZE,
    QUANTIZE_TO_BYTES,
    QUANTIZE_STEPS,
    DEQUANTIZE,
    ADD_DEQUANTIZED,
    PACK,
    UNPACK,
    NARROW,
    WIDEN,
    ADD_WIDENED,
    ADD_SCALED,
    SCATTER_ADD
  }

  private final CodecOps each;
  private final Team team;
  private final TeamSelection selection;
  private final Team.Task part = (number, worker) -> part(number);
  private final Team.Task squares = (number, worker) -> squares(number);
  private final Team.Task foreignPart = this::foreignPart;
  private final double[] sums = new double[64];

  // Operands of the operation under way.
  private Work task;
  private int parts;
  private long unit;
  private long from;
  private long to;
  private int bits;
  private int block;
  private Half format;
  private float weight;
  private float step;
  private float rounding;
  private Parts foreign;
  private Floats floats;
  private Floats scales;
  private Bytes codes;
  private Bytes packed;
  private Ints indices;
  private Floats values;

  TeamCodecOps(CodecOps each, Team team) {
    this.each = each;
    this.team = team;
    selection = new TeamSelection(each, team);
  }

  @Override
  public float maxAbs(Floats x, long start, long end) {
    return selection.maxAbs(x, start, end);
  }

  @Override
  public long countAtLeast(Floats x, float threshold, long start, long end) {
    return selection.countAtLeast(x, threshold, start, end);
  }

  @Override
  public float kthMagnitude(Floats x, long k, Ints scratch) {
    return selection.kthMagnitude(x, k, scratch);
  }

  /// One part of a selection: the caller's own work.
  @Override
  public long keepBetween(
      Floats x, int low, int high, long start, long end, Ints kept, long at, long room) {
    return each.keepBetween(x, low, high, start, end, kept, at, room);
  }

  @Override
  public void select(Floats x, float threshold, long k, Ints newIndices, Floats newValues) {
    selection.select(x, threshold, k, newIndices, newValues);
  }

  @Override
  public long keep(
      Floats x,
      float threshold,
      long ties,
      long start,
      long end,
      Ints newIndices,
      Floats newValues,
      long at,
      long room) {
    return selection.keep(x, threshold, ties, start, end, newIndices, newValues, at, room);
  }

  @Override
  public void quantize(
      int newBits, Floats x, int newBlock, Bytes newCodes, Floats newScales, long start, long end) {
    Levels.check(newBits, x.length(), newBlock, newCodes, newScales, start, end);
    setBlocks(newBits, newBlock, newCodes, newScales, x);
    run(Work.QUANTIZE, newBlock, start, end);
  }

  @Override
  public void dequantize(
      int newBits,
      Bytes newCodes,
      int newBlock,
      Floats newScales,
      Floats out,
      long start,
      long end) {
    Levels.check(newBits, out.length(), newBlock, newCodes, newScales, start, end);
    setBlocks(newBits, newBlock, newCodes, newScales, out);
    run(Work.DEQUANTIZE, newBlock, start, end);
  }

  @Override
  public void addDequantized(
      int newBits,
      float newWeight,
      Bytes newCodes,
      int newBlock,
      Floats newScales,
      Floats sum,
      long start,
      long end) {
    Levels.check(newBits, sum.length(), newBlock, newCodes, newScales, start, end);
    setBlocks(newBits, newBlock, newCodes, newScales, sum);
    weight = newWeight;
    run(Work.ADD_DEQUANTIZED, newBlock, start, end);
  }

  private void setBlocks(
      int newBits, int newBlock, Bytes newCodes, Floats newScales, Floats newFloats) {
    bits = newBits;
    block = newBlock;
    codes = newCodes;
    scales = newScales;
    floats = newFloats;
  }

  @Override
  public void quantizeToBytes(
      int newBits, Floats x, int newBlock, Bytes newCodes, Floats newScales, long start, long end) {
    Levels.checkBytes(newBits, x.length(), newBlock, newCodes, newScales, start, end);
    setBlocks(newBits, newBlock, newCodes, newScales, x);
    run(Work.QUANTIZE_TO_BYTES, newBlock, start, end);
  }

  @Override
  public void quantizeSteps(
      Floats x, float newStep, float newRounding, Bytes newCodes, long start, long end) {
    Levels.checkSteps(x.length(), newStep, newRounding, newCodes, start, end);
    floats = x;
    step = newStep;
    rounding = newRounding;
    codes = newCodes;
    run(Work.QUANTIZE_STEPS, UNIT, start, end);
  }

  @Override
  public void addScaled(float newWeight, Floats x, Floats sum, long start, long end) {
    Lengths.checkPart("x", x.length(), start, end);
    Lengths.check("sum", sum.length(), x.length());
    weight = newWeight;
    values = x;
    floats = sum;
    run(Work.ADD_SCALED, UNIT, start, end);
  }

  /// By the pieces that the order of a sum prescribes.
  @Override
  public double sumOfSquares(Floats x, long start, long end) {
    Lengths.checkPart("x", x.length(), start, end);
    if (end - start < 2L * DenseOps.DOT_PIECE) {
      return each.sumOfSquares(x, start, end);
    }
    floats = x;
    to = end;
    double sum = 0;
    for (long at = start; at < end; at += (long) sums.length * DenseOps.DOT_PIECE) {
      from = at;
      int pieces = (int) Math.min(sums.length, Math.ceilDiv(end - at, DenseOps.DOT_PIECE));
      team.run(pieces, squares);
      for (int piece = 0; piece < pieces; piece++) {
        sum += sums[piece];
      }
    }
    return sum;
  }

  private void squares(int piece) {
    long start = from + (long) piece * DenseOps.DOT_PIECE;
    sums[piece] = each.sumOfSquares(floats, start, Math.min(to, start + DenseOps.DOT_PIECE));
  }

  @Override
  public int threads() {
    return team.threads();
  }

  private void foreignPart(int number, int worker) {
    foreign.run(number, worker);
  }

  @Override
  public void inParts(int partCount, Parts work) {
    foreign = work;
    team.run(partCount, foreignPart);
    foreign = null;
  }

  @Override
  public void pack(int newBits, Bytes newCodes, Bytes newPacked, long start, long end) {
    Levels.checkPacked(newBits, newCodes, newPacked, start, end);
    bits = newBits;
    codes = newCodes;
    packed = newPacked;
    run(Work.PACK, PackedCodes.GROUP, start, end);
  }

  @Override
  public void unpack(int newBits, Bytes newPacked, Bytes newCodes, long start, long end) {
    Levels.checkPacked(newBits, newCodes, newPacked, start, end);
    bits = newBits;
    codes = newCodes;
    packed = newPacked;
    run(Work.UNPACK, PackedCodes.GROUP, start, end);
  }

  @Override
  public void narrow(Half newFormat, Floats x, Bytes halves, long start, long end) {
    Lengths.checkHalves(x, halves, start, end);
    setHalves(newFormat, x, halves);
    run(Work.NARROW, UNIT, start, end);
  }

  @Override
  public void widen(Half newFormat, Bytes halves, Floats out, long start, long end) {
    Lengths.checkHalves(out, halves, start, end);
    setHalves(newFormat, out, halves);
    run(Work.WIDEN, UNIT, start, end);
  }

  @Override
  public void addWidened(
      Half newFormat, float newWeight, Bytes halves, Floats sum, long start, long end) {
    Lengths.checkHalves(sum, halves, start, end);
    setHalves(newFormat, sum, halves);
    weight = newWeight;
    run(Work.ADD_WIDENED, UNIT, start, end);
  }

  private void setHalves(Half newFormat, Floats newFloats, Bytes halves) {
    format = newFormat;
    floats = newFloats;
    codes = halves;
  }

  @Override
  public void scatterAdd(
      Ints newIndices, float newWeight, Floats newValues, Floats sum, long start, long end) {
    Lengths.checkPart("indices", newIndices.length(), start, end);
    Lengths.checkPart("values", newValues.length(), start, end);
    indices = newIndices;
    weight = newWeight;
    values = newValues;
    floats = sum;
    run(Work.SCATTER_ADD, UNIT, start, end);
  }

  private void run(Work newTask, long newUnit, long start, long end) {
    task = newTask;
    unit = newUnit;
    from = start;
    to = end;
    long units = Math.ceilDiv(end - start, newUnit);
    parts = (int) Math.min(Math.max(1, units), Cut.parts(end - start, LEAST));
    team.run(parts, part);
  }

  private void part(int number) {
    long start = border(number);
    long end = border(number + 1);
    switch (task) {
      case QUANTIZE -> each.quantize(bits, floats, block, codes, scales, start, end);
      case QUANTIZE_TO_BYTES ->
          each.quantizeToBytes(bits, floats, block, codes, scales, start, end);
      case QUANTIZE_STEPS -> each.quantizeSteps(floats, step, rounding, codes, start, end);
      case ADD_SCALED -> each.addScaled(weight, values, floats, start, end);
      case DEQUANTIZE -> each.dequantize(bits, codes, block, scales, floats, start, end);
      case ADD_DEQUANTIZED ->
          each.addDequantized(bits, weight, codes, block, scales, floats, start, end);
      case PACK -> each.pack(bits, codes, packed, start, end);
      case UNPACK -> each.unpack(bits, packed, codes, start, end);
      case NARROW -> each.narrow(format, floats, codes, start, end);
      case WIDEN -> each.widen(format, codes, floats, start, end);
      case ADD_WIDENED -> each.addWidened(format, weight, codes, floats, start, end);
      case SCATTER_ADD -> each.scatterAdd(indices, weight, values, floats, start, end);
    }
  }

  private long border(int number) {
    long units = Math.ceilDiv(to - from, unit);
    return Math.min(to, from + Cut.border(units, parts, number) * unit);
  }
}
