package org.strait.engine.transport;

import org.strait.engine.rendezvous.RendezvousException;

/// A member of the group is there and refuses for good: waiting does not help.
public final class JoinRefusedException extends RendezvousException {
  private static final long serialVersionUID = 1L;

  JoinRefusedException(String message) {
    super(message);
  }
}
