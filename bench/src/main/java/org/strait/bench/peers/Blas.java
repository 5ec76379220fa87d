package org.strait.bench.peers;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/// The OpenBLAS that a backend has brought into this process, for callers in C.
public final class Blas {
  private final MemorySegment sgemm;
  private final MethodHandle setThreads;

  @SuppressWarnings("restricted") // calls a library that is loaded already
  private Blas(SymbolLookup library) {
    sgemm = library.find("cblas_sgemm").orElseThrow();
    setThreads =
        Linker.nativeLinker()
            .downcallHandle(
                library.find("openblas_set_num_threads").orElseThrow(),
                FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
  }

  /// Looks for it among the mapped files of this process; finds it on Linux only.
  @SuppressWarnings("restricted")
  public static Optional<Blas> inThisProcess() {
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.filter(line -> line.contains("libopenblas"))
          .map(line -> line.substring(line.indexOf('/')))
          .distinct()
          .map(file -> SymbolLookup.libraryLookup(Path.of(file), Arena.global()))
          .filter(
              library ->
                  library.find("cblas_sgemm").isPresent()
                      && library.find("openblas_set_num_threads").isPresent())
          .findFirst()
          .map(Blas::new);
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// Address of {@code cblas_sgemm}.
  MemorySegment sgemm() {
    return sgemm;
  }

  /// How many threads OpenBLAS itself uses; a setting of the process, so it has to be put back to
  /// 1.
  public void threads(int count) {
    try {
      setThreads.invokeExact(count);
    } catch (Throwable e) {
      throw new IllegalStateException("openblas_set_num_threads failed", e);
    }
  }
}
