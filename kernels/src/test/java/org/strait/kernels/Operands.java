package org.strait.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// Random operands for a contract test. Every run is a slice at an odd offset between two guards;
/// the end of the test fails if a kernel wrote outside its run.
public final class Operands implements AutoCloseable {
  private static final int BEFORE = 3;
  private static final int AFTER = 64;
  private static final byte GUARD = 0x5a;

  private final HostMemory memory = HostMemory.unlimited("operands");
  private final List<Bytes> guards = new ArrayList<>();
  private final Random random;

  public Operands(long seed) {
    random = new Random(seed);
  }

  public Random random() {
    return random;
  }

  /// n normally distributed numbers.
  public Floats floats(long n) {
    Floats run = zeros(n);
    for (long i = 0; i < n; i++) {
      run.set(i, (float) random.nextGaussian());
    }
    return run;
  }

  public Floats of(float... values) {
    Floats run = zeros(values.length);
    run.copyFrom(values);
    return run;
  }

  public Floats filled(long n, float value) {
    Floats run = zeros(n);
    run.fill(value);
    return run;
  }

  public Floats zeros(long n) {
    return Floats.over(guarded(n, Floats.BYTES).segment());
  }

  public Ints ints(long n) {
    return Ints.over(guarded(n, Ints.BYTES).segment());
  }

  public Bytes bytes(long n) {
    return guarded(n, Bytes.BYTES);
  }

  /// A copy, to tell afterwards what was modified.
  public Floats copy(Floats run) {
    Floats copy = zeros(run.length());
    copy.copyFrom(run);
    return copy;
  }

  public HostMemory memory() {
    return memory;
  }

  private Bytes guarded(long n, long elementBytes) {
    Bytes all = memory.bytes((n + BEFORE + AFTER) * elementBytes);
    Bytes before = all.slice(0, BEFORE * elementBytes);
    Bytes after = all.slice((n + BEFORE) * elementBytes, AFTER * elementBytes);
    before.fill(GUARD);
    after.fill(GUARD);
    guards.add(before);
    guards.add(after);
    return all.slice(BEFORE * elementBytes, n * elementBytes);
  }

  @Override
  public void close() {
    for (Bytes guard : guards) {
      for (long i = 0; i < guard.length(); i++) {
        assertEquals(GUARD, guard.get(i), "a kernel wrote outside its run");
      }
    }
    memory.close();
  }
}
