package org.strait.launcher;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.concurrent.Callable;
import org.strait.kernels.calibration.Calibration;
import org.strait.launcher.calibrate.Calibrator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `strait calibrate`: measures the kernels on this machine and keeps the figures for `--backend
/// auto`.
@Command(
    name = "calibrate",
    description = "Measure the kernels of this machine, 15 s, for --backend auto to decide by.",
    footer = {
      "",
      "Figures: BACKEND start SECONDS, then for each kind of work BACKEND WORK WARM-UP-SECONDS",
      "NANOSECONDS-PER-ELEMENT, processor time of one thread. Measure on a quiet machine."
    })
final class CalibrateCommand implements Callable<Integer> {
  @Mixin private final CommonOptions options;

  CalibrateCommand(CommonOptions options) {
    this.options = options;
  }

  @Override
  public Integer call() {
    Calibrator calibrator = Calibrator.real(Main.version(), options::tell);
    Calibration calibration = calibrator.measure().orElse(null);
    if (calibration == null) {
      return ExitStatus.BUG;
    }
    if (options.json()) {
      JsonObject json = new JsonObject();
      json.addProperty("command", "calibrate");
      json.addProperty("file", calibrator.path());
      JsonArray figures = new JsonArray();
      calibration.text().lines().forEach(figures::add);
      json.add("figures", figures);
      options.json(json);
    } else {
      calibration.text().lines().forEach(options::say);
      options.say("kept in " + calibrator.path());
    }
    return ExitStatus.DONE;
  }
}
