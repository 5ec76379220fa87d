/// Ranks that somebody else started find rank 0, which leads: it keeps the rendezvous store, hands
/// out the job, gathers what the others say, and notices who dies. May import {@code identity},
/// {@code start} and {@code config}. Start with {@link org.strait.launcher.meet.Meetings}.
package org.strait.launcher.meet;
