package org.strait.launcher;

import com.google.gson.JsonObject;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `strait completion`: a script for bash and zsh that completes commands and flags.
@Command(
    name = "completion",
    description = {
      "Print a script that completes commands and flags in bash and zsh.",
      "",
      "  source <(./strait completion)     # in this shell; or put it into ~/.bashrc or ~/.zshrc"
    })
final class CompletionCommand implements Callable<Integer> {
  @Mixin private final CommonOptions options;
  @Spec private CommandSpec spec;

  CompletionCommand(CommonOptions options) {
    this.options = options;
  }

  @Override
  public Integer call() {
    String script = AutoComplete.bash("strait", spec.root().commandLine());
    if (options.json()) {
      JsonObject json = new JsonObject();
      json.addProperty("command", "completion");
      json.addProperty("script", script);
      options.json(json);
    } else {
      options.words().print(script);
      options.words().flush();
    }
    return ExitStatus.DONE;
  }
}
