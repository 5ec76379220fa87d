/// How ranks find each other: a key-value store that knows nothing of transports; they publish
/// their addresses in it. Imports nothing of ours. Start with {@link
/// org.strait.engine.rendezvous.Store}.
package org.strait.engine.rendezvous;
