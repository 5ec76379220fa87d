package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// `strait init` and `strait completion` as a user types them.
@Timeout(120)
class InitIT {
  @TempDir Path folder;

  @Test
  void writesWhatIsAskedForAndOverwritesNothing() throws Exception {
    String out = "" + folder.resolve("new");
    Strait.Result all = Strait.run("init", "job", "topology", "slurm", "kubernetes", "--out", out);
    assertEquals(0, all.status(), all.err());
    assertTrue(all.out().contains("sbatch job.sbatch"), all.out());
    Files.writeString(Path.of(out, "topology.yaml"), "mine");
    Strait.Result again = Strait.run("init", "job", "--out", out);
    assertEquals(2, again.status());
    assertTrue(again.err().contains("job.yaml is there already"), again.err());
    assertEquals("mine", Files.readString(Path.of(out, "topology.yaml")));
  }

  /// The ranks of the Kubernetes job, with the variables that its file gives them.
  @Test
  void ranksOfAKubernetesJobTrain() throws Exception {
    assertEquals(0, Strait.run("init", "kubernetes", "--out", "" + folder).status());
    Map<String, String> variables = new HashMap<>();
    List<String> command = new ArrayList<>();
    for (Object part :
        new Load(LoadSettings.builder().build())
            .loadAllFromString(Files.readString(folder.resolve("kubernetes.yaml")))) {
      container(part, variables, command);
    }
    assertEquals(List.of("./strait", "train"), command.subList(0, 2));
    assertEquals("4", variables.get("STRAIT_SIZE"));
    assertEquals("strait-$(STRAIT_RANK).strait", variables.get("STRAIT_HOST"));
    MatchResult port =
        Pattern.compile("strait-0\\.strait:(\\d+)")
            .matcher(variables.get("STRAIT_RENDEZVOUS"))
            .results()
            .findFirst()
            .orElseThrow();
    assertEquals(7400, Integer.parseInt(port.group(1)));
    Path rows = Strait.rows(folder.resolve("rows.libsvm"), 200, 8, 3);
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    List<Process> ranks = new ArrayList<>();
    for (int rank = 0; rank < 2; rank++) {
      Map<String, String> environment = new HashMap<>();
      environment.put("STRAIT_RANK", "" + rank);
      environment.put("STRAIT_SIZE", "2");
      environment.put("STRAIT_TOKEN", "secret");
      environment.put("STRAIT_HOST", "127.0.0.1");
      environment.put("STRAIT_RENDEZVOUS", "127.0.0.1:" + free);
      assertTrue(variables.keySet().containsAll(environment.keySet()), "" + variables);
      ranks.add(
          Strait.start(
              folder,
              "rank" + rank,
              environment,
              "train",
              "--data",
              rows.toString(),
              "--dcs",
              "2",
              "--backend",
              "scalar",
              "--rounds",
              "5",
              "--tolerance",
              "0",
              "--out",
              "" + folder.resolve("run"),
              "--json"));
    }
    Strait.Result first = Strait.await(ranks.get(0), folder, "rank0");
    assertEquals(0, first.status(), first.err());
    assertEquals(2, first.json().get("ranks").getAsInt());
    assertEquals(0, Strait.status(ranks.get(1)));
  }

  private static void container(Object part, Map<String, String> variables, List<String> command) {
    switch (part) {
      case Map<?, ?> map when map.containsKey("command") -> {
        ((List<?>) map.get("command")).forEach(word -> command.add("" + word));
        for (Object one : (List<?>) map.get("env")) {
          Map<?, ?> variable = (Map<?, ?>) one;
          variables.put(
              "" + variable.get("name"),
              variable.containsKey("value") ? "" + variable.get("value") : "");
        }
      }
      case Map<?, ?> map -> map.values().forEach(inner -> container(inner, variables, command));
      case List<?> list -> list.forEach(inner -> container(inner, variables, command));
      default -> {}
    }
  }

  @Test
  void bashCompletesCommandsAndFlags() throws Exception {
    Strait.Result script = Strait.run("completion");
    assertEquals(0, script.status(), script.err());
    Path file = Files.writeString(folder.resolve("strait.bash"), script.out());
    Process bash =
        new ProcessBuilder(
                "bash",
                "-c",
                "source "
                    + file
                    + "; COMP_WORDS=(strait train --lo); COMP_CWORD=2; _complete_strait;"
                    + " echo \"${COMPREPLY[@]}\"")
            .redirectErrorStream(true)
            .start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, Strait.status(bash));
    assertTrue(said.contains("--local-steps"), said);
  }
}
