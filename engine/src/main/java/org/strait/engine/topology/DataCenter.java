package org.strait.engine.topology;

/// A data centre (DC): ranks that may share rows' gradients exactly, and rows that stay here.
///
/// @param name unique in the topology; letters, digits, '-', '_' and '.'
/// @param ranks number of ranks, at least 1; the first is the gateway
public record DataCenter(String name, int ranks) {
  /// Checks the name and the number of ranks.
  public DataCenter {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.-]*")) {
      throw new IllegalArgumentException(
          "data centre name \""
              + name
              + "\": use letters, digits, '-', '_' and '.', starting with a letter or digit");
    }
    if (ranks < 1) {
      throw new IllegalArgumentException(
          "data centre " + name + " has " + ranks + " ranks, needs at least 1");
    }
  }
}
