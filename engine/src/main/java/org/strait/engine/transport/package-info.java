/// Moves bytes between the members of a group, over memory, TCP or MPJ Express, and can make a link
/// as slow as a WAN. May import {@code topology} and {@code org.strait.memory}. Start with {@link
/// org.strait.engine.transport.Transport}.
package org.strait.engine.transport;
