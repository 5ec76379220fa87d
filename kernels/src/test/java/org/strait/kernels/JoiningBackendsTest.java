package org.strait.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.strait.kernels.scalar.ScalarBackend;

class JoiningBackendsTest {
  private final Backend best = new ScalarBackend();

  private record Provider(String name, RuntimeException failure, LinkageError error)
      implements BackendProvider {
    @Override
    public Backend create(Backend below) throws BackendUnavailableException {
      if (failure != null) {
        throw failure;
      }
      if (error != null) {
        throw error;
      }
      return below;
    }
  }

  private String reason(JoiningBackends joining) {
    return assertThrows(BackendUnavailableException.class, () -> joining.create("openblas", best))
        .getMessage();
  }

  @Test
  void healthyProviderMakesABackendOnTopOfTheBest() throws Exception {
    JoiningBackends joining =
        new JoiningBackends(
            List.<BackendProvider>of(new Provider("openblas", null, null)).iterator());
    assertSame(best, joining.create("openblas", best));
  }

  @Test
  void missingLibraryBecomesOnePhrase() {
    assertEquals(
        "UnsatisfiedLinkError: no jniopenblas",
        reason(
            new JoiningBackends(
                List.<BackendProvider>of(
                        new Provider(
                            "openblas",
                            null,
                            new UnsatisfiedLinkError("no jniopenblas\nin a path")))
                    .iterator())));
  }

  @Test
  void unreadableFileBecomesOnePhrase() {
    UncheckedIOException failure = new UncheckedIOException(new IOException("disk full"));
    assertEquals(
        "UncheckedIOException: java.io.IOException: disk full",
        reason(
            new JoiningBackends(
                List.<BackendProvider>of(new Provider("openblas", failure, null)).iterator())));
  }

  @Test
  void absentProviderSaysSo() {
    assertEquals("no provider", reason(new JoiningBackends(List.<BackendProvider>of().iterator())));
  }
}
