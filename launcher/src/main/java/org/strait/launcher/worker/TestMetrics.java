package org.strait.launcher.worker;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.strait.engine.data.Batch;
import org.strait.engine.data.ClickData;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.Labels;
import org.strait.engine.data.RowFile;
import org.strait.engine.data.RowSettings;
import org.strait.engine.data.RowWeights;
import org.strait.engine.data.SiteFile;
import org.strait.engine.model.Evaluation;
import org.strait.engine.model.Models;
import org.strait.engine.model.Replica;
import org.strait.launcher.config.Job;
import org.strait.launcher.record.MetricsJson;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Judges the finished model on the test rows, if the job has any: all of them, and by data centre
/// if it is known whose they are.
final class TestMetrics {
  private static final int GENERATED_ROWS_PER_DC = 5_000;

  private TestMetrics() {}

  /// Adds {@code metrics} and {@code metricsByDc} to an event.
  ///
  /// @param labels of the rows that were trained on
  /// @param columns names of their features, if there are any
  static void add(
      JsonObject done,
      Job job,
      Replica replica,
      Labels labels,
      List<String> columns,
      HostMemory parent,
      Consumer<String> tell) {
    try (HostMemory memory = parent.child("test rows")) {
      if (job.data().test().isPresent()) {
        fromFile(done, job, replica, labels, columns, memory, tell);
      } else if (job.data().files().isEmpty()) {
        generated(done, job, replica, memory);
      }
    }
  }

  private static void fromFile(
      JsonObject done,
      Job job,
      Replica replica,
      Labels labels,
      List<String> columns,
      HostMemory memory,
      Consumer<String> tell) {
    RowSettings reading = job.data().reading(columns, job.machine().threads());
    try (RowFile file = RowFile.open(job.data().test().orElseThrow(), reading, tell)) {
      labels.apply(file.data());
      Dataset test = Models.rowsFor(replica.model(), features(replica), file.data(), memory);
      if (job.data().testWeights().isPresent()) {
        Path weights = job.data().testWeights().get();
        test = test.weighted(RowWeights.read(weights, test.rows(), test.source(), memory));
      }
      judge(done, job, replica, labels.names(), test, memory);
    }
  }

  /// Features of the model, without a column of ones.
  private static int features(Replica replica) {
    return replica.features() - (replica.model().intercept() ? 1 : 0);
  }

  private static void judge(
      JsonObject done,
      Job job,
      Replica replica,
      List<String> classes,
      Dataset test,
      HostMemory memory) {
    done.add("metrics", MetricsJson.of(Evaluation.of(replica, test, memory), classes));
    if (job.data().testSites().isPresent()) {
      SiteFile sites = SiteFile.read(job.data().testSites().get());
      sites.checkRows(test);
      JsonObject byDc = new JsonObject();
      for (int site = 0; site < sites.names().size(); site++) {
        Dataset rows = test.select(RankRows.rowsOfSite(sites, site), memory);
        Evaluation evaluation = Evaluation.of(replica, rows, memory);
        byDc.add(sites.names().get(site), MetricsJson.of(evaluation, classes));
      }
      done.add("metricsByDc", byDc);
    }
  }

  private static void generated(JsonObject done, Job job, Replica replica, HostMemory memory) {
    List<String> names = RankRows.names(job.geography().topology());
    ClickData clicks = new ClickData(job.machine().seed());
    JsonObject byDc = new JsonObject();
    Floats scores = memory.floats((long) names.size() * GENERATED_ROWS_PER_DC);
    Floats labels = memory.floats(scores.length());
    for (int dc = 0; dc < names.size(); dc++) {
      Dataset rows =
          Models.rowsFor(
              replica.model(),
              features(replica),
              clicks.rows(dc, ClickData.FIRST_TEST_ROW, GENERATED_ROWS_PER_DC, memory),
              memory);
      long from = (long) dc * GENERATED_ROWS_PER_DC;
      replica.scores(Batch.of(rows), scores.slice(from, GENERATED_ROWS_PER_DC));
      labels.slice(from, GENERATED_ROWS_PER_DC).copyFrom(rows.labels());
      byDc.add(names.get(dc), MetricsJson.of(Evaluation.of(replica, rows, memory)));
    }
    done.add("metrics", MetricsJson.of(Evaluation.of(replica.model(), scores, labels)));
    done.add("metricsByDc", byDc);
  }
}
