package org.strait.bench.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiblinearLearnerTest {
  @Test
  void weightsAreOfTheLargerLabel() {
    List<String> model =
        List.of("solver_type L2R_LR", "nr_class 2", "label -1 1", "nr_feature 2", "bias -1", "w");
    List<String> lines = new ArrayList<>(model);
    lines.addAll(List.of("0.5 ", "-2 "));
    assertArrayEquals(new double[] {-0.5, 2}, LiblinearLearner.weights(lines));
    lines.set(2, "label 1 -1");
    assertArrayEquals(new double[] {0.5, -2}, LiblinearLearner.weights(lines));
  }
}
