package org.strait.engine.compress;

import java.util.List;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// What would change its weight by more than a part that falls with the rounds: |x(i)| >
/// T/√round·|w(i)|, zeros never (Gaia's significance filter, Hsieh et al. 2017, section 3.2; with
/// error feedback, what is not significant adds up until it is). The weights are those of {@link
/// #reference}; as long as there are none, each counts as 1.
final class Significance implements Selection {
  private final String name;
  private final long n;
  private final float threshold;
  private final Room room;

  /// Rounds so far.
  private final Floats rounds;

  private Floats weights;

  /// @param threshold T, at least 0
  Significance(long n, float threshold, HostMemory memory) {
    this.n = n;
    this.threshold = threshold;
    name = "significance " + threshold;
    room = Room.of(n, memory);
    rounds = memory.floats(1);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Room room() {
    return room;
  }

  @Override
  public List<Floats> memories() {
    return List.of(rounds);
  }

  @Override
  public boolean reference(Floats newWeights) {
    PayloadLayout.checkLength(name, n, newWeights.length());
    weights = newWeights;
    return true;
  }

  @Override
  public long pick(Floats vector) {
    rounds.set(0, rounds.get(0) + 1);
    float part = (float) (threshold / Math.sqrt(rounds.get(0)));
    int picked = 0;
    int length = (int) n;
    for (int i = 0; i < length; i++) {
      float x = vector.get(i);
      float bound = weights == null ? part : part * Math.abs(weights.get(i));
      if (Math.abs(x) > bound) {
        room.indices().set(picked, i);
        room.values().set(picked++, x);
      }
    }
    return picked;
  }
}
