package org.strait.launcher;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `strait cert`: certificates for encrypted connections between data centres.
@Command(
    name = "cert",
    description = "Make and show certificates for encrypted connections between data centres.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "init|issue|show")
final class CertCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    CommandLine line = spec.commandLine();
    throw new ParameterException(line, "say what to do: init, issue or show");
  }
}
