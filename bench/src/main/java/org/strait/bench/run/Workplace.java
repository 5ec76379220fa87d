package org.strait.bench.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.strait.bench.peers.PythonPeers;
import org.strait.bench.peers.Twins;
import org.strait.kernels.Backend;
import org.strait.kernels.BackendUnavailableException;
import org.strait.kernels.Backends;
import org.strait.kernels.team.Team;

/// What there is to measure with: Strait's backend for every number of threads, and the peers that
/// were found.
public final class Workplace implements AutoCloseable {
  private final Map<Integer, Backend> backends;
  private final Map<Integer, Team> teams;
  private final List<Integer> threads;
  private final boolean quick;
  private final Optional<Twins> twins;
  private final Optional<PythonPeers> python;

  private Workplace(
      Map<Integer, Backend> backends,
      Map<Integer, Team> teams,
      List<Integer> threads,
      boolean quick,
      Optional<Twins> twins,
      Optional<PythonPeers> python) {
    this.backends = backends;
    this.teams = teams;
    this.threads = threads;
    this.quick = quick;
    this.twins = twins;
    this.python = python;
  }

  /// A place with a backend for each number of threads; close it to end their threads.
  ///
  /// @param backend name of the backend to measure
  /// @param threads numbers of threads
  /// @param quick whether a check is wanted, no measurement
  /// @param twins C peers, if there are any
  /// @param python Python peers, if there are any
  /// @throws BackendUnavailableException if that backend cannot run here
  public static Workplace open(
      String backend,
      List<Integer> threads,
      boolean quick,
      Optional<Twins> twins,
      Optional<PythonPeers> python)
      throws BackendUnavailableException {
    Map<Integer, Backend> backends = new LinkedHashMap<>();
    Map<Integer, Team> teams = new LinkedHashMap<>();
    for (int count : threads) {
      backends.put(count, Backends.choose(backend, count).backend());
      teams.put(count, new Team("limit", count));
    }
    return new Workplace(backends, teams, List.copyOf(threads), quick, twins, python);
  }

  /// The same place for one number of threads.
  Workplace with(int count) {
    return new Workplace(backends, teams, List.of(count), quick, twins, python);
  }

  /// Numbers of threads to measure with.
  public List<Integer> threads() {
    return threads;
  }

  /// Numbers of threads that make sense for operands of a size.
  public List<Integer> threads(SizeClass size) {
    return threads.stream().filter(count -> count == 1 || size.forTeams()).toList();
  }

  /// Strait with so many threads.
  public Backend backend(int count) {
    return backends.get(count);
  }

  /// Threads for what is not Strait's backend.
  public Team team(int count) {
    return teams.get(count);
  }

  /// Strait's name in the rows.
  public String strait() {
    return "strait " + backends.values().iterator().next().name();
  }

  /// Whether a check is wanted, no measurement.
  public boolean quick() {
    return quick;
  }

  /// The C twins, if they can use so many threads.
  public Optional<Twins> twins(int count) {
    return twins.filter(found -> count == 1 || found.openMp());
  }

  /// NumPy, PyTorch and the like.
  public Optional<PythonPeers> python() {
    return python;
  }

  @Override
  public void close() {
    backends.values().forEach(Backend::close);
    teams.values().forEach(Team::close);
  }
}
