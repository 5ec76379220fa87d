package org.strait.launcher;

import com.google.gson.JsonElement;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import org.strait.launcher.progress.ProgressViews;
import org.strait.launcher.record.JsonFiles;
import org.strait.launcher.record.RunFolder;
import picocli.CommandLine.Option;

/// What every command takes, and where its words go: results to standard output, or one JSON value
/// there and all words to standard error.
final class CommonOptions {
  @Option(names = "--json", description = "print one JSON value and nothing else on stdout")
  private boolean json;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "folder for the run's files (default: runs/TIME-NAME)")
  private Path out;

  @Option(names = "-q", description = "no progress, only the result")
  private boolean quiet;

  @Option(names = "-v", description = "show what ranks say")
  private boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help")
  private boolean help;

  private final PrintStream stdout;
  private final PrintStream stderr;
  private RunFolder folder;

  CommonOptions(PrintStream stdout, PrintStream stderr) {
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /// For a run inside another command.
  ///
  /// @param words where its complaints go
  static CommonOptions quiet(Path out, PrintStream words) {
    CommonOptions options =
        new CommonOptions(new PrintStream(OutputStream.nullOutputStream(), false), words);
    options.out = out;
    options.quiet = true;
    return options;
  }

  boolean json() {
    return json;
  }

  boolean verbose() {
    return verbose;
  }

  boolean helpAsked() {
    return help;
  }

  Optional<Path> out() {
    return Optional.ofNullable(out);
  }

  /// The folder that a trace would go to.
  Optional<RunFolder> folder() {
    return Optional.ofNullable(folder);
  }

  void folder(RunFolder made) {
    folder = made;
  }

  /// A line of the result.
  void say(String line) {
    words().println(line);
  }

  /// A line about what goes on; not when quiet.
  void tell(String line) {
    if (!quiet) {
      words().println(line);
    }
  }

  /// A line about what goes on, to standard error; not when quiet.
  void progress(String line) {
    if (!quiet) {
      stderr.println(line);
    }
  }

  /// A line of complaint.
  void complain(String line) {
    stderr.println(line);
  }

  /// The one JSON value.
  void json(JsonElement value) {
    stdout.print(JsonFiles.pretty(value));
    stdout.flush();
  }

  /// Where words go.
  PrintStream words() {
    return json ? stderr : stdout;
  }

  /// The kind of progress view that suits.
  String progressKind() {
    String kind = ProgressViews.kind(quiet);
    return json && kind.equals("live") ? "plain" : kind;
  }
}
