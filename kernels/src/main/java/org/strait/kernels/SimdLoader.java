package org.strait.kernels;

import java.io.IOException;
import java.io.InputStream;

/// Loads the package {@code org.strait.kernels.simd} anew for one vector width, which those classes
/// read from this loader's name. Everything else comes from the loader of this class.
final class SimdLoader extends ClassLoader {
  private static final String PACKAGE = "org.strait.kernels.simd.";

  static {
    registerAsParallelCapable();
  }

  SimdLoader(int bits) {
    super("simd-" + bits, SimdLoader.class.getClassLoader());
  }

  /// A new backend of this loader's width.
  ///
  /// @throws BackendUnavailableException if the user has forbidden native access to this code
  Backend backend() throws BackendUnavailableException {
    try {
      return loadClass(PACKAGE + "SimdBackend")
          .asSubclass(Backend.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      if (e.getCause() instanceof IllegalCallerException denied) {
        throw new BackendUnavailableException(
            "native access is denied, start java with --enable-native-access=ALL-UNNAMED", denied);
      }
      throw new LinkageError("the classes of " + PACKAGE + " do not fit together", e);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(PACKAGE)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    String file = name.replace('.', '/') + ".class";
    try (InputStream in = getParent().getResourceAsStream(file)) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length, SimdLoader.class.getProtectionDomain());
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
