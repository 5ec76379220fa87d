package org.strait.bench.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.strait.memory.Floats;

/// NumPy, PyTorch and scikit-learn in one Python process that waits for orders, so that they take
/// their turns among the others. The process times itself ({@code peers.py}).
public final class PythonPeers implements AutoCloseable {
  /// What one order brought.
  ///
  /// @param seconds of all repeats
  /// @param number that the last call returned
  public record Answer(double seconds, double number) {}

  private final Process process;
  private final PrintWriter orders;
  private final BufferedReader answers;
  private final Path folder;
  private final Map<String, List<String>> works = new LinkedHashMap<>();
  private final IdentityHashMap<Floats, Path> operands = new IdentityHashMap<>();

  private PythonPeers(Process process, Path folder) throws IOException {
    this.process = process;
    this.folder = folder;
    orders = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
    answers = process.inputReader(StandardCharsets.UTF_8);
    for (String line = answers.readLine(); line != null && !line.isEmpty(); ) {
      List<String> words = List.of(line.split(" ", -1));
      works.put(words.getFirst(), words.subList(1, words.size()));
      line = answers.readLine();
    }
  }

  /// Starts the process; if there is no Python or none of the libraries, one line says so.
  ///
  /// @param searchPath folders with programs, as in PATH
  /// @param folder where operands go, as long as they are needed
  /// @param progress takes the line
  public static Optional<PythonPeers> start(
      String searchPath, Path folder, Consumer<String> progress) {
    Optional<Path> python = SearchPath.find(searchPath, "python3");
    if (python.isEmpty()) {
      progress.accept("no Python peers: there is no python3 in PATH");
      return Optional.empty();
    }
    try {
      Path script = folder.resolve("peers.py");
      try (InputStream source =
          PythonPeers.class.getResourceAsStream("/org/strait/bench/peers/peers.py")) {
        Files.write(script, source.readAllBytes());
      }
      Process process =
          new ProcessBuilder(python.get().toString(), script.toString())
              .redirectError(folder.resolve("peers.log").toFile())
              .start();
      PythonPeers peers = new PythonPeers(process, folder);
      if (peers.works.isEmpty()) {
        peers.close();
        progress.accept("no Python peers: " + python.get() + " has no numpy, torch or sklearn");
        return Optional.empty();
      }
      progress.accept("Python peers: " + String.join(", ", peers.works.keySet()));
      return Optional.of(peers);
    } catch (IOException e) {
      progress.accept("no Python peers: " + python.get() + " does not start (" + e + ")");
      return Optional.empty();
    }
  }

  /// Libraries that can do some work.
  public List<String> librariesFor(String work) {
    return works.keySet().stream().filter(name -> works.get(name).contains(work)).toList();
  }

  /// Does it.
  ///
  /// @param arguments runs of floats, numbers, texts
  public Answer run(String library, String work, int threads, int repeats, Object... arguments) {
    List<String> words = new ArrayList<>(List.of(library, work, "" + threads, "" + repeats));
    for (Object argument : arguments) {
      words.add(argument instanceof Floats run ? "@" + file(run) : argument.toString());
    }
    orders.println(String.join(" ", words));
    try {
      String answer = answers.readLine();
      if (answer == null) {
        throw new IllegalStateException(
            library + " failed at " + work + ", see " + folder.resolve("peers.log"));
      }
      String[] numbers = answer.split(" ", 2);
      return new Answer(Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path file(Floats run) {
    return operands.computeIfAbsent(
        run,
        missing -> {
          Path file = folder.resolve("operand-" + operands.size() + ".f32");
          try (FileChannel channel =
              FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // A byte buffer holds at most 2 GiB; operands are smaller.
            channel.write(missing.segment().asByteBuffer());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return file;
        });
  }

  /// Ends the process and removes the operands.
  @Override
  public void close() {
    orders.close();
    process.destroy();
    try {
      answers.close();
      for (Path file : operands.values()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
