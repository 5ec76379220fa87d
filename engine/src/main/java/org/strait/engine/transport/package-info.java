/// Moves bytes between the members of a group, over memory, TCP, MPJ Express or native MPI, and can
/// make a link as slow as a WAN. Each member of the family is a set of {@link
/// org.strait.engine.transport.Pipes} under one {@link org.strait.engine.transport.PipedTransport}.
/// May import {@code rendezvous}, {@code topology} and {@code org.strait.memory}. Start with {@link
/// org.strait.engine.transport.Transport} and {@link org.strait.engine.transport.Transports}.
package org.strait.engine.transport;
