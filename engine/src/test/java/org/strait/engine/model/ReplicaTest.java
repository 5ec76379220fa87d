package org.strait.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.engine.data.Batch;
import org.strait.engine.data.ClickData;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.LibSvmReader;
import org.strait.engine.data.Shard;
import org.strait.engine.data.SharedData;
import org.strait.kernels.Backend;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

class ReplicaTest {
  private final HostMemory memory = HostMemory.unlimited("test");
  private final Backend backend = TestBackend.make();
  private final LinearModel logistic = Models.choose("logistic");

  @AfterEach
  void close() {
    memory.close();
  }

  @ParameterizedTest
  @CsvSource({"a9a/a9a.gz", "derived/nycflights13.libsvm.gz"})
  void atZeroTheLogisticLossOfARowIsLogTwo(String file) {
    Dataset data = LibSvmReader.read(SharedData.file(file), memory);
    try (Replica replica = Replica.of(logistic, data.features(), data.rows(), backend, memory)) {
      assertEquals(Math.log(2), replica.lossAndGradient(Batch.of(data)) / data.rows(), 1e-10);
      // At zero the derivative of a row is -y/2, so feature sums are exact in float32.
      double expected = 0;
      for (int r = 0; r < data.rows(); r++) {
        long first = data.matrix().rowStart().get(r);
        if (data.matrix().index().get(first) == 0) {
          expected -= data.labels().get(r) * data.matrix().value().get(first) / 2;
        }
      }
      assertEquals(expected, replica.gradient().get(0), 1e-3 * Math.abs(expected));
    }
  }

  @Test
  void stepsOfGradientDescentReduceTheLoss() {
    Dataset data = LibSvmReader.read(SharedData.file("a9a/a9a.gz"), memory);
    try (Replica replica = Replica.of(logistic, data.features(), data.rows(), backend, memory)) {
      double loss = replica.lossAndGradient(Batch.of(data));
      float rate = 1 / (1.58f * data.rows()); // 1 / (n·L), L = 1.57192 for a9a
      for (int step = 0; step < 20; step++) {
        for (int f = 0; f < data.features(); f++) {
          replica.weights().set(f, replica.weights().get(f) - rate * replica.gradient().get(f));
        }
        double next = replica.lossAndGradient(Batch.of(data));
        assertTrue(next < loss, step + ": " + next + " after " + loss);
        loss = next;
      }
      assertTrue(loss / data.rows() < 0.5 && loss / data.rows() > 0.3225, loss + "");
      Evaluation evaluation = Evaluation.of(replica, data, memory);
      assertEquals(7841, evaluation.positives());
      assertTrue(evaluation.accuracy().orElseThrow() > 0.75);
      assertEquals(loss / data.rows(), evaluation.logLoss().orElseThrow(), 1e-6);
    }
  }

  @Test
  void stepsAllocateNothing() {
    Dataset data = new ClickData(1).rows(0, 0, 250, memory);
    Shard shard = Shard.miniBatches(data, 16, 1, memory);
    try (Replica replica = Replica.of(logistic, data.features(), 250, backend, memory)) {
      ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      double loss = 0;
      long allocated = Long.MAX_VALUE;
      // Compilation runs beside the test and may take back what it assumed, for a few bytes, once.
      for (int window = 0; allocated >= 400 && window < 20; window++) {
        long before = thread.getCurrentThreadAllocatedBytes();
        for (int step = 0; step < 400; step++) {
          loss += replica.lossAndGradient(shard.next()) + replica.loss(shard.all());
        }
        allocated = thread.getCurrentThreadAllocatedBytes() - before;
      }
      assertTrue(loss > 0);
      assertTrue(allocated < 400, allocated + " bytes in 400 steps");
    }
  }

  @Test
  void theHashIsOfTheWeights() {
    try (Replica a = Replica.of(logistic, 3, 1, backend, memory);
        Replica b = Replica.of(logistic, 3, 1, backend, memory)) {
      // echo -n of twelve zero bytes | sha256sum
      assertEquals("15ec7bf0b50732b49f8228e07d24365338f9e3ab994b00af08e5a3bffe55fd8b", a.hash());
      a.weights().set(1, 0.5f);
      assertNotEquals(a.hash(), b.hash());
      b.weights().set(1, 0.5f);
      assertEquals(a.hash(), b.hash());
    }
  }

  @Test
  void theGradientMayLieInMemoryOfSomebodyElse() {
    Floats shared = memory.floats(ClickData.FEATURES);
    Dataset data = new ClickData(1).rows(0, 0, 10, memory);
    try (Replica replica =
        Replica.over(shared, logistic, ClickData.FEATURES, 10, backend, memory)) {
      assertSame(shared, replica.gradient());
      replica.lossAndGradient(Batch.of(data));
    }
    assertNotEquals(0, shared.get(0));
    assertThrows(
        IllegalArgumentException.class,
        () -> Replica.over(shared, logistic, 3, 10, backend, memory));
  }

  @Test
  void closingFreesTheMemory() {
    long before = memory.usedBytes();
    Replica replica = Replica.of(logistic, 1000, 50, backend, memory);
    assertEquals(before + 4 * (1000 + 1000 + 50), memory.usedBytes());
    replica.close();
    assertEquals(before, memory.usedBytes());
  }

  @Test
  void layoutsPlaceParametersOneAfterTheOther() {
    ParameterLayout layout = ParameterLayout.EMPTY.and("w", 2, 3).and("b", 2);
    assertEquals(8, layout.length());
    assertEquals("w[2, 3] b[2]", layout.toString());
    Floats all = memory.floats(8);
    layout.view("b", all).fill(5);
    assertEquals(5, all.get(6));
    assertEquals(0, all.get(5));
    assertThrows(IllegalArgumentException.class, () -> layout.and("w", 1));
    assertThrows(IllegalArgumentException.class, () -> layout.and("x", -1));
    assertThrows(IllegalArgumentException.class, () -> layout.view("x", all));
    assertThrows(IllegalArgumentException.class, () -> layout.view("w", memory.floats(7)));
  }
}
