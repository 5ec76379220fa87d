package org.strait.launcher.start;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Seconds pass by call: who is given up, when, and how often.
class SilenceTest {
  private final Silence silence = new Silence();
  private final List<Integer> lost = new ArrayList<>();

  private void seconds(int count) {
    for (int i = 0; i < count; i++) {
      silence.second(lost::add);
    }
  }

  @Test
  void silentRankIsGivenUpOnce() {
    silence.heard(1);
    silence.heard(2);
    seconds(Silence.MOST_SECONDS - 1);
    assertEquals(List.of(), lost);
    silence.heard(1);
    seconds(1);
    assertEquals(List.of(2), lost);
    seconds(Silence.MOST_SECONDS - 1);
    assertEquals(List.of(2, 1), lost);
    seconds(3 * Silence.MOST_SECONDS);
    assertEquals(List.of(2, 1), lost);
  }

  @Test
  void complaintShortensThePatience() {
    silence.heard(1);
    silence.heard(2);
    seconds(2);
    silence.hurry();
    silence.heard(1);
    seconds(1);
    assertEquals(List.of(2), lost);
  }

  @Test
  void rankThatSaidGoodByeMayBeSilent() {
    silence.heard(1);
    silence.over(1);
    seconds(2 * Silence.MOST_SECONDS);
    assertEquals(List.of(), lost);
  }
}
