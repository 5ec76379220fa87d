package org.strait.blas;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.strait.kernels.BackendUnavailableException;

/// Brings the OpenBLAS library into the process: JavaCPP unpacks it into a cache folder and loads
/// it from there. Whatever can be wrong with that becomes one sentence.
final class OpenBlasLibrary {
  private static final String CACHE_PROPERTY = "org.bytedeco.javacpp.cachedir";

  /// The user's own word on how many threads a call may use.
  private static final String THREADS_VARIABLE = "OPENBLAS_NUM_THREADS";

  private OpenBlasLibrary() {}

  /// Loads the library and makes it use one thread per calling thread: a rank's threads are its
  /// team's, and ranks share the cores. OpenBLAS has that setting for the whole process only (its
  /// {@code openblas_set_num_threads_local} does nothing in this build), so whoever else calls this
  /// library in the process has it too; who sets OPENBLAS_NUM_THREADS keeps what it says.
  ///
  /// @throws BackendUnavailableException with one sentence that says what is missing
  static void load() throws BackendUnavailableException {
    refuseMusl(Path.of("/proc/self/maps"));
    String platform = Loader.getPlatform();
    String jni =
        "/org/bytedeco/openblas/" + platform + "/" + System.mapLibraryName("jniopenblas_nolapack");
    if (openblas_nolapack.class.getResource(jni) == null) {
      throw new BackendUnavailableException("no library for this platform (" + platform + ")");
    }
    try {
      Class.forName("org.bytedeco.openblas.global.openblas_nolapack");
    } catch (ClassNotFoundException | LinkageError e) {
      throw new BackendUnavailableException(whyNotLoaded(e), e);
    }
    if (System.getenv(THREADS_VARIABLE) != null || threads() == 1) {
      return;
    }
    useOneThread();
    int threads = threads();
    if (threads != 1) {
      throw new BackendUnavailableException("OpenBLAS keeps " + threads + " threads, asked for 1");
    }
  }

  /// Asks OpenBLAS itself; JavaCPP's own getter repeats what was set.
  static int threads() throws BackendUnavailableException {
    try {
      return (int)
          function("openblas_get_num_threads", FunctionDescriptor.of(ValueLayout.JAVA_INT))
              .invokeExact();
    } catch (BackendUnavailableException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("openblas_get_num_threads failed", e);
    }
  }

  /// Tells OpenBLAS itself: JavaCPP's own setter makes an object that its limits of memory may
  /// refuse, and those count the whole process.
  private static void useOneThread() throws BackendUnavailableException {
    try {
      function("openblas_set_num_threads", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT))
          .invokeExact(1);
    } catch (BackendUnavailableException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("openblas_set_num_threads failed", e);
    }
  }

  @SuppressWarnings("restricted") // calls functions of a library that we loaded
  private static MethodHandle function(String name, FunctionDescriptor type)
      throws BackendUnavailableException {
    Pointer function = Loader.addressof(name);
    if (function == null) {
      throw new BackendUnavailableException("the library loaded is not OpenBLAS");
    }
    return Linker.nativeLinker().downcallHandle(MemorySegment.ofAddress(function.address()), type);
  }

  /// The bundled library is linked against glibc. A JVM that runs on musl has musl's loader mapped.
  ///
  /// @param maps the mappings of this process, as Linux lists them; elsewhere no such file
  static void refuseMusl(Path maps) throws BackendUnavailableException {
    try (Stream<String> lines = Files.lines(maps)) {
      if (lines.anyMatch(line -> line.contains("/ld-musl-"))) {
        throw new BackendUnavailableException(
            "the bundled library needs glibc and this JVM runs on musl");
      }
    } catch (IOException e) {
      // Not Linux: no musl.
      return;
    }
  }

  private static String whyNotLoaded(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    return "the library cannot be unpacked to or loaded from "
        + cacheFolder()
        + " ("
        + message
        + "), set -D"
        + CACHE_PROPERTY
        + " to a folder that is writable and not mounted noexec";
  }

  private static String cacheFolder() {
    String set = System.getProperty(CACHE_PROPERTY);
    try {
      return set != null ? set : Loader.getCacheDir().toString();
    } catch (IOException e) {
      return "the home folder or " + System.getProperty("java.io.tmpdir");
    }
  }
}
