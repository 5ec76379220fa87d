package org.strait.engine;

import java.util.function.Consumer;
import org.strait.engine.exchange.MemberChange;
import org.strait.engine.ledger.Ledger;

/// What a session does about losses of other DCs, and who is told of what it sends.
///
/// @param quorum how many DCs must be left: majority, all or a number
/// @param ledger takes note of every message to another DC; the caller closes it, after the session
/// @param listener told of DCs that are lost or come back, in gateways
/// @param life 1, or the how-manieth this DC's is: then it comes back, and is let in through the
///     store when it connects
public record Survival(String quorum, Ledger ledger, Consumer<MemberChange> listener, int life) {
  /// Every loss ends the session; nobody is told.
  public static Survival none() {
    return new Survival("all", Ledger.NONE, change -> {}, 1);
  }

  /// Goes on with this quorum.
  public static Survival of(String quorum) {
    return new Survival(quorum, Ledger.NONE, change -> {}, 1);
  }

  boolean comesBack() {
    return life > 1;
  }
}
