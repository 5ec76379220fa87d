package org.strait.launcher.start;

/// The rendezvous store of a run, hosted by the launcher: where ranks find each other, and where
/// they can read who died.
public interface StoreHost extends AutoCloseable {
  /// Key under which the launcher tells the other ranks who died and how.
  String FAILURE = "failure";

  /// Address that ranks connect to.
  String host();

  /// Port that ranks connect to.
  int port();

  /// Secret that ranks must show.
  String token();

  /// Publishes a value to all ranks.
  void set(String key, String value);

  @Override
  void close();
}
