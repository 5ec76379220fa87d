package org.strait.engine.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.strait.engine.ledger.LedgerAudit.Flow;
import org.strait.engine.ledger.LedgerAudit.Sum;

@Timeout(30)
class LedgerTest {
  @TempDir Path folder;

  private Path write(int messages) throws Exception {
    Path file = folder.resolve("new/dc1.jsonl");
    FileLedger ledger = new FileLedger(file, "dc \"1\"", List.of("dc \"1\"", "dc2", "dc3"));
    ledger.phase("main");
    for (int i = 0; i < messages; i++) {
      ledger.sent(1 + i % 2, i % 3 == 0 ? MessageKind.VECTOR : MessageKind.BEAT, i, 100 + i);
    }
    ledger.close();
    assertEquals(ledger.lastChain(), LedgerAudit.of(file).lastChain());
    return file;
  }

  @Test
  void aWholeLedgerAddsUp() throws Exception {
    int messages = 30_000; // more than the ring holds
    LedgerAudit audit = LedgerAudit.of(write(messages));
    assertEquals("", audit.problem());
    assertTrue(audit.ended());
    assertEquals("dc \"1\"", audit.dc());
    assertEquals(messages + 3, audit.lines());
    long bytes = audit.sums().values().stream().mapToLong(Sum::bytes).sum();
    assertEquals(100L * messages + messages * (messages - 1L) / 2, bytes);
    assertEquals(5000, audit.sums().get(new Flow("main", "dc2", "vector")).messages());
  }

  @Test
  void theChainIsTheseHashes() throws Exception {
    List<String> lines = Files.readAllLines(write(1));
    byte[] chain = new byte[32];
    for (String line : lines) {
      int at = line.lastIndexOf(",\"chain\":\"");
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(chain);
      chain = sha256.digest(line.substring(0, at).getBytes(StandardCharsets.UTF_8));
      assertEquals(",\"chain\":\"" + HexFormat.of().formatHex(chain) + "\"}", line.substring(at));
    }
    assertEquals("{\"ledger\":1,\"dc\":\"dc \\\"1\\\"\"", lines.get(0).split(",\"chain", -1)[0]);
    assertEquals("{\"phase\":\"main\"", lines.get(1).split(",\"chain", -1)[0]);
    assertEquals(
        "{\"end\":true,\"messages\":1,\"bytes\":100", lines.get(3).split(",\"chain", -1)[0]);
  }

  @Test
  void everyChangedByteIsFound() throws Exception {
    Path file = write(5);
    byte[] right = Files.readAllBytes(file);
    Path changed = folder.resolve("changed");
    for (int i = 0; i < right.length; i++) {
      byte[] wrong = right.clone();
      wrong[i] = (byte) (wrong[i] == 'x' ? 'y' : 'x');
      Files.write(changed, wrong);
      LedgerAudit audit = LedgerAudit.of(changed);
      long line =
          1 + Arrays.stream(lineEnds(right)).filter(end -> end < wrongAt(right, wrong)).count();
      assertTrue(audit.problem().startsWith("line " + line + " "), i + ": " + audit.problem());
    }
    for (int length = 0; length < right.length; length++) {
      Files.write(changed, Arrays.copyOf(right, length));
      LedgerAudit audit = LedgerAudit.of(changed);
      assertFalse(audit.ended() && audit.problem().isEmpty(), "cut at " + length);
    }
  }

  private static int wrongAt(byte[] right, byte[] wrong) {
    return Arrays.mismatch(right, wrong);
  }

  private static int[] lineEnds(byte[] text) {
    return java.util.stream.IntStream.range(0, text.length).filter(i -> text[i] == '\n').toArray();
  }

  /// What speaks to other data centres cannot reach rows, nor what encodes them: whatever it sends
  /// was made of vectors and scalars.
  @Test
  void nothingThatSendsCanReachRows() {
    JavaClasses engine =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.strait.engine");
    ArchRuleDefinition.noClasses()
        .that()
        .resideInAnyPackage(
            "org.strait.engine.exchange..",
            "org.strait.engine.compress..",
            "org.strait.engine.ledger..",
            "org.strait.engine.checkpoint..",
            "org.strait.engine.collective..",
            "org.strait.engine.transport..")
        .should()
        .transitivelyDependOnClassesThat()
        .resideInAPackage("org.strait.engine.data..")
        .check(engine);
    // The one encoder of rows is used by one class, which names the one kind of message with rows.
    ArchRuleDefinition.noClasses()
        .that()
        .haveNameNotMatching(".*RowArchive.*|.*\\.RowShipment(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .haveSimpleName("RowArchive")
        .check(engine);
    ArchRuleDefinition.noClasses()
        .that()
        .haveNameNotMatching(".*\\.MessageKind|.*\\.RowShipment(\\$.*)?")
        .should()
        .accessField(MessageKind.class, "ROWS")
        .check(engine);
    // Text of rows is written by nobody who sends.
    ArchRuleDefinition.noClasses()
        .that()
        .haveNameNotMatching(".*(RowArchive|LibSvmWriter).*")
        .should()
        .dependOnClassesThat()
        .haveSimpleName("LibSvmWriter")
        .check(engine);
  }

  @Test
  void kindsAreTheseNumbers() {
    assertEquals(
        List.of(
            "connect",
            "hello",
            "vector",
            "scalars",
            "view",
            "forward",
            "beat",
            "snapshot",
            "agreement",
            "tls",
            "partial",
            "mean",
            "features",
            "weights",
            "probe",
            "share",
            "step",
            "rows"),
        Arrays.stream(MessageKind.values()).map(MessageKind::word).toList());
    for (MessageKind kind : MessageKind.values()) {
      assertEquals(kind, MessageKind.of(kind.code()));
    }
    assertEquals(null, MessageKind.of(18));
    assertEquals(null, MessageKind.of(-1));
  }
}
