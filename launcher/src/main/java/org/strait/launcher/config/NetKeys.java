package org.strait.launcher.config;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.strait.engine.net.Nets;

/// What a job says of nets and of steps of mini-batches: from settings, and as JSON.
final class NetKeys {
  private static final String[] NONE = {};

  private NetKeys() {}

  static Nets.Settings read(SettingValues values) {
    List<Double> weights = new ArrayList<>();
    for (String word : values.text(JobKey.CLASS_WEIGHTS).map(t -> t.split(",", -1)).orElse(NONE)) {
      try {
        weights.add(Double.parseDouble(word.strip()));
      } catch (NumberFormatException e) {
        throw values
            .where(JobKey.CLASS_WEIGHTS)
            .mistake("\"" + word.strip() + "\" is no number", "write for instance 1,1,2.5");
      }
    }
    String augment = values.text(JobKey.AUGMENT).orElse("none");
    return new Nets.Settings(
        values.text(JobKey.NET).orElse(""),
        values.text(JobKey.INPUT).orElse(""),
        values.must(JobKey.HIDDEN),
        values.fraction(JobKey.LABEL_SMOOTHING).orElse(0),
        values.number(JobKey.ORDINAL).orElse(0),
        weights,
        augment.equals("none") ? "" : augment);
  }

  static Job.Pace pace(SettingValues values) {
    return new Job.Pace(
        values.must(JobKey.SCHEDULE),
        values.must(JobKey.WARMUP),
        values.number(JobKey.CLIP),
        values.number(JobKey.WEIGHT_DECAY).orElse(0));
  }

  static void write(Job job, JsonObject json) {
    Nets.Settings net = job.objective().net();
    put(json, JobKey.NET, net.layers());
    put(json, JobKey.INPUT, net.input());
    put(json, JobKey.HIDDEN, net.hidden());
    json.addProperty(JobKey.LABEL_SMOOTHING.key(), net.smoothing());
    json.addProperty(JobKey.ORDINAL.key(), net.ordinal());
    put(
        json,
        JobKey.CLASS_WEIGHTS,
        net.classWeights().stream().map(w -> Double.toString(w)).collect(Collectors.joining(",")));
    put(json, JobKey.AUGMENT, net.augment().isEmpty() ? "none" : net.augment());
    Job.Pace pace = job.method().pace();
    put(json, JobKey.SCHEDULE, pace.schedule());
    put(json, JobKey.WARMUP, pace.warmup());
    pace.clip().ifPresent(x -> json.addProperty(JobKey.CLIP.key(), x));
    json.addProperty(JobKey.WEIGHT_DECAY.key(), pace.decay());
  }

  private static void put(JsonObject json, JobKey key, String text) {
    if (!text.isEmpty()) {
      json.addProperty(key.key(), text);
    }
  }
}
