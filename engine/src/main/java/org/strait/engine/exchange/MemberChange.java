package org.strait.engine.exchange;

/// A data centre was lost or came back. All that are left find the same, in the same order.
///
/// @param round of the stream that was in use
/// @param dc name
/// @param event {@code lost} or {@code rejoined}
/// @param why what this data centre saw
public record MemberChange(long round, String dc, String event, String why) {}
