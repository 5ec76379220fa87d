package org.strait.engine.exchange;

import java.util.List;
import org.strait.engine.transport.Deadline;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;

/// The exchange of a single data centre: the mean of one vector is that vector. Counts rounds,
/// sends nothing, loses nothing.
final class LocalExchange implements Exchange {
  private final long n;
  private final RoundReport report = new RoundReport();
  private final LinkBytes links = new LinkBytes(1);
  private long round;

  /// @param n length of the vectors
  LocalExchange(long n) {
    this.n = n;
  }

  @Override
  public String name() {
    return "local";
  }

  @Override
  public RoundReport average(Floats vector, double weight, Doubles scalars, Deadline deadline) {
    Operands.check(n, vector, weight, scalars);
    if (vector.length() > 0 && weight == 0) {
      throw new ExchangeException("round " + (round + 1) + ": the weights of all DCs are 0");
    }
    report.set(++round, 1, 0, 0, 0);
    return report;
  }

  @Override
  public void tolerate(double residualNorm) {
    // nothing is left out
  }

  @Override
  public LinkBytes links() {
    return links;
  }

  @Override
  public List<Floats> memories() {
    return List.of();
  }

  @Override
  public List<Floats> sharedMemories() {
    return List.of();
  }

  @Override
  public void restored() {
    // nothing is remembered
  }

  @Override
  public Membership members() {
    return null;
  }

  @Override
  public void resumeAt(long doneRounds) {
    round = doneRounds;
  }

  @Override
  public void close() {}
}
