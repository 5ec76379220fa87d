package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Ranks of a data centre that talk through MPJ Express. Its jars are those of the system, or
/// Debian's packages unpacked under the module's target folder; without them the test skips and
/// says why, and fails where CI=true.
@Timeout(180)
class MpjIT {
  private static final List<String> JARS = List.of("mpj.jar", "log4j-1.2.jar");

  @TempDir Path folder;

  @Test
  void twoDataCentresOfTwoRanks() throws Exception {
    String home = home();
    Path rows = Strait.rows(folder.resolve("rows.libsvm"), 120, 6, 1);
    String[] tcp = {
      "train",
      "--data",
      "" + rows,
      "--dcs",
      "2",
      "--ranks",
      "2",
      "--rounds",
      "6",
      "--tolerance",
      "0",
      "--backend",
      "scalar",
      "--json",
      "--out",
      "tcp"
    };
    String[] mpj = tcp.clone();
    mpj[mpj.length - 1] = "mpj";
    mpj = concat(mpj, "--transport", "mpj");
    Strait.Result over =
        Strait.await(
            Strait.start(folder, "mpj-run", Map.of("MPJ_HOME", home), mpj), folder, "mpj-run");
    assertEquals(0, over.status(), over.err());
    JsonObject record = over.json();
    TrainIT.checkRecord(record);
    assertTrue(record.get("transport").getAsString().startsWith("mpj"), over.out());
    Strait.Result plain = Strait.run(tcp(tcp));
    assertEquals(0, plain.status(), plain.err());
    // Sums are added in the same order whatever carries them, and between data centres it is TCP.
    assertEquals(plain.json().get("modelHash"), record.get("modelHash"));
    assertEquals(plain.json().getAsJsonObject("wan"), record.getAsJsonObject("wan"));
  }

  private String[] tcp(String[] args) {
    String[] there = args.clone();
    there[there.length - 1] = folder.resolve("tcp").toString();
    return there;
  }

  private static String[] concat(String[] args, String... more) {
    String[] all = new String[args.length + more.length];
    System.arraycopy(args, 0, all, 0, args.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return all;
  }

  @Test
  void missingJarsAreOneLine() throws Exception {
    Assumptions.assumeFalse(
        Files.exists(Path.of("/usr/share/java/mpj.jar")), "MPJ Express is installed here");
    String home = folder.resolve("nowhere").toString();
    Strait.Result result =
        Strait.await(
            Strait.start(
                folder,
                "missing",
                Map.of("MPJ_HOME", home),
                "train",
                "--rows",
                "10",
                "--transport",
                "mpj"),
            folder,
            "missing");
    assertEquals(2, result.status());
    assertEquals(
        "strait: --transport mpj: there are no mpj.jar and log4j-1.2.jar in "
            + home
            + "/lib or /usr/share/java; install MPJ Express (Debian: apt-get install libmpj-java"
            + " liblog4j1.2-java), or set MPJ_HOME to its folder\n",
        result.err());
  }

  /// A folder that can stand as MPJ_HOME.
  private static String home() throws IOException, InterruptedException {
    String set = System.getenv("MPJ_HOME");
    if (set != null && JARS.stream().allMatch(jar -> Files.exists(Path.of(set, "lib", jar)))) {
      return set;
    }
    Path home = Path.of("target", "mpj").toAbsolutePath();
    Path lib = Files.createDirectories(home.resolve("lib"));
    List<Path> places =
        List.of(
            Path.of("/usr/share/java"),
            Path.of("../engine/target/mpj/usr/share/java"),
            home.resolve("usr/share/java"));
    for (Path place : places) {
      if (take(place, lib)) {
        return home.toString();
      }
    }
    String log = fetch(home);
    if (!take(places.getLast(), lib)) {
      String why = "no MPJ Express in MPJ_HOME or /usr/share/java, and apt-get download said: ";
      if ("true".equals(System.getenv("CI"))) {
        Assertions.fail(why + log);
      }
      Assumptions.abort(why + log);
    }
    return home.toString();
  }

  private static boolean take(Path from, Path lib) throws IOException {
    if (!JARS.stream().allMatch(jar -> Files.exists(from.resolve(jar)))) {
      return false;
    }
    for (String jar : JARS) {
      Files.copy(from.resolve(jar), lib.resolve(jar), StandardCopyOption.REPLACE_EXISTING);
    }
    return true;
  }

  private static String fetch(Path into) throws IOException, InterruptedException {
    Path log = into.resolve("fetch.log");
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "apt-get download libmpj-java liblog4j1.2-java"
                    + " && for p in *.deb; do dpkg -x \"$p\" . || exit 1; done")
            .directory(into.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      return "nothing within a minute";
    }
    return Files.readString(log).strip();
  }
}
