package org.strait.engine.transport.mpi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An MPI library in this process: found, its kind known, its functions to be bound. Handles are
/// longs on the Java side, whatever the library has.
final class MpiLibrary {
  /// Stands for a handle in {@link #bind}.
  static final MemoryLayout HANDLE = JAVA_LONG.withName("handle");

  private static final List<String> OPEN_MPI_NAMES = List.of("libmpi.so.40", "libmpi.so.80");
  private static final List<String> MPICH_NAMES =
      List.of("libmpich.so.12", "libmpi.so.12", "libmpich.so");
  private static final List<String> OTHER_NAMES =
      List.of("libmpi_abi.so.1", "libmpi_abi.so.0", "libmpi_abi.so", "libmpi.so");
  private static final long VERSION_BYTES = 8192;
  private static final long MESSAGE_BYTES = 1024;

  private final String name;
  private final SymbolLookup lookup;
  private final String version;
  private final MpiKind kind;

  private MpiLibrary(String name, SymbolLookup lookup) {
    this.name = name;
    this.lookup = lookup;
    this.version = version(name, lookup);
    this.kind = MpiKind.of(version, standardAbi(lookup));
    if (kind == null) {
      throw new IllegalArgumentException(
          "transport mpi: "
              + name
              + " calls itself \""
              + version
              + "\", which is neither Open MPI nor MPICH or its kin, and it has no standard ABI");
    }
  }

  /// Opens a library.
  ///
  /// @param path of the library or its name; empty for the usual names, those that go with the
  ///     program that started this process first
  /// @throws IllegalArgumentException if there is none, or it is no MPI that we know
  static MpiLibrary open(String path, Optional<MpiEnvironment> environment) {
    List<String> names = new ArrayList<>();
    if (!path.isEmpty()) {
      names.add(path);
    } else {
      boolean pmi = environment.isPresent() && environment.get().starter().contains("PMI");
      names.addAll(pmi ? MPICH_NAMES : OPEN_MPI_NAMES);
      names.addAll(pmi ? OPEN_MPI_NAMES : MPICH_NAMES);
      names.addAll(OTHER_NAMES);
    }
    for (String name : names) {
      SymbolLookup lookup = load(name);
      if (lookup != null) {
        return new MpiLibrary(name, lookup);
      }
    }
    throw new IllegalArgumentException(
        "transport mpi: there is no MPI library "
            + String.join(", ", names)
            + "; install one (Debian: libopenmpi3 or libmpich12), or give its path");
  }

  @SuppressWarnings("restricted") // loads a library that the user asked for
  private static SymbolLookup load(String name) {
    try {
      return SymbolLookup.libraryLookup(name, Arena.global());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /// What the library was found as.
  String name() {
    return name;
  }

  /// First line of what the library says about itself.
  String version() {
    return version;
  }

  MpiKind kind() {
    return kind;
  }

  long handle(MpiHandle handle) {
    return handle.value(kind, lookup);
  }

  /// A function that returns an error code. Layouts are int, address, or {@link #HANDLE}, which is
  /// a long for the caller.
  MethodHandle bind(String function, MemoryLayout... parameters) {
    MemoryLayout[] layouts = parameters.clone();
    MethodType type = MethodType.methodType(int.class);
    for (int i = 0; i < layouts.length; i++) {
      boolean handle = layouts[i] == HANDLE;
      layouts[i] = handle ? kind.handle() : layouts[i];
      type =
          type.appendParameterTypes(
              handle ? long.class : layouts[i] == ADDRESS ? MemorySegment.class : int.class);
    }
    return MethodHandles.explicitCastArguments(call(lookup, function, layouts), type);
  }

  @SuppressWarnings("restricted") // calls the library
  private static MethodHandle call(SymbolLookup lookup, String function, MemoryLayout... layouts) {
    return Linker.nativeLinker()
        .downcallHandle(lookup.findOrThrow(function), FunctionDescriptor.of(JAVA_INT, layouts));
  }

  /// A handle that a function left in memory.
  long readHandle(MemorySegment at) {
    return kind.handle() == JAVA_INT ? at.get(JAVA_INT, 0) : at.get(JAVA_LONG, 0);
  }

  /// Writes a handle to where a function takes it from.
  void writeHandle(MemorySegment at, long value) {
    if (kind.handle() == JAVA_INT) {
      at.set(JAVA_INT, 0, (int) value);
    } else {
      at.set(JAVA_LONG, 0, value);
    }
  }

  /// Throws what the library says about a code that is not MPI_SUCCESS.
  void check(int code, String function) throws IOException {
    if (code != 0) {
      throw new IOException(function + ": " + describe(code));
    }
  }

  private String describe(int code) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(MESSAGE_BYTES);
      int rc =
          (int)
              call(lookup, "MPI_Error_string", JAVA_INT, ADDRESS, ADDRESS)
                  .invokeExact(code, text, arena.allocate(JAVA_INT));
      return rc == 0 ? oneLine(text.getString(0)) : "error " + code;
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  private static String version(String name, SymbolLookup lookup) {
    if (lookup.find("MPI_Get_library_version").isEmpty()) {
      throw new IllegalArgumentException(
          "transport mpi: " + name + " is no MPI 3 library: it has no MPI_Get_library_version");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(VERSION_BYTES);
      int rc =
          (int)
              call(lookup, "MPI_Get_library_version", ADDRESS, ADDRESS)
                  .invokeExact(text, arena.allocate(JAVA_INT));
      return rc == 0 ? oneLine(text.getString(0)) : "";
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  // MPI 5: the version is -1 in a library whose ABI is its own.
  private static boolean standardAbi(SymbolLookup lookup) {
    if (lookup.find("MPI_Abi_get_version").isEmpty()) {
      return false;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment major = arena.allocate(JAVA_INT);
      int rc =
          (int)
              call(lookup, "MPI_Abi_get_version", ADDRESS, ADDRESS)
                  .invokeExact(major, arena.allocate(JAVA_INT));
      return rc == 0 && major.get(JAVA_INT, 0) >= 1;
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  private static String oneLine(String text) {
    return text.lines().findFirst().orElse("").replaceAll("\\s+", " ").strip();
  }

  /// What a downcall can throw is a bug of ours, or no memory.
  static RuntimeException failure(Throwable e) {
    return switch (e) {
      case RuntimeException runtime -> runtime;
      case Error error -> throw error;
      default -> new IllegalStateException(e);
    };
  }
}
