package org.strait.launcher.identity;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// What a rank runs on: ranks of one launch must have the same.
///
/// @param strait version, and digest of the classes
/// @param jdk version of the JDK
public record Build(String strait, String jdk) {
  private static final String JARS = "(launcher|engine|kernels|native)-.*\\.jar";

  /// That of the running JVM.
  public static Build here() {
    String version = Build.class.getPackage().getImplementationVersion();
    return new Build(
        (version == null ? "development" : version) + " (" + digest(Build.class) + ")",
        Runtime.version().toString());
  }

  /// Digest of the classes in strait's own jars beside the one with a class: the same for the same
  /// sources, whoever built them, whenever. The word `classes` if they are in no jar.
  static String digest(Class<?> one) {
    CodeSource source = one.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return "unknown";
    }
    try {
      Path jar = Path.of(source.getLocation().toURI());
      if (!Files.isRegularFile(jar) || jar.getParent() == null) {
        return "classes";
      }
      List<String> words = new ArrayList<>();
      try (Stream<Path> files = Files.list(jar.getParent())) {
        for (Path file : files.toList()) {
          if (file.getFileName().toString().matches(JARS)) {
            words.addAll(classes(file));
          }
        }
      }
      words.sort(null);
      CRC32C sum = new CRC32C();
      sum.update(String.join("\n", words).getBytes(StandardCharsets.UTF_8));
      return String.format(Locale.ROOT, "%08x", sum.getValue());
    } catch (IOException | URISyntaxException | IllegalArgumentException e) {
      return "unknown";
    }
  }

  private static List<String> classes(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return zip.stream()
          .filter(entry -> entry.getName().endsWith(".class"))
          .map(Build::word)
          .toList();
    }
  }

  private static String word(ZipEntry entry) {
    return entry.getName() + " " + Long.toHexString(entry.getCrc());
  }

  @Override
  public String toString() {
    return "strait " + strait + " on JDK " + jdk;
  }
}
