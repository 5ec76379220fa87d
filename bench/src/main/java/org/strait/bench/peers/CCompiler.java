package org.strait.bench.peers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Makes a shared library of the C twins, with the best flags that the compiler accepts.
final class CCompiler {
  private static final List<String> SOURCES =
      List.of("limits.c", "vectors.c", "dense.c", "sparse.c", "codec.c", "parse.c");

  /// Best first.
  private static final List<List<String>> FLAGS =
      List.of(
          List.of("-O3", "-march=native", "-mprefer-vector-width=512", "-ffast-math", "-fopenmp"),
          List.of("-O3", "-march=native", "-ffast-math", "-fopenmp"),
          List.of("-O3", "-march=native", "-ffast-math"),
          List.of("-O3", "-ffast-math"));

  private static final long MOST_SECONDS = 120;

  private final Path compiler;
  private String complaint = "";

  CCompiler(Path compiler) {
    this.compiler = compiler;
  }

  /// A library and the flags it was compiled with.
  record Library(Path file, List<String> flags) {}

  /// Compiles into a folder.
  ///
  /// @throws IOException with one line if no set of flags works
  Library compile(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<String> files = new ArrayList<>(SOURCES);
    files.add("twins.h");
    for (String name : files) {
      try (InputStream source =
          Twins.class.getResourceAsStream("/org/strait/bench/twins/" + name)) {
        Files.write(folder.resolve(name), source.readAllBytes());
      }
    }
    Path library = folder.resolve(System.mapLibraryName("twins"));
    for (List<String> flags : FLAGS) {
      List<String> objects = new ArrayList<>(flags);
      objects.addAll(List.of("-std=gnu11", "-fPIC", "-w", "-c"));
      objects.addAll(SOURCES);
      // Linked apart: with -ffast-math the linker would add code that changes how the whole process
      // rounds denormal numbers.
      List<String> link = new ArrayList<>(List.of("-shared", "-o", library.toString()));
      SOURCES.forEach(source -> link.add(source.replace(".c", ".o")));
      if (flags.contains("-fopenmp")) {
        link.add("-fopenmp");
      }
      link.add("-lm");
      if (runs(folder, objects) && runs(folder, link)) {
        return new Library(library, flags);
      }
    }
    throw new IOException(compiler + " cannot compile the C twins: " + complaint);
  }

  private boolean runs(Path folder, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(compiler.toString()));
    command.addAll(arguments);
    Path log = folder.resolve("cc.log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (process.waitFor(MOST_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0) {
        return true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while compiling", e);
    } finally {
      process.destroyForcibly();
    }
    complaint =
        Files.readAllLines(log).stream()
            .filter(line -> line.contains("error"))
            .findFirst()
            .orElse("see " + log);
    return false;
  }
}
