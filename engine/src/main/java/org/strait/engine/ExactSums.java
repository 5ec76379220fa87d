package org.strait.engine;

import java.util.function.BooleanSupplier;
import org.strait.engine.collective.Collectives;
import org.strait.engine.exchange.LinkBytes;
import org.strait.engine.exchange.VectorSum;
import org.strait.engine.solver.Sums;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.GroupCollectives.Element;
import org.strait.engine.transport.GroupCollectives.Reduction;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Sums of float64 vectors over all ranks of all data centres, for solvers of convex problems: in
/// float64 inside a DC, as float32 vectors between DCs: each to every other, or with the route
/// {@code hub} each to the hub and their sum back. Made by {@link Session#exactSums}.
///
/// A gradient travels as the difference to what this DC's vectors have added up to so far, and
/// every DC adds up all differences in float64: the error of one is 2^-24 of the difference and
/// part of the next one, so it dies out as the gradients converge, however much they cancel between
/// DCs; so is that of the hub's sum. Products travel as they are.
public final class ExactSums implements Sums, AutoCloseable {
  private static final int GATEWAY = 0;

  private final Collectives intra;
  private final VectorSum wan;
  private final boolean alone;
  private final int dcs;
  private final int ranks;
  private final Floats mine;
  private final Doubles sent;
  private final Doubles total;
  private final Doubles none;
  private final Floats nothing;
  private final HostMemory memory;
  private BooleanSupplier wish;
  private Doubles withWish;
  private boolean wished;
  private final Deadline inside;
  private final Deadline between;

  /// @param wan null on ranks that are not gateways, and if there is only one DC
  /// @param alone whether this rank is the only one of its DC
  /// @param dcs number of DCs
  /// @param ranks number of ranks, of all DCs
  ExactSums(
      long n,
      Collectives intra,
      VectorSum wan,
      boolean alone,
      int dcs,
      int ranks,
      double idleSeconds,
      HostMemory memory) {
    this.intra = intra;
    this.wan = wan;
    this.alone = alone;
    this.dcs = dcs;
    this.ranks = ranks;
    this.memory = memory;
    long travelling = wan == null ? 0 : n;
    mine = memory.floats(travelling);
    sent = memory.doubles(travelling);
    total = memory.doubles(travelling);
    none = memory.doubles(0);
    nothing = memory.floats(0);
    inside = Deadline.seconds("sum inside the data centre", idleSeconds);
    between = Deadline.seconds("sum over data centres", idleSeconds);
  }

  @Override
  public void gradient(Doubles vector, Doubles scalars) {
    sumInside(vector);
    sumInside(scalars);
    if (wan != null) {
      for (long i = 0; i < mine.length(); i++) {
        float difference = (float) (vector.get(i) - sent.get(i));
        mine.set(i, difference);
        sent.set(i, sent.get(i) + difference);
      }
      addGradients(scalars);
      vector.copyFrom(total);
    }
    tell(vector);
    tell(scalars);
  }

  private void addGradients(Doubles scalars) {
    if (wish == null) {
      wan.add(mine, total, scalars, true, between);
      return;
    }
    long count = scalars.length();
    if (withWish == null || withWish.length() != count + 1) {
      withWish = memory.doubles(count + 1);
    }
    withWish.slice(0, count).copyFrom(scalars);
    withWish.set(count, wish.getAsBoolean() ? 1 : 0);
    wan.add(mine, total, withWish, true, between);
    scalars.copyFrom(withWish.slice(0, count));
    wished |= withWish.get(count) > 0;
  }

  /// From now on every gradient also says whether this DC wishes something; all DCs call it, or
  /// none.
  void ask(BooleanSupplier question) {
    wish = question;
  }

  /// Whether a DC has wished it since this was called last, the same in all gateways; false on
  /// other ranks, and where there is one DC only.
  boolean wished() {
    boolean was = wished;
    wished = false;
    return was;
  }

  @Override
  public void product(Doubles vector) {
    sumInside(vector);
    between(vector);
  }

  @Override
  public void between(Doubles vector) {
    if (wan != null) {
      for (long i = 0; i < mine.length(); i++) {
        mine.set(i, (float) vector.get(i));
      }
      vector.fill(0);
      wan.add(mine, vector, none, false, between);
    }
    tell(vector);
  }

  @Override
  public void inside(Doubles vector) {
    sumInside(vector);
  }

  @Override
  public int sites() {
    return dcs;
  }

  @Override
  public void scalars(Doubles scalars) {
    sumInside(scalars);
    if (wan != null) {
      wan.add(nothing, none, scalars, false, between);
    }
    tell(scalars);
  }

  /// Number of ranks that take part.
  int ranks() {
    return ranks;
  }

  /// Sums of vectors that this gateway took part in; 0 on other ranks.
  public long vectors() {
    return wan == null ? 0 : wan.vectors();
  }

  /// Bytes posted to each DC by purpose; null on ranks that are not gateways, or alone.
  public LinkBytes links() {
    return wan == null ? null : wan.links();
  }

  @Override
  public void close() {
    if (wan != null) {
      wan.close();
    }
    memory.close();
  }

  private void sumInside(Doubles vector) {
    if (!alone && vector.length() > 0) {
      intra.allReduce(vector.segment(), Element.FLOAT64, Reduction.SUM, inside);
    }
  }

  private void tell(Doubles vector) {
    if (!alone && dcs > 1 && vector.length() > 0) {
      intra.broadcast(vector.segment(), GATEWAY, inside);
    }
  }
}
