package org.strait.launcher.start;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// A command that ends when its launcher does, however that dies: a small shell script starts it in
/// a process group of its own, reads the launcher's pipe until that ends, and then ends the group.
/// It passes TERM on, ends what the command leaves running, and ends with the command's exit
/// status. The command itself reads nothing. CONT goes with TERM: a stopped process would not see
/// it.
final class WatchedCommand {
  /// Runs its arguments.
  private static final String WATCH =
      "exec 3<&0; rank=; early=; "
          + "stop() { kill -s $1 -- -$rank 2>/dev/null || kill -s $1 $rank 2>/dev/null; }; "
          + "term() { if [ \"$rank\" ]; then stop TERM; stop CONT; else early=1; fi; }; "
          + "trap term TERM INT HUP; "
          + "if command -v setsid >/dev/null 2>&1; then setsid \"$@\" </dev/null 3<&- & "
          + "else \"$@\" </dev/null 3<&- & fi; rank=$!; if [ \"$early\" ]; then term; fi; "
          + "( trap \"\" TERM INT HUP; while read -r _; do :; done <&3; "
          + "term; sleep 2; stop KILL ) >/dev/null 2>&1 & watch=$!; exec 3<&-; "
          + "wait $rank; status=$?; "
          + "while kill -0 $rank 2>/dev/null; do wait $rank; status=$?; done; "
          + "left() { kill -s 0 -- -$rank 2>/dev/null; }; "
          + "if left; then term; tries=0; while left && [ $tries -lt 20 ]; do "
          + "sleep 0.1; tries=$((tries + 1)); done; stop KILL; fi; "
          + "kill -KILL $watch 2>/dev/null; exit $status";

  private static final String END_OF_SETTING = "strait-run";

  /// Reads what to set and run from its input first, up to a marked line: arguments and secrets are
  /// then in nobody's list of processes.
  private static final String TOLD =
      "n=$(printf \"\\n_\"); n=${n%_}; s=; "
          + "while IFS= read -r l && [ \"$l\" != "
          + END_OF_SETTING
          + " ]; do s=\"$s$l$n\"; done; eval \"$s\"; ";

  private WatchedCommand() {}

  /// The command on this machine.
  ///
  /// @param without variables that it must not see
  static List<String> local(List<String> command, Collection<String> without) {
    List<String> words =
        new ArrayList<>(List.of("/bin/sh", "-c", unset(without) + WATCH, "strait-watch"));
    words.addAll(command);
    return words;
  }

  /// The command for a shell elsewhere, one word; it runs what {@link #told} says.
  static String remote() {
    return "exec /bin/sh -c " + quoted(TOLD + WATCH) + " strait-watch";
  }

  /// What {@link #remote} wants to read.
  static String told(
      List<String> command,
      Map<String, String> environment,
      Collection<String> without,
      String folder) {
    StringBuilder text = new StringBuilder(unset(without)).append('\n');
    environment.forEach(
        (name, value) ->
            text.append("export ").append(name).append('=').append(quoted(value)).append('\n'));
    text.append("cd ").append(quoted(folder)).append(" || exit 2\n");
    text.append("set --");
    command.forEach(word -> text.append(' ').append(quoted(word)));
    return text.append('\n').append(END_OF_SETTING).append('\n').toString();
  }

  private static String unset(Collection<String> names) {
    return names.isEmpty() ? "" : "unset " + String.join(" ", names) + "; ";
  }

  /// One word for a shell.
  static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
