package org.strait.launcher.start;

/// A host and how many ranks it takes.
///
/// @param host name or address; may begin with `user@`
/// @param slots at least 1
public record HostSlots(String host, int slots) {
  /// The name without a user.
  public String name() {
    return host.substring(host.lastIndexOf('@') + 1);
  }
}
