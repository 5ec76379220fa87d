package org.strait.engine.transport;

/// What a group that lies on hosts with shared memory knows of them.
///
/// @param hosts which member is where
/// @param near the members of this rank's host, which share memory; null if it is alone there
public record Hosted(Hosts hosts, Transport near) {}
