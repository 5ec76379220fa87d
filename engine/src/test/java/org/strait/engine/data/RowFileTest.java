package org.strait.engine.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowFileTest {
  /// A clock by which everything written now has settled.
  private static final InstantSource LATER =
      InstantSource.offset(InstantSource.system(), Duration.ofSeconds(10));

  private static final String TEXT = "1 1:0.5 7:2\n-1 2:3\n".repeat(5_000);
  private final List<String> told = new ArrayList<>();
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(folder.resolve("rows.libsvm"), TEXT);
  }

  private RowFile open(Path path, InstantSource clock) {
    RowSettings settings = new RowSettings("auto", "", 2, true);
    return RowFile.open(path, settings, clock, 1000, told::add);
  }

  /// Opens and checks the rows against a scan without any cache; whether they were mapped.
  private boolean mapped(Path path) {
    try (RowFile rows = open(path, LATER);
        RowFile scanned = RowFile.open(path, RowSettings.defaults(), told::add)) {
      assertEquals(scanned.data().hash(), rows.data().hash());
      assertEquals(scanned.data().features(), rows.data().features());
      assertFalse(scanned.mapped());
      return rows.mapped();
    }
  }

  private List<Path> caches() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(path -> path.toString().endsWith(RowCache.SUFFIX)).sorted().toList();
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theSecondRunMapsWhatTheFirstScanned() throws IOException {
    assertFalse(mapped(file));
    assertEquals(1, caches().size());
    assertTrue(
        caches()
            .getFirst()
            .getFileName()
            .toString()
            .matches("rows\\.libsvm\\.[0-9a-f]{16}\\.strait-rows"));
    assertTrue(mapped(file));
    assertTrue(mapped(file));
    assertEquals(2, names().size());
    assertEquals(List.of(), told);
  }

  @Test
  void labelsOfMappedRowsMayBeChangedAndTheFileStays() {
    assertFalse(mapped(file));
    try (RowFile rows = open(file, LATER)) {
      assertTrue(rows.mapped());
      rows.data().labels().set(0, 99);
      assertThrows(IllegalArgumentException.class, () -> rows.data().matrix().value().set(0, 99));
    }
    assertTrue(mapped(file));
  }

  @Test
  void anEditedFileIsScannedAnewAndTheOldCacheGoes() throws IOException {
    assertFalse(mapped(file));
    Path old = caches().getFirst();
    Files.writeString(file, "1 3:3\n", StandardOpenOption.APPEND);
    assertFalse(mapped(file));
    assertTrue(mapped(file));
    assertEquals(1, caches().size());
    assertFalse(Files.exists(old));
  }

  @Test
  void anEditOfTheSameSizeAndTimeIsSeen() throws IOException {
    assertFalse(mapped(file));
    FileTime time = Files.getLastModifiedTime(file);
    Files.writeString(file, TEXT.replaceFirst("0\\.5", "0.6"));
    Files.setLastModifiedTime(file, time);
    assertFalse(mapped(file));
    assertTrue(mapped(file));
  }

  @Test
  void aFileThatChangedJustNowIsNotCached() throws IOException {
    open(file, InstantSource.system()).close();
    InstantSource early =
        InstantSource.fixed(
            Files.getLastModifiedTime(file).toInstant().plus(Duration.ofMillis(1999)));
    open(file, early).close();
    assertEquals(List.of(), caches());
  }

  @Test
  void touchedAndCopiedFilesKeepTheirCacheByContent() throws IOException {
    assertFalse(mapped(file));
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
    assertTrue(mapped(file));
    Path other = Files.createDirectory(folder.resolve("copy"));
    for (Path path : List.of(file, caches().getFirst())) {
      Files.copy(path, other.resolve(path.getFileName()));
    }
    assertTrue(mapped(other.resolve("rows.libsvm")));
    // A file of another content under the name of the copied one, the same size.
    Path swapped = Files.writeString(folder.resolve("x"), TEXT.replaceFirst("0\\.5", "0.6"));
    Files.move(swapped, other.resolve("rows.libsvm"), StandardCopyOption.REPLACE_EXISTING);
    assertFalse(mapped(other.resolve("rows.libsvm")));
  }

  @Test
  void damagedCachesAreIgnoredWithOneLineAndWrittenAnew() throws IOException {
    assertFalse(mapped(file));
    Path cache = caches().getFirst();
    long size = Files.size(cache);
    byte[] good = Files.readAllBytes(cache);
    for (long at : new long[] {0, 8, 40, 100, 130, 4100, size / 2, size - 70}) {
      byte[] bad = good.clone();
      bad[(int) at] ^= 1;
      Files.write(cache, bad);
      assertDamaged(cache);
    }
    for (long length : new long[] {0, 100, 4096, size / 2, size - 1}) {
      try (FileChannel channel = FileChannel.open(cache, StandardOpenOption.WRITE)) {
        channel.truncate(length);
      }
      assertDamaged(cache);
    }
    try (FileChannel channel =
        FileChannel.open(cache, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      channel.write(ByteBuffer.allocate(1));
    }
    assertDamaged(cache);
  }

  private void assertDamaged(Path cache) {
    told.clear();
    assertFalse(mapped(file));
    assertEquals(1, told.size(), told::toString);
    assertTrue(told.getFirst().startsWith(cache + ": damaged"), told.getFirst());
    assertTrue(mapped(file));
    assertEquals(1, told.size(), told::toString);
  }

  @Test
  void manyReadersAndWritersAtOnceAllGetTheRows() throws Exception {
    int ranks = 8;
    CountDownLatch start = new CountDownLatch(1);
    List<Future<String>> hashes = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(ranks)) {
      for (int i = 0; i < ranks; i++) {
        hashes.add(
            threads.submit(
                () -> {
                  start.await();
                  String last = "";
                  for (int turn = 0; turn < 5; turn++) {
                    RowSettings settings = new RowSettings("auto", "", 1, true);
                    try (RowFile rows = RowFile.open(file, settings, LATER, 1000, line -> {})) {
                      last = rows.data().hash();
                    }
                    for (Path cache : caches()) {
                      Files.deleteIfExists(cache);
                    }
                  }
                  return last;
                }));
      }
      start.countDown();
      String hash;
      try (RowFile rows = RowFile.open(file, RowSettings.defaults(), told::add)) {
        hash = rows.data().hash();
      }
      for (Future<String> each : hashes) {
        assertEquals(hash, each.get());
      }
    }
    assertTrue(names().stream().noneMatch(name -> name.endsWith("aside")), names().toString());
  }

  @Test
  void theCacheIsAsPrivateAsTheData() throws IOException {
    assumeTrue(
        folder.getFileSystem().supportedFileAttributeViews().contains("posix"),
        "skipped: no permissions on this file system");
    for (String permissions : List.of("rw-------", "rw-r-----", "r--r--r--")) {
      Files.deleteIfExists(file);
      Files.writeString(file, TEXT + "1 1:" + permissions.hashCode() + "\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
      assertFalse(mapped(file));
      String got =
          PosixFilePermissions.toString(Files.getPosixFilePermissions(caches().getFirst()));
      assertEquals("rw" + permissions.substring(2), got);
    }
  }

  @Test
  void aFolderThatNobodyMayWriteToStaysAsItIs() throws IOException {
    assumeTrue(
        folder.getFileSystem().supportedFileAttributeViews().contains("posix"),
        "skipped: no permissions on this file system");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      assertFalse(mapped(file));
      assertEquals(List.of("rows.libsvm"), names());
      assertEquals(
          List.of(file + ": rows are not cached, " + folder + " may not be written to"), told);
    } finally {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @Test
  void fewRowsAndRunsWithoutCacheLeaveNothingBehind() throws IOException {
    RowSettings off = new RowSettings("auto", "", 1, false);
    RowFile.open(file, off, LATER, 1000, told::add).close();
    RowFile.open(file, new RowSettings("auto", "", 1, true), told::add).close();
    assertEquals(List.of("rows.libsvm"), names());
  }

  @Test
  void tablesWithAnotherLabelHaveAnotherCache() throws IOException {
    Path table = Files.writeString(folder.resolve("t.csv"), "a,b\n" + "1,0\n0,1\n".repeat(5_000));
    for (int turn = 0; turn < 2; turn++) {
      for (String label : List.of("a", "b")) {
        try (RowFile rows =
            RowFile.open(table, new RowSettings("auto", label, 1, true), LATER, 1000, told::add)) {
          assertEquals(turn == 1, rows.mapped());
          assertEquals(label.equals("a") ? 1f : 0f, rows.data().labels().get(0));
        }
      }
    }
    assertEquals(2, caches().size());
  }

  @Test
  void formatsAreChosenByNameOrByWord() {
    for (String name : List.of("a.csv", "A.CSV", "a.tsv", "a.csv.gz")) {
      assertEquals("csv", RowSettings.defaults().formatOf(Path.of(name)));
    }
    for (String name : List.of("a.libsvm", "a", "csv", "a.gz", "a.csv.bz2")) {
      assertEquals("libsvm", RowSettings.defaults().formatOf(Path.of(name)));
    }
    assertEquals("libsvm", new RowSettings("libsvm", "", 1, false).formatOf(Path.of("a.csv")));
    assertThrows(IllegalArgumentException.class, () -> new RowSettings("tsv", "", 1, false));
  }
}
