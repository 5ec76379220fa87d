package org.strait.engine.transport;

/// A transport, and why it was chosen.
///
/// @param name as {@link Transports#names} has it; never auto
/// @param why one line for people
/// @param transport connected
public record TransportChoice(String name, String why, Transport transport) {}
