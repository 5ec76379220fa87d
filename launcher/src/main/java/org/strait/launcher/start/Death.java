package org.strait.launcher.start;

import java.util.List;

/// How a rank died.
///
/// @param rank who
/// @param label who, as messages name it
/// @param exitStatus the process's exit status; above 128 means killed by signal (status - 128), -1
///     that its connection broke and nobody knows more
/// @param blamesPeer whether it said that it ended because it had lost another rank
/// @param phase what it said last that it was doing; may be empty
/// @param lastLines the end of its standard error
public record Death(
    int rank,
    String label,
    int exitStatus,
    boolean blamesPeer,
    String phase,
    List<String> lastLines) {
  /// Exit status of a rank that was ended because it was silent.
  public static final int SILENT = -2;

  private static final String[] SIGNALS = new String[32];

  static {
    SIGNALS[1] = "SIGHUP";
    SIGNALS[2] = "SIGINT";
    SIGNALS[3] = "SIGQUIT";
    SIGNALS[4] = "SIGILL";
    SIGNALS[6] = "SIGABRT";
    SIGNALS[7] = "SIGBUS";
    SIGNALS[8] = "SIGFPE";
    SIGNALS[9] = "SIGKILL";
    SIGNALS[11] = "SIGSEGV";
    SIGNALS[13] = "SIGPIPE";
    SIGNALS[15] = "SIGTERM";
  }

  /// Copies the lines.
  public Death {
    lastLines = List.copyOf(lastLines);
  }

  /// For instance `rank 3 (dc2) was killed by signal 9 (SIGKILL), last heard of in round 12`.
  public String sentence() {
    return ending() + (phase.isEmpty() ? "" : ", last heard of in " + phase);
  }

  private String ending() {
    if (exitStatus == SILENT) {
      return label + " fell silent (stopped, or its host hangs) and was given up";
    }
    if (exitStatus < 0) {
      return label + " is gone without a word";
    }
    int signal = exitStatus - 128;
    if (signal > 0 && signal < SIGNALS.length) {
      return label
          + " was killed by signal "
          + signal
          + (SIGNALS[signal] == null ? "" : " (" + SIGNALS[signal] + ")");
    }
    return label + " ended with exit status " + exitStatus;
  }
}
