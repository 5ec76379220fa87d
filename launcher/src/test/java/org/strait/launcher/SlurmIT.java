package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Trainings under a real Slurm of four virtual nodes, brought up for this test.
@Timeout(120)
class SlurmIT {
  @TempDir Path folder;

  @Test
  void trainsOnOneNodeAndOnTwoAndThroughLaunch() throws Exception {
    for (String program : List.of("slurmctld", "slurmd", "munged", "srun")) {
      Needs.program(program, "slurmctld slurmd slurm-client munge");
    }
    Needs.root();
    Path script =
        Path.of(System.getProperty("strait.root", ".."))
            .resolve("scripts/slurm-here")
            .toAbsolutePath();
    Path rows = Strait.rows(folder.resolve("rows.libsvm"), 120, 6, 1);
    String strait = Launches.strait(folder).toString();
    String two = String.join(" ", Launches.training(rows, folder.resolve("two")));
    String launched = String.join(" ", Launches.training(rows, folder.resolve("launched")));
    String commands =
        String.join(
            "\n",
            "srun -n 4 -N 2 " + strait + " " + two + " || exit 11",
            strait
                + " launch --engine srun --np 4 --out l -- "
                + strait
                + " "
                + launched
                + " || exit 12",
            "srun -n 3 " + strait + " " + two.replace("/two", "/three") + "; echo status $?",
            // Not a rank: the batch script itself, which starts ranks of its own.
            "sbatch -W -n 2 -o b.out --wrap '"
                + strait
                + " "
                + two.replace("/two", "/batch")
                + "' || exit 13");
    Strait.Result result =
        Launches.run(
            folder,
            "slurm",
            Map.of(),
            new ArrayList<>(List.of(script.toString(), "/bin/sh", "-c", commands)));
    assertEquals(0, result.status(), result.err() + result.out());
    String hash = Launches.hash(folder, rows);
    assertEquals(hash, Launches.hash(folder.resolve("two")));
    assertEquals(hash, Launches.hash(folder.resolve("launched")));
    assertEquals(2, Strait.record(folder.resolve("batch")).get("ranks").getAsInt());
    assertTrue(result.out().contains("status 2"), result.out());
    assertTrue(
        result
            .err()
            .contains(
                "strait: 3 ranks were started, which 2 data centres cannot share equally; start a"
                    + " multiple of 2, or give ranks: to every data centre\n"),
        result.err());
  }
}
