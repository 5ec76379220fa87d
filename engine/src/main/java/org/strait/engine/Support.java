package org.strait.engine;

import java.util.Locale;
import org.strait.engine.data.ContentHash;
import org.strait.engine.data.Dataset;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// Which features two or more data centres have (*shared*), which exactly one has (its *own*) and
/// which nobody has (*absent*). Coordinates of a DC's training are the shared features, ascending,
/// then its own, ascending: the first ones are alike in all DCs and travel, the others never leave
/// before the end. Absent features are no coordinates; their weights are 0.
public final class Support {
  /// Owner of a feature that nobody has.
  static final int NOBODY = 0;

  /// Owner of a feature that two or more DCs have; else the DC's number plus 1.
  static final int MANY = -1;

  private final Ints owners;
  private final int dc;
  private final int[] ownOf;
  private final Ints places;
  private final int shared;
  private final int absent;

  /// @param owners by feature; the caller's, not modified
  /// @param dc this one's number
  /// @param dcs number of DCs
  /// @param memory owner of an index of the features
  /// @throws IllegalArgumentException if an owner is none of the DCs
  Support(Ints owners, int dc, int dcs, HostMemory memory) {
    this.owners = owners;
    this.dc = dc;
    ownOf = new int[dcs];
    int many = 0;
    int none = 0;
    for (long f = 0; f < owners.length(); f++) {
      int owner = owners.get(f);
      if (owner < MANY || owner > dcs) {
        throw new IllegalArgumentException("feature " + f + " has the owner " + owner);
      }
      if (owner == MANY) {
        many++;
      } else if (owner == NOBODY) {
        none++;
      } else {
        ownOf[owner - 1]++;
      }
    }
    shared = many;
    absent = none;
    places = memory.ints(owners.length());
    int nextShared = 0;
    int nextOwn = shared;
    for (long f = 0; f < owners.length(); f++) {
      int owner = owners.get(f);
      places.set(f, owner == MANY ? nextShared++ : owner == dc + 1 ? nextOwn++ : -1);
    }
  }

  /// All features, whether anybody has them or not.
  public int features() {
    return (int) owners.length();
  }

  /// Features that two or more DCs have.
  public int shared() {
    return shared;
  }

  /// Features that only one DC has.
  public int own(int ofDc) {
    return ownOf[ofDc];
  }

  /// Features that exactly one DC has, whichever.
  public int own() {
    return features() - shared - absent;
  }

  /// Features that nobody has.
  public int absent() {
    return absent;
  }

  /// Coordinates of this DC: shared and its own.
  public int local() {
    return shared + ownOf[dc];
  }

  /// The same in all DCs that agreed.
  public String digest() {
    return new ContentHash().add(owners).hex();
  }

  /// For people: how many features travel.
  public String line() {
    return String.format(
        Locale.ROOT,
        "of %,d features %,d travel: two or more data centres have them; %,d are one data"
            + " centre's own, %,d nobody's",
        features(),
        shared,
        own(),
        absent);
  }

  Ints owners() {
    return owners;
  }

  /// Rows of this DC in its coordinates.
  ///
  /// @param rows all of whose features this DC has said it has
  /// @param memory owner of their entries
  public Dataset local(Dataset rows, HostMemory memory) {
    if (rows.features() != features()) {
      throw new IllegalArgumentException(
          rows.features() + " features, the data centres agreed on " + features());
    }
    return rows.renumbered(places, shared, local(), memory);
  }

  /// Puts the weights of this DC's coordinates where they belong. Modified: whole.
  ///
  /// @param each weights of a feature, side by side
  void spread(long each, Floats localWeights, Floats whole) {
    for (long f = 0; f < features(); f++) {
      int place = places.get(f);
      for (long i = 0; place >= 0 && i < each; i++) {
        whole.set(f * each + i, localWeights.get(place * each + i));
      }
    }
  }
}
