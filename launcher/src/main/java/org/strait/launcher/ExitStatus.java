package org.strait.launcher;

/// Exit statuses of the command.
final class ExitStatus {
  /// What was asked for was done.
  static final int DONE = 0;

  /// The user's mistake: a flag, a setting, a file.
  static final int MISTAKE = 2;

  /// A bound ended the training before its target was reached.
  static final int TARGET_UNMET = 3;

  /// A ledger is not whole, or not what the record says.
  static final int AUDIT_FAILED = 4;

  /// This machine cannot run trainings as it is.
  static final int UNFIT = 5;

  /// A bug in strait.
  static final int BUG = 10;

  /// Data centres ended with different models.
  static final int MODELS_DIFFER = 12;

  /// A rank or data centre was lost.
  static final int RANK_LOST = 30;

  /// The user stopped the run.
  static final int INTERRUPTED = 130;

  /// The list for the help.
  static final String[] HELP = {
    "",
    "Exit status:",
    "  0    what was asked for was done",
    "  2    a mistake in a flag, a setting or a file; standard error says which",
    "  3    a bound (--rounds, --epochs) ended the training with --target unmet",
    "  4    an audit found a ledger that is not what it should be",
    "  5    strait doctor found something in the way",
    "  10   a bug in strait; standard error says where the trace is",
    "  12   data centres ended with different models",
    "  30   a rank or data centre was lost",
    "  130  interrupted",
    "",
    "JVM flags for the command and its ranks may stand in STRAIT_JAVA_OPTS."
  };

  private ExitStatus() {}
}
