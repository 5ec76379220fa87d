package org.strait.launcher.meet;

import java.util.List;
import org.strait.engine.rendezvous.TcpStore;

/// The store of the launcher that started the ranks: `strait launch` gives its address and secret
/// to every rank in STRAIT_STORE and STRAIT_TOKEN.
final class StoreMeeting implements Meeting {
  private static final long CONNECT_NANOS = 30_000_000_000L;

  private final String bind;
  private final String address;
  private final String key;
  private final TcpStore store;

  StoreMeeting(String bind, String address, String token, String key) {
    this.bind = bind;
    this.address = address;
    this.key = "meet/" + key;
    store = TcpStore.connect(address, token, CONNECT_NANOS);
  }

  @Override
  public String bind() {
    return bind;
  }

  @Override
  public void announce(Place place) {
    store.set(key, place.text());
  }

  @Override
  public List<Place> look() {
    String text = store.peek(key);
    return text == null ? List.of() : Place.parse(text).map(List::of).orElse(List.of());
  }

  @Override
  public String where() {
    return "the launcher's store at " + address;
  }

  @Override
  public void close() {
    store.close();
  }
}
