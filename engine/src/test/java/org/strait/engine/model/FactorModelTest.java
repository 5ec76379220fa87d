package org.strait.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.engine.data.Batch;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.LibSvmReader;
import org.strait.kernels.scalar.ScalarBackend;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

class FactorModelTest {
  private final HostMemory memory = HostMemory.unlimited("test");
  private final List<Replica> replicas = new ArrayList<>();

  @AfterEach
  void close() {
    replicas.forEach(Replica::close);
    memory.close();
  }

  private Dataset rows(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return LibSvmReader.read("rows", new ByteArrayInputStream(bytes), memory);
  }

  private Replica replica(String name, int factors, Dataset data) {
    Model model = Models.factorised(name, factors);
    Replica replica = Replica.of(model, data.features(), data.rows(), new ScalarBackend(), memory);
    replicas.add(replica);
    model.initialise(data.features(), replica.weights(), 7);
    return replica;
  }

  @ParameterizedTest
  @ValueSource(strings = {"mf", "fm-squared", "fm-logistic"})
  void theGradientIsThatOfFiniteDifferences(String name) {
    Dataset data = rows("1 1:1 4:1\n-1 2:0.5 3:-2 4:1\n1 1:2\n-1\n1 3:1 5:1\n");
    Replica replica = replica(name, 3, data);
    Floats weights = replica.weights();
    for (long i = 0; i < weights.length(); i++) {
      weights.set(i, weights.get(i) * 4 + 0.05f * (i % 5));
    }
    Batch batch = Batch.of(data);
    double loss = replica.lossAndGradient(batch);
    assertEquals(loss, replica.loss(batch), 1e-6);
    float[] gradient = replica.gradient().toArray();
    assertEquals(1 + 5 * 4, gradient.length);
    for (int i = 0; i < gradient.length; i++) {
      float at = weights.get(i);
      weights.set(i, at + 0.01f);
      double above = replica.loss(batch);
      weights.set(i, at - 0.01f);
      double below = replica.loss(batch);
      weights.set(i, at);
      assertEquals((above - below) / 0.02, gradient[i], 2e-3, "weight " + i);
    }
  }

  @Test
  void aRowIsMeanPlusBiasesPlusProduct() {
    Dataset data = rows("0 1:1 3:1\n0 2:2\n");
    Replica replica = replica("mf", 2, data);
    // mean; feature 1: bias, factors; …
    replica.weights().copyFrom(new float[] {3, 0.5f, 1, 2, 0.25f, 9, 9, -1, 4, 0.5f});
    Floats scores = memory.floats(2);
    replica.scores(Batch.of(data), scores);
    assertArrayEquals(new float[] {3 + 0.5f - 1 + 1 * 4 + 2 * 0.5f, 3.5f}, scores.toArray());
  }

  @Test
  void factorsBeginSmallAndAlikeForTheSameSeed() {
    Model model = Models.factorised("mf", 4);
    Floats a = memory.floats(1 + 100 * 5);
    Floats b = memory.floats(1 + 50 * 5);
    model.initialise(100, a, 3);
    model.initialise(50, b, 3);
    assertArrayEquals(b.toArray(), a.slice(0, b.length()).toArray());
    assertEquals(0, a.get(0));
    assertEquals(0, a.get(1));
    assertNotEquals(0, a.get(2));
    double squares = 0;
    for (float x : a.toArray()) {
      assertTrue(Math.abs(x) < 0.4, "factor " + x);
      squares += x * x;
    }
    assertEquals(0.05, squares / 400, 0.01);
    model.initialise(50, b, 4);
    assertNotEquals(b.get(2), a.get(2));
  }

  @Test
  void ratingsOfRankOneAreLearned() {
    StringBuilder text = new StringBuilder();
    for (int u = 0; u < 8; u++) {
      for (int i = 0; i < 8; i++) {
        double rating = 3 + (u % 2 == 0 ? 1 : -1) * (i < 4 ? 1 : -1);
        text.append(rating).append(' ').append(i + 1).append(":1 ").append(9 + u).append(":1\n");
      }
    }
    Dataset data = rows(text.toString());
    Replica replica = replica("mf", 2, data);
    Floats weights = replica.weights();
    for (int step = 0; step < 800; step++) {
      replica.lossAndGradient(Batch.of(data));
      for (long w = 0; w < weights.length(); w++) {
        weights.set(w, weights.get(w) - 0.02f * replica.gradient().get(w));
      }
    }
    Evaluation evaluation = Evaluation.of(replica, data, memory);
    assertTrue(evaluation.rmse().orElseThrow() < 0.01, evaluation.toString());
  }

  @Test
  void stepsAllocateNothing() {
    Dataset data = rows("1 1:1 4:1\n-1 2:0.5 3:-2 4:1\n1 1:2\n");
    Replica replica = replica("fm-logistic", 8, data);
    Batch batch = Batch.of(data);
    double sum = 0;
    for (int i = 0; i < 5000; i++) {
      sum += replica.lossAndGradient(batch);
    }
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = thread.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 1000; i++) {
      sum += replica.lossAndGradient(batch);
    }
    long allocated = thread.getCurrentThreadAllocatedBytes() - before;
    assertTrue(sum > 0);
    assertTrue(allocated < 5000, allocated + " bytes in 1000 steps");
  }

  @Test
  void wrongShapesAreRefused() {
    Dataset data = rows("1 1:1 4:1\n");
    Replica replica = replica("mf", 2, data);
    Batch other = Batch.of(data.withFeatures(9));
    assertThrows(IllegalArgumentException.class, () -> replica.loss(other));
    assertThrows(IllegalArgumentException.class, () -> Models.factorised("mf", 0));
    assertThrows(IllegalArgumentException.class, () -> Models.factorised("mff", 2));
  }
}
