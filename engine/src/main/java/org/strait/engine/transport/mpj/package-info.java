/// Point-to-point messages of MPJ Express as a transport; its collectives are not used. The library
/// is not on Maven Central, so it is bound at run time from jars that the caller names. May import
/// {@code transport}, {@code rendezvous} and {@code topology}. Start with {@link
/// org.strait.engine.transport.mpj.MpjTransport}.
package org.strait.engine.transport.mpj;
