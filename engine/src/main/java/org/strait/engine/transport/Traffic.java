package org.strait.engine.transport;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Bytes and posts per peer of one transport, counted where they are handed to the wire (the
/// socket's write and read). Counters only grow; any thread may read them.
public final class Traffic {
  private final AtomicLongArray sent;
  private final AtomicLongArray received;
  private final AtomicLongArray tlsSent;
  private final AtomicLongArray tlsReceived;
  private final AtomicLongArray posts;
  private final AtomicReferenceArray<Joined> joined;

  /// Another transport's counts of one member.
  private record Joined(Traffic traffic, int index, Joined next) {}

  /// @param size members of the group
  public Traffic(int size) {
    sent = new AtomicLongArray(size);
    received = new AtomicLongArray(size);
    tlsSent = new AtomicLongArray(size);
    tlsReceived = new AtomicLongArray(size);
    posts = new AtomicLongArray(size);
    joined = new AtomicReferenceArray<>(size);
  }

  private Traffic(Traffic bytes, AtomicLongArray posts) {
    sent = bytes.sent;
    received = bytes.received;
    tlsSent = bytes.tlsSent;
    tlsReceived = bytes.tlsReceived;
    this.posts = posts;
    joined = new AtomicReferenceArray<>(sent.length());
  }

  /// Bytes that another transport counts for one of its members count here from now on.
  void join(int member, Traffic other, int index) {
    joined.updateAndGet(member, before -> new Joined(other, index, before));
  }

  /// The same byte counters, with posts counted anew: for a transport that cuts the posts of its
  /// user into pieces before it hands them to another.
  public Traffic withOwnPosts() {
    return new Traffic(this, new AtomicLongArray(sent.length()));
  }

  /// Bytes handed to the wire towards a member.
  public long bytesSent(int to) {
    long bytes = sent.get(to);
    for (Joined one = joined.get(to); one != null; one = one.next) {
      bytes += one.traffic.bytesSent(one.index);
    }
    return bytes;
  }

  /// Bytes taken from the wire from a member.
  public long bytesReceived(int from) {
    long bytes = received.get(from);
    for (Joined one = joined.get(from); one != null; one = one.next) {
      bytes += one.traffic.bytesReceived(one.index);
    }
    return bytes;
  }

  /// Of the bytes sent, those that encryption added: TLS handshakes, record headers and tags.
  public long tlsSent(int to) {
    long bytes = tlsSent.get(to);
    for (Joined one = joined.get(to); one != null; one = one.next) {
      bytes += one.traffic.tlsSent(one.index);
    }
    return bytes;
  }

  /// Of the bytes received, those that encryption added.
  public long tlsReceived(int from) {
    long bytes = tlsReceived.get(from);
    for (Joined one = joined.get(from); one != null; one = one.next) {
      bytes += one.traffic.tlsReceived(one.index);
    }
    return bytes;
  }

  /// Number of posts towards a member.
  public long posts(int to) {
    return posts.get(to);
  }

  /// Bytes handed to the wire towards all members.
  public long bytesSent() {
    long sum = 0;
    for (int i = 0; i < sent.length(); i++) {
      sum += bytesSent(i);
    }
    return sum;
  }

  /// Bytes taken from the wire so far, from all members.
  public long bytesReceived() {
    long sum = 0;
    for (int i = 0; i < sent.length(); i++) {
      sum += bytesReceived(i);
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
