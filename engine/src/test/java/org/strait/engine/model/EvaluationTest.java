package org.strait.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

class EvaluationTest {
  private final HostMemory memory = HostMemory.unlimited("test");

  @AfterEach
  void close() {
    memory.close();
  }

  private Floats run(float... values) {
    Floats run = memory.floats(values.length);
    run.copyFrom(values);
    return run;
  }

  private Evaluation logistic(Floats scores, Floats labels) {
    return Evaluation.of(Models.choose("logistic"), scores, labels);
  }

  @Test
  void theExamplesOfScikitLearnsManual() {
    Evaluation e = logistic(run(0.1f, 0.4f, 0.35f, 0.8f), run(-1, -1, 1, 1));
    assertEquals(0.8333333333333333, e.auprc().orElseThrow(), 1e-15);
    assertEquals(0.75, e.auc().orElseThrow(), 1e-15);
    assertEquals(0.5, e.accuracy().orElseThrow(), 1e-15);
    assertEquals(2, e.positives());
    assertEquals(2, e.negatives());
  }

  @Test
  void tiedScoresCountTogether() {
    Evaluation e = logistic(run(0, -0f, 0, 0), run(1, -1, -1, -1));
    assertEquals(0.25, e.auprc().orElseThrow(), 0.0);
    assertEquals(0.5, e.auc().orElseThrow(), 0.0);
    assertEquals(0.75, e.accuracy().orElseThrow(), 0.0);
    assertEquals(Math.log(2), e.logLoss().orElseThrow(), 1e-15);
  }

  @Test
  void randomScoresWithTiesAgreeWithTheDefinitions() {
    Random random = new Random(1);
    for (int round = 0; round < 50; round++) {
      int n = 2 + random.nextInt(60);
      Floats scores = memory.floats(n);
      Floats labels = memory.floats(n);
      for (int r = 0; r < n; r++) {
        scores.set(r, (random.nextInt(15) - 7) / 2f);
        labels.set(r, r == 0 ? 1 : r == 1 ? -1 : random.nextBoolean() ? 1 : -1);
      }
      Evaluation e = logistic(scores, labels);
      assertEquals(auc(scores, labels), e.auc().orElseThrow(), 1e-12);
      assertEquals(averagePrecision(scores, labels), e.auprc().orElseThrow(), 1e-12);
    }
  }

  /// Over all pairs.
  private static double auc(Floats scores, Floats labels) {
    double won = 0;
    int pairs = 0;
    for (long p = 0; p < scores.length(); p++) {
      for (long n = 0; n < scores.length(); n++) {
        if (labels.get(p) > 0 && labels.get(n) < 0) {
          pairs++;
          won += scores.get(p) > scores.get(n) ? 1 : scores.get(p) == scores.get(n) ? 0.5 : 0;
        }
      }
    }
    return won / pairs;
  }

  /// Mean over the rows of +1 of the precision among the rows that score at least as high: the same
  /// sum as over distinct scores.
  private static double averagePrecision(Floats scores, Floats labels) {
    double sum = 0;
    int positives = 0;
    for (long p = 0; p < scores.length(); p++) {
      if (labels.get(p) > 0) {
        positives++;
        int above = 0;
        int right = 0;
        for (long r = 0; r < scores.length(); r++) {
          if (scores.get(r) >= scores.get(p)) {
            above++;
            right += labels.get(r) > 0 ? 1 : 0;
          }
        }
        sum += (double) right / above;
      }
    }
    return sum / positives;
  }

  @Test
  void whatIsNotDefinedIsAbsent() {
    Evaluation one = logistic(run(1, 2), run(1, 1));
    assertTrue(one.auc().isEmpty() && one.auprc().isEmpty() && one.rmse().isEmpty());
    assertEquals(1, one.accuracy().orElseThrow());
    Evaluation none = logistic(run(), run());
    assertTrue(none.accuracy().isEmpty() && none.logLoss().isEmpty());
    Evaluation hinge = Evaluation.of(Models.choose("squared-hinge"), run(1, 2), run(1, -1));
    assertTrue(hinge.logLoss().isEmpty() && hinge.auc().isPresent());
    Evaluation constant = Evaluation.of(Models.choose("squared"), run(1, 2), run(3, 3));
    assertTrue(constant.r2().isEmpty() && constant.rmse().isPresent());
  }

  @Test
  void hugeScoresHaveAFiniteLogLoss() {
    Evaluation e = logistic(run(1e30f, -1e30f), run(-1, -1));
    assertEquals(1e30 / 2, e.logLoss().orElseThrow(), 1e23);
  }

  @Test
  void regressionIsJudgedByItsErrors() {
    Evaluation e = Evaluation.of(Models.choose("squared"), run(2.5f, 0, 2, 8), run(3, -0.5f, 2, 7));
    assertEquals(Math.sqrt(0.375), e.rmse().orElseThrow(), 1e-12);
    assertEquals(0.9486081370449679, e.r2().orElseThrow(), 1e-12);
    assertTrue(e.accuracy().isEmpty() && e.auc().isEmpty());
  }

  @Test
  void divergedScoresAreRefused() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> logistic(run(1, Float.NaN), run(1, -1)));
    assertTrue(e.getMessage().contains("row 1"), e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> logistic(run(1), run(1, -1)));
  }
}
