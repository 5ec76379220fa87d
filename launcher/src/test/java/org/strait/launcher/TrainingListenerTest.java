package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.strait.launcher.progress.ProgressView;
import org.strait.launcher.record.RunLog;

/// What of the ranks' events is shown.
class TrainingListenerTest {
  private static final class Notes implements ProgressView {
    final List<String> lines = new ArrayList<>();

    @Override
    public void ready(int ready, int ranks) {
      lines.add(ready + " of " + ranks);
    }

    @Override
    public void round(
        String phase,
        String dc,
        int round,
        double objective,
        double seconds,
        long rows,
        long sentBytes) {
      lines.add(dc + " round " + round);
    }

    @Override
    public void note(String line) {
      lines.add(line);
    }

    @Override
    public void finish() {
      lines.add("end");
    }
  }

  private static String ready(int rank, String transport) {
    return "{\"event\":\"ready\",\"rank\":"
        + rank
        + ",\"dc\":\"eu-west\",\"rows\":1,\"features\":1,\"backendLine\":\"backend simd\",\"transportLine\":\""
        + transport
        + "\"}";
  }

  @Test
  void aChoiceThatAllRanksMadeIsShownOnce() {
    Notes notes = new Notes();
    TrainingListener listener =
        new TrainingListener(
            List.of("eu-west", "eu-west", "eu-west"), 3, new RunLog(), notes, false);
    String shared = "transport shared-memory (2 ranks on node1); allreduce transport";
    assertTrue(listener.output(0, ready(0, shared)));
    assertTrue(listener.output(1, ready(1, shared)));
    assertTrue(listener.output(2, ready(2, "transport none needed (one rank); allreduce ring")));
    assertEquals(
        List.of(
            "  Backend    simd",
            "  Transport  shared-memory (2 ranks on node1); allreduce transport",
            "1 of 3",
            "2 of 3",
            "  Transport  none needed (one rank); allreduce ring",
            "3 of 3"),
        notes.lines);
  }
}
