package org.strait.engine.transport;

import java.util.concurrent.atomic.AtomicLongArray;

/// Bytes and posts per peer of one transport, counted where they are handed to the wire (the
/// socket's write and read). Counters only grow; any thread may read them.
public final class Traffic {
  private final AtomicLongArray sent;
  private final AtomicLongArray received;
  private final AtomicLongArray tlsSent;
  private final AtomicLongArray tlsReceived;
  private final AtomicLongArray posts;

  /// @param size members of the group
  public Traffic(int size) {
    sent = new AtomicLongArray(size);
    received = new AtomicLongArray(size);
    tlsSent = new AtomicLongArray(size);
    tlsReceived = new AtomicLongArray(size);
    posts = new AtomicLongArray(size);
  }

  private Traffic(Traffic bytes) {
    sent = bytes.sent;
    received = bytes.received;
    tlsSent = bytes.tlsSent;
    tlsReceived = bytes.tlsReceived;
    posts = new AtomicLongArray(sent.length());
  }

  /// The same byte counters, with posts counted anew: for a transport that cuts the posts of its
  /// user into pieces before it hands them to another.
  public Traffic withOwnPosts() {
    return new Traffic(this);
  }

  /// Bytes handed to the wire towards a member.
  public long bytesSent(int to) {
    return sent.get(to);
  }

  /// Bytes taken from the wire from a member.
  public long bytesReceived(int from) {
    return received.get(from);
  }

  /// Of the bytes sent, those that encryption added: TLS handshakes, record headers and tags.
  public long tlsSent(int to) {
    return tlsSent.get(to);
  }

  /// Of the bytes received, those that encryption added.
  public long tlsReceived(int from) {
    return tlsReceived.get(from);
  }

  /// Number of posts towards a member.
  public long posts(int to) {
    return posts.get(to);
  }

  /// Bytes handed to the wire towards all members.
  public long bytesSent() {
    long sum = 0;
    for (int i = 0; i < sent.length(); i++) {
      sum += sent.get(i);
    }
    return sum;
  }

  /// Counts bytes handed to the wire.
  public void addSent(int to, long bytes) {
    sent.addAndGet(to, bytes);
  }

  /// Counts bytes taken from the wire.
  public void addReceived(int from, long bytes) {
    received.addAndGet(from, bytes);
  }

  /// Counts bytes that encryption added to what is sent, as sent.
  public void addTlsSent(int to, long bytes) {
    tlsSent.addAndGet(to, bytes);
    sent.addAndGet(to, bytes);
  }

  /// Counts bytes that encryption added to what is received, as received.
  public void addTlsReceived(int from, long bytes) {
    tlsReceived.addAndGet(from, bytes);
    received.addAndGet(from, bytes);
  }

  /// Counts a post.
  public void addPost(int to) {
    posts.incrementAndGet(to);
  }
}
