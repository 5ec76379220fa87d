package org.strait.launcher;

import com.google.gson.JsonObject;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.strait.launcher.config.ShellWord;
import org.strait.launcher.config.Suggestion;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.record.JsonFiles;
import org.strait.launcher.worker.KernelMeasure;
import org.strait.launcher.worker.Worker;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// The `strait` command.
@Command(
    name = "strait",
    description = "Trains one model over many data centres; rows stay where they are.",
    synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {
  private static final long RANK_0_SPEAKS_NANOS = 2_000_000_000L;

  /// In the order of the help.
  private static final List<String> COMMANDS =
      List.of(
          "demo",
          "train",
          "compare",
          "plan",
          "predict",
          "export",
          "report",
          "audit",
          "calibrate",
          "doctor",
          "init",
          "completion",
          "bench",
          "launch",
          "cert");

  private final PrintStream out;
  private final PrintStream err;
  private final Wiring wiring;
  private final CommonOptions topOptions;
  private CommandLine top;
  private Surroundings around;

  Main(PrintStream out, PrintStream err, Wiring wiring) {
    this.out = out;
    this.err = err;
    this.wiring = wiring;
    topOptions = new CommonOptions(out, err);
  }

  /// Runs a command and ends the process with its exit status. `worker` is the process of one rank
  /// and `measure` that of one backend's figures; they do not pass through the command line's
  /// machinery: they should start fast.
  public static void main(String[] args) {
    if (args.length > 0 && args[0].equals("worker")) {
      System.exit(Worker.run(Arrays.copyOfRange(args, 1, args.length)));
    }
    if (args.length > 1 && args[0].equals("measure")) {
      System.exit(KernelMeasure.run(Arrays.copyOfRange(args, 1, args.length)));
    }
    PrintStream utf8Out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    PrintStream utf8Err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    System.exit(new Main(utf8Out, utf8Err, Wiring.real()).run(args));
  }

  /// Runs a command; returns its exit status.
  int run(String... given) {
    try {
      around = Surroundings.of(wiring.environment(), given);
    } catch (UserMistake e) {
      return mistake(Arrays.asList(given).contains("--json"), e);
    }
    String[] args = around.args().toArray(String[]::new);
    top = new CommandLine(this);
    top.getCommandSpec().addMixin("common", CommandSpec.forAnnotatedObject(topOptions));
    top.getCommandSpec().version("strait " + version());
    top.getCommandSpec()
        .addOption(
            OptionSpec.builder("--version")
                .type(boolean.class)
                .arity("0")
                .versionHelp(true)
                .description("show the version")
                .build());
    String asked = args.length == 0 ? "" : args[0];
    boolean known = COMMANDS.contains(asked) && !asked.equals("completion");
    COMMANDS.stream().filter(name -> !known || name.equals(asked)).forEach(this::add);
    top.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    top.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    top.setUsageHelpAutoWidth(false);
    top.setOverwrittenOptionsAllowed(false);
    top.setParameterExceptionHandler(
        (e, words) ->
            around.silent()
                ? unsaid()
                : mistake(Arrays.asList(words).contains("--json"), parseMistake(e)));
    top.setExecutionExceptionHandler((e, command, parsed) -> failed(e, options(command)));
    return top.execute(args);
  }

  /// Adds a command; to build all of them takes a tenth of a second, so one is built if it is clear
  /// which.
  private void add(String name) {
    CommonOptions options = new CommonOptions(out, err);
    switch (name) {
      case "demo" -> add(new DemoCommand(options, wiring), true);
      case "train" -> add(new TrainCommand(options, wiring, around), true);
      case "compare" -> add(new CompareCommand(options, wiring), true);
      case "plan" -> add(new PlanCommand(options, wiring), true);
      case "predict" -> add(new PredictCommand(options), false);
      case "export" -> add(new ExportCommand(options), false);
      case "report" -> add(new ReportCommand(options), false);
      case "audit" -> add(new AuditCommand(options), false);
      case "calibrate" -> add(new CalibrateCommand(options), false);
      case "doctor" -> add(new DoctorCommand(options, wiring.environment()), false);
      case "init" -> add(new InitCommand(options), false);
      case "completion" -> add(new CompletionCommand(options), false);
      case "bench" -> add(new BenchCommand(options), false);
      case "launch" -> {
        add(new LaunchCommand(options, wiring), false);
        top.getSubcommands().get(name).setStopAtPositional(true);
      }
      case "cert" -> {
        add(new CertCommand(), false);
        CommandLine cert = top.getSubcommands().get(name);
        cert.addSubcommand(new CertInitCommand(options));
        cert.addSubcommand(new CertIssueCommand(new CommonOptions(out, err)));
        cert.addSubcommand(new CertShowCommand(new CommonOptions(out, err)));
      }
      default -> throw new IllegalStateException(name);
    }
  }

  private void add(Object command, boolean jobFlags) {
    CommandLine sub = new CommandLine(command);
    if (jobFlags) {
      JobFlags.addTo(sub.getCommandSpec());
      sub.getCommandSpec().usageMessage().abbreviateSynopsis(true);
    }
    sub.getCommandSpec()
        .usageMessage()
        .footer(concat(sub.getCommandSpec().usageMessage().footer(), ExitStatus.HELP));
    top.addSubcommand(sub);
  }

  private static String[] concat(String[] a, String[] b) {
    String[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  private static CommonOptions options(CommandLine command) {
    for (CommandSpec mixin : command.getCommandSpec().mixins().values()) {
      if (mixin.userObject() instanceof CommonOptions options) {
        return options;
      }
    }
    throw new IllegalStateException("a command without common options: " + command);
  }

  /// Without a sub-command: the help.
  @Override
  public void run() {
    top.usage(topOptions.words());
  }

  private static UserMistake parseMistake(ParameterException e) {
    CommandSpec spec = e.getCommandLine().getCommandSpec();
    String where = ", " + spec.qualifiedName();
    String help = "see " + spec.qualifiedName() + " --help";
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
      String word = unmatched.getUnmatched().getFirst();
      if (word.startsWith("-")) {
        List<String> known = List.copyOf(spec.optionsMap().keySet());
        String flag = word.split("=", 2)[0];
        return new UserMistake(
            "unknown option \"" + flag + "\"" + where,
            Suggestion.nearest(flag, known)
                .map(near -> "did you mean \"" + near + "\"?")
                .orElse(help));
      }
      List<String> commands = List.copyOf(spec.subcommands().keySet());
      return commands.isEmpty()
          ? new UserMistake("unexpected \"" + word + "\"" + where, help)
          : new UserMistake("unknown command \"" + word + "\"", Suggestion.remedy(word, commands));
    }
    return new UserMistake(lowerFirst(e.getMessage()) + where, help);
  }

  private static String lowerFirst(String message) {
    return message.isEmpty()
        ? "wrong usage"
        : message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
  }

  /// All ranks have the same arguments: rank 0 says what is wrong with them. It gets the time to,
  /// because a launcher ends all ranks when the first has failed.
  private static int unsaid() {
    LockSupport.parkNanos(RANK_0_SPEAKS_NANOS);
    return ExitStatus.MISTAKE;
  }

  private void lastWord(int status) {
    if (around != null) {
      around.lastWord(status).ifPresent(err::println);
    }
  }

  private int mistake(boolean json, UserMistake mistake) {
    err.println("strait: " + mistake.getMessage());
    lastWord(ExitStatus.MISTAKE);
    if (json) {
      JsonObject value = new JsonObject();
      value.addProperty("error", mistake.getMessage());
      value.addProperty("exitStatus", ExitStatus.MISTAKE);
      out.print(JsonFiles.pretty(value));
      out.flush();
    }
    return ExitStatus.MISTAKE;
  }

  private int failed(Exception e, CommonOptions options) throws IOException {
    if (e instanceof UserMistake mistake) {
      return mistake(options.json(), mistake);
    }
    if (e instanceof FileSystemException refused) {
      return mistake(options.json(), UserMistake.of(refused));
    }
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    Path file =
        options.folder().isPresent()
            ? options.folder().get().path().resolve("trace.txt")
            : Files.createTempFile("strait-trace-", ".txt");
    Files.writeString(file, trace.toString());
    String line =
        "this is a bug: "
            + String.valueOf(e).replaceAll("\\s*\\R\\s*", " ")
            + "; please report it with the trace in "
            + file;
    err.println("strait: " + line);
    lastWord(ExitStatus.BUG);
    if (options.json()) {
      JsonObject value = new JsonObject();
      value.addProperty("error", line);
      value.addProperty("exitStatus", ExitStatus.BUG);
      options.json(value);
    }
    return ExitStatus.BUG;
  }

  /// Version of this build.
  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /// The command line as typed, for the record.
  static String typed(CommandSpec spec) {
    StringBuilder text = new StringBuilder("./strait");
    for (String arg : spec.root().commandLine().getParseResult().originalArgs()) {
      text.append(' ').append(ShellWord.of(arg));
    }
    return text.toString();
  }
}
