package org.strait.engine;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.DatasetBuilder;
import org.strait.engine.data.Labels;
import org.strait.engine.data.LibSvmReader;
import org.strait.memory.HostMemory;

/// Bytes of solvers over data centres that are threads; prints a table. Not a test: run its main
/// with a set, a partition, a penalty, an optimum or 0, gaps and solvers, for instance {@code
/// rows.gz sites:rows.sites.gz 1e-4 0.3245 1e-5,1e-6 frugal,distributed}.
///
/// A partition is {@code sites:FILE}, {@code random:P}, {@code label}, {@code sorted:P} by the sum
/// of the first five features' numbers, or {@code first:N}: the first N rows, and the rest.
final class FrugalTable {
  private FrugalTable() {}

  public static void main(String[] args) throws Exception {
    try (HostMemory memory = HostMemory.unlimited("rows")) {
      Dataset data = data(args[0], memory);
      int[][] parts = parts(data, args[1]);
      double l2 = args[2].equals("1/n") ? 1.0 / data.rows() : Double.parseDouble(args[2]);
      double best = Double.parseDouble(args[3]);
      int dcs = parts.length;
      if (best == 0) {
        int[][] all = {IntStream.range(0, data.rows()).toArray()};
        TrainingConfig config = new TrainingConfig(l2, 500, Double.NaN, 1e-13, 0.2, false);
        FrugalRuns.Job job = new FrugalRuns.Job(data, List.of(all), 1, "logistic", "tron", config);
        best = FrugalRuns.train(job, "auto", 160).getFirst().report().objective();
        System.out.printf(Locale.ROOT, "optimum %.15f%n", best);
      }
      double vector = 4.0 * used(data) * Math.max(1, dcs - 1);
      for (String solver : args[5].split(",", -1)) {
        for (String gap : args[4].split(",", -1)) {
          boolean tolerance = gap.startsWith("t");
          double by = Double.parseDouble(tolerance ? gap.substring(1) : gap);
          TrainingConfig config =
              tolerance
                  ? new TrainingConfig(l2, 2000, Double.NaN, by, 0.2, false)
                  : new TrainingConfig(l2, 2000, best * (1 + by), 0, 0.2, false);
          FrugalRuns.Job job =
              new FrugalRuns.Job(data, List.of(parts), dcs, "logistic", solver, config);
          long start = System.nanoTime();
          List<FrugalRuns.Result> results = FrugalRuns.train(job, "auto", 160);
          double seconds = (System.nanoTime() - start) / 1e9;
          long bytes = results.stream().mapToLong(FrugalRuns.Result::bytes).sum();
          long payload = results.stream().mapToLong(FrugalRuns.Result::payload).sum();
          long frames = results.stream().mapToLong(FrugalRuns.Result::frames).sum();
          FrugalRuns.Result first = results.getFirst();
          boolean same = results.stream().allMatch(r -> r.hash().equals(first.hash()));
          double proven = results.stream().mapToDouble(FrugalRuns.Result::proven).min().orElse(0);
          System.out.printf(
              Locale.ROOT,
              "%s %s P=%d %s to %s: %,d bytes, payload %,d, headers %,d, %.3f vectors (payload %.3f),"
                  + " %d rounds, gap %.2e, proven %.1e, %s, same %s, %.1f s%n",
              Path.of(args[0]).getFileName(),
              args[1].replaceAll(".*/", ""),
              dcs,
              solver,
              gap,
              bytes,
              payload,
              frames,
              bytes / vector,
              payload / vector,
              first.report().rounds(),
              first.report().objective() / best - 1,
              proven,
              first.report().reason(),
              same,
              seconds);
        }
      }
    }
  }

  private static Dataset data(String file, HostMemory memory) throws Exception {
    Dataset rows = LibSvmReader.read(Path.of(file), memory);
    if (!file.contains("news20")) {
      Labels.auto().apply(rows);
      return rows;
    }
    List<Integer> positive = List.of(2, 3, 4, 5, 6, 12, 13, 14, 15);
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      for (int r = 0; r < rows.rows(); r++) {
        double squares = 0;
        long from = rows.matrix().rowStart().get(r);
        long to = rows.matrix().rowStart().get(r + 1L);
        for (long i = from; i < to; i++) {
          squares += (double) rows.matrix().value().get(i) * rows.matrix().value().get(i);
        }
        for (long i = from; i < to; i++) {
          float value = (float) (rows.matrix().value().get(i) / Math.sqrt(squares));
          builder.entry(rows.matrix().index().get(i), value);
        }
        builder.endRow(positive.contains((int) rows.labels().get(r)) ? 1 : -1);
      }
      return builder.build(file, 62061, memory);
    }
  }

  private static long used(Dataset data) {
    boolean[] used = new boolean[data.features()];
    for (long i = 0; i < data.entries(); i++) {
      used[data.matrix().index().get(i)] = true;
    }
    long count = 0;
    for (boolean u : used) {
      count += u ? 1 : 0;
    }
    return count;
  }

  private static int[][] parts(Dataset data, String how) throws Exception {
    String[] words = how.split(":", 2);
    int n = data.rows();
    return switch (words[0]) {
      case "sites" -> {
        TreeMap<String, List<Integer>> sites = new TreeMap<>();
        try (BufferedReader in =
            new BufferedReader(
                new InputStreamReader(
                    new GZIPInputStream(Files.newInputStream(Path.of(words[1]))),
                    StandardCharsets.UTF_8))) {
          for (int r = 0; r < n; r++) {
            sites.computeIfAbsent(in.readLine().strip(), s -> new ArrayList<>()).add(r);
          }
        }
        yield sites.values().stream()
            .map(l -> l.stream().mapToInt(Integer::intValue).toArray())
            .toArray(int[][]::new);
      }
      case "random" -> {
        List<Integer> order = new ArrayList<>(IntStream.range(0, n).boxed().toList());
        Collections.shuffle(order, new Random(1));
        yield cut(order, Integer.parseInt(words[1]));
      }
      case "label" ->
          new int[][] {
            IntStream.range(0, n).filter(r -> data.labels().get(r) <= 0).toArray(),
            IntStream.range(0, n).filter(r -> data.labels().get(r) > 0).toArray()
          };
      case "sorted" -> {
        int[] key = new int[n];
        for (int r = 0; r < n; r++) {
          long to = data.matrix().rowStart().get(r + 1L);
          for (long i = data.matrix().rowStart().get(r); i < to; i++) {
            int f = data.matrix().index().get(i);
            key[r] += f < 5 ? f + 1 : 0;
          }
        }
        List<Integer> order = new ArrayList<>(IntStream.range(0, n).boxed().toList());
        order.sort((a, b) -> Integer.compare(key[a], key[b]));
        yield cut(order, Integer.parseInt(words[1]));
      }
      case "blocks" ->
          cut(new ArrayList<>(IntStream.range(0, n).boxed().toList()), Integer.parseInt(words[1]));
      case "first" -> {
        int first = Integer.parseInt(words[1]);
        yield new int[][] {
          IntStream.range(0, first).toArray(), IntStream.range(first, n).toArray()
        };
      }
      default -> throw new IllegalArgumentException(how + " in " + Arrays.toString(words));
    };
  }

  private static int[][] cut(List<Integer> order, int parts) {
    int n = order.size();
    return IntStream.range(0, parts)
        .mapToObj(
            p ->
                order
                    .subList((int) ((long) n * p / parts), (int) ((long) n * (p + 1) / parts))
                    .stream()
                    .mapToInt(Integer::intValue)
                    .toArray())
        .toArray(int[][]::new);
  }
}
