package org.strait.bench.geo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.strait.engine.Session;
import org.strait.engine.SessionSettings;
import org.strait.engine.TrainingConfig;
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.topology.DataCenter;
import org.strait.engine.topology.Topology;
import org.strait.kernels.BackendUnavailableException;
import org.strait.launcher.bench.BenchFailure;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.config.WanProfiles;
import org.strait.memory.HostMemory;

/// One training over several data centres, each a thread with a session of its own, joined by TCP.
final class GeoCell {
  /// What the optimum is found to.
  private static final double EXACT = 1e-13;

  private static final int MOST_EXACT_STEPS = 1000;

  private final GeoSet set;
  private final String backend;
  private final String links;
  private final int rounds;
  private final String route;

  /// @param links profile of the network
  /// @param rounds most steps
  /// @param route of the solvers' sums
  GeoCell(GeoSet set, String backend, String links, int rounds, String route) {
    this.route = route;
    this.set = set;
    this.backend = backend;
    this.links = links;
    this.rounds = rounds;
  }

  /// The least objective, by Newton's method on all rows in one place.
  double optimum() {
    TrainingConfig config =
        new TrainingConfig(
            set.l2(),
            MOST_EXACT_STEPS,
            Double.NaN,
            EXACT,
            TrainingConfig.DEFAULT_ERROR_BUDGET,
            false);
    GeoSite.End end = all("tron", new int[set.rows().rows()], 1, config).getFirst();
    if (!end.report().converged()) {
      throw new UserMistake(
          set.name() + " has no optimum that can be found: " + end.report().reason(),
          "give a larger --l2");
    }
    return end.report().objective();
  }

  /// Trains until the gap is reached.
  ///
  /// @param dcOfRow the data centre of each row
  GeoRow train(
      String solver, String partition, int[] dcOfRow, int dcs, double optimum, double gap) {
    TrainingConfig config =
        new TrainingConfig(
            set.l2(), rounds, optimum * (1 + gap), 0, TrainingConfig.DEFAULT_ERROR_BUDGET, false);
    List<GeoSite.End> ends = all(solver, dcOfRow, dcs, config);
    GeoSite.End first = ends.getFirst();
    long bytes = 0;
    long sent = 0;
    double seconds = 0;
    for (GeoSite.End end : ends) {
      bytes += end.bytes();
      sent += end.rowsSent();
      seconds = Math.max(seconds, end.report().seconds());
    }
    return new GeoRow(
        set.name(),
        partition,
        dcs,
        solver,
        set.rows().rows(),
        set.rows().features(),
        set.l2(),
        optimum,
        first.report().objective(),
        first.report().objective() <= config.target() * (1 + 1e-12) || first.report().converged(),
        first.report().reason(),
        first.report().rounds(),
        bytes,
        seconds,
        sent,
        history(ends));
  }

  /// Bytes of all data centres after each step; time of the first.
  private static List<GeoRow.Point> history(List<GeoSite.End> ends) {
    int steps = ends.stream().mapToInt(end -> end.history().size()).min().orElseThrow();
    List<GeoRow.Point> points = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      long bytes = 0;
      for (GeoSite.End end : ends) {
        bytes += end.history().get(i).bytes();
      }
      GeoRow.Point first = ends.getFirst().history().get(i);
      points.add(new GeoRow.Point(bytes, first.seconds(), first.objective()));
    }
    return points;
  }

  private List<GeoSite.End> all(String solver, int[] dcOfRow, int dcs, TrainingConfig config) {
    List<String> names = IntStream.range(0, dcs).mapToObj(dc -> "dc" + (dc + 1)).toList();
    Topology topology =
        new Topology(
            names.stream().map(name -> new DataCenter(name, 1)).toList(),
            dcs == 1 ? List.of() : WanProfiles.links(links, names));
    SessionSettings settings = SessionSettings.defaults().withBackend(backend).withRoute(route);
    SessionSettings shaped = links.equals("none") ? settings : settings.withShapedLinks();
    try (MemoryStore store = new MemoryStore();
        ExecutorService pool = Executors.newFixedThreadPool(dcs)) {
      List<Future<GeoSite.End>> futures = new ArrayList<>();
      for (int dc = 0; dc < dcs; dc++) {
        int me = dc;
        Callable<GeoSite.End> body =
            () -> {
              try (HostMemory memory = HostMemory.unlimited(names.get(me));
                  Session session = Session.open(topology, me, store, shaped)) {
                return new GeoSite(session, config)
                    .train(solver, set.rows().select(rowsOf(dcOfRow, me), memory), memory);
              }
            };
        futures.add(pool.submit(body));
      }
      List<GeoSite.End> ends = new ArrayList<>();
      for (Future<GeoSite.End> future : futures) {
        ends.add(future.get());
      }
      return ends;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BackendUnavailableException
          || e.getCause() instanceof IllegalArgumentException) {
        throw new UserMistake(e.getCause().getMessage(), "auto always runs");
      }
      throw new BenchFailure(solver + ", " + dcs + " data centres: " + e.getCause().getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchFailure("interrupted");
    }
  }

  private static int[] rowsOf(int[] dcOfRow, int dc) {
    int[] rows = new int[dcOfRow.length];
    int count = 0;
    for (int row = 0; row < rows.length; row++) {
      if (dcOfRow[row] == dc) {
        rows[count++] = row;
      }
    }
    return Arrays.copyOf(rows, count);
  }
}
