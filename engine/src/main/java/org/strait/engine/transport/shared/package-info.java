/// Ranks of one host that share memory: a mapped file without a name, rings of bytes between every
/// pair, one line of flags per rank, and vectors that all ranks can read and write, so that a sum
/// over ranks needs no copies. {@link org.strait.engine.transport.Transports} opens it as {@code
/// shared-memory}. May import {@code transport}, {@code rendezvous} and {@code topology}.
package org.strait.engine.transport.shared;
