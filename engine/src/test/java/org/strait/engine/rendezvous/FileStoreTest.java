package org.strait.engine.rendezvous;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStoreTest extends StoreContract {
  @TempDir Path folder;

  @Override
  protected Store store() {
    return new FileStore(folder.resolve("job"));
  }

  @Test
  void aFolderThatIsGoneIsAnError() throws IOException {
    try (Store store = store()) {
      Files.delete(folder.resolve("job"));
      RendezvousException e =
          assertThrows(RendezvousException.class, () -> store.get("a", 20_000_000_000L));
      assertTrue(e.getMessage().contains("job is gone"), e.getMessage());
    }
  }
}
