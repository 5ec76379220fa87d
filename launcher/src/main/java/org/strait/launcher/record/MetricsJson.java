package org.strait.launcher.record;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.OptionalDouble;
import org.strait.engine.model.Confusion;
import org.strait.engine.model.Evaluation;

/// Measures of a model as they stand in the run record and in what `predict --json` prints.
public final class MetricsJson {
  private MetricsJson() {}

  /// The measures that exist for this model and these rows.
  public static JsonObject of(Evaluation evaluation) {
    return of(evaluation, List.of());
  }

  /// The same; of several classes also the labels, as {@code classes}, and how many rows of each
  /// class (a row of {@code confusion}) were taken for which (a column).
  ///
  /// @param classes labels in the order of their numbers
  public static JsonObject of(Evaluation evaluation, List<String> classes) {
    JsonObject json = new JsonObject();
    json.addProperty("rows", evaluation.rows());
    add(json, "accuracy", evaluation.accuracy());
    add(json, "auprc", evaluation.auprc());
    add(json, "auc", evaluation.auc());
    add(json, "logLoss", evaluation.logLoss());
    add(json, "rmse", evaluation.rmse());
    add(json, "mae", evaluation.mae());
    add(json, "r2", evaluation.r2());
    evaluation.confusion().ifPresent(confusion -> add(json, confusion, classes));
    return json;
  }

  private static void add(JsonObject json, String name, OptionalDouble value) {
    if (value.isPresent()) {
      json.addProperty(name, value.getAsDouble());
    }
  }

  private static void add(JsonObject json, Confusion confusion, List<String> classes) {
    JsonArray names = new JsonArray();
    JsonArray rows = new JsonArray();
    for (int is = 0; is < confusion.classes(); is++) {
      names.add(is < classes.size() ? classes.get(is) : Integer.toString(is));
      JsonArray row = new JsonArray();
      for (int taken = 0; taken < confusion.classes(); taken++) {
        row.add(confusion.count(is, taken));
      }
      rows.add(row);
    }
    json.add("classes", names);
    json.add("confusion", rows);
  }
}
