import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import com.google.googlejavaformat.java.ImportOrderer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// google-java-format over all sources: `check` fails with the list of files that differ, `write` rewrites them. Run by Maven
/// on the JDK that the build selects, because the formatter parses with the JDK it runs on.
public final class Format {
  public static void main(String[] args) throws Exception {
    boolean write = args[0].equals("write");
    Path root = Path.of(args[1]);
    Formatter formatter = new Formatter(JavaFormatterOptions.defaultOptions());
    List<Path> files = new ArrayList<>();
    for (String module : List.of("kernels", "native", "engine", "launcher", "bench", "examples")) {
      try (Stream<Path> walk = Files.walk(root.resolve(module))) {
        walk.filter(p -> p.toString().endsWith(".java") && !p.toString().contains("/target/")).forEach(files::add);
      }
    }
    List<Path> differing = new ArrayList<>();
    for (Path file : files) {
      String source = Files.readString(file);
      String wanted =
          ImportOrderer.reorderImports(
              RemoveUnusedImports.removeUnusedImports(formatter.formatSource(source)), JavaFormatterOptions.Style.GOOGLE);
      if (!wanted.equals(source)) {
        differing.add(root.relativize(file));
        if (write) {
          Files.writeString(file, wanted);
        }
      }
    }
    if (!differing.isEmpty() && !write) {
      System.err.println("not formatted (run: mvn -N -Dformat.mode=write validate):");
      differing.forEach(file -> System.err.println("  " + file));
      System.exit(1);
    }
  }
}
