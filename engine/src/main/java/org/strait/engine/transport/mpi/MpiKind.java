package org.strait.engine.transport.mpi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The binary interfaces of MPI libraries: how wide handles are, and the constants that are no
/// handles. From the headers of Open MPI 4.1 and 5, of MPICH 4 (whose ABI Intel MPI, MVAPICH and
/// Cray MPICH share), and of the MPI 5.0 standard, chapter 20.
@SuppressWarnings("ImmutableEnumChecker") // layouts and constants do not change
enum MpiKind {
  OPEN_MPI("Open MPI", ValueLayout.JAVA_LONG, 3, 1, 0),
  MPICH("MPICH", ValueLayout.JAVA_INT, 3, -1, 1),
  STANDARD("the standard ABI", ValueLayout.JAVA_LONG, 4096, 1, 0);

  private final String title;
  private final ValueLayout handle;
  private final int threadMultiple;
  private final MemorySegment inPlace;
  private final MemorySegment statusIgnore;

  MpiKind(String title, ValueLayout handle, int threadMultiple, long inPlace, long statusIgnore) {
    this.title = title;
    this.handle = handle;
    this.threadMultiple = threadMultiple;
    this.inPlace = MemorySegment.ofAddress(inPlace);
    this.statusIgnore = MemorySegment.ofAddress(statusIgnore);
  }

  /// The kind of a library, or null if it is none of these.
  ///
  /// @param version what MPI_Get_library_version says
  /// @param standardAbi whether MPI_Abi_get_version says that the library has the standard ABI;
  ///     whoever made it
  static MpiKind of(String version, boolean standardAbi) {
    if (standardAbi) {
      return STANDARD;
    }
    if (version.contains("Open MPI")) {
      return OPEN_MPI;
    }
    boolean mpich =
        version.contains("MPICH")
            || version.contains("Intel(R) MPI")
            || version.contains("MVAPICH");
    return mpich ? MPICH : null;
  }

  String title() {
    return title;
  }

  /// A handle as a parameter of a C function.
  ValueLayout handle() {
    return handle;
  }

  /// MPI_THREAD_MULTIPLE. The levels below are smaller numbers.
  int threadMultiple() {
    return threadMultiple;
  }

  /// MPI_IN_PLACE.
  MemorySegment inPlace() {
    return inPlace;
  }

  /// MPI_STATUS_IGNORE.
  MemorySegment statusIgnore() {
    return statusIgnore;
  }
}
