package org.strait.launcher;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.strait.launcher.config.Suggestion;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.record.RunFolder;
import org.strait.launcher.start.Outcome;
import org.strait.launcher.start.RankListener;
import org.strait.launcher.start.RankSpec;
import org.strait.launcher.start.StoreHost;
import org.strait.launcher.start.Supervisor;
import org.strait.launcher.start.WorkerCommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `strait launch`: any command as ranks on this machine, with the variables that tell each who it
/// is, and supervision.
@Command(
    name = "launch",
    description = "Run COMMAND as N ranks on this machine and watch them.",
    footer = {
      "",
      "Each rank finds STRAIT_RANK, STRAIT_SIZE, STRAIT_LOCAL_RANK, STRAIT_LOCAL_SIZE,",
      "STRAIT_STORE (host:port) and STRAIT_TOKEN in its environment."
    })
final class LaunchCommand implements Callable<Integer> {
  private static final List<String> ENGINES = List.of("local");

  @Option(
      names = {"--np", "-n"},
      required = true,
      paramLabel = "N",
      description = "number of ranks")
  private int ranks;

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      defaultValue = "local",
      description = "who starts the ranks (default: local)")
  private String engine;

  @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "program and arguments")
  private List<String> command;

  @Mixin private final CommonOptions options;
  private final Wiring wiring;

  LaunchCommand(CommonOptions options, Wiring wiring) {
    this.options = options;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws Exception {
    if (ranks < 1) {
      throw new UserMistake("--np: " + ranks + " is out of range", "give at least 1");
    }
    if (!ENGINES.contains(engine)) {
      throw new UserMistake(
          "--engine: unknown \"" + engine + "\"", Suggestion.remedy(engine, ENGINES));
    }
    RunFolder folder =
        RunFolder.create(options.out(), "launch", LocalDateTime.now(ZoneId.systemDefault()));
    options.folder(folder);
    try (StoreHost store = wiring.store().get()) {
      Supervisor supervisor =
          new Supervisor(
              new Forwarding(),
              death -> store.set(StoreHost.FAILURE, death.sentence()),
              Duration.ofSeconds(3));
      try (InterruptGuard _ = new InterruptGuard(supervisor::interrupt)) {
        try {
          supervisor.start(specs(store), folder.logs());
        } catch (IOException e) {
          throw new UserMistake(
              "cannot start " + command.getFirst() + ": " + e.getMessage(),
              "give a program that can be run");
        }
        return end(supervisor.await(), folder);
      }
    }
  }

  private List<RankSpec> specs(StoreHost store) {
    List<RankSpec> specs = new ArrayList<>();
    for (int rank = 0; rank < ranks; rank++) {
      specs.add(
          new RankSpec(
              rank,
              "",
              command,
              Map.of(
                  "STRAIT_RANK",
                  "" + rank,
                  "STRAIT_SIZE",
                  "" + ranks,
                  "STRAIT_LOCAL_RANK",
                  "" + rank,
                  "STRAIT_LOCAL_SIZE",
                  "" + ranks,
                  "STRAIT_STORE",
                  store.host() + ":" + store.port(),
                  WorkerCommandLine.TOKEN,
                  store.token())));
    }
    return specs;
  }

  private int end(Outcome outcome, RunFolder folder) {
    int status = ExitStatus.DONE;
    String reason = "all ranks ended well";
    if (outcome.interrupted()) {
      status = ExitStatus.INTERRUPTED;
      reason = "interrupted; all ranks were ended";
    } else if (outcome.firstDeath().isPresent()) {
      status = ExitStatus.RANK_LOST;
      reason = outcome.firstDeath().get().sentence() + "; logs are in " + folder.logs();
    }
    if (status != ExitStatus.DONE) {
      options.complain("strait: " + reason);
    }
    if (options.json()) {
      JsonObject json = new JsonObject();
      json.addProperty("command", "launch");
      json.addProperty("np", ranks);
      json.addProperty("reason", reason);
      JsonArray statuses = new JsonArray();
      outcome.exitStatuses().forEach(statuses::add);
      json.add("exitStatuses", statuses);
      options.json(json);
    }
    return status;
  }

  /// Passes on what ranks print, each line under the number of its rank.
  private final class Forwarding implements RankListener {
    @Override
    public boolean output(int rank, String line) {
      options.say(prefix(rank) + line);
      return true;
    }

    @Override
    public void log(int rank, String line) {
      options.complain(prefix(rank) + line);
    }

    private String prefix(int rank) {
      return ranks == 1 ? "" : "[" + rank + "] ";
    }

    @Override
    public boolean blamesPeer(int rank) {
      return false;
    }
  }
}
