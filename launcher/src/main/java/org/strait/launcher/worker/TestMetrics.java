package org.strait.launcher.worker;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.strait.engine.data.Batch;
import org.strait.engine.data.ClickData;
import org.strait.engine.data.DataException;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.Labels;
import org.strait.engine.data.RowFacts;
import org.strait.engine.data.RowFile;
import org.strait.engine.data.RowSettings;
import org.strait.engine.data.RowWeights;
import org.strait.engine.data.SiteFile;
import org.strait.engine.model.Evaluation;
import org.strait.engine.model.Models;
import org.strait.engine.model.Replica;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.Only;
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
  /// @param trained what was known of the rows that were trained on
  static void add(
      JsonObject done,
      Job job,
      Replica replica,
      Labels labels,
      List<String> columns,
      RowFacts trained,
      HostMemory parent,
      Consumer<String> tell) {
    try (HostMemory memory = parent.child("test rows")) {
      if (job.data().test().isPresent()) {
        fromFile(done, job, replica, labels, columns, trained, memory, tell);
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
      RowFacts trained,
      HostMemory memory,
      Consumer<String> tell) {
    RowSettings reading =
        job.data().reading(columns, job.machine().threads()).ofPart("test").with(trained.ids());
    try (RowFile file = RowFile.open(job.data().test().orElseThrow(), reading, tell)) {
      Dataset rows = file.data();
      if (!Objects.equals(rows.shape(), trained.shape())) {
        throw new DataException(
            rows.source(),
            "rows of the shape " + rows.shape() + ", those to train with have " + trained.shape(),
            "bring images to one size with --image-size HxWx1 or HxWx3");
      }
      rows = trained.classes().isEmpty() ? rows : rows.withClasses(trained.classes());
      int[] dcs = dcOfRow(job, rows);
      labels.apply(rows);
      Dataset test = Models.rowsFor(replica.model(), features(replica), rows, memory);
      if (job.data().testWeights().isPresent()) {
        Path weights = job.data().testWeights().get();
        test = test.weighted(RowWeights.read(weights, test.rows(), test.source(), memory));
      }
      judge(done, job, replica, labels.names(), test, dcs, memory);
    }
  }

  /// Features of the model, without a column of ones.
  private static int features(Replica replica) {
    return replica.features() - (replica.model().intercept() ? 1 : 0);
  }

  /// Whose the test rows are, where the split of the rows to train with says it; else empty.
  private static int[] dcOfRow(Job job, Dataset rows) {
    String split = job.data().split().text();
    boolean known = split.startsWith("dirichlet:") || split.equals("users");
    return known && job.data().files().size() == 1 && job.data().testSites().isEmpty()
        ? RankRows.split(job).dcOfRow(rows, names(job))
        : new int[0];
  }

  private static List<String> names(Job job) {
    return job.data()
        .only()
        .map(Only::dcs)
        .orElseGet(() -> RankRows.names(job.geography().topology()));
  }

  private static void judge(
      JsonObject done,
      Job job,
      Replica replica,
      List<String> classes,
      Dataset test,
      int[] dcs,
      HostMemory memory) {
    done.add("metrics", MetricsJson.of(Evaluation.of(replica, test, memory), classes));
    JsonObject byDc = new JsonObject();
    if (job.data().testSites().isPresent()) {
      SiteFile sites = SiteFile.read(job.data().testSites().get());
      sites.checkRows(test);
      for (int site = 0; site < sites.names().size(); site++) {
        Dataset rows = test.select(RankRows.rowsOfSite(sites, site), memory);
        Evaluation evaluation = Evaluation.of(replica, rows, memory);
        byDc.add(sites.names().get(site), MetricsJson.of(evaluation, classes));
      }
    }
    for (int dc = 0; dcs.length > 0 && dc < names(job).size(); dc++) {
      int wanted = dc;
      int[] some = IntStream.range(0, dcs.length).filter(r -> dcs[r] == wanted).toArray();
      Evaluation evaluation = Evaluation.of(replica, test.select(some, memory), memory);
      byDc.add(names(job).get(dc), MetricsJson.of(evaluation, classes));
    }
    if (!byDc.isEmpty()) {
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
