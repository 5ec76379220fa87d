package org.strait.launcher.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.kernels.calibration.Calibration;
import org.strait.kernels.calibration.Work;
import org.strait.kernels.calibration.Workload;

/// The figures' file, whatever is in it, and measuring with processes that print prepared figures.
@Timeout(60)
class CalibratorTest {
  private static final List<String> MACHINE = List.of("cpu fast", "jdk 25", "strait 1", "options");
  private static final Work LARGE = Work.none().with(Workload.LOSS, 1e12);
  private static final Work SMALL = Work.none().with(Workload.LOSS, 1e6);

  @TempDir Path folder;
  private final List<String> notes = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();

  private Path path() {
    return folder.resolve("cache").resolve("strait").resolve("calibration.txt");
  }

  private CalibrationFile file() {
    return new CalibrationFile(path(), MACHINE, notes::add);
  }

  /// Measuring processes are shell programs; what a backend is not given ends with status 2.
  private Calibrator calibrator(Map<String, String> figures) {
    return new Calibrator(
        file(),
        backend -> {
          asked.add(backend);
          String text = figures.get(backend);
          return List.of("/bin/sh", "-c", text == null ? "exit 2" : "printf '" + text + "'");
        },
        notes::add);
  }

  private static String figures(String name) {
    return name + " start 0.5\\n" + name + " loss 1 2\\n";
  }

  @Test
  void whatWasWrittenIsRead() throws IOException {
    assertEquals(Optional.empty(), file().read());
    Calibration typical = Calibration.typical();
    file().write(typical);
    Calibration read = file().read().orElseThrow();
    assertEquals(typical.text(), read.text());
    assertEquals("figures of this machine", read.origin());
    assertEquals(List.of(), notes);
    try (Stream<Path> files = Files.list(path().getParent())) {
      assertEquals(List.of(path()), files.toList(), "nothing else is left");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void figuresOfAnotherMachineAreNotRead(int line) {
    List<String> other = new ArrayList<>(MACHINE);
    other.set(line, other.get(line) + " other");
    new CalibrationFile(path(), other, notes::add).write(Calibration.typical());
    assertEquals(Optional.empty(), file().read());
    assertEquals(List.of(), notes);
  }

  @Test
  void everyDamageIsNoticedAndToldInOneLine() throws IOException {
    file().write(Calibration.typical());
    byte[] whole = Files.readAllBytes(path());
    int body = String.join("\n", MACHINE).length() + "strait calibration 1\n\n".length();
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      Files.write(path(), damaged);
      notes.clear();
      assertEquals(Optional.empty(), file().read(), "byte " + at);
      boolean machine = at >= "strait calibration 1\n".length() && at < body;
      if (!machine) {
        assertEquals(1, notes.size(), "byte " + at + ": " + notes);
        assertTrue(notes.getFirst().startsWith("ignoring " + path() + " ("), notes.getFirst());
        assertFalse(notes.getFirst().contains("\n"), notes.getFirst());
      }
    }
    for (int length = 0; length < whole.length; length++) {
      Files.write(path(), java.util.Arrays.copyOf(whole, length));
      assertEquals(Optional.empty(), file().read(), length + " bytes");
    }
  }

  @Test
  void aFileThatIsNoTextIsIgnored() throws IOException {
    Files.createDirectories(path().getParent());
    Files.write(path(), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertEquals(Optional.empty(), file().read());
    assertEquals(1, notes.size());
  }

  @Test
  void aFolderThatCannotBeWrittenIsNoError() throws IOException {
    // A file where the folder should be: not even root can write below it.
    Files.writeString(folder.resolve("cache"), "in the way");
    file().write(Calibration.typical());
    assertEquals(1, notes.size());
    assertTrue(notes.getFirst().startsWith("cannot keep figures in " + path()), notes.getFirst());
  }

  @Test
  void theFolderIsTheUsersCache() {
    assertEquals(
        Path.of("/x/strait/calibration.txt"), CalibrationFile.in(Map.of("XDG_CACHE_HOME", "/x")));
    Path home = Path.of(System.getProperty("user.home"), ".cache", "strait", "calibration.txt");
    assertEquals(home, CalibrationFile.in(Map.of()));
    // The XDG specification: a relative path counts as none.
    assertEquals(home, CalibrationFile.in(Map.of("XDG_CACHE_HOME", "x")));
  }

  @Test
  void aSmallJobIsNotMeasuredFor() {
    assertEquals(Optional.empty(), calibrator(Map.of()).forJob(SMALL));
    assertEquals(List.of(), asked);
    assertEquals(List.of(), notes);
  }

  @Test
  void aLargeJobIsMeasuredForOnce() {
    Map<String, String> here =
        Map.of(
            "scalar",
            figures("scalar"),
            "simd",
            figures("simd-256"),
            "simd-128",
            figures("simd-128"));
    Calibration measured = calibrator(here).forJob(LARGE).orElseThrow();
    assertEquals(List.of("scalar", "simd-256", "simd-128"), List.copyOf(measured.backends()));
    assertEquals(List.of("scalar", "simd", "openblas", "simd-128"), asked);
    assertEquals(1, notes.size());
    asked.clear();
    for (Work work : List.of(LARGE, SMALL)) {
      assertEquals(measured.text(), calibrator(here).forJob(work).orElseThrow().text());
    }
    assertEquals(List.of(), asked);
  }

  @Test
  void aMachineThatCannotBeMeasuredIsNoError() {
    assertEquals(Optional.empty(), calibrator(Map.of()).forJob(LARGE));
    assertEquals(2, notes.size());
    assertTrue(notes.get(1).startsWith("this machine's kernels could not be measured"));
    assertFalse(Files.exists(path()));
    notes.clear();
    assertEquals(Optional.empty(), calibrator(Map.of("scalar", "Hello\\n")).forJob(LARGE));
    assertEquals(2, notes.size());
  }

  @Test
  void theMachinesLinesSayWhatFiguresDependOn() {
    List<String> lines = Machine.lines("1.0", "-XX:UseAVX=2");
    assertEquals(4, lines.size());
    assertTrue(lines.get(0).matches("cpu \\S.*"), lines.get(0));
    assertTrue(lines.get(1).contains(Runtime.version().toString()), lines.get(1));
    assertEquals("strait 1.0", lines.get(2));
    assertEquals("options -XX:UseAVX=2", lines.get(3));
    // A version that stands for many builds has the build's time beside it.
    assertTrue(Machine.lines("1.0-SNAPSHOT", null).get(2).matches("strait 1.0-SNAPSHOT \\d{4}-.*"));
  }
}
