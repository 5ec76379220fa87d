package org.strait.bench.peers;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.strait.memory.Bytes;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.Ints;
import org.strait.memory.Longs;

/// The C twins, compiled for this machine and called on the same memory as Strait's kernels: same
/// process, same pages, same caches. {@code org/strait/bench/twins/*.c} say what each function
/// does.
public final class Twins {
  /// A C function with its arguments. The call costs some ten nanoseconds, so functions of tiny
  /// work take a number of repeats as their last argument.
  public static final class Call {
    private final MethodHandle handle;

    private Call(MethodHandle handle) {
      this.handle = handle;
    }

    /// Calls it; returns its result as a number, 0 if it has none.
    public double once() {
      try {
        return (double) handle.invokeExact();
      } catch (Throwable e) {
        throw new IllegalStateException("a C twin failed", e);
      }
    }

    /// Calls it with a number of repeats.
    public double repeated(long repeats) {
      try {
        return (double) handle.invokeExact(repeats);
      } catch (Throwable e) {
        throw new IllegalStateException("a C twin failed", e);
      }
    }
  }

  private final SymbolLookup library;
  private final boolean openMp;

  private Twins(SymbolLookup library) {
    this.library = library;
    openMp = call("twins_openmp", int.class).once() == 1;
  }

  /// Compiles and loads the twins; without a compiler, or if that fails, one line says so.
  ///
  /// @param searchPath folders with programs, as in PATH
  /// @param folder where the library goes; it stays loaded until the process ends
  /// @param progress takes the line
  @SuppressWarnings("restricted") // loads a library that was compiled from our own sources
  public static Optional<Twins> build(String searchPath, Path folder, Consumer<String> progress) {
    Optional<Path> compiler = SearchPath.find(searchPath, "cc");
    if (compiler.isEmpty()) {
      progress.accept("no C peers: there is no cc in PATH");
      return Optional.empty();
    }
    try {
      CCompiler.Library library = new CCompiler(compiler.get()).compile(folder);
      progress.accept("C peers: cc " + String.join(" ", library.flags()));
      return Optional.of(new Twins(SymbolLookup.libraryLookup(library.file(), Arena.global())));
    } catch (IOException | IllegalArgumentException e) {
      progress.accept(
          "no C peers: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
      return Optional.empty();
    }
  }

  /// Whether more threads than one can be used.
  public boolean openMp() {
    return openMp;
  }

  /// A function with all its arguments: runs of memory, segments, texts (kept until the process
  /// ends) and int, long and float numbers.
  ///
  /// @param result its return type
  public Call call(String function, Class<?> result, Object... arguments) {
    return new Call(
        MethodHandles.insertArguments(
                handle(function, result, layouts(arguments)), 0, values(arguments))
            .asType(MethodType.methodType(double.class)));
  }

  /// A function whose last argument, a long, is left to {@link Call#repeated}.
  public Call repeating(String function, Class<?> result, Object... arguments) {
    List<MemoryLayout> layouts = layouts(arguments);
    layouts.add(ValueLayout.JAVA_LONG);
    return new Call(
        MethodHandles.insertArguments(handle(function, result, layouts), 0, values(arguments))
            .asType(MethodType.methodType(double.class, long.class)));
  }

  @SuppressWarnings("restricted")
  private MethodHandle handle(String function, Class<?> result, List<MemoryLayout> arguments) {
    MemoryLayout[] shape = arguments.toArray(MemoryLayout[]::new);
    return Linker.nativeLinker()
        .downcallHandle(
            library.find(function).orElseThrow(),
            result == void.class
                ? FunctionDescriptor.ofVoid(shape)
                : FunctionDescriptor.of(layout(result), shape));
  }

  private static MemoryLayout layout(Class<?> number) {
    if (number == int.class || number == Integer.class) {
      return ValueLayout.JAVA_INT;
    }
    if (number == long.class || number == Long.class) {
      return ValueLayout.JAVA_LONG;
    }
    if (number == float.class || number == Float.class) {
      return ValueLayout.JAVA_FLOAT;
    }
    return number == double.class ? ValueLayout.JAVA_DOUBLE : ValueLayout.ADDRESS;
  }

  private static List<MemoryLayout> layouts(Object... arguments) {
    List<MemoryLayout> layouts = new ArrayList<>();
    for (Object argument : arguments) {
      layouts.add(layout(argument.getClass()));
    }
    return layouts;
  }

  private static Object[] values(Object... arguments) {
    Object[] values = new Object[arguments.length];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (arguments[i]) {
            case Floats run -> run.segment();
            case Doubles run -> run.segment();
            case Ints run -> run.segment();
            case Longs run -> run.segment();
            case Bytes run -> run.segment();
            case String text -> Arena.global().allocateFrom(text);
            case Blas blas -> blas.sgemm();
            case MemorySegment segment -> segment;
            default -> arguments[i];
          };
    }
    return values;
  }
}
