/// Averages a vector over data centres: encode, send, receive, decode-add. Runs in gateways only.
/// May import {@code compress}, {@code collective}, {@code transport} and {@code topology}. Start
/// with {@link org.strait.engine.exchange.Exchange}.
package org.strait.engine.exchange;
