/// Averages a vector over data centres: encode, send, receive, decode-add. Runs in gateways only.
/// {@link org.strait.engine.exchange.Exchanges} makes the choice; frames on the wire are in {@code
/// docs/protocol.md}. May import {@code compress}, {@code collective}, {@code transport} and {@code
/// topology}. Start with {@link org.strait.engine.exchange.Exchange}.
package org.strait.engine.exchange;
