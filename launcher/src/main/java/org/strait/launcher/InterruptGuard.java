package org.strait.launcher;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Turns Ctrl-C (and SIGTERM) into a call, and holds the JVM's shutdown until the guarded work is
/// over: ranks ended, partial record written.
final class InterruptGuard implements AutoCloseable {
  private static final long LONGEST_SECONDS = 15;

  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread hook;

  /// @param interrupt called on another thread when the JVM is told to stop
  InterruptGuard(Runnable interrupt) {
    hook =
        new Thread(
            () -> {
              interrupt.run();
              try {
                boolean inTime = over.await(LONGEST_SECONDS, TimeUnit.SECONDS);
                assert inTime : "guarded work did not end";
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "interrupt");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public void close() {
    over.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is stopping already: the hook has done its work.
    }
  }
}
