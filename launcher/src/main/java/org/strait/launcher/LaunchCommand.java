package org.strait.launcher;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.meet.Addresses;
import org.strait.launcher.record.RunFolder;
import org.strait.launcher.start.Death;
import org.strait.launcher.start.HostList;
import org.strait.launcher.start.LaunchEngine;
import org.strait.launcher.start.LaunchEngines;
import org.strait.launcher.start.LaunchRequest;
import org.strait.launcher.start.Outcome;
import org.strait.launcher.start.RankListener;
import org.strait.launcher.start.StoppedTree;
import org.strait.launcher.start.StoreHost;
import org.strait.launcher.start.Supervisor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `strait launch`: any command as ranks, on this machine or on others, with the variables that
/// tell each who it is, and supervision.
@Command(
    name = "launch",
    description = "Run COMMAND as N ranks and watch them: all end when one fails or this ends.",
    footer = {
      "",
      "Engines: local (processes here), ssh, mpj (MPJ Express programs without its daemons),",
      "mpjrun, mpirun (Open MPI or MPICH), srun. docs/launching.md shows each.",
      "With local, ssh and mpj each rank finds STRAIT_RANK, STRAIT_SIZE, STRAIT_LOCAL_RANK,",
      "STRAIT_LOCAL_SIZE, STRAIT_HOST, STRAIT_STORE (host:port) and STRAIT_TOKEN in its",
      "environment. Standard input of ranks is closed.",
      "The exit status is that of the first rank that failed."
    })
final class LaunchCommand implements Callable<Integer> {
  private static final Pattern LAST_WORD =
      Pattern.compile(Pattern.quote(Surroundings.LAST_WORD) + "(\\d{1,3})\\b.*");

  @Option(
      names = {"--np", "-n"},
      required = true,
      paramLabel = "N",
      description = "number of ranks")
  private int ranks;

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      description =
          "who starts the ranks: local, ssh, mpj, mpjrun, mpirun, srun (default: local, or ssh if"
              + " hosts are named)")
  private String engineName;

  @Option(
      names = "--hosts",
      paramLabel = "A:2,B:2",
      description = "hosts and how many ranks each takes")
  private String hosts;

  @Option(
      names = "--hostfile",
      paramLabel = "FILE",
      description = "the same, one a line: node1, node1:4 or node1 slots=4")
  private Path hostFile;

  @Option(names = "--tag-output", description = "begin every line of a rank with its number")
  private boolean tag;

  @Option(
      names = {"--export", "-x"},
      paramLabel = "NAME[=VALUE]",
      description = "a variable that ranks on other hosts get too")
  private List<String> exported = List.of();

  @Option(
      names = "--pass",
      paramLabel = "FLAG",
      description = "a flag for ssh, mpjrun, mpirun or srun, as it is; may be given again")
  private List<String> pass = List.of();

  @Option(
      names = "--ssh",
      paramLabel = "COMMAND",
      defaultValue = "ssh",
      description = "the ssh command, such as \"ssh -p 2222\" (default: ssh)")
  private String ssh;

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
    if (hosts != null && hostFile != null) {
      throw new UserMistake("--hosts and --hostfile are both given", "keep one of them");
    }
    Optional<HostList> where =
        hosts != null
            ? Optional.of(HostList.list(hosts))
            : Optional.ofNullable(hostFile).map(HostList::read);
    String name = engineName != null ? engineName : where.isPresent() ? "ssh" : "local";
    try (LaunchEngine engine = LaunchEngines.choose(name)) {
      where.ifPresent(list -> list.seats(ranks));
      String address = where.map(HostList::ownAddress).orElseGet(() -> address(name));
      return launch(name, engine, where, address);
    }
  }

  /// This machine as ranks reach it that the engine puts where it likes.
  private static String address(String engine) {
    boolean cluster =
        engine.equals("srun")
            || (engine.equals("mpirun")
                && (System.getenv("SLURM_JOB_ID") != null || System.getenv("PBS_JOBID") != null));
    return cluster ? Addresses.own(Addresses.hostName()) : Addresses.LOOPBACK;
  }

  private int launch(String name, LaunchEngine engine, Optional<HostList> where, String address)
      throws IOException, InterruptedException {
    try (StoreHost store =
        address.equals(Addresses.LOOPBACK) ? wiring.store().get() : StoreHosts.open(address)) {
      LaunchRequest request =
          new LaunchRequest(
              ranks,
              where,
              command,
              tag,
              pass,
              exported,
              Arrays.asList(ssh.strip().split("\\s+")),
              address,
              store,
              wiring.environment().isEmpty() ? System.getenv() : wiring.environment(),
              Path.of("").toAbsolutePath().toString(),
              note -> options.complain("strait: " + note));
      var processes = engine.processes(request);
      RunFolder folder =
          RunFolder.create(options.out(), "launch", LocalDateTime.now(ZoneId.systemDefault()));
      options.folder(folder);
      Forwarding forwarding = new Forwarding(tag && engine.oneProcessPerRank());
      Supervisor supervisor =
          new Supervisor(
              forwarding,
              death -> store.set(StoreHost.FAILURE, death.sentence()),
              Duration.ofSeconds(3));
      try (InterruptGuard _ = new InterruptGuard(supervisor::interrupt)) {
        try {
          supervisor.start(processes, folder.logs());
        } catch (IOException e) {
          throw new UserMistake(
              "cannot start " + command.getFirst() + ": " + e.getMessage(),
              "give a program that can be run");
        }
        Outcome outcome = await(supervisor, engine.ranksShareProcess(request));
        return end(
            engine.oneProcessPerRank() ? "rank 0" : name,
            outcome,
            engine.hidesExitStatus(request) ? forwarding.lastWord() : ExitStatus.DONE,
            folder);
      }
    }
  }

  /// @param together whether one process has all ranks: who is stopped with it cannot say so
  private static Outcome await(Supervisor supervisor, boolean together)
      throws InterruptedException {
    if (!together) {
      return supervisor.await();
    }
    try (StoppedTree _ =
        new StoppedTree(supervisor.pids().getFirst(), () -> supervisor.silent(0))) {
      return supervisor.await();
    }
  }

  /// @param first what the first process is called
  /// @param word what rank 0 said that its exit status is; -1 if it said nothing
  private int end(String first, Outcome outcome, int word, RunFolder folder) {
    int status = ExitStatus.DONE;
    String reason = "all ranks ended well";
    if (outcome.interrupted()) {
      status = ExitStatus.INTERRUPTED;
      reason = "interrupted; all ranks were ended";
    } else if (outcome.firstDeath().isPresent()) {
      int died = outcome.firstDeath().get().exitStatus();
      status = died == Death.SILENT ? ExitStatus.RANK_LOST : Math.max(1, died);
      String sentence = outcome.firstDeath().get().sentence().replaceFirst("^rank 0", first);
      reason = sentence + "; logs are in " + folder.logs();
    } else if (word != ExitStatus.DONE) {
      status = word < 0 ? ExitStatus.RANK_LOST : word;
      reason =
          (word < 0
                  ? first + " ended before rank 0 had said how the training did"
                  : "rank 0 ended with exit status " + word)
              + "; logs are in "
              + folder.logs();
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

  /// Passes on what ranks print, each line under the number of its rank if asked.
  private final class Forwarding implements RankListener {
    private final boolean tagged;
    private volatile int lastWord = -1;

    Forwarding(boolean tagged) {
      this.tagged = tagged;
    }

    int lastWord() {
      return lastWord;
    }

    @Override
    public boolean output(int rank, String line) {
      Matcher word = LAST_WORD.matcher(line);
      if (word.matches()) {
        lastWord = Integer.parseInt(word.group(1));
      }
      options.say(prefix(rank) + line);
      return true;
    }

    @Override
    public void log(int rank, String line) {
      options.complain(prefix(rank) + line);
    }

    private String prefix(int rank) {
      return tagged ? "[" + rank + "] " : "";
    }

    @Override
    public boolean blamesPeer(int rank) {
      return false;
    }
  }
}
