package org.strait.launcher;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.init.Templates;
import org.strait.launcher.init.Templates.Template;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `strait init`: writes files to start from.
@Command(
    name = "init",
    description = {
      "Write commented files to start from: job (job.yaml), topology (topology.yaml), slurm",
      "(job.sbatch), kubernetes (kubernetes.yaml). They go to --out, else to this folder; files that",
      "are there are never overwritten."
    })
final class InitCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "WHAT",
      description = "job, topology, slurm, kubernetes (default: job)")
  private List<String> names = List.of("job");

  @Mixin private final CommonOptions options;

  InitCommand(CommonOptions options) {
    this.options = options;
  }

  @Override
  public Integer call() throws IOException {
    List<Template> templates = new ArrayList<>();
    for (String name : names) {
      templates.add(Templates.of(name));
    }
    Path folder = options.out().orElse(Path.of(""));
    for (Template template : templates) {
      if (Files.exists(folder.resolve(template.file()))) {
        throw new UserMistake(
            folder.resolve(template.file()) + " is there already",
            "rename it, or give --out another folder");
      }
    }
    if (options.out().isPresent()) {
      Files.createDirectories(folder);
    }
    JsonArray written = new JsonArray();
    for (Template template : templates) {
      Path file = folder.resolve(template.file());
      Files.writeString(file, template.text(), StandardOpenOption.CREATE_NEW);
      written.add(file.toString());
      if (!options.json()) {
        options.say(String.format(Locale.ROOT, "%s  then %s", file, template.next()));
      }
    }
    if (options.json()) {
      JsonObject json = new JsonObject();
      json.addProperty("command", "init");
      json.add("files", written);
      options.json(json);
    }
    return ExitStatus.DONE;
  }
}
