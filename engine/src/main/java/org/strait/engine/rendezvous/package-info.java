/// How ranks find each other: a key-value store that knows nothing of transports, and the handshake
/// that turns published addresses into connected transports. May import {@code transport} and
/// {@code topology}. Start with {@link org.strait.engine.rendezvous.Store}.
package org.strait.engine.rendezvous;
