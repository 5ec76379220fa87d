package org.strait.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strait.kernels.Backend;
import org.strait.kernels.BackendContract;
import org.strait.kernels.BackendUnavailableException;
import org.strait.kernels.Backends;
import org.strait.kernels.Matrix;
import org.strait.memory.HostMemory;

class OpenBlasTest extends BackendContract {
  @Override
  protected String name() {
    return "openblas";
  }

  /// The build bundles the library for every platform it names, so here a skip would be a failure.
  @Test
  void autoTakesItOverSimd() throws Exception {
    Backends.Choice choice = Backends.choose("auto");
    assertEquals("openblas", choice.backend().name());
    assertTrue(choice.logLine().startsWith("backend openblas over simd-"), choice.logLine());
  }

  @Test
  void keepsTheOtherFamiliesOfTheBackendBelow() throws Exception {
    Backend below = Backends.choose("simd").backend();
    Backend backend = new OpenBlasProvider().create(below);
    assertSame(below.sparse(), backend.sparse());
    assertSame(below.loss(), backend.loss());
    assertSame(below.update(), backend.update());
    assertSame(below.codec(), backend.codec());
  }

  @Test
  void runsOneThreadPerCaller() throws Exception {
    OpenBlasLibrary.load();
    assertEquals(1, OpenBlasLibrary.threads());
  }

  @Test
  void viewsDoNotCountAsJavaCppMemory() throws Exception {
    Backend backend = Backends.choose("openblas").backend();
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Matrix a = Matrix.of(memory.floats(128 * 128), 128, 128);
      Matrix c = Matrix.of(memory.floats(128 * 128), 128, 128);
      long before = Pointer.totalBytes();
      backend.dense().gemm(false, false, 1, a, a, 0, c);
      assertEquals(before, Pointer.totalBytes());
    }
  }

  @Test
  void closedMemoryIsRefusedInsteadOfCrashing() throws Exception {
    Backend backend = Backends.choose("openblas").backend();
    HostMemory memory = HostMemory.unlimited("test");
    Matrix a = Matrix.of(memory.floats(128 * 128), 128, 128);
    memory.close();
    assertThrows(
        IllegalStateException.class, () -> backend.dense().gemm(false, false, 1, a, a, 0, a));
  }

  @Test
  void muslIsRefusedInOneSentence(@TempDir Path folder) throws Exception {
    Path maps = folder.resolve("maps");
    Files.writeString(maps, "7f00-7f01 r-xp 00000000 fe:00 12 /usr/lib/libjvm.so\n");
    OpenBlasLibrary.refuseMusl(maps);
    OpenBlasLibrary.refuseMusl(folder.resolve("absent"));
    Files.writeString(maps, "7f00-7f01 r-xp 00000000 fe:00 12 /lib/ld-musl-x86_64.so.1\n");
    assertEquals(
        "the bundled library needs glibc and this JVM runs on musl",
        assertThrows(BackendUnavailableException.class, () -> OpenBlasLibrary.refuseMusl(maps))
            .getMessage());
  }
}
