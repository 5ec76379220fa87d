package org.strait.engine.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.kernels.Backend;
import org.strait.kernels.Backends;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

class ScheduleTest {
  @ParameterizedTest
  @CsvSource({
    "constant,0,0,1",
    "constant,0,999,1",
    "constant,10,0,0.1",
    "constant,10,9,1",
    "constant,1e,49,0.5",
    "sqrt:100,0,99,1",
    "sqrt:100,0,399,0.5",
    "cosine,0,0,1",
    "cosine,0,500,0.5",
    "cosine,0,1000,0",
    "cosine,2,0,0.5",
    "step:2e:0.1,0,199,1",
    "step:2e:0.1,0,200,0.1",
    "step:30:0.5,0,95,0.125",
  })
  void ratesAreThoseOfTheirNames(String text, String warmup, long step, double share) {
    Schedule schedule = Schedule.parse(text, 0.2, warmup, 100, 1000);
    assertEquals(0.2 * share, schedule.rate(step), 1e-12);
  }

  @Test
  void theFirstFormStays() {
    Schedule schedule = new Schedule(0.1, 1000);
    assertEquals(Schedule.parse("sqrt:1000", 0.1, "0", 1, 1), schedule);
    assertEquals("rate 0.100, 1/sqrt after 1000", schedule.toString());
    assertEquals("rate 0.100", Schedule.constant(0.1).toString());
  }

  @ParameterizedTest
  @CsvSource({"cosine:3", "linear", "step:3", "sqrt:x", "step:0:0.5", "step:3:2"})
  void whatIsNoScheduleIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Schedule.parse(text, 0.1, "0", 100, 1000));
  }

  @Test
  void longGradientsAreShortenedAndWeightsDecay() throws Exception {
    try (HostMemory memory = HostMemory.unlimited("test");
        Backend backend = Backends.choose("scalar").backend()) {
      for (String name : new String[] {"sgd", "momentum", "adamw"}) {
        Floats gradient = memory.floats(2);
        gradient.copyFrom(new float[] {30, 40});
        Floats weights = memory.floats(2);
        weights.copyFrom(new float[] {10, -10});
        StepSettings settings = new StepSettings(Schedule.constant(0.1), 5, 0.5);
        Optimizer optimizer = Optimizers.named(name, 2, null, settings, backend, memory);
        optimizer.observe(1, gradient, weights);
        optimizer.advance(weights);
        // Decay takes 0.05 of each weight; then a step of 0.1·(3, 4), or of 0.1·(1, 1) for AdamW.
        boolean adam = name.equals("adamw");
        assertEquals(9.5 - (adam ? 0.1 : 0.3), weights.get(0), 1e-5, name);
        assertEquals(-9.5 - (adam ? 0.1 : 0.4), weights.get(1), 1e-5, name);
        assertEquals(30, gradient.get(0), "the caller's gradient");
      }
      assertThrows(
          IllegalArgumentException.class, () -> new StepSettings(Schedule.constant(1), 0, 0));
    }
  }
}
