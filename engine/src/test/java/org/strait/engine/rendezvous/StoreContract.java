package org.strait.engine.rendezvous;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.strait.engine.transport.Ranks;

/// What every store must do.
@Timeout(60)
abstract class StoreContract {
  private static final long SOON = 20_000_000_000L;

  /// A view of one and the same store; every call may give another object.
  protected abstract Store store();

  @Test
  void aValueIsSeenByAllAndCanBeOverwritten() {
    try (Store one = store()) {
      Store other = store();
      assertNull(other.peek("a"));
      one.set("a", "1");
      assertEquals("1", other.peek("a"));
      assertEquals("1", other.get("a", 0));
      other.set("a", "2");
      assertEquals("2", one.get("a", SOON));
    }
  }

  @Test
  void keysAndValuesMayBeAnyText() {
    try (Store store = store()) {
      String value = "line\nline\u0000 ä €😀 " + "x".repeat(10_000);
      for (String key : new String[] {"", ".", "..", "group/wan/tcp/0", "a b%2F", "ä€😀"}) {
        store.set(key, value + key);
      }
      for (String key : new String[] {"", ".", "..", "group/wan/tcp/0", "a b%2F", "ä€😀"}) {
        assertEquals(value + key, store.peek(key));
      }
      store.set("empty", "");
      assertEquals("", store.get("empty", 0));
    }
  }

  @Test
  void getWaitsForTheValueAndOtherThreadsOfTheSameStoreGoOn() {
    try (Store store = store()) {
      Ranks.run(
          4,
          me -> {
            if (me == 3) {
              store.set("late", "here");
            } else {
              assertEquals("here", store.get("late", SOON));
              store.set("done" + me, "");
            }
          });
      assertEquals("", store.get("done0", SOON) + store.get("done1", SOON));
    }
  }

  @Test
  void ranksMeet() {
    int n = 8;
    Ranks.run(
        n,
        me -> {
          Store store = store();
          store.set("rank" + me, "value" + me);
          for (int i = 0; i < n; i++) {
            assertEquals("value" + i, store.get("rank" + i, SOON));
          }
        });
  }

  @Test
  void aMissingKeyIsNamedWhenTheTimeIsOver() {
    try (Store store = store()) {
      RendezvousException e =
          assertThrows(RendezvousException.class, () -> store.get("nobody/0", 20_000_000L));
      assertTrue(e.getMessage().contains("nobody/0"), e.getMessage());
      store.set("after", "fine");
      assertEquals("fine", store.get("after", SOON));
    }
  }

  @Test
  void closingEndsAWait() {
    Store store = store();
    Ranks.run(
        2,
        me -> {
          if (me == 0) {
            store.close();
          } else {
            assertThrows(RendezvousException.class, () -> store.get("never", SOON));
          }
        });
    assertThrows(RendezvousException.class, () -> store.set("a", "b"));
    assertThrows(RendezvousException.class, () -> store.peek("a"));
  }
}
