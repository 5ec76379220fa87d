package org.strait.launcher.meet;

import java.util.List;

/// How the ranks of one command find rank 0.
public interface Meeting extends AutoCloseable {
  /// Address that rank 0 listens on.
  String bind();

  /// Ports that rank 0 may listen on, the best first; 0 is any free one.
  default List<Integer> ports() {
    return List.of(0);
  }

  /// Secret that rank 0 must use; empty if it may make one.
  default String token() {
    return "";
  }

  /// Rank 0 says where it listens.
  ///
  /// @throws org.strait.launcher.config.UserMistake if another command has this meeting point
  void announce(Place place);

  /// Where rank 0 may be, as far as is known now.
  List<Place> look();

  /// Where this rank looks, for messages.
  String where();

  /// Takes back what rank 0 announced.
  @Override
  void close();
}
