package org.strait.launcher;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.strait.engine.data.DataException;
import org.strait.engine.model.ModelFile;
import org.strait.engine.model.export.ModelExport;
import org.strait.engine.model.export.ModelExports;
import org.strait.launcher.config.UserMistake;
import org.strait.memory.HostMemory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `strait export`: a trained model in the forms of other programs.
@Command(
    name = "export",
    description = "Write a trained model in the forms of other programs.",
    footer = {
      "",
      "Writes model.onnx, model.liblinear (for liblinear-predict) or model.txt beside the model, or",
      "into DIR with --out."
    })
final class ExportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "model file that train wrote")
  private Path model;

  @Option(
      names = "--format",
      paramLabel = "NAME,NAME",
      required = true,
      description = "onnx, liblinear, text, or several")
  private String formats;

  @Mixin private final CommonOptions options;

  ExportCommand(CommonOptions options) {
    this.options = options;
  }

  @Override
  public Integer call() throws IOException {
    Map<String, ModelExport> exports = new LinkedHashMap<>();
    for (String name : formats.split(",", -1)) {
      try {
        exports.put(name.strip(), ModelExports.choose(name.strip()));
      } catch (IllegalArgumentException e) {
        String[] parts = e.getMessage().split("; ", 2);
        throw new UserMistake("--format: " + parts[0], parts.length > 1 ? parts[1] : "correct it");
      }
    }
    Path folder = options.out().orElse(model.toAbsolutePath().getParent());
    JsonObject json = new JsonObject();
    json.addProperty("command", "export");
    try (HostMemory memory = HostMemory.unlimited("export")) {
      ModelFile file = ModelFile.read(model, memory);
      Files.createDirectories(folder);
      for (Map.Entry<String, ModelExport> export : exports.entrySet()) {
        Path written = folder.resolve(export.getValue().fileName());
        export.getValue().write(file, written);
        json.addProperty(export.getKey(), written.toAbsolutePath().toString());
        options.tell(String.format("%-10s %s", export.getKey(), written));
      }
    } catch (DataException e) {
      throw UserMistake.of(e);
    }
    if (options.json()) {
      options.json(json);
    }
    return ExitStatus.DONE;
  }
}
