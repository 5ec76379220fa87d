package org.strait.launcher;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.strait.launcher.calibrate.Calibrator;
import org.strait.launcher.doctor.Checks;
import org.strait.launcher.doctor.Finding;
import org.strait.launcher.doctor.Finding.Level;
import org.strait.launcher.doctor.Host;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `strait doctor`: whether this machine is fit for trainings, and what to do about it.
@Command(
    name = "doctor",
    description = {
      "Look at this machine: Java, vectors, BLAS, GPU, cores, memory, folders, network, MPI, cluster.",
      "Starts nothing and changes nothing."
    },
    footer = {"", "Marks: ✓ fine, ! could be better, ✗ in the way (exit status 5)."})
final class DoctorCommand implements Callable<Integer> {
  @Mixin private final CommonOptions options;
  private final Map<String, String> environment;

  DoctorCommand(CommonOptions options, Map<String, String> environment) {
    this.options = options;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    List<Finding> findings = Checks.all(thisHost());
    boolean fit = findings.stream().noneMatch(f -> f.level() == Level.PROBLEM);
    if (options.json()) {
      JsonObject json = new JsonObject();
      json.addProperty("command", "doctor");
      json.addProperty("version", Main.version());
      json.addProperty("fit", fit);
      JsonArray list = new JsonArray();
      findings.forEach(f -> list.add(f.json()));
      json.add("findings", list);
      options.json(json);
    } else {
      findings.forEach(this::tell);
    }
    return fit ? ExitStatus.DONE : ExitStatus.UNFIT;
  }

  private void tell(Finding finding) {
    String mark =
        switch (finding.level()) {
          case FINE -> "✓";
          case NOTE -> "!";
          case PROBLEM -> "✗";
        };
    options.say(
        String.format(Locale.ROOT, "%s %-18s  %s", mark, finding.subject(), finding.what()));
    if (!finding.remedy().isEmpty()) {
      options.say(String.format(Locale.ROOT, "  %-18s  → %s", "", finding.remedy()));
    }
  }

  private Host thisHost() {
    Map<String, String> properties = new TreeMap<>();
    for (String name : System.getProperties().stringPropertyNames()) {
      properties.put(name, System.getProperty(name));
    }
    properties.put("cores", "" + Runtime.getRuntime().availableProcessors());
    String figures = Calibrator.real(Main.version(), options::complain).path();
    return new Host(
        Path.of("/"),
        environment,
        properties,
        System.getProperty("java.class.path"),
        Optional.of(figures).filter(file -> Files.exists(Path.of(file))));
  }
}
