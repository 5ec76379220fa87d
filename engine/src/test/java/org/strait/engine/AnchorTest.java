package org.strait.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.engine.exchange.Timing;
import org.strait.kernels.Backend;
import org.strait.kernels.Backends;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Progress is counted once, whatever the timing.
class AnchorTest {
  private static final int N = 37;

  /// Two data centres that walk at random: when all is taken, both stand at the common weights, and
  /// these are the start plus the mean of both walks.
  @ParameterizedTest
  @CsvSource({"sync,1", "overlap,1", "stale:3,1", "sync,4", "overlap,4", "stale:5,4"})
  void eachPieceOfProgressCountsOnce(String timing, int fragments) throws Exception {
    LocalSteps steps = new LocalSteps(fragments, fragments, Timing.parse(timing), 1, 0);
    Backend backend = Backends.choose("scalar").backend();
    try (HostMemory memory = HostMemory.unlimited("anchor")) {
      Floats[] weights = {memory.floats(N), memory.floats(N)};
      Anchor[] anchors = new Anchor[2];
      for (int dc = 0; dc < 2; dc++) {
        anchors[dc] = new Anchor(weights[dc], steps, backend.dense(), backend.update(), memory);
      }
      double[] walked = new double[N];
      ArrayDeque<float[]> means = new ArrayDeque<>();
      SplittableRandom random = new SplittableRandom(1);
      for (int round = 0; round < 40; round++) {
        for (int dc = 0; dc < 2; dc++) {
          for (int i = 0; i < N; i++) {
            float move = (float) random.nextGaussian();
            weights[dc].set(i, weights[dc].get(i) + move);
            walked[i] += move / 2;
          }
        }
        int fragment = round % fragments;
        float[] mean = anchors[0].tell(fragment).toArray();
        float[] other = anchors[1].tell(fragment).toArray();
        for (int i = 0; i < mean.length; i++) {
          mean[i] = (mean[i] + other[i]) / 2;
        }
        means.add(mean);
        // The last rounds tell what is left of every fragment, then all is taken.
        while (!means.isEmpty()
            && (means.size() > steps.timing().ahead() || round == 39 || random.nextInt(4) == 0)) {
          take(anchors, means.remove(), memory);
        }
      }
      for (int fragment = 0; fragment < fragments; fragment++) {
        float[] mean = anchors[0].tell(fragment).toArray();
        float[] other = anchors[1].tell(fragment).toArray();
        for (int i = 0; i < mean.length; i++) {
          mean[i] = (mean[i] + other[i]) / 2;
        }
        take(anchors, mean, memory);
      }
      for (int i = 0; i < N; i++) {
        assertEquals(walked[i], anchors[0].common().get(i), 1e-4, "weight " + i);
        assertEquals(anchors[0].common().get(i), anchors[1].common().get(i));
        assertEquals(anchors[0].common().get(i), weights[0].get(i));
        assertEquals(anchors[0].common().get(i), weights[1].get(i));
      }
    }
  }

  private static void take(Anchor[] anchors, float[] mean, HostMemory memory) {
    Floats vector = memory.floats(mean.length);
    vector.copyFrom(mean);
    for (Anchor anchor : anchors) {
      anchor.take(vector);
    }
  }
}
